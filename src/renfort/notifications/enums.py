"""Where an e-mail stands, with the words of the screen."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _


class OutgoingState(TextChoices):
    """Derived from the columns of ``Outgoing``, never stored."""

    WAITING = "waiting", _("À envoyer")
    SENT = "sent", _("Envoyé")
    KEPT = "kept", _("Gardé sur le site")
    FAILED = "failed", _("Échec")


class Failure:
    """Why an e-mail did not leave. Kept in French, with the mail server's own words after a colon; read by ``failure_words``."""

    NO_ADDRESS: Final = gettext_noop("Cette personne n'a pas d'adresse e-mail : rien n'est envoyé.")
    BAD_ADDRESS: Final = gettext_noop("Cette adresse n'est pas une adresse e-mail : rien n'est envoyé.")
    ADDRESS_REFUSED: Final = gettext_noop("Le serveur de messagerie refuse cette adresse :")
    LOGIN_REFUSED: Final = gettext_noop("Le serveur de messagerie refuse l'identification (vérifiez RENFORT_SMTP_URL) :")
    REFUSED: Final = gettext_noop("Le serveur de messagerie refuse :")
    TOO_SLOW: Final = gettext_noop("Le serveur de messagerie ne répond pas à temps.")
    AWAY: Final = gettext_noop("Le serveur de messagerie est injoignable :")
    BROKEN: Final = gettext_noop("Cet e-mail ne peut pas être envoyé :")


FAILURES = tuple(value for name, value in vars(Failure).items() if name.isupper())


def failure_words(error: str) -> str:
    """A kept failure in the reader's language; the mail server's own words stay as they are."""
    for sentence in FAILURES:
        if error.startswith(sentence):
            return gettext(sentence) + error.removeprefix(sentence)
    return error
