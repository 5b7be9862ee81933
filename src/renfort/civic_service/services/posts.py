"""Give, end and hand over posts: the right (a grant) and the post that says where it comes from move together (S4).

Every verb holds the establishment's row and looks anew, under it, whether the actor still may: of two « Référents » who remove
each other at the same moment one remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.civic_service.enums import PostRole, Source
from renfort.civic_service.messages import POST_ENDED, POST_GIVEN, PROJECTS_TAKEN_OVER
from renfort.civic_service.models import Establishment, HostProject, Post
from renfort.civic_service.rules.establishments import may_name
from renfort.civic_service.selectors.posts import (
    NAMED,
    PARTS,
    UNDER_WAY,
    able_leads,
    account_of_person,
    held_projects,
    why_not_usable,
)
from renfort.civic_service.services.access import invite_person
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row, lock_rows
from renfort.kernel.guides import plain
from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors import actor_of
from renfort.organisations.services.roles import end_role, give_role
from renfort.people.models import Person, lower_email
from renfort.people.selectors import account_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Somebody who is added by hand: ``email`` in any case, ``mobile_phone`` and ``landline_phone`` in E.164 or ""."""

    first_name: str
    last_name: str
    email: str
    mobile_phone: str = ""
    landline_phone: str = ""


def hold(actor: Actor, establishment: Establishment) -> Establishment:
    """The establishment, locked, when the actor may name people there now, whatever the request's roles said before.

    Raises:
        NotAllowed: the actor may not, or no longer.
    """
    locked: Establishment = lock_row(establishment)
    now: Actor | None = actor
    if actor.kind == "person":
        held = actor_of(actor.person_id)
        now = held.in_role(actor.acting.key) if actor.acting is not None else held
    if now is None or not may_name(now, locked):
        raise NotAllowed(_("Seuls un référent de l'établissement et les gestionnaires de son territoire nomment son équipe."))
    return locked


# ── giving ────────────────────────────────────────────────────────────────────────────────────────
def give_post(
    *, actor: Actor, establishment: Establishment, person: Person, role: str, function: str = "", source: str = Source.LOCAL
) -> Post:
    """Give somebody a post from now on, with the right that it carries; a post already held is returned as it is.

    Raises:
        NotAllowed: the actor may not name people there.
        Refused: the establishment has left the network.
    """
    with transaction.atomic():
        locked = hold(actor, establishment)
        return _give(actor, locked, person, role=role, function=function, source=source)


def _give(actor: Actor, locked: Establishment, person: Person, *, role: str, function: str, source: str) -> Post:
    held = Post.objects.filter(establishment=locked, person=person, role=role, ended_at=None).first()
    if held is not None:
        return held
    if locked.left_on is not None:
        raise Refused(_("Cet établissement a quitté le réseau : personne n'y est plus nommé."))
    grant = give_role(
        actor=actor, person=person, programme=Programme.CIVIC_SERVICE, role=Role(str(role)), organisation=locked.organisation
    )
    now = timezone.now()
    made = Post.objects.create(
        establishment=locked, person=person, role=role, source=source, function=function, grant=grant, began_at=now,
        confirmed_at=now if source == Source.DIRECTORY else None,
    )  # fmt: skip
    tells = (POST_GIVEN,) if account_of_person(person) is not None else ()  # who has no account is invited instead
    publish("civic_service.post.give", made, actor=actor, codes={"role": str(role), "source": str(source)}, tells=tells)
    return made


def add_person(*, actor: Actor, establishment: Establishment, facts: PersonFacts, role: str, function: str = "") -> Post:
    """« Ajouter une personne »: somebody whom the directory does not name yet; kept until it does, and after (S1, S4).

    Who has an account under this address gets the post in it; who has none is known from now on and is invited.

    Raises:
        NotAllowed: the actor may not name people there.
        Refused: the person holds the post already, the address is somebody else's, or the establishment has left.
    """
    with transaction.atomic():
        locked = hold(actor, establishment)
        person = _person_of(facts)
        if Post.objects.filter(establishment=locked, person=person, role=role, ended_at=None).exists():
            raise Refused(
                _("%(person)s l'est déjà : %(role)s.") % {"person": person.full_name, "role": str(PostRole(role).label).lower()}
            )
        made = _give(actor, locked, person, role=role, function=function, source=Source.LOCAL)
        if account_of_person(person) is None and person.email:
            invite_person(actor=actor, person=person, establishment=establishment)
        return made


