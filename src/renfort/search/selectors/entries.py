"""The questions that the table of open missions answers. One query each, whatever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import cos, radians
from typing import Any

from django.db import connection

from renfort.search.selectors.cells import KILOMETRES, Circle, cells_around
from renfort.search.selectors.words import any_of

MOST = 2_000  # matches of a text that are counted and ordered; beyond, « plus de 2 000 »
REMOTE = "remote"
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # description, –, organisation and place, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What is searched. Empty: every open mission.

    A place is ``circle`` (around a point), ``communes`` (these alone) or ``departments`` (alone: all of them). Beside what lies
    there, it finds the remote missions of ``departments``, after the others. ``since`` and ``until`` are days: missions that are
    under way on one of them. Codes and keys are those of the storey that handed the rows over.
    """

    query: str = ""  # a tsquery, from ``words.query_of``
    circle: Circle | None = None
    communes: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    domain: int | None = None
    presence: str = ""
    format: str = ""
    public: int | None = None
    since: date | None = None
    until: date | None = None
    organisation: int | None = None

    @property
    def has_place(self) -> bool:
        return self.circle is not None or bool(self.communes or self.departments)

    def without(self, *names: str) -> Criteria:
        """The same without some of them; ``place`` stands for all that is a place."""
        taken = {name for given in names for name in (("circle", "communes", "departments") if given == "place" else (given,))}
        empty = Criteria()
        return replace(self, **{name: getattr(empty, name) for name in taken})


@dataclass(frozen=True, slots=True)
class Hit:
    """One mission found; ``distance`` in km from the place asked for, None when it has none."""

    mission_id: int
    distance: float | None
    is_remote: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits. ``total`` counts all of them, ``remote`` those that are remote; ``is_capped``: there are more."""

    hits: list[Hit]
    total: int
    remote: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Missions at one place of the map: ``key`` is a city with its department, or a department. The middle, in degrees."""

    city: str
    department: str
    latitude: float
    longitude: float
    count: int
    missions: tuple[int, ...]  # the newest few


def find(criteria: Criteria, *, page: int, per_page: int, now: datetime) -> Found:
    """Return one page of what is found, the most relevant first (words), the nearest first (a place), else the newest.

    A page beyond the last is the last. One query.
    """
    where, values = _where(criteria, now)
    values |= {"limit": per_page, "offset": max(0, page - 1) * per_page}
    if criteria.query:
        sql = (BY_WORDS + PAGE).format(where=where, distance=_distance(criteria), order=_order(criteria))
        values |= {"any": any_of(criteria.query), "several": " & " in criteria.query, "most": MOST + 1, "weights": WEIGHTS}
    elif criteria.has_place:
        sql = (BY_PLACE + PAGE).format(where=where, distance=_distance(criteria), order=_order(criteria))
    else:
        sql = NEWEST.format(where=where)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    total, remote = rows[0][:2]
    is_capped = bool(criteria.query) and total > MOST
    hits = [Hit(*row[2:]) for row in rows if row[2] is not None]
    return Found(hits=hits, total=min(total, MOST) if is_capped else total, remote=remote, is_capped=is_capped)


def counts(every: Sequence[Criteria], *, now: datetime) -> list[int]:
    """Return how many missions each finds, at most ``MOST`` + 1. One query for all; none for none."""
    if not every:
        return []
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, criteria in enumerate(every):
        where, own = _where(criteria, now, with_words=True, suffix=f"_{number}")
        parts.append(f"(SELECT count(*) FROM (SELECT FROM search_entry WHERE {where} LIMIT {MOST + 1}) AS found)")  # noqa: S608 -- our own pieces
        values |= own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        row = cursor.fetchone()
    return list(row or ())


def spots(criteria: Criteria, *, by_department: bool, most: int, named: int, now: datetime) -> list[Spot]:
    """Return where the missions found in person lie, the fullest places first, at most ``most``. One query.

    ``by_department`` gathers them by department, else by city; ``named`` missions of each are told.
    """
    where, values = _where(criteria, now, with_words=True)
    values |= {"most": most, "named": named}
    sql = (BY_DEPARTMENT if by_department else BY_CITY).format(where=where)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Spot(city, dep, lat, lon, count, tuple(ids)) for city, dep, lat, lon, count, ids in cursor.fetchall()]


