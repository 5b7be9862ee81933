"""Where one is led when signed in: what was being done, then the page asked for, then one's own home."""

from __future__ import annotations

from allauth.account.internal import flows
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from renfort.people import services
from renfort.people.enums import Joins
from renfort.people.models import Account

INTENTION = "people.intention"  # key of the session: the intent that a link of « vous avez déjà un compte » carries


def safe_next(request: HttpRequest) -> str:
    """The page of this site that sign-in should lead to, or ""; other sites are never believed."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and "\\" not in wanted and wanted.isprintable() else ""


def enter(request: HttpRequest, account: Account, *, next_url: str = "") -> HttpResponse:
    """Sign in through allauth's stages, then lead on; a stage that asks for more answers itself."""
    response: HttpResponse = flows.login.perform_login(request, Login(user=account, email=account.email))
    if not request.user.is_authenticated:
        return response
    return HttpResponseRedirect(arrive(request, account, next_url=next_url))


def arrive(request: HttpRequest, account: Account, *, next_url: str = "", first: services.Performed | None = None) -> str:
    """Do what waited for this person to be signed in; returns where to go. ``first`` is what a link has already done."""
    done = [first] if first is not None else []
    carried = request.session.pop(INTENTION, None)
    if carried is not None:
        done.append(services.perform(account=account, only=carried))
    intent = services.keep_wish(request.session, address=account.email)
    if intent is not None:
        done.append(services.perform(account=account, only=intent.pk))
        services.forget_wish(request.session)
    for performed in done:
        for sentence in performed.sentences:
            messages.warning(request, sentence)
    results = [performed.url for performed in done if performed.url]
    return results[-1] if results else next_url or home(account)


def home(account: Account) -> str:
    """One's space; for a manager without organisation, the page that registers it (R2)."""
    return reverse("organisations:open") if account.joins == Joins.MANAGER else settings.LOGIN_REDIRECT_URL
