from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "renfort.kernel"

    def ready(self) -> None:
        # what each storey declares registers itself by being imported
        autodiscover_modules("messages", "papers", "workflow", "integrity", "tasks", "exporters", "importers")
