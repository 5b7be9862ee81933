"""The form of a mission, new or changed (R10 to R14). What is typed is kept meanwhile: ``views.mission_typing``."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.audit.selectors import history_of
from renfort.jobs.catalogue import MISSION as MISSION_LIMIT
from renfort.jobs.middleware import refused, told, too_late
from renfort.jobs.services import once, was_received
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire
from renfort.kernel.http import Request
from renfort.kernel.views import seen_of
from renfort.missions.enums import MissionState
from renfort.missions.forms.conflict import Conflict, chosen, conflicts
from renfort.missions.forms.desk import Desk, said_of
from renfort.missions.forms.mission import MissionForm
from renfort.missions.models import Mission, MissionTemplate, Unfinished
from renfort.missions.rules import runs
from renfort.missions.selectors import changes as history
from renfort.missions.selectors.mission import domains_with_rules
from renfort.missions.selectors.participation import expected_on
from renfort.missions.selectors.policy import publication_policy
from renfort.missions.selectors.templates import templates_for
from renfort.missions.selectors.unfinished import unfinished_of, unfinished_of_token
from renfort.missions.services.mission import (
    CLOSED,
    MissionFacts,
    TooFewPlaces,
    beside,
    changed,
    edit_mission,
    facts_of,
    open_mission,
    plain,
    standing,
)
from renfort.missions.services.unfinished import drop_typed, keep_typed
from renfort.missions.views.host import advice_of, enter_host, mission_or_404, team_names, team_of
from renfort.missions.workflow import MISSION
from renfort.organisations.components import turns_of
from renfort.organisations.models import Organisation
from renfort.organisations.selectors.decisions import Said, asked_in, names_of
from renfort.parameters.catalogue import ONLINE_FIRST
from renfort.people.models import Person

FIELDS = {"domain_id": "domain", "address": "place_search"}  # what the history calls otherwise than the form
DRAFT, PROPOSE = "draft", "propose"
UNPROCESSABLE, CONFLICT = 422, 409


class Page:
    """One request for the form: who, where, for which mission, and how it is shown."""

    def __init__(self, request: Request, organisation: int, pk: int | None = None) -> None:
        self.request = request
        self.actor: Actor = enter_host(request, organisation)
        self.mission: Mission | None = mission_or_404(self.actor, organisation, pk) if pk is not None else None
        self.host: Organisation = self.mission.organisation if self.mission else Organisation.objects.get(pk=organisation)
        if self.mission is not None and not runs(self.actor, self.mission):
            raise NotAllowed(_("Cette mission est suivie par quelqu'un d'autre : vous pouvez la lire, pas la modifier."))
        self.team: list[Person] = team_of(self.actor, organisation)

    @property
    def address(self) -> str:
        """Where this form stands."""
        if self.mission is None:
            return reverse("missions:mission-new", args=[self.host.pk])
        return reverse("missions:host-mission-edit", args=[self.host.pk, self.mission.pk])

    template_name = "missions/host/mission_form.html"

    @property
    def back(self) -> str:
        """Where « Annuler » and a saved change lead."""
        if self.mission is None:
            return reverse("missions:host-missions", args=[self.host.pk])
        return reverse("missions:host-mission", args=[self.host.pk, self.mission.pk])

    def again(self) -> Mission:
        """The mission as it is now."""
        assert self.mission is not None  # noqa: S101 -- for the type checker: only an edit looks again
        self.mission = mission_or_404(self.actor, self.host.pk, self.mission.pk)
        return self.mission

    def links(self) -> dict[str, str]:
        """The addresses that the page asks meanwhile."""
        organisation, mission = self.host.pk, self.mission
        return {
            "keep_url": reverse("missions:mission-edit-keep", args=[organisation, mission.pk])
            if mission
            else reverse("missions:mission-keep", args=[organisation]),
            "team_url": reverse("missions:mission-team", args=[organisation]),
            "invite_url": invitation_page(organisation),
        }

    def opened(self) -> HttpResponse:
        """The form as one comes to it: new, from a template, as the mission stands, or as it was left."""
        if (left := self._left()) is not None:
            # a form that has made its mission already begins anew under another token: it would only lead there again
            token = uuid4() if was_received(left.pk, owner=str(self.request.user.pk)) else left.pk
            desk = Desk.typed(left.said, token, self.host, self.team)
            return self.show(desk, resumed=left, seen=left.seen)
        if self.mission is not None:
            return self.show(Desk.of(self.mission, self.team))
        template = self._template()
        return self.show(Desk.blank(self.host, self.team, self.actor.person_id, template), template=template)

    def _left(self) -> Unfinished | None:
        """What « Reprendre votre saisie » names, when it is one's own and of this form."""
        try:
            token = UUID(self.request.GET.get("reprendre", ""))
        except ValueError:
            return None
        left = unfinished_of_token(self.actor, self.host.pk, token)
        return left if left is not None and left.mission_id == (self.mission.pk if self.mission else None) else None

    def _template(self) -> MissionTemplate | None:
        wanted = self.request.GET.get("modele", "")
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):  # noqa: PLR2004 -- fits an integer
            return None
        return templates_for(self.host).filter(pk=wanted).first()

    def sent(self) -> Desk:
        """What was sent, complete enough to be proposed when it is, or has been."""
        data = self.request.POST if self.mission is None else chosen(self.request.POST, self.mission, self.team)
        is_proposed = data.get("then") == PROPOSE or (self.mission is not None and self.mission.state != MissionState.DRAFT)
        return Desk.sent(data, self.host, self.team, strict=is_proposed, mission=self.mission)

    def keep(self, desk: Desk) -> None:
        """Keep what could not be saved: closing the page loses nothing. Too long to be kept is no reason to say no twice."""
        token = desk.form.cleaned_data.get("form_token") or uuid4()
        said = said_of(self.request.POST)
        try:
            keep_typed(
                actor=self.actor, organisation=self.host.pk, mission=self.mission, token=token, said=said,
                seen=seen_of(self.request),
            )  # fmt: skip
        except Refused:
            return

    def show(
        self,
        desk: Desk,
        *,
        status: int = 200,
        seen: int | None = None,
        resumed: Unfinished | None = None,
        template: MissionTemplate | None = None,
        differences: list[Conflict] | None = None,
        by: str = "",
    ) -> HttpResponse:
        """The page. ``seen``: the version that the form was made for, when it is not the present one."""
        organisation, mission = self.host.pk, self.mission
        is_draft = mission is None or mission.state == MissionState.DRAFT
        asked = None
        if mission is not None and mission.state == MissionState.TO_CORRECT:
            asked = asked_in(history_of(mission))
            remark(desk.form, asked)
        left = unfinished_of(self.actor, organisation, mission) if resumed is None and not desk.form.is_bound else ()
        context = {
            "organisation": organisation,
            "mission": mission,
            "form": desk.form,
            "desk": desk,
            "problems": desk.problems() if status != 200 else [],  # noqa: PLR2004 -- an ordinary page judges nothing
            "domains": domains_with_rules(),
            "seen": (seen or mission.version) if mission else "",
            "is_draft": is_draft,
            "left": list(left[:5]),
            "resumed": resumed,
            "template": template,
            "templates": list(templates_for(self.host)) if mission is None and not desk.form.is_bound else [],
            "expected": expected_on(mission).count() if mission else 0,
            "asked": turns_of([asked], {}, history.LABELS) if asked else [],
            "differences": differences or [],
            "advice": advice_of(self.actor, mission) if mission and not desk.form.is_bound else [],
            "by": by,
            "back_url": self.back,
            **self.links(),
        }
        return render(self.request, self.template_name, context, status=status)

    def looked_up(self, desk: Desk) -> HttpResponse:
        """« Chercher cette adresse », « Actualiser la liste »: the page again; nothing is saved, judged or lost."""
        desk.search()
        return self.show(desk, seen=seen_of(self.request))

    def wrong(self, desk: Desk) -> HttpResponse:
        """Something is to be corrected: what was typed is on the page, and kept beside."""
        self.keep(desk)
        return self.show(desk, status=UNPROCESSABLE, seen=seen_of(self.request))


