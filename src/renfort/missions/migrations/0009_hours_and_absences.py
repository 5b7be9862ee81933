"""Hours declared and confirmed, absences that can be contested, the question at the end.

Every new column of a live table is nullable without a default: nothing is rewritten.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0008_favourites_and_calendars"),
        ("organisations", "0002_add_onboarding"),
        ("people", "0002_sessions_and_addresses"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.CreateModel(
            name="HoursEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("quarters", models.PositiveIntegerField()),
                ("side", models.CharField(max_length=20)),
                ("state", models.CharField(default="declared", max_length=20)),
                ("said_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "hours entries",
            },
        ),
        migrations.AddField(
            model_name="mission",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="mission",
            name="hours_to_tell_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="mission",
            name="hours_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="contestable_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="contested_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="hours_to_tell_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="hours_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="missed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="settled_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(fields=["over_at", "id"], name="missions_mission_end"),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(
                condition=models.Q(("hours_to_tell_at__isnull", False)),
                fields=["hours_to_tell_at"],
                name="missions_mission_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("state", "no_show")),
                fields=["contestable_until"],
                name="missions_participation_absence",
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(
                condition=models.Q(("hours_to_tell_at__isnull", False)),
                fields=["hours_to_tell_at"],
                name="missions_participation_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "no_show"),
                    models.Q(("contestable_until", None), ("contested_at", None), ("missed_at", None), ("settled_at", None)),
                    _connector="OR",
                ),
                name="missions_participation_missed",
            ),
        ),
        migrations.AddField(
            model_name="hoursentry",
            name="confirmed_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="hoursentry",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="missions.participation"
            ),
        ),
        migrations.AddField(
            model_name="hoursentry",
            name="said_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddIndex(
            model_name="hoursentry",
            index=models.Index(
                condition=models.Q(("side", "host"), ("state", "declared")), fields=["said_at"], name="missions_hoursentry_silent"
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["declared", "confirmed", "contested", "removed"])),
                name="missions_hoursentry_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["volunteer", "host"])), name="missions_hoursentry_known_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", False), ("state__in", ["confirmed"])),
                    models.Q(models.Q(("state__in", ["confirmed"]), _negated=True), ("confirmed_at__isnull", True)),
                    _connector="OR",
                ),
                name="missions_hoursentry_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))), name="missions_hoursentry_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quarters__gte", 1),
                    (
                        "quarters__lte",
                        models.Func(output_field=models.IntegerField(), template="(96 * (last_on - first_on + 1))"),
                    ),
                ),
                name="missions_hoursentry_quarters",
            ),
        ),
        migrations.RunSQL("SELECT public.fence_state('missions_hoursentry')", migrations.RunSQL.noop),
    ]
