"""R5: the lists that describe organisations are the operator's; what somebody chose is never deleted."""

from __future__ import annotations

from html import unescape

import pytest
from django.db.models import ProtectedError
from tests.factories import actor, client_of, manager, membership, operator, organisation
from tests.organisations.steps import ABOUT, walk

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed
from renfort.organisations.models import Agreement, LegalStatus, Network, OrganisationType
from renfort.organisations.services.defaults import install
from renfort.organisations.services.lists import add_entry

pytestmark = pytest.mark.django_db
LISTS = "/operateur/listes/"


@pytest.fixture
def boss():
    return client_of(operator())


def order(model=Network):
    return list(model.objects.order_by("position", "id").values_list("key", flat=True))


def test_the_first_lists_are_those_of_the_requirements():
    """R5 and the lists of the first platform: 4 statuses, CCAS and MDPH among the types, 9 agreements, 21 networks."""
    assert order(LegalStatus) == ["association", "public", "private", "other"]
    assert {"ccas", "mdph"} <= set(
        OrganisationType.objects.filter(legal_status__key="public", parent=None).values_list("key", flat=True)
    )
    assert Agreement.objects.count() == 9
    assert Network.objects.count() == 21
    assert [each.label_fr for each in OrganisationType.objects.filter(parent__key="etat").order_by("position")][1:4] == [
        "Gendarmerie",
        "Police",
        "Armées",
    ]
    assert not OrganisationType.objects.filter(label_en="").exists()


def test_installing_again_leaves_the_operators_words_alone():
    Network.objects.filter(key="emmaus").update(label_fr="Emmaüs France", is_active=False)

    install()

    emmaus = Network.objects.get(key="emmaus")
    assert (emmaus.label_fr, emmaus.is_active, Network.objects.count()) == ("Emmaüs France", False, 21)


def test_an_entry_is_added_at_the_end_and_offered_at_once(boss):
    boss.post(f"{LISTS}reseaux/", {"label_fr": "  Les  Blouses   Roses ", "label_en": "Pink Blouses"})

    made = Network.objects.get(key="les-blouses-roses")
    assert (made.label_fr, order()[-1]) == ("Les Blouses Roses", "les-blouses-roses")
    client = client_of(manager())
    walk(client, upto="/inscription/structure/etapes/vous/")
    assert "Les Blouses Roses" in client.get(ABOUT).content.decode()
    assert Entry.objects.filter(verb="organisations.network.add", object_id=made.pk).exists()


def test_the_same_words_twice_have_two_keys(boss):
    for _ in "123":
        boss.post(f"{LISTS}agrements/", {"label_fr": "Tourisme social"})

    assert order(Agreement)[-3:] == ["tourisme-social", "tourisme-social-2", "tourisme-social-3"]


def test_a_form_sent_twice_adds_one(boss):
    said = {"label_fr": "Tourisme social", "form_token": "0a0e0d4e-7f8a-4a39-9b4e-0d7c5f7a1c11"}

    assert [boss.post(f"{LISTS}agrements/", said).status_code for _ in "12"] == [302, 302]
    assert order(Agreement).count("tourisme-social") == 1 and "tourisme-social-2" not in order(Agreement)


def test_a_type_is_added_under_a_status_or_under_a_type(boss):
    status, kind = LegalStatus.objects.get(key="public"), OrganisationType.objects.get(key="ecole")

    boss.post(f"{LISTS}types/", {"under": f"statut-{status.pk}", "label_fr": "Université"})
    boss.post(f"{LISTS}types/", {"under": f"type-{kind.pk}", "label_fr": "Lycée"})

    made, below = OrganisationType.objects.get(key="universite"), OrganisationType.objects.get(key="lycee")
    assert (made.legal_status, made.parent, below.legal_status, below.parent) == (status, None, status, kind)
    page = unescape(boss.get(f"{LISTS}types/").content.decode())
    assert page.index("Établissement scolaire</a>") < page.index("Lycée</a>") < page.index("Établissement public de santé</a>")


