"""What the réserve does when somebody leaves a team: missions go to somebody else (R40); what goes with an organisation."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import lock_row
from renfort.kernel.templatetags.ui import period_words
from renfort.missions.enums import MissionState
from renfort.missions.messages import HANDED_OVER
from renfort.missions.models import Mission
from renfort.missions.selectors.charges import charge_counts, charged, departure_counts, missions_live_of
from renfort.missions.selectors.participation import deputy_ids
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.organisations.services.charges import Charge, Charges, register
from renfort.people.models import Person

SHOWN = 40  # missions for which a successor may be chosen one by one; the others go together


def held(organisation: int, person: int) -> list[Charge]:
    """The missions that a person looks after now, to choose who takes each over."""
    return [
        Charge(
            number=mission.pk,
            label=mission.title,
            detail=f"{MissionState(mission.state).label} · {period_words(starts_on=mission.starts_on, ends_on=mission.ends_on)}",
        )
        for mission in missions_live_of(organisation, person)[:SHOWN]
    ]


def hand_over(*, actor: Actor, organisation: int, person: int, successor: int, chosen: Mapping[int, int]) -> int:
    """Give the missions that ``person`` is in charge of to others: ``chosen`` by mission, all the rest to ``successor``.

    Each under its lock, in the order of their numbers, with its line of history; an edit form that is open on one of them is
    told that it has changed. Where volunteers were told to call the one who goes, they find the successor. Every successor but
    the actor gets one e-mail, whatever the number. Returns how many went.
    """
    given: dict[int, int] = {}
    people = Person.objects.in_bulk({person, successor, *chosen.values()})
    for found in charged(organisation, person).order_by("pk"):
        mission: Mission = lock_row(found)
        if mission.responsible_id != person:
            continue
        mission.responsible_id = chosen.get(mission.pk, successor)
        mission.version += 1
        mission.save(update_fields=["responsible", "version"])
        mission.deputies.remove(mission.responsible_id)
        _call_instead(mission, people[person], people[mission.responsible_id])
        changes: dict[str, tuple[Plain, Plain]] = {"responsible_id": (person, mission.responsible_id)}
        publish("missions.mission.hand_over", mission, actor=actor, changes=changes)
        given[mission.responsible_id] = given.get(mission.responsible_id, 0) + 1
    _no_longer_beside(actor, organisation, person)
    where = Organisation.objects.get(pk=organisation)
    for to, count in given.items():
        tells = () if to == actor.person_id else (HANDED_OVER,)
        codes: dict[str, Plain] = {"from": person, "to": to, "missions": count}
        publish("missions.team.hand_over", where, actor=actor, codes=codes, tells=tells)
    return sum(given.values())


def _no_longer_beside(actor: Actor, organisation: int, person: int) -> None:
    """Who leaves is no longer responsible beside others either: no news of their volunteers, no right on coming back (R11)."""
    for found in Mission.objects.filter(organisation_id=organisation, deputies=person).order_by("pk"):
        mission: Mission = lock_row(found)
        before = ",".join(str(pk) for pk in sorted(deputy_ids(mission)))
        mission.deputies.remove(person)
        mission.version += 1
        mission.save(update_fields=["version"])
        after = ",".join(str(pk) for pk in sorted(deputy_ids(mission)))
        publish("missions.mission.lose_deputy", mission, actor=actor, changes={"deputies": (before, after)})


def _call_instead(mission: Mission, former: Person, successor: Person) -> None:
    """Nobody calls somebody who has left: the contact that was the former one is the successor; other contacts stay."""
    if former.email:
        reach = {"name": successor.full_name, "phone": successor.mobile_phone, "email": successor.email}
        mission.contacts.filter(email__iexact=former.email).update(**reach)


def farewell(organisation: int) -> list[str]:
    """What happens to missions and participations when the organisation leaves the platform, in sentences (R9)."""
    counts = departure_counts(organisation)
    said = [
        (
            counts["cancelled"],
            ngettext(
                "%(n)d mission à venir ou en cours est annulée, avec la raison : la structure a quitté la plateforme.",
                "%(n)d missions à venir ou en cours sont annulées, avec la raison : la structure a quitté la plateforme.",
                counts["cancelled"],
            ),
        ),
        (
            counts["expected"],
            ngettext(
                "%(n)d participation devient « Mission annulée » : la personne est prévenue par e-mail, une fois.",
                "%(n)d participations deviennent « Mission annulée » : chaque personne est prévenue par e-mail, une fois.",
                counts["expected"],
            ),
        ),
        (
            counts["drafts"],
            ngettext("%(n)d brouillon est abandonné.", "%(n)d brouillons sont abandonnés.", counts["drafts"]),
        ),
        (
            counts["ended"],
            ngettext(
                "%(n)d mission déjà finie est clôturée : qui est venu garde sa participation.",
                "%(n)d missions déjà finies sont clôturées : qui est venu garde sa participation.",
                counts["ended"],
            ),
        ),
    ]
    told = [text % {"n": count} for count, text in said if count]
    return told or [_("Aucune mission n'est en cours : personne n'est à prévenir.")]


register(Programme.RESERVE, Charges(counts=charge_counts, held=held, hand_over=hand_over, farewell=farewell))
