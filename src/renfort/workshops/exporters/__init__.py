"""What leaves the programme as a file."""

from renfort.workshops.exporters import money

__all__ = ["money"]
