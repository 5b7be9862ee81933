"""The day of a session, on a phone: « Présences », the code of the room, signatures, the sheet (W6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.templatetags.ui import moment_words
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.people.selectors import names_of
from renfort.workshops.enums import Act, RegistrationState
from renfort.workshops.forms.attendance import ArrivalForm, CountForm, SelfEntryForm, SignForm
from renfort.workshops.models import Registration, Session, Signature
from renfort.workshops.rules.attendance import oversees
from renfort.workshops.selectors.attendance import (
    LISTED,
    MOST_SHOWN,
    code_of,
    counts_heads,
    halves_of,
    headcounts_of,
    own_enrolment,
    people_of,
    roll_call_of,
    session_of_code,
    sessions_to_call,
    signatures_of,
    states_of,
    tally_of,
)
from renfort.workshops.selectors.roles import is_staff
from renfort.workshops.services.attendance import (
    REFUSED,
    Tap,
    add_on_the_spot,
    count_heads,
    declare_complete,
    enter_oneself,
    mark,
    mark_all,
    open_code,
    reopen,
    revoke_code,
    sign,
    when_tapped,
    why_not_now,
)
from renfort.workshops.services.attendance_sheet import attendance_sheet
from renfort.workshops.views.menus import enter_facilitator, enter_staff

UNPROCESSABLE, CONFLICT, FORBIDDEN = 422, 409, 403
READ = ["GET", "HEAD", "POST"]
MOST_TAPS = 50  # in one request; a phone sends the next ones after
LONGEST_AGO = 60 * 86_400_000  # milliseconds: longer than any window
BIGGEST = 2**63 - 1
WORKER = Path(__file__).resolve().parent.parent / "static" / "workshops" / "attendance-worker.js"
R = RegistrationState


def enter_roll_call(request: Request, pk: int) -> tuple[Actor, Session]:
    """Open a session's attendance as who coordinates, else as the association, else as who leads it (P13), with the session.

    Raises:
        Http404: the person does neither; the page does not tell whether it exists.
    """
    known = Session.objects.select_related("assignment__order").filter(pk=pk).first() if pk <= BIGGEST else None
    if known is None:
        raise Http404
    assignment, who = known.assignment, request.actor
    client = assignment.order.client_id
    coordinates = assignment.coordinator_id == who.person_id and who.holds(
        Programme.WORKSHOPS, Role.COORDINATOR, ScopeKind.ORGANISATION, client
    )
    if coordinates:
        actor = enter(request, Programme.WORKSHOPS, Role.COORDINATOR, ScopeKind.ORGANISATION, client)
    else:
        actor = enter_staff(request) if is_staff(who) else enter_facilitator(request)
    found = sessions_to_call(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return actor, found


# ── « Présences » ─────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
@never_cache
def roll_call(request: Request, session: int) -> HttpResponse:
    """The list: search, one tap for each person, how many are there (W6)."""
    actor, one = enter_roll_call(request, session)
    return _roll_call(request, actor, one)


def _roll_call(
    request: Request, actor: Actor, one: Session, *, refusal: str = "", count_form: CountForm | None = None, status: int = 200
) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    people = list(people_of(one, words)[:MOST_SHOWN])
    closed, call, overseer = why_not_now(one), roll_call_of(one), oversees(actor, one)
    names = names_of({each.marked_by_id for each in people if each.state == R.PRESENT and each.marked_by_id})
    signatures = signatures_of(one)
    signed = {(each.registration_id, each.half) for each in signatures}
    halves = halves_of(one)
    present, expected = tally_of(one)
    listed = [each for each in people if each.state in LISTED]
    own = own_enrolment(actor, one)
    counts = headcounts_of(one)
    context = {
        "session": one,
        "client": one.assignment.order.client,
        "back": _back(actor, one, own),
        "words": words,
        "rows": [_row(each, actor, one, names, overseer=overseer, closed=bool(closed), signed=signed, halves=halves)
                 for each in people],
        "present": present,
        "expected": expected,
        "unlisted": present - sum(each.state == R.PRESENT for each in listed),
        "unlisted_all": expected - len(people),
        "more": len(people) == MOST_SHOWN,
        "closed": closed,
        "refusal": refusal,
        "call": call,
        "may_reopen": call.declared_at is not None and overseer,
        "may_declare": one.is_over and not closed,
        "halves": halves if counts_heads(one) else [],
        "counts": [
            (half, count_form if count_form is not None and count_form.data.get("half") == str(half.number) else CountForm(
                initial={"half": half.number, "people": counts[half.number].people if half.number in counts else None},
                auto_id=f"id_%s_{half.number}",
            ))
            for half in halves
        ] if counts_heads(one) else [],
        "own_halves": [
            (half, next((each for each in signatures if own and each.enrolment_id == own.pk and each.half == half.number), None))
            for half in halves
        ] if own is not None else [],
        "store": f"presences-{one.pk}-{actor.person_id}",
    }  # fmt: skip
    return render(request, "workshops/attendance/roll_call.html", context, status=status)


def _back(actor: Actor, one: Session, own: Any) -> str:
    if oversees(actor, one) or own is None:
        return reverse("workshops:session", args=[one.assignment_id, one.pk])
    return reverse("workshops:own-session", args=[own.pk])


def _row(
    each: Registration, actor: Actor, one: Session, names: dict[int, str], *, overseer: bool, closed: bool,
    signed: set[tuple[int | None, int]], halves: list[Any],
) -> dict[str, Any]:  # fmt: skip
    """One person as the list shows them."""
    is_there = each.state == R.PRESENT
    note = "" if each.state == R.CONFIRMED else str(R(each.state).label)
    if is_there and each.scanned_at is not None:
        when = moment_words(each.scanned_at, one.zone)
        who = names.get(each.marked_by_id or 0, "") or _("par le code")
        note = _("%(when)s, %(who)s") % {"when": when, "who": who}
    may = not closed and (not is_there or overseer or (each.marked_by_id is not None and each.marked_by_id == actor.person_id))
    return {
        "pk": each.pk,
        "name": f"{each.last_name} {each.first_name}".strip() or each.email,
        "state": "present" if is_there else "expected",
        "note": note,
        "may": may,
        "tap": f"{each.pk}:{Act.TAKEN_BACK if is_there else Act.PRESENT}:{uuid4()}",
        "halves": [(half, (each.pk, half.number) in signed) for half in halves],
    }


@login_required
@require_POST
def roll_call_mark(request: Request, session: int) -> HttpResponse:
    """One tap without script: the same as with it, in a form."""
    actor, one = enter_roll_call(request, session)
    tap = _tap_of(request.POST.get("tap", ""))
    if tap is None:
        return _roll_call(request, actor, one, refusal=_("Cette demande n'a pas été comprise."), status=UNPROCESSABLE)
    said = mark(actor=actor, session=one, tap=tap)
    if said.outcome == REFUSED:
        return _roll_call(request, actor, one, refusal=said.words, status=CONFLICT)
    query = f"?q={words}" if (words := request.POST.get("q", "")[:100]).isalnum() else ""
    return redirect(f"{reverse('workshops:roll-call', args=[session])}{query}#p-{tap.registration}")


def _tap_of(text: str) -> Tap | None:
    """What the button of a row says: « 12:present:<key> »."""
    parts = text.split(":")
    if len(parts) != 3:  # noqa: PLR2004 -- number, act, key
        return None
    return _tap({"registration": int(parts[0]) if _is_number(parts[0]) else None, "act": parts[1], "key": parts[2], "ago": 0})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 -- fits a bigint


def _tap(said: Any) -> Tap | None:
    """One tap as a phone says it; None when it is nonsense."""
    if not isinstance(said, dict):
        return None
    number, act, ago = said.get("registration"), said.get("act"), said.get("ago")
    if type(number) is not int or not 0 < number <= BIGGEST or act not in Act.values:
        return None
    if isinstance(ago, bool) or not isinstance(ago, int | float) or not 0 <= ago <= LONGEST_AGO:
        return None
    try:
        key = UUID(str(said.get("key")))
    except ValueError:
        return None
    return Tap(key=key, registration=number, act=str(act), at=when_tapped(int(ago)))


@login_required
@require_POST
@never_cache
def roll_call_marks(request: Request, session: int) -> HttpResponse:
    """What a phone has kept: JSON ``{"marks": [{"key", "registration", "act", "ago"}]}``, ``ago`` in milliseconds before now.

    Answers what became of each, in the same order. 422 when it is not understood; nothing is noted then.
    """
    actor, one = enter_roll_call(request, session)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        said = None
    marks = said.get("marks") if isinstance(said, dict) else None
    taps = [_tap(each) for each in marks] if isinstance(marks, list) and len(marks) <= MOST_TAPS else [None]
    known = [tap for tap in taps if tap is not None]
    if len(known) != len(taps):
        return JsonResponse({"error": _("Cette demande n'a pas été comprise.")}, status=UNPROCESSABLE)
    found = mark_all(actor=actor, session=one, taps=known)
    answer = [
        {"key": str(each.tap.key), "registration": each.tap.registration, "outcome": each.outcome, "words": each.words,
         "state": each.state and ("present" if each.state == R.PRESENT else "expected")}
        for each in found
    ]  # fmt: skip
    return JsonResponse({"marks": answer})


@login_required
@require_safe
@never_cache
def roll_call_state(request: Request, session: int) -> HttpResponse:
    """Who is present now, for the other phones of the room: ``{"rows": {"12": "present"}}``."""
    _actor, one = enter_roll_call(request, session)
    rows = {str(pk): "present" if state == R.PRESENT else "expected" for pk, state in states_of(one).items()}
    return JsonResponse({"rows": rows})


@require_safe
def roll_call_worker(request: HttpRequest) -> HttpResponse:
    """The script that opens « Présences » without network; it stands beside the pages, for it may serve no others."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@login_required
