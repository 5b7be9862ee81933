"""Forms of people: fields with their sentences, then one form per page."""

from renfort.people.forms.account import LanguageForm, NewAddressForm, PasswordChangeForm, PasswordNewForm, ProfileForm
from renfort.people.forms.sign_in import AddressForm, SignInForm, typed_address
from renfort.people.forms.sign_up import JoinForm, ManagerForm, VolunteerForm

__all__ = [
    "AddressForm",
    "JoinForm",
    "LanguageForm",
    "ManagerForm",
    "NewAddressForm",
    "PasswordChangeForm",
    "PasswordNewForm",
    "ProfileForm",
    "SignInForm",
    "VolunteerForm",
    "typed_address",
]