def like(
    *, mission_id: int, domain: int, department: str, circle: Circle | None, remote_only: bool, most: int, now: datetime
) -> list[int]:
    """Return the missions most like one: of its domain first, then the nearest; then remote ones of its domain. One query.

    ``circle``: around its place; None (it is remote): its department.
    """
    values: dict[str, Any] = {"id": mission_id, "domain": domain, "department": department, "now": now, "most": most}
    near = Criteria(circle=circle) if circle else Criteria()
    place = "AND department = %(department)s"
    if circle is not None:
        place = f"AND cell = ANY(%(cells)s) AND {_distance(near)} <= %(radius)s"
        values |= _circle(circle)
    sql = LIKE.format(place=place, distance=_distance(near), only="AND false" if remote_only else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


# ── the pieces ────────────────────────────────────────────────────────────────────────────────────
PAGE = """
SELECT counted.total, counted.remote, page.mission_id, page.distance, page.remote
FROM counted LEFT JOIN LATERAL (
    SELECT mission_id, distance, remote FROM found ORDER BY {order}
    LIMIT %(limit)s OFFSET least(%(offset)s, greatest(0, (counted.total - 1) / %(limit)s * %(limit)s))
) AS page ON true
"""
# (SELECT …::tsquery) is computed once, and hides its value: the planner always takes the index of words, never reads all vectors.
# Titles and names come first, so that the cap never cuts the best ones off; a single word that is not in them has no rank.
BY_WORDS = """
WITH found AS MATERIALIZED (
    SELECT mission_id, published_at, presence = 'remote' AS remote, {distance} AS distance, tier,
        CASE WHEN tier = 0 OR %(several)s
            THEN ts_rank(%(weights)s::real[], names, (SELECT %(any)s::tsquery)) ELSE 0 END AS rank
    FROM (
        SELECT *, 0 AS tier FROM search_entry WHERE names @@ (SELECT %(query)s::tsquery) AND {where}
        UNION ALL
        SELECT *, 1 FROM search_entry
        WHERE words @@ (SELECT %(query)s::tsquery) AND NOT names @@ (SELECT %(query)s::tsquery) AND {where}
    ) AS entry
    LIMIT %(most)s
), counted AS (SELECT count(*) AS total, count(*) FILTER (WHERE remote) AS remote FROM found)
"""
BY_PLACE = """
WITH found AS MATERIALIZED (
    SELECT mission_id, published_at, presence = 'remote' AS remote, {distance} AS distance FROM search_entry WHERE {where}
), counted AS (SELECT count(*) AS total, count(*) FILTER (WHERE remote) AS remote FROM found)
"""
NEWEST = """
SELECT counted.total, counted.remote, page.*
FROM (
    SELECT count(*) AS total, count(*) FILTER (WHERE presence = 'remote') AS remote FROM search_entry WHERE {where}
) AS counted
LEFT JOIN LATERAL (
    SELECT mission_id, NULL::float8 AS distance, presence = 'remote' AS remote FROM search_entry WHERE {where}
    ORDER BY published_at DESC, mission_id DESC
    LIMIT %(limit)s OFFSET least(%(offset)s, greatest(0, (counted.total - 1) / %(limit)s * %(limit)s))
) AS page ON true
"""
BY_CITY = """
SELECT city, department, avg(latitude), avg(longitude), count(*),
    (array_agg(mission_id ORDER BY published_at DESC, mission_id DESC))[1:%(named)s]
FROM search_entry WHERE latitude IS NOT NULL AND {where}
GROUP BY city, department ORDER BY count(*) DESC, city LIMIT %(most)s
"""
BY_DEPARTMENT = """
SELECT '', department, avg(latitude), avg(longitude), count(*),
    (array_agg(mission_id ORDER BY published_at DESC, mission_id DESC))[1:%(named)s]
FROM search_entry WHERE latitude IS NOT NULL AND {where}
GROUP BY department ORDER BY count(*) DESC, department LIMIT %(most)s
"""
LIKE = """
SELECT mission_id FROM (
    (SELECT mission_id, domain_id = %(domain)s AS same, 0 AS far, {distance} AS distance, published_at FROM search_entry
     WHERE over_at > %(now)s AND mission_id <> %(id)s AND presence <> 'remote' {only} {place}
     ORDER BY same DESC, distance, published_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT mission_id, true, 1, NULL, published_at FROM search_entry
     WHERE over_at > %(now)s AND mission_id <> %(id)s AND presence = 'remote' AND domain_id = %(domain)s
     ORDER BY department = %(department)s DESC, published_at DESC LIMIT %(most)s)
) AS near ORDER BY same DESC, far, distance, published_at DESC
"""


def _distance(criteria: Criteria) -> str:
    """The SQL of the distance in km, flat: wrong by less than 0.3 % within 200 km."""
    if criteria.circle is None:
        return "NULL::float8"
    return (
        f"{KILOMETRES} * sqrt((latitude - %(latitude)s) * (latitude - %(latitude)s)"
        " + %(narrow)s * (longitude - %(longitude)s) * (longitude - %(longitude)s))"
    )


def _order(criteria: Criteria) -> str:
    """Remote ones after those at the place asked for; then relevance, then distance, then the newest."""
    parts = ["remote"] if criteria.has_place else []
    parts += ["tier", "rank DESC"] if criteria.query else []
    parts += ["distance"] if criteria.circle else []
    return ", ".join([*parts, "published_at DESC", "mission_id DESC"])


def _circle(circle: Circle) -> dict[str, Any]:
    return {
        "latitude": circle.latitude,
        "longitude": circle.longitude,
        "narrow": cos(radians(circle.latitude)) ** 2,
        "radius": circle.radius,
        "cells": cells_around(circle),
    }


def _where(criteria: Criteria, now: datetime, *, with_words: bool = False, suffix: str = "") -> tuple[str, dict[str, Any]]:
    """The conditions and their values; ``suffix`` keeps the values of several questions apart.

    The condition on the words is left to ``BY_WORDS``, which has two of them, unless it is asked for.
    """
    parts: list[str] = ["over_at > %(now)s"]
    values: dict[str, Any] = {"now": now}
    if criteria.query:
        values["query"] = criteria.query
        if with_words:
            parts.append("words @@ (SELECT %(query)s::tsquery)")
    if criteria.has_place:
        parts.append(_place(criteria, values))
    for name, condition, value in (
        ("domain", "domain_id = %(domain)s", criteria.domain),
        ("presence", "presence = %(presence)s", criteria.presence or None),
        ("format", "format = %(format)s", criteria.format or None),
        ("public", "publics @> ARRAY[%(public)s]::int[]", criteria.public),
        ("since", "ends_on >= %(since)s", criteria.since),
        ("until", "starts_on <= %(until)s", criteria.until),
        ("organisation", "organisation_id = %(organisation)s", criteria.organisation),
    ):
        if value is not None:
            parts.append(condition)
            values[name] = value
    sql = " AND ".join(parts)
    if suffix:
        sql = sql.replace(")s", f"{suffix})s")
        values = {f"{name}{suffix}": value for name, value in values.items()}
    return sql, values


def _place(criteria: Criteria, values: dict[str, Any]) -> str:
    """What lies at the place, or is remote from one of its departments."""
    if criteria.departments:
        values["departments"] = list(criteria.departments)
    if criteria.circle is not None:
        values |= _circle(criteria.circle)
        there = f"(cell = ANY(%(cells)s) AND {_distance(criteria)} <= %(radius)s)"
    elif criteria.communes:
        values["communes"] = list(criteria.communes)
        there = "(commune = ANY(%(communes)s) AND presence <> 'remote')"
    else:
        return "department = ANY(%(departments)s)"
    if not criteria.departments:
        return there
    return f"({there} OR (department = ANY(%(departments)s) AND presence = 'remote'))"
