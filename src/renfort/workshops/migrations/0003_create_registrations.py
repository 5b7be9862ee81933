"""Participants of sessions, and the address by which they take a seat (W6). Of a closed assignment nothing changes (W10)."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

CLOSED = """
CREATE FUNCTION public.workshops_refuse_closed_registration() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
    erased text[] := ARRAY['email', 'first_name', 'last_name', 'person_id', 'link_seed', 'link_digest', 'version'];
BEGIN
    SELECT string_agg(a.state, ',') INTO found FROM (
        SELECT state FROM public.workshops_assignment
        WHERE id IN (SELECT assignment_id FROM public.workshops_session WHERE id IN (OLD.session_id, NEW.session_id))
        FOR SHARE) a WHERE a.state = 'closed';
    IF found IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    -- an erasure owed by law goes on: nothing but who it was, and nothing put in its place
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'workshops_registration' THEN
        IF to_jsonb(NEW) - erased = to_jsonb(OLD) - erased AND to_jsonb(NEW) ->> 'email' = ''
            AND to_jsonb(NEW) ->> 'first_name' = '' AND to_jsonb(NEW) ->> 'last_name' = ''
            AND to_jsonb(NEW) ->> 'person_id' IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'workshops: the assignment is closed, nothing of it changes any more'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
END $$;
CREATE TRIGGER workshops_registration_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_registration
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_closed_registration();
CREATE TRIGGER workshops_joinlink_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_joinlink
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_closed_registration();
"""
NOT_CLOSED = """
DROP TRIGGER workshops_registration_closed ON workshops_registration;
DROP TRIGGER workshops_joinlink_closed ON workshops_joinlink;
DROP FUNCTION public.workshops_refuse_closed_registration();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_picture"),
        ("workshops", "0002_hold_sessions_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="JoinLink",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="join_link",
                        serialize=False,
                        to="workshops.session",
                    ),
                ),
                ("seed", models.CharField(max_length=43)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("first_name", models.CharField(blank=True, max_length=60)),
                ("last_name", models.CharField(blank=True, max_length=60)),
                ("language", models.CharField(default="fr", max_length=5)),
                ("source", models.CharField(default="link", max_length=20)),
                ("state", models.CharField(default="invited", max_length=20)),
                ("seat_order", models.PositiveIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("written_at", models.DateTimeField(editable=False, null=True)),
                ("agreed_at", models.DateTimeField(editable=False, null=True)),
                ("reminded_at", models.DateTimeField(editable=False, null=True)),
                ("marked_at", models.DateTimeField(editable=False, null=True)),
                ("scanned_at", models.DateTimeField(editable=False, null=True)),
                ("link_seed", models.CharField(blank=True, editable=False, max_length=43)),
                ("link_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="registrations", to="workshops.session"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["session", "state"], name="workshops_registration_seats"),
                    models.Index(
                        models.F("email"), condition=models.Q(("email", ""), _negated=True), name="workshops_registration_email"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["invited", "waiting", "confirmed", "present", "absent", "declined", "cancelled"])
                        ),
                        name="workshops_registration_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["link", "email", "import", "hand", "spot"])),
                        name="workshops_registration_known_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="workshops_registration_email_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seat_order__isnull", False), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("seat_order", None)),
                            _connector="OR",
                        ),
                        name="workshops_registration_rank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "present"), _negated=True), ("marked_at__isnull", False), _connector="OR"
                        ),
                        name="workshops_registration_marked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("email", ""), _negated=True),
                            models.Q(("state__in", ["declined", "cancelled"]), _negated=True),
                        ),
                        fields=("session", "email"),
                        name="workshops_registration_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("person__isnull", False), models.Q(("state__in", ["declined", "cancelled"]), _negated=True)
                        ),
                        fields=("session", "person"),
                        name="workshops_registration_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("seat_order__isnull", False)),
                        fields=("session", "seat_order"),
                        name="workshops_registration_rank_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("link_digest", ""), _negated=True),
                        fields=("link_digest",),
                        name="workshops_registration_link",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLOSED, NOT_CLOSED),
        migrations.RunSQL("SELECT public.fence_state('workshops_registration')", migrations.RunSQL.noop),
    ]
