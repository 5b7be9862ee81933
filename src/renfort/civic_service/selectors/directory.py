"""What we hold of what the directory names, its readings, and which fact is whose (S1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from renfort.civic_service.catalogue import DIRECTORY_ADDRESS, DIRECTORY_NAME
from renfort.civic_service.enums import DirectoryState, PostRole, Source
from renfort.civic_service.models import DirectoryPerson, DirectoryRun, Establishment
from renfort.civic_service.selectors.roles import is_everything
from renfort.kernel.actors import Actor
from renfort.organisations.selectors import is_operator
from renfort.parameters.selectors import values_of
from renfort.territories.models import Department, Postcode

OF_ORGANISATION = ("name", "address", "postcode", "city")
OF_ESTABLISHMENT = (
    "network", "uai", "managing_body", "siret", "phone", "email", "enrolment", "enrolment_year",
)  # fmt: skip
OF_PERSON = ("first_name", "last_name", "email", "mobile_phone", "landline_phone")
S = DirectoryState


# ── which fact is whose ───────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Master:
    """The directory is the master of a fact: its name in words, the address where it is put right ("": none), since when."""

    name: str
    address: str
    at: datetime | None


def master_of(establishment: Establishment, field: str) -> Master | None:
    """Who is the master of one field of an establishment: the directory, or None when it is ours to change (S1).

    ``field``: by the name of the column, of the establishment or of its organisation (``name``, ``address``, ``postcode``,
    ``city``). Two queries at most, none for a field that is ours.
    """
    return masters_of(establishment).get(field)


def masters_of(establishment: Establishment) -> dict[str, Master]:
    """The same for all of its fields at once, by name; for a page that shows them. One query, none without any."""
    if not establishment.fed or establishment.left_on is not None:
        return {}
    master = Master(*directory_words(), establishment.fed_at)
    return dict.fromkeys(establishment.fed, master)


def directory_words() -> tuple[str, str]:
    """The name of the directory, and the address where one corrects it; one query."""
    name, address = values_of(DIRECTORY_NAME, DIRECTORY_ADDRESS)
    return name or str(DIRECTORY_NAME.origin), address


def known_people(keys: Iterable[str]) -> dict[str, int]:
    """The people that the directory names so: key → person's number. One query."""
    return dict(DirectoryPerson.objects.filter(key__in=keys).values_list("key", "person_id"))


def is_director(actor: Actor) -> bool:
    """Whether the actor sees and brings in readings: a national case manager, the operator, the machine (S1)."""
    return is_everything(actor) or is_operator(actor)


# ── readings ──────────────────────────────────────────────────────────────────────────────────────
def runs_visible(actor: Actor) -> QuerySet[DirectoryRun]:
    """Every reading, the newest first, without what was delivered; for national case managers and the operator alone."""
    found = DirectoryRun.objects.defer("delivered").order_by("-id")
    return found if is_director(actor) else found.none()


def last_good() -> datetime | None:
    """When the whole directory was last read to its end; None while it never was. One query."""
    good = DirectoryRun.objects.filter(state=S.DONE, is_complete=True).order_by("-id").values_list("read_at", flat=True)
    return good.first()


# ── what we hold, all at once ─────────────────────────────────────────────────────────────────────
class HeldPost(NamedTuple):
    """One post that has not ended."""

    pk: int
    source: str
    function: str
    grant: int


@dataclass(slots=True)
class Snapshot:
    """What we hold of what a delivery may touch, as plain values; two of them are equal when nothing has changed.

    ``schools``: number → facts, with ``key``, ``fed``, ``left_on``, ``department``, ``head``, ``version``; ``people``: number →
    facts with ``key``, ``fed``, ``has_account``; ``posts``: (establishment, person, role) → the open one; ``ended``: those that
    ended and came from the directory; ``grants``: rights in force that no open post is behind.
    """

    schools: dict[int, dict[str, Any]]
    people: dict[int, dict[str, Any]]
    posts: dict[tuple[int, int, str], HeldPost]
    ended: set[tuple[int, int, str]]
    grants: dict[tuple[int, int, str], int]


