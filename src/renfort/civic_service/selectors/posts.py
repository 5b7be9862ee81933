"""Who works in an establishment, who can be chosen, and what each holds (S4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from renfort.civic_service.enums import UNDECIDED, PostRole, ProjectState
from renfort.civic_service.models import Establishment, HostProject, Post
from renfort.people.models import Account, Person

PARTS: dict[str, str] = {  # what a person of this role is in a project: the column that names them
    PostRole.LEAD: "lead",
    PostRole.TUTOR: "tutor",
    PostRole.CO_TUTOR: "co_tutor",
}
UNDER_WAY = (*UNDECIDED, ProjectState.CHANGES_REQUESTED, ProjectState.ACCEPTED)  # filed, and neither refused nor over
NAMED = (*UNDER_WAY, ProjectState.DRAFT)  # what is handed over with them


def posts_in_force(establishment: Establishment | int) -> QuerySet[Post]:
    """The posts held there now, with person and account: « Référent » first, then in the order they came. One query."""
    found = Post.objects.filter(establishment=establishment, ended_at=None).select_related("person__account")
    return found.order_by("role", "began_at", "pk")  # establishment_lead, service_co_tutor, service_tutor


def account_of_person(person: Person) -> Account | None:
    """The person's account, None when there is none; no query when it was loaded with the person."""
    found: Account | None = getattr(person, "account", None)
    return found


def phone_of(person: Person) -> str:
    """Where the person is called: the mobile phone first."""
    return person.mobile_phone or person.landline_phone


def email_of(person: Person) -> str:
    """Where the person is written to: the account's address first."""
    account = account_of_person(person)
    return account.email if account is not None else person.email


def why_not_usable(person: Person) -> list[str]:
    """Why somebody cannot be chosen in a project, in the reader's language: phone and e-mail are compulsory (S4).

    None of it waits for a first sign-in: who is named and can be reached can be chosen (S1).
    """
    reasons = []
    if not phone_of(person):
        reasons.append(_("Il manque un téléphone."))
    if not email_of(person):
        reasons.append(_("Il manque une adresse e-mail."))
    account = account_of_person(person)
    if account is not None and not account.is_active:
        reasons.append(_("Son compte est fermé."))
    return reasons


def usable_posts(establishment: Establishment | int, role: str) -> list[Post]:
    """The posts of one role held there now by people who can be chosen in a project (S4). One query."""
    return [post for post in posts_in_force(establishment).filter(role=role) if not why_not_usable(post.person)]


def holds_post(person_id: int, establishment_id: int, role: str) -> bool:
    """Whether the person holds this post there now. One query."""
    return Post.objects.filter(person_id=person_id, establishment_id=establishment_id, role=role, ended_at=None).exists()


def held_projects(post: Post, states: Iterable[str] = NAMED) -> QuerySet[HostProject]:
    """The establishment's projects that name this person in this part and are not over, with the campaign."""
    named = {PARTS[post.role]: post.person_id}
    found = HostProject.objects.filter(establishment_id=post.establishment_id, state__in=list(states), **named)
    return found.select_related("campaign").order_by("pk")


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody holds: projects under way, and the volunteers that they are for (granted once accepted, else asked)."""

    projects: int = 0
    volunteers: int = 0


def loads_of(posts: Iterable[Post]) -> dict[tuple[int, str], Load]:
    """The load of people by (person, role), over all establishments; who holds nothing is not there. One query for each role."""
    wanted: dict[str, set[int]] = {}
    for post in posts:
        wanted.setdefault(post.role, set()).add(post.person_id)
    found: dict[tuple[int, str], Load] = {}
    for role, people in wanted.items():
        part = PARTS[role]
        rows = (
            HostProject.objects.filter(state__in=UNDER_WAY, **{f"{part}__in": people})
            .values_list(part)
            .annotate(volunteers=Sum(Coalesce("granted", "asked")), projects=Sum(1))
            .order_by()
        )
        found |= {(person, role): Load(projects, volunteers) for person, volunteers, projects in rows}
    return found


def able_leads(establishment_id: int) -> QuerySet[Post]:
    """The « Référents » who can look after it: whoever's account the operator closed cannot."""
    held = Post.objects.filter(establishment_id=establishment_id, role=PostRole.LEAD, ended_at=None)
    return held.exclude(person__account__is_active=False)


def left_behind(establishment: Establishment) -> list[Post]:
    """The ended posts whose people projects under way still name: listed first, to be handed over. One query.

    The last post of each person in each part; none for who holds the post again.
    """
    named = Q(pk__in=[])
    for role, part in PARTS.items():
        of = HostProject.objects.filter(establishment=establishment, state__in=UNDER_WAY, **{part: OuterRef("person")})
        named |= Q(Exists(of), role=role)
    again = Post.objects.filter(
        establishment=establishment, person=OuterRef("person"), role=OuterRef("role"), ended_at=None
    )  # fmt: skip
    ended = Post.objects.filter(named, ~Exists(again), establishment=establishment, ended_at__isnull=False)
    rows = ended.select_related("person__account").order_by("person", "role", "-ended_at").distinct("person", "role")
    return list(rows)
