"""Participants: a pasted list, one by hand, the public page, the columns of a file (W6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.kernel.imports import ImportColumn
from renfort.people.forms.fields import AddressField, NameField
from renfort.workshops.enums import RegistrationState
from renfort.workshops.services.registrations import Guest

ADDRESS = re.compile(r"[^\s<>,;\"'()\[\]]+@[^\s<>,;\"'()\[\]]+")
AROUND = " \t\u00a0\u202f<>\"'“”«»()[],;:•*-–—"
QUOTES = re.compile(r"[\"“”«»<>()\[\]]")
LONGEST_PASTE = 30_000


# ── a pasted list ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a pasted list: the line it stands on, as it was written; ``problem`` says what to mend."""

    line: int
    text: str
    guest: Guest | None = None
    problem: str = ""


def entries_of(text: str, language: str = "fr") -> list[Entry]:
    """« Prénom Nom <a@b> », « Nom, Prénom <a@b> », bare addresses; one a line, or with commas or semicolons between.

    Nothing is left out: what cannot be read, and what stands there twice, comes back with its sentence.
    """
    found: list[Entry] = []
    first: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for piece in _pieces(line):
            entry = _entry(number, piece, language)
            if entry.guest is not None and (earlier := first.setdefault(entry.guest.email, number)) and _is_twin(entry, found):
                entry = Entry(number, piece, None, _("La même adresse est déjà à la ligne %(line)s.") % {"line": earlier})
            found.append(entry)
    return found


def _is_twin(entry: Entry, before: list[Entry]) -> bool:
    return any(each.guest is not None and entry.guest is not None and each.guest.email == entry.guest.email for each in before)


def _pieces(line: str) -> list[str]:
    """What a line holds: one person, or several with separators between."""
    pieces = []
    for part in line.split(";"):
        several = part.split(",") if part.count("@") > 1 else [part]
        for each in several:
            pieces += each.split() if each.count("@") > 1 and "<" not in each else [each]
    return [piece.strip() for piece in pieces if piece.strip(AROUND)]


def _entry(number: int, piece: str, language: str) -> Entry:
    written = ADDRESS.search(piece)
    if written is None:
        return Entry(number, piece, None, _("Il manque une adresse e-mail."))
    try:
        email = AddressField().clean(written[0].rstrip("."))
        first, last = _names(piece.replace(written[0], " "))
        first, last = NameField(required=False).clean(first), NameField(required=False).clean(last)
    except ValidationError as error:
        return Entry(number, piece, None, " ".join(error.messages))
    return Entry(number, piece, Guest(email=email, first_name=first, last_name=last, language=language))


def _names(around: str) -> tuple[str, str]:
    """First and last name: « Nom, Prénom », « NOM Prénom », or the first word and the others."""
    said = QUOTES.sub(" ", around).strip(AROUND)
    if "," in said:
        last, _comma, first = said.partition(",")
        return first.strip(AROUND), last.strip(AROUND)
    words = said.split()
    loud = [word for word in words if word.isupper() and len(word) > 1]
    if loud and len(loud) < len(words) and words[0] in loud:
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    return " ".join(words[:1]), " ".join(words[1:])


def _language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Langue des e-mails"), choices=settings.LANGUAGES, initial=lambda: get_language() or "fr"
    )


class PasteForm(forms.Form):
    """Several people at once, as they stand in an e-mail or a spreadsheet."""

    people = forms.CharField(
        label=gettext_lazy("Participant·es"), strip=False, max_length=LONGEST_PASTE, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Une personne par ligne, comme « Awa Diallo, awa@exemple.fr » ; l'adresse seule suffit. 200 au plus à la fois."
        ),
        error_messages={"required": gettext_lazy("Collez au moins une adresse e-mail.")},
    )  # fmt: skip
    language = _language_field()

    def entries(self) -> list[Entry]:
        """Each person of the list; call after ``is_valid()``."""
        return entries_of(self.cleaned_data["people"], self.cleaned_data["language"])


class ImportOptionsForm(forms.Form):
    """What goes for every line of a file."""

    language = _language_field()


# ── one by hand, and by oneself ───────────────────────────────────────────────────────────────────
class AsGuest(forms.Form):
    """A form of one person."""

    def guest(self) -> Guest:
        """The clean data; call after ``is_valid()``."""
        said = self.cleaned_data
        return Guest(**{name: said[name] for name in ("email", "first_name", "last_name", "language") if said.get(name)})


class GuestForm(AsGuest, OnceForm):
    """Somebody who said by telephone that they come. For teaching no address is asked for."""

    first_name = NameField(label=gettext_lazy("Prénom"))
    last_name = NameField(label=gettext_lazy("Nom"), required=False)
    email = AddressField(help_text=gettext_lazy("La confirmation y part, avec le fichier d'agenda."))
    language = _language_field()
    sections: tuple[Section, ...] = (
        Section("", ["first_name", "last_name"], pairs=True),
        Section("", ["email", "language"]),
    )

    def __init__(self, *args: Any, addresses: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not addresses:
            del self.fields["email"], self.fields["language"]
            self.sections = (Section("", ["first_name", "last_name"], pairs=True),)


def _agreed() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy(
            "J'accepte que mon nom et mon adresse servent à organiser cette session, à établir mon attestation et à recueillir "
            "mon avis."
        ),
        error_messages={"required": gettext_lazy("Sans cet accord, nous ne pouvons pas vous inscrire.")},
    )


class JoinForm(AsGuest, OnceForm):
    """The public page of a session: no account."""

    first_name = NameField(label=gettext_lazy("Prénom"), widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = NameField(label=gettext_lazy("Nom"), widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    email = AddressField(help_text=gettext_lazy("La confirmation y part, avec le fichier d'agenda."))
    language = _language_field()
    agreed = _agreed()


class AnswerForm(AsGuest):
    """« Je viens », from the personal page: the address is known."""

    first_name = NameField(label=gettext_lazy("Prénom"), widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = NameField(label=gettext_lazy("Nom"), widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    language = _language_field()
    agreed = _agreed()


# ── the list ──────────────────────────────────────────────────────────────────────────────────────
class ListForm(forms.Form):
    """What narrows the list of participants; what it cannot understand narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Nom ou adresse"), required=False, max_length=100)
    etat = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[("", gettext_lazy("Tous")), *RegistrationState.choices]
    )

    def asked(self) -> tuple[str, str]:
        """Words and state."""
        self.is_valid()
        return str(self.cleaned_data.get("q") or ""), str(self.cleaned_data.get("etat") or "")


def guest_columns() -> list[ImportColumn]:
    """What a file may say of each participant, in the order of the model."""
    return [
        ImportColumn(
            key="first_name", label=gettext_lazy("Prénom"), field=lambda: NameField(label=gettext_lazy("Prénom"), required=False),
            spellings=("prenom", "first name", "given name"), example="Awa",
        ),
        ImportColumn(
            key="last_name", label=gettext_lazy("Nom"), field=lambda: NameField(label=gettext_lazy("Nom"), required=False),
            spellings=("nom de famille", "last name", "surname", "name"), example="Diallo",
        ),
        ImportColumn(
            key="email", label=gettext_lazy("E-mail"), field=AddressField, is_contact=True, example="awa.diallo@exemple.fr",
            spellings=(
                "email", "mail", "courriel", "adresse e-mail", "adresse email", "adresse mail", "adresse", "mél", "e mail",
            ),
        ),
    ]  # fmt: skip
