"""R51, R52: a referent's dashboard and lists are those of the territory, whole and nothing else, and only to be read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    client_of,
    days,
    delegation,
    domain,
    manager,
    mission,
    organisation,
    participation,
    referent,
    today,
    volunteer,
)

from renfort.audit.models import ContactView
from renfort.kernel.firing import NotAllowed, fire
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.territory import (
    summed,
    territory_figures,
    territory_missions,
    territory_organisations,
    territory_participations,
    territory_people,
    territory_weeks,
    validation_waits,
)
from renfort.missions.workflow import PARTICIPATION

pytestmark = pytest.mark.django_db
HOME = "/referent/"
LISTS = ("structures", "missions", "participations")


def place(code, name, **facts):
    """An organisation of a department, a mission and a participation."""
    where = organisation(name=f"Secours {name}", department_id=code, city=name)
    what = mission(where, department=code, title=f"Mission de {name}", **facts)
    return where, what, participation(what, volunteer(last_name=f"Aidant{name}"))


@pytest.fixture
def country():
    return {code: place(code, name) for code, name in (("33", "Bordeaux"), ("40", "Dax"), ("75", "Paris"))}


def read(browser, kind, query=""):
    answer = browser.get(f"{HOME}{kind}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


# ── whose ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", LISTS)
def test_lists_show_all_departments_of_the_referent_and_no_other(country, kind):
    page = read(client_of(referent("33", "40")), kind)

    shown = [name in page for name in ("Bordeaux", "Dax", "Paris")]
    assert shown == [True, True, False]


@pytest.mark.parametrize("kind", LISTS)
def test_a_guessed_number_of_another_department_is_not_found(country, kind):
    browser = client_of(referent("33"))

    answers = {code: browser.get(f"{HOME}{kind}/{things[LISTS.index(kind)].pk}/").status_code for code, things in country.items()}
    assert answers == {"33": 200, "40": 404, "75": 404}


@pytest.mark.parametrize("kind", LISTS)
def test_the_filter_narrows_and_another_department_in_the_address_opens_nothing(country, kind):
    browser = client_of(referent("33", "40"))

    one, other = read(browser, kind, "?departement=40"), read(browser, kind, "?departement=75")
    assert [f"Secours {name}" in one for name in ("Bordeaux", "Dax", "Paris")] == [False, True, False]
    assert "Secours Paris" not in other


def test_hidden_filters_tell_no_names_from_elsewhere(country):
    browser = client_of(referent("33"))
    where, what, _joined = country["75"]

    pages = read(browser, "missions", f"?structure={where.pk}") + read(browser, "participations", f"?mission={what.pk}")
    assert "Paris" not in pages


@pytest.mark.parametrize("kind", LISTS)
def test_nobody_else_has_such_pages(country, kind):
    for someone in (manager(country["33"][0]), volunteer()):
        assert client_of(someone).get(f"{HOME}{kind}/").status_code == 404
    assert client_of(None).get(f"{HOME}{kind}/").status_code == 302


def test_the_promised_addresses_lead_to_the_department(country):
    """docs: /territoire/<code>/…"""
    browser = client_of(referent("33"))

    assert browser.get("/territoire/33/missions/").headers["Location"] == "/referent/missions/?departement=33"
    assert [browser.get(f"/territoire/{code}/").status_code for code in ("75", "x", "333333")] == [404, 404, 404]


def test_a_mission_in_another_department_is_that_departments_not_of_the_seat(country):
    """R52: missions by their department, organisations by that of their seat."""
    there = mission(country["33"][0], department="75", title="Loin d'ici")

    assert not territory_missions(actor(referent("33")), {}).filter(pk=there.pk).exists()
    assert territory_missions(actor(referent("75")), {}).filter(pk=there.pk).exists()


def test_drafts_and_organisations_that_left_are_nobodys_business(country):
    mission(country["33"][0], state=MissionState.DRAFT, title="Brouillon secret")
    organisation(name="Partie", left_at=timezone.now())
    browser = client_of(referent("33"))

    assert "Brouillon secret" not in read(browser, "missions")
    assert "Partie" not in read(browser, "structures")


def test_a_delegation_of_one_domain_shows_its_missions_and_their_organisations_to_read():
    """R65: no other organisation, none of them to decide on, and no note."""
    without = organisation(name="Sans mission prêtée", state="waiting")
    mission(without, domain=domain("garde-enfants"))
    where, food, _joined = place("33", "Bordeaux")
    other = next(each for each in (domain("garde-enfants"), domain()) if each.pk != food.domain_id)
    children = mission(where, title="Garder", domain=other)
    giver, receiver = referent("33"), referent("64")
    made = delegation(giver, receiver, "33")
    made.grants.update(domains=[food.domain_id])
    who = actor(receiver)

    assert list(territory_missions(who, {})) == [food]
    assert list(territory_participations(who, {})) == list(Participation.objects.filter(mission=food))
    assert list(territory_organisations(who, {})) == [where]
    page = client_of(receiver).get(f"{HOME}structures/{where.pk}/")
    assert page.status_code == 200 and "Notes internes" not in page.content.decode()
    assert client_of(receiver).get(f"{HOME}structures/{without.pk}/").status_code == 404
    assert client_of(receiver).get(f"{HOME}a-valider/structures/{where.pk}/").status_code == 404
    assert summed(territory_figures(who)).organisations == 1
    assert summed(territory_figures(who)).hosts_to_validate == 0
    assert client_of(receiver).get(f"{HOME}missions/{children.pk}/").status_code == 404


# ── only to be read ───────────────────────────────────────────────────────────────────────────────
def test_a_referent_never_accepts_refuses_or_changes_a_participation(country):
    """R52: fitting people to missions is the host's job."""
    who = actor(referent("33")).in_role("reserve:referent:department:")
    _where, _what, joined = country["33"]

    assert [each.name for each in PARTICIPATION.transitions if each.who(who, joined)] == []
    for verb in ("accept", "refuse", "withdraw"):
        with pytest.raises(NotAllowed):
            fire(PARTICIPATION, joined, verb, actor=who)
    page = client_of(referent("33"))
    for method in ("post", "put", "delete"):
        assert getattr(page, method)(f"{HOME}participations/{joined.pk}/").status_code == 405


