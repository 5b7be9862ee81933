"""Who has a project in hand, and for how long (S5 step 2, S10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from renfort.civic_service.catalogue import REVIEW_HOURS
from renfort.civic_service.models import HostProject
from renfort.civic_service.rules.project import is_own_establishment
from renfort.kernel.actors import Actor
from renfort.kernel.rules import Bar, bar
from renfort.parameters.selectors import value_of


@bar(_("Quelqu'un d'autre a ce projet en main : c'est à cette personne de décider, ou à vous s'il est remis dans la file."))
def is_in_other_hands(actor: Actor, project: HostProject) -> bool:
    """One project, one case manager at a time; no query."""
    return project.taken_by_id is not None and project.taken_by_id != actor.person_id


DECIDES: tuple[Bar[HostProject], ...] = (is_own_establishment, is_in_other_hands)  # what keeps a case manager from deciding


def study_lapses(now: datetime) -> Q:
    """The projects that were taken so long ago that others may take them."""
    return Q(taken_at__lte=now - timedelta(hours=value_of(REVIEW_HOURS)))
