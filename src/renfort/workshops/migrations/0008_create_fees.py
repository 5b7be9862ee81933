"""Rates, requests of fees, fees (W8, W9)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_picture"),
        ("workshops", "0007_plan_in_series"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("audience", models.CharField(max_length=20)),
                ("role", models.CharField(max_length=20)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("amount", models.PositiveIntegerField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("month", models.DateField(editable=False, null=True)),
                ("state", models.CharField(default="draft", max_length=20)),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="workshops.assignment"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(default="session", max_length=20)),
                ("rate_on", models.DateField()),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("unit_amount", models.PositiveIntegerField()),
                ("amount", models.PositiveIntegerField()),
                ("state", models.CharField(default="requested", max_length=20)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("returned_at", models.DateTimeField(editable=False, null=True)),
                ("paid_at", models.DateTimeField(editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="workshops.assignment"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="workshops.enrolment"
                    ),
                ),
                ("payee", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "rate",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="workshops.rate"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="workshops.round"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["education", "public_sector", "company", "association", "inter_company"])),
                name="workshops_rate_known_audience",
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["lead", "co_lead", "coach", "coordination"])), name="workshops_rate_known_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", ""), ("role", "coordination")),
                    models.Q(
                        models.Q(("role", "coordination"), _negated=True), ("kind__in", ["workshop", "training", "coaching"])
                    ),
                    _connector="OR",
                ),
                name="workshops_rate_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "training"), ("role", "coach"), _negated=True), name="workshops_rate_training_coach"
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 1)), name="workshops_rate_amount"),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on", None), ("last_on__gte", models.F("first_on")), _connector="OR"),
                name="workshops_rate_period",
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["submitted_at"], name="workshops_round_to_see_to"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "submitted", "returned", "approved", "cancelled"])),
                name="workshops_round_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["submitted", "returned", "approved"]), ("submitted_at__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ["submitted", "returned", "approved"]), _negated=True),
                        ("submitted_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="workshops_round_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", False), ("state__in", ["approved"])),
                    models.Q(models.Q(("state__in", ["approved"]), _negated=True), ("approved_at__isnull", True)),
                    _connector="OR",
                ),
                name="workshops_round_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("month", None), ("submitted_at", None)),
                    models.Q(("month__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="workshops_round_has_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("month", None), ("month__day", 1), _connector="OR"), name="workshops_round_first_of_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["submitted", "approved"])),
                fields=("assignment", "month"),
                name="workshops_round_once_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("assignment",), name="workshops_round_one_draft"
            ),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(fields=["payee", "-id"], name="workshops_fee_own"),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(fields=["state", "id"], name="workshops_fee_to_pay"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "returned", "approved", "invoiced", "in_payment", "paid", "rejected"])
                ),
                name="workshops_fee_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["session", "coordination"])), name="workshops_fee_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", False), ("state__in", ["approved", "invoiced", "in_payment", "paid", "rejected"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["approved", "invoiced", "in_payment", "paid", "rejected"]), _negated=True),
                        ("approved_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="workshops_fee_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("returned_at__isnull", False), ("state__in", ["returned"])),
                    models.Q(models.Q(("state__in", ["returned"]), _negated=True), ("returned_at__isnull", True)),
                    _connector="OR",
                ),
                name="workshops_fee_returned",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_at__isnull", False), ("state__in", ["paid"])),
                    models.Q(models.Q(("state__in", ["paid"]), _negated=True), ("paid_at__isnull", True)),
                    _connector="OR",
                ),
                name="workshops_fee_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enrolment__isnull", False), ("kind", "session"), ("quantity", 1), ("round__isnull", False)),
                    models.Q(("enrolment", None), ("kind", "coordination"), ("round", None)),
                    _connector="OR",
                ),
                name="workshops_fee_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(models.F("quantity"), "*", models.F("unit_amount")),
                    ),
                    ("quantity__gte", 1),
                    ("unit_amount__gte", 1),
                ),
                name="workshops_fee_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="workshops_fee_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("requested", "approved", "invoiced", "in_payment", "paid", "rejected"))),
                fields=("enrolment",),
                name="workshops_fee_once_per_enrolment",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "coordination"),
                    ("state__in", ("requested", "approved", "invoiced", "in_payment", "paid", "rejected")),
                ),
                fields=("assignment",),
                name="workshops_fee_one_coordination",
            ),
        ),
    ]