def test_contact_data_of_volunteers_stand_nowhere(country):
    """R37: they are the organisation's; nothing is shown, so that nothing is noted as seen."""
    _where, _what, joined = country["33"]
    browser = client_of(referent("33"))

    text = read(browser, "participations") + browser.get(f"{HOME}participations/{joined.pk}/").content.decode()
    assert joined.person.full_name in text
    assert [word in text for word in (joined.person.email, "06 12 34 56 78", "+33612345678", "1990")] == [False] * 4
    assert not ContactView.objects.exists()


# ── the figures ───────────────────────────────────────────────────────────────────────────────────
def test_each_figure_counts_what_its_link_lists(country):
    where = country["33"][0]
    mission(where, department="33", state=MissionState.SUBMITTED)
    old = mission(where, department="33", state=MissionState.SUBMITTED)
    Mission.objects.filter(pk=old.pk).update(queued_at=timezone.now() - days(9))
    full = mission(where, department="33", places=1)
    participation(full, state=ParticipationState.ACCEPTED)
    participation(full, state=ParticipationState.REFUSED)
    browser = client_of(referent("33", "40"))
    page = browser.get(HOME)

    wrong = {}
    for group in ("organisations", "missions", "participations"):
        for value, label, url in page.context[group]:
            if label == "Places disponibles":
                continue
            count = browser.get(url).context["page"].paginator.count
            if count != value:
                wrong[label] = (value, count)
    assert wrong == {}
    assert "1 mission attend depuis plus longtemps que le délai visé" in page.content.decode()
    assert "la plus ancienne attend depuis 9 jours" in page.content.decode()


