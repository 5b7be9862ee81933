"""Clients with their contacts, and the orders that a contact may follow (W11)."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant
from renfort.workshops.enums import AssignmentState
from renfort.workshops.models import Assignment, Client, ClientContact
from renfort.workshops.selectors.registrations import clients_represented
from renfort.workshops.selectors.roles import is_everybody, is_staff

SALT = "renfort.workshops.contact"
SEEN = (AssignmentState.OFFERED, AssignmentState.AWARDED, AssignmentState.CLOSED, AssignmentState.CANCELLED)


def clients_visible(actor: Actor) -> QuerySet[Client]:
    """All for the association, those of which one is a contact; with their contacts."""
    found = Client.objects.select_related("organisation").prefetch_related("contacts")
    if is_everybody(actor) or is_staff(actor):
        return found
    return found.filter(pk__in=clients_represented(actor))


def contacts_visible(actor: Actor) -> QuerySet[ClientContact]:
    """Those of every client, for the association alone."""
    found = ClientContact.objects.select_related("client__organisation", "person")
    return found if is_everybody(actor) or is_staff(actor) else found.none()


def orders_followed(actor: Actor, client: int) -> QuerySet[Assignment]:
    """What became of the orders of one client, for its contact: those in preparation are the association's own; newest first."""
    if client not in clients_represented(actor):
        return Assignment.objects.none()
    found = Assignment.objects.select_related("order__client__organisation", "coordinator__person")
    return found.filter(order__client_id=client, state__in=SEEN).order_by("-id")


# ── the link of an invitation ─────────────────────────────────────────────────────────────────────
def contact_token(seed: str) -> str:
    """The secret part of the link: 160 bits, never written down."""
    return salted_hmac(SALT, seed, algorithm="sha256").hexdigest()[:40]


def contact_digest(token: str) -> str:
    """What the database keeps of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def contact_of_token(token: str) -> ClientContact | None:
    """The contact whose link this is; None when it opens nothing, or no longer. One query."""
    found = ClientContact.objects.select_related("client__organisation")
    return found.filter(link_digest=contact_digest(token)).exclude(link_digest="").first()


def contact_link(contact: ClientContact) -> str:
    """The path of the link, "" when there is none."""
    return reverse("workshops:client-invitation", args=[contact_token(contact.link_seed)]) if contact.link_seed else ""


def contact_grant(contact: ClientContact) -> Grant | None:
    """The role that a contact's person holds for the client. One query; none without a person."""
    if contact.person_id is None:
        return None
    return Grant.objects.filter(
        person_id=contact.person_id, programme=Programme.WORKSHOPS, role=Role.CLIENT_CONTACT, valid_until=None,
        scope_kind=ScopeKind.ORGANISATION, organisation_id=contact.client_id,
    ).first()  # fmt: skip
