"""Why a referent read contact data, and where. The columns have their default in the database; the check is validated apart."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the check is validated while people go on writing

    dependencies = [
        ("audit", "0002_contact_view"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactview",
            name="department",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.AddField(
            model_name="contactview",
            name="purpose",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="contactview",
            name="purpose_words",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        AddConstraintNotValid(
            model_name="contactview",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["", "help_volunteer", "help_host", "safety", "complaint", "other"])),
                name="audit_contactview_known_purpose",
            ),
        ),
        ValidateConstraint(model_name="contactview", name="audit_contactview_known_purpose"),
    ]