def test_the_parts_of_participations_add_up_and_places_left_are_those_of_missions_online(country):
    where = country["33"][0]
    what = mission(where, department="33", places=5)
    for state in ParticipationState.values:
        participation(what, state=state)
    over = mission(where, department="33", places=50, starts_on=today() - days(9), ends_on=today() - days(2))
    who = actor(referent("33"))

    total = summed(territory_figures(who))
    parts = total.pending + sum(total.participations.get(state, 0) for state in ("accepted", "ongoing", "done")) + total.others
    assert parts == total.total == Participation.objects.filter(mission__department="33").count()
    online = Mission.objects.filter(department="33", state="published").exclude(pk=over.pk)
    assert total.places == sum(each.places for each in online)
    assert 0 < total.left < total.places


def test_figures_by_department_add_up_to_the_whole(country):
    who = actor(referent("33", "40"))

    figures = territory_figures(who)
    assert [each.code for each in figures] == ["33", "40"]
    assert (summed(figures).missions, summed(figures).organisations, summed(figures).total) == (2, 2, 2)
    assert [each.code for each in territory_figures(who, "40")] == ["40"]
    assert territory_figures(who, "75") == []


def test_waiting_times_are_the_median_and_nine_of_ten(country):
    now, what = timezone.now(), country["33"][1]
    Participation.objects.all().delete()
    for hours in range(1, 12):
        made = participation(what, state=ParticipationState.ACCEPTED)
        Participation.objects.filter(pk=made.pk).update(created_at=now - timedelta(hours=hours), decided_at=now)
    read_one = mission(country["33"][0], department="33")
    Mission.objects.filter(pk=read_one.pk).update(created_at=now - days(3), reviewed_at=now)
    Mission.objects.exclude(pk=read_one.pk).update(reviewed_at=None)
    who = actor(referent("33"))

    people = territory_people(who)
    assert people.volunteers == 11
    assert (round(people.answer.median / 3600), round(people.answer.ninetieth / 3600)) == (6, 10)
    assert round(validation_waits(who).median / 86400) == 3
    assert territory_people(actor(referent("29"))).answer.median is None


def test_weeks_count_who_applied_and_who_was_accepted(country):
    what, now = country["33"][1], timezone.now()
    taken = participation(what, state=ParticipationState.ACCEPTED)
    refused = participation(what, state=ParticipationState.REFUSED)
    Participation.objects.filter(pk__in=[taken.pk, refused.pk]).update(created_at=now - days(7), decided_at=now)

    weeks = territory_weeks(actor(referent("33")))
    assert len(weeks) == 12
    assert [week[1:] for week in weeks[-2:]] == [(2, 0), (1, 1)]


def test_the_dashboard_takes_at_most_twelve_queries_whatever_there_is(country):
    """R51."""
    browser = client_of(referent("33", "40", "24"))
    browser.get(HOME)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(HOME)
    for number in range(20):
        place(("33", "40", "24")[number % 3], f"Ville{number}")
    with CaptureQueriesContext(connection) as many:
        browser.get(HOME)

    assert len(many) == len(few) <= 12, [query["sql"][:150] for query in few.captured_queries]


@pytest.mark.parametrize("kind", LISTS)
def test_lists_cost_the_same_with_one_row_and_with_twenty(country, kind):
    browser = client_of(referent("33"))
    read(browser, kind)
    with CaptureQueriesContext(connection) as few:
        read(browser, kind)
    for number in range(20):
        place("33", f"Ville{number}")
    with CaptureQueriesContext(connection) as many:
        read(browser, kind)

    assert len(many) == len(few) <= 12


@pytest.mark.parametrize(
    "query", ["?q=%00", "?page=99999999999", "?statut=x&domaine=%27", "?structure=x&mission=-1&attente=z&depuis=9e9"]
)
@pytest.mark.parametrize("kind", ["", *(f"{kind}/" for kind in LISTS)])
def test_nonsense_in_the_address_is_never_an_error(country, kind, query):
    assert client_of(referent("33")).get(f"{HOME}{kind}{query}").status_code == 200
