"""An internal note (R55)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.organisations.models.notes import LONGEST


class NoteForm(forms.Form):
    """A few words for colleagues."""

    text = forms.CharField(
        label=_("Votre note"),
        help_text=_("Lue par les référents qui suivent ce dossier et par l'équipe du site. Rien sur la santé ni les opinions."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez votre note.")},
    )
