"""Clients, orders, assignments, sessions, facilitators and their enrolments (W1 to W5, W11). New tables alone."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0008_register_referents_and_delegate"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="organisations.organisation",
                    ),
                ),
                ("audience", models.CharField(max_length=20)),
                ("contact_name", models.CharField(max_length=120)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_phone", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience__in", ["education", "public_sector", "company", "association", "inter_company"])
                        ),
                        name="workshops_client_known_audience",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Facilitator",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("level", models.CharField(default="white", max_length=20)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list, size=None),
                ),
                ("radius", models.PositiveSmallIntegerField(default=50)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["white", "yellow", "orange", "green", "blue"])),
                        name="workshops_facilitator_known_level",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("audience", models.CharField(max_length=20)),
                ("details", models.TextField(blank=True, max_length=2000)),
                ("first_on", models.DateField(blank=True, null=True)),
                ("last_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "client",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="workshops.client"),
                ),
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
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("audience", models.CharField(max_length=20)),
                ("state", models.CharField(default="draft", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("offered_at", models.DateTimeField(editable=False, null=True)),
                ("awarded_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "closed_by",
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
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workshops.assignment",
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="workshops.facilitator",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="workshops.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("presence", models.CharField(max_length=20)),
                ("quantity", models.PositiveIntegerField()),
                ("participants", models.PositiveIntegerField(default=0)),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None)),
                ("unit_price", models.PositiveIntegerField()),
                (
                    "order",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="workshops.order"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=20)),
                ("presence", models.CharField(max_length=20)),
                ("language", models.CharField(default="fr", max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("zone", models.CharField(default="Europe/Paris", max_length=40)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("video_link", models.URLField(blank=True, max_length=300)),
                ("participants", models.PositiveIntegerField(default=14)),
                ("leads", models.PositiveSmallIntegerField(default=1)),
                ("co_leads", models.PositiveSmallIntegerField(default=0)),
                ("coaches", models.PositiveSmallIntegerField(default=0)),
                ("observers", models.PositiveSmallIntegerField(default=0)),
                ("state", models.CharField(default="planned", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                ("link_seed", models.CharField(blank=True, editable=False, max_length=43)),
                ("link_digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="workshops.assignment"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Invitee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("invited_at", models.DateTimeField()),
                (
                    "invited_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitees", to="workshops.session"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seat", models.CharField(default="lead", max_length=20)),
                ("standing", models.CharField(default="paid", max_length=20)),
                ("state", models.CharField(default="enrolled", max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "facilitator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="workshops.facilitator"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="workshops.session",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplianceDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "seen_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "facilitator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="workshops.facilitator"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["facilitator", "kind", "-valid_until"], name="workshops_document_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["framework", "company", "vigilance", "insurance", "trainer"])),
                        name="workshops_compliancedocument_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"),
                        name="workshops_document_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidacy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="candidacies", to="workshops.assignment"
                    ),
                ),
                (
                    "facilitator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="candidacies", to="workshops.facilitator"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("assignment", "facilitator"),
                        name="workshops_candidacy_once",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["education", "public_sector", "company", "association", "inter_company"])),
                name="workshops_order_known_audience",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_on", None), ("last_on", None)),
                    models.Q(("first_on__isnull", False), ("last_on__gte", models.F("first_on"))),
                    _connector="OR",
                ),
                name="workshops_order_period",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["state", "offered_at"], name="workshops_assignment_offers"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "offered", "awarded", "closed", "cancelled"])),
                name="workshops_assignment_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["education", "public_sector", "company", "association", "inter_company"])),
                name="workshops_assignment_known_audience",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ["closed"])),
                    models.Q(models.Q(("state__in", ["closed"]), _negated=True), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="workshops_assignment_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("awarded_at__isnull", False), ("coordinator__isnull", False), ("state__in", ["awarded", "closed"])),
                    models.Q(
                        models.Q(("state__in", ["awarded", "closed"]), _negated=True), ("awarded_at", None), ("coordinator", None)
                    ),
                    _connector="OR",
                ),
                name="workshops_assignment_coordinator",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["closed", "cancelled"]), _negated=True),
                fields=("order",),
                name="workshops_assignment_one_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["workshop", "training", "coaching"])), name="workshops_orderline_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("presence__in", ["on_site", "online"])), name="workshops_orderline_known_presence"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="workshops_orderline_quantity"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("languages__len__gte", 1)), name="workshops_orderline_languages"
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["assignment", "starts_at"], name="workshops_session_in_order"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(condition=models.Q(("state", "planned")), fields=["ends_at"], name="workshops_session_due"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "held", "cancelled"])), name="workshops_session_known_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["workshop", "training", "coaching"])), name="workshops_session_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("presence__in", ["on_site", "online"])), name="workshops_session_known_presence"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["fr", "en", "es", "de"])), name="workshops_session_known_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at__isnull", False), ("state__in", ["cancelled"])),
                    models.Q(models.Q(("state__in", ["cancelled"]), _negated=True), ("cancelled_at__isnull", True)),
                    _connector="OR",
                ),
                name="workshops_session_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="workshops_session_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("presence", "online"), models.Q(("address", ""), ("city", ""), _negated=True), _connector="OR"
                ),
                name="workshops_session_has_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("leads__gte", 1), ("coaches__gte", 1), _connector="OR"),
                name="workshops_session_somebody_leads",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "training"), _negated=True), ("coaches", 0), _connector="OR"),
                name="workshops_session_training_coaches",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("id", "starts_at", "ends_at"), name="workshops_session_hours"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                condition=models.Q(("link_digest", ""), _negated=True), fields=("link_digest",), name="workshops_session_link"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitee",
            constraint=models.UniqueConstraint(fields=("session", "email"), name="workshops_invitee_once"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["facilitator", "-starts_at"], name="workshops_enrolment_own"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["enrolled", "done", "absent", "withdrawn", "cancelled"])),
                name="workshops_enrolment_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat__in", ["lead", "co_lead", "coach", "observer"])), name="workshops_enrolment_known_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ["paid", "internal", "volunteer"])), name="workshops_enrolment_known_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["enrolled", "done", "absent"])),
                fields=("session", "facilitator"),
                name="workshops_enrolment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state__in", ["enrolled", "done"])),
                expressions=[
                    (
                        models.Func(
                            models.F("facilitator"),
                            models.F("facilitator"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("starts_at"),
                            models.F("ends_at"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="workshops_enrolment_one_place_at_a_time",
            ),
        ),
    ]
