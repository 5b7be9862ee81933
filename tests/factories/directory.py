"""Lines of the network's directory for tests, and what it has given already (S1)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.factories.civic_service import SIRET, a_uai, acting, case_manager
from tests.factories.organisations import grant
from tests.factories.people import person

from renfort.civic_service.enums import DirectoryThing
from renfort.civic_service.models import DirectoryPerson, DirectoryRun, Establishment, Post
from renfort.civic_service.selectors.delivery import Delivery, Said, delivery_of, pack
from renfort.civic_service.services.directory import bring, carry_due, confirm
from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role
from renfort.people.models import Person


def school_line(key: str = "E-1", *, line: int = 2, **facts: str) -> Said:
    """An establishment as the directory says it."""
    given = {
        "key": key, "network": "SGEC", "uai": facts.pop("uai", None) or "", "name": "Lycée Saint-Jean", "city": "Bordeaux",
        "managing_body": "OGEC Saint-Jean", "address": "3 rue des Écoles", "postcode": "33000", "siret": SIRET,
        "phone": "05 56 00 00 00", "email": "contact@saint-jean.example.org", "enrolment": "420", "enrolment_year": "2026",
    }  # fmt: skip
    return Said(line, DirectoryThing.ESTABLISHMENT, {**given, **facts})


def someone_line(key: str = "P-1", *, line: int = 2, **facts: str) -> Said:
    given = {"key": key, "first_name": "Ana", "last_name": "Diallo", "email": f"{key.lower()}@example.org", "phone": "0612345678"}
    return Said(line, DirectoryThing.PERSON, {**given, **facts})


def post_line(
    where: str = "E-1", who: str = "P-1", *, role: str = "Tuteur", line: int = 2, function: str = "Professeure"
) -> Said:
    return Said(line, DirectoryThing.POST, {"establishment": where, "person": who, "role": role, "function": function})


def delivery(*lines: Said) -> Delivery:
    """A part of the directory."""
    return delivery_of(lines)


def whole(*lines: Said) -> Delivery:
    """The whole directory: what it does not name has left it."""
    return delivery_of(lines, is_complete=True)


def held_post(
    where: Establishment, key: str, *, role: str = "service_tutor", source: str = "directory", **facts: Any
) -> tuple[Post, Person]:
    """Somebody whom the directory names, with a post that it gave (or that was added here)."""
    known = DirectoryPerson.objects.filter(key=key).select_related("person").first()
    named = {"first_name": "Ana", "last_name": "Diallo", "email": f"{key.lower()}@example.org", "mobile_phone": "+33612345678"}
    who = known.person if known else person(**{**named, **facts})
    if known is None:
        fed = ["email", "first_name", "last_name", "mobile_phone"]
        DirectoryPerson.objects.create(person=who, key=key, fed=fed, fed_at=timezone.now())
    held = grant(who, Programme.CIVIC_SERVICE, Role(role), where.organisation)
    made = Post.objects.create(
        establishment=where, person=who, role=role, source=source, function="Professeure", grant=held, began_at=timezone.now(),
        confirmed_at=timezone.now() if source == "directory" else None,
    )  # fmt: skip
    return made, who


def a_run(state: str = "held", **facts: Any) -> DirectoryRun:
    """A reading that waits for an agreement, with one line to mend."""
    lines = [school_line(uai=a_uai())]
    given = {
        "door": "file", "name": "annuaire.csv", "role": "civic_service:case_manager:platform:", "created_at": timezone.now(),
        "delivered": pack(lines), "lines": 1, "total": 1, "counts": {"establishment.add": 1}, "print": "x",
        "refused": [[3, "person", {"key": "P-9"}, ["Il manque le nom."]]], "ended_at": timezone.now(),
    }  # fmt: skip
    return DirectoryRun.objects.create(state=state, **{**given, **facts})


def director(**facts: Any) -> Actor:
    """A national case manager in that role."""
    return acting(case_manager(**facts), Role.CASE_MANAGER)


def read(actor: Actor, *lines: Said, is_complete: bool = True, reason: str = "") -> DirectoryRun:
    """Bring a file in, confirm it when it waits, let the worker do its part: the reading as it ended."""
    run = bring(actor=actor, lines=lines, name="annuaire.csv", is_complete=is_complete)
    carry_due(timezone.now())
    run.refresh_from_db()
    if run.state == "held" and (reason or not run.brakes):
        confirm(actor=actor, run=run, seen=run.print, reason=reason)
        carry_due(timezone.now())
        run.refresh_from_db()
    return run
