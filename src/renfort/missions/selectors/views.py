"""Which views somebody finds over a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.kernel.recent import recent
from renfort.missions.models import Batch, DefaultReply, ReplyTemplate, SavedView


@dataclass(frozen=True, slots=True)
class Views:
    """The tabs over a list, and the person's own way of looking at it."""

    tabs: list[SavedView] = field(default_factory=list)
    own: SavedView | None = None

    @property
    def default(self) -> SavedView | None:
        """The view that opens first."""
        wanted = self.own.default_id if self.own else None
        return next((tab for tab in self.tabs if tab.pk == wanted), None)


def views_visible(actor: Actor, organisation: int, kind: str) -> QuerySet[SavedView]:
    """One's own views over this list of the organisation, and those that colleagues share."""
    views = SavedView.objects.filter(organisation_id=organisation, kind=kind)
    return views.filter(Q(person_id=actor.person_id) | Q(is_shared=True))


def views_of(actor: Actor, organisation: int, kind: str) -> Views:
    """The tabs, one's own first in the order one gave them, then those that colleagues share, by name. One query."""
    found = list(views_visible(actor, organisation, kind).order_by("name", "id"))
    own = next((view for view in found if not view.name), None)

    def place(view: SavedView) -> tuple[bool, int]:
        is_own = view.person_id == actor.person_id
        return not is_own, view.position if is_own else 0

    return Views(sorted((view for view in found if view.name), key=place), own)


def in_order(views: QuerySet[SavedView]) -> QuerySet[SavedView]:
    """Somebody's own views in the order of their tabs."""
    return views.order_by("position", "name", "id")


def templates_of(organisation: int) -> QuerySet[ReplyTemplate]:
    """The replies that the team has written beforehand, by name."""
    return ReplyTemplate.objects.filter(organisation_id=organisation)


@recent(10)
def default_replies() -> list[DefaultReply]:
    """The replies that the operator proposes to every team, at most ten seconds old. One query."""
    return list(DefaultReply.objects.filter(is_active=True))


def replies_offered(organisation: int) -> list[ReplyTemplate | DefaultReply]:
    """What a team chooses from: its own, then those of the operator whose name it has not taken. One query, at most two."""
    own = list(templates_of(organisation))
    names = {each.name for each in own}
    return [*own, *(each for each in default_replies() if each.name not in names)]


def reply_chosen(organisation: int, choice: str) -> ReplyTemplate | DefaultReply | None:
    """One of them by what a form sent; None for anything else."""
    return next((each for each in replies_offered(organisation) if each.choice == choice), None)


def batches_visible(actor: Actor, organisation: int) -> QuerySet[Batch]:
    """One's own answers to many: nobody goes on with what a colleague was looking at."""
    return Batch.objects.filter(organisation_id=organisation, person_id=actor.person_id or 0)
