"""The one contact of a client stands among its contacts now (W11)."""

from django.db import migrations, models

BACK = """
UPDATE workshops_client SET contact_name = c.name, contact_email = c.email, contact_phone = c.phone
FROM workshops_clientcontact c WHERE c.client_id = workshops_client.organisation_id AND c.is_main
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0004_keep_contacts_of_clients")]

    operations = [
        migrations.AlterField("client", "contact_name", models.CharField(blank=True, default="", max_length=120)),
        migrations.AlterField("client", "contact_email", models.EmailField(blank=True, default="", max_length=254)),
        migrations.AlterField("client", "contact_phone", models.CharField(blank=True, default="", max_length=20)),
        migrations.RunSQL(migrations.RunSQL.noop, BACK),
        migrations.RemoveField("client", "contact_name"),
        migrations.RemoveField("client", "contact_email"),
        migrations.RemoveField("client", "contact_phone"),
    ]
