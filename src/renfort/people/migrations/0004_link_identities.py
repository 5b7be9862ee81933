"""An account may be linked to who its holder is for the identity provider of the network (S1)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=255)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("linked_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="people_identity_once"),
                    models.UniqueConstraint(fields=("account", "issuer"), name="people_identity_one_each"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("issuer", ""), _negated=True), models.Q(("subject", ""), _negated=True)),
                        name="people_identity_known",
                    ),
                ],
            },
        ),
    ]
