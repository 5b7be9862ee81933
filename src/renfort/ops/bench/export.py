"""A hundred thousand participations to .xlsx: how long beside the same library writing the same cells alone, in what memory.

Each file is made in a process of its own, as the worker makes it, so that its memory is measured from nothing. The comparison
is the library with the cells ready in memory: what remains above it is reading, rights, fitting cells, progress and keeping.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.db import connection, transaction

from renfort.ops.bench._database import bench_database, variables
from renfort.ops.bench._stage import stage

FEW = 10  # the smaller file has so many times fewer rows
FILL = """
WITH person AS (
    INSERT INTO people_person (first_name, last_name, email, mobile_phone, landline_phone, postcode, birth_date, created_at)
    SELECT 'Éléonore ' || n %% 700, 'Nom-de-famille ' || n, 'personne' || n || '@example.org',
        '+336' || lpad(n::text, 8, '0'), '+335' || lpad(n::text, 8, '0'), '33000', date '1970-01-01' + n %% 12000, now()
    FROM generate_series(1, %(rows)s) AS n RETURNING id
), applied AS (SELECT id, row_number() OVER () AS n FROM person)
INSERT INTO missions_participation (mission_id, organisation_id, person_id, state, version, rules_id, rules_at, created_at,
    decided_at, decided_by_id, refusal_reason, withdrawal_reason)
SELECT (%(missions)s::bigint[])[1 + n %% array_length(%(missions)s::bigint[], 1)], %(organisation)s, id,
    CASE WHEN n %% %(few)s = 0 THEN 'refused' ELSE 'pending' END, 1, %(rules)s,
    CASE WHEN %(rules)s::bigint IS NOT NULL THEN now() END,
    now() - n * interval '1 second', CASE WHEN n %% %(few)s = 0 THEN now() END, NULL,
    CASE WHEN n %% %(few)s = 0 THEN 'other_profile' ELSE '' END, ''
FROM applied
"""


class ExportFailedError(RuntimeError):
    """A file could not be made: its time would mean nothing."""


def run(*, rows: int = 100_000, database: str = "") -> dict[str, Any]:
    """Export ``rows`` participations of one organisation, twenty columns, and of a tenth of them.

    Returns seconds and CPU seconds of the large file, the ratio to the library alone (by CPU: the machine may be shared; and by
    clock), and the peak memory of both files' processes, with how much of it came above the process at rest.
    """
    with bench_database(database) as url:
        organisation, manager = _fill(rows)
        small = _child(url, "export", organisation, manager, "statut=refused")
        large = _measure(url, organisation, manager)
        if large["rows"] != rows:
            raise ExportFailedError(f"{large['rows']} rows instead of {rows}")
        return {
            "rows": large["rows"],
            "columns": large["columns"],
            "seconds": large["seconds"],
            "cpu_seconds": large["cpu_seconds"],
            "library_seconds": large["library_seconds"],
            "library_cpu_seconds": large["library_cpu_seconds"],
            "ratio": round(large["seconds"] / large["library_seconds"], 2),
            "ratio_cpu": round(large["cpu_seconds"] / large["library_cpu_seconds"], 2),
            "megabytes": large["megabytes"],
            "peak_mb": large["peak_mb"],
            "peak_mb_at_a_tenth": small["peak_mb"],
            "rest_mb": large["rest_mb"],
        }


def _fill(rows: int) -> tuple[int, int]:
    """One organisation with a manager and ``rows`` participations on two hundred missions, a tenth of them refused."""
    with transaction.atomic():
        scene = stage(volunteers=1, managers=1, missions=200)
        values: dict[str, Any] = {
            "rows": rows,
            "few": FEW,
            "missions": [mission.pk for mission in scene.missions],
            "organisation": scene.organisation.pk,
            "rules": scene.missions[0].rules_id,
        }
        with connection.cursor() as cursor:
            cursor.execute(FILL, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return scene.organisation.pk, scene.managers[0].person_id


def _measure(url: str, organisation: int, manager: int) -> dict[str, Any]:
    """One file in a process of its own; the library alone in another."""
    made = _child(url, "export", organisation, manager)
    alone = _child(url, "library", organisation, manager)
    return {**made, "library_seconds": alone["seconds"], "library_cpu_seconds": alone["cpu_seconds"]}


def _child(url: str, what: str, organisation: int, manager: int, query: str = "") -> dict[str, Any]:
    command = [sys.executable, "-m", "renfort.ops.bench._export", what, str(organisation), str(manager), query]
    done = subprocess.run(command, env=variables(url), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ExportFailedError(done.stderr[-2000:])
    result: dict[str, Any] = json.loads(done.stdout)
    return result
