"""Federations, the departments that are theirs, and who manages cases for them: verbs of the national case managers (S5)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.civic_service.enums import FederationKind
from renfort.civic_service.messages import MANAGER_INVITED, MANAGER_REMOVED
from renfort.civic_service.models import Federation, ManagerInvitation, Route
from renfort.civic_service.selectors.federations import manager_digest, manager_token, managers_of
from renfort.civic_service.selectors.roles import S
from renfort.civic_service.services.campaigns import only_national
from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import Refused, lock_row
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant
from renfort.organisations.services.registering import KnownOrganisation, register
from renfort.organisations.services.roles import end_role, give_role
from renfort.parameters.catalogue import INVITATION_DAYS
from renfort.parameters.selectors import value_of
from renfort.people.models import Person
from renfort.territories.models import Department

MOST_INVITED = 20  # invitations of one federation that wait


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationFacts:
    """A federation as the form says it; ``departments``: the codes that are routed to it."""

    organisation: KnownOrganisation
    kind: str
    departments: Sequence[str] = ()


def create_federation(*, actor: Actor, facts: FederationFacts) -> Federation:
    """Note a federation with its territory; the Fnogec is the national one, and there is one of it.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: it is here already; a department is another's.
    """
    only_national(actor)
    is_national = facts.kind == FederationKind.FNOGEC
    with transaction.atomic():
        if is_national and Federation.objects.filter(is_national=True).exists():
            raise Refused(_("La fédération nationale est déjà notée."))
        organisation = register(actor=actor, facts=facts.organisation)
        if Federation.objects.filter(pk=organisation.pk).exists():
            raise Refused(_("« %(name)s » est déjà notée.") % {"name": organisation.name})
        made = Federation.objects.create(organisation=organisation, kind=facts.kind, is_national=is_national)
        publish("civic_service.federation.create", made, actor=actor, codes={"kind": facts.kind})
        if facts.departments:
            route(actor=actor, federation=made, departments=facts.departments)
    return made


def route(*, actor: Actor, federation: Federation, departments: Sequence[str]) -> None:
    """Give a federation exactly these departments; what is filed there follows at once, those given up go to the national queue.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: it is the national one; a department is another federation's: it is given up there first.
    """
    only_national(actor)
    try:
        with transaction.atomic():
            held: Federation = lock_row(federation)
            if held.is_national and departments:
                raise Refused(_("La fédération nationale reçoit d'elle-même tout département qui n'est confié à personne."))
            wanted = set(departments)
            others = Route.objects.filter(department__in=wanted).exclude(federation=held)
            taken = [
                _("%(department)s est confié à « %(name)s » : retirez-le d'abord là-bas.")
                % {"department": each.department.name, "name": each.federation.organisation.name}
                for each in others.select_related("department", "federation__organisation").order_by("department")
            ]
            if taken:
                raise Refused(*taken)
            before = set(held.routes.values_list("department_id", flat=True))
            held.routes.filter(department__in=before - wanted).delete()
            known = Department.objects.filter(code__in=wanted - before)
            Route.objects.bulk_create([Route(department=each, federation=held) for each in known])
            if before != wanted:
                changes: dict[str, tuple[Plain, Plain]] = {"departments": (" ".join(sorted(before)), " ".join(sorted(wanted)))}
                publish("civic_service.federation.route", held, actor=actor, changes=changes)
    except IntegrityError as error:
        if "civic_service_route" not in str(error):
            raise
        raise Refused(_("Quelqu'un vient de confier un de ces départements. Relisez la page, puis recommencez.")) from error


# ── case managers ─────────────────────────────────────────────────────────────────────────────────
def invite_manager(*, actor: Actor, federation: Federation, name: str, email: str) -> ManagerInvitation:
    """Send somebody the link that makes a case manager of a federation; a former link to that address opens nothing any more.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: it is the national federation, whose case managers the operator names; somebody of that address is one
            already; too many invitations wait.
    """
    only_national(actor)
    with transaction.atomic():
        held: Federation = lock_row(federation)
        if held.is_national:
            raise Refused(_("L'opérateur du site nomme les gestionnaires nationaux."))
        if managers_of(held).filter(person__account__email=email).exists():
            raise Refused(_("Cette personne gère déjà les dossiers de cette fédération."))
        waiting = ManagerInvitation.objects.filter(federation=held)
        if waiting.exclude(email=email).count() >= MOST_INVITED:
            raise Refused(_("Au plus %(n)d invitations attendent à la fois : retirez-en une.") % {"n": MOST_INVITED})
        now, seed = timezone.now(), secrets.token_urlsafe(32)
        made, _is_new = ManagerInvitation.objects.update_or_create(
            federation=held, email=email,
            defaults={
                "name": name, "link_seed": seed, "link_digest": manager_digest(manager_token(seed)), "sent_at": now,
                "expires_at": now + timedelta(days=value_of(INVITATION_DAYS)), "invited_by_id": actor.person_id,
            },
        )  # fmt: skip
        publish(
            "civic_service.managerinvitation.send", made, actor=actor, codes={"federation": held.pk}, tells=(MANAGER_INVITED,)
        )
    return made


def withdraw_invitation(*, actor: Actor, invitation: ManagerInvitation) -> None:
    """Take an invitation back: its link opens nothing any more. One that was answered meanwhile is answered.

    Raises:
        NotAllowed: the actor is no national case manager.
    """
    only_national(actor)
    with transaction.atomic():
        held = ManagerInvitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
        if held is None:
            return
        publish("civic_service.managerinvitation.withdraw", held, actor=actor, codes={"federation": held.federation_id})
        held.delete()


def accept_invitation(*, actor: Actor, invitation: ManagerInvitation) -> Grant:
    """Who opened the link manages the cases of the federation from now on; the link works once.

    Raises:
        Refused: it was used or taken back meanwhile, sent anew, or is too old.
    """
    with transaction.atomic():
        found = ManagerInvitation.objects.select_for_update(of=("self",)).select_related("federation__organisation")
        held = found.filter(pk=invitation.pk, link_digest=invitation.link_digest, expires_at__gt=timezone.now()).first()
        if held is None or actor.person_id is None:
            raise Refused(_("Ce lien ne s'ouvre plus : demandez-en un autre à la gestion nationale."))
        person = Person.objects.get(pk=actor.person_id)
        made = give_role(
            actor=actor, person=person, programme=S, role=Role.CASE_MANAGER, organisation=held.federation.organisation
        )
        publish("civic_service.managerinvitation.accept", held, actor=actor, codes={"federation": held.federation_id})
        held.delete()
    return made


def remove_manager(*, actor: Actor, grant: Grant) -> None:
    """End a case manager's role at once; the person is told. Without anybody left, the territory goes to the national queue.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: it has ended already.
    """
    only_national(actor)
    with transaction.atomic():
        held = Grant.objects.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=grant.pk)
        if held.programme != S or held.role != Role.CASE_MANAGER or held.organisation_id is None or held.valid_until is not None:
            raise Refused(_("Cette personne ne gère plus les dossiers de cette fédération."))
        end_role(actor=actor, grant=held, why="removed", tells=(MANAGER_REMOVED,))