@require_http_methods(READ)
@never_cache
def roll_call_add(request: Request, session: int) -> HttpResponse:
    """« Dernière minute »: somebody who is not on the list."""
    actor, one = enter_roll_call(request, session)
    form, status = ArrivalForm(), 200
    here = reverse("workshops:roll-call", args=[session])
    if request.method == "POST":
        form, status = ArrivalForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                to = once(
                    form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                    make=lambda: f"{here}#p-{add_on_the_spot(actor=actor, session=one, arrival=form.arrival()).pk}",
                )  # fmt: skip
            except Refused as refused:
                status = _say(form, refused)
            else:
                messages.success(request, _("%(name)s : présence notée.") % {"name": form.cleaned_data["first_name"]})
                return redirect(to)
    context = {
        "form": form, "title": _("Ajouter une personne"), "button": _("Noter sa présence"), "back": here,
        "lead": f"{one.title} · {one.words}",
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


def _say(form: Any, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


@login_required
@require_POST
def roll_call_count(request: Request, session: int) -> HttpResponse:
    """A number instead of names, for one half-day (teaching)."""
    actor, one = enter_roll_call(request, session)
    form = CountForm(request.POST)
    if not form.is_valid():
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _roll_call(request, actor, one, refusal=sentence, count_form=form, status=UNPROCESSABLE)
    try:
        count_heads(actor=actor, session=one, **form.cleaned_data)
    except Refused as refused:
        return _roll_call(request, actor, one, refusal=str(refused), status=CONFLICT)
    messages.success(request, _("Nombre de présent·es noté."))
    return redirect("workshops:roll-call", session)


@login_required
@require_POST
def roll_call_complete(request: Request, session: int) -> HttpResponse:
    """« La liste est complète », or the list is taken up again."""
    actor, one = enter_roll_call(request, session)
    try:
        if request.POST.get("faire") == "rouvrir":
            reopen(actor=actor, session=one)
            messages.success(request, _("La feuille de présence est rouverte."))
        else:
            declare_complete(actor=actor, session=one)
            messages.success(request, _("La présence est déclarée complète. Qui n'a pas été marqué·e est noté·e absent·e."))
    except Refused as refused:
        return _roll_call(request, actor, one, refusal=str(refused), status=CONFLICT)
    except NotAllowed as refused:
        return _roll_call(request, actor, one, refusal=str(refused), status=FORBIDDEN)
    return redirect("workshops:roll-call", session)


# ── the sheet ─────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
@never_cache
def roll_call_sheet(request: Request, session: int) -> HttpResponse:
    """The attendance sheet as PDF, half-day by half-day, with the signatures given so far."""
    actor, one = enter_roll_call(request, session)
    response = HttpResponse(attendance_sheet(actor=actor, session=one), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="feuille-de-presence-{one.pk}.pdf"'
    return response


@login_required
@require_http_methods(READ)
@never_cache
def roll_call_sign(request: Request, session: int, half: int, registration: int | None = None) -> HttpResponse:
    """A participant signs on this phone; without ``registration``, who leads the session does."""
    actor, one = enter_roll_call(request, session)
    part = next((each for each in halves_of(one) if each.number == half), None)
    who = people_of(one).filter(pk=registration).first() if registration is not None and registration <= BIGGEST else None
    own = own_enrolment(actor, one) if registration is None else None
    if part is None or (who is None and own is None):
        raise Http404
    name = who.full_name if who is not None else own.facilitator.person.full_name if own is not None else ""
    form, status = SignForm(name=name), 200
    here = reverse("workshops:roll-call", args=[session])
    if request.method == "POST":
        form, status = SignForm(request.POST, name=name), UNPROCESSABLE
        if form.is_valid():
            try:
                sign(actor=actor, session=one, half=half, registration=who, **form.cleaned_data)
            except Refused as refused:
                status = _say(form, refused)
            else:
                messages.success(request, _("%(name)s : signature gardée.") % {"name": name})
                return redirect(f"{here}#p-{registration}" if registration else here)
    known = Signature.objects.filter(session=one, half=half, registration=who, enrolment=own).first()
    context = {"session": one, "half": part, "name": name, "form": form, "back": here, "signed": known}
    return render(request, "workshops/attendance/sign.html", context, status=status)


# ── the code of the room ──────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
@never_cache
def roll_call_code(request: Request, session: int) -> HttpResponse:
    """The QR code to show on a screen or to print; made anew, or revoked."""
    actor, one = enter_roll_call(request, session)
    refusals, status = [], 200
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "retirer":
                revoke_code(actor=actor, session=one)
                messages.success(request, _("Le code ne s'ouvre plus."))
            else:
                open_code(actor=actor, session=one)
                messages.success(request, _("Le code est prêt. Un code précédent ne s'ouvre plus."))
            return redirect("workshops:roll-call-code", session)
        except Refused as refused:
            refusals, status = refused.sentences, CONFLICT
    path = code_of(roll_call_of(one))
    address = f"{settings.BASE_URL}{path}" if path else ""
    picture = segno.make(address, error="m", micro=False).svg_data_uri(border=2, scale=8) if address else ""
    context = {
        "session": one, "address": address, "picture": picture, "refusals": refusals, "closed": why_not_now(one),
        "back": reverse("workshops:roll-call", args=[session]),
    }  # fmt: skip
    return render(request, "workshops/attendance/code.html", context, status=status)


@require_http_methods(READ)
@never_cache
def self_entry(request: HttpRequest, token: str) -> HttpResponse:
    """« Je suis là »: behind the code of the room, for anybody. The answer is the same for who is on the list and who is not."""
    one = session_of_code(token)
    if one is None:
        raise Http404
    form, status = SelfEntryForm(), 200
    if request.method == "POST":
        form, status = SelfEntryForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                enter_oneself(session=one, arrival=form.arrival())
            except Refused as refused:
                status = _say(form, refused)
            else:
                return redirect(f"{reverse('workshops:self-entry', args=[token])}?note=oui")
    context = {"session": one, "form": form, "noted": request.GET.get("note") == "oui", "closed": why_not_now(one)}
    return render(request, "workshops/attendance/self_entry.html", context, status=status)
