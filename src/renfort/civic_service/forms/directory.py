"""Bring the directory in as a file, confirm its differences, take them back (S1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import DirectoryThing
from renfort.civic_service.selectors.delivery import FIELDS, Said
from renfort.jobs.forms import OnceForm
from renfort.jobs.forms.imports import ACCEPT
from renfort.kernel.rules import Text
from renfort.kernel.tables import MOST_OCTETS, Table, UnreadableError, bare, read_table

TIMES = 4  # the usual weight of a file: 20 MB for a whole country
MOST_LINES = 100_000
# our names, the titles of the model file, the spellings that are understood too
COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("type", "type", ("nature", "ligne")),
    ("key", "cle", ("clé", "identifiant", "id")),
    ("network", "reseau", ()),
    ("uai", "uai", ("rne", "code rne", "code uai")),
    ("name", "nom", ()),
    ("first_name", "prenom", ()),
    ("managing_body", "ogec", ("nom ogec", "organisme de gestion")),
    ("address", "adresse", ()),
    ("postcode", "code postal", ("cp",)),
    ("city", "ville", ("commune",)),
    ("siret", "siret", ()),
    ("phone", "telephone", ("tel", "mobile")),
    ("email", "email", ("e mail", "courriel", "mail", "adresse e mail")),
    ("enrolment", "effectif", ("eleves",)),
    ("enrolment_year", "annee", ("annee effectif", "rentree")),
    ("head", "chef", ("chef d etablissement", "cle chef")),
    ("establishment", "etablissement", ("cle etablissement",)),
    ("person", "personne", ("cle personne",)),
    ("role", "role", ()),
    ("function", "fonction", ()),
)
KINDS = {
    "etablissement": DirectoryThing.ESTABLISHMENT, "establishment": DirectoryThing.ESTABLISHMENT,
    "personne": DirectoryThing.PERSON, "person": DirectoryThing.PERSON,
    "role": DirectoryThing.POST, "poste": DirectoryThing.POST, "post": DirectoryThing.POST,
}  # fmt: skip
WHOLE, PART = "whole", "part"
SCOPES: tuple[tuple[str, Text], ...] = (
    (PART, gettext_lazy("Une partie de l'annuaire : ce qu'il ne nomme pas reste comme il est")),
    (WHOLE, gettext_lazy("Tout l'annuaire : ce qu'il ne nomme pas l'a quitté")),
)


class DirectoryFileForm(OnceForm):
    """One file with a column « type »; cleaned, it is ``lines``, and nothing else of the file is kept."""

    file = forms.FileField(
        label=gettext_lazy("Fichier .xlsx ou .csv"),
        help_text=gettext_lazy("20 Mo au plus. Une ligne de titres, puis une ligne par établissement, personne ou rôle."),
        max_length=200,
        widget=forms.FileInput({"accept": ACCEPT}),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide : choisissez-en un autre."),
            "max_length": gettext_lazy("Le nom de ce fichier est trop long : renommez-le."),
            "invalid": gettext_lazy("Choisissez un fichier."),
        },
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Que contient ce fichier ?"), choices=SCOPES, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites si ce fichier est tout l'annuaire ou une partie.")},
    )  # fmt: skip

    lines: list[Said]
    name = ""

    def clean(self) -> dict[str, Any]:
        """Read what was sent."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        file = said.get("file")
        if self.errors or file is None:
            return said
        try:
            # one octet more than allowed is enough to know that it is too much
            table = read_table(file.read(MOST_OCTETS * TIMES + 1), most=MOST_LINES, times=TIMES)
            self.name, self.lines = file.name or "", lines_of(table)
        except UnreadableError as sentence:
            raise forms.ValidationError({"file": str(sentence)}) from None
        return said


