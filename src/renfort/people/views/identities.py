"""Sign in through the network's identity provider: leave, come back, prove that an account is one's own, link, unlink (S1)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.catalogue import IDENTITY, LINK_TYPED, SIGN_IN_HERE, SIGN_IN_NETWORK, SIGN_IN_TYPED
from renfort.jobs.middleware import give_back_all, refused, told, too_late, too_many
from renfort.kernel.http import Request
from renfort.kernel.sentences import Sentence
from renfort.people import services
from renfort.people.catalogue import origin_of
from renfort.people.forms.identities import ProofForm
from renfort.people.models import Account, Identity
from renfort.people.selectors import proves
from renfort.people.services import identities
from renfort.people.views.arrival import enter, safe_next

GUESSES = (SIGN_IN_HERE, SIGN_IN_NETWORK, SIGN_IN_TYPED)
FORBIDDEN, CONFLICT, GONE, UNPROCESSABLE, UNAVAILABLE = 403, 409, 410, 422, 503
LONGEST_TOKEN = 100
CANCELLED = ("access_denied", "interaction_required", "login_required")  # OAuth 2.0, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6


def _provider() -> identities.IdentityProvider:
    """Raises Http404: none is configured."""
    provider = identities.identity_provider()
    if not provider.is_on:
        raise Http404
    return provider


def _back() -> str:
    """Where the provider sends people back; the same for every host name of the site, as it is registered there."""
    return settings.BASE_URL + reverse("people:identity-back")


def _fault(request: HttpRequest, why: str, status: int, *, can_retry: bool = True) -> HttpResponse:
    context = {"why": why, "can_retry": can_retry, "provider": _provider().name}
    return render(request, "people/identity_fault.html", context, status=status)


def _silent(request: HttpRequest) -> HttpResponse:
    why = _("Le fournisseur d'identité ne répond pas pour le moment. Réessayez dans un instant, ou utilisez votre mot de passe.")
    return _fault(request, why, UNAVAILABLE)


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Leave for the provider. ``acces`` is the link of an invitation, whose reader may come in this way."""
    provider = _provider()
    if (refusal := refused(request, IDENTITY)) is not None:
        return too_many(request, refusal)
    token = request.GET.get("acces", "")[:LONGEST_TOKEN]
    attempt = identities.leave(request.session, next_url=safe_next(request), token=token)
    try:
        return HttpResponseRedirect(provider.begin(attempt, _back()))
    except services.ProviderSilent:
        return _silent(request)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Come back from the provider: a code that serves once, or the reason why there is none."""
    provider = _provider()
    if (refusal := refused(request, IDENTITY)) is not None:
        return too_many(request, refusal)
    attempt = identities.come_back(request.session, request.GET.get("state", ""))
    if attempt is None:
        why = _("Cette connexion a déjà servi, elle a pris trop de temps, ou elle a commencé dans un autre navigateur.")
        return _fault(request, why, CONFLICT)
    code = request.GET.get("code", "")
    if request.GET.get("error", "") in CANCELLED:
        messages.info(request, _("Vous avez renoncé à vous connecter par %(provider)s.") % {"provider": _name(provider)})
        return redirect(_sign_in(attempt.next_url))
    if "error" in request.GET or not code:
        why = _("Le fournisseur d'identité a refusé la connexion. Réessayez, ou utilisez votre mot de passe.")
        return _fault(request, why, FORBIDDEN)
    try:
        proof = provider.finish(attempt, code, _back())
    except services.ProviderSilent:
        return _silent(request)
    except services.ProofRefused:
        why = _(
            "La réponse du fournisseur d'identité n'est pas valable. Recommencez ; si cela se répète, écrivez à l'équipe du site."
        )
        return _fault(request, why, FORBIDDEN)
    return _recognise(request, attempt, proof)


def _name(provider: identities.IdentityProvider) -> str:
    return provider.name or _("votre réseau")


def _sign_in(next_url: str) -> str:
    return reverse("people:sign-in") + (f"?{urlencode({'next': next_url})}" if next_url else "")


def _recognise(request: HttpRequest, attempt: identities.Attempt, proof: services.Proof) -> HttpResponse:
    mine = request.user if isinstance(request.user, Account) else None
    known = identities.linked(proof.claims)
    if known is not None:
        if mine is not None and mine.pk != known.account_id:
            why = _("Cette identité est reliée à un autre compte que celui où vous êtes connecté : déconnectez-vous d'abord.")
            return _fault(request, why, CONFLICT, can_retry=False)
        return _come_in(request, known, proof.id_token, attempt.next_url)
    if mine is not None:
        identities.wait(request.session, proof=proof, account=mine, next_url=attempt.next_url)
        return redirect("people:identity-join")
    recognised = identities.recognised(proof.claims, attempt.token)
    existing = identities.to_join(proof.claims, recognised)
    if existing is not None:
        identities.wait(request.session, proof=proof, account=existing, next_url=attempt.next_url)
        return redirect("people:identity-join")
    try:
        identities.welcome(claims=proof.claims, known=recognised, language=(get_language() or "fr")[:2])
    except services.Unknown as unknown:
        return _fault(request, str(unknown), FORBIDDEN)
    except (services.AddressTaken, services.Taken) as taken:
        return _fault(request, str(taken), CONFLICT)
    made = identities.linked(proof.claims)
    if made is None:
        raise Http404
    return _come_in(request, made, proof.id_token, attempt.next_url)


def _come_in(request: HttpRequest, identity: Identity, id_token: str, next_url: str) -> HttpResponse:
    """Sign in, through every stage of the house; a closed account is told so."""
    account = identity.account
    if not account.is_active:
        why = _("Ce compte est fermé. Écrivez à l'équipe du site pour le rouvrir.")
        return _fault(request, why, FORBIDDEN, can_retry=False)
    response = enter(request, account, next_url=next_url)
    if request.user.is_authenticated:
        request.session[identities.ID_TOKEN] = id_token
        identities.note_use(identity)
    return response


# ── the proof that an account is one's own ────────────────────────────────────────────────────────
def _waiting(request: HttpRequest) -> tuple[identities.Waiting, Account] | None:
    """The identity that waits in this browser, and the account that its holder is to prove theirs."""
    waiting = identities.waiting_of(request.session)
    if waiting is None:
        return None
    account = Account.objects.select_related("person").filter(pk=waiting.account, is_active=True).first()
    if account is None or (isinstance(request.user, Account) and request.user.pk != account.pk):
        return None
    return waiting, account


def _over(request: HttpRequest) -> HttpResponse:
    why = _("Il n'y a rien à relier dans ce navigateur, ou cela a trop attendu. Recommencez la connexion.")
    return _fault(request, why, GONE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """« Relier mon compte »: its password, once; or a link sent to its address. Nothing is linked before."""
    _provider()
    found = _waiting(request)
    if found is None:
        return _over(request)
    waiting, account = found
    wants_link = request.method == "POST" and "lien" in request.POST
    form = ProofForm(request.POST if request.method == "POST" and not wants_link else None, account=account)
    if wants_link:
        refusal = refused(request, LINK_TYPED, typed=account.email)
        if refusal is not None:
            return too_many(request, refusal)
        identities.send_proof(account=account, waiting=waiting)
        messages.success(request, _("Le lien est parti. Ouvrez-le dans ce navigateur."))
        return redirect("people:identity-join")
    refusal = refused(request, *GUESSES, typed=account.email) if request.method == "POST" else None
    if refusal is not None:
        told(form, refusal)
    elif request.method == "POST" and form.is_valid():
        give_back_all(request, *GUESSES, typed=account.email)
        return _join(request, waiting, account)
    page = _join_page(request, form, waiting, account)
    return page if refusal is None else too_late(page, refusal)


def _join_page(request: HttpRequest, form: ProofForm, waiting: identities.Waiting, account: Account) -> HttpResponse:
    context = {
        "form": form,
        "identity": waiting.email or waiting.name or waiting.subject,
        "address": account.email if request.user.is_authenticated or waiting.email == account.email else masked(account.email),
        "has_password": account.has_usable_password(),
        "provider": _provider().name,
    }
    return render(request, "people/identity_join.html", context, status=UNPROCESSABLE if form.errors else 200)


def masked(address: str) -> str:
    """« c…@exemple.fr »: enough to know one's own, too little to learn somebody else's."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the e-mail. Opening it changes nothing (mail servers open links); the button links, in the same browser."""
    _provider()
    found = _waiting(request)
    if found is None:
        return _over(request)
    waiting, account = found
    if not proves(key, account, waiting.issuer, waiting.subject):
        why = _("Ce lien a déjà servi, ou il est trop ancien. Recommencez la connexion.")
        return _fault(request, why, GONE)
    if request.method == "POST":
        return _join(request, waiting, account)
    context = {"identity": waiting.email or waiting.name or waiting.subject, "address": account.email}
    return render(request, "people/identity_prove.html", context)


