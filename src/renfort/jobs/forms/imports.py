"""Bring a table in: choose it or paste it, then say which column is which (P6, P11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.jobs.forms import OnceForm
from renfort.jobs.models import Import
from renfort.kernel.forms import Section
from renfort.kernel.imports import ImportKind
from renfort.kernel.tables import MOST_OCTETS, Table, UnreadableError, read_table, read_text

ACCEPT = ".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportFileForm(OnceForm):
    """« Fichier », or the same pasted from a spreadsheet; cleaned, it is ``table``, and nothing of the file is kept."""

    file = forms.FileField(
        label=gettext_lazy("Fichier .xlsx ou .csv"),
        help_text=gettext_lazy("5 Mo au plus. Une ligne de titres, puis une ligne par élément."),
        max_length=200,
        widget=forms.FileInput({"accept": ACCEPT}),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide : choisissez-en un autre."),
            "max_length": gettext_lazy("Le nom de ce fichier est trop long : renommez-le."),
            "invalid": gettext_lazy("Choisissez un fichier."),
        },
    )
    pasted = forms.CharField(
        label=gettext_lazy("Ou les cellules copiées d'un tableur"),
        help_text=gettext_lazy("Avec la ligne de titres."),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": "6"}),
    )
    sections = (
        Section(gettext_lazy("Votre fichier"), ["file"], fold=gettext_lazy("Coller plutôt des cellules"), folded=["pasted"]),
    )

    table: Table
    name = ""

    def __init__(self, *args: Any, kind: ImportKind, **more: Any) -> None:
        self.kind = kind
        super().__init__(*args, **more)
        if self.data.get("pasted", "").strip():
            self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        """Read what was sent."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        file, pasted = said.get("file"), said.get("pasted", "")
        if file and pasted.strip():
            raise forms.ValidationError({"file": _("Choisissez un fichier ou collez des cellules, pas les deux.")})
        try:
            self.table = self._read(file) if file else read_text(pasted, most=self.kind.most)
        except UnreadableError as sentence:
            raise forms.ValidationError({"file" if file else "pasted": str(sentence)}) from None
        return said

    def _read(self, file: UploadedFile) -> Table:
        self.name = file.name or ""
        # one octet more than allowed is enough to know that it is too much
        return read_table(file.read(MOST_OCTETS + 1), most=self.kind.most)


class MatchForm(forms.Form):
    """« À quoi correspond chaque colonne ? »: for each of ours, one of the file's."""

    def __init__(self, data: Any = None, *, kind: ImportKind, imported: Import, example: Sequence[str] = (), **more: Any) -> None:
        super().__init__(data, **more)
        self.kind = kind
        there = [(str(place), self._called(place, title, example)) for place, title in enumerate(imported.titles)]
        for column in kind.columns():
            required = column.field().required
            self.fields[column.key] = forms.ChoiceField(
                label=str(column.label),
                help_text=str(column.help),
                required=required,
                choices=[("", _("Choisissez") if required else _("Absente du fichier")), *there],
                initial=str(imported.matched[column.key]) if column.key in imported.matched else "",
                error_messages={"required": _("Dites quelle colonne du fichier porte cette information : elle est obligatoire.")},
            )

    @staticmethod
    def _called(place: int, title: str, example: Sequence[str]) -> str:
        name = title or _("Colonne %(n)d, sans titre") % {"n": place + 1}
        shown = example[place][:40] if place < len(example) else ""
        return _("%(title)s (« %(example)s »)") % {"title": name, "example": shown} if shown else name

    def clean(self) -> dict[str, Any]:
        """One column of the file is one of ours at most."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for column in self.kind.columns():
            place = said.get(column.key)
            if not place:
                continue
            if place in seen:
                self.add_error(column.key, _("Cette colonne du fichier est déjà choisie plus haut."))
            seen.add(place)
        return said

    def matched(self) -> dict[str, int]:
        """Our columns' keys with their places; call after ``is_valid()``."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place}
