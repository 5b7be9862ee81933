import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The row goes with its session in the same moment, whoever removes the session: Django's own commands, a sign-out, another device.
WITH_SESSION = """
ALTER TABLE people_opensession ADD CONSTRAINT people_opensession_session
FOREIGN KEY (session_id) REFERENCES django_session (session_key) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_create_people"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("device", models.CharField(max_length=40)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "session",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sessions.session",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("former", models.EmailField(max_length=254)),
                ("address", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)), fields=("account",), name="people_addresschange_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken_back_at", None), ("done_at__isnull", False), _connector="OR"),
                        name="people_addresschange_done_first",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WITH_SESSION, "ALTER TABLE people_opensession DROP CONSTRAINT people_opensession_session"),
    ]
