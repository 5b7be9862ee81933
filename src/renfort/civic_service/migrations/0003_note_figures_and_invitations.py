"""Amounts of the law with their days, invitations of case managers; an approval lasts three years at most (S3, S5)."""

import django.db.models.deletion
from django.db import migrations, models

# a kind is written as a range of one number: an exclusion by equality would need an extension of the database
FIGURES = """
ALTER TABLE civic_service_legalfigure ADD CONSTRAINT civic_service_legalfigure_one_a_day EXCLUDE USING gist (
    int8range(hashtextextended(kind, 0), hashtextextended(kind, 0), '[]') WITH &&,
    daterange(first_on, last_on, '[]') WITH &&);
CREATE FUNCTION public.civic_service_guard_figure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind, NEW.cents, NEW.first_on, NEW.source) IS DISTINCT FROM (OLD.kind, OLD.cents, OLD.first_on, OLD.source) THEN
        RAISE EXCEPTION 'civic service: a figure does not change, another one follows it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'civic_service_legalfigure_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civic_service_legalfigure_stays BEFORE UPDATE ON civic_service_legalfigure
    FOR EACH ROW EXECUTE FUNCTION public.civic_service_guard_figure();
"""
NO_FIGURES = """
DROP TRIGGER civic_service_legalfigure_stays ON civic_service_legalfigure;
DROP FUNCTION public.civic_service_guard_figure();
ALTER TABLE civic_service_legalfigure DROP CONSTRAINT civic_service_legalfigure_one_a_day;
"""
# three years at most (Code du service national, R121-33), as the calendar counts them
YEARS = """
ALTER TABLE civic_service_approval ADD CONSTRAINT civic_service_approval_years CHECK (
    last_on < (CASE WHEN extract(month FROM first_on) = 2 AND extract(day FROM first_on) = 29 THEN first_on + interval '3 years' + interval '1 day'
               ELSE first_on + interval '3 years' END));
"""
NO_YEARS = "ALTER TABLE civic_service_approval DROP CONSTRAINT civic_service_approval_years"


class Migration(migrations.Migration):
    dependencies = [
        ("civic_service", "0002_fence_states"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("cents", models.PositiveIntegerField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="ManagerInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("link_seed", models.CharField(editable=False, max_length=43)),
                ("link_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField(editable=False)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", False), ("state__in", ["open", "closed"])),
                    models.Q(models.Q(("state__in", ["open", "closed"]), _negated=True), ("opened_at__isnull", True)),
                    _connector="OR",
                ),
                name="civic_service_campaign_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ["closed"])),
                    models.Q(models.Q(("state__in", ["closed"]), _negated=True), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="civic_service_campaign_closed",
            ),
        ),
        migrations.AddField(
            model_name="legalfigure",
            name="created_by",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="managerinvitation",
            name="federation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="civic_service.federation"
            ),
        ),
        migrations.AddField(
            model_name="managerinvitation",
            name="invited_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["state_allowance", "top_up", "host_minimum"])),
                name="civic_service_legalfigure_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalfigure",
            constraint=models.CheckConstraint(condition=models.Q(("cents__gte", 1)), name="civic_service_legalfigure_cents"),
        ),
        migrations.AddConstraint(
            model_name="legalfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="civic_service_legalfigure_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on", None), ("last_on__gte", models.F("first_on")), _connector="OR"),
                name="civic_service_legalfigure_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="managerinvitation",
            constraint=models.UniqueConstraint(fields=("federation", "email"), name="civic_service_managerinvitation_once"),
        ),
        migrations.AddConstraint(
            model_name="managerinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), _negated=True), name="civic_service_managerinvitation_email"
            ),
        ),
        migrations.RunSQL(FIGURES, NO_FIGURES),
        migrations.RunSQL(YEARS, NO_YEARS),
    ]
