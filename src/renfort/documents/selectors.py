"""Which papers exist for whom, and what is to be said of one (P5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from renfort.documents.enums import PaperState, Reason
from renfort.documents.models import Paper
from renfort.kernel.actors import Actor
from renfort.kernel.papers import PAPERS
from renfort.organisations.enums import Programme, Role, ScopeKind

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter that reads like a digit
LOOKALIKES = str.maketrans("OIL", "011")
CODE_LENGTH = 16


class Standing(StrEnum):
    """What the public page says of a paper."""

    GENUINE = "genuine"
    CHANGED = "changed"  # it was given, but what it was about has changed since
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a paper. ``changed`` names the facts that have changed since."""

    paper: Paper
    standing: Standing
    shown: tuple[tuple[str, str], ...]
    changed: tuple[str, ...] = field(default_factory=tuple)
    since: datetime | None = None
    reason: str = ""


def papers_visible(actor: Actor) -> QuerySet[Paper]:
    """One's own, and those that the organisations one manages gave or were about (the manager alone: a tutor issues none)."""
    papers = Paper.objects.all()
    if actor.kind in ("clock", "service"):
        return papers
    if actor.person_id is None:
        return papers.none()
    managed = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    own = Q(person_id=actor.person_id)
    return papers.filter(own | Q(organisation_id__in=[int(scope) for scope in managed])) if managed else papers.filter(own)


def typed_code(text: str) -> str:
    """A code as somebody types or reads it, made plain; "" when it cannot be one."""
    plain = "".join(character for character in text.upper() if character.isalnum()).translate(LOOKALIKES)
    return plain if len(plain) == CODE_LENGTH and all(character in ALPHABET for character in plain) else ""


def paper_of_code(text: str) -> Paper | None:
    """The paper of a code, whoever asks: the code is the right to ask. One query; none for what is no code."""
    code = typed_code(text)
    return Paper.objects.filter(code=code).first() if code else None


def verdict_of(paper: Paper) -> Verdict:
    """What the public page says of a paper now, in the language in force."""
    kind = PAPERS[paper.kind]
    shown = tuple((str(label), str(value)) for label, value in kind.shown(paper.facts) if value)
    if paper.state == PaperState.REPLACED:
        return Verdict(paper, Standing.REPLACED, shown, since=paper.ended_at)
    if paper.state == PaperState.REVOKED:
        return Verdict(paper, Standing.REVOKED, shown, since=paper.ended_at, reason=str(Reason(paper.reason).label))
    now = kind.now(paper.subject, paper.facts)
    if now is None:  # the event that voids it has not come through yet: the truth is what it is about
        return Verdict(paper, Standing.REVOKED, shown)
    changed = tuple(str(words) for name, words in kind.compared.items() if now.get(name) != paper.facts.get(name))
    return Verdict(paper, Standing.CHANGED if changed else Standing.GENUINE, shown, changed)


def valid_paper(kind: str, series: str) -> Paper | None:
    """The one valid paper of a series. One query."""
    return Paper.objects.filter(kind=kind, series=series, state=PaperState.VALID).first()


def digest_of(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
