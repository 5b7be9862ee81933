"""Sign-in, sign-out, and the one-click sign-in of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.internal import flows
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renfort.jobs.catalogue import SIGN_IN_HERE, SIGN_IN_NETWORK, SIGN_IN_TYPED
from renfort.jobs.middleware import give_back_all, refused, told, too_late
from renfort.people import services
from renfort.people.forms import AddressForm, SignInForm, typed_address
from renfort.people.models import Account, Intent
from renfort.people.selectors import DEMO_DOMAIN, account_of, demo_accounts, intent_of
from renfort.people.services import identities
from renfort.people.views.arrival import INTENTION, arrive, enter, safe_next
from renfort.people.views.identities import way_out

# the narrowest first: one network that hammers at an address soon leaves the address's own count alone
GUESSES = (SIGN_IN_HERE, SIGN_IN_NETWORK, SIGN_IN_TYPED)
DEMO_ROLES: dict[str, Promise] = {
    "benevole": _("Bénévole"),
    "responsable": _("Responsable"),
    "tuteur": _("Tuteur"),
    "referent": _("Référent"),
    "superviseur": _("Superviseur"),
    "operateur": _("Opérateur"),
    "coordination": _("Coordination"),
    "animation": _("Animateur·ice"),
    "association": _("Association"),
    "etablissement": _("Référent Service Civique"),
    "tuteur-sc": _("Tuteur Service Civique"),
    "cotuteur": _("Cotuteur"),
    "volontaire-sc": _("Volontaire Service Civique"),
    "gestionnaire": _("Gestionnaire"),
    "plusieurs": _("Plusieurs rôles"),
}


@dataclass(frozen=True, slots=True)
class DemoCard:
    """One person of the demonstration, one click away."""

    role: str | Promise
    name: str
    initials: str
    address: str

    @property
    def label(self) -> str:
        """« Bénévole · Inès Moreau »."""
        return f"{self.role} · {self.name}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """« Connexion » (P1). ``intention`` is what a link of « vous avez déjà un compte » carries, ``next`` a page of ours."""
    next_url = safe_next(request)
    intent = intent_of(request.GET.get("intention", ""))
    if intent is not None:
        request.session[INTENTION] = intent.pk
    if isinstance(request.user, Account):
        return HttpResponseRedirect(arrive(request, request.user, next_url=next_url))
    form = SignInForm(request.POST if request.method == "POST" else None, request=request)
    typed = typed_address(request.POST) if request.method == "POST" else ""
    refusal = refused(request, *GUESSES, typed=typed) if typed else None
    if refusal is not None:
        told(form, refusal)  # before the hash: a flood of guesses costs no more than its statements
    elif request.method == "POST" and form.is_valid() and form.account is not None:
        give_back_all(request, *GUESSES, typed=typed)
        return _enter(request, form, form.account, next_url)
    context = {"form": form, "next": next_url, "wish": _wish_label(request, intent), "cards": _cards()}
    provider = identities.identity_provider()
    context |= {"has_provider": provider.is_on, "provider": provider.name}
    page = render(request, "people/sign_in.html", context, status=422 if form.errors else 200)
    return page if refusal is None else too_late(page, refusal)


def _enter(request: HttpRequest, form: SignInForm, account: Account, next_url: str) -> HttpResponse:
    login = Login(user=account, email=account.email)
    response: HttpResponse = flows.login.perform_password_login(request, form.credentials(), login)
    if not request.user.is_authenticated:
        return response  # not confirmed yet, closed, or a second factor to give
    return HttpResponseRedirect(arrive(request, account, next_url=next_url))


def _wish_label(request: HttpRequest, intent: Intent | None) -> str:
    """What completes « Vous proposez votre aide pour : … »."""
    wish = services.wish_of(request.session)
    return intent.label if intent is not None else wish.label if wish is not None else ""


def _cards() -> list[DemoCard]:
    """The people of the demonstration, in the order of their roles; none outside it."""
    if not settings.DEMO:
        return []
    people = {account.email.removesuffix(DEMO_DOMAIN): account for account in demo_accounts(list(DEMO_ROLES))}
    return [
        DemoCard(role=label, name=people[key].person.full_name, initials=people[key].person.initials, address=people[key].email)
        for key, label in DEMO_ROLES.items()
        if key in people
    ]


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click, only in the demonstration, only for its own people.

    Raises:
        Http404: outside the demonstration, or for anybody else.
    """
    form = AddressForm(request.POST)
    if not settings.DEMO or not form.is_valid() or not form.cleaned_data["email"].endswith(DEMO_DOMAIN):
        raise Http404
    account = account_of(form.cleaned_data["email"])
    if account is None:
        raise Http404
    return enter(request, account, next_url=safe_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """« Se déconnecter », of the identity provider too when one came through it."""
    id_token = request.session.get(identities.ID_TOKEN, "")
    flows.logout.logout(request, show_message=False)
    return redirect(way_out(id_token) or settings.LOGOUT_REDIRECT_URL)
