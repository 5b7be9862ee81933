"""R4 to R6: an organisation comes in by short steps, left and resumed, and is at its first mission in minutes."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import account, at, client_of, draft, manager, organisation, person, volunteer
from tests.organisations.steps import ABOUT, ALIKE, OPEN, PLACE, YOU, about, errors, place, walk, you
from tests.people.conftest import PASSWORD, can_sign_in

from renfort.audit.models import Entry
from renfort.kernel.firing import Refused
from renfort.organisations.models import Draft, Grant, LegalStatus, NetworkMembership, Organisation, OrganisationType
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import finish, forget_old_drafts
from renfort.people.models import Account, Person

SIGN_UP = "/inscription/structure/"
HOSTILE = ["x" * 10_000, "a\x00b", "\x00", "   ", "\u202e\u202e", "😀😀", "ab", "https://exemple.fr", "<script>alert(1)</script>"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    """Somebody who has an account and no role."""
    return account(person(first_name="Awa", last_name="Diallo", mobile_phone="", postcode=""), joins="manager").person


@pytest.fixture
def browser(chief):
    return client_of(chief)


# ── from the account to the first mission ─────────────────────────────────────────────────────────
def test_from_the_account_to_the_first_mission(client, mailbox, manager_form):
    page = unescape(client.get(SIGN_UP).content.decode())
    for words in (
        "Prénom",
        "Nom",
        "E-mail",
        "Mot de passe",
        "Confirmation du mot de passe",
        "J'inscris ma structure",
        "Cet engagement nécessite un respect strict des règles sanitaires applicables",
        'href="/regles-sanitaires/"',
    ):
        assert words in page
    assert client.post(SIGN_UP, manager_form).url == "/inscription/consultez-vos-e-mails/"
    assert client.post(mailbox.last.link).url == OPEN
    assert client.get(OPEN).url == YOU
    assert not Grant.objects.exists()  # a manager of nothing has no role

    page = unescape(client.get(YOU).content.decode())
    assert 'value="Zoé"' in page and "Téléphone mobile" in page and "Téléphone fixe" in page
    assert client.post(YOU, you(first_name="Zoé")).url == ABOUT
    page = unescape(client.get(ABOUT).content.decode())
    assert "Sans sigle si possible" in page and "Réseau national" in page
    assert client.post(ABOUT, about()).url == PLACE
    page = unescape(client.get(PLACE).content.decode())
    assert "Valider" in page and "Département" in page and "Pas le siège social" in page
    answer = client.post(PLACE, place())

    found = Organisation.objects.get()
    assert answer.url == f"/espace/{found.pk}/missions/nouvelle/"
    assert (found.name, found.address, found.postcode, found.city, found.department_id) == (
        "Secours Bordeaux",
        "12 bis rue Sainte-Catherine",
        "33000",
        "Bordeaux",
        "33",
    )
    assert [(grant.role, grant.organisation_id) for grant in Grant.objects.all()] == [("manager", found.pk)]
    assert "Bravo" in client.get("/espace/profil/").content.decode()
    assert (Account.objects.get().joins, Person.objects.get().mobile_phone) == ("", "+33612345678")
    other = Client()
    assert other.post("/connexion/", {"email": "zoe@exemple.fr", "password": PASSWORD}).url == "/espace/"


def test_a_known_address_that_signs_up_as_manager_is_led_to_its_organisation(client, mailbox, made, manager_form):
    made("zoe@exemple.fr")
    client.post(SIGN_UP, manager_form)
    assert mailbox.keys() == ["people.known"]
    client.get(mailbox.last.link)
    assert client.post(mailbox.last.link, {"email": "zoe@exemple.fr", "password": PASSWORD}).url == OPEN


def test_the_manager_sign_up_asks_no_age_and_gives_no_volunteer_role(client, mailbox, manager_form):
    client.post(SIGN_UP, manager_form)
    client.post(mailbox.last.link)
    assert can_sign_in("zoe@exemple.fr", PASSWORD)
    assert not Grant.objects.exists()


def test_a_volunteer_may_register_an_organisation_too():
    someone = volunteer()
    client = client_of(someone)

    assert client.get(SIGN_UP).url == OPEN
    walk(client)

    assert set(Grant.objects.filter(person=someone).values_list("role", flat=True)) == {"volunteer", "manager"}


# ── left and resumed (R4) ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("upto", "following"), [(None, YOU), (YOU, ABOUT), (ABOUT, PLACE)])
def test_who_leaves_is_led_back_to_the_right_step_on_another_device(client, mailbox, manager_form, upto, following):
    client.post(SIGN_UP, manager_form)
    client.post(mailbox.last.link)
    if upto:
        walk(client, upto=upto)

    elsewhere = Client()

    assert elsewhere.post("/connexion/", {"email": "zoe@exemple.fr", "password": PASSWORD}).url == OPEN
    assert elsewhere.get(OPEN).url == following
    assert not Organisation.objects.exists()


def test_what_was_answered_is_shown_again_and_may_be_changed(browser, chief):
    walk(
        browser, upto=ABOUT, about_=about(legal_status="public", type="etat", subtype="etat-police", networks=["emmaus", "andes"])
    )

    elsewhere = client_of(chief)
    page = unescape(elsewhere.get(ABOUT).content.decode())

    assert 'value="Secours Bordeaux"' in page and "Nous distribuons des repas." in page
    for chosen in ("public", "etat", "etat-police"):
        assert f'<option value="{chosen}" selected>' in page
    assert elsewhere.post(ABOUT, about(name="Secours de Bègles")).url == PLACE
    elsewhere.post(PLACE, place())
    assert Organisation.objects.get().name == "Secours de Bègles"


def test_nobody_jumps_ahead(browser):
    for url in (ABOUT, ALIKE, PLACE):
        assert browser.get(url).url == OPEN
        assert browser.post(url, {**about(), **place()}).url == OPEN
    assert not Draft.objects.exists() and not Organisation.objects.exists()


def test_another_persons_draft_is_nobodys(browser):
    theirs = draft(manager(), about={"name": "La leur"})

    answer = browser.post(YOU, you(draft=str(theirs.pk)))

    assert answer.url == ABOUT
    assert b"La leur" not in browser.get(ABOUT).content
    theirs.refresh_from_db()
    assert theirs.about == {"name": "La leur"}


def test_reading_a_step_writes_nothing(browser):
    for url in (OPEN, YOU, ABOUT, PLACE):
        browser.get(url)

    assert not Draft.objects.exists()


def test_a_draft_that_nobody_touches_for_a_year_is_forgotten(chief):
    """P10."""
    draft(chief)
    assert forget_old_drafts(timezone.now()) == 0
    assert forget_old_drafts(timezone.now() + timedelta(days=366)) == 1


# ── nothing is lost, nothing is made twice ────────────────────────────────────────────────────────
def test_what_was_typed_survives_an_expired_sign_in(browser, chief):
    walk(browser, upto=YOU)
    pk = str(Draft.objects.get().pk)
    browser.logout()

    answer = browser.post(ABOUT, about(draft=pk, name="Soupe et compagnie"))
    assert answer.url == f"/connexion/?next={ABOUT}"
    browser.force_login(chief.account)
    page = unescape(browser.get(ABOUT).content.decode())

    assert 'value="Soupe et compagnie"' in page and "Votre connexion avait expiré" in page
    assert "Soupe et compagnie" not in unescape(browser.get(ABOUT).content.decode()), "shown once"
    assert Draft.objects.get().about == {}, "kept when its author says so, not before"


def test_what_was_typed_before_is_shown_to_nobody_else_and_not_for_ever(browser, chief):
    walk(browser, upto=YOU)
    said = about(draft=str(Draft.objects.get().pk), name="Soupe et compagnie")
    other = account().person
    draft(other)

    browser.logout()
    browser.post(ABOUT, said)
    browser.force_login(other.account)
    assert "Soupe et compagnie" not in unescape(browser.get(ABOUT).content.decode())

    browser.logout()
    browser.post(ABOUT, said | {"description": "x" * 30_000})
    browser.force_login(chief.account)
    assert "Soupe et compagnie" not in unescape(browser.get(ABOUT).content.decode()), "the session is no store"


def test_two_tabs_make_one_organisation(browser):
    walk(browser, upto=ABOUT)
    said = place(draft=str(Draft.objects.get().pk))

    urls = {browser.post(PLACE, said).url for _ in range(2)}

    assert (len(urls), Organisation.objects.count()) == (1, 1)


def test_the_back_button_after_the_end_leads_to_the_organisation(browser):
    walk(browser, upto=YOU)
    said = {"draft": str(Draft.objects.get().pk)}
    walk(browser)
    found = Organisation.objects.get()

    for url, answers in ((YOU, you()), (ABOUT, about(name="Encore une")), (PLACE, place()), (ALIKE, {})):
        assert browser.post(url, answers | said).url == f"/espace/{found.pk}/missions/nouvelle/"
    assert Organisation.objects.count() == 1
    assert [browser.get(url).url for url in (ABOUT, PLACE)] == [OPEN, OPEN]


def test_who_manages_one_already_is_told_before_registering_another():
    where = organisation(name="Secours Pessac")
    client = client_of(manager(where))

    assert f'<a href="/espace/{where.pk}/structure/">Secours Pessac</a>' in client.get(YOU).content.decode()
    walk(client)

    assert Organisation.objects.count() == 2


def test_an_unfinished_draft_cannot_be_finished(chief):
    with pytest.raises(Refused, match="Il reste une étape"):
        finish(actor=actor_of(chief.pk), draft=draft(chief, about=about()))


# ── « Vous » ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"mobile_phone": ""}, "mobile_phone"),
        ({"mobile_phone": "12"}, "mobile_phone"),
        ({"mobile_phone": "05 56 00 00 00"}, "mobile_phone"),
        ({"landline_phone": "zéro cinq"}, "landline_phone"),
        *(({"first_name": text}, "first_name") for text in ("", "x" * 81, "a\x00b", "http://x.fr")),
    ],
)
def test_what_is_wrong_with_ones_own_facts_is_said(browser, wrong, where):
    assert errors(browser.post(YOU, you(**wrong))) == [where]
    assert not Draft.objects.exists()


def test_a_number_is_understood_where_the_person_lives(browser, chief):
    Person.objects.filter(pk=chief.pk).update(postcode="97400")

    browser.post(YOU, you(mobile_phone="0692 12 34 56"))

    assert Person.objects.get(pk=chief.pk).mobile_phone == "+262692123456"


# ── « Votre structure » ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_that_is_no_name_is_refused_in_words(browser, text):
    walk(browser, upto=YOU)

    assert errors(browser.post(ABOUT, about(name=text))) == ["name"]


@pytest.mark.parametrize(
    "text", ["جمعية الإغاثة", "Les Amis 👩‍🚒 du feu", "L'Œuvre d'Éloïse", "ΑΛΛΗΛΕΓΓΥΗ", "Secours \u202erouge", "100 pour 1"]
)
def test_a_name_in_any_script_is_kept_without_what_turns_the_page_around(browser, text):
    walk(browser, about_=about(name=text))

    assert Organisation.objects.get().name == text.replace("\u202e", "")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"legal_status": ""}, "legal_status"),
        ({"legal_status": "royaume"}, "legal_status"),
        ({"legal_status": "a\x00"}, "legal_status"),
        ({"description": ""}, "description"),
        ({"description": "d" * 10_000}, "description"),
        ({"description": "\x00"}, "description"),
        ({"legal_status": "public"}, "type"),
        ({"legal_status": "public", "type": "espic"}, "type"),
        ({"legal_status": "public", "type": "etat"}, "subtype"),
        ({"legal_status": "public", "type": "etat", "subtype": "etablissement-sdis"}, "subtype"),
        ({"legal_status": "public", "type": "etat-police"}, "type"),
        ({"networks": ["croix-rouge", "croix-noire"]}, "networks"),
        ({"agreements": ["x" * 10_000]}, "agreements"),
        ({"siret": "123"}, "siret"),
        ({"rna": "33123456"}, "rna"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "x" * 300}, "website"),
        ({"website": "pas une adresse"}, "website"),
    ],
)
def test_what_is_wrong_with_the_organisation_is_said_and_nothing_is_lost(browser, wrong, where):
    walk(browser, upto=YOU)

    answer = browser.post(ABOUT, about(**wrong))

    assert errors(answer) == [where]
    assert wrong.get("description") == "" or "Secours Bordeaux" in unescape(answer.content.decode())
    assert Draft.objects.get().about == {}


def test_what_a_status_does_not_ask_is_not_kept(browser):
    """Without scripts every list is on the page: a choice that does not fit an association is left out, not refused."""
    walk(browser, about_=about(type="", subtype="", agreements=["sport"]))
    assert [each.key for each in Organisation.objects.get().agreements.all()] == ["sport"]

    other = client_of(account().person)
    walk(other, about_=about(name="Tout autre chose", legal_status="other", type="etat", agreements=["sport"]))
    made = Organisation.objects.latest("pk")
    assert (made.type, made.subtype, made.agreements.count()) == (None, None, 0)


def test_status_type_and_subtype_are_kept_with_the_numbers(browser):
    given = about(
        legal_status="public",
        type="etablissement-public",
        subtype="etablissement-sdis",
        siret="732 829 320 00074",
        website="www.sdis.example",
    )

    walk(browser, about_=given)

    made = Organisation.objects.get()
    assert (made.legal_status.label, made.type.key, made.subtype.label[:4], made.siret, made.website) == (
        "Structure publique",
        "etablissement-public",
        "SDIS",
        "73282932000074",
        "https://www.sdis.example",
    )


def test_a_claimed_network_is_only_claimed(browser):
    walk(browser, about_=about(networks=["croix-rouge", "emmaus"]))

    assert {(each.network.key, each.state) for each in NetworkMembership.objects.all()} == {
        ("croix-rouge", "claimed"),
        ("emmaus", "claimed"),
    }
    assert Entry.objects.filter(verb="organisations.networkmembership.claim", after="claimed").count() == 2


def test_what_is_withdrawn_from_the_lists_is_not_offered_but_stays_with_who_chose_it(browser):
    walk(browser, upto=ABOUT, about_=about(legal_status="private", type="fondation"))
    OrganisationType.objects.filter(key="fondation").update(is_active=False)
    LegalStatus.objects.filter(key="other").update(is_active=False)

    page = browser.get(ABOUT).content.decode()
    assert '<option value="fondation" selected>' in page and '<option value="other"' not in page
    fresh = client_of(account().person)
    walk(fresh, upto=YOU)
    assert '<option value="fondation"' not in fresh.get(ABOUT).content.decode()
    assert errors(fresh.post(ABOUT, about(legal_status="private", type="fondation"))) == ["type"]


# ── « Le lieu » ───────────────────────────────────────────────────────────────────────────────────
def test_the_department_of_the_address_is_proposed(chief):
    Person.objects.filter(pk=chief.pk).update(postcode="29200")
    client = client_of(chief)
    walk(client, upto=ABOUT)

    assert '<option value="29" selected>' in client.get(PLACE).content.decode()


def test_an_address_of_wallis_et_futuna_is_one(browser):
    """Bad input of the issue: no commune's town hall, no street name, a department of its own."""
    walk(browser, place_=place(department="986", address="BP 16, Mata-Utu", postcode="98600", city="Uvea"))

    made = Organisation.objects.get()
    assert (made.department_id, made.department.zone, made.city, made.postcode) == ("986", "Pacific/Wallis", "Uvea", "98600")


