"""The files that are taken out of the programme, a module per subject."""

from renfort.workshops.exporters import registrations, results

__all__ = ["registrations", "results"]
