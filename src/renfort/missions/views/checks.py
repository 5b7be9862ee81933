"""The checks: « Fausse alerte » by who validates; weights, words and their rates by the operator (R53, R58)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from renfort.audit.selectors import history_of
from renfort.jobs.services import once
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.missions.checks.texts import MissionText, check_mission
from renfort.missions.forms.checks import CheckForm, TryForm, WordForm
from renfort.missions.models import Domain, MissionFinding
from renfort.missions.selectors.checks import last_recheck, missions_overseen
from renfort.missions.services.checks import ask_recheck, say_false
from renfort.missions.views.operator import enter_operator
from renfort.organisations.checks.kinds import KINDS, CheckKind, Finding, told
from renfort.organisations.checks.lists import settings_now
from renfort.organisations.components import timeline_of
from renfort.organisations.enums import WordKind, WordList
from renfort.organisations.models import Check, CheckWord, OrganisationFinding
from renfort.organisations.selectors.checks import Rate, checks_set, rates, words_of
from renfort.organisations.services.checks import add_word, change_word, offer_word, set_check
from renfort.organisations.views.checks import JUDGED, back_of, say_counted
from renfort.organisations.views.territory import enter_overseer

UNPROCESSABLE, CONFLICT = 422, 409
TABLES = (MissionFinding, OrganisationFinding)


@login_required
@require_POST
def finding_act(request: Request, pk: int, verb: str) -> HttpResponse:
    """« Fausse alerte » about a mission, and « Remettre à regarder »."""
    actor = enter_overseer(request)
    if verb not in JUDGED:
        raise Http404
    rows = MissionFinding.objects.filter(pk=pk, mission__in=missions_overseen(actor)).select_related("mission", "made_by")
    finding = rows.first()
    if finding is None:
        raise Http404
    counted = say_false(finding, actor=actor, false=JUDGED[verb])
    say_counted(request, finding, counted=counted, false=JUDGED[verb])
    return redirect(back_of(request, reverse("missions:operator-mission", args=[finding.mission_id])))


# ── the operator ──────────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_list(request: Request) -> HttpResponse:
    """Every check with its weight and how often it was wrong; « Essayer ce texte »; POST checks everything again."""
    actor = enter_operator(request)
    if request.method == "POST":
        ask_recheck(actor=actor)
        messages.success(request, _("Tout ce qui peut encore être lu va être vérifié à nouveau."))
        return redirect("missions:checks")
    found, settings = rates(TABLES, "made_by"), checks_set()
    rows = [(KINDS[key], check, found.get(check.pk, Rate())) for key, check in settings.items() if key in KINDS]
    rows.sort(key=lambda row: (row[0].about, -row[1].weight))
    groups = [
        (_("Missions"), [row for row in rows if row[0].about == "mission"]),
        (_("Structures"), [row for row in rows if row[0].about == "organisation"]),
    ]
    return render(request, "missions/operator/checks.html", {"groups": groups, "recheck": last_recheck()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def try_text(request: Request) -> HttpResponse:
    """« Essayer ce texte »: what would be found; nothing is kept."""
    enter_operator(request)
    form = TryForm(request.POST if request.method == "POST" else None)
    findings: list[Finding] | None = _tried(form) if form.is_valid() else None
    context = {"form": form, "findings": findings}
    return render(request, "missions/operator/check_try.html", context, status=UNPROCESSABLE if form.errors else 200)


def _tried(form: TryForm) -> list[Finding]:
    said, settings = form.cleaned_data, settings_now()
    text = MissionText(
        title=said["title"], description=said["description"], schedule=said["schedule"], safety=said["safety"],
        today=timezone.localdate(), domain=said["domain"], domains=form.names, is_remote=not said["safety"].strip(),
    )  # fmt: skip
    active = {key for key, check in settings.checks.items() if check.is_active}
    return told((hit for hit in check_mission(text, settings) if hit.key in active), settings.weights)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_detail(request: Request, key: str) -> HttpResponse:
    """One check: its weight, its words with their rates, its history; POST sets it."""
    actor = enter_operator(request)
    kind, check = _check_or_404(key)
    known = {"weight": check.weight, "threshold": check.threshold, "is_active": check.is_active}
    form = CheckForm(request.POST if request.method == "POST" else None, kind=kind, initial=known)
    if request.method == "POST" and form.is_valid():
        if set_check(check, actor=actor, **form.facts()):
            ask_recheck(actor=actor)
        messages.success(request, _("Vos modifications sont enregistrées."))
        return redirect("missions:check", key)
    return _check_page(request, kind, check, form, _word_form(kind), status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def word_add(request: Request, key: str) -> HttpResponse:
    """Add a word to the list of a check; everything is checked again."""
    actor = enter_operator(request)
    kind, check = _check_or_404(key)
    if not kind.list:
        raise Http404
    form, status = _word_form(kind, request.POST), UNPROCESSABLE
    if form.is_valid():
        said = form.cleaned_data

        def make() -> str:
            add_word(actor=actor, list_=kind.list, scope=said.get("scope", ""), kind=form.kind_said, words=said["words"])
            ask_recheck(actor=actor)
            return reverse("missions:check", args=[key])

        try:
            address = once(said["form_token"], owner=str(request.user.pk), make=make)
        except Refused as refused:
            form.add_error("words", str(refused))
            status = CONFLICT
        else:
            messages.success(request, _("« %(label)s » est dans la liste.") % {"label": said["words"]})
            return redirect(address)
    known = {"weight": check.weight, "threshold": check.threshold, "is_active": check.is_active}
    return _check_page(request, kind, check, CheckForm(kind=kind, initial=known), form, status=status)


def _check_or_404(key: str) -> tuple[CheckKind, Check]:
    check = Check.objects.filter(key=key).first()
    if check is None or key not in KINDS:
        raise Http404
    return KINDS[key], check


def _word_form(kind: CheckKind, data: Any = None) -> WordForm:
    scopes = [(each.key, each.short) for each in Domain.objects.all()] if kind.list == WordList.DOMAIN else None
    return WordForm(data, list_=kind.list, scopes=scopes)


def _check_page(
    request: Request, kind: CheckKind, check: Check, form: CheckForm, word_form: WordForm, *, status: int
) -> HttpResponse:
    lists: list[tuple[str, list[tuple[CheckWord, str, Rate]]]] = []
    if kind.list:
        found = rates(TABLES, "word", made_by=check)
        scopes = [(each.key, each.short) for each in Domain.objects.all()] if kind.list == WordList.DOMAIN else [("", "")]
        lists = [
            (name, [(word, str(WordKind(word.kind).label), found.get(word.pk, Rate())) for word in words_of(kind.list, scope)])
            for scope, name in scopes
        ]
    context = {
        "kind": kind,
        "check": check,
        "rate": rates(TABLES, "made_by", made_by=check).get(check.pk, Rate()),
        "form": form,
        "word_form": word_form,
        "lists": lists,
        "has_rates": kind.list in (WordList.PAY, WordList.NIGHT, WordList.LINKS),
        "timeline": timeline_of(history_of(check), {}),
    }
    return render(request, "missions/operator/check.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def word(request: Request, pk: int) -> HttpResponse:
    """One word, and its history; POST writes it differently, and everything is checked again."""
    actor = enter_operator(request)
    found, key = _word_or_404(pk)
    known = {"words": found.words, "kind": found.kind}
    form = WordForm(request.POST if request.method == "POST" else None, list_=found.list, initial=known)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                changed = change_word(found, actor=actor, kind=form.kind_said, words=form.cleaned_data["words"])
            except Refused as refused:
                form.add_error("words", str(refused))
                status = CONFLICT
            else:
                return _saved(request, key, changed)
    timeline = timeline_of(history_of(found), {})
    context = {"word": found, "kind": KINDS[key], "form": form, "timeline": timeline}
    return render(request, "missions/operator/check_word.html", context, status=status)


@login_required
@require_POST
def word_act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Withdraw a word, or put it back."""
    actor = enter_operator(request)
    found, key = _word_or_404(pk)
    if verb not in ("retirer", "remettre"):
        raise Http404
    return _saved(request, key, offer_word(found, actor=actor, offered=verb == "remettre"))


def _saved(request: Request, key: str, changed: bool) -> HttpResponse:
    if changed:
        ask_recheck(actor=request.actor)
    messages.success(request, _("Vos modifications sont enregistrées."))
    return redirect("missions:check", key)


def _word_or_404(pk: int) -> tuple[CheckWord, str]:
    found = CheckWord.objects.filter(pk=pk).first()
    key = next((kind.key for kind in KINDS.values() if found is not None and kind.list == found.list), None)
    if found is None or key is None:
        raise Http404
    return found, key
