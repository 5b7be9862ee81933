"""Every page of the coordinated sessions, as the demonstration fills it: once each, by the first role that reaches it (P9).

Pages are found by their links, as in ``test_every_page``; here each is looked at in one mode, that of its readers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from tests.factories import account, person
from tests.factories.workshops import contact
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in
from tests.journeys.test_every_page import LINK, declared, kind_of, names

from renfort.kernel.recent import forget_all
from renfort.ops.demo.workshops import load
from renfort.organisations.models import Grant
from renfort.people.models import Account, Person
from renfort.workshops.models import Assignment, JoinLink, Registration, Survey
from renfort.workshops.models import Client as Buyer
from renfort.workshops.selectors.join_links import own_link, path_of_join_link
from renfort.workshops.selectors.questionnaires import after_path

pytestmark = pytest.mark.browser
HOME = "/ateliers/"
ENOUGH = 6  # pages read of one kind, to find the links among them
NOT_PAGES = {
    # files, calendars, what a script reads
    "calendar-feed", "invoice-file", "bill-file", "own-bill-file", "transfer-file", "proof-file", "own-proof-file",
    "own-session-file", "own-statement", "participation-file", "after-certificate", "certificate", "closing-summary",
    "client-summary", "roll-call-sheet", "roll-call-worker", "roll-call-state", "roll-call-marks", "accounting-entries",
    "participants-import-model", "participants-import-wrong",
    # they only take what a form sends
    "proof-send", "mandate", "certificate-again", "certificate-evaluate", "coordination-approve", "document-add", "line-add",
    "line-remove", "contact-act", "roll-call-count", "roll-call-complete", "roll-call-mark", "participants-link",
    "questionnaire-act", "order-convention", "session-invite", "session-link", "invitation-decline", "participation-act",
    "participants-import-stop",
    # after something was sent, or the operator opened it: the other journeys look at them
    "after-refuse", "client-invitation", "invoice", "join-done", "own-bill-send", "participants-import-confirm",
    "participants-import-match", "participants-import-one", "results-public", "self-entry",
}  # fmt: skip


@pytest.fixture(scope="module")
def busy_site(demo_site):
    """The demonstration of the programme, and somebody who follows the school's orders."""
    assert load()
    with transaction.atomic():
        follower = account(person(first_name="Inès", last_name="Roche", email="contact@demo.test")).person
        school = Buyer.objects.get(organisation__name="Lycée Jean-Zay des Rives")
        contact(school, name="Inès Roche", email="contact@demo.test", person=follower)
    return demo_site


def someone(name: str) -> Person:
    return Account.objects.get(email=f"{name}@demo.test").person


def starts(name: str, role: str) -> list[str]:
    """Where a role's menu begins."""
    where = [int(each.scope) for each in Grant.objects.filter(person=someone(name), role=role) if each.scope]
    return {
        "association_staff": ["/ateliers/association/"],
        "facilitator": ["/ateliers/animation/"],
        "coordinator": [f"/ateliers/coordination/{each}/" for each in where] + closings(name),
        "client_contact": [f"/ateliers/client/{each}/" for each in where],
    }[role]


def closings(name: str) -> list[str]:
    """« Clôturer » of what somebody coordinates: no link leads there while something blocks, which the page then says."""
    theirs = Assignment.objects.filter(coordinator__person=someone(name), state="awarded").order_by("pk")
    return [f"/ateliers/missions/{each.pk}/cloturer/" for each in theirs[:1]]


def of_participants() -> list[str]:
    """What participants open from their e-mails: a seat, one's own page, what comes after."""
    ahead = Registration.objects.filter(state="confirmed").exclude(link_seed="").select_related("session")
    link = JoinLink.objects.filter(session__state="planned").first()
    first = Survey.objects.select_related("registration").latest("pk")
    assert link is not None
    path = after_path(first.registration)
    return [path_of_join_link(link), own_link(ahead[0]), path, f"{path}avis/{first.moment}/"]


def pages(client: Client, first: list[str], kinds: set[str], home: str = HOME) -> Iterator[str]:
    """One address of each kind of the programme's pages that was not seen yet, breadth first."""
    queue, known, read = deque(first), set(first), dict[str, int]()
    while queue:
        path = queue.popleft()
        shape = kind_of(path)[0]
        if read.setdefault(shape, 0) >= ENOUGH:
            continue
        read[shape] += 1
        answer = client.get(path, follow=True)
        assert answer.status_code in (200, 404, 409), f"{path}: {answer.status_code}"
        if not answer["Content-Type"].startswith("text/html"):
            continue
        html = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        path = answer.request["PATH_INFO"] + (f"?{answer.request['QUERY_STRING']}" if answer.request.get("QUERY_STRING") else "")
        kind = kind_of(path)[0]
        if kind not in kinds and path.startswith(home):
            kinds.add(kind)
            yield path
        for link in (urljoin(path, unescape(each)) for each in LINK.findall(html)):
            if urlsplit(link).path.startswith(home) and link.startswith("/") and link not in known:
                known.add(link)
                queue.append(link)


ROLES = (
    ("association", "association_staff", DESKTOP),
    ("coordination", "coordinator", DESKTOP),
    ("animation", "facilitator", PHONE),
    ("coordination", "facilitator", PHONE),
    ("contact", "client_contact", DESKTOP),
    ("", "", PHONE),
)


def test_every_page_of_the_coordinated_sessions_is_fine_and_none_is_left_out(busy_site, arrive):
    forget_all()  # which programmes are open was noted before this one was
    kinds: set[str] = set()
    faults, seen = [], set()
    for name, role, means in ROLES:
        client, visitor = Client(), arrive(busy_site.url, means, f"{name}-{role}")
        if name:
            client.force_login(Account.objects.get(email=f"{name}@demo.test"))
            come_in(visitor, someone(name))
        for path in pages(client, starts(name, role) if name else of_participants(), kinds):
            seen.add(names(path).partition(":")[2])
            visitor.open(path)
            faults += [f"{path} {fault}" for fault in visitor.glance(path)]
    assert not faults, "\n".join(faults)
    every = {name.partition(":")[2] for name in declared() if name.startswith("workshops:")}
    assert not every - NOT_PAGES - seen, f"no link leads to: {sorted(every - NOT_PAGES - seen)}"
    assert not NOT_PAGES - every, f"no such address any more: {sorted(NOT_PAGES - every)}"
