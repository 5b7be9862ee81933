"""What is said of host projects: to case managers when one is filed, to the lead when somebody has studied it (S5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.civic_service.enums import ProjectState, RefusalReason, SchoolNetwork
from renfort.civic_service.models import Campaign, Establishment, HostProject
from renfort.civic_service.selectors.project_facts import words_in
from renfort.civic_service.selectors.roles import case_managers_of, leads_of
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, Plain
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

S = Programme.CIVIC_SERVICE


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_case_managers(event: Event[HostProject]) -> Iterable[Recipient]:
    """Those who answer for the department; who did it knows already."""
    held = case_managers_of(event.obj.establishment.organisation.department_id or "")
    people = {each.person_id: each.person for each in held if each.person_id != event.actor.person_id}
    return [recipient_of(person) for person in people.values()]


def those_who_had_it(event: Event[HostProject]) -> Iterable[Recipient]:
    """The case managers, when the project had reached them: a draft is nobody else's."""
    return the_case_managers(event) if event.obj.filings else []


def the_lead(event: Event[HostProject]) -> Iterable[Recipient]:
    """The project's lead; when that person no longer is, all who lead the establishment now."""
    people = [held.person for held in leads_of(event.obj.establishment_id)]
    named = [person for person in people if person.pk == event.obj.lead_id]
    return [recipient_of(person) for person in named or people if person.pk != event.actor.person_id]


# ── what ──────────────────────────────────────────────────────────────────────────────────────────
def page_of(project: HostProject) -> tuple[str, str]:
    return _("Ouvrir le projet"), reverse("civic_service:project", args=[project.pk])


def facts_of(project: HostProject) -> tuple[tuple[str, str], ...]:
    """Which project, whose, of which campaign."""
    return (
        (_("Projet"), project.title),
        (_("Établissement"), project.establishment.organisation.name),
        (_("Campagne"), project.campaign.title),
    )


def _mail(event: Event[HostProject], subject: str, *sentences: str) -> Mail:
    return Mail(
        subject=subject, sentences=tuple(each for each in sentences if each), facts=facts_of(event.obj), action=page_of(event.obj)
    )


def filed(event: Event[HostProject], reader: Recipient) -> Mail:
    school = {"name": event.obj.establishment.organisation.name}
    if event.obj.filings > 1:
        return _mail(
            event, _("Projet corrigé : %(name)s") % school,
            _("L'établissement a corrigé son projet d'accueil et l'a déposé à nouveau. Vous pouvez lire ce qui a changé."),
        )  # fmt: skip
    return _mail(
        event, _("Projet à étudier : %(name)s") % school, _("Un établissement de votre territoire a déposé un projet d'accueil.")
    )


def withdrawn(event: Event[HostProject], reader: Recipient) -> Mail:
    school = {"name": event.obj.establishment.organisation.name}
    return _mail(
        event, _("Projet retiré : %(name)s") % school,
        _("L'établissement a retiré son projet d'accueil : il n'est plus à étudier."), event.texts.get("reason", ""),
    )  # fmt: skip


def cancel_asked(event: Event[HostProject], reader: Recipient) -> Mail:
    school = {"name": event.obj.establishment.organisation.name}
    return _mail(
        event, _("Annulation demandée : %(name)s") % school,
        _("L'établissement demande l'annulation de son projet d'accueil accepté. La décision est la vôtre."),
        event.texts.get("reason", ""),
    )  # fmt: skip


def to_correct(event: Event[HostProject], reader: Recipient) -> Mail:
    return _mail(
        event, _("Projet à corriger : %(title)s") % {"title": event.obj.title},
        _("Votre gestionnaire a lu votre projet d'accueil et demande une correction."), *words_in(event.texts),
        _("Modifiez le projet, puis déposez-le à nouveau."),
    )  # fmt: skip


def accepted(event: Event[HostProject], reader: Recipient) -> Mail:
    count = event.obj.granted or 1
    words = ngettext(
        "Bravo, votre projet d'accueil est accepté : vous pourrez accueillir %(n)d volontaire.",
        "Bravo, votre projet d'accueil est accepté : vous pourrez accueillir %(n)d volontaires.",
        count,
    ) % {"n": count}
    return _mail(event, _("Projet accepté : %(title)s") % {"title": event.obj.title}, words, event.texts.get("comment", ""))


