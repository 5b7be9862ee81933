"""How far somebody has come in registering an organisation, and who asks to join one."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.organisations.enums import JoinState, Programme, Role, ScopeKind
from renfort.organisations.models import Draft, JoinRequest
from renfort.organisations.selectors.roles import is_operator
from renfort.organisations.selectors.team import orphan_requests

STEPS = {"you": _("Vous"), "about": _("Votre structure"), "place": _("Le lieu")}  # R4; the keys end the names of the addresses
ASK_AGAIN = timedelta(days=30)  # after a refusal


def open_draft(person_id: int) -> Draft | None:
    """The organisation that the person is describing, if there is one. One query."""
    return Draft.objects.filter(person_id=person_id, done_at=None).first()


def draft_of(person_id: int, pk: int) -> Draft | None:
    """One draft of this person, finished or not; another's is nobody's."""
    return Draft.objects.filter(person_id=person_id, pk=pk).first()


def finished_draft(person_id: int, pk: int) -> Draft | None:
    """That draft when it has become an organisation, else None."""
    return Draft.objects.filter(person_id=person_id, pk=pk, done_at__isnull=False).first()


def step_of(draft: Draft | None) -> str:
    """The key of the step that comes next: the first one that was not answered."""
    if draft is None or draft.you_at is None:
        return "you"
    return "place" if draft.about else "about"


def join_requests_visible(actor: Actor) -> QuerySet[JoinRequest]:
    """The requests to join the organisations that the actor manages, whatever their state; the operator's are those of nobody."""
    requests = JoinRequest.objects.all()
    if actor.kind in ("clock", "service"):
        return requests
    if is_operator(actor):  # those that nobody else can answer
        return requests.filter(pk__in=orphan_requests().values("pk"))
    hosts = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    return requests.filter(organisation_id__in=[int(scope) for scope in hosts])


def pending_requests(organisation_id: int) -> QuerySet[JoinRequest]:
    """Who waits for an answer of this organisation's managers, oldest first."""
    waiting = JoinRequest.objects.filter(organisation_id=organisation_id, state=JoinState.PENDING)
    return waiting.select_related("person").order_by("id")


def waiting_requests_of(person_id: int) -> list[JoinRequest]:
    """What this person has asked and nobody has answered yet, with the organisations."""
    asked = JoinRequest.objects.filter(person_id=person_id, state=JoinState.PENDING)
    return list(asked.select_related("organisation").order_by("id"))


def join_state(person_id: int, organisation_id: int) -> str:
    """The state of this person's last request to join; "" when there is none that counts: one may ask again after a while."""
    last = JoinRequest.objects.filter(person_id=person_id, organisation_id=organisation_id).order_by("-id").first()
    if last is None or last.state == JoinState.ACCEPTED:
        return ""
    is_old = last.state == JoinState.REFUSED and last.decided_at is not None and last.decided_at < timezone.now() - ASK_AGAIN
    return "" if is_old else last.state
