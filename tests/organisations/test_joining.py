"""R9: an organisation that is already here is found under another spelling, and joined when one of its managers agrees."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import account, actor, at, client_of, join_request, manager, organisation, volunteer
from tests.organisations.steps import ABOUT, ALIKE, OPEN, PLACE, about, place, walk, you

from renfort.audit.models import Entry
from renfort.kernel.firing import Refused, Stale, fire
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.models import Draft, Grant, JoinRequest, Organisation
from renfort.organisations.selectors import alike, join_requests_visible
from renfort.organisations.services import ask_to_join
from renfort.organisations.workflow import JOIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """An organisation of Bordeaux with two managers."""
    where = organisation(name="Association Secours d'Éloïse", siret="73282932000074", rna="W331234567")
    where.people = [
        manager(where, first_name="Maryse", last_name="Secrète"),
        manager(where, first_name="Karim", last_name="Discret"),
    ]
    return where


@pytest.fixture
def asker():
    return account().person


# ── found (R9) ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "spelling",
    [
        "Association Secours d'Éloïse",
        "SECOURS D’ELOISE",
        "secours eloise",
        "L'association « Secours-d'Eloïse »",
        "Secours Eloyse",
        "Éloïse Secours",
        "Asso. Secours d'Éloïse (loi 1901)",
    ],
)
def test_an_organisation_is_found_under_another_spelling(here, spelling):
    assert [(each.pk, each.why) for each in alike(name=spelling, department="33")] == [(here.pk, "name")]


def test_an_acronym_is_found_with_its_dots_or_without():
    where = organisation(name="CCAS de Bordeaux")

    assert [each.pk for each in alike(name="C.C.A.S. Bordeaux", department="33")] == [where.pk]


@pytest.mark.parametrize("other", ["Secours Catholique", "Les Restos du Cœur", "Association", "Maison d'Éloge", "", "%_\\'"])
def test_another_organisation_is_not(here, other):
    assert alike(name=other, department="33") == []


def test_the_same_name_elsewhere_is_another_organisation(here):
    """« Restos du Cœur » is in every department."""
    assert alike(name=here.name, department="29") == []
    assert alike(name=here.name) == []


def test_a_number_is_found_anywhere_and_comes_first(here):
    near = organisation(name="Secours Éloïse")

    found = alike(name="Secours Éloïse", siret=here.siret, department="33")

    assert [(each.pk, each.why) for each in found] == [(here.pk, "siret"), (near.pk, "name")]
    assert [each.why for each in alike(name="Tout autre", rna=here.rna, department="29")] == ["rna"]


def test_who_left_the_platform_is_not_found_and_frees_its_siret(here):
    Organisation.objects.filter(pk=here.pk).update(left_at=timezone.now())

    assert alike(name=here.name, siret=here.siret, rna=here.rna, department="33") == []
    assert organisation(siret=here.siret).siret == here.siret


def test_database_refuses_a_siret_twice(here):
    with pytest.raises(IntegrityError, match="organisations_organisation_siret"), transaction.atomic():
        organisation(siret=here.siret)
    assert [organisation(siret="").siret for _ in "12"] == ["", ""]


def test_looking_for_it_is_one_query(here, django_assert_num_queries):
    for number in range(20):
        organisation(name=f"Secours d'Éloïse {number}")

    with django_assert_num_queries(1):
        assert len(alike(name="Secours d'Éloïse", siret=here.siret, department="33")) == 5


# ── shown, on the way in ──────────────────────────────────────────────────────────────────────────
def test_a_name_is_compared_once_the_department_is_known(here, asker):
    client = client_of(asker)
    assert walk(client, upto=ABOUT, about_=about(name="Secours Eloise")).url == PLACE

    answer = client.post(PLACE, place(draft=str(Draft.objects.get().pk)))

    assert answer.url == ALIKE
    page = unescape(client.get(ALIKE).content.decode())
    assert "Cette structure est peut-être déjà inscrite" in page and "Association Secours d'Éloïse" in page and "Bordeaux" in page
    for secret in ("Maryse", "Secrète", "Karim", here.description, here.address):
        assert secret not in page, "nothing of it is told, least of all who manages it"
    assert not Organisation.objects.exclude(pk=here.pk).exists()


def test_who_says_that_it_is_another_goes_on_and_is_not_asked_again(here, asker):
    client = client_of(asker)
    walk(client, about_=about(name="Secours Eloise"))

    answer = client.post(ALIKE, {"draft": str(Draft.objects.get().pk)})

    made = Organisation.objects.exclude(pk=here.pk).get()
    assert (answer.url, made.name) == (f"/espace/{made.pk}/missions/nouvelle/", "Secours Eloise")


def test_a_siret_is_compared_at_once_and_given_up_when_it_is_anothers(here, asker):
    client = client_of(asker)
    assert walk(client, upto=ABOUT, about_=about(name="Tout autre chose", siret=here.siret)).url == ALIKE
    page = unescape(client.get(ALIKE).content.decode())
    assert "même SIRET" in page and "Corriger le SIRET" in page

    said = {"draft": str(Draft.objects.get().pk)}
    assert client.post(ALIKE, said).url == PLACE
    client.post(PLACE, place() | said)

    assert Organisation.objects.exclude(pk=here.pk).get().siret == ""


def test_a_siret_taken_meanwhile_is_said_and_nothing_is_half_made(here, asker):
    client = client_of(asker)
    walk(client, upto=ABOUT, about_=about(name="Tout autre chose", siret="13002526500013"))
    organisation(name="Plus rapide", siret="13002526500013", department_id="29")

    answer = client.post(PLACE, place(draft=str(Draft.objects.get().pk)))

    assert answer.url == ALIKE
    assert "Plus rapide" in unescape(client.get(ALIKE).content.decode())
    assert Draft.objects.get().place["city"] == "Bordeaux"


# ── asked ─────────────────────────────────────────────────────────────────────────────────────────
def test_asking_tells_the_managers_once_and_shows_nothing(here, asker):
    client = client_of(asker)
    walk(client, about_=about(name="Secours Eloise"), you_=you(first_name="Ana", last_name="Petit"))
    said = {"draft": str(Draft.objects.get().pk), "join": str(here.pk)}

    assert [client.post(ALIKE, said).url for _ in "12"] == [OPEN] * 2

    assert JoinRequest.objects.get().state == "pending"
    letters = Outgoing.objects.filter(message="organisations.join.asked")
    assert {letter.address for letter in letters} == {each.account.email for each in here.people}
    assert Notice.objects.filter(message="organisations.join.asked").count() == 2
    assert "Ana Petit" in letters[0].text and f"/espace/{here.pk}/equipe/" in letters[0].text
    page = unescape(client.get(OPEN).content.decode())
    assert "Votre demande attend une réponse" in page and "Secrète" not in page
    for url in ("structure", "equipe", "missions", "participations"):
        assert client.get(f"/espace/{here.pk}/{url}/").status_code == 404
    assert not Grant.objects.filter(person=asker).exists()


def test_who_waits_may_still_open_an_organisation_of_ones_own(here, asker):
    client = client_of(asker)
    walk(client, about_=about(name="Secours Eloise"))
    said = {"draft": str(Draft.objects.get().pk)}
    client.post(ALIKE, said | {"join": str(here.pk)})
    assert PLACE in client.get(OPEN).content.decode()

    assert "Demande envoyée" in client.get(ALIKE).content.decode()
    client.post(ALIKE, said)

    assert Organisation.objects.exclude(pk=here.pk).get().name == "Secours Eloise"


@pytest.mark.parametrize("claim", ["0", "-1", "x", "", "9" * 40, "\x00", "other"])
def test_only_what_was_shown_may_be_joined(here, asker, claim):
    other = organisation(name="Une banque alimentaire", department_id="29")
    client = client_of(asker)
    walk(client, about_=about(name="Secours Eloise"))

    answer = client.post(ALIKE, {"join": str(other.pk) if claim == "other" else claim})

    assert (answer.url, JoinRequest.objects.count()) == (ALIKE, 0)


def test_the_manager_of_it_is_led_there_instead(here):
    client = client_of(here.people[0])
    walk(client, about_=about(name="Secours Eloise"))

    page = client.get(ALIKE).content.decode()

    assert f"/espace/{here.pk}/structure/" in page and 'name="join"' not in page
    with pytest.raises(Refused, match="déjà responsable"):
        ask_to_join(actor=actor(here.people[0]), person=here.people[0], organisation=here)


def test_one_person_does_not_write_to_everybody(asker):
    for _ in range(5):
        ask_to_join(actor=actor(asker), person=asker, organisation=organisation())

    with pytest.raises(Refused, match="plusieurs demandes"):
        ask_to_join(actor=actor(asker), person=asker, organisation=organisation())


# ── decided ───────────────────────────────────────────────────────────────────────────────────────
def test_accepted_one_manages_it_too_and_is_told(here, asker):
    asked = join_request(here, asker)
    account_of = asker.account
    account_of.joins = "manager"
    account_of.save()
    client = client_of(here.people[0])
    team = f"/espace/{here.pk}/equipe/"
    page = unescape(client.get(team).content.decode())
    assert asker.full_name in page and asker.email in page

    answer = client.post(f"{team}demandes/{asked.pk}/accepter/", {"seen": asked.version, "role": "manager"})

    assert answer.url == team
    assert [(grant.role, grant.organisation_id, grant.given_by_id) for grant in Grant.objects.filter(person=asker)] == [
        ("manager", here.pk, here.people[0].pk)
    ]
    letter = Outgoing.objects.get(message="organisations.join.accepted")
    assert (letter.address, Notice.objects.filter(person=asker).count()) == (asker.account.email, 1)
    assert "Maryse" not in letter.text
    newcomer = client_of(asker)
    assert newcomer.get(team).status_code == 200
    account_of.refresh_from_db()
    assert account_of.joins == "", "nothing is left to register"
    assert list(Entry.objects.filter(verb__startswith="organisations.").values_list("verb", flat=True).order_by("id"))[-2:] == [
        "organisations.joinrequest.accept",
        "organisations.grant.give",
    ]


def test_refused_with_a_sentence_one_is_told_and_sees_nothing(here, asker):
    asked = join_request(here, asker)
    client = client_of(here.people[1])
    url = f"/espace/{here.pk}/equipe/demandes/{asked.pk}/refuser/"
    assert client.post(url, {"seen": asked.version}).status_code == 422, "a sentence is owed"

    client.post(url, {"seen": asked.version, "message": "Nous ne vous connaissons pas encore."})

    letter = Outgoing.objects.get(message="organisations.join.refused")
    assert "Nous ne vous connaissons pas encore." in letter.text and "Karim" not in letter.text
    assert not Grant.objects.filter(person=asker).exists()
    with pytest.raises(Refused, match="refusée"):
        ask_to_join(actor=actor(asker), person=asker, organisation=here)
    with at(timezone.now() + timedelta(days=31)):
        ask_to_join(actor=actor(asker), person=asker, organisation=here)
    assert JoinRequest.objects.filter(state="pending").count() == 1


def test_two_managers_decide_once(here, asker):
    """Under the lock: the second one is told that it has been decided."""
    asked = join_request(here, asker)
    fire(JOIN, asked, "accept", actor=actor(here.people[0]), seen=asked.version, answers={"role": "manager"})

    with pytest.raises(Stale):
        fire(JOIN, asked, "refuse", actor=actor(here.people[1]), seen=asked.version, answers={"message": "Non."})
    assert JoinRequest.objects.get().state == "accepted"


def test_only_its_managers_see_and_decide(here, asker):
    asked = join_request(here, asker)
    strangers = [manager(), volunteer(), asker]

    assert [list(join_requests_visible(actor(each))) for each in strangers] == [[], [], []]
    for each in strangers:
        url = f"/espace/{here.pk}/equipe/demandes/{asked.pk}/accepter/"
        assert client_of(each).post(url, {"seen": 1}).status_code == 404
    elsewhere = organisation()
    boss = client_of(manager(elsewhere))
    assert boss.post(f"/espace/{elsewhere.pk}/equipe/demandes/{asked.pk}/accepter/", {"seen": 1}).status_code == 404
    assert JoinRequest.objects.get().state == "pending"


def test_database_refuses_to_be_asked_twice(here, asker):
    join_request(here, asker)

    with pytest.raises(IntegrityError, match="organisations_joinrequest_once"), transaction.atomic():
        join_request(here, asker)


def test_team_page_costs_the_same_for_twenty(here, django_assert_max_num_queries):
    for _ in range(20):
        join_request(here)
    client = client_of(here.people[0])
    client.get("/espace/")

    with django_assert_max_num_queries(16):
        page = client.get(f"/espace/{here.pk}/equipe/").content.decode()
    assert page.count("/accepter/") == 20
