"""A UAI and a SIRET that are not exact are refused, whoever writes them (S2); the head of an establishment is found by an index.

The letter of a UAI: the alphabet without I, O and Q at the number modulo 23. A SIRET: Luhn on the SIREN and on the whole; the offices
of La Poste (356 000 000) by the sum of their digits, a multiple of five.
"""

from django.db import migrations, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.civic_service_is_uai(code text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN code ~ '^[0-9]{7}[A-HJ-NPR-Z]$'
        THEN pg_catalog.substr('ABCDEFGHJKLMNPRSTUVWXYZ', pg_catalog.left(code, 7)::integer % 23 + 1, 1) = pg_catalog.right(code, 1)
        ELSE false END
$$;
CREATE OR REPLACE FUNCTION public.civic_service_luhn(digits text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.sum(CASE WHEN doubled > 9 THEN doubled - 9 ELSE doubled END) % 10 = 0
    FROM (
        SELECT pg_catalog.substr(digits, place, 1)::integer
            * CASE WHEN (pg_catalog.length(digits) - place) % 2 = 1 THEN 2 ELSE 1 END AS doubled
        FROM pg_catalog.generate_series(1, pg_catalog.length(digits)) AS place
    ) AS each
$$;
CREATE OR REPLACE FUNCTION public.civic_service_is_siret(digits text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN digits !~ '^[0-9]{14}$' THEN false
        WHEN pg_catalog.left(digits, 9) = '356000000' AND (
            SELECT pg_catalog.sum(pg_catalog.substr(digits, place, 1)::integer) % 5 = 0
            FROM pg_catalog.generate_series(1, 14) AS place
        ) THEN true
        ELSE public.civic_service_luhn(pg_catalog.left(digits, 9)) AND public.civic_service_luhn(digits) END
$$;
"""
DROPPED = """
DROP FUNCTION public.civic_service_is_siret(text);
DROP FUNCTION public.civic_service_luhn(text);
DROP FUNCTION public.civic_service_is_uai(text);
"""
CHECKS = """
ALTER TABLE civic_service_establishment
    ADD CONSTRAINT civic_service_establishment_exact_uai CHECK (uai = '' OR public.civic_service_is_uai(uai)) NOT VALID,
    ADD CONSTRAINT civic_service_establishment_exact_siret CHECK (siret = '' OR public.civic_service_is_siret(siret)) NOT VALID;
"""
VALID = """
ALTER TABLE civic_service_establishment VALIDATE CONSTRAINT civic_service_establishment_exact_uai;
ALTER TABLE civic_service_establishment VALIDATE CONSTRAINT civic_service_establishment_exact_siret;
"""
UNCHECKED = """
ALTER TABLE civic_service_establishment
    DROP CONSTRAINT civic_service_establishment_exact_uai, DROP CONSTRAINT civic_service_establishment_exact_siret;
"""


class Migration(migrations.Migration):
    dependencies = [("civic_service", "0003_note_figures_and_invitations")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(CHECKS, UNCHECKED),
        migrations.RunSQL(VALID, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="establishment",
            index=models.Index(fields=["head"], condition=models.Q(("head", None), _negated=True), name="civic_service_head_of"),
        ),
    ]
