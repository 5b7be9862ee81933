"""The logo of an organisation (R9).

Safe on a live table: a column with a default of the database (rows are not rewritten, who runs the former code still writes
organisations), and an index made while organisations are written.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("organisations", "0012_invite_branches"),
    ]

    operations = [
        migrations.AddField("organisation", "logo", models.CharField(blank=True, db_default="", default="", max_length=32)),
        AddIndexConcurrently(
            "organisation",
            models.Index(name="organisations_org_logo", fields=["logo"], condition=models.Q(("logo", ""), _negated=True)),
        ),
    ]
