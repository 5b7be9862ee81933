"""The way in of an organisation, in steps: who one is, what it is, where it acts, then the first mission (R4 to R6, R9)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.organisations.forms.about import AboutForm
from renfort.organisations.forms.branches import about_of_branch, place_of_branch
from renfort.organisations.forms.place import PlaceForm
from renfort.organisations.forms.you import YouForm
from renfort.organisations.models import Draft, Organisation
from renfort.organisations.selectors import (
    STEPS,
    Alike,
    alike,
    join_state,
    open_draft,
    organisations_managed,
    step_of,
    waiting_requests_of,
)
from renfort.organisations.services import ask_to_join, finish, keep_about, keep_not_mine, keep_place, keep_you
from renfort.organisations.views.steps import first_mission, kept_words, number, step, typed
from renfort.people.models import Account, Person

UNPROCESSABLE = 422
PAGES = {
    "you": "organisations/onboarding/you.html",
    "about": "organisations/onboarding/about.html",
    "place": "organisations/onboarding/place.html",
}
NUMBERS = {name: index for index, name in enumerate(STEPS, 1)}


@never_cache
@login_required
@require_safe
def resume(request: Request) -> HttpResponse:
    """Where one left off, on any device. Who has asked to join an organisation is told that the answer is awaited."""
    person = cast(Account, request.user).person
    following = step_of(open_draft(person.pk))
    waiting = waiting_requests_of(person.pk)
    if not waiting:
        return redirect(f"organisations:{following}")
    return render(
        request, "organisations/onboarding/waiting.html", {"waiting": waiting, "following": f"organisations:{following}"}
    )


@step("you")
def you(request: Request, person: Person, draft: Draft | None) -> HttpResponse:
    """« Vous »."""
    said = typed(request, "you", draft)
    form = YouForm(said, person=person)
    if request.method == "POST" and form.is_valid():
        keep_you(actor=request.actor, person=person, facts=form.facts())
        return redirect("organisations:about")
    managed = list(organisations_managed(request.actor).order_by("name")[:3])
    return _page(request, "you", form, draft, resumed=said is not None, managed=managed)


@step("about")
def about(request: Request, person: Person, draft: Draft | None) -> HttpResponse:
    """« Votre structure »."""
    draft = cast(Draft, draft)  # the step before made it
    said = typed(request, "about", draft)
    form = AboutForm(said, initial=draft.about or about_of_branch(draft))
    if request.method == "POST" and form.is_valid():
        keep_about(draft=draft, facts=form.about())
        return redirect("organisations:alike" if _alike(draft) else "organisations:place")
    return _page(request, "about", form, draft, resumed=said is not None)


@step("place")
def place(request: Request, person: Person, draft: Draft | None) -> HttpResponse:
    """« Le lieu », the last step: the organisation is registered."""
    draft = cast(Draft, draft)  # the step before made it
    said = typed(request, "place", draft)
    form = PlaceForm(said, initial=PlaceForm.initial_of(draft.place or place_of_branch(draft), postcode=person.postcode))
    if form.is_searching:  # « Chercher cette adresse », where there is no script
        form.search_place()
    elif request.method == "POST" and form.is_valid():
        keep_place(draft=draft, facts=form.facts())
        return redirect("organisations:alike") if _alike(draft) else _finish(request, draft)
    return _page(request, "place", form, draft, resumed=said is not None)


@step("place")
def alike_page(request: Request, person: Person, draft: Draft | None) -> HttpResponse:
    """« Cette structure est peut-être déjà inscrite »: join it, or go on (R9)."""
    draft = cast(Draft, draft)  # the step before made it
    found = _alike(draft)
    if not found:
        return redirect("organisations:place")
    if request.method == "POST" and "join" in request.POST:
        return _join(request, person, found)
    if request.method == "POST":
        keep_not_mine(
            draft=draft, organisations=[each.pk for each in found], without_siret=any(each.why == "siret" for each in found)
        )
        return _finish(request, draft) if draft.place else redirect("organisations:place")
    context = {
        "found": [(each, _standing(request, person, each)) for each in found],
        "labels": list(STEPS.values()),
        "current": NUMBERS["place" if draft.place else "about"],
        "draft": draft,
        "siret": any(each.why == "siret" for each in found),
    }
    return render(request, "organisations/onboarding/alike.html", context)


def _standing(request: Request, person: Person, found: Alike) -> str:
    """What this person is to an organisation already: "managed", "pending", "refused" or ""."""
    if organisations_managed(request.actor).filter(pk=found.pk).exists():
        return "managed"
    return join_state(person.pk, found.pk)


def _join(request: Request, person: Person, found: list[Alike]) -> HttpResponse:
    """Only what was shown may be joined: a number typed into the form finds nothing."""
    wanted = number(request.POST.get("join"))
    chosen = next((each for each in found if each.pk == wanted), None)
    if chosen is None:
        return redirect("organisations:alike")
    try:
        ask_to_join(actor=request.actor, person=person, organisation=Organisation.objects.get(pk=chosen.pk))
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("organisations:alike")
    messages.success(request, _("Votre demande est partie. Vous recevrez la réponse par e-mail."))
    return redirect("organisations:open")


def _alike(draft: Draft) -> list[Alike]:
    """Organisations here that may be the one described, less those of which the person said « pas la mienne »."""
    said, where = draft.about, draft.place
    if not said:
        return []
    return alike(
        name=said["name"],
        siret=said.get("siret", ""),
        rna=said.get("rna", ""),
        department=where.get("department", ""),
        but=draft.not_mine,
    )


def _finish(request: Request, draft: Draft) -> HttpResponse:
    try:
        organisation = finish(actor=request.actor, draft=draft)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("organisations:alike" if _alike(draft) else "organisations:open")
    messages.success(request, _("Bravo, votre structure est inscrite ! Proposez maintenant votre première mission."))
    return HttpResponseRedirect(first_mission(organisation))


def _page(request: Request, name: str, form: Form, draft: Draft | None, *, resumed: bool, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft.pk if draft else "",
        "labels": list(STEPS.values()),
        "current": NUMBERS[name],
        "kept": kept_words() if resumed and request.method != "POST" else "",
        **more,
    }
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, PAGES[name], context, status=UNPROCESSABLE if wrong else 200)
