import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_count_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=120)),
                ("state", models.CharField(default="waiting", max_length=20)),
                ("total", models.PositiveIntegerField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("alive_until", models.DateTimeField(null=True)),
                ("stop_asked_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("kind", models.CharField(max_length=60)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("query", models.TextField(blank=True, max_length=4000)),
                ("columns", models.JSONField(default=list)),
                ("has_contacts", models.BooleanField(default=False)),
                ("purpose", models.CharField(max_length=20)),
                ("purpose_words", models.CharField(blank=True, max_length=200)),
                ("format", models.CharField(default="xlsx", max_length=20)),
                ("language", models.CharField(default="fr", max_length=5)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("size", models.BigIntegerField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id", "-id"], name="jobs_export_person"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=["id"], name="jobs_export_open"
                    ),
                    models.Index(
                        condition=models.Q(("removed_at", None), ("state", "done")),
                        fields=["expires_at"],
                        name="jobs_export_kept",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "stopped"])),
                        name="jobs_export_known_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("format__in", ["xlsx", "csv"])), name="jobs_export_known_format"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["contact", "prepare", "report", "duty", "other"])),
                        name="jobs_export_known_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("ended_at__isnull", False), ("expires_at__isnull", False), ("size__isnull", False)),
                            _connector="OR",
                        ),
                        name="jobs_export_done_has_a_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="jobs.export"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("export", "number"), name="jobs_exportpart_number")],
            },
        ),
        # the parts of a file are compressed already: the database need not try again
        migrations.RunSQL("ALTER TABLE jobs_exportpart ALTER COLUMN data SET STORAGE EXTERNAL", migrations.RunSQL.noop),
    ]
