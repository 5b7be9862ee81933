from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is made while persons are written

    dependencies = [
        ("people", "0002_sessions_and_addresses"),
    ]

    operations = [
        # with a default of the database: rows are not rewritten, and who runs the former code still writes persons
        migrations.AddField("person", "picture", models.CharField(blank=True, db_default="", default="", max_length=32)),
        AddIndexConcurrently(
            "person",
            models.Index(name="people_person_picture", fields=["picture"], condition=models.Q(("picture", ""), _negated=True)),
        ),
    ]
