"""The lives of a request to join an organisation (R9) and of a claim to be of a national network (R5)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.organisations import messages, rules
from renfort.organisations.enums import JoinState, MembershipState
from renfort.organisations.models import JoinRequest, NetworkMembership
from renfort.organisations.selectors import join_requests_visible, memberships_visible

J, N = JoinState, MembershipState


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
            label=_("Accepter"), tone="primary",
            warning=_("Cette personne devient responsable : elle voit les missions et les coordonnées des bénévoles."),
            who=rules.is_manager_asked, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.JOIN_ACCEPTED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(J.PENDING,), target=J.REFUSED,
            label=_("Refuser"), asks={"message": answer},
            who=rules.is_manager_asked, locks=("organisation",),
            does=(stamp("decided"),), tells=(messages.JOIN_REFUSED,),
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
