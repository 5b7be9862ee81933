"""What the programme gives in writing, a module per subject. Importing them declares them."""

from renfort.workshops.papers import closing, convention

__all__ = ["closing", "convention"]
