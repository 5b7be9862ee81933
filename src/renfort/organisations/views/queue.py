"""The queue of organisations to decide, one case after the other (R52)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.audit.selectors import Line, history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.templatetags.ui import moment_words
from renfort.kernel.views import act
from renfort.kernel.workflow import Workflow
from renfort.organisations.checks import findings_for, findings_of
from renfort.organisations.components import (
    FIELDS,
    membership_badge,
    organisation_badge,
    organisation_queue_row,
    timeline_of,
    turns_of,
)
from renfort.organisations.enums import UNDECIDED, OrganisationState
from renfort.organisations.forms.queue import FREE, MINE, ORPHANS, QueueFilterForm
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import Alike, alike, is_operator, managers_of, memberships_of
from renfort.organisations.selectors.decisions import corrected_since, exchange_of, last_decision, names_of, nobody
from renfort.organisations.selectors.merges import NOT_MERGED, stands_for, whole_history
from renfort.organisations.selectors.notes import organisation_notes
from renfort.organisations.selectors.perimeter import departments_overseen
from renfort.organisations.selectors.queue import (
    before_in,
    covered_departments,
    late_before,
    next_in,
    organisation_queue,
    organisations_visible,
    without_referent,
)
from renfort.organisations.views.notes import notes_block
from renfort.organisations.views.territory import enter_overseer
from renfort.organisations.workflow import COMMENTED, ORGANISATION

STAYS = ("prendre", "rendre")  # what is done on a case without leaving it


def who_decided(line: Line | None, flow: Workflow[Any]) -> list[str]:
    """For who comes too late: who decided what, and when."""
    if line is None:
        return []
    entry = line.entry
    name = entry.verb.rpartition(".")[2]
    label = str(flow[name].label)
    person = names_of([entry.actor_id]).get(entry.actor_id or 0, nobody())
    words = {"person": person, "what": label, "when": moment_words(entry.at)}
    return [_("%(person)s a décidé « %(what)s » : %(when)s.") % words]


def who_was_first(organisation: Organisation) -> list[str]:
    """For who comes too late to an organisation: who has it in hand since when, or who decided what. At most four queries."""
    if organisation.state != OrganisationState.IN_REVIEW:
        return who_decided(last_decision(organisation), ORGANISATION)
    holder = organisation.taken_by_id
    words = {"person": names_of([holder]).get(holder or 0, nobody()), "when": moment_words(organisation.taken_at)}
    return [_("%(person)s a pris ce dossier : %(when)s.") % words]


def public_url(pk: int) -> str:
    """The public page of an organisation: missions stand above, so its address is written, and finds its way."""
    return f"/structures/{pk}-structure/"


def filters_of(request: Request, actor: Actor) -> QueueFilterForm:
    """What the address says of the queue."""
    return QueueFilterForm(request.GET, departments_overseen(actor), for_operator=is_operator(actor))


def filtered(actor: Actor, form: QueueFilterForm) -> QuerySet[Organisation]:
    """The queue under these filters."""
    found = organisation_queue(actor)
    if department := form.said("departement"):
        found = found.filter(department_id=department)
    whose = form.said("dossiers")
    if whose == MINE:
        found = found.filter(taken_by_id=actor.person_id)
    elif whose == FREE:
        found = found.filter(state=OrganisationState.WAITING)
    elif whose == ORPHANS:
        found = found.filter(without_referent())
    return found


@login_required
@require_safe
def queue(request: Request) -> HttpResponse:
    """« Structures à valider »: the oldest first, those that are late marked, who has which in hand."""
    actor = enter_overseer(request)
    form = filters_of(request, actor)
    found = filtered(actor, form)
    page = dressed_page(request, found, Organisation.objects.select_related("department", "taken_by"))
    findings = findings_for(each.pk for each in page.object_list)
    late, suffix = late_before(), form.suffix()
    covered = covered_departments() if is_operator(actor) else None
    context = {
        "page": page,
        "rows": [
            organisation_queue_row(
                each, f"{reverse('organisations:case', args=[each.pk])}{suffix}", late_before=late,
                holder=each.taken_by.full_name if each.taken_by else "", is_mine=each.taken_by_id == actor.person_id,
                is_orphan=covered is not None and each.department_id not in covered, findings=findings.get(each.pk, []),
            )
            for each in page.object_list
        ],
        "filters": form,
        "is_filtered": bool(suffix),
        "late_count": found.order_by().filter(queued_at__lt=late).count(),
    }  # fmt: skip
    return render(request, "organisations/referent/queue.html", context)


def case_or_404(actor: Actor, pk: int) -> Organisation:
    """One organisation of the perimeter, with all that its page reads."""
    found = (
        organisations_visible(actor)
        .filter(pk=pk)
        .exclude(state=OrganisationState.DRAFT)
        .select_related("legal_status", "type", "subtype", "department", "taken_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def case(request: Request, pk: int) -> HttpResponse:
    """One organisation: what it says of itself, what is to be known of it, what can be decided."""
    actor = enter_overseer(request)
    organisation = case_or_404(actor, pk)
    filters = filters_of(request, actor)
    found, suffix = filtered(actor, filters), filters.suffix()
    lines = history_of(organisation)
    people = names_of(line.entry.actor_id for line in lines)
    address = reverse("organisations:case", args=[pk])
    following, before = next_in(found, organisation, actor), before_in(found, organisation)
    context = {
        "organisation": organisation,
        "state_badge": organisation_badge(organisation),
        "actions": actions_of(ORGANISATION, organisation, actor, lambda path: f"{address}{path}/{suffix}", in_person=True),
        "waits": organisation.state in UNDECIDED,
        "is_late": organisation.state in UNDECIDED and organisation.queued_at < late_before(),
        "is_mine": organisation.taken_by_id is not None and organisation.taken_by_id == actor.person_id,
        "holder": organisation.taken_by.full_name if organisation.taken_by else "",
        "managers": [grant.person for grant in managers_of(pk)],
        "agreements": list(organisation.agreements.all()),
        "networks": [(each.network.label, membership_badge(each)) for each in memberships_of(organisation)],
        "alike": _alike(organisation),
        "may_merge": organisation.state not in NOT_MERGED,
        "stands_for": stands_for(pk) if organisation.merged_into_id else None,
        "changes": [(str(FIELDS.get(each.name, each.name)).capitalize(), each) for each in corrected_since(lines)],
        "turns": turns_of(exchange_of(lines), people, COMMENTED),
        "timeline": timeline_of(whole_history(organisation, lines, actor), people),
        "findings": findings_of(organisation),
        **notes_block(actor, reverse("organisations:note", args=[pk]), organisation_notes(actor, organisation)),
        "public_url": public_url(pk),
        "suffix": suffix,
        "next_url": f"{reverse('organisations:case', args=[following])}{suffix}" if following else "",
        "before_url": f"{reverse('organisations:case', args=[before])}{suffix}" if before else "",
        "queue_url": f"{reverse('organisations:queue')}{suffix}",
    }
    return render(request, "organisations/referent/case.html", context)


def _alike(organisation: Organisation) -> list[tuple[Alike, str]]:
    """Others that may be the same: by number anywhere, by name in the department."""
    found = alike(
        name=organisation.name, siret=organisation.siret, rna=organisation.rna, department=organisation.department_id,
        but=[organisation.pk],
    )  # fmt: skip
    return [(each, public_url(each.pk)) for each in found if each.pk != organisation.pk]


@login_required
def case_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Take, decide; after a decision the next case at once."""
    actor = enter_overseer(request)
    organisation = case_or_404(actor, pk)
    filters = filters_of(request, actor)
    suffix, following = filters.suffix(), next_in(filtered(actor, filters), organisation, actor)
    here = f"{reverse('organisations:case', args=[pk])}{suffix}"
    answer = act(
        request, ORGANISATION, organisation, path, actor=actor, title=organisation.name, back=here,
        told=who_was_first,
    )  # fmt: skip
    if answer.status_code != 302 or path in STAYS:  # noqa: PLR2004 -- it was decided, and leads on
        return answer
    if following is None:
        return redirect(f"{reverse('organisations:queue')}{suffix}")
    return redirect(f"{reverse('organisations:case', args=[following])}{suffix}")
