"""What those who decide are told every working morning, and when a case that they have in hand goes elsewhere (R52)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.messages.facts import R, facts
from renfort.missions.messages.samples import about_mission, event_of
from renfort.missions.models import Mission
from renfort.organisations.messages.cases import the_holder
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def the_reader(event: Event[Person]) -> Iterable[Recipient]:
    return [recipient_of(event.obj)]


def morning_queue(event: Event[Person], reader: Recipient) -> Mail:
    count = {name: int(event.codes.get(name) or 0) for name in ("missions", "organisations", "late", "alerts", "orphans")}
    total = count["missions"] + count["organisations"]
    lines = (
        (_("Missions à valider"), count["missions"]),
        (_("Structures à valider"), count["organisations"]),
        (_("En retard sur le délai visé"), count["late"]),
        (_("Sans décision depuis trop longtemps"), count["alerts"]),
        (_("Sans référent dans le département"), count["orphans"]),
    )
    total = total or count["alerts"] + count["orphans"]
    sentences = [_("Voici ce qui attend une décision ce matin. Les dossiers les plus anciens sont en tête de la file.")]
    if count["alerts"]:
        sentences.append(_("Certains dossiers attendent depuis trop longtemps : décidez à la place de qui est absent."))
    if count["orphans"]:
        sentences.append(_("Des départements n'ont pas de référent : leurs dossiers sont dans votre file."))
    return Mail(
        subject=ngettext("%(n)d dossier attend votre décision", "%(n)d dossiers attendent votre décision", total) % {"n": total},
        sentences=tuple(sentences),
        facts=tuple((label, str(n)) for label, n in lines if n),
        action=(
            _("Ouvrir la file"),
            reverse("missions:queue" if count["missions"] or not count["organisations"] else "organisations:queue"),
        ),
    )


def mission_moved(event: Event[Mission], reader: Recipient) -> Mail:
    names = {"mission": event.obj.title, "organisation": event.obj.organisation.name}
    return Mail(
        subject=_("Un dossier que vous aviez pris est parti ailleurs : %(mission)s") % names,
        sentences=(
            _("%(organisation)s vient de changer le département ou le domaine de cette mission.") % names,
            _("Son dossier n'est plus dans vos mains : il attend, à son rang, qui valide là où elle est maintenant."),
        ),
        facts=facts(event.obj),
        action=(_("Ouvrir la file"), reverse("missions:queue")),
    )


CASE_MOVED = Message(
    "missions.case.moved", gettext_lazy("Dossier d'une mission partie ailleurs (référent)"), the_holder, mission_moved, R,
    optional=True, sample=about_mission(),
)  # fmt: skip
MORNING_QUEUE = Message(
    "missions.queue.morning", gettext_lazy("Dossiers à décider (chaque matin)"), the_reader, morning_queue, R,
    notice=False, optional=True,
    sample=lambda: event_of(
        Person(pk=0, first_name="Camille", last_name="Martin", email="camille.martin@exemple.fr"),
        codes={"missions": 4, "organisations": 2, "late": 1, "alerts": 1, "orphans": 0},
    ),
)  # fmt: skip
