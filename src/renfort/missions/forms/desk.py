"""Everything that the page of a mission's form holds: the mission, its contacts, its other addresses, and what plugs in later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import phone
from renfort.missions.forms.mission import (
    ContactFormSet,
    MissionForm,
    MoreAddressFormSet,
    address_facts,
    addresses_of,
    contact_facts,
    contacts_of,
    initial_of,
    initial_of_template,
)
from renfort.missions.forms.slots import MissionExtras
from renfort.missions.models import Mission, MissionTemplate
from renfort.missions.services.mission import MissionFacts
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.territories.forms import initial_place, unjudged

CONTACTS, ADDRESSES, SLOTS = "contacts", "addresses", "slots"
REFRESH = "refresh"  # the name of « Actualiser la liste »


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: where (an id of the page, "" for the whole) and what, in a sentence."""

    anchor: str
    sentence: str


@dataclass(slots=True)
class Desk:
    """The forms of one page, as one. ``extras`` are the slots and the prerequisites (R61, R66)."""

    form: MissionForm
    contacts: Any
    addresses: Any
    extras: MissionExtras

    # ── four ways to fill it ──────────────────────────────────────────────────────────────────────
    @classmethod
    def blank(cls, host: Organisation, team: list[Person], me: int | None, template: MissionTemplate | None = None) -> Desk:
        """A new mission: at the organisation's address, with the person who writes it as responsible and contact."""
        mine = next((person for person in team if person.pk == me), team[0])
        initial = {"responsible": str(mine.pk), **initial_place(host)}
        if template is not None:
            initial |= initial_of_template(template)
        rows = [{"name": mine.full_name, "phone": phone(mine.mobile_phone), "email": mine.email}]
        extras = MissionExtras(sentences=template.prerequisites if template is not None else ())
        return cls._filled(host, team, initial, rows, [], extras)

    @classmethod
    def of(cls, mission: Mission, team: list[Person]) -> Desk:
        """A mission as it stands."""
        extras = MissionExtras(mission=mission)
        return cls._filled(mission.organisation, team, initial_of(mission), contacts_of(mission), addresses_of(mission), extras)

    @classmethod
    def _filled(  # noqa: PLR0917 -- one for each form of the page
        cls, host: Organisation, team: list[Person], initial: Any, contacts: Any, addresses: Any, extras: MissionExtras
    ) -> Desk:
        return cls(
            extras=extras,
            form=MissionForm(organisation=host, team=team, initial=initial),
            contacts=ContactFormSet(prefix=CONTACTS, initial=contacts),
            addresses=MoreAddressFormSet(prefix=ADDRESSES, initial=addresses, form_kwargs=_fallback(host)),
        )

    @classmethod
    def sent(
        cls, data: QueryDict, host: Organisation, team: list[Person], *, strict: bool, mission: Mission | None = None
    ) -> Desk:
        """What a browser sends. A page that knows nothing of other addresses leaves them as they are."""
        said = f"{ADDRESSES}-TOTAL_FORMS" in data
        rows = addresses_of(mission) if mission is not None and not said else None
        return cls(
            extras=MissionExtras(data, mission=mission),
            form=MissionForm(data, organisation=host, team=team, strict=strict),
            contacts=ContactFormSet(data, prefix=CONTACTS),
            addresses=MoreAddressFormSet(data if said else None, prefix=ADDRESSES, initial=rows, form_kwargs=_fallback(host)),
        )

    @classmethod
    def typed(cls, said: Mapping[str, list[str]], token: Any, host: Organisation, team: list[Person]) -> Desk:
        """What was being typed, shown again as it was and judged by nobody. ``token``: the form's from now on."""
        data = as_sent({**said, "form_token": [str(token)]})
        if f"{CONTACTS}-TOTAL_FORMS" not in data:
            data.update({f"{CONTACTS}-TOTAL_FORMS": "1", f"{CONTACTS}-INITIAL_FORMS": "0"})
        desk = cls.sent(data, host, team, strict=False)
        desk.leave_unjudged()
        return desk

    # ── what was asked ────────────────────────────────────────────────────────────────────────────
    @property
    def is_searching(self) -> bool:
        """Whether a button was pressed that only shows the page again: an address is searched, the team read anew."""
        asked = self.extras.is_growing or (self.form.is_bound and REFRESH in self.form.data)
        return asked or any(form.is_searching for form in self._places)

    @property
    def _places(self) -> list[Any]:
        return [self.form, *(self.addresses.forms if self.addresses.is_bound else ())]

    def search(self) -> None:
        """Answer that button: nothing is saved, judged or lost."""
        if self.extras.is_growing:
            self.extras.grow()
        self.leave_unjudged()
        for form in self._places:
            if form.is_searching:
                form.search_place()

    def leave_unjudged(self) -> None:
        """Show what was typed without a word about it."""
        unjudged(self.form, self.contacts)
        if not self.extras.is_growing:
            self.extras.show_again()
        if self.extras.needs.is_bound:
            unjudged(self.extras.needs)
        if self.addresses.is_bound:
            unjudged(self.addresses)

    # ── what it means ─────────────────────────────────────────────────────────────────────────────
    def is_valid(self) -> bool:
        """Judge everything at once, so that nobody corrects one thing to be told of the next."""
        addresses = not self.addresses.is_bound or self.addresses.is_valid()
        whole = self.form.is_valid() & self.contacts.is_valid() & addresses
        place = self.form.cleaned_data.get("place")
        if self.addresses.is_bound and place is not None and not self.form.is_remote:
            for row in self.addresses.forms:
                if row.is_valid() and not row.cleaned_data.get("DELETE"):
                    row.demand_near(place.department)
                    whole = whole and not row.errors
        return bool(self.extras.is_valid_with(self.form.cleaned_data) and whole)

    def facts(self) -> MissionFacts:
        """The clean data, as the services take it; call after ``is_valid()``."""
        addresses = address_facts(self.addresses) if self.addresses.is_bound else None
        said = self.form.facts(contact_facts(self.contacts), addresses)
        return replace(said, slots=self.extras.slot_facts(), prerequisites=self.extras.prerequisites())

    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of the page."""
        found = _problems_of(self.form, "")
        for rows, name in ((self.addresses, _("Autre adresse %(n)d")), (self.contacts, _("Contact %(n)d"))):
            if not rows.is_bound:
                continue
            found += [Problem("", str(error)) for error in rows.non_form_errors()]
            for number, row in enumerate(rows.forms, 1):
                found += _problems_of(row, name % {"n": number})
        if self.extras.anything_wrong:
            found.append(Problem("creneaux", _("Un créneau ou un prérequis est à corriger")))
        return found


def _problems_of(form: Any, whose: str) -> list[Problem]:
    found = [Problem("", str(error)) for error in form.non_field_errors()]
    for field in form:
        name = f"{whose}, {field.label}" if whose else str(field.label)
        for error in field.errors:
            speaks_for_itself = field.is_hidden or field.kind == "tick"
            sentence = str(error) if speaks_for_itself else _("%(field)s\u00a0: %(error)s") % {"field": name, "error": error}
            found.append(Problem("" if field.is_hidden else field.anchor, sentence))
    return found


def _fallback(host: Organisation) -> dict[str, str]:
    return {"place_fallback": host.department_id}


def as_sent(said: Mapping[str, list[str]]) -> QueryDict:
    """Kept words as a browser would send them again."""
    data = QueryDict(mutable=True)
    for name, values in said.items():
        data.setlist(name, list(values))
    return data


def said_of(data: QueryDict) -> dict[str, list[str]]:
    """What a browser sent, by name of field, to be kept."""
    return {name: [str(value) for value in values] for name, values in data.lists()}


def as_browser(desk: Desk) -> dict[str, list[str]]:
    """What a browser would send of a page that nobody has touched, but its token."""
    said = _sent_by(desk.form)
    for rows in (desk.contacts, desk.addresses):
        said |= _sent_by(rows.management_form)
        for form in rows.forms:
            said |= _sent_by(form)
    said |= _sent_by(desk.extras.formset.management_form)
    for form in (*desk.extras.formset.forms, desk.extras.series, desk.extras.needs):
        said |= _sent_by(form)
    return said


def _sent_by(form: Any) -> dict[str, list[str]]:
    said = {}
    for field in form:
        value = field.value()
        if field.name == "form_token" or value is False:
            continue
        values = value if isinstance(value, list | tuple) else [value]
        said[field.html_name] = ["on" if each is True else "" if each is None else str(each) for each in values]
    return said
