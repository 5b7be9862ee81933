"""Write the table of open missions and the lexicon, from what the storey above hands over.

A **source** is a SELECT of the programme's own, with named parameters, that returns one row per open mission:

    mission_id, organisation_id, domain_id, department, commune, city, presence, format, publics, starts_on, ends_on, over_at,
    published_at, latitude, longitude, title, names, body

For ``write`` and ``rebuild`` it locks the missions that it reads (FOR SHARE), so that none is closed between being read and being
written; for the words it need not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from renfort.search.models import Entry
from renfort.search.selectors.cells import ROW, STEPS

Values = Mapping[str, Any]
BATCH = 1_000
LEARNT_AT_ONCE = 2_000

COLUMNS = (
    "mission_id", "organisation_id", "domain_id", "department", "commune", "city", "presence", "format", "publics", "starts_on",
    "ends_on", "over_at", "published_at", "latitude", "longitude",
)  # fmt: skip
MADE = ("cell", "names", "words", "is_learned")
SAID = (*COLUMNS[1:], *MADE[:-1])  # a row that says the same is not written again
WRITE = f"""
INSERT INTO search_entry AS old ({", ".join((*COLUMNS, *MADE))})
SELECT {", ".join(f"given.{column}" for column in COLUMNS)},
    (floor((latitude + 90) * {STEPS}) * {ROW} + floor((longitude + 180) * {STEPS}))::int,
    small.names, small.names || setweight(public.search_words(given.body), 'D'), false
FROM ({{source}}) AS given
CROSS JOIN LATERAL (
    SELECT setweight(public.search_words(given.title), 'A') || setweight(public.search_words(given.names), 'B') AS names
) AS small
ON CONFLICT (mission_id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in (*COLUMNS[1:], *MADE))}
WHERE ({", ".join(f"old.{column}" for column in SAID)}) IS DISTINCT FROM ({", ".join(f"excluded.{column}" for column in SAID)})
"""  # noqa: S608 -- our own pieces
# the words of a mission as they are written, each once
SPOKEN = """
SELECT DISTINCT given.mission_id, lexeme
FROM ({source}) AS given
CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', concat_ws(' ', title, names, body)))) AS lexeme
WHERE lexeme ~ '^[^[:digit:][:space:][:punct:]]{{3,40}}$'
"""
LEARN = """
INSERT INTO search_word AS known (word, documents)
SELECT lexeme, count(*) FROM ({spoken}) AS spoken GROUP BY lexeme ORDER BY lexeme
ON CONFLICT (word) DO UPDATE SET documents = {documents}
"""


def write(source: str, values: Values, *, ids: list[int]) -> None:
    """Bring the rows of these missions to what the source says: those that it no longer returns are gone. Three statements.

    Call it in the transaction of what happened to the missions, which holds their rows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITE.format(source=source), values)
        cursor.execute(
            f"DELETE FROM search_entry WHERE mission_id = ANY(%(ids)s)"  # noqa: S608 -- the source is the caller's own SQL
            f" AND mission_id NOT IN (SELECT mission_id FROM ({source}) AS given)",
            {**values, "ids": ids},
        )


def rebuild(source: str, values: Values, *, batches: Iterator[list[int]]) -> int:
    """Build everything again, searches going on meanwhile; returns how many missions can be found.

    ``batches`` are the numbers of the open missions; each batch is a transaction of its own (unless the caller holds one), with
    ``ids`` among the source's values.
    """
    seen: set[int] = set()
    for ids in batches:
        write(source, {**values, "ids": ids}, ids=ids)
        seen.update(ids)
    stale = set(Entry.objects.values_list("mission_id", flat=True)) - seen
    for ids in _sliced(sorted(stale)):
        write(source, {**values, "ids": ids}, ids=ids)  # closed meanwhile: gone; opened meanwhile: kept
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")
    return Entry.objects.count()


def _sliced(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def forget(now: datetime) -> int:
    """Remove what is over at ``now``; the searches leave it out already. Returns how many rows."""
    return Entry.objects.filter(over_at__lte=now).delete()[0]


def learn(source: str, values: Values) -> int:
    """Add the words of the missions that are new or changed to the lexicon; returns how many missions were read.

    A changed mission is counted again: ``learn_anew`` puts the counts right, each night.
    """
    learnt = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            ids = list(
                Entry.objects.filter(is_learned=False)
                .order_by("mission_id")
                .select_for_update(skip_locked=True)
                .values_list("mission_id", flat=True)[:LEARNT_AT_ONCE]
            )
            if not ids:
                return learnt
            spoken = SPOKEN.format(source=source)
            cursor.execute(LEARN.format(spoken=spoken, documents="known.documents + excluded.documents"), {**values, "ids": ids})
            Entry.objects.filter(mission_id__in=ids).update(is_learned=True)
            learnt += len(ids)


def learn_anew(source: str, values: Values, *, ids: list[int]) -> int:
    """Count the words of all open missions anew: words that nobody uses any more are gone. Returns how many words there are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE search_word IN SHARE ROW EXCLUSIVE MODE")  # one at a time; searches go on
        cursor.execute("CREATE TEMPORARY TABLE spoken (word text PRIMARY KEY, documents int) ON COMMIT DROP")
        spoken = SPOKEN.format(source=source)
        counted = f"INSERT INTO spoken SELECT lexeme, count(*) FROM ({spoken}) AS spoken GROUP BY lexeme"  # noqa: S608 -- our own pieces
        cursor.execute(counted, {**values, "ids": ids})
        cursor.execute("DELETE FROM search_word AS old WHERE NOT EXISTS (SELECT FROM spoken WHERE spoken.word = old.word)")
        cursor.execute(
            "INSERT INTO search_word AS old (word, documents) SELECT word, documents FROM spoken"
            " ON CONFLICT (word) DO UPDATE SET documents = excluded.documents WHERE old.documents <> excluded.documents"
        )
        cursor.execute("SELECT count(*) FROM spoken")
        row = cursor.fetchone()
        cursor.execute("DROP TABLE spoken")
        Entry.objects.filter(is_learned=False, mission_id__in=ids).update(is_learned=True)
        cursor.execute("ANALYZE search_word")
    return int(row[0]) if row else 0
