"""The pages of people and accounts."""

from renfort.people.views.account import account, language, profile
from renfort.people.views.confirm import check_email, confirm
from renfort.people.views.passwords import password_lost, password_new
from renfort.people.views.sign_in import demo_sign_in, sign_in, sign_out
from renfort.people.views.sign_up import sign_up_manager, sign_up_volunteer

__all__ = [
    "account",
    "check_email",
    "confirm",
    "demo_sign_in",
    "language",
    "password_lost",
    "password_new",
    "profile",
    "sign_in",
    "sign_out",
    "sign_up_manager",
    "sign_up_volunteer",
]
