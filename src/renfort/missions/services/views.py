"""Keep a list as somebody wants to find it again: views under a name, columns (R17, R32)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import SavedView
from renfort.missions.selectors.views import in_order

MOST = 30  # views of one person over one list: more tabs than that help nobody


def save_view(
    *, actor: Actor, organisation: int, kind: str, name: str, query: str, columns: Sequence[str] | None, is_shared: bool
) -> SavedView:
    """Keep a search under a name, for oneself or for the team.

    Raises:
        Refused: one has a view of this name already, or too many views.
    """
    mine = SavedView.objects.filter(organisation_id=organisation, person_id=_person(actor), kind=kind).exclude(name="")
    if mine.count() >= MOST:
        raise Refused(_("Vous avez déjà %(most)d vues sur cette liste : supprimez-en une d'abord.") % {"most": MOST})
    view = SavedView(
        organisation_id=organisation, person_id=_person(actor), kind=kind, query=query, columns=columns, is_shared=is_shared
    )
    last = mine.aggregate(last=Max("position"))["last"]
    view.position = last + 1 if last else 0  # after those that were put in an order
    _save(view, name)
    return view


def change_view(*, actor: Actor, view: SavedView, name: str, is_shared: bool) -> None:
    """Give one's own view another name, share it or keep it for oneself.

    Raises:
        NotAllowed: it is a colleague's.
        Refused: one has a view of this name already.
    """
    _check(actor, view)
    view.is_shared = is_shared
    _save(view, name)


def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Delete one's own view; who opened the list with it opens the whole list again.

    Raises:
        NotAllowed: it is a colleague's.
    """
    _check(actor, view)
    view.delete()


def move_view(*, actor: Actor, view: SavedView, step: int) -> None:
    """Put one's own view before the tab on its left (``step`` -1) or after the one on its right (1); at an end it stays (R18).

    Raises:
        NotAllowed: it is a colleague's.
    """
    _check(actor, view)
    with transaction.atomic():
        mine = SavedView.objects.filter(organisation_id=view.organisation_id, person_id=view.person_id, kind=view.kind)
        tabs = list(in_order(mine.exclude(name="").select_for_update()))
        here = next((number for number, tab in enumerate(tabs) if tab.pk == view.pk), None)
        if here is None:
            return  # deleted in another window
        there = min(max(here + step, 0), len(tabs) - 1)
        tabs.insert(there, tabs.pop(here))
        for number, tab in enumerate(tabs, 1):
            tab.position = number
        SavedView.objects.bulk_update(tabs, ["position"])


def open_with(*, actor: Actor, organisation: int, kind: str, view: SavedView | None) -> None:
    """Let the list open with a view for this person, or with everything again."""
    own_way(actor=actor, organisation=organisation, kind=kind, default_id=view.pk if view else None)


def choose_columns(*, actor: Actor, organisation: int, kind: str, columns: Sequence[str]) -> None:
    """Keep which columns this person wants to see in the list."""
    own_way(actor=actor, organisation=organisation, kind=kind, columns=list(columns))


def own_way(*, actor: Actor, organisation: int, kind: str, **changes: object) -> None:
    """Change the person's own way of looking at a list."""
    SavedView.objects.update_or_create(
        organisation_id=organisation, person_id=_person(actor), kind=kind, name="", defaults=changes
    )


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed(_("Les vues sont celles d'une personne."))
    return actor.person_id


def _check(actor: Actor, view: SavedView) -> None:
    if view.person_id != actor.person_id:
        raise NotAllowed(_("Seule la personne qui a enregistré cette vue peut la changer."))


def _save(view: SavedView, name: str) -> None:
    view.name = name
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused(_("Vous avez déjà une vue de ce nom.")) from None
