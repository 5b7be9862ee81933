"""A host project on a page: its state, what comes next, its history in words (S5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.audit.selectors import Line
from renfort.civic_service.enums import ProjectState, RefusalReason
from renfort.civic_service.models import HostProject
from renfort.civic_service.selectors.project_facts import words_in
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.templatetags.ui import badge
from renfort.organisations.enums import Role

P = ProjectState
PAST_WORDS = {
    "civic_service.hostproject.start": gettext_lazy("Projet commencé"),
    "civic_service.hostproject.copy": gettext_lazy("Copié d'un autre projet"),
    "civic_service.hostproject.change": gettext_lazy("Projet modifié"),
    "civic_service.hostproject.file": gettext_lazy("Projet déposé"),
    "civic_service.hostproject.resubmit": gettext_lazy("Projet corrigé déposé"),
    "civic_service.hostproject.withdraw": gettext_lazy("Projet retiré"),
    "civic_service.hostproject.ask_cancel": gettext_lazy("Annulation demandée"),
    "civic_service.hostproject.take": gettext_lazy("Étude commencée"),
    "civic_service.hostproject.give_back": gettext_lazy("Projet remis dans la file"),
    "civic_service.hostproject.lapse": gettext_lazy("Projet oublié, remis dans la file"),
    "civic_service.hostproject.note_opinion": gettext_lazy("Avis noté"),
    "civic_service.hostproject.accept": gettext_lazy("Projet accepté"),
    "civic_service.hostproject.ask_changes": gettext_lazy("Correction demandée"),
    "civic_service.hostproject.refuse": gettext_lazy("Projet refusé"),
    "civic_service.hostproject.cancel": gettext_lazy("Projet annulé"),
    "civic_service.hostproject.complete": gettext_lazy("Projet terminé"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of « Historique »."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"


def project_badge(project: HostProject) -> SafeString:
    return badge(label=P(project.state).label, tone=PROJECT.tones[project.state])


def title_of(project: HostProject) -> str:
    """Its title; a draft may have none yet."""
    return project.title or _("Projet sans titre")


def next_step(project: HostProject, *, is_lead: bool) -> str:
    """What comes next, in a sentence, for who reads it."""
    match project.state:
        case P.DRAFT:
            return _("Complétez le projet, puis déposez-le.") if is_lead else _("Le référent écrit encore ce projet.")
        case P.SUBMITTED:
            return _("Le projet attend qu'un gestionnaire l'étudie. La réponse arrive par e-mail au référent.")
        case P.UNDER_REVIEW:
            return _("Un gestionnaire étudie le projet. La réponse arrive par e-mail au référent.")
        case P.CHANGES_REQUESTED if is_lead:
            return _("Un gestionnaire demande une correction : modifiez le projet, puis déposez-le à nouveau.")
        case P.CHANGES_REQUESTED:
            return _("Le référent doit corriger le projet.")
        case P.ACCEPTED:
            return _("Le projet est accepté. L'étape suivante est la publication de l'offre.")
        case P.REFUSED:
            return _("Le projet est refusé. Le référent peut le copier pour en proposer un autre.")
        case P.WITHDRAWN:
            return _("L'établissement a retiré ce projet.")
        case P.CANCELLED:
            return _("Le projet est annulé : plus rien n'y change.")
        case _:
            return _("Tous les contrats sont finis : le projet est terminé.")


def why_words(line: Line) -> str:
    """The reason of a step: chosen in a list, or written."""
    key = str(line.entry.codes.get("refusal", ""))
    chosen = str(RefusalReason(key).label) if key in RefusalReason.values and key != RefusalReason.OTHER else ""
    return "\n".join(part for part in (chosen, *words_in(line.texts)) if part)


def history_words(lines: Iterable[Line], names: dict[int, str]) -> list[Told]:
    """The history of a project, newest first. ``names``: people whom the reader may know by name; others are roles."""
    found = []
    for line in lines:
        parts = line.entry.role.split(":")
        role = str(Role(parts[1]).label) if len(parts) > 1 and parts[1] in Role.values else ""
        who = _("automatique") if line.entry.role in ("clock", "service") else " · ".join(
            part for part in (names.get(line.entry.actor_id or 0, ""), role) if part
        )  # fmt: skip
        found.append(Told(str(PAST_WORDS.get(line.entry.verb, line.entry.verb)), line.entry.at, who, why_words(line)))
    return found


def asked_to_correct(lines: Iterable[Line]) -> str:
    """What the last case manager asked to correct; "" when nobody has."""
    for line in lines:
        if line.entry.verb == "civic_service.hostproject.ask_changes":
            return "\n".join(words_in(line.texts))
    return ""
