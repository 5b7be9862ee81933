"""The files that are brought into organisations: the local branches that a network invites (R56, P6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.imports import ImportKind, Line, Outcome, Place, Standing, Twins
from renfort.kernel.messages import Recipient
from renfort.kernel.templatetags.ui import number
from renfort.organisations.forms.branches import KindForm, branch_columns
from renfort.organisations.rules import supervises
from renfort.organisations.selectors import actor_of
from renfort.organisations.selectors.branches import check_branches
from renfort.organisations.services.branches import facts_of_values, invite_branch
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

BRANCHES = "organisations.branches"


def _reader(person_id: int) -> Recipient | None:
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def _network(place: Place) -> int:
    return place.scope or 0


def _acts(whole: Actor, place: Place) -> Actor | None:
    """The person as head of the network, as long as the role is held."""
    acting = whole.in_role(place.role)
    return acting if acting is not None and supervises(acting, _network(place)) else None


def _check(actor: Actor, place: Place, lines: Sequence[Line]) -> None:
    check_branches(_network(place), lines)


def _write(actor: Actor, place: Place, line: Line, options: Mapping[str, Any]) -> Outcome:
    facts = facts_of_values(line.values, legal_status=str(options.get("legal_status") or ""))
    invite_branch(
        actor=actor, network=_network(place), facts=facts, asked=line.ref if line.standing == Standing.OTHERWISE else None
    )
    return Outcome()


def _go(lines: int) -> str:
    words = (
        ngettext("Inviter %(n)s antenne", "Inviter les %(n)s antennes", lines) if lines else _("Proposer de rejoindre le réseau")
    )
    return str(words) % {"n": number(lines)}


def _warns(lines: int) -> str:
    words = ngettext(
        "Un e-mail part à l'adresse de contact de cette antenne, avec un lien valable 30 jours.",
        "Un e-mail part à l'adresse de contact de chacune de ces %(n)s antennes, avec un lien valable 30 jours.",
        lines,
    )
    return words % {"n": number(lines)} if lines else ""


def _options(_actor: Actor, _place: Place, data: Any, otherwise: int) -> Form:
    return KindForm(data, otherwise=otherwise)


def _does(options: Mapping[str, Any]) -> Sequence[str]:
    return (Standing.READY, Standing.OTHERWISE) if options.get("ask") else (Standing.READY,)


ImportKind(
    key=BRANCHES,
    label=_("Inviter des antennes"),
    file_name=_("antennes"),
    columns=branch_columns,
    person=actor_of,
    reader=_reader,
    acts=_acts,
    check=_check,
    write=_write,
    title=lambda values: " · ".join(filter(None, (str(values.get("name") or ""), str(values.get("city") or "")))),
    go=_go,
    warns=_warns,
    home=lambda place: reverse("organisations:branches", args=[_network(place)]),
    pages="organisations:branch-import",
    address=lambda place: {"network": _network(place)},
    options=_options,
    does=_does,
    otherwise=_("Déjà inscrites"),
    twins=(
        Twins(columns=("siret",), sentence=_("La ligne %(line)s du fichier a déjà ce SIRET.")),
        Twins(columns=("rna",), sentence=_("La ligne %(line)s du fichier a déjà ce numéro RNA.")),
        Twins(
            columns=("name", "postcode"),
            sentence=_("La ligne %(line)s du fichier est déjà cette antenne : même nom, même code postal."),
        ),
        Twins(
            columns=("name", "department", "city"),
            sentence=_("La ligne %(line)s du fichier est déjà cette antenne : même nom, même ville."),
        ),
    ),
)