def remark(form: MissionForm, asked: Said | None) -> None:
    """Put what the reader said of a field beside the field (R52); the whole request stands above the form."""
    for name, words in (asked.comments if asked else {}).items():
        found = form.fields.get(FIELDS.get(name, name))
        if found is not None:
            found.remark = words  # type: ignore[attr-defined]  # read by the field's template


@login_required
def mission_new(request: Request, organisation: int) -> HttpResponse:
    """« + Nouvelle mission »."""
    page = Page(request, organisation)
    if request.method != "POST":
        return page.opened()
    desk = page.sent()
    if desk.is_searching:
        return page.looked_up(desk)
    if not desk.is_valid():
        return page.wrong(desk)
    if (refusal := refused(request, MISSION_LIMIT)) is not None:
        page.keep(desk)
        told(desk.form, refusal)
        return too_late(page.show(desk, status=429), refusal)
    facts, token = desk.facts(), desk.form.cleaned_data["form_token"]
    made: list[Mission] = []

    def make() -> str:
        mission = open_mission(actor=page.actor, organisation=page.host, facts=facts)
        drop_typed(actor=page.actor, organisation=organisation, token=token)
        made.append(mission)
        return reverse("missions:host-mission", args=[organisation, mission.pk])

    address = once(token, owner=str(request.user.pk), make=make)
    mission = mission_or_404(page.actor, organisation, int(address.rstrip("/").rpartition("/")[2]))
    stands = standing(mission)
    if not made and mission.state not in CLOSED and changed(stands, beside(facts, stands)):
        return _came_back(page, mission)
    return _saved(request, mission, page.actor, address)


def _came_back(page: Page, mission: Mission) -> HttpResponse:
    """Back by the arrow to a form that has made its mission, and changed: that is an edit of this mission, nothing is lost."""
    token = uuid4()
    keep_typed(
        actor=page.actor, organisation=page.host.pk, mission=mission, token=token, said=said_of(page.request.POST),
        seen=mission.version,
    )  # fmt: skip
    messages.info(
        page.request, _("Cette mission était déjà enregistrée. Voici votre nouvelle saisie : relisez-la, puis enregistrez.")
    )
    edit = reverse("missions:host-mission-edit", args=[page.host.pk, mission.pk])
    return redirect(f"{edit}?reprendre={token}")


