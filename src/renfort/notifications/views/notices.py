"""What is behind the bell (P4): one's own notices, and nobody else's."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.http import Request
from renfort.notifications.forms import EmailChoiceForm
from renfort.notifications.selectors import is_daily, muted_by, notices_of, unread_count
from renfort.notifications.services import choose_emails, choose_rhythm, read_all_notices, read_notice

PER_PAGE = 20


@login_required
@require_safe
def notice_list(request: Request) -> HttpResponse:
    """One's notices, the unread first."""
    page = Paginator(notices_of(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "unread": unread_count(request.actor.person_id),
        "newest": max((notice.pk for notice in page.object_list), default=0),
    }
    return render(request, "notifications/notice_list.html", context)


@login_required
@require_safe
def notice_open(request: Request, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads. Asked twice, it does nothing more."""
    notice = get_object_or_404(notices_of(request.actor), pk=pk)
    read_notice(actor=request.actor, notice=notice)
    # an address of the site when it was written; asked again, because a redirect follows whatever a row says
    is_ours = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if is_ours else "notifications:list")


@login_required
@require_POST
def notices_read(request: Request) -> HttpResponse:
    """Mark all as read, up to the newest that the page showed: what came meanwhile stays unread."""
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:  # noqa: PLR2004 -- fits a bigint
        read_all_notices(actor=request.actor, up_to=int(newest))
        messages.success(request, _("Tout est marqué comme lu."))
    return redirect("notifications:list")


@login_required
def email_choice(request: Request) -> HttpResponse:
    """Which e-mails one wants; what must be told (an answer, a cancellation, a password) always is (P4)."""
    form = EmailChoiceForm(request.POST or None, muted=muted_by(request.actor), daily=is_daily(request.actor))
    if request.method == "POST" and form.is_valid():
        choose_emails(actor=request.actor, wanted=set(form.cleaned_data["wanted"]))
        choose_rhythm(actor=request.actor, daily=form.cleaned_data["rhythm"] == "daily")
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("notifications:email-choice")
    status = 422 if request.method == "POST" and form.is_bound and form.errors else 200
    return render(request, "notifications/email_choice.html", {"form": form}, status=status)
