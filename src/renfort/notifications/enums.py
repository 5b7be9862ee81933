"""Where an e-mail stands, with the words of the screen."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutgoingState(TextChoices):
    """Derived from the columns of ``Outgoing``, never stored."""

    WAITING = "waiting", _("À envoyer")
    SENT = "sent", _("Envoyé")
    KEPT = "kept", _("Gardé sur le site")
    FAILED = "failed", _("Échec")
