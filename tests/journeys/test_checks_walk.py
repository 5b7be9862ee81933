"""A false alarm is counted; the operator edits a word and sees the effect; the organisation is advised (R53)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone
from tests.factories import as_manager, complete_facts, manager, operator, organisation
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT
from tests.journeys.steps import come_in

from renfort.kernel.firing import fire
from renfort.missions.models import MissionFinding
from renfort.missions.services.checks import run_rechecks
from renfort.missions.services.mission import open_mission
from renfort.missions.workflow import MISSION

pytestmark = pytest.mark.browser
TEXT = (
    "Nous préparons des colis alimentaires avec les bénévoles du quartier. Le salaire de la semaine, ce sont les sourires des "
    "familles. Une question ? Appelez Maryse au 06 12 34 56 78. Nous finissons par un goûter : pépite de chocolat, amande."
)


def percent() -> str:
    """What the page must say of the false alarms of one check: the site is the same for both visits."""
    rows = MissionFinding.objects.filter(made_by__key="mission-pay")
    return f"{round(100 * rows.exclude(false_at=None).count() / rows.count())} % de fausses alertes"


@pytest.mark.parametrize(("means", "word"), [(DESKTOP, "pépite"), (PHONE_NO_SCRIPT, "amande")], ids=["desktop", "phone"])
def test_false_alarm_is_counted_and_a_word_takes_effect(site, arrive, means, word):
    where = organisation(name=f"Les Paniers {means.name}")
    boss, reader = manager(where), operator()
    chief = as_manager(where)
    facts = replace(complete_facts(where), title="Préparer des colis", description=TEXT, safety="Gestes barrières")
    what = open_mission(actor=chief, organisation=where, facts=facts)
    fire(MISSION, what, "publish", actor=chief)

    host = arrive(site.url, means, "structure")
    come_in(host, boss)
    host.open(f"/espace/{where.pk}/missions/{what.pk}/")
    host.says("Quelques conseils", "Rien n'est bloqué", "06 12 34 56 78")
    host.look("conseils")
    host.open(f"/espace/{where.pk}/missions/{what.pk}/modifier/")
    host.says("Quelques conseils")
    host.look("conseils-formulaire")

    who = arrive(site.url, means, "operateur")
    come_in(who, reader)
    page = f"/operateur/missions/{what.pk}/"
    who.open(page)
    who.says("À regarder", "« salaire » fait penser à un emploi", "Le salaire de la semaine, ce sont les sourires des familles.")
    who.look("a-regarder")
    finding = what.findings.get(made_by__key="mission-pay")
    who.press(f"#verification-{finding.pk} button", to=f"{page}$")
    who.says("cette fausse alerte est comptée", "Remettre à regarder")
    who.look("fausse-alerte")

    who.open("/operateur/verifications/")
    who.says("Vérifications", percent())
    who.look("verifications")
    who.press(who.page.get_by_role("link", name="Emploi ou rémunération"), to="/mission-pay/$")
    who.look("mots")
    who.fill(words=word)
    who.press('form[action$="/mots/"] button.btn-secondary', to="/mission-pay/$")
    who.says(f"« {word} » est dans la liste")
    run_rechecks(timezone.now())
    who.open(page)
    who.says(f"« {word} » fait penser à un emploi")

    # written more narrowly: it is found no more
    who.open("/operateur/verifications/mission-pay/")
    who.press(who.page.get_by_role("link", name=word, exact=True), to=r"/mots/\d+/$")
    who.look("mot")
    who.fill(words=f"{word} d'or")
    who.press("main form button.btn-primary", to="/mission-pay/$")
    run_rechecks(timezone.now())
    who.open(page)
    assert f"«\u00a0{word}\u00a0» fait penser" not in who.page.content()

    who.open("/operateur/verifications/essayer/")
    who.fill(description="Un salaire, sans CDI. Écrivez à contact@asso.fr.")
    who.press("main form button.btn-primary", to="/essayer/$")
    who.says("Ce qui serait signalé", "« salaire » fait penser", "contact@asso.fr")
    who.look("essayer")
    who.open(f"/verifications/structures/{where.pk}/")
    who.says("Annuaire public", "Aucun annuaire")
    who.look("structure")
