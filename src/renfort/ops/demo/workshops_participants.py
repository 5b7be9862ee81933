"""Participants in the demonstration: a company's session that is full, with a waiting line, invitations and a link (W6)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.workshops.enums import RegistrationSource, RegistrationState
from renfort.workshops.models import JoinLink, Registration, Session
from renfort.workshops.selectors.join_links import JOIN, MINE, new_address

R = RegistrationState
NAMES = (
    "Inès Moreau", "Karim Benali", "Sofia Garnier", "Hugo Lefèvre", "Mariam Traoré", "Paul Rivière", "Nadia Cherif", "Léo Perrin",
    "Yasmine Aubry", "Thomas Collet", "Aïcha Diop", "Julie Renaud", "Marc Dubois", "Élise Caron", "Omar Laurent",
    "Anaïs Gilbert", "Victor Nguyen", "Camille Besson",
)  # fmt: skip
WAITING, INVITED = 2, 2


def fill(session: Session) -> None:
    """Seat as many as there are places, let two wait when it is full, invite two more; and the link to hand on."""
    now = timezone.now()
    seed, digest = new_address(JOIN)
    JoinLink.objects.get_or_create(session=session, defaults={"seed": seed, "digest": digest, "opened_at": now})
    seats = min(session.participants, len(NAMES) - WAITING - INVITED)
    is_full = seats == session.participants
    for place, name in enumerate(NAMES[: seats + WAITING + INVITED]):
        state = R.CONFIRMED if place < seats else R.WAITING if is_full and place < seats + WAITING else R.INVITED
        first, _space, last = name.partition(" ")
        own_seed, own_digest = new_address(MINE)
        at = now - timedelta(days=6, minutes=17 * place)
        made = Registration.objects.create(
            session=session, email=f"participant.w{session.pk}.{place}{DEMO_DOMAIN}", first_name=first, last_name=last,
            state=state,
            seat_order=place - seats + 1 if state == R.WAITING else None, created_at=at, written_at=at,
            agreed_at=None if state == R.INVITED else at, link_seed=own_seed, link_digest=own_digest,
            source=RegistrationSource.EMAIL if state == R.INVITED else RegistrationSource.LINK,
        )  # fmt: skip
        record(Event(name="workshops.registration.join", obj=made, actor=SERVICE, at=at, after=str(state)))
