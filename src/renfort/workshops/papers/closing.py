"""« Bilan de mission »: what was ordered and done, sealed at the closing (W10). Numbers, never names, of participants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.papers import Facts, PaperKind, Sheet
from renfort.organisations.enums import Programme
from renfort.people.selectors import today
from renfort.workshops.enums import Audience, EnrolmentState, Kind, SessionState
from renfort.workshops.models import Assignment
from renfort.workshops.selectors.closing import Attended, attended
from renfort.workshops.selectors.sessions import progress_of, sessions_of


def closing_facts(assignment: Assignment, *, reason: str = "") -> dict[str, Any]:
    """What was ordered and done. ``reason``: why not all of it was. Seven queries; days are those of each place."""
    order, client = assignment.order, assignment.order.client.organisation
    sessions = [each for each in sessions_of(assignment) if each.state != SessionState.CANCELLED]
    counted = attended(sessions)
    coordinator = assignment.coordinator.person.full_name if assignment.coordinator is not None else ""
    return {
        "order": order.title,
        "client": client.name,
        "siret": client.siret,
        "audience": assignment.audience,
        "coordinator": coordinator,
        "closed_on": today().isoformat(),
        "reason": reason,
        "figures": [
            {"kind": figure.kind, "ordered": figure.ordered, "done": figure.done}
            for figure in progress_of([assignment])[assignment.pk].figures
        ],
        "rows": [
            {
                "kind": each.kind,
                "on": each.local_start.date().isoformat(),
                "hours": f"{each.local_start:%H:%M}–{each.local_end:%H:%M}",
                "place": each.where if each.presence == "on_site" else "",
                "who": [on.facilitator.person.full_name for on in each.on if on.state == EnrolmentState.DONE],  # type: ignore[attr-defined]  # put there by sessions_of
                "planned": each.participants,
                **_counted(counted.get(each.pk)),
            }
            for each in sessions
        ],
    }  # fmt: skip


def _counted(found: Attended | None) -> dict[str, int | None]:
    if found is None:
        return {"expected": None, "present": None}
    return {"expected": found.expected, "present": found.present}


def closing_now(subject: int, facts: Facts) -> Facts | None:
    """Nothing of a closed mission changes: what was sealed is what it is."""
    return facts if Assignment.objects.filter(pk=subject, state="closed").exists() else None


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "DATE_FORMAT")


def _present(row: dict[str, Any]) -> str:
    if row["present"] is None:
        return _("%(n)d prévu·es") % {"n": row["planned"]}
    return _("%(present)d sur %(expected)d") % {"present": row["present"], "expected": row["expected"]}


def closing_sheet(facts: Facts) -> Sheet:
    """What is printed: the order, each session with who led it and how many came."""
    done = [
        (
            str(Kind(each["kind"]).label),
            _("%(done)d sur %(ordered)d commandés") % {"done": each["done"], "ordered": each["ordered"]},
        )
        for each in facts["figures"]
    ]
    return Sheet(
        title=_("Bilan de mission"),
        lead=facts["order"],
        name=facts["client"],
        sentences=(_("La mission est clôturée le %(day)s : ce qui suit n'a plus changé.") % {"day": _day(facts["closed_on"])},),
        facts=(
            (_("SIRET"), facts["siret"]),
            (_("Public"), str(Audience(facts["audience"]).label)),
            (_("Coordination"), facts["coordinator"]),
            *done,
            (_("Commande pas entièrement honorée"), facts["reason"]),
        ),
        table=_("Ses sessions"),
        columns=(_("Session"), _("Lieu"), _("Animation"), _("Présences")),
        widths=(8, 8, 8, 5),
        rows=tuple(
            (
                f"{Kind(row['kind']).label}, {_day(row['on'])}, {row['hours']}",
                row["place"] or _("En ligne"),
                ", ".join(row["who"]) or "–",
                _present(row),
            )
            for row in facts["rows"]
        ),
        closing=_("Les présences sont des nombres : les noms restent chez qui organise."),
    )


def closing_shown(facts: Facts) -> Sequence[tuple[str, str]]:
    """What the public page repeats: for whom, when, how much; nobody's name."""
    return [
        (_("Mission de coordination"), facts["order"]),
        (_("Client"), facts["client"]),
        (_("Clôturée le"), _day(facts["closed_on"])),
        *(
            (str(Kind(each["kind"]).label), _("%(done)d sur %(ordered)d commandés") % each)
            for each in facts["figures"]
        ),
        (_("Sessions"), str(len(facts["rows"]))),
    ]  # fmt: skip


CLOSING = PaperKind(
    key="workshops.closing",
    label=gettext_lazy("Bilan de mission"),
    programme=Programme.WORKSHOPS,
    subject="workshops.assignment",
    sheet=closing_sheet,
    shown=closing_shown,
    now=closing_now,
    compared={},
)
