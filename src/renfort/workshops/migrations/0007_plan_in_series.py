"""Sessions planned in one go share a number; each lives its own life (W3)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0006_hold_what_is_closed")]

    operations = [migrations.AddField("session", "series", models.UUIDField(blank=True, editable=False, null=True))]
