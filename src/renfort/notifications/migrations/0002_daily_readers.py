"""One e-mail a day for those who prefer it (R36). A column with a database default, and an index of few rows: safe on a live table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_create_notices"),
        ("people", "0002_sessions_and_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyReader",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="notice",
            name="digest",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("digest", True)), fields=["person", "id"], name="notifications_notice_digest"),
        ),
    ]
