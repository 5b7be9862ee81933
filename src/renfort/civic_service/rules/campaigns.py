"""Who rules campaigns, and whether one is ready (S5; matrix of rights: « Parameters » is the national case managers')."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from renfort.civic_service.enums import UNDECIDED, CampaignState
from renfort.civic_service.models import Approval, Campaign, HostProject
from renfort.civic_service.selectors.roles import is_national
from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.people.selectors import today

APPROVAL_YEARS = 3  # at most (Code du service national, R121-33)


@rule(_("la gestion nationale"))
def is_national_manager(actor: Actor, campaign: Campaign) -> bool:
    return is_national(actor)


# ── whether it can open ───────────────────────────────────────────────────────────────────────────
def covers_starts(approval: Approval, starts_from: date, starts_until: date) -> bool:
    """Whether an approval runs on every day on which a volunteer may begin: it must cover each contract's first day (C.4)."""
    return approval.first_on <= starts_from and starts_until <= approval.last_on


@guard(_("L'agrément ne couvre pas toutes les dates de début : changez la période, ou choisissez un autre agrément."))
def approval_covers_starts(campaign: Campaign) -> bool:
    return covers_starts(campaign.approval, campaign.starts_from, campaign.starts_until)


@guard(_("Le dépôt est déjà fini : repoussez d'abord la date limite."))
def filing_is_not_over(campaign: Campaign) -> bool:
    return campaign.files_until >= today()


@guard(_("Il manque la première classe, à partir de 0 élève : sans elle, les petits établissements n'ont aucune place prévue."))
def has_first_class(campaign: Campaign) -> bool:
    return campaign.place_classes.filter(from_pupils=0).exists()


@guard(_("Aucune classe ne donne de place : donnez-en au moins une."))
def has_places_to_give(campaign: Campaign) -> bool:
    return bool(campaign.place_classes.aggregate(all=Sum("places"))["all"])


# ── whether it can close ──────────────────────────────────────────────────────────────────────────
@guard(_("Des projets attendent encore une décision : acceptez-les, refusez-les ou rendez-les pour correction d'abord."))
def has_none_undecided(campaign: Campaign) -> bool:
    return not HostProject.objects.filter(campaign=campaign, state__in=UNDECIDED).exists()


# ── what others ask of a campaign ─────────────────────────────────────────────────────────────────
def takes_filings(campaign: Campaign, day: date) -> bool:
    """Whether projects are filed on a day, both ends included; ``day`` is the establishment's own."""
    return campaign.state == CampaignState.OPEN and campaign.opens_on <= day <= campaign.files_until
