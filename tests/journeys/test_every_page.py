"""Every page of every role, as the demonstration fills it: accessible in both themes, wide and narrow (P9).

Pages are found as people find them, by following links; each is looked at once per kind (address without its numbers, and state
of what it shows). No page of the site may be left out, unless it says why below.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from tests.harness.browser import DESKTOP, PHONE, Visitor

from renfort.people.models import Account
from renfort.people.services import tell_unknown

pytestmark = pytest.mark.browser
ROLES = ["", "benevole", "responsable", "tuteur", "referent", "superviseur", "operateur", "plusieurs"]
OUTSIDE = [
    "/",
    "/galerie/",
    "/regles-sanitaires/",
    "/connexion/",
    "/mot-de-passe/oublie/",
    "/inscription/consultez-vos-e-mails/",
    "/demo/courriels/",
]
OUTSIDE += ["/missions/?vue=carte", "/missions/?vue=carte&lieu=33", "/missions/?q=zzz&rayon=abc&lieu=Bordeaux"]
OUTSIDE += ["/missions/?lieu=33000", "/missions/?lieu=nulle-part", "/nulle-part/"]
INSIDE = ["/espace/", "/espace/profil/", "/espace/compte/", "/espace/notifications/", "/demo/courriels/"]
ENOUGH = 25  # pages read of one kind, to find the states among them
LINK = re.compile(r'<(?:a|iframe)\b[^>]*?\b(?:href|src)="([^"#]*)')
LEAD = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)
BADGE = re.compile(r'class="badge[^"]*"[^>]*>(.*?)</span>', re.DOTALL)
ONE_OF_MANY = [  # addresses of words whose pages are made alike
    (r"^/aide/[\w-]+/$", "/aide/guide/"),
    (r"^/aide/[\w-]+/[\w-]+/$", "/aide/guide/chapitre/"),
    (
        r"^/operateur/courriels/modeles/[\w.-]+/$",
        "/operateur/courriels/modeles/message/",
    ),  # all opened in test_notifications_pages
    (r"^/operateur/reglages/(e-mail|texte)-[\w.-]+/$", r"/operateur/reglages/\1/"),  # each in test_operator_settings
    (r"^/operateur/verifications/(mission|organisation)-[\w-]+/$", "/operateur/verifications/une/"),
]
NOT_PAGES = {
    # they answer with JSON, text or a style sheet
    "theme", "picture", "brand-picture", "logo",
    "branch-import-model", "branch-import-wrong", "calendar-feed", "volunteer-participation-file",  # files of other kinds
    "suggest", "addresses", "live", "ready", "metrics", "robots", "sitemap", "sitemap-part",
    "reserve-home",  # leads to the front page, while that is the réserve's home (test_front_doors)
    # they only take what a form sends
    "sign-out", "demo-sign-in", "language", "read-all", "outgoing-retry", "outgoing-retry-all", "entry-act",
    "address-new", "address-drop", "device-close", "devices-close",
    "missions-columns", "missions-views", "missions-view",
    "participations-columns", "participations-views", "participations-view", "host-participation-status",
    "batch-new", "batch-confirm", "batch-stop", "batch-undo", "reply-delete",
    "mission-keep", "mission-edit-keep", "mission-drop", "mission-team", "mission-duplicate", "host-template-act",
    "network-claims-many", "network-template-act",
    "operator-template-act", "operator-domain-act", "operator-policy-act", "operator-restore", "operator-job-again",
    "operator-person-operator", "impersonation-end", "look-up", "finding-act", "check-word-add", "check-word-act",
    "case-take", "case-give-back", "case-message", "host-mission-message", "referent-invitation-decline",
    "logo-edit", "note", "note-erase", "referent-mission-note", "referent-mission-note-erase",
    "favourite", "picture-edit", "download-stop", "wait", "turn-act", "turn", "help-picture",  # turns: test_waiting_list
    # they lead on
    "host-mission-panel", "host-participation-panel",
    "referent-organisation-panel", "referent-mission-panel", "referent-participation-panel",
    "network-organisation-panel", "network-mission-panel", "network-participation-panel",
    "territory", "territory-organisations", "territory-missions", "territory-participations",
    "space", "space-missions", "space-participations", "space-team", "open", "apply",
    "volunteer-attestation", "host-attestation", "host-certificate",
    # papers and declared hours, which the demonstration has none of: test_papers looks at them
    "verify", "download", "volunteer-hours-act", "host-hours-act",
    # reached through an e-mail or by sending a form: the other journeys look at them
    "confirm", "password-new", "address-confirm", "address-back",
    "applied", "sign-up", "sign-up-volunteer", "check-email", "mailbox",
    "batch", "reply", "network-template",  # the form of network-template-new, filled
    "you", "about", "alike", "place", "join-act", "membership-act",
    "referent-invitation", "referent-invitation-sign-up", "referent-invitation-act",  # test_referent_walk
    "delegation-act", "delegation-invitation-act", "own-resubmit",  # the same, and test_queue_walk
    "host-transfer", "host-transfer-act", "referent-transfer-act",  # somebody proposes first: test_accompany_walk
    "branch-act", "branch-answer", "branch-invitation", "branch-invitation-sign-up", "branch-invitation-decline",
    "branch-import-one", "branch-import-match", "branch-import-confirm", "branch-import-stop",  # with a file: test_branches_walk
    "merge", "merge-act", "own-merge", "own-merge-new", "own-merge-act",  # two teams agree first: test_merge_walk
    "operator-person", "operator-person-withdraw", "impersonation-start",  # people are looked for by name: test_operator_walk
    "invitation", "invitation-sign-up", "invitation-decline", "invitation-act", "care-act", "restore",
    "identity-begin", "identity-back", "identity-join", "identity-proof", "identity-unlink",  # with a provider: test_signin_walk
    # an e-mail's own HTML, in a sandbox where no script runs, axe's neither: the page that frames it is looked at
    "message-html", "outgoing-html",
}  # fmt: skip
CLOSED = ("workshops:", "civic_service:")  # programmes that are closed here: their own journeys look at their pages
NAMED: dict[str, set[str]] = {}  # the addresses that each role was seen to reach, by name


@pytest.fixture(scope="module")
def lively_site(demo_site):
    """The demonstration, with an e-mail that left: it is loaded without any."""
    with transaction.atomic():
        tell_unknown("personne@example.org")
    assert demo_site.letters("personne@example.org")
    return demo_site


def kind_of(path: str, html: str = "") -> tuple[str, str]:
    """What two pages share when seeing one is seeing the other: the shape of the address, and the state that the head says."""
    head = LEAD.search(html)
    state = BADGE.findall(head.group(1)) if head else []
    shape = path if path in OUTSIDE else re.sub(r"\d+(-[\w-]+)?", "N", urlsplit(path).path)
    for same, name in ONE_OF_MANY:
        shape = re.sub(same, name, shape)
    return shape, re.sub(r"<.*?>|\s", "", state[0]) if state else ""


def pages(client: Client, role: str) -> Iterator[str]:
    """One address of each kind that can be reached, breadth first; a signed-in role leaves the outside to everybody."""
    starts = INSIDE if role else OUTSIDE
    queue, known = deque(starts), {*starts, *OUTSIDE}
    kinds: set[tuple[str, str]] = set()
    read: dict[str, int] = {}
    while queue:
        path = queue.popleft()
        shape, _ = kind_of(path)
        if read.setdefault(shape, 0) >= ENOUGH:
            continue
        read[shape] += 1
        answer = client.get(path, follow=True)
        assert answer.status_code in (200, 404, 409), f"{path}: {answer.status_code}"
        is_letter = "sandbox" in answer.headers.get("Content-Security-Policy", "")  # an e-mail's own HTML: no script runs there
        if is_letter or not answer["Content-Type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        path = answer.request["PATH_INFO"] + (f"?{answer.request['QUERY_STRING']}" if answer.request.get("QUERY_STRING") else "")
        kind = kind_of(path, html)
        if kind not in kinds:
            kinds.add(kind)
            yield path
        if role == "plusieurs":  # the pages of each role were seen; here it is who one is that differs
            continue
        for link in (urljoin(path, unescape(each)) for each in LINK.findall(html)):
            if link.startswith("/") and link not in known and not link.startswith("/static/"):
                known.add(link)
                queue.append(link)


def names(path: str) -> str:
    """The name of the address, as the site declares it."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "anonyme")