def refused(event: Event[HostProject], reader: Recipient) -> Mail:
    key = str(event.codes.get("refusal", ""))
    why = str(RefusalReason(key).label) if key in RefusalReason.values and key != RefusalReason.OTHER else ""
    return _mail(
        event, _("Projet refusé : %(title)s") % {"title": event.obj.title},
        _("Votre projet d'accueil n'a pas été retenu."), why and _("Raison : %(why)s.") % {"why": why},
        event.texts.get("words", ""), _("Vous pouvez le copier pour en proposer un autre."),
    )  # fmt: skip


def cancelled(event: Event[HostProject], reader: Recipient) -> Mail:
    return _mail(
        event, _("Projet annulé : %(title)s") % {"title": event.obj.title},
        _("Votre gestionnaire a annulé votre projet d'accueil."), event.texts.get("reason", ""),
    )  # fmt: skip


# ── invented, for the preview ─────────────────────────────────────────────────────────────────────
def sample_project() -> HostProject:
    """A project of a lycée that does not exist."""
    day = timezone.localdate()
    campaign = Campaign(
        pk=0, title=_("Campagne de l'an prochain"), opens_on=day, files_until=day + timedelta(days=60),
        starts_from=day + timedelta(days=90), starts_until=day + timedelta(days=180),
    )  # fmt: skip
    school = Establishment(organisation=Organisation(pk=0, name=_("Lycée Exemple")), network=SchoolNetwork.SGEC)
    return HostProject(
        pk=0, campaign=campaign, establishment=school, title=_("Faire vivre le centre de documentation"), asked=1, granted=1,
        filings=1, state=ProjectState.SUBMITTED, lead=Person(pk=0, first_name="Camille", last_name="Martin"),
    )  # fmt: skip


def sample_of(
    *, codes: Mapping[str, Plain] | None = None, texts: Callable[[], Mapping[str, str]] | None = None
) -> Callable[[], Event[HostProject]]:
    """Something that happened to an invented project just now."""
    return lambda: Event(
        name="sample", obj=sample_project(), actor=SERVICE, at=timezone.now(), codes=codes or {}, texts=texts() if texts else {}
    )


PROJECT_FILED = Message(
    "civic_service.project.filed", gettext_lazy("Un projet d'accueil à étudier"), the_case_managers, filed, S, sample=sample_of()
)
PROJECT_WITHDRAWN = Message(
    "civic_service.project.withdrawn", gettext_lazy("Un projet d'accueil est retiré"), those_who_had_it, withdrawn, S,
    sample=sample_of(texts=lambda: {"reason": _("La tutrice change d'établissement.")}),
)  # fmt: skip
CANCEL_ASKED = Message(
    "civic_service.project.cancel_asked", gettext_lazy("Un établissement demande une annulation"), the_case_managers,
    cancel_asked, S, sample=sample_of(texts=lambda: {"reason": _("L'établissement ferme à la rentrée.")}),
)  # fmt: skip
CHANGES_REQUESTED = Message(
    "civic_service.project.changes_requested", gettext_lazy("Un projet d'accueil à corriger"), the_lead, to_correct, S,
    sample=sample_of(texts=lambda: {"comment": _("Dites qui accompagne le volontaire pendant les vacances.")}),
)  # fmt: skip
PROJECT_ACCEPTED = Message(
    "civic_service.project.accepted", gettext_lazy("Un projet d'accueil accepté"), the_lead, accepted, S, sample=sample_of()
)
PROJECT_REFUSED = Message(
    "civic_service.project.refused", gettext_lazy("Un projet d'accueil refusé"), the_lead, refused, S,
    sample=sample_of(codes={"refusal": "is_a_job"}, texts=lambda: {"words": _("Ces heures sont celles d'un surveillant.")}),
)  # fmt: skip
PROJECT_CANCELLED = Message(
    "civic_service.project.cancelled", gettext_lazy("Un projet d'accueil annulé"), the_lead, cancelled, S,
    sample=sample_of(texts=lambda: {"reason": _("L'établissement quitte le réseau.")}),
)  # fmt: skip
