"""An organisation may leave a network that had confirmed it: one more state.

Safe on a live table: the new condition allows all that the former allowed.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0013_add_logo"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="networkmembership", name="organisations_networkmembership_known_state"),
        migrations.AddConstraint(
            model_name="networkmembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["claimed", "confirmed", "refused", "ended"])),
                name="organisations_networkmembership_known_state",
            ),
        ),
    ]
