"""States move by name and in no other way (design decision 12)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("civic_service", "0001_create_civic_service")]

    operations = [
        migrations.RunSQL("SELECT public.fence_state('civic_service_campaign')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('civic_service_hostproject')", migrations.RunSQL.noop),
    ]
