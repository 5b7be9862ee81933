"""The pages about participants: a pasted list, a file, the public page, the personal one, the list and its export (W6)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories import account, client_of, person
from tests.factories.workshops import acting, assignment, contact, facilitator, registration, session

from renfort.jobs.models import Import
from renfort.jobs.selectors.imports import counts_of
from renfort.jobs.services import imports
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.kernel.imports import IMPORT_KINDS, Place
from renfort.kernel.tables import Row, Table
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.workshops.exporters.registrations import PARTICIPANTS as LIST
from renfort.workshops.forms.registrations import entries_of
from renfort.workshops.models import Registration
from renfort.workshops.selectors.join_links import join_link_of, own_link
from renfort.workshops.services.registrations import Guest, invite_guests, join, open_join_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def able():
    return facilitator()


@pytest.fixture
def one(able):
    return session(assignment("awarded", by=able, audience="company"), participants=2)


@pytest.fixture
def here(one):
    return f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/participants/"


# ── a pasted list ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Awa Diallo <Awa@Example.org>", [("Awa", "Diallo", "awa@example.org")]),
        ("Diallo, Awa <awa@example.org>", [("Awa", "Diallo", "awa@example.org")]),
        ("DIALLO Awa\tawa@example.org", [("Awa", "DIALLO", "awa@example.org")]),
        ("a@example.org, b@example.org; c@example.org", [("", "", f"{x}@example.org") for x in "abc"]),
        ("a@example.org b@example.org", [("", "", f"{x}@example.org") for x in "ab"]),
        ("« Anne-Lise » De La Tour (al@example.org)", [("Anne-Lise", "De La Tour", "al@example.org")]),
        ("\n\n ; , \n", []),
    ],
)
def test_a_pasted_list_is_read_as_people_write_it(text, read):
    found = [entry.guest for entry in entries_of(text)]

    assert [(guest.first_name, guest.last_name, guest.email) for guest in found] == read


def test_every_line_that_cannot_be_read_comes_back_with_its_sentence():
    found = entries_of("Awa <awa@example.org>\nBob sans adresse\nAWA@example.org\nx@y\nhttp://a.b c@example.org")

    assert [(entry.line, bool(entry.guest)) for entry in found] == [(1, True), (2, False), (3, False), (4, False), (5, False)]
    assert "Il manque une adresse" in found[1].problem
    assert "déjà à la ligne 1" in found[2].problem


def test_a_pasted_list_is_read_first_and_wrong_lines_stay_in_the_box(one, able, here):
    browser, text = client_of(able.person), "Awa Diallo <awa@example.org>\nbob@\nada@example.org"

    shown = browser.post(f"{here}inviter/", {"people": text, "language": "fr", "faire": "lire"})
    assert shown.status_code == 422
    assert "2 invitations prêtes" in shown.content.decode()
    assert not one.registrations.exists()  # nothing leaves before the second click

    sent = browser.post(f"{here}inviter/", {"people": text, "language": "fr", "faire": "inviter"})
    box = sent.context["form"]["people"].value()
    assert set(one.registrations.values_list("email", flat=True)) == {"awa@example.org", "ada@example.org"}
    assert box == "bob@"
    assert Outgoing.objects.filter(message="workshops.registration.invited").count() == 2


# ── a file ────────────────────────────────────────────────────────────────────────────────────────
def test_a_file_of_three_thousand_lines_says_which_forty_are_wrong_and_the_rest_are_invited_once(one, able):
    kind, actor = IMPORT_KINDS["workshops.participants"], acting(able, Role.COORDINATOR)
    good = [["Awa", "Diallo", f"p{n}@example.org"] for n in range(2958)]
    wrong = [["Bob", "", f"bob{n}@"] for n in range(39)] + [["Awa", "Diallo", "P7@Example.org"]]
    known = [["Ada", "", "ada@example.org"], ["Ida", "", "ida@example.org"]]
    registration(one, email="ada@example.org")
    registration(one, "declined", email="ida@example.org")
    rows = [Row(n, cells) for n, cells in enumerate([*good, *wrong, *known], 2)]
    table = Table(["Prénom", "NOM", "Courriel"], rows, "csv")

    made = imports.receive(actor=actor, kind=kind, place=Place(role=actor.role_key, scope=one.pk), table=table, name="l.csv")

    counts = counts_of(made)
    assert (counts["ready"], counts["wrong"], counts["known"]) == (2958, 40, 2)
    assert one.registrations.count() == 2
    Import.objects.get(pk=made.pk).lines.filter(number__gt=30).delete()  # the worker's own pace is its own tests' subject
    imports.confirm(actor=actor, kind=kind, imported=made, options={"language": "en"})
    imports.carry_due(made.created_at)
    assert Registration.objects.filter(session=one, source="import", language="en").count() == 29


# ── the public page ───────────────────────────────────────────────────────────────────────────────
def test_the_public_page_answers_the_same_for_an_address_that_is_known(one, able):
    open_join_link(actor=acting(able, Role.COORDINATOR), session=one)
    path, form = join_link_of(one), {"first_name": "Awa", "last_name": "Diallo", "language": "fr", "agreed": "on"}
    join(session=one, guest=Guest(email="known@example.org", first_name="Awa"))

    answers = [Client().post(path, {**form, "email": f"{who}@example.org"}) for who in ("known", "new")]

    assert {(each.status_code, each.url) for each in answers} == {(302, f"{path}merci/")}
    assert one.registrations.count() == 2


def test_the_public_page_wants_the_agreement_and_keeps_what_was_typed(one, able):
    open_join_link(actor=acting(able, Role.COORDINATOR), session=one)

    answer = Client().post(join_link_of(one), {"first_name": "Awa", "last_name": "D", "email": "a@example.org", "language": "fr"})

    assert answer.status_code == 422
    assert "Sans cet accord" in answer.content.decode().replace("’", "'")
    assert 'value="a@example.org"' in answer.content.decode()
    assert not one.registrations.exists()


def test_a_link_that_was_revoked_opens_nothing(one, able, here):
    open_join_link(actor=acting(able, Role.COORDINATOR), session=one)
    path = join_link_of(one)
    assert Client().get(path).status_code == 200

    client_of(able.person).post(f"{here}lien/", {"faire": "retirer"})

    assert Client().get(path).status_code == 404


def test_the_personal_page_says_the_rank_and_lets_one_leave(one):
    for name in ("a", "b", "c", "d"):
        join(session=one, guest=Guest(email=f"{name}@example.org", first_name=name))
    mine = one.registrations.get(email="d@example.org")
    path = own_link(mine)

    assert "Place 2 de la liste" in Client().get(path).content.decode()
    assert Client().post(f"{path}ne-pas-venir/").status_code == 302

    mine.refresh_from_db()
    assert mine.state == "declined"
    assert Client().post(f"{path}presence/").status_code == 404  # nobody says of themselves that they were there


# ── the list ──────────────────────────────────────────────────────────────────────────────────────
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_twenty(one, able, here):
    browser = client_of(able.person)
    registration(one)
    counts = []
    for more in (0, 19):
        for _ in range(more):
            registration(one, "invited")
        browser.get(here)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(here).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_clients_contact_has_the_list_of_their_own_sessions_alone(one, here):
    theirs, stranger = account(person()).person, account(person()).person
    contact(one.assignment.order.client, email="c@example.org", person=theirs)
    contact(assignment("awarded").order.client, email="d@example.org", person=stranger)

    assert client_of(theirs).get(here).status_code == 200
    assert client_of(stranger).get(here).status_code == 404


def test_the_export_holds_what_the_list_shows_and_no_other_session(one, able, here):
    registration(one, email="awa@example.org")
    registration(one, "declined", email="no@example.org")
    elsewhere = session(assignment("awarded", audience="company"))
    registration(elsewhere, email="else@example.org")
    kind, actor = EXPORT_KINDS[LIST], acting(able, Role.COORDINATOR)

    def addresses(query):
        asked = Asked(role=actor.role_key, organisation=None, query=query)
        may = kind.acts(actor, asked)
        return None if may is None else [cell for batch in kind.read(may, asked, ["email"]) for cell in batch[0]]

    assert addresses(f"session={one.pk}") == ["awa@example.org", "no@example.org"]
    assert addresses(f"session={one.pk}&etat=confirmed") == ["awa@example.org"]
    assert addresses(f"session={elsewhere.pk}") is None
    assert client_of(able.person).get(f"{here}exporter/?session={elsewhere.pk}").url.endswith(f"session={one.pk}")


def test_who_was_invited_and_has_declined_is_shown_so_in_the_preview(one, able, here):
    invite_guests(actor=acting(able, Role.COORDINATOR), session=one, guests=[Guest(email="awa@example.org")])

    page = client_of(able.person).post(f"{here}inviter/", {"people": "awa@example.org", "language": "fr", "faire": "lire"})

    assert "Déjà sur la liste" in page.content.decode()
    assert page.context["new"] == []
