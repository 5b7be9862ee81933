"""R65: a part of a referent's perimeter is lent for a period, which starts and ends by itself; all concerned see it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.factories import account, actor, as_operator, at, client_of, days, manager, operator, organisation, person, referent

from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import DelegationState
from renfort.organisations.models import Delegation, Grant, Referent
from renfort.organisations.rules import oversees
from renfort.organisations.selectors.referents import delegations_visible
from renfort.organisations.services.delegations import DelegationFacts, delegate
from renfort.organisations.services.referents import change_referent, remove_referent, say_absence
from renfort.organisations.workflow import DELEGATION

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2027, 3, 1), date(2027, 3, 5)
BEFORE = datetime(2027, 2, 20, 12, tzinfo=ZoneInfo("Europe/Paris"))
FOOD, CHILDREN = 1, 2
LIST, NEW = "/referent/delegations/", "/referent/delegations/nouvelle/"


def facts(**changes):
    return DelegationFacts(**{"departments": ("33",), "starts_on": MONDAY, "ends_on": FRIDAY, **changes})


def lent(giver, receiver=None, **changes):
    with at(BEFORE):
        return delegate(actor=actor(giver), facts=facts(receiver=receiver, **changes))


def holds(someone, department, moment, domain=None):
    with at(moment):
        return oversees(actor(someone), department, domain)


def letters(key):
    return list(Outgoing.objects.filter(message=f"organisations.delegation.{key}").order_by("id"))


def the_referent(someone):
    return Referent.objects.get(person=someone, ended_at=None)


@pytest.mark.parametrize(
    ("department", "zone", "start_in_utc"),
    [
        ("33", "Europe/Paris", datetime(2027, 2, 28, 23, tzinfo=UTC)),
        ("974", "Indian/Reunion", datetime(2027, 2, 28, 20, tzinfo=UTC)),
        ("971", "America/Guadeloupe", datetime(2027, 3, 1, 4, tzinfo=UTC)),
    ],
)
def test_rights_start_and_end_to_the_minute_by_the_clocks_of_the_department(department, zone, start_in_utc):
    giver, receiver = referent(department), referent("64")
    lent(giver, receiver, departments=(department,))
    start = start_in_utc
    end = datetime(2027, 3, 6, tzinfo=ZoneInfo(zone))
    minute = timedelta(minutes=1)

    assert start == datetime(2027, 3, 1, tzinfo=ZoneInfo(zone))
    moments = [start - minute, start, end - minute, end]
    assert [holds(receiver, department, moment) for moment in moments] == [False, True, True, False]
    assert all(holds(giver, department, moment) for moment in moments)


def test_a_delegation_over_two_zones_starts_in_each_by_its_own_clock():
    giver, receiver = referent("971", "974"), referent("64")
    lent(giver, receiver, departments=("971", "974"))
    evening = datetime(2027, 2, 28, 21, tzinfo=ZoneInfo("UTC"))

    assert [holds(receiver, code, evening) for code in ("974", "971")] == [True, False]


def test_no_job_is_needed_and_the_clock_only_tells_both_sides_once_however_late():
    giver, receiver = referent("33"), referent("64")
    made = lent(giver, receiver)
    assert len(letters("given")) == 1

    noon = datetime(2027, 3, 3, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert holds(receiver, "33", noon)  # the clock was stopped for two days
    with at(noon):
        fire_due(noon)
        fire_due(noon)
    with at(noon + days(30)):
        fire_due(noon + days(30))
        fire_due(noon + days(31))

    made.refresh_from_db()
    assert (made.state, len(letters("started")), len(letters("ended"))) == ("over", 2, 2)
    assert {letter.address for letter in letters("started")} == {giver.account.email, receiver.account.email}


def test_a_clock_that_slept_all_the_time_tells_the_end_alone():
    lent(referent("33"), referent("64"))

    fire_due(datetime(2027, 4, 1, tzinfo=ZoneInfo("UTC")))

    assert (len(letters("started")), len(letters("ended"))) == (0, 2)


def test_domains_limit_what_is_lent():
    giver, receiver = referent("33"), referent("64")
    lent(giver, receiver, domains=(FOOD,))
    noon = datetime(2027, 3, 3, 12, tzinfo=ZoneInfo("UTC"))

    assert [holds(receiver, "33", noon, domain) for domain in (FOOD, CHILDREN, None)] == [True, False, False]


def test_one_lends_only_what_is_ones_own():
    """What was lent to somebody is not lent on."""
    giver, receiver, third = referent("33"), referent("64"), referent("24")
    today = timezone.localdate()
    now = facts(receiver=receiver, starts_on=today, ends_on=today + days(5))
    delegate(actor=actor(giver), facts=now)

    for who, wanted in ((giver, ("33", "40")), (receiver, ("33",))):
        with pytest.raises(Refused, match="vous sont confiés"):
            delegate(actor=actor(who), facts=facts(receiver=third, departments=wanted))
    with pytest.raises(NotAllowed):
        delegate(actor=actor(manager()), facts=facts(receiver=third))


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": FRIDAY, "ends_on": MONDAY},
        {"starts_on": date(2027, 2, 19)},
        {"ends_on": date(2028, 4, 1)},
        {"departments": ()},
        {"receiver": "self"},
        {"receiver": "nobody"},
        {"receiver": None},
    ],
)
def test_what_cannot_be_lent_is_refused_in_words_and_nothing_is_written(changes):
    giver, receiver = referent("33"), referent("64")
    people = {"self": giver, "nobody": account(person()).person, None: None}
    changes = {**changes, "receiver": people[changes["receiver"]]} if "receiver" in changes else {"receiver": receiver, **changes}

    with at(BEFORE), pytest.raises(Refused):
        delegate(actor=actor(giver), facts=facts(**changes))
    assert (Delegation.objects.count(), Grant.objects.exclude(delegation=None).count()) == (0, 0)


def test_revoked_by_the_giver_or_the_operator_it_ends_at_once():
    giver, receiver, stranger = referent("33"), referent("64"), referent("33", "24")
    today = timezone.localdate()
    for who in (actor(giver), as_operator()):
        made = delegate(actor=actor(giver), facts=facts(receiver=receiver, starts_on=today, ends_on=today + days(5)))
        assert oversees(actor(receiver), "33")
        for other in (receiver, stranger):
            with pytest.raises(NotAllowed):
                fire(DELEGATION, made, "revoke", actor=actor(other))
        fire(DELEGATION, made, "revoke", actor=who)
        assert not oversees(actor(receiver), "33")


def test_the_giver_who_loses_a_department_lends_it_no_more():
    giver, receiver = referent("33", "40"), referent("64")
    today = timezone.localdate()
    both = facts(receiver=receiver, departments=("33", "40"), starts_on=today, ends_on=today + days(5))
    made = delegate(actor=actor(giver), facts=both)

    change_referent(actor=as_operator(), referent=the_referent(giver), function="x", codes=["40"])
    made.refresh_from_db()
    assert ([oversees(actor(receiver), code) for code in ("33", "40")], made.departments) == ([False, True], ["40"])

    remove_referent(actor=as_operator(), referent=the_referent(giver))
    made.refresh_from_db()
    assert (oversees(actor(receiver), "40"), made.state) == (False, DelegationState.REVOKED)


def test_the_receiver_who_is_removed_holds_nothing_of_it():
    giver, receiver = referent("33"), referent("64")
    today = timezone.localdate()
    delegate(actor=actor(giver), facts=facts(receiver=receiver, starts_on=today, ends_on=today + days(5)))

    remove_referent(actor=as_operator(), referent=the_referent(receiver))

    assert actor(receiver).roles == ()


def test_somebody_invited_receives_it_when_they_accept():
    giver = referent("33")
    today = timezone.localdate()
    guest = {"first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org"}
    made = delegate(actor=actor(giver), facts=facts(starts_on=today, ends_on=today + days(5), **guest))
    letter = Outgoing.objects.get(message="organisations.referent.invited")
    word = next(word for word in letter.text.split() if "/invitation/referent/" in word)
    someone = account(person(email="nadia@example.org")).person

    answer = client_of(someone).post(word[word.index("/invitation/") :])

    made.refresh_from_db()
    assert (answer.headers["Location"], made.receiver, oversees(actor(someone), "33")) == ("/referent/", someone, True)
    assert not Referent.objects.filter(person=someone).exists()  # for that time alone
    with at(timezone.now() + days(7)):
        assert actor(someone).roles == ()


def test_an_invitation_of_a_delegation_that_was_revoked_gives_nothing():
    giver, today = referent("33"), timezone.localdate()
    guest = {"first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org"}
    made = delegate(actor=actor(giver), facts=facts(starts_on=today, ends_on=today + days(5), **guest))
    fire(DELEGATION, made, "revoke", actor=actor(giver))
    letter = Outgoing.objects.get(message="organisations.referent.invited")
    word = next(word for word in letter.text.split() if "/invitation/referent/" in word)
    someone = account(person(email="nadia@example.org")).person

    answer = client_of(someone).post(word[word.index("/invitation/") :])

    assert (answer.status_code, actor(someone).roles) == (410, ())


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────
def form(page, **changes):
    token = str(page.context["form"]["form_token"].value())
    first = timezone.localdate() + days(1)
    given = {
        "form_token": token, "departments": ["33"], "domains": [], "starts_on": first.isoformat(),
        "ends_on": (first + days(3)).isoformat(), "receiver": "", "first_name": "", "last_name": "", "email": "",
    }  # fmt: skip
    return {**given, **changes}


def test_the_page_lends_and_sent_twice_it_lends_once():
    giver, receiver = referent("33"), referent("64")
    browser = client_of(giver)
    page = browser.get(NEW)
    said = form(page, receiver=str(receiver.pk))

    answers = [browser.post(NEW, said) for _ in "12"]

    assert [answer.headers["Location"] for answer in answers] == [LIST, LIST]
    assert Delegation.objects.get().receiver == receiver
    assert receiver.full_name in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"departments": ["40"]},
        {"departments": []},
        {"domains": ["999999"]},
        {"receiver": "999999"},
        {"receiver": ""},
        {"starts_on": "demain"},
        {"email": "nadia@example.org"},
    ],
)
def test_wrong_answers_come_back_with_a_sentence(changes):
    browser = client_of(referent("33"))
    known = referent("64")
    page = browser.get(NEW)

    answer = browser.post(NEW, form(page, **{"receiver": str(known.pk), **changes}))

    assert answer.status_code == 422
    assert not Delegation.objects.exists()


def test_everybody_concerned_and_the_operator_see_it_and_nobody_else():
    giver, receiver, beside, far = referent("33"), referent("64"), referent("33", "40"), referent("29")
    made = lent(giver, receiver)

    seen = [delegations_visible(actor(each)).filter(pk=made.pk).exists() for each in (giver, receiver, beside, far, operator())]
    guest, stranger = client_of(far), client_of(manager())

    assert seen == [True, True, True, False, True]
    assert guest.get(f"{LIST}{made.pk}/retirer/").status_code == 404
    assert client_of(beside).get(f"{LIST}{made.pk}/retirer/").status_code == 403
    assert stranger.get(LIST).status_code == 404


def test_the_list_costs_the_same_with_many_rows(django_assert_max_num_queries):
    giver, receiver = referent("33"), referent("64")
    browser = client_of(giver)
    lent(giver, receiver)
    browser.get(LIST)
    with django_assert_max_num_queries(14) as few:
        browser.get(LIST)
    for number in range(20):
        lent(giver, receiver, starts_on=MONDAY + days(number), ends_on=FRIDAY + days(number))
    with django_assert_max_num_queries(len(few)):
        browser.get(LIST)


def test_an_absence_is_said_and_taken_back():
    someone, deputy = referent("33"), referent("64")
    browser, today = client_of(someone), timezone.localdate()
    said = {"absent_from": today.isoformat(), "absent_until": (today + days(4)).isoformat(), "deputy": str(deputy.pk)}

    assert browser.post("/referent/absence/", said).status_code == 302
    assert (the_referent(someone).absent_until, the_referent(someone).deputy) == (today + days(4), deputy)
    assert browser.post("/referent/absence/", {**said, "absent_until": ""}).status_code == 422
    assert browser.post("/referent/absence/", {**said, "absent_until": "2020-01-01"}).status_code == 422
    browser.post("/referent/absence/", {"absent_from": "", "absent_until": "", "deputy": ""})
    assert (the_referent(someone).absent_until, the_referent(someone).deputy) == (None, None)
    with pytest.raises(NotAllowed):
        say_absence(actor=actor(deputy), referent=the_referent(someone), first=today, last=today)


def test_an_organisation_reads_whom_to_ask_who_is_there_first_and_who_answers_for_who_is_away():
    """P14, R65: name of the referent, absence shown."""
    host = client_of(manager(organisation(department_id="33")))
    away, there = referent("33", first_name="Anne", last_name="Loin"), referent("33", first_name="Zoé", last_name="Ici")
    referent("40", first_name="Paul", last_name="Ailleurs")
    today = timezone.localdate()
    say_absence(actor=actor(away), referent=the_referent(away), first=today, last=today + days(3), deputy=there)

    page = host.get("/aide/").content.decode()

    assert page.index("Zoé Ici") < page.index("Anne Loin")
    assert ("absent·e jusqu" in page, "adressez-vous à Zoé Ici" in page, "Paul Ailleurs" in page) == (True, True, False)
    assert "Anne Loin" not in client_of(person()).get("/aide/").content.decode()


def test_integrity_holds_after_a_delegation_and_finds_one_that_goes_too_far():
    made = lent(referent("33"), referent("64"))
    checks = [check for check in registered() if check.name.startswith("organisations.")]
    assert [found.check.name for found in run(checks) if not found.holds] == []

    Grant.objects.filter(delegation=made).update(valid_until=made.ends_at + days(1))

    assert [found.check.name for found in run(checks) if not found.holds] == ["organisations.delegations"]
