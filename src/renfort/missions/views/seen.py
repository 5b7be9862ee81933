"""« Mes données vues »: what organisations see of one, until when, and who has looked (R37)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.audit.enums import ViewPurpose, Way
from renfort.audit.models import ContactView
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.templatetags.ui import phone
from renfort.missions.models import Participation
from renfort.missions.rules import contact_is_open, contact_until
from renfort.missions.selectors.volunteer import organisation_names, perhaps_seen_by, views_of
from renfort.missions.views.volunteer import enter_volunteer, person_of
from renfort.organisations.enums import Role, ScopeKind
from renfort.organisations.selectors.supervision import network_names, supervised_networks
from renfort.people.models import Person
from renfort.territories.selectors import departments


@dataclass(frozen=True, slots=True, kw_only=True)
class Seer:
    """An organisation that sees one's contact data now. ``until`` None: as long as a participation is open."""

    name: str
    url: str
    until: datetime | None
    zone: str
    networks: tuple[str, ...] = ()  # whose head reads them too (R56)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One entry of the log, in words."""

    view: ContactView
    role: str
    organisation: str
    way: str
    purpose: str = ""


@login_required
@require_safe
def seen(request: Request) -> HttpResponse:
    """Exactly what is shown, to whom and until when; then each reading, newest first."""
    actor = enter_volunteer(request)
    person = person_of(request)
    page = page_of(request, views_of(person.pk))
    views = list(page.object_list)
    names = organisation_names(view.organisation_id for view in views)
    networks = network_names([number for view in views if (number := network_of(view.role))])
    context = {
        "shown": shown_of(person),
        "seers": seers(perhaps_seen_by(actor)),
        "page": page,
        "lines": [
            SeenLine(
                view,
                where_words(view),
                names.get(view.organisation_id or 0, "") or networks.get(network_of(view.role), ""),
                str(Way(view.way).label),
                why_words(view),
            )
            for view in views
        ],
    }
    return render(request, "missions/volunteer/seen.html", context)


def shown_of(person: Person) -> list[tuple[str, str]]:
    """What an organisation reads of this person: label and value, as its pages show them."""
    born = person.birth_date.strftime("%d/%m/%Y") if person.birth_date else ""
    facts = [
        (_("Nom"), person.full_name),
        (_("E-mail"), person.email),
        (_("Téléphone mobile"), phone(person.mobile_phone)),
        (_("Téléphone fixe"), phone(person.landline_phone)),
        (_("Date de naissance"), born),
    ]
    return [(label, value) for label, value in facts if value]


def seers(participations: Iterable[Participation]) -> list[Seer]:
    """Who sees them now, each organisation once, with the latest day on which it stops."""
    last: dict[int, Seer] = {}
    for each in participations:
        if not contact_is_open(each):
            continue
        organisation, until = each.mission.organisation, contact_until(each)
        known = last.get(organisation.pk)
        if known is None or (known.until is not None and (until is None or until > known.until)):
            last[organisation.pk] = Seer(
                name=organisation.name, url=each.mission.organisation_url, until=until, zone=each.mission.zone
            )
    heads = supervised_networks(last)
    return [replace(seer, networks=tuple(heads.get(pk, ()))) for pk, seer in last.items()]


def network_of(key: str) -> int:
    """The number of the network of « reserve:supervisor:network:3 »; 0 when the role is of none."""
    parts = key.split(":")
    is_one = len(parts) == 4 and parts[2] == ScopeKind.NETWORK and parts[3].isdigit()  # noqa: PLR2004 -- the parts of a key
    return int(parts[3]) if is_one else 0


def where_words(view: ContactView) -> str:
    """« Responsable », or « Référent · 33 - Gironde ». The departments are kept in memory."""
    role = role_words(view.role)
    place = next((str(each) for each in departments() if each.code == view.department), "") if view.department else ""
    return f"{role} · {place}" if place else role


def why_words(view: ContactView) -> str:
    """What a referent said: « Sécurité : un problème sur place. … »; "" for an organisation."""
    if not view.purpose:
        return ""
    return ". ".join(filter(None, (str(ViewPurpose(view.purpose).label), view.purpose_words)))


def role_words(key: str) -> str:
    """« Responsable » of « reserve:manager:organisation:12 »."""
    role = key.split(":")[1] if key.count(":") else ""
    return str(Role(role).label) if role in Role.values else _("Personne de la plateforme")
