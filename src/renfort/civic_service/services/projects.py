"""Writing a host project: start it, change it while it is the establishment's own, copy it (S5, step 1)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.civic_service.enums import CampaignState, PostRole
from renfort.civic_service.models import Campaign, Establishment, HostProject
from renfort.civic_service.rules.project import EDITABLE
from renfort.civic_service.selectors.posts import usable_posts
from renfort.civic_service.selectors.readiness import today_at
from renfort.civic_service.selectors.records import missing_facts
from renfort.civic_service.selectors.roles import leads
from renfort.civic_service.workflow.project import PROJECT
from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row

MOST_OPEN = 20  # drafts of one establishment in one campaign: more is a mistake, or a machine


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """A project as the form says it; a draft may lack anything. People by number, as those who hold the posts."""

    title: str = ""
    domain: str = ""
    aim: str = ""
    tasks: str = ""
    audience: str = ""
    setting: str = ""
    place: str = ""
    first_on: date | None = None
    months: int | None = None
    weekly_hours: int | None = None
    weekly_days: int | None = None
    takes_minors: bool = False
    minors_support: str = ""
    is_reachable: bool = False
    is_accessible: bool = False
    asked: int = 1
    lead_id: int | None = None
    tutor_id: int | None = None
    co_tutor_id: int | None = None


def _only_leads(actor: Actor, establishment_id: int) -> None:
    if not leads(actor, establishment_id):
        raise NotAllowed(_("Cette action est réservée au référent de l'établissement."))


def why_no_project(campaign: Campaign, establishment: Establishment) -> list[str]:
    """Why no project may be begun in this campaign, in sentences; empty when one may (S2, S3, C.1). A fixed number of queries."""
    day = today_at(establishment)
    sentences = []
    if campaign.state != CampaignState.OPEN or not campaign.opens_on <= day <= campaign.files_until:
        sentences.append(_("La campagne « %(title)s » ne reçoit pas de projet aujourd'hui.") % {"title": campaign.title})
    if missing_facts(establishment):
        sentences.append(_("La fiche de l'établissement est incomplète : complétez-la d'abord."))
    return sentences


def start_project(*, actor: Actor, establishment: Establishment, campaign: Campaign, facts: ProjectFacts) -> HostProject:
    """Begin a project as a draft, which nobody else than the establishment sees.

    Raises:
        NotAllowed: the actor does not lead the establishment.
        Refused: the campaign takes none today, the record is incomplete (S2), or too many drafts wait already.
    """
    _only_leads(actor, establishment.pk)
    with transaction.atomic():
        held: Establishment = lock_row(establishment)
        if reasons := why_no_project(campaign, held):
            raise Refused(*reasons)
        if HostProject.objects.filter(campaign=campaign, establishment=held, state=PROJECT.initial).count() >= MOST_OPEN:
            raise Refused(_("Votre établissement a déjà %(n)d brouillons : retirez-en un d'abord.") % {"n": MOST_OPEN})
        _refuse_strangers(held, facts)
        project = HostProject.objects.create(
            campaign=campaign, establishment=held, created_by_id=actor.person_id, **asdict(facts)
        )
        publish("civic_service.hostproject.start", project, actor=actor, after=project.state, codes={"campaign": campaign.pk})
    return project


def change_project(*, actor: Actor, project: HostProject, facts: ProjectFacts, seen: int | None = None) -> HostProject:
    """Write what the form says, while the project is a draft or to be corrected; nothing new is nothing done.

    Raises:
        NotAllowed: the actor does not lead the establishment.
        Stale: it has changed since version ``seen``, or is with the case managers now.
        Refused: somebody named has no role here.
    """
    _only_leads(actor, project.establishment_id)
    with transaction.atomic():
        locked: HostProject = lock_row(project)
        if locked.state not in EDITABLE or (seen is not None and seen != locked.version):
            raise Stale(
                _("Quelqu'un d'autre a été plus rapide : c'est maintenant « %(state)s ».")
                % {"state": PROJECT.states(locked.state).label}
            )
        said = asdict(facts)
        changed = [name for name, value in said.items() if getattr(locked, name) != value]
        if not changed:
            return locked
        _refuse_strangers(locked.establishment, facts, but=locked)
        for name in changed:
            setattr(locked, name, said[name])
        locked.version += 1
        locked.save()
        publish("civic_service.hostproject.change", locked, actor=actor, codes={"fields": ",".join(changed)})
    return locked


def _refuse_strangers(establishment: Establishment, facts: ProjectFacts, *, but: HostProject | None = None) -> None:
    """Nobody is named who has no post here; who was named already may stay until the filing says so."""
    for name, role in (("lead_id", PostRole.LEAD), ("tutor_id", PostRole.TUTOR), ("co_tutor_id", PostRole.CO_TUTOR)):
        wanted = getattr(facts, name)
        if wanted is None or (but is not None and getattr(but, name) == wanted):
            continue
        if not any(post.person_id == wanted for post in usable_posts(establishment, role)):
            raise Refused(_("Cette personne n'est pas dans l'équipe de l'établissement : rechargez la page."))


def copied_facts(project: HostProject, campaign: Campaign) -> ProjectFacts:
    """What a copy begins with: the words, the hours, and the people who still hold their posts; a day only if it still fits."""
    day = project.first_on
    people: dict[str, Any] = {
        name: getattr(project, name)
        if any(post.person_id == getattr(project, name) for post in usable_posts(project.establishment, role))
        else None
        for name, role in (("lead_id", PostRole.LEAD), ("tutor_id", PostRole.TUTOR), ("co_tutor_id", PostRole.CO_TUTOR))
    }
    words = (
        "title", "domain", "aim", "tasks", "audience", "setting", "place", "months", "weekly_hours", "weekly_days",
        "takes_minors", "minors_support", "is_reachable", "is_accessible", "asked",
    )  # fmt: skip
    fits = day is not None and campaign.starts_from <= day <= campaign.starts_until
    return ProjectFacts(**{name: getattr(project, name) for name in words}, first_on=day if fits else None, **people)


def copy_project(*, actor: Actor, project: HostProject, campaign: Campaign) -> HostProject:
    """Begin another project with the words of this one: of last campaign, or refused.

    Raises:
        NotAllowed, Refused: as ``start_project``.
    """
    _only_leads(actor, project.establishment_id)
    with transaction.atomic():
        made = start_project(
            actor=actor, establishment=project.establishment, campaign=campaign, facts=copied_facts(project, campaign)
        )
        publish("civic_service.hostproject.copy", made, actor=actor, codes={"from": project.pk})
    return made
