"""The papers of the réserve: « Attestation de mission » for the road, « Attestation d'engagement » for what was given (R35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.durations import duration_words
from renfort.kernel.papers import Facts, PaperKind, Sheet
from renfort.kernel.templatetags.ui import phone
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Participation
from renfort.missions.selectors.days import days_of
from renfort.missions.selectors.hours import Given, given_by
from renfort.organisations.enums import Programme
from renfort.organisations.selectors.merges import absorbed_by, stands_for

P = ParticipationState
# a paper says that somebody was expected: that stays true of who is said not to have come
STANDS = (P.ACCEPTED, P.ONGOING, P.DONE, P.NO_SHOW)
OFF = (MissionState.CANCELLED, MissionState.REFUSED)


def _days(first: str, last: str) -> str:
    start, end = (date_format(date.fromisoformat(day), "DATE_FORMAT") for day in (first, last))
    return _("le %(day)s") % {"day": start} if first == last else _("du %(start)s au %(end)s") % {"start": start, "end": end}


def _short_days(first: str, last: str) -> str:
    start, end = (date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") for day in (first, last))
    return start if first == last else f"{start} – {end}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# ── « Attestation de mission » ────────────────────────────────────────────────────────────────────
def mission_facts(participation: Participation) -> dict[str, Any]:
    """Who is expected where and when, and whom to call. Dates are those of the place. Needs the mission; one query."""
    mission = participation.mission
    contact = mission.contacts.first()
    reach = (contact.name, contact.phone) if contact else (mission.responsible.full_name, mission.responsible.mobile_phone)
    place = "" if mission.is_remote else ", ".join(filter(None, (mission.address, f"{mission.postcode} {mission.city}".strip())))
    return {
        "name": participation.person.full_name,
        "mission": mission.title,
        "organisation": mission.organisation.name,
        "days": [[each.first_on.isoformat(), each.last_on.isoformat()] for each in days_of(participation)],
        "schedule": mission.schedule,
        "place": place,
        "contact": list(reach),
    }


def mission_facts_now(subject: int, facts: Facts) -> dict[str, Any] | None:
    """The same facts today; None when the person is no longer expected."""
    found = (
        Participation.objects.filter(pk=subject, state__in=[str(state) for state in STANDS])
        .exclude(mission__state__in=[str(state) for state in OFF])
        .select_related("person", "mission__organisation", "mission__responsible")
        .first()
    )
    return mission_facts(found) if found else None


def _mission_lines(facts: Facts) -> list[tuple[str, str]]:
    return [
        (_("Mission"), facts["mission"]),
        (_("Structure"), facts["organisation"]),
        (_("Dates"), _sentence(", ".join(_days(first, last) for first, last in facts["days"]))),
        (_("Lieu"), facts["place"] or _("À distance")),
    ]


def mission_sheet(facts: Facts) -> Sheet:
    """What the attestation prints."""
    name, number = facts["contact"]
    return Sheet(
        title=_("Attestation de mission"),
        lead=_("%(organisation)s atteste que") % {"organisation": facts["organisation"]},
        name=facts["name"],
        sentences=(_("est attendu·e comme bénévole pour la mission suivante, dans le cadre de la réserve civique."),),
        facts=(
            *_mission_lines(facts),
            (_("Horaires"), " ".join(facts["schedule"].split())),
            (_("Contact de la mission"), " · ".join(filter(None, (name, phone(number))))),
        ),
        closing=_("À présenter avec une pièce d'identité. Cette attestation ne vaut plus si la personne ne participe plus."),
    )


def mission_shown(facts: Facts) -> Sequence[tuple[str, str]]:
    """What the public page repeats: neither the contact nor the hours, which a verification does not need."""
    return [(_("Bénévole"), facts["name"]), *_mission_lines(facts)]


ATTESTATION = PaperKind(
    key="missions.attestation",
    label=gettext_lazy("Attestation de mission"),
    programme=Programme.RESERVE,
    subject="missions.participation",
    sheet=mission_sheet,
    shown=mission_shown,
    now=mission_facts_now,
    compared={
        "mission": gettext_lazy("le titre de la mission"),
        "organisation": gettext_lazy("le nom de la structure"),
        "days": gettext_lazy("les dates"),
        "schedule": gettext_lazy("les horaires"),
        "place": gettext_lazy("le lieu"),
    },
    voided_by={
        "missions.participation.withdraw": "withdrawn",
        "missions.participation.take_back": "taken_back",
        "missions.participation.cancel_with_mission": "cancelled",
    },
)


# ── « Attestation d'engagement » ──────────────────────────────────────────────────────────────────
def _row(given: Given) -> dict[str, Any]:
    return {
        "participation": given.participation,
        "mission": given.mission,
        "organisation": given.organisation,
        "first_on": given.first_on.isoformat(),
        "last_on": given.last_on.isoformat(),
        "quarters": given.quarters,
    }


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def given_facts(
    person_id: int, *, name: str, organisation: tuple[int, str] | None, first_on: date | None, last_on: date
) -> dict[str, Any]:
    """What somebody gave until ``last_on``, with one organisation or all: missions done, confirmed hours only. One query."""
    given = given_by(person_id, organisation_id=organisation[0] if organisation else None, first_on=first_on, last_on=last_on)
    return {
        "name": name,
        "organisation_id": organisation[0] if organisation else None,
        "organisation": organisation[1] if organisation else "",
        "first_on": first_on.isoformat() if first_on else None,
        "last_on": last_on.isoformat(),
        "rows": [_row(each) for each in given],
        "quarters": sum(each.quarters for each in given),
    }


def given_facts_now(subject: int, facts: Facts) -> dict[str, Any] | None:
    """The same period today: hours corrected since make another total."""
    organisation = (facts["organisation_id"], facts["organisation"]) if facts["organisation_id"] else None
    first_on, last_on = _day(facts["first_on"]), _day(facts["last_on"])
    assert last_on is not None  # noqa: S101 -- written with the facts, for the type checker
    merged = stands_for(organisation[0]) if organisation else None
    if organisation and merged:  # what was given there is counted where it has gone since (R55)
        organisation = (merged.pk, organisation[1])
    now = given_facts(subject, name=facts["name"], organisation=organisation, first_on=first_on, last_on=last_on)
    if organisation and (
        merged or absorbed_by(organisation[0])
    ):  # what the other one of the two counted is no part of this paper
        known = {row["participation"] for row in facts["rows"]}
        rows = [row for row in now["rows"] if row["participation"] in known]
        now |= {
            "organisation_id": facts["organisation_id"], "rows": rows, "quarters": sum(row["quarters"] for row in rows)
        }  # fmt: skip
    words = {row["participation"]: (row["mission"], row["organisation"]) for row in facts["rows"]}
    for row in now["rows"]:  # a mission or a structure that is called otherwise since changes nothing of what was given
        row["mission"], row["organisation"] = words.get(row["participation"], (row["mission"], row["organisation"]))
    return now


def _period(facts: Facts) -> str:
    if facts["first_on"]:
        return _days(facts["first_on"], facts["last_on"])
    return _("jusqu'au %(day)s") % {"day": date_format(date.fromisoformat(facts["last_on"]), "DATE_FORMAT")}


def _count(facts: Facts) -> str:
    count = len(facts["rows"])
    return ngettext("%(count)d mission", "%(count)d missions", count) % {"count": count}


def given_sheet(facts: Facts) -> Sheet:
    """What the certificate prints: each mission with its days and hours, and the total."""
    with_organisation = (
        _("a donné de son temps comme bénévole auprès de %(organisation)s, %(period)s.")
        % {"organisation": facts["organisation"], "period": _period(facts)}
        if facts["organisation"]
        else _("a donné de son temps comme bénévole, %(period)s.") % {"period": _period(facts)}
    )
    return Sheet(
        title=_("Attestation d'engagement"),
        lead=_("La réserve civique atteste que"),
        name=facts["name"],
        sentences=(with_organisation,),
        facts=(
            (_("Temps donné"), duration_words(facts["quarters"])),
            (_("Missions"), _count(facts)),
        ),
        table=_("Ses missions"),
        columns=(_("Mission"), _("Structure"), _("Dates"), _("Heures")),
        widths=(10, 7, 8, 4),
        rows=tuple(
            (
                row["mission"],
                row["organisation"],
                _short_days(row["first_on"], row["last_on"]),
                duration_words(row["quarters"]),
            )
            for row in facts["rows"]
        ),
        total=(_("Total"), duration_words(facts["quarters"])),
        closing=_("Seules figurent ici les heures sur lesquelles la structure et la personne sont d'accord."),
    )


def given_shown(facts: Facts) -> Sequence[tuple[str, str]]:
    """What the public page repeats: the person, the period, the total and each mission, as on the paper."""
    missions = [
        (row["mission"], f"{row['organisation']} · {_days(row['first_on'], row['last_on'])} · {duration_words(row['quarters'])}")
        for row in facts["rows"]
    ]
    return [
        (_("Bénévole"), facts["name"]),
        (_("Structure"), facts["organisation"]),
        (_("Période"), _sentence(_period(facts))),
        (_("Temps donné"), f"{duration_words(facts['quarters'])} · {_count(facts)}"),
        *missions,
    ]


CERTIFICATE = PaperKind(
    key="missions.certificate",
    label=gettext_lazy("Attestation d'engagement"),
    programme=Programme.RESERVE,
    subject="people.person",
    sheet=given_sheet,
    shown=given_shown,
    now=given_facts_now,
    compared={
        "quarters": gettext_lazy("le total des heures"),
        "rows": gettext_lazy("le détail des missions ou de leurs heures"),
    },
)
