"""Who comes to a session, for those who organise it: the list, the link to hand on, invitations, one by hand, files (W6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.services import once
from renfort.jobs.views import export_page
from renfort.jobs.views.imports import Entered, ImportPages
from renfort.kernel.actions import Action
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.imports import Place
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.kernel.words import typed_words
from renfort.organisations.enums import Role, ScopeKind
from renfort.workshops.components import session_badge
from renfort.workshops.components.registrations import registration_badge, seats_words
from renfort.workshops.enums import RegistrationState
from renfort.workshops.forms.registrations import Entry, GuestForm, ListForm, PasteForm
from renfort.workshops.models import Registration, Session
from renfort.workshops.rules import brings_participants, brings_them
from renfort.workshops.selectors.join_links import join_link_of
from renfort.workshops.selectors.registrations import (
    known_addresses,
    registration_counts,
    registrations_of,
    registrations_visible,
    session_in_full,
)
from renfort.workshops.services.registrations import (
    Guest,
    add_guest,
    invite_guests,
    open_join_link,
    revoke_join_link,
    takes_addresses,
    why_not_now,
)
from renfort.workshops.views.menus import W, enter_staff
from renfort.workshops.workflow import REGISTRATION

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
OFFERED = ("cancel", "resend")  # of a row of the list


def enter_participants(request: Request, session: int, mission: int | None = None) -> tuple[Actor, Session]:
    """Open a page about those who come to a session: as who coordinates it, as the contact of its client, as the association.

    Raises:
        Http404: the person is none of them; the page does not tell whether the session exists.
    """
    found = session_in_full(session)
    if found is None or mission not in (None, found.assignment_id):
        raise Http404
    client, me = found.assignment.order.client_id, request.actor
    for role in (Role.COORDINATOR, Role.CLIENT_CONTACT):
        is_own = role != Role.COORDINATOR or found.assignment.coordinator_id == me.person_id
        if is_own and me.holds(W, role, ScopeKind.ORGANISATION, client):
            actor = enter(request, W, role, ScopeKind.ORGANISATION, client)
            break
    else:
        actor = enter_staff(request)
    if not brings_participants(actor, found):
        raise Http404
    return actor, found


def _home(one: Session) -> str:
    return reverse("workshops:participants", args=[one.assignment_id, one.pk])


def _crumbs(actor: Actor, one: Session) -> list[tuple[str, str]]:
    """The mission and the session, each to the pages of one's own role."""
    here = (_("%(session)s, participant·es") % {"session": one.title}, _home(one))
    if actor.acting is not None and actor.acting.role == Role.CLIENT_CONTACT:
        order = one.assignment.order
        return [(order.title, reverse("workshops:client-order", args=[order.client_id, one.assignment_id])), here]
    return [(one.assignment.order.title, reverse("workshops:assignment", args=[one.assignment_id])), here]


@login_required
@require_safe
def participants(request: Request, pk: int, session: int) -> HttpResponse:
    """The tab « Participant·es » (W6)."""
    actor, one = enter_participants(request, session, pk)
    form = ListForm(request.GET)
    words, state = form.asked()
    page = page_of(request, registrations_of(one, typed_words(words), state))
    for each in page.object_list:
        each.session = one
    counts = registration_counts(one)
    refusals = why_not_now(one)
    link = join_link_of(one)
    query = urlencode({key: value for key, value in (("session", one.pk), ("q", words), ("etat", state)) if value})
    context = {
        "assignment": one.assignment,
        "session": one,
        "crumbs": _crumbs(actor, one)[:-1],
        "is_contact": actor.acting is not None and actor.acting.role == Role.CLIENT_CONTACT,
        "state_badge": session_badge(one),
        "seats": seats_words(one, counts),
        "page": page,
        "rows": [(each, registration_badge(each), _actions(actor, each)) for each in page.object_list],
        "counts": [(str(key), str(key.label), counts[key], key == state) for key in RegistrationState if counts[key]],
        "total": sum(counts.values()),
        "state": state,
        "q": words,
        "is_open": not refusals,
        "takes_addresses": takes_addresses(one),
        "link": f"{settings.BASE_URL}{link}" if link else "",
        "export": f"{reverse('workshops:participants-export', args=[one.assignment_id, one.pk])}?{query}",
    }  # fmt: skip
    return render(request, "workshops/participants/list.html", context)


def _actions(actor: Actor, each: Registration) -> list[Action]:
    """What a row of the list offers; the day's own steps, which ask for more, are on its own page."""
    if not brings_them(actor, each):
        return []
    found = []
    for step in (REGISTRATION[name] for name in OFFERED):
        url = reverse("workshops:participant-act", args=[each.session.assignment_id, each.session_id, each.pk, step.path])
        if each.state in step.source and step.is_offered(each) and not step.refusals(each):
            found.append(Action(step, url, []))
    return found


@login_required
def participant_act(request: Request, pk: int, session: int, registration: int, path: str) -> HttpResponse:
    """« Annuler l'inscription », « Renvoyer l'e-mail »."""
    actor, one = enter_participants(request, session, pk)
    found = registrations_visible(actor).filter(session=one, pk=registration).first()
    title = found.full_name or _("Sans nom") if found is not None else ""
    return act(request, REGISTRATION, found, path, actor=actor, title=title, back=_home(one))


