"""Who conforms to the training body's rules, and what is missing: computed from levels and documents, never stored (W4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from renfort.kernel.recent import recent
from renfort.parameters.catalogue import Setting
from renfort.parameters.selectors import in_force
from renfort.people.selectors import today
from renfort.workshops.catalogue import ASKED, ASKED_FOR_TRAINING, COMPLIANCE, LOWEST
from renfort.workshops.enums import LEVELS, Audience, DocumentKind, Kind, Level, Seat
from renfort.workshops.models import ComplianceDocument, Facilitator

SOON = timedelta(days=30)  # a document that expires within this is to be renewed
COORDINATE = "coordinate"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator asks now: the lowest level per audience and part, the documents per audience, and more for a training."""

    lowest: Mapping[tuple[str, str], Level]
    documents: Mapping[str, tuple[DocumentKind, ...]]
    training: Mapping[str, tuple[DocumentKind, ...]]


@recent(10)
def asked() -> Asked:
    """The operator's settings of compliance, at most ten seconds old in another process than the one that changed them.

    Whoever enrolled meanwhile stays: a change holds for those who come. One query.
    """
    values = in_force(COMPLIANCE)

    def kinds(setting: Setting[str]) -> tuple[DocumentKind, ...]:
        chosen = values[setting.key].split(",")
        return tuple(kind for kind in DocumentKind if kind in chosen)

    return Asked(
        {where: Level(values[setting.key]) for where, setting in LOWEST.items()},
        {audience: kinds(setting) for audience, setting in ASKED.items()},
        {audience: kinds(setting) for audience, setting in ASKED_FOR_TRAINING.items()},
    )


def rank(level: str) -> int:
    """The place of a level, the least first."""
    return LEVELS.index(str(level))


def reaches(level: str, audience: str, what: str) -> bool:
    """Whether a level is enough to coordinate, or to lead a kind of session, for an audience."""
    return rank(level) >= rank(lowest_for(audience, what))


def lowest_for(audience: str, what: str) -> Level:
    """The lowest level that may coordinate, or lead a kind of session, for an audience."""
    return asked().lowest[str(audience), str(what)]


def audiences_of(level: str) -> list[str]:
    """The audiences for which somebody of this level may coordinate (W1)."""
    return [str(audience) for audience in Audience if reaches(level, audience, COORDINATE)]


def levels_for(audience: str) -> list[str]:
    """The levels that may coordinate for an audience."""
    return [level for level in LEVELS if reaches(level, audience, COORDINATE)]


def documents_for(audience: str, kind: str = "") -> tuple[DocumentKind, ...]:
    """The documents asked of whoever takes part for an audience; a training asks for one more."""
    wanted, more = asked().documents[str(audience)], asked().training[str(audience)]
    return tuple(each for each in DocumentKind if each in wanted or (kind == Kind.TRAINING and each in more))


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
    wanted = lowest_for(audience, what)
    if seat != Seat.OBSERVER and rank(facilitator.level) < rank(wanted):
        reasons.append(
            _("Niveau demandé : %(wanted)s au moins (ici : %(level)s).")
            % {"wanted": wanted.label, "level": Level(facilitator.level).label}
        )
    wanted_documents = documents_for(audience, what)
    if not wanted_documents:
        return reasons
    known = list(facilitator.documents.all() if documents is None else documents)
    valid = valid_on(known, on)
    for kind in wanted_documents:
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