def _person_of(facts: PersonFacts) -> Person:
    """Whom these words mean: the account of the address, somebody known here by it and by name, else somebody new.

    Raises:
        Refused: the address is an account's whose holder has another name, or whose account is closed.
    """
    address = lower_email(facts.email)
    account = account_of(address) if address else None
    if account is not None:
        if not account.is_active:
            raise Refused(_("Le compte de cette adresse est fermé : indiquez-en une autre."))
        if not _is_alike(account.person, facts):
            raise Refused(_("Cette adresse est celle d'un compte à un autre nom. Une adresse ne sert qu'à une personne ici."))
        return _reachable(account.person, facts)
    if address:
        known = Post.objects.filter(person__email__iexact=address, person__account=None).select_related("person").order_by("pk")
        for post in known:
            if _is_alike(post.person, facts):
                return _reachable(post.person, facts)
    return Person.objects.create(
        first_name=facts.first_name, last_name=facts.last_name, email=address, mobile_phone=facts.mobile_phone,
        landline_phone=facts.landline_phone,
    )  # fmt: skip


def _is_alike(person: Person, facts: PersonFacts) -> bool:
    return plain(person.last_name) == plain(facts.last_name) or plain(person.first_name) == plain(facts.first_name)


def _reachable(person: Person, facts: PersonFacts) -> Person:
    """The person, with the phone that was said when none was known; what somebody says of themselves stays."""
    if not person.mobile_phone and not person.landline_phone and (facts.mobile_phone or facts.landline_phone):
        person.mobile_phone, person.landline_phone = facts.mobile_phone, facts.landline_phone
        person.save(update_fields=["mobile_phone", "landline_phone"])
    return person


def correct_person(
    *, actor: Actor, post: Post, function: str | None = None, email: str | None = None, mobile: str | None = None,
    landline: str | None = None,
) -> Post:  # fmt: skip
    """Say what is missing to reach somebody, and their function. None: as it is.

    What the directory says, and what the holder of an account says of themselves, is not overwritten: a phone is added where
    there is none, an e-mail where there is neither address nor account.

    Raises:
        NotAllowed: the actor may not name people there.
        Refused: the post has ended meanwhile, or the address is an account's.
    """
    with transaction.atomic():
        locked = hold(actor, post.establishment)
        held = _still(locked, post)
        person, changed = held.person, []
        is_free = account_of_person(person) is None and held.source == Source.LOCAL
        said: dict[str, str] = {}
        if mobile is not None and landline is not None and (is_free or not (person.mobile_phone or person.landline_phone)):
            said |= {"mobile_phone": mobile, "landline_phone": landline}
        if email is not None and account_of_person(person) is None and (is_free or not person.email):
            address = lower_email(email)
            if address and address != person.email and account_of(address) is not None:
                raise Refused(_("Cette adresse est celle d'un compte : retirez ce poste, puis ajoutez la personne avec elle."))
            said["email"] = address
        for name, value in said.items():
            if getattr(person, name) != value:
                setattr(person, name, value)
                changed.append(name)
        if changed:
            person.save(update_fields=changed)
        if function is not None and held.source == Source.LOCAL and held.function != function:
            held.function = function
            held.save(update_fields=["function"])
            changed.append("function")
        if changed:
            publish("civic_service.post.correct", held, actor=actor, codes={"fields": " ".join(changed)})
    return held


# ── ending ────────────────────────────────────────────────────────────────────────────────────────
def end_post(*, actor: Actor, post: Post, why: str = "removed") -> None:
    """End a post, and the right with it. What the person holds is handed over first (``substitute``).

    Raises:
        NotAllowed: the actor may not name people there.
        Refused: it has ended meanwhile; projects under way name the person; it is the last « Référent » while some are under way.
    """
    with transaction.atomic():
        locked = hold(actor, post.establishment)
        held = _still(locked, post)
        count = held_projects(held, UNDER_WAY).count()
        if count:
            raise Refused(
                ngettext(
                    "%(person)s suit encore %(n)d projet en cours : confiez-le d'abord à quelqu'un d'autre.",
                    "%(person)s suit encore %(n)d projets en cours : confiez-les d'abord à quelqu'un d'autre.",
                    count,
                )
                % {"person": held.person.full_name, "n": count}
            )
        _end(actor, locked, held, why=why)


