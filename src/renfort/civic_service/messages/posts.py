"""What is said to those who are named in an establishment, take projects over, or are named no longer (S4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.civic_service.enums import PostRole
from renfort.civic_service.models import Establishment, Post
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, Plain
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

S = Programme.CIVIC_SERVICE


def the_holder(event: Event[Post]) -> Iterable[Recipient]:
    """Whoever holds the post, unless it is who did it; nobody without an address."""
    person = event.obj.person
    return [] if person.pk == event.actor.person_id or not recipient_of(person).address else [recipient_of(person)]


def _words(post: Post) -> dict[str, str]:
    return {"role": str(PostRole(post.role).label).lower(), "establishment": post.establishment.organisation.name}


def _facts(post: Post) -> tuple[tuple[str, str], ...]:
    return ((_("Établissement"), post.establishment.organisation.name), (_("Rôle"), str(PostRole(post.role).label)))


def _page(post: Post) -> str:
    return reverse("civic_service:establishment", args=[post.establishment_id or 0])


def given(event: Event[Post], reader: Recipient) -> Mail:
    words = _words(event.obj)
    return Mail(
        subject=_("Vous voilà %(role)s : %(establishment)s") % words,
        sentences=(
            _("%(establishment)s vous a nommé·e %(role)s pour le service civique.") % words,
            _("Connectez-vous pour voir les projets d'accueil de l'établissement."),
        ),
        facts=_facts(event.obj),
        action=(_("Ouvrir l'établissement"), _page(event.obj)),
    )


def ended(event: Event[Post], reader: Recipient) -> Mail:
    words = _words(event.obj)
    return Mail(
        subject=_("Vous n'êtes plus %(role)s : %(establishment)s") % words,
        sentences=(
            _("Votre rôle de %(role)s pour le service civique à %(establishment)s a pris fin.") % words,
            _("Si c'est une erreur, dites-le à l'établissement."),
        ),
        facts=_facts(event.obj),
        action=(_("Ouvrir votre espace"), reverse("portal:space")),
    )


def taken_over(event: Event[Post], reader: Recipient) -> Mail:
    words, count = _words(event.obj), int(event.codes.get("projects") or 0)
    text = ngettext(
        "%(n)d projet d'accueil de %(establishment)s vous est confié, comme %(role)s.",
        "%(n)d projets d'accueil de %(establishment)s vous sont confiés, comme %(role)s.",
        count,
    )
    return Mail(
        subject=_("Des projets vous sont confiés : %(establishment)s") % words,
        sentences=(text % {**words, "n": count},),
        facts=_facts(event.obj),
        action=(_("Ouvrir l'établissement"), _page(event.obj)),
    )


def _sample(codes: Mapping[str, Plain]) -> Callable[[], Event[Post]]:
    def make() -> Event[Post]:
        where = Establishment(organisation=Organisation(pk=0, name=_("Lycée Exemple")), network="sgec")
        someone = Person(pk=0, first_name="Camille", last_name="Martin", email="camille.martin@example.org")
        post = Post(pk=0, establishment=where, person=someone, role=PostRole.TUTOR, source="local", began_at=timezone.now())
        return Event(name="sample", obj=post, actor=SERVICE, at=timezone.now(), codes=codes)

    return make


POST_GIVEN = Message(
    "civic_service.post.given", gettext_lazy("Un rôle dans un établissement"), the_holder, given, S, sample=_sample({})
)
POST_ENDED = Message(
    "civic_service.post.ended", gettext_lazy("La fin d'un rôle dans un établissement"), the_holder, ended, S, sample=_sample({})
)
PROJECTS_TAKEN_OVER = Message(
    "civic_service.post.took_over", gettext_lazy("Des projets d'accueil confiés"), the_holder, taken_over, S,
    sample=_sample({"projects": 2}),
)  # fmt: skip
