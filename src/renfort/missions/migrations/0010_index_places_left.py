from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without stopping who writes: the indexes that answer alone for places left, for a state, and for an organisation's figures."""

    atomic = False
    dependencies = [("missions", "0009_hours_and_absences")]

    operations = [
        AddIndexConcurrently(
            model_name="participation",
            index=models.Index(
                condition=models.Q(("state__in", ["accepted", "ongoing", "done"]))
                | models.Q(("reserved", True), ("state", "pending")),
                fields=["organisation", "mission"],
                include=["state"],
                name="missions_participation_room",
            ),
        ),
        AddIndexConcurrently(
            model_name="mission",
            index=models.Index(fields=["organisation", "state", "-id"], include=["format"], name="missions_mission_in_state"),
        ),
        AddIndexConcurrently(
            model_name="mission",
            index=models.Index(
                condition=models.Q(("state", "published")),
                fields=["organisation", "over_at"],
                include=["id", "places", "format", "has_slots", "begins_at"],
                name="missions_mission_online",
            ),
        ),
        AddIndexConcurrently(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("granted_at__isnull", False)), fields=["mission"], name="missions_booking_granted"
            ),
        ),
    ]