@pytest.mark.parametrize("city", ["Saint-Denis-le-Gast", "ST DENIS LE GAST", "Hambye"])
def test_a_postcode_of_several_communes_is_told_by_the_city(browser, city):
    """50450 is the postcode of many communes of the Manche."""
    walk(browser, place_=place(department="50", address="Le bourg", postcode="50450", city=city))

    made = Organisation.objects.get()
    assert (made.commune is not None, made.postcode, made.department_id) == (True, "50450", "50")
    assert made.commune.postcodes.filter(code="50450").exists()


def test_an_address_typed_by_hand_that_nobody_knows_is_kept(browser):
    walk(browser, place_=place(address="3 ter chemin des Loups", city="Trifouilly", postcode="33999"))

    made = Organisation.objects.get()
    assert (made.address, made.city, made.commune, made.latitude) == ("3 ter chemin des Loups", "Trifouilly", None, None)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"department": "", "postcode": "", "city": "Trifouilly"}, "department"),
        ({"department": "royaume"}, "department"),
        ({"address": ""}, "address"),
        ({"address": "x" * 10_000}, "address"),
        ({"address": "a\x00b"}, "address"),
        ({"city": ""}, "city"),
        ({"postcode": "29200"}, "postcode"),
        ({"latitude": "12", "longitude": "3"}, "latitude"),
    ],
)
def test_what_is_wrong_with_the_place_is_said(browser, wrong, where):
    walk(browser, upto=ABOUT)

    answer = browser.post(PLACE, place(**wrong))

    assert errors(answer) == [where]
    assert "12 bis rue" in unescape(answer.content.decode()) or where == "address"
    assert not Organisation.objects.exists()


def test_without_scripts_an_address_is_searched_by_a_button(browser):
    walk(browser, upto=ABOUT)
    empty = dict.fromkeys(("department", "address", "postcode", "city"), "")

    page = unescape(browser.post(PLACE, {**empty, "place_search": "Bègles", "place_search_go": "search"}).content.decode())

    assert "Laquelle ?" in page and "Utiliser cette adresse" in page and "Bègles" in page
    assert not Organisation.objects.exists()


def test_steps_cost_the_same_however_many_organisations_there_are(browser, django_assert_max_num_queries):
    walk(browser, upto=ABOUT)
    for number in range(20):
        organisation(name=f"Secours Bordeaux {number}")

    for url in (YOU, ABOUT, PLACE, ALIKE):
        with django_assert_max_num_queries(16):
            browser.get(url)


def test_drafts_of_yesterday_are_resumed_tomorrow(browser, chief):
    walk(browser, upto=YOU)

    with at(timezone.now() + timedelta(days=200)):
        assert client_of(chief).get(OPEN).url == ABOUT
