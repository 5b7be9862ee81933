"""« Attestation de présence », and « Certificat de réalisation » for a training: who was there, for what, for how long (W7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.durations import duration_words
from renfort.kernel.papers import Facts, PaperKind, Sheet
from renfort.kernel.templatetags.ui import hour_words
from renfort.organisations.enums import Programme
from renfort.parameters.catalogue import AIMS, CERTIFICATE_SIGNER, TRAINING_NUMBER
from renfort.parameters.selectors import site_name, values_of
from renfort.workshops.catalogue import BILLING
from renfort.workshops.enums import Kind, Outcome, Presence, RegistrationState
from renfort.workshops.models import Registration
from renfort.workshops.selectors.questionnaires import IN_FULL

QUARTER = 900  # seconds


def certificate_facts(registration: Registration) -> dict[str, Any]:
    """What the paper says today. Needs the session in full and the certificate's row; one query. Hours are those of the place."""
    session = registration.session
    order = session.assignment.order
    number, signer, aims, legal_name = values_of(TRAINING_NUMBER, CERTIFICATE_SIGNER, AIMS, BILLING["name"])
    is_training = session.kind == Kind.TRAINING
    row = getattr(registration, "certificate", None)
    return {
        "name": f"{registration.first_name} {registration.last_name}".strip(),
        "title": order.title,
        "client": order.client.organisation.name,
        "kind": session.kind,
        "starts": session.local_start.isoformat(),
        "ends": session.local_end.isoformat(),
        "place": "" if session.presence == Presence.ONLINE else session.where,
        "body": legal_name or site_name(),  # the organisation that the law knows; a site may call itself otherwise
        "number": number,
        "signer": signer,
        "aims": (order.aim or aims) if is_training else "",
        "outcome": row.outcome if row is not None and is_training else "",
    }


def certificate_facts_now(subject: int, facts: Facts) -> dict[str, Any] | None:
    """The same today; None when the mark was taken back, or the name erased. What the body calls itself since changes nothing."""
    found = Registration.objects.filter(pk=subject, state=RegistrationState.PRESENT).select_related(*IN_FULL).first()
    now = certificate_facts(found) if found is not None else None
    return now if now is not None and now["name"] else None


def _when(facts: Facts) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(facts["starts"]), datetime.fromisoformat(facts["ends"])


def _day(moment: datetime) -> str:
    day: date = moment.date()
    return date_format(day, "DATE_FORMAT")


def _hours(facts: Facts) -> str:
    start, end = _when(facts)
    return _("%(day)s, de %(from)s à %(to)s") % {"day": _day(start), "from": hour_words(start), "to": hour_words(end)}


def _duration(facts: Facts) -> str:
    start, end = _when(facts)
    return duration_words(round((end - start).total_seconds() / QUARTER))


def _nature(kind: str) -> str:
    """What kind of action it is, as the law calls it (code du travail, art. L6313-1)."""
    if kind == Kind.TRAINING:
        return _("Action de formation (article L6313-1 du code du travail)")
    return str(Kind(kind).label)


def _lines(facts: Facts) -> list[tuple[str, str]]:
    return [
        (_("Intitulé"), facts["title"]),
        (_("Nature"), _nature(facts["kind"])),
        (_("Date"), _hours(facts)),
        (_("Durée suivie"), _duration(facts)),
        (_("Lieu"), facts["place"] or _("En ligne")),
        (_("Organisée pour"), facts["client"]),
    ]


def _body(facts: Facts) -> list[tuple[str, str]]:
    return [
        (_("Organisme"), facts["body"]),
        (_("Numéro de déclaration d'activité"), facts["number"]),
        (_("Signé par"), facts["signer"]),
    ]


def certificate_sheet(facts: Facts) -> Sheet:
    """What is printed: for a training the items of the Labour ministry's model, the aims and the result of the evaluation."""
    is_training = facts["kind"] == Kind.TRAINING
    outcome = str(Outcome(facts["outcome"]).label) if facts["outcome"] else _("Non évalué")
    more = [(_("Objectifs"), " ".join(facts["aims"].split())), (_("Évaluation des acquis"), outcome)] if is_training else []
    return Sheet(
        title=_("Certificat de réalisation") if is_training else _("Attestation de présence"),
        lead=_("%(body)s atteste que") % {"body": facts["body"]},
        name=facts["name"],
        sentences=(_("a suivi l'action de formation suivante.") if is_training else _("a participé à la session suivante."),),
        facts=(*_lines(facts), *more, *_body(facts)),
        closing=_("Établi d'après la présence constatée le jour de la session."),
    )


def certificate_shown(facts: Facts) -> Sequence[tuple[str, str]]:
    """What the public page repeats: who, what, when; neither the result nor the place, which a verification does not need."""
    return [
        (_("Participant·e"), facts["name"]),
        (_("Intitulé"), facts["title"]),
        (_("Nature"), _nature(facts["kind"])),
        (_("Date"), _hours(facts)),
        (_("Durée suivie"), _duration(facts)),
        (_("Organisme"), facts["body"]),
    ]


CERTIFICATE = PaperKind(
    key="workshops.certificate",
    label=gettext_lazy("Attestation de présence ou certificat de réalisation"),
    programme=Programme.WORKSHOPS,
    subject="workshops.registration",
    sheet=certificate_sheet,
    shown=certificate_shown,
    now=certificate_facts_now,
    compared={
        "name": gettext_lazy("le nom"),
        "title": gettext_lazy("l'intitulé"),
        "starts": gettext_lazy("la date ou les heures"),
        "ends": gettext_lazy("la date ou les heures"),
        "outcome": gettext_lazy("l'évaluation des acquis"),
    },
    voided_by={"workshops.registration.unmark": "unmarked", "workshops.registration.miss": "unmarked"},
)
