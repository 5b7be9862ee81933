"""Give the certificate of who was there, and say that it is ready (W7)."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from renfort.documents.models import Paper
from renfort.documents.services import issue
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.workshops.enums import AssignmentState, Kind, Outcome, RegistrationState, SessionState
from renfort.workshops.messages import AFTER_AGAIN
from renfort.workshops.models import Assignment, Certificate, Registration
from renfort.workshops.papers.certificates import CERTIFICATE, certificate_facts
from renfort.workshops.rules import coordinates
from renfort.workshops.selectors.questionnaires import address_of
from renfort.workshops.selectors.roles import is_staff


def why_no_certificate(registration: Registration) -> str:
    """What keeps somebody from having one, in a sentence; "" when nothing does. Needs the session."""
    if registration.state != RegistrationState.PRESENT:
        return _("Votre présence à cette session n'est pas constatée.")
    if registration.session.state != SessionState.HELD:
        return _("L'attestation est prête dès que la session est passée.")
    if not (registration.first_name or registration.last_name):
        return _("Le nom de la personne manque : l'attestation ne peut pas être établie.")
    return ""


def issue_certificate(registration: Registration) -> Paper:
    """The certificate in the participant's language; the same again while nothing has changed. Who may is the caller's to say.

    Raises:
        Refused: the mark was taken back, the session is not over, or the name is missing.
    """
    with transaction.atomic():
        locked: Registration = lock_row(registration)  # nobody takes the mark back between the question and the paper
        locked.session = registration.session
        if reason := why_no_certificate(locked):
            raise Refused(reason)
        with translation.override(locked.language or "fr"):
            return issue(
                actor=SERVICE, kind=CERTIFICATE, subject=locked.pk, series=str(locked.pk), person=registration.person,
                facts=certificate_facts(locked),
            )  # fmt: skip


def may_see_to(actor: Actor, registration: Registration) -> bool:
    """Whether the actor lists and sends again: who coordinates, and the association."""
    return is_staff(actor) or coordinates(actor, registration.session.assignment)


def send_again(*, actor: Actor, registration: Registration) -> None:
    """Write to the participant once more that the certificate is there, with the same address.

    Raises:
        NotAllowed: the actor neither coordinates nor works for the association.
        Refused: there is no certificate to give, or nobody to write to.
    """
    if not may_see_to(actor, registration):
        raise NotAllowed(_("Cette action est réservée à la coordination de la mission."))
    if not address_of(registration):
        raise Refused(_("Cette personne n'a pas d'adresse e-mail : téléchargez l'attestation, et donnez-la-lui."))
    with transaction.atomic():
        issue_certificate(registration)
        publish("workshops.registration.certificate_again", registration, actor=actor, tells=(AFTER_AGAIN,))


def set_outcome(*, actor: Actor, registration: Registration, outcome: str, seen: int | None = None) -> None:
    """Say whether the aims of a training were reached; the certificate is made anew when it is next asked for.

    Raises:
        NotAllowed: the actor neither coordinates nor works for the association.
        Stale: somebody else has said something since.
        Refused: the assignment is closed, it is no training, or the participant was not there.
    """
    if not may_see_to(actor, registration):
        raise NotAllowed(_("Cette action est réservée à la coordination de la mission."))
    if outcome and outcome not in Outcome.values:
        raise Refused(_("Choisissez un résultat de la liste."))
    with transaction.atomic():
        assignment: Assignment = lock_row(registration.session.assignment)
        if assignment.state == AssignmentState.CLOSED:
            raise Refused(_("La mission est clôturée : plus rien n'y change."))
        if registration.session.kind != Kind.TRAINING:
            raise Refused(_("Les acquis s'évaluent pour une formation."))
        locked: Registration = lock_row(registration)
        if locked.state != RegistrationState.PRESENT:
            raise Refused(_("Cette personne n'est pas notée présente."))
        row, _is_new = Certificate.objects.get_or_create(registration=locked)
        if seen is not None and seen != row.version:
            raise Stale(_("Quelqu'un d'autre a changé ce résultat entre-temps. Relisez-le, puis recommencez."))
        if row.outcome == outcome:
            return
        before, row.outcome, row.version = row.outcome, outcome, row.version + 1
        row.save(update_fields=["outcome", "version"])
        changes = {"outcome": (before, outcome)}
        publish("workshops.certificate.evaluate", row, actor=actor, changes=changes)
