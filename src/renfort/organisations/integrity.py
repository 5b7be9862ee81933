"""What must always hold of organisations, as questions to the database: each answers with the rows that break it."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="organisations.types",
        sentence="Le type de chaque structure dépend de son statut juridique, et le sous-type de son type (R5).",
        sql="""
            SELECT o.id, o.legal_status, o.type_id, o.subtype_id
            FROM organisations_organisation o
            LEFT JOIN organisations_organisationtype t ON t.id = o.type_id
            LEFT JOIN organisations_legalstatus s ON s.id = t.legal_status_id
            LEFT JOIN organisations_organisationtype u ON u.id = o.subtype_id
            WHERE (t.id IS NOT NULL AND (s.key <> o.legal_status OR t.parent_id IS NOT NULL))
               OR (u.id IS NOT NULL AND u.parent_id IS DISTINCT FROM t.id)
        """,
    ),
    Check(
        name="organisations.joined",
        sentence="Chaque demande acceptée a donné un rôle dans l'équipe (R9).",
        sql="""
            SELECT j.id, j.organisation_id, j.person_id
            FROM organisations_joinrequest j
            WHERE j.state = 'accepted' AND NOT EXISTS (
                SELECT 1 FROM organisations_grant g
                WHERE g.person_id = j.person_id AND g.organisation_id = j.organisation_id
                  AND g.role IN ('manager', 'mission_tutor')
            )
        """,
    ),
    Check(
        name="organisations.invited",
        sentence="Chaque invitation acceptée a donné un rôle dans l'équipe (R40).",
        sql="""
            SELECT i.id, i.organisation_id, i.person_id
            FROM organisations_invitation i
            WHERE i.state = 'accepted' AND NOT EXISTS (
                SELECT 1 FROM organisations_grant g
                WHERE g.person_id = i.person_id AND g.organisation_id = i.organisation_id
                  AND g.role IN ('manager', 'mission_tutor')
            )
        """,
    ),
    Check(
        name="organisations.managed",
        sentence="Une équipe a au moins un responsable, et une structure partie n'a plus d'équipe (R9, R40).",
        sql="""
            SELECT o.id, o.left_at IS NOT NULL AS has_left, count(*) AS members
            FROM organisations_organisation o
            JOIN organisations_grant g ON g.organisation_id = o.id AND g.programme = 'reserve'
                AND g.role IN ('manager', 'mission_tutor') AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
            GROUP BY o.id
            HAVING o.left_at IS NOT NULL OR count(*) FILTER (WHERE g.role = 'manager') = 0
            UNION ALL
            SELECT o.id, false, 0
            FROM organisations_organisation o
            WHERE o.left_at IS NULL AND EXISTS (
                SELECT 1 FROM organisations_grant g WHERE g.organisation_id = o.id AND g.programme = 'reserve'
            ) AND NOT EXISTS (
                SELECT 1 FROM organisations_grant g
                WHERE g.organisation_id = o.id AND g.programme = 'reserve'
                  AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
            )
        """,
    ),
    Check(
        name="organisations.referents",
        sentence="Un référent nommé a au moins un département, et qui n'est plus référent n'en a plus (R50).",
        sql="""
            SELECT r.person_id, count(*) FILTER (WHERE r.ended_at IS NULL) AS registered, count(g.id) AS departments
            FROM organisations_referent r
            LEFT JOIN organisations_grant g ON g.person_id = r.person_id AND g.role = 'referent' AND g.delegation_id IS NULL
                AND g.department_id IS NOT NULL AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
            GROUP BY r.person_id
            HAVING (count(*) FILTER (WHERE r.ended_at IS NULL) > 0) <> (count(g.id) > 0)
        """,
    ),
    Check(
        name="organisations.delegations",
        sentence="Ce qui est prêté ne dépasse ni la période, ni les départements, ni les domaines de la délégation (R65).",
        sql="""
            SELECT g.id, g.delegation_id, g.scope
            FROM organisations_grant g
            JOIN organisations_delegation d ON d.id = g.delegation_id
            WHERE g.valid_until IS NULL
               OR (g.valid_until > clock_timestamp() AND (
                      d.state = 'revoked' OR g.person_id IS DISTINCT FROM d.receiver_id OR NOT (g.scope = ANY (d.departments))
                      OR g.domains <> d.domains OR g.valid_from < d.starts_at OR g.valid_until > d.ends_at))
        """,
    ),
    Check(
        name="organisations.left",
        sentence="Une structure est désinscrite exactement quand elle est partie (R9, R52).",
        sql="""
            SELECT o.id, o.state, o.left_at FROM organisations_organisation o
            WHERE (o.state = 'unsubscribed') IS DISTINCT FROM (o.left_at IS NOT NULL)
        """,
    ),
)
