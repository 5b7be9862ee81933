"""The form of a mission: kept while typed, chosen between two edits, copied, started from a template (R10 to R15, R66)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import (
    actor,
    as_manager,
    as_operator,
    at,
    client_of,
    days,
    domain,
    manager,
    membership,
    mission,
    mission_form,
    operator,
    organisation,
    participation,
    reword_rules,
    slot,
    today,
    tutor,
)

from renfort.audit.models import Entry, Remark
from renfort.audit.selectors import history_of
from renfort.kernel.firing import NotAllowed, fire, fire_due
from renfort.missions.components import timeline_of
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.forms.desk import as_browser
from renfort.missions.models import Contact, Mission, MissionTemplate, Slot, Unfinished
from renfort.missions.selectors.templates import templates_for
from renfort.missions.services.mission import duplicate_mission, facts_of, plain
from renfort.missions.services.participation import apply
from renfort.missions.services.templates import write_shared_template
from renfort.missions.services.unfinished import forget_old
from renfort.missions.workflow import MISSION
from renfort.notifications.models import Outgoing
from renfort.organisations.workflow import NETWORK
from renfort.territories.selectors.outlines import neighbours

pytestmark = pytest.mark.django_db
HERE = {"latitude": 44.838, "longitude": -0.5796, "commune_id": "33063"}  # where the form itself puts Bordeaux


@pytest.fixture
def host():
    where = organisation()
    someone = manager(where, first_name="Awa", last_name="Diallo")
    return where, someone, client_of(someone)


def url(name, where, *rest):
    return reverse(f"missions:{name}", args=[where.pk, *rest])


def again(browser, what, **changes):
    """What the edit page would send, untouched but for these fields."""
    page = browser.get(url("host-mission-edit", what.organisation, what.pk))
    said = {**as_browser(page.context["desk"]), "form_token": [str(uuid4())], "seen": [str(page.context["seen"])]}
    return {**said, **{name: [value] for name, value in changes.items()}}


# ── what is typed is kept ─────────────────────────────────────────────────────────────────────────
def keep(browser, where, someone, **typed):
    token = str(uuid4())
    answer = browser.post(url("mission-keep", where), {**mission_form(someone, **typed), "form_token": token})
    return token, answer


def test_what_is_typed_is_kept_as_it_is_and_found_again(host):
    """An end before the start, half an address, a year of two digits: kept, and judged by nobody."""
    where, someone, browser = host
    wrong = {"title": "Un <b>titre</b>", "ends_on": today().isoformat(), "places": "-3", "department": "75"}

    token, answer = keep(browser, where, someone, **wrong)

    assert (answer.status_code, answer.json()) == (200, {"kept": True})
    assert not Mission.objects.exists()
    opened = browser.get(url("mission-new", where)).content.decode()
    assert f"?reprendre={token}" in opened and "Un &lt;b&gt;titre&lt;/b&gt;" in opened
    back = browser.get(url("mission-new", where), {"reprendre": token})
    form = back.context["form"]
    assert {name: form[name].value() for name in wrong} == wrong
    assert not form.errors and "data-error-summary" not in back.content.decode()


def test_the_form_taken_up_again_makes_one_mission_and_is_then_forgotten(host):
    where, someone, browser = host
    token, _answer = keep(browser, where, someone)

    saved = browser.post(url("mission-new", where), {**mission_form(someone), "form_token": token})

    assert saved.status_code == 302 and Mission.objects.count() == 1
    assert not Unfinished.objects.exists()
    late = browser.post(url("mission-keep", where), {**mission_form(someone), "form_token": token})
    assert late.status_code == 409 and not Unfinished.objects.exists(), "a request that was late does not bring it back"


def test_what_a_tutor_types_on_a_colleagues_mission_is_not_kept(host):
    """R40: a « tuteur » reads it, and no more; the page is told why."""
    where, someone, _browser = host
    made = mission(where, responsible=someone)
    browser = client_of(tutor(where))

    answer = browser.post(url("mission-edit-keep", where, made.pk), {**mission_form(someone), "seen": "1"})

    assert (answer.status_code, answer.json()["kept"]) == (403, False) and "suivie par quelqu'un d'autre" in answer.json()[
        "error"
    ]
    assert not Unfinished.objects.exists()


def test_nobody_else_sees_what_one_types(host):
    """R12: not even a colleague of the same organisation."""
    where, someone, browser = host
    token, _answer = keep(browser, where, someone, title="Mon secret")
    colleague = client_of(manager(where))

    assert "Mon secret" not in colleague.get(url("mission-new", where)).content.decode()
    assert "Mon secret" not in colleague.get(url("mission-new", where), {"reprendre": token}).content.decode()
    stolen = colleague.post(url("mission-keep", where), {"form_token": token, "title": "Volé"})
    colleague.post(url("mission-drop", where, token))
    assert stolen.status_code == 413 and Unfinished.objects.get().title == "Mon secret"


def test_what_could_not_be_saved_is_kept_without_a_script_too(host):
    where, someone, browser = host

    answer = browser.post(url("mission-new", where), mission_form(someone, ends_on="1901-01-01"))

    assert answer.status_code == 422
    assert Unfinished.objects.get().said["ends_on"] == ["1901-01-01"]


def test_starting_from_scratch_forgets(host):
    where, someone, browser = host
    token, _answer = keep(browser, where, someone)

    answer = browser.post(url("mission-drop", where, token))

    assert (answer.status_code, answer["Location"]) == (302, url("mission-new", where))
    assert not Unfinished.objects.exists()


def test_left_forms_are_forgotten_after_thirty_days_and_the_oldest_of_ten_gives_way(host):
    """P10."""
    where, someone, browser = host
    for number in range(12):
        keep(browser, where, someone, title=f"Numéro {number}")
    assert {left.title for left in Unfinished.objects.all()} == {f"Numéro {number}" for number in range(2, 12)}

    assert forget_old(timezone.now() + timedelta(days=29)) == 0
    assert forget_old(timezone.now() + timedelta(days=31)) == 10


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"form_token": "abc"}, 400), ({}, 400), ({"form_token": str(uuid4()), "description": "x" * 600_000}, 413)],
    ids=["no-uuid", "nothing", "too-long"],
)
def test_nonsense_is_answered_with_a_sentence(host, sent, status):
    where, _someone, browser = host

    answer = browser.post(url("mission-keep", where), sent)

    assert answer.status_code == status and answer.json()["error"]
    assert not Unfinished.objects.exists()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(said=st.dictionaries(st.text(min_size=1, max_size=30), st.text(max_size=200), max_size=8))
def test_whatever_is_typed_is_kept_and_shown_again(host, said):
    """Any name, any text: NUL, right-to-left, braces, emoji. Never a 500."""
    where, _someone, browser = host
    Unfinished.objects.all().delete()
    token = str(uuid4())

    kept = browser.post(url("mission-keep", where), {**said, "form_token": token})
    shown = browser.get(url("mission-new", where), {"reprendre": token})

    assert (kept.status_code, shown.status_code) == (200, 200)


def test_back_by_the_arrow_to_a_saved_form_loses_nothing(host):
    where, someone, browser = host
    sent = mission_form(someone, then="draft")
    browser.post(url("mission-new", where), sent)

    answer = browser.post(url("mission-new", where), {**sent, "title": "Autrement"})

    made = Mission.objects.get()
    assert answer["Location"].startswith(url("host-mission-edit", where, made.pk) + "?reprendre=")
    assert browser.get(answer["Location"]).context["form"]["title"].value() == "Autrement"


# ── what is wrong is said beside its field ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_on": "1901-05-01"}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"places": "0"}, "places"),
        ({"places": "-1"}, "places"),
        ({"places": "1000000000"}, "places"),
        ({"places": "9" * 400}, "places"),
        ({"places": "deux"}, "places"),
        ({"description": "<script>alert(1)</script>" * 4000}, "description"),
        ({"title": "x" * 81}, "title"),
        ({"description": "a\0b"}, "description"),
        ({"contacts-0-name": "N" * 200}, "contacts-0-name"),
        ({"deputies": "999999"}, "deputies"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(host, typed, field):
    where, someone, browser = host

    answer = browser.post(url("mission-new", where), mission_form(someone, **typed))

    assert answer.status_code == 422 and not Mission.objects.exists()
    assert any(field in problem.anchor for problem in answer.context["problems"]), answer.context["problems"]
    value = next(iter(typed.values()))
    kept = Unfinished.objects.get().said[next(iter(typed))]
    assert kept == [value.replace("\0", "")]


NAMES = (
    "places", "starts_on", "ends_on", "title", "format", "domain", "latitude", "postcode", "contacts-TOTAL_FORMS",
    "addresses-TOTAL_FORMS", "addresses-0-city", "seen", "form_token", "publics",
)  # fmt: skip


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from(NAMES),
    value=st.text(max_size=60) | st.integers().map(str),
)  # fmt: skip
def test_no_answer_of_the_form_is_a_failure_of_the_server(host, name, value):
    where, someone, browser = host

    answer = browser.post(url("mission-new", where), mission_form(someone, **{name: value}))

    assert answer.status_code in (302, 422)


def test_a_mistake_in_a_contact_is_summed_up_at_the_top(host):
    where, someone, browser = host

    answer = browser.post(url("mission-new", where), mission_form(someone, **{"contacts-0-phone": "", "contacts-0-name": "Léo"}))

    assert 'href="#id_contacts-0-phone"' in answer.content.decode()


# ── several addresses, several responsible persons ────────────────────────────────────────────────
SECOND = {
    "addresses-TOTAL_FORMS": "1",
    "addresses-INITIAL_FORMS": "0",
    "addresses-0-address": "1 place de la Mairie",
    "addresses-0-postcode": "33700",
    "addresses-0-city": "Mérignac",
    "addresses-0-department": "33",
}


def test_a_mission_may_take_place_at_several_addresses(host):
    """R11: shown to everybody and written to those who come; a tick takes one away."""
    where, someone, browser = host
    browser.post(url("mission-new", where), mission_form(someone, **SECOND))
    made = Mission.objects.get()

    assert [str(each) for each in made.addresses.all()] == ["1 place de la Mairie, 33700 Mérignac"]
    assert "1 place de la Mairie, 33700 Mérignac" in client_of(None).get(made.get_absolute_url()).content.decode()
    browser.post(url("host-mission-edit", where, made.pk), again(browser, made, **{"addresses-0-DELETE": "on"}))
    assert not made.addresses.exists()


def test_another_address_lies_in_the_department_or_beside_it(host):
    where, someone, browser = host
    far = {**SECOND, "addresses-0-postcode": "13001", "addresses-0-city": "Marseille", "addresses-0-department": "13"}
    near = {**SECOND, "addresses-0-postcode": "40000", "addresses-0-city": "Mont-de-Marsan", "addresses-0-department": "40"}

    refused = browser.post(url("mission-new", where), mission_form(someone, **far))
    taken = browser.post(url("mission-new", where), mission_form(someone, **near))

    assert refused.status_code == 422 and any("addresses-0-department" in p.anchor for p in refused.context["problems"])
    assert taken.status_code == 302
    assert neighbours("33") == {"17", "24", "40", "47"} and "92" in neighbours("75") and neighbours("974") == frozenset()


def test_a_page_that_knows_nothing_of_other_addresses_leaves_them(host):
    where, someone, browser = host
    made = mission(where)
    made.addresses.create(address="1 rue X", city="Bordeaux", department_id="33")

    browser.post(url("host-mission-edit", where, made.pk), mission_form(someone, seen=made.version))

    assert made.addresses.count() == 1


def test_every_responsible_person_is_told_of_an_application(host):
    """R36."""
    where, someone, _browser = host
    second, third = manager(where), manager(where)
    made = mission(where, responsible=someone)
    made.deputies.add(second)

    helper = participation(made).person  # a volunteer with an account
    other = mission(where, responsible=someone)
    other.deputies.add(second)
    apply(actor=actor(helper), person=helper, mission=other, ticked=other.rules)

    readers = set(Outgoing.objects.filter(message="missions.participation.to_answer").values_list("person_id", flat=True))
    assert readers == {someone.pk, second.pk} and third.pk not in readers


def test_a_colleague_who_came_meanwhile_is_in_the_list_and_nothing_typed_is_lost(host):
    """« Ajouter un nouveau membre », then « Actualiser la liste »: without a script by a button, with it by the same list."""
    where, someone, browser = host
    newcomer = manager(where, first_name="Nour", last_name="Nouveau")

    page = browser.post(url("mission-new", where), {**mission_form(someone, title="En cours"), "refresh": "team"})

    assert page.status_code == 200 and not Mission.objects.exists()
    assert (str(newcomer.pk), "Nour Nouveau") in page.context["form"].fields["responsible"].choices
    assert page.context["form"]["title"].value() == "En cours"
    assert {"id": str(newcomer.pk), "name": "Nour Nouveau"} in browser.get(url("mission-team", where)).json()["people"]


# ── two people, one mission ───────────────────────────────────────────────────────────────────────
def test_the_second_of_two_chooses_field_by_field(host):
    """R14: theirs where nothing was typed, mine where I wrote; each can be chosen otherwise, and nothing else is touched."""
    where, _someone, browser = host
    colleague = manager(where, first_name="Léa", last_name="Rapide")
    made = mission(where, places=3)
    mine = again(browser, made, title="Mon titre", schedule="De 8 h à 9 h")
    other = client_of(colleague)
    other.post(
        url("host-mission-edit", where, made.pk), again(other, made, title="Son titre", places="9", description="La sienne.")
    )

    page = browser.post(url("host-mission-edit", where, made.pk), mine)

    assert page.status_code == 409
    found = {each.name: (each.theirs, each.mine, each.keeps) for each in page.context["differences"]}
    assert found == {
        "title": ("Son titre", "Mon titre", "mine"),
        "places": ("9", "3", "theirs"),
        "description": ("La sienne.", "Préparer et distribuer des repas.", "theirs"),
    }
    assert "Léa Rapide" in page.content.decode()
    assert page.context["form"]["schedule"].value() == "De 8 h à 9 h"
    choices = {"choix-title": "mine", "choix-places": "theirs", "choix-description": "theirs"}
    saved = browser.post(url("host-mission-edit", where, made.pk), {**mine, **choices, "seen": str(page.context["seen"])})
    made.refresh_from_db()
    assert saved.status_code == 302
    assert (made.title, made.places, made.description, made.schedule) == ("Mon titre", 9, "La sienne.", "De 8 h à 9 h")


def test_the_place_and_the_contacts_are_one_choice_each(host):
    where, _someone, browser = host
    made = mission(where)
    mine = again(browser, made, **{"address": "9 rue Neuve", "contacts-0-name": "Mon contact"})
    theirs = {"address": "5 rue Judaïque", "postcode": "33700", "city": "Mérignac", "contacts-0-name": "Son contact"}
    browser.post(url("host-mission-edit", where, made.pk), again(browser, made, **theirs))

    page = browser.post(url("host-mission-edit", where, made.pk), mine)

    assert [each.name for each in page.context["differences"]] == ["contacts", "lieu"]
    sent = {**mine, "choix-lieu": "theirs", "choix-contacts": "theirs", "seen": str(page.context["seen"])}
    assert browser.post(url("host-mission-edit", where, made.pk), sent).status_code == 302
    made.refresh_from_db()
    assert (made.address, made.city, Contact.objects.get(mission=made).name) == ("5 rue Judaïque", "Mérignac", "Son contact")


def with_two_slots(where):
    made = mission(where)
    return made, slot(made, places=2), slot(made, day=1, places=2)


@pytest.mark.parametrize("keeps", ["mine", "theirs"])
def test_slots_that_both_changed_are_shown_and_chosen(host, keeps):
    """R14, R61: the second one's slots never overwrite the first one's in silence, and nothing is lost."""
    where, _someone, browser = host
    made, first, second = with_two_slots(where)
    mine = again(browser, made, **{"slots-0-places": "5"})
    # a colleague takes the second away, and gives the first another hour
    browser.post(
        url("host-mission-edit", where, made.pk), again(browser, made, **{"slots-1-gone": "on", "slots-0-ends": "11:00"})
    )

    page = browser.post(url("host-mission-edit", where, made.pk), mine)

    assert page.status_code == 409
    (found,) = page.context["differences"]
    assert (found.name, found.keeps, len(found.theirs.split("\n")), len(found.mine.split("\n"))) == ("slots", "mine", 1, 2)
    assert "11\u00a0h · 2 places" in found.theirs and "12\u00a0h · 5 places" in found.mine
    assert Slot.objects.get(mission=made).places == 2  # nothing was written yet
    sent = {**mine, "choix-slots": keeps, "seen": str(page.context["seen"])}
    assert browser.post(url("host-mission-edit", where, made.pk), sent).status_code == 302
    left = [(each.local_start.date(), each.local_end.hour, each.places) for each in Slot.objects.filter(mission=made)]
    day = made.starts_on
    assert left == ([(day, 12, 5), (day + days(1), 12, 2)] if keeps == "mine" else [(day, 11, 2)])
    assert Slot.objects.filter(pk=first.pk).exists() and not Slot.objects.filter(pk=second.pk).exists()


def test_slots_that_only_a_colleague_changed_stay_as_the_colleague_left_them(host):
    where, _someone, browser = host
    made, _first, _second = with_two_slots(where)
    mine = again(browser, made, title="Mon titre")
    browser.post(url("host-mission-edit", where, made.pk), again(browser, made, **{"slots-0-places": "9"}))

    page = browser.post(url("host-mission-edit", where, made.pk), mine)

    assert [(each.name, each.keeps) for each in page.context["differences"]] == [("slots", "theirs")]
    sent = {**mine, "choix-slots": "theirs", "seen": str(page.context["seen"])}
    assert browser.post(url("host-mission-edit", where, made.pk), sent).status_code == 302
    made.refresh_from_db()
    assert made.title == "Mon titre" and sorted(Slot.objects.filter(mission=made).values_list("places", flat=True)) == [2, 9]


def test_a_second_press_with_new_slots_is_no_conflict(host):
    where, _someone, browser = host
    made, _first, _second = with_two_slots(where)
    row = {"slots-TOTAL_FORMS": "3", "slots-2-day": made.ends_on.isoformat(), "slots-2-shape": "morning", "slots-2-places": "4"}
    sent = again(browser, made, **row)

    answers = [browser.post(url("host-mission-edit", where, made.pk), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Slot.objects.filter(mission=made).count() == 3
    line = next(line for line in history_of(made) if line.entry.verb == "missions.mission.edit")
    change = next(each for each in timeline_of([line], MISSION, {})[0].changes if each.name == "slots")
    assert "le matin · 4 places" in change.after


def test_a_second_press_is_no_conflict(host):
    where, _someone, browser = host
    made = mission(where)
    sent = again(browser, made, title="Une fois")

    first, second = (browser.post(url("host-mission-edit", where, made.pk), sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Entry.objects.filter(verb="missions.mission.edit", object_id=made.pk).count() == 1


# ── what changed, told and kept ───────────────────────────────────────────────────────────────────
def test_those_who_come_read_the_old_and_the_new_value_once(host):
    """R14: one e-mail a save, with what matters and nothing else; the page says so before."""
    where, _someone, browser = host
    made = mission(where, places=5, starts_on=today() + days(7), ends_on=today() + days(7))
    for _ in range(2):
        participation(made, state=P.ACCEPTED)
    participation(made, state=P.PENDING)
    page = browser.get(url("host-mission-edit", where, made.pk))
    assert "2 bénévoles acceptés recevront un e-mail" in " ".join(page.content.decode().split())

    moved = again(browser, made, address="5 rue Judaïque", schedule="De 18 h à 20 h", title="Autre titre")
    answer = browser.post(url("host-mission-edit", where, made.pk), moved, follow=True)

    letters = Outgoing.objects.filter(message="missions.mission.changed")
    assert letters.count() == 2 and "2 bénévoles acceptés sont prévenus par e-mail" in answer.content.decode()
    text = letters[0].text
    assert "5 rue Judaïque, 33000 Bordeaux (avant : 3 rue Sainte-Catherine, 33000 Bordeaux)" in text
    assert "De 18 h à 20 h (avant : De 9 h à 12 h)" in text and "Distribution de repas" not in text


def test_another_address_moves_people_too(host):
    where, _someone, browser = host
    made = mission(where)
    participation(made, state=P.ACCEPTED)

    browser.post(url("host-mission-edit", where, made.pk), again(browser, made, **SECOND))

    assert "1 place de la Mairie, 33700 Mérignac" in Outgoing.objects.get(message="missions.mission.changed").text


def test_the_history_shows_each_field_before_and_after_and_free_words_can_be_erased(host):
    where, someone, browser = host
    made = mission(where, title="Avant", **HERE)
    browser.post(url("host-mission-edit", where, made.pk), again(browser, made, title="Après", places="4"))

    shown = browser.get(url("host-mission", where, made.pk)).content.decode()
    assert "Avant" in shown and "Après" in shown and "Nombre de volontaires" in shown
    entry = Entry.objects.get(verb="missions.mission.edit", object_id=made.pk)
    assert (entry.changes, entry.codes) == ({"places": ["2", "4"], "title": [None, None]}, {"version": made.version + 1})
    Remark.objects.filter(entry_id=entry.pk).delete()
    line = timeline_of(history_of(made), MISSION, {someone.pk: "Awa Diallo"})[0]
    assert next((change.label, change.before, change.after) for change in line.changes) == ("Titre", "–", "–")


def test_the_history_costs_the_same_for_one_edit_and_for_many(host):
    where, _someone, browser = host
    made = mission(where)
    counts = []
    for number in range(6):
        browser.post(
            url("host-mission-edit", where, made.pk), again(browser, made, domain="garde-enfants", places=str(3 + number))
        )
        if number in (0, 5):
            with CaptureQueriesContext(connection) as found:
                browser.get(url("host-mission", where, made.pk))
            counts.append(len(found))

    assert counts[0] == counts[1]


def test_saving_without_a_change_writes_nothing(host):
    where, _someone, browser = host
    made = mission(where, **HERE)
    participation(made, state=P.ACCEPTED)

    answer = browser.post(url("host-mission-edit", where, made.pk), again(browser, made))

    assert answer.status_code == 302
    assert not Entry.objects.filter(verb="missions.mission.edit").exists() and not Outgoing.objects.exists()


def test_fewer_places_than_are_taken_are_refused_at_the_field_with_the_number(host):
    where, _someone, browser = host
    made = mission(where, places=3)
    for _ in range(2):
        participation(made, state=P.ACCEPTED)

    answer = browser.post(url("host-mission-edit", where, made.pk), again(browser, made, places="1", title="Gardé"))

    assert answer.status_code == 409 and "2 places sont déjà prises" in answer.context["form"].errors["places"][0]
    assert answer.context["form"]["title"].value() == "Gardé"


# ── copies ────────────────────────────────────────────────────────────────────────────────────────
def test_a_copy_has_everything_but_volunteers(host):
    """R15."""
    where, _someone, browser = host
    made = mission(where, places=4)
    made.deputies.add(manager(where))
    made.addresses.create(address="1 rue X", city="Bordeaux", department_id="33")
    participation(made, state=P.ACCEPTED)

    answer = browser.post(url("mission-duplicate", where, made.pk), {"form_token": str(uuid4())}, follow=True)

    copy = Mission.objects.exclude(pk=made.pk).get()
    assert plain(facts_of(copy)) == plain(facts_of(made))
    assert (copy.state, copy.participations.count(), copy.published_at) == (M.DRAFT, 0, None)
    assert answer.redirect_chain[-1][0] == url("host-mission-edit", where, copy.pk)
    assert "Voici une copie de « Distribution de repas »" in answer.content.decode()


def test_dates_that_are_past_are_not_copied_and_new_rules_are_ticked_anew():
    made = mission(starts_on=today() - days(1), ends_on=today() + days(4))
    reword_rules(made.domain)

    copy = duplicate_mission(actor=as_manager(made.organisation), mission=made)

    assert (copy.starts_on, copy.ends_on, copy.rules_at) == (None, None, None)


def test_a_copy_asked_twice_is_one(host):
    where, _someone, browser = host
    made, token = mission(where), str(uuid4())

    for _ in range(2):
        browser.post(url("mission-duplicate", where, made.pk), {"form_token": token})

    assert Mission.objects.count() == 2


def test_nobody_copies_the_mission_of_others(host):
    _where, _someone, browser = host
    made = mission()

    assert browser.post(url("mission-duplicate", made.organisation, made.pk)).status_code == 404
    with pytest.raises(NotAllowed):
        duplicate_mission(actor=as_operator(), mission=made)


# ── templates ─────────────────────────────────────────────────────────────────────────────────────
def test_each_domain_has_a_template_in_two_languages(host):
    """R66."""
    where, _someone, browser = host
    found = list(templates_for(where))

    assert {each.domain.key for each in found} == {
        "aide-alimentaire", "garde-enfants", "lien-personnes-isolees", "solidarite-proximite",
    }  # fmt: skip
    for each in found:
        assert len(each.description_fr) > 400 and len(each.description_en) > 400 and each.safety_fr and each.safety_en
        assert 1 <= len(each.prerequisites_fr) == len(each.prerequisites_en) <= 3
        form = browser.get(url("mission-new", where), {"modele": each.pk}).context["form"]
        assert form["domain"].value() == each.domain.key
        assert form["description"].value() == each.description_fr
        assert form["publics"].value()


def test_the_templates_of_a_network_are_for_those_whose_belonging_is_confirmed(host):
    where, _someone, _browser = host
    claim = membership(where)
    boss = as_operator()
    facts = {"domain": domain(), "network": claim.network, "name_fr": "Du réseau", "title_fr": "X", "presence": "on_site",
             "format": "one_off", "places": 2}  # fmt: skip
    made = write_shared_template(MissionTemplate(), actor=boss, facts=facts, publics=[])

    assert made not in templates_for(where)
    fire(NETWORK, claim, "confirm", actor=boss)
    assert made in templates_for(where) and made not in templates_for(organisation())
    stolen = client_of(manager()).get(url("mission-new", where), {"modele": made.pk})
    assert stolen.status_code == 404


def test_an_organisation_makes_renames_and_deletes_its_own_template(host):
    where, _someone, browser = host
    made = mission(where, title="Maraude du jeudi")

    saved = browser.post(url("mission-template", where, made.pk), {"name": "Notre maraude"})

    own = MissionTemplate.objects.get(organisation=where)
    assert (saved.status_code, own.description_fr, own.title_fr) == (302, made.description, "Maraude du jeudi")
    assert own not in templates_for(organisation())
    other = client_of(manager())
    assert other.post(url("host-template-act", where, own.pk, "supprimer")).status_code == 404
    empty = browser.post(url("host-template-act", where, own.pk, "renommer"), {f"m{own.pk}-name": ""})
    assert empty.status_code == 422
    browser.post(url("host-template-act", where, own.pk, "renommer"), {f"m{own.pk}-name": "La maraude"})
    assert "La maraude" in browser.get(url("mission-new", where)).content.decode()
    browser.post(url("host-template-act", where, own.pk, "supprimer"))
    assert own not in templates_for(where)


def test_the_operator_writes_templates(host):
    where, _someone, _browser = host
    browser = client_of(operator())
    said = {"domain": domain().pk, "presence": "remote", "format": "recurring", "places": "5", "name_fr": "Écrire",
            "title_fr": "Écrire à quelqu'un", "prerequisites_fr": "J'écris lisiblement.\nJ'ai des timbres."}  # fmt: skip

    too_many = browser.post(reverse("missions:operator-template-new"), {**said, "prerequisites_fr": "a\nb\nc\nd"})
    saved = browser.post(reverse("missions:operator-template-new"), said)

    made = MissionTemplate.objects.get(name_fr="Écrire")
    assert (too_many.status_code, saved.status_code) == (422, 302)
    assert (made.scope, made.prerequisites) == ("domain", ["J'écris lisiblement.", "J'ai des timbres."])
    browser.post(reverse("missions:operator-template", args=[made.pk]), {**said, "title_fr": "Autre"})
    browser.post(reverse("missions:operator-template-act", args=[made.pk, "retirer"]))
    made.refresh_from_db()
    assert (made.title_fr, made.is_active) == ("Autre", False) and made not in templates_for(where)


# ── the life ──────────────────────────────────────────────────────────────────────────────────────
def test_the_domains_rules_stand_beside_the_form(host):
    """R13: objective, description and rules of each domain, in order, for the page to follow the one that is chosen."""
    where, _someone, browser = host
    shown = browser.get(url("mission-new", where)).content.decode()

    assert (
        shown.index("Que les biens vitaux")
        < shown.index("collecter, préparer des colis")
        < shown.index("Permettre aux soignants")
    )
    assert "Je ne suis jamais seul·e avec un enfant" in shown.replace("&#x27;", "'")


def test_a_mission_that_is_over_waits_to_be_closed_and_takes_nobody(host):
    """R20: from the end date on."""
    where, _someone, browser = host
    made = mission(where)
    with at(made.over_at + timedelta(minutes=1)):
        shown = client_of(manager(where)).get(url("host-mission", where, made.pk)).content.decode()

    assert "À clôturer" in shown and "La date de fin est passée" in shown
    assert "À clôturer" not in browser.get(url("host-mission", where, made.pk)).content.decode()


def test_what_three_nights_without_a_clock_left_is_caught_up_once():
    """R20: the reminder of the fifth day, the end of the thirtieth, each once."""
    made, old = mission(), mission()
    late = timezone.now() - timedelta(days=33)
    Mission.objects.filter(pk=old.pk).update(starts_on=late.date() - days(3), ends_on=late.date())
    taken = participation(old, state=P.ONGOING)
    made.refresh_from_db()
    nights = [made.over_at + timedelta(days=8, minutes=minute) for minute in (0, 1, 2)]
    for night in nights:
        with at(night):
            fire_due(night)

    old.refresh_from_db()
    taken.refresh_from_db()
    reminders = Outgoing.objects.filter(message="missions.mission.to_close", person_id=made.responsible_id)
    assert (reminders.count(), old.state, taken.state) == (1, M.ENDED, P.DONE)
    assert Entry.objects.filter(verb="missions.mission.end", object_id=old.pk).count() == 1


def test_everybody_concerned_reads_once_why_a_mission_is_cancelled(host):
    where, _someone, browser = host
    made = mission(where, places=5)
    active = [participation(made, state=state).person_id for state in (P.PENDING, P.ACCEPTED)]
    participation(made, state=P.WITHDRAWN)

    browser.post(url("host-mission-act", where, made.pk, "annuler"), {"reason": "safety"})
    for _ in range(2):
        fire_due(timezone.now())

    letters = Outgoing.objects.filter(message="missions.participation.cancelled").order_by("person_id")
    assert [letter.person_id for letter in letters] == sorted(active)
    assert all("Les conditions de sécurité ne sont plus réunies" in letter.text for letter in letters)


def test_a_mission_ended_too_early_goes_on_until_another_day(host):
    """R20: the new end is asked in the same step; those who are expected are told; it is found again."""
    where, _someone, browser = host
    made = mission(where, state=M.ENDED, starts_on=today() - days(9), ends_on=today() - days(2))
    participation(made, state=P.ACCEPTED)
    page = url("host-mission-act", where, made.pk, "rouvrir")

    assert 'name="ends_on"' in browser.get(page).content.decode()
    past = browser.post(page, {"ends_on": (today() - days(1)).isoformat()})
    assert past.status_code == 422 and "Cette date est passée" in past.content.decode()
    assert browser.post(page, {"ends_on": "9999-01-01"}).status_code == 422
    until = today() + days(5)
    assert browser.post(page, {"ends_on": until.isoformat()}).status_code == 302

    made.refresh_from_db()
    assert (made.state, made.ends_on, made.is_over) == (M.PUBLISHED, until, False)
    assert Outgoing.objects.filter(message="missions.mission.reopened").count() == 1
    assert made.title in client_of(None).get("/missions/").content.decode()
    assert Entry.objects.get(verb="missions.mission.reopen").codes == {"ends_on": until.isoformat()}
