"""The programme's pages: what they cost, what they say to wrong input (W2, W11, W12)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import client_of, days, volunteer
from tests.factories.workshops import assignment, enrolment, facilitator, session, staff

from renfort.kernel.recent import forget_all
from renfort.organisations.models import Organisation
from renfort.parameters.selectors import is_open
from renfort.workshops.models import Client, Enrolment, OrderLine, Session

pytestmark = pytest.mark.django_db


def cost(browser, url):
    """The queries of a page in a warm process: what each process asks every ten seconds is asked just before."""
    browser.get(url)
    forget_all()
    is_open("workshops")
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def test_lists_cost_the_same_for_one_and_twenty_rows():
    """Orders, clients, directory, « Mes sessions », « Pros »."""
    chief, helper = client_of(staff()), facilitator("blue")
    mine = client_of(helper.person)

    def fill(start, count):
        for number in range(start, start + count):
            what = assignment("awarded", by=helper) if number % 2 else assignment("offered")
            if what.state == "awarded":
                enrolment(session(what, day=number + 1), helper)

    pages = [
        (chief, "/ateliers/association/"), (chief, "/ateliers/association/clients/"), (chief, "/ateliers/association/animation/"),
        (mine, "/ateliers/animation/"), (mine, "/ateliers/animation/pros/"),
    ]  # fmt: skip
    fill(0, 2)
    before = [cost(*page) for page in pages]
    fill(2, 38)
    for _ in range(19):
        facilitator()

    assert [cost(*page) for page in pages] == before


def test_an_assignment_page_costs_the_same_for_one_and_twenty_sessions():
    able = facilitator()
    what = assignment("awarded", by=able)
    browser, url = client_of(able.person), f"/ateliers/missions/{what.pk}/"
    enrolment(session(what))
    before = cost(browser, url)
    for number in range(19):
        enrolment(session(what, day=number + 10))

    assert cost(browser, url) == before


def test_a_client_with_a_wrong_siret_is_refused_in_words_and_nothing_is_written():
    browser = client_of(staff())

    page = browser.post("/ateliers/association/clients/nouveau/", {"siret": "12345678901234", "name": "Lycée des Rives"})

    assert page.status_code == 422
    assert "Ce SIRET n&#x27;est pas exact" in page.content.decode()
    assert "Lycée des Rives" in page.content.decode()  # nothing typed is lost
    assert not Client.objects.exists()


def test_a_client_known_by_its_siret_is_the_organisation_that_is_here():
    from tests.factories import organisation

    known = organisation(name="Les Voisins", siret="35600000000048")
    said = {
        "siret": "356 000 000 00048", "name": "Autre nom", "legal_status": "association", "audience": "company",
        "city": "Bordeaux", "department": "33", "contact_name": "Paul Martin",
    }  # fmt: skip

    page = client_of(staff()).post("/ateliers/association/clients/nouveau/", said)

    assert page.status_code == 302
    assert Client.objects.get().organisation == known
    assert Organisation.objects.count() == 1
    again = client_of(staff()).post("/ateliers/association/clients/nouveau/", said)
    assert again.status_code == 409
    assert "déjà cliente" in again.content.decode()


@pytest.mark.parametrize("price", ["", "-1", "abc", "1e999", "0,001"])
def test_a_line_with_a_wrong_price_is_refused(price):
    what = assignment("draft")
    before = OrderLine.objects.count()

    page = client_of(staff()).post(
        f"/ateliers/association/commandes/{what.order_id}/lignes/",
        {"kind": "workshop", "presence": "on_site", "quantity": "1", "languages": ["fr"], "price": price},
    )

    assert page.status_code == 422
    assert OrderLine.objects.count() == before


@pytest.mark.parametrize(
    ("said", "status"),
    [({"day": "2027-03-28", "starts": "02:30", "ends": "05:00"}, 409), ({"day": "31/02/2027"}, 422), ({"zone": "Mars/Base"}, 422),
     ({"leads": "999999999999"}, 422), ({"video_link": "javascript:alert(1)"}, 422), ({"city": "", "address": ""}, 422)],
)  # fmt: skip
def test_a_wrong_session_is_refused_and_nothing_is_planned(said, status):
    able = facilitator()
    what = assignment("awarded", by=able)
    good = {
        "kind": "workshop", "day": (timezone.localdate() + days(9)).isoformat(), "starts": "14:00", "ends": "17:00",
        "zone": "Europe/Paris", "presence": "on_site", "city": "Bordeaux", "language": "fr", "participants": "14", "leads": "1",
    }  # fmt: skip

    page = client_of(able.person).post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", {**good, **said})

    assert page.status_code == status
    assert not Session.objects.exists()


def test_a_session_on_a_closed_mission_by_a_direct_post_is_refused():
    """W10: no way in."""
    able = facilitator()
    what = assignment("closed", by=able)
    good = {
        "kind": "workshop", "day": (timezone.localdate() + days(9)).isoformat(), "starts": "14:00", "ends": "17:00",
        "zone": "Europe/Paris", "presence": "on_site", "city": "Bordeaux", "language": "fr", "participants": "14", "leads": "1",
    }  # fmt: skip

    page = client_of(able.person).post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", good)

    assert page.status_code == 409
    assert "La mission est clôturée" in page.content.decode()


def test_the_same_form_sent_twice_plans_one_session():
    able = facilitator()
    what = assignment("awarded", by=able)
    good = {
        "kind": "workshop", "day": (timezone.localdate() + days(9)).isoformat(), "starts": "14:00", "ends": "17:00",
        "zone": "Europe/Paris", "presence": "on_site", "city": "Bordeaux", "language": "fr", "participants": "14", "leads": "1",
        "form_token": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f",
    }  # fmt: skip
    browser = client_of(able.person)

    first, second = (browser.post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", good) for _ in range(2))

    assert first.url == second.url
    assert Session.objects.count() == 1


def test_a_wrong_address_among_many_is_named_and_nobody_is_invited():
    able = facilitator()
    one = session(assignment("awarded", by=able))

    page = client_of(able.person).post(
        f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/inviter/", {"addresses": "a@example.org, pas-une-adresse"}
    )

    assert page.status_code == 422
    assert "pas-une-adresse" in page.content.decode()
    assert not one.invitees.exists()


def test_an_old_page_does_not_overwrite_a_standing():
    able = facilitator()
    on = enrolment(session(assignment("awarded", by=able)))
    url = f"/ateliers/missions/{on.session.assignment_id}/inscriptions/{on.pk}/statut/"
    browser = client_of(able.person)

    assert browser.post(url, {"standing": "internal", "seen": on.version}).status_code == 302
    assert browser.post(url, {"standing": "volunteer", "seen": on.version}).status_code == 409
    assert Enrolment.objects.get().standing == "internal"


def test_a_client_s_manager_in_the_reserve_reads_nothing_here():
    """No role of one programme gives a right in another."""
    from tests.factories import manager

    what = assignment("awarded")
    browser = client_of(manager(what.order.client.organisation))

    assert browser.get(f"/ateliers/missions/{what.pk}/").status_code == 404
    assert client_of(volunteer()).get("/ateliers/animation/pros/").status_code == 404
