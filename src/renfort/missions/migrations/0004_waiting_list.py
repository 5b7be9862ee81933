"""The waiting list of a full mission (R60), and what was reminded of (R36). Columns with a database default: safe on a live table."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0003_hold_slots_together"),
        ("people", "0002_sessions_and_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="eve_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="reminded",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="participation",
            name="reserved",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("state", models.CharField(default="waiting", max_length=20)),
                ("rules_at", models.DateTimeField(null=True)),
                (
                    "prerequisites",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), db_default=[], default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("offered_at", models.DateTimeField(null=True)),
                ("offer_until", models.DateTimeField(null=True)),
                (
                    "mission",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="line", to="missions.mission"),
                ),
                (
                    "participation",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="turn", to="missions.participation"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "rules",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="missions.domainrules"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "offered"])),
                        fields=["mission", "id"],
                        name="missions_waiting_line",
                    ),
                    models.Index(
                        condition=models.Q(("state", "offered")), fields=["offer_until"], name="missions_waiting_offers"
                    ),
                    models.Index(fields=["person", "-id"], name="missions_waiting_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "offered", "taken", "lapsed", "left", "closed"])),
                        name="missions_waiting_known_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "offered"])),
                        fields=("mission", "person"),
                        name="missions_waiting_one_turn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "left", "closed"]),
                            models.Q(("offer_until__isnull", False), ("offered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="missions_waiting_offered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("participation__isnull", False), ("state", "taken")),
                            models.Q(models.Q(("state", "taken"), _negated=True), ("participation", None)),
                            _connector="OR",
                        ),
                        name="missions_waiting_taken",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offer_until", None), ("offer_until__gt", models.F("offered_at")), _connector="OR"),
                        name="missions_waiting_delay",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rules", None), ("rules_at", None)),
                            models.Q(("rules__isnull", False), ("rules_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="missions_waiting_rules",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT public.fence_state('missions_waiting')", migrations.RunSQL.noop),
    ]
