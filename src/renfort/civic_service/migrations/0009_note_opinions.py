"""What advisers think of host projects, noted before they are decided (S5, step 2)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("civic_service", "0008_search_establishments"),
        ("people", "0003_add_picture"),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filing", models.PositiveSmallIntegerField()),
                ("adviser", models.CharField(max_length=120)),
                ("function", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("given_on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="civic_service.hostproject"
                    ),
                ),
            ],
            options={
                "ordering": ["-noted_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["favourable", "reserved", "unfavourable"])),
                        name="civic_service_opinion_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("adviser", ""), _negated=True), models.Q(("function", ""), _negated=True)),
                        name="civic_service_opinion_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "favourable"), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="civic_service_opinion_words",
                    ),
                ],
            },
        ),
    ]
