"""Several contacts of a client, one of them first; what the convention of an order says (W11)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

COPY = """
INSERT INTO workshops_clientcontact
    (client_id, name, function, email, phone, is_main, link_seed, link_digest, version)
SELECT organisation_id, contact_name, '', lower(contact_email), contact_phone, true, '', '', 1
FROM workshops_client WHERE contact_name <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_add_picture"), ("workshops", "0003_create_registrations")]

    operations = [
        migrations.CreateModel(
            name="ClientContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("function", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("is_main", models.BooleanField(default=False)),
                ("invited_at", models.DateTimeField(editable=False, null=True)),
                ("link_seed", models.CharField(blank=True, editable=False, max_length=43)),
                ("link_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="workshops.client"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-is_main", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)), fields=("client",), name="workshops_contact_one_main"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("client", "email"),
                        name="workshops_contact_once",
                    ),
                    models.UniqueConstraint(fields=("client", "person"), name="workshops_contact_person_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("link_digest", ""), _negated=True),
                        fields=("link_digest",),
                        name="workshops_contact_link",
                    ),
                ],
            },
        ),
        migrations.AddField("order", "aim", models.TextField(blank=True, default="", max_length=1000), preserve_default=False),
        migrations.AddField(
            "order", "content", models.TextField(blank=True, default="", max_length=2000), preserve_default=False
        ),
        migrations.AddField(
            "order", "duration", models.CharField(blank=True, default="", max_length=200), preserve_default=False
        ),
        migrations.AddField(
            "order", "follow_up", models.TextField(blank=True, default="", max_length=1000), preserve_default=False
        ),
        migrations.AddField("order", "means", models.TextField(blank=True, default="", max_length=1000), preserve_default=False),
        migrations.AddField(
            "order", "payment", models.TextField(blank=True, default="", max_length=1000), preserve_default=False
        ),
        migrations.AddField(
            "order", "signed_by", models.CharField(blank=True, default="", max_length=120), preserve_default=False
        ),
        migrations.AddField("order", "signed_on", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "order",
            "wanted_on",
            django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_by", ""), ("signed_on", None)),
                    models.Q(("signed_on__isnull", False), models.Q(("signed_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="workshops_order_signed",
            ),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
