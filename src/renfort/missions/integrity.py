"""What must always hold in the réserve, as questions to the database: each answers with the rows that break it."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="missions.places",
        sentence="Aucune mission n'a plus de places prises ou promises que de places offertes (R34, R60).",
        sql="""
            SELECT m.id, m.places, count(p.id) AS taken
            FROM missions_mission m JOIN missions_participation p ON p.mission_id = m.id
            WHERE NOT m.has_slots AND (p.state IN ('accepted', 'ongoing') OR (p.state = 'done' AND m.format = 'one_off')
               OR (p.state = 'pending' AND p.reserved))
            GROUP BY m.id
            HAVING m.places < count(p.id)
                + (SELECT count(*) FROM missions_waiting w WHERE w.mission_id = m.id AND w.state = 'offered')
        """,
    ),
    Check(
        name="missions.slot.places",
        sentence="Aucun créneau n'a plus de places prises ou promises que de places offertes (R34, R60, R61).",
        sql="""
            SELECT s.id, s.places, count(b.id) AS taken
            FROM missions_slot s JOIN missions_booking b ON b.slot_id = s.id
            JOIN missions_participation p ON p.id = b.participation_id
            WHERE (b.granted_at IS NOT NULL AND p.state IN ('accepted', 'ongoing', 'done'))
               OR (b.reserved AND p.state = 'pending')
            GROUP BY s.id HAVING s.places < count(b.id)
                + (SELECT count(*) FROM missions_waiting w WHERE w.slot_id = s.id AND w.state = 'offered')
        """,
    ),
    Check(
        name="missions.slot.held",
        sentence="Sur une mission à créneaux, qui attend en demande, qui est accepté en tient, et personne d'autre (R61).",
        sql="""
            SELECT p.id, p.state, m.has_slots, count(b.id) AS asked, count(b.granted_at) AS held
            FROM missions_participation p JOIN missions_mission m ON m.id = p.mission_id
            LEFT JOIN missions_booking b ON b.participation_id = p.id
            WHERE m.has_slots OR b.id IS NOT NULL
            GROUP BY p.id, m.has_slots
            HAVING NOT m.has_slots OR (p.state IN ('pending', 'refused') AND count(b.granted_at) > 0)
                OR (p.state IN ('accepted', 'ongoing', 'done') AND count(b.granted_at) = 0)
                OR (p.state = 'pending' AND count(b.id) = 0)
        """,
    ),
    Check(
        name="missions.slot.missions",
        sentence="Une mission se sait à créneaux exactement quand elle en a (R61).",
        sql="""
            SELECT m.id, m.has_slots FROM missions_mission m
            WHERE m.has_slots IS DISTINCT FROM EXISTS (SELECT 1 FROM missions_slot s WHERE s.mission_id = m.id)
        """,
    ),
    Check(
        name="missions.slot.cancelled",
        sentence="Personne n'est encore attendu sur des créneaux tous annulés depuis plus d'une heure (R61).",
        sql="""
            SELECT p.id, p.state FROM missions_participation p
            JOIN missions_mission m ON m.id = p.mission_id AND m.has_slots AND m.state = 'published'
            JOIN missions_booking b ON b.participation_id = p.id AND (b.granted_at IS NOT NULL OR p.state = 'pending')
            JOIN missions_slot s ON s.id = b.slot_id
            WHERE p.state IN ('pending', 'accepted', 'ongoing')
            GROUP BY p.id HAVING bool_and(s.state = 'cancelled') AND max(s.cancelled_at) < now() - interval '1 hour'
        """,
    ),
    Check(
        name="missions.cancelled",
        sentence="Personne n'est encore attendu sur une mission annulée ou refusée depuis plus d'une heure.",
        sql="""
            SELECT p.id, p.state, m.state AS mission_state
            FROM missions_participation p JOIN missions_mission m ON m.id = p.mission_id
            WHERE m.state IN ('cancelled', 'refused') AND p.state IN ('pending', 'accepted', 'ongoing')
              AND EXISTS (SELECT 1 FROM audit_entry e WHERE e.model = 'missions.mission' AND e.object_id = m.id
                          AND e.after = m.state AND e.at < now() - interval '1 hour')
        """,
    ),
    Check(
        name="missions.search",
        sentence="La recherche montre les missions ouvertes, toutes et elles seules (P2) ; sinon : renfort search rebuild.",
        sql="""
            SELECT coalesce(m.id, e.mission_id) AS id, m.state, e.mission_id IS NOT NULL AS is_found
            FROM (SELECT * FROM missions_mission WHERE state = 'published' AND over_at > now()) m
            FULL JOIN (SELECT * FROM search_entry WHERE over_at > now()) e ON e.mission_id = m.id
            WHERE m.id IS NULL OR e.mission_id IS NULL
               OR (m.organisation_id, m.domain_id, m.department_id, m.city, m.presence, m.format, m.starts_on, m.ends_on,
                   m.published_at)
                  IS DISTINCT FROM (e.organisation_id, e.domain_id, e.department, e.city, e.presence, e.format, e.starts_on,
                                    e.ends_on, e.published_at)
        """,
    ),
    Check(
        name="missions.hours.who",
        sentence="Personne n'a d'heures confirmées sans avoir été accepté, ni en étant dit absent (R33).",
        sql="""
            SELECT h.id, p.id AS participation, p.state
            FROM missions_hoursentry h JOIN missions_participation p ON p.id = h.participation_id
            WHERE h.state = 'confirmed' AND p.state IN ('pending', 'refused', 'no_show')
        """,
    ),
    Check(
        name="missions.hours.days",
        sentence="Aucun jour d'une participation n'est compté deux fois (R33).",
        sql="""
            SELECT h.id, other.id AS other
            FROM missions_hoursentry h JOIN missions_hoursentry other
              ON other.participation_id = h.participation_id AND other.id > h.id
             AND other.first_on <= h.last_on AND h.first_on <= other.last_on
            WHERE h.state <> 'removed' AND other.state <> 'removed'
        """,
    ),
    Check(
        name="missions.merged",
        sentence="Rien n'est resté dans une fiche fusionnée : ses missions sont chez celle qui reste (R55).",
        sql="""
            SELECT o.id, o.merged_into_id, m.id AS mission
            FROM organisations_organisation o JOIN missions_mission m ON m.organisation_id = o.id
            WHERE o.merged_into_id IS NOT NULL
            UNION ALL
            SELECT o.id, o.merged_into_id, NULL
            FROM organisations_organisation o JOIN organisations_organisation stays ON stays.id = o.merged_into_id
            WHERE stays.merged_into_id IS NOT NULL
        """,
    ),
)
