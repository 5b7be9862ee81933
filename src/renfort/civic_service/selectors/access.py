"""« Connu, invité, connecté »: who of an establishment can come in, and the links that wait (S1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from renfort.civic_service.enums import Access
from renfort.civic_service.models import AccessInvitation, DirectoryPerson, Establishment, Post
from renfort.people.models import Account, Person


def access_of(people: Iterable[Person | int]) -> dict[int, Access]:
    """How each of these people stands, by the person's number; somebody who does not exist is left out.

    « Connecté » from the first sign-in on, « invité » while a link can be opened, else « connu ». One query for any number of
    people; none for nobody.
    """
    numbers = {each.pk if isinstance(each, Person) else each for each in people}
    if not numbers:
        return {}
    came_in = Account.objects.filter(person=OuterRef("pk"), is_active=True, last_login__isnull=False)
    waits = AccessInvitation.objects.filter(person=OuterRef("pk"), used_at=None, expires_at__gt=timezone.now())
    rows = Person.objects.filter(pk__in=numbers).annotate(came_in=Exists(came_in), waits=Exists(waits))
    return {
        number: Access.CONNECTED if is_in else Access.INVITED if is_asked else Access.KNOWN
        for number, is_in, is_asked in rows.values_list("pk", "came_in", "waits")
    }


def has_come_in(person_id: int) -> bool:
    """Whether somebody has signed in once. One query."""
    return Account.objects.filter(person_id=person_id, last_login__isnull=False).exists()


def works_at(person_id: int, establishment: Establishment) -> bool:
    """Whether a person holds a post of this establishment, or heads it. One query at most."""
    return establishment.head_id == person_id or (
        Post.objects.filter(establishment=establishment, person_id=person_id, ended_at=None).exists()
    )


def access_digest(token: str) -> str:
    """What the table keeps of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def access_of_token(token: str) -> AccessInvitation | None:
    """The invitation that a link opens, whatever became of it; None for a token that nobody was sent. One query."""
    found = AccessInvitation.objects.filter(digest=access_digest(token))
    return found.select_related("person__account", "establishment__organisation", "invited_by").first()


def still_works(person_id: int) -> bool:
    """Whether a person has anything to do in the programme: a link of somebody who has left opens nothing. One query."""
    named = Q(pk__in=Post.objects.filter(person_id=person_id, ended_at=None).values("establishment")) | Q(head_id=person_id)
    return Establishment.objects.filter(named).exists()


def person_of_key(key: str) -> Person | None:
    """Whom the directory names by this key, as long as they have something to do in an establishment. Two queries at most."""
    found = DirectoryPerson.objects.select_related("person").filter(key=key).first() if key else None
    return found.person if found is not None and still_works(found.pk) else None
