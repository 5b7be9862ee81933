"""Readers choose which optional e-mails they want; what must be told is told always; each e-mail has an example (P4)."""

import pytest
from django.urls import reverse
from tests.factories.missions import mission
from tests.factories.organisations import actor, manager, organisation, volunteer
from tests.factories.people import client_of

from renfort.kernel.actors import CLOCK
from renfort.kernel.firing import fire
from renfort.kernel.messages import MESSAGES
from renfort.missions.services.participation import apply
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.components import previews
from renfort.notifications.models import MutedMessage, Notice, Outgoing
from renfort.notifications.services import choose_emails

pytestmark = pytest.mark.django_db
TO_ANSWER = "missions.participation.to_answer"


@pytest.fixture
def host():
    where = organisation()
    return where, manager(where)


def applied(where, someone):
    wanted = mission(where)
    return apply(actor=actor(someone), person=someone, mission=wanted, ticked=wanted.rules)


def test_turned_off_email_does_not_leave_but_the_notice_stays(host):
    where, boss = host
    optional = {key for key, message in MESSAGES.items() if message.optional}

    choose_emails(actor=actor(boss), wanted=optional - {TO_ANSWER})
    applied(where, volunteer())

    assert not Outgoing.objects.filter(message=TO_ANSWER).exists()
    assert Notice.objects.filter(message=TO_ANSWER, person=boss).count() == 1


def test_email_wanted_again_leaves_again(host):
    where, boss = host
    optional = {key for key, message in MESSAGES.items() if message.optional}
    choose_emails(actor=actor(boss), wanted=set())

    choose_emails(actor=actor(boss), wanted=optional)
    applied(where, volunteer())

    assert Outgoing.objects.filter(message=TO_ANSWER, person=boss).count() == 1


def test_an_answer_cannot_be_turned_off(host):
    where, boss = host
    someone = volunteer()

    choose_emails(actor=actor(someone), wanted=set())
    fire(PARTICIPATION, applied(where, someone), "accept", actor=actor(boss))

    assert Outgoing.objects.filter(message="missions.participation.accepted", person=someone).count() == 1
    assert "missions.participation.accepted" not in set(MutedMessage.objects.values_list("message", flat=True))


def test_one_chooses_on_a_page(host):
    _where, boss = host
    client = client_of(boss)
    page = reverse("notifications:email-choice")
    optional = sorted(key for key, message in MESSAGES.items() if message.optional)

    shown = client.get(page).content.decode()
    answer = client.post(page, {"sent": "1", "rhythm": "now", "wanted": [key for key in optional if key != TO_ANSWER]})
    wrong = client.post(page, {"sent": "1", "rhythm": "now", "wanted": ["missions.participation.accepted"]})

    assert shown.count("checked") == len(optional) + 1  # and the rhythm
    assert (answer.status_code, wrong.status_code) == (302, 422)
    assert list(MutedMessage.objects.values_list("person_id", "message")) == [(boss.pk, TO_ANSWER)]


def test_choosing_for_nobody_changes_nothing():
    choose_emails(actor=CLOCK, wanted=set())

    assert not MutedMessage.objects.exists()


@pytest.mark.parametrize("key", sorted(key for key in MESSAGES if key.startswith(("people.", "missions."))))
def test_each_email_has_an_example_in_each_language(key):
    assert [preview.language for preview in previews(MESSAGES[key])] == ["fr", "en"]
