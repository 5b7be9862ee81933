"""What constraints of one table cannot say of fees: rates that do not overlap nor change once used, fees that pay what was done,
once, at the rate of the day; a facilitator whose fee is asked does not change any more; what goes on after a closing (W8 to W10)."""

from django.db import migrations

# the key of a rate is written as a range of one number: an exclusion by equality would need an extension of the database
RATES = """
ALTER TABLE workshops_rate ADD CONSTRAINT workshops_rate_one_a_day EXCLUDE USING gist (
    int8range(hashtextextended(audience || '/' || role || '/' || kind, 0),
              hashtextextended(audience || '/' || role || '/' || kind, 0), '[]') WITH &&,
    daterange(first_on, last_on, '[]') WITH &&);
CREATE FUNCTION public.workshops_guard_rate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.audience, NEW.role, NEW.kind, NEW.amount, NEW.first_on) IS DISTINCT FROM
       (OLD.audience, OLD.role, OLD.kind, OLD.amount, OLD.first_on) THEN
        RAISE EXCEPTION 'workshops: a rate does not change, another one follows it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_rate_stays';
    END IF;
    IF EXISTS (SELECT 1 FROM public.workshops_fee f WHERE f.rate_id = OLD.id AND f.rate_on > NEW.last_on) THEN
        RAISE EXCEPTION 'workshops: a fee has used this rate after its new last day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_rate_is_used';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workshops_rate_stays BEFORE UPDATE ON workshops_rate
    FOR EACH ROW EXECUTE FUNCTION public.workshops_guard_rate();
"""
NO_RATES = """
DROP TRIGGER workshops_rate_stays ON workshops_rate;
DROP FUNCTION public.workshops_guard_rate();
ALTER TABLE workshops_rate DROP CONSTRAINT workshops_rate_one_a_day;
"""

# the shared locks let nobody change what is read here before the fee is there for them to see
FEES = """
CREATE FUNCTION public.workshops_check_fee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    what record;
    price record;
    mission record;
BEGIN
    SELECT state, audience, coordinator_id INTO mission FROM public.workshops_assignment WHERE id = NEW.assignment_id FOR SHARE;
    SELECT amount, role, audience, first_on, last_on INTO price FROM public.workshops_rate WHERE id = NEW.rate_id FOR SHARE;
    IF mission.state = 'closed' THEN
        RAISE EXCEPTION 'workshops: the assignment is closed, no fee is asked any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
    END IF;
    IF price.amount <> NEW.unit_amount OR price.audience <> mission.audience OR NEW.rate_on < price.first_on
       OR NEW.rate_on > price.last_on OR (price.role = 'coordination') <> (NEW.kind = 'coordination') THEN
        RAISE EXCEPTION 'workshops: the fee is not that of the rate of its day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_of_its_rate';
    END IF;
    IF NEW.kind = 'coordination' THEN
        IF NEW.payee_id IS DISTINCT FROM mission.coordinator_id THEN
            RAISE EXCEPTION 'workshops: the coordination is paid to who coordinates'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_payee';
        END IF;
        RETURN NEW;
    END IF;
    SELECT e.state, e.standing, e.seat, e.facilitator_id, s.assignment_id, s.kind, r.assignment_id AS asked_for INTO what
    FROM public.workshops_enrolment e JOIN public.workshops_session s ON s.id = e.session_id,
         public.workshops_round r
    WHERE e.id = NEW.enrolment_id AND r.id = NEW.round_id FOR SHARE OF e;
    IF what.state <> 'done' OR what.standing <> 'paid' OR what.seat <> price.role THEN
        RAISE EXCEPTION 'workshops: only what was done by somebody who is paid is owed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_is_owed';
    END IF;
    IF what.facilitator_id <> NEW.payee_id OR what.assignment_id <> NEW.assignment_id OR what.asked_for <> NEW.assignment_id THEN
        RAISE EXCEPTION 'workshops: the fee is of another person or another assignment'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_payee';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workshops_fee_is_owed BEFORE INSERT ON workshops_fee
    FOR EACH ROW EXECUTE FUNCTION public.workshops_check_fee();

CREATE FUNCTION public.workshops_guard_fee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'workshops: a fee is never removed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_stays';
    END IF;
    IF (NEW.round_id, NEW.assignment_id, NEW.enrolment_id, NEW.payee_id, NEW.kind, NEW.rate_id, NEW.rate_on, NEW.quantity,
        NEW.unit_amount, NEW.amount) IS DISTINCT FROM
       (OLD.round_id, OLD.assignment_id, OLD.enrolment_id, OLD.payee_id, OLD.kind, OLD.rate_id, OLD.rate_on, OLD.quantity,
        OLD.unit_amount, OLD.amount) THEN
        RAISE EXCEPTION 'workshops: what a fee pays never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_stays';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state IN ('returned', 'paid') THEN
        RAISE EXCEPTION 'workshops: a fee that was paid or returned stays so'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_is_final';
    END IF;
    IF NEW.state = 'returned' AND OLD.state <> 'returned' AND EXISTS (
        SELECT 1 FROM public.workshops_assignment a WHERE a.id = NEW.assignment_id AND a.state = 'closed') THEN
        RAISE EXCEPTION 'workshops: the assignment is closed, a fee could not be asked again'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workshops_fee_stays BEFORE UPDATE OR DELETE ON workshops_fee
    FOR EACH ROW EXECUTE FUNCTION public.workshops_guard_fee();
"""
NO_FEES = """
DROP TRIGGER workshops_fee_stays ON workshops_fee;
DROP TRIGGER workshops_fee_is_owed ON workshops_fee;
DROP FUNCTION public.workshops_guard_fee();
DROP FUNCTION public.workshops_check_fee();
"""

