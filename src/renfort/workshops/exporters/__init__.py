"""The files that are taken out of the programme, a module per subject."""

from renfort.workshops.exporters import money, orders, registrations, results

__all__ = ["money", "orders", "registrations", "results"]
