"""What must always hold in this programme, as questions to the database, a module per subject."""

from renfort.workshops.integrity import basics, questionnaires, registration

__all__ = ["basics", "questionnaires", "registration"]
