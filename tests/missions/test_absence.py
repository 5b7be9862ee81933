"""« N'est pas venu·e »: told the same day, seven days to contest, counted after; the question at the end (R33, R36)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import actor, as_manager, at, client_of, days, manager, mission, operator, participation, today, volunteer
from tests.factories.hours import hours, past_mission, served

from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.missions.enums import Format, HoursState
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import HoursEntry, Mission, Participation
from renfort.missions.selectors.absences import absences_that_count
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def host_of(given):
    return as_manager(given.mission.organisation)


def missed(**facts):
    """Somebody just said not to have come."""
    given = served(past_mission(**facts), state=P.ONGOING)
    return fire(PARTICIPATION, given, "miss", actor=host_of(given))


def counts(given):
    return Participation.objects.filter(absences_that_count(), pk=given.pk).exists()


def mails(message, address=None):
    found = Outgoing.objects.filter(message=message)
    return found.filter(address=address) if address else found


def contest(given):
    return fire(PARTICIPATION, given, "contest", actor=actor(given.person), answers={"message": "J'étais là dès 9 h."})


# ── told at once, seven days to contest ───────────────────────────────────────────────────────────
def test_the_person_is_told_the_same_day_and_until_when():
    given = missed()

    letter = mails("missions.participation.missed", given.person.email).get()
    assert "d'ici là, cela ne compte nulle part" in letter.text
    assert reverse("missions:volunteer-participation-act", args=[given.pk, "contester"]) in letter.text


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Cayenne"])
@pytest.mark.parametrize(("day", "hour", "possible"), [(7, time(23, 59), True), (8, time(0, 0), False)])
def test_the_seventh_day_is_the_last_in_the_zone_of_the_place(zone, day, hour, possible):
    department = {"Europe/Paris": "33", "Indian/Reunion": "974", "America/Cayenne": "973"}[zone]
    given = missed(department=department)
    last = given.missed_at.astimezone(ZoneInfo(zone)).date() + days(day)

    with at(datetime.combine(last, hour, ZoneInfo(zone))):
        if possible:
            assert contest(given).contested_at is not None
        else:
            with pytest.raises(Refused, match="sept jours"):
                contest(given)


def test_an_absence_counts_only_when_the_delay_is_over_and_nobody_contested():
    given = missed()
    assert not counts(given)

    fire_due(given.contestable_until - timedelta(minutes=1))
    assert not counts(given)
    fire_due(given.contestable_until + timedelta(minutes=1))
    assert counts(given)


def test_a_contested_absence_counts_nowhere_until_the_organisation_answers():
    given = contest(missed())
    fire_due(given.contestable_until + days(40))
    assert not counts(given)
    assert mails("missions.participation.contested").get().address == given.mission.responsible.email
    assert "J'étais là dès 9 h." in mails("missions.participation.contested").get().text

    fire(PARTICIPATION, given, "keep_absence", actor=host_of(given), answers={"message": "Votre nom manque sur la feuille."})

    assert counts(given)
    assert "Votre nom manque" in mails("missions.participation.absence_kept", given.person.email).get().text


def test_the_organisation_that_was_wrong_says_that_the_person_came():
    given = contest(missed())

    given = fire(PARTICIPATION, given, "came", actor=host_of(given))

    assert (given.state, given.missed_at, given.contested_at) == (P.DONE, None, None)
    assert not counts(given)
    assert mails("missions.participation.absence_lifted", given.person.email).count() == 1


def test_a_mistake_is_undone_without_waiting_for_anybody():
    given = missed()
    assert fire(PARTICIPATION, given, "came", actor=host_of(given)).state == P.DONE

    under_way = participation(mission(starts_on=today() - days(1), ends_on=today() + days(5)), state=P.ONGOING)
    under_way = fire(PARTICIPATION, under_way, "miss", actor=host_of(under_way))
    assert fire(PARTICIPATION, under_way, "resume", actor=host_of(under_way)).state == P.ONGOING


def test_a_place_given_to_somebody_else_meanwhile_is_not_taken_twice():
    given = missed(places=1)
    participation(given.mission, state=P.DONE)

    with pytest.raises(Refused, match="Sa place a été donnée"):
        fire(PARTICIPATION, given, "came", actor=host_of(given))


def test_it_can_be_contested_once_and_answered_once():
    given = contest(missed())
    with pytest.raises(Refused, match="déjà contesté"):
        contest(given)
    given = fire(PARTICIPATION, given, "keep_absence", actor=host_of(given), answers={"message": "Non."})
    with pytest.raises(Refused):
        fire(PARTICIPATION, given, "keep_absence", actor=host_of(given), answers={"message": "Non."})
    with pytest.raises(Refused):
        contest(given)


def test_nobody_else_contests_or_answers():
    given = missed()
    for stranger in (volunteer(), manager(), given.mission.responsible):
        with pytest.raises(NotAllowed):
            fire(PARTICIPATION, given, "contest", actor=actor(stranger), answers={"message": "x"})
    contest(given)
    for stranger in (volunteer(), manager(), given.person, operator()):
        with pytest.raises(NotAllowed):
            fire(PARTICIPATION, given, "keep_absence", actor=actor(stranger), answers={"message": "x"})


def test_confirmed_hours_and_an_absence_exclude_each_other():
    given = served()
    hours(given)

    with pytest.raises(Refused, match="heures sont confirmées"):
        fire(PARTICIPATION, given, "miss", actor=host_of(given))


def test_an_absence_is_not_told_long_after():
    given = served(past_mission(begun=40, ended=31))

    with pytest.raises(Refused, match="plus de 30 jours"):
        fire(PARTICIPATION, given, "miss", actor=host_of(given))


# ── what the pages say ────────────────────────────────────────────────────────────────────────────
def test_nothing_calls_it_an_absence_to_the_volunteer_before_it_counts():
    """R33: no list of the volunteer says so; the page offers to contest."""
    given = missed()
    browser = client_of(given.person)

    listed = browser.get(reverse("missions:volunteer-space")).content.decode()
    assert "abandonnée" not in listed and "bsence" not in listed
    page = browser.get(reverse("missions:volunteer-participation", args=[given.pk])).content.decode()
    assert "Votre présence est à vérifier" in page and "Je conteste" in page


def test_the_organisation_sees_until_when_it_can_be_contested():
    given = missed()
    page = client_of(given.mission.responsible).get(
        reverse("missions:host-participation", args=[given.organisation_id, given.pk])
    )

    assert "contestable jusqu'au" in page.content.decode().replace("&#x27;", "'")
    assert "Absence signalée" in page.content.decode()


def test_the_operator_reads_contested_absences_and_nothing_else():
    quiet, loud = missed(), contest(missed())
    boss = operator()
    page = client_of(boss).get(reverse("missions:operator-absences")).content.decode()

    assert "J&#x27;étais là dès 9 h." in page
    assert f'"a-{loud.pk}"' in page and f'"a-{quiet.pk}"' not in page
    assert loud.person.email not in page and loud.person.full_name not in page
    assert client_of(loud.mission.responsible).get(reverse("missions:operator-absences")).status_code == 404


# ── the clock closes what nobody contested ────────────────────────────────────────────────────────
def test_done_after_thirty_days_leaves_out_absences_contested_or_not():
    what = past_mission(places=9, begun=12, ended=10)
    there = served(what, state=P.ONGOING)
    absent, contested = (
        fire(PARTICIPATION, served(what, state=P.ONGOING), "miss", actor=as_manager(what.organisation)) for _ in range(2)
    )
    contest(contested)

    fire_due(timezone.now() + days(60))

    states = {each.pk: each.state for each in Participation.objects.filter(mission=what)}
    assert states == {there.pk: P.DONE, absent.pk: P.NO_SHOW, contested.pk: P.NO_SHOW}
    assert (counts(absent), counts(contested)) == (True, False)


# ── the question at the end (R36) ─────────────────────────────────────────────────────────────────
def morning_after(what, hour=9):
    return datetime.combine(what.ends_on + days(1), time(hour), ZoneInfo(what.zone))


def test_both_sides_are_asked_once_the_day_after():
    what = mission(starts_on=today() + days(1), ends_on=today() + days(2), places=9)
    come = [participation(what, state=state) for state in (P.ACCEPTED, P.ONGOING, P.DONE)]
    for state in (P.PENDING, P.REFUSED, P.WITHDRAWN, P.CANCELLED, P.NO_SHOW):
        participation(what, state=state)

    fire_due(morning_after(what, 7))
    assert not mails("missions.mission.who_came").exists(), "nobody is written to at midnight"
    for hour in (9, 10, 11):
        with at(morning_after(what, hour)):
            fire_due(timezone.now())

    assert mails("missions.mission.who_came").get().address == what.responsible.email
    assert {mail.address for mail in mails("missions.participation.how_was_it")} == {each.person.email for each in come}
    assert mails("missions.participation.how_was_it").count() == 3


def test_a_missed_night_is_made_up_for_but_not_a_missed_month():
    what = mission(starts_on=today() - days(9), ends_on=today() - days(5))
    participation(what, state=P.ONGOING)
    old = mission(starts_on=today() - days(50), ends_on=today() - days(40), state=M.ENDED)
    participation(old, state=P.DONE)

    fire_due(timezone.now())

    assert mails("missions.mission.who_came").count() == 1
    assert mails("missions.participation.how_was_it").count() == 1


def test_nobody_is_asked_of_a_cancelled_mission_or_of_one_where_nobody_was():
    cancelled = past_mission(state=M.CANCELLED, published_at=None)
    participation(cancelled, state=P.ACCEPTED)
    past_mission()

    fire_due(timezone.now())

    assert not mails("missions.mission.who_came").exists()
    assert not mails("missions.participation.how_was_it").exists()


def test_a_mission_that_was_prolonged_is_asked_about_at_its_real_end():
    what = mission(starts_on=today() + days(1), ends_on=today() + days(2))
    participation(what, state=P.ONGOING)
    with at(morning_after(what)):
        fire_due(timezone.now())
    Mission.objects.filter(pk=what.pk).update(ends_on=what.ends_on + days(7))
    what.refresh_from_db()

    with at(morning_after(what)):
        fire_due(timezone.now())
        fire_due(timezone.now())

    assert mails("missions.mission.who_came").count() == 2


# ── « Qui est venu ? » ────────────────────────────────────────────────────────────────────────────
def presence(what):
    return reverse("missions:host-presence", args=[what.organisation_id, what.pk])


def row(given, came="", quarters="", seen=None):
    return {f"p{given.pk}-seen": seen or given.version, f"p{given.pk}-came": came, f"p{given.pk}-quarters": quarters}


def test_one_submit_says_who_came_and_for_how_long():
    what = past_mission(places=9)
    one, two, three = (served(what, state=P.ONGOING) for _number in range(3))

    answer = client_of(what.responsible).post(
        presence(what), {**row(one, "present", "7,5"), **row(two, "absent"), **row(three)}, follow=True
    )

    assert "2 réponses enregistrées" in answer.content.decode()
    states = {each.pk: each.state for each in Participation.objects.all()}
    assert states == {one.pk: P.DONE, two.pk: P.NO_SHOW, three.pk: P.ONGOING}
    entry = HoursEntry.objects.get()
    assert (entry.participation_id, entry.quarters, entry.side, entry.state) == (one.pk, 30, "host", HoursState.DECLARED)


def test_a_wrong_line_lets_nothing_be_half_written():
    what = past_mission(places=9)
    one, two = (served(what, state=P.ONGOING) for _number in range(2))

    answer = client_of(what.responsible).post(presence(what), {**row(one, "present", "7"), **row(two, "absent", "3")})

    assert answer.status_code == 422
    assert "Une personne absente n&#x27;a pas donné d&#x27;heures" in answer.content.decode()
    assert set(Participation.objects.values_list("state", flat=True)) == {P.ONGOING}


def test_a_line_that_somebody_else_changed_is_told_and_stops_no_other():
    what = past_mission(places=9)
    one, two = (served(what, state=P.ONGOING) for _number in range(2))
    Participation.objects.filter(pk=one.pk).update(version=5)

    text = (
        client_of(what.responsible)
        .post(presence(what), {**row(one, "absent"), **row(two, "absent")}, follow=True)
        .content.decode()
    )

    assert "plus rapide" in text and "1 réponse enregistrée" in text
    assert Participation.objects.get(pk=two.pk).state == P.NO_SHOW


def test_hours_too_many_leave_the_person_as_they_were():
    what = past_mission(begun=2, ended=2)
    given = served(what, state=P.ONGOING)

    text = client_of(what.responsible).post(presence(what), row(given, "present", "25"), follow=True).content.decode()

    assert "24 heures" in text
    assert Participation.objects.get().state == P.ONGOING


def test_nobody_says_who_came_before_the_mission_begins():
    what = mission()
    given = participation(what, state=P.ACCEPTED)
    host = client_of(what.responsible)
    assert "pas encore commencé" in host.get(presence(what)).content.decode()

    assert "pas encore commencé" in host.post(presence(what), row(given, "absent"), follow=True).content.decode()
    assert Participation.objects.get().state == P.ACCEPTED


@pytest.mark.parametrize("post", [{}, {"p1-seen": "x"}, {"p999999-seen": "1", "p999999-came": "absent"}])
def test_nonsense_changes_nothing(post):
    what = past_mission()
    served(what, state=P.ONGOING)

    assert client_of(what.responsible).post(presence(what), post).status_code in (302, 422)
    assert Participation.objects.get().state == P.ONGOING


def test_a_recurring_mission_gives_the_place_back_and_takes_the_person_back():
    given = missed(format=Format.RECURRING, places=1)
    participation(given.mission, state=P.ONGOING)

    assert fire(PARTICIPATION, given, "came", actor=host_of(given)).state == P.DONE


def test_the_mission_keeps_its_life_when_asked():
    """The question is no change of state."""
    what = past_mission()
    served(what, state=P.ONGOING)
    fire(MISSION, what, "end", actor=as_manager(what.organisation))
    fire_due(timezone.now())

    what.refresh_from_db()
    assert (what.state, what.asked_at is not None) == (M.ENDED, True)
