"""After a session: a participant's phone, from the e-mail to certificate and opinion; the coordination reads the results (W7)."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone
from tests.factories.workshops import assignment, facilitator, open_programme, questionnaire, registration, session, staff, survey
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.workshops.services.surveys import answer, thank

pytestmark = pytest.mark.browser


def test_from_the_mail_to_the_results(site, arrive):
    open_programme()
    what = questionnaire()
    able = facilitator(first_name="Samir", last_name="Haddad")
    one = session(assignment("awarded", by=able, audience="company"), day=-1, state="held")
    there = registration(one, "present", first_name="Awa", last_name="Diallo", email="awa.apres@example.org")
    with transaction.atomic():  # as the clock calls it
        thank(there.pk, timezone.now())

    guest = arrive(site.url, PHONE, "participante")
    guest.open(site.letter("awa.apres@example.org").link)
    guest.says("Après la session", "Votre attestation de présence", "Votre avis")
    guest.look("w-apres")
    with guest.page.expect_download() as fetched:
        guest.page.click('main a:has-text("Télécharger")')
    assert fetched.value.suggested_filename.endswith(".pdf")
    guest.press('main a:has-text("Donner mon avis")', to="/avis/hot/$")
    guest.submit()
    guest.says("Répondez à cette question")
    guest.look("w-avis-vide")
    guest.page.check('input[name="q-satisfaction"][value="4"]', force=True)
    guest.fill(**{"q-words": "La salle était froide."})
    guest.look("w-avis")
    guest.submit()
    guest.says("Merci", "Changer mes réponses")

    leader = arrive(site.url, DESKTOP, "coordination")
    come_in(leader, able.person)
    leader.open(f"/ateliers/missions/{one.assignment_id}/resultats/")
    leader.says("1 réponse seulement", "La salle était froide.")
    leader.look("w-resultats-caches")
    for mark in (5, 5, 4, 3):
        answer(survey=survey(registration(one, "present"), what=what), said={"satisfaction": str(mark), "liked": ["c1", "c2"]})
    leader.open(f"/ateliers/missions/{one.assignment_id}/resultats/")
    leader.says("4,2 sur 5")
    leader.look("w-resultats")
    leader.open(f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/attestations/")
    leader.says("Awa Diallo", "Renvoyer")
    leader.look("w-attestations")

    chief = arrive(site.url, PHONE, "association")
    come_in(chief, staff())
    chief.open("/ateliers/association/resultats/")
    chief.says("Satisfaction, mois par mois")
    chief.look("w-satisfaction")
    chief.open(f"/ateliers/association/questionnaires/{what.pk}/")
    chief.look("w-questionnaire")
    chief.open(f"/ateliers/association/questionnaires/{what.pk}/apercu/")
    chief.look("w-questionnaire-apercu")
