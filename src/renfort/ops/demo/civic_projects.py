"""The demonstration of host projects: one school's in every state, and a queue that case managers would know (S5 steps 1 and 2).

Written as they would stand after a month of the campaign, with the history that leads there, and without any e-mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from renfort.audit.recorder import record
from renfort.civic_service.enums import Domain, PostRole, ProjectState, RefusalReason
from renfort.civic_service.models import Campaign, CampaignRecord, Establishment, HostProject, Post, ProjectVersion
from renfort.civic_service.selectors.frozen import record_facts
from renfort.civic_service.selectors.project_facts import facts_of
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event, Plain
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person

P, D = ProjectState, Domain
SUPPORT = "Le tuteur le voit chaque jour ; ses horaires suivent ceux du collège, jamais après 20 heures."


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One project as a school would write it. ``days``: since it was filed, or begun for a draft."""

    school: str
    state: ProjectState
    days: int
    title: str
    domain: Domain
    aim: str
    tasks: str
    audience: str
    asked: int = 1
    granted: int | None = None
    months: int = 8
    hours: int = 28
    minors: bool = False
    says: str = ""  # what the case manager answered
    past: bool = False  # of the campaign that is closed


IDEAS = (
    Idea(
        school="bordeaux-lycee", state=P.CHANGES_REQUESTED, days=9, title="Faire vivre la radio du lycée", domain=D.CULTURE,
        aim="Donner la parole aux lycéens, surtout à ceux qui ne la prennent pas.",
        tasks="Préparer deux émissions par mois avec les élèves, chercher des invités, tenir le site.",
        audience="Les secondes et les élèves internes", months=9, says="Dites où le volontaire travaille pendant les vacances.",
    ),
    Idea(
        school="bordeaux-lycee", state=P.DRAFT, days=3, title="Un jardin partagé derrière l'internat", domain=D.ENVIRONMENT,
        aim="", tasks="", audience="",
    ),
    Idea(
        school="bordeaux-lycee", state=P.COMPLETED, days=340, title="Accueillir les nouveaux internes", domain=D.SOLIDARITY,
        aim="Que personne ne passe seul sa première semaine.",
        tasks="Faire visiter, manger avec les nouveaux, organiser trois soirées, signaler qui va mal.",
        audience="Les 60 internes de seconde", granted=1, past=True,
    ),
    Idea(
        school="bordeaux-ecole", state=P.SUBMITTED, days=12, title="Lire ensemble à l'heure du midi", domain=D.EDUCATION,
        aim="Donner le goût de lire à ceux qui n'ont pas de livres chez eux.",
        tasks="Lire à voix haute, animer la bibliothèque, proposer des jeux de lecture.", audience="Du CP au CM2", months=7,
    ),
    Idea(
        school="merignac", state=P.SUBMITTED, days=6, title="Du sport pour celles qui n'en font pas", domain=D.SPORT,
        aim="Que les collégiennes bougent, à leur manière.",
        tasks="Proposer danse, marche et jeux sur le temps de midi, préparer une journée avec les clubs.",
        audience="Les collégiennes, de la sixième à la troisième", asked=2, minors=True, hours=24,
    ),
    Idea(
        school="libourne", state=P.UNDER_REVIEW, days=4, title="Mémoire des deux rives", domain=D.MEMORY,
        aim="Faire rencontrer les élèves et les anciens de la ville.",
        tasks="Recueillir des témoignages avec les élèves, préparer une exposition, l'emmener en maison de retraite.",
        audience="Les troisièmes et les résidents de deux maisons de retraite",
    ),
    Idea(
        school="bazas", state=P.SUBMITTED, days=1, title="Trier, composter, expliquer", domain=D.ENVIRONMENT,
        aim="Diviser par deux ce que le restaurant du lycée jette.",
        tasks="Peser avec les élèves, tenir le compost, expliquer le tri à chaque classe.", audience="Tous les lycéens",
    ),
    Idea(
        school="dax", state=P.ACCEPTED, days=25, title="Bien vivre la cour", domain=D.HEALTH, asked=2, granted=1,
        aim="Moins de disputes, et personne à l'écart.",
        tasks="Animer des jeux, former des médiateurs parmi les élèves, être là pour qui veut parler.",
        audience="Les sixièmes et les cinquièmes", says="Un volontaire d'abord : le tuteur en suit déjà un autre.",
    ),
    Idea(
        school="agen", state=P.REFUSED, days=22, title="Aide au secrétariat et à l'accueil", domain=D.EDUCATION,
        aim="Aider la vie du lycée.", tasks="Répondre au téléphone, saisir les absences, classer les dossiers.",
        audience="Les familles", says="Ce sont des tâches d'un emploi : une mission de service civique ne les remplace pas.",
    ),
    Idea(
        school="rennes", state=P.SUBMITTED, days=8, title="Des langues qui se parlent", domain=D.CULTURE, asked=3,
        aim="Que les élèves arrivés de l'étranger soient fiers de leur langue.",
        tasks="Préparer un café des langues chaque semaine, traduire des histoires avec les élèves, inviter les parents.",
        audience="Les élèves allophones et leurs camarades", months=9,
    ),
    Idea(
        school="quimper", state=P.WITHDRAWN, days=15, title="Une coopérative de vélos", domain=D.ENVIRONMENT,
        aim="Venir au lycée à vélo.", tasks="Réparer avec les élèves, prêter, former à la sécurité.", audience="Les lycéens",
    ),
    Idea(
        school="lille", state=P.SUBMITTED, days=16, title="Passer le bac sans peur", domain=D.EDUCATION, asked=2,
        aim="Que l'on ose demander de l'aide.", tasks="Tenir une permanence, monter des groupes de révision.",
        audience="Les terminales", months=9, hours=30,
    ),
    Idea(
        school="saint-denis", state=P.SUBMITTED, days=3, title="La mer à apprendre", domain=D.ENVIRONMENT,
        aim="Connaître le lagon pour le garder.", tasks="Sorties, aquarium du collège, journée de ramassage, exposition.",
        audience="Les cinquièmes",
    ),
)  # fmt: skip


