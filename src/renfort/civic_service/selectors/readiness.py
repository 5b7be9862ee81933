"""What still stands before the filing of a host project: one list, read by the page, the button and the guards alike (S5).

Law: Code du service national, L120-1 (six to twelve months, general interest), L120-8 (24 to 48 hours over at most six days;
minors 35 hours over at most five), R121-11 and R121-12 (support and rest of minors).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.civic_service.enums import CampaignState, Domain, PostRole
from renfort.civic_service.models import Establishment, HostProject
from renfort.civic_service.selectors.places import places_of
from renfort.civic_service.selectors.posts import posts_in_force, why_not_usable
from renfort.civic_service.selectors.project_facts import COMPULSORY, LABELS
from renfort.civic_service.selectors.records import missing_facts

SHORTEST, LONGEST = 6, 12  # months (L120-1)
FEWEST_HOURS, MOST_HOURS, MOST_DAYS = 24, 48, 6  # a week (L120-8)
MINORS_HOURS, MINORS_DAYS = 35, 5  # a week (L120-8, R121-12)


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing to do before the project can be filed: a sentence, and where it is done (address and words of the link)."""

    key: str
    sentence: str
    url: str = ""
    link: str = ""


def today_at(establishment: Establishment) -> date:
    """The day that it is in the establishment's own zone: a deadline ends at its own midnight."""
    return timezone.localdate(timezone=establishment.organisation.department.time_zone)


def edit_page(project: HostProject, field: str = "") -> str:
    """The form of the project, at one of its fields."""
    url = reverse("civic_service:project-edit", args=[project.establishment_id, project.pk])
    return f"{url}#id_{field}" if field else url


def _at(project: HostProject, key: str, sentence: str, field: str) -> Blocker:
    return Blocker(key, sentence, edit_page(project, field), str(LABELS[field]))


# ── each thing ────────────────────────────────────────────────────────────────────────────────────
def _of_campaign(project: HostProject) -> list[Blocker]:
    """The campaign takes projects. A correction that was asked may come after the deadline, while the campaign is open."""
    campaign = project.campaign
    if campaign.state != CampaignState.OPEN:
        return [Blocker("campaign", _("La campagne n'est pas ouverte : aucun projet ne se dépose."))]
    day = today_at(project.establishment)
    if day < campaign.opens_on:
        words = _("Les projets se déposent à partir du %(day)s.") % {"day": date_format(campaign.opens_on)}
        return [Blocker("campaign", words)]
    if not project.filings and day > campaign.files_until:
        words = _("La date limite de dépôt était le %(day)s.") % {"day": date_format(campaign.files_until)}
        return [Blocker("campaign", words)]
    return []


def _of_record(project: HostProject) -> list[Blocker]:
    """The record of the establishment is complete (S2)."""
    missing = missing_facts(project.establishment)
    if not missing:
        return []
    words = _("La fiche de l'établissement est incomplète. Il manque : %(facts)s.") % {
        "facts": ", ".join(str(each.label) for each in missing)
    }
    url = next(
        (each.url for each in missing if each.url), reverse("civic_service:establishment", args=[project.establishment_id])
    )
    return [Blocker("record", words, url, _("Compléter la fiche"))]


def _of_facts(project: HostProject) -> list[Blocker]:
    """Every field says something."""
    return [
        _at(project, "facts", _("Ce champ n'est pas rempli : « %(field)s ».") % {"field": LABELS[name]}, name)
        for name in COMPULSORY
        if getattr(project, f"{name}_id" if name in ("lead", "tutor") else name) in (None, "")
    ]


def _of_domain(project: HostProject) -> list[Blocker]:
    """The domain is one of the approval's."""
    if not project.domain or project.domain in project.campaign.approval.domains:
        return []
    words = _("L'agrément ne couvre pas le domaine « %(domain)s » : choisissez-en un autre.")
    return [_at(project, "domain", words % {"domain": Domain(project.domain).label}, "domain")]


def _of_dates(project: HostProject) -> list[Blocker]:
    """The first day is inside the campaign's window, and the approval runs on it; a contract outlives its approval."""
    campaign, first = project.campaign, project.first_on
    if first is None:
        return []
    found = []
    if not campaign.starts_from <= first <= campaign.starts_until:
        words = _("Le premier jour doit être entre le %(first)s et le %(last)s.")
        days = {"first": date_format(campaign.starts_from), "last": date_format(campaign.starts_until)}
        found.append(_at(project, "dates", words % days, "first_on"))
    if not campaign.approval.first_on <= first <= campaign.approval.last_on:
        words = _("L'agrément ne couvre pas ce premier jour : il va du %(first)s au %(last)s.")
        days = {"first": date_format(campaign.approval.first_on), "last": date_format(campaign.approval.last_on)}
        found.append(_at(project, "dates", words % days, "first_on"))
    return found


