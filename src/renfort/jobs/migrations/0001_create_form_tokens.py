from django.db import migrations, models

# the shared cache (rate limits), as Django's database cache expects it: unlogged, it may be lost at any time
CACHE = """
CREATE UNLOGGED TABLE jobs_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX jobs_cache_expires ON jobs_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_create_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormToken",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("owner", models.CharField(blank=True, max_length=40)),
                ("result", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="jobs_formtoken_at")],
            },
        ),
        migrations.RunSQL(CACHE, "DROP TABLE jobs_cache"),
    ]
