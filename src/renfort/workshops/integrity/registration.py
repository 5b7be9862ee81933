"""What must always hold of participants, as questions to the database."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="workshops.participants",
        sentence="Aucune session n'a plus d'inscrit·es que de places ; qui est venu·e sans place s'ajoute (W6).",
        sql="""
            SELECT s.id, s.participants, count(*) AS taken
            FROM workshops_session s JOIN workshops_registration r ON r.session_id = s.id AND r.state IN ('confirmed', 'present')
            GROUP BY s.id, s.participants
            HAVING count(*) FILTER (WHERE r.source <> 'spot') > s.participants
        """,
    ),
    Check(
        name="workshops.participants_cancelled",
        sentence="Aucun·e participant·e n'attend encore une session annulée depuis plus d'une heure (W6).",
        sql="""
            SELECT r.id, s.id AS session FROM workshops_registration r JOIN workshops_session s ON s.id = r.session_id
            WHERE r.state IN ('invited', 'waiting', 'confirmed') AND s.state = 'cancelled'
              AND s.cancelled_at < now() - interval '1 hour'
        """,
    ),
)
