"""The files that are brought into the programme, a module per subject."""

from renfort.workshops.importers import registrations

__all__ = ["registrations"]
