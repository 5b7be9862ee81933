"""Until when an organisation sees a volunteer's contact data, who has looked, and what the volunteer is told (R37)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    at,
    client_of,
    days,
    manager,
    mission,
    organisation,
    participation,
    today,
    volunteer,
)

from renfort.audit.models import ContactView
from renfort.audit.services import contact_seen, forget_views
from renfort.kernel.firing import fire
from renfort.missions.enums import ACTIVE, ParticipationState
from renfort.missions.models import Participation
from renfort.missions.rules import contact_is_open, contact_until
from renfort.missions.selectors.contacts import contact_open
from renfort.missions.selectors.host_lists import host_participations
from renfort.missions.workflow import PARTICIPATION

pytestmark = pytest.mark.django_db
PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
SEEN = "/espace/benevole/donnees-vues/"


def text(browser, url: str) -> str:
    return browser.get(url).content.decode()


def reread(made: Participation) -> Participation:
    return Participation.objects.select_related("mission").get(pk=made.pk)


@pytest.mark.parametrize("state", ["pending", "accepted", "ongoing"])
def test_an_open_participation_shows_them_for_as_long_as_it_is(state):
    made = participation(state=state)

    with at(datetime(2040, 1, 1, tzinfo=UTC)):
        assert contact_until(made) is None and contact_is_open(made)


@pytest.mark.parametrize("state", ["refused", "withdrawn", "cancelled"])
@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_a_closed_one_shows_them_thirty_days_more_where_the_mission_is(state, zone):
    """Closed on 10 March there (in La Réunion half an hour after midnight): readable through 9 April, hidden from the 10th on."""
    closed = (
        datetime(2026, 3, 10, 23, 30, tzinfo=zone).astimezone(UTC) if zone is PARIS else datetime(2026, 3, 9, 20, 30, tzinfo=UTC)
    )
    made = participation(mission(zone=zone.key), state=state, closed_at=closed)

    with at(datetime(2026, 4, 9, 23, 59, tzinfo=zone)):
        assert contact_is_open(made), "day 30"
    with at(datetime(2026, 4, 10, 0, 0, tzinfo=zone)):
        assert not contact_is_open(made), "day 31"
    assert contact_until(made) == datetime(2026, 4, 10, tzinfo=zone)


@pytest.mark.parametrize("state", ["done", "no_show"])
def test_help_that_was_given_counts_from_the_mission_end(state):
    """The clock closes it a month later: that month is not added."""
    dates = {"starts_on": date(2026, 3, 8), "ends_on": date(2026, 3, 10)}
    late = participation(mission(**dates), state=state, closed_at=datetime(2026, 4, 9, 3, 0, tzinfo=PARIS))
    early = participation(mission(**dates), state=state, closed_at=datetime(2026, 3, 9, 3, 0, tzinfo=PARIS))
    old = participation(mission(**dates), state=state, closed_at=None, decided_at=datetime(2025, 1, 1, tzinfo=UTC))

    until = [contact_until(each).date() for each in (late, early, old)]
    assert until == [date(2026, 4, 10), date(2026, 4, 9), date(2026, 4, 10)]


@pytest.mark.parametrize(
    ("begins", "moves"),
    [
        ("pending", (("refuse", {"reason": "other"}),)),
        ("pending", (("withdraw", {"reason": "other"}),)),
        ("accepted", (("withdraw", {"reason": "other"}),)),
    ],
)
def test_every_move_that_closes_says_when(begins, moves):
    made = participation(state=begins)
    who = {"refuse": as_manager(made.mission.organisation), "withdraw": actor(made.person)}
    for name, answers in moves:
        fire(PARTICIPATION, made, name, actor=who[name], answers=answers)

    closed = reread(made)
    assert closed.closed_at is not None and contact_until(closed) is not None


def test_a_decision_taken_back_opens_it_again():
    made = participation(state="pending")
    host = as_manager(made.mission.organisation)
    fire(PARTICIPATION, made, "refuse", actor=host, answers={"reason": "other"})
    fire(PARTICIPATION, reread(made), "take_back", actor=host)

    assert reread(made).closed_at is None and contact_until(reread(made)) is None


CLOSINGS = [
    datetime(2026, 3, 9, 20, 0, tzinfo=UTC),  # midnight in La Réunion
    datetime(2026, 3, 9, 23, 0, tzinfo=UTC),  # midnight in Paris
    datetime(2026, 3, 10, 4, 0, tzinfo=UTC),  # midnight in Guadeloupe
    datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC),  # the clocks of Paris change on the next day
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
]


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Guadeloupe"])
def test_lists_and_files_ask_the_database_what_the_rule_says(zone):
    """The rule of one participation and the condition for whole lists say the same, to the second, at every edge."""
    ends = [date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11), None]
    places = {day: mission(zone=zone, state="draft", starts_on=day, ends_on=day) for day in ends}
    someone = volunteer()
    for state in ParticipationState:
        for day, what in places.items():
            for closed in [*CLOSINGS, None]:
                if state in ACTIVE and (closed is not CLOSINGS[0] or day != ends[0]):
                    continue  # one is enough, and no more are possible
                decided = None if state in ("pending", "withdrawn", "cancelled") else CLOSINGS[1]
                dates = {"created_at": CLOSINGS[0], "decided_at": decided, "closed_at": None if state in ACTIVE else closed}
                participation(what, volunteer() if state in ACTIVE else someone, state=state, **dates)
    rows = list(Participation.objects.select_related("mission"))
    edges = {until for each in rows if (until := contact_until(each)) is not None}
    assert len(edges) > 4

    for edge in sorted(edges):
        for moment in (edge - timedelta(seconds=1), edge, edge + timedelta(seconds=1)):
            with at(moment):
                says = {each.pk for each in rows if contact_is_open(each)}
            assert set(Participation.objects.filter(Q(contact_open(moment))).values_list("pk", flat=True)) == says, moment


def test_letters_of_an_e_mail_find_nobody_whose_e_mail_is_hidden():
    """What a list does not show is not to be guessed by searching it, letter by letter (R37)."""
    where = organisation()
    boss = as_manager(where)
    someone = volunteer(first_name="Zoé", last_name="Martin", email="secrete.adresse@example.org")
    made = participation(mission(where), someone, state="refused", closed_at=timezone.now())

    def found(words: str) -> bool:
        return made in host_participations(boss, where.pk, {"q": words})

    assert found("secrete") and found("martin") and found("adresse zoe") and found("repas secrete")
    Participation.objects.filter(pk=made.pk).update(closed_at=timezone.now() - timedelta(days=40))
    assert not contact_is_open(reread(made))
    assert not found("secrete") and not found("martin secrete") and not found("example.org")
    assert found("martin") and found("zoe repas")


def test_views_are_kept_for_a_year():
    """P10: then nobody, not even the platform, knows any more who looked."""
    now = timezone.now()
    for number, age in enumerate((0, 364, 365, 366, 800)):
        day = timezone.localdate(now) - timedelta(days=age)
        ContactView.objects.create(viewer_id=1, subject_id=number + 2, day=day, at=now, role="x", way="page")

    assert forget_views(now) == 2
    assert sorted(ContactView.objects.values_list("subject_id", flat=True)) == [2, 3, 4]


def host_pages(made: Participation) -> tuple[str, str]:
    base = f"/espace/{made.organisation_id}/participations/"
    return base, f"{base}{made.pk}/"


def test_the_organisation_reads_them_on_the_list_and_on_the_page():
    made = participation(state="accepted")
    browser = client_of(made.mission.responsible)

    for page in host_pages(made):
        assert made.person.email in text(browser, page) and "06\xa012\xa034\xa056\xa078" in text(browser, page)
    assert "17 mai 1990" in text(browser, host_pages(made)[1])


def test_afterwards_it_reads_the_name_alone_and_since_when():
    made = participation(state="refused", closed_at=datetime(2026, 3, 10, 12, tzinfo=PARIS))
    browser = client_of(made.mission.responsible)

    for page in host_pages(made):
        shown = text(browser, page)
        assert made.person.full_name in shown and "Coordonnées masquées depuis le vendredi 10 avril" in shown
        assert made.person.email not in shown and "0612345678" not in shown and "06\xa012" not in shown and "1990" not in shown
    assert not ContactView.objects.exists(), "what is not shown is not noted"


def test_nobody_but_the_person_reads_the_postcode():
    made = participation(mission(postcode="33100", city="Bègles"), volunteer(postcode="64990"), state="accepted")

    assert [page for page in host_pages(made) if "64990" in text(client_of(made.mission.responsible), page)] == []


def test_a_page_of_twenty_people_is_noted_in_one_statement():
    where = organisation()
    what = mission(where, places=50)
    host = manager(where)
    for _ in range(20):
        participation(what)
    participation(what, state="withdrawn", closed_at=datetime(2026, 1, 1, tzinfo=UTC))
    browser = client_of(host)

    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/espace/{where.pk}/participations/")
        browser.get(f"/espace/{where.pk}/participations/?page=2")

    written = [query for query in queries if "audit_contactview" in query["sql"]]
    assert len(written) == 2 and ContactView.objects.count() == 20, "two pages, twenty people whose data were shown"
    view = ContactView.objects.first()
    assert (view.viewer_id, view.role, view.organisation_id, view.way) == (
        host.pk, f"reserve:manager:organisation:{where.pk}", where.pk, "list",
    )  # fmt: skip


def test_the_page_of_one_person_is_noted_once_a_day():
    made = participation()
    browser = client_of(made.mission.responsible)
    for _ in range(2):
        browser.get(host_pages(made)[1])

    assert list(ContactView.objects.values_list("subject_id", "way")) == [(made.person_id, "page")]


def test_the_volunteer_sees_who_has_looked_when_how_and_for_whom():
    made = participation()
    client_of(made.mission.responsible).get(host_pages(made)[1])
    contact_seen(viewer=actor(volunteer()), people=[volunteer().pk], way="list")  # somebody else's business

    shown = text(client_of(made.person), SEEN)

    assert made.mission.organisation.name in shown and "Responsable" in shown and "Sur une page" in shown
    assert made.mission.responsible.full_name not in shown, "role and organisation, not the colleague's name"
    assert "Dans une liste" not in shown


def test_the_volunteer_sees_exactly_what_is_shown_to_whom_and_until_when():
    me = volunteer(landline_phone="+33556010203")
    participation(mission(organisation(name="Banque ouverte")), me, state="accepted")
    this_morning, long_ago = datetime.combine(today(), time.min, PARIS), datetime(2026, 1, 1, tzinfo=UTC)
    participation(mission(organisation(name="Secours clos")), me, state="refused", closed_at=this_morning)
    participation(mission(organisation(name="Ancienne histoire")), me, state="withdrawn", closed_at=long_ago)

    shown = text(client_of(me), SEEN)

    assert "Banque ouverte" in shown and "tant que votre participation est ouverte" in shown
    assert "Secours clos" in shown and "exclu" in shown
    assert "Ancienne histoire" not in shown
    for fact in (me.full_name, me.email, "06\xa012\xa034\xa056\xa078", "05\xa056\xa001\xa002\xa003", "17/05/1990"):
        assert fact in shown
    assert me.postcode not in shown


def test_the_log_is_paged_and_costs_the_same_for_one_line_and_for_twenty():
    counts = []
    for lines in (1, 20):
        me = volunteer()
        for number in range(lines):
            with at(datetime(2026, 1, 1, 12, tzinfo=UTC) + days(number)):
                made = participation(state="accepted", someone=me)
                contact_seen(
                    viewer=as_manager(made.mission.organisation), people=[me.pk], organisation=made.organisation_id, way="list"
                )
        browser = client_of(me)
        browser.get(SEEN)
        with CaptureQueriesContext(connection) as queries:
            browser.get(SEEN)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_more_than_a_page_of_readings_can_be_turned():
    me = volunteer()
    host = as_manager(organisation())
    for number in range(23):
        with at(datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)):
            contact_seen(viewer=host, people=[me.pk], way="list")

    assert "Affiche 21 à 23 sur 23" in text(client_of(me), f"{SEEN}?page=2")


def test_somebody_who_is_no_volunteer_has_no_such_page():
    assert client_of(manager()).get(SEEN).status_code == 404
    assert client_of(None).get(SEEN).status_code == 302