def load(schools: dict[str, Establishment], manager: Person, current: Campaign, past: Campaign) -> None:
    """Write each idea; ``manager`` has the one that is studied in hand, since an hour ago."""
    for idea in IDEAS:
        _write(idea, schools[idea.school], manager, past if idea.past else current)


def _holder(school: Establishment, role: PostRole) -> Person | None:
    found = Post.objects.filter(establishment=school, role=role, ended_at=None).select_related("person").order_by("id").first()
    return found.person if found is not None else None


def _answered(filed: datetime) -> datetime:
    """When the case manager had an answer."""
    return min(filed + timedelta(days=4), timezone.now() - timedelta(hours=2))


def _write(idea: Idea, school: Establishment, manager: Person, campaign: Campaign) -> None:
    now = timezone.now()
    filed, is_filed = now - timedelta(days=idea.days), idea.state != P.DRAFT
    lead, tutor = _holder(school, PostRole.LEAD), _holder(school, PostRole.TUTOR)
    answered = _answered(filed)
    where = school.organisation
    facts: dict[str, Any] = {
        "title": idea.title, "domain": str(idea.domain), "aim": idea.aim, "tasks": idea.tasks, "audience": idea.audience,
        "setting": "Une semaine d'accueil, puis un point chaque semaine avec le tuteur." if is_filed else "",
        "place": f"{where.address}, {where.postcode} {where.city}", "asked": idea.asked,
        "takes_minors": idea.minors, "minors_support": SUPPORT if idea.minors else "",
        "lead": lead, "tutor": tutor or lead,
    }  # fmt: skip
    if is_filed:
        first_on = campaign.starts_from + timedelta(days=7)
        facts |= {"months": idea.months, "weekly_hours": idea.hours, "weekly_days": 5, "first_on": first_on, "filings": 1}
    if idea.state in (P.SUBMITTED, P.UNDER_REVIEW):
        facts["queued_at"] = filed
    if idea.state == P.UNDER_REVIEW:
        facts |= {"taken_at": now - timedelta(hours=1), "taken_by": manager}
    if idea.state in (P.ACCEPTED, P.REFUSED, P.COMPLETED):
        facts |= {"decided_at": answered, "granted": idea.granted}
    made = HostProject.objects.create(campaign=campaign, establishment=school, state=idea.state, created_by=lead, **facts)
    HostProject.objects.filter(pk=made.pk).update(created_at=filed - timedelta(days=2))
    if is_filed:
        ProjectVersion.objects.create(project=made, number=1, facts=facts_of(made), filed_at=filed, filed_by=lead)
        CampaignRecord.objects.get_or_create(
            campaign=campaign, establishment=school, defaults={"facts": record_facts(school), "frozen_at": filed}
        )
    _tell_its_life(idea, made, actor_of(lead.pk) if lead is not None else SERVICE, actor_of(manager.pk), filed)


def _tell_its_life(idea: Idea, made: HostProject, head: Actor, chief: Actor, filed: datetime) -> None:
    """The history from the draft to the state it stands in."""
    now, before = timezone.now(), ""
    answered = made.decided_at or _answered(filed)

    def tell(name: str, after: str, at: datetime, actor: Actor, *, texts: dict[str, str] | None = None, **codes: Plain) -> None:
        nonlocal before
        verb = f"civic_service.hostproject.{name}"
        record(Event(name=verb, obj=made, actor=actor, at=at, before=before, after=after, codes=codes, texts=texts or {}))
        before = after

    tell("start", P.DRAFT, filed - timedelta(days=2), head, campaign=made.campaign_id)
    if idea.state == P.DRAFT:
        return
    tell("file", P.SUBMITTED, filed, head)
    if idea.state == P.WITHDRAWN:
        tell("withdraw", P.WITHDRAWN, answered, head)
        return
    if idea.state == P.SUBMITTED:
        return
    tell("take", P.UNDER_REVIEW, now - timedelta(hours=1) if idea.state == P.UNDER_REVIEW else answered, chief)
    words = {"comment": idea.says} if idea.says else {}
    if idea.state == P.CHANGES_REQUESTED:
        tell("ask_changes", P.CHANGES_REQUESTED, answered, chief, texts=words)
    elif idea.state == P.REFUSED:
        tell("refuse", P.REFUSED, answered, chief, texts={"words": idea.says}, refusal=str(RefusalReason.OTHER))
    elif idea.state in (P.ACCEPTED, P.COMPLETED):
        tell("accept", P.ACCEPTED, answered, chief, texts=words, granted=idea.granted)
        if idea.state == P.COMPLETED:
            tell("complete", P.COMPLETED, now - timedelta(days=30), SERVICE)
