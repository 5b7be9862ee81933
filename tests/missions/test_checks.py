"""Findings are kept, struck out, counted; words and weights take effect; who may what (R53, P6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    as_operator,
    client_of,
    complete_facts,
    days,
    manager,
    mission,
    operator,
    organisation,
    referent,
    today,
    tutor,
    volunteer,
)

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.checks import findings_for, findings_of
from renfort.missions.models import Mission, MissionFinding, Recheck
from renfort.missions.services.checks import ask_recheck, check_missions, check_waiting, run_rechecks, say_false
from renfort.missions.services.mission import edit_mission, facts_of, open_mission
from renfort.organisations.models import Check, CheckWord, Grant
from renfort.organisations.selectors.checks import rates
from renfort.organisations.services.checks import add_word, change_word, offer_word, set_check

pytestmark = pytest.mark.django_db
LONG = "Nous préparons des colis alimentaires et nous distribuons des repas chauds aux personnes à la rue. " * 2
SAFE = "Une personne de l'équipe accueille chaque bénévole et reste présente."
PAID = f"{LONG} Un salaire est versé chaque mois."


def described(description=LONG, where=None, **facts):
    """A mission as its organisation writes it, by the service."""
    where = where or organisation()
    boss = as_manager(where)
    said = replace(complete_facts(where), description=description, safety=SAFE, **facts)
    return open_mission(actor=boss, organisation=where, facts=said)


def edited(what, **facts):
    return edit_mission(actor=as_manager(what.organisation), mission=what, facts=replace(facts_of(what), **facts))


def keys(what):
    return [each.key for each in findings_of(what) if not each.is_false]


def row_of(what, key="mission-pay"):
    return MissionFinding.objects.select_related("mission", "made_by").get(mission=what, made_by__key=key, gone_at=None)


# ── kept as the mission is written ────────────────────────────────────────────────────────────────
def test_findings_are_there_when_a_mission_is_written_and_go_when_it_is_mended():
    what = described(PAID)
    assert keys(what) == ["mission-pay"]
    said = findings_of(what)[0]
    assert said.words == "salaire" and "salaire" in said.sentence and said.field == "Commentaire par la structure"
    assert said.excerpt == "Un salaire est versé chaque mois."

    edited(what, description=LONG)
    assert keys(what) == []

    edited(what, description=PAID)
    assert keys(what) == ["mission-pay"] and MissionFinding.objects.filter(mission=what).count() == 1


def test_heaviest_come_first_and_an_edit_that_is_refused_writes_nothing():
    what = described(f"{PAID} Appelez le 06 12 34 56 78. Voir www.asso.fr.")
    assert keys(what) == ["mission-pay", "mission-contact", "mission-link"]

    with pytest.raises(NotAllowed):
        edit_mission(actor=actor(volunteer()), mission=what, facts=replace(facts_of(what), description=LONG))
    assert len(keys(what)) == 3


def test_nearly_the_same_mission_of_the_same_organisation_place_and_days():
    where = organisation()
    first = described(where=where, title="Distribution de repas chauds")
    second = described(where=where, title="Distribution des repas chauds !")
    described(title="Distribution de repas chauds")  # of somebody else
    described(where=where, title="Distribution de repas chauds", starts_on=today() + days(60), ends_on=today() + days(61))
    described(where=where, title="Aide aux devoirs")

    assert keys(second) == ["mission-twin"] and "Distribution de repas chauds" in findings_of(second)[0].sentence
    edited(first, title="Tri des vêtements")
    assert keys(second) == []  # the other one was changed: this one is alone now


def test_a_night_passes_and_dates_with_it():
    what = mission(state="submitted", description=LONG, safety=SAFE, starts_on=today() - days(9), ends_on=today() - days(1))

    check_waiting()

    assert keys(what) == ["mission-past"]


def test_lists_and_pages_cost_one_query_however_many_there_are():
    many = [described(PAID) for _ in range(20)]

    def count(rows):
        with CaptureQueriesContext(connection) as queries:
            found = findings_for([row.pk for row in rows])
        assert set(found) == {row.pk for row in rows}
        return len(queries)

    assert count(many[:1]) == count(many) == 1


def test_checking_twenty_costs_as_many_queries_as_one():
    many = [mission(description=PAID, title=f"Autre {n}") for n in range(20)]

    def count(rows):
        with CaptureQueriesContext(connection) as queries:
            check_missions([row.pk for row in rows])
        return len(queries)

    assert count(many[:1]) == count(many[1:]) <= 10


# ── « fausse alerte » ─────────────────────────────────────────────────────────────────────────────
def test_false_alarm_holds_for_its_text_and_comes_back_with_another():
    what = described(PAID)
    boss = as_operator()

    assert say_false(row_of(what), actor=boss)
    assert keys(what) == [] and [each.is_false for each in findings_of(what)] == [True]
    assert findings_for([what.pk]) == {}

    edited(what, description=f"Bonjour ! {PAID}")  # the sentence at fault is the same
    assert keys(what) == []
    edited(what, description=PAID.replace("chaque mois", "chaque semaine"))
    assert keys(what) == ["mission-pay"]


def test_false_alarms_are_counted_by_check_and_by_word():
    missions = [described(PAID) for _ in range(5)]
    boss = as_operator()
    for what in missions[:2]:
        assert say_false(row_of(what), actor=boss)
        assert not say_false(row_of(what), actor=boss)  # a second click

    check, word = Check.objects.get(key="mission-pay"), CheckWord.objects.get(list="pay", words="salaire")
    rate = rates([MissionFinding], "made_by")[check.pk]
    assert (rate.found, rate.false, rate.percent) == (5, 2, 40)
    assert rates([MissionFinding], "word", made_by=check)[word.pk].percent == 40
    assert Entry.objects.filter(verb="missions.missionfinding.strike").count() == 2


def test_false_alarm_can_be_taken_back():
    what, boss = described(PAID), as_operator()
    say_false(row_of(what), actor=boss)

    assert say_false(row_of(what), actor=boss, false=False)
    assert keys(what) == ["mission-pay"]


@pytest.mark.parametrize("who", [volunteer, manager, lambda: referent("75")])
def test_only_who_looks_after_the_mission_may_call_it_a_false_alarm(who):
    what = described(PAID)

    with pytest.raises(NotAllowed):
        say_false(row_of(what), actor=actor(who()))
    assert keys(what) == ["mission-pay"]


def test_referent_of_the_department_may_and_nobody_of_the_organisation_itself():
    what = described(PAID)
    member = operator()
    Grant.objects.create(
        person=member, programme="reserve", role="manager", scope_kind="organisation", scope=str(what.organisation_id),
        organisation=what.organisation,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        say_false(row_of(what), actor=actor(member))

    assert say_false(row_of(what), actor=actor(referent("33")))


def press(finding, someone, verb="fausse-alerte", **data):
    return client_of(someone).post(f"/verifications/missions/points/{finding.pk}/{verb}/", data)


def test_button_counts_and_leads_back_to_its_page_and_nowhere_else():
    finding, boss = row_of(described(PAID)), operator()

    assert press(finding, boss, back="/operateur/missions/").url == "/operateur/missions/"
    for elsewhere in ("https://evil.example/", "//evil.example/", ""):
        assert press(finding, boss, back=elsewhere).url == f"/operateur/missions/{finding.mission_id}/"
    assert press(finding, boss, "n-importe-quoi").status_code == 404
    assert press(finding, referent("75")).status_code == 404
    assert press(finding, manager(finding.mission.organisation)).status_code == 404
    finding.refresh_from_db()
    assert finding.false_by_id == boss.pk


def test_text_that_has_changed_meanwhile_counts_nothing_and_says_so():
    what, boss = described(PAID), operator()
    finding = row_of(what)
    edited(what, description=LONG)
    browser = client_of(boss)

    page = browser.post(f"/verifications/missions/points/{finding.pk}/fausse-alerte/", follow=True)

    assert "Le texte a changé entre-temps" in page.content.decode()
    finding.refresh_from_db()
    assert finding.false_at is None


# ── what the operator sets ────────────────────────────────────────────────────────────────────────
def test_check_that_is_stopped_shows_nothing_at_once_and_weight_orders():
    what, boss = described(f"{PAID} Appelez le 06 12 34 56 78."), as_operator()
    pay = Check.objects.get(key="mission-pay")

    set_check(pay, actor=boss, weight=1, threshold=None, is_active=True)
    assert keys(what) == ["mission-contact", "mission-pay"]
    set_check(pay, actor=boss, weight=1, threshold=None, is_active=False)
    assert keys(what) == ["mission-contact"]
    set_check(pay, actor=boss, weight=75, threshold=None, is_active=True)
    assert keys(what) == ["mission-pay", "mission-contact"]
    changes = Entry.objects.filter(verb="organisations.check.change").order_by("pk").values_list("changes", flat=True)
    assert [each["weight"] for each in changes if "weight" in each] == [[75, 1], [1, 75]]


def test_words_take_effect_on_what_is_there_already_and_are_never_installed_again():
    what, boss = described(f"{LONG} Vous recevrez des pépites."), as_operator()
    word = add_word(actor=boss, list_="pay", scope="", kind="found", words="pépite")
    ask_recheck(actor=boss)
    ask_recheck(actor=boss)

    assert run_rechecks(timezone.now()) == 1  # asked twice, done once
    assert keys(what) == ["mission-pay"]

    change_word(word, actor=boss, kind="found", words="grosse pépite")
    ask_recheck(actor=boss)
    run_rechecks(timezone.now())
    assert keys(what) == []
    offer_word(word, actor=boss, offered=False)
    with pytest.raises(Refused):
        add_word(actor=boss, list_="pay", scope="", kind="found", words="salaire")
    with pytest.raises(Refused):
        add_word(actor=boss, list_="pay", scope="", kind="found", words="…")


def test_threshold_needs_everything_checked_again_and_a_weight_does_not():
    short, boss = Check.objects.get(key="mission-short"), as_operator()

    assert not set_check(short, actor=boss, weight=1, threshold=short.threshold, is_active=True)
    assert set_check(short, actor=boss, weight=1, threshold=10, is_active=True)


def test_work_says_how_far_it_is_and_a_dead_worker_s_is_done_again():
    for _ in range(3):
        mission(description=PAID)
    ask_recheck(actor=as_operator())
    Recheck.objects.update(state="running", attempts=1, alive_until=timezone.now() - days(1))

    assert run_rechecks(timezone.now()) == 1
    done = Recheck.objects.get()
    assert (done.state, done.done) == ("done", done.total) and done.total >= 6
    assert MissionFinding.objects.filter(made_by__key="mission-pay").count() == 3


@pytest.mark.parametrize("who", [volunteer, manager, lambda: referent("33")])
def test_only_the_operator_sets_checks_and_words(who):
    someone = actor(who())
    pay, word = Check.objects.get(key="mission-pay"), CheckWord.objects.filter(list="pay")[0]

    for change in (
        lambda: set_check(pay, actor=someone, weight=1, threshold=None, is_active=True),
        lambda: add_word(actor=someone, list_="pay", scope="", kind="found", words="x"),
        lambda: change_word(word, actor=someone, kind="found", words="x"),
        lambda: offer_word(word, actor=someone, offered=False),
    ):
        with pytest.raises(NotAllowed):
            change()


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_operator_s_pages_of_checks():
    browser = client_of(operator())
    described(PAID)

    page = browser.get("/operateur/verifications/").content.decode()
    assert "Emploi ou rémunération" in page and "Structure peut-être déjà inscrite" in page
    assert "salaire" in browser.get("/operateur/verifications/mission-pay/").content.decode()
    said = {"domain": "aide-alimentaire", "description": "Un salaire, sans CDI. Voir https://bit.ly/x", "safety": "oui"}
    tried = browser.post("/operateur/verifications/essayer/", said).content.decode()
    assert "« salaire » fait penser" in tried and "CDI » fait penser" not in tried and "ne dit pas où il mène" in tried
    assert MissionFinding.objects.count() == 1  # nothing was kept of what was tried

    wrong = browser.post("/operateur/verifications/mission-pay/", {"weight": "101", "is_active": "on"})
    assert wrong.status_code == 422 and Check.objects.get(key="mission-pay").weight == 75
    again = browser.post("/operateur/verifications/mission-pay/mots/", {"words": "salaire", "kind": "found"})
    assert again.status_code == 409 and "déjà dans la liste" in again.content.decode()
    added = browser.post(
        "/operateur/verifications/mission-domain/mots/", {"scope": "garde-enfants", "words": "nounou", "kind": "found"}
    )
    assert added.status_code == 302 and CheckWord.objects.filter(scope="garde-enfants", words="nounou").exists()
    word = CheckWord.objects.get(words="nounou")
    assert "nounou" in browser.get(f"/operateur/verifications/mots/{word.pk}/").content.decode()
    assert browser.post(f"/operateur/verifications/mots/{word.pk}/", {"words": "nounous", "kind": "found"}).status_code == 302
    assert "nounou → nounous" in browser.get(f"/operateur/verifications/mots/{word.pk}/").content.decode()
    assert Recheck.objects.filter(state="waiting").count() == 1


def test_operator_reads_what_to_look_at_beside_the_mission():
    what = described(PAID)
    Mission.objects.filter(pk=what.pk)

    page = client_of(operator()).get(f"/operateur/missions/{what.pk}/").content.decode()

    assert "« salaire » fait penser à un emploi" in page and "Fausse alerte" in page


def test_organisation_gets_advice_about_what_it_can_mend_and_no_more():
    what = described(f"{PAID} Appelez le 06 12 34 56 78.")
    address = f"/espace/{what.organisation_id}/missions/{what.pk}/"
    boss = client_of(manager(what.organisation))

    for page in (boss.get(address), boss.get(f"{address}modifier/")):
        said = page.content.decode()
        assert "Quelques conseils" in said and "06 12 34 56 78 » se lit sur une page publique" in said
        assert "fait penser à un emploi" not in said  # for who validates

    colleague = client_of(tutor(what.organisation)).get(address).content.decode()
    assert "Quelques conseils" not in colleague  # it is not theirs to mend
