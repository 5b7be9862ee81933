"""Functions that every storey's tables use: French order, the fence around states, append-only tables.

Schema-qualified throughout, so that a dump restores whatever the search path (design decisions 14, 17 and 21).
"""

from django.db import migrations

EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
"""

SORT_KEY = """
CREATE OR REPLACE FUNCTION public.sort_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.btrim(pg_catalog.regexp_replace(
        pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, value)),
        '[[:space:]''’‘`´‐‑‒–—/-]+', ' ', 'g'))
$$;
"""

GUARD_STATE = """
CREATE OR REPLACE FUNCTION public.guard_state() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    move text := TG_TABLE_NAME || ':' || OLD.id || ':' || OLD.state || '>' || NEW.state;
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        IF pg_catalog.current_setting('renfort.move', true) IS DISTINCT FROM move THEN
            RAISE EXCEPTION 'state changed outside a transition: %', move
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_state_by_transition';
        END IF;
        PERFORM pg_catalog.set_config('renfort.move', '', true);
    END IF;
    RETURN NEW;
END
$$;
"""

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION public.append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
"""

FENCES = """
CREATE OR REPLACE FUNCTION public.fence_state(fenced regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE pg_catalog.format(
        'CREATE TRIGGER guard_state BEFORE UPDATE OF state ON %s FOR EACH ROW EXECUTE FUNCTION public.guard_state()', fenced);
END
$$;
CREATE OR REPLACE FUNCTION public.fence_append_only(fenced regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE pg_catalog.format(
        'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION public.append_only()', fenced);
    EXECUTE pg_catalog.format(
        'CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION public.append_only()', fenced);
END
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION public.sort_key(text)"),
        migrations.RunSQL(GUARD_STATE, "DROP FUNCTION public.guard_state()"),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION public.append_only()"),
        migrations.RunSQL(FENCES, "DROP FUNCTION public.fence_state(regclass); DROP FUNCTION public.fence_append_only(regclass)"),
    ]
