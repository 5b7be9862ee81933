"""The people of an establishment: who does what, who can be chosen, who takes over (S4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.civic_service.enums import Access, PostRole, Source
from renfort.civic_service.forms.records import PersonForm, ReachForm, SuccessorForm, may_say
from renfort.civic_service.models import Establishment, Post
from renfort.civic_service.rules.establishments import may_name
from renfort.civic_service.selectors.access import access_of
from renfort.civic_service.selectors.posts import (
    Load,
    account_of_person,
    email_of,
    held_projects,
    left_behind,
    loads_of,
    phone_of,
    posts_in_force,
    usable_posts,
    why_not_usable,
)
from renfort.civic_service.services.access import invite_person
from renfort.civic_service.services.posts import add_person, correct_person, end_post, substitute
from renfort.civic_service.views.menus import enter_concerned
from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.http import Request

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
ORDER = {PostRole.LEAD: 0, PostRole.TUTOR: 1, PostRole.CO_TUTOR: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One post as the page shows it."""

    post: Post
    role: str
    source: str
    phone: str
    email: str
    access: str
    tone: str
    load: Load
    why_not: list[str]
    can_complete: bool
    is_head: bool
    can_invite: bool


def _enter_to_name(request: Request, organisation: int) -> tuple[Actor, Establishment]:
    """The page's actor and establishment, when the actor may name people there.

    Raises:
        Http404: the actor has nothing to do there.
        NotAllowed: a tutor reads and does not name.
    """
    actor, found = enter_concerned(request, organisation)
    if not may_name(actor, found):
        raise NotAllowed(_("Seuls un référent de l'établissement et les gestionnaires de son territoire nomment son équipe."))
    return actor, found


def _post_or_404(found: Establishment, pk: int, *, ended: bool = False) -> Post:
    rows = Post.objects.filter(establishment=found, pk=pk).select_related("person__account", "establishment__organisation")
    post = rows.first() if ended else rows.filter(ended_at=None).first()
    if post is None:
        raise Http404
    return post


TONES = {Access.CONNECTED: "success", Access.INVITED: "warning", Access.KNOWN: "neutral"}


def _said_access(post: Post, access: Access) -> tuple[str, str]:
    """« connu », « invité », « connecté », with its colour (S1)."""
    account = account_of_person(post.person)
    if account is not None and not account.is_active:
        return _("Compte fermé"), "danger"
    return str(access.label), TONES[access]


@login_required
@require_safe
def team(request: Request, organisation: int) -> HttpResponse:
    """« Équipe »: what somebody who left still holds comes first, then everybody by role."""
    actor, found = enter_concerned(request, organisation)
    posts = sorted(posts_in_force(found), key=lambda post: (ORDER[PostRole(post.role)], post.person.last_name, post.pk))
    loads, ways_in = loads_of(posts), access_of(post.person for post in posts)
    rows = []
    for post in posts:
        way_in = ways_in[post.person_id]
        access, tone = _said_access(post, way_in)
        can_complete = any(may_say(post, name) for name in ("function", "email", "phone"))
        rows.append(
            Row(
                post, str(PostRole(post.role).label), str(Source(post.source).label),
                phone_of(post.person), email_of(post.person), access, tone,
                loads.get((post.person_id, post.role), Load()), why_not_usable(post.person), can_complete,
                post.person_id == found.head_id, way_in != Access.CONNECTED and bool(post.person.email) and tone != "danger",
            )
        )  # fmt: skip
    context = {
        "establishment": found,
        "rows": rows,
        "behind": [(post, str(PostRole(post.role).label)) for post in left_behind(found)],
        "may_name": may_name(actor, found),
        "has_lead": any(row.post.role == PostRole.LEAD for row in rows),
        "has_tutor": any(row.post.role == PostRole.TUTOR and not row.why_not for row in rows),
    }
    return render(request, "civic_service/team/team.html", context)


