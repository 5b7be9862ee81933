from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without stopping who writes: the indexes of the lists' orders and of the dashboard's figures."""

    atomic = False
    dependencies = [("missions", "0005_saved_views")]

    operations = [
        AddIndexConcurrently(
            model_name="mission",
            index=models.Index(fields=["organisation", "search_name", "id"], name="missions_mission_by_title"),
        ),
        AddIndexConcurrently(
            model_name="mission",
            index=models.Index(fields=["organisation", "starts_on", "id"], name="missions_mission_by_start"),
        ),
        AddIndexConcurrently(
            model_name="participation",
            index=models.Index(fields=["organisation", "state", "created_at"], name="missions_participation_waits"),
        ),
        AddIndexConcurrently(
            model_name="participation",
            index=models.Index(fields=["organisation", "created_at"], name="missions_participation_came"),
        ),
        AddIndexConcurrently(
            model_name="participation",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False), models.Q(("state", "refused"), _negated=True)),
                fields=["organisation", "decided_at"],
                name="missions_participation_taken",
            ),
        ),
    ]
