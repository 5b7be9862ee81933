"""What the programme gives in writing, a module per subject. Importing them declares them."""

from renfort.workshops.papers import certificates, closing, convention

__all__ = ["certificates", "closing", "convention"]
