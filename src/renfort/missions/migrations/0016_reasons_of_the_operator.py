"""Reasons become lists of the operator. They begin as what the site offered until now, under the same keys; no row that holds a key changes."""

from typing import Any

from django.db import migrations, models

REASONS = {
    "RefusalReason": (
        ("other_profile", "La mission demande un autre profil", "The mission calls for a different profile"),
        ("not_available", "Les disponibilités ne correspondent pas", "Your availability does not match"),
        ("enough_people", "Nous avons déjà assez de monde", "We already have enough people"),
        ("no_answer", "Nous n'avons pas réussi à vous joindre", "We could not reach you"),
        ("other", "Autre raison", "Another reason"),
    ),
    "WithdrawalReason": (
        ("not_available", "Je ne suis plus disponible", "I am no longer available"),
        ("no_answer", "Je n'ai pas eu de réponse", "I had no reply"),
        ("other_mission", "J'ai trouvé une autre mission", "I found another mission"),
        ("not_suitable", "La mission ne me convient pas", "The mission does not suit me"),
        ("other", "Autre raison", "Another reason"),
    ),
    "CancellationReason": (
        ("no_longer_needed", "Le besoin n'existe plus", "The need no longer exists"),
        ("not_enough_people", "Il n'y a pas assez de bénévoles", "There are not enough volunteers"),
        ("safety", "Les conditions de sécurité ne sont plus réunies", "Safety can no longer be ensured"),
        ("postponed", "La mission est reportée", "The mission is postponed"),
        ("other", "Autre raison", "Another reason"),
    ),
}


def list_of(name: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.CharField(max_length=60, unique=True)),
            ("label_fr", models.CharField(max_length=120)),
            ("label_en", models.CharField(blank=True, max_length=120)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            ("is_active", models.BooleanField(default=True)),
        ],
        options={"ordering": ["position", "id"], "abstract": False},
    )


def fill(apps: Any, schema_editor: Any) -> None:
    for name, reasons in REASONS.items():
        model = apps.get_model("missions", name)
        for position, (key, french, english) in enumerate(reasons):
            words = {"label_fr": french, "label_en": english, "position": position}
            model.objects.get_or_create(key=key, defaults=words)


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0015_accompany_organisations"),
    ]

    operations = [
        *(list_of(name) for name in REASONS),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
