"""Marks, headcounts, signatures, the code of the room and that a list is complete (W6). Of a closed assignment nothing changes (W10)."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

CLOSED = """
CREATE TRIGGER workshops_rollcall_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_rollcall
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('session.session_id');
CREATE TRIGGER workshops_mark_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_mark
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('session.session_id');
CREATE TRIGGER workshops_headcount_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_headcount
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('session.session_id');
CREATE TRIGGER workshops_signature_closed BEFORE INSERT OR UPDATE OR DELETE ON workshops_signature
    FOR EACH ROW EXECUTE FUNCTION public.workshops_keep_closed('session.session_id', '', 'name,path');
"""
NOT_CLOSED = """
DROP TRIGGER workshops_signature_closed ON workshops_signature;
DROP TRIGGER workshops_headcount_closed ON workshops_headcount;
DROP TRIGGER workshops_mark_closed ON workshops_mark;
DROP TRIGGER workshops_rollcall_closed ON workshops_rollcall;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_picture"),
        ("workshops", "0009_hold_fees_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="Headcount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.PositiveSmallIntegerField()),
                ("people", models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(5000)])),
                ("counted_at", models.DateTimeField()),
                (
                    "counted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="headcounts", to="workshops.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "half"), name="workshops_headcount_once"),
                    models.CheckConstraint(
                        condition=models.Q(("half__gte", 1), ("half__lte", 3)), name="workshops_headcount_half"
                    ),
                    models.CheckConstraint(condition=models.Q(("people__lte", 5000)), name="workshops_headcount_most"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("act", models.CharField(max_length=20)),
                ("scanned_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="workshops.registration"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="workshops.session"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["present", "taken_back"])), name="workshops_mark_known_act"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RollCall",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="roll_call",
                        serialize=False,
                        to="workshops.session",
                    ),
                ),
                ("code_seed", models.CharField(blank=True, editable=False, max_length=43)),
                ("code_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("declared_at", models.DateTimeField(null=True)),
                (
                    "declared_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code_digest", ""), _negated=True),
                        fields=("code_digest",),
                        name="workshops_rollcall_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("declared_by", None), ("declared_at__isnull", False), _connector="OR"),
                        name="workshops_rollcall_declared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("way", models.CharField(max_length=20)),
                ("path", models.TextField(blank=True)),
                ("signed_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="workshops.enrolment",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="workshops.registration",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="workshops.session"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["hand", "box"])), name="workshops_signature_known_way"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("half__gte", 1), ("half__lte", 3)), name="workshops_signature_half"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("enrolment", None), ("registration__isnull", False)),
                            models.Q(("enrolment__isnull", False), ("registration", None)),
                            _connector="OR",
                        ),
                        name="workshops_signature_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("path__regex", "^M\\d{1,3} \\d{1,3}( [ML]\\d{1,3} \\d{1,3}){4,}$"), ("way", "hand")),
                            ("path", ""),
                            _connector="OR",
                        ),
                        name="workshops_signature_drawn",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("enrolment", None)),
                        fields=("registration", "half"),
                        name="workshops_signature_of_participant",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("registration", None)),
                        fields=("enrolment", "half"),
                        name="workshops_signature_of_facilitator",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLOSED, NOT_CLOSED),
    ]
