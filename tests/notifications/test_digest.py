"""The e-mail of the day, for those who prefer one to many (R36): each thing once, nothing that was read, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import account, actor, client_of, grant, mission, organisation, participation, person, rules_of, volunteer

from renfort.kernel.firing import fire
from renfort.missions.services.participation import apply
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.dispatch import send_digests
from renfort.notifications.models import DailyReader, Notice, Outgoing
from renfort.notifications.services import choose_rhythm
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    """A responsible person who wants one e-mail a day."""
    someone = account(person(first_name="Paule")).person
    where = organisation()
    grant(someone, Programme.RESERVE, Role.MANAGER, where)
    choose_rhythm(actor=actor(someone), daily=True)
    return mission(where, responsible=someone, places=9)


def propose(what):
    helper = volunteer()
    return apply(actor=actor(helper), person=helper, mission=what, ticked=rules_of(what.domain))


def to(someone):
    return Outgoing.objects.filter(person=someone).order_by("pk")


def tomorrow(hour=7, minute=30):
    return timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_optional_mails_come_together_the_next_morning_once(reader):
    for _ in range(3):
        propose(reader)
    assert not to(reader.responsible).exists() and Notice.objects.filter(person=reader.responsible).count() == 3

    assert [send_digests(tomorrow(6)), send_digests(tomorrow()), send_digests(tomorrow(8))] == [0, 1, 0]

    mail = to(reader.responsible).get()
    assert mail.subject == "Votre résumé du jour : 3 nouvelles"
    assert mail.text.count("propose son aide") == 3


def test_what_was_read_meanwhile_is_left_out(reader):
    for _ in range(2):
        propose(reader)
    Notice.objects.filter(person=reader.responsible).update(read_at=timezone.now())

    assert send_digests(tomorrow()) == 0
    assert not to(reader.responsible).exists()


def test_what_must_be_told_leaves_at_once_all_the_same():
    helper = volunteer()
    choose_rhythm(actor=actor(helper), daily=True)
    waiting = participation(someone=helper)

    fire(PARTICIPATION, waiting, "accept", actor=actor(waiting.mission.responsible))

    assert to(helper).get().message == "missions.participation.accepted"


def test_others_are_still_written_to_at_once(reader):
    what = mission()

    propose(what)

    assert to(what.responsible).count() == 1


def test_long_day_counts_what_it_does_not_list(reader):
    for _ in range(33):
        propose(reader)

    send_digests(tomorrow())

    assert "… et 3 autres." in to(reader.responsible).get().text


def test_rhythm_is_chosen_on_the_page_and_taken_back():
    browser_of = account(person()).person
    browser = client_of(browser_of)

    browser.post("/espace/notifications/e-mails/", {"rhythm": "daily", "wanted": []})
    assert DailyReader.objects.filter(person=browser_of).exists()
    page = browser.get("/espace/notifications/e-mails/").content.decode()
    assert 'value="daily"' in page and "checked" in page.split('value="daily"')[1].split(">")[0]
    browser.post("/espace/notifications/e-mails/", {"rhythm": "now", "wanted": []})

    assert not DailyReader.objects.exists()


def test_unknown_rhythm_is_refused():
    assert client_of(account(person()).person).post("/espace/notifications/e-mails/", {"rhythm": "x"}).status_code == 422
