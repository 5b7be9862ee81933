"""An e-mail may carry a calendar file: that of a session (W6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_daily_readers")]

    operations = [
        migrations.AddField("outgoing", "calendar", models.TextField(blank=True, db_default="", default="")),
    ]
