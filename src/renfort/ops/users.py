"""Accounts made or mended at the machine: the operator's first one, a password that nobody remembers."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from renfort.kernel.actors import SERVICE
from renfort.kernel.sentences import Sentence
from renfort.organisations.enums import Programme, Role
from renfort.organisations.services import give_role
from renfort.people.models import Account
from renfort.people.selectors import account_of
from renfort.people.services import SignUp, make_account, tell_password_changed

PROGRAMMES = {
    Role.OPERATOR: Programme.PLATFORM,
    Role.VOLUNTEER: Programme.RESERVE,
    Role.ASSOCIATION_STAFF: Programme.WORKSHOPS,
    Role.CASE_MANAGER: Programme.CIVIC_SERVICE,
}


class UserError(Sentence):
    """The account cannot be made or changed; the sentence says why."""


def create(*, email: str, first_name: str, last_name: str, role: str, password: str) -> None:
    """Make a confirmed account and give it a role of the whole platform.

    Raises:
        UserError: wrong address or password, an account that exists, or a role that needs an organisation.
    """
    try:
        programme = PROGRAMMES[Role(role)]
    except (ValueError, KeyError):
        raise UserError(
            f"Le rôle « {role} » ne se donne pas ainsi. Rôles possibles : {', '.join(sorted(PROGRAMMES))} ; "
            "les rôles d'une structure se donnent dans la page de la structure."
        ) from None
    try:
        validate_email(email)
    except ValidationError:
        raise UserError(f"« {email} » n'est pas une adresse e-mail.") from None
    _check(password)
    facts = SignUp(
        address=email.strip().lower(),
        first_name=first_name,
        last_name=last_name,
        password=make_password(password),
        joins="",
    )
    with transaction.atomic():
        try:
            account = make_account(actor=SERVICE, facts=facts)
        except ValueError:
            raise UserError(
                f"Un compte existe déjà pour {email}. Pour changer son mot de passe : « renfort user password {email} »."
            ) from None
        give_role(actor=SERVICE, person=account.person, programme=programme, role=role)


def change_password(*, email: str, password: str) -> None:
    """Give an account another password, close its sessions and tell its holder.

    Raises:
        UserError: no such account, or a password that is too weak.
    """
    account = account_of(email)
    if account is None:
        raise UserError(f"Aucun compte pour {email}. Pour en créer un : « renfort user create {email} ».")
    _check(password, account)
    with transaction.atomic():
        account.set_password(password)  # sessions carry a digest of the password: they end with it
        account.save(update_fields=["password"])
        tell_password_changed(account)


def _check(password: str, account: Account | None = None) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise UserError("Mot de passe refusé : " + " ".join(error.messages)) from None
