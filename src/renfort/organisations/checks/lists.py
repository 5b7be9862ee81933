"""How the operator has set the checks, and the lists of words, made ready for many texts (R53)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from renfort.kernel.terms import Lexicon, Match
from renfort.organisations.enums import WordKind
from renfort.organisations.models.checks import Check, CheckWord


class Words:
    """One list of words: what it finds in a text, with the number of the word."""

    def __init__(self, rows: Iterable[CheckWord]) -> None:
        by_kind: dict[str, list[CheckWord]] = defaultdict(list)
        for row in rows:
            by_kind[row.kind].append(row)
        self.rows = by_kind[WordKind.FOUND]
        self._lexicon = Lexicon(
            [row.words for row in self.rows],
            before=[row.words for row in by_kind[WordKind.BEFORE]],
            after=[row.words for row in by_kind[WordKind.AFTER]],
        )

    def find(self, text: str) -> list[tuple[CheckWord, Match]]:
        """The words that the text says and means, in its order."""
        return [(self.rows[match.term], match) for match in self._lexicon.find(text)]


@dataclass(slots=True)
class Settings:
    """All that the operator has set, read once for many texts. Pure afterwards."""

    checks: dict[str, Check]
    _rows: dict[tuple[str, str], list[CheckWord]]
    _made: dict[tuple[str, str], Words] = field(default_factory=dict)

    def words(self, list_: str, scope: str = "") -> Words:
        """One list; empty when nobody has written it."""
        key = (list_, scope)
        if key not in self._made:
            self._made[key] = Words(self._rows.get(key, ()))
        return self._made[key]

    def scopes(self, list_: str) -> list[str]:
        """The parts of a list that has some: the domains with a vocabulary."""
        return sorted(scope for name, scope in self._rows if name == list_ and scope)

    def threshold(self, key: str) -> int:
        """How many this check counts; 0 when the operator left it empty."""
        check = self.checks.get(key)
        return (check.threshold or 0) if check else 0

    @property
    def weights(self) -> dict[str, int]:
        return {key: check.weight for key, check in self.checks.items()}


def settings_now() -> Settings:
    """The checks and words in force. Two queries."""
    rows: dict[tuple[str, str], list[CheckWord]] = defaultdict(list)
    for word in CheckWord.objects.filter(is_active=True):
        rows[word.list, word.scope].append(word)
    return Settings(checks={check.key: check for check in Check.objects.all()}, _rows=dict(rows))
