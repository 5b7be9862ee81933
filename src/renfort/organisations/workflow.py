"""The lives of a request to join an organisation (R9), of an invitation (R40), of a claim to be of a national network (R5), of an
invitation to be referent (R50), of a delegation (R65).
"""

from __future__ import annotations

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.organisations import messages, rules
from renfort.organisations.effects import send_anew, take_back
from renfort.organisations.enums import TEAM, DelegationState, InvitationState, JoinState, MembershipState, Role
from renfort.organisations.models import Delegation, Invitation, JoinRequest, NetworkMembership, ReferentInvitation
from renfort.organisations.selectors import invitations_visible, join_requests_visible, memberships_visible
from renfort.organisations.selectors.referents import delegations_visible, referent_invitations_visible

J, N, V, D = JoinState, MembershipState, InvitationState, DelegationState

# what each role of a team may do, in the words of R40
ROLE_WORDS = {
    Role.MISSION_TUTOR: _(
        "Crée des missions et en est responsable ; suit celles qu'on lui confie, avec leurs bénévoles. "
        "Lit les autres, sans les bénévoles."
    ),
    Role.MANAGER: _("A les mêmes droits que vous : toutes les missions, tous les bénévoles, l'équipe et « Ma structure »."),
}


def role_choice() -> forms.ChoiceField:
    """« Rôle »: each with what it may do."""
    shown = '<b>{}</b><span class="help">{}</span>'
    choices = [(str(role), format_html(shown, role.label, ROLE_WORDS[role])) for role in reversed(TEAM)]
    return forms.ChoiceField(label=_("Rôle"), choices=choices, widget=forms.RadioSelect)


