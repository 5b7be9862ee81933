"""What must always hold in this programme, as questions to the database: each answers with the rows that break it."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="workshops.seats",
        sentence="Aucune session n'a plus d'animateur·ices que de places, rôle par rôle (W3, W4).",
        sql="""
            SELECT s.id, e.seat, count(*) AS taken
            FROM workshops_session s JOIN workshops_enrolment e ON e.session_id = s.id AND e.state IN ('enrolled', 'done')
            GROUP BY s.id, e.seat
            HAVING count(*) > CASE e.seat WHEN 'lead' THEN s.leads WHEN 'co_lead' THEN s.co_leads
                                          WHEN 'coach' THEN s.coaches ELSE s.observers END
        """,
    ),
    Check(
        name="workshops.standing",
        sentence="Personne n'anime comme bénévole hors de l'enseignement (W5).",
        sql="""
            SELECT e.id, a.audience FROM workshops_enrolment e
            JOIN workshops_session s ON s.id = e.session_id JOIN workshops_assignment a ON a.id = s.assignment_id
            WHERE e.standing = 'volunteer' AND a.audience <> 'education'
        """,
    ),
    Check(
        name="workshops.coordinator",
        sentence="Qui coordonne une mission en cours a le rôle « Coordination » chez son client (W1).",
        sql="""
            SELECT a.id, a.coordinator_id FROM workshops_assignment a JOIN workshops_order o ON o.id = a.order_id
            WHERE a.state = 'awarded' AND NOT EXISTS (
                SELECT 1 FROM organisations_grant g
                WHERE g.person_id = a.coordinator_id AND g.programme = 'workshops' AND g.role = 'coordinator'
                  AND g.organisation_id = o.client_id AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
            )
        """,
    ),
    Check(
        name="workshops.facilitators",
        sentence="Qui a le rôle « Animateur·ice » est dans l'annuaire des animateur·ices (W11).",
        sql="""
            SELECT g.id, g.person_id FROM organisations_grant g
            WHERE g.programme = 'workshops' AND g.role = 'facilitator' AND g.valid_until IS NULL
              AND NOT EXISTS (SELECT 1 FROM workshops_facilitator f WHERE f.person_id = g.person_id)
        """,
    ),
    Check(
        name="workshops.cancelled",
        sentence="Personne n'est encore attendu sur une session annulée depuis plus d'une heure (W3).",
        sql="""
            SELECT e.id, s.id AS session FROM workshops_enrolment e JOIN workshops_session s ON s.id = e.session_id
            WHERE e.state = 'enrolled' AND s.state = 'cancelled' AND s.cancelled_at < now() - interval '1 hour'
        """,
    ),
    Check(
        name="workshops.closed",
        sentence="Une mission clôturée n'a ni session à venir, ni rétribution à demander (W10).",
        sql="""
            SELECT a.id, s.id AS session, e.id AS enrolment FROM workshops_assignment a
            JOIN workshops_session s ON s.assignment_id = a.id
            LEFT JOIN workshops_enrolment e ON e.session_id = s.id
            WHERE a.state = 'closed' AND (s.state = 'planned' OR e.state = 'enrolled')
        """,
    ),
)
