"""Projects that case managers study: their queue, one after the other, and the list of all that were filed (S5 step 2, S10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.audit.selectors import history_of
from renfort.civic_service.catalogue import REVIEW_DAYS, REVIEW_HOURS
from renfort.civic_service.enums import UNDECIDED, CampaignState, Domain, ProjectState
from renfort.civic_service.models import Campaign, CampaignRecord, HostProject, Route
from renfort.civic_service.selectors.frozen import record_facts
from renfort.civic_service.selectors.roles import S, federations_managed, is_national, routed_to
from renfort.kernel.actors import Actor
from renfort.kernel.templatetags.ui import moment_words, phone
from renfort.kernel.working_days import working_days_before
from renfort.organisations.enums import Role
from renfort.organisations.selectors import grants_in_force
from renfort.parameters.selectors import value_of
from renfort.people.selectors import names_of
from renfort.territories.models import Department
from renfort.territories.selectors import departments

DECISIONS = ("accept", "refuse", "ask_changes", "cancel", "withdraw", "give_back")
ACCEPTED = "acceptes"  # a filter: those that were accepted, whether all is over or not
MINE, FREE, NATIONAL = "moi", "libres", "nationale"
DEPARTMENT = "establishment__organisation__department"
WORDS = 5  # of a search: more are of no use
NEWEST = "-recent"
SORTS: dict[str, tuple[str, ...]] = {
    "recent": ("id",), "-recent": ("-id",),
    "projet": ("title", "id"), "-projet": ("-title", "-id"),
    "etablissement": ("establishment__organisation__name", "id"), "-etablissement": ("-establishment__organisation__name", "-id"),
    "demande": ("asked", "id"), "-demande": ("-asked", "-id"),
}  # fmt: skip


# ── whose ─────────────────────────────────────────────────────────────────────────────────────────
def projects_managed(actor: Actor) -> QuerySet[HostProject]:
    """What was filed in the territory of a case manager, in the whole country for a national one; nothing for anybody else.

    A draft is its establishment's own, whatever becomes of it, until it is filed.
    """
    filed = HostProject.objects.filter(filings__gte=1)
    if is_national(actor):
        return filed
    federations = federations_managed(actor)
    return filed.filter(routed_to(federations, department=DEPARTMENT)) if federations else filed.none()


def departments_managed(actor: Actor) -> list[Department]:
    """The departments of a case manager, all of them for a national one; in French order. At most two queries."""
    if is_national(actor):
        return departments()
    mine = Department.objects.filter(routed_to(federations_managed(actor), department="code")).values_list("code", flat=True)
    codes = set(mine)
    return [each for each in departments() if each.code in codes]


def left_to_the_nation(*, department: str = DEPARTMENT) -> Q:
    """Rows of departments that no case manager of a territory answers for: the national queue (S5). No query of its own."""
    held = grants_in_force().filter(programme=S, role=Role.CASE_MANAGER, person__account__is_active=True)
    manned = held.filter(organisation__isnull=False).order_by().values("organisation_id")
    routed = Route.objects.filter(federation__is_national=False, federation__in=manned)
    return ~Q(**{f"{department}__in": routed.values("department")})


def campaigns_studied() -> list[Campaign]:
    """The campaigns that have had projects or may have some, newest first. One query."""
    return list(Campaign.objects.exclude(state=CampaignState.DRAFT).order_by("-opens_on", "-id"))


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────
def review_queue(actor: Actor) -> QuerySet[HostProject]:
    """What waits for a decision, the oldest first; the index ``civic_service_project_queue`` serves the order."""
    return projects_managed(actor).filter(state__in=[str(each) for each in UNDECIDED]).order_by("queued_at", "id")


def late_before(days: int | None = None, now: datetime | None = None) -> datetime:
    """What waits since before this moment is late: the target delay in working days, or another number of them."""
    return working_days_before(timezone.localtime(now), value_of(REVIEW_DAYS) if days is None else days)


def taken_by_others(actor: Actor) -> Q:
    """Those that somebody else has in hand."""
    return Q(state=ProjectState.UNDER_REVIEW) & ~Q(taken_by_id=actor.person_id)


def next_in(queue: QuerySet[HostProject], project: HostProject, actor: Actor) -> int | None:
    """The project to look at after this one: the next in the order, else the first; not those that others have in hand.

    At most two queries.
    """
    free = queue.exclude(taken_by_others(actor)).exclude(pk=project.pk).values_list("pk", flat=True)
    if project.queued_at is not None:
        later = Q(queued_at__gt=project.queued_at) | Q(queued_at=project.queued_at, pk__gt=project.pk)
        if (found := free.filter(later).first()) is not None:
            return found
    return free.first()


def before_in(queue: QuerySet[HostProject], project: HostProject) -> int | None:
    """The project before this one in the order. One query."""
    if project.queued_at is None:
        return None
    earlier = Q(queued_at__lt=project.queued_at) | Q(queued_at=project.queued_at, pk__lt=project.pk)
    return queue.filter(earlier).reverse().values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many projects wait. ``late``: beyond the target; ``mine``: in the actor's hands; ``national``: of nobody else's."""

    waiting: int
    late: int
    mine: int
    national: int


