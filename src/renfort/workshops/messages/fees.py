"""What is said of fees: asked, returned, approved (W8, W12)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.money import euros
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import FeeKind, FeeState, RoundState
from renfort.workshops.messages.facts import W, client_of, facts_of, sample_assignment, sample_of, the_association
from renfort.workshops.models import Fee, Round
from renfort.workshops.selectors.fees import sums_by_payee, total_of


def its_coordinator(event: Event[Round]) -> Iterable[Recipient]:
    """Who asked, unless it is the one who did it."""
    coordinator = event.obj.assignment.coordinator
    return [] if coordinator is None or coordinator.pk == event.actor.person_id else [recipient_of(coordinator.person)]


def the_payees(event: Event[Round]) -> Iterable[Recipient]:
    """Those whom it pays, once each."""
    return [recipient_of(person) for person, _count, _sum in sums_by_payee(event.obj).values()] if event.obj.pk else []


def the_payee(event: Event[Fee]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.payee)]


def own_page() -> str:
    return reverse("workshops:own-fees")


def asked(event: Event[Round], reader: Recipient) -> Mail:
    count, total = total_of(event.obj)
    return Mail(
        subject=_("Des rétributions à approuver : %(client)s") % {"client": client_of(event.obj.assignment)},
        sentences=(_("La coordination demande les rétributions de cette mission."),),
        facts=(*facts_of(event.obj.assignment), (_("Lignes"), str(count)), (_("Total hors taxes"), euros(total))),
        action=(_("Voir la demande"), reverse("workshops:round", args=[event.obj.pk])),
    )


def _own_facts(event: Event[Round], reader: Recipient) -> tuple[tuple[str, str], ...]:
    _person, count, total = sums_by_payee(event.obj).get(reader.person_id or 0, (None, 1, 15_000))
    return (*facts_of(event.obj.assignment), (_("Sessions"), str(count)), (_("Total hors taxes"), euros(total)))


def asked_for(event: Event[Round], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre rétribution est demandée : %(client)s") % {"client": client_of(event.obj.assignment)},
        sentences=(_("La coordination a demandé votre rétribution. L'association l'approuve, puis elle vous est payée."),),
        facts=_own_facts(event, reader),
        action=(_("Mes rétributions"), own_page()),
    )


def approved(event: Event[Round], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre rétribution est approuvée : %(client)s") % {"client": client_of(event.obj.assignment)},
        sentences=(_("L'association a approuvé votre rétribution. Le relevé du mois est dans votre espace."),),
        facts=_own_facts(event, reader),
        action=(_("Mes rétributions"), own_page()),
    )


def coordination_approved(event: Event[Fee], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre rétribution est approuvée : %(client)s") % {"client": client_of(event.obj.assignment)},
        sentences=(_("L'association a approuvé votre rétribution. Le relevé du mois est dans votre espace."),),
        facts=(
            *facts_of(event.obj.assignment),
            (_("Services rendus"), str(event.obj.quantity)),
            (_("Total hors taxes"), euros(event.obj.amount)),
        ),
        action=(_("Mes rétributions"), own_page()),
    )


def returned(event: Event[Round], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Des rétributions vous reviennent : %(client)s") % {"client": client_of(event.obj.assignment)},
        sentences=(
            _("L'association a renvoyé des lignes de votre demande. Corrigez ce qu'il faut, puis redemandez-les."),
            *event.texts.get("reason", "").splitlines(),
        ),
        facts=facts_of(event.obj.assignment),
        action=(_("Voir les rétributions"), reverse("workshops:fees", args=[event.obj.assignment_id])),
    )


# ── invented, for the preview ─────────────────────────────────────────────────────────────────────
def a_round() -> Round:
    return Round(pk=0, assignment=sample_assignment(), state=RoundState.SUBMITTED, month=timezone.localdate().replace(day=1))


def a_fee() -> Fee:
    return Fee(
        pk=0, assignment=sample_assignment(), payee=Person(pk=0, first_name="Awa", last_name="Diallo"), quantity=4,
        kind=FeeKind.COORDINATION, unit_amount=10_000, amount=40_000, state=FeeState.REQUESTED,
    )  # fmt: skip


_sample = sample_of(a_round)

FEES_ASKED = Message(
    "workshops.round.asked", gettext_lazy("Des rétributions à approuver"), the_association, asked, W, sample=_sample
)
FEES_ASKED_FOR = Message(
    "workshops.round.asked_for", gettext_lazy("Votre rétribution est demandée"), the_payees, asked_for, W, optional=True,
    sample=_sample,
)  # fmt: skip
FEES_APPROVED = Message(
    "workshops.round.approved", gettext_lazy("Votre rétribution est approuvée"), the_payees, approved, W, sample=_sample
)
FEES_RETURNED = Message(
    "workshops.round.returned", gettext_lazy("Des rétributions renvoyées"), its_coordinator, returned, W,
    sample=sample_of(a_round, texts=lambda: {"reason": _("La session du 3 mars a été annulée.")}),
)  # fmt: skip
COORDINATION_APPROVED = Message(
    "workshops.fee.approved", gettext_lazy("Votre coordination est rétribuée"), the_payee, coordination_approved, W,
    sample=sample_of(a_fee),
)  # fmt: skip
