"""Write templates of missions: the operator's, and an organisation's own (R66)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.enums import TemplateScope
from renfort.missions.models import Mission, MissionTemplate, Public
from renfort.missions.selectors.templates import templates_of
from renfort.organisations.rules import supervises, works_in
from renfort.organisations.selectors import is_operator

MOST = 30  # of one organisation: more is a list that nobody reads


def save_as_template(*, actor: Actor, mission: Mission, name: str) -> MissionTemplate:
    """« Enregistrer comme modèle »: what a mission says but its dates, place and people, for the organisation's next ones.

    Raises:
        NotAllowed: the actor is not « responsable » of its organisation.
        Refused: the organisation has as many as one can read.
    """
    _only_host(actor, mission.organisation_id)
    if templates_of(mission.organisation_id).count() >= MOST:
        raise Refused(_("Votre structure a déjà %(most)d modèles : supprimez-en un d'abord.") % {"most": MOST})
    with transaction.atomic():
        made = MissionTemplate.objects.create(
            scope=TemplateScope.ORGANISATION,
            organisation_id=mission.organisation_id,
            domain=mission.domain,
            name_fr=name,
            title_fr=mission.title,
            presence=mission.presence,
            format=mission.format,
            places=mission.places,
            schedule_fr=mission.schedule,
            description_fr=mission.description,
            safety_fr=mission.safety,
            prerequisites_fr=_prerequisites_of(mission),
        )
        made.publics.set(mission.publics.all())
        publish("missions.missiontemplate.save", made, actor=actor, codes={"mission": mission.pk})
    return made


def _prerequisites_of(mission: Mission) -> list[str]:
    """What the mission asks to tick, for its template: at most three sentences (R66)."""
    return list(mission.prerequisites)


def rename_template(template: MissionTemplate, *, actor: Actor, name: str) -> None:
    """Give an organisation's own template another name.

    Raises:
        NotAllowed: the actor is not « responsable » of the organisation whose template it is.
    """
    _only_host(actor, template.organisation_id)
    if name == template.name_fr:
        return
    with transaction.atomic():
        template.name_fr = name
        template.save(update_fields=["name_fr"])
        publish("missions.missiontemplate.rename", template, actor=actor, texts={"name": name})


def withdraw_template(template: MissionTemplate, *, actor: Actor) -> None:
    """No longer proposed; missions that were made from it stay as they are.

    Raises:
        NotAllowed: the actor is not « responsable » of the organisation whose template it is.
    """
    _only_host(actor, template.organisation_id)
    _offer(template, actor=actor, offered=False)


def write_shared_template(
    template: MissionTemplate, *, actor: Actor, facts: dict[str, Any], publics: Sequence[Public]
) -> MissionTemplate:
    """Add or change a template of a domain or a network. ``facts``: values of its fields; a network makes it the network's.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    if not is_operator(actor) or template.scope == TemplateScope.ORGANISATION:
        raise NotAllowed
    return _write_shared(template, actor=actor, facts=facts, publics=publics)


def write_network_template(
    template: MissionTemplate, *, actor: Actor, network: int, facts: dict[str, Any], publics: Sequence[Public]
) -> MissionTemplate:
    """Add or change a template of a national network: its confirmed organisations find it (R56, R66).

    Raises:
        NotAllowed: the actor does not supervise the network, or the template is another's.
    """
    if not supervises(actor, network) or (template.pk is not None and template.network_id != network):
        raise NotAllowed(_("Seul le superviseur du réseau écrit ses modèles."))
    return _write_shared(template, actor=actor, facts={**facts, "network_id": network}, publics=publics)


def _write_shared(
    template: MissionTemplate, *, actor: Actor, facts: dict[str, Any], publics: Sequence[Public]
) -> MissionTemplate:
    is_new = template.pk is None
    with transaction.atomic():
        before = {name: getattr(template, name, None) for name in facts}
        for name, value in facts.items():
            setattr(template, name, value)
        template.scope = TemplateScope.NETWORK if template.network_id else TemplateScope.DOMAIN
        template.save()
        template.publics.set(publics)
        # which fields changed, not their words: those are long, and the template itself says what counts
        changes: dict[str, tuple[Plain, Plain]] = {} if is_new else {n: (None, None) for n in facts if before[n] != facts[n]}
        publish(f"missions.missiontemplate.{'add' if is_new else 'edit'}", template, actor=actor, changes=changes)
    return template


def offer_template(template: MissionTemplate, *, actor: Actor, offered: bool) -> None:
    """Withdraw a template of a domain or a network from the choice, or put it back.

    Raises:
        NotAllowed: the actor is neither the operator nor the head of the template's network.
    """
    is_theirs = template.network_id is not None and supervises(actor, template.network_id)
    if not (is_operator(actor) or is_theirs) or template.scope == TemplateScope.ORGANISATION:
        raise NotAllowed
    _offer(template, actor=actor, offered=offered)


def _offer(template: MissionTemplate, *, actor: Actor, offered: bool) -> None:
    if template.is_active == offered:
        return
    with transaction.atomic():
        template.is_active = offered
        template.save(update_fields=["is_active"])
        verb = "restore" if offered else "withdraw"
        publish(f"missions.missiontemplate.{verb}", template, actor=actor, changes={"is_active": (not offered, offered)})


def _only_host(actor: Actor, organisation: int | None) -> None:
    if organisation is None or not works_in(actor, organisation):
        raise NotAllowed(_("Seul un responsable de la structure peut modifier ses modèles."))
