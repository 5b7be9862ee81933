"""Small forms beside a list: a view under a name, a reply written beforehand (R17, R33)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.missions.services.replies import VARIABLES, unknown_in
from renfort.missions.workflow import refusal_reason, words


class ViewForm(forms.Form):
    """The name of a view, and whether colleagues see it."""

    name = forms.CharField(label=gettext_lazy("Nom de la vue"), max_length=60)
    is_shared = forms.BooleanField(label=gettext_lazy("Partager avec l’équipe"), required=False)


class TemplateForm(forms.Form):
    """« Modèle de réponse »."""

    name = forms.CharField(
        label=gettext_lazy("Nom du modèle"), max_length=60, help_text=gettext_lazy("Votre équipe le retrouve sous ce nom.")
    )
    text = forms.CharField(label=gettext_lazy("Message"), max_length=800, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = " ".join(f"{{{name}}}" for name in VARIABLES)
        self.fields["text"].help_text = _("Remplacés pour chaque personne : %(known)s.") % {"known": known}

    def clean_text(self) -> str:
        """Refuse a variable that stands for nothing: nobody would want to be called « {prenon} »."""
        return checked(str(self.cleaned_data["text"]))


def checked(text: str) -> str:
    """The text, when each of its variables stands for something.

    Raises:
        ValidationError: names those that do not.
    """
    if unknown := unknown_in(text):
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise forms.ValidationError(
            _("« {%(unknown)s} » n’est pas connu. Vous pouvez écrire : %(known)s.") % {"unknown": unknown[0], "known": known}
        )
    return text


class RefusalForm(forms.Form):
    """Why, and a few words: typed, or those of a template of the team."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = refusal_reason()
        self.fields["message"] = words()
        known = " ".join(f"{{{name}}}" for name in VARIABLES)
        self.fields["message"].help_text = _(
            "Quelques mots de votre main, joints à l'e-mail. Remplacés pour chaque personne : %(known)s."
        ) % {"known": known}

    def clean_message(self) -> str:
        """Refuse a variable that stands for nothing."""
        return checked(str(self.cleaned_data.get("message") or ""))
