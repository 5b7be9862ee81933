"""Check missions when they are written and changed, and all of them again when the operator changes words (R53)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.jobs.enums import WorkState
from renfort.jobs.services import work
from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.firing import NotAllowed, lock_rows
from renfort.missions.checks.kinds import TWIN
from renfort.missions.checks.texts import MissionText, Twin, check_mission
from renfort.missions.enums import Format, MissionState
from renfort.missions.models import Domain, Mission, MissionFinding, Recheck
from renfort.missions.rules import may_judge
from renfort.missions.selectors.checks import partners_of, to_check, to_review_ids
from renfort.organisations.checks.lists import Settings, settings_now
from renfort.organisations.models import Organisation, OrganisationFinding
from renfort.organisations.services.checks import (
    forget_gone,
    keep,
    recheck_organisations,
    strike,
)
from renfort.organisations.services.checks import (
    install as install_checks,
)

logger = logging.getLogger(__name__)

DEFAULTS = Path(__file__).resolve().parents[1] / "data" / "checks.toml"
RECHECK = "missions.recheck"  # the worker's task; named, because tasks stand above this room
BATCH = 50
S = MissionState
READ_AGAIN = frozenset(f"missions.mission.{verb}" for verb in ("open", "edit", "submit", "resubmit", "publish", "reopen"))
SHOWN = (S.PUBLISHED, S.ENDED)

TWINS = """
SELECT mine.id, other.id, other.title
FROM missions_mission AS mine
JOIN missions_mission AS other ON other.organisation_id = mine.organisation_id AND other.id <> mine.id
WHERE mine.id = ANY(%(ids)s) AND mine.state = ANY(%(open)s) AND other.state = ANY(%(open)s)
    AND other.starts_on <= mine.ends_on AND other.ends_on >= mine.starts_on
    AND other.presence = mine.presence AND other.department_id = mine.department_id
    AND public.sort_key(other.city) = public.sort_key(mine.city)
    AND public.similarity(public.sort_key(other.title), public.sort_key(mine.title)) * 100 >= %(near)s
ORDER BY mine.id, other.id
"""
OPEN = [str(state) for state in (S.DRAFT, S.SUBMITTED, S.TO_CORRECT, S.PUBLISHED)]
MOST_TWINS = 5


def check_missions(ids: Iterable[int], settings: Settings | None = None) -> None:
    """Check these missions as they are now and keep what is found; called in the transaction that changes them.

    At most ten queries, however many there are; none for none.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return
    now_set = settings or settings_now()
    with transaction.atomic():
        found = {pk: check_mission(text, now_set) for pk, text in _texts(wanted, now_set)}
        keep(MissionFinding, "mission_id", found, now_set)


def check_with_partners(mission_id: int) -> None:
    """The same for one mission that has just changed, and for those that were found to be nearly the same as it."""
    check_missions([mission_id, *partners_of(mission_id)])


def _texts(ids: list[int], settings: Settings) -> Iterator[tuple[int, MissionText]]:
    twins = _twins(ids, settings.threshold(TWIN))
    names = {domain.key: domain.short_fr for domain in Domain.objects.all()}
    for mission in Mission.objects.filter(pk__in=ids).select_related("domain").order_by("pk"):
        yield (
            mission.pk,
            MissionText(
                title=mission.title,
                description=mission.description,
                safety=mission.safety,
                schedule=mission.schedule,
                prerequisites=mission.prerequisites,
                today=mission.local(timezone.now()).date(),
                domain=mission.domain.key,
                domains=names,
                is_remote=mission.is_remote,
                is_one_off=mission.format == Format.ONE_OFF,
                is_shown=mission.state in SHOWN,
                starts_on=mission.starts_on,
                ends_on=mission.ends_on,
                twins=twins.get(mission.pk, [])[:MOST_TWINS],
            ),
        )


