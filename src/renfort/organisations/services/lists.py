"""The operator's verbs on lists: add, rename, move, withdraw, put back. Never delete: somebody may have chosen it (R5)."""

from __future__ import annotations

from typing import Any, Literal

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.lists import LISTS, Listed
from renfort.kernel.recent import forget_all
from renfort.organisations.models import OrganisationType
from renfort.organisations.selectors import is_operator


def add_entry(model: type[Listed], *, actor: Actor, label_fr: str, label_en: str = "", **facts: Any) -> Listed:
    """Add an entry at the end of its list; its key is made of its French words and never changes. ``facts``: its other fields.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        last = _list_of(model(**facts)).order_by("-position").values_list("position", flat=True).first()
        position = 0 if last is None else last + 1
        entry: Listed = model.objects.create(  # type: ignore[attr-defined]  # a concrete list has a manager
            key=_free_key(model, label_fr), label_fr=label_fr, label_en=label_en, position=position, **facts
        )
        _tell(entry, "add", actor, {"label_fr": ("", label_fr), "label_en": ("", label_en)})
    return entry


def rename_entry(entry: Listed, *, actor: Actor, **words: str) -> None:
    """Write other words into some of the fields that the list is ``worded`` in; whoever chose the entry now says these.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    changes: dict[str, tuple[Plain, Plain]] = {
        name: (getattr(entry, name), said) for name, said in words.items() if getattr(entry, name) != said
    }
    if not changes:
        return
    with transaction.atomic():
        for name in changes:
            setattr(entry, name, words[name])
        entry.save(update_fields=list(changes))
        _tell(entry, "rename", actor, changes)


def move_entry(entry: Listed, *, actor: Actor, way: Literal["up", "down"]) -> None:
    """Exchange places with the neighbour above or below; at the end of the list nothing happens.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        rows = list(_list_of(entry).select_for_update().order_by("position", "id"))
        here = next(index for index, row in enumerate(rows) if row.pk == entry.pk)
        there = here + (1 if way == "down" else -1)
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for position, row in enumerate(rows):
            row.position = position
        type(entry).objects.bulk_update(rows, ["position"])  # type: ignore[attr-defined]  # a concrete list has a manager
        _tell(entry, "move", actor, {"position": (here, there)})


def offer_entry(entry: Listed, *, actor: Actor, offered: bool) -> None:
    """Withdraw an entry from the choices, or put it back; who has chosen it keeps it.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: it is the last one of a list that a form needs.
    """
    _only_operator(actor)
    if entry.is_active == offered:
        return
    with transaction.atomic():
        if not offered and keeps_one(type(entry)):
            others = type(entry).objects.select_for_update().filter(is_active=True).order_by("id")  # type: ignore[attr-defined]  # concrete
            if not [each for each in others if each.pk != entry.pk]:
                raise Refused(_("C'est la dernière entrée proposée, et un formulaire la demande : ajoutez-en d'abord une autre."))
        entry.is_active = offered
        entry.save(update_fields=["is_active"])
        _tell(entry, "restore" if offered else "withdraw", actor, {"is_active": (not offered, offered)})


def keeps_one(model: type[Listed]) -> bool:
    """Whether one entry of this list must always be offered."""
    return any(each.keeps_one for each in LISTS.values() if each.model is model)


def _list_of(entry: Listed) -> Any:
    """The rows among which an entry has its place: for a type, those under the same status and parent."""
    rows = type(entry).objects.all()  # type: ignore[attr-defined]  # a concrete list has a manager
    if isinstance(entry, OrganisationType):
        return rows.filter(legal_status_id=entry.legal_status_id, parent_id=entry.parent_id)
    return rows


def _free_key(model: type[Listed], label: str) -> str:
    base = slugify(label)[: model.longest_key - 4] or "entree"
    taken = set(model.objects.filter(key__startswith=base).values_list("key", flat=True))  # type: ignore[attr-defined]  # idem
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, 1000))) if key not in taken)


def _tell(entry: Listed, verb: str, actor: Actor, changes: dict[str, tuple[Plain, Plain]]) -> None:
    publish(f"{entry._meta.label_lower}.{verb}", entry, actor=actor, codes={"key": entry.key}, changes=changes)
    forget_all()  # what this process remembers of the list; others find out within seconds
    transaction.on_commit(forget_all)


def _only_operator(actor: Actor) -> None:
    if not is_operator(actor):
        raise NotAllowed
