"""Replies that the operator proposes to every team (R33, R58); a team takes one as it is, or makes its own of it."""

from __future__ import annotations

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.lists import EditableList, Listed, in_language

VARIABLE = re.compile(r"\{([^{}]*)\}")
NAMES = ("prénom", "nom", "mission", "dates", "structure")  # what may stand between braces


class DefaultReply(Listed):
    """« Modèle de réponse » of the operator: a name, and words with variables in both languages."""

    worded: ClassVar[tuple[str, ...]] = ("label_fr", "label_en", "text_fr", "text_en")
    text_fr = models.TextField(max_length=800)
    text_en = models.TextField(max_length=800, blank=True)

    @classmethod
    def check_words(cls, name: str, words: str) -> None:
        """Refuse a variable that stands for nothing.

        Raises:
            ValidationError: names it, and those that do.
        """
        unknown = [found for found in VARIABLE.findall(words) if found.strip().lower() not in NAMES]
        if unknown:
            known = ", ".join(f"{{{each}}}" for each in NAMES)
            said = _("« {%(unknown)s} » n’est pas connu. Vous pouvez écrire : %(known)s.")
            raise ValidationError(said % {"unknown": unknown[0], "known": known})

    @property
    def choice(self) -> str:
        """How it is called among the choices of a form, beside those of the team."""
        return f"d{self.pk}"

    @property
    def name(self) -> str:
        return self.label

    @property
    def text(self) -> str:
        return in_language(self.text_fr, self.text_en)


EditableList("modeles-de-reponse", DefaultReply, gettext_lazy("Modèles de réponse proposés aux structures"))
