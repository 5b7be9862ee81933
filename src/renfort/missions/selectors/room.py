"""The places left on all the missions of one organisation, or of a territory, at once (R34, R41, R51), in one pass.

Counted from the rows at each question, never kept beside them. What makes it cheap: each half reads one index from end to end
(``missions_mission_online``, ``missions_participation_room``), where counting mission by mission jumps about in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from renfort.missions.enums import IN_LINE, TAKING, Format, MissionState, ParticipationState, SlotState, quoted
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.slots import HOLDS

S = ParticipationState


OF_HOST = f"""
    SELECT id, department_id, places, format, has_slots, begins_at FROM missions_mission
    WHERE organisation_id = %s AND state = '{MissionState.PUBLISHED}' AND over_at > %s
"""  # noqa: S608 -- our own words
COLUMNS = ("id", "department_id", "places", "format", "has_slots", "begins_at")


def _room(online: str, held: str) -> str:
    """Every mission of ``online``, which are online indeed, with ``room``: its places left, below zero where too many were given.

    ``held`` says whose participations those are. Parameters: those of ``online``, those of ``held``, now, now. What a slot
    offers and has taken counts while it is to come: an online mission is not over.
    """
    return f"""
WITH online AS MATERIALIZED ({online}), whole AS (
    SELECT mission_id, count(*) AS held, count(*) FILTER (WHERE state = '{S.DONE}') AS done
    FROM missions_participation
    WHERE {held}
      AND (state IN ({quoted([*TAKING, S.DONE])}) OR (state = '{S.PENDING}' AND reserved))
    GROUP BY mission_id
), slots AS (
    SELECT slot.mission_id, sum(slot.places) AS offered
    FROM online JOIN missions_slot slot ON slot.mission_id = online.id
    WHERE online.has_slots AND slot.state = '{SlotState.OPEN}' AND slot.ends_at > %s
    GROUP BY slot.mission_id
), booked AS (
    SELECT booking.mission_id, count(*) AS held
    FROM online JOIN missions_booking booking ON booking.mission_id = online.id
    JOIN missions_slot slot ON slot.id = booking.slot_id AND slot.state = '{SlotState.OPEN}' AND slot.ends_at > %s
    JOIN missions_participation holder ON holder.id = booking.participation_id AND {HOLDS}
    WHERE online.has_slots
    GROUP BY booking.mission_id
)
SELECT online.id, online.department_id, online.begins_at,
    CASE WHEN online.has_slots THEN coalesce(slots.offered, 0) - coalesce(booked.held, 0)
         ELSE online.places - coalesce(whole.held, 0)
            + CASE WHEN online.format = '{Format.ONE_OFF}' THEN 0 ELSE coalesce(whole.done, 0) END
    END AS room
