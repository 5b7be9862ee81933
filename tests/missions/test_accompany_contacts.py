"""R37: a referent reads a volunteer's contact data with a purpose alone, for a day, and the volunteer sees who, where and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    actor,
    at,
    client_of,
    grant,
    manager,
    mission,
    operator,
    organisation,
    participation,
    referent,
    volunteer,
)

from renfort.audit.models import ContactView, Entry
from renfort.kernel.firing import NotAllowed
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import ContactAccess
from renfort.missions.selectors.territory import territory_participations
from renfort.missions.services.accesses import ask_contact, forget_accesses
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.django_db
SAID = {"purpose": "safety", "words": "Vérifier qu'elle est bien rentrée."}


@pytest.fixture
def there():
    helper = volunteer(email="awa.secrete@example.org", mobile_phone="+33611223344", landline_phone="+33556112233")
    return participation(mission(organisation()), helper), helper, referent("33", first_name="Tao", last_name="Nguyen")


def page_of(made):
    return reverse("missions:referent-participation", args=[made.pk])


def ask_page(made):
    return reverse("missions:referent-contact", args=[made.pk])


def shows(browser, made):
    page = browser.get(page_of(made)).content.decode()
    return "awa.secrete@example.org" in page, "+33611223344" in page


def test_nothing_is_shown_before_a_purpose_is_said(there):
    made, _helper, officer = there
    browser = client_of(officer)

    assert shows(browser, made) == (False, False) and not ContactView.objects.exists()
    assert ask_page(made) in browser.get(page_of(made)).content.decode()
    assert "awa.secrete" not in browser.get(ask_page(made)).content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"purpose": "safety"}, {"words": "Pour voir."}, {"purpose": "x", "words": "y"}, {**SAID, "words": "  "}]
)
def test_both_the_choice_and_the_words_are_asked(there, said):
    made, _helper, officer = there

    assert client_of(officer).post(ask_page(made), said).status_code == 422
    assert not ContactAccess.objects.exists()


def test_they_are_shown_for_a_day_for_this_participation_alone(there):
    made, helper, officer = there
    other = participation(mission(), helper)
    browser = client_of(officer)

    assert browser.post(ask_page(made), SAID).status_code == 302
    assert shows(browser, made) == (True, True)
    assert shows(browser, other) == (False, False)
    assert shows(client_of(referent("33")), made) == (False, False), "a colleague says their own purpose"
    ContactAccess.objects.update(opened_at=timezone.now() - timedelta(hours=25), until=timezone.now() - timedelta(hours=1))
    assert shows(browser, made) == (False, False)


def test_one_line_a_day_and_the_volunteer_reads_who_where_and_why(there):
    made, helper, officer = there
    browser = client_of(officer)
    browser.post(ask_page(made), SAID)
    for _twice in range(2):
        browser.get(page_of(made))

    view = ContactView.objects.get()
    assert (view.viewer_id, view.subject_id, view.organisation_id) == (officer.pk, helper.pk, None)
    assert (view.purpose, view.purpose_words, view.department) == ("safety", SAID["words"], "33")
    page = client_of(helper).get(reverse("missions:volunteer-seen")).content.decode()
    assert all(words in page for words in ("Référent · 33 - Gironde", "Sécurité : un problème sur place", "bien rentrée"))
    entry = Entry.objects.get(verb="missions.contactaccess.open")
    assert (entry.actor_id, entry.codes["purpose"], entry.codes["person"]) == (officer.pk, "safety", helper.pk)


def test_the_next_day_is_another_line(there):
    made, _helper, officer = there
    now = (timezone.now() + timedelta(days=1)).replace(hour=22, minute=0)  # of tomorrow: whatever the hour, not before the role
    with at(now):
        ask_contact(actor=actor(officer), participation=made, **SAID)
        client_of(officer).get(page_of(made))
    with at(now + timedelta(hours=10)):
        client_of(officer).get(page_of(made))

    assert ContactView.objects.count() == 2


def test_not_once_it_is_closed_for_more_than_thirty_days(there):
    made, _helper, officer = there
    browser = client_of(officer)
    ask_contact(actor=actor(officer), participation=made, **SAID)
    closed = timezone.now() - timedelta(days=40)
    old = participation(made.mission, volunteer(), state=P.WITHDRAWN, closed_at=closed, created_at=closed)

    assert browser.get(ask_page(old)).status_code == 403
    with pytest.raises(NotAllowed):
        ask_contact(actor=actor(officer), participation=old, **SAID)
    ContactAccess.objects.update(participation=old)
    assert old.person.email not in browser.get(page_of(old)).content.decode()


def test_not_elsewhere_not_as_operator_and_not_for_ones_own_team(there):
    made, _helper, officer = there

    assert client_of(referent("75")).get(ask_page(made)).status_code == 404
    for someone in (referent("75"), operator(), manager(made.organisation)):
        with pytest.raises(NotAllowed):
            ask_contact(actor=actor(someone), participation=made, **SAID)
    grant(officer, Programme.RESERVE, Role.MANAGER, made.organisation)
    assert client_of(officer).get(ask_page(made)).status_code == 403


def test_whoever_loses_the_department_sees_nothing_the_same_minute(there):
    made, _helper, officer = there
    ask_contact(actor=actor(officer), participation=made, **SAID)
    made.mission.__class__.objects.filter(pk=made.mission_id).update(department="40")

    assert client_of(officer).get(page_of(made)).status_code == 404
    assert not ContactView.objects.exists()


@pytest.mark.parametrize("words", ["awa.secrete", "awa.secrete@example.org", "611223344", "+33611223344", "0611223344"])
def test_the_list_finds_nobody_by_an_address_or_a_number_that_it_hides(there, words):
    made, _helper, officer = there

    assert not territory_participations(actor(officer), {"q": words}).exists()
    assert territory_participations(actor(officer), {"q": made.person.last_name}).get() == made


def test_why_is_forgotten_after_a_year(there):
    """P10."""
    made, _helper, officer = there
    ask_contact(actor=actor(officer), participation=made, **SAID)

    assert forget_accesses(timezone.now() + timedelta(days=300)) == 0
    assert forget_accesses(timezone.now() + timedelta(days=367)) == 1
