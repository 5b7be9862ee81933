"""Who conforms to the training body's rules, and what is missing: computed from levels and documents, never stored (W4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from renfort.people.selectors import today
from renfort.workshops.enums import LEVELS, Audience, DocumentKind, Kind, Level, Seat
from renfort.workshops.models import ComplianceDocument, Facilitator

A, L, D = Audience, Level, DocumentKind
SOON = timedelta(days=30)  # a document that expires within this is to be renewed
COORDINATE = "coordinate"
_ALL = {COORDINATE: L.GREEN, Kind.WORKSHOP: L.GREEN, Kind.TRAINING: L.GREEN, Kind.COACHING: L.GREEN}
# the lowest level for what one does, by audience
LOWEST: dict[str, dict[str, Level]] = {
    A.EDUCATION: {COORDINATE: L.ORANGE, Kind.WORKSHOP: L.YELLOW, Kind.TRAINING: L.GREEN, Kind.COACHING: L.ORANGE},
    A.PUBLIC_SECTOR: _ALL,
    A.COMPANY: _ALL,
    A.ASSOCIATION: _ALL,
    A.INTER_COMPANY: dict.fromkeys(_ALL, L.BLUE),
}
COMMERCIAL = (D.FRAMEWORK, D.COMPANY, D.VIGILANCE, D.INSURANCE)  # what is asked wherever the client pays the full tariff


def rank(level: str) -> int:
    """The place of a level, the least first."""
    return LEVELS.index(str(level))


def reaches(level: str, audience: str, what: str) -> bool:
    """Whether a level is enough to coordinate, or to lead a kind of session, for an audience."""
    return rank(level) >= rank(LOWEST[audience][what])


def audiences_of(level: str) -> list[str]:
    """The audiences for which somebody of this level may coordinate (W1)."""
    return [str(audience) for audience in Audience if reaches(level, audience, COORDINATE)]


def levels_for(audience: str) -> list[str]:
    """The levels that may coordinate for an audience."""
    return [level for level in LEVELS if reaches(level, audience, COORDINATE)]


def documents_for(audience: str, kind: str = "") -> tuple[DocumentKind, ...]:
    """The documents asked of whoever takes part for an audience; a training asks for one more."""
    if audience == A.EDUCATION:
        return ()
    return (*COMMERCIAL, D.TRAINER) if kind == Kind.TRAINING else COMMERCIAL


def valid_on(documents: Iterable[ComplianceDocument], day: date) -> dict[str, ComplianceDocument]:
    """The document of each kind that counts on a day: the one that lasts longest."""
    found: dict[str, ComplianceDocument] = {}
    for each in documents:
        if each.valid_from <= day and (each.valid_until is None or each.valid_until >= day):
            before = found.get(each.kind)
            if before is None or (before.valid_until or date.max) <= (each.valid_until or date.max):
                found[each.kind] = each
    return found


def missing(
    facilitator: Facilitator, *, audience: str, what: str, on: date, seat: str = Seat.LEAD,
    documents: Iterable[ComplianceDocument] | None = None,
) -> list[str]:  # fmt: skip
    """Why somebody may not take part, every reason in a sentence; nothing when the person conforms (W4).

    ``what``: a kind of session, or ``COORDINATE``. ``on``: the day of the session. ``documents``: loaded already, else one query.
    """
    reasons = []
    wanted = LOWEST[audience][what]
    if seat != Seat.OBSERVER and rank(facilitator.level) < rank(wanted):
        reasons.append(
            _("Niveau demandé : %(wanted)s au moins (ici : %(level)s).")
            % {"wanted": wanted.label, "level": Level(facilitator.level).label}
        )
    asked = documents_for(audience, what)
    if not asked:
        return reasons
    known = list(facilitator.documents.all() if documents is None else documents)
    valid = valid_on(known, on)
    for kind in asked:
        if kind not in valid:
            has_had = any(each.kind == kind for each in known)
            said = _("%(document)s : plus valable à cette date.") if has_had else _("%(document)s : manque.")
            reasons.append(said % {"document": kind.label})
    return reasons


def to_renew() -> int:
    """How many documents asked for expire within thirty days or have expired, without a newer one of their kind. One query."""
    later = ComplianceDocument.objects.filter(facilitator=OuterRef("facilitator"), kind=OuterRef("kind")).filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))
    )
    soon = ComplianceDocument.objects.filter(valid_until__lte=today() + SOON)
    return soon.filter(~Exists(later)).count()
