"""« Fusionner avec… »: choose the other one, see what would happen, agree, do it (R55).

The same pages for those who look after both organisations and for who manages both: what differs is the way in and the way back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.kernel.words import typed_words
from renfort.organisations.components import access_rows, merge_badge, merge_timeline
from renfort.organisations.enums import MergeState
from renfort.organisations.models import Merge, Organisation
from renfort.organisations.rules import is_of_one_team
from renfort.organisations.selectors.decisions import names_of
from renfort.organisations.selectors.merges import mergeable, merges_of, others_to_merge, sides_of
from renfort.organisations.services.merges import Preview, agree, carry_out, clean_choices, preview_of, propose
from renfort.organisations.views.host import enter_host
from renfort.organisations.views.territory import enter_overseer
from renfort.organisations.workflow import MERGE

CONFLICT = 409
SHOWN = 100
AGREE, DO = "accorder", "fusionner"
BUTTONS = ("refuse", "withdraw")  # the others have forms of their own, which carry what was shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """From where somebody looks at merges: who acts, the addresses there. ``host``: the organisation of the space, or None."""

    actor: Actor
    host: int | None = None

    @property
    def list_url(self) -> str:
        return reverse("organisations:own-merges", args=[self.host]) if self.host else reverse("organisations:merges")

    def page(self, pk: int) -> str:
        """The page of one merge."""
        args = [self.host, pk] if self.host else [pk]
        return reverse("organisations:own-merge" if self.host else "organisations:merge", args=args)

    def step(self, pk: int, path: str) -> str:
        """Where one step of a merge is sent."""
        args = [self.host, pk, path] if self.host else [pk, path]
        return reverse("organisations:own-merge-act" if self.host else "organisations:merge-act", args=args)

    def pair(self, kept: int, absorbed: int) -> str:
        """The assistant for two, ``kept`` being the one that would stay."""
        if self.host is None:
            return reverse("organisations:merge-new", args=[kept, absorbed])
        other = absorbed if kept == self.host else kept
        swapped = "" if kept == self.host else "?garder=autre"
        return reverse("organisations:own-merge-new", args=[self.host, other]) + swapped


def _overseer(request: Request) -> Space:
    return Space(actor=enter_overseer(request))


def _manager(request: Request, organisation: int) -> Space:
    return Space(actor=enter_host(request, organisation), host=organisation)


def _mergeable_or_404(actor: Actor, pk: int) -> Organisation:
    found = mergeable(actor).filter(pk=pk).select_related("legal_status", "type", "subtype", "department").first()
    if found is None:
        raise Http404
    return found


# ── which ones ────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def merge_list(request: Request) -> HttpResponse:
    """« Fusions »: those under way and those that are over."""
    space = _overseer(request)
    return render(request, "organisations/merge/list.html", {"rows": _rows(space), "others": [], "organisation": None})


@login_required
@require_safe
def own_merges(request: Request, organisation: int) -> HttpResponse:
    """The same for a « responsable », with the other organisations of the same person."""
    space = _manager(request, organisation)
    here = Organisation.objects.get(pk=organisation)
    can = mergeable(space.actor).filter(pk=organisation).exists()
    others = [(each, space.pair(organisation, each.pk)) for each in (others_to_merge(space.actor, here) if can else ())]
    context = {"rows": _rows(space), "others": others, "organisation": here}
    return render(request, "organisations/merge/list.html", context)


def _rows(space: Space) -> list[tuple[Merge, Any, str]]:
    return [(each, merge_badge(each), space.page(each.pk)) for each in merges_of(space.actor, space.host)[:SHOWN]]


@login_required
@require_safe
def merge_choose(request: Request, organisation: int) -> HttpResponse:
    """« Fusionner avec… »: those that look alike first, any other of the perimeter by its name, town or number."""
    space = _overseer(request)
    here = _mergeable_or_404(space.actor, organisation)
    typed = request.GET.get("q", "")[:100]
    found = others_to_merge(space.actor, here, typed_words(typed))
    context = {
        "organisation": here,
        "others": [(each, space.pair(organisation, each.pk)) for each in found],
        "typed": typed,
        "case_url": reverse("organisations:case", args=[organisation]),
    }
    return render(request, "organisations/merge/choose.html", context)


# ── the assistant ─────────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_new(request: Request, organisation: int, other: int) -> HttpResponse:
    """The two side by side; ``organisation`` would stay."""
    return _new(request, _overseer(request), organisation, other)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_merge_new(request: Request, organisation: int, other: int) -> HttpResponse:
    """The same for who manages both; ``?garder=autre`` keeps the other one."""
    space = _manager(request, organisation)
    pair = (other, organisation) if request.GET.get("garder") == "autre" else (organisation, other)
    return _new(request, space, *pair)


def _new(request: Request, space: Space, kept_pk: int, absorbed_pk: int) -> HttpResponse:
    if kept_pk == absorbed_pk:
        raise Http404
    kept, absorbed = (_mergeable_or_404(space.actor, pk) for pk in (kept_pk, absorbed_pk))
    refusals: list[str] = []
    choices = clean_choices(request.POST)
    if request.method == "POST":
        try:
            made = propose(
                actor=space.actor, kept=kept, absorbed=absorbed, choices=choices, seen=request.POST.get("seen", "")[:64]
            )
        except Refused as refused:
            refusals = refused.sentences
        else:
            said = _("La fusion est proposée : un responsable de chaque structure doit donner son accord.")
            if made.state == MergeState.AGREED:
                said = _("La fusion est prête : relisez ce qui va se passer, puis fusionnez.")
            messages.success(request, said)
            return redirect(space.page(made.pk))
    context = _shown(kept, absorbed, preview_of(kept, absorbed, choices)) | {
        "refusals": refusals,
        "swap_url": space.pair(absorbed_pk, kept_pk),
        "list_url": space.list_url,
        "barred": str(is_of_one_team.refusal) if is_of_one_team.stands(space.actor, Merge(kept=kept, absorbed=absorbed)) else "",
    }
    return render(request, "organisations/merge/new.html", context, status=CONFLICT if refusals else 200)


def _shown(kept: Organisation, absorbed: Organisation, preview: Preview) -> dict[str, Any]:
    """What every page of the assistant shows of the two."""
    return {
        "kept": kept,
        "absorbed": absorbed,
        "preview": preview,
        "people": access_rows(preview.access.changes, kept.name, absorbed.name),
    }


# ── one merge ─────────────────────────────────────────────────────────────────────────────────────
def _merge_or_404(space: Space, pk: int) -> Merge:
    found = merges_of(space.actor, space.host).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def merge(request: Request, pk: int) -> HttpResponse:
    """One merge: who has agreed, what would happen, what can be done."""
    space = _overseer(request)
    return _page(request, space, _merge_or_404(space, pk))


@login_required
@require_safe
def own_merge(request: Request, organisation: int, pk: int) -> HttpResponse:
    """The same for a « responsable » of one of the two."""
    space = _manager(request, organisation)
    return _page(request, space, _merge_or_404(space, pk))


def _page(request: Request, space: Space, found: Merge, refusals: list[str] | None = None) -> HttpResponse:
    lines = history_of(found)
    actions = actions_of(MERGE, found, space.actor, lambda path: space.step(found.pk, path), in_person=True)
    offered = {action.name: action for action in actions}
    context: dict[str, Any] = {
        "merge": found,
        "badge": merge_badge(found),
        "refusals": refusals or [],
        "list_url": space.list_url,
        "may_agree": bool({"agree_kept", "agree_absorbed"} & set(offered)),
        "agree_url": space.step(found.pk, AGREE),
        "do": offered.get("do"),
        "do_url": space.step(found.pk, DO),
        "others": [offered[name] for name in BUTTONS if name in offered],
        "timeline": merge_timeline(lines, names_of(line.entry.actor_id for line in lines)),
    }
    if found.is_open:
        context |= {
            "sides": sides_of(found),
            **_shown(found.kept, found.absorbed, preview_of(found.kept, found.absorbed, found.choices)),
        }
    return render(request, "organisations/merge/detail.html", context, status=CONFLICT if refusals else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Do it, or withdraw it."""
    space = _overseer(request)
    return _act(request, space, _merge_or_404(space, pk), path)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_merge_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Agree, refuse; do it where one manages both."""
    space = _manager(request, organisation)
    return _act(request, space, _merge_or_404(space, pk), path)


def _act(request: Request, space: Space, found: Merge, path: str) -> HttpResponse:
    steps: dict[str, Callable[[], Merge]] = {
        AGREE: lambda: agree(actor=space.actor, merge=found, access=request.POST.get("access", "")[:64]),
        DO: lambda: carry_out(actor=space.actor, merge=found, seen=request.POST.get("seen", "")[:64]),
    }
    names = _("%(absorbed)s et %(kept)s") % {"absorbed": found.absorbed.name, "kept": found.kept.name}
    if path not in steps:
        transition = MERGE.by_path(path)
        if transition is None or transition.name not in BUTTONS:
            raise Http404
        return act(request, MERGE, found, path, actor=space.actor, title=names, back=space.page(found.pk))
    if request.method != "POST":
        return redirect(space.page(found.pk))
    try:
        after = steps[path]()
    except Refused as refused:
        return _page(request, space, _merge_or_404(space, found.pk), refused.sentences)
    return _done(request, space, after, path)


def _done(request: Request, space: Space, after: Merge, path: str) -> HttpResponse:
    if path == AGREE:
        messages.success(request, _("Votre accord est noté."))
        return redirect(space.page(after.pk))
    names = {"absorbed": after.absorbed.name, "kept": after.kept.name}
    messages.success(request, _("%(absorbed)s et %(kept)s ne font plus qu'une structure.") % names)
    if space.host is not None and space.host == after.absorbed_id:
        return redirect("portal:space")  # the role of that space has just ended
    return redirect(space.page(after.pk))
