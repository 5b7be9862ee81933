"""What is said of an opportunity and of the assignment that it becomes (W1, W10)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.people.selectors import recipient_of
from renfort.workshops.messages.facts import (
    W,
    assignment_page,
    client_of,
    facts_of,
    sample_assignment,
    sample_of,
    the_association,
    the_coordinator,
)
from renfort.workshops.models import Assignment, Candidacy, Facilitator
from renfort.workshops.selectors.assignment import candidacies, who_could


def those_who_could(event: Event[Assignment]) -> Iterable[Recipient]:
    return [recipient_of(person) for person in who_could(event.obj)] if event.obj.pk else []


def the_other_candidates(event: Event[Assignment]) -> Iterable[Recipient]:
    """Those who applied and were not chosen."""
    chosen = str(event.codes.get("candidate", ""))
    if not event.obj.pk or not chosen:  # nobody is chosen yet: the page that asks whom says in general who is told
        return []
    return [recipient_of(each.facilitator.person) for each in candidacies(event.obj) if str(each.facilitator_id) != chosen]


def the_former_coordinator(event: Event[Assignment]) -> Iterable[Recipient]:
    """Whose it was: the row has forgotten it, the candidacy that ended at the same moment has not."""
    if event.obj.coordinator is not None:  # before it is done, for the page that says who will be told
        return [recipient_of(event.obj.coordinator.person)]
    withdrawn = (
        Candidacy.objects.filter(assignment=event.obj, withdrawn_at=event.at) if event.obj.pk else Candidacy.objects.none()
    )
    return [recipient_of(each.facilitator.person) for each in withdrawn.select_related("facilitator__person__account")]


def reasons(event: Event[Assignment]) -> tuple[str, ...]:
    """The words of who did it, when there are some."""
    return (event.texts["reason"],) if event.texts.get("reason") else ()


def opportunity_page(assignment: Assignment) -> str:
    return reverse("workshops:opportunity", args=[assignment.pk])


def order_page(assignment: Assignment) -> str:
    return reverse("workshops:order", args=[assignment.order_id])


def offered(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Une mission à coordonner : %(client)s") % {"client": client_of(event.obj)},
        sentences=(_("Une mission de coordination cherche quelqu'un de votre niveau. Dites si elle vous intéresse."),),
        facts=facts_of(event.obj),
        action=(_("Voir l'opportunité"), opportunity_page(event.obj)),
    )


def applied(event: Event[Candidacy], reader: Recipient) -> Mail:
    assignment = event.obj.assignment
    return Mail(
        subject=_("Une candidature pour coordonner : %(client)s") % {"client": client_of(assignment)},
        sentences=(_("%(name)s propose de coordonner cette mission.") % {"name": event.obj.facilitator.person.full_name},),
        facts=facts_of(assignment),
        action=(_("Voir la commande"), order_page(assignment)),
    )


def awarded(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("La mission %(client)s est à vous") % {"client": client_of(event.obj)},
        sentences=(
            _("L'association vous confie cette mission de coordination."),
            _("Elle est dans « Mes missions » : la commande, ce qui est planifié, ce qui reste à faire."),
        ),
        facts=facts_of(event.obj),
        action=(_("Ouvrir la mission"), assignment_page(event.obj)),
        more=((_("Mes missions"), reverse("workshops:pros")),),
    )


def given_to_another(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("La mission %(client)s est confiée à quelqu'un d'autre") % {"client": client_of(event.obj)},
        sentences=(_("Merci de votre candidature. D'autres opportunités vous attendent peut-être."),),
        facts=facts_of(event.obj),
        action=(_("Voir les opportunités"), reverse("workshops:pros")),
    )


def given_back(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("La mission %(client)s cherche à nouveau une coordination") % {"client": client_of(event.obj)},
        sentences=(_("Qui la coordonnait y renonce. Elle est de nouveau proposée."), *reasons(event)),
        facts=facts_of(event.obj),
        action=(_("Voir la commande"), order_page(event.obj)),
    )


def taken_back(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Vous ne coordonnez plus la mission %(client)s") % {"client": client_of(event.obj)},
        sentences=(_("L'association la propose de nouveau."), *reasons(event)),
        facts=facts_of(event.obj),
        action=(_("Mes missions"), reverse("workshops:pros")),
    )


def cancelled(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("La mission %(client)s est annulée") % {"client": client_of(event.obj)},
        sentences=(_("Ses sessions à venir sont annulées aussi, et leurs animateur·ices prévenu·es."), *reasons(event)),
        facts=facts_of(event.obj),
        action=(_("Mes missions"), reverse("workshops:pros")),
    )


def closed(event: Event[Assignment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("La mission %(client)s est clôturée") % {"client": client_of(event.obj)},
        sentences=(_("La commande est honorée : le client peut être facturé."), *reasons(event)),
        facts=facts_of(event.obj),
        action=(_("Voir la commande"), order_page(event.obj)),
    )


def a_candidacy() -> Candidacy:
    assignment = sample_assignment()
    return Candidacy(pk=0, assignment=assignment, facilitator=assignment.coordinator or Facilitator())


_sample = sample_of(sample_assignment)

OFFERED = Message(
    "workshops.assignment.offered", gettext_lazy("Une mission à coordonner"), those_who_could, offered, W, sample=_sample
)
APPLIED = Message(
    "workshops.candidacy.applied", gettext_lazy("Une candidature reçue"), the_association, applied, W, by_mail=False,
    sample=sample_of(a_candidacy),
)  # fmt: skip
AWARDED = Message(
    "workshops.assignment.awarded", gettext_lazy("Une mission vous est confiée"), the_coordinator, awarded, W, sample=_sample
)
GIVEN_TO_ANOTHER = Message(
    "workshops.assignment.given_to_another", gettext_lazy("La mission est confiée à quelqu'un d'autre"), the_other_candidates,
    given_to_another, W, sample=_sample,
)  # fmt: skip
GIVEN_BACK = Message(
    "workshops.assignment.given_back", gettext_lazy("Une coordination est rendue"), the_association, given_back, W, sample=_sample
)
TAKEN_BACK = Message(
    "workshops.assignment.taken_back", gettext_lazy("Une mission ne vous est plus confiée"), the_former_coordinator, taken_back,
    W, sample=_sample,
)  # fmt: skip
CANCELLED = Message(
    "workshops.assignment.cancelled", gettext_lazy("Une mission de coordination est annulée"), the_former_coordinator, cancelled,
    W, sample=_sample,
)  # fmt: skip
CLOSED = Message(
    "workshops.assignment.closed", gettext_lazy("Une mission est clôturée"), the_association, closed, W, sample=_sample
)
