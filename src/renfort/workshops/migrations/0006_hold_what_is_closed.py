"""Closed means unchanged, whoever writes: the assignment itself, its order, who was invited, who would have coordinated (W10).

``workshops_keep_closed(way, free, erasable)`` is the trigger of every table that belongs to an assignment: ``way`` is the table and
the column that lead there, ``free`` the columns that go on living after the closing, ``erasable`` those that may still be emptied,
because the law may ask for it.
"""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION public.workshops_keep_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    way text := split_part(TG_ARGV[0], '.', 1);
    pointer text := split_part(TG_ARGV[0], '.', 2);
    free text[] := string_to_array(COALESCE(TG_ARGV[1], ''), ',');
    erasable text[] := string_to_array(COALESCE(TG_ARGV[2], ''), ',');
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    keys bigint[];
    is_closed boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF before - free - erasable = after - free - erasable AND NOT EXISTS (
            SELECT FROM unnest(erasable) AS name
            WHERE before -> name IS DISTINCT FROM after -> name AND COALESCE(after ->> name, '') NOT IN ('', 'false', '0')
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    keys := ARRAY[(before ->> pointer)::bigint, (after ->> pointer)::bigint];
    IF way = 'self' THEN
        is_closed := before ->> 'state' = 'closed';
    ELSIF way = 'order' THEN
        SELECT bool_or(a.state = 'closed') INTO is_closed FROM (
            SELECT state FROM public.workshops_assignment WHERE order_id = ANY(keys) FOR SHARE) a;
    ELSE
        IF way = 'session' THEN
            SELECT array_agg(assignment_id) INTO keys FROM public.workshops_session WHERE id = ANY(keys);
        END IF;
        SELECT bool_or(a.state = 'closed') INTO is_closed FROM (
            SELECT state FROM public.workshops_assignment WHERE id = ANY(keys) FOR SHARE) a;
    END IF;
    IF is_closed THEN
        RAISE EXCEPTION 'workshops: the assignment is closed, nothing of it changes any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER workshops_assignment_closed BEFORE UPDATE OR DELETE ON workshops_assignment
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('self.id');
CREATE TRIGGER workshops_order_closed BEFORE UPDATE OR DELETE ON workshops_order
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('order.id');
CREATE TRIGGER workshops_candidacy_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_candidacy
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('assignment.assignment_id', '', 'words');
CREATE TRIGGER workshops_invitee_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_invitee
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('session.session_id', '', 'email');
"""
NOT_KEPT = """
DROP TRIGGER workshops_invitee_closed ON workshops_invitee;
DROP TRIGGER workshops_candidacy_closed ON workshops_candidacy;
DROP TRIGGER workshops_order_closed ON workshops_order;
DROP TRIGGER workshops_assignment_closed ON workshops_assignment;
DROP FUNCTION public.workshops_keep_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0005_drop_single_contacts")]

    operations = [
        migrations.RemoveConstraint("invitee", "workshops_invitee_once"),
        migrations.AddConstraint(
            "invitee",
            models.UniqueConstraint(
                condition=models.Q(("email", ""), _negated=True), fields=("session", "email"), name="workshops_invitee_once"
            ),
        ),
        migrations.RunSQL(KEEP, NOT_KEPT),
    ]
