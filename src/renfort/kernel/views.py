"""One view performs every transition of every workflow: confirmation page, refusals, outcome. And what was not understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.events import Event
from renfort.kernel.firing import NotAllowed, Refused, Stale, Unanswered, fire, question
from renfort.kernel.http import Request
from renfort.kernel.workflow import Transition, Workflow

M = TypeVar("M", bound=Model)
NAMED = 3  # so many readers are named; more are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transition about to be performed on a page: whose, on what, and where the page leads back to."""

    flow: Workflow[Any]
    obj: Any
    transition: Transition[Any]
    actor: Actor
    title: str  # who or what it is about: « Awa Diallo · Distribution de repas »
    back: str
    told: Callable[[Any], list[str]]  # what else is said to who comes too late


def act(
    request: Request,
    flow: Workflow[M],
    obj: M | None,
    path: str,
    *,
    actor: Actor,
    title: str,
    back: str,
    told: Callable[[Any], list[str]] = lambda obj: [],
) -> HttpResponse:
    """Show the confirmation page (GET) or perform the transition (POST).

    ``obj`` comes from a selector that knows the actor: None is a 404. The answer is 403 when the actor may see but not
    do, 409 with every reason when it can't be done now, 422 when an answer is missing, else a redirect to ``back``.
    ``told``: sentences for who comes too late, after the one that says so (who decided what, and when).
    """
    transition = flow.by_path(path)
    if obj is None or transition is None:
        raise Http404
    step = Step(flow=flow, obj=obj, transition=transition, actor=actor, title=title, back=back, told=told)
    if not transition.who(actor, obj):
        raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": transition.who.label})
    if request.method != "POST":
        return _confirmation(request, step, question(transition, obj))
    try:
        after = fire(flow, obj, transition.name, actor=actor, seen=seen_of(request), answers=request.POST)
    except Unanswered as unanswered:
        return _confirmation(request, step, unanswered.form, status=422)
    except Refused as refused:
        obj.refresh_from_db()
        said = refused.sentences + (told(obj) if isinstance(refused, Stale) else [])
        return _confirmation(request, step, question(transition, obj, request.POST), said, status=409)
    messages.success(request, outcome(flow, after, transition, title))
    return redirect(back)


def outcome(flow: Workflow[Any], obj: Any, transition: Transition[Any], title: str) -> str:
    """What the green message says: « Awa Diallo : Mission validée »."""
    what = flow.states(obj.state).label if transition.target else transition.label
    return _("%(what)s : %(state)s.") % {"what": title, "state": what}


def seen_of(request: Request) -> int | None:
    """The version of the object that the form was made for; None when it does not say, or says nonsense."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None  # noqa: PLR2004 -- fits an integer


def _confirmation(
    request: Request, step: Step, form: Form, refusals: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    state_allows = step.obj.state in step.transition.source
    if not state_allows and not refusals:
        sentence = _("Ce n'est plus possible : c'est maintenant « %(state)s ».")
        now = sentence % {"state": step.flow.states(step.obj.state).label}
        refusals, status = [now, *step.told(step.obj)], 409
    elif refusals is None:
        refusals = step.transition.refusals(step.obj, step.actor)
        status = 409 if refusals and status == 200 else status  # noqa: PLR2004 -- the status of an ordinary page
    context = {
        "title": str(step.transition.label),
        "object_title": step.title,
        "button_label": str(step.transition.label),
        "button_tone": step.transition.tone if step.transition.tone in ("primary", "danger") else "primary",
        "form": form,
        "seen": step.obj.version,
        "refusals": refusals,
        "possible": not refusals,
        "consequences": consequences(step),
        "cancel_url": step.back,
    }
    return render(request, "ui/act.html", context, status=status)


def consequences(step: Step) -> list[str]:
    """What will happen, before it does: the warning of the page, and who gets an e-mail."""
    sentences = [str(step.transition.warning)] if step.transition.warning else []
    preview = Event(name="", obj=step.obj, actor=step.actor, at=timezone.now(), before=step.obj.state, after=step.obj.state)
    for message in step.transition.tells:
        names = [reader.name or reader.address for reader in message.to(preview)]
        if names and len(names) <= NAMED:
            sentences.append(
                _("Un e-mail part à %(names)s : « %(message)s ».") % {"names": ", ".join(names), "message": message.label}
            )
        elif names:
            text = ngettext("Un e-mail part à %(count)d personne.", "Un e-mail part à %(count)d personnes.", len(names))
            sentences.append(text % {"count": len(names)})
    return sentences


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's answer to a wrong request, with the site around it: 413 when it is only too large, 400 otherwise."""
    if isinstance(exception, RequestDataTooBig):
        reason = _("Ce que vous envoyez est trop long pour être reçu en une fois. Raccourcissez-le, puis recommencez.")
    elif isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        reason = _("Ce formulaire a trop de champs pour être reçu en une fois.")
    else:
        return render(request, "400.html", status=400)
    return render(request, "413.html", {"reason": reason}, status=413)
