"""R58: the operator's home says what waits, where; people and roles; what the server does by itself."""

from __future__ import annotations

from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import (
    account,
    actor,
    client_of,
    days,
    join_request,
    manager,
    membership,
    mission,
    operator,
    organisation,
    person,
    referent,
    today,
    volunteer,
)

from renfort.audit.models import ContactView, Entry, Remark
from renfort.jobs.selectors import chores, failed_count
from renfort.kernel.clock import error_key, remember_error
from renfort.kernel.firing import Refused
from renfort.missions.selectors.mission import to_review
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Grant, Organisation, Referent
from renfort.organisations.services.platform import give_operator, withdraw_role
from renfort.people.models import Account
from renfort.portal.selectors import operator_waiting
from renfort.territories.models import Department

pytestmark = pytest.mark.django_db
WHY = "Elle reprend le site en janvier."


@pytest.fixture
def boss():
    return operator()


def text(answer):
    return unescape(answer.content.decode())


def run_of(name, *, well):
    """A task that a worker has run, as procrastinate writes it."""
    ended = "succeeded" if well else "failed"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts) VALUES ('default', %s, %s, 1) RETURNING id",
            [name, ended],
        )
        number = cursor.fetchone()[0]
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [number])
        cursor.execute("INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, now())", [number, ended])


def test_the_home_says_what_waits_and_where_the_oldest_first(boss):
    mission(state="submitted", department="75")
    mission(state="submitted")
    mission()
    mission(reviewed_at=timezone.now())
    mission(state="draft")
    membership(organisation())
    join_request(organisation())
    Outgoing.objects.create(
        message="x", key="x", message_id="<x@x>", address="a@example.org", subject="x", text="x", html="x",
        created_at=timezone.now(), error="non",
    )  # fmt: skip
    run_of("audit.seal", well=False)

    organisation(state="waiting")
    referent("33")

    waits = operator_waiting()
    assert (waits.hosts, waits.uncovered) == (1, Department.objects.count() - 1)
    assert (waits.submitted, waits.to_read, waits.requests, waits.claims, waits.mail_failed, waits.jobs_failed) == (
        2,
        1,
        1,
        1,
        1,
        1,
    )
    assert waits.submitted + waits.to_read == to_review().count()
    assert [(each.department.pk, each.hosts, each.submitted, each.to_read) for each in waits.backlog] == [
        ("75", 0, 1, 0),
        ("33", 1, 1, 1),
    ]
    page = text(client_of(boss).get("/operateur/"))
    assert "Gironde" in page and "Missions à valider" in page


def test_the_backlog_says_who_looks_after_each_department_who_is_away_and_what_waits_too_long(boss):
    here, away = referent("33", "40", last_name="Présent"), referent("33", last_name="Absent")
    until = today() + days(3)
    Referent.objects.update_or_create(person=away, defaults={"absent_from": today(), "absent_until": until})
    old = organisation(state="waiting", department_id="40")
    Organisation.objects.filter(pk=old.pk).update(queued_at=timezone.now() - days(20))
    mission(state="submitted")
    mission(state="submitted", department="75")

    found = {each.department.pk: each for each in operator_waiting().backlog}

    assert found["33"].referents == [(here.full_name, None), (away.full_name, until)]
    assert (found["40"].referents, found["75"].referents) == ([(here.full_name, None)], [])
    assert [found[code].is_late for code in ("40", "33", "75")] == [True, False, False]
    shown = text(client_of(boss).get("/operateur/"))
    assert "(absent jusqu'au" in shown and "Sans référent" in shown.split("Paris</a>")[1].split("</tr>")[0]


def test_every_tool_is_one_click_away_and_answers(boss):
    browser = client_of(boss)
    page = browser.get("/operateur/")
    links = [url for group in page.context["tools"] for _label, url in group.links] + [each.url for each in page.context["stats"]]

    assert len(set(links)) > 15
    assert {url: browser.get(url).status_code for url in links} == dict.fromkeys(links, 200)


