"""Slots with places of their own (R61) and prerequisites (R66): new columns and tables; 0003 holds them together."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0001_create_missions"),
        ("organisations", "0002_add_onboarding"),
        ("people", "0002_sessions_and_addresses"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("granted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("shape", models.CharField(default="hours", max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("places", models.PositiveIntegerField(default=1)),
                ("state", models.CharField(default="open", max_length=20)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                ("cancellation_reason", models.CharField(blank=True, default="", max_length=30)),
            ],
            options={
                "ordering": ["starts_at", "ends_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="mission",
            name="has_slots",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="mission",
            name="prerequisites",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="prerequisites",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="prerequisites_at",
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(("prerequisites__len__lte", 3)), name="missions_mission_prerequisites"
            ),
        ),
        AddConstraintNotValid(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("prerequisites__len", 0), ("prerequisites_at", None)),
                    models.Q(("prerequisites__len__gt", 0), ("prerequisites_at__isnull", False)),
                    _connector="OR",
                ),
                name="missions_participation_prerequisites",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="mission",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="missions.mission",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="participation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bookings",
                to="missions.participation",
            ),
        ),
        migrations.AddField(
            model_name="slot",
            name="mission",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="slots", to="missions.mission"),
        ),
        migrations.AddField(
            model_name="booking",
            name="slot",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="missions.slot"
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["mission", "starts_at"], name="missions_slot_in_order"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "cancelled"])), name="missions_slot_known_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("shape__in", ["hours", "day", "morning", "afternoon"])), name="missions_slot_known_shape"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at__isnull", False), ("state__in", ["cancelled"])),
                    models.Q(models.Q(("state__in", ["cancelled"]), _negated=True), ("cancelled_at__isnull", True)),
                    _connector="OR",
                ),
                name="missions_slot_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="missions_slot_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="missions_slot_places"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("id", "mission"), name="missions_slot_of_mission"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(fields=("participation", "slot"), name="missions_booking_once"),
        ),
        migrations.RunSQL("SELECT public.fence_state('missions_slot')", migrations.RunSQL.noop),
    ]
