"""The pages of host projects: home, list, form, project, filing (S5 step 1), by role, and what they cost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import client_of, days, today
from tests.factories.civic_service import (
    acting,
    campaign,
    case_manager,
    establishment,
    federation,
    lead,
    project,
    service_co_tutor,
    service_tutor,
)

from renfort.civic_service.models import HostProject, PlaceOverride
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.firing import fire
from renfort.organisations.enums import Role

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
WHO_ASKS = ('FROM "django_session"', 'FROM "people_account"', 'FROM "organisations_grant"')


def base(where):
    return f"/service-civique/etablissements/{where.pk}/"


def form(where, one, boss, tutor=None, **facts):
    """A form with everything said."""
    return {
        "title": "Animer un club de lecture", "domain": "education", "aim": "Que chaque élève lise.",
        "tasks": "Préparer et animer des ateliers.", "audience": "Les élèves de sixième", "setting": "Un point par semaine.",
        "place": "3 rue des Écoles", "first_on": one.starts_from.isoformat(), "months": "8", "weekly_hours": "28",
        "weekly_days": "5", "asked": "1", "lead": str(boss.pk), "tutor": str(tutor.pk) if tutor else "", "co_tutor": "",
        "minors_support": "", "form_token": str(uuid4()), "then": "keep", **facts,
    }  # fmt: skip


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("&#x27;", "'")


def own_queries(browser, url):
    """The questions of a page: without those that open the session and look for the person, the same on every page."""
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return [each["sql"] for each in asked.captured_queries if not any(word in each["sql"] for word in WHO_ASKS)]


@pytest.fixture
def school():
    where = establishment()
    return where, campaign(launch_note="Bienvenue dans la campagne."), lead(where), service_tutor(where)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_is_saved_however_little_it_says_and_sent_twice_it_is_one(school):
    where, one, boss, _tutor = school
    browser = client_of(boss)
    page = browser.get(base(where) + "projets/nouveau/")
    assert page.status_code == 200 and "verbe d’action" in text_of(page).replace("'", "’")
    empty = {"asked": "1", "form_token": str(uuid4()), "then": "keep"}

    first, again = (browser.post(base(where) + "projets/nouveau/", empty) for _ in range(2))

    draft = HostProject.objects.get()
    assert first.status_code == again.status_code == 302
    assert first.url == again.url == f"/service-civique/projets/{draft.pk}/"
    assert (draft.state, draft.campaign_id) == ("draft", one.pk)
    assert "Projet sans titre" in text_of(browser.get(first.url))


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": "5"}, {"weekly_hours": "49"}, {"weekly_days": "7"}, {"asked": "0"}, {"first_on": "hier"},
        {"domain": "emergency"}, {"lead": "999999"}, {"asked": "²"}, {"title": "x" * 121},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(school, wrong):
    where, one, boss, tutor = school
    page = client_of(boss).post(base(where) + "projets/nouveau/", form(where, one, boss, tutor, **wrong))

    assert page.status_code == 422 and not HostProject.objects.exists()
    assert "Animer un club de lecture" in page.content.decode() or "title" in wrong  # what was typed is not lost


def test_saving_and_filing_says_everything_that_is_missing_each_with_its_link(school):
    where, one, boss, _tutor = school
    browser = client_of(boss)
    page = browser.post(base(where) + "projets/nouveau/", form(where, one, boss, then="file", months="", asked="3"), follow=True)

    assert page.status_code == 409
    words, html = text_of(page), page.content.decode()
    assert "Durée en mois" in words and "Tuteur" in words and "Il reste 2 places" in words
    assert "/modifier/#id_months" in html and "/modifier/#id_tutor" in html
    assert HostProject.objects.get().state == "draft"


def test_a_complete_project_is_filed_after_a_page_that_says_to_whom_it_goes(school):
    where, one, boss, tutor = school
    federation("33")
    chief = case_manager(first_name="Nadia", last_name="Ferrand")
    browser = client_of(boss)
    page = browser.post(base(where) + "projets/nouveau/", form(where, one, boss, tutor, then="file"), follow=True)
    assert page.status_code == 200 and "Nadia Ferrand" in text_of(page)

    draft = HostProject.objects.get()
    done = browser.post(f"/service-civique/projets/{draft.pk}/deposer/", {"seen": draft.version}, follow=True)

    assert "attend qu" in text_of(done) and HostProject.objects.get().state == "submitted"
    assert client_of(chief).get(f"/service-civique/projets/{draft.pk}/").status_code == 200


def test_an_incomplete_record_blocks_the_form_and_says_what_is_missing(school):
    """S2: with a list of what to complete, where and by whom."""
    where, _one, boss, _tutor = school
    where.siret = ""
    where.save()
    browser = client_of(boss)

    page = browser.get(base(where) + "projets/nouveau/")
    assert page.status_code == 409 and "SIRET" in text_of(page)
    assert browser.post(base(where) + "projets/nouveau/", {"asked": "1"}).status_code == 409
    assert not HostProject.objects.exists()


def test_without_a_campaign_nothing_is_begun():
    where = establishment()
    browser = client_of(lead(where))

    assert browser.get(base(where) + "projets/nouveau/").status_code == 409
    assert "Aucune campagne" in text_of(browser.get(base(where)))


def test_a_correction_keeps_saying_everything_and_keeps_the_law_on_minors(school):
    where, one, boss, tutor = school
    what = project(where, "changes_requested", campaign=one, lead=boss, tutor=tutor)
    browser, url = client_of(boss), base(where) + f"projets/{what.pk}/modifier/"

    assert browser.post(url, form(where, one, boss, tutor, title="")).status_code == 422
    wrong = browser.post(url, form(where, one, boss, tutor, takes_minors="on", weekly_hours="40"))
    assert wrong.status_code == 422 and "35 heures" in text_of(wrong)
    assert browser.post(url, form(where, one, boss, tutor, title="Aider à lire", seen="1")).status_code == 302
    assert HostProject.objects.get().title == "Aider à lire"


def test_what_somebody_else_has_saved_meanwhile_is_not_overwritten(school):
    where, one, boss, tutor = school
    what = project(where, campaign=one, lead=boss, tutor=tutor)
    browser, url = client_of(boss), base(where) + f"projets/{what.pk}/modifier/"
    browser.post(url, form(where, one, boss, tutor, title="Premier", seen="1"))

    late = browser.post(url, form(where, one, boss, tutor, title="Second", seen="1"))

    assert late.status_code == 409 and "plus rapide" in text_of(late) and "Second" in late.content.decode()
    assert HostProject.objects.get().title == "Premier"


def test_a_project_that_is_with_the_case_managers_is_not_edited(school):
    where, one, boss, tutor = school
    what = project(where, "submitted", campaign=one, lead=boss, tutor=tutor)

    assert client_of(boss).get(base(where) + f"projets/{what.pk}/modifier/").url == f"/service-civique/projets/{what.pk}/"


def test_a_refused_project_is_copied_once_into_the_campaign_of_now(school):
    where, one, boss, tutor = school
    what = project(where, "refused", campaign=campaign("closed"), lead=boss, tutor=tutor)
    browser, token = client_of(boss), str(uuid4())
    url = base(where) + f"projets/{what.pk}/copier/"
    assert browser.get(url).status_code == 200

    first, again = (browser.post(url, {"form_token": token}) for _ in range(2))

    made = HostProject.objects.get(state="draft")
    assert first.url == again.url == base(where) + f"projets/{made.pk}/modifier/" and made.campaign_id == one.pk


# ── the page ──────────────────────────────────────────────────────────────────────────────────────
def test_the_page_shows_the_eight_steps_the_request_and_the_differences(school):
    where, one, boss, tutor = school
    chief = acting(case_manager(), Role.CASE_MANAGER)
    what = project(where, campaign=one, lead=boss, tutor=tutor)
    me = acting(boss, Role.ESTABLISHMENT_LEAD)
    fire(PROJECT, what, "file", actor=me)
    fire(PROJECT, what, "take", actor=chief)
    fire(PROJECT, what, "ask_changes", actor=chief, answers={"comment": "Précisez juillet."})
    browser, url = client_of(boss), f"/service-civique/projets/{what.pk}/"
    browser.post(base(where) + f"projets/{what.pk}/modifier/", form(where, one, boss, tutor, title="Animer le foyer"))

    words = text_of(browser.get(url))

    assert words.count("à venir") >= 6 and "Précisez juillet." in words
    assert "changé depuis le dernier dépôt" in words and "Animer le foyer" in words
    browser.post(url + "deposer-a-nouveau/", {})
    html = client_of(case_manager()).get(url).content.decode()
    assert "<del>" in html and "Faire vivre le centre de documentation" in html and "Animer le foyer" in html


def test_tutors_read_and_act_on_nothing(school):
    """C.14: the tutor and the co-tutor read."""
    where, one, boss, tutor = school
    what = project(where, campaign=one, lead=boss, tutor=tutor)
    for someone in (tutor, service_co_tutor(where)):
        browser = client_of(someone)
        page = browser.get(f"/service-civique/projets/{what.pk}/")
        assert page.status_code == 200 and "Déposer le projet" not in text_of(page) and "/modifier/" not in page.content.decode()
        assert browser.get(base(where) + f"projets/{what.pk}/modifier/").status_code == 404
        assert browser.post(f"/service-civique/projets/{what.pk}/deposer/").status_code == 403


def test_a_draft_does_not_exist_for_case_managers_nor_for_other_schools(school):
    where, one, boss, tutor = school
    what = project(where, campaign=one, lead=boss, tutor=tutor)
    url = f"/service-civique/projets/{what.pk}/"

    assert client_of(case_manager()).get(url).status_code == 404
    assert client_of(lead(establishment(name="Collège Sainte-Anne"))).get(url).status_code == 404
    federation("33")
    filed = project(where, "submitted", campaign=one, lead=boss, tutor=tutor)
    other = federation("75", name="Udogec de Paris")
    assert client_of(case_manager(other)).get(f"/service-civique/projets/{filed.pk}/").status_code == 404


def test_an_unknown_step_does_not_exist_and_one_that_is_too_late_says_so(school):
    where, one, boss, tutor = school
    what = project(where, "submitted", campaign=one, lead=boss, tutor=tutor)
    browser, url = client_of(boss), f"/service-civique/projets/{what.pk}/"

    assert browser.get(url + "nimporte/").status_code == 404
    late = browser.get(url + "deposer/")
    assert late.status_code == 409 and "Déposé" in text_of(late)


# ── home ──────────────────────────────────────────────────────────────────────────────────────────
def test_the_home_says_what_to_do_first_the_campaign_and_the_places(school):
    where, one, boss, tutor = school
    where.siret = ""
    where.save()
    project(where, campaign=one, title="Brouillon un", lead=boss, tutor=tutor)
    project(where, "changes_requested", campaign=one, title="À revoir", lead=boss, tutor=tutor)

    words = text_of(client_of(boss).get(base(where)))

    order = [words.index(each) for each in ("fiche de l", "« À revoir »", "Le brouillon « Brouillon un »")]
    assert order == sorted(order) and "3 choses à faire" in words
    assert "Bienvenue dans la campagne." in words and "1 place 1" in words.replace("\xa0", " ")


def test_another_number_of_places_shows_its_reason(school):
    where, one, boss, _tutor = school
    PlaceOverride.objects.create(campaign=one, establishment=where, places=4, reason="Internat ouvert.", given_at=one.opened_at)

    assert "Internat ouvert." in text_of(client_of(boss).get(base(where)))


def test_a_tutors_home_shows_the_projects_that_name_them(school):
    where, one, boss, tutor = school
    project(where, campaign=one, title="Le mien", lead=boss, tutor=tutor)
    project(where, campaign=one, title="Un autre", lead=boss, tutor=service_tutor(where))

    words = text_of(client_of(tutor).get(base(where)))
    assert "Le mien" in words and "Un autre" not in words
    assert "Un autre" in text_of(client_of(tutor).get(base(where) + "projets/"))


def test_pages_cost_the_same_for_one_and_for_twenty(school):
    where, one, boss, tutor = school
    browser = client_of(boss)
    what = project(where, "changes_requested", campaign=one, lead=boss, tutor=tutor)
    urls = [base(where), base(where) + "projets/", f"/service-civique/projets/{what.pk}/"]
    few = {url: len(own_queries(browser, url)) for url in urls}
    for number in range(19):
        project(where, campaign=one, title=f"Projet {number}", lead=boss, tutor=tutor)

    many = {url: own_queries(browser, url) for url in urls}

    assert {url: len(each) for url, each in many.items()} == few
    assert max(few.values()) <= MOST_QUERIES, many


def test_a_date_of_today_is_in_the_campaign_that_ends_today():
    """The last day is included."""
    where = establishment()
    boss = lead(where)
    campaign(files_until=today(), title="Dernier jour")
    campaign(files_until=today() - days(1), title="Trop tard")

    words = text_of(client_of(boss).get(base(where)))
    assert "Dernier jour" in words and "Trop tard" not in words
