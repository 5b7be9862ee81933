from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_create_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(max_length=120)),
                ("verb", models.CharField(max_length=100)),
                ("model", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                ("before", models.CharField(blank=True, max_length=20)),
                ("after", models.CharField(blank=True, max_length=20)),
                ("codes", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["model", "object_id", "-id"], name="audit_entry_object")],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("text", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["entry_id"], name="audit_remark_entry")],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField(unique=True)),
                ("count", models.PositiveIntegerField()),
                ("previous", models.CharField(blank=True, max_length=64, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1), ("first_id__lte", models.F("last_id"))),
                        name="audit_seal_covers_something",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "SELECT public.fence_append_only('audit_entry'), public.fence_append_only('audit_seal')", migrations.RunSQL.noop
        ),
    ]
