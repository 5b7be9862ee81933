"""The case managers' work: what waits, whose it is, taken by whom, decided once, counted (S5 step 2, S10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import client_of
from tests.factories.civic_service import (
    acting,
    campaign,
    case_manager,
    establishment,
    federation,
    post,
    project,
)
from tests.factories.time import today

from renfort.audit.models import Entry
from renfort.civic_service.models import HostProject, Opinion, PlaceOverride
from renfort.civic_service.selectors.opinions import has_opinion
from renfort.civic_service.selectors.places import places_of_many
from renfort.civic_service.selectors.review import departments_managed, late_before, projects_managed, review_queue
from renfort.civic_service.selectors.review_digest import waiting_for
from renfort.civic_service.selectors.review_figures import figures_by_department, summed, weeks_of
from renfort.civic_service.services.opinions import note_opinion
from renfort.civic_service.services.review_digest import tell_case_managers
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.firing import NotAllowed, fire_due
from renfort.kernel.working_days import working_days_before
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def gironde():
    return federation("33")


def gestion(of=None):
    return f"/service-civique/gestion/{of.pk}/" if of is not None else "/service-civique/gestion/"


def queue_of(of=None):
    return f"{gestion(of)}projets/a-etudier/"


def case_of(made, of=None, path=""):
    return f"{gestion(of)}projets/{made.pk}/{path}"


def filed(where=None, *, since=timedelta(0), **facts):
    """A project that waits since so long."""
    made = project(where, state=facts.pop("state", "submitted"), **facts)
    HostProject.objects.filter(pk=made.pk).update(queued_at=timezone.now() - since)
    made.refresh_from_db()
    return made


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return unescape(answer.content.decode())


def managing(someone):
    return acting(someone, Role.CASE_MANAGER)


def state_of(made):
    return HostProject.objects.values_list("state", flat=True).get(pk=made.pk)


# ── whose ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_case_manager_finds_the_projects_of_the_territory_and_no_others(gironde):
    """S5: routed by department; outside of it nothing exists (404)."""
    here, there = filed(), filed(establishment(department="75", name="Collège Sainte-Anne"))
    browser = client_of(case_manager(gironde))

    assert here.establishment.organisation.name in text(browser.get(queue_of(gironde)))
    assert "Collège Sainte-Anne" not in text(browser.get(queue_of(gironde)))
    assert browser.get(case_of(here, gironde)).status_code == 200
    assert browser.get(case_of(there, gironde)).status_code == 404
    assert browser.post(case_of(there, gironde, "prendre/")).status_code == 404
    assert browser.get(queue_of()).status_code == 404, "the national queue is the national case managers'"
    assert [each.code for each in departments_managed(managing(case_manager(gironde)))] == ["33"]


def test_a_draft_stays_with_its_establishment_even_withdrawn(gironde):
    filed_once = project(state="submitted")
    project(filed_once.establishment, state="withdrawn", campaign=filed_once.campaign)  # a draft that was never filed
    project(filed_once.establishment, campaign=filed_once.campaign)

    assert [each.pk for each in projects_managed(managing(case_manager(gironde)))] == [filed_once.pk]
    assert [each.pk for each in projects_managed(managing(case_manager()))] == [filed_once.pk]
    assert not projects_managed(acting(filed_once.lead, Role.ESTABLISHMENT_LEAD)).exists()


def test_what_no_territory_answers_for_is_in_the_national_queue(gironde):
    """S5: without a route, or without anybody at the end of it, the national queue."""
    manned, elsewhere = filed(title="De Gironde"), filed(establishment(department="75"), title="De Paris")
    federation("40", name="Udogec des Landes")
    empty = filed(establishment(department="40"), title="Des Landes")
    case_manager(gironde)

    said = text(client_of(case_manager()).get(f"{queue_of()}?dossiers=nationale"))

    assert elsewhere.title in said and empty.title in said and manned.title not in said
    assert manned.title in text(client_of(case_manager()).get(queue_of()))


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────
def test_the_oldest_comes_first_and_the_late_are_marked(gironde):
    old = filed(title="Ancien", since=timedelta(days=40))
    young = filed(title="Récent")

    said = text(client_of(case_manager(gironde)).get(queue_of(gironde)))

    assert said.index("Ancien") < said.index("Récent") and said.count('<span class="badge badge-danger">') == 1
    assert "1 en retard" in said
    assert [each.pk for each in review_queue(managing(case_manager(gironde)))] == [old.pk, young.pk]
    now = timezone.localtime()
    assert late_before(now=now) == working_days_before(now, 10)


def test_filters_stay_in_the_address_and_nonsense_narrows_nothing(gironde):
    mine = case_manager(gironde)
    one = filed(title="Lire ensemble", domain="culture")
    two = filed(title="Jardin", domain="environment", state="under_review", taken_by=mine)
    browser = client_of(mine)

    for query, shown in (
        ("q=lire", {one}), ("domaine=environment", {two}), ("dossiers=moi", {two}), ("dossiers=libres", {one}),
        (f"campagne={one.campaign_id}", {one}), ("departement=33", {one, two}), (f"q={two.establishment.uai}", {two}),
        ("departement=75", {one, two}), ("domaine=%00", {one, two}), ("campagne=x", {one, two}),
        ("dossiers=nationale", {one, two}),
    ):  # fmt: skip
        said = text(browser.get(f"{queue_of(gironde)}?{query}"))
        assert {each for each in (one, two) if each.title in said} == shown, query
    assert "?domaine=culture" in text(browser.get(f"{queue_of(gironde)}?domaine=culture")), "carried from case to case"


@pytest.mark.parametrize("page", ["", "projets/a-etudier/", "projets/"])
def test_a_page_costs_the_same_with_one_row_and_with_twenty(page, gironde):
    """S10: at most twelve queries a list, whatever the number of rows."""
    boss = case_manager(gironde)
    opened = campaign(asks_opinion=True)
    filed(campaign=opened)
    browser = client_of(boss)
    browser.get(gestion(gironde) + page)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text(browser.get(gestion(gironde) + page))
        counts.append(len(seen))
        for number in range(19):
            filed(campaign=opened, title=f"Projet {number}", state="under_review" if number % 3 else "submitted")
    assert counts[0] == counts[1] and counts[0] <= (12 if page else 16), (counts, [each["sql"][:120] for each in seen])


# ── one project after the other ───────────────────────────────────────────────────────────────────
def test_taken_decided_and_the_next_one_comes_at_once(gironde):
    first, second = filed(title="Premier", since=timedelta(days=2)), filed(title="Second")
    boss = case_manager(gironde)
    browser = client_of(boss)

    assert browser.post(case_of(first, gironde, "prendre/")).url == case_of(first, gironde)
    said = text(browser.get(case_of(first, gironde)))
    assert "Ce projet est à vous" in said and "Remettre dans la file" in said
    answer = browser.post(case_of(first, gironde, "accepter/") + "?departement=33", {"granted": "1"})

    assert answer.status_code == 302 and answer.url == case_of(second, gironde) + "?departement=33"
    first.refresh_from_db()
    assert (first.state, first.granted, first.taken_by_id, first.queued_at) == ("accepted", 1, None, None)
    browser.post(case_of(second, gironde, "prendre/"))
    assert browser.post(case_of(second, gironde, "refuser/"), {"refusal": "support"}).url == queue_of(gironde)


def test_a_colleague_sees_who_has_it_and_cannot_decide(gironde):
    """S10: one project, one case manager at a time."""
    one, two = case_manager(gironde, first_name="Olga", last_name="Petit"), case_manager(gironde)
    made = filed()
    client_of(one).post(case_of(made, gironde, "prendre/"))
    late = client_of(two)

    assert "Olga Petit" in text(late.get(queue_of(gironde)))
    assert "Olga Petit a ce projet en main" in text(late.get(case_of(made, gironde)))
    assert "Olga Petit a pris ce projet" in text(late.post(case_of(made, gironde, "prendre/")), 409)
    for path, answers in (
        ("accepter", {"granted": 1}),
        ("refuser", {"refusal": "support"}),
        ("demander-une-correction", {"comment": "x"}),
    ):
        assert "en main" in text(late.post(case_of(made, gironde, f"{path}/"), answers), 409)
    assert state_of(made) == "under_review"
    late.post(case_of(made, gironde, "rendre/"))  # a forgotten one is freed by whoever decides there
    assert late.post(case_of(made, gironde, "prendre/")).status_code == 302
    made.refresh_from_db()
    assert made.taken_by_id == two.pk


def test_a_project_that_was_taken_and_forgotten_is_free_again(gironde):
    """S10: taken for a set time; it keeps its rank in the queue."""
    made = filed(state="under_review", taken_by=case_manager(gironde), since=timedelta(days=5))
    queued = made.queued_at

    fire_due(timezone.now(), flows=[PROJECT])
    assert state_of(made) == "under_review"
    fire_due(timezone.now() + timedelta(hours=49), flows=[PROJECT])

    made.refresh_from_db()
    assert (made.state, made.taken_by_id, made.queued_at) == ("submitted", None, queued)
    assert Entry.objects.filter(verb="civic_service.hostproject.lapse", object_id=made.pk).count() == 1


@pytest.mark.parametrize("role", ["establishment_lead", "service_tutor", "service_co_tutor"])
def test_who_holds_a_post_there_cannot_study_it_and_is_told(role, gironde):
    """C.14: nobody decides on what is their own."""
    made = filed()
    judge = case_manager(gironde)
    post(made.establishment, role, judge)
    browser = client_of(judge)

    assert "Vous avez un rôle dans cet établissement" in text(browser.get(case_of(made, gironde)))
    assert "Vous avez un rôle dans cet établissement" in text(browser.post(case_of(made, gironde, "prendre/")), 409)
    assert state_of(made) == "submitted"


def test_corrections_are_said_in_general_or_field_by_field(gironde):
    """S5: remarks by field; nothing said is nothing to correct (422)."""
    boss = case_manager(gironde)
    made = filed(state="under_review", taken_by=boss)
    ask = case_of(made, gironde, "demander-une-correction/")

    assert "Dites ce qui est à corriger" in text(client_of(boss).post(ask, {"comment": ""}), 422)
    client_of(boss).post(ask, {"comment": "", "on_tasks": "Qui encadre ?", "on_nonsense": "x"})

    assert state_of(made) == "changes_requested"
    letter = Outgoing.objects.get(address=made.lead.account.email)
    assert "Qui encadre ?" in letter.text and "Ce que fait le volontaire" in letter.text
    assert "Qui encadre ?" in text(client_of(boss).get(case_of(made, gironde)))


def test_what_changed_since_the_last_filing_is_shown(gironde):
    boss = case_manager(gironde)
    made = filed(state="under_review", taken_by=boss)
    for number, weeks in ((1, 24), (2, 30)):
        made.versions.create(
            number=number, facts={"title": made.title, "weekly_hours": weeks, "aim": "Lire"}, filed_at=timezone.now()
        )
    HostProject.objects.filter(pk=made.pk).update(filings=2)

    said = text(client_of(boss).get(case_of(made, gironde)))

    assert "Ce qui a changé depuis le dépôt précédent" in said
    changes = said[said.index('<dl class="changes">') : said.index("</dl>", said.index('<dl class="changes">'))]
    assert "24" in changes and "30" in changes and "Lire" not in changes


# ── an adviser's opinion ──────────────────────────────────────────────────────────────────────────
OPINION = {"adviser": "Rose Martin", "function": "Chargée de mission", "kind": "favourable", "words": "", "given_on": ""}


def test_a_campaign_that_asks_an_opinion_accepts_nothing_without_one(gironde):
    """S5 step 2: in some territories an adviser's opinion comes before an acceptance."""
    boss = case_manager(gironde)
    made = filed(campaign=campaign(asks_opinion=True), state="under_review", taken_by=boss)
    browser, note = client_of(boss), case_of(made, gironde, "avis/")
    assert "Avis à recueillir" in text(browser.get(queue_of(gironde)))
    assert "avis" in text(browser.post(case_of(made, gironde, "accepter/"), {"granted": 1}), 409)

    said = text(browser.get(note))
    token = said.split('name="form_token" value="')[1].split('"')[0]
    form = {**OPINION, "given_on": today().isoformat(), "form_token": token}
    assert browser.post(note, form).url == case_of(made, gironde)
    browser.post(note, form)  # sent twice, noted once

    assert Opinion.objects.count() == 1 and has_opinion(made)
    shown = text(browser.get(case_of(made, gironde)))
    assert "Rose Martin" in shown and "Avis noté" in shown
    assert "Avis à recueillir" not in text(browser.get(queue_of(gironde)))
    assert browser.post(case_of(made, gironde, "accepter/"), {"granted": 1}).status_code == 302
    assert state_of(made) == "accepted"
    assert text(browser.post(note, {**OPINION, "given_on": today().isoformat()}), 409), "decided: no opinion any more"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"adviser": ""}, "Ce champ est obligatoire"),
        ({"kind": "reserved"}, "avis réservé ou défavorable"),
        ({"kind": "maybe"}, "Avis"),
        ({"given_on": "2999-01-01"}, "Cette date est à venir"),
        ({"given_on": "hier"}, "Donné le"),
    ],
)
def test_an_opinion_that_says_too_little_is_not_kept(wrong, sentence, gironde):
    boss = case_manager(gironde)
    made = filed(campaign=campaign(asks_opinion=True))

    said = text(client_of(boss).post(case_of(made, gironde, "avis/"), {**OPINION, "given_on": today().isoformat(), **wrong}), 422)

    assert sentence in said and not Opinion.objects.exists()


