"""The papers given: one valid of a series, in the state that the engine gave it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_create_functions"),
        ("organisations", "0002_add_onboarding"),
        ("people", "0002_sessions_and_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=16, unique=True)),
                ("series", models.CharField(max_length=120)),
                ("subject", models.BigIntegerField()),
                ("language", models.CharField(default="fr", max_length=5)),
                ("facts", models.JSONField()),
                ("file", models.FileField(upload_to="papers")),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("state", models.CharField(default="valid", max_length=20)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("issued_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="people.person"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="documents_paper_person"),
                    models.Index(fields=["kind", "subject"], name="documents_paper_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["valid", "replaced", "revoked"])), name="documents_paper_known_state"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "valid")), fields=("kind", "series"), name="documents_paper_one_valid"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "valid")),
                            models.Q(models.Q(("state", "valid"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="documents_paper_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="documents_paper_digest"
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT public.fence_state('documents_paper')", migrations.RunSQL.noop),
    ]