def test_the_home_costs_at_most_twelve_queries_whatever_waits(boss, django_assert_max_num_queries):
    browser = client_of(boss)
    mission(state="submitted")
    browser.get("/operateur/")
    with django_assert_max_num_queries(12) as one:
        browser.get("/operateur/")
    for code in ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "75", "974", "2A"):
        mission(state="submitted", department=code)
    with django_assert_max_num_queries(12) as many:
        assert len(browser.get("/operateur/").context["backlog"]) == 14

    assert len(one) == len(many)


@pytest.mark.parametrize("path", ["", "taches/", "personnes/", "reglages/", "domaines/", "publication/", "agir/"])
def test_nobody_else_comes_in(path):
    for someone in (manager(), volunteer()):
        assert client_of(someone).get(f"/operateur/{path}").status_code == 404
    assert client_of(None).get(f"/operateur/{path}").status_code == 302


# ── tasks ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_task_that_failed_says_why_and_is_run_again(boss):
    run_of("audit.seal", well=False)
    run_of("jobs.clean", well=True)
    remember_error("audit.seal", ValueError("le disque est plein"))
    browser = client_of(boss)
    assert failed_count() == 1

    page = text(browser.get("/operateur/taches/"))
    assert "le disque est plein" in page and page.index("audit.seal") < page.index("jobs.clean")
    assert browser.post("/operateur/taches/audit.seal/relancer/").status_code == 302

    assert ProcrastinateJob.objects.filter(task_name="audit.seal", status="todo").count() == 1
    assert next(each for each in chores() if each.name == "audit.seal").waiting == 1
    browser.post("/operateur/taches/audit.seal/relancer/")
    assert ProcrastinateJob.objects.filter(task_name="audit.seal", status="todo").count() == 1, "one waits already"
    run_of("audit.seal", well=True)
    assert failed_count() == 0
    cache.delete(error_key("audit.seal"))


def test_a_task_that_does_not_exist_is_not_found(boss):
    assert client_of(boss).post("/operateur/taches/os.remove/relancer/").status_code == 404
    assert client_of(manager()).post("/operateur/taches/audit.seal/relancer/").status_code == 404
    assert not ProcrastinateJob.objects.exists()


# ── people ────────────────────────────────────────────────────────────────────────────────────────
def test_people_are_listed_without_their_contact_data_and_opening_one_is_noted(boss):
    """R37, P10: the list names people; who opens somebody's page is seen by that person, once a day."""
    someone = volunteer(first_name="Éléonore", last_name="Le Goff", email="eleonore@exemple.fr")
    browser = client_of(boss)

    assert "Le Goff" in text(browser.get("/operateur/personnes/")) and "eleonore@exemple.fr" not in text(
        browser.get("/operateur/personnes/")
    )
    for words in ("eleonore", "le goff", "exemple.fr"):
        assert "Éléonore Le Goff" in text(browser.get("/operateur/personnes/", {"q": words}))
    assert "Personne ne correspond" in text(browser.get("/operateur/personnes/", {"q": "zzz\x00zz"}))
    assert not ContactView.objects.exists()
    for _ in "12":
        browser.get(f"/operateur/personnes/{someone.pk}/")
    assert ContactView.objects.filter(viewer_id=boss.pk, subject_id=someone.pk, way="page").count() == 1


def people_shown(browser, **said):
    """The names on the list, in its order."""
    page = browser.get("/operateur/personnes/", said)
    assert page.status_code == 200
    return [each.first_name for each, _roles, _state in page.context["rows"]]


def test_people_are_filtered_by_role_programme_and_account(boss):
    where = organisation()
    manager(where, first_name="Maud")
    volunteer(first_name="Vera")
    person(first_name="Sans")
    Account.objects.filter(person=volunteer(first_name="Ferme")).update(is_active=False)
    EmailAddress.objects.filter(user=account(person(first_name="Attend"))).update(verified=False)
    ended = manager(where, first_name="Partie")
    Grant.objects.filter(person=ended).update(valid_until=timezone.now())
    browser = client_of(boss)
    everybody = people_shown(browser)

    assert everybody[:6] == ["Partie", "Attend", "Ferme", "Sans", "Vera", "Maud"], "the newest first"
    assert people_shown(browser, role="manager") == ["Maud"]
    assert people_shown(browser, role="volunteer") == ["Ferme", "Vera"]
    assert people_shown(browser, role="aucun") == ["Partie", "Attend", "Sans"]
    assert people_shown(browser, programme="platform") == [boss.first_name]
    assert people_shown(browser, programme="workshops") == []
    assert people_shown(browser, etat="sans") == ["Sans"]
    assert people_shown(browser, etat="ferme") == ["Ferme"]
    assert people_shown(browser, etat="a-confirmer") == ["Attend"]
    assert people_shown(browser, etat="ouvert", q="vera") == ["Vera"]
    assert people_shown(browser, role="empereur", etat="?", page="99999999999999999999") == everybody, "not understood: left out"


