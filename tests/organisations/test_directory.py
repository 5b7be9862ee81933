"""The public directory beside what an organisation typed: a port, two adapters, a page that never waits (R53, P12).

The directory is a real server on this machine. Its answers have the form that the State's « Recherche d'entreprises » documents
(``results``, ``total_results``, ``page``, ``per_page``, ``total_pages``); they were not recorded by us: this project is built
without a network. The association is one whose public record stands in the samples of the State's own test data.
"""

from __future__ import annotations

import json
import time

import pytest
from django.test import override_settings
from tests.factories import actor, as_operator, client_of, manager, operator, organisation, referent
from tests.harness.address_service import stand_in

from renfort.config.env import Environment
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.adapters import directory_service
from renfort.organisations.adapters.national import NationalDirectory
from renfort.organisations.adapters.off import NoDirectory
from renfort.organisations.checks import findings_for, findings_of
from renfort.organisations.models import LookUp
from renfort.organisations.selectors.directory import SilentError
from renfort.organisations.services.checks import check_organisations
from renfort.organisations.services.directory import ask_again, look_up_waiting

pytestmark = pytest.mark.django_db
SIRET, RNA = "38948624200032", "W301000624"
PLACE = {
    "siret": SIRET, "adresse": "RUE DE CAMBIS 30340 SALINDRES", "code_postal": "30340", "commune": "30305",
    "libelle_commune": "SALINDRES", "departement": "30", "etat_administratif": "A", "date_fermeture": None, "est_siege": True,
}  # fmt: skip
UNIT = {
    "siren": "389486242", "nom_complet": "ASSOCIATION SPORTIVE SALINDROISE (A.S.S.)",
    "nom_raison_sociale": "ASSOCIATION SPORTIVE SALINDROISE", "sigle": None, "nombre_etablissements": 1,
    "nombre_etablissements_ouverts": 1, "siege": PLACE, "etat_administratif": "A", "date_fermeture": None,
    "matching_etablissements": [PLACE], "complements": {"est_association": True, "identifiant_association": RNA},
}  # fmt: skip


def answer(*units):
    return json.dumps({"results": list(units), "total_results": len(units), "page": 1, "per_page": 5, "total_pages": 1}).encode()


@pytest.fixture
def server():
    with stand_in() as running:
        running.mood, running.body = "given", answer(UNIT)
        yield running


@pytest.fixture
def branched(server):
    """The site with the directory of this machine."""
    with override_settings(DIRECTORY_SERVICE_URL=server.url):
        yield server


def test_establishment_is_found_by_its_siret_and_the_association_by_its_rna(server):
    directory = NationalDirectory(server.url)

    found = directory.look_up(SIRET)
    assert found is not None
    assert (found.name, found.postcode, found.city) == ("ASSOCIATION SPORTIVE SALINDROISE", "30340", "SALINDRES")
    assert (found.siret, found.rna, found.is_closed, found.closed_on) == (SIRET, RNA, False, None)
    assert directory.look_up(RNA) == found
    assert server.asked[0] == {"q": SIRET, "page": "1", "per_page": "5"}


def test_what_is_only_near_is_not_taken_for_it(server):
    """A search by words answers with others too."""
    assert NationalDirectory(server.url).look_up("38948624200040") is None
    assert NationalDirectory(server.url).look_up("W999999999") is None
    server.body = answer()
    assert NationalDirectory(server.url).look_up(SIRET) is None


def test_closed_establishment_and_ceased_unit_say_since_when(server):
    server.body = answer(
        {**UNIT, "matching_etablissements": [{**PLACE, "etat_administratif": "F", "date_fermeture": "2021-03-31"}]}
    )
    found = NationalDirectory(server.url).look_up(SIRET)
    assert found is not None and found.is_closed and str(found.closed_on) == "2021-03-31"

    server.body = answer({**UNIT, "etat_administratif": "C", "date_fermeture": "not a day"})
    found = NationalDirectory(server.url).look_up(SIRET)
    assert found is not None and found.is_closed and found.closed_on is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no",
        b"[]",
        b'{"results": 3}',
        b'{"results": [3]}',
        b'{"results": [{"siege": 3}]}',
        b'{"erreur": "x"}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_garbage_is_silence(server, body):
    server.body = body

    with pytest.raises(SilentError):
        NationalDirectory(server.url).look_up(SIRET)


@pytest.mark.parametrize("mood", ["never", "drip"])
def test_slow_directory_is_given_up_in_time_and_then_left_alone(server, mood):
    server.mood = mood
    directory, begun = NationalDirectory(server.url), time.monotonic()
    for _ in range(3):
        with pytest.raises(SilentError):
            directory.look_up(SIRET)
    assert time.monotonic() - begun < 3 * 2.5

    asked = len(server.asked)
    with pytest.raises(SilentError):
        directory.look_up(SIRET)
    assert len(server.asked) == asked  # the breaker is open