def test_only_a_case_manager_of_the_territory_notes_an_opinion(gironde):
    made = filed()
    facts = {**OPINION, "given_on": today()}
    for who in (managing(case_manager(federation("75", name="Udogec de Paris"))), acting(made.lead, Role.ESTABLISHMENT_LEAD)):
        with pytest.raises(NotAllowed):
            note_opinion(actor=who, project=made, facts=facts)
    note_opinion(actor=managing(case_manager(gironde)), project=made, facts=facts)
    assert Opinion.objects.get().filing == 1


# ── figures ───────────────────────────────────────────────────────────────────────────────────────
def test_figures_count_what_the_lists_show_and_what_places_allow(gironde):
    """S10: by department; places as S3 counts them for each establishment."""
    boss, opened = case_manager(gironde), campaign()
    big, small, special = establishment(enrolment=301), establishment(enrolment=120), establishment(enrolment=50)
    left = establishment(left_on=today())
    bare = establishment(siret="")
    PlaceOverride.objects.create(campaign=opened, establishment=special, places=5, reason="Internat", given_at=timezone.now())
    for where, state, asked in (
        (big, "submitted", 1), (big, "accepted", 2), (small, "refused", 1), (small, "changes_requested", 1),
        (special, "under_review", 3),
    ):  # fmt: skip
        project(where, state=state, campaign=opened, asked=asked)
    filed(big, campaign=opened, since=timedelta(days=40))
    filed(establishment(department="75"), campaign=opened)

    (row,) = figures_by_department(managing(boss), opened)

    assert (row.code, row.filed, row.waiting, row.late, row.to_correct, row.accepted, row.refused) == ("33", 6, 3, 1, 1, 1, 1)
    assert (row.asked, row.granted) == (9, 1)
    assert (row.establishments, row.complete) == (4, 3)
    places = places_of_many(opened, [big, small, special, left, bare])
    assert (row.allowed, row.taken) == (
        sum(each.allowed for each in places.values()),
        sum(each.taken for each in places.values()),
    )
    whole = figures_by_department(managing(case_manager()), opened)
    assert [each.code for each in whole] == ["33", "75"] and summed(whole).filed == 7
    assert figures_by_department(managing(case_manager()), opened, department="75")[0].filed == 1
    weeks = weeks_of(managing(boss), opened)
    assert len(weeks) == 12 and weeks[-1].decided == 2


