"""Organisations that came lately, so that the queue of those who validate has something of everything (R52, R53, R55).

Written out in ``texts/cases.toml``, and done by the services themselves once all the rest is there: a handful of rows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from renfort.kernel.firing import fire
from renfort.ops.demo.words import texts
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Grant, Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import OrganisationFacts, open_organisation
from renfort.organisations.workflow import ORGANISATION
from renfort.people.models import Person
from renfort.territories.models import Commune

ACTS = ("ask_correction", "flag")


def write_cases(referent: Person, now: datetime) -> int:
    """Open each organisation in the name of some volunteer of the demonstration; let the referent act. Returns how many."""
    said = texts("cases")["case"]
    founders = Grant.objects.filter(programme=Programme.RESERVE, role=Role.VOLUNTEER).exclude(person__in=_busy())
    people = [grant.person for grant in founders.select_related("person").order_by("-person_id")[: len(said)]]
    known = {each.code: each for each in Commune.objects.filter(code__in=[each["commune"] for each in said])}
    for case, founder in zip(said, people, strict=False):
        _write(case, founder, referent, now, known)
    return min(len(said), len(people))


def _busy() -> Any:
    """Who has another role, and does not found an organisation beside it."""
    return Grant.objects.exclude(role=Role.VOLUNTEER).values("person")


def _write(case: dict[str, Any], founder: Person, referent: Person, now: datetime, communes: dict[str, Commune]) -> None:
    commune = communes.get(case["commune"])
    facts = OrganisationFacts(
        name=case["name"], legal_status="association", description=case["description"], city=case["city"],
        address=case.get("address", ""), postcode=case["postcode"], rna=case.get("rna", ""),
        department=commune.department_id if commune else "33", commune=commune.pk if commune else None,
        latitude=commune.latitude if commune else None, longitude=commune.longitude if commune else None,
    )  # fmt: skip
    made = open_organisation(actor=actor_of(founder.pk), person=founder, facts=facts)
    since = now - timedelta(days=case["days"]) + timedelta(hours=9)
    Organisation.objects.filter(pk=made.pk).update(created_at=since, queued_at=since)
    made.refresh_from_db()
    if case.get("then") in ACTS:
        answers = {"motives": case["motives"], "reasons": case["reasons"]}
        after = fire(ORGANISATION, made, case["then"], actor=actor_of(referent.pk), answers=answers)
        assert after.state != OrganisationState.WAITING  # noqa: S101 -- the demonstration tells what it did