def test_the_list_of_people_costs_the_same_for_one_and_for_a_full_page(boss, django_assert_max_num_queries):
    browser = client_of(boss)
    where = organisation()
    browser.get("/operateur/personnes/")
    with django_assert_max_num_queries(12) as one:
        browser.get("/operateur/personnes/")
    for _ in range(24):
        manager(where)
    with django_assert_max_num_queries(12) as many:
        assert len(browser.get("/operateur/personnes/").context["rows"]) == 20

    assert len(one) == len(many)
    assert len(browser.get("/operateur/personnes/?page=2").context["rows"]) >= 5


def test_the_menu_has_five_places_with_what_waits(boss):
    membership(organisation())
    join_request(organisation())
    mission(state="submitted")
    organisation(state="waiting")

    nav = client_of(boss).get("/operateur/").context["nav"]

    assert [(str(item.label), item.count) for item in nav.items] == [
        ("Accueil", None), ("À valider", 2), ("Structures", 2), ("Personnes", None), ("Réglages", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/operateur/missions/", "/referent/a-valider/missions/"),
        ("/operateur/missions/?statut=submitted", "/referent/a-valider/missions/"),
        ("/operateur/missions/?statut=", ""),
        ("/operateur/missions/?q=colis", ""),
    ],
)
def test_what_waits_is_in_one_place_and_former_links_lead_there(boss, asked, led):
    answer = client_of(boss).get(asked)

    assert (answer.status_code, answer.headers.get("Location", "")) == (302 if led else 200, led)


def test_a_role_is_withdrawn_with_a_reason_and_its_sessions_lose_it_at_once(boss):
    where = organisation()
    manager(where)
    someone = manager(where)
    theirs = client_of(someone)
    assert theirs.get(f"/espace/{where.pk}/missions/").status_code == 200
    held = Grant.objects.get(person=someone)
    url = f"/operateur/personnes/{someone.pk}/{held.pk}/retirer/"
    browser = client_of(boss)

    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "Ne travaille plus ici."}).status_code == 302

    assert theirs.get(f"/espace/{where.pk}/missions/").status_code == 404
    assert "organisations.grant.end" in Entry.objects.values_list("verb", flat=True)
    assert Remark.objects.filter(name="reason", text="Ne travaille plus ici.").exists()
    assert browser.post(url, {"reason": "Encore une fois."}).status_code == 404


def test_the_last_operator_and_the_last_manager_stay(boss):
    where = organisation()
    last = manager(where)
    browser = client_of(boss)
    for someone, words in ((boss, "dernier opérateur"), (last, "dernier responsable")):
        held = Grant.objects.get(person=someone)
        answer = browser.post(f"/operateur/personnes/{someone.pk}/{held.pk}/retirer/", {"reason": WHY})
        assert answer.status_code == 422 and words in text(answer)
        assert Grant.objects.get(pk=held.pk).valid_until is None


def test_an_operator_is_named_and_then_the_first_one_may_go(boss):
    someone = volunteer()
    browser = client_of(boss)

    browser.post(f"/operateur/personnes/{someone.pk}/operateur/", {"reason": WHY})
    assert client_of(someone).get("/operateur/").status_code == 200
    withdraw_role(actor=actor(someone), grant=Grant.objects.get(person=boss), reason=WHY)
    assert browser.get("/operateur/").status_code == 404


def test_who_cannot_sign_in_is_named_nothing(boss):
    with pytest.raises(Refused):
        give_operator(actor=actor(boss), person=person(), reason=WHY)
    assert client_of(manager()).post(f"/operateur/personnes/{boss.pk}/operateur/", {"reason": WHY}).status_code == 404
