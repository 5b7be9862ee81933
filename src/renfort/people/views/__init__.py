"""The pages of people and accounts."""

from renfort.people.views import identities
from renfort.people.views.account import account, language, profile
from renfort.people.views.addresses import address_back, address_confirm, address_drop, address_new
from renfort.people.views.confirm import check_email, confirm
from renfort.people.views.devices import device_close, devices_close
from renfort.people.views.passwords import password_lost, password_new
from renfort.people.views.picture import picture, picture_edit
from renfort.people.views.sign_in import demo_sign_in, sign_in, sign_out
from renfort.people.views.sign_up import sign_up_manager, sign_up_volunteer

__all__ = [
    "account",
    "address_back",
    "address_confirm",
    "address_drop",
    "address_new",
    "check_email",
    "confirm",
    "demo_sign_in",
    "device_close",
    "devices_close",
    "identities",
    "language",
    "password_lost",
    "password_new",
    "picture",
    "picture_edit",
    "profile",
    "sign_in",
    "sign_out",
    "sign_up_manager",
    "sign_up_volunteer",
]
