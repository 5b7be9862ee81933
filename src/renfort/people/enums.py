"""What somebody signs up as."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Joins(TextChoices):
    """The way in that was taken (R1): « Je veux aider » or « Inscrire ma structure »."""

    VOLUNTEER = "volunteer", _("Bénévole")
    MANAGER = "manager", _("Responsable")
