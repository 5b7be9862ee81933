"""The forms of a team: invite, choose a role, say who takes over, leave (R9, R40)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant, Invitation, Organisation
from renfort.organisations.services import InvitationFacts, Succession
from renfort.organisations.services.charges import Charge
from renfort.organisations.workflow import role_choice
from renfort.people.forms.fields import AddressField, NameField, PasswordField
from renfort.people.forms.sign_up import AccountForm
from renfort.people.models import Account

ONE_BY_ONE = "charge-"


class InviteForm(OnceForm):
    """« + Inviter un membre »."""

    first_name = NameField(label=_("Prénom"))
    last_name = NameField(label=_("Nom"))
    email = AddressField(label=_("Adresse email"), help_text=_("La personne y reçoit un lien pour rejoindre l'équipe."))

    sections = (
        Section("", ["role"]),
        Section(_("Qui invitez-vous ?"), ["first_name", "last_name"], pairs=True),
        Section("", ["email"]),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["role"] = role_choice()

    def facts(self) -> InvitationFacts:
        """The clean data as the service takes it; call after ``is_valid()``."""
        return InvitationFacts(**{name: self.cleaned_data[name] for name in ("role", "first_name", "last_name", "email")})


class RoleForm(forms.Form):
    """« Changer de rôle »."""

    def __init__(self, data: Any = None, *, member: Grant, **kwargs: Any) -> None:
        super().__init__(data, initial={"role": member.role}, **kwargs)
        self.fields["role"] = role_choice()


class SuccessionForm(forms.Form):
    """Who takes over the missions of the one who goes: one colleague for all, or another for some.

    Choices are people of the team, by number. Nothing is asked when there is nothing to hand over, or one colleague alone.
    """

    def __init__(
        self, data: Any = None, *, team: Sequence[Grant], charges: Sequence[Charge], default: int, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.charges, self.default = charges, default
        people = [(str(each.person_id), f"{each.person.full_name} ({Role(each.role).label})") for each in team]
        if not charges or len(people) < 2:  # noqa: PLR2004 -- with one colleague there is nothing to choose
            return
        self.fields["successor"] = forms.ChoiceField(label=_("Confier ses missions à"), choices=people, initial=str(default))
        if len(charges) < 2:  # noqa: PLR2004 -- one mission: one choice
            return
        for charge in charges:
            self.fields[f"{ONE_BY_ONE}{charge.number}"] = forms.ChoiceField(
                label=charge.label, help_text=charge.detail, choices=[("", _("Comme ci-dessus")), *people], required=False
            )

    @property
    def sections(self) -> tuple[Section, ...]:
        """The choice for all; under a fold, one by one."""
        one_by_one = [name for name in self.fields if name.startswith(ONE_BY_ONE)]
        fold = _("Choisir mission par mission") if one_by_one else ""
        return (Section(_("Ses missions"), ["successor"], fold=fold, folded=one_by_one),) if "successor" in self.fields else ()

    def succession(self) -> Succession:
        """The clean data as the service takes it; call after ``is_valid()``."""
        said = self.cleaned_data
        chosen = {
            charge.number: int(said[f"{ONE_BY_ONE}{charge.number}"])
            for charge in self.charges
            if said.get(f"{ONE_BY_ONE}{charge.number}")
        }
        return Succession(successor=int(said.get("successor") or self.default), chosen=chosen)


class InvitedForm(AccountForm):
    """The account of somebody who is invited; the invitation says the name and the address, both may be changed."""

    sections = (
        Section(_("Vous"), ["first_name", "last_name"], pairs=True),
        Section(_("Votre compte"), ["email", "password1", "password2"]),
    )

    def __init__(self, data: Any = None, *, invitation: Invitation, **kwargs: Any) -> None:
        known = {name: getattr(invitation, name) for name in ("first_name", "last_name", "email")}
        super().__init__(data, initial=known, **kwargs)
        self.fields["email"].help_text = _(
            "Avec une autre adresse que celle de l'invitation, nous vous enverrons un lien pour la confirmer."
        )


class WithdrawForm(forms.Form):
    """« Retirer la structure de la plateforme »: its name typed, and one's own password."""

    name = forms.CharField(label=_("Nom de la structure"), max_length=200)
    password = PasswordField(autocomplete="current-password", label=_("Votre mot de passe"))

    def __init__(self, data: Any = None, *, organisation: Organisation, account: Account, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.organisation, self.account = organisation, account
        self.fields["name"].help_text = _("Tapez « %(name)s » pour confirmer.") % {"name": organisation.name}

    def clean_name(self) -> str:
        """The same name, whatever the case and the spaces: nobody retires the wrong one, nobody is teased."""
        typed: str = self.cleaned_data["name"]
        if " ".join(typed.split()).casefold() != " ".join(self.organisation.name.split()).casefold():
            raise forms.ValidationError(_("Ce n'est pas le nom de la structure : tapez-le comme il est écrit au-dessus."))
        return typed

    def clean_password(self) -> str:
        """The password of who asks."""
        typed: str = self.cleaned_data["password"]
        if not self.account.check_password(typed):
            raise forms.ValidationError(_("Ce mot de passe n'est pas le bon."))
        return typed
