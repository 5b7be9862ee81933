"""Decide on several claims at once: each for itself, with what became of it (R5, R56)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused, Unanswered, fire
from renfort.organisations.models import NetworkMembership
from renfort.organisations.workflow import NETWORK

MOST = 100  # decided at once


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one claim; without ``refusals`` it was decided."""

    membership: NetworkMembership
    refusals: list[str] = field(default_factory=list)


def decide_claims(
    *, actor: Actor, verb: str, claims: Iterable[NetworkMembership], seen: Mapping[int, int], answers: Mapping[str, str]
) -> list[Decided]:
    """Fire one transition on each of these claims, each in a transaction of its own: one that fails leaves the others done.

    ``seen`` is the version that the page showed, by claim; one that has changed since is refused with the reason.
    """
    done = []
    for each in claims:
        try:
            done.append(Decided(fire(NETWORK, each, verb, actor=actor, seen=seen.get(each.pk), answers=answers)))
        except Unanswered as unanswered:
            done.append(Decided(each, [str(error) for errors in unanswered.form.errors.values() for error in errors]))
        except Refused as refused:
            done.append(Decided(each, refused.sentences))
        except NotAllowed:
            done.append(Decided(each, [_("Vous ne supervisez plus ce réseau.")]))
    return done
