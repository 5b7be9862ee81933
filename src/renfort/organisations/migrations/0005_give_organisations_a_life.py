"""The life of an organisation, and the reasons that decisions give (R52).

Safe on a live table: the columns have defaults that the database keeps, so that nothing is written anew. What is here already
was welcome, and is validated; what has left is « désinscrite ». The index and the checks read a table of some thousands of rows.
"""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

STATES = ["draft", "waiting", "in_review", "validated", "to_correct", "refused", "flagged", "unsubscribed"]


def listed() -> Any:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("key", models.CharField(max_length=60, unique=True)),
        ("label_fr", models.CharField(max_length=120)),
        ("label_en", models.CharField(blank=True, max_length=120)),
        ("position", models.PositiveSmallIntegerField(default=0)),
        ("is_active", models.BooleanField(default=True)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0004_let_roles_be_over_departments"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionReason",
            fields=listed(),
            options={"ordering": ["position", "id"], "abstract": False},
        ),
        migrations.CreateModel(
            name="DenialReason",
            fields=listed(),
            options={"ordering": ["position", "id"], "abstract": False},
        ),
        migrations.AddField(
            model_name="organisation",
            name="queued_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="state",
            field=models.CharField(default="validated", db_default="validated", max_length=20),
        ),
        migrations.RunSQL(
            "UPDATE organisations_organisation SET state = 'unsubscribed' WHERE left_at IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="organisation",
            name="state",
            field=models.CharField(default="waiting", db_default="waiting", max_length=20),
        ),
        migrations.AddField(model_name="organisation", name="taken_at", field=models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            model_name="organisation",
            name="taken_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "in_review"])),
                fields=["queued_at", "id"],
                include=("department",),
                name="organisations_org_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("state__in", ["refused", "flagged"])), fields=["state"], name="organisations_org_unwelcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", STATES)), name="organisations_organisation_known_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["in_review"]), ("taken_at__isnull", False)),
                    models.Q(models.Q(("state__in", ["in_review"]), _negated=True), ("taken_at__isnull", True)),
                    _connector="OR",
                ),
                name="organisations_organisation_taken",
            ),
        ),
        migrations.RunSQL("SELECT public.fence_state('organisations_organisation')", migrations.RunSQL.noop),
    ]
