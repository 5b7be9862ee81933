"""Who may end a paper: nobody by hand; what it was about changes, and the paper with it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.documents.models import Paper
from renfort.kernel.actors import Actor
from renfort.kernel.rules import rule


@rule(_("la plateforme"))
def PLATFORM_RULE(actor: Actor, paper: Paper) -> bool:  # noqa: N802 -- a rule once decorated, as CLOCK_RULE is
    return actor.kind == "service"
