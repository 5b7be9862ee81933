"""What the platform gives in writing: declared beside what it is about, written, kept and verified by ``documents`` (P5).

One paper is one set of blocks, as an e-mail is (design decisions 2 and 19); one layout makes a PDF of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from renfort.kernel.rules import Text

Facts = Mapping[str, Any]  # what a paper says, as plain JSON: the one thing that is kept of what it was about


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The blocks of one paper, in the reader's language.

    ``facts`` are (label, value); ``rows`` are the lines of a table titled ``table`` under ``columns``, whose ``widths`` are
    shares; ``total`` is its last line, (label, value).
    """

    title: str
    lead: str
    name: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    table: str = ""
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: tuple[str, str] | tuple[()] = ()
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """One kind of paper. Registers itself; the key is written in rows and must never change.

    ``sheet`` makes what is printed from the facts. ``shown`` makes what the public page repeats of it: never more than the paper
    shows. ``now`` says, for the number of the subject and the facts as issued, the same facts as they are today; None when the
    paper stands no longer. ``compared`` names the facts whose change since is worth saying, with their words.
    ``voided_by``: after these events of the subject the paper is void, for this reason (a ``documents.enums.Reason``).
    """

    key: str
    label: Text
    programme: str
    subject: str  # the model that it is about, « missions.participation »
    sheet: Callable[[Facts], Sheet]
    shown: Callable[[Facts], Sequence[tuple[str, str]]]
    now: Callable[[int, Facts], Facts | None]
    compared: Mapping[str, Text]
    voided_by: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if PAPERS.setdefault(self.key, self) is not self:
            raise ValueError(f"two kinds of paper have the key {self.key}")


PAPERS: dict[str, PaperKind] = {}