SCHOOLS = f"""
SELECT e.organisation_id, e.directory_key, e.fed, e.left_on, o.department_id, e.head_id, e.version,
    {", ".join(f"o.{name}" for name in OF_ORGANISATION)}, {", ".join(f"e.{name}" for name in OF_ESTABLISHMENT)}
FROM civic_service_establishment e JOIN organisations_organisation o ON o.id = e.organisation_id
"""  # noqa: S608 -- our own columns, no value comes from outside
PEOPLE = f"""
SELECT p.id, coalesce(d.key, ''), coalesce(d.fed, '{{}}'), EXISTS (SELECT FROM people_account a WHERE a.person_id = p.id),
    {", ".join(f"p.{name}" for name in OF_PERSON)}
FROM people_person p LEFT JOIN civic_service_directoryperson d ON d.person_id = p.id
WHERE d.person_id IS NOT NULL OR (p.email <> '' AND lower(p.email) = ANY (%s))
ORDER BY p.id
"""  # noqa: S608 -- idem
OPEN_POSTS = """
SELECT establishment_id, person_id, role, id, source, function, grant_id FROM civic_service_post WHERE ended_at IS NULL
"""
ENDED_POSTS = "SELECT establishment_id, person_id, role FROM civic_service_post WHERE ended_at IS NOT NULL AND source = %s"
FREE_GRANTS = """
SELECT g.organisation_id, g.person_id, g.role, g.id FROM organisations_grant g
WHERE g.programme = 'civic_service' AND g.role = ANY (%s) AND g.organisation_id IS NOT NULL AND g.valid_until IS NULL
    AND NOT EXISTS (SELECT FROM civic_service_post p WHERE p.grant_id = g.id)
"""


def snapshot(emails: Iterable[str]) -> Snapshot:
    """What we hold now; ``emails`` are the addresses delivered, in lower case. Five queries, whatever the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(SCHOOLS)
        schools = {}
        for pk, key, fed, left_on, department, head, version, *values in cursor.fetchall():
            facts = dict(zip((*OF_ORGANISATION, *OF_ESTABLISHMENT), values, strict=True))
            schools[pk] = facts | {
                "key": key, "fed": sorted(fed), "left_on": left_on.isoformat() if left_on else None, "department": department,
                "head": head, "version": version,
            }  # fmt: skip
        cursor.execute(PEOPLE, [sorted(set(emails))])
        people = {
            pk: dict(zip(OF_PERSON, values, strict=True)) | {"key": key, "fed": sorted(fed), "has_account": has_account}
            for pk, key, fed, has_account, *values in cursor.fetchall()
        }
        cursor.execute(OPEN_POSTS)
        posts = {(school, person, role): HeldPost(*rest) for school, person, role, *rest in cursor.fetchall()}
        cursor.execute(ENDED_POSTS, [str(Source.DIRECTORY)])
        ended = {(school, person, role) for school, person, role in cursor.fetchall()}
        cursor.execute(FREE_GRANTS, [[str(each) for each in PostRole]])
        grants = {(school, person, role): grant for school, person, role, grant in cursor.fetchall()}
    return Snapshot(schools, people, posts, ended, grants)


def departments_of_postcodes(codes: Iterable[str]) -> Mapping[str, list[tuple[str, str]]]:
    """The communes of each postcode as (name as it is sorted, department's code); two queries, whatever their number."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = Postcode.objects.filter(code__in=set(codes)).order_by("commune_id")
    for code, name, department in rows.values_list("code", "commune__sort_name", "commune__department_id"):
        found[code].append((name, department))
    return found


def department_codes() -> frozenset[str]:
    """The codes of all departments. One query."""
    return frozenset(Department.objects.values_list("pk", flat=True))
