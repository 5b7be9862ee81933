"""The public list: what is asked, what is found, what to do when nothing is (P2, R30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.kernel.templatetags.ui import number
from renfort.missions.components import mission_card
from renfort.missions.components.finder import date_field, select_field
from renfort.missions.components.map import draw
from renfort.missions.enums import Format, Presence
from renfort.missions.forms.search import FORMATS, LIST, MAP, NAMES, PRESENCES, Asked, asked_in
from renfort.missions.selectors.mission import cards_of, domains_shown, publics_shown
from renfort.missions.selectors.volunteer import favourites_among
from renfort.search.selectors import MOST, Circle, Criteria, Found, Wanted, corrections, counts, find, query_of, read_words
from renfort.territories.enums import PlaceKind
from renfort.territories.selectors import departments, understand_place

PER_PAGE = 20
FEW_WORDS = 3  # of which one alone is offered when all together find nothing
RADIUS = 20.0  # km around a commune or a postcode, when nothing else is asked
RADII = (5, 10, 20, 50, 100)
WIDER = (50.0, 100.0)
FEW = 10  # missions in a circle: fewer, and a larger one is offered
TYPED = ("q", "lieu")  # what stands in the boxes needs no chip
VOWELS = frozenset("AEIOUYÀÂÉÈÊËÎÏÔÖÛÜŒ")
NOTHING = Found(hits=[], total=0, remote=0)


@dataclass(frozen=True, slots=True)
class Area:
    """The place that was asked for. ``label`` is "" when none was; ``is_unknown``: one was, and it means nothing."""

    label: str = ""
    circle: Circle | None = None
    communes: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    is_unknown: bool = False
    takes_radius: bool = False


@dataclass(slots=True)
class Search:
    """One search: what was asked, how it was understood, what it found."""

    asked: Asked
    area: Area
    wanted: Wanted
    criteria: Criteria
    now: datetime
    faults: dict[str, str] = field(default_factory=dict)
    found: Found = NOTHING
    corrected: str = ""  # what was searched instead of what was typed

    def run(self) -> None:
        """Find; when nothing is found because of a typing error, find what was meant."""
        if self.area.is_unknown:
            return
        self.found = self._find()
        if self.found.total or not self.wanted.words:
            return
        if better := corrections(self.wanted):
            meant = self.wanted.corrected(better)
            before, self.criteria = self.criteria, replace(self.criteria, query=query_of(meant))
            self.found = self._find()
            if self.found.total:
                self.corrected = meant.text
            else:
                self.criteria = before

    def _find(self) -> Found:
        return find(self.criteria, page=self.asked.page, per_page=PER_PAGE, now=self.now)


@require_safe
def mission_list(request: Request) -> HttpResponse:
    """Missions open now, by words, place and filters, as a list or on a map. The address can be shared."""
    search = understand(asked_in(request.GET))
    search.run()
    asked, found = search.asked, search.found
    missions = cards_of(hit.mission_id for hit in found.hits)
    shown = [(hit, missions[hit.mission_id]) for hit in found.hits if hit.mission_id in missions]
    page: Page[Any] = Paginator(range(found.total), PER_PAGE).get_page(asked.page)
    page.object_list = [mission for _hit, mission in shown]
    apart = search.criteria.has_place and search.criteria.presence != Presence.REMOTE
    kept = favourites_among(request.actor.person_id, missions)
    cards = [(hit, mission_card(mission, distance=hit.distance, favourites=kept)) for hit, mission in shown]
    context = {
        "page": page,
        "here": [card for hit, card in cards if not (apart and hit.is_remote)],
        "remote": [card for hit, card in cards if apart and hit.is_remote],
        "asked": asked,
        "place": search.area.label,
        "heading": heading(search.area),
        "unknown_place": asked.lieu if search.area.is_unknown else "",
        "faults": list(search.faults.values()),
        "corrected": search.corrected,
        "exact_url": address(asked, q=search.wanted.kept_as_typed().text) if search.corrected else "",
        "total": found.total,
        "total_words": total_words(found),
        "order_words": order_words(search),
        "fields": fields(search),
        "narrowed": sum(bool(getattr(asked, name)) for name in ("domaine", "type", "format", "public", "debut", "fin")),
        "chips": chips(search),
        "list_url": address(asked, vue=LIST),
        "map_url": address(asked, vue=MAP),
        "is_map": asked.vue == MAP,
        "map": draw(search.criteria, search.area.circle, lambda **changes: address(asked, **changes), now=search.now)
        if asked.vue == MAP and not search.area.is_unknown
        else None,
        **remote_link(search),
        "ways": ways_on(search) if not found.total else [],
        "wider_url": wider_url(search),
    }
    return render(request, "missions/public/mission_list.html", context)


# ── understanding ─────────────────────────────────────────────────────────────────────────────────
def understand(asked: Asked) -> Search:
    """What is asked as criteria of the search. At most three queries: the place, the words."""
    faults = dict(asked.faults)
    area = area_of(asked)
    wanted = read_words(asked.q)
    query = query_of(wanted)
    if asked.q and not query:
        faults["q"] = _("Ajoutez un mot qui dise ce que vous cherchez : « distribution », « visites », « devoirs »…")
    domain = next((each for each in domains_shown() if each.key == asked.domaine), None)
    public = next((each for each in publics_shown() if each.key == asked.public), None)
    unknown = _("« %(said)s » n’est pas un filtre connu : il ne compte pas.")
    if asked.domaine and domain is None:
        faults["domaine"] = unknown % {"said": asked.domaine[:30]}
    if asked.public and public is None:
        faults["public"] = unknown % {"said": asked.public[:30]}
    criteria = Criteria(
        query=query,
        circle=area.circle,
        communes=area.communes,
        departments=area.departments,
        domain=domain.pk if domain else None,
        presence=PRESENCES.get(asked.type, ""),
        format=FORMATS.get(asked.format, ""),
        public=public.pk if public else None,
        since=asked.debut,
        until=asked.fin,
    )
    asked = replace(asked, domaine=domain.key if domain else "", public=public.key if public else "")
    return Search(asked, area, wanted, criteria, timezone.now(), faults)


def area_of(asked: Asked) -> Area:
    """The place asked for: a wording, a position, or a wording whose middle is given. At most two queries."""
    radius = RADIUS if asked.rayon is None else asked.rayon
    if not asked.lieu:
        if asked.lat is None or asked.lon is None:
            return Area()
        circle = Circle(latitude=asked.lat, longitude=asked.lon, radius=max(radius, 1.0))
        return Area(_("votre position"), circle, departments=(_department_near(circle),), takes_radius=True)
    place = understand_place(asked.lieu)
    if place is None:
        return Area(is_unknown=True)
    if place.kind in (PlaceKind.DEPARTMENT, PlaceKind.REGION):
        return Area(place.label, departments=place.department_codes)
    if radius == 0:
        return Area(place.label, communes=place.commune_codes, departments=place.department_codes, takes_radius=True)
    latitude, longitude = (place.latitude, place.longitude) if asked.lat is None or asked.lon is None else (asked.lat, asked.lon)
    circle = Circle(latitude=latitude, longitude=longitude, radius=radius)
    return Area(place.label, circle, departments=place.department_codes, takes_radius=True)


def _department_near(circle: Circle) -> str:
    """The department whose middle is nearest: whose remote missions are shown to somebody who gave a position."""
    nearest = min(
        departments(), key=lambda each: (each.latitude - circle.latitude) ** 2 + (each.longitude - circle.longitude) ** 2 / 2
    )
    return nearest.code


# ── saying ────────────────────────────────────────────────────────────────────────────────────────
def address(asked: Asked, **changes: object) -> str:
    """The address of the same search with some changes, from its first page; what says nothing is left out."""
    values = {name: getattr(asked, name) for name in NAMES} | {"page": None} | changes
    said = {name: _plain(value) for name, value in values.items() if value not in ("", None) and (name, value) != ("vue", LIST)}
    return f"{reverse('missions:public-list')}{'?' if said else ''}{urlencode(said)}"


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def heading(area: Area) -> str:
    """« Aider près de Bègles (33) », « Gironde : les missions »."""
    if not area.label:
        return _("Trouver une mission")
    if area.takes_radius:
        return _near(area.label)
    return _("%(place)s\u00a0: les missions") % {"place": area.label}


def _near(place: str) -> str:
    """« près de Bègles », « près d’Arès », « près du Havre », « près des Abymes »."""
    for article, words in (("Le ", _("Aider près du %(rest)s")), ("Les ", _("Aider près des %(rest)s"))):
        if place.startswith(article):
            return words % {"rest": place.removeprefix(article)}
    if place[0] in VOWELS:
        return _("Aider près d’%(place)s") % {"place": place}
    return _("Aider près de %(place)s") % {"place": place}


def total_words(found: Found) -> str:
    """« 57 missions », « Plus de 2 000 missions »."""
    if found.is_capped:
        return _("Plus de %(n)s missions") % {"n": number(MOST)}
    return ngettext("%(n)s mission", "%(n)s missions", found.total) % {"n": number(found.total)}


def order_words(search: Search) -> str:
    """Why the first one is the first; and how many are remote, when some are and some are not."""
    if search.criteria.query and search.criteria.circle:
        order = _("Les plus pertinentes d’abord, puis les plus proches.")
    elif search.criteria.query:
        order = _("Les plus pertinentes d’abord.")
    else:
        order = _("Les plus proches d’abord.") if search.criteria.circle else _("Les plus récentes d’abord.")
    remote = search.found.remote
    if search.found.is_capped or not 0 < remote < search.found.total:
        return order
    return ngettext("Dont %(n)s à distance. %(order)s", "Dont %(n)s à distance. %(order)s", remote) % {
        "n": number(remote),
        "order": order,
    }


def fields(search: Search) -> list[SafeString]:
    """The filters, as they stand."""
    asked, faults = search.asked, search.faults
    rayon = _plain(asked.rayon) if asked.rayon is not None else ""
    standard = str(int(RADIUS))
    rayon = "" if rayon == standard else rayon
    known = [*(str(each) for each in RADII if each != int(RADIUS)), "0", *([rayon] if rayon else [])]
    near = _("%(n)s\u00a0km")
    radii = [("", near % {"n": standard}), *((each, near % {"n": each}) for each in dict.fromkeys(known) if each != "0")]
    radii.sort(key=lambda pair: float(pair[0] or RADIUS))
    radii.insert(0, ("0", _("Dans cette commune")))
    domains = [("", _("Tous")), *((each.key, each.short) for each in domains_shown())]
    publics = [("", _("Tous")), *((each.key, each.label) for each in publics_shown())]
    types = [("", _("Tous")), *((key, value.label) for key, value in PRESENCES.items())]
    formats = [("", _("Tous")), *((key, value.label) for key, value in FORMATS.items())]
    return [
        select_field(name="rayon", label=_("Distance"), options=radii, chosen=rayon, fault=faults.get("rayon", "")),
        select_field(name="domaine", label=_("Domaine d'action"), options=domains, chosen=asked.domaine),
        select_field(name="type", label=_("Type de mission"), options=types, chosen=asked.type),
        select_field(name="format", label=_("Format de mission"), options=formats, chosen=asked.format),
        select_field(name="public", label=_("Public aidé"), options=publics, chosen=asked.public),
        date_field(
            name="debut",
            label=_("À partir du"),
            value=asked.debut.isoformat() if asked.debut else "",
            fault=faults.get("debut", ""),
        ),
        date_field(
            name="fin", label=_("Jusqu’au"), value=asked.fin.isoformat() if asked.fin else "", fault=faults.get("fin", "")
        ),
    ]


def labels(search: Search) -> dict[str, str]:
    """What each filter in force is called."""
    asked, area = search.asked, search.area
    said: dict[str, str] = {}
    if asked.q:
        said["q"] = f"« {asked.q} »"
    if area.label:
        said["lieu"] = area.label
        if area.takes_radius and asked.rayon is not None:
            said["rayon"] = _("%(n)s\u00a0km") % {"n": _plain(asked.rayon)} if asked.rayon else _("Dans cette commune")
    elif area.is_unknown:
        said["lieu"] = asked.lieu
    if asked.domaine:
        said["domaine"] = next(each.short for each in domains_shown() if each.key == asked.domaine)
    if asked.public:
        said["public"] = next(each.label for each in publics_shown() if each.key == asked.public)
    if asked.type:
        said["type"] = str(Presence(PRESENCES[asked.type]).label)
    if asked.format:
        said["format"] = str(Format(FORMATS[asked.format]).label)
    if asked.debut:
        said["debut"] = _("à partir du %(day)s") % {"day": asked.debut.strftime("%d/%m/%Y")}
    if asked.fin:
        said["fin"] = _("jusqu’au %(day)s") % {"day": asked.fin.strftime("%d/%m/%Y")}
    return said


def chips(search: Search) -> list[Mapping[str, str]]:
    """The filters in force, each with the address that takes it away."""
    return [{"label": label, "url": without(search.asked, name)} for name, label in labels(search).items() if name not in TYPED]


def without(asked: Asked, name: str) -> str:
    """The address of the search without one filter; a place takes its distance and its position along."""
    gone = ("lieu", "lat", "lon", "rayon") if name == "lieu" else (name,)
    return address(asked, **dict.fromkeys(gone, ""))


def remote_link(search: Search) -> dict[str, str]:
    """What the map cannot show: the remote missions of the same search, when there are some."""
    remote = search.found.remote
    words = ngettext(
        "%(n)s mission à distance n’est pas sur la carte", "%(n)s missions à distance ne sont pas sur la carte", remote
    ) % {"n": number(remote)}
    return {"remote_words": words, "remote_url": address(search.asked, type="distance", vue=LIST) if remote else ""}


# ── when nothing is found ─────────────────────────────────────────────────────────────────────────
def wider_url(search: Search) -> str:
    """A larger circle, when few missions lie in the present one; "" when there is none, or after the first page."""
    circle, found = search.criteria.circle, search.found
    if circle is None or not found.total or found.total - found.remote >= FEW or search.asked.page > 1:
        return ""
    radius = next((each for each in WIDER if each > circle.radius), None)
    return address(search.asked, rayon=radius) if radius else ""


def ways_on(search: Search) -> list[tuple[str, str]]:
    """What to do next, as (label, address), each with what it would find; only what finds something. At most three queries."""
    asked, criteria = search.asked, search.criteria
    ways = _fewer_words(search)
    if not search.area.is_unknown:
        around = criteria.circle
        ways += [
            (_("À %(n)s\u00a0km") % {"n": _plain(radius)}, address(asked, rayon=radius), replace(criteria, circle=circle))
            for radius, circle in ((each, replace(around, radius=each)) for each in WIDER if around and each > around.radius)
        ]
        if criteria.has_place and criteria.presence != Presence.REMOTE:
            remote = replace(criteria.without("place", "presence"), presence=Presence.REMOTE)
            url = address(replace(asked, lieu="", lat=None, lon=None, rayon=None), type="distance")
            ways.append((_("À distance, partout en France"), url, remote))
    names = {"q": "query", "lieu": "place", "domaine": "domain", "public": "public", "type": "presence", "format": "format"}
    names |= {"debut": "since", "fin": "until"}
    for name, label in labels(search).items():
        if name in names:
            words = _("Partout en France") if name == "lieu" else _("Sans « %(filter)s »") % {"filter": label.strip("« »")}
            ways.append((words, without(asked, name), criteria.without(names[name])))
    found = counts([each for _label, _url, each in ways], now=search.now)
    said = [
        (_("%(way)s\u00a0: %(count)s") % {"way": way, "count": _some(count)}, url)
        for (way, url, _c), count in zip(ways, found, strict=True)
        if count
    ]
    return [*_place_among_words(search), *said]


def _fewer_words(search: Search) -> list[tuple[str, str, Criteria]]:
    """« distribution alimentaire » where no mission says both: one word of it may do. No query."""
    words, pieces = search.wanted.words, search.criteria.query.split(" & ")
    if not 1 < len(words) <= FEW_WORDS or search.wanted.exact or len(pieces) != len(words):
        return []
    label = _("Avec « %(word)s » seulement")
    return [
        (label % {"word": word}, address(search.asked, q=word), replace(search.criteria, query=piece))
        for word, piece in zip(words, pieces, strict=True)
    ]


def _some(count: int) -> str:
    if count > MOST:
        return _("plus de %(n)s missions") % {"n": number(MOST)}
    return ngettext("%(n)s mission", "%(n)s missions", count) % {"n": number(count)}


def _place_among_words(search: Search) -> list[tuple[str, str]]:
    """« épicerie bordeaux » in the box of words: the last one may be where, not what."""
    words = search.wanted.words
    if search.area.label or search.area.is_unknown or len(words) < 2:  # noqa: PLR2004 -- a wish and a place
        return []
    place = understand_place(words[-1])
    if place is None:
        return []
    rest = " ".join(words[:-1])
    label = _("Chercher « %(words)s »\u00a0: %(place)s") % {"words": rest, "place": place.label}
    return [(label, address(search.asked, q=rest, lieu=place.label))]