def _end(actor: Actor, locked: Establishment, held: Post, *, why: str) -> None:
    """End a post that was read under the lock.

    Raises:
        Refused: it is the last « Référent » while projects are under way (S4).
    """
    is_last = held.role == PostRole.LEAD and not able_leads(locked.pk).exclude(pk=held.pk).exists()
    if is_last and HostProject.objects.filter(establishment=locked, state__in=UNDER_WAY).exists():
        raise Refused(_("C'est le dernier référent, et des projets sont en cours : nommez-en d'abord un autre."))
    end_role(actor=actor, grant=held.grant, why=why)
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    publish("civic_service.post.end", held, actor=actor, codes={"role": held.role, "why": why}, tells=(POST_ENDED,))


def _still(locked: Establishment, post: Post) -> Post:
    """The post, read anew under the establishment's lock.

    Raises:
        Refused: it has ended meanwhile.
    """
    held = (
        Post.objects.filter(establishment=locked, pk=post.pk, ended_at=None)
        .select_related("person__account", "grant", "establishment__organisation__department")
        .first()
    )
    if held is None:
        raise Refused(_("Cette personne n'a plus ce poste."))
    return held


# ── handing over ──────────────────────────────────────────────────────────────────────────────────
def substitute(*, actor: Actor, post: Post, by: Post, ends: bool = True, why: str = "replaced") -> int:
    """Let the holder of another post take over every project that names this one's, and end this post (``ends``).

    ``post`` may have ended already (somebody who left in mid-year, whom the directory names no more). Returns how many projects
    went. Lock order: the establishment, then its projects by number.

    Raises:
        NotAllowed: the actor may not name people there.
        Refused: the other post is not of the same role here, has ended, or its holder cannot be chosen; the person would be tutor
            and co-tutor of one project; it was the last « Référent ».
    """
    with transaction.atomic():
        locked = hold(actor, post.establishment)
        successor = _still(locked, by)
        if successor.role != post.role or successor.person_id == post.person_id:
            raise Refused(_("Choisissez une autre personne, qui a le même rôle dans l'établissement."))
        if reasons := why_not_usable(successor.person):
            words = {"person": successor.person.full_name, "reasons": " ".join(reasons)}
            raise Refused(_("%(person)s ne peut pas encore être choisi·e. %(reasons)s") % words)
        part = PARTS[post.role]
        rows = HostProject.objects.filter(establishment=locked, state__in=NAMED, **{part: post.person_id})
        projects: list[HostProject] = lock_rows(rows)
        _refuse_twice(projects, post.role, successor)
        for project in projects:
            _hand_over(actor, project, part, successor.person_id)
        if post.ended_at is None and ends:
            _end(actor, locked, _still(locked, post), why=why)
        codes: dict[str, Plain] = {"role": post.role, "from": post.person_id, "projects": len(projects)}
        tells = (PROJECTS_TAKEN_OVER,) if projects else ()
        publish("civic_service.post.take_over", successor, actor=actor, codes=codes, tells=tells)
    return len(projects)


def _refuse_twice(projects: list[HostProject], role: str, successor: Post) -> None:
    other = {PostRole.TUTOR: "co_tutor_id", PostRole.CO_TUTOR: "tutor_id"}.get(PostRole(role))
    if other is None:
        return
    sentence = _("%(person)s suit déjà « %(project)s » à l'autre titre : une personne n'y est pas tuteur et cotuteur.")
    refusals = [
        sentence % {"person": successor.person.full_name, "project": project.title}
        for project in projects
        if getattr(project, other) == successor.person_id
    ]
    if refusals:
        raise Refused(*refusals)


def _hand_over(actor: Actor, project: HostProject, part: str, person_id: int) -> None:
    before: Any = getattr(project, f"{part}_id")
    setattr(project, f"{part}_id", person_id)
    project.version += 1
    project.save(update_fields=[part, "version"])
    publish("civic_service.hostproject.hand_over", project, actor=actor, changes={part: (before, person_id)})


# ── the head ──────────────────────────────────────────────────────────────────────────────────────
def welcome_head(person: Person) -> list[Post]:
    """Let the head of an establishment be its « Référent », by default, when first signing in (S4).

    Who has been « Référent » there before is not again: the head may have named somebody else. Returns the posts given.
    """
    given = []
    for headed in Establishment.objects.filter(head=person, left_on=None).select_related("organisation__department"):
        if not Post.objects.filter(establishment=headed, person=person, role=PostRole.LEAD).exists():
            given.append(give_post(actor=SERVICE, establishment=headed, person=person, role=PostRole.LEAD))
    return given
