"""What is asked to mend a closed mission (W10)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.organisations.forms.fields import ProseField
from renfort.workshops.services.closing import CorrectionFacts


class CorrectionForm(OnceForm):
    """« Corriger par une nouvelle commande »."""

    title = forms.CharField(label=_("Titre de la nouvelle commande"), max_length=120)
    why = ProseField(
        label=_("Ce qui est à corriger"), rows=4, max_length=2000,
        help_text=_("La mission clôturée reste comme elle est. La coordination de la nouvelle lit vos mots."),
    )  # fmt: skip

    sections = (Section("", ["title", "why"]),)

    def facts(self) -> CorrectionFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return CorrectionFacts(title=self.cleaned_data["title"], why=self.cleaned_data["why"])
