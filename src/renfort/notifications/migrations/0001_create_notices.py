import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_create_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="MutedMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message", models.CharField(max_length=100)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "message"), name="notifications_mutedmessage_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=160, unique=True)),
                ("subject", models.CharField(max_length=250)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="people.person"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="notifications_notice_person"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["person"], name="notifications_notice_unread"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=160, unique=True)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("address", models.EmailField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(default="fr", max_length=5)),
                ("subject", models.CharField(max_length=250)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("secret", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("kept", models.BooleanField(default=False)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["next_try_at", "id"],
                        name="notifications_outgoing_due",
                    ),
                    models.Index(
                        condition=models.Q(("next_try_at", None), ("sent_at", None)),
                        fields=["-id"],
                        name="notifications_outgoing_failed",
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("address"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="notifications_outgoing_address",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_try_at__isnull", False), ("sent_at", None)),
                            models.Q(("next_try_at", None), ("sent_at__isnull", False)),
                            models.Q(("next_try_at", None), ("sent_at", None), models.Q(("error", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="notifications_outgoing_waits_left_or_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", False), ("sent_at__isnull", False), _connector="OR"),
                        name="notifications_outgoing_kept",
                    ),
                ],
            },
        ),
    ]
