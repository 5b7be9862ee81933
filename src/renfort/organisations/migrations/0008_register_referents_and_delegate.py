"""Referents registered by the operator, invitations to be one, delegations (R50, R65).

Safe on a live table: three new tables, and one nullable column on the roles.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_create_functions"),
        ("organisations", "0007_keep_impersonations"),
        ("people", "0003_add_picture"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("departments", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), size=None)),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("state", models.CharField(default="planned", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("giver", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="grant",
            name="delegation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="organisations.delegation",
            ),
        ),
        migrations.CreateModel(
            name="Referent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("function", models.CharField(max_length=120)),
                ("absent_from", models.DateField(blank=True, null=True)),
                ("absent_until", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "appointed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.region",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReferentInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
                ("function", models.CharField(blank=True, max_length=120)),
                ("departments", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), size=None)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("state", models.CharField(default="sent", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField()),
                ("times_sent", models.PositiveSmallIntegerField(default=1)),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delegation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="organisations.delegation",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.region",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(fields=["state", "starts_at"], name="organisations_delegation_due"),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "running", "over", "revoked"])),
                name="organisations_delegation_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", False), ("state__in", ["revoked"])),
                    models.Q(models.Q(("state__in", ["revoked"]), _negated=True), ("revoked_at__isnull", True)),
                    _connector="OR",
                ),
                name="organisations_delegation_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="organisations_delegation_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("departments__len__gte", 1)), name="organisations_delegation_somewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("receiver", None), models.Q(("receiver", models.F("giver")), _negated=True), _connector="OR"),
                name="organisations_delegation_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="referent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("person",), name="organisations_referent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="referent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("absent_from", None), ("absent_until", None), ("deputy", None)),
                    models.Q(("absent_from__isnull", False), ("absent_until__gte", models.F("absent_from"))),
                    _connector="OR",
                ),
                name="organisations_referent_absence",
            ),
        ),
        migrations.AddIndex(
            model_name="referentinvitation",
            index=models.Index(condition=models.Q(("state", "sent")), fields=["expires_at"], name="organisations_refinvite_due"),
        ),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["sent", "accepted", "declined", "revoked", "expired"])),
                name="organisations_referentinvitation_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["accepted", "declined", "revoked", "expired"])),
                    models.Q(
                        models.Q(("state__in", ["accepted", "declined", "revoked", "expired"]), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="organisations_referentinvitation_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("delegation", None), ("state", "sent")),
                fields=("email",),
                name="organisations_referentinvitation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "accepted"), _negated=True), ("person__isnull", False), _connector="OR"),
                name="organisations_referentinvitation_accepted_by",
            ),
        ),
        migrations.RunSQL("SELECT public.fence_state('organisations_delegation')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('organisations_referentinvitation')", migrations.RunSQL.noop),
    ]
