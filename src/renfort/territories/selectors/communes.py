"""Communes by postcode and by name, for fields that complete while typing and for imports (R6, R17, P2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q

from renfort.territories.models import Commune, Department
from renfort.territories.selectors.wording import Wording, read, without_article

POSTCODE = re.compile(r"[0-9]{5}")
ALIKE = 0.75  # how near two spellings of one name are: « bordaux », « st jean d'ilac »
EXACT = 0  # the first tier of `FIND`

# A whole former name ranks with the beginnings of official ones: « Boulogne » was a commune of Vendée, but who types it
# wants Boulogne-Billancourt. PostgreSQL skips the trigrams when an official or former name gave a row.
FIND = """
WITH official AS MATERIALIZED (
    SELECT code, CASE WHEN sort_name = ANY (%(exact)s) THEN 0 ELSE 1 END AS tier, 0.0 AS closeness
    FROM territories_commune
    WHERE (sort_name = ANY (%(exact)s) OR sort_name LIKE %(start0)s OR sort_name LIKE %(start1)s
        OR sort_name LIKE %(start2)s OR sort_name LIKE %(start3)s OR sort_name LIKE %(start4)s)
        AND (parent_id IS NULL OR %(districts)s)
), former AS MATERIALIZED (
    SELECT commune_id AS code, CASE WHEN sort_name = ANY (%(exact)s) THEN 1 ELSE 2 END AS tier, 0.0 AS closeness
    FROM territories_formername
    WHERE sort_name = ANY (%(exact)s) OR sort_name LIKE %(start0)s
), misspelt AS MATERIALIZED (
    SELECT near.code, 3 AS tier,
        public.similarity(near.sort_name, %(name)s) + 0.02 * ln(1 + near.population) AS closeness
    FROM (
        SELECT code, sort_name, population FROM territories_commune
        WHERE sort_name OPERATOR(public.%%) %(name)s AND (parent_id IS NULL OR %(districts)s)
        UNION ALL
        SELECT commune_id, sort_name, 0 FROM territories_formername WHERE sort_name OPERATOR(public.%%) %(name)s
    ) AS near
    WHERE public.similarity(near.sort_name, %(name)s) >= 0.4
        AND NOT EXISTS (SELECT FROM official) AND NOT EXISTS (SELECT FROM former)
), found AS (
    SELECT DISTINCT ON (code) code, tier, closeness
    FROM (TABLE official UNION ALL TABLE former UNION ALL TABLE misspelt) AS every
    ORDER BY code, tier, closeness DESC
), best AS (
    SELECT commune.*, found.tier, found.closeness,
        department.name AS home, department.sort_name AS sort_home, region_id, kind, zone,
        department.latitude AS home_latitude, department.longitude AS home_longitude,
        (commune.department_id = %(department)s OR department.sort_name = ANY (%(within)s)) AS hinted
    FROM found
    JOIN territories_commune AS commune USING (code)
    JOIN territories_department AS department ON department.code = commune.department_id
    ORDER BY hinted DESC, tier, closeness DESC, population DESC, commune.sort_name, code
    LIMIT %(limit)s
)
SELECT code, name, sort_name, department_id, parent_id, population, latitude, longitude,
    department_id, home, sort_home, region_id, kind, zone, home_latitude, home_longitude,
    tier, coalesce(hinted, false),
    ARRAY(SELECT district.code FROM territories_commune AS district WHERE district.parent_id = best.code ORDER BY 1)
FROM best
ORDER BY hinted DESC, tier, closeness DESC, population DESC, sort_name, code
"""


COMMUNE = ("code", "name", "sort_name", "department_id", "parent_id", "population", "latitude", "longitude")
DEPARTMENT = ("code", "name", "sort_name", "region_id", "kind", "zone", "latitude", "longitude")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A commune, with its department, that a typed name may mean; the lower the tier, the surer."""

    commune: Commune
    tier: int
    hinted: bool
    districts: tuple[str, ...]


def find(wording: Wording, *, limit: int) -> list[Found]:
    """Return the communes whose name fits a wording, best first. One query."""
    if not wording.name or limit < 1:
        return []
    within = [wording.within, *(article + without_article(wording.within) for article in ("le ", "la ", "les ", "l "))]
    parameters: dict[str, str | bool | int | list[str]] = {
        "exact": list(wording.spellings),
        "name": wording.name,
        "districts": wording.district or any(char.isdigit() for char in wording.name),
        "department": wording.department,
        "within": [*within, without_article(wording.within)] if wording.within else [],
        "limit": limit,
    }
    for number, start in enumerate(("", "le ", "la ", "les ", "l ")):
        parameters[f"start{number}"] = f"{start}{wording.name}%"  # letters, digits and spaces: nothing to escape
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        return [_found(row) for row in cursor.fetchall()]


