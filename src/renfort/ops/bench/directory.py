"""A whole network's directory: ten thousand establishments and thirty thousand people brought in, twice (S1)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from renfort.civic_service.enums import DirectoryThing, PostRole
from renfort.civic_service.models import DirectoryRun
from renfort.civic_service.selectors.delivery import Said
from renfort.civic_service.services import directory
from renfort.kernel.actors import SERVICE
from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.ops.bench._database import bench_database
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import give_role
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Account, Person

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
PLACES = (("33", "33000", "Bordeaux"), ("44", "44000", "Nantes"), ("35", "35000", "Rennes"), ("69", "69003", "Lyon"))
SIRET = "73282932000074"
SEVERAL = 3  # people of one establishment, unless asked otherwise


class NotReadError(RuntimeError):
    """The reading did not end as it should: its time would mean nothing."""


def run(*, establishments: int = 10_000, people: int = 0, database: str = "") -> dict[str, Any]:
    """Bring in so many establishments with ``people`` (0: three times as many), each with a post; then the same again.

    Returns seconds of the first reading from the file's lines to the last row, those of the second one, how many differences
    the second one had, and the integrity checks that do not hold.
    """
    people = people or SEVERAL * establishments
    with bench_database(database):
        set_value(PROGRAMMES["civic_service"], OPEN, actor=SERVICE)
        actor = _manager()
        lines = list(_lines(establishments, people))
        first, seconds = _read(actor, lines)
        second, again = _read(actor, lines)
        return {
            "establishments": first.counts.get("establishment.add", 0),
            "people": first.counts.get("person.add", 0),
            "posts": first.counts.get("post.add", 0),
            "refused": len(first.refused),
            "seconds": round(seconds, 1),
            "second_run_seconds": round(again, 1),
            "second_run_changes": sum(second.counts.values()) + second.changes.count(),
            "integrity": [found.check.name for found in run_checks(registered()) if not found.holds],
        }


def _manager() -> Any:
    person = Person.objects.create(first_name="Nadia", last_name="Morel", email="nadia.morel@example.org")
    Account.objects.create(person=person, email="nadia.morel@example.org", password="!")  # noqa: S106 -- nobody signs in
    give_role(actor=SERVICE, person=person, programme=Programme.CIVIC_SERVICE, role=Role.CASE_MANAGER)
    everything = actor_of(person.pk)
    return everything.in_role(everything.roles[0].key)


def _read(actor: Any, lines: list[Said]) -> tuple[DirectoryRun, float]:
    """Bring in, confirm, write, as the worker does: how it ended, and the seconds."""
    begun = time.perf_counter()
    run = directory.bring(actor=actor, lines=lines, name="annuaire.csv", is_complete=True)
    directory.carry_due(timezone.now())
    run.refresh_from_db()
    if run.state == "held":
        directory.confirm(actor=actor, run=run, seen=run.print, reason="")
        directory.carry_due(timezone.now())
        run.refresh_from_db()
    if run.state != "done":
        raise NotReadError(f"{run.state}: {run.error} {run.brakes}")
    return run, time.perf_counter() - begun


def _lines(establishments: int, people: int) -> Iterator[Said]:
    for number in range(establishments):
        department, postcode, city = PLACES[number % len(PLACES)]
        digits = f"0{department}{number:04d}"
        uai = digits + LETTERS[int(digits) % len(LETTERS)]
        phone = f"05 56 {number // 10000:02d} {number // 100 % 100:02d} {number % 100:02d}"
        yield Said(
            number + 2,
            DirectoryThing.ESTABLISHMENT,
            {
                "key": f"E-{number}", "network": "sgec", "uai": uai, "name": f"Lycée Saint-Jean {number}",
                "managing_body": f"OGEC Saint-Jean {number}", "address": f"{number} rue des Écoles", "postcode": postcode,
                "city": city, "siret": SIRET, "phone": phone,
                "email": f"contact{number}@example.org", "enrolment": str(100 + number % 900), "enrolment_year": "2026",
                "head": f"P-{number % people}",
            },
        )  # fmt: skip
    roles = list(PostRole)
    for number in range(people):
        facts = {
            "key": f"P-{number}", "first_name": f"Éléonore {number % 700}", "last_name": f"Nom {number}",
            "email": f"personne{number}@example.org", "phone": f"06{number:08d}",
        }  # fmt: skip
        yield Said(number + 2, DirectoryThing.PERSON, facts)
    for number in range(people):
        facts = {
            "establishment": f"E-{number % establishments}", "person": f"P-{number}",
            "role": str(roles[number // establishments % len(roles)]), "function": "Enseignant",
        }  # fmt: skip
        yield Said(number + 2, DirectoryThing.POST, facts)
