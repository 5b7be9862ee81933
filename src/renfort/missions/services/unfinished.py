"""Keep what is being typed, exactly as it is, until it is saved or thrown away (R12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import Mission, Unfinished
from renfort.missions.rules import runs
from renfort.organisations.rules import works_in

KEPT = timedelta(days=30)
MOST = 10  # forms of one person in one organisation; the oldest gives way
LONGEST = 500_000  # characters in one form: ten times what all its fields may hold
NEVER_KEPT = {"csrfmiddlewaretoken", "form_token", "seen", "then", "refresh"}


def keep_typed(
    *, actor: Actor, organisation: int, mission: Mission | None, token: UUID, said: Mapping[str, list[str]], seen: int | None
) -> datetime:
    """Keep one form as it stands now. ``said``: what was typed, by name of field. Judges nothing. Returns the moment.

    Raises:
        NotAllowed: the actor is not of the organisation's team, or may not change the mission.
        Refused: it is too long to be kept, or the token is another person's.
    """
    if not works_in(actor, organisation) or actor.person_id is None:
        raise NotAllowed
    if mission is not None and not runs(actor, mission):  # a « tuteur » reads a colleague's mission, and no more (R40)
        raise NotAllowed(_("Cette mission est suivie par quelqu'un d'autre : vous pouvez la lire, pas la modifier."))
    # PostgreSQL's JSON has no NUL; the form says so when it is sent
    kept = {
        name: [value.replace("\0", "") for value in values]
        for name, values in said.items()
        if name not in NEVER_KEPT and "\0" not in name
    }
    if sum(len(name) + sum(map(len, values)) for name, values in kept.items()) > LONGEST:
        raise Refused(_("Ce formulaire est trop long pour être gardé. Raccourcissez-le."))
    now = timezone.now()
    own = Unfinished.objects.filter(pk=token, person_id=actor.person_id, organisation_id=organisation, mission=mission)
    values = {"said": kept, "seen": seen, "saved_at": now}
    with transaction.atomic():
        if own.update(**values):
            return now
        try:
            with transaction.atomic():
                Unfinished.objects.create(
                    token=token,
                    person_id=actor.person_id,
                    organisation_id=organisation,
                    mission=mission,
                    created_at=now,
                    **values,
                )
        except IntegrityError:  # made by another request of this moment, or another person's
            if not own.update(**values):
                raise Refused(_("Ce formulaire n'est pas le vôtre.")) from None
        _forget_oldest(actor.person_id, organisation)
    return now


def _forget_oldest(person: int, organisation: int) -> None:
    rows = Unfinished.objects.filter(person_id=person, organisation_id=organisation).order_by("-saved_at")
    too_many = list(rows.values_list("pk", flat=True)[MOST:])
    if too_many:
        Unfinished.objects.filter(pk__in=too_many).delete()


def drop_typed(*, actor: Actor, organisation: int, token: UUID) -> None:
    """Forget one's own form: it has been saved, or « Repartir de zéro ». Another person's stays."""
    Unfinished.objects.filter(pk=token, person_id=actor.person_id or 0, organisation_id=organisation).delete()


def forget_old(now: datetime) -> int:
    """Forget what was left for thirty days; returns how many. Called by the clock."""
    return Unfinished.objects.filter(saved_at__lt=now - KEPT).delete()[0]
