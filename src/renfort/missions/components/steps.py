"""Where a participation stands, in words: what it means, who must act now, how long that usually takes (R35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.templatetags.ui import number
from renfort.missions.components.cards import distance_words
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.models.reasons import MISSION_OVER, OTHER
from renfort.missions.selectors.occurrences import Occurrence, occurrences_of
from renfort.missions.selectors.reasons import refusal_then

S = ParticipationState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = timedelta(days=7)  # after which an answer may be waited for elsewhere too (R36 reminds the organisation)


@dataclass(frozen=True, slots=True)
class Step:
    """The next step: a sentence on what is, one on what comes, and whether it is the volunteer's turn."""

    now: str
    next: str = ""
    is_ours: bool = False
    icon: str = "clock"


def usual_words(usual: timedelta) -> str:
    """« d'ordinaire en 2 jours », « d'ordinaire en 5 heures », « d'ordinaire en moins d'une heure »."""
    if usual < HOUR:
        return _("d'ordinaire en moins d'une heure")
    if usual < DAY:
        hours = round(usual / HOUR)
        return ngettext("d'ordinaire en %(n)s heure", "d'ordinaire en %(n)s heures", hours) % {"n": number(hours)}
    days = max(1, round(usual / DAY))
    return ngettext("d'ordinaire en %(n)s jour", "d'ordinaire en %(n)s jours", days) % {"n": number(days)}


def step_of(participation: Participation, usual: timedelta | None = None) -> Step:
    """Where one's participation stands and who must act. ``usual``: how long the organisation takes to answer, when known."""
    mission = participation.mission
    host = {"organisation": mission.organisation.name}
    match participation.state:
        case S.PENDING:
            return _waiting(participation, usual)
        case S.ACCEPTED:
            return Step(
                _("Vous êtes attendu·e : votre place est réservée."),
                _("À vous : notez la date, et prévenez si vous avez un empêchement."),
                is_ours=True,
                icon="check-circle",
            )
        case S.ONGOING:
            return Step(
                _("Votre mission est en cours. Merci !"), _("Une question ? Appelez votre contact."), is_ours=True, icon="hand"
            )
        case S.DONE:
            return Step(_("Mission effectuée. Merci pour votre aide."), icon="star")
        case S.REFUSED:
            return Step(_refused(participation) % host, _("D'autres missions ont besoin de vous."), is_ours=True, icon="info")
        case S.WITHDRAWN:
            again = mission.state == MissionState.PUBLISHED and not mission.is_over
            return Step(
                _("Vous vous êtes désisté·e. %(organisation)s le sait.") % host,
                _("Vous avez de nouveau le temps ? Proposez votre aide sur la page de la mission.") if again else "",
                is_ours=again,
                icon="info",
            )
        case S.NO_SHOW if participation.settled_at is None:
            return Step(_("Il reste à établir si vous êtes venu·e."), icon="info")
        case S.NO_SHOW:
            return Step(_("%(organisation)s a noté que vous n'êtes pas venu·e.") % host, icon="info")
        case _:
            return Step(
                _("La mission est annulée : vous n'êtes plus attendu·e."),
                _("Votre bonne volonté est précieuse ailleurs."),
                is_ours=True,
                icon="info",
            )


def _waiting(participation: Participation, usual: timedelta | None) -> Step:
    host = {"organisation": participation.mission.organisation.name}
    waited = timezone.now() - participation.created_at
    if usual is None:
        now = _("%(organisation)s doit vous répondre.") % host
    else:
        now = _("%(organisation)s doit vous répondre, %(usual)s.") % {**host, "usual": usual_words(usual)}
    if waited > max(LONG, 2 * usual if usual is not None else LONG):
        return Step(now, _("C'est long : rien n'empêche de proposer aussi votre aide ailleurs."), is_ours=True, icon="clock")
    return Step(now, _("Rien à faire pour vous : la réponse arrive par e-mail."), icon="clock")


def _refused(participation: Participation) -> str:
    reason = participation.refusal_reason
    if reason == MISSION_OVER:
        return _("La mission s'est terminée avant que %(organisation)s vous réponde.")
    return _("%(organisation)s n'a pas pu vous accueillir cette fois.")


def refusal_words(participation: Participation) -> str:
    """Why it was declined, as the organisation chose it among the reasons; "" when it was not, or when that says nothing."""
    silent = ("", OTHER, MISSION_OVER)
    if participation.state != S.REFUSED or participation.refusal_reason in silent:
        return ""
    return refusal_then(participation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One participation as the volunteer's pages show it."""

    participation: Participation
    badge: str
    step: Step
    when: str
    distance: str = ""
    route: str = ""  # a « geo: » address: the phone's own map, no other site
    address: str = ""

    @property
    def mission(self) -> Mission:
        return self.participation.mission


def when_words(participation: Participation) -> str:
    """« Samedi 4 mars, 9 h – 12 h » of the next time that is not over, else of the last one; « Dates à convenir »."""
    times = occurrences_of(participation)
    if not times:
        return _("Dates à convenir")
    words = next((each for each in times if not _is_past(each)), times[-1]).words
    return words[:1].upper() + words[1:]


def _is_past(each: Occurrence) -> bool:
    end = each.ends
    return end < timezone.now() if hasattr(end, "hour") else end < timezone.localdate()


def address_of(mission: Mission) -> str:
    """« 3 rue X, 33000 Bordeaux », or "" for a mission at a distance."""
    if mission.is_remote:
        return ""
    town = f"{mission.postcode} {mission.city}".strip()
    return ", ".join(part for part in (mission.address, town) if part)


def route_url(mission: Mission) -> str:
    """An address that the phone's own map understands (RFC 5870), "" for a mission at a distance."""
    words = address_of(mission)
    if not words:
        return ""
    point = "0,0"
    if mission.latitude is not None and mission.longitude is not None:
        point = f"{mission.latitude:.5f},{mission.longitude:.5f}"
    return f"geo:{point}?q={quote(words)}"


def away_words(distance: float | None) -> str:
    """« à 1,2 km », or ""."""
    return distance_words(distance) if distance is not None else ""
