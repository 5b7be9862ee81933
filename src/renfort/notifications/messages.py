"""The e-mail of the day: what happened since the last one, for those who prefer one to many (R36)."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.notifications.models import Notice

MOST = 30  # lines of one e-mail; the others are counted


def digest(event: Event[Sequence[Notice]], reader: Recipient) -> Mail:
    """One line for each notice, the oldest first, and one link to them all."""
    notices = event.obj
    shown, more = notices[:MOST], len(notices) - MOST
    lines = tuple(f"– {notice.subject}" for notice in shown)
    rest = (ngettext("… et %(count)d autre.", "… et %(count)d autres.", more) % {"count": more},) if more > 0 else ()
    return Mail(
        subject=ngettext("Votre résumé du jour : %(count)d nouvelle", "Votre résumé du jour : %(count)d nouvelles", len(notices))
        % {"count": len(notices)},
        sentences=(_("Voici ce qui vous attend depuis votre dernier résumé :"), *lines, *rest),
        action=(_("Voir mes notifications"), reverse("notifications:list")),
        closing=_("Vous recevez ce résumé une fois par jour ; vous pouvez changer de rythme depuis vos notifications."),
    )


def _sample() -> Event[Sequence[Notice]]:
    subjects = (_("Awa Diallo propose son aide : Distribution de repas"), _("Sami Martin se désiste : Collecte alimentaire"))
    return Event(name="sample", obj=[Notice(subject=subject) for subject in subjects], actor=SERVICE, at=timezone.now())


DIGEST: Message[Sequence[Notice]] = Message(
    "notifications.digest", gettext_lazy("Résumé du jour"), lambda event: (), digest, notice=False, sample=_sample
)
