"""What people do on the site, step by step, as several journeys need it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.factories import client_of
from tests.harness.browser import Visitor
from tests.harness.live import Site

from renfort.people.models import Person

PASSWORD = "une-suite-de-mots-42"
MENU = 'details.drop:has(form[action="/deconnexion/"]) > summary'  # of the person: lists have drop-downs too
FOOD = "Distribution de repas"


def speak(visitor: Visitor) -> None:
    """Switch the site to the visitor's language."""
    visitor.open("/")
    if visitor.means.language != "fr":
        visitor.submit(f'form.lang button[value="{visitor.means.language}"]')
    assert visitor.page.locator("html").get_attribute("lang") == visitor.means.language


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD, *, to: str = "/espace/") -> None:
    """Come in with address and password."""
    visitor.open("/connexion/")
    visitor.fill(email=email, password=password)
    visitor.press('main form:has([name="password"]) button.btn-primary', to=to)


def come_in(visitor: Visitor, someone: Person) -> None:
    """Be signed in already, as on a device that remembers: for journeys whose subject is something else."""
    cookie = client_of(someone).cookies["sessionid"].value
    visitor.context.add_cookies([{"name": "sessionid", "value": cookie, "url": visitor.site}])


def sign_out(visitor: Visitor) -> None:
    """Leave, through the menu of the person (which stands in the menu of the page on a phone)."""
    if visitor.means.width < 600:
        visitor.press('[popovertarget="menu"].menu-button')
    visitor.press(MENU)
    visitor.press('form[action="/deconnexion/"] button', to=r"/$")


def confirm(visitor: Visitor, site: Site, email: str, *, to: str) -> None:
    """Open the link of the e-mail. Scripts confirm by themselves, without them there is a button."""
    letter = site.letter(email)
    assert letter.language == visitor.means.language
    visitor.open(letter.link)
    if not visitor.means.scripts:
        visitor.look("confirmer")
        visitor.press("main form button.btn-primary")
    visitor.at(to)


def found_organisation(visitor: Visitor, site: Site, *, name: str, email: str) -> None:
    """From the home page to the first mission's form (R1, R2, R5, R6)."""
    visitor.open("/")
    visitor.says_in_french("Je veux aider", "Inscrire ma structure")
    visitor.look("accueil")
    visitor.press('.doors a[href="/inscription/structure/"]', to="/inscription/structure/$")
    visitor.says_in_french(
        "J'inscris ma structure", "Cet engagement nécessite un respect strict des règles sanitaires applicables"
    )
    visitor.look("inscrire-ma-structure")
    visitor.fill(first_name="Awa", last_name="Diallo", email=email, password1=PASSWORD, password2=PASSWORD)
    visitor.press("main form button.btn-primary", to="/inscription/consultez-vos-e-mails/$")
    visitor.look("consultez-vos-e-mails")
    confirm(visitor, site, email, to="/inscription/structure/etapes/vous/$")
    describe_organisation(visitor, name=name)


def describe_organisation(visitor: Visitor, *, name: str) -> None:
    """The steps of the onboarding, up to the form of the first mission (R4 to R6)."""
    visitor.says_in_french("Téléphone mobile", "Continuer")
    visitor.look("vous")
    visitor.fill(mobile_phone="06 12 34 56 78")
    visitor.press("main form button.btn-primary", to="/etapes/votre-structure/$")
    visitor.says_in_french("Votre structure")
    visitor.look("votre-structure")
    visitor.fill(name=name)
    visitor.choose("legal_status", "association")
    visitor.fill(description="Des repas chauds, chaque soir, pour tous.")
    visitor.press("main form button.btn-primary", to="/etapes/lieu/$")
    visitor.says_in_french("Valider")
    visitor.look("lieu")
    visitor.choose("department", "33")
    visitor.fill(address="12 bis rue du Palais-Gallien", postcode="33000", city="Bordeaux")
    visitor.press("main form button.btn-primary", to="/(missions/nouvelle|deja-inscrite)/$")
    if visitor.path().endswith("/deja-inscrite/"):  # another journey has inscribed one of nearly this name
        visitor.look("deja-inscrite")
        visitor.press("main form button.btn-primary", to="/missions/nouvelle/$")
    visitor.says_in_french("Bravo")


def describe_mission(visitor: Visitor, *, title: str = FOOD, places: int = 1) -> None:
    """Fill the form of a mission in Bordeaux, in a week (R10, R11)."""
    start = timezone.localdate() + timedelta(days=7)
    visitor.choose("domain", visitor.page.locator('[name="domain"]').first.get_attribute("value") or "")
    visitor.fill(title=title)
    visitor.choose("presence", "on_site")
    visitor.choose("format", "one_off")
    visitor.fill(
        places=str(places),
        starts_on=start.isoformat(),
        ends_on=(start + timedelta(days=2)).isoformat(),
        schedule="De 18 h à 20 h",
        description="Servir un repas chaud aux personnes qui en ont besoin, place de la Victoire.",
        safety="Deux salariés sont présents, gants et masques sont fournis.",
    )
    visitor.tick("conforms")
    if not visitor.page.locator('[name="contacts-0-phone"]').input_value():
        visitor.fill(**{"contacts-0-phone": "06 12 34 56 78"})


def propose_mission(visitor: Visitor) -> str:
    """« Enregistrer et proposer la mission » (R12); returns the address of its page."""
    visitor.says_in_french("Enregistrer et proposer la mission")
    visitor.press('button[name="then"][value="propose"]', to=r"/espace/\d+/missions/\d+/$")
    return visitor.path()
