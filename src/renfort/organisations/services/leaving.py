"""« Retirer la structure de la plateforme », and bring it back within thirty days (R9).

What becomes of its missions and participations is due from ``left_at`` on: the clock does it, in batches (design decision 11).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.jobs.services import ring_clock
from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import Busy, NotAllowed, Refused, fire, lock_row
from renfort.organisations.enums import InvitationState, JoinState, Programme
from renfort.organisations.models import Grant, Invitation, JoinRequest, Organisation
from renfort.organisations.selectors import is_operator, members_of
from renfort.organisations.services.roles import give_role
from renfort.organisations.services.team import hold_as_manager
from renfort.organisations.workflow import INVITATION, JOIN, ORGANISATION


def leave_platform(*, actor: Actor, organisation: Organisation) -> Organisation:
    """Take an organisation off the platform: its team has no right left, its page is gone, its missions end by the clock.

    Open invitations are withdrawn, and who asked to join is answered. Its SIRET is free again.

    Raises:
        NotAllowed: the actor is not « responsable » of it (any more).
        Refused: it has left already.
    """
    with transaction.atomic():
        locked = hold_as_manager(actor, organisation)
        if locked.left_at is not None:
            raise Refused(_("Cette structure n'est plus sur la plateforme."))
        for invitation in Invitation.objects.filter(organisation=locked, state=InvitationState.SENT):
            fire(INVITATION, invitation, "revoke", actor=actor)
        for asked in JoinRequest.objects.filter(organisation=locked, state=JoinState.PENDING):
            words = _("La structure n'est plus sur la plateforme.")
            fire(JOIN, asked, "refuse", actor=actor, answers={"message": words})
        locked = fire(ORGANISATION, locked, "leave", actor=actor)
        now = locked.left_at
        for grant in members_of(locked.pk):
            grant.valid_until = now  # the same moment: ``restore_platform`` finds the team by it
            grant.save(update_fields=["valid_until"])
            codes: dict[str, Plain] = {
                "role": grant.role,
                "scope": f"{grant.scope_kind}:{grant.scope}",
                "why": "organisation_left",
            }
            publish("organisations.grant.end", grant, actor=actor, codes=codes)
        transaction.on_commit(ring_clock)
    return locked


def restore_organisation(*, actor: Actor, organisation: Organisation) -> Organisation:
    """Bring an organisation back with the team it had; missions that were cancelled stay so.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: it has not left, left too long ago, or another organisation has its SIRET since.
    """
    if not is_operator(actor):
        raise NotAllowed
    with transaction.atomic():
        locked: Organisation = lock_row(organisation)
        left_at = locked.left_at
        if left_at is None:
            raise Refused(_("Cette structure est déjà là, ou partie depuis plus de 30 jours."))
        team = Grant.objects.filter(organisation=locked, programme=Programme.RESERVE, valid_until=left_at)
        for grant in team.select_related("person").order_by("id"):
            give_role(actor=actor, person=grant.person, programme=grant.programme, role=grant.role, organisation=locked)
        # the team first: it is whom the news goes to
        try:
            locked = fire(ORGANISATION, locked, "restore", actor=actor)
        except Busy:  # the number is unique among those that are here
            raise Refused(_("Une autre structure est inscrite avec ce SIRET depuis : contactez-la d'abord.")) from None
        transaction.on_commit(ring_clock)
    return locked
