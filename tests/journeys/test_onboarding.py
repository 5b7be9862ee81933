"""An organisation comes in on a phone, in few taps and without a dead end; left, resumed, joined, changed (R4 to R6, R9)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.contrib.auth.hashers import make_password
from tests.factories import manager, membership, organisation
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.journeys.steps import PASSWORD, confirm, sign_in, sign_out

from renfort.ops.users import create
from renfort.organisations.models import NetworkMembership, Organisation, OrganisationType
from renfort.organisations.selectors import confirmed_networks
from renfort.people.models import Account

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"
MOST_TAPS = 40
NAMES = {PHONE: "Pompiers de Bègles", PHONE_NO_SCRIPT: "Caserne du Bord de l'eau", DESKTOP: "Sauveteurs réunis"}  # not alike


@dataclass
class Finger:
    """Counts what a hand does: opening a link, pressing, choosing in a list (two: open it, choose), touching a field to type."""

    visitor: Visitor
    taps: int = 0
    told: list[str] = field(default_factory=list)

    def fill(self, **values: str) -> None:
        self._count(len(values), *values)
        self.visitor.fill(**values)

    def choose(self, name: str, value: str) -> None:
        self._count(2, name)
        self.visitor.choose(name, value)

    def press(self, target: str, to: str = "") -> None:
        self._count(1, target)
        self.visitor.press(target, to=to)

    def submit(self, target: str = GO) -> None:
        self._count(1, target)
        self.visitor.submit(target)

    def _count(self, taps: int, *what: str) -> None:
        self.taps += taps
        self.told += what


def inscribe(visitor: Visitor, site, email: str) -> None:
    """From the form of R2 to the link of the e-mail, not opened yet."""
    visitor.open("/inscription/structure/")
    visitor.fill(first_name="Awa", last_name="Diallo", email=email, password1=PASSWORD, password2=PASSWORD)
    visitor.press(GO, to="/inscription/consultez-vos-e-mails/$")


@pytest.mark.parametrize("means", NAMES, ids=lambda means: means.name)
def test_the_whole_way_in_takes_few_taps(site, arrive, means):
    """A fire service: status, type and sub-type, a network, every step; from the link of the e-mail to the first mission."""
    visitor, email = arrive(site.url, means), f"chef.{means.name}@example.org"
    inscribe(visitor, site, email)
    finger = Finger(visitor, taps=1 if means.scripts else 2)  # the link, and without scripts the button behind it
    confirm(visitor, site, email, to="/etapes/vous/$")

    visitor.look("vous")
    visitor.submit()  # nothing said: the page says what is missing, and nothing is lost
    visitor.says("Téléphone mobile")
    visitor.look("vous-vide")
    finger.fill(mobile_phone="06 12 34 56 78", landline_phone="05 56 00 00 00")
    finger.press(GO, to="/votre-structure/$")

    visitor.look("votre-structure")
    finger.fill(name=NAMES[means])
    finger.choose("legal_status", "public")
    finger.choose("type", "etablissement-public")
    visitor.look("type-choisi")
    finger.choose("subtype", "etablissement-sdis")
    finger.fill(description="Nous formons aux premiers secours.")
    finger.press('details.fold:has([name="networks"]) summary')
    finger.press('label:has([name="networks"][value="croix-rouge"])')
    finger.press('details.fold:has([name="siret"]) summary')
    finger.fill(siret="356 000 000 48 0000 1")
    finger.submit()
    visitor.says("Ce SIRET n'est pas exact")
    visitor.look("siret-faux")
    finger.fill(siret="")
    finger.press(GO, to="/lieu/$")

    visitor.look("lieu")
    if means.scripts:
        finger.fill(place_search="Bègles")
        visitor.page.locator("main [role=option]").first.wait_for()
        visitor.look("suggestions")
        finger.press("main [role=option] >> nth=0")
    else:
        finger.fill(place_search="Bègles")
        finger.submit('button[value="search"]')
        visitor.look("suggestions")
        finger.press("label:has(input[type=radio]) >> nth=0")
        finger.submit('button[value="use"]')
    assert visitor.page.locator('[name="city"]').input_value() == "Bègles"
    assert visitor.page.locator('[name="department"]').input_value() == "33"
    finger.fill(address="3 bis rue du Port")
    visitor.look("lieu-rempli")
    finger.press(GO, to=r"/espace/\d+/missions/nouvelle/$")
    visitor.says("Bravo", "Nouvelle mission")
    visitor.look("premiere-mission")

    print(f"{means.name}: {finger.taps} taps", finger.told)
    assert finger.taps < MOST_TAPS, finger.told
    made = Organisation.objects.get(name=NAMES[means])
    assert (made.subtype.key, made.commune_id, made.postcode) == ("etablissement-sdis", "33039", "33130")
    assert NetworkMembership.objects.get(organisation=made).state == "claimed"


def test_begun_on_a_phone_and_ended_at_a_desk(site, arrive):
    phone, email = arrive(site.url, PHONE, "telephone"), "partie@example.org"
    inscribe(phone, site, email)
    confirm(phone, site, email, to="/etapes/vous/$")
    phone.fill(mobile_phone="06 12 34 56 78")
    phone.press(GO, to="/votre-structure/$")
    phone.fill(name="Une belle idée", description="Des ateliers de réparation.")
    phone.choose("legal_status", "association")
    phone.press(GO, to="/lieu/$")
    sign_out(phone)

    desk = arrive(site.url, DESKTOP, "bureau")
    sign_in(desk, email, to="/etapes/lieu/$")
    desk.look("reprise")
    desk.press('main a[href$="/votre-structure/"]', to="/votre-structure/$")
    assert desk.page.locator('[name="name"]').input_value() == "Une belle idée"
    desk.look("revenue")
    desk.press(GO, to="/lieu/$")
    desk.choose("department", "29")
    desk.fill(address="au bout du quai", city="Trifouilly-sur-Mer", postcode="")
    desk.press(GO, to="/missions/nouvelle/$")
    assert Organisation.objects.get(name="Une belle idée").city == "Trifouilly-sur-Mer"


@pytest.mark.parametrize("means", [PHONE, DESKTOP], ids=lambda means: means.name)
def test_an_organisation_that_is_here_is_joined(site, arrive, means):
    city, name = ("Lyon", "69") if means is PHONE else ("Brest", "29")
    here = organisation(name="Les Paniers solidaires", department_id=name, city=city, postcode="")
    manager(here, first_name="Karim", email=f"karim.{means.name}@example.org")
    visitor, email = arrive(site.url, means, "demande"), f"demande.{means.name}@example.org"
    inscribe(visitor, site, email)
    confirm(visitor, site, email, to="/etapes/vous/$")
    visitor.fill(mobile_phone="06 12 34 56 78")
    visitor.press(GO, to="/votre-structure/$")
    visitor.fill(name="Association Paniers Solidaire", description="Des paniers pour tous.")
    visitor.choose("legal_status", "association")
    visitor.press(GO, to="/lieu/$")
    visitor.choose("department", name)
    visitor.fill(address="1 rue de la Paix", city=city)
    visitor.press(GO, to="/deja-inscrite/$")

    visitor.says("Cette structure est peut-être déjà inscrite", "Les Paniers solidaires", "Rejoindre cette structure")
    visitor.look("deja-inscrite")
    visitor.press('button[name="join"]', to="/etapes/$")
    visitor.says("Votre demande est partie", "Les Paniers solidaires")
    visitor.look("demande-partie")

    letter = site.letter(f"karim.{means.name}@example.org")
    boss = arrive(site.url, means, "responsable")
    Account.objects.filter(email=f"karim.{means.name}@example.org").update(password=make_password(PASSWORD))
    sign_in(boss, f"karim.{means.name}@example.org", to=f"/espace/{here.pk}/$")
    boss.open(letter.link)
    boss.look("equipe")
    boss.press('main a[href$="/accepter/"]', to="/accepter/$")
    boss.choose("role", "manager")
    boss.look("accepter")
    boss.press('main form:has([name="seen"]) button.btn-primary', to="/equipe/$")
    boss.says("Awa Diallo")
    boss.look("equipe-apres")

    visitor.open(site.letter(email).link)
    visitor.at(f"/espace/{here.pk}/structure/$")
    visitor.look("ma-structure")
    visitor.fill(description="Des paniers, et des recettes.")
    visitor.press(GO, to=f"/espace/{here.pk}/structure/$")
    visitor.says("Vos modifications sont enregistrées", "Structure modifiée")
    visitor.look("ma-structure-modifiee")
    here.refresh_from_db()
    assert here.description == "Des paniers, et des recettes."


@pytest.mark.parametrize("means", [PHONE, DESKTOP], ids=lambda means: means.name)
def test_the_operator_confirms_networks_and_edits_the_lists(site, arrive, means):
    email = f"operatrice.{means.name}@example.org"
    create(email=email, first_name="Odile", last_name="Pérateur", role="operator", password=PASSWORD)
    where = organisation(name=f"Secours {means.name}")
    manager(where)
    claim = membership(where, "croix-rouge")
    visitor = arrive(site.url, means)
    sign_in(visitor, email, to="/operateur/$")

    visitor.open("/operateur/reseaux/")
    visitor.says(where.name, "À confirmer")
    visitor.look("reseaux")
    visitor.press(f'main a[href$="/{claim.pk}/confirmer/"]', to="/confirmer/$")
    visitor.look("confirmer")
    visitor.press('main form:has([name="seen"]) button.btn-primary', to="/operateur/reseaux/$")
    visitor.open("/operateur/reseaux/?statut=confirmed")
    visitor.says(where.name, "Confirmé")

    visitor.open("/operateur/listes/")
    visitor.look("listes")
    visitor.press('main a[href$="/types/"]', to="/types/$")
    visitor.look("types")
    visitor.fill(label_fr=f"Université {means.name}")
    visitor.choose("under", visitor.page.locator("select[name=under] option").nth(1).get_attribute("value") or "")
    visitor.submit("aside form button.btn-primary")
    visitor.says(f"« Université {means.name} » est dans la liste")
    visitor.press(visitor.page.get_by_role("link", name=f"Université {means.name}"))
    visitor.at(r"/types/\d+/$")
    visitor.fill(label_en="University")
    visitor.look("entree")
    visitor.press(GO, to="/types/$")
    visitor.look("types-apres")
    assert OrganisationType.objects.get(label_fr=f"Université {means.name}").label_en == "University"
    assert [network.key for network in confirmed_networks(where)] == ["croix-rouge"]
