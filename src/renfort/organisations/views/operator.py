"""What the operator decides about organisations: national networks, and the lists that describe organisations (R5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.selectors import history_of
from renfort.jobs.services import once
from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.lists import LISTS, Listed
from renfort.kernel.views import act
from renfort.kernel.words import typed_words
from renfort.organisations.components import membership_badge, timeline_of
from renfort.organisations.enums import MembershipState, Programme, Role
from renfort.organisations.forms.lists import EntryForm, StatusForm, TypeForm
from renfort.organisations.models import LegalStatus, NetworkMembership, OrganisationType
from renfort.organisations.selectors import memberships_visible
from renfort.organisations.selectors.operator import claims, entries_of, used
from renfort.organisations.services.lists import add_entry, move_entry, offer_entry, rename_entry
from renfort.organisations.workflow import NETWORK
from renfort.people.selectors import names_of

PAGE = 20
UNPROCESSABLE = 422


def enter_operator(request: Request) -> Actor:
    """Open a page as operator; 404 for anybody else."""
    return enter(request, Programme.PLATFORM, Role.OPERATOR)


# ── national networks ─────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def memberships(request: Request) -> HttpResponse:
    """The claims that wait, the oldest first; or all, under a filter."""
    actor = enter_operator(request)
    state = request.GET.get("statut", MembershipState.CLAIMED)
    if state not in MembershipState.values:
        state = ""
    page = Paginator(claims(state, typed_words(request.GET.get("q", ""))), PAGE).get_page(request.GET.get("page"))
    rows = [(each, membership_badge(each), _decisions(each, actor)) for each in page.object_list]
    states = [("tous", _("Toutes")), *MembershipState.choices]
    context = {"page": page, "rows": rows, "states": states, "state": state or "tous", "q": request.GET.get("q", "")}
    return render(request, "organisations/operator/memberships.html", context)


def _decisions(membership: NetworkMembership, actor: Actor) -> list[Action]:
    pk = membership.pk
    return actions_of(NETWORK, membership, actor, lambda path: reverse("organisations:membership-act", args=[pk, path]))


@login_required
def membership_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Confirm or refuse that an organisation is of a network."""
    actor = enter_operator(request)
    found = memberships_visible(actor).filter(pk=pk).select_related("network", "organisation").first()
    title = f"{found.organisation.name} · {found.network.label}" if found else ""
    return act(request, NETWORK, found, path, actor=actor, title=title, back=reverse("organisations:memberships"))


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def lists(request: Request) -> HttpResponse:
    """The lists that can be edited."""
    enter_operator(request)
    return render(request, "organisations/operator/lists.html", {"lists": [(each.kind, each.title) for each in LISTS.values()]})


def _list_or_404(kind: str) -> type[Listed]:
    if kind not in LISTS:
        raise Http404
    return LISTS[kind].model


def _entry_or_404(kind: str, pk: int) -> Listed:
    found: Listed | None = _list_or_404(kind).objects.filter(pk=pk).first()  # type: ignore[attr-defined]  # a concrete list has a manager
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: Request, kind: str) -> HttpResponse:
    """One list in its order; POST adds an entry at its end."""
    actor = enter_operator(request)
    model = _list_or_404(kind)
    form = _new_form(model, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            add_entry(model, actor=actor, **form.words(), **form.place())
            return request.path

        once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
        messages.success(request, _("« %(label)s » est dans la liste.") % {"label": form.cleaned_data["label_fr"]})
        return redirect("organisations:entries", kind)
    context = {"kind": kind, "title": LISTS[kind].title, "rows": _rows(kind, model), "form": form}
    return render(request, "organisations/operator/entries.html", context, status=UNPROCESSABLE if form.errors else 200)


def _rows(kind: str, model: type[Listed]) -> list[tuple[Listed, str, str]]:
    """Each entry, below what it stands, and where it is used."""
    uses = used(LISTS[kind])
    return [
        (each, _under(each), ", ".join(f"{words}\u00a0: {count}" for words, count in uses.get(each.pk, {}).items()))
        for each in entries_of(model)
    ]


def _new_form(model: type[Listed], data: Any) -> EntryForm:
    if model is LegalStatus:
        return StatusForm(data)
    if model is not OrganisationType:
        return EntryForm(data, model=model)
    parents: dict[str, Any] = {f"statut-{each.pk}": (each.label, each) for each in entries_of(LegalStatus)}
    tops = [each for each in entries_of(OrganisationType) if isinstance(each, OrganisationType) and each.parent_id is None]
    parents |= {f"type-{each.pk}": (f"{each.legal_status.label} › {each.label}", each) for each in tops}
    return TypeForm(data, parents=parents)


def _under(entry: Listed) -> str:
    """Below what a type stands: « Structure publique › Service de l'État »."""
    if not isinstance(entry, OrganisationType):
        return ""
    return " › ".join(each.label for each in (entry.legal_status, entry.parent) if each is not None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: Request, kind: str, pk: int) -> HttpResponse:
    """The words of one entry, and its history."""
    actor = enter_operator(request)
    found = _entry_or_404(kind, pk)
    known = {name: getattr(found, name) for name in found.worded}
    form = EntryForm(request.POST if request.method == "POST" else None, model=type(found), initial=known)
    if request.method == "POST" and "ligne" in request.POST:
        return _restored(request, kind, found, actor)
    if request.method == "POST" and form.is_valid():
        rename_entry(found, actor=actor, **form.words())
        messages.success(request, _("Vos modifications sont enregistrées."))
        return redirect("organisations:entries", kind)
    lines = history_of(found)
    context = {
        "kind": kind,
        "title": LISTS[kind].title,
        "entry": found,
        "under": _under(found),
        "form": form,
        "timeline": timeline_of(lines, names_of({each.entry.actor_id for each in lines if each.entry.actor_id})),
        "renamed": [each.entry for each in lines if each.entry.verb.endswith(".rename")],
        "uses": used(LISTS[kind]).get(found.pk, {}),
    }
    return render(request, "organisations/operator/entry.html", context, status=UNPROCESSABLE if form.errors else 200)


def _restored(request: Request, kind: str, found: Listed, actor: Actor) -> HttpResponse:
    """Bring back the words from before one line of the history."""
    lines = [each.entry for each in history_of(found, most=500) if each.entry.verb.endswith(".rename")]
    line = next((each for each in lines if str(each.pk) == request.POST.get("ligne")), None)
    if line is None:
        raise Http404
    rename_entry(found, actor=actor, **{name: pair[0] for name, pair in line.changes.items() if name in found.worded})
    messages.success(request, _("C'est rétabli comme avant ce changement."))
    return redirect("organisations:entry", kind, found.pk)


@login_required
@require_POST
def entry_act(request: Request, kind: str, pk: int, verb: str) -> HttpResponse:
    """Move an entry up or down, withdraw it, put it back."""
    actor = enter_operator(request)
    found = _entry_or_404(kind, pk)
    if verb in ("monter", "descendre"):
        move_entry(found, actor=actor, way="up" if verb == "monter" else "down")
    elif verb in ("retirer", "remettre"):
        try:
            offer_entry(found, actor=actor, offered=verb == "remettre")
        except Refused as refusal:
            messages.error(request, str(refusal))
    else:
        raise Http404
    return redirect(f"{reverse('organisations:entries', args=[kind])}#entree-{found.pk}")
