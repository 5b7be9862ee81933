"""The lives of an organisation (R52), of requests to join one (R9), of invitations (R40), of claims to be of a network (R5), of
invitations to be referent (R50), of delegations (R65) and of the branches that a network invites (R56).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renfort.kernel.forms import Section, TickChoice, TicksField
from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.organisations import messages, rules
from renfort.organisations.effects import ask_anew, come_back, go_into, let_go, queue, send_anew, send_branch_anew, take_back
from renfort.organisations.enums import (
    TEAM,
    DelegationState,
    InvitationState,
    JoinState,
    MembershipState,
    MergeState,
    OrganisationState,
    Role,
)
from renfort.organisations.messages import branches as branch_messages
from renfort.organisations.models import (
    BranchInvitation,
    CorrectionReason,
    Delegation,
    DenialReason,
    Invitation,
    JoinRequest,
    Merge,
    NetworkMembership,
    Organisation,
    ReferentInvitation,
)
from renfort.organisations.selectors import invitations_visible, join_requests_visible, memberships_visible
from renfort.organisations.selectors.branches import branches_visible
from renfort.organisations.selectors.decisions import ON, offered_reasons
from renfort.organisations.selectors.merges import merges_visible
from renfort.organisations.selectors.queue import organisations_visible
from renfort.organisations.selectors.referents import delegations_visible, referent_invitations_visible

J, N, V, D, G, F = JoinState, MembershipState, InvitationState, DelegationState, OrganisationState, MergeState

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


def why_not() -> forms.Field:
    """Why the two are not the same, or not to be merged; who proposed it reads it."""
    return forms.CharField(
        label=_("Raisons"),
        help_text=_("Qui a proposé la fusion les lit telles quelles."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


# ── what a decision asks (R52); missions ask the same ──────────────────────────────────────────────
# the fields of « Ma structure » that are worth a remark
COMMENTED: dict[str, str | Promise] = {
    "name": _("Nom"),
    "legal_status": _("Statut juridique"),
    "description": _("Description"),
    "siret": _("SIRET"),
    "website": _("Site internet"),
    "address": _("Adresse"),
}


def correction_motives() -> forms.Field:
    """Which of the usual reasons: several may be ticked, none need be."""
    return _motives(CorrectionReason)


def denial_motives() -> forms.Field:
    """Which of the usual reasons to refuse."""
    return _motives(DenialReason)


def _motives(model: type[CorrectionReason] | type[DenialReason]) -> forms.Field:
    items = [TickChoice(each.key, each.label) for each in offered_reasons(model)]
    errors = {"invalid_choice": _("Un de ces motifs n'est plus proposé : relisez la liste.")}
    return TicksField(label=_("Motifs"), items=items, required=False, error_messages=errors)


def words() -> forms.Field:
    """What the reader says in their own words; the organisation reads it."""
    return forms.CharField(
        label=_("Vos mots"),
        help_text=_("La structure les lit tels quels."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def answer_to_asker() -> forms.Field:
    """What the organisation answers when it proposes anew."""
    return forms.CharField(
        label=_("Votre réponse"),
        help_text=_("Facultative : dites ce que vous avez corrigé, ou pourquoi vous ne l'avez pas fait."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def says_why(answers: Mapping[str, Any]) -> None:
    """A reason, a word or a comment on a field: without any of them nobody would know what to do.

    Raises:
        ValidationError: nothing was said at all.
    """
    if not any(value for name, value in answers.items() if name in ("motives", "reasons") or name.startswith(ON)):
        raise forms.ValidationError(_("Cochez au moins un motif, ou dites en quelques mots ce qui ne va pas."))


def comments_on(fields: Mapping[str, str | Promise]) -> dict[str, forms.Field]:
    """One line for a remark on each of these fields."""
    return {
        f"{ON}{name}": forms.CharField(
            label=_("À propos de : %(field)s") % {"field": label}, max_length=500, required=False, widget=forms.TextInput
        )
        for name, label in fields.items()
    }


def remarks(fields: Iterable[str]) -> tuple[Section, ...]:
    """The form of a correction: motives and words first, the remarks on fields folded away."""
    fold = _("Dire un mot d'un champ précis")
    return (Section(_("Ce qui est à corriger"), ["motives", "reasons"], fold=fold, folded=[f"{ON}{name}" for name in fields]),)


def commented(organisation: Organisation) -> dict[str, forms.Field]:
    """A remark on each field of « Ma structure »."""
    return comments_on(COMMENTED)


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
        Transition(  # the same person waits, or already is, in the organisation that stands for this one (R55)
            name="close_with_merge", path="clore-avec-la-structure", source=(J.PENDING,), target=J.REFUSED,
            label=_("Clore avec la structure fusionnée"),
            who=CLOCK_RULE, locks=("organisation",), does=(stamp("decided"),),
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
        Transition(  # in the very transaction of the merge: a role kept in one organisation is no role in another (R55)
            name="revoke_with_merge", path="retirer-avec-la-structure", source=(V.SENT,), target=V.REVOKED,
            label=_("Retirer avec la structure fusionnée"),
            who=CLOCK_RULE, locks=("organisation",), does=(stamp("ended"),),
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
    tones={N.CLAIMED: "warning", N.CONFIRMED: "success", N.REFUSED: "danger", N.ENDED: "neutral"},
    transitions=[
        Transition(
            name="confirm", path="confirmer", source=(N.CLAIMED, N.REFUSED, N.ENDED), target=N.CONFIRMED,
            label=_("Confirmer"), tone="primary",
            warning=_(
                "Le nom du réseau se voit désormais sur les pages publiques de la structure, et le réseau lit ses missions et "
                "ses participations."
            ),
            who=rules.is_operator | rules.is_supervisor_of, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.NETWORK_CONFIRMED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(N.CLAIMED,), target=N.REFUSED,
            label=_("Refuser"), tone="danger", asks={"reasons": reasons},
            who=rules.is_operator | rules.is_supervisor_of, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.NETWORK_REFUSED,),
        ),
        Transition(
            name="end", path="terminer", source=(N.CONFIRMED,), target=N.ENDED,
            label=_("Ne fait plus partie du réseau"), tone="danger", asks={"reasons": reasons},
            warning=_(
                "Le nom du réseau n'est plus montré sur les pages de la structure, et le réseau ne lit plus ni ses missions ni "
                "ses participations. Elles continuent comme prévu."
            ),
            who=rules.is_operator | rules.is_supervisor_of, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.NETWORK_ENDED,),
        ),
    ],
)  # fmt: skip

BRANCH: Workflow[BranchInvitation] = Workflow(
    model="organisations.BranchInvitation",
    title=_("Invitation d'une antenne par son réseau"),
    states=V,
    initial=V.SENT,
    final=[V.ACCEPTED, V.DECLINED, V.REVOKED],
    visible=branches_visible,
    tones=INVITATION.tones,
    transitions=[
        Transition(
            name="accept", path="accepter", source=(V.SENT,), target=V.ACCEPTED,
            label=_("Accepter l'invitation du réseau"), tone="primary",
            who=rules.is_invited_branch, when=(rules.is_branch_in_time, rules.is_asked_still_here),
            does=(stamp("ended"),), tells=(branch_messages.BRANCH_ACCEPTED,),
        ),
        Transition(
            name="decline", path="decliner", source=(V.SENT,), target=V.DECLINED,
            label=_("Décliner l'invitation"), tone="quiet",
            warning=_("Le réseau en est prévenu. Rien d'autre ne change."),
            who=rules.is_invited_branch | rules.holds_branch_link, when=(rules.is_branch_in_time,),
            does=(stamp("ended"),), tells=(branch_messages.BRANCH_DECLINED,),
        ),
        Transition(
            name="resend", path="renvoyer", source=(V.SENT, V.EXPIRED), target=V.SENT,
            label=_("Renvoyer"),
            warning=_("Un nouveau lien part, avec tout son temps ; le lien précédent ne s'ouvre plus."),
            who=rules.is_inviting_branch,
            when=(rules.was_sent_a_while_ago, rules.may_be_sent_again, rules.is_asked_still_here),
            does=(send_branch_anew,), tells=(branch_messages.BRANCH_INVITED,),
        ),
        Transition(
            name="revoke", path="retirer", source=(V.SENT,), target=V.REVOKED,
            label=_("Retirer"), tone="quiet",
            warning=_("Le lien déjà envoyé ne s'ouvrira plus. La personne n'est pas prévenue."),
            who=rules.is_inviting_branch,
            does=(stamp("ended"),),
        ),
        Transition(
            name="expire", path="expirer", source=(V.SENT,), target=V.EXPIRED,
            label=_("Laisser expirer"),
            who=CLOCK_RULE, due=rules.invitation_due,
            does=(stamp("ended"),),
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
UNDECIDED = (G.WAITING, G.IN_REVIEW)
ORGANISATION: Workflow[Organisation] = Workflow(
    model="organisations.Organisation",
    title=_("Structure"),
    states=G,
    initial=G.DRAFT,
    final=[G.REFUSED, G.UNSUBSCRIBED],
    visible=organisations_visible,
    adopted=[G.VALIDATED, G.UNSUBSCRIBED],
    tones={
        G.DRAFT: "neutral", G.WAITING: "warning", G.IN_REVIEW: "info", G.VALIDATED: "success", G.TO_CORRECT: "warning",
        G.REFUSED: "danger", G.FLAGGED: "danger", G.UNSUBSCRIBED: "neutral",
    },
    transitions=[
        Transition(
            name="submit", path="proposer", source=(G.DRAFT,), target=G.WAITING,
            label=_("Proposer la structure"), tone="primary",
            who=rules.is_its_manager, does=(queue,),
        ),
        Transition(
            name="take", path="prendre", source=(G.WAITING,), target=G.IN_REVIEW,
            label=_("Prendre ce dossier"),
            who=rules.oversees_it, unless=(rules.is_of_the_team,),
            does=(stamp("taken"),),
        ),
        Transition(
            name="hand_back", path="rendre", source=(G.IN_REVIEW,), target=G.WAITING,
            label=_("Rendre ce dossier"), tone="quiet",
            who=rules.oversees_it, does=(let_go,),
        ),
        Transition(
            name="lapse", path="laisser-libre", source=(G.IN_REVIEW,), target=G.WAITING,
            label=_("Rendre un dossier oublié"),
            who=CLOCK_RULE, due=rules.case_due, does=(let_go,),
        ),
        Transition(
            name="validate", path="valider", source=UNDECIDED, target=G.VALIDATED,
            label=pgettext_lazy("structure", "Valider"), tone="primary",
            who=rules.oversees_it, unless=(rules.is_of_the_team,),
            does=(let_go,), tells=(messages.ORGANISATION_VALIDATED,),
        ),
        Transition(
            name="ask_correction", path="demander-une-correction", source=(*UNDECIDED, G.VALIDATED), target=G.TO_CORRECT,
            label=_("Demander une correction"),
            asks={"motives": correction_motives, "reasons": words}, asks_of=commented, needs=says_why,
            sections=remarks(COMMENTED),
            warning=_("La structure reste sur la plateforme pendant ce temps ; elle peut répondre."),
            who=rules.oversees_it, unless=(rules.is_of_the_team,),
            does=(let_go,), tells=(messages.ORGANISATION_TO_CORRECT,),
        ),
        Transition(
            name="resubmit", path="proposer-a-nouveau", source=(G.TO_CORRECT,), target=G.WAITING,
            label=_("Proposer à nouveau"), tone="primary", asks={"message": answer_to_asker},
            who=rules.is_its_manager, does=(queue,), tells=(messages.ORGANISATION_CORRECTED,),
        ),
        Transition(
            name="flag", path="signaler", source=(*UNDECIDED, G.VALIDATED, G.TO_CORRECT), target=G.FLAGGED,
            label=_("Signaler la structure"), tone="danger", asks={"motives": denial_motives, "reasons": words}, needs=says_why,
            warning=_(
                "Ses missions à venir ne sont plus en ligne, et aucune nouvelle n'y va. Aucune participation n'est annulée : "
                "chaque bénévole concerné reçoit un e-mail qui le dit."
            ),
            who=rules.oversees_it, unless=(rules.is_of_the_team,),
            does=(let_go,), tells=(messages.ORGANISATION_FLAGGED,),
        ),
        Transition(
            name="clear", path="lever-le-signalement", source=(G.FLAGGED,), target=G.VALIDATED,
            label=_("Lever le signalement"), tone="primary",
            warning=_("Ses missions suspendues attendent une nouvelle validation dans la file des missions."),
            who=rules.oversees_it, unless=(rules.is_of_the_team,),
            tells=(messages.ORGANISATION_CLEARED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(*UNDECIDED, G.TO_CORRECT, G.FLAGGED), target=G.REFUSED,
            label=_("Refuser"), tone="danger", asks={"motives": denial_motives, "reasons": words}, needs=says_why,
            warning=_(
                "Ses missions à venir sont annulées ; la structure et chaque bénévole concerné reçoivent un e-mail qui le dit."
            ),
            who=rules.oversees_it, unless=(rules.is_of_the_team,),
            does=(let_go,), tells=(messages.ORGANISATION_REFUSED,),
        ),
        Transition(
            name="reconsider", path="reexaminer", source=(G.REFUSED,), target=G.WAITING,
            label=_("Réexaminer"),
            warning=_("La structure attend de nouveau une décision. Les missions annulées le restent."),
            who=rules.operates, does=(queue,),
        ),
        Transition(
            name="leave", path="retirer",
            source=(G.DRAFT, *UNDECIDED, G.VALIDATED, G.TO_CORRECT, G.FLAGGED, G.REFUSED), target=G.UNSUBSCRIBED,
            label=_("Retirer la structure de la plateforme"), tone="danger",
            who=rules.is_its_manager, does=(stamp("left"), let_go),
            tells=(messages.ORGANISATION_LEFT, messages.ORGANISATION_LEFT_OPERATOR),
        ),
        Transition(
            name="restore", path="retablir", source=(G.UNSUBSCRIBED,), target=G.WAITING,
            label=_("Rétablir la structure"),
            who=rules.operates, when=(rules.was_not_merged, rules.left_lately),
            does=(come_back, queue), tells=(messages.ORGANISATION_RESTORED,),
        ),
        Transition(  # in the very transaction of the merge, never by itself (R55)
            name="absorb", path="absorber", source=(*UNDECIDED, G.VALIDATED, G.TO_CORRECT), target=G.UNSUBSCRIBED,
            label=_("Retirer la fiche fusionnée"),
            who=CLOCK_RULE, when=(rules.is_absorbed,),
            does=(stamp("left"), let_go, go_into),
        ),
    ],
)  # fmt: skip


MERGE: Workflow[Merge] = Workflow(
    model="organisations.Merge",
    title=_("Fusion de deux structures"),
    states=F,
    initial=F.PROPOSED,
    final=[F.DONE, F.REFUSED, F.WITHDRAWN, F.EXPIRED],
    visible=merges_visible,
    tones={
        F.PROPOSED: "warning", F.AGREED: "info", F.DONE: "success", F.REFUSED: "danger", F.WITHDRAWN: "neutral",
        F.EXPIRED: "neutral",
    },
    transitions=[
        # each team agrees for its own data; the service asks first whether what is agreed to is what would happen
        Transition(
            name="agree_kept", path="accorder-pour-la-fiche-gardee", source=(F.PROPOSED,), target=None,
            label=_("Donner l'accord de la structure gardée"), tone="primary",
            who=rules.manages_kept, offered=rules.kept_has_not_agreed, when=(rules.both_are_here,),
            does=(stamp("kept_agreed"),),
        ),
        Transition(
            name="agree_absorbed", path="accorder-pour-la-fiche-absorbee", source=(F.PROPOSED,), target=None,
            label=_("Donner l'accord de la structure absorbée"), tone="primary",
            who=rules.manages_absorbed, offered=rules.absorbed_has_not_agreed, when=(rules.both_are_here,),
            does=(stamp("absorbed_agreed"),),
        ),
        Transition(
            name="settle", path="constater-l-accord", source=(F.PROPOSED,), target=F.AGREED,
            label=_("Constater l'accord"),
            who=rules.may_merge | rules.manages_kept | rules.manages_absorbed, when=(rules.nobody_is_missing,),
            tells=(messages.MERGE_AGREED,),
        ),
        Transition(
            name="reopen", path="redemander-l-accord", source=(F.PROPOSED, F.AGREED), target=F.PROPOSED,
            label=_("Redemander l'accord"),
            who=rules.may_merge | rules.manages_kept | rules.manages_absorbed,
            does=(ask_anew,), tells=(messages.MERGE_ASKED,),
        ),
        Transition(
            name="do", path="fusionner", source=(F.AGREED,), target=F.DONE,
            label=_("Fusionner"), tone="primary",
            who=rules.may_merge, unless=(rules.is_of_one_team,),
            when=(rules.both_are_here, rules.both_are_welcome, rules.kept_is_managed_first, rules.nobody_is_missing),
            does=(stamp("ended"),), tells=(messages.MERGE_DONE,),
        ),
        Transition(
            name="refuse", path="refuser", source=(F.PROPOSED, F.AGREED), target=F.REFUSED,
            label=_("Refuser la fusion"), tone="danger", asks={"reasons": why_not},
            who=rules.manages_kept | rules.manages_absorbed,
            does=(stamp("ended"),), tells=(messages.MERGE_REFUSED,),
        ),
        Transition(
            name="withdraw", path="retirer", source=(F.PROPOSED, F.AGREED), target=F.WITHDRAWN,
            label=_("Retirer la proposition"), tone="quiet",
            warning=_("Rien n'est fusionné : les deux structures restent comme elles sont."),
            who=rules.may_merge,
            does=(stamp("ended"),), tells=(messages.MERGE_WITHDRAWN,),
        ),
        Transition(
            name="expire", path="expirer", source=(F.PROPOSED, F.AGREED), target=F.EXPIRED,
            label=_("Laisser expirer"),
            who=CLOCK_RULE, due=rules.merge_is_over,
            does=(stamp("ended"),), tells=(messages.MERGE_EXPIRED,),
        ),
    ],
)  # fmt: skip
