"""Sign-up, for volunteers and for organisations (R2, R3)."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from allauth.account.internal import flows
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.jobs.catalogue import CONFIRMATION, SIGN_UP
from renfort.jobs.middleware import refused, told, too_late
from renfort.jobs.services import once
from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.http import Request
from renfort.people import services
from renfort.people.enums import Joins
from renfort.people.forms import JoinForm, ManagerForm, VolunteerForm
from renfort.people.models import Account
from renfort.people.selectors import account_of, is_confirmed
from renfort.people.views.arrival import arrive, safe_next


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_volunteer(request: Request) -> HttpResponse:
    """« Je veux aider » (R3); somebody signed in only gives what is missing."""
    if isinstance(request.user, Account):
        return _join(request, request.user)
    return _sign_up(request, VolunteerForm, Joins.VOLUNTEER, "people/sign_up_volunteer.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_manager(request: Request) -> HttpResponse:
    """« Inscrire ma structure » (R2): the account first, the organisation once the address is confirmed."""
    if request.user.is_authenticated:
        return redirect("organisations:open")
    return _sign_up(request, ManagerForm, Joins.MANAGER, "people/sign_up_manager.html")


def _sign_up(request: Request, form_class: type[ManagerForm | VolunteerForm], joins: Joins, template: str) -> HttpResponse:
    form = form_class(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = refused(request, SIGN_UP)
        if refusal is None:
            facts = _facts(form.cleaned_data, joins)
            facts.keep(request.session)
            request.session["mailbox"] = facts.address
            # the address is part of the token: somebody who goes back to correct a typing error is heard again
            token = uuid5(form.cleaned_data["form_token"], facts.address)
            return HttpResponseRedirect(once(token, owner="", make=lambda: begin(request, facts)))
        told(form, refusal)
    context = {"form": form, "wish": services.wish_of(request.session), "next": safe_next(request)}
    page = render(request, template, context, status=422 if form.errors else 200)
    return page if refusal is None else too_late(page, refusal)


def may_send(request: HttpRequest, address: str) -> bool:
    """Whether this address may be sent a confirmation, or what stands in its place: one in three minutes, whoever asks.

    The page never tells: the link sent before still opens.
    """
    return refused(request, CONFIRMATION, typed=address) is None


def _facts(data: dict[str, Any], joins: Joins) -> services.SignUp:
    """What the form says, the password hashed: for a known address too, so that the answer takes as long."""
    return services.SignUp(
        address=data["email"],
        first_name=data["first_name"],
        last_name=data["last_name"],
        password=make_password(data["password1"]),
        joins=joins.value,
        language=(get_language() or "fr")[:2],
        postcode=data.get("postcode", ""),
        mobile_phone=data.get("mobile_phone", ""),
        birth_date=data.get("birth_date"),
    )


def begin(request: HttpRequest, facts: services.SignUp) -> str:
    """Note a sign-up with what its browser was doing, and send the link. Returns the page that follows, always the same."""
    account = services.sign_up(actor=ANONYMOUS, facts=facts)
    services.keep_wish(request.session, address=facts.address)
    # in the form's own transaction: of two clicks at once, the one that writes is the one that is counted
    if not may_send(request, facts.address):
        pass
    elif account is not None:
        ask_confirmation(request, account, signup=True)
    else:
        remind(request, facts.address, joins=facts.joins)
    return reverse("people:check-email")


def ask_confirmation(request: HttpRequest, account: Account, *, signup: bool) -> None:
    """Send the link that confirms."""
    address = EmailAddress.objects.get(user_id=account.pk, email=account.email)
    flows.email_verification.send_verification_email_to_address(request, address, signup=signup)


def remind(request: HttpRequest, address: str, *, joins: str = "") -> None:
    """Tell the reader of an address what account it has, or that it has none."""
    account = account_of(address)
    if account is None:
        services.tell_unknown(address)
    else:
        services.tell_known(account, joins=joins, intent=services.keep_wish(request.session, address=address))


def ask_again(request: HttpRequest, address: str) -> None:
    """A new link for whoever reads this address: to confirm, or to sign in; nobody else learns which."""
    if not may_send(request, address):
        return
    account = account_of(address)
    if account is not None and not is_confirmed(account):
        ask_confirmation(request, account, signup=False)
    else:
        remind(request, address)


def _join(request: Request, account: Account) -> HttpResponse:
    """Somebody with an account becomes a volunteer too: the facts that are missing, no new password."""
    person = account.person
    if request.actor.holds("reserve", "volunteer"):
        return HttpResponseRedirect(arrive(request, account, next_url=safe_next(request)))
    known = {"postcode": person.postcode, "birth_date": person.birth_date, "mobile_phone": person.mobile_phone}
    form = JoinForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        facts = services.PersonFacts(
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            landline_phone=person.landline_phone,
            **form.cleaned_data,
        )
        services.join_reserve(actor=request.actor, person=person, facts=facts)
        messages.success(request, _("Bienvenue dans la réserve !"))
        return HttpResponseRedirect(arrive(request, account, next_url=safe_next(request)))
    context = {"form": form, "wish": services.wish_of(request.session), "next": safe_next(request)}
    return render(request, "people/join.html", context, status=422 if form.errors else 200)
