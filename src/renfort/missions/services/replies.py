"""« Modèles de réponse »: what the team writes once and sends often, and the variables in it (R33)."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.templatetags.ui import period_words
from renfort.missions.models import Participation, ReplyTemplate
from renfort.missions.models.replies import VARIABLE
from renfort.organisations.rules import works_in

VARIABLES: dict[str, Callable[[Participation], str]] = {
    "prénom": lambda participation: participation.person.first_name,
    "nom": lambda participation: participation.person.last_name,
    "mission": lambda participation: participation.mission.title,
    "dates": lambda participation: period_words(starts_on=participation.mission.starts_on, ends_on=participation.mission.ends_on),
    "structure": lambda participation: participation.mission.organisation.name,
}


def unknown_in(text: str) -> list[str]:
    """The variables in a text that stand for nothing: « {prenon} »."""
    return [found for found in VARIABLE.findall(text) if found.strip().lower() not in VARIABLES]


def filled(text: str, participation: Participation) -> str:
    """The text with what each variable stands for; read once from left to right, so that a name full of braces stays a name."""

    def value(found: re.Match[str]) -> str:
        known = VARIABLES.get(found.group(1).strip().lower())
        return known(participation) if known else found.group(0)

    return VARIABLE.sub(value, text)


def save_template(
    *, actor: Actor, organisation: int, name: str, text: str, template: ReplyTemplate | None = None
) -> ReplyTemplate:
    """Write a template of the team, or change one.

    Raises:
        NotAllowed: the actor is not « responsable » of the organisation.
        Refused: another one has this name.
    """
    _check(actor, organisation)
    template = template or ReplyTemplate(organisation_id=organisation)
    template.name, template.text = name, text
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise Refused(_("Un autre modèle porte déjà ce nom.")) from None
    return template


def delete_template(*, actor: Actor, template: ReplyTemplate) -> None:
    """Delete a template of the team; what was sent with it stays as it was.

    Raises:
        NotAllowed: the actor is not « responsable » of the organisation.
    """
    _check(actor, template.organisation_id)
    template.delete()


def _check(actor: Actor, organisation: int) -> None:
    if not works_in(actor, organisation):
        raise NotAllowed(_("Les modèles de réponse sont ceux des responsables de la structure."))