def answer() -> forms.Field:
    """A sentence for the one who asked."""
    return forms.CharField(
        label=_("Votre réponse"),
        help_text=_("Une phrase, lue telle quelle par la personne qui demande."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def reasons() -> forms.Field:
    """Why the claim is not confirmed; the organisation reads it."""
    return forms.CharField(
        label=_("Raisons"),
        help_text=_("La structure les lit telles quelles."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


JOIN: Workflow[JoinRequest] = Workflow(
    model="organisations.JoinRequest",
    title=_("Demande pour rejoindre une structure"),
    states=J,
    initial=J.PENDING,
    final=[J.ACCEPTED, J.REFUSED],
    visible=join_requests_visible,
    tones={J.PENDING: "warning", J.ACCEPTED: "success", J.REFUSED: "danger"},
    transitions=[
        Transition(
            name="accept", path="accepter", source=(J.PENDING,), target=J.ACCEPTED,
            label=_("Accepter"), tone="primary", asks={"role": role_choice},
            warning=_("Cette personne entre dans l'équipe avec le rôle choisi. N'acceptez que qui vous connaissez."),
            who=rules.is_manager_asked | rules.is_operator_of_orphan, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.JOIN_ACCEPTED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(J.PENDING,), target=J.REFUSED,
            label=_("Refuser"), asks={"message": answer},
            who=rules.is_manager_asked | rules.is_operator_of_orphan, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.JOIN_REFUSED,),
        ),
    ],
)  # fmt: skip

INVITATION: Workflow[Invitation] = Workflow(
    model="organisations.Invitation",
    title=_("Invitation dans une équipe"),
    states=V,
    initial=V.SENT,
    final=[V.ACCEPTED, V.DECLINED, V.REVOKED],
    visible=invitations_visible,
    tones={V.SENT: "warning", V.ACCEPTED: "success", V.DECLINED: "neutral", V.REVOKED: "neutral", V.EXPIRED: "danger"},
    transitions=[
        Transition(
            name="accept", path="accepter", source=(V.SENT,), target=V.ACCEPTED,
            label=_("Rejoindre l'équipe"), tone="primary",
            who=rules.is_invited, locks=("organisation",), when=(rules.is_in_time,),
            does=(stamp("ended"),), tells=(messages.INVITATION_ACCEPTED,),
        ),
        Transition(
            name="decline", path="decliner", source=(V.SENT,), target=V.DECLINED,
            label=_("Décliner l'invitation"), tone="quiet",
            who=rules.is_invited | rules.holds_link, locks=("organisation",), when=(rules.is_in_time,),
            does=(stamp("ended"),), tells=(messages.INVITATION_DECLINED,),
        ),
        Transition(
            name="resend", path="renvoyer", source=(V.SENT, V.EXPIRED), target=V.SENT,
            label=_("Renvoyer"),
            warning=_("Un nouveau lien part, avec tout son temps ; le lien précédent ne s'ouvre plus."),
            who=rules.is_inviting, locks=("organisation",),
            when=(rules.was_sent_a_while_ago, rules.may_be_sent_again),
            does=(send_anew,), tells=(messages.INVITED,),
        ),
        Transition(
            name="revoke", path="retirer", source=(V.SENT,), target=V.REVOKED,
            label=_("Retirer"), tone="quiet",
            warning=_("Le lien déjà envoyé ne s'ouvrira plus. La personne n'est pas prévenue."),
            who=rules.is_inviting, locks=("organisation",),
            does=(stamp("ended"),),
        ),
        Transition(
            name="expire", path="expirer", source=(V.SENT,), target=V.EXPIRED,
            label=_("Laisser expirer"),
            who=CLOCK_RULE, locks=("organisation",), due=rules.invitation_due,
            does=(stamp("ended"),), tells=(messages.INVITATION_EXPIRED,),
        ),
    ],
)  # fmt: skip

NETWORK: Workflow[NetworkMembership] = Workflow(
    model="organisations.NetworkMembership",
    title=_("Appartenance à un réseau national"),
    states=N,
    initial=N.CLAIMED,
    final=[],
    visible=memberships_visible,
    tones={N.CLAIMED: "warning", N.CONFIRMED: "success", N.REFUSED: "danger"},
    transitions=[
        Transition(
            name="confirm", path="confirmer", source=(N.CLAIMED, N.REFUSED), target=N.CONFIRMED,
            label=_("Confirmer"), tone="primary",
            warning=_("Le nom du réseau se voit désormais sur les pages publiques de la structure."),
            who=rules.is_operator, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.NETWORK_CONFIRMED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(N.CLAIMED, N.CONFIRMED), target=N.REFUSED,
            label=_("Refuser"), tone="danger", asks={"reasons": reasons},
            who=rules.is_operator, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.NETWORK_REFUSED,),
        ),
    ],
)  # fmt: skip

REFERENT_INVITATION: Workflow[ReferentInvitation] = Workflow(
    model="organisations.ReferentInvitation",
    title=_("Invitation d'un référent"),
    states=V,
    initial=V.SENT,
    final=[V.ACCEPTED, V.DECLINED, V.REVOKED],
    visible=referent_invitations_visible,
    tones=INVITATION.tones,
    transitions=[
        Transition(
            name="accept", path="accepter", source=(V.SENT,), target=V.ACCEPTED,
            label=_("Devenir référent"), tone="primary",
            who=rules.is_invited, when=(rules.is_in_time, rules.is_lent_still),
            does=(stamp("ended"),), tells=(messages.REFERENT_ACCEPTED,),
        ),
        Transition(
            name="decline", path="decliner", source=(V.SENT,), target=V.DECLINED,
            label=_("Décliner l'invitation"), tone="quiet",
            who=rules.is_invited | rules.holds_link, when=(rules.is_in_time,),
            does=(stamp("ended"),), tells=(messages.REFERENT_DECLINED,),
        ),
        Transition(
            name="resend", path="renvoyer", source=(V.SENT, V.EXPIRED), target=V.SENT,
            label=_("Renvoyer"),
            warning=_("Un nouveau lien part, avec tout son temps ; le lien précédent ne s'ouvre plus."),
            who=rules.is_inviting_referent,
            when=(rules.was_sent_a_while_ago, rules.may_be_sent_again, rules.is_lent_still),
            does=(send_anew,), tells=(messages.REFERENT_INVITED,),
        ),
        Transition(
            name="revoke", path="retirer", source=(V.SENT,), target=V.REVOKED,
            label=_("Retirer"), tone="quiet",
            warning=_("Le lien déjà envoyé ne s'ouvrira plus. La personne n'est pas prévenue."),
            who=rules.is_inviting_referent,
            does=(stamp("ended"),),
        ),
        Transition(
            name="expire", path="expirer", source=(V.SENT,), target=V.EXPIRED,
            label=_("Laisser expirer"),
            who=CLOCK_RULE, due=rules.invitation_due,
            does=(stamp("ended"),), tells=(messages.REFERENT_EXPIRED,),
        ),
    ],
)  # fmt: skip

DELEGATION: Workflow[Delegation] = Workflow(
    model="organisations.Delegation",
    title=_("Délégation d'un référent"),
    states=D,
    initial=D.PLANNED,
    final=[D.OVER, D.REVOKED],
    visible=delegations_visible,
    tones={D.PLANNED: "info", D.RUNNING: "success", D.OVER: "neutral", D.REVOKED: "neutral"},
    transitions=[
        # the rights themselves follow the dates of the grants: these two steps only tell both sides
        Transition(
            name="start", path="commencer", source=(D.PLANNED,), target=D.RUNNING,
            label=_("Annoncer le début"), who=CLOCK_RULE, due=rules.delegation_starts, tells=(messages.DELEGATION_STARTED,),
        ),
        Transition(
            name="end", path="finir", source=(D.PLANNED, D.RUNNING), target=D.OVER,
            label=_("Annoncer la fin"), who=CLOCK_RULE, due=rules.delegation_ends, tells=(messages.DELEGATION_ENDED,),
        ),
        Transition(
            name="revoke", path="retirer", source=(D.PLANNED, D.RUNNING), target=D.REVOKED,
            label=_("Retirer la délégation"), tone="danger",
            warning=_("Les droits prêtés s'arrêtent aussitôt."),
            who=rules.is_giver | rules.is_operator_of_delegations, when=(rules.is_not_over,),
            does=(stamp("revoked"), take_back), tells=(messages.DELEGATION_REVOKED,),
        ),
    ],
)  # fmt: skip
