"""A team: invited in one browser, joined in another, a mission as tutor, hand-over; an organisation leaves (R40, R9)."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from tests.factories import invitation, join_request, manager, mission, organisation, participation, tutor
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.journeys.steps import MENU, PASSWORD, describe_mission, propose_mission, sign_in

from renfort.missions.models import Mission
from renfort.ops.users import create
from renfort.organisations.models import Grant, Invitation, Organisation
from renfort.people.models import Account

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"
DO = "main form button.btn-danger"


def with_password(person) -> str:
    """Let somebody sign in; returns the address."""
    Account.objects.filter(person=person).update(password=make_password(PASSWORD))
    return person.account.email


def open_menu(visitor: Visitor) -> None:
    """The menu of the person (which stands in the menu of the page on a phone)."""
    if visitor.means.width < 600:
        visitor.press('[popovertarget="menu"].menu-button')
    visitor.press(MENU)


@pytest.mark.parametrize("means", [PHONE, PHONE_NO_SCRIPT, DESKTOP], ids=lambda means: means.name)
def test_a_tutor_is_invited_works_and_is_removed(site, arrive, means):
    where = organisation(name=f"Les Voisins {means.name}")
    boss = manager(where, first_name="Maryse", last_name="Lenoir", email=f"maryse.{means.name}@example.org")
    other = tutor(where, first_name="Olga", last_name="Petit", email=f"olga.{means.name}@example.org")
    chief, invited = arrive(site.url, means, "responsable"), f"tao.{means.name}@example.org"
    sign_in(chief, with_password(boss), to=f"/espace/{where.pk}/$")
    theirs = mission(where, responsible=boss, title="Accueil du matin")
    participation(theirs)

    chief.open(f"/espace/{where.pk}/missions/")
    open_menu(chief)
    chief.says_in_french("Gérer votre équipe", "Paramètres de compte", "Se déconnecter")
    chief.look("menu")
    chief.press('details.drop a[href$="/equipe/"]', to="/equipe/$")
    chief.says("Gérer votre équipe", "Olga Petit")
    chief.look("equipe")
    chief.press('main a[href$="/equipe/inviter/"]', to="/inviter/$")
    chief.says_in_french("Tuteur", "Responsable", "Prénom", "Nom", "Adresse email", "Ajouter un membre")
    chief.look("inviter")
    chief.submit()
    chief.look("inviter-vide")
    chief.choose("role", "mission_tutor")
    chief.fill(first_name="Tao", last_name="Nguyen", email=invited)
    chief.press(GO, to="/equipe/")
    chief.says("Une invitation part à Tao Nguyen", invited, "Envoyée")
    chief.look("equipe-invitation")

    newcomer = arrive(site.url, means, "invite")
    newcomer.open(site.letter(invited).link)
    newcomer.says("Maryse Lenoir vous invite", "Créer mon compte", "J'ai déjà un compte")
    newcomer.look("invitation")
    newcomer.press('main a[href$="/inscription/"]', to="/inscription/$")
    newcomer.fill(password1=PASSWORD, password2=PASSWORD)
    newcomer.look("invitation-inscription")
    newcomer.press(GO, to=f"/espace/{where.pk}/missions/$")
    newcomer.says("Bienvenue dans l'équipe", "Accueil du matin")
    newcomer.look("tuteur-missions")
    newcomer.open(f"/espace/{where.pk}/missions/{theirs.pk}/")
    newcomer.says("Mission d'un collègue", "Maryse Lenoir suit cette mission")
    newcomer.look("mission-d-un-collegue")
    newcomer.open(f"/espace/{where.pk}/missions/nouvelle/")
    describe_mission(newcomer, title="Goûter des anciens")
    propose_mission(newcomer)
    newcomer.look("mission-du-tuteur")
    made = Mission.objects.get(title="Goûter des anciens", organisation=where)
    assert (made.responsible.account.email, made.state) == (invited, "published")
    participation(made)

    member = Grant.objects.get(person=made.responsible)
    chief.open(f"/espace/{where.pk}/equipe/")
    chief.says("Tao Nguyen", "Tuteur")
    chief.look("equipe-trois")
    chief.press(f'main a[href$="/equipe/{member.pk}/role/"]', to="/role/$")
    chief.look("role")
    chief.open(f"/espace/{where.pk}/equipe/")
    chief.press(f'main a[href$="/equipe/{member.pk}/supprimer/"]', to="/supprimer/$")
    chief.says("1 mission suivie", "Confier ses missions à")
    chief.look("supprimer")
    chief.choose("successor", str(other.pk))
    chief.press(DO, to="/equipe/$")
    chief.says("Tao Nguyen ne fait plus partie de l'équipe", "1 mission a été confiée")
    chief.look("equipe-apres")
    made.refresh_from_db()
    assert made.responsible_id == other.pk
    newcomer.open("/espace/")
    newcomer.look("apres-le-depart")
    assert "/missions/" not in newcomer.path(), "the open session has no right left"


@pytest.mark.parametrize("means", [PHONE, DESKTOP], ids=lambda means: means.name)
def test_another_account_an_old_link_and_several_organisations(site, arrive, means):
    where, elsewhere = organisation(name=f"Banque {means.name}"), organisation(name=f"Relais {means.name}")
    boss = manager(where, first_name="Karim", last_name="Diop", email=f"karim.team.{means.name}@example.org")
    someone = manager(elsewhere, first_name="Nour", last_name="Haddad", email=f"nour.{means.name}@example.org")
    token = f"token-{means.name}"
    made = invitation(
        where, by=boss, token=token, email=f"nour.travail.{means.name}@example.org", first_name="Nour", last_name="Haddad"
    )
    visitor = arrive(site.url, means)
    visitor.open(f"/invitation/{token}/")
    visitor.press('main a[href^="/connexion/?next"]', to="/connexion/")
    visitor.fill(email=with_password(someone), password=PASSWORD)
    visitor.press('main form:has([name="password"]) button.btn-primary', to=f"/invitation/{token}/$")
    visitor.says("Ce n'est pas l'adresse de l'invitation", "nour.travail")
    visitor.look("autre-compte")
    visitor.press("main form:not([action]) button.btn-primary", to=f"/espace/{where.pk}/missions/$")
    assert Invitation.objects.get(pk=made.pk).state == "accepted"

    visitor.open(f"/espace/{elsewhere.pk}/participations/")
    open_menu(visitor)
    visitor.says(f"Responsable · Relais {means.name}", f"Tuteur · Banque {means.name}")
    visitor.look("deux-roles")
    visitor.press(f'details.drop a[href="/espace/{where.pk}/participations/"]', to=f"/espace/{where.pk}/participations/$")
    visitor.look("tuteur-participations")
    visitor.open(f"/espace/{where.pk}/quitter/")
    visitor.look("quitter")
    visitor.press(DO, to=f"/espace/{elsewhere.pk}/$")
    visitor.says("Vous avez quitté l'équipe")

    invitation(where, by=boss, token=f"old-{token}", state="expired", email=f"vieux.{means.name}@example.org")
    visitor.open(f"/invitation/old-{token}/")
    visitor.says("Cette invitation a expiré")
    visitor.look("expiree")
    invitation(where, by=boss, token=f"no-{token}", email=f"non.{means.name}@example.org")
    visitor.open(f"/invitation/no-{token}/decliner/")
    visitor.look("decliner")
    visitor.press("main form button.btn-primary")
    visitor.says("C'est noté")
    visitor.look("declinee")


@pytest.mark.parametrize("means", [PHONE, DESKTOP], ids=lambda means: means.name)
def test_an_organisation_leaves_and_comes_back(site, arrive, means):
    where = organisation(name=f"Épicerie {means.name}")
    boss = manager(where, first_name="Ana", last_name="Silva", email=f"ana.{means.name}@example.org")
    tutor(where)
    participation(mission(where, places=5))
    mission(where, state="draft")
    visitor = arrive(site.url, means, "responsable")
    sign_in(visitor, with_password(boss), to=f"/espace/{where.pk}/$")
    visitor.open(f"/espace/{where.pk}/quitter/")
    visitor.says("Il faut au moins un responsable")
    visitor.look("dernier")
    visitor.open(f"/espace/{where.pk}/structure/")
    visitor.look("ma-structure")
    visitor.press('main a[href$="/structure/retirer/"]', to="/retirer/$")
    visitor.says("1 mission à venir ou en cours est annulée", "heures confirmées")
    visitor.look("retirer")
    visitor.fill(name="Autre chose", password="x")
    visitor.submit(DO)
    visitor.look("retirer-faux")
    visitor.fill(name=where.name, password=PASSWORD)
    visitor.press(DO, to="/espace/$")
    visitor.says("n'est plus sur la plateforme")
    visitor.look("partie")
    visitor.open(f"/structures/{where.pk}-epicerie/")
    visitor.says("Cette structure n'est plus ici")
    visitor.look("page-partie")

    email = f"operateur.team.{means.name}@example.org"
    create(email=email, first_name="Odile", last_name="Pérateur", role="operator", password=PASSWORD)
    join_request(organisation(name=f"Déserte {means.name}"))
    runs = arrive(site.url, means, "operateur")
    sign_in(runs, email, to="/operateur/$")
    runs.open("/operateur/structures/")
    runs.says(where.name, f"Déserte {means.name}", "Ana Silva")
    runs.look("structures")
    runs.press(f'main a[href$="/structures/{where.pk}/retablir/"]', to="/retablir/$")
    runs.look("retablir")
    runs.press(GO, to="/operateur/structures/$")
    runs.says("est rétablie")
    assert Organisation.objects.get(pk=where.pk).left_at is None
    visitor.open("/espace/")
    visitor.at(f"/espace/{where.pk}/$")
