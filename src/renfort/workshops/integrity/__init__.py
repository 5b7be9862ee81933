"""What must always hold in this programme, as questions to the database, a module per subject."""

from renfort.workshops.integrity import basics, fees, money, questionnaires, registration

__all__ = [
    "basics",
    "fees",
    "money",
    "questionnaires",
    "registration",
]
