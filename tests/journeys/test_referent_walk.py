"""A referent: invited by the operator, an account from the e-mail, the dashboard; a delegation, an absence (R50, R51, R65)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import at, at_hour, days, manager, mission, operator, organisation, participation, referent
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT
from tests.journeys.steps import PASSWORD, come_in

from renfort.kernel.firing import fire_due
from renfort.organisations.models import Delegation
from renfort.organisations.workflow import DELEGATION

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"
OWN, LENT = "Pyrénées-Atlantiques", "Gironde, Landes et Pyrénées-Atlantiques"


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_the_operator_invites_a_referent_who_finds_their_territory(site, arrive, means):
    where = organisation(name=f"Les Voisins {means.name}")
    host = manager(where, email=f"hote.{means.name}@example.org")
    waiting = mission(where, title="Accueil du matin", state="submitted")
    participation(mission(where, title="Repas du soir", places=4))
    participation(mission(where, title="Colis à Dax", department="40", city="Dax"))
    beside = referent("64", first_name="Olga", last_name="Petit", email=f"olga.{means.name}@example.org")
    by_itself = means is DESKTOP  # the delegation starts and ends by the clock; on the phone it is taken back
    chief, invited = arrive(site.url, means, "operateur"), f"tao.{means.name}@example.org"
    come_in(chief, operator(email=f"chef.{means.name}@example.org"))
    chief.open("/operateur/referents/?q=gironde")
    chief.says("Référents", "Sans référent", "33 - Gironde")
    chief.look("referents")
    chief.press('main a[href$="/referents/inviter/"]', to="/inviter/$")
    chief.submit()
    chief.look("referent-inviter-vide")
    chief.fill(first_name="Tao", last_name="Nguyen", email=invited, function="Délégué départemental", departments="33, Landes")
    chief.press(GO, to="/operateur/referents/$")
    chief.says("Une invitation part à Tao Nguyen", invited)
    chief.open("/operateur/referents/?q=landes")
    chief.says("Tao Nguyen, invité·e")
    chief.look("referents-invitation")

    newcomer = arrive(site.url, means, "referent")
    newcomer.open(site.letter(invited).link)
    newcomer.says("Gironde et Landes", "Créer mon compte")
    newcomer.look("invitation-referent")
    newcomer.press('a[href$="/inscription/"]', to="/inscription/$")
    newcomer.look("invitation-referent-compte")
    newcomer.fill(password1=PASSWORD, password2=PASSWORD)
    newcomer.press(GO, to="/referent/$")
    newcomer.says("Référent · Gironde et Landes", "Tableau de bord", "Délais des 90 derniers jours", "Par département")
    newcomer.look("referent-tableau")

    newcomer.press(".first li:first-child a", to="/referent/a-valider/missions/")
    newcomer.says("Accueil du matin")
    newcomer.look("referent-file")
    newcomer.open("/referent/missions/?statut=a-valider")
    newcomer.says("Accueil du matin")
    newcomer.look("referent-missions")
    newcomer.open(f"/referent/missions/{waiting.pk}/")
    newcomer.look("referent-mission")
    newcomer.open("/referent/structures/")
    newcomer.says(where.name)
    newcomer.look("referent-structures")
    newcomer.open(f"/referent/structures/{where.pk}/")
    newcomer.look("referent-structure")
    newcomer.open("/referent/participations/")
    newcomer.says("Colis à Dax", "Repas du soir")
    newcomer.look("referent-participations")
    row = newcomer.page.locator("main tbody tr:first-child th.row-title a").get_attribute(
        "href"
    )  # with a script it opens a panel
    newcomer.open(row or "")
    newcomer.look("referent-participation")

    newcomer.open("/referent/delegations/")
    newcomer.look("delegations-vide")
    newcomer.press('main a[href$="/nouvelle/"]', to="/nouvelle/$")
    newcomer.look("deleguer")
    first = timezone.localdate() + (days(1) if by_itself else days(0))
    newcomer.choose("receiver", str(beside.pk))
    newcomer.fill(starts_on=first.isoformat(), ends_on=(first + days(7)).isoformat())
    newcomer.press(GO, to="/referent/delegations/$")
    newcomer.says("Olga Petit", "Prévue" if by_itself else "En cours")
    newcomer.look("delegations")
    assert Delegation.objects.filter(receiver=beside).count() == 1

    standing_in = arrive(site.url, means, "remplacante")
    come_in(standing_in, beside)
    standing_in.open("/referent/")
    if by_itself:
        it_starts_and_ends(site, standing_in, newcomer)
    else:
        standing_in.says(f"Référent · {LENT}")
        newcomer.press('main a[href$="/retirer/"]', to="/retirer/$")
        newcomer.look("delegation-retirer")
        newcomer.press("main form button.btn-danger", to="/referent/delegations/$")
        standing_in.open("/referent/")
        standing_in.says(f"Référent · {OWN}")

    first = timezone.localdate()
    newcomer.open("/referent/absence/")
    newcomer.fill(absent_from=first.isoformat(), absent_until=(first + days(7)).isoformat())
    newcomer.choose("deputy", str(beside.pk))
    newcomer.press(GO, to="/referent/absence/$")
    newcomer.look("absence")

    asking = arrive(site.url, means, "structure")
    come_in(asking, host)
    asking.open("/aide/")
    asking.says("Votre référent : Gironde", "Tao Nguyen", "adressez-vous à Olga Petit")
    asking.look("aide-a-qui-s-adresser")


def it_starts_and_ends(site, standing_in, giver):
    """R65: nobody does anything; the day comes, rights are there; the last day is over, they are gone, and both were told."""
    standing_in.says(f"Référent · {OWN}")
    noon = at_hour(11)
    address = "olga.desktop@example.org"
    letters = len(site.letters(address))
    for day, scope, state in ((days(1), LENT, "En cours"), (days(8), LENT, "En cours"), (days(9), OWN, "Terminée")):
        with at(noon + day):
            standing_in.open("/referent/")
            standing_in.says(f"Référent · {scope}")
            fire_due(timezone.now(), flows=[DELEGATION])
            letters_now = len(site.letters(address))
            giver.open("/referent/delegations/")
            giver.says(state)
    giver.look("delegation-terminee")
    assert letters_now == letters + 2, "its beginning and its end"
