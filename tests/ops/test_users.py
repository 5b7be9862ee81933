"""Accounts made at the machine: `renfort user create`, `renfort user password`."""

import pytest

from renfort.ops.users import UserError, change_password, create
from renfort.organisations.models import Grant
from renfort.people.selectors import account_of, is_confirmed

pytestmark = pytest.mark.django_db
OPERATOR = {"first_name": "Ève", "last_name": "Le Bihan", "role": "operator", "password": "une phrase assez longue"}


def test_the_first_operator_signs_in_at_once():
    create(email=" Eve@Exemple.fr ".strip(), **OPERATOR)
    account = account_of("eve@exemple.fr")
    assert is_confirmed(account)
    assert account.check_password("une phrase assez longue")
    grant = Grant.objects.get(person=account.person)
    assert (grant.programme, grant.role) == ("platform", "operator")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "manager"}, "Rôles possibles : association_staff, case_manager, operator, volunteer"),
        ({"role": "king"}, "Le rôle « king » ne se donne pas ainsi"),
        ({"email": "nobody"}, "« nobody » n'est pas une adresse"),
        ({"password": "court"}, "Mot de passe refusé"),
    ],
)
def test_what_cannot_be_made_is_said(change, sentence):
    with pytest.raises(UserError, match=sentence):
        create(**{"email": "eve@exemple.fr", **OPERATOR, **change})
    assert account_of("eve@exemple.fr") is None


def test_an_address_has_one_account():
    create(email="eve@exemple.fr", **OPERATOR)
    with pytest.raises(UserError, match="Un compte existe déjà pour eve"):
        create(email="eve@exemple.fr", **OPERATOR)


def test_a_forgotten_password_is_replaced():
    create(email="eve@exemple.fr", **OPERATOR)
    change_password(email="eve@exemple.fr", password="une autre phrase longue")
    assert account_of("eve@exemple.fr").check_password("une autre phrase longue")
    with pytest.raises(UserError, match="Aucun compte pour personne"):
        change_password(email="personne@exemple.fr", password="une autre phrase longue")
