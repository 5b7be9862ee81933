"""Roles over national networks, and invitations to head one (R56).

Safe on a live table: the new columns are empty; no role of a network exists yet.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0010_merge_organisations"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="network",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.network",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("network", None), _negated=True),
                fields=["network", "role", "valid_until"],
                name="organisations_grant_supervisor",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("network__isnull", False), ("scope", Cast("network", models.CharField())), ("scope_kind", "network")
                    ),
                    models.Q(models.Q(("scope_kind", "network"), _negated=True), ("network__isnull", True)),
                    _connector="OR",
                ),
                name="organisations_grant_network",
            ),
        ),
        migrations.AddIndex(
            model_name="networkmembership",
            index=models.Index(fields=["network", "state", "organisation"], name="organisations_membership_of"),
        ),
        migrations.AddField(
            model_name="referentinvitation",
            name="network",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.network",
            ),
        ),
        migrations.RemoveConstraint(model_name="referentinvitation", name="organisations_referentinvitation_once"),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("delegation", None), ("network", None), ("state", "sent")),
                fields=("email",),
                name="organisations_referentinvitation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("network__isnull", False), ("state", "sent")),
                fields=("network", "email"),
                name="organisations_supervisorinvitation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="referentinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("network", None),
                    models.Q(("delegation", None), ("departments", []), ("region", None)),
                    _connector="OR",
                ),
                name="organisations_referentinvitation_one_scope",
            ),
        ),
    ]
