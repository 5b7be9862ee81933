"""allauth does the flows; the words, the addresses and the e-mails are ours (design decision 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.http import client_network
from renfort.people import services
from renfort.people.models import Account
from renfort.people.selectors import account_of, confirmation_key

LETTERS: Mapping[str, Callable[[Account], None]] = {
    "account/email/email_confirmation_signup": services.tell_confirm,
    "account/email/email_confirmation": services.tell_again,
    "account/email/password_reset_key": services.tell_password_lost,
    "account/email/password_changed": services.tell_password_changed,
    "account/email/password_set": services.tell_password_changed,
    "account/email/password_reset": services.tell_password_changed,
    "account/email/account_already_exists": services.tell_known,
}


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in; every page shows its reader's name, so that the account comes with its person."""

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, with its person, unless the operator closed it. One query."""
        account = Account.objects.select_related("person").filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of a project. Nothing is sent here: each e-mail is a Message of an event."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "E-mail ou mot de passe incorrect. Si vous venez de vous inscrire, ouvrez d'abord le lien reçu par e-mail."
        ),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Publish the event that tells what allauth wanted to send.

        Raises:
            KeyError: a kind of e-mail that nobody has written yet.
        """
        if template_prefix == "account/email/unknown_account":
            return services.tell_unknown(email)
        account = account_of(email)
        if account is not None:
            LETTERS[template_prefix](account)
        return None

    def send_notification_mail(self, template_prefix: str, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        """Always say that a password changed, whatever allauth's setting."""
        self.send_mail(template_prefix, cast(Account, user).email, {})

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Our pages say what happened in their own words."""

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The address of our confirmation page."""
        return reverse("people:confirm", args=[confirmation_key(emailconfirmation.email_address.user)])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address of our page, from allauth's « uid-token »."""
        uid, _dash, token = key.partition("-")
        return reverse("people:password-new", args=[uid, token])

    def respond_email_verification_sent(self, request: HttpRequest, user: AbstractBaseUser | None) -> HttpResponse:
        """Right password, address never confirmed: the link has been sent again."""
        if user is not None:
            request.session["mailbox"] = cast(Account, user).email
        return HttpResponseRedirect(reverse("people:check-email"))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Right password, account closed by the operator."""
        messages.error(request, _("Ce compte est fermé. Écrivez à l'équipe du site pour le rouvrir."))
        return HttpResponseRedirect(reverse("people:sign-in"))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same as the limits count (``kernel.http``); allauth's own limits are off."""
        return client_network(request)
