"""What must always hold in this programme, as questions to the database, a module per subject."""

from renfort.civic_service.integrity import posts

__all__ = ["posts"]