@login_required
@require_POST
def participants_link(request: Request, pk: int, session: int) -> HttpResponse:
    """Make the link to hand on, or revoke it."""
    actor, one = enter_participants(request, session, pk)
    try:
        if request.POST.get("faire") == "retirer":
            revoke_join_link(actor=actor, session=one)
            messages.success(request, _("Le lien ne s'ouvre plus. Les liens personnels déjà envoyés restent valables."))
        else:
            open_join_link(actor=actor, session=one)
            messages.success(request, _("Le lien est prêt : donnez-le au contact du client, qui peut le transmettre."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(_home(one))


# ── a pasted list ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Pasted:
    """A list as it was read; ``known``: who is on the list of the session already, and how."""

    form: PasteForm
    entries: list[Entry] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> list[Guest]:
        return [entry.guest for entry in self.entries if entry.guest is not None]

    @property
    def wrong(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.guest is None]


@login_required
@require_http_methods(READ)
def participants_invite(request: Request, pk: int, session: int) -> HttpResponse:
    """« Inviter par e-mail »: a pasted list, read before anything leaves; wrong lines stay in the box, each with its sentence."""
    actor, one = enter_participants(request, session, pk)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _paste_page(request, actor, one, Pasted(form), UNPROCESSABLE if request.method == "POST" else 200)
    entries = form.entries()
    pasted = Pasted(form, entries, known_addresses(one, [entry.guest.email for entry in entries if entry.guest is not None]))
    status = UNPROCESSABLE if pasted.wrong else 200
    if request.POST.get("faire") == "inviter" and pasted.good:
        try:
            return _invited(request, actor, one, pasted)
        except Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
            status = CONFLICT
    return _paste_page(request, actor, one, pasted, status)


def _invited(request: Request, actor: Actor, one: Session, pasted: Pasted) -> HttpResponse:
    done = invite_guests(actor=actor, session=one, guests=pasted.good)
    if done.sent:
        words = ngettext("%(n)d invitation part.", "%(n)d invitations partent.", done.sent)
        messages.success(request, words % {"n": done.sent})
    if done.known:
        words = ngettext("%(n)d personne était déjà sur la liste.", "%(n)d personnes étaient déjà sur la liste.", len(done.known))
        messages.info(request, words % {"n": len(done.known)})
    if not pasted.wrong:
        return redirect(_home(one))
    kept = {"people": "\n".join(entry.text for entry in pasted.wrong), "language": pasted.form.cleaned_data["language"]}
    again = [Entry(number, entry.text, None, entry.problem) for number, entry in enumerate(pasted.wrong, 1)]
    return _paste_page(request, actor, one, Pasted(PasteForm(initial=kept), again), UNPROCESSABLE)


def _paste_page(request: Request, actor: Actor, one: Session, pasted: Pasted, status: int) -> HttpResponse:
    context = {
        "form": pasted.form,
        "session": one,
        "crumbs": _crumbs(actor, one),
        "back": _home(one),
        "refusals": why_not_now(one),
        "takes_addresses": takes_addresses(one),
        "new": [guest for guest in pasted.good if guest.email not in pasted.known],
        "known": [
            (guest, RegistrationState(pasted.known[guest.email]).label) for guest in pasted.good if guest.email in pasted.known
        ],
        "wrong": pasted.wrong,
        "was_read": bool(pasted.entries),
    }
    return render(request, "workshops/participants/invite.html", context, status=status)


# ── one by hand ───────────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def participant_add(request: Request, pk: int, session: int) -> HttpResponse:
    """« Ajouter à la main »: somebody who said so by telephone."""
    actor, one = enter_participants(request, session, pk)
    form, status = GuestForm(request.POST if request.method == "POST" else None, addresses=takes_addresses(one)), 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():

            def make() -> str:
                made = add_guest(actor=actor, session=one, guest=form.guest())
                where = RegistrationState(made.state).label
                messages.success(request, _("%(who)s : %(state)s.") % {"who": made.full_name or _("Sans nom"), "state": where})
                return _home(one)

            try:
                return redirect(once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make))
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
                status = CONFLICT
    context = {
        "form": form, "title": _("Ajouter à la main"), "button": _("Ajouter"), "back": _home(one),
        "lead": f"{one.title} · {one.words}",
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────
@login_required
def participants_export(request: Request, pk: int, session: int) -> HttpResponse:
    """The list as a file: what its address narrows, in its order."""
    actor, one = enter_participants(request, session, pk)
    if request.GET.get("session") != str(one.pk):
        query = request.GET.copy()
        query["session"] = str(one.pk)
        return redirect(f"{request.path}?{query.urlencode()}")
    return export_page(request, kind="workshops.participants", actor=actor, organisation=None, back=_home(one))


def _enter_import(request: Request, session: int) -> Entered:
    actor, one = enter_participants(request, session)
    return Entered(actor, Place(role=actor.role_key, scope=one.pk), _crumbs(actor, one))


PARTICIPANTS_IMPORT = ImportPages("workshops.participants", _enter_import)
