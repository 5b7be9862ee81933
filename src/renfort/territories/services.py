"""The one verb of the geography: load what the package ships."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

DATA = Path(__file__).parent / "data"
LOCK = 0x7E44_1704  # any constant: two commands started together load one after the other


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What stands in the tables after a load, and how many rows the load had to write."""

    regions: int
    departments: int
    communes: int
    districts: int
    postcodes: int
    former_names: int
    written: int
    deleted: int

    @property
    def unchanged(self) -> bool:
        """Whether the tables already held what the package ships."""
        return self.written == 0 and self.deleted == 0


STAGE = """
CREATE TEMPORARY TABLE new_regions (code text, name text) ON COMMIT DROP;
CREATE TEMPORARY TABLE new_departments (code text, name text, region text, kind text, zone text,
    latitude float8, longitude float8) ON COMMIT DROP;
CREATE TEMPORARY TABLE new_communes (code text, name text, department text, parent text, population int,
    latitude float8, longitude float8, postcodes text) ON COMMIT DROP;
CREATE TEMPORARY TABLE new_former_names (commune text, name text) ON COMMIT DROP;
"""

WRITE = (
    """
INSERT INTO territories_region AS old (code, name)
SELECT code, name FROM new_regions
ON CONFLICT (code) DO UPDATE SET name = excluded.name
WHERE old.name IS DISTINCT FROM excluded.name
""",
    """
INSERT INTO territories_department AS old (code, name, region_id, kind, zone, latitude, longitude)
SELECT code, name, region, kind, zone, latitude, longitude FROM new_departments
ON CONFLICT (code) DO UPDATE SET name = excluded.name, region_id = excluded.region_id, kind = excluded.kind,
    zone = excluded.zone, latitude = excluded.latitude, longitude = excluded.longitude
WHERE (old.name, old.region_id, old.kind, old.zone, old.latitude, old.longitude) IS DISTINCT FROM
    (excluded.name, excluded.region_id, excluded.kind, excluded.zone, excluded.latitude, excluded.longitude)
""",
    """
INSERT INTO territories_commune AS old (code, name, department_id, parent_id, population, latitude, longitude)
SELECT code, name, department, parent, population, latitude, longitude FROM new_communes
ON CONFLICT (code) DO UPDATE SET name = excluded.name, department_id = excluded.department_id,
    parent_id = excluded.parent_id, population = excluded.population,
    latitude = excluded.latitude, longitude = excluded.longitude
WHERE (old.name, old.department_id, old.parent_id, old.population, old.latitude, old.longitude) IS DISTINCT FROM
    (excluded.name, excluded.department_id, excluded.parent_id, excluded.population,
    excluded.latitude, excluded.longitude)
""",
    """
INSERT INTO territories_postcode (code, commune_id)
SELECT DISTINCT postcode, code
FROM new_communes, string_to_table(postcodes, ' ') AS postcode
ON CONFLICT DO NOTHING
""",
    """
INSERT INTO territories_formername (commune_id, name)
SELECT commune, name FROM new_former_names
ON CONFLICT DO NOTHING
""",
)

# Communes are never deleted: missions and addresses may point at one that has merged since, and keep its name.
DELETE = (
    """
DELETE FROM territories_postcode AS old WHERE NOT EXISTS (
    SELECT FROM new_communes AS new
    WHERE new.code = old.commune_id AND old.code = ANY (string_to_array(new.postcodes, ' ')))
""",
    """
DELETE FROM territories_formername AS old WHERE NOT EXISTS (
    SELECT FROM new_former_names AS new WHERE new.commune = old.commune_id AND new.name = old.name)
""",
)

COUNT = """
SELECT (SELECT count(*) FROM territories_region),
    (SELECT count(*) FROM territories_department),
    (SELECT count(*) FROM territories_commune WHERE parent_id IS NULL),
    (SELECT count(*) FROM territories_commune WHERE parent_id IS NOT NULL),
    (SELECT count(DISTINCT code) FROM territories_postcode),
    (SELECT count(*) FROM territories_formername)
"""


@transaction.atomic
def load_territories() -> Loaded:
    """Bring the tables to what the package ships; a second run writes nothing (decision 23).

    No download: the files lie beside this module (`data/SOURCES.md` names their sources).

    Returns the counts of the tables and of the rows written. Raises nothing of its own; on a database error
    nothing is kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(STAGE)
        for name in ("regions", "departments", "communes", "former_names"):
            with (
                gzip.open(DATA / f"{name}.csv.gz") as lines,
                cursor.copy(f"COPY new_{name} FROM STDIN (FORMAT csv, HEADER true)") as copy,
            ):
                while block := lines.read(1 << 16):
                    copy.write(block)
        written = deleted = 0
        for statement in WRITE:
            cursor.execute(statement)
            written += cursor.rowcount
        for statement in DELETE:
            cursor.execute(statement)
            deleted += cursor.rowcount
        if written or deleted:
            # without fresh statistics the first searches read whole tables
            cursor.execute("ANALYZE territories_department, territories_commune, territories_postcode, territories_formername")
        cursor.execute(COUNT)
        regions, departments, communes, districts, postcodes, former_names = cursor.fetchone()
        cursor.execute("DROP TABLE new_regions, new_departments, new_communes, new_former_names")
    return Loaded(
        regions=regions,
        departments=departments,
        communes=communes,
        districts=districts,
        postcodes=postcodes,
        former_names=former_names,
        written=written,
        deleted=deleted,
    )