def test_the_home_leads_to_the_lists_that_it_counts(gironde):
    boss = case_manager(gironde)
    late = filed(title="En attente", since=timedelta(days=60))
    project(late.establishment, state="accepted", campaign=late.campaign, title="Déjà accepté")
    browser = client_of(boss)

    said = text(browser.get(gestion(gironde)))

    assert "1 projet en retard" in said and late.campaign.title in said
    accepted = f"{gestion(gironde)}projets/?campagne={late.campaign_id}&etat=acceptes"
    assert accepted in said
    shown = text(browser.get(accepted))
    assert "Déjà accepté" in shown and "En attente" not in shown.split("<tbody>")[1]
    assert browser.get(gestion()).status_code == 404


# ── the morning's e-mail ──────────────────────────────────────────────────────────────────────────
def test_case_managers_are_told_each_working_morning_and_once(gironde):
    """S10: what waits, at eight on a working day, once; nothing when nothing waits."""
    boss, idle = case_manager(gironde), case_manager(federation("75", name="Udogec de Paris"))
    made = filed()
    HostProject.objects.filter(pk=made.pk).update(queued_at=MONDAY - timedelta(days=30))

    assert tell_case_managers(MONDAY.replace(hour=7)) == 0
    assert tell_case_managers(MONDAY - timedelta(days=1)) == 0, "a Sunday"
    assert tell_case_managers(MONDAY) == 1
    assert tell_case_managers(MONDAY + timedelta(hours=2)) == 0

    letter = Outgoing.objects.get()
    assert letter.address == boss.account.email and "1 projet d'accueil à étudier" in letter.subject
    assert queue_of(gironde) in letter.text and idle.account.email != letter.address


def test_the_nation_is_told_of_what_a_territory_forgets(gironde):
    """S10: after so many working days the national case managers are told; before, only of their own queue."""
    case_manager(gironde)
    chief = case_manager()
    made = filed()
    young, old = MONDAY - timedelta(days=20), MONDAY - timedelta(days=40)

    HostProject.objects.filter(pk=made.pk).update(queued_at=young)
    assert waiting_for(chief.pk, MONDAY).is_empty
    HostProject.objects.filter(pk=made.pk).update(queued_at=old)
    found = waiting_for(chief.pk, MONDAY)
    assert (found.waiting, found.alerts, found.federation) == (0, 1, 0)
    orphan = filed(establishment(department="75"))
    HostProject.objects.filter(pk=orphan.pk).update(queued_at=young)
    assert (waiting_for(chief.pk, MONDAY).waiting, waiting_for(chief.pk, MONDAY).alerts) == (1, 1)
