from django.apps import AppConfig


class CivicServiceConfig(AppConfig):
    name = "renfort.civic_service"

    def ready(self) -> None:
        from renfort.civic_service import catalogue  # noqa: F401 -- the operator's page of settings knows of them
        from renfort.civic_service.services import merging  # noqa: F401 -- tells the storey below what becomes of establishments
