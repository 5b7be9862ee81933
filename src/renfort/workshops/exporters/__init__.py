"""The files that are taken out of the programme, a module per subject."""

from renfort.workshops.exporters import money, registrations

__all__ = ["money", "registrations"]
