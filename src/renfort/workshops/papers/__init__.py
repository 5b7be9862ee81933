"""What the programme gives in writing, a module per subject. Importing them declares them."""

from renfort.workshops.papers import certificates, closing, convention, statement

__all__ = [
    "certificates",
    "closing",
    "convention",
    "statement",
]