@login_required
@require_http_methods(READ)
def person_new(request: Request, organisation: int) -> HttpResponse:
    """« Ajouter une personne »."""
    actor, found = _enter_to_name(request, organisation)
    asked = request.GET.get("role", "")
    initial = {"role": asked} if asked in PostRole.values else {}
    form, status = PersonForm(near=found.organisation.postcode, initial=initial), 200
    if request.method == "POST":
        form, status = PersonForm(request.POST, near=found.organisation.postcode), UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(
                        form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: _added(request, actor, found, form),
                    )
                )  # fmt: skip
            except Refused as refused:
                status = CONFLICT
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
    context = {
        "form": form, "title": _("Ajouter une personne"), "lead": found.organisation.name, "button": _("Ajouter"),
        "back": reverse("civic_service:team", args=[organisation]),
        "note": _("L'annuaire du réseau ne la connaît pas encore ? Elle reste dans l'équipe, et il la confirmera."),
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


def _added(request: Request, actor: Actor, found: Establishment, form: PersonForm) -> str:
    said = form.cleaned_data
    post = add_person(actor=actor, establishment=found, facts=form.facts(), role=said["role"], function=said["function"])
    words = {"person": post.person.full_name, "role": str(PostRole(post.role).label).lower()}
    if reasons := why_not_usable(post.person):
        text = _("%(person)s est dans l'équipe (%(role)s), mais ne peut pas encore être choisi·e. %(reasons)s")
        messages.warning(request, text % {**words, "reasons": " ".join(reasons)})
    else:
        messages.success(request, _("%(person)s est dans l'équipe (%(role)s) et peut être choisi·e dès maintenant.") % words)
    return reverse("civic_service:team", args=[found.pk])


@login_required
@require_http_methods(READ)
def person_edit(request: Request, organisation: int, post: int) -> HttpResponse:
    """« Compléter »: a phone, an e-mail, a function."""
    actor, found = _enter_to_name(request, organisation)
    held = _post_or_404(found, post)
    near = found.organisation.postcode
    form, status = ReachForm(post=held, near=near), 200
    if not form.fields:
        messages.info(request, _("L'annuaire du réseau ou la personne elle-même tient ces informations : rien ne se change ici."))
        return redirect("civic_service:team", organisation)
    if request.method == "POST":
        form, status = ReachForm(request.POST, post=held, near=near), UNPROCESSABLE
        if form.is_valid():
            try:
                correct_person(actor=actor, post=held, **form.facts())
            except Refused as refused:
                status = CONFLICT
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
            else:
                messages.success(request, _("Modifications enregistrées."))
                return redirect("civic_service:team", organisation)
    context = {
        "form": form, "title": _("Compléter"), "lead": held.person.full_name, "button": _("Enregistrer"),
        "back": reverse("civic_service:team", args=[organisation]),
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


@login_required
@require_POST
def invite(request: Request, organisation: int, post: int) -> HttpResponse:
    """« Inviter »: send the link to come in, or send it again (S1)."""
    actor, found = _enter_to_name(request, organisation)
    held = _post_or_404(found, post)
    words = {"person": held.person.full_name}
    try:
        _invitation, has_left = invite_person(actor=actor, person=held.person, establishment=found)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("civic_service:team", organisation)
    if has_left:
        messages.success(request, _("Un e-mail part à %(person)s, avec le lien pour entrer.") % words)
    else:
        messages.info(request, _("%(person)s a reçu ce lien il y a quelques minutes : rien n'est renvoyé.") % words)
    return redirect("civic_service:team", organisation)


@login_required
@require_http_methods(READ)
def hand_over(request: Request, organisation: int, post: int) -> HttpResponse:
    """« Confier ses projets »: what the person holds first, then who takes it over."""
    actor, found = _enter_to_name(request, organisation)
    held = _post_or_404(found, post, ended=True)
    successors = [each for each in usable_posts(found, held.role) if each.person_id != held.person_id]
    has_ended = held.ended_at is not None
    form, status = SuccessorForm(posts=successors, has_ended=has_ended), 200
    if request.method == "POST":
        form, status = SuccessorForm(request.POST, posts=successors, has_ended=has_ended), UNPROCESSABLE
        if form.is_valid():
            by = next(each for each in successors if each.pk == form.cleaned_data["by"])
            try:
                moved = substitute(actor=actor, post=held, by=by, ends=form.cleaned_data.get("ends", True))
            except Refused as refused:
                status = CONFLICT
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
            else:
                text = ngettext("%(n)d projet passe à %(person)s.", "%(n)d projets passent à %(person)s.", moved)
                messages.success(request, text % {"n": moved, "person": by.person.full_name})
                return redirect("civic_service:team", organisation)
    context: dict[str, Any] = {
        "establishment": found, "post": held, "role": PostRole(held.role).label, "form": form, "successors": successors,
        "projects": list(held_projects(held)), "key": held.role, "back": reverse("civic_service:team", args=[organisation]),
    }  # fmt: skip
    return render(request, "civic_service/team/hand_over.html", context, status=status)


@login_required
@require_http_methods(READ)
def end(request: Request, organisation: int, post: int) -> HttpResponse:
    """« Retirer de l'équipe »: said first, then done; who holds projects hands them over before."""
    actor, found = _enter_to_name(request, organisation)
    held = _post_or_404(found, post)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            end_post(actor=actor, post=held)
        except Refused as refused:
            refusals = refused.sentences
        else:
            messages.success(request, _("%(person)s n'a plus ce rôle ici.") % {"person": held.person.full_name})
            if held.person_id == actor.person_id:
                return redirect("portal:space")
            return redirect("civic_service:team", organisation)
    context = {
        "establishment": found, "post": held, "role": PostRole(held.role).label, "refusals": refusals,
        "projects": list(held_projects(held)), "back": reverse("civic_service:team", args=[organisation]),
    }  # fmt: skip
    return render(request, "civic_service/team/end.html", context, status=CONFLICT if refusals else 200)
