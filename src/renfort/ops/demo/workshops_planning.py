"""Planning in the demonstration: a series, invitations that wait, a place to take over, a document to check (W3, W4, W12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from renfort.kernel.actors import Actor
from renfort.workshops.enums import DocumentKind
from renfort.workshops.models import Assignment, Enrolment, Facilitator
from renfort.workshops.selectors.invitations import own_invitations
from renfort.workshops.services.invitations import decline, invite_people
from renfort.workshops.services.proofs import WEBP, Kept, send_proof
from renfort.workshops.services.replacements import propose_place
from renfort.workshops.services.series import plan_series
from renfort.workshops.services.sessions import SessionFacts

DAYS = (22, 29, 36)  # from today: the same weekday, three weeks running
PAPER, INK, SOFT = "#ffffff", "#1e2433", "#5b6478"
LINES = ("Attestation d'assurance", "Responsabilité civile professionnelle", "", "Document de démonstration")


def load(actors: Mapping[str, Actor], who: Mapping[str, Facilitator], names: tuple[str, str, str]) -> None:
    """A series to staff, two people invited, one of whom declined once; a place proposed; an insurance renewed and not yet seen.

    ``names``: in ``actors`` and ``who``, who coordinates, who leads, and who else leads.
    """
    leads, helps, other = names
    what = Assignment.objects.get(order__title="Semaine du climat")
    client, today = what.order.client.organisation, timezone.localdate()
    facts = SessionFacts(
        kind="workshop", presence="on_site", language="fr", day=today + timedelta(days=DAYS[0]), starts=time(9), ends=time(12),
        zone="Europe/Paris", participants=28, leads=2, co_leads=1, address=client.address, postcode=client.postcode,
        city=client.city,
    )  # fmt: skip
    series = plan_series(actor=actors[leads], assignment=what, facts=facts, days=[today + timedelta(days=each) for each in DAYS])
    for session in series[:2]:
        invite_people(actor=actors[leads], session=session, people=[who[helps].pk, who[other].pk])
    refused = own_invitations(actors[other]).filter(session=series[1]).first()
    if refused is not None:
        decline(actor=actors[other], number=refused.pk)
    mine = Enrolment.objects.filter(facilitator=who[leads], state="enrolled", session__assignment__order__audience="education")
    propose_place(
        actor=actors[leads], enrolment=mine.select_related("session__assignment__order").latest("starts_at"), to=None,
        words="Une formation tombe le même jour.",
    )  # fmt: skip
    send_proof(
        actor=actors[helps], kind=DocumentKind.INSURANCE, kept=Kept(_page(), WEBP, "attestation-assurance.webp"),
        valid_from=today, valid_until=today + timedelta(days=365),
    )  # fmt: skip


def _page() -> bytes:
    """A page as somebody photographs it."""
    picture = Image.new("RGB", (700, 990), PAPER)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(LINES):
        colour = INK if number == 0 else SOFT
        draw.text((70, 110 + 60 * number), line, colour, font=ImageFont.load_default(36 if number == 0 else 26))
    written = BytesIO()
    picture.save(written, "WEBP", quality=60)
    return written.getvalue()
