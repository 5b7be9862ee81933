"""Names as long as those of people (W6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0011_check_documents_and_replace_people")]

    operations = [
        migrations.AlterField("registration", "first_name", models.CharField(blank=True, max_length=80)),
        migrations.AlterField("registration", "last_name", models.CharField(blank=True, max_length=80)),
    ]
