"""Note what an adviser thinks of a project (S5, step 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.civic_service.enums import UNDECIDED
from renfort.civic_service.models import HostProject, Opinion
from renfort.civic_service.rules.project import manages_it
from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row


def note_opinion(*, actor: Actor, project: HostProject, facts: Mapping[str, Any]) -> Opinion:
    """Note an opinion, of a project that waits for a decision. ``facts``: adviser, function, kind, words, given_on.

    Raises:
        NotAllowed: the actor does not manage the project.
        Refused: it is decided, or with its establishment: there is nothing to have an opinion on.
    """
    if not manages_it(actor, project):
        raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": manages_it.label})
    with transaction.atomic():
        locked: HostProject = lock_row(project)
        if locked.state not in UNDECIDED:
            raise Refused(_("Ce projet n'attend plus de décision : il n'y a plus d'avis à donner."))
        made = Opinion.objects.create(
            project=locked, filing=locked.filings, noted_by_id=actor.person_id, noted_at=timezone.now(),
            **{name: facts[name] for name in ("adviser", "function", "kind", "words", "given_on")},
        )  # fmt: skip
        publish("civic_service.hostproject.note_opinion", locked, actor=actor, codes={"kind": made.kind})
    return made
