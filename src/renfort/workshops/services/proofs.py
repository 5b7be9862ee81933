"""Compliance documents: what is kept of a file, sending it, reminding of those that expire (W4, W12)."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader, PdfWriter

from renfort.kernel import images
from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, fire, lock_row
from renfort.parameters.selectors import values_of
from renfort.workshops.catalogue import FIRST_REMINDER, LAST_REMINDER
from renfort.workshops.enums import ProofState
from renfort.workshops.messages import DOCUMENT_EXPIRES, PROOF_SENT
from renfort.workshops.models import Proof
from renfort.workshops.selectors.assignment import facilitator_of
from renfort.workshops.selectors.proofs import expiring
from renfort.workshops.workflow import PROOF

logger = logging.getLogger(__name__)
MOST_BYTES, MOST_PAGES, LARGEST = 10_000_000, 30, 2000  # pixels on the longer side
PDF, WEBP = "application/pdf", "image/webp"
ACCEPTED = f"{PDF},{images.ACCEPT}"
MORNING, EVENING, PARIS = 8, 20, ZoneInfo("Europe/Paris")  # nobody is written to at night


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a file that was sent."""

    data: bytes
    media: str
    name: str


def keep_of(file: UploadedFile) -> Kept:
    """The pages of a PDF, or the pixels of a picture, made anew: no script, no attachment, no form, nothing hidden.

    What it is is read from the file itself, not from its name or from what the browser says.

    Raises:
        ValidationError: with the sentence that says why it cannot be kept.
    """
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(_("Ce fichier est trop lourd : 10 Mo au plus."))
    name = (file.name or "").replace("\x00", "")[-120:] or _("document")
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" in head:
        return Kept(_pages(file.read()), PDF, name)
    return Kept(images.renditions(file, LARGEST, _smaller)["page"], WEBP, name)


def _smaller(image: Image.Image) -> dict[str, Image.Image]:
    page = image.copy()
    page.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    return {"page": page}


def _pages(data: bytes) -> bytes:
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise ValidationError(_("Ce PDF est protégé par un mot de passe : enregistrez-le sans, puis envoyez-le de nouveau."))
        if not 1 <= len(reader.pages) <= MOST_PAGES:
            raise ValidationError(_("Ce PDF a trop de pages, ou aucune : %(n)d au plus.") % {"n": MOST_PAGES})
        writer = PdfWriter()
        for page in reader.pages:
            for name in ("/AA", "/Annots", "/Metadata", "/PieceInfo"):  # what acts, what hides
                page.pop(name, None)
            writer.add_page(page)
        written = BytesIO()
        writer.write(written)
    except ValidationError:
        raise
    except Exception:  # the reader fails in every way on a broken or hostile file
        logger.info("a document could not be read", exc_info=True)
        raise ValidationError(_("Ce fichier n'est pas un PDF que nous savons lire : enregistrez-le de nouveau.")) from None
    return written.getvalue()


def send_proof(*, actor: Actor, kind: str, kept: Kept, valid_from: date, valid_until: date | None) -> Proof:
    """Send a document to the association; one of the same kind that waits still is withdrawn for it.

    The file is written first: a row never names what is not there.

    Raises:
        NotAllowed: the actor leads no sessions.
    """
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise NotAllowed(_("Cette action est réservée aux animateur·ices."))
    ending = "pdf" if kept.media == PDF else "webp"
    path = default_storage.save(f"workshops/proofs/{secrets.token_hex(16)}.{ending}", ContentFile(kept.data))
    try:
        with transaction.atomic():
            lock_row(facilitator)
            for former in Proof.objects.filter(facilitator=facilitator, kind=kind, state=ProofState.SENT):
                fire(PROOF, former, "withdraw", actor=actor)
            made = Proof.objects.create(
                facilitator=facilitator, kind=kind, name=kept.name, file=path, media=kept.media, size=len(kept.data),
                digest=hashlib.sha256(kept.data).hexdigest(), valid_from=valid_from, valid_until=valid_until,
                sent_at=timezone.now(),
            )  # fmt: skip
            publish("workshops.proof.send", made, actor=actor, after=made.state, codes={"kind": kind}, tells=(PROOF_SENT,))
    except BaseException:
        default_storage.delete(path)  # a file that no row knows would lie there for ever
        raise
    return made


def remind_of_documents(now: datetime) -> int:
    """Tell facilitators of documents that expire, twice each: so many days before, by day (the operator's settings).

    Returns how many were told. Called again it tells nobody twice; a missed day is made up for.
    """
    local = now.astimezone(PARIS)
    if not MORNING <= local.hour < EVENING:
        return 0
    told = 0
    for days in sorted(values_of(FIRST_REMINDER, LAST_REMINDER)):  # the nearer first: who is told of it is not told of the other
        for each in expiring(local.date(), days):
            try:
                with transaction.atomic():
                    locked = lock_row(each)
                    if locked.told_days is not None and locked.told_days <= days:
                        continue
                    locked.told_days = days
                    locked.save(update_fields=["told_days"])
                    publish(
                        "workshops.compliancedocument.remind", each, actor=CLOCK, codes={"days": days}, tells=(DOCUMENT_EXPIRES,)
                    )
                    told += 1
            except Exception:  # one document must not stop the others
                logger.exception("nobody could be reminded of document %s", each.pk)
    return told
