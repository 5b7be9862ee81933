from django.db import migrations

# What has been spent of each limit. Unlogged: it may be lost at any time, and writing it flushes nothing to disk. No key says
# whom it counts (a keyed digest). fillfactor leaves room to write a row again where it stands.
SPENT = """
CREATE UNLOGGED TABLE jobs_spent (
    key bytea PRIMARY KEY,
    free_at timestamptz NOT NULL,
    passed boolean NOT NULL
) WITH (fillfactor = 70);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_create_form_tokens"),
    ]

    operations = [
        migrations.RunSQL(SPENT, "DROP TABLE jobs_spent"),
    ]
