"""How each check is set, its words, what was found about organisations, what the public directory says (R53).

New tables alone: nothing that is there is touched.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_give_organisations_a_life"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("weight", models.PositiveSmallIntegerField()),
                ("threshold", models.PositiveIntegerField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["key"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weight__lte", 100)), name="organisations_check_weight")
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", models.CharField(max_length=20)),
                ("scope", models.CharField(blank=True, db_default="", default="", max_length=60)),
                ("kind", models.CharField(default="found", max_length=20)),
                ("words", models.CharField(max_length=80)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["list", "scope", "kind", "words", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("list__in", ["domain", "pay", "night", "hollow", "links"])),
                        name="organisations_checkword_known_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["found", "before", "after"])), name="organisations_checkword_known_kind"
                    ),
                    models.UniqueConstraint(fields=("list", "scope", "kind", "words"), name="organisations_checkword_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked", models.CharField(max_length=14)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="waiting", max_length=20)),
                ("name", models.CharField(blank=True, max_length=250)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("siret", models.CharField(blank=True, max_length=14)),
                ("rna", models.CharField(blank=True, max_length=10)),
                ("is_closed", models.BooleanField(default=False)),
                ("closed_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="look_up", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("id"), condition=models.Q(("state", "waiting")), name="organisations_lookup_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "found", "unknown", "silent"])),
                        name="organisations_lookup_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_on", None), ("is_closed", True), _connector="OR"),
                        name="organisations_lookup_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("words", models.CharField(blank=True, max_length=200)),
                ("excerpt", models.CharField(blank=True, max_length=500)),
                ("print", models.CharField(max_length=32)),
                ("facts", models.JSONField(default=dict)),
                ("found_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
                ("false_at", models.DateTimeField(null=True)),
                (
                    "false_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.check"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organisations.checkword",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("gone_at", None), _negated=True),
                        fields=["gone_at"],
                        name="organisations_finding_gone",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "made_by", "print"), name="organisations_finding_once")
                ],
            },
        ),
    ]
