"""Internal notes on organisations: a new table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0008_register_referents_and_delegate"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrganisationNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, max_length=2000)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["organisation", "-id"], name="organisations_note_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("erased_at", None), ("text", ""), _connector="OR"),
                        name="organisations_organisationnote_erased_means_empty",
                    )
                ],
            },
        ),
    ]
