"""Roles over departments, and over some domains alone (R50, R65).

Safe on a live table: the new columns are empty or have a default that the database keeps; no role of a department exists yet.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_add_invitations"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="department",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.department",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="domains",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="valid_from",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("department", None), _negated=True),
                fields=["department", "role", "valid_until"],
                name="organisations_grant_referents",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("department__isnull", False), ("scope", models.F("department")), ("scope_kind", "department")),
                    models.Q(models.Q(("scope_kind", "department"), _negated=True), ("department__isnull", True)),
                    _connector="OR",
                ),
                name="organisations_grant_department",
            ),
        ),
    ]
