"""The participants' own pages: no account, a phone, no script (W6). Whoever holds a link acts as that participant alone."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.services import once
from renfort.kernel.firing import Refused, Stale
from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.workshops.components.registrations import (
    calendar_of,
    facts_for_guests,
    registration_badge,
    where_one_stands,
)
from renfort.workshops.enums import RegistrationState
from renfort.workshops.forms.registrations import AnswerForm, JoinForm
from renfort.workshops.models import Registration, Session
from renfort.workshops.selectors.join_links import participant, registration_of_token, session_to_join
from renfort.workshops.selectors.registrations import ahead_in_line, is_full
from renfort.workshops.services.registrations import accept, join, why_not_now
from renfort.workshops.workflow import REGISTRATION

R = RegistrationState
UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
MAY_LEAVE = (R.INVITED, R.WAITING, R.CONFIRMED)
MAY_COME = (R.INVITED, R.DECLINED)


def _session_or_404(token: str) -> Session:
    found = session_to_join(token)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(READ)
def join_page(request: Request, token: str) -> HttpResponse:
    """« Je m'inscris », by the link of the session. The answer is the same for every address."""
    one = _session_or_404(token)
    form, status = JoinForm(request.POST if request.method == "POST" else None), 200
    refusals = why_not_now(one)
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():

            def make() -> str:
                join(session=one, guest=form.guest())
                return reverse("workshops:join-done", args=[token])

            try:
                return redirect(once(form.cleaned_data["form_token"], owner="", make=make))
            except Refused as refused:
                refusals, status = refused.sentences, CONFLICT
    context = {
        "session": one, "form": form, "facts": facts_for_guests(one, inside=False), "refusals": refusals,
        "is_full": not refusals and is_full(one),
    }  # fmt: skip
    return render(request, "workshops/participants/join.html", context, status=status)


@never_cache
@require_safe
def join_done(request: Request, token: str) -> HttpResponse:
    """« C'est noté »: the same for everybody; the e-mail says who has a seat and who waits."""
    one = _session_or_404(token)
    context = {"session": one, "facts": facts_for_guests(one, inside=False), "token": token}
    return render(request, "workshops/participants/done.html", context)


def _mine_or_404(token: str) -> Registration:
    found = registration_of_token(token)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(READ)
def participation(request: Request, token: str) -> HttpResponse:
    """One's own page: where one stands; « Je viens », while one may say so."""
    mine = _mine_or_404(token)
    known = {"first_name": mine.first_name, "last_name": mine.last_name, "language": mine.language}
    form, status, refusals = AnswerForm(initial=known), 200, list[str]()
    if request.method == "POST":
        form, status = AnswerForm(request.POST, initial=known), UNPROCESSABLE
        if form.is_valid():
            try:
                accept(registration=mine, guest=form.guest())
            except Stale:
                return redirect("workshops:participation", token)  # answered already: the page says what
            except Refused as refused:
                refusals, status = refused.sentences, CONFLICT
            else:
                return redirect("workshops:participation", token)
    closed = why_not_now(mine.session)
    place = ahead_in_line(mine) + 1 if mine.state == R.WAITING else 0
    context = {
        "mine": mine,
        "session": mine.session,
        "facts": facts_for_guests(mine.session, inside=mine.state in (R.CONFIRMED, R.PRESENT)),
        "badge": registration_badge(mine),
        "standing": where_one_stands(mine, place),
        "form": form,
        "refusals": refusals,
        "is_full": mine.state in MAY_COME and not closed and is_full(mine.session),
        "may_come": mine.state in MAY_COME and not closed,
        "may_leave": mine.state in MAY_LEAVE and not closed,
        "has_file": mine.state in (R.CONFIRMED, R.PRESENT),
        "token": token,
    }
    return render(request, "workshops/participants/mine.html", context, status=status)


@never_cache
@require_http_methods(READ)
def participation_act(request: Request, token: str, path: str) -> HttpResponse:
    """« Je ne viens pas »."""
    mine = _mine_or_404(token)
    if path != REGISTRATION["decline"].path:
        raise Http404
    title = f"{mine.session.title} · {mine.session.words}"
    back = reverse("workshops:participation", args=[token])
    return act(request, REGISTRATION, mine, path, actor=participant(mine), title=title, back=back)


@never_cache
@require_safe
def participation_file(request: Request, token: str) -> HttpResponse:
    """The session as a calendar file; once one is not expected any more, the same file takes it away."""
    mine = _mine_or_404(token)
    response = HttpResponse(calendar_of(mine), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="session-{mine.session_id}.ics"'
    return response
