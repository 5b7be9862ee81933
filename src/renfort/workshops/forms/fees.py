"""What a coordinator asks, and a rate of the association (W8, W11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section, TickChoice, TicksField
from renfort.kernel.money import CENTS, euros
from renfort.people.selectors import today
from renfort.workshops.enums import Audience, Kind, RateRole, Seat
from renfort.workshops.models import Enrolment
from renfort.workshops.selectors.fees import Dues
from renfort.workshops.services.rates import RateFacts

DEAREST = Decimal(20_000)  # euros for one service


def _line(each: Enrolment) -> str:
    return f"{each.facilitator.person.full_name} · {each.session.title}, {each.session.words}"


class RequestForm(OnceForm):
    """The lines due, each with its amount; those that are not, greyed with their reasons."""

    def __init__(self, data: Any = None, *, dues: Dues, only: set[int] | None = None, left_out: list[int] | None = None) -> None:
        super().__init__(data)
        items = [
            TickChoice(str(line.enrolment.pk), _line(line.enrolment), f"{Seat(line.enrolment.seat).label} · {euros(line.amount)}")
            for line in dues.lines
            if only is None or line.enrolment.pk in only
        ]
        ready = [item.value for item in items if int(item.value) not in (left_out or ())]
        items += [TickChoice(str(each.pk), _line(each), refusal=" ".join(reasons)) for each, reasons in dues.others]
        self.fields["lines"] = TicksField(
            items=items, label=_("Rétributions à demander"), initial=ready, required=False,
            error_messages={
                "invalid_choice": _("Une des lignes choisies n'est plus à demander. Relisez la liste, puis recommencez.")
            },
        )  # fmt: skip
        self.fields["lines"].expected = True  # type: ignore[attr-defined]  # read by the field's template: no line, no request

    def chosen(self) -> list[int]:
        """The enrolments ticked; call after ``is_valid()``."""
        return [int(value) for value in self.cleaned_data["lines"]]


class RateForm(OnceForm):
    """« Ajouter un tarif »."""

    audience = forms.ChoiceField(label=gettext_lazy("Public"), choices=Audience.choices)
    role = forms.ChoiceField(label=gettext_lazy("Pour"), choices=RateRole.choices)
    kind = forms.ChoiceField(
        label=gettext_lazy("Type de session"), required=False, initial=Kind.WORKSHOP,
        choices=[("", gettext_lazy("Tous (coordination)")), *Kind.choices],
        help_text=gettext_lazy("La coordination se paie par service rendu, quel qu'en soit le type."),
    )  # fmt: skip
    price = forms.DecimalField(
        label=gettext_lazy("Montant hors taxes par service, en euros"), min_value=Decimal("0.01"), max_value=DEAREST,
        decimal_places=2,
    )  # fmt: skip
    first_on = forms.DateField(label=gettext_lazy("À partir du"), widget=DateInput(), initial=today)

    sections = (Section("", ["audience", "role", "kind", "price", "first_on"], pairs=True),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].expected = True  # type: ignore[attr-defined]  # read by the field's template: "" is a choice of its own

    def clean(self) -> dict[str, Any]:
        """A coordination has no kind; anything else has one; a training has no coaching."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        role, kind = said.get("role"), said.get("kind", "")
        if role == RateRole.COORDINATION and kind:
            self.add_error("kind", _("La coordination n'a pas de type : choisissez « Tous (coordination) »."))
        elif role and role != RateRole.COORDINATION and not kind:
            self.add_error("kind", _("Choisissez un type de session."))
        elif (role, kind) == (RateRole.COACH, Kind.TRAINING):
            self.add_error("role", _("Une formation n'a pas d'accompagnement."))
        return said

    def facts(self) -> RateFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        return RateFacts(
            audience=said["audience"], role=said["role"], kind=said["kind"], amount=int(said["price"] * CENTS),
            first_on=said["first_on"],
        )  # fmt: skip
