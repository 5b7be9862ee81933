"""What must always hold of fees and cannot be held by a constraint."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="workshops.fees.rounds",
        sentence="Une demande approuvée n'a plus de rétribution qui attend, une demande envoyée n'en a pas d'approuvée (W8).",
        sql="""
            SELECT r.id, r.state, f.id AS fee, f.state AS fee_state FROM workshops_round r
            JOIN workshops_fee f ON f.round_id = r.id
            WHERE (r.state = 'approved' AND f.state = 'requested')
               OR (r.state = 'submitted' AND f.state NOT IN ('requested', 'returned'))
               OR (r.state = 'returned' AND f.state <> 'returned') OR r.state IN ('draft', 'cancelled')
        """,
    ),
    Check(
        name="workshops.fees.owed",
        sentence="Chaque rétribution paie une animation effectuée par quelqu'un de rémunéré, la session passée (W8).",
        sql="""
            SELECT f.id, e.id AS enrolment, e.state, e.standing FROM workshops_fee f
            JOIN workshops_enrolment e ON e.id = f.enrolment_id
            WHERE f.state <> 'returned' AND (e.state <> 'done' OR e.standing <> 'paid' OR e.seat = 'observer'
                  OR e.facilitator_id <> f.payee_id OR e.ends_at > f.created_at)
        """,
    ),
    Check(
        name="workshops.fees.rates",
        sentence="Chaque rétribution est au tarif du jour de sa session (W8).",
        sql="""
            SELECT f.id, f.rate_id, f.rate_on FROM workshops_fee f JOIN workshops_rate r ON r.id = f.rate_id
            LEFT JOIN workshops_enrolment e ON e.id = f.enrolment_id LEFT JOIN workshops_session s ON s.id = e.session_id
            WHERE f.unit_amount <> r.amount OR NOT daterange(r.first_on, r.last_on, '[]') @> f.rate_on
               OR (s.id IS NOT NULL AND (s.kind <> r.kind OR (s.starts_at AT TIME ZONE s.zone)::date <> f.rate_on))
        """,
    ),
    Check(
        name="workshops.fees.coordination",
        sentence="La coordination n'est payée que d'une mission clôturée, une fois, pour les services rendus (W9).",
        sql="""
            SELECT f.id, f.assignment_id, f.quantity FROM workshops_fee f JOIN workshops_assignment a ON a.id = f.assignment_id
            WHERE f.kind = 'coordination' AND f.state <> 'returned' AND (a.state <> 'closed' OR f.quantity <> (
                SELECT count(*) FROM workshops_enrolment e JOIN workshops_session s ON s.id = e.session_id
                WHERE s.assignment_id = a.id AND e.state = 'done' AND e.seat IN ('lead', 'coach')))
        """,
    ),
    Check(
        name="workshops.fees.closed",
        sentence="Une mission clôturée n'a plus de rétribution à demander (W10).",
        sql="""
            SELECT e.id, s.assignment_id FROM workshops_enrolment e JOIN workshops_session s ON s.id = e.session_id
            JOIN workshops_assignment a ON a.id = s.assignment_id
            WHERE a.state = 'closed' AND e.state = 'done' AND e.standing = 'paid' AND e.seat <> 'observer'
              AND NOT EXISTS (SELECT 1 FROM workshops_fee f WHERE f.enrolment_id = e.id AND f.state <> 'returned')
        """,
    ),
)