def _join(request: HttpRequest, waiting: identities.Waiting, account: Account) -> HttpResponse:
    """Sign in, then link: a second factor that is still to be given keeps the identity waiting."""
    response: HttpResponse = redirect("people:account")
    if not request.user.is_authenticated:
        response = enter(request, account, next_url=waiting.next_url)
    if not request.user.is_authenticated:
        return response
    try:
        made = identities.join(request.session, account=account, waiting=waiting)
    except services.Taken as taken:
        return _fault(request, str(taken), CONFLICT, can_retry=False)
    request.session[identities.ID_TOKEN] = waiting.id_token
    identities.note_use(made)
    messages.success(request, _("C'est relié : vous pouvez désormais vous connecter ainsi."))
    return response


@login_required
@require_POST
def unlink(request: Request) -> HttpResponse:
    """« Délier »: only with a password, else nobody could come in any more."""
    try:
        count = identities.unlink(actor=request.actor, account=cast(Account, request.user))
    except Sentence as sentence:
        messages.error(request, str(sentence))
        return redirect("people:account")
    request.session.pop(identities.ID_TOKEN, None)
    if count:
        messages.success(request, _("Cette identité n'est plus reliée à votre compte."))
    return redirect("people:account")


def way_out(id_token: str) -> str:
    """Where signing out goes on to: the provider's own page, when it stands where forms may lead; "" otherwise."""
    provider = identities.identity_provider()
    if not id_token or not provider.is_on:
        return ""
    there = provider.end(id_token, settings.BASE_URL + settings.LOGOUT_REDIRECT_URL)
    return there if there and origin_of(there) == origin_of(settings.IDENTITY.issuer) else ""
