"""Change an order and its lines while it is not closed, and note who signed its convention (W11)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import Refused, Stale, lock_row
from renfort.people.selectors import today
from renfort.workshops.enums import AssignmentState
from renfort.workshops.models import Order, OrderLine
from renfort.workshops.services.orders import LineFacts, OrderFacts, hold_order, only_staff, refuse_signed

A = AssignmentState
SETTLED = (A.AWARDED, A.CLOSED)  # the audience that it takes was checked against it


def change_order(*, actor: Actor, order: Order, facts: OrderFacts, seen: int | None = None) -> Order:
    """Change an order that is neither closed nor cancelled. Its client stays; its audience too once somebody coordinates it.

    What its convention says changes no more once it was signed: take the signature off first.

    Raises:
        NotAllowed: the actor does not work for the association.
        Stale: it has changed since the page was opened.
        Refused: the order is closed or cancelled; its audience is settled; the convention is signed.
    """
    only_staff(actor)
    with transaction.atomic():
        assignments = hold_order(order)
        locked: Order = lock_row(order)
        if seen is not None and seen != locked.version:
            raise Stale(_("Quelqu'un d'autre a modifié cette commande entre-temps. Relisez-la, puis recommencez."))
        said = {**asdict(facts), "wanted_on": list(facts.wanted_on)}
        changed = [name for name, value in said.items() if getattr(locked, name) != value]
        if not changed:
            return locked
        if "audience" in changed and any(each.state in SETTLED for each in assignments):
            raise Refused(_("Le public d'une mission confiée ne change plus : la coordination a été choisie pour lui."))
        if set(changed) - {"details"}:
            refuse_signed(locked)
        changes: dict[str, tuple[Plain, Plain]] = {name: (_plain(getattr(locked, name)), _plain(said[name])) for name in changed}
        for name in changed:
            setattr(locked, name, said[name])
        locked.version += 1
        locked.save()
        publish("workshops.order.change", locked, actor=actor, changes=changes)
    return locked


def _plain(value: object) -> Plain:
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return value.isoformat() if isinstance(value, date) else str(value) if value is not None else None


def change_line(*, actor: Actor, order: Order, number: int, facts: LineFacts) -> OrderLine | None:
    """Change a line of an order that is not closed; None when it is gone.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the order is closed or cancelled, or its convention is signed.
    """
    only_staff(actor)
    with transaction.atomic():
        hold_order(order)
        locked: Order = lock_row(order)
        line = OrderLine.objects.select_for_update(no_key=True).filter(order=locked, pk=number).first()
        if line is None:
            return None
        said = {**asdict(facts), "languages": list(facts.languages)}
        changed = [name for name, value in said.items() if getattr(line, name) != value]
        if not changed:
            return line
        refuse_signed(locked)
        changes: dict[str, tuple[Plain, Plain]] = {name: (_plain(getattr(line, name)), _plain(said[name])) for name in changed}
        for name in changed:
            setattr(line, name, said[name])
        line.save()
        publish("workshops.orderline.change", line, actor=actor, changes=changes)
    return line


def sign_order(*, actor: Actor, order: Order, signed_on: date | None, signed_by: str) -> Order:
    """Note that the client signed the convention, or with None that it is not signed after all.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: the order is closed, cancelled or empty, the day is to come, or nobody is said to have signed.
    """
    only_staff(actor)
    with transaction.atomic():
        hold_order(order)
        locked: Order = lock_row(order)
        if signed_on is not None and not signed_by:
            raise Refused(_("Dites qui a signé."))
        if signed_on is not None and signed_on > today():
            raise Refused(_("Une signature n'est pas à venir : donnez le jour où elle a eu lieu."))
        if signed_on is not None and not locked.lines.exists():
            raise Refused(_("La commande est vide : ajoutez au moins une ligne."))
        locked.signed_on, locked.signed_by = signed_on, signed_by if signed_on is not None else ""
        locked.version += 1
        locked.save(update_fields=["signed_on", "signed_by", "version"])
        codes: dict[str, Plain] = {"on": signed_on.isoformat() if signed_on else None}
        publish("workshops.order.sign", locked, actor=actor, codes=codes)
    return locked
