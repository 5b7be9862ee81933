"""The directory of facilitators, from a session: who fits, who is near, who is free; invite many at once (W4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.people.selectors import today
from renfort.workshops.components import spoken
from renfort.workshops.enums import LEVELS, Audience, Kind, Language, Level, SessionState
from renfort.workshops.models import Session
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.selectors.directory import DISTANCES, LEVEL, NAME, NEAR, Wanted, dressed, middle_of, search
from renfort.workshops.selectors.invitations import invited_to
from renfort.workshops.selectors.places import Point
from renfort.workshops.selectors.sessions import seated, sessions_visible
from renfort.workshops.services.invitations import invite_people
from renfort.workshops.views.menus import enter_assignment

CONFLICT = 409
READ = ["GET", "HEAD", "POST"]
SORTS = (NAME, LEVEL, NEAR)
CONFORM, EVERYBODY = "oui", "non"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    url: str


def _without(query: QueryDict, name: str, value: str = "") -> str:
    kept = query.copy()
    kept.pop("page", None)
    kept.pop(name, None)
    if value:
        kept[name] = value
    return f"?{kept.urlencode()}"


def _wanted(query: QueryDict, session: Session, middle: Point | None) -> Wanted:
    """What the address asks for; unasked: who conforms for the session on its day."""
    far = query.get("km", "")
    sort = query.get("tri", NAME)
    conform = query.get("conforme", CONFORM) != EVERYBODY
    return Wanted(
        words=query.get("q", "").replace("\x00", "")[:100],
        level=query.get("niveau", ""),
        language=query.get("langue", ""),
        middle=middle,
        kilometres=int(far) if far in map(str, DISTANCES) else 0,
        audience=session.assignment.audience if conform else "",
        what=session.kind,
        day=session.local_start.date(),
        free_of=session if query.get("libre") == CONFORM else None,
        by_names=True,
        sort=sort if sort in SORTS else NAME,
    )


def _chips(query: QueryDict, wanted: Wanted) -> list[Chip]:
    found = []
    if wanted.words:
        found.append(Chip(f"« {wanted.words} »", _without(query, "q")))
    if wanted.level in LEVELS:
        label = _("%(level)s ou plus") % {"level": Level(wanted.level).label}
        found.append(Chip(label, _without(query, "niveau")))
    if wanted.language in Language.values:
        found.append(Chip(str(Language(wanted.language).label), _without(query, "langue")))
    if wanted.middle is not None and wanted.kilometres:
        found.append(Chip(_("À moins de %(km)d km") % {"km": wanted.kilometres}, _without(query, "km")))
    if wanted.audience:
        found.append(Chip(_("Conformes ce jour-là"), _without(query, "conforme", EVERYBODY)))
    if wanted.free_of is not None:
        found.append(Chip(_("Libres à ces heures"), _without(query, "libre")))
    return found


@login_required
@require_http_methods(READ)
def session_directory(request: Request, pk: int, session: int) -> HttpResponse:
    """« Inviter depuis l'annuaire »: search, level, language, distance, conformity; tick, and invite."""
    actor, found = enter_assignment(request, pk)
    one = sessions_visible(actor).filter(assignment=found, pk=session).first()
    if one is None:
        raise Http404
    status = 200
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("qui")[:50] if each.isascii() and each.isdigit() and len(each) < 19]  # noqa: PLR2004 -- fits a bigint
        try:
            sent = invite_people(actor=actor, session=one, people=chosen)
        except Refused as refused:
            status = CONFLICT
            for sentence in refused.sentences:
                messages.error(request, sentence)
        else:
            if sent:
                text = ngettext("%(n)d invitation part.", "%(n)d invitations partent.", sent)
                messages.success(request, text % {"n": sent})
            else:
                messages.info(request, _("Toutes ces personnes ont déjà été invitées."))
            return redirect("workshops:session", pk, session)
    return render(request, "workshops/coordination/directory.html", _context(request, one), status=status)


def _context(request: Request, one: Session) -> dict[str, Any]:
    query, middle = request.GET, middle_of(one)
    wanted = _wanted(query, one, middle)
    fit, near = search(wanted)
    page = dressed_page(request, fit, dressed())
    day = one.local_start.date()
    invited = {each.email: each for each in invited_to(one)}
    on = {each.facilitator_id for each in seated(one)}
    rows = []
    for each in page.object_list:
        account = getattr(each.person, "account", None)
        asked = invited.get(account.email.lower()) if account is not None else None
        reasons = missing(each, audience=one.assignment.audience, what=one.kind, on=day, documents=each.documents.all())
        if each.pk in on:
            said = _("Sur la session")
        elif asked is not None:
            said = _("A décliné") if asked.declined_at else _("Invité·e")
        else:
            said = ""
        away = near.get(each.person.postcode)
        rows.append((each, Level(each.level).label, spoken(each.languages), None if away is None else round(away), reasons, said))
    return {
        "session": one, "assignment": one.assignment, "page": page, "rows": rows,
        "chips": _chips(query, wanted), "wanted": wanted,
        "levels": Level.choices, "languages": Language.choices, "distances": DISTANCES if middle is not None else (),
        "audience": Audience(one.assignment.audience).label, "kind": Kind(one.kind).label,
        "conform": bool(wanted.audience), "free": wanted.free_of is not None, "day": day,
        "may_invite": one.state == SessionState.PLANNED and not one.is_over and day >= today(),
    }  # fmt: skip
