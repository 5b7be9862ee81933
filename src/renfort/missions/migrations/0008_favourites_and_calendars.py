import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_sessions_and_addresses"),
        ("missions", "0007_keep_typed_forms_and_templates"),
    ]

    operations = [
        migrations.AddField("participation", "closed_at", models.DateTimeField(editable=False, null=True)),
        migrations.CreateModel(
            name="CalendarAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.CharField(max_length=43)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "mission",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="missions.mission"),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-id"], name="missions_favourite_newest")],
                "constraints": [models.UniqueConstraint(fields=("person", "mission"), name="missions_favourite_once")],
            },
        ),
    ]
