"""« Après la session »: a participant's own pages, opened by a personal link, without account (W7)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.documents.models import Paper
from renfort.kernel.firing import Refused
from renfort.workshops.enums import Moment
from renfort.workshops.forms.surveys import SurveyForm
from renfort.workshops.models import Registration, Survey
from renfort.workshops.selectors.questionnaires import (
    address_of,
    answered,
    is_silent,
    questions_of,
    registration_of_after,
    surveys_of,
)
from renfort.workshops.services.certificates import issue_certificate, why_no_certificate
from renfort.workshops.services.surveys import answer, end_silence, silence, why_closed

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page of whoever holds the link: the registration in the token's place, in the participant's language until another one
    is chosen, in no search engine and no cache.

    Raises:
        Http404: the link was not made here.
    """

    @wraps(view)
    def inside(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> Any:
        found = registration_of_after(token)
        if found is None:
            raise Http404
        chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        language = translation.get_language() if chosen else found.language
        with translation.override(language or "fr"):
            response = view(request, found, token, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        patch_cache_control(response, private=True, no_store=True)
        return response

    return inside


@require_safe
@own
def after(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The certificate and the questionnaires of one session."""
    return _after(request, registration, token)


def _after(request: HttpRequest, registration: Registration, token: str, status: int = 200) -> HttpResponse:
    now = timezone.now()
    sent = surveys_of(registration)
    for each in sent:
        each.registration = registration
    context = {
        "token": token,
        "registration": registration,
        "session": registration.session,
        "client": registration.session.assignment.order.client,
        "reason": why_no_certificate(registration),
        "surveys": [(each, Moment(each.moment).label, why_closed(each, now)) for each in sent],
        "is_silent": is_silent(address_of(registration)),
    }
    return render(request, "workshops/after/home.html", context, status=status)


@require_safe
@own
def certificate(request: HttpRequest, registration: Registration, token: str) -> HttpResponseBase:
    """The PDF; 409 with the reason when there is none to give."""
    try:
        paper = issue_certificate(registration)
    except Refused:
        return _after(request, registration, token, CONFLICT)
    return paper_file(paper)


def paper_file(paper: Paper) -> FileResponse:
    """A paper as it was given, as a download."""
    try:
        opened = paper.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    word = slugify(_("attestation"))
    name = f"{word}-{paper.written_code}.pdf"
    return FileResponse(opened, as_attachment=True, filename=name, content_type="application/pdf")


def _survey_or_404(registration: Registration, moment: str) -> Survey:
    found = (
        registration.surveys.select_related("edition__questionnaire", "reply")
        .prefetch_related("reply__answers")
        .filter(moment=moment)
        .first()
    )
    if found is None:
        raise Http404
    found.registration = registration
    return found


@require_http_methods(READ)
@own
def survey(request: HttpRequest, registration: Registration, token: str, moment: str) -> HttpResponse:
    """The questions; answers are kept at once, and can be changed until it closes."""
    sent = _survey_or_404(registration, moment)
    questions = questions_of(sent.edition)
    reason, status = why_closed(sent, timezone.now()), 200
    form = SurveyForm(questions, request.POST if request.method == "POST" else None, answered(sent, questions))
    if reason:
        status = CONFLICT if request.method == "POST" else 200
    elif request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                answer(survey=sent, said=form.said())
            except Refused as refused:  # it closed, or the mark was taken back, while it was being filled in
                reason, status = str(refused), CONFLICT
            else:
                messages.success(request, _("Merci ! Vos réponses sont enregistrées."))
                return redirect("workshops:after", token)
    context = {
        "token": token,
        "survey": sent,
        "session": registration.session,
        "moment": Moment(sent.moment).label,
        "form": form,
        "reason": reason,
    }
    return render(request, "workshops/after/survey.html", context, status=status)


@require_http_methods(READ)
@own
def refuse(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """« Ne plus recevoir de questionnaires », and back."""
    address = address_of(registration)
    if not address:
        raise Http404
    if request.method == "POST":
        if request.POST.get("faire") == "reprendre":
            end_silence(address)
            messages.success(request, _("Vous recevrez de nouveau nos questionnaires."))
        else:
            silence(address)
            messages.success(request, _("C'est noté : vous ne recevrez plus de questionnaires."))
        return redirect("workshops:after", token)
    context = {"token": token, "address": address, "is_silent": is_silent(address)}
    return render(request, "workshops/after/refuse.html", context)
