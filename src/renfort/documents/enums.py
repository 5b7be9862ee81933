"""What may become of a paper."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperState(TextChoices):
    """A paper is never changed: a newer one replaces it, or it is void."""

    VALID = "valid", _("Valable")
    REPLACED = "replaced", _("Remplacé")
    REVOKED = "revoked", _("Annulé")


class Reason(TextChoices):
    """Why a paper is void."""

    WITHDRAWN = "withdrawn", _("La personne ne participe plus à la mission")
    TAKEN_BACK = "taken_back", _("La structure est revenue sur sa décision")
    CANCELLED = "cancelled", _("La mission est annulée")
    UNMARKED = "unmarked", _("La présence n'est plus constatée")
    MISTAKE = "mistake", _("Le document a été établi par erreur")