class ConfirmForm(forms.Form):
    """« Confirmer »; why, when the brake holds."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ces changements sont-ils justes ?"),
        help_text=gettext_lazy("Gardé dans l'historique avec votre nom."),
        max_length=1000,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={
            "required": gettext_lazy("Dites pourquoi ces changements sont justes : ils sont plus nombreux que d'habitude.")
        },
    )

    def __init__(self, *args: Any, is_braked: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not is_braked:
            del self.fields["reason"]


class UndoForm(forms.Form):
    """« Défaire »: why."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi défaire cette lecture ?"),
        help_text=gettext_lazy("Gardé dans l'historique avec votre nom."),
        max_length=1000,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={"required": gettext_lazy("Dites pourquoi cette lecture est à défaire.")},
    )


def lines_of(table: Table) -> list[Said]:
    """The lines of a file by our names; the order and the exact titles of its columns do not matter.

    Raises:
        UnreadableError: it has no column « type », or a line that says nothing known there.
    """
    known = {bare(each): key for key, title, others in COLUMNS for each in (title, key, *others)}
    places: dict[str, int] = {}
    for place, title in enumerate(table.titles):
        key = known.get(bare(title))
        if key is None:
            continue
        if key in places:
            raise UnreadableError(_("Deux colonnes disent la même chose : « %(title)s ». Gardez-en une.") % {"title": title})
        places[key] = place
    if "type" not in places:
        raise UnreadableError(
            _("Il manque la colonne « type » : chaque ligne dit si c'est un établissement, une personne ou un rôle.")
        )
    lines = []
    for row in table.rows:
        said = row.cells[places["type"]]
        thing = KINDS.get(bare(said))
        if thing is None:
            raise UnreadableError(
                _("Ligne %(line)d : le type « %(said)s » n'est pas connu. Écrivez établissement, personne ou rôle.")
                % {"line": row.number, "said": said[:40]}
            )
        # one column « nom » is a school's name and a person's last name
        names = {"name" if (thing, ours) == (DirectoryThing.PERSON, "last_name") else ours: ours for ours in FIELDS[thing]}
        lines.append(Said(row.number, str(thing), {ours: row.cells[places[key]] for key, ours in names.items() if key in places}))
    return lines


def model_rows() -> tuple[list[str], list[list[str]]]:
    """The file to begin with: its titles, and a line of each type."""
    titles = [title for _key, title, _others in COLUMNS]
    examples: list[dict[str, str]] = [
        {
            "type": "établissement", "key": "E-0001", "network": "SGEC", "uai": "0951099D", "name": "Lycée Saint-Jean",
            "managing_body": "OGEC Saint-Jean", "address": "3 rue des Écoles", "postcode": "95000", "city": "Cergy",
            "siret": "73282932000074", "phone": "01 30 00 00 00", "email": "contact@saint-jean.example.org", "enrolment": "420",
            "enrolment_year": "2026", "head": "P-0001",
        },
        {
            "type": "personne", "key": "P-0001", "name": "Diallo", "first_name": "Ana", "email": "ana.diallo@example.org",
            "phone": "06 12 34 56 78",
        },
        {"type": "rôle", "establishment": "E-0001", "person": "P-0001", "role": "référent", "function": "Cheffe d'établissement"},
    ]  # fmt: skip
    return titles, [[each.get(key, "") for key, _title, _others in COLUMNS] for each in examples]


def refused_rows(refused: list[list[Any]]) -> tuple[list[str], list[list[str]]]:
    """Lines that were refused as a file to mend and send again, with what is wrong in the last column."""
    titles = [title for _key, title, _others in COLUMNS]
    kinds = {DirectoryThing.ESTABLISHMENT: "établissement", DirectoryThing.PERSON: "personne", DirectoryThing.POST: "rôle"}
    rows = []
    for _line, thing, facts, sentences in refused:
        said = {**facts, "type": kinds[DirectoryThing(thing)]}
        if thing == DirectoryThing.PERSON:
            said["name"] = facts.get("last_name", "")
            said["phone"] = facts.get("phone") or facts.get("mobile_phone") or facts.get("landline_phone") or ""
        rows.append([*(str(said.get(key, "")) for key, _title, _others in COLUMNS), " ".join(sentences)])
    return [*titles, _("à corriger")], rows
