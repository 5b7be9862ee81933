"""What both lists of an organisation have in common: search, filters as chips, order, columns, views, panel (R17, R32)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.missions.components.lists import COLUMNS, Column, Place, columns_of, filter_field
from renfort.missions.forms.filters import ListFilterForm
from renfort.missions.models import SavedView
from renfort.missions.selectors.host_lists import FEW, in_order
from renfort.missions.selectors.views import Views, views_of
from renfort.organisations.selectors import ever_members_of

EVERYTHING = "toutes"  # the tab of the whole list: it says so, so that a default view does not take its place
PANEL_ALONE = "X-Volet"  # the script asks for a panel without its page
PASSING = ("page", "volet", "vue", "csrfmiddlewaretoken")  # what a saved view and a way back do not keep


@dataclass(slots=True)
class Listing:
    """One list as it is asked for."""

    request: Request
    actor: Actor
    organisation: int
    kind: str
    form: ListFilterForm
    views: Views
    path: str
    names: dict[int, str]  # who is or was of the team

    @property
    def view(self) -> SavedView | None:
        """The tab in which one is."""
        said = self.request.GET.get("vue", "")
        return next((tab for tab in self.views.tabs if str(tab.pk) == said), None)

    @property
    def columns(self) -> list[Column]:
        """What the rows show: as the view keeps it, as the person likes it, or as everybody begins."""
        kept = self.view.columns if self.view and self.view.columns is not None else None
        own = self.views.own.columns if self.views.own else None
        return columns_of(self.kind, kept if kept is not None else own)

    @property
    def sort(self) -> str:
        """The order that the address asks for."""
        return self.request.GET.get("tri", "")

    @property
    def opened(self) -> int | None:
        """The row whose panel is open."""
        said = self.request.GET.get("volet", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None  # noqa: PLR2004 -- a number of a row

    @property
    def query(self) -> str:
        """What the address says, without the panel."""
        asked = self.request.GET.copy()
        asked.pop("volet", None)
        return asked.urlencode()

    @property
    def kept_query(self) -> str:
        """What a saved view keeps of the address."""
        return kept_query(self.request.GET, self.form)

    @property
    def place(self) -> Place:
        """Where the rows stand."""
        return Place(self.path, self.query, self.opened)

    @property
    def close_url(self) -> str:
        """The list without its panel."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def context(self) -> dict[str, Any]:
        """What the templates of both lists read."""
        shown = {column.key for column in self.columns}
        return {
            "organisation": self.organisation,
            "kind": self.kind,
            "path": self.path,
            "filters": self.form,
            "filter_fields": [filter_field(field) for field in self.form.advanced_fields],
            "chips": self.form.chips(),
            "is_filtered": bool(self.form.in_force),
            "tabs": [
                {"view": tab, "url": f"?{_join(tab.query, vue=tab.pk)}", "active": tab == self.view} for tab in self.views.tabs
            ],
            "view": self.view,
            "is_own_view": self.view is not None and self.view.person_id == self.actor.person_id,
            "is_default_view": self.view is not None and self.view == self.views.default,
            "everything_url": f"?vue={EVERYTHING}",
            "is_everything": self.view is None and not self.form.in_force,
            "can_save": bool(self.kept_query) and (self.view is None or self.view.query != self.kept_query),
            "kept_query": self.kept_query,
            "here": self.close_url,
            "column_keys": ",".join(column.key for column in self.columns),
            "column_choices": [(column, column.key in shown) for column in COLUMNS[self.kind]],
            "sort": self.sort,
            "keys": _keys(self.kind, get_language()),
        }


@lru_cache(maxsize=8)
def _keys(kind: str, _language: str | None) -> SafeString:
    """The help of the keyboard: the same for everybody who reads this language."""
    return render_to_string("missions/host/_keys.html", {"kind": kind})


def _join(query: str, **more: object) -> str:
    return "&".join(filter(None, (query, urlencode(more))))


def kept_query(said: QueryDict, form: ListFilterForm) -> str:
    """The search, the filters in force and the order; nothing else that stands in an address."""
    kept = QueryDict(mutable=True)
    for name in form.in_force:
        kept[name] = str(said.get(name, ""))
    if said.get("tri"):
        kept["tri"] = str(said["tri"])[:20]
    return kept.urlencode()


def listing(
    request: Request, *, actor: Actor, organisation: int, kind: str, form: ListFilterForm, path: str
) -> Listing | HttpResponse:
    """The list that is asked for; without a word about it, the person's default view is. Two queries."""
    ever, now = list(ever_members_of(organisation)), timezone.now()
    names = {grant.person_id: grant.person.full_name for grant in ever}
    form.name_team({grant.person_id: names[grant.person_id] for grant in ever if (grant.valid_until or now) >= now})
    found = Listing(request, actor, organisation, kind, form, views_of(actor, organisation, kind), path, names)
    default = found.views.default
    if default is not None and not request.GET and request.method == "GET":
        return redirect(f"{path}?{_join(default.query, vue=default.pk)}")
    return found


def counted(found: QuerySet[Any], *, by_words: bool) -> tuple[QuerySet[Any], int]:
    """The rows, and how many there are. Words cost as much to count as to read: few are read once, and looked up no more."""
    if by_words:
        few = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            return found.model._default_manager.filter(pk__in=few), len(few)
    return found, found.count()


def sorted_rows(
    found: QuerySet[Any], asked: str, sorts: Mapping[str, tuple[str, ...]], few_sorts: Mapping[str, tuple[str, ...]], count: int
) -> QuerySet[Any]:
    """The rows in the order asked for; an order that no index gives is given to few rows alone."""
    return in_order(found, asked, {**sorts, **few_sorts} if count <= FEW else sorts)


def way_back(request: Request, path: str, *, fallback: str) -> str:
    """Where the page asks to be led back to, when that is a list under ``path`` of this site; else ``fallback``."""
    said = request.POST.get("retour") or request.GET.get("retour") or ""
    is_ours = said.startswith(path) and url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    return said if is_ours and len(said) < 1000 else fallback  # noqa: PLR2004 -- longer than any address of ours
