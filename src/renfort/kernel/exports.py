"""What can be taken out of the platform as a file: declared by the storey that owns the rows, written by ``jobs`` (P6).

A kind judges the rights of who asked, each time anew (when the file is asked for, made and fetched), and hands over exactly
the rows of the list, in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from renfort.kernel.actors import Actor
from renfort.kernel.messages import Recipient
from renfort.kernel.rules import Text
from renfort.kernel.sheets import Batch, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportColumn(Column):
    """A column that may be chosen. ``ticked``: proposed at first; ``is_contact``: contact data of a person (R37)."""

    ticked: bool = True
    is_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rows: the role in force when it was asked, whose list, and the list's query string."""

    role: str
    organisation: int | None
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """One kind of file. Registers itself; the key is kept in rows and must never change.

    ``acts``: the person of ``whole`` (with all roles held now) in the role of ``asked``, or None when it does not, or no
    longer, give the right to this file. ``count`` and ``read`` are only asked with what ``acts`` returned. ``read`` yields the
    rows batch by batch, each as the asked columns in their order, and notes who was read (R37); it holds one batch at a time.
    """

    key: str
    label: Text  # « Participations »
    file_name: Text  # « participations »
    columns: Callable[[], Sequence[ExportColumn]]
    person: Callable[[int], Actor]
    reader: Callable[[int], Recipient | None]
    acts: Callable[[Actor, Asked], Actor | None]
    count: Callable[[Actor, Asked], int]
    read: Callable[[Actor, Asked, Sequence[str]], Iterable[Batch]]
    filters: Callable[[Asked], Sequence[str]] = lambda _asked: ()  # what narrows the list, in words

    def __post_init__(self) -> None:
        if EXPORT_KINDS.setdefault(self.key, self) is not self:
            raise ValueError(f"two kinds of export have the key {self.key}")

    def chosen(self, keys: Iterable[str]) -> list[ExportColumn]:
        """The known columns among ``keys``, in the order of the declaration."""
        wanted = set(keys)
        return [column for column in self.columns() if column.key in wanted]


EXPORT_KINDS: dict[str, ExportKind] = {}
