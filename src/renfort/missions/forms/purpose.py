"""Why a referent needs a volunteer's contact data (R37)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.audit.enums import ViewPurpose
from renfort.missions.models.notes import WORDS


class PurposeForm(forms.Form):
    """Why one must reach a volunteer. The volunteer reads both."""

    purpose = forms.ChoiceField(
        label=_("Pourquoi ?"),
        choices=ViewPurpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez pourquoi vous devez joindre cette personne.")},
    )
    words = forms.CharField(
        label=_("En quelques mots"),
        help_text=_("La personne lit votre raison, votre rôle et votre territoire."),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi, en quelques mots.")},
    )
