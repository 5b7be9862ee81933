from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without stopping who writes: which missions are a referent's, from the index alone; their rows are long (R51)."""

    atomic = False
    dependencies = [
        ("missions", "0016_reasons_of_the_operator"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="mission",
            index=models.Index(fields=["department", "id"], include=["domain"], name="missions_mission_area"),
        ),
    ]
