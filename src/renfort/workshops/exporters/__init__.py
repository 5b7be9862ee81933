"""The files that are taken out of the programme, a module per subject."""

from renfort.workshops.exporters import orders, registrations, results

__all__ = ["orders", "registrations", "results"]
