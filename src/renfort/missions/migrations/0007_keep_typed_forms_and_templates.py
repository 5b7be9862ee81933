"""Several responsible persons and addresses, forms kept while they are typed, and missions to start from.

Safe on a live table: the new column of ``mission`` has a default that the database keeps, the rest is new tables.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0006_index_lists"),
        ("organisations", "0002_add_onboarding"),
        ("people", "0002_sessions_and_addresses"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="cancellation_reason",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=30),
        ),
        migrations.AddField(
            model_name="mission",
            name="deputies",
            field=models.ManyToManyField(blank=True, related_name="+", to="people.person"),
        ),
        migrations.CreateModel(
            name="MissionAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=200)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(max_length=100)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.commune",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.department"),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="missions.mission"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="MissionTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(blank=True, max_length=60, null=True, unique=True)),
                ("scope", models.CharField(max_length=20)),
                ("name_fr", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("title_fr", models.CharField(blank=True, max_length=80)),
                ("title_en", models.CharField(blank=True, max_length=80)),
                ("presence", models.CharField(default="on_site", max_length=20)),
                ("format", models.CharField(default="one_off", max_length=20)),
                ("places", models.PositiveIntegerField(default=1)),
                ("schedule_fr", models.TextField(blank=True, max_length=500)),
                ("schedule_en", models.TextField(blank=True, max_length=500)),
                ("description_fr", models.TextField(blank=True, max_length=4000)),
                ("description_en", models.TextField(blank=True, max_length=4000)),
                ("safety_fr", models.TextField(blank=True, max_length=2000)),
                ("safety_en", models.TextField(blank=True, max_length=2000)),
                ("prerequisites_fr", models.JSONField(blank=True, default=list)),
                ("prerequisites_en", models.JSONField(blank=True, default=list)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "domain",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="missions.domain"),
                ),
                (
                    "network",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.network",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                ("publics", models.ManyToManyField(blank=True, related_name="+", to="missions.public")),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["organisation", "id"], name="missions_template_own")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["domain", "network", "organisation"])),
                        name="missions_missiontemplate_known_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("presence__in", ["on_site", "remote"])),
                        name="missions_missiontemplate_known_presence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["one_off", "recurring"])), name="missions_missiontemplate_known_format"
                    ),
                    models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="missions_template_places"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("network", None), ("organisation", None), ("scope", "domain")),
                            models.Q(("network__isnull", False), ("organisation", None), ("scope", "network")),
                            models.Q(("network", None), ("organisation__isnull", False), ("scope", "organisation")),
                            _connector="OR",
                        ),
                        name="missions_template_whose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unfinished",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("said", models.JSONField()),
                ("seen", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "mission",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="missions.mission"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.organisation"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "organisation", "-saved_at"], name="missions_unfinished_own"),
                    models.Index(fields=["saved_at"], name="missions_unfinished_age"),
                ],
            },
        ),
    ]
