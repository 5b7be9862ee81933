"""What the queue of missions goes by: since when one waits, who has it in hand, who was first in favour (R52).

Safe on a live table: the columns are empty or have defaults that the database keeps. What waits already has waited since it was
published, or else since it was written.
"""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

WAITS = "state = 'submitted' OR (state = 'published' AND reviewed_at IS NULL)"


def somebody() -> Any:
    return models.ForeignKey(
        db_index=False,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="people.person",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0011_wait_for_slots_and_order_views"),
        ("organisations", "0005_give_organisations_a_life"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="queued_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.AddField(model_name="mission", name="taken_at", field=models.DateTimeField(editable=False, null=True)),
        migrations.AddField(model_name="mission", name="taken_by", field=somebody()),
        migrations.AddField(model_name="mission", name="opinion_at", field=models.DateTimeField(editable=False, null=True)),
        migrations.AddField(model_name="mission", name="opinion_by", field=somebody()),
        migrations.RunSQL(
            f"UPDATE missions_mission SET queued_at = coalesce(published_at, created_at) WHERE {WAITS}",  # noqa: S608 -- ours
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(
                condition=models.Q(
                    ("state", "submitted"), models.Q(("reviewed_at", None), ("state", "published")), _connector="OR"
                ),
                fields=["queued_at", "id"],
                include=("department", "domain"),
                name="missions_mission_queue",
            ),
        ),
    ]
