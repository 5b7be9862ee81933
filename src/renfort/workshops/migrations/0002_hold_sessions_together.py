"""What constraints of one table cannot say: hours of an enrolment are its session's, states move by name, closed means unchanged (W10)."""

from django.db import migrations

HOURS = """
ALTER TABLE workshops_enrolment ADD CONSTRAINT workshops_enrolment_hours
    FOREIGN KEY (session_id, starts_at, ends_at) REFERENCES workshops_session (id, starts_at, ends_at)
    ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;
"""
NO_HOURS = "ALTER TABLE workshops_enrolment DROP CONSTRAINT workshops_enrolment_hours"

CLOSED = """
CREATE FUNCTION public.workshops_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_TABLE_NAME = 'workshops_session' THEN
        SELECT string_agg(a.state, ',') INTO found FROM (
            SELECT state FROM public.workshops_assignment
            WHERE id IN (OLD.assignment_id, NEW.assignment_id) FOR SHARE) a WHERE a.state = 'closed';
    ELSIF TG_TABLE_NAME = 'workshops_enrolment' THEN
        SELECT string_agg(a.state, ',') INTO found FROM (
            SELECT state FROM public.workshops_assignment
            WHERE id IN (SELECT assignment_id FROM public.workshops_session WHERE id IN (OLD.session_id, NEW.session_id))
            FOR SHARE) a WHERE a.state = 'closed';
    ELSE
        SELECT string_agg(a.state, ',') INTO found FROM (
            SELECT state FROM public.workshops_assignment
            WHERE order_id IN (OLD.order_id, NEW.order_id) FOR SHARE) a WHERE a.state = 'closed';
    END IF;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'workshops: the assignment is closed, nothing of it changes any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER workshops_session_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_session
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_closed();
CREATE TRIGGER workshops_enrolment_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_enrolment
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_closed();
CREATE TRIGGER workshops_orderline_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_orderline
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_closed();
"""
NOT_CLOSED = """
DROP TRIGGER workshops_session_closed ON workshops_session;
DROP TRIGGER workshops_enrolment_closed ON workshops_enrolment;
DROP TRIGGER workshops_orderline_closed ON workshops_orderline;
DROP FUNCTION public.workshops_refuse_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0001_create_workshops")]

    operations = [
        migrations.RunSQL(HOURS, NO_HOURS),
        migrations.RunSQL(CLOSED, NOT_CLOSED),
        migrations.RunSQL("SELECT public.fence_state('workshops_assignment')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('workshops_session')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('workshops_enrolment')", migrations.RunSQL.noop),
    ]