@login_required
def mission_edit(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Modifier »: every field but the organisation."""
    return edit_page(request, Page(request, organisation, pk))


def edit_page(request: Request, page: Page) -> HttpResponse:
    """The form of a mission that is there, for whoever may change it."""
    mission, organisation, address = page.mission, page.host.pk, page.back
    assert mission is not None  # noqa: S101 -- for the type checker: a number was given
    if mission.state in CLOSED:
        messages.warning(request, _("Cette mission est close : elle ne peut plus être modifiée."))
        return redirect(address)
    if request.method != "POST":
        return page.opened()
    desk = page.sent()
    if desk.is_searching:
        return page.looked_up(desk)
    if not desk.is_valid():
        return page.wrong(desk)
    facts, before = desk.facts(), plain(facts_of(mission))
    try:
        edit_mission(actor=page.actor, mission=mission, facts=facts, seen=seen_of(request))
    except Stale as stale:
        return _too_late(page, desk, facts, stale)
    except Refused as refusal:
        page.keep(desk)
        for sentence in refusal.sentences:
            desk.form.add_error("places" if isinstance(refusal, TooFewPlaces) else None, sentence)
        page.again()
        return page.show(desk, status=CONFLICT)
    drop_typed(actor=page.actor, organisation=organisation, token=desk.form.cleaned_data["form_token"])
    mission = page.again()
    names = changed(before, plain(facts_of(mission)))
    readers = expected_on(mission).count() if history.told(names) else 0
    return _saved(request, mission, page.actor, address, edited=True, readers=readers)


def _too_late(page: Page, desk: Desk, facts: MissionFacts, stale: Stale) -> HttpResponse:
    """A colleague was faster: choose field by field. When both say the same, it is saved already."""
    assert page.mission is not None  # noqa: S101 -- for the type checker: only an edit can be too late
    seen, organisation = seen_of(page.request) or 0, page.host.pk
    mission = page.again()
    since = history.changed_since(mission, seen)
    theirs = standing(mission)
    if mission.state not in CLOSED and not changed(theirs, beside(facts, theirs)):
        drop_typed(actor=page.actor, organisation=organisation, token=desk.form.cleaned_data["form_token"])
        return _saved(page.request, mission, page.actor, page.back, edited=True)
    page.keep(desk)
    names = team_names(organisation) | names_of([since.actor_id])
    for sentence in stale.sentences:
        desk.form.add_error(None, sentence)
    differences = conflicts(facts, mission, since, history.Wording(people=names))
    return page.show(desk, status=CONFLICT, differences=differences, by=names.get(since.actor_id or 0, ""))


def invitation_page(organisation: int) -> str:
    """Where somebody is invited into the team; the team's page where that is not to be found."""
    try:
        return reverse("organisations:invite", args=[organisation])
    except NoReverseMatch:
        return reverse("organisations:team", args=[organisation])


def _saved(
    request: Request, mission: Mission, actor: Actor, address: str, *, edited: bool = False, readers: int = 0
) -> HttpResponse:
    """After saving: propose when asked, and say what happens next (R12)."""
    if request.POST.get("then") != PROPOSE or (edited and mission.state != MissionState.DRAFT):
        messages.success(request, _saved_words(mission, readers) if edited else _draft_words())
        return redirect(address)
    online_first = publication_policy(mission) == ONLINE_FIRST
    try:
        if mission.state == MissionState.DRAFT:  # else a second click, and the first one has proposed it
            fire(MISSION, mission, "publish" if online_first else "submit", actor=actor)
    except Refused as refused:
        messages.error(
            request,
            _("Le brouillon est enregistré, mais la mission ne peut pas encore être proposée : %(why)s") % {"why": str(refused)},
        )
        return redirect(reverse("missions:host-mission-edit", args=[mission.organisation_id, mission.pk]))
    messages.success(
        request,
        _("Bravo, votre mission a été publiée ! Les bénévoles peuvent déjà proposer leur aide.")
        if online_first
        else _("Votre mission est proposée. Elle sera en ligne dès sa validation ; vous recevrez un e-mail."),
    )
    return redirect(address)


def _draft_words() -> str:
    return _("Brouillon enregistré. Proposez la mission quand elle est prête.")


def _saved_words(mission: Mission, readers: int) -> str:
    """« Mission mise à jour. 3 bénévoles acceptés sont prévenus par e-mail. »"""
    if mission.state == MissionState.DRAFT:
        return _draft_words()
    if not readers:
        return _("Mission mise à jour.")
    told_words = ngettext(
        "Mission mise à jour. %(n)d bénévole accepté est prévenu par e-mail.",
        "Mission mise à jour. %(n)d bénévoles acceptés sont prévenus par e-mail.",
        readers,
    )
    return told_words % {"n": readers}
