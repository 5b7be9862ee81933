"""The association's pages: orders, clients, facilitators (W11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.selectors import history_of
from renfort.jobs.services import once
from renfort.jobs.views import export_page
from renfort.kernel.actions import actions_of
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.people.selectors import names_of, today
from renfort.workshops.components import assignment_badge, euros, next_step, progress_gauge, spoken, timeline_of
from renfort.workshops.enums import LEVELS, AssignmentState, Audience, DocumentKind, Kind, Language, Level, Presence, Stage
from renfort.workshops.forms.filters import OrderFilterForm
from renfort.workshops.forms.orders import (
    ClientForm,
    DocumentForm,
    FacilitatorForm,
    LevelForm,
    LineForm,
    OrderForm,
    OrderTermsForm,
)
from renfort.workshops.models import Assignment, ComplianceDocument, Facilitator
from renfort.workshops.papers.convention import NEEDED
from renfort.workshops.selectors.assignment import (
    assignments_visible,
    candidacies,
    clients,
    why_not,
)
from renfort.workshops.selectors.compliance import SOON, documents_for, to_renew, valid_on
from renfort.workshops.selectors.directory import DISTANCES, Activity, activity_of, facilitators
from renfort.workshops.selectors.pipeline import orders_found, pipeline
from renfort.workshops.selectors.places import centres, postcodes_near
from renfort.workshops.selectors.proofs import proofs_count
from renfort.workshops.selectors.sessions import progress_of, sessions_of
from renfort.workshops.services.closing import sealed
from renfort.workshops.services.facilitators import note_document, register, set_level
from renfort.workshops.services.orders import add_line, create_client, create_order, remove_line
from renfort.workshops.views.menus import enter_staff
from renfort.workshops.workflow import ASSIGNMENT

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
KNOWN = ("siret", "name", "address", "postcode", "city")  # what the public directory fills in


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    """« Commandes »: how many stand in which stage, each figure its rows; search, filters, order, file (W11)."""
    enter_staff(request)
    form = OrderFilterForm(request.GET)
    page = page_of(request, orders_found(form.said, request.GET.get("tri", "")))
    rows: list[Assignment] = list(page.object_list)
    progress = progress_of(rows)
    here, found = reverse("workshops:staff-home"), pipeline()
    context = {
        "stats": [(found.counts[value], label, f"{here}?etape={value}") for value, label in Stage.choices],
        "waiting_since": found.waiting_since,
        "rows": [(row, assignment_badge(row), progress_gauge(progress[row.pk]), Audience(row.audience).label) for row in rows],
        "page": page,
        "filters": form,
        "chips": form.chips(),
        "export_url": f"{reverse('workshops:orders-export')}?{request.GET.urlencode()}",
        "to_renew": to_renew(),
        "has_clients": bool(rows) or clients().exists(),
    }
    return render(request, "workshops/staff/home.html", context)


@login_required
def orders_export(request: Request) -> HttpResponse:
    """« Exporter » the orders of the list, under its filters (P6)."""
    actor = enter_staff(request)
    return export_page(request, kind="workshops.orders", actor=actor, organisation=None, back=reverse("workshops:staff-home"))


# ── clients ───────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def client_list(request: Request) -> HttpResponse:
    """« Clients »."""
    enter_staff(request)
    page = page_of(request, clients())
    rows = [(row, Audience(row.audience).label) for row in page.object_list]
    return render(request, "workshops/staff/clients.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(READ)
def client_new(request: Request) -> HttpResponse:
    """« Nouveau client »; then its first order."""
    actor = enter_staff(request)
    known = {
        name: request.GET.get(name, "").replace("\x00", "")[:300] for name in ("siret", "name", "address", "postcode", "city")
    }
    form, status = ClientForm(initial={name: value for name, value in known.items() if value}), 200
    if request.method == "POST":
        form, status = ClientForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(
                        form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: f"{reverse('workshops:order-new')}?client="
                        f"{create_client(actor=actor, facts=form.facts()).pk}",
                    )
                )  # fmt: skip
            except Refused as refused:
                _say(form, refused)
                status = CONFLICT
    context = {
        "form": form,
        "title": _("Nouveau client"),
        "button": _("Enregistrer le client"),
        "back": reverse("workshops:clients"),
    }
    return render(request, "workshops/form.html", context, status=status)


def _say(form: Any, refused: Refused) -> None:
    for sentence in refused.sentences:
        form.add_error(None, sentence)


# ── orders ────────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def order_new(request: Request) -> HttpResponse:
    """« Nouvelle commande »; its lines are added on its page."""
    actor = enter_staff(request)
    wanted = request.GET.get("client", "")
    chosen = clients().filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None  # noqa: PLR2004 -- fits a bigint
    form, status = OrderForm(initial={"client": str(chosen.pk), "audience": chosen.audience} if chosen else None), 200
    if request.method == "POST":
        form, status = OrderForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            client = clients().get(pk=int(form.cleaned_data["client"]))
            return redirect(
                once(
                    form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                    make=lambda: reverse(
                        "workshops:order", args=[create_order(actor=actor, client=client, facts=form.facts()).order_id]
                    ),
                )
            )  # fmt: skip
    context = {
        "form": form, "title": _("Nouvelle commande"), "button": _("Enregistrer la commande"),
        "back": reverse("workshops:staff-home"),
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


def _assignment_of(actor: Any, order: int) -> Assignment:
    """The newest assignment of an order."""
    found = assignments_visible(actor).filter(order_id=order).order_by("-pk").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def order(request: Request, pk: int) -> HttpResponse:
    """One order: lines, candidates, what comes of it."""
    actor = enter_staff(request)
    return _order(request, actor, _assignment_of(actor, pk), LineForm())


def _order(request: Request, actor: Any, assignment: Assignment, form: LineForm, status: int = 200) -> HttpResponse:
    sold = assignment.order
    lines = list(sold.lines.order_by("pk"))
    progress, sessions = progress_of([assignment])[assignment.pk], sessions_of(assignment)
    applied = candidacies(assignment) if assignment.state == AssignmentState.OFFERED else []
    history = history_of(assignment)
    names = names_of({line.entry.actor_id for line in history if line.entry.actor_id})
    context = {
        "assignment": assignment,
        "order": sold,
        "client": sold.client,
        "audience": Audience(sold.audience).label,
        "state_badge": assignment_badge(assignment),
        "lines": [
            (line, Kind(line.kind).label, Presence(line.presence).label, spoken(line.languages), euros(line.unit_price),
             euros(line.total))
            for line in lines
        ],
        "total": euros(sum(line.total for line in lines)),
        "gauge": progress_gauge(progress),
        "next_step": next_step(assignment, progress, sessions),
        "candidates": [(each, Level(each.facilitator.level).label, why_not(assignment, each.facilitator)) for each in applied],
        "can_edit": assignment.state not in (AssignmentState.CLOSED, AssignmentState.CANCELLED),
        "is_given": assignment.state in (AssignmentState.AWARDED, AssignmentState.CLOSED),
        "line_form": form,
        "missing_terms": [str(OrderTermsForm.base_fields[name].label).lower() for name in NEEDED if not getattr(sold, name)],
        "summary": sealed(assignment) if assignment.state == AssignmentState.CLOSED else None,
        "follows": assignments_visible(actor).filter(pk=assignment.follows_id).first() if assignment.follows_id else None,
        "followed_by": assignments_visible(actor).filter(follows=assignment).order_by("pk").last(),
        "actions": actions_of(ASSIGNMENT, assignment, actor, lambda path: _step_url(assignment, path)),
        "timeline": timeline_of(history, names),
    }  # fmt: skip
    return render(request, "workshops/staff/order.html", context, status=status)


def _step_url(assignment: Assignment, path: str) -> str:
    """Where a step is taken; the closing has a page of its own."""
    if path == ASSIGNMENT["close"].path:
        return reverse("workshops:closing", args=[assignment.pk])
    return reverse("workshops:order-act", args=[assignment.order_id, path])


@login_required
def order_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Any step of the order's life that the association may take."""
    actor = enter_staff(request)
    assignment = _assignment_of(actor, pk)
    title = f"{assignment.order.title} · {assignment.order.client.organisation.name}"
    return act(request, ASSIGNMENT, assignment, path, actor=actor, title=title, back=reverse("workshops:order", args=[pk]))


