"""Orders and what becomes of them, for those who may know (W1, W2, W11)."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant
from renfort.people.models import Person
from renfort.people.selectors import today
from renfort.workshops.enums import AssignmentState
from renfort.workshops.models import Assignment, Candidacy, Client, Facilitator, Order
from renfort.workshops.selectors.compliance import COORDINATE, audiences_of, levels_for, missing
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff

S = AssignmentState
WITH_ORDER = ("order__client__organisation", "coordinator__person")


def facilitator_of(actor: Actor) -> Facilitator | None:
    """The actor's own facts as facilitator, with the documents; None when the role is not held. Two queries."""
    if not is_facilitator(actor):
        return None
    return Facilitator.objects.select_related("person").prefetch_related("documents").filter(pk=actor.person_id).first()


def assignments_visible(actor: Actor) -> QuerySet[Assignment]:
    """All for the association; those that one coordinates; to a facilitator the opportunities that the level allows too."""
    found = Assignment.objects.select_related(*WITH_ORDER)
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(coordinator_id=actor.person_id, order__client_id__in=clients)
    if is_facilitator(actor):
        level = Facilitator.objects.filter(pk=actor.person_id).values_list("level", flat=True).first()
        if level:
            wanted |= Q(state=S.OFFERED, audience__in=audiences_of(level))
    return found.filter(wanted)


def own_assignments(person_id: int | None) -> QuerySet[Assignment]:
    """« Mes missions »: what somebody coordinates, or has coordinated to the end; the newest first (W2)."""
    return Assignment.objects.select_related(*WITH_ORDER).filter(coordinator_id=person_id).order_by("-awarded_at", "-id")


def opportunities(actor: Actor) -> QuerySet[Assignment]:
    """The opportunities that a facilitator may apply for, with whether one has (``applied``); the newest first (W1)."""
    mine = Candidacy.objects.filter(assignment=OuterRef("pk"), facilitator=actor.person_id or 0, withdrawn_at=None)
    return assignments_visible(actor).filter(state=S.OFFERED).annotate(applied=Exists(mine)).order_by("-offered_at", "-id")


def waiting_count(actor: Actor) -> int:
    """How many opportunities a facilitator could still apply for. Two queries."""
    mine = Candidacy.objects.filter(facilitator=actor.person_id or 0, withdrawn_at=None)
    return assignments_visible(actor).filter(state=S.OFFERED).exclude(pk__in=mine.values("assignment")).count()


def clients() -> QuerySet[Client]:
    """The clients, in French order, with how many orders each has."""
    found = Client.objects.select_related("organisation").prefetch_related("contacts").annotate(ordered=Count("orders"))
    return found.order_by("organisation__name", "pk")


def order_of(pk: int) -> Order | None:
    """One order with its client. One query."""
    return Order.objects.select_related("client__organisation").filter(pk=pk).first()


# ── who would, and who could ──────────────────────────────────────────────────────────────────────
def candidacies(assignment: Assignment) -> list[Candidacy]:
    """Who applies now, in the order in which they came, with their documents. Two queries."""
    found = assignment.candidacies.filter(withdrawn_at=None).select_related("facilitator__person__account")
    return list(found.prefetch_related("facilitator__documents").order_by("created_at", "id"))


def why_not(assignment: Assignment, facilitator: Facilitator) -> list[str]:
    """What keeps somebody from coordinating this assignment today; nothing when nothing does."""
    return missing(facilitator, audience=assignment.audience, what=COORDINATE, on=today(), documents=facilitator.documents.all())


def who_could(assignment: Assignment) -> list[Person]:
    """Those whom an opportunity is told to: the level and the audience fit (W1). One query."""
    held = Grant.objects.filter(person=OuterRef("pk"), programme=Programme.WORKSHOPS, role=Role.FACILITATOR, valid_until=None)
    levels = levels_for(assignment.audience)
    fit = Facilitator.objects.filter(level__in=levels).values("pk")
    return list(Person.objects.filter(Exists(held), pk__in=fit, account__is_active=True).select_related("account").order_by("pk"))


def coordinator_grant(assignment: Assignment, person_id: int) -> Grant | None:
    """The role that somebody holds as coordinator for the client of an assignment. One query."""
    return Grant.objects.filter(
        person_id=person_id, programme=Programme.WORKSHOPS, role=Role.COORDINATOR, valid_until=None,
        scope_kind=ScopeKind.ORGANISATION, organisation_id=assignment.order.client_id,
    ).first()  # fmt: skip


def coordinates_another(assignment: Assignment, person_id: int) -> bool:
    """Whether somebody coordinates, or has closed, something else for the same client. One query."""
    others = Assignment.objects.filter(order__client_id=assignment.order.client_id, coordinator_id=person_id)
    return others.exclude(pk=assignment.pk).exists()
