"""Ask the public directory about an organisation, beside its page: the worker asks, the row keeps the answer (R53)."""

from __future__ import annotations

import time
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.organisations.enums import LookUpState
from renfort.organisations.models import LookUp, Organisation
from renfort.organisations.rules import oversees
from renfort.organisations.selectors.checks import look_ups_waiting
from renfort.organisations.selectors.directory import DirectoryService, Listed, SilentError, directory
from renfort.organisations.services.checks import check_organisations

LOOK_UP = "organisations.look_up"  # the worker's task; named, because tasks stand above this room
MOST = 100  # organisations of one round
PAUSE = 0.2  # seconds between two questions: the directory takes seven in a second
EMPTY = Listed(name="")


def directory_is_on() -> bool:
    """Whether a directory is configured."""
    return directory().is_on


def ask_directory(organisation: Organisation) -> None:
    """Note that the directory is to be asked; the worker does it. Nothing for an organisation without number.

    Called in the transaction that changes the organisation.
    """
    number = organisation.siret or organisation.rna
    if not number:
        LookUp.objects.filter(organisation=organisation).delete()
        return
    waits = {"asked": number, "asked_at": timezone.now(), "answered_at": None, "state": LookUpState.WAITING}
    LookUp.objects.update_or_create(organisation=organisation, defaults={**waits, **_facts(EMPTY)})
    ring_after_commit(LOOK_UP)


def ask_again(organisation: Organisation, *, actor: Actor) -> None:
    """« Interroger l'annuaire ».

    Raises:
        NotAllowed: the actor does not look after the organisation's department.
        Refused: there is no directory, or no number to ask.
    """
    if not oversees(actor, organisation.department_id):
        raise NotAllowed(_("Seul qui valide cette structure peut interroger l'annuaire."))
    if not directory_is_on():
        raise Refused(_("Aucun annuaire n'est branché : l'opérateur peut en brancher un (RENFORT_DIRECTORY_SERVICE)."))
    with transaction.atomic():
        locked: Organisation = lock_row(organisation)
        if not (locked.siret or locked.rna):
            raise Refused(_("La structure n'a donné ni SIRET ni numéro RNA : il n'y a rien à demander."))
        ask_directory(locked)
        publish("organisations.organisation.look_up", locked, actor=actor)


def look_up_waiting() -> int:
    """Ask about those that wait, slowly; returns how many were answered. Called by the worker.

    The directory is asked outside any transaction; when it is silent the others wait for the next round.
    """
    service, answered = directory(), 0
    if not service.is_on:
        return 0
    for pk in look_ups_waiting(MOST):
        row = LookUp.objects.filter(organisation=pk, state=LookUpState.WAITING).first()
        if row is None:
            continue
        if not _look_up(row, service):
            break
        answered += 1
        time.sleep(PAUSE)
    return answered


def _look_up(row: LookUp, service: DirectoryService) -> bool:
    try:
        found = service.look_up(row.asked)
    except SilentError:
        _write(row, LookUpState.SILENT, EMPTY)
        return False
    _write(row, LookUpState.FOUND if found else LookUpState.UNKNOWN, found or EMPTY)
    return True


def _write(row: LookUp, state: str, found: Listed) -> None:
    """Keep the answer, unless another number was asked meanwhile; what differs from what was typed becomes findings."""
    with transaction.atomic():
        lock_row(row.organisation)
        same = LookUp.objects.filter(pk=row.pk, asked=row.asked, asked_at=row.asked_at, state=LookUpState.WAITING)
        if not same.update(state=state, answered_at=timezone.now(), **_facts(found)):
            return
        check_organisations([row.organisation_id])


def _facts(found: Listed) -> dict[str, object]:
    return asdict(found)