def test_every_page_of_a_role_is_accessible_in_both_themes_wide_and_narrow(lively_site, arrive, role):
    visitor, client = arrive(lively_site.url, DESKTOP, role or "anonyme"), Client()
    if role:
        account = Account.objects.get(email=f"{role}@demo.test")
        client.force_login(account)
        enter_in_one_click(visitor, account.email)
    found = list(pages(client, role))
    NAMED[role] = {names(path) for path in found}
    faults = []
    for path in found:
        visitor.open(path)
        faults += [f"{path} {fault}" for fault in visitor.judge(path)]
    assert not faults, "\n".join(faults)
    assert len(found) >= len(INSIDE) - 1


def enter_in_one_click(visitor: Visitor, email: str) -> None:
    """The demonstration's own way in."""
    visitor.open("/connexion/")
    visitor.press(f'button[name="email"][value="{email}"]', to="/(espace|operateur|referent|reseau)/")


def test_no_page_was_left_out(request, lively_site):
    if {role or "anonyme" for role in ROLES} - {
        item.callspec.id for item in request.session.items if item.path == request.node.path and hasattr(item, "callspec")
    }:
        pytest.skip("only some roles were asked for")
    every = {name for name in declared() if name.rpartition(":")[2] not in NOT_PAGES and not name.startswith(CLOSED)}
    assert len(every) > 15
    for role in ROLES:
        if role not in NAMED:  # another process looked at the pages of this role
            client = Client()
            if role:
                client.force_login(Account.objects.get(email=f"{role}@demo.test"))
            NAMED[role] = {names(path) for path in pages(client, role)}
        every -= NAMED[role]
    assert not every, f"no link leads to: {sorted(every)}"


