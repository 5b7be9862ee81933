"""A referent: invited by the operator, an account from the e-mail, the dashboard; a delegation, an absence (R50, R51, R65)."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from tests.factories import days, manager, mission, operator, organisation, participation, referent
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT
from tests.journeys.steps import PASSWORD, sign_in

from renfort.organisations.models import Delegation
from renfort.people.models import Account

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"


def with_password(person) -> str:
    """Let somebody sign in; returns the address."""
    Account.objects.filter(person=person).update(password=make_password(PASSWORD))
    return person.account.email


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_the_operator_invites_a_referent_who_finds_their_territory(site, arrive, means):
    where = organisation(name=f"Les Voisins {means.name}")
    host = manager(where, email=f"hote.{means.name}@example.org")
    waiting = mission(where, title="Accueil du matin", state="submitted")
    participation(mission(where, title="Repas du soir", places=4))
    participation(mission(where, title="Colis à Dax", department="40", city="Dax"))
    beside = referent("64", first_name="Olga", last_name="Petit", email=f"olga.{means.name}@example.org")
    chief, invited = arrive(site.url, means, "operateur"), f"tao.{means.name}@example.org"
    sign_in(chief, with_password(operator(email=f"chef.{means.name}@example.org")), to="/operateur/")

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
    newcomer.press("main tbody tr:first-child th.row-title a", to=r"/referent/participations/\d+/$")
    newcomer.look("referent-participation")

    newcomer.open("/referent/delegations/")
    newcomer.look("delegations-vide")
    newcomer.press('main a[href$="/nouvelle/"]', to="/nouvelle/$")
    newcomer.look("deleguer")
    first = timezone.localdate()
    newcomer.choose("receiver", str(beside.pk))
    newcomer.fill(starts_on=first.isoformat(), ends_on=(first + days(7)).isoformat())
    newcomer.press(GO, to="/referent/delegations/$")
    newcomer.says("Olga Petit", "En cours")
    newcomer.look("delegations")
    assert Delegation.objects.filter(receiver=beside).count() == 1

    newcomer.open("/referent/absence/")
    newcomer.fill(absent_from=first.isoformat(), absent_until=(first + days(7)).isoformat())
    newcomer.choose("deputy", str(beside.pk))
    newcomer.press(GO, to="/referent/absence/$")
    newcomer.look("absence")

    asking = arrive(site.url, means, "structure")
    sign_in(asking, with_password(host), to="/espace/")
    asking.open("/aide/")
    asking.says("Votre référent : Gironde", "Tao Nguyen", "adressez-vous à Olga Petit")
    asking.look("aide-a-qui-s-adresser")

    standing_in = arrive(site.url, means, "remplacante")
    sign_in(standing_in, with_password(beside), to="/referent/")
    standing_in.says("Référent · Gironde, Landes et Pyrénées-Atlantiques")
    newcomer.open("/referent/delegations/")
    newcomer.press('main a[href$="/retirer/"]', to="/retirer/$")
    newcomer.look("delegation-retirer")
    newcomer.press("main form button.btn-danger", to="/referent/delegations/$")
    standing_in.open("/referent/")
    standing_in.says("Référent · Pyrénées-Atlantiques")
