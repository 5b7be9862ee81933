from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "renfort.missions"

    def ready(self) -> None:
        from renfort.missions.services import team  # noqa: F401 -- tells the storey below what a team is in charge of