def declared() -> Iterator[str]:
    """The names of all addresses of the site."""
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        for name in resolver.reverse_dict:
            if isinstance(name, str):
                yield f"{namespace}:{name}"


EMPTY = {
    "/inscription/benevole/": "main form button.btn-primary",
    "/inscription/structure/": "main form button.btn-primary",
    "/connexion/": 'main form:has([name="password"]) button.btn-primary',
    "/mot-de-passe/oublie/": "main form button.btn-primary",
    "/espace/missions/nouvelle/": 'button[value="propose"]',
    "/espace/profil/": "main form button.btn-primary",
    "/espace/compte/": 'main form:has([name="password1"]) button.btn-primary',
}


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_forms_sent_empty_say_what_is_missing_and_have_the_focus(demo_site, arrive, means):
    visitor = arrive(demo_site.url, means, "formulaires")
    for path, button in EMPTY.items():
        if path == "/espace/missions/nouvelle/":
            enter_in_one_click(visitor, "responsable@demo.test")
            visitor.open("/espace/missions/")
            visitor.press('.page-actions a[href$="/missions/nouvelle/"]', to="/missions/nouvelle/$")
        else:
            visitor.open(path)
        for field in visitor.page.locator(
            "main form input:not([type=hidden]):not([type=file]):not([type=radio]):not([type=checkbox])"
        ).all():
            if field.is_visible():
                field.fill("")
        visitor.submit(button)
        summary = visitor.page.locator("[data-error-summary]")
        assert summary.evaluate("e => e === document.activeElement"), f"{path}: the errors do not have the focus"
        visitor.look("vide-" + path.strip("/").replace("/", "-"))
        # each line of the summary leads to its field
        for link in summary.locator("a").all():
            target = (link.get_attribute("href") or "").removeprefix("#")
            assert visitor.page.locator(f'[id="{target}"]').count() == 1, f"{path}: {target} is nowhere"
