from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "renfort.documents"

    def ready(self) -> None:
        from renfort.documents import services  # noqa: F401 -- tells the storey below what becomes of papers in a merge
