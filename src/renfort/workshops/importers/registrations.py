"""The files that are brought into a session: the participants whom a client's spreadsheet lists (W6, P6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.imports import ImportKind, Line, Outcome, Place, Twins
from renfort.kernel.messages import Recipient
from renfort.kernel.templatetags.ui import number
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.enums import RegistrationSource, RegistrationState
from renfort.workshops.forms.registrations import ImportOptionsForm, guest_columns
from renfort.workshops.models import Session
from renfort.workshops.rules import brings_participants
from renfort.workshops.selectors.registrations import known_addresses, session_in_full
from renfort.workshops.services.registrations import Guest, invite_guests, no_addresses, takes_addresses, why_not_now

GUESTS = "workshops.participants"


def _session(place: Place) -> Session | None:
    return session_in_full(place.scope or 0)


def _reader(person_id: int) -> Recipient | None:
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def _acts(whole: Actor, place: Place) -> Actor | None:
    """The person in the role of the place, as long as it lets people be brought to this session."""
    acting, session = whole.in_role(place.role), _session(place)
    return acting if acting is not None and session is not None and brings_participants(acting, session) else None


def _check(actor: Actor, place: Place, lines: Sequence[Line]) -> None:
    """Who is on the list already is left aside; once nobody comes onto it any more, every line says so."""
    session = _session(place)
    if session is None:
        return
    reasons = why_not_now(session) or ([] if takes_addresses(session) else [no_addresses()])
    if reasons:
        for line in lines:
            line.wrong("", " ".join(reasons))
        return
    known = known_addresses(session, [str(line.values["email"]) for line in lines])
    for line in lines:
        if state := known.get(str(line.values["email"])):
            line.known(_("Déjà sur la liste : « %(state)s ».") % {"state": RegistrationState(state).label})


def _write(actor: Actor, place: Place, line: Line, options: Mapping[str, Any]) -> Outcome:
    session = _session(place)
    guest = Guest(
        email=str(line.values["email"]), first_name=str(line.values.get("first_name") or ""),
        last_name=str(line.values.get("last_name") or ""), language=str(options.get("language") or "fr"),
    )  # fmt: skip
    if session is None:
        return Outcome(is_done=False)
    done = invite_guests(actor=actor, session=session, guests=[guest], source=RegistrationSource.IMPORT)
    return Outcome(is_done=bool(done.sent), note="" if done.sent else _("Déjà sur la liste."))


def _go(lines: int) -> str:
    return ngettext("Inviter %(n)s personne", "Inviter les %(n)s personnes", lines) % {"n": number(lines)}


def _warns(lines: int) -> str:
    words = ngettext(
        "Un e-mail part à cette personne, avec un lien qui n'est qu'à elle.",
        "Un e-mail part à chacune de ces %(n)s personnes, avec un lien qui n'est qu'à elle.",
        lines,
    )
    return words % {"n": number(lines)} if lines else ""


def _options(_actor: Actor, _place: Place, data: Any, _otherwise: int) -> Form:
    return ImportOptionsForm(data)


def _home(place: Place) -> str:
    session = _session(place)
    if session is None:
        return reverse("portal:space")
    return reverse("workshops:participants", args=[session.assignment_id, session.pk])


ImportKind(
    key=GUESTS,
    label=gettext_lazy("Inviter avec un fichier"),
    file_name=gettext_lazy("participants"),
    columns=guest_columns,
    person=actor_of,
    reader=_reader,
    acts=_acts,
    check=_check,
    write=_write,
    title=lambda values: (
        " ".join(filter(None, (str(values.get("first_name") or ""), str(values.get("last_name") or ""))))
        or str(values.get("email") or "")
    ),
    go=_go,
    warns=_warns,
    home=_home,
    pages="workshops:participants-import",
    address=lambda place: {"session": place.scope or 0},
    options=_options,
    twins=(Twins(columns=("email",), sentence=gettext_lazy("La ligne %(line)s du fichier a déjà cette adresse.")),),
)
