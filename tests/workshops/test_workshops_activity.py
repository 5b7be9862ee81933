"""How much facilitators lead, in the association's directory (W11)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.factories import client_of
from tests.factories.workshops import assignment, enrolment, facilitator, open_programme, session, staff
from tests.workshops.test_workshops_planning import able, towns

from renfort.workshops.models import Facilitator
from renfort.workshops.selectors.directory import Activity, activity_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _programme():
    open_programme()


def test_the_associations_directory_says_how_much_each_leads():
    """W11: sessions of a year and to come, one question for all; observers lead nothing; narrowed by level."""
    busy, idle = facilitator("green", last_name="Actif"), facilitator("white", last_name="Calme")
    mission = assignment("awarded")
    past, ahead = {"state": "done"}, {"state": "enrolled"}
    for day, facts in ((-400, past), (-9, past), (-8, past), (9, ahead), (10, {"seat": "observer"})):
        enrolment(session(mission, day=day), busy, **facts)

    assert activity_of([busy, idle]) == {busy.pk: Activity(done=2, ahead=1)}
    browser = client_of(staff())
    page = unescape(browser.get("/ateliers/association/animation/").content.decode())
    assert re.search(r'Sessions animées en un an">2</td>\s*<td data-label="À venir">1</td>', page)
    narrowed = unescape(browser.get("/ateliers/association/animation/?niveau=white").content.decode())
    assert "Calme" in narrowed and "Actif" not in narrowed
    assert browser.get("/ateliers/association/animation/?niveau=nonsense").status_code == 200
    assert "Personne ne correspond" in unescape(browser.get("/ateliers/association/animation/?niveau=blue").content.decode())


def test_the_associations_directory_is_narrowed_by_language_and_distance():
    towns()
    near, away, far = able("33000"), able("33600"), able("75001")
    Facilitator.objects.filter(pk=away.pk).update(languages=["fr", "en"])
    browser = client_of(staff())

    def named(query):
        page = unescape(browser.get(f"/ateliers/association/animation/?{query}").content.decode())
        return [each for each in (near, away, far) if f"/ateliers/association/animation/{each.pk}/" in page], page

    assert named("langue=en")[0] == [away]
    assert named("pres=33000&km=20")[0] == [near, away]
    assert named("pres=33000&km=20&langue=en")[0] == [away]
    assert named("pres=33000&km=nonsense")[0] == [near, away]
    found, page = named("pres=99999")
    assert found == [near, away, far] and "Ce code postal n’est pas connu" in page
    assert named("pres=33600&niveau=blue")[0] == []
