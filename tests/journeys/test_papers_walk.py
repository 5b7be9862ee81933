"""After the mission: who came, how many hours, and the papers that say so (P5, R33, R35, R36)."""

from __future__ import annotations

import pytest
from tests.factories import days, manager, mission, organisation, participation, today, volunteer
from tests.factories.hours import past_mission
from tests.harness.browser import DESKTOP, KEYBOARD, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.journeys.steps import come_in

from renfort.documents.models import Paper
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Participation

pytestmark = pytest.mark.browser
DO_IT = 'main form:has([name="seen"]) button[type="submit"]'


def fetch(visitor: Visitor, selector: str) -> bytes:
    """Press a button that hands a file over; the file."""
    with visitor.page.expect_download() as waiting:
        visitor.press(selector)
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize("means", [DESKTOP, PHONE, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_hours_go_from_the_volunteer_to_the_certificate_and_its_verification(site, arrive, means, tmp_path):
    chief = manager(organisation(name=f"Secours Bordeaux {means.name}"), email=f"chef.{means.name}@example.org")
    where = chief.grants.first().organisation
    what = past_mission(where, places=9, title="Distribution de repas")
    awa = volunteer(first_name="Awa", last_name="Diallo", email=f"awa.{means.name}@example.org")
    leo = volunteer(first_name="Léo", last_name="N'Diaye-Brückner", email=f"leo.{means.name}@example.org")
    came, away = participation(what, awa, state=P.ONGOING), participation(what, leo, state=P.ONGOING)

    # the volunteer declares
    helper = arrive(site.url, means, "benevole")
    come_in(helper, awa)
    helper.open(f"/espace/benevole/{came.pk}/")
    helper.look("participation")
    helper.press(f'main a[href="/espace/benevole/{came.pk}/heures/"]', to="/heures/$")
    helper.look("mes-heures-vides")
    helper.fill(quarters="beaucoup")
    helper.submit('main form:has([name="quarters"]) button.btn-primary')
    helper.look("mes-heures-a-corriger")
    helper.fill(quarters="7,5")
    helper.submit('main form:has([name="quarters"]) button.btn-primary')
    helper.says("7 h 30".replace(" ", "\u00a0"))
    helper.look("mes-heures-declarees")

    # the organisation confirms, and says who came
    host = arrive(site.url, means, "structure")
    come_in(host, chief)
    host.open(f"/espace/{where.pk}/missions/{what.pk}/")
    host.look("mission-finie")
    host.press(f'main a[href$="/missions/{what.pk}/heures/"]', to="/heures/$")
    host.look("heures-de-la-mission")
    host.submit('button[name="which"][value="all"]')
    host.says("1 réponse enregistrée.")
    host.look("heures-confirmees")
    host.open(f"/espace/{where.pk}/missions/{what.pk}/presences/")
    host.look("qui-est-venu")
    host.choose(f"p{came.pk}-came", "present")
    host.choose(f"p{away.pk}-came", "absent")
    host.submit("form.presence button.btn-primary")
    host.says("2 réponses enregistrées.")
    host.look("qui-est-venu-dit")
    host.open(f"/espace/{where.pk}/participations/{came.pk}/")
    host.look("participation-structure")
    host.open(f"/espace/{where.pk}/participations/{came.pk}/heures/")
    host.look("heures-d-une-personne")

    # the certificate, and what anybody reads of it
    helper.open("/espace/benevole/attestations/")
    helper.look("mes-attestations-avant")
    helper.submit('main form:has([name="first_on"]) button.btn-primary')
    helper.look("mes-attestations")
    paper = Paper.objects.filter(person=awa).latest("pk")
    content = fetch(helper, f'a[href="{paper.download_path}"]')
    assert content.startswith(b"%PDF-")
    (helper.folder / "attestation-engagement.pdf").write_bytes(content)
    anybody = arrive(site.url, means, "quelqu-un")
    anybody.open("/verifier/")
    anybody.look("verifier")
    anybody.fill(code=paper.written_code.lower())
    anybody.submit("main form button.btn-primary")
    anybody.says("Ce document est authentique", "Awa Diallo")
    anybody.look("authentique")
    file = tmp_path / "recu.pdf"
    file.write_bytes(content + b" ")
    anybody.page.set_input_files('input[type="file"]', file)
    anybody.submit('main form:has([type="file"]) button')
    anybody.says("Fichier différent")
    anybody.look("fichier-different")
    file.write_bytes(content)
    anybody.page.set_input_files('input[type="file"]', file)
    anybody.submit('main form:has([type="file"]) button')
    anybody.says("Fichier inchangé")
    anybody.open("/verifier/K7QD-4M2X-9PWT-H3VC/")
    anybody.says("Document inconnu")
    anybody.look("inconnu")


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_an_absence_is_contested_and_answered(site, arrive, means):
    chief = manager(organisation(name=f"Repas du soir {means.name}"), email=f"repas.{means.name}@example.org")
    where = chief.grants.first().organisation
    what = past_mission(where, places=9)
    leo = volunteer(first_name="Léo", last_name="Martin", email=f"leo.absent.{means.name}@example.org")
    away = participation(what, leo, state=P.ONGOING)
    host, helper = arrive(site.url, means, "structure"), arrive(site.url, means, "benevole")
    come_in(host, chief)
    host.open(f"/espace/{where.pk}/participations/{away.pk}/absence/")
    host.look("signaler-une-absence")
    host.press(DO_IT, to=rf"/participations/{away.pk}/$")
    host.says("Absence signalée, contestable jusqu'au")
    host.look("absence-signalee")

    letter = site.letter(leo.account.email)
    come_in(helper, leo)
    helper.open(f"/espace/benevole/{away.pk}/")
    helper.says("Votre présence est à vérifier")
    helper.look("presence-a-verifier")
    helper.open(letter.link)
    helper.fill(message="J'étais là de 9 h à midi, avec Maryse.")
    helper.look("contester")
    helper.press(DO_IT, to=rf"/espace/benevole/{away.pk}/$")
    helper.look("contestee")

    host.open(site.letter(chief.email).link)
    host.says("J'étais là de 9 h à midi, avec Maryse.")
    host.look("absence-contestee")
    host.press('a[href$="/est-venu/"]', to="/est-venu/$")
    host.press(DO_IT, to=rf"/participations/{away.pk}/$")
    host.says("Mission effectuée")
    assert Participation.objects.get(pk=away.pk).state == P.DONE


def test_the_attestation_for_the_road_is_fetched_by_keyboard(site, arrive):
    what = mission(organisation(name="Secours Bordeaux"), starts_on=today(), ends_on=today() + days(2), places=3)
    awa = volunteer(first_name="Awa", last_name="Diallo", email="awa.route@example.org")
    mine = participation(what, awa, state=P.ACCEPTED)
    helper = arrive(site.url, KEYBOARD)
    come_in(helper, awa)
    helper.open(f"/espace/benevole/{mine.pk}/")

    content = fetch(helper, f'form[action="/espace/benevole/{mine.pk}/attestation/"] button')

    assert content.startswith(b"%PDF-")
    (helper.folder / "attestation-mission.pdf").write_bytes(content)