@login_required
@require_POST
def line_add(request: Request, pk: int) -> HttpResponse:
    """« Ajouter une ligne »."""
    actor = enter_staff(request)
    assignment, form = _assignment_of(actor, pk), LineForm(request.POST)
    if not form.is_valid():
        return _order(request, actor, assignment, form, UNPROCESSABLE)
    try:
        add_line(actor=actor, order=assignment.order, facts=form.facts())
    except Refused as refused:
        _say(form, refused)
        return _order(request, actor, assignment, form, CONFLICT)
    messages.success(request, _("Ligne ajoutée."))
    return redirect("workshops:order", pk)


@login_required
@require_POST
def line_remove(request: Request, pk: int, line: int) -> HttpResponse:
    """« Retirer » a line."""
    actor = enter_staff(request)
    assignment = _assignment_of(actor, pk)
    try:
        remove_line(actor=actor, order=assignment.order, number=line)
    except Refused as refused:
        form = LineForm()
        messages.error(request, str(refused))
        return _order(request, actor, assignment, form, CONFLICT)
    messages.success(request, _("Ligne retirée."))
    return redirect("workshops:order", pk)


# ── facilitators ──────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def facilitator_list(request: Request) -> HttpResponse:
    """The directory: level, languages, how much each leads, what is missing to conform outside teaching (W4, W11)."""
    enter_staff(request)
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    level = request.GET.get("niveau", "") if request.GET.get("niveau", "") in LEVELS else ""
    language, postcode = request.GET.get("langue", ""), request.GET.get("pres", "").replace("\x00", "").strip()[:10]
    far = request.GET.get("km", "")
    kilometres = int(far) if far in map(str, DISTANCES) else DISTANCES[0]
    middle = centres([postcode]).get(postcode) if postcode else None
    near = postcodes_near(middle[1:], kilometres) if middle is not None else None
    page = page_of(request, facilitators(words, level, language, near))
    led, rows = activity_of(page.object_list), []
    for each in page.object_list:
        valid = valid_on(each.documents.all(), today())
        lacking = [kind.label for kind in documents_for(Audience.COMPANY) if kind not in valid]
        rows.append((each, Level(each.level).label, spoken(each.languages), led.get(each.pk, Activity()), lacking))
    context = {
        "page": page, "rows": rows, "words": words, "level": level, "levels": Level.choices, "waiting": proofs_count(),
        "language": language, "languages": Language.choices, "postcode": postcode, "kilometres": kilometres,
        "distances": DISTANCES, "unknown": postcode if postcode and middle is None else "",
    }  # fmt: skip
    return render(request, "workshops/staff/facilitators.html", context)