FROM online
LEFT JOIN whole ON whole.mission_id = online.id AND NOT online.has_slots
LEFT JOIN slots ON slots.mission_id = online.id
LEFT JOIN booked ON booked.mission_id = online.id
"""  # noqa: S608 -- our own words


ROOM = _room(OF_HOST, "organisation_id = %s")  # of one organisation; parameters: ``_asked``
HELD_ONLINE = "mission_id IN (SELECT id FROM online WHERE NOT has_slots)"

ORDERS = {"cree": "", "titre": "mission.search_name", "debut": "mission.starts_on", "places": "room"}  # words of addresses


def _asked(organisation: int, now: datetime) -> list[Any]:
    return [organisation, now, organisation, now, now]


# The same for the missions of one page, whatever their state: what ``with_places`` annotates. Parameters of each: now, twice.
TAKEN_ON_SLOTS = f"""(
    SELECT count(*) FROM missions_booking booking
    JOIN missions_slot slot ON slot.id = booking.slot_id AND slot.state = '{SlotState.OPEN}'
    JOIN missions_participation holder ON holder.id = booking.participation_id AND {HOLDS}
    WHERE booking.mission_id = missions_mission.id
      AND (slot.ends_at > %s OR missions_mission.over_at <= %s)
)"""  # noqa: S608 -- our own words
OFFERED_ON_SLOTS = f"""(
    SELECT coalesce(sum(slot.places), 0) FROM missions_slot slot
    WHERE slot.mission_id = missions_mission.id AND slot.state = '{SlotState.OPEN}'
      AND (slot.ends_at > %s OR missions_mission.over_at <= %s)
)"""  # noqa: S608 -- our own words
KEPT_ON_SLOTS = f"""(
    SELECT coalesce(sum(least(waiting.count, greatest(slot.places - taken.count, 0))), 0)
    FROM missions_slot slot
    CROSS JOIN LATERAL (
        SELECT count(*) FROM missions_waiting turn WHERE turn.slot_id = slot.id AND turn.state IN ({quoted(IN_LINE)})
    ) waiting
    CROSS JOIN LATERAL (
        SELECT count(*) FROM missions_booking booking
        JOIN missions_participation holder ON holder.id = booking.participation_id AND {HOLDS}
        WHERE booking.slot_id = slot.id
    ) taken
    WHERE slot.mission_id = missions_mission.id AND slot.state = '{SlotState.OPEN}'
      AND (slot.ends_at > %s OR missions_mission.over_at <= %s)
)"""  # noqa: S608 -- our own words
TAKEN_WHOLE = f"""(
    SELECT count(*) FROM missions_participation held
    WHERE held.mission_id = missions_mission.id
      AND (held.state IN ({quoted(TAKING)}) OR (held.state = '{S.PENDING}' AND held.reserved)
        OR (held.state = '{S.DONE}' AND format = '{Format.ONE_OFF}'))
)"""  # noqa: S608 -- our own words
KEPT_WHOLE = f"""(
    SELECT count(*) FROM missions_waiting turn
    WHERE turn.mission_id = missions_mission.id AND turn.state IN ({quoted(IN_LINE)})
)"""  # noqa: S608 -- our own words
ROWS = f"SELECT id, {TAKEN_WHOLE}, places, {KEPT_WHOLE} FROM missions_mission WHERE id = ANY(%s)"  # noqa: S608 -- our own words
ROWS_WITH_SLOTS = f"""
SELECT id,
    CASE WHEN has_slots THEN {TAKEN_ON_SLOTS} ELSE {TAKEN_WHOLE} END,
    CASE WHEN has_slots THEN {OFFERED_ON_SLOTS} ELSE places END,
    CASE WHEN has_slots THEN {KEPT_ON_SLOTS} ELSE {KEPT_WHOLE} END
FROM missions_mission WHERE id = ANY(%s)
"""  # noqa: S608 -- our own words


def with_slot_places(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Annotate ``slots_taken`` and ``slots_offered``: the places of the mission's slots, None for a mission without any."""
    now = timezone.now()
    return participations.annotate(
        slots_taken=RawSQL(f"CASE WHEN missions_mission.has_slots THEN {TAKEN_ON_SLOTS} END", [now, now]),  # noqa: S611 -- idem
        slots_offered=RawSQL(f"CASE WHEN missions_mission.has_slots THEN {OFFERED_ON_SLOTS} END", [now, now]),  # noqa: S611 -- idem
    ).select_related("mission")


def count_places(missions: Iterable[Mission]) -> None:
    """Note on the missions of a page what ``with_places`` annotates: ``taken_now``, ``offered_now``, ``promised_now``. One query,
    none for no mission.

    Written out, because to build and plan that annotation costs a page of twenty rows more than all else in it; and without the
    slots' tables where no mission has any, which to plan costs most of the rest.
    """
    rows: dict[int, Any] = {mission.pk: mission for mission in missions}
    if not rows:
        return
    now, with_slots = timezone.now(), any(mission.has_slots for mission in rows.values())
    with connection.cursor() as cursor:
        if with_slots:
            cursor.execute(ROWS_WITH_SLOTS, [*[now] * 6, list(rows)])
        else:
            cursor.execute(ROWS, [list(rows)])
        for pk, taken, offered, promised in cursor.fetchall():
            rows[pk].taken_now, rows[pk].offered_now, rows[pk].promised_now = taken, int(offered), int(promised)


