"""What is said of compliance documents (W4, W12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import DocumentKind, ProofState
from renfort.workshops.messages.facts import W, sample_of, the_association
from renfort.workshops.models import ComplianceDocument, Facilitator, Proof


def who_sent(event: Event[Proof]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.facilitator.person)]


def whose_it_is(event: Event[ComplianceDocument]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.facilitator.person)]


def own_compliance() -> tuple[str, str]:
    return _("Ma conformité"), reverse("workshops:compliance")


def kind_of(obj: Proof | ComplianceDocument) -> str:
    return str(DocumentKind(obj.kind).label)


def sent(event: Event[Proof], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Document à vérifier : %(name)s") % {"name": event.obj.facilitator.person.full_name},
        sentences=(kind_of(event.obj),),
        action=(_("Voir les documents à vérifier"), reverse("workshops:proofs")),
    )


def accepted(event: Event[Proof], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Document accepté : %(document)s") % {"document": kind_of(event.obj)},
        sentences=(_("L'association a vérifié votre document : il compte à partir d'aujourd'hui."),),
        action=own_compliance(),
    )


def refused(event: Event[Proof], reader: Recipient) -> Mail:
    reason = event.texts.get("reason", "")
    return Mail(
        subject=_("Document à corriger : %(document)s") % {"document": kind_of(event.obj)},
        sentences=(_("L'association n'a pas pu accepter votre document. Envoyez-en un autre."), *((reason,) if reason else ())),
        action=own_compliance(),
    )


def expires(event: Event[ComplianceDocument], reader: Recipient) -> Mail:
    until = event.obj.valid_until
    return Mail(
        subject=_("À renouveler : %(document)s") % {"document": kind_of(event.obj)},
        sentences=(
            _("Ce document expire bientôt. Sans un nouveau, vous ne pourrez plus vous inscrire aux sessions qui le demandent."),
        ),
        facts=((_("Document"), kind_of(event.obj)), (_("Valable jusqu'au"), date_format(until) if until else "")),
        action=(_("Envoyer le nouveau"), reverse("workshops:compliance")),
    )


def _somebody() -> Facilitator:
    return Facilitator(person=Person(pk=0, first_name="Awa", last_name="Diallo"))


def a_proof() -> Proof:
    today = timezone.localdate()
    return Proof(pk=0, facilitator=_somebody(), kind=DocumentKind.INSURANCE, state=ProofState.SENT, valid_from=today)


def a_document() -> ComplianceDocument:
    today = timezone.localdate()
    return ComplianceDocument(
        pk=0, facilitator=_somebody(), kind=DocumentKind.INSURANCE, valid_from=today, valid_until=today + timedelta(days=30)
    )


PROOF_SENT = Message(
    "workshops.proof.sent", gettext_lazy("Un document de conformité à vérifier"), the_association, sent, W, by_mail=False,
    sample=sample_of(a_proof),
)  # fmt: skip
PROOF_ACCEPTED = Message(
    "workshops.proof.accepted", gettext_lazy("Un document de conformité accepté"), who_sent, accepted, W,
    sample=sample_of(a_proof),
)  # fmt: skip
PROOF_REFUSED = Message(
    "workshops.proof.refused", gettext_lazy("Un document de conformité refusé"), who_sent, refused, W,
    sample=sample_of(a_proof, texts=lambda: {"reason": _("La date de fin n'est pas lisible.")}),
)  # fmt: skip
DOCUMENT_EXPIRES = Message(
    "workshops.document.expires", gettext_lazy("Un document de conformité expire bientôt"), whose_it_is, expires, W,
    sample=sample_of(a_document),
)  # fmt: skip
