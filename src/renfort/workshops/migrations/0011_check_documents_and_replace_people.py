"""Documents that facilitators send, answers to invitations, who takes whose place, calendars to subscribe to (W4, W12)."""

import django.db.models.deletion
from django.db import migrations, models

CLOSED = """
CREATE TRIGGER workshops_replacement_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_replacement
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('session.session_id', '', 'words');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_picture"),
        ("workshops", "0010_take_attendance"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("seed", models.CharField(max_length=43)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("file", models.CharField(max_length=120)),
                ("media", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("state", models.CharField(default="sent", max_length=20)),
                ("sent_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("words", models.TextField(blank=True, max_length=500)),
                ("state", models.CharField(default="asked", max_length=20)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="compliancedocument",
            name="told_days",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="invitee",
            name="declined_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="invitee",
            name="reminded_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="invitee",
            index=models.Index(fields=["email"], name="workshops_invitee_email"),
        ),
        migrations.AddField(
            model_name="proof",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="proof",
            name="document",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proof",
                to="workshops.compliancedocument",
            ),
        ),
        migrations.AddField(
            model_name="proof",
            name="facilitator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="workshops.facilitator"
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="replacements", to="workshops.enrolment"
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="made",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="workshops.enrolment",
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="replacements", to="workshops.session"
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacements",
                to="workshops.facilitator",
            ),
        ),
        migrations.AddIndex(
            model_name="proof",
            index=models.Index(condition=models.Q(("state", "sent")), fields=["sent_at", "id"], name="workshops_proof_waiting"),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["sent", "accepted", "refused", "withdrawn"])),
                name="workshops_proof_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["framework", "company", "vigilance", "insurance", "trainer"])),
                name="workshops_proof_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("state__in", ["accepted", "refused"])),
                    models.Q(models.Q(("state__in", ["accepted", "refused"]), _negated=True), ("decided_at__isnull", True)),
                    _connector="OR",
                ),
                name="workshops_proof_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"),
                name="workshops_proof_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document__isnull", False), ("state", "accepted")),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("document", None)),
                    _connector="OR",
                ),
                name="workshops_proof_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "sent")), fields=("facilitator", "kind"), name="workshops_proof_one_waits"
            ),
        ),
        migrations.AddIndex(
            model_name="replacement",
            index=models.Index(condition=models.Q(("state", "asked")), fields=["to"], name="workshops_replacement_mine"),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "accepted", "declined", "withdrawn", "lapsed"])),
                name="workshops_replacement_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("enrolment",), name="workshops_replacement_one_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("made__isnull", False), ("state", "accepted")),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("made", None)),
                    _connector="OR",
                ),
                name="workshops_replacement_made",
            ),
        ),
        migrations.RunSQL("SELECT public.fence_state('workshops_proof')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('workshops_replacement')", migrations.RunSQL.noop),
        migrations.RunSQL(CLOSED, "DROP TRIGGER workshops_replacement_closed ON workshops_replacement"),
    ]
