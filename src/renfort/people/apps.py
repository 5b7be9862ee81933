from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "renfort.people"

    def ready(self) -> None:
        """Hear of every sign-in, whichever flow it came through."""
        from django.contrib.auth.signals import user_logged_in

        from renfort.people.middleware import signed_in

        user_logged_in.connect(signed_in, dispatch_uid="people.signed_in")
