"""The coordination's forms: a session, invitations (W3, W4)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section, StepperInput, TimeInput
from renfort.people.forms.fields import PostcodeField
from renfort.workshops.enums import Kind, Language, Presence, Seat
from renfort.workshops.models import Session
from renfort.workshops.services.sessions import MOST_INVITED, SessionFacts

ZONES = (
    ("Europe/Paris", _("Paris")), ("Europe/Brussels", _("Bruxelles")), ("Europe/London", _("Londres")),
    ("America/Martinique", _("Martinique")), ("America/Guadeloupe", _("Guadeloupe")), ("America/Cayenne", _("Guyane")),
    ("America/Miquelon", _("Saint-Pierre-et-Miquelon")), ("America/Toronto", _("Montréal")), ("Indian/Reunion", _("La Réunion")),
    ("Indian/Mayotte", _("Mayotte")), ("Pacific/Noumea", _("Nouméa")), ("Pacific/Tahiti", _("Tahiti")),
    ("UTC", _("Temps universel")),
)  # fmt: skip
MOST_PLACES, MOST_PARTICIPANTS = 60, 5000
ONE, LATER = "one", "later"  # which sessions of a series a change is for


def places(label: Any, initial: int = 0) -> forms.IntegerField:
    """So many places of one part."""
    return forms.IntegerField(
        label=label, min_value=0, max_value=MOST_PLACES, initial=initial, required=False, widget=StepperInput()
    )


class SessionForm(OnceForm):
    """« + » plans a session, or changes one; its kind stays once it is planned (W3)."""

    kind = forms.ChoiceField(label=_("Type"), choices=Kind.choices)
    day = forms.DateField(label=_("Date"), widget=DateInput())
    starts = forms.TimeField(label=_("Début"), widget=TimeInput())
    ends = forms.TimeField(label=_("Fin"), widget=TimeInput(), help_text=_("Une fin avant le début est le lendemain."))
    zone = forms.ChoiceField(label=_("Heures de"), choices=ZONES, initial="Europe/Paris")
    presence = forms.ChoiceField(label=_("Format"), choices=Presence.choices, widget=forms.RadioSelect())
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    postcode = PostcodeField(label=_("Code postal"), required=False)
    city = forms.CharField(label=_("Ville"), max_length=100, required=False)
    video_link = forms.URLField(
        label=_("Lien de visio"), max_length=300, required=False, assume_scheme="https",
        help_text=_("Pour une session en ligne ; il peut venir plus tard."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Langue"), choices=Language.choices)
    participants = forms.IntegerField(
        label=_("Nombre de participant·es"), min_value=1, max_value=MOST_PARTICIPANTS, initial=14, widget=StepperInput()
    )
    leads = places(_("Places d'animation"), 1)
    co_leads = places(_("Places de co-animation"))
    coaches = places(_("Places d'accompagnement"))
    observers = places(_("Places d'observation"))

    sections: tuple[Section, ...] = (
        Section("", ["kind"]),
        Section(_("Quand"), ["day", "starts", "ends", "zone"], pairs=True),
        Section(_("Où"), ["presence", "address", "postcode", "city", "video_link"]),
        Section(
            _("Pour qui, par qui"), ["language", "participants", "leads"],
            fold=_("Il y aura d'autres animateur·ices"), folded=["co_leads", "coaches", "observers"],
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, fixed_kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_kind = fixed_kind
        if fixed_kind:
            del self.fields["kind"]

    @classmethod
    def of(cls, session: Session, data: Any = None, *, later: int = 0) -> SessionForm:
        """The form of a session that is to be changed. ``later``: how many of its series come after it."""
        start, end = session.local_start, session.local_end
        names = ("zone", "presence", "address", "postcode", "city", "video_link", "language", "participants", "leads", "co_leads",
                 "coaches", "observers")  # fmt: skip
        known = {name: getattr(session, name) for name in names}
        known |= {"day": start.date(), "starts": start.time(), "ends": end.time()}
        form = cls(data, initial=known, fixed_kind=session.kind)
        if later:
            form.fields["scope"] = forms.ChoiceField(
                label=_("Pour quelles sessions de la série ?"), widget=forms.RadioSelect(), initial=ONE,
                choices=((ONE, _("Celle-ci seulement")), (LATER, _("Celle-ci et les suivantes"))),
                help_text=_("La date, les heures et le fuseau ne changent que pour celle-ci."),
            )  # fmt: skip
        return form

    def clean(self) -> dict[str, Any]:
        """A place for what is on site."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("presence") == Presence.ON_SITE and not said.get("address") and not said.get("city"):
            self.add_error("city", _("Donnez le lieu de la session."))
        for name in ("leads", "co_leads", "coaches", "observers"):
            said[name] = said.get(name) or 0
        if not self.errors and said["leads"] + said["coaches"] < 1:
            self.add_error("leads", _("Prévoyez au moins une place d'animation."))
        return said

    def facts(self) -> SessionFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        names = ("presence", "language", "day", "starts", "ends", "zone", "participants", "leads", "co_leads", "coaches",
                 "observers", "address", "postcode", "city", "video_link")  # fmt: skip
        return SessionFacts(kind=self.fixed_kind or said["kind"], **{name: said[name] for name in names})


class InviteForm(forms.Form):
    """Several addresses pasted at once."""

    addresses = forms.CharField(
        label=_("Adresses e-mail"), widget=forms.Textarea(attrs={"rows": 3}), max_length=6000,
        help_text=_("Séparées par des espaces, des virgules ou des retours à la ligne. Vingt au plus à la fois."),
    )  # fmt: skip

    def clean_addresses(self) -> list[str]:
        """The addresses in lower case; each that is wrong is named."""
        found = [each.lower() for each in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if each]
        wrong = []
        for each in found:
            try:
                validate_email(each)
            except ValidationError:
                wrong.append(each)
        if wrong:
            raise ValidationError(_("Ce n'est pas une adresse : %(wrong)s."), params={"wrong": ", ".join(wrong[:5])})
        if len(set(found)) > MOST_INVITED:
            raise ValidationError(_("Invitez au plus %(n)d personnes à la fois."), params={"n": MOST_INVITED})
        return list(dict.fromkeys(found))


class SeatForm(forms.Form):
    """Which part one takes; only those with a place left are offered."""

    seat = forms.ChoiceField(label=_("Votre rôle"), choices=Seat.choices, widget=forms.RadioSelect())

    def __init__(self, data: Any = None, *, open_seats: list[str]) -> None:
        super().__init__(data, initial={"seat": open_seats[0] if open_seats else ""})
        self.fields["seat"].choices = [(seat, Seat(seat).label) for seat in open_seats]  # type: ignore[attr-defined]  # a choice field
