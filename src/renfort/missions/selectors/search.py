"""What the réserve hands over to the search: its open missions as rows, and what the public list asks of it (P2).

``SOURCE`` is a source as ``search.services`` describes it. A mission without coordinates lies at the centre of its commune, else
of its postcode, else of its department; a remote one lies nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from renfort.missions.models import Mission
from renfort.missions.selectors.mission import open_missions

BATCH = 1_000

SOURCE = """
SELECT m.id AS mission_id, m.organisation_id, m.domain_id, m.department_id AS department, coalesce(m.commune_id, '') AS commune,
    m.city, m.presence, m.format,
    ARRAY(SELECT link.public_id::int FROM missions_mission_publics AS link WHERE link.mission_id = m.id ORDER BY 1) AS publics,
    m.starts_on, m.ends_on, m.over_at, m.published_at,
    CASE WHEN m.presence <> 'remote' THEN coalesce(m.latitude, commune.latitude, near.latitude, department.latitude) END
        AS latitude,
    CASE WHEN m.presence <> 'remote' THEN coalesce(m.longitude, commune.longitude, near.longitude, department.longitude) END
        AS longitude,
    m.title,
    concat_ws(' ', organisation.name, m.city, m.postcode) AS names,
    concat_ws(' ', m.description, m.schedule, domain.short_fr, department.name,
        (SELECT string_agg(public.label_fr, ' ') FROM missions_public AS public
         JOIN missions_mission_publics AS link ON link.public_id = public.id WHERE link.mission_id = m.id)) AS body
FROM missions_mission AS m
JOIN organisations_organisation AS organisation ON organisation.id = m.organisation_id
JOIN missions_domain AS domain ON domain.id = m.domain_id
JOIN territories_department AS department ON department.code = m.department_id
LEFT JOIN territories_commune AS commune ON commune.code = m.commune_id
LEFT JOIN LATERAL (
    SELECT avg(shared.latitude) AS latitude, avg(shared.longitude) AS longitude
    FROM territories_postcode AS postcode JOIN territories_commune AS shared ON shared.code = postcode.commune_id
    WHERE postcode.code = m.postcode AND m.latitude IS NULL AND m.commune_id IS NULL
) AS near ON true
WHERE m.id = ANY(%(ids)s) AND m.state = 'published' AND m.over_at > %(now)s
"""
# for whoever writes what it says: none of these missions is closed before that is written
LOCKED_SOURCE = f"{SOURCE} FOR SHARE OF m"


def values() -> dict[str, Any]:
    """The values of ``SOURCE`` but ``ids``."""
    return {"now": timezone.now()}


def open_ids() -> list[int]:
    """The numbers of the open missions, in order. One query."""
    return list(open_missions().order_by("pk").values_list("pk", flat=True))


def open_batches() -> Iterator[list[int]]:
    """The same, some at a time."""
    ids = open_ids()
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def open_ids_of(organisation_id: int) -> list[int]:
    """The open missions of one organisation. One query."""
    return list(Mission.objects.filter(organisation_id=organisation_id, state="published").values_list("pk", flat=True))
