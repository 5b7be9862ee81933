"""Who leads sessions, and the documents that the association has seen (W4, W11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.organisations.enums import Programme, Role
from renfort.organisations.services.roles import give_role
from renfort.people.selectors import account_of, is_confirmed
from renfort.workshops.models import ComplianceDocument, Facilitator
from renfort.workshops.selectors.roles import is_staff


def _only_staff(actor: Actor) -> None:
    if not is_staff(actor):
        raise NotAllowed(_("Cette action est réservée à l'association."))


def register(*, actor: Actor, address: str, level: str, languages: Sequence[str]) -> Facilitator:
    """Note that the person of a confirmed account leads sessions; whoever is one already keeps what is known.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: nobody has confirmed an account with this address.
    """
    _only_staff(actor)
    account = account_of(address)
    if account is None or not is_confirmed(account):
        raise Refused(_("Personne n'a confirmé de compte avec cette adresse : la personne crée d'abord le sien."))
    with transaction.atomic():
        facilitator, is_new = Facilitator.objects.get_or_create(
            person=account.person, defaults={"level": level, "languages": list(languages), "created_at": timezone.now()}
        )
        give_role(actor=actor, person=account.person, programme=Programme.WORKSHOPS, role=Role.FACILITATOR)
        if is_new:
            publish("workshops.facilitator.register", facilitator, actor=actor, codes={"level": level})
    return facilitator


def set_level(*, actor: Actor, facilitator: Facilitator, level: str, languages: Sequence[str]) -> None:
    """Change somebody's level and languages; what was enrolled before stays.

    Raises:
        NotAllowed: the actor does not work for the association.
    """
    _only_staff(actor)
    with transaction.atomic():
        locked: Facilitator = lock_row(facilitator)
        changes: dict[str, tuple[Plain, Plain]] = {}
        if locked.level != level:
            changes["level"] = (locked.level, level)
        if locked.languages != list(languages):
            changes["languages"] = (",".join(locked.languages), ",".join(languages))
        if not changes:
            return
        locked.level, locked.languages = level, list(languages)
        locked.version += 1
        locked.save(update_fields=["level", "languages", "version"])
        publish("workshops.facilitator.change", locked, actor=actor, changes=changes)


def note_document(
    *, actor: Actor, facilitator: Facilitator, kind: str, valid_from: date, valid_until: date | None
) -> ComplianceDocument:
    """Note that a document was seen; a renewed one stands beside the former.

    Raises:
        NotAllowed: the actor does not work for the association.
    """
    _only_staff(actor)
    with transaction.atomic():
        made = ComplianceDocument.objects.create(
            facilitator=facilitator, kind=kind, valid_from=valid_from, valid_until=valid_until, seen_at=timezone.now(),
            seen_by_id=actor.person_id,
        )  # fmt: skip
        codes: dict[str, Plain] = {"kind": kind, "until": valid_until.isoformat() if valid_until else None}
        publish("workshops.compliancedocument.note", made, actor=actor, codes=codes)
    return made
