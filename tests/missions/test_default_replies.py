"""R33, R58: the operator proposes replies to every team; a team uses one as it is, or makes its own of it."""

from __future__ import annotations

from html import unescape

import pytest
from tests.factories import client_of, manager, operator, organisation, participation

from renfort.missions.models import DefaultReply, ReplyTemplate
from renfort.missions.models.replies import NAMES
from renfort.missions.selectors.views import replies_offered
from renfort.missions.services.replies import VARIABLES
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
LIST = "/operateur/listes/modeles-de-reponse/"
SAID = "Bonjour {prénom}, « {mission} » est complète."


@pytest.fixture
def boss():
    return client_of(operator())


def names(where):
    return [each.name for each in replies_offered(where.pk)]


def test_the_variables_of_the_operators_replies_are_those_that_are_filled_in():
    assert set(NAMES) == set(VARIABLES)


def test_a_reply_is_added_changed_withdrawn_and_brought_back_and_teams_see_it_at_once(boss):
    where = organisation()
    assert names(where) == ["C'est complet", "Un autre profil"]

    boss.post(LIST, {"label_fr": "Plus tard", "text_fr": SAID, "text_en": "Dear {prénom}, not now."})
    made = DefaultReply.objects.get(key="plus-tard")
    assert names(where)[-1] == "Plus tard"
    url = f"{LIST}{made.pk}/"
    boss.post(url, {"label_fr": "Plus tard", "text_fr": "Bonjour {prénom}.\r\nPas cette fois."})
    assert replies_offered(where.pk)[-1].text == "Bonjour {prénom}.\nPas cette fois."
    page = boss.get(url)
    assert "texte en français" in unescape(page.content.decode())
    boss.post(url, {"ligne": page.context["renamed"][0].pk})
    made.refresh_from_db()
    assert (made.text_fr, made.text_en) == (SAID, "Dear {prénom}, not now.")
    boss.post(f"{url}retirer/")
    assert "Plus tard" not in names(where)


def test_a_variable_that_stands_for_nothing_is_refused_with_those_that_exist(boss):
    answer = boss.post(LIST, {"label_fr": "Plus tard", "text_fr": "Bonjour {prenon}."})

    said = unescape(answer.content.decode())
    assert answer.status_code == 422 and "« {prenon} » n’est pas connu" in said and "{structure}" in said
    assert not DefaultReply.objects.filter(key="plus-tard").exists()
    assert boss.post(LIST, {"label_fr": "Vide", "text_fr": ""}).status_code == 422


def test_a_team_refuses_with_the_operators_words_filled_in():
    made = participation()
    where = made.mission.organisation
    reply = DefaultReply.objects.get(key="complet")
    sent = {"geste": "refuse", "reason": "enough_people", "message": "", "modele": reply.choice, "seen": made.version}

    client_of(manager(where)).post(f"/espace/{where.pk}/participations/{made.pk}/statut/", sent)

    letter = Outgoing.objects.get(message="missions.participation.refused").text
    assert f"Bonjour {made.person.first_name}" in letter and where.name in letter and "{" not in letter


def test_a_team_makes_its_own_of_it_and_then_sees_its_own_alone():
    where = organisation()
    browser = client_of(manager(where))
    reply = DefaultReply.objects.get(key="complet")
    listed = f"/espace/{where.pk}/participations/modeles/"
    assert "Proposés à toutes les structures" in browser.get(listed).content.decode()

    form = browser.get(f"{listed}nouveau/?depuis={reply.choice}").context["form"]
    assert form.initial == {"name": "C'est complet", "text": reply.text_fr}
    browser.post(f"{listed}nouveau/", form.initial)

    assert ReplyTemplate.objects.get().organisation_id == where.pk
    assert names(where) == ["C'est complet", "Un autre profil"] and names(organisation())[0] == "C'est complet"
    assert replies_offered(where.pk)[0].choice.isdigit()


@pytest.mark.parametrize("choice", ["d0", "d", "dx", "d99999999999999999999", "0", "\x00", "٣"])
def test_a_choice_that_does_not_exist_fills_in_nothing(choice):
    where = organisation()

    page = client_of(manager(where)).get(f"/espace/{where.pk}/participations/modeles/nouveau/", {"depuis": choice})

    assert (page.status_code, page.context["form"].initial) == (200, {})
