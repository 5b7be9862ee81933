"""Statuses become a list that the operator edits, with types, agreements and networks; drafts and requests to join.

Safe on a live table: every new column of ``organisation`` is nullable or has a default that the database keeps, and the code
of the status stays in the column where it was. The four statuses that rows already have are put in before the foreign key;
`renfort migrate` installs the rest of the lists afterwards.
"""

import django.db.models.deletion
from django.db import migrations, models

# the statuses that organisations already have; their types come with the lists
STATUSES = """
INSERT INTO organisations_legalstatus (key, label_fr, label_en, position, is_active, has_agreements) VALUES
    ('association', 'Association', 'Association', 0, true, true),
    ('public', 'Structure publique', 'Public body', 1, true, false),
    ('private', 'Structure privée', 'Private body', 2, true, false),
    ('other', 'Autre', 'Other', 3, true, false)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_create_functions"),
        ("organisations", "0001_create_organisations"),
        ("people", "0001_create_people"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("you_at", models.DateTimeField(blank=True, null=True)),
                ("about", models.JSONField(blank=True, default=dict)),
                ("place", models.JSONField(blank=True, default=dict)),
                ("not_mine", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("state", models.CharField(default="pending", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LegalStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("has_agreements", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Network",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NetworkMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("state", models.CharField(default="claimed", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OrganisationType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="organisation",
            name="organisations_organisation_known_legal_status",
        ),
        migrations.AddField(
            model_name="organisation",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="rna",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="organisation",
            name="siret",
            field=models.CharField(blank=True, db_default="", default="", max_length=14),
        ),
        migrations.AddField(
            model_name="organisation",
            name="website",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="organisation",
            name="agreements",
            field=models.ManyToManyField(blank=True, related_name="+", to="organisations.agreement"),
        ),
        migrations.AddField(
            model_name="draft",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="people.person"),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="join_requests", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="join_requests", to="people.person"
            ),
        ),
        migrations.RunSQL(STATUSES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="organisation",
            name="legal_status",
            field=models.ForeignKey(
                db_column="legal_status",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.legalstatus",
                to_field="key",
            ),
        ),
        migrations.AddField(
            model_name="networkmembership",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="networkmembership",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="networkmembership",
            name="network",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="organisations.network"
            ),
        ),
        migrations.AddField(
            model_name="networkmembership",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="organisations.organisation"
            ),
        ),
        migrations.AddField(
            model_name="organisationtype",
            name="legal_status",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="types", to="organisations.legalstatus"
            ),
        ),
        migrations.AddField(
            model_name="organisationtype",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subtypes",
                to="organisations.organisationtype",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="subtype",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisationtype",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="type",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisationtype",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("rna", ""), _negated=True), fields=["rna"], name="organisations_organisation_rna"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("siret", ""), _negated=True), ("left_at", None)),
                fields=("siret",),
                name="organisations_organisation_siret",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("subtype", None), ("type__isnull", False), _connector="OR"),
                name="organisations_organisation_subtype",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None)), fields=("person",), name="organisations_draft_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("organisation", None)),
                    models.Q(("done_at__isnull", False), ("organisation__isnull", False)),
                    _connector="OR",
                ),
                name="organisations_draft_done",
            ),
        ),
        migrations.AddIndex(
            model_name="joinrequest",
            index=models.Index(fields=["organisation", "state", "id"], name="organisations_join_state"),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "accepted", "refused"])),
                name="organisations_joinrequest_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("state__in", ["accepted", "refused"])),
                    models.Q(models.Q(("state__in", ["accepted", "refused"]), _negated=True), ("decided_at__isnull", True)),
                    _connector="OR",
                ),
                name="organisations_joinrequest_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("organisation", "person"), name="organisations_joinrequest_once"
            ),
        ),
        migrations.AddIndex(
            model_name="networkmembership",
            index=models.Index(fields=["state", "id"], name="organisations_membership_state"),
        ),
        migrations.AddConstraint(
            model_name="networkmembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["claimed", "confirmed", "refused"])),
                name="organisations_networkmembership_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="networkmembership",
            constraint=models.UniqueConstraint(fields=("organisation", "network"), name="organisations_networkmembership_once"),
        ),
        migrations.AddConstraint(
            model_name="networkmembership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "claimed")),
                    models.Q(models.Q(("state", "claimed"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="organisations_networkmembership_decided",
            ),
        ),
        migrations.RunSQL("SELECT public.fence_state('organisations_joinrequest')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('organisations_networkmembership')", migrations.RunSQL.noop),
    ]