def _of_time(project: HostProject) -> list[Blocker]:
    """Months, hours and days are what the law allows (L120-1, L120-8)."""
    found = []
    if project.months is not None and not SHORTEST <= project.months <= LONGEST:
        found.append(_at(project, "time", _("Un service civique dure de 6 à 12 mois."), "months"))
    if project.weekly_hours is not None and not FEWEST_HOURS <= project.weekly_hours <= MOST_HOURS:
        found.append(_at(project, "time", _("La semaine compte de 24 à 48 heures."), "weekly_hours"))
    if project.weekly_days is not None and not 1 <= project.weekly_days <= MOST_DAYS:
        found.append(_at(project, "time", _("La semaine compte de 1 à 6 jours."), "weekly_days"))
    return found


def _of_minors(project: HostProject) -> list[Blocker]:
    """Where minors are welcome: their support is written, 35 hours over five days at most (L120-8, R121-11, R121-12)."""
    if not project.takes_minors:
        return []
    found = []
    if not project.minors_support:
        found.append(_at(project, "minors", _("Dites comment les mineurs sont accompagnés."), "minors_support"))
    if project.weekly_hours is not None and project.weekly_hours > MINORS_HOURS:
        words = _("Ouvert aux mineurs, le projet compte au plus 35 heures par semaine.")
        found.append(_at(project, "minors", words, "weekly_hours"))
    if project.weekly_days is not None and project.weekly_days > MINORS_DAYS:
        words = _("Ouvert aux mineurs, le projet compte au plus 5 jours par semaine.")
        found.append(_at(project, "minors", words, "weekly_days"))
    return found


def _of_people(project: HostProject) -> list[Blocker]:
    """Those named hold their post here, with a phone and an e-mail (S4); the tutor is not the co-tutor."""
    found = []
    named = (
        ("lead", PostRole.LEAD, project.lead, _("%(name)s n'est pas référent ici, ou son téléphone ou son e-mail manque.")),
        ("tutor", PostRole.TUTOR, project.tutor, _("%(name)s n'est pas tuteur ici, ou son téléphone ou son e-mail manque.")),
        (
            "co_tutor", PostRole.CO_TUTOR, project.co_tutor,
            _("%(name)s n'est pas cotuteur ici, ou son téléphone ou son e-mail manque."),
        ),
    )  # fmt: skip
    usable = {(post.person_id, post.role) for post in posts_in_force(project.establishment) if not why_not_usable(post.person)}
    for field, role, person, words in named:
        if person is not None and (person.pk, str(role)) not in usable:
            found.append(_at(project, "people", words % {"name": person.full_name}, field))
    if project.tutor_id is not None and project.tutor_id == project.co_tutor_id:
        found.append(_at(project, "people", _("Le tuteur et le cotuteur sont deux personnes."), "co_tutor"))
    return found


def spare_places(project: HostProject) -> int:
    """How many volunteers this project may ask for, its own demand set aside."""
    return places_of(project.campaign, project.establishment, without=project).left


def _of_places(project: HostProject) -> list[Blocker]:
    """The establishment may host so many more (S3: classes by pupils, overrides)."""
    spare = spare_places(project)
    if project.asked <= spare:
        return []
    if not spare:
        words = _("Votre établissement n'a plus de place dans cette campagne.")
    else:
        words = ngettext(
            "Il reste %(n)d place à votre établissement : demandez moins de volontaires.",
            "Il reste %(n)d places à votre établissement : demandez moins de volontaires.",
            spare,
        ) % {"n": spare}
    return [_at(project, "places", words, "asked")]


KINDS: dict[str, Callable[[HostProject], list[Blocker]]] = {
    "campaign": _of_campaign, "record": _of_record, "facts": _of_facts, "domain": _of_domain, "dates": _of_dates,
    "time": _of_time, "minors": _of_minors, "people": _of_people, "places": _of_places,
}  # fmt: skip


def blockers_of_kind(project: HostProject, key: str) -> list[Blocker]:
    """What of this kind stands before the filing."""
    return KINDS[key](project)


def blockers_of(project: HostProject) -> list[Blocker]:
    """Everything that stands before the filing, in the order in which it is done. A fixed number of queries."""
    return [blocker for key in KINDS for blocker in blockers_of_kind(project, key)]
