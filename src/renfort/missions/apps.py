from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "renfort.missions"

    def ready(self) -> None:
        # says to the storey below what a team is in charge of, by being imported
        from renfort.missions.services import team  # noqa: F401
