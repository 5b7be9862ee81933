"""Name and town of an establishment as they are searched and sorted, kept beside it: ten thousand rows are read, none is computed.

They are its organisation's: two triggers keep the copy true, whoever writes.
"""

from django.db import migrations, models

KEPT = """
CREATE OR REPLACE FUNCTION public.civic_service_keep_search_name() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_name := COALESCE((
        SELECT public.sort_key(o.name || ' ' || o.city)
        FROM public.organisations_organisation o WHERE o.id = NEW.organisation_id
    ), '');
    RETURN NEW;
END
$$;
CREATE TRIGGER civic_service_keep_search_name BEFORE INSERT OR UPDATE OF search_name, organisation_id
    ON civic_service_establishment FOR EACH ROW EXECUTE FUNCTION public.civic_service_keep_search_name();
CREATE OR REPLACE FUNCTION public.civic_service_follow_name() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.civic_service_establishment SET search_name = '' WHERE organisation_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER civic_service_follow_name AFTER UPDATE OF name, city ON organisations_organisation
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.city IS DISTINCT FROM NEW.city)
    EXECUTE FUNCTION public.civic_service_follow_name();
UPDATE civic_service_establishment SET search_name = '';
"""
DROPPED = """
DROP TRIGGER civic_service_follow_name ON organisations_organisation;
DROP FUNCTION public.civic_service_follow_name();
DROP TRIGGER civic_service_keep_search_name ON civic_service_establishment;
DROP FUNCTION public.civic_service_keep_search_name();
"""


class Migration(migrations.Migration):
    dependencies = [("civic_service", "0007_read_the_directory"), ("organisations", "0014_end_memberships")]

    operations = [
        migrations.AddField(
            model_name="establishment",
            name="search_name",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.RunSQL(KEPT, DROPPED),
        migrations.AddIndex(
            model_name="establishment",
            index=models.Index(
                fields=["search_name", "organisation"], condition=models.Q(("left_on", None)), name="civic_service_school_names"
            ),
        ),
    ]
