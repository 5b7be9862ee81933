"""Who may do what with a document that a facilitator has sent (W12)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import bar, rule
from renfort.workshops.models import Proof
from renfort.workshops.selectors.roles import is_facilitator, is_staff


@rule(_("l'animateur·ice"))
def sent_it(actor: Actor, proof: Proof) -> bool:
    return is_facilitator(actor) and actor.person_id == proof.facilitator_id


@rule(_("l'association"))
def checks_it(actor: Actor, proof: Proof) -> bool:
    return is_staff(actor)


@bar(_("C'est votre propre document : quelqu'un d'autre de l'association le vérifie."))
def is_own_proof(actor: Actor, proof: Proof) -> bool:
    own: bool = actor.person_id == proof.facilitator_id
    return own
