"""The queue of missions to decide: whose, in which order, taken by whom, decided once (R52)."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    as_operator,
    at,
    client_of,
    complete_facts,
    domain,
    grant,
    manager,
    mission,
    operator,
    organisation,
    participation,
    referent,
)

from renfort.audit.selectors import history_of
from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire, fire_due
from renfort.kernel.working_days import working_days_before
from renfort.missions.models import Domain, Mission
from renfort.missions.selectors.changes import Wording
from renfort.missions.selectors.digest import waiting_for
from renfort.missions.selectors.queue import corrected_since, holder_of, mission_queue
from renfort.missions.services.digest import tell_queues
from renfort.missions.services.mission import edit_mission
from renfort.missions.services.queue import give_back_mission, take_mission, write_on_mission
from renfort.missions.workflow import MISSION
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant
from renfort.organisations.selectors.decisions import asked_in
from renfort.organisations.services.roles import end_role
from renfort.organisations.workflow import ORGANISATION
from renfort.territories.models import Department

pytestmark = pytest.mark.django_db
QUEUE = "/referent/a-valider/missions/"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


def waiting(where=None, *, since=timedelta(0), **facts):
    made = mission(where, state="submitted", **facts)
    Mission.objects.filter(pk=made.pk).update(queued_at=timezone.now() - since)
    made.refresh_from_db()
    return made


def page(client, address=QUEUE, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def test_only_the_referent_of_the_department_and_the_operator_know_of_it():
    """R52: outside the perimeter nothing is to be found, whatever the role (404)."""
    here = waiting()
    case = f"{QUEUE}{here.pk}/"

    assert "Distribution de repas" in page(client_of(referent("33")))
    assert "Distribution de repas" in page(client_of(operator()))
    assert "Tout est décidé" in page(client_of(referent("40")))
    for who, status in ((referent("33"), 200), (referent("40"), 404), (manager(), 404), (operator(), 200)):
        assert client_of(who).get(case).status_code == status
    assert client_of(manager()).get(QUEUE).status_code == 404
    draft = mission(state="draft")
    assert client_of(referent("33")).get(f"{QUEUE}{draft.pk}/").status_code == 404, "a draft is the organisation's own"


@pytest.mark.parametrize("path", ["valider", "demander-une-correction", "refuser", "prendre", "message"])
def test_nobody_decides_outside_the_perimeter(path):
    here = waiting()

    for who in (referent("40"), manager(here.organisation)):
        assert client_of(who).post(f"{QUEUE}{here.pk}/{path}/", {"reasons": "x", "message": "x"}).status_code == 404
    here.refresh_from_db()
    assert (here.state, here.taken_by_id) == ("submitted", None)
    with pytest.raises(NotAllowed):
        fire(MISSION, here, "validate", actor=actor(referent("40")))


def test_the_referent_does_exactly_what_the_operator_does():
    who, boss = actor(referent("33")), as_operator()
    for state in ("draft", "submitted", "published", "to_correct", "refused", "ended", "cancelled"):
        row = mission(state=state)
        assert [t.name for t in MISSION.from_state(state) if t.who(who, row)] == [
            t.name for t in MISSION.from_state(state) if t.who(boss, row)
        ]


def test_the_oldest_comes_first_and_the_late_are_marked():
    young, old = waiting(title="Récente"), waiting(title="Ancienne", since=timedelta(days=12))
    online = mission(title="En ligne, à relire")

    text = page(client_of(referent("33")))

    assert text.index("Ancienne") < text.index("Récente") < text.index("En ligne, à relire")
    assert text.count("En retard") == 1 and "3 dossiers en attente" in " ".join(
        text.replace("</b>", "").replace("<b>", "").split()
    )
    assert [each.pk for each in mission_queue(as_operator())] == [old.pk, young.pk, online.pk]


def test_filters_narrow_the_queue_and_nonsense_narrows_nothing():
    who = referent("33", "40")
    here, there = waiting(title="Gironde"), waiting(title="Landes", department="40")
    take_mission(actor=actor(who), mission=here)
    client = client_of(who)

    assert "Landes" not in page(client, f"{QUEUE}?departement=33").split("</thead>")[1]
    assert "Gironde</a>" not in page(client, f"{QUEUE}?dossiers=libres") and "Landes</a>" in page(
        client, f"{QUEUE}?dossiers=libres"
    )
    assert "Landes</a>" not in page(client, f"{QUEUE}?dossiers=moi")
    assert "Aucun dossier ne correspond" in page(client, f"{QUEUE}?domaine=garde-enfants") or Domain.objects.count() == 1
    for nonsense in ("?departement=999", "?departement=75", "?dossiers=x", "?page=1000000000000", "?domaine=%00"):
        assert "Gironde</a>" in page(client, f"{QUEUE}{nonsense}")
    assert there.department_id == "40"


def test_the_queue_asks_as_much_for_twenty_as_for_one():
    who = client_of(referent("33"))
    where = organisation()
    waiting(where)
    who.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        who.get(QUEUE)
    for _ in range(25):
        waiting(where)
    with CaptureQueriesContext(connection) as many:
        who.get(QUEUE)

    assert len(one) == len(many) <= 12, [query["sql"][:150] for query in many]


def test_an_index_serves_the_order():
    """At 5,000 waiting nothing is sorted: the partial index of what waits gives the order and its end."""
    waiting()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = mission_queue(actor(referent("33", "40"))).values_list("pk", flat=True)[:20].explain()

    assert "missions_mission_queue" in plan and "Sort" not in plan, plan


# ── in hand ───────────────────────────────────────────────────────────────────────────────────────
def test_who_takes_a_case_is_seen_by_others_and_may_not_be_overtaken():
    first, second = referent("33", first_name="Rémi", last_name="Premier"), referent("33")
    here = waiting()

    assert client_of(first).post(f"{QUEUE}{here.pk}/prendre/").status_code == 302
    assert "Rémi Premier a ce dossier en main" in page(client_of(second), f"{QUEUE}{here.pk}/")
    assert "Pris par Rémi Premier" in page(client_of(second)) and "Pris par vous" in page(client_of(first))
    answer = client_of(second).post(f"{QUEUE}{here.pk}/prendre/")
    assert answer.status_code == 409 and "Rémi Premier a pris ce dossier" in unescape(answer.content.decode())
    here.refresh_from_db()
    assert (here.taken_by_id, here.version) == (first.pk, 1), "the organisation's open form is not too late for it"
    give_back_mission(actor=actor(second), mission=here)
    take_mission(actor=actor(second), mission=here)


def test_a_case_forgotten_is_free_again_after_its_time():
    first, second = actor(referent("33")), actor(referent("33"))
    here = take_mission(actor=first, mission=waiting())

    with at(timezone.now() + timedelta(hours=23)), pytest.raises(Stale):
        take_mission(actor=second, mission=here)
    with at(timezone.now() + timedelta(hours=25)):
        assert holder_of(here) is None
        assert take_mission(actor=second, mission=here).taken_by_id == second.person_id


def test_a_referent_who_is_removed_lets_go_of_what_is_no_longer_theirs():
    someone = referent("33", "40")
    kept, lost = waiting(department="40"), waiting()
    for each in (kept, lost):
        take_mission(actor=actor(someone), mission=each)

    end_role(actor=SERVICE, grant=Grant.objects.get(person=someone, scope="33"), why="removed")

    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.taken_by_id, lost.taken_by_id) == (someone.pk, None)


def test_a_mission_moved_to_another_department_is_in_nobodys_hand():
    here = take_mission(actor=actor(referent("33")), mission=waiting())

    edit_mission(
        actor=as_manager(here.organisation),
        mission=here,
        facts=complete_facts(here.organisation, department=Department.objects.get(pk="40")),
    )

    here.refresh_from_db()
    assert (here.department_id, here.taken_by_id) == ("40", None)
    assert mission_queue(actor(referent("40"))).get() == here and not mission_queue(actor(referent("33"))).exists()


# ── who may not ───────────────────────────────────────────────────────────────────────────────────
def test_nobody_decides_on_an_organisation_they_belong_to():
    """R52: not the referent who is also « tuteur » there, nor the operator who manages it; the sentence says why."""
    here = waiting()
    both, boss = referent("33"), operator()
    grant(both, Programme.RESERVE, Role.MISSION_TUTOR, here.organisation)
    grant(boss, Programme.RESERVE, Role.MANAGER, here.organisation)

    for who in (both, boss):
        acting = actor(who).in_role(next(held.key for held in actor(who).roles if held.role in ("referent", "operator")))
        for name in ("validate", "ask_correction", "refuse"):
            with pytest.raises(Refused, match="une autre personne doit décider"):
                fire(MISSION, here, name, actor=acting, answers={"reasons": "x"})
        with pytest.raises(Refused):
            take_mission(actor=acting, mission=here)
    text = page(client_of(both), f"{QUEUE}{here.pk}/")
    assert "une autre personne doit décider" in text and "Prendre ce dossier" not in text


def test_a_sensitive_domain_wants_two_people():
    food = domain()
    Domain.objects.filter(pk=food.pk).update(is_sensitive=True)
    here, first, second = waiting(), actor(referent("33")), actor(referent("33"))

    with pytest.raises(Refused, match="un premier avis manque"):
        fire(MISSION, here, "validate", actor=first)
    here = fire(MISSION, here, "opine", actor=first)
    assert (here.state, here.opinion_by_id) == ("submitted", first.person_id)
    with pytest.raises(Refused, match="une autre personne décide"):
        fire(MISSION, here, "validate", actor=first)
    with pytest.raises(Refused):
        fire(MISSION, here, "opine", actor=second)
    assert fire(MISSION, here, "validate", actor=second).state == "published"


def test_an_opinion_is_of_the_text_that_was_read():
    Domain.objects.filter(pk=domain().pk).update(is_sensitive=True)
    first, second, here = actor(referent("33")), actor(referent("33")), waiting()
    here = fire(MISSION, here, "opine", actor=first)

    edit_mission(actor=as_manager(here.organisation), mission=here, facts=complete_facts(here.organisation, title="Autre chose"))

    with pytest.raises(Refused, match="premier avis"):
        fire(MISSION, here, "validate", actor=second)


# ── decide ────────────────────────────────────────────────────────────────────────────────────────
def test_after_a_decision_the_next_case_comes_at_once():
    old, middle, young = (waiting(title=name, since=timedelta(hours=hours)) for name, hours in (("A", 30), ("B", 20), ("C", 10)))
    take_mission(actor=actor(referent("33")), mission=middle)
    client = client_of(referent("33"))

    answer = client.post(f"{QUEUE}{old.pk}/valider/?departement=33", {"seen": old.version})

    assert answer.url == f"{QUEUE}{young.pk}/?departement=33", "the one that a colleague has in hand is left to them"
    assert client.post(answer.url.replace("/?", "/valider/?")).url == f"{QUEUE}?departement=33", "nothing else is free"
    assert Mission.objects.get(pk=old.pk).state == "published"


def test_who_comes_second_is_told_who_decided_what_and_when():
    first, second = referent("33", first_name="Rémi", last_name="Premier"), referent("33")
    here = waiting()
    client_of(first).post(f"{QUEUE}{here.pk}/valider/", {"seen": here.version})

    answer = client_of(second).post(f"{QUEUE}{here.pk}/refuser/", {"seen": here.version, "reasons": "Non."})

    text = unescape(answer.content.decode())
    assert answer.status_code == 409 and "Rémi Premier a décidé « Valider »" in text
    assert Mission.objects.get(pk=here.pk).state == "published"


@pytest.mark.parametrize("path", ["demander-une-correction", "refuser"])
def test_a_no_says_why(path):
    """R52: reasons of the list, words, or a remark on a field; without any of them nothing happens (422)."""
    here, client = waiting(), client_of(referent("33"))

    answer = client.post(f"{QUEUE}{here.pk}/{path}/", {"seen": here.version})

    assert answer.status_code == 422 and "Cochez au moins un motif" in unescape(answer.content.decode())
    assert client.post(f"{QUEUE}{here.pk}/{path}/", {"motives": ["nonsense"]}).status_code == 422
    assert Mission.objects.get(pk=here.pk).state == "submitted"


def test_a_correction_is_an_exchange_to_the_end():
    """R52: reasons, words and remarks reach the organisation; its answer and the difference reach the referent."""
    reader, here = referent("33", first_name="Rémi"), waiting(title="Maraude")
    host = as_manager(here.organisation)
    client = client_of(reader)
    said = {"motives": ["dates", "safety"], "reasons": "Merci de préciser.", "on_schedule": "À quelle heure ?"}

    assert client.post(f"{QUEUE}{here.pk}/demander-une-correction/", said | {"seen": here.version}).status_code == 302

    letter = Outgoing.objects.get(message="missions.mission.to_correct")
    assert all(words in letter.text for words in ("Dates ou horaires à préciser", "Merci de préciser.", "À quelle heure ?"))
    boss = client_of(Mission.objects.get(pk=here.pk).responsible)
    form = page(boss, f"/espace/{here.organisation_id}/missions/{here.pk}/modifier/")
    assert "À quelle heure ?" in form.split("id_schedule_remark")[1], "the remark stands beside its field"
    assert "Sécurité ou encadrement à préciser" in form
    here.refresh_from_db()
    facts = complete_facts(here.organisation, title="Maraude du soir", schedule="À 19 h")
    edit_mission(actor=host, mission=here, facts=facts)
    own = f"/espace/{here.organisation_id}/missions/{here.pk}/"
    assert boss.post(f"{own}proposer-a-nouveau/", {"message": "C'est précisé : 19 h."}).status_code == 302

    assert "C'est précisé : 19 h." in Outgoing.objects.get(message="missions.mission.corrected", person_id=reader.pk).text
    text = page(client, f"{QUEUE}{here.pk}/")
    assert "Ce qui a été corrigé" in text and "Maraude du soir" in text and "C'est précisé : 19 h." in text
    changes = {each.name: (each.before, each.after) for each in corrected_since(history_of(here), Wording())}
    assert changes["title"] == ("Maraude", "Maraude du soir")
    assert asked_in(history_of(here)) is None, "answered"
    assert boss.post(f"{own}message/", {"message": "Autre chose ?"}).status_code == 302
    assert boss.post(f"{own}message/", {"message": " "}).status_code == 422
    assert Outgoing.objects.filter(message="missions.mission.message", person_id=reader.pk).count() == 1


def test_only_the_two_sides_write():
    here = waiting()
    with pytest.raises(NotAllowed):
        write_on_mission(actor=actor(manager()), mission=here, words="Bonjour")
    with pytest.raises(Refused):
        write_on_mission(actor=as_operator(), mission=here, words="x" * 2001)


# ── the morning ───────────────────────────────────────────────────────────────────────────────────
def test_the_morning_letter_comes_once_a_working_day_and_not_for_nothing():
    """R52: every working morning, caught up, once; nobody is written to when nothing waits."""
    someone, _other = referent("33"), referent("40")
    with at(MONDAY - timedelta(hours=1)):
        waiting()

    told = []
    for hours in (-3, 0, 1, 7, 24, 5 * 24):
        with at(MONDAY + timedelta(hours=hours)):
            told.append(tell_queues(timezone.now()))

    assert told == [0, 1, 0, 0, 1, 0], "night, Monday, again, again, Tuesday, Saturday"
    letters = Outgoing.objects.filter(message="missions.queue.morning")
    assert {letter.person_id for letter in letters} == {someone.pk} and "1 dossier attend" in letters[0].subject


@pytest.mark.parametrize(
    ("day", "departments", "told"),
    [("2026-12-24", ("33",), 1), ("2026-12-25", ("33",), 0), ("2028-12-26", ("33",), 1), ("2028-12-26", ("67",), 0)],
)
def test_no_morning_letter_on_a_public_holiday_of_the_department(day, departments, told):
    """R52: every working morning; Saint Stephen's is a holiday in Alsace."""
    referent(*departments)
    morning = MONDAY.replace(year=int(day[:4]), month=int(day[5:7]), day=int(day[8:]))
    with at(morning):
        waiting(department=departments[0], since=timedelta(days=1))
        assert tell_queues(timezone.now()) == told


