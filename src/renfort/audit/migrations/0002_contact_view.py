from django.db import migrations, models

# What was noted is never changed. It may be removed, when the time for which it is kept is over.
FENCE = """
CREATE TRIGGER append_only BEFORE UPDATE ON audit_contactview FOR EACH ROW EXECUTE FUNCTION public.append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_contactview FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_create_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("viewer_id", models.BigIntegerField()),
                ("subject_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=120)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("way", models.CharField(max_length=10)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["list", "panel", "page", "export"])),
                        name="audit_contactview_known_way",
                    ),
                    models.UniqueConstraint(fields=("subject_id", "day", "viewer_id"), name="audit_contactview_once_a_day"),
                ],
            },
        ),
        migrations.RunSQL(FENCE, migrations.RunSQL.noop),
    ]
