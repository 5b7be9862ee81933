"""Pieces of the programme's pages, as functions that return safe HTML (design decision 15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.audit.selectors import Line
from renfort.kernel.money import euros
from renfort.kernel.templatetags.ui import badge, number
from renfort.kernel.workflow import Workflow
from renfort.organisations.enums import Role
from renfort.workshops.enums import AssignmentState, EnrolmentState, Language, ProofState, SessionState, Standing
from renfort.workshops.models import Assignment, Enrolment, Proof, Session
from renfort.workshops.selectors.sessions import Progress
from renfort.workshops.workflow import ASSIGNMENT, ENROLMENT, PROOF, SESSION

__all__ = [
    "PAST_WORDS",
    "TimelineLine",
    "assignment_badge",
    "enrolment_badge",
    "euros",
    "next_step",
    "past_words",
    "progress_gauge",
    "proof_badge",
    "session_badge",
    "spoken",
    "timeline_of",
]


def spoken(languages: Iterable[str]) -> str:
    """« Français, Anglais »."""
    return ", ".join(str(Language(code).label) for code in languages)


def assignment_badge(assignment: Assignment) -> SafeString:
    return badge(label=AssignmentState(assignment.state).label, tone=ASSIGNMENT.tones[assignment.state])


def session_badge(session: Session) -> SafeString:
    return badge(label=SessionState(session.state).label, tone=SESSION.tones[session.state])


def enrolment_badge(enrolment: Enrolment) -> SafeString:
    return badge(label=EnrolmentState(enrolment.state).label, tone=ENROLMENT.tones[enrolment.state])


def proof_badge(proof: Proof) -> SafeString:
    return badge(label=ProofState(proof.state).label, tone=PROOF.tones[proof.state])


def progress_gauge(progress: Progress) -> SafeString:
    """« 3 / 8 avec animateur·ice », with a bar (W2)."""
    words = _("%(planned)s\u00a0/\u00a0%(ordered)s avec animateur·ice") % {
        "planned": number(progress.planned), "ordered": number(progress.ordered),
    }  # fmt: skip
    most = max(progress.ordered, 1)
    return format_html(
        '<span class="gauge gauge-{}"><span>{}</span><progress max="{}" value="{}" aria-hidden="true"></progress></span>',
        "full" if progress.planned >= progress.ordered else "free", words, most, min(progress.planned, most),
    )  # fmt: skip


def next_step(assignment: Assignment, progress: Progress, sessions: list[Session]) -> str:
    """What comes next, in a sentence (W2)."""
    if assignment.state == AssignmentState.CLOSED:
        return _("La mission est clôturée : plus rien n'y change.")
    if assignment.state == AssignmentState.CANCELLED:
        return _("La commande est annulée.")
    if assignment.state == AssignmentState.DRAFT:
        return _("La commande se prépare : complétez ses lignes, puis proposez-la aux animateur·ices qui coordonnent.")
    if assignment.state == AssignmentState.OFFERED:
        return _("L'opportunité est proposée : attendez des candidatures, puis confiez la mission.")
    alive = [session for session in sessions if session.state != SessionState.CANCELLED]
    if not alive:
        return _("Planifiez une première session avec le client.")
    if any(figure.left for figure in progress.figures):
        return _("Il manque des animateur·ices : invitez-en sur les sessions, ou planifiez-en d'autres.")
    if any(not session.is_over for session in alive):
        return _("Tout est planifié : les sessions à venir ont leurs animateur·ices.")
    return _("Toutes les sessions sont passées : il reste à clôturer la mission.")


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of « Historique »."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"
    changes: list[Any] = field(default_factory=list)


PAST_WORDS = {
    "workshops.assignment.open": gettext_lazy("Commande créée"),
    "workshops.assignment.offer": gettext_lazy("Opportunité proposée"),
    "workshops.assignment.award": gettext_lazy("Mission confiée"),
    "workshops.assignment.give_back": gettext_lazy("Mission rendue"),
    "workshops.assignment.take_back": gettext_lazy("Mission reprise par l'association"),
    "workshops.assignment.withdraw_offer": gettext_lazy("Opportunité retirée"),
    "workshops.assignment.close": gettext_lazy("Mission clôturée"),
    "workshops.assignment.cancel": gettext_lazy("Commande annulée"),
    "workshops.session.plan": gettext_lazy("Session planifiée"),
    "workshops.session.change": gettext_lazy("Session modifiée"),
    "workshops.session.hold": gettext_lazy("La session a eu lieu"),
    "workshops.session.cancel": gettext_lazy("Session annulée"),
    "workshops.session.cancel_with_assignment": gettext_lazy("Session annulée avec la mission"),
    "workshops.session.open_join_link": gettext_lazy("Lien pour les participant·es créé"),
    "workshops.session.revoke_join_link": gettext_lazy("Lien pour les participant·es retiré"),
    "workshops.session.open_link": gettext_lazy("Lien d'invitation créé"),
    "workshops.session.revoke_link": gettext_lazy("Lien d'invitation retiré"),
    "workshops.session.open_code": gettext_lazy("Code de la salle créé"),
    "workshops.session.revoke_code": gettext_lazy("Code de la salle retiré"),
    "workshops.session.count_heads": gettext_lazy("Présent·es comptés sans noms"),
    "workshops.session.declare_attendance": gettext_lazy("Présence déclarée complète"),
    "workshops.session.reopen_attendance": gettext_lazy("Feuille de présence rouverte"),
    "workshops.session.invite": gettext_lazy("Animateur·ices invité·es"),
    "workshops.enrolment.enrol": gettext_lazy("Inscription"),
    "workshops.enrolment.change_standing": gettext_lazy("Statut changé"),
    "workshops.enrolment.perform": gettext_lazy("Animation constatée"),
    "workshops.round.prepare": gettext_lazy("Demande préparée"),
    "workshops.round.submit": gettext_lazy("Rétributions demandées"),
    "workshops.round.approve": gettext_lazy("Demande approuvée"),
    "workshops.round.give_back": gettext_lazy("Demande renvoyée"),
    "workshops.round.cancel": gettext_lazy("Brouillon abandonné"),
    "workshops.round.complete": gettext_lazy("Demande complétée"),
    "workshops.round.return_lines": gettext_lazy("Lignes renvoyées"),
    "workshops.registration.invite": gettext_lazy("Participant·e invité·e"),
    "workshops.registration.join": gettext_lazy("Inscription d'un·e participant·e"),
    "workshops.registration.again": gettext_lazy("E-mail renvoyé à qui était déjà inscrit·e"),
    "workshops.registration.confirm": gettext_lazy("Venue confirmée"),
    "workshops.registration.queue": gettext_lazy("Mise sur liste d'attente"),
    "workshops.registration.promote": gettext_lazy("Place libérée donnée"),
    "workshops.registration.decline": gettext_lazy("Venue déclinée"),
    "workshops.registration.cancel": gettext_lazy("Inscription annulée"),
    "workshops.registration.cancel_with_session": gettext_lazy("Inscription annulée avec la session"),
    "workshops.registration.resend": gettext_lazy("E-mail renvoyé"),
    "workshops.registration.remind": gettext_lazy("Rappel envoyé"),
    "workshops.registration.arrive": gettext_lazy("Arrivée sur place"),
    "workshops.registration.mark": gettext_lazy("Présence notée"),
    "workshops.registration.unmark": gettext_lazy("Présence retirée"),
    "workshops.registration.miss": gettext_lazy("Absence notée"),
    "workshops.registration.never_came": gettext_lazy("Absence constatée"),
    "workshops.registration.thank": gettext_lazy("Attestation ou questionnaire envoyé"),
    "workshops.registration.certificate_again": gettext_lazy("Attestation renvoyée"),
    "workshops.fee.request": gettext_lazy("Rétribution demandée"),
}


def past_words(verb: str) -> str:
    """What was done, in words: ours, or those of the step of its life; the verb itself when nobody has said any."""
    if verb in PAST_WORDS:
        return str(PAST_WORDS[verb])
    model, _dot, name = verb.rpartition(".")
    flow = Workflow.registry.get(model)
    return next((str(each.label) for each in flow.transitions if each.name == name), verb) if flow is not None else verb


def timeline_of(lines: Iterable[Line], names: dict[int, str]) -> list[TimelineLine]:
    """The history of some objects in words. ``names``: the people whom the reader may know by name; others are roles."""
    found = []
    for line in lines:
        what = past_words(line.entry.verb)
        if standing := line.entry.codes.get("standing"):
            what = f"{what} · {Standing(standing).label}"
        parts = line.entry.role.split(":")
        role = str(Role(parts[1]).label) if len(parts) > 1 and parts[1] in Role.values else ""
        who = _("automatique") if line.entry.role in ("clock", "service") else " · ".join(
            part for part in (names.get(line.entry.actor_id or 0, ""), role) if part
        )  # fmt: skip
        why = " ".join(text for name, text in line.texts.items() if ":" not in name)
        found.append(TimelineLine(what, line.entry.at, who, why))
    return found