def test_nobody_is_asked_by_default():
    assert isinstance(directory_service(), NoDirectory)
    with pytest.raises(SilentError):
        directory_service().look_up(SIRET)
    where = organisation(siret=SIRET)
    with pytest.raises(Refused):
        ask_again(where, actor=as_operator())
    assert look_up_waiting() == 0 and not LookUp.objects.exists()


@pytest.mark.parametrize("url", ["ftp://x.fr", "x.fr/search", "https://u:p@x.fr/"])
def test_wrong_address_of_the_directory_is_refused_at_start(monkeypatch, url):
    monkeypatch.setenv("RENFORT_DIRECTORY_SERVICE", url)
    with pytest.raises(ValueError):
        Environment()


# ── beside what was typed ─────────────────────────────────────────────────────────────────────────
def keys(where):
    return [each.key for each in findings_of(where) if not each.is_false]


def described(**facts):
    said = "Nous accueillons et nous aidons toute l'année les habitants du quartier."
    return organisation(**{"description": said, **facts})


def test_page_does_not_wait_and_shows_the_answer_and_the_differences(branched):
    where, browser = described(name="Les Jardins de Bacalan", siret=SIRET), client_of(operator())
    address = f"/verifications/structures/{where.pk}/"

    assert "n'a pas encore été interrogé" in browser.get(address).content.decode()
    said = browser.post(f"{address}annuaire/", follow=True).content.decode()
    assert "La question est partie" in said and branched.asked == []

    assert look_up_waiting() == 1
    page = browser.get(address).content.decode()
    assert "ASSOCIATION SPORTIVE SALINDROISE" in page and "Ouverte" in page
    assert keys(where) == ["directory-name", "directory-place"]


def test_what_agrees_says_nothing(branched):
    where = described(name="Association sportive salindroise", siret=SIRET, department_id="30", city="Salindres")
    ask_again(where, actor=as_operator())
    look_up_waiting()

    assert keys(where) == []


def test_closed_and_unknown_are_findings(branched):
    where = described(name="Association sportive salindroise", siret=SIRET, department_id="30", city="Salindres")
    branched.body = answer({**UNIT, "etat_administratif": "C", "date_fermeture": "2021-03-31"})
    ask_again(where, actor=as_operator())
    look_up_waiting()
    assert keys(where) == ["directory-closed"] and "mercredi 31 mars 2021" in findings_of(where)[0].sentence

    branched.body = answer()
    ask_again(where, actor=as_operator())
    look_up_waiting()
    assert keys(where) == ["directory-unknown"]


def test_silent_directory_is_said_and_changes_no_finding(branched):
    where = described(siret=SIRET)
    branched.body = b"no"
    ask_again(where, actor=as_operator())

    assert look_up_waiting() == 0 and LookUp.objects.get().state == "silent" and keys(where) == []
    page = client_of(operator()).get(f"/verifications/structures/{where.pk}/").content.decode()
    assert "n'a pas répondu" in page


def test_answer_about_another_number_is_forgotten(branched):
    where = described(siret=SIRET)
    ask_again(where, actor=as_operator())
    look_up_waiting()
    assert keys(where)
    where.siret = ""
    where.rna = "W999999999"
    where.save()
    check_organisations([where.pk])
    assert keys(where) == []


def test_only_who_looks_after_the_department_asks_and_reads(branched):
    where = described(siret=SIRET)
    for someone in (manager(where), referent("75")):
        with pytest.raises(NotAllowed):
            ask_again(where, actor=actor(someone))
        assert client_of(someone).get(f"/verifications/structures/{where.pk}/").status_code == 404
    assert client_of(referent("33")).get(f"/verifications/structures/{where.pk}/").status_code == 200


# ── duplicates and texts ──────────────────────────────────────────────────────────────────────────
def test_organisation_that_is_perhaps_here_already():
    described(name="Secours populaire de Bordeaux")
    second = described(name="Association Secours Populaire Bordeaux")
    check_organisations([second.pk])

    assert "organisation-alike" in keys(second)
    assert "Secours populaire de Bordeaux" in findings_of(second)[0].sentence


def test_texts_of_an_organisation_and_the_advice_it_gets():
    where = described(description="Appelez le 06 12 34 56 78", siret="", rna="")
    check_organisations([where.pk])

    assert keys(where) == ["organisation-contact", "organisation-numbers", "organisation-short"]
    assert set(findings_for([where.pk])) == {where.pk}
    page = client_of(manager(where)).get(f"/espace/{where.pk}/structure/").content.decode()
    assert "Quelques conseils" in page and "06 12 34 56 78 » se lit sur une page publique" in page


def test_false_alarm_about_an_organisation():
    where = described(description="Appelez le 06 12 34 56 78", siret=SIRET)
    check_organisations([where.pk])
    finding = where.findings.get(made_by__key="organisation-contact")
    address = f"/verifications/structures/points/{finding.pk}/fausse-alerte/"

    assert client_of(referent("75")).post(address).status_code == 404
    assert client_of(referent("33")).post(address).url == f"/verifications/structures/{where.pk}/"
    assert "organisation-contact" not in keys(where)
