"""The heart of a mission, and what became of a mission that is kept (R62)."""

from __future__ import annotations

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import badge, icon
from renfort.missions.enums import MissionState
from renfort.missions.models import Mission
from renfort.missions.selectors.mission import places_left

FORM = "favoris-form"  # the one form of the page that every heart belongs to


def heart(mission: Mission, *, is_kept: bool, words: bool = False) -> SafeString:
    """A button of the page's form « favoris-form » (template ``missions/public/_favourites.html``); works without scripts.

    ``words``: with its words beside it, on the mission's own page.
    """
    said = _("Garder dans mes favoris"), _("Retirer de mes favoris")
    label = esc(said[is_kept])
    name = esc(_("%(action)s : %(mission)s") % {"action": said[0], "mission": mission.title})
    spoken = "" if words else f' aria-label="{name}"'
    shown = f'<span data-heart-words data-off="{esc(said[0])}" data-on="{esc(said[1])}">{label}</span>' if words else ""
    pressed = "" if words else f' aria-pressed="{"true" if is_kept else "false"}"'
    look = "btn btn-secondary btn-small heart-words" if words else "heart"
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<button type="submit" form="{FORM}" class="{look}" data-heart{" data-kept" if is_kept else ""}'
        f' name="{"retirer" if is_kept else "garder"}" value="{mission.pk}"{spoken}{pressed}>{icon("heart")}{shown}</button>'
    )


def fate_of(mission: Mission) -> SafeString:
    """Why a mission that is kept cannot be helped any more, in a badge; "" while it can (its card tells the places)."""
    if mission.state == MissionState.CANCELLED:
        return badge(label=_("Annulée"), tone="danger")
    if mission.state == MissionState.ENDED or mission.is_over:
        return badge(label=_("Terminée"), tone="neutral", icon="check")
    if mission.state != MissionState.PUBLISHED:
        return badge(label=_("Plus en ligne pour le moment"), tone="warning")
    if not places_left(mission):
        return badge(label=_("Complète pour le moment"), tone="warning", icon="people")
    return SafeString("")