# Thousands of fees move at once: beside the move of one row that every life knows, so many rows of this table may be announced to
# make one named move (« workshops_fee:requested>approved:2000 »); each that makes it uses one up.
MANY = """
CREATE FUNCTION public.guard_state_of_many() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    move text := TG_TABLE_NAME || ':' || OLD.id || ':' || OLD.state || '>' || NEW.state;
    moves text := TG_TABLE_NAME || ':' || OLD.state || '>' || NEW.state || ':';
    said text := coalesce(pg_catalog.current_setting('renfort.moves', true), '');
    left_over integer;
BEGIN
    IF NEW.state IS NOT DISTINCT FROM OLD.state THEN
        RETURN NEW;
    END IF;
    IF pg_catalog.current_setting('renfort.move', true) IS NOT DISTINCT FROM move THEN
        PERFORM pg_catalog.set_config('renfort.move', '', true);
        RETURN NEW;
    END IF;
    IF pg_catalog.starts_with(said, moves) THEN
        left_over := pg_catalog.substr(said, pg_catalog.length(moves) + 1)::integer;
        IF left_over > 0 THEN
            PERFORM pg_catalog.set_config('renfort.moves', moves || (left_over - 1), true);
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'state changed outside a transition: %', move
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_state_by_transition';
END $$;
CREATE TRIGGER guard_state BEFORE UPDATE OF state ON workshops_fee
    FOR EACH ROW EXECUTE FUNCTION public.guard_state_of_many();
"""
NOT_MANY = """
DROP TRIGGER guard_state ON workshops_fee;
DROP FUNCTION public.guard_state_of_many();
"""

# after the closing a request that was sent may still be approved, and nothing else
ROUNDS = """
CREATE FUNCTION public.workshops_refuse_closed_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'submitted' AND NEW.state = 'approved' AND NEW.assignment_id = OLD.assignment_id THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM 1 FROM (SELECT state FROM public.workshops_assignment
        WHERE id IN (OLD.assignment_id, NEW.assignment_id) FOR SHARE) a WHERE a.state = 'closed';
    IF FOUND THEN
        RAISE EXCEPTION 'workshops: the assignment is closed, nothing of it changes any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER workshops_round_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_round
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_closed_round();
"""
NO_ROUNDS = """
DROP TRIGGER workshops_round_closed ON workshops_round;
DROP FUNCTION public.workshops_refuse_closed_round();
"""

LOCKED = """
CREATE FUNCTION public.workshops_keep_paid_enrolment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.state, NEW.standing, NEW.seat, NEW.facilitator_id, NEW.session_id) IS DISTINCT FROM
       (OLD.state, OLD.standing, OLD.seat, OLD.facilitator_id, OLD.session_id)
       AND EXISTS (SELECT 1 FROM public.workshops_fee f WHERE f.enrolment_id = OLD.id AND f.state <> 'returned') THEN
        RAISE EXCEPTION 'workshops: the fee of this facilitator is asked, nothing changes any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_fee_is_asked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workshops_enrolment_paid BEFORE UPDATE ON workshops_enrolment
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_paid_enrolment();
"""
NOT_LOCKED = """
DROP TRIGGER workshops_enrolment_paid ON workshops_enrolment;
DROP FUNCTION public.workshops_keep_paid_enrolment();
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0008_create_fees")]

    operations = [
        migrations.RunSQL(RATES, NO_RATES),
        migrations.RunSQL(FEES, NO_FEES),
        migrations.RunSQL(MANY, NOT_MANY),
        migrations.RunSQL(ROUNDS, NO_ROUNDS),
        migrations.RunSQL(LOCKED, NOT_LOCKED),
        migrations.RunSQL("SELECT public.fence_state('workshops_round')", migrations.RunSQL.noop),
    ]