@login_required
@require_http_methods(READ)
def facilitator_new(request: Request) -> HttpResponse:
    """« Ajouter un·e animateur·ice »."""
    actor = enter_staff(request)
    form, status = FacilitatorForm(), 200
    if request.method == "POST":
        form, status = FacilitatorForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = register(actor=actor, address=said["address"], level=said["level"], languages=said["languages"])
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error("address", sentence)
            else:
                messages.success(request, _("%(name)s est dans l'annuaire.") % {"name": made.person.full_name})
                return redirect("workshops:facilitator", made.pk)
    context = {
        "form": form, "title": _("Ajouter un·e animateur·ice"), "button": _("Ajouter à l'annuaire"),
        "back": reverse("workshops:facilitators"),
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


def _facilitator_or_404(pk: int) -> Facilitator:
    found = facilitators().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def facilitator(request: Request, pk: int) -> HttpResponse:
    """One facilitator: level, languages, documents with their dates."""
    actor = enter_staff(request)
    found, status = _facilitator_or_404(pk), 200
    form = LevelForm.of(found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            set_level(actor=actor, facilitator=found, **form.cleaned_data)
            messages.success(request, _("Modifications enregistrées."))
            return redirect("workshops:facilitator", pk)
        status = UNPROCESSABLE
    return _facilitator(request, found, form, DocumentForm(), status)


def _facilitator(
    request: Request, found: Facilitator, form: LevelForm, document: DocumentForm, status: int = 200
) -> HttpResponse:
    documents = found.documents.all()
    context = {
        "facilitator": found,
        "level": Level(found.level).label,
        "form": form,
        "document_form": document,
        "documents": document_lines(list(documents)),
    }
    return render(request, "workshops/staff/facilitator.html", context, status=status)


def document_lines(documents: list[ComplianceDocument]) -> list[tuple[str, str, str, ComplianceDocument | None]]:
    """Each kind of document: its words, the tone and the words of where it stands, the newest one."""
    day = today()
    valid = valid_on(documents, day)
    lines: list[tuple[str, str, str, ComplianceDocument | None]] = []
    for kind in DocumentKind:
        held = valid.get(kind)
        if held is None:
            has_had = any(each.kind == kind for each in documents)
            lines.append((str(kind.label), "danger", _("Expiré") if has_had else _("Manque"), None))
        elif held.valid_until is not None and held.valid_until <= day + SOON:
            lines.append((str(kind.label), "warning", _("À renouveler bientôt"), held))
        else:
            lines.append((str(kind.label), "success", _("Valable"), held))
    return lines


@login_required
@require_POST
def document_add(request: Request, pk: int) -> HttpResponse:
    """« Noter un document vu »."""
    actor = enter_staff(request)
    found, form = _facilitator_or_404(pk), DocumentForm(request.POST)
    if not form.is_valid():
        return _facilitator(request, found, LevelForm.of(found), form, UNPROCESSABLE)
    note_document(actor=actor, facilitator=found, **form.cleaned_data)
    messages.success(request, _("Document noté."))
    return redirect("workshops:facilitator", pk)
