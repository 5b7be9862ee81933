"""What the operator sets (R58): typed, bounded, dated, traced; the newest value in force counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import as_operator, at, client_of, manager, operator

from renfort.audit.models import Entry
from renfort.parameters.catalogue import (
    AGE_LIMIT_ON_SITE,
    MINIMUM_AGE,
    ONLINE_FIRST,
    PUBLICATION,
    SETTINGS,
    VALIDATE_FIRST,
    Kind,
)
from renfort.parameters.models import Value
from renfort.parameters.selectors import value_of, values_of
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db

SAID = {
    "publication": VALIDATE_FIRST,
    "minimum_age": "16",
    "age_limit_on_site": "0",
    "offer_hours": "24",
    "invitation_days": "14",
    "trust_missions": "3",
    "trust_days": "180",
    "queue_target_days": "3",
    "queue_alert_days": "5",
    "case_hours": "24",
}


def test_setting_has_its_default_until_somebody_sets_it():
    assert (value_of(PUBLICATION), values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)) == (ONLINE_FIRST, [18, 70])


def test_value_counts_from_now_on_and_who_set_it_is_known():
    """P3."""
    boss = as_operator()

    set_value(AGE_LIMIT_ON_SITE, 75, actor=boss)

    entry = Entry.objects.latest("id")
    assert (value_of(AGE_LIMIT_ON_SITE), values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)) == (75, [18, 75])
    assert (entry.verb, entry.actor_id, entry.codes, entry.changes) == (
        "parameters.value.set",
        boss.person_id,
        {"key": "reserve.age_limit_on_site"},
        {"value": [70, 75]},
    )


def test_value_set_again_changes_nothing():
    boss = as_operator()
    set_value(MINIMUM_AGE, 16, actor=boss)
    before = (Value.objects.count(), Entry.objects.count())

    set_value(MINIMUM_AGE, 16, actor=boss)

    assert (Value.objects.count(), Entry.objects.count()) == before


def test_newest_value_in_force_counts():
    """Dated: what was in force on a day can still be known."""
    boss, now = as_operator(), timezone.now()
    with at(now - timedelta(days=10)):
        set_value(MINIMUM_AGE, 16, actor=boss)
    with at(now - timedelta(days=5)):
        set_value(MINIMUM_AGE, 17, actor=boss)
    Value.objects.create(key=MINIMUM_AGE.key, value=21, valid_from=now + timedelta(days=1))

    found = []
    for days in (-11, -7, -1, 0, 2):
        with at(now + timedelta(days=days)):
            found.append((value_of(MINIMUM_AGE), values_of(MINIMUM_AGE)[0]))

    assert found == [(18, 18), (16, 16), (17, 17), (17, 17), (21, 21)]


@pytest.mark.parametrize(
    ("setting", "value"),
    [(PUBLICATION, "never"), (PUBLICATION, ""), (MINIMUM_AGE, -1), (MINIMUM_AGE, 100), (AGE_LIMIT_ON_SITE, 121)],
)
def test_value_that_makes_no_sense_is_refused(setting, value):
    with pytest.raises(ValueError, match=setting.key):
        set_value(setting, value, actor=as_operator())
    assert Value.objects.count() == 0


def _chosen(setting):
    """What is chosen until the operator says otherwise; of several, that may be nothing."""
    chosen = set(str(setting.default).split(","))
    return chosen - {""} if setting.kind == Kind.SEVERAL else chosen


def test_every_default_is_one_of_the_values_allowed():
    wrong = [
        key
        for key, setting in SETTINGS.items()
        if (setting.choices and not _chosen(setting) <= set(dict(setting.choices)))
        or (isinstance(setting.default, int) and not setting.lowest <= setting.default <= setting.highest)
    ]

    assert wrong == []


def test_several_values_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)


def test_operator_sets_everything_on_one_page():
    browser, url = client_of(operator()), reverse("portal:operator-settings")

    answer = browser.post(url, SAID)

    assert answer.status_code == 302
    assert (value_of(PUBLICATION), values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)) == (VALIDATE_FIRST, [16, 0])


@pytest.mark.parametrize(
    "wrong", [{"publication": "x"}, {"minimum_age": "-1"}, {"minimum_age": "abc"}, {"age_limit_on_site": "9" * 30}]
)
def test_mistake_of_the_operator_is_said_beside_its_field(wrong):
    answer = client_of(operator()).post(reverse("portal:operator-settings"), SAID | wrong)

    assert (answer.status_code, set(answer.context["form"].errors), Value.objects.count()) == (422, set(wrong), 0)


def test_nobody_else_sets_anything():
    assert client_of(manager()).post(reverse("portal:operator-settings"), SAID).status_code == 404
    assert Value.objects.count() == 0
