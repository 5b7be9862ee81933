from django.apps import AppConfig


class CivicServiceConfig(AppConfig):
    name = "renfort.civic_service"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from renfort.civic_service import catalogue  # noqa: F401 -- the operator's page of settings knows of them
        from renfort.civic_service.reactions import signed_in
        from renfort.civic_service.services import merging  # noqa: F401 -- tells the storey below what becomes of establishments

        user_logged_in.connect(signed_in, dispatch_uid="civic_service.signed_in")
