"""What the head of a national network reads: its organisations, their missions, their participations, across departments (R56).

A supervisor reads and decides on none of them. Every row comes through ``supervised``: of an organisation whose claim was not
confirmed, nothing is here (R5). The figures of the dashboard are counted with the filters of the lists that they open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.words import among, has_word, typed_words
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.host_lists import OTHER_STATES, PROPOSED_STATES, with_left
from renfort.missions.selectors.participation import of_words
from renfort.missions.selectors.territory import LEFT, NONE, ONLINE, OTHERS, PROPOSED, online, with_room
from renfort.organisations.models import Organisation
from renfort.organisations.selectors.supervision import supervised
from renfort.territories.selectors import in_french_order

M, S = MissionState, ParticipationState
SOON = timedelta(days=14)  # a mission that begins within them and has places left needs people now

# the words of addresses
ALONE, SHORT = "sans-mission", "manque"


# ── the lists ─────────────────────────────────────────────────────────────────────────────────────
def network_organisations(actor: Actor, said: Mapping[str, Any]) -> QuerySet[Organisation]:
    """The network's organisations on the platform that ``said`` asks for, in no order."""
    found = Organisation.objects.filter(supervised(actor, organisation="pk"), left_at=None)
    if said.get("departement"):
        found = found.filter(department_id=said["departement"])
    if said.get("missions") == ALONE:
        found = found.filter(without_mission())
    for word in typed_words(said.get("q") or ""):
        found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(siret=word))
    return found


def without_mission() -> Q:
    """Organisations that have proposed no mission yet: neither drafts nor what was given up count."""
    proposed = [str(state) for state in PROPOSED_STATES]
    return Q(~Exists(Mission.objects.filter(organisation=OuterRef("pk"), state__in=proposed)))


def network_missions(actor: Actor, said: Mapping[str, Any]) -> QuerySet[Mission]:
    """The missions of the network's organisations that ``said`` asks for, in no order; drafts are nobody's business."""
    missions = Mission.objects.filter(supervised(actor), organisation__left_at=None).exclude(state=M.DRAFT)
    if said.get("departement"):
        missions = missions.filter(department_id=said["departement"])
    missions = _in_state(missions, str(said.get("statut") or ""))
    if said.get("domaine"):
        missions = missions.filter(domain__key=said["domaine"])
    if said.get("structure"):
        missions = missions.filter(organisation_id=said["structure"])
    for word in typed_words(said.get("q") or ""):
        hosts = Organisation.objects.filter(name__icontains=word)
        missions = missions.filter(has_word("search_name", word) | among("organisation_id", hosts))
    return missions


def _in_state(missions: QuerySet[Mission], state: str) -> QuerySet[Mission]:
    if state == PROPOSED:
        return missions.filter(state__in=[str(each) for each in PROPOSED_STATES])
    if state == ONLINE:
        return missions.filter(online(timezone.now()))
    if state == LEFT:
        return with_room(missions)
    if state == SHORT:
        return with_room(missions).filter(begins_soon())
    return missions.filter(state=state) if state else missions


def begins_soon() -> Q:
    """Missions that begin within the next two weeks."""
    now = timezone.now()
    return Q(begins_at__gt=now, begins_at__lte=now + SOON)


def network_participations(actor: Actor, said: Mapping[str, Any]) -> QuerySet[Participation]:
    """The participations of the network's organisations that ``said`` asks for, in no order.

    Contact data are shown by the rule of R37, and a search finds nobody by those that are hidden.
    """
    found = Participation.objects.filter(supervised(actor), organisation__left_at=None)
    if said.get("departement"):
        found = found.filter(mission__department_id=said["departement"])
    state = str(said.get("statut") or "")
    if state == OTHERS:
        found = found.filter(state__in=[str(each) for each in OTHER_STATES])
    elif state == S.WITHDRAWN:  # reads the same on the screen as a no-show
        found = found.filter(state__in=[S.WITHDRAWN, S.NO_SHOW])
    elif state:
        found = found.filter(state=state)
    if said.get("attente"):
        found = found.filter(state=S.PENDING, created_at__lt=timezone.now() - timedelta(days=int(said["attente"])))
    for name in ("mission", "structure"):
        if said.get(name):
            found = found.filter(**{f"{'organisation' if name == 'structure' else name}_id": said[name]})
    return of_words(found, [(word, NONE) for word in typed_words(said.get("q") or "")])


# ── the figures ───────────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True, kw_only=True)
class NetworkFigures:
    """One department of the network, or all of them together."""

    code: str = ""
    organisations: int = 0
    alone: int = 0  # without a mission
    missions: int = 0  # proposed: neither drafts nor what was given up
    online: int = 0
    places: int = 0  # offered by the missions online
    left: int = 0  # of those
    with_room: int = 0  # missions online that have places left
    short: int = 0  # of those, the ones that begin soon
    participations: dict[str, int] = field(default_factory=dict)  # by state

    @property
    def total(self) -> int:
        """All participations."""
        return sum(self.participations.values())

    @property
    def others(self) -> int:
        """« Autres »: refused, given up, cancelled."""
        return sum(self.participations.get(state, 0) for state in OTHER_STATES)


COUNTED = ("organisations", "alone", "missions", "online", "places", "left", "with_room", "short")


def network_figures(actor: Actor) -> list[NetworkFigures]:
    """The figures of each department that has any, in French order. Four queries, whatever the number of departments."""
    found: dict[str, NetworkFigures] = {}

    def of(code: str) -> NetworkFigures:
        return found.setdefault(code, NetworkFigures(code=code))

    organisations = network_organisations(actor, {}).order_by().values_list("department_id")
    for code, count, alone in organisations.annotate(n=Count("*"), alone=Count("pk", filter=without_mission())):
        of(code).organisations, of(code).alone = count, alone
    now = timezone.now()
    missions = network_missions(actor, {}).order_by().values_list("department_id")
    proposed = Q(state__in=[str(each) for each in PROPOSED_STATES])
    for code, count, there, places in missions.annotate(
        n=Count("pk", filter=proposed),
        there=Count("pk", filter=online(now)),
        offered=Coalesce(Sum("places", filter=online(now)), 0),
    ):
        of(code).missions, of(code).online, of(code).places = count, there, places
    free = with_left(network_missions(actor, {}).filter(online(now))).order_by().values_list("department_id")
    for code, left, room, short in free.annotate(
        free=Sum(Greatest(F("left"), 0)),
        room=Count("pk", filter=Q(left__gt=0)),
        short=Count("pk", filter=Q(left__gt=0) & begins_soon()),
    ):
        of(code).left, of(code).with_room, of(code).short = left or 0, room, short
    states = network_participations(actor, {}).order_by().values_list("mission__department_id", "state")
    for code, state, count in states.annotate(n=Count("*")):
        of(code).participations[state] = count
    return sorted(found.values(), key=lambda each: in_french_order(each.code))


def summed(figures: Iterable[NetworkFigures]) -> NetworkFigures:
    """All departments together."""
    total = NetworkFigures()
    for each in figures:
        for name in COUNTED:
            setattr(total, name, getattr(total, name) + getattr(each, name))
        for state, count in each.participations.items():
            total.participations[state] = total.participations.get(state, 0) + count
    return total
