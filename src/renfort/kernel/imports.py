"""What can be brought into the platform from a file: declared by the storey that owns the rows, carried out by ``jobs`` (P6).

The counterpart of ``kernel.exports``. A kind says which columns it knows, judges the rights of who asks each time anew (when a
file is read, confirmed and carried out), checks lines together, and writes one line. What is the same for every kind is not its
business: reading files, matching titles, the preview, twins inside the file, the wrong lines to mend, the long work that is
stopped, killed and gone on with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.forms import Field, Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.messages import Recipient
from renfort.kernel.rules import Text
from renfort.kernel.tables import Row, Table, bare
from renfort.kernel.templatetags.ui import number

MOST_LINES = 5_000


class Standing(TextChoices):
    """What a line would come to, before anything is written."""

    READY = "ready", gettext_lazy("Prête")
    OTHERWISE = "otherwise", gettext_lazy("Autrement")  # not as asked, but something else can be done: the kind says what
    KNOWN = "known", gettext_lazy("Déjà là")
    WRONG = "wrong", gettext_lazy("À corriger")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumn:
    """One column. ``field`` makes the form field that reads a cell and refuses it with its sentence; ``spellings`` are other
    titles under which people keep it; ``example`` fills the model file. ``is_contact``: contact data of a person (R37).
    """

    key: str
    label: Text
    field: Callable[[], Field]
    spellings: tuple[str, ...] = ()
    example: str = ""
    help: Text = ""
    is_contact: bool = False

    def names(self) -> set[str]:
        """Every title that means this column, as titles are compared."""
        return {bare(self.key), bare(str(self.label)), *map(bare, self.spellings)} - {""}


@dataclass(slots=True)
class Line:
    """One line under examination. ``values``: what its cells say, clean, plain enough for JSON; ``problems``: (column's key or
    "", sentence); ``note``: why it is known or what else can be done; ``ref``: the number of what is there already.
    """

    number: int
    values: dict[str, Any]
    problems: list[tuple[str, str]] = field(default_factory=list)
    standing: str = Standing.READY
    note: str = ""
    ref: int | None = None

    def wrong(self, column: str, sentence: object) -> None:
        """Say what must be mended."""
        self.problems.append((column, str(sentence)))
        self.standing = Standing.WRONG

    def known(self, note: object, *, ref: int | None = None, otherwise: bool = False) -> None:
        """Say that it is here already; ``otherwise``: that something else can be done for it."""
        self.standing = Standing.OTHERWISE if otherwise else Standing.KNOWN
        self.note, self.ref = str(note), ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two lines of one file that may not say the same of these columns together. ``sentence`` says %(line)s of the first one."""

    columns: tuple[str, ...]
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an import is about to be made: the role in force when it was asked, whose it is."""

    role: str
    scope: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one line: ``url`` leads to it; ``is_done`` False: it was left aside, ``note`` says why."""

    is_done: bool = True
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """One kind of file that can be brought in. Registers itself; the key is kept in rows and must never change.

    ``acts``: as for exports: the person in the role of the place, or None when it gives the right no longer. ``check`` looks at
    lines whose cells are right, together: what is here already, what fits nothing; asked for the preview, and once more for
    each batch that is written. ``write`` writes one line, in the kit's transaction; a ``Sentence`` that it raises leaves the
    line aside with these words. ``options`` is the form of the confirmation; its clean data reach ``write`` as plain values.
    ``title``: how a line is called in lists. ``go``: the button, for so many lines; ``warns``: what it will send, to whom.
    """

    key: str
    label: Text  # « Inviter des antennes »
    file_name: Text  # « antennes »
    columns: Callable[[], Sequence[ImportColumn]]
    person: Callable[[int], Actor]
    reader: Callable[[int], Recipient | None]
    acts: Callable[[Actor, Place], Actor | None]
    check: Callable[[Actor, Place, Sequence[Line]], None]
    write: Callable[[Actor, Place, Line, Mapping[str, Any]], Outcome]
    title: Callable[[Mapping[str, Any]], str]
    go: Callable[[int], str]
    home: Callable[[Place], str]
    pages: str  # the name of its addresses: « organisations:branch-import »
    address: Callable[[Place], dict[str, Any]]  # what they hold beside the import's number
    options: Callable[[Actor, Place, Any, int], Form] | None = None
    does: Callable[[Mapping[str, Any]], Sequence[str]] = lambda _options: (Standing.READY,)
    warns: Callable[[int], str] = lambda _lines: ""
    otherwise: Text = ""  # what the filter calls the lines for which something else can be done
    twins: tuple[Twins, ...] = ()
    most: int = MOST_LINES

    def __post_init__(self) -> None:
        if IMPORT_KINDS.setdefault(self.key, self) is not self:
            raise ValueError(f"two kinds of import have the key {self.key}")

    def guess(self, titles: Sequence[str]) -> dict[str, int]:
        """Which column of the file is which of ours, by its title; the first of several wins."""
        places: dict[str, int] = {}
        for place, title in enumerate(titles):
            places.setdefault(bare(title), place)
        matched: dict[str, int] = {}
        taken: set[int] = set()
        for column in self.columns():
            found = min((places[name] for name in column.names() if name in places and places[name] not in taken), default=None)
            if found is not None:
                matched[column.key] = found
                taken.add(found)
        return matched

    def missing(self, matched: Mapping[str, int]) -> list[ImportColumn]:
        """The required columns that no column of the file is."""
        return [column for column in self.columns() if column.field().required and column.key not in matched]

    def read(self, rows: Iterable[tuple[int, Sequence[str]]], matched: Mapping[str, int]) -> list[Line]:
        """The lines, each cell read by its column's field; twins are told from the second one on."""
        readers = [(column.key, matched.get(column.key), column.field()) for column in self.columns()]
        lines = []
        for place, cells in rows:
            line = Line(place, {})
            for key, where, reader in readers:
                line.values[key] = _clean(reader, cells[where] if where is not None and where < len(cells) else "", line, key)
            lines.append(line)
        self._tell_twins(lines)
        return lines

    def _tell_twins(self, lines: Iterable[Line]) -> None:
        first: list[dict[tuple[str, ...], int]] = [{} for _each in self.twins]
        for line in lines:
            for twins, seen in zip(self.twins, first, strict=True):
                said = tuple(bare(str(line.values.get(key) or "")) for key in twins.columns)
                if not all(said):
                    continue
                if (earlier := seen.setdefault(said, line.number)) != line.number:
                    line.wrong(twins.columns[0], str(twins.sentence) % {"line": number(earlier)})

    def model(self) -> Table:
        """The file to begin with: our titles, one line of examples."""

        columns = self.columns()
        return Table([str(column.label) for column in columns], [Row(2, [column.example for column in columns])], "csv")


def _clean(reader: Field, cell: str, line: Line, key: str) -> Any:
    try:
        return reader.clean(cell)
    except ValidationError as error:
        sentence = " ".join(error.messages)
        if not cell and reader.required:
            sentence = _("Cette case est vide : elle est obligatoire.")
        line.wrong(key, sentence)
        return cell[:200]


IMPORT_KINDS: dict[str, ImportKind] = {}
