"""Transfers, internal notes, and why referents read contact data. The new column is empty: nothing is rewritten."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0014_domain_limits_and_policies"),
        ("organisations", "0009_notes_on_organisations"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="moved_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="ContactAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=20)),
                ("words", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "participation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="missions.participation"),
                ),
                ("viewer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
            ],
            options={
                "indexes": [models.Index(fields=["participation", "viewer", "-until"], name="missions_contactaccess_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["help_volunteer", "help_host", "safety", "complaint", "other"])),
                        name="missions_contactaccess_known_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("opened_at"))), name="missions_contactaccess_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissionNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, max_length=2000)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "mission",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="missions.mission"),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["mission", "-id"], name="missions_note_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("erased_at", None), ("text", ""), _connector="OR"),
                        name="missions_missionnote_erased_means_empty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("state", models.CharField(default="proposed", max_length=20)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="missions.mission"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "proposed")), fields=["expires_at"], name="missions_transfer_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "accepted", "refused", "withdrawn", "expired"])),
                        name="missions_transfer_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state__in", ["accepted", "refused", "withdrawn", "expired"])),
                            models.Q(
                                models.Q(("state__in", ["accepted", "refused", "withdrawn", "expired"]), _negated=True),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="missions_transfer_ended",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("mission",), name="missions_transfer_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("receiver")), _negated=True), name="missions_transfer_to_another"
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT public.fence_state('missions_transfer')", migrations.RunSQL.noop),
    ]