def test_an_entry_is_renamed_for_all_who_chose_it(boss):
    where = organisation(type=OrganisationType.objects.get(key="espic"), legal_status_id="private")
    url = f"{LISTS}types/{where.type_id}/"

    boss.post(url, {"label_fr": "Clinique associative", "label_en": "Non-profit clinic"})

    where.refresh_from_db()
    assert where.type.label == "Clinique associative"
    page = unescape(boss.get(url).content.decode())
    assert "Libellé changé" in page and "Établissement de santé privé d'intérêt collectif → Clinique associative" in page


def test_an_entry_moves_up_and_down(boss):
    first, second, *rest = order()
    pk = Network.objects.get(key=second).pk

    boss.post(f"{LISTS}reseaux/{pk}/monter/")
    assert order() == [second, first, *rest]
    boss.post(f"{LISTS}reseaux/{pk}/monter/")
    assert order() == [second, first, *rest], "the first one goes no higher"
    boss.post(f"{LISTS}reseaux/{pk}/descendre/")
    assert order() == [first, second, *rest]


def test_types_move_among_their_own_alone(boss):
    private = OrganisationType.objects.get(key="espic")

    boss.post(f"{LISTS}types/{private.pk}/monter/")

    assert OrganisationType.objects.filter(legal_status__key="private").order_by("position")[0].key == "espic"


def test_what_is_withdrawn_stays_true_of_who_chose_it(boss):
    claim = membership(organisation())

    boss.post(f"{LISTS}reseaux/{claim.network_id}/retirer/")
    assert not Network.objects.get(pk=claim.network_id).is_active
    claim.refresh_from_db()
    assert claim.network.label == "Croix-Rouge"
    boss.post(f"{LISTS}reseaux/{claim.network_id}/remettre/")
    assert Network.objects.get(pk=claim.network_id).is_active


def test_no_address_deletes_and_the_database_keeps_what_is_used(boss):
    claim = membership(organisation())

    assert boss.post(f"{LISTS}reseaux/{claim.network_id}/supprimer/").status_code == 404
    assert boss.delete(f"{LISTS}reseaux/{claim.network_id}/").status_code == 405
    with pytest.raises(ProtectedError):
        claim.network.delete()


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 121, "a\x00b", "\u202e", "…"])
def test_words_that_are_none_are_refused(boss, wrong):
    before = order()

    answer = boss.post(f"{LISTS}reseaux/", {"label_fr": wrong})

    assert (answer.status_code, list(answer.context["form"].errors), order()) == (422, ["label_fr"], before)


@pytest.mark.parametrize("path", ["royaumes/", "reseaux/999999/", "types/0/monter/", "statuts/1/"])
def test_what_does_not_exist_is_not_found(boss, path):
    method = boss.post if path.endswith("monter/") else boss.get
    expected = 200 if path == f"statuts/{LegalStatus.objects.filter(pk=1).values_list('pk', flat=True).first()}/" else 404

    assert method(f"{LISTS}{path}").status_code == expected


def test_a_type_needs_something_above_it(boss):
    answer = boss.post(f"{LISTS}types/", {"under": "statut-999", "label_fr": "Perdu"})

    assert (answer.status_code, OrganisationType.objects.filter(key="perdu").exists()) == (422, False)


def test_only_the_operator_edits_them():
    someone = manager()

    with pytest.raises(NotAllowed):
        add_entry(Network, actor=actor(someone), label_fr="Le mien")
    assert client_of(someone).post(f"{LISTS}reseaux/", {"label_fr": "Le mien"}).status_code == 404


def test_the_words_are_read_in_the_readers_language(boss):
    client = client_of(manager())
    client.cookies["django_language"] = "en"
    client.post("/langue/", {"language": "en"})
    walk(client, upto="/inscription/structure/etapes/vous/")

    page = unescape(client.get(ABOUT).content.decode())

    assert "Public body" in page and "Structure publique" not in page and "Emmaüs" in page
