"""What goes with an application: slots to choose, prerequisites and rules to tick (R13, R61, R66)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from renfort.kernel.forms import TickChoice, TicksField
from renfort.kernel.templatetags.ui import number
from renfort.missions.models import DomainRules, Mission, Slot
from renfort.missions.selectors.eligibility import Eligibility
from renfort.missions.selectors.slots import line_on, open_on, overlap_words, overlapping


class ApplyForm(forms.Form):
    """Slots when the mission has some; one tick for each prerequisite; the statement to tick, when the domain has rules.

    To wait (``waits``), the slots are those whose waiting list one may join (R60).

    The wordings shown are those kept: when they changed since the page was opened, they are to be read and ticked again.
    """

    rules = forms.IntegerField(widget=forms.HiddenInput, required=False)
    agrees = forms.BooleanField(
        error_messages={"required": _("Cochez cette case pour proposer votre aide : ces règles protègent tout le monde.")}
    )

    def __init__(
        self,
        data: Any = None,
        *,
        mission: Mission,
        wording: DomainRules | None,
        found: Eligibility | None = None,
        waits: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.wording, self.mission = wording, mission
        self.slots = (found.full if waits else found.slots) if found else []
        self.needs = [f"prerequisite_{number}" for number in range(len(mission.prerequisites))]
        if wording is None:
            del self.fields["agrees"], self.fields["rules"]
        else:
            self.fields["agrees"].label = wording.statement
            self.fields["rules"].initial = wording.pk
        if self.slots:
            refusals = found.refusals if found else {}
            self.fields["slots"] = self._line_field() if waits else self._slots_field(refusals)
        for name, sentence in zip(self.needs, mission.prerequisites, strict=True):
            self.fields[f"{name}_words"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=sentence)
            self.fields[name] = forms.BooleanField(
                label=sentence, error_messages={"required": _("Confirmez ce prérequis pour proposer votre aide.")}
            )
        self.order_fields(["slots", *self.needs, "agrees"])

    def _slots_field(self, refusals: Mapping[int, str]) -> TicksField:
        items = [_line(slot, refusals.get(slot.pk, "")) for slot in self.slots]
        free = [item.value for item in items if not item.refusal]
        return TicksField(
            label=_("Quand pouvez-vous venir ?"),
            help_text=_("Choisissez un ou plusieurs créneaux. La structure vous répond pour chacun."),
            items=items,
            initial=free if len(free) == 1 else (),
            validators=[self._apart],
            error_messages={
                "required": _("Choisissez au moins un créneau."),
                "invalid_choice": _("Un de ces créneaux n'existe plus : relisez la liste."),
            },
        )

    def _line_field(self) -> TicksField:
        items = [TickChoice(str(slot.pk), _heading(slot), _waiting(slot)) for slot in self.slots]
        return TicksField(
            label=_("Quels créneaux attendez-vous ?"),
            help_text=_("Une place qui se libère est proposée à la première personne de la liste de ce créneau, par e-mail."),
            items=items,
            initial=[item.value for item in items] if len(items) == 1 else (),
            error_messages={
                "required": _("Choisissez au moins un créneau."),
                "invalid_choice": _("On ne peut plus attendre un de ces créneaux : relisez la liste."),
            },
        )

    def _apart(self, chosen: list[str]) -> None:
        if pair := overlapping([slot for slot in self.slots if str(slot.pk) in chosen]):
            raise forms.ValidationError(overlap_words(*pair))

    def clean(self) -> dict[str, Any]:
        """The rules or the prerequisites may have been reworded since the page was opened: the new wording is to be ticked."""
        data = super().clean() or self.cleaned_data
        renewed: dict[str, Any] = {}
        if self.wording is not None and data.get("rules") != self.wording.pk:
            renewed |= {"rules": self.wording.pk, "agrees": None}
            self.add_error("agrees", _("Les règles ont changé depuis l'ouverture de la page : relisez-les, puis cochez la case."))
        for name, sentence in zip(self.needs, self.mission.prerequisites, strict=True):
            if data.get(f"{name}_words") != sentence:
                renewed |= {f"{name}_words": sentence, name: None}
                self.add_error(name, _("Ce prérequis a changé depuis l'ouverture de la page : relisez-le, puis cochez la case."))
        if renewed:  # the page comes back with the wording in force, not yet ticked
            shown: Any = dict(self.data) if not hasattr(self.data, "copy") else self.data.copy()
            for name, value in renewed.items():
                shown.pop(name, None)
                if value is not None:
                    shown[name] = value
            self.data = shown
        return data

    @property
    def chosen_slots(self) -> list[int]:
        """The slots asked for; call after ``is_valid()``."""
        return [int(number) for number in self.cleaned_data.get("slots", ())]

    @property
    def confirmed(self) -> list[str]:
        """The prerequisites confirmed, in the words shown; call after ``is_valid()``."""
        return list(self.mission.prerequisites)


def _line(slot: Slot, refusal: str) -> TickChoice:
    left = open_on(slot)
    note = ngettext("%(n)s place restante", "%(n)s places restantes", left) % {"n": number(left)}
    return TickChoice(str(slot.pk), _heading(slot), note, refusal)


def _heading(slot: Slot) -> str:
    return slot.words[:1].upper() + slot.words[1:]


def _waiting(slot: Slot) -> str:
    waiting = line_on(slot)
    if not waiting:
        return str(_("Vous seriez la première personne de la liste"))
    return ngettext("%(n)s personne attend", "%(n)s personnes attendent", waiting) % {"n": number(waiting)}
