"""The mailbox of a site without a mail server: what would have been sent, read on the site itself."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.notifications.components import action_path
from renfort.notifications.selectors import mailbox as mailbox_of
from renfort.people.models import lower_email

PER_PAGE = 10
SESSION_KEY = "mailbox"  # the address just given to a form of this visit (sign-up, lost password)


@require_safe
@never_cache
def mailbox(request: Request) -> HttpResponse:
    """The e-mails of the signed-in person; in a demonstration also those of the address given before signing in.

    Raises:
        Http404: there is a mail server, so that e-mails are read where they arrive.
    """
    if not (settings.DEMO or settings.MAIL_IS_KEPT):
        raise Http404
    addresses = addresses_of(request)
    page = Paginator(mailbox_of(addresses), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "emails": [(row, action_path(row)) for row in page.object_list],
        "addresses": addresses,
    }
    return render(request, "notifications/mailbox.html", context)


def addresses_of(request: Request) -> list[str]:
    """Whose mailbox this is.

    An address that was only typed counts in a demonstration alone: elsewhere, typing somebody's address and « mot de passe
    oublié » would open their account.
    """
    typed = lower_email(request.session.get(SESSION_KEY, "")) if settings.DEMO else ""
    own = lower_email(request.user.email) if request.user.is_authenticated else ""
    return [address for address in dict.fromkeys((own, typed)) if address]