def _found(row: tuple[Any, ...]) -> Found:
    """Return one row of `FIND` as models, so that showing the department costs no second query."""
    split, end = len(COMMUNE), len(COMMUNE) + len(DEPARTMENT)
    commune = Commune.from_db(connection.alias, COMMUNE, row[:split])
    commune.department = Department.from_db(connection.alias, DEPARTMENT, row[split:end])
    tier, hinted, districts = row[end:]
    return Found(commune=commune, tier=tier, hinted=hinted, districts=tuple(districts))


def communes_of_postcode(code: str) -> list[Commune]:
    """Return the communes of a postcode with department and parent: districts before their city, then the largest.

    « 75011 » gives Paris 11e, then Paris. A CEDEX or an unknown code gives an empty list.
    """
    code = "".join(code[:20].split())
    if not POSTCODE.fullmatch(code):
        return []
    return list(
        Commune.objects.filter(postcodes__code=code)
        .select_related("department", "parent")
        .order_by(F("parent").asc(nulls_last=True), "-population", "sort_name", "code")
    )


def department_around(code: str) -> Department | None:
    """Return the department in which the postcodes next to an unused one lie: where a CEDEX belongs."""
    # 20, 97 and 98 are shared by several departments: three digits tell them apart
    start = code[:3] if code[:2] in ("20", "97", "98") else code[:2]
    nearest = Q(communes__postcodes__code__startswith=code[:3])
    return (
        Department.objects.filter(communes__postcodes__code__startswith=start)
        .annotate(near=Count("communes__postcodes", filter=nearest), around=Count("communes__postcodes"))
        .order_by("-near", "-around", "code")
        .first()
    )


def department_of_postcode(code: str) -> str | None:
    """Return the code of the department where most people with this postcode live, None for an unknown postcode.

    By the data, not by the first two digits: Corsica, overseas and the communes served from the next department.
    """
    code = "".join(code[:20].split())
    if not POSTCODE.fullmatch(code):
        return None
    if communes := communes_of_postcode(code):
        return max(communes, key=lambda commune: commune.population).department_id
    around = department_around(code)
    return around.code if around else None


def beside_cedex(wording: Wording) -> Wording:
    """Return the name of a wording whose postcode is not in the data, with the department that its digits suggest."""
    digits = 3 if wording.postcode[:2] in ("97", "98") else 2
    return Wording(name=wording.name, department=wording.postcode[:digits], district=wording.district)


def fits(commune: Commune, name: str) -> float:
    """Return how well a typed name fits a commune already known by its postcode, from 0 to 1."""
    keys = {commune.sort_name, *([commune.parent.sort_name] if commune.parent else [])}
    return max(
        1.0 if key == name or f" {key} " in f" {name} " else SequenceMatcher(None, without_article(key), name).ratio()
        for key in keys
    )


def by_postcode(wording: Wording) -> list[Commune]:
    """Return the communes of the wording's postcode, the one it names first. One query, none without a postcode."""
    communes = communes_of_postcode(wording.postcode)
    return sorted(communes, key=lambda each: -fits(each, wording.name)) if wording.name else communes


def communes_matching(text: str, *, limit: int = 10) -> list[Commune]:
    """Return the communes that a typed text may mean, best first, with their departments (R6, R17).

    Forgives accents, case, hyphens, « St », « cedex 9 », a left-out article, a former name, small typing errors.
    Exact names come before beginnings, larger communes before smaller ones; a department (« Saint-Denis 93 »,
    « Saint-Denis, Réunion ») or a postcode moves its communes to the front. One query; two when a postcode is
    unknown or belies the name.
    """
    wording = read(text)
    if limit < 1:
        return []
    if communes := by_postcode(wording):
        named = [each for each in communes if wording.name and fits(each, wording.name) >= ALIKE]
        if named or not wording.name:
            return (named or communes)[:limit]
        # « 33000 Mérignac »: the code is wrong, or the name; both are offered
        wording = Wording(name=wording.name, department=communes[0].department_id)
        elsewhere = [each.commune for each in find(wording, limit=limit) if each.tier == EXACT]
        return [*elsewhere, *communes][:limit]
    if wording.postcode:
        wording = beside_cedex(wording)
    return [each.commune for each in find(wording, limit=limit)]
