"""The files that people take of this programme's lists (P6). Each module declares its kinds."""

from renfort.workshops.exporters import orders, registrations

__all__ = ["orders", "registrations"]
