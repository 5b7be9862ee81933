"""Posts and the rights that they give move together; numbers of schools are exact (S2, S4)."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

IN_FORCE = "(g.valid_until IS NULL OR g.valid_until > clock_timestamp())"

register(
    Check(
        name="civic_service.posts",
        sentence="Chaque poste en cours d'un établissement a son droit en cours, de la même personne, au même endroit (S4).",
        sql=f"""
            SELECT p.id, p.person_id, p.establishment_id, p.role
            FROM civic_service_post p JOIN organisations_grant g ON g.id = p.grant_id
            WHERE p.ended_at IS NULL AND NOT (
                {IN_FORCE} AND g.programme = 'civic_service' AND g.person_id = p.person_id AND g.role = p.role
                AND g.organisation_id = p.establishment_id
            )
        """,  # noqa: S608 -- our own words
    ),
    Check(
        name="civic_service.grants",
        sentence="Chaque droit en cours sur un établissement vient d'un poste en cours (S4).",
        sql=f"""
            SELECT g.id, g.person_id, g.organisation_id, g.role FROM organisations_grant g
            WHERE {IN_FORCE} AND g.programme = 'civic_service'
              AND g.role IN ('establishment_lead', 'service_tutor', 'service_co_tutor')
              AND NOT EXISTS (SELECT 1 FROM civic_service_post p WHERE p.grant_id = g.id AND p.ended_at IS NULL)
        """,  # noqa: S608 -- our own words
    ),
    Check(
        name="civic_service.identifiers",
        sentence="Chaque code RNE (UAI) a la lettre de ses chiffres, chaque SIRET ses clés (S2).",
        sql="""
            SELECT e.organisation_id, e.uai, e.siret FROM civic_service_establishment e
            WHERE (e.uai <> '' AND NOT public.civic_service_is_uai(e.uai))
               OR (e.siret <> '' AND NOT public.civic_service_is_siret(e.siret))
        """,
    ),
)