def having_room(organisation: int, now: datetime) -> Q:
    """The missions of the organisation that are online and have places left."""
    return Q(pk__in=RawSQL(f"SELECT id FROM ({ROOM}) found WHERE room > 0", _asked(organisation, now)))  # noqa: S608, S611 -- idem


def being_full(organisation: int, now: datetime) -> Q:
    """The missions of the organisation that are online and have none left."""
    return Q(pk__in=RawSQL(f"SELECT id FROM ({ROOM}) found WHERE room <= 0", _asked(organisation, now)))  # noqa: S608, S611 -- idem


def rooms(organisation: int, missions: QuerySet[Mission], now: datetime, *, asked: str) -> tuple[list[int], int]:
    """Which of these missions of one organisation have places left, in the order of the list, and their places together.

    ``asked``: the order that the address asks for (« titre », « -titre »), newest first when it is none of ``ORDERS``. One query.
    """
    narrowed, values = missions.order_by().values("pk", "search_name", "starts_on").query.sql_with_params()
    way = "DESC" if asked.startswith("-") else "ASC"
    columns = ORDERS.get(asked.removeprefix("-"))
    order = f"mission.id {'DESC' if columns is None else way}"
    if columns:
        order = f"{columns} {way}, {order}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(array_agg(mission.id ORDER BY {order}), '{{}}'), coalesce(sum(room), 0) "  # noqa: S608 -- idem
            f"FROM ({ROOM}) found JOIN ({narrowed}) mission (id, search_name, starts_on) USING (id) WHERE room > 0",
            [*_asked(organisation, now), *values],
        )
        found = cursor.fetchone()
    return list(found[0]), int(found[1])


def roomy(missions: QuerySet[Mission], now: datetime) -> list[int]:
    """Which of these missions, all of them online, have places left, newest first. One query."""
    text, values = _among(missions, now)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(array_agg(id ORDER BY id DESC), '{{}}') FROM ({text}) found WHERE room > 0", values)  # noqa: S608 -- idem
        found = cursor.fetchone()
    return list(found[0])


def having_room_among(missions: QuerySet[Mission], now: datetime) -> Q:
    """Those of these missions, all of them online, that have places left; for whoever narrows them further."""
    text, values = _among(missions, now)
    return Q(pk__in=RawSQL(f"SELECT id FROM ({text}) found WHERE room > 0", values))  # noqa: S608, S611 -- idem


def left_by_department(missions: QuerySet[Mission], now: datetime) -> dict[str, int]:
    """The places left on these missions, all of them online, by the code of their department. One query."""
    text, values = _among(missions, now)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT department_id, sum(room) FROM ({text}) found WHERE room > 0 GROUP BY department_id", values)  # noqa: S608 -- idem
        return {str(code): int(left) for code, left in cursor.fetchall()}


def _among(missions: QuerySet[Mission], now: datetime) -> tuple[str, list[Any]]:
    """The missions of a query with their ``room``, and the parameters of it."""
    narrowed, values = missions.order_by().values(*COLUMNS).query.sql_with_params()
    return _room(narrowed, HELD_ONLINE), [*values, now, now]


def figures(organisation: int, missions: QuerySet[Mission], now: datetime, *, soon: datetime) -> tuple[int, int]:
    """The places left on these missions of one organisation; how many of them begin before ``soon`` and have some. One query."""
    narrowed, values = missions.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(room), 0), count(*) FILTER (WHERE begins_at > %s AND begins_at <= %s) "  # noqa: S608 -- idem
            f"FROM ({ROOM}) found WHERE room > 0 AND id IN ({narrowed})",
            [now, soon, *_asked(organisation, now), *values],
        )
        found = cursor.fetchone()
    return int(found[0]), int(found[1])
