"""Every page of civic service, as the demonstration fills it: once each, by the first role that reaches it (P9).

Found by their links, as the pages of coordinated sessions are in ``test_every_workshops_page``.
"""

from __future__ import annotations

import pytest
from django.test import Client
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in
from tests.journeys.test_every_page import declared, names
from tests.journeys.test_every_workshops_page import pages

from renfort.kernel.recent import forget_all
from renfort.ops.demo.civic_service import load
from renfort.organisations.models import Grant
from renfort.people.models import Account

pytestmark = pytest.mark.browser
HOME = "/service-civique/"
NOT_PAGES = {
    # files
    "directory-model", "directory-lines", "manager-projects-export", "national-projects-export",
    # they only take what a form sends
    "directory-ask", "directory-ask-one", "directory-confirm", "directory-drop", "directory-stop", "campaign-class",
    "campaign-class-remove", "manager-invitation-act", "manager-invite", "team-invite",
    # of a campaign in preparation, or that asks for opinions; of a project that oneself has in hand: the walks look at them
    "campaign-act", "manager-case-opinion", "national-case-opinion", "national-case-act",
    # once a directory was read, or an e-mail opened: the walks look at them
    "directory-run", "directory-undo", "access", "manager-invitation",
}  # fmt: skip
ROLES = (
    ("gestion-nationale", "case_manager", DESKTOP, "gestion/"),
    ("gestionnaire", "case_manager", DESKTOP, "gestion/{}/"),
    ("etablissement", "establishment_lead", PHONE, "etablissements/{}/"),
    ("tuteur-sc", "service_tutor", PHONE, "etablissements/{}/"),
)


@pytest.fixture(scope="module")
def school_site(demo_site):
    """The demonstration of the programme."""
    assert load()
    return demo_site


def test_every_page_of_civic_service_is_fine_and_none_is_left_out(school_site, arrive):
    forget_all()  # which programmes are open was noted before this one was
    kinds: set[str] = set()
    faults, seen = [], set()
    for name, role, means, first in ROLES:
        account = Account.objects.get(email=f"{name}@demo.test")
        held = Grant.objects.filter(person=account.person, role=role).first()
        client, visitor = Client(), arrive(school_site.url, means, name)
        client.force_login(account)
        come_in(visitor, account.person)
        for path in pages(client, [HOME + first.format(held.scope)], kinds, HOME):
            seen.add(names(path).partition(":")[2])
            visitor.open(path)
            faults += [f"{path} {fault}" for fault in visitor.glance(path)]
    assert not faults, "\n".join(faults)
    every = {name.partition(":")[2] for name in declared() if name.startswith("civic_service:")}
    assert not every - NOT_PAGES - seen, f"no link leads to: {sorted(every - NOT_PAGES - seen)}"
    assert not NOT_PAGES - every, f"no such address any more: {sorted(NOT_PAGES - every)}"
