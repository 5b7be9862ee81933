"""What case managers are told every working morning (S10)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def the_reader(event: Event[Person]) -> Iterable[Recipient]:
    return [recipient_of(event.obj)]


def morning(event: Event[Person], reader: Recipient) -> Mail:
    count = {name: int(event.codes.get(name) or 0) for name in ("waiting", "late", "alerts", "federation")}
    lines = (
        (_("Projets à étudier"), count["waiting"]),
        (_("En retard sur le délai visé"), count["late"]),
        (_("En attente depuis trop longtemps dans un territoire"), count["alerts"]),
    )
    total = count["waiting"] or count["alerts"]
    sentences = [_("Voici les projets d'accueil qui attendent une décision ce matin. Les plus anciens sont en tête de la file.")]
    if count["alerts"]:
        sentences.append(_("Certains attendent depuis trop longtemps dans leur territoire : voyez avec ses gestionnaires."))
    federation = count["federation"]
    queue = reverse("civic_service:manager-queue", args=[federation]) if federation else reverse("civic_service:national-queue")
    return Mail(
        subject=ngettext("%(n)d projet d'accueil à étudier", "%(n)d projets d'accueil à étudier", total) % {"n": total},
        sentences=tuple(sentences),
        facts=tuple((label, str(n)) for label, n in lines if n),
        action=(_("Ouvrir la file"), queue),
    )


def _sample() -> Event[Person]:
    someone = Person(pk=0, first_name="Camille", last_name="Martin", email="camille.martin@exemple.fr")
    codes = {"waiting": 4, "late": 1, "alerts": 0, "federation": 0}
    return Event(name="sample", obj=someone, actor=SERVICE, at=timezone.now(), codes=codes)


REVIEW_MORNING = Message(
    "civic_service.review.morning", gettext_lazy("Projets d'accueil à étudier (chaque matin)"), the_reader, morning,
    Programme.CIVIC_SERVICE, notice=False, optional=True, sample=_sample,
)  # fmt: skip
