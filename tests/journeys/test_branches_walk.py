"""R56, P6: the head of a network brings in a file of branches, sees what is wrong, says yes; a branch answers its e-mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from tests.factories import supervisor
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT
from tests.journeys.steps import PASSWORD, come_in

from renfort.jobs.services import imports
from renfort.organisations.models import Network

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"


def file_of(folder: Path, means) -> Path:
    path = folder / f"antennes-{means.name}.csv"
    lines = [f"Croix-Rouge {means.name} {n};Lou;Petit;lou.{means.name}.{n}@example.org;33500;Libourne" for n in range(4)]
    wrong = [f"Croix-Rouge {means.name} Dax;Eli;Roy;pas une adresse;40100;Dax", "CR;Eli;Roy;eli@example.org;99999;Nulle part"]
    path.write_text("Antenne;Prénom;Nom du contact;Mail;CP;Commune\n" + "\n".join([*lines, *wrong]), encoding="cp1252")
    return path


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_the_head_of_a_network_invites_branches_with_a_file_and_one_of_them_comes(site, arrive, means, tmp_path):
    head = supervisor(email=f"tete.{means.name}@example.org", first_name="Olga")
    network = Network.objects.get(key="croix-rouge")
    boss = arrive(site.url, means, "superviseur")
    come_in(boss, head)

    boss.open(f"/reseau/{network.pk}/antennes/")
    boss.look("antennes-vide")
    boss.press(boss.page.locator('main a[href$="/importer/"]').first, to="/importer/$")
    boss.look("antennes-fichier")
    boss.page.set_input_files("#id_file", file_of(tmp_path, means))
    boss.press(GO, to=r"/importer/\d+/$")
    boss.says("Aperçu avant de confirmer", "Rien n'est encore fait", "Des lignes sont à corriger", "pas une adresse")
    boss.look("antennes-apercu")
    boss.press('main a[href$="/colonnes/"]', to="/colonnes/$")
    boss.says("À quoi correspond chaque colonne", "Antenne (« Croix-Rouge")
    boss.look("antennes-colonnes")
    boss.press(GO, to=r"/importer/\d+/$")
    boss.choose("legal_status", "association")
    boss.press("main .import-confirm button.btn-primary", to=r"/importer/\d+/$")
    boss.says("Suivi de l'import", "attend son tour")
    boss.look("antennes-en-cours")
    imports.carry_due(timezone.now())
    if means.scripts:
        boss.says("lignes faites")
    boss.open(boss.path())
    boss.says("4 lignes faites", "Ligne par ligne")
    boss.look("antennes-resultat")
    boss.press("main li.export .form-foot a.btn-primary", to="/antennes/$")
    boss.says("Antennes invitées", f"Croix-Rouge {means.name} 0", "Envoyée")
    boss.look("antennes-liste")
    boss.press('main a[href$="/antennes/inviter/"]', to="/inviter/$")
    boss.submit()
    boss.look("antennes-inviter-une")

    lou = arrive(site.url, means, "antenne")
    lou.open(site.letter(f"lou.{means.name}.0@example.org").link)
    lou.says(f"Croix-Rouge {means.name} 0", "vous invite à ouvrir la page")
    lou.look("antenne-invitation")
    lou.press('a[href$="/inscription/"]', to="/inscription/$")
    lou.look("antenne-compte")
    lou.fill(password1=PASSWORD, password2=PASSWORD)
    lou.press(GO, to="/inscription/structure/etapes/vous/$")
    lou.fill(mobile_phone="06 12 34 56 78")
    lou.press(GO, to="/votre-structure/$")
    assert lou.find("#id_name").input_value() == f"Croix-Rouge {means.name} 0"
    lou.fill(description="Nous aidons nos voisins.")
    lou.press(GO, to="/lieu/$")
    assert lou.find("#id_city").input_value() == "Libourne"
    lou.fill(address="1 place Abel Surchamp")
    lou.press(GO, to="/missions/nouvelle/$")

    boss.open(f"/reseau/{network.pk}/antennes/?statut=accepted")
    boss.says("Page ouverte")
    boss.open(f"/reseau/{network.pk}/structures/")
    boss.says(f"Croix-Rouge {means.name} 0")