def _twins(ids: list[int], near: int) -> dict[int, list[Twin]]:
    """Missions of the same organisation, place and time with nearly the same title. One query; none with a threshold of 0."""
    if not near:
        return {}
    found: dict[int, list[Twin]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TWINS, {"ids": ids, "open": OPEN, "near": near})
        for mine, other, title in cursor.fetchall():
            found[mine].append(Twin(pk=other, title=title))
    return found


# ── « fausse alerte » ─────────────────────────────────────────────────────────────────────────────
def say_false(finding: MissionFinding, *, actor: Actor, false: bool = True) -> bool:
    """« Fausse alerte »: this finding is struck out, for this text, and counted against its check and its word.

    ``false`` False takes it back. Returns whether it was counted: a second click is not.

    Raises:
        NotAllowed: the actor does not look after this mission, or is of its organisation.
    """
    mission = finding.mission
    if not may_judge(actor, mission):
        raise NotAllowed(_("Seul qui valide cette mission peut dire que c'est une fausse alerte."))
    return strike(finding, actor=actor, organisation_id=mission.organisation_id, false=false)


# ── everything again (P6) ─────────────────────────────────────────────────────────────────────────
def ask_recheck(*, actor: Actor) -> None:
    """Have everything that may still be read checked again; the worker does it. Asked twice before it begins, it is done once."""
    try:
        with transaction.atomic():
            Recheck.objects.create(person_id=actor.person_id or 0, role=actor.role_key, created_at=timezone.now())
    except IntegrityError:
        pass  # one waits already, and will read the words as they are when it begins
    ring_after_commit(RECHECK)


def run_rechecks(now: datetime) -> int:
    """Do what was asked, one after the other; returns how many. Called by the worker."""
    taken = 0
    while (asked := work.take(Recheck, timezone.now() if taken else now)) is not None:
        taken += 1
        if asked.state == WorkState.RUNNING:
            _recheck(asked)
    return taken


def _recheck(asked: Recheck) -> None:
    """Batch by batch, each in a transaction of its own: what died half-way is begun again, and harms nothing."""
    settings = settings_now()
    missions = to_check()
    organisations = list(Organisation.objects.filter(left_at=None).order_by("pk").values_list("pk", flat=True))
    Recheck.objects.filter(pk=asked.pk).update(total=len(missions) + len(organisations))
    progress, done = work.Progress(asked), 0
    try:
        for first in range(0, len(missions), BATCH):
            ids = missions[first : first + BATCH]
            _recheck_batch(ids, settings)
            progress.beat(done := done + len(ids))
        for first in range(0, len(organisations), BATCH):
            ids = organisations[first : first + BATCH]
            recheck_organisations(ids, settings)
            progress.beat(done := done + len(ids))
        Recheck.objects.filter(pk=asked.pk).update(done=done)
        work.end(asked, WorkState.DONE)
    except work.StoppedError:
        work.end(asked, WorkState.STOPPED)
    except work.OvertakenError:
        logger.warning("another worker goes on with recheck %s", asked.pk)


def _recheck_batch(ids: list[int], settings: Settings) -> None:
    with transaction.atomic():
        lock_rows(Mission.objects.filter(pk__in=ids))
        check_missions(ids, settings)


def check_waiting() -> None:
    """Check again what waits to be read: a day has passed, and dates with it. Called by the clock."""
    ids, settings = to_review_ids(), settings_now()
    for first in range(0, len(ids), BATCH):
        _recheck_batch(ids[first : first + BATCH], settings)


def forget_old(now: datetime) -> None:
    """Findings that have been true no more for a year, and the work that is done. Called by the clock."""
    forget_gone(MissionFinding, now)
    forget_gone(OrganisationFinding, now)
    Recheck.objects.filter(ended_at__isnull=False).exclude(pk__in=Recheck.objects.order_by("-pk").values("pk")[:5]).delete()


def install() -> None:
    """Install checks and words that are missing; missions that were there before them are then checked, by the worker."""
    if install_checks(DEFAULTS) and to_check():
        ask_recheck(actor=CLOCK)
