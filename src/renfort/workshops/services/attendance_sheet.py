"""The attendance sheet as PDF: who was expected, who came, who signed, half-day by half-day (W6; D « Sign-in sheet »)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renfort.documents.services import print_sheet
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed
from renfort.kernel.templatetags.ui import hour_words, number
from renfort.parameters.catalogue import TRAINING_NUMBER
from renfort.parameters.selectors import site_name, value_of
from renfort.workshops.enums import Kind, Presence, RegistrationState, Seat
from renfort.workshops.models import Enrolment, Registration, Session, Signature
from renfort.workshops.rules.attendance import takes_attendance
from renfort.workshops.selectors.attendance import Half, halves_of, headcounts_of, people_of, signatures_of
from renfort.workshops.selectors.sessions import seated

LAYOUT = Path(__file__).resolve().parent.parent / "typst" / "attendance.typ"
BLANK_LINES = 5  # for who comes without being on the list, as long as the session is not over
R = RegistrationState
HERE = (R.CONFIRMED, R.PRESENT, R.ABSENT)


def drawing_of(signature: Signature) -> str:
    """The drawn signature as SVG; "" when there is none. Its path was checked when it came, by the database too."""
    if not signature.path:
        return ""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><path d="{}" fill="none" stroke="#14264a"'
        ' stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
        signature.path,
    )


def attendance_sheet(*, actor: Actor, session: Session) -> bytes:
    """The sheet of a session as tagged PDF, in the language in force. Eight queries, whatever the number of people.

    Raises:
        NotAllowed: the actor takes no attendance of this session.
    """
    if not takes_attendance(actor, session):
        raise NotAllowed(_("La feuille de présence est réservée à qui anime la session, à la coordination et à l'association."))
    return print_sheet(LAYOUT, _data(session), at=timezone.now())


def _data(session: Session) -> dict[str, Any]:
    now = timezone.localtime(timezone.now())
    language = (get_language() or "fr")[:2]
    order = session.assignment.order
    people = [each for each in people_of(session) if each.state in HERE]
    team = seated(session)
    signatures = signatures_of(session)
    of_person = {(each.registration_id, each.half): each for each in signatures if each.registration_id}
    of_team = {(each.enrolment_id, each.half): each for each in signatures if each.enrolment_id}
    counts = headcounts_of(session)
    blank = [_line("") for _place in range(0 if session.is_over else BLANK_LINES)]
    halves, parts = [], halves_of(session)
    for half in parts:
        count = counts.get(half.number)
        lines = [
            _participant(each, of_person.get((each.pk, half.number)), session, is_here=_half_of(each, parts) == half.number)
            for each in people
        ]
        halves.append({
            "title": half.words,
            "count": _("Présent·es, sans noms : %(n)s") % {"n": number(count.people)} if count else "",
            "facilitators": [_facilitator(each, of_team.get((each.pk, half.number)), session) for each in team] or [_line("")],
            "lines": lines + ([] if count and not lines else blank),
        })  # fmt: skip
    title, nda = _("Feuille de présence"), value_of(TRAINING_NUMBER)
    return {
        "lang": language, "region": "FR" if language == "fr" else "GB", "title": title, "author": site_name(),
        "site": site_name(), "year": now.year, "month": now.month, "day": now.day,
        "body": _("NDA %(number)s") % {"number": nda} if nda else "",
        "facts": [
            [_("Client"), order.client.organisation.name],
            [_("Mission"), _("n° %(number)d · %(title)s") % {"number": session.assignment_id, "title": order.title}],
            [_("Session"), str(Kind(session.kind).label)],
            [_("Lieu"), str(Presence.ONLINE.label) if session.presence == Presence.ONLINE else session.where],
            [_("Horaires"), session.words],
        ],
        "number": _("N°"), "names": _("Nom et prénom"), "signature": _("Signature"),
        "facilitators": _("Animation"), "participants": _("Participant·es"), "halves": halves,
        "footer": _("%(title)s · mission n° %(mission)d, session n° %(session)d") % {
            "title": title, "mission": session.assignment_id, "session": session.pk,
        },
        "issued": _("Établie le %(day)s.") % {"day": date_format(now.date(), "DATE_FORMAT")},
    }  # fmt: skip


def _line(name: str, note: str = "", signature: Signature | None = None, zone: str = "", stamp: str = "") -> dict[str, str]:
    said, drawing, alt = stamp, "", ""
    if signature is not None:
        when = timezone.localtime(signature.signed_at, ZoneInfo(zone))
        moment = {"day": date_format(when.date(), "SHORT_DATE_FORMAT"), "hour": hour_words(when)}
        drawing = drawing_of(signature)
        signed = _("Signé à l'écran le %(day)s à %(hour)s") if drawing else _("« Je signe », coché le %(day)s à %(hour)s")
        said, alt = signed % moment, _("Signature de %(name)s") % {"name": signature.name}
    return {"name": name, "note": note, "drawing": drawing, "alt": alt, "said": said}


def _facilitator(each: Enrolment, signature: Signature | None, session: Session) -> dict[str, str]:
    person = each.facilitator.person
    return _line(f"{person.last_name} {person.first_name}", str(Seat(each.seat).label), signature, session.zone)


def _half_of(each: Registration, halves: list[Half]) -> int:
    """The half-day in which somebody was noted present; 0 for nobody. What is noted after the end is of the last one."""
    if each.state != R.PRESENT or each.scanned_at is None:
        return 0
    return max([half.number for half in halves if half.starts_at <= each.scanned_at], default=1)


def _participant(each: Registration, signature: Signature | None, session: Session, *, is_here: bool) -> dict[str, str]:
    """One line. A presence noted in the morning proves no afternoon: it stands in the half-day in which it was noted alone."""
    name = f"{each.last_name} {each.first_name}".strip() or each.email
    note = str(R.ABSENT.label) if each.state == R.ABSENT else ""
    stamp = ""
    if is_here and each.scanned_at is not None:
        when = timezone.localtime(each.scanned_at, ZoneInfo(session.zone))
        moment = {"day": date_format(when.date(), "SHORT_DATE_FORMAT"), "hour": hour_words(when)}
        by_code = _("Présence par le code de la salle, le %(day)s à %(hour)s")
        words = _("Présence notée le %(day)s à %(hour)s") if each.marked_by_id else by_code
        stamp = words % moment
    return _line(name, note, signature, session.zone, stamp)
