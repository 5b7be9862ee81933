"""What was written as an invoice, a mandate, a payment stays as it was; numbers of a series only count up; states move by name (W11).

``workshops_keep_written(free, when)``: nothing is deleted, and nothing but the columns ``free`` changes; ``when`` names a state before
which the row is still being made.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION public.workshops_keep_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := string_to_array(COALESCE(TG_ARGV[0], ''), ',');
    before jsonb := to_jsonb(OLD);
BEGIN
    IF TG_NARGS > 1 AND before ->> 'state' <> TG_ARGV[1] THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND before - free = to_jsonb(NEW) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%: what was written does not change', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_written';
END $$;
CREATE TRIGGER workshops_bill_written BEFORE UPDATE OR DELETE ON workshops_bill
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_written('', 'accepted');
CREATE TRIGGER workshops_billline_written BEFORE UPDATE OR DELETE ON workshops_billline
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_written('');
CREATE TRIGGER workshops_clientinvoice_written BEFORE UPDATE OR DELETE ON workshops_clientinvoice
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_written('paid_on');
CREATE TRIGGER workshops_mandate_written BEFORE UPDATE OR DELETE ON workshops_mandate
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_written('ended_at');
CREATE TRIGGER workshops_payment_written BEFORE UPDATE OR DELETE ON workshops_payment
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_written('outcome,reason,settled_on');
CREATE TRIGGER workshops_transfer_written BEFORE UPDATE OR DELETE ON workshops_transfer
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_written('state,version,settled_at,cancelled_at');

CREATE FUNCTION public.workshops_count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.key = OLD.key AND NEW.last = OLD.last + 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'workshops_series: numbers follow one another'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_series_counts_up';
END $$;
CREATE TRIGGER workshops_series_counts_up BEFORE UPDATE OR DELETE ON workshops_series
    FOR EACH ROW EXECUTE FUNCTION public.workshops_count_up();

CREATE FUNCTION public.workshops_settle_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome <> 'pending' AND NEW.outcome IS DISTINCT FROM OLD.outcome THEN
        RAISE EXCEPTION 'workshops_payment: the bank has answered'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_payment_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workshops_payment_settle_once BEFORE UPDATE ON workshops_payment
    FOR EACH ROW EXECUTE FUNCTION public.workshops_settle_once();
"""
NOT_KEPT = """
DROP TRIGGER workshops_bill_written ON workshops_bill;
DROP TRIGGER workshops_billline_written ON workshops_billline;
DROP TRIGGER workshops_clientinvoice_written ON workshops_clientinvoice;
DROP TRIGGER workshops_mandate_written ON workshops_mandate;
DROP TRIGGER workshops_payment_written ON workshops_payment;
DROP TRIGGER workshops_transfer_written ON workshops_transfer;
DROP TRIGGER workshops_series_counts_up ON workshops_series;
DROP TRIGGER workshops_payment_settle_once ON workshops_payment;
DROP FUNCTION public.workshops_keep_written();
DROP FUNCTION public.workshops_count_up();
DROP FUNCTION public.workshops_settle_once();
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0014_keep_payees_invoices_and_transfers")]

    operations = [
        migrations.RunSQL(KEEP, NOT_KEPT),
        migrations.RunSQL("SELECT public.fence_state('workshops_bill')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('workshops_transfer')", migrations.RunSQL.noop),
    ]
