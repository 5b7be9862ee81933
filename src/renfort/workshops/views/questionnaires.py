"""The association writes its questionnaires: list, editor, preview (W7)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import seen_of
from renfort.workshops.enums import Audience, Kind, Moment, QuestionKind
from renfort.workshops.forms.questionnaires import QuestionForm, QuestionnaireForm
from renfort.workshops.forms.surveys import SurveyForm
from renfort.workshops.models import Question, Questionnaire
from renfort.workshops.selectors.questionnaires import draft, newest, questionnaires, questions_of
from renfort.workshops.services import questionnaires as service
from renfort.workshops.views.menus import enter_staff

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


def title_of(questionnaire: Questionnaire) -> str:
    """« À chaud · Enseignement · Formation », « À froid · tous les publics »."""
    audience = Audience(questionnaire.audience).label if questionnaire.audience else _("tous les publics")
    kind = [str(Kind(questionnaire.kind).label)] if questionnaire.kind else []
    return " · ".join([str(Moment(questionnaire.moment).label), str(audience), *kind])


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """The questionnaires in use, and how many of each were sent."""
    actor = enter_staff(request)
    rows = [(row, title_of(row)) for row in questionnaires(actor)]
    return render(request, "workshops/questionnaires/list.html", {"rows": rows})


@login_required
@require_http_methods(READ)
def new(request: Request) -> HttpResponse:
    """« Nouveau questionnaire »: it begins with the questions that all begin with."""
    actor = enter_staff(request)
    form, status = QuestionnaireForm(), 200
    if request.method == "POST":
        form, status = QuestionnaireForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            said = form.cleaned_data
            try:
                return redirect(
                    once(
                        said["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: reverse("workshops:questionnaire", args=[
                            service.create(actor=actor, moment=said["moment"], audience=said["audience"], kind=said["kind"]).pk
                        ]),
                    )
                )  # fmt: skip
            except Refused as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
    context = {
        "form": form, "title": _("Nouveau questionnaire"), "button": _("Écrire le questionnaire"),
        "back": reverse("workshops:questionnaires"),
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


def _or_404(actor: Actor, pk: int) -> Questionnaire:
    found = questionnaires(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def editor(request: Request, pk: int) -> HttpResponse:
    """One questionnaire: its questions in their order, and what can be done with each."""
    actor = enter_staff(request)
    return _editor(request, _or_404(actor, pk))


def _editor(request: Request, found: Questionnaire, refusals: list[str] | None = None, status: int = 200) -> HttpResponse:
    being_written, published = draft(found), newest(found)
    questions = questions_of(being_written or published)
    context = {
        "questionnaire": found,
        "title": title_of(found),
        "draft": being_written,
        "published": published,
        "questions": [(each, QuestionKind(each.kind).label, [words for _key, words in each.choices]) for each in questions],
        "refusals": refusals or [],
    }
    return render(request, "workshops/questionnaires/editor.html", context, status=status)


@login_required
@require_http_methods(READ)
def question_new(request: Request, pk: int) -> HttpResponse:
    """« Ajouter une question »."""
    actor = enter_staff(request)
    return _question(request, actor, _or_404(actor, pk), None)


@login_required
@require_http_methods(READ)
def question_edit(request: Request, pk: int, key: str) -> HttpResponse:
    """« Modifier » a question, from the next edition on."""
    actor = enter_staff(request)
    found = _or_404(actor, pk)
    question = next((each for each in questions_of(draft(found) or newest(found)) if each.key == key), None)
    if question is None:
        raise Http404
    return _question(request, actor, found, question)


def _question(request: Request, actor: Actor, found: Questionnaire, question: Question | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, status = QuestionForm.of(question, data) if question is not None else QuestionForm(data), 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            key = question.key if question is not None else ""
            try:
                service.save_question(actor=actor, questionnaire=found, facts=form.facts(), key=key, seen=seen_of(request))
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
                status = CONFLICT
            else:
                messages.success(request, _("Question enregistrée dans le brouillon."))
                return redirect("workshops:questionnaire", found.pk)
    context = {
        "form": form, "title": _("Modifier la question") if question is not None else _("Ajouter une question"),
        "button": _("Enregistrer la question"), "back": reverse("workshops:questionnaire", args=[found.pk]),
        "lead": title_of(found), "seen": found.version,
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


@login_required
@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """Move or remove a question, publish or forget the draft, retire the questionnaire."""
    actor = enter_staff(request)
    found = _or_404(actor, pk)
    key, seen = request.POST.get("question", "")[:20], seen_of(request)
    known: dict[str, tuple[Callable[[], object], str]] = {
        "monter": (lambda: service.move_question(actor=actor, questionnaire=found, key=key, step=-1, seen=seen), ""),
        "descendre": (lambda: service.move_question(actor=actor, questionnaire=found, key=key, step=1, seen=seen), ""),
        "retirer-question": (
            lambda: service.remove_question(actor=actor, questionnaire=found, key=key, seen=seen),
            _("Question retirée du brouillon."),
        ),
        "publier": (
            lambda: service.publish_draft(actor=actor, questionnaire=found, seen=seen),
            _("Nouvelle version publiée : elle part à compter de maintenant."),
        ),
        "oublier": (lambda: service.drop_draft(actor=actor, questionnaire=found, seen=seen), _("Brouillon abandonné.")),
        "retirer": (lambda: service.retire(actor=actor, questionnaire=found, seen=seen), _("Questionnaire retiré.")),
    }
    verb = known.get(request.POST.get("faire", ""))
    if verb is None:
        return _editor(request, found, [_("Choisissez ce qu'il faut faire.")], UNPROCESSABLE)
    try:
        verb[0]()
    except Refused as refused:
        found.refresh_from_db()
        return _editor(request, found, refused.sentences, CONFLICT)
    if verb[1]:
        messages.success(request, verb[1])
    return redirect("workshops:questionnaires") if request.POST["faire"] == "retirer" else redirect("workshops:questionnaire", pk)


@login_required
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """The questions as participants see them, in French or in English; nothing can be sent from here."""
    actor = enter_staff(request)
    found = _or_404(actor, pk)
    language = "en" if request.GET.get("langue") == "en" else "fr"
    with translation.override(language):
        form = SurveyForm(questions_of(draft(found) or newest(found)))
        fields = str(form)
    context = {"questionnaire": found, "title": title_of(found), "fields": fields, "language": language}
    return render(request, "workshops/questionnaires/preview.html", context)
