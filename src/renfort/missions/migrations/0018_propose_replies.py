"""Replies that the operator proposes to every team: a new list, with two to begin with."""

from typing import Any

from django.db import migrations, models

REPLIES = (
    (
        "complet", "C'est complet", "We are full",
        "Bonjour {prénom},\n\nMerci d'avoir proposé votre aide pour « {mission} ». Toutes les places sont prises. "
        "Nous serions heureux de vous accueillir une prochaine fois.\n\n{structure}",
        "Dear {prénom},\n\nThank you for offering your help with “{mission}”. All the places are taken. "
        "We would be glad to welcome you another time.\n\n{structure}",
    ),
    (
        "autre-profil", "Un autre profil", "A different profile",
        "Bonjour {prénom},\n\nMerci de votre proposition pour « {mission} » ({dates}). Cette mission demande une expérience "
        "particulière. D'autres missions, près de chez vous, ont besoin de vous.\n\n{structure}",
        "Dear {prénom},\n\nThank you for your offer for “{mission}” ({dates}). This mission calls for particular experience. "
        "Other missions near you need your help.\n\n{structure}",
    ),
)  # fmt: skip


def fill(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("missions", "DefaultReply")
    for position, (key, french, english, text_fr, text_en) in enumerate(REPLIES):
        said = {"label_fr": french, "label_en": english, "text_fr": text_fr, "text_en": text_en, "position": position}
        model.objects.get_or_create(key=key, defaults=said)


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0017_index_territories"),
    ]

    operations = [
        migrations.CreateModel(
            name="DefaultReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("text_fr", models.TextField(max_length=800)),
                ("text_en", models.TextField(blank=True, max_length=800)),
            ],
            options={"ordering": ["position", "id"], "abstract": False},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
