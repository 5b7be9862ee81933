"""A referent lends a part of the perimeter for a time (R65). Rights start and end by the dates; nobody has to be there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.messages import DELEGATION_GIVEN
from renfort.organisations.models import Delegation, Referent
from renfort.organisations.rules import is_referent
from renfort.organisations.selectors.referents import own_grants, span_in
from renfort.organisations.services.referents import lend, send_invitation
from renfort.people.models import Person
from renfort.people.selectors import account_of

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationFacts:
    """What is lent, to whom, from which day until which, both included.

    ``receiver`` is another referent; without one, somebody is invited: ``email`` in lower case. No domain named: all of them.
    """

    departments: tuple[str, ...]
    domains: tuple[int, ...] = ()
    starts_on: date
    ends_on: date
    receiver: Person | None = None
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def delegate(*, actor: Actor, facts: DelegationFacts) -> Delegation:
    """Lend departments of one's own, or some domains in them. Who receives is told at once; an invited person has to accept.

    Raises:
        NotAllowed: the actor is no referent.
        Refused: a department is not (any more) the actor's own, the days are wrong, or the receiver is.
    """
    if not is_referent(actor) or actor.person_id is None:
        raise NotAllowed
    with transaction.atomic():
        # locked: an operator who takes a department away at the same moment comes before or after, not in between
        held = {grant.scope for grant in own_grants(actor.person_id).select_for_update(of=("self",))}
        codes = sorted(set(facts.departments))
        if not codes or not held.issuperset(codes):
            raise Refused(_("Vous ne pouvez déléguer que des départements qui vous sont confiés."))
        _check_days(facts, codes)
        receiver = _receiver(actor, facts)
        spans = [span_in(code, facts.starts_on, facts.ends_on) for code in codes]
        made = Delegation.objects.create(
            giver_id=actor.person_id,
            receiver=receiver,
            departments=codes,
            domains=sorted(set(facts.domains)),
            starts_on=facts.starts_on,
            ends_on=facts.ends_on,
            starts_at=min(first for first, _last in spans),
            ends_at=max(last for _first, last in spans),
        )
        said = {"departments": " ".join(codes), "starts_on": str(facts.starts_on), "ends_on": str(facts.ends_on)}
        publish("organisations.delegation.lend", made, actor=actor, after=made.state, codes=said, tells=(DELEGATION_GIVEN,))
        if receiver is not None:
            lend(actor=actor, delegation=made)
        else:
            names = {"first_name": facts.first_name, "last_name": facts.last_name, "departments": codes}
            send_invitation(actor=actor, email=facts.email, said=names, delegation=made)
    return made


def _check_days(facts: DelegationFacts, codes: list[str]) -> None:
    if facts.ends_on < facts.starts_on:
        raise Refused(_("Le dernier jour vient après le premier : vérifiez les deux dates."))
    if facts.ends_on - facts.starts_on > LONGEST:
        raise Refused(_("Une délégation dure un an au plus."))
    now = timezone.now()
    if any(now >= span_in(code, facts.starts_on, facts.starts_on)[1] for code in codes):
        raise Refused(_("Le premier jour est passé : une délégation commence aujourd'hui au plus tôt."))


def _receiver(actor: Actor, facts: DelegationFacts) -> Person | None:
    """The referent who receives, also when it is a referent's address that was typed; None when somebody is to be invited."""
    receiver = facts.receiver
    if receiver is None:
        account = account_of(facts.email) if facts.email else None
        if not facts.email:
            raise Refused(_("Dites à qui vous déléguez."))
        receiver = account.person if account is not None else None
        if receiver is None or not _is_registered(receiver):
            _not_oneself(actor, receiver)
            return None
    _not_oneself(actor, receiver)
    if not _is_registered(receiver):
        raise Refused(_("Cette personne n'est plus référent : choisissez quelqu'un d'autre."))
    return receiver


def _is_registered(person: Person) -> bool:
    return Referent.objects.filter(person=person, ended_at=None).exists()


def _not_oneself(actor: Actor, receiver: Person | None) -> None:
    if receiver is not None and receiver.pk == actor.person_id:
        raise Refused(_("C'est vous : déléguez à quelqu'un d'autre."))