def waiting_counts(actor: Actor, now: datetime | None = None) -> Waiting:
    """What waits for a case manager. One query."""
    mine = Q(state=ProjectState.UNDER_REVIEW, taken_by_id=actor.person_id)
    found = review_queue(actor).order_by().aggregate(
        waiting=Count("pk"),
        late=Count("pk", filter=Q(queued_at__lt=late_before(now=now))),
        mine=Count("pk", filter=mine),
        national=Count("pk", filter=left_to_the_nation()),
    )  # fmt: skip
    return Waiting(**found)


def queue_count(actor: Actor) -> int:
    """How many projects wait, for the menu. One query."""
    return review_queue(actor).order_by().count()


def lapses_at(project: HostProject) -> datetime | None:
    """Until when who has taken the project keeps it without deciding; None when nobody has."""
    return project.taken_at + timedelta(hours=value_of(REVIEW_HOURS)) if project.taken_at is not None else None


def who_was_first(project: HostProject) -> list[str]:
    """For who comes too late: who has it in hand since when, or who did what. At most three queries."""
    if project.state == ProjectState.UNDER_REVIEW and project.taken_by_id is not None:
        words = {"person": names_of([project.taken_by_id]).get(project.taken_by_id, ""), "when": moment_words(project.taken_at)}
        return [_("%(person)s a pris ce projet : %(when)s.") % words]
    line = next((line for line in history_of(project) if line.entry.verb.rpartition(".")[2] in DECISIONS), None)
    if line is None or line.entry.actor_id is None:
        return []
    words = {"person": names_of([line.entry.actor_id]).get(line.entry.actor_id, ""), "when": moment_words(line.entry.at)}
    return [_("%(person)s s'en est chargé : %(when)s.") % words]


def frozen_record(project: HostProject) -> list[tuple[str, str]]:
    """The establishment's record as it stood at the first filing of the campaign, in words; as it stands when it is not kept."""
    establishment = project.establishment
    kept = CampaignRecord.objects.filter(campaign=project.campaign_id, establishment=establishment.pk).first()
    facts = kept.facts if kept is not None else record_facts(establishment)
    place = " ".join(str(facts.get(name) or "") for name in ("address", "postcode", "city"))
    lines = (
        (_("Organisme de gestion"), facts.get("managing_body")),
        (_("Adresse"), place.strip()),
        (_("SIRET"), facts.get("siret")),
        (_("Code RNE (UAI)"), facts.get("uai")),
        (_("Téléphone"), phone(str(facts.get("phone") or ""))),
        (_("Effectif de rentrée"), facts.get("enrolment")),
    )
    return [(label, str(value)) for label, value in lines if value not in (None, "")]


# ── what a list says ──────────────────────────────────────────────────────────────────────────────
def narrowed(found: QuerySet[HostProject], said: Mapping[str, Any], actor: Actor) -> QuerySet[HostProject]:
    """These projects under the filters of an address; what a filter does not understand narrows nothing."""
    for word in str(said.get("q") or "").split()[:WORDS]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(establishment__organisation__name__icontains=word)
            | Q(establishment__organisation__city__icontains=word)
            | Q(establishment__uai__iexact=word)
        )
    if said.get("campagne"):
        found = found.filter(campaign_id=int(said["campagne"]))
    if said.get("departement"):
        found = found.filter(**{DEPARTMENT: said["departement"]})
    if said.get("domaine") in Domain.values:
        found = found.filter(domain=said["domaine"])
    if said.get("etat") == ACCEPTED:
        found = found.filter(state__in=[ProjectState.ACCEPTED, ProjectState.COMPLETED])
    if said.get("etat") in ProjectState.values:
        found = found.filter(state=said["etat"])
    match said.get("dossiers"):
        case whose if whose == MINE:
            found = found.filter(state=ProjectState.UNDER_REVIEW, taken_by_id=actor.person_id)
        case whose if whose == FREE:
            found = found.filter(state=ProjectState.SUBMITTED)
        case whose if whose == NATIONAL:
            found = found.filter(left_to_the_nation())
        case _:
            pass
    return found


def in_order(found: QuerySet[HostProject], sort: str) -> QuerySet[HostProject]:
    """The list in the order that an address asks for; the newest first when it asks for none that there is."""
    return found.order_by(*SORTS.get(sort, SORTS[NEWEST]))
