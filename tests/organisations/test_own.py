"""R9: « Ma structure », everything that the onboarding asked, changed later by its managers, with its history."""

from __future__ import annotations

from html import unescape

import pytest
from tests.factories import as_manager, client_of, manager, membership, organisation
from tests.organisations.steps import about, place

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed
from renfort.organisations.models import Network, NetworkMembership, Organisation
from renfort.organisations.services import OrganisationFacts, edit_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def where():
    return organisation(name="Secours Bordeaux", description="Nous distribuons des repas.", address="12 bis rue Sainte-Catherine")


@pytest.fixture
def client(where):
    return client_of(manager(where, first_name="Maryse", last_name="Chef"))


def url(where):
    return f"/espace/{where.pk}/structure/"


def said(where, **changes):
    return {**about(), **place(), "seen": str(Organisation.objects.get(pk=where.pk).version), **changes}


def verbs():
    return list(Entry.objects.filter(verb__startswith="organisations.").order_by("id").values_list("verb", flat=True))


def test_what_is_known_is_shown(where, client):
    page = unescape(client.get(url(where)).content.decode())

    for words in (
        'value="Secours Bordeaux"',
        "Nous distribuons des repas.",
        "12 bis rue Sainte-Catherine",
        'value="33" selected',
    ):
        assert words in page


def test_each_field_may_be_changed(where, client):
    changes = {
        "name": "Secours de Brest",
        "legal_status": "private",
        "type": "esus",
        "description": "Nous réparons des vélos.",
        "siret": "13002526500013",
        "website": "exemple.bzh",
        "department": "29",
        "address": "1 rue de Siam",
        "postcode": "29200",
        "city": "Brest",
    }

    assert client.post(url(where), said(where, **changes)).url == url(where)

    where.refresh_from_db()
    assert (where.name, where.legal_status.key, where.type.key, where.siret, where.website, where.department_id, where.city) == (
        "Secours de Brest",
        "private",
        "esus",
        "13002526500013",
        "https://exemple.bzh",
        "29",
        "Brest",
    )
    page = unescape(client.get(url(where)).content.decode())
    assert "nom : Secours Bordeaux → Secours de Brest" in page and "Maryse Chef" in page


def test_a_change_of_name_siret_or_department_is_an_event_of_its_own(where, client):
    """R9: who watches over the department hears of it."""
    client.post(url(where), said(where, description="Autrement dit."))
    assert verbs() == ["organisations.organisation.edit"]

    client.post(url(where), said(where, name="Secours Talence"))

    assert verbs()[1:] == ["organisations.organisation.edit", "organisations.organisation.identify"]
    assert Entry.objects.latest("id").changes == {"name": ["Secours Bordeaux", "Secours Talence"]}


def test_people_s_own_words_are_not_in_the_history(where, client):
    client.post(url(where), said(where, description="Un secret.", address="9 rue Cachée"))

    changes = Entry.objects.get(verb="organisations.organisation.edit").changes
    assert changes["description"] == changes["address"] == [None, None]


def test_nothing_changed_is_nothing_written(where, client):
    client.post(url(where), said(where))
    first = verbs()
    client.post(url(where), said(where))

    assert verbs() == first


def test_two_managers_at_once_the_second_is_told(where, client):
    answers = said(where, description="Le premier.")
    client.post(url(where), answers)

    answer = client.post(url(where), answers | {"description": "Le second."})

    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert "modifiée entre-temps" in page and "Le second." in page
    where.refresh_from_db()
    assert where.description == "Le premier."


def test_a_siret_of_another_is_refused_in_words(where, client):
    organisation(siret="73282932000074")

    answer = client.post(url(where), said(where, siret="73282932000074"))

    assert answer.status_code == 409
    assert "Une autre structure est déjà inscrite avec ce SIRET" in unescape(answer.content.decode())


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"city": ""}, {"address": "x" * 10_000}, {"department": "00"}, {"name": "a\x00bc"}]
)
def test_what_is_wrong_is_said_and_nothing_is_lost(where, client, wrong):
    answer = client.post(url(where), said(where, description="Encore à l'écran.", **wrong))

    assert answer.status_code == 422
    assert "Encore à l'écran." in unescape(answer.content.decode())
    assert Organisation.objects.get(pk=where.pk).description == "Nous distribuons des repas."


def test_networks_are_claimed_left_and_claimed_again(where, client):
    kept, left = membership(where, "croix-rouge", state="confirmed"), membership(where, "emmaus")
    membership(where, "andes", state="refused")

    client.post(url(where), said(where, networks=["croix-rouge", "monalisa", "andes"]))

    held = {each.network.key: each.state for each in NetworkMembership.objects.filter(organisation=where)}
    assert held == {"croix-rouge": "confirmed", "monalisa": "claimed", "andes": "claimed"}
    assert NetworkMembership.objects.filter(pk=kept.pk).exists() and not NetworkMembership.objects.filter(pk=left.pk).exists()


def test_a_refused_network_is_not_ticked_and_stays_refused_when_left_alone(where, client):
    membership(where, "andes", state="refused")
    assert 'value="andes" checked' not in client.get(url(where)).content.decode()

    client.post(url(where), said(where))

    assert NetworkMembership.objects.get().state == "refused"


def test_only_its_own_managers(where):
    other = as_manager(organisation())

    with pytest.raises(NotAllowed):
        facts = OrganisationFacts(name="À moi", legal_status="other", description="x", city="Brest", department="29")
        edit_organisation(actor=other, organisation=where, facts=facts)
    assert client_of(manager()).post(url(where), said(where)).status_code == 404


def test_the_page_costs_the_same_with_one_network_and_with_twenty(where, client, django_assert_max_num_queries):
    for network in Network.objects.all()[:20]:
        membership(where, network.key)
    client.get(url(where))

    with django_assert_max_num_queries(22):
        assert client.get(url(where)).content.decode().count("À confirmer") == 20
