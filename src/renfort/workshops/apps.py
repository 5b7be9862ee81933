from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "renfort.workshops"

    def ready(self) -> None:
        from renfort.workshops import catalogue  # noqa: F401 -- the operator's page of settings knows of them
        from renfort.workshops.services import merging  # noqa: F401 -- tells the storey below what becomes of clients