def test_what_nobody_decides_reaches_the_region_then_the_operator():
    boss = operator()
    small, large = referent("33"), referent("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")
    with at(MONDAY):
        waiting(since=timedelta(days=9))  # seven working days: over five, under ten

    assert waiting_for(small.pk, MONDAY).alerts == 0
    assert waiting_for(large.pk, MONDAY).alerts == 1
    assert waiting_for(boss.pk, MONDAY).is_empty
    assert waiting_for(boss.pk, MONDAY + timedelta(days=7)).alerts == 1


def test_a_department_without_referent_is_the_operators_and_said_so():
    boss = operator()
    waiting()

    assert waiting_for(boss.pk, timezone.now()).orphans >= 1
    assert "Sans référent" in page(client_of(boss)).split("</thead>")[1]
    assert "Distribution de repas" in page(client_of(boss), f"{QUEUE}?dossiers=sans-referent")
    referent("33")
    assert "Aucun dossier ne correspond" in page(client_of(boss), f"{QUEUE}?dossiers=sans-referent")


def test_working_days_leave_weekends_out():
    assert working_days_before(MONDAY, 1).date().isoformat() == "2026-11-20"
    assert working_days_before(MONDAY, 5).date().isoformat() == "2026-11-16"


def test_nobody_who_is_expected_loses_the_place_when_the_organisation_is_flagged():
    """R52: flagged, its missions go offline, everybody concerned is told, nothing that was accepted is cancelled."""
    here = mission()
    expected, asked = participation(here, state="accepted"), participation(here)
    flow, where = MISSION, here.organisation

    fire(ORGANISATION, where, "flag", actor=actor(referent("33")), answers={"motives": ["unsafe"]})
    fire_due(timezone.now())

    for each in (here, expected, asked):
        each.refresh_from_db()
    assert (here.state, expected.state, asked.state) == ("submitted", "accepted", "pending")
    told = Outgoing.objects.filter(message="missions.mission.suspended").values_list("person_id", flat=True)
    assert set(told) == {expected.person_id, asked.person_id}
    with pytest.raises(Refused, match="signalée"):
        fire(flow, here, "validate", actor=as_operator())
    fire(ORGANISATION, where, "clear", actor=as_operator())
    assert fire(flow, here, "validate", actor=as_operator()).state == "published"


def test_a_refused_organisations_missions_are_cancelled_and_everybody_is_told():
    here = mission(organisation(state="waiting"))
    expected = participation(here, state="accepted")

    fire(ORGANISATION, here.organisation, "refuse", actor=actor(referent("33")), answers={"reasons": "Hors cadre."})
    fire_due(timezone.now())
    fire_due(timezone.now())

    here.refresh_from_db()
    expected.refresh_from_db()
    assert (here.state, expected.state) == ("cancelled", "cancelled")
    letter = Outgoing.objects.get(person_id=expected.person_id)
    assert "n'est plus acceptée sur la plateforme" in letter.text
