"""The eight steps of a campaign in one progress bar for everybody concerned: who acts, where it stands, by when (S5).

Each step is a function of the project; steps three to eight are « à venir » until their own parts fill them in: each replaces its
function here and reads the object that the step needs (no step is passed by a bare « fait »).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import ProjectState
from renfort.civic_service.models import HostProject
from renfort.kernel.rules import Text

P = ProjectState
DONE, CURRENT, LATER, STOPPED = "done", "current", "later", "stopped"
SCHOOL = gettext_lazy("Établissement, référent")
SCHOOL_AND_TUTOR = gettext_lazy("Référent et tuteur")
SCHOOL_OR_TUTOR = gettext_lazy("Référent ou tuteur")
MANAGER = gettext_lazy("Gestionnaire")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where one step stands: its state, in words, and by when it has to be done if somebody has said."""

    state: str
    words: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the eight steps of a project."""

    number: int
    label: str | Promise
    who: str | Promise
    stand: Stand

    @property
    def is_done(self) -> bool:
        return self.stand.state == DONE

    @property
    def is_current(self) -> bool:
        return self.stand.state == CURRENT

    @property
    def is_stopped(self) -> bool:
        return self.stand.state == STOPPED


def of_project(project: HostProject) -> Stand:
    """1: the project is filed."""
    due = project.campaign.files_until
    match project.state:
        case P.DRAFT:
            return Stand(state=CURRENT, words=_("à déposer"), due_on=due)
        case P.CHANGES_REQUESTED:
            return Stand(state=CURRENT, words=_("à corriger"))
        case P.WITHDRAWN:
            return Stand(state=STOPPED, words=_("retiré"))
        case _:
            return Stand(state=DONE, words=_("déposé"))


def of_review(project: HostProject) -> Stand:
    """2: somebody has decided."""
    match project.state:
        case P.SUBMITTED:
            return Stand(state=CURRENT, words=_("à étudier"))
        case P.UNDER_REVIEW:
            return Stand(state=CURRENT, words=_("à l'étude"))
        case P.ACCEPTED | P.COMPLETED:
            return Stand(state=DONE, words=_("accepté"))
        case P.REFUSED:
            return Stand(state=STOPPED, words=_("refusé"))
        case P.CANCELLED:
            return Stand(state=STOPPED, words=_("annulé"))
        case _:
            return _to_come(project)


def of_offer(project: HostProject) -> Stand:
    """3: the offer is on the official site; it is the next one of an accepted project, before the first day."""
    if project.state == P.ACCEPTED:
        return Stand(state=CURRENT, words=_("à venir"), due_on=project.first_on)
    return _to_come(project)


def _to_come(project: HostProject) -> Stand:
    return Stand(state=LATER, words=_("à venir"))


STEPS: tuple[tuple[Text, Text, Callable[[HostProject], Stand]], ...] = (
    (gettext_lazy("Projet d'accueil"), SCHOOL, of_project),
    (gettext_lazy("Étude du projet"), MANAGER, of_review),
    (gettext_lazy("Publication de l'offre"), SCHOOL, of_offer),
    (gettext_lazy("Sélection du volontaire"), SCHOOL_AND_TUTOR, _to_come),
    (gettext_lazy("Dossier du volontaire"), SCHOOL, _to_come),
    (gettext_lazy("Contrats"), MANAGER, _to_come),
    (gettext_lazy("Suivi du volontaire"), SCHOOL_OR_TUTOR, _to_come),
    (gettext_lazy("Formations"), MANAGER, _to_come),
)


def steps_of(project: HostProject) -> list[Step]:
    """The eight steps of a project, in order. No query."""
    return [
        Step(number=number, label=label, who=who, stand=stand(project))
        for number, (label, who, stand) in enumerate(STEPS, start=1)
    ]


def current_step(project: HostProject) -> Step:
    """The step at which it stands: the one under way, else where it stopped, else the last one done."""
    steps = steps_of(project)
    marked = [each for each in steps if each.is_current or each.is_stopped]
    return marked[0] if marked else [each for each in steps if each.is_done][-1]


def step_words(project: HostProject) -> str:
    """« Étape 2 sur 8 : Étude du projet, à étudier »."""
    step = current_step(project)
    return _("Étape %(number)d sur %(total)d : %(label)s, %(state)s") % {
        "number": step.number, "total": len(STEPS), "label": step.label, "state": step.stand.words,
    }  # fmt: skip
