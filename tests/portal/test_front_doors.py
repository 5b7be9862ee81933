"""One programme or several: what the front page, head and foot speak of (P13)."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from tests.factories import client_of, operator
from tests.factories.workshops import open_programme, staff

from renfort.kernel.actors import SERVICE
from renfort.kernel.recent import forget_all
from renfort.parameters.catalogue import DOORS, FRONT, OPEN, PROGRAMMES
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db


def read(client, url):
    return unescape(client.get(url).content.decode())


def test_doors_are_shown_when_several_programmes_are_open_and_the_operator_wants_them():
    set_value(FRONT, DOORS, actor=SERVICE)
    assert "J’ai du temps" in read(Client(), "/"), "one programme alone has no doors"

    open_programme()
    shown = read(Client(), "/")
    assert "Choisissez ce qui vous amène" in shown and 'href="/reserve-civique/"' in shown and "J’ai du temps" not in shown
    assert "J’ai du temps" in read(Client(), "/reserve-civique/")


def test_each_open_programme_has_its_door_and_no_other_has():
    set_value(FRONT, DOORS, actor=SERVICE)
    set_value(PROGRAMMES["civic_service"], OPEN, actor=SERVICE)
    forget_all()
    shown = read(Client(), "/")
    assert "Accueillir des volontaires" in shown and "Coordination de sessions" not in shown

    open_programme()
    shown = read(Client(), "/")
    assert "Accueillir des volontaires" in shown and "Coordination de sessions" in shown


def test_the_home_of_the_reserve_has_one_address():
    open_programme()
    answer = Client().get("/reserve-civique/")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_page_of_the_workshops_says_no_word_of_the_reserve():
    open_programme()
    boss = client_of(staff())
    for url in ("/ateliers/association/", "/ateliers/association/clients/"):
        shown = read(boss, url)
        assert "Coordination de sessions" in shown
        assert not any(words in shown for words in ("Trouver une mission", "Devenir bénévole", "Inscrire ma structure"))
    stranger = read(Client(), "/ateliers/invitation/inconnue/")
    assert "Trouver une mission" not in stranger and "Devenir bénévole" not in stranger


def test_a_page_of_the_reserve_says_no_word_of_the_workshops():
    open_programme()
    assert "Coordination de sessions" not in read(Client(), "/missions/")
    assert "Des renforts pour celles et ceux qui aident" in read(client_of(operator()), "/operateur/")
