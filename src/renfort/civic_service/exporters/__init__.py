"""The files that are taken out of the programme, a module per subject."""

from renfort.civic_service.exporters import projects

__all__ = ["projects"]
