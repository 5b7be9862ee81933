"""What a domain allows, publication policies per domain and department. New columns carry a default in the database: nothing is rewritten."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0013_keep_findings"),
        ("people", "0003_add_picture"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.AddField(
            model_name="domain",
            name="age_limit_on_site",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="domain",
            name="is_sensitive",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="domain",
            name="minimum_age",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="domain",
            name="remote_allowed",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name="public",
            name="key",
            field=models.CharField(max_length=60, unique=True),
        ),
        migrations.CreateModel(
            name="PublicationPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("policy", models.CharField(max_length=20)),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.department",
                    ),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="missions.domain"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("domain", "department"),
                        name="missions_publicationpolicy_one",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("domain__isnull", False), ("department__isnull", False), _connector="OR"),
                        name="missions_publicationpolicy_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("policy__in", ["online_first", "validate_first"])),
                        name="missions_publicationpolicy_known",
                    ),
                ],
            },
        ),
    ]
