"""R5: an organisation claims a national network; nothing of it shows until somebody else confirms."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories import (
    actor,
    as_manager,
    as_operator,
    client_of,
    manager,
    membership,
    mission,
    operator,
    organisation,
    volunteer,
)

from renfort.kernel.firing import NotAllowed, fire
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.models import NetworkMembership
from renfort.organisations.selectors import confirmed_networks, memberships_visible
from renfort.organisations.workflow import NETWORK

pytestmark = pytest.mark.django_db
QUEUE = "/operateur/reseaux/"


def test_a_claim_by_a_stranger_changes_nothing_in_public():
    where = organisation()
    before = client_of(None).get(mission(where).get_absolute_url()).content.decode()
    membership(where, "croix-rouge")

    assert confirmed_networks(where) == []
    assert "Croix-Rouge" not in before
    assert "Croix-Rouge" not in unescape(client_of(None).get(mission(where).get_absolute_url()).content.decode())


def test_the_organisation_sees_that_it_waits():
    where = organisation()
    membership(where, "croix-rouge")

    page = unescape(client_of(manager(where)).get(f"/espace/{where.pk}/structure/").content.decode())

    assert "À confirmer" in page and "Seul un réseau confirmé se voit" in page


def test_the_operator_confirms_and_the_managers_are_told():
    where = organisation(name="Secours Bordeaux")
    chief = manager(where)
    claim, boss = membership(where, "croix-rouge"), client_of(operator())
    page = unescape(boss.get(QUEUE).content.decode())
    assert "Secours Bordeaux" in page and "Croix-Rouge" in page

    assert boss.post(f"{QUEUE}{claim.pk}/confirmer/", {"seen": claim.version}).url == QUEUE

    assert [network.key for network in confirmed_networks(where)] == ["croix-rouge"]
    letter = Outgoing.objects.get(message="organisations.network.confirmed")
    assert (letter.address, Notice.objects.filter(person=chief).count()) == (chief.account.email, 1)
    assert "Aucune appartenance à confirmer" in unescape(boss.get(QUEUE).content.decode()), "nothing waits any more"
    assert "Secours Bordeaux" in unescape(boss.get(f"{QUEUE}?statut=confirmed").content.decode())
    assert "Secours Bordeaux" in unescape(boss.get(f"{QUEUE}?statut=tous&q=bordeaux").content.decode())


def test_the_operator_refuses_with_reasons_and_may_change_ones_mind():
    where = organisation()
    manager(where)
    claim, boss = membership(where), as_operator()

    fire(NETWORK, claim, "refuse", actor=boss, answers={"reasons": "Le réseau ne vous connaît pas."})
    assert confirmed_networks(where) == []
    assert "Le réseau ne vous connaît pas." in Outgoing.objects.get(message="organisations.network.refused").text
    fire(NETWORK, claim, "confirm", actor=boss)
    assert len(confirmed_networks(where)) == 1
    fire(NETWORK, claim, "end", actor=boss, answers={"reasons": "Erreur."})
    assert confirmed_networks(where) == []


def test_nobody_confirms_for_oneself():
    where = organisation()
    claim = membership(where)

    for someone in (as_manager(where), actor(volunteer()), as_manager(organisation())):
        with pytest.raises(NotAllowed):
            fire(NETWORK, claim, "confirm", actor=someone)
    assert client_of(manager(where)).post(f"{QUEUE}{claim.pk}/confirmer/", {"seen": 1}).status_code == 404
    with pytest.raises(IntegrityError, match="state changed outside a transition"), transaction.atomic():
        NetworkMembership.objects.filter(pk=claim.pk).update(state="confirmed")


def test_a_manager_knows_of_the_claims_of_ones_own_organisation_alone():
    mine, other = membership(organisation()), membership(organisation())

    assert list(memberships_visible(as_manager(mine.organisation))) == [mine]
    assert set(memberships_visible(as_operator())) == {mine, other}


def test_an_organisation_claims_a_network_once():
    where = organisation()
    membership(where)

    with pytest.raises(IntegrityError, match="organisations_networkmembership_once"), transaction.atomic():
        membership(where)


def test_the_queue_costs_the_same_for_one_and_for_twenty():
    boss = client_of(operator())
    counts = []
    for number in (1, 19):
        for _ in range(number):
            membership(organisation())
        boss.get(QUEUE)
        with connection.execute_wrapper(lambda execute, *args: (counts.append(1), execute(*args))[1]):
            boss.get(QUEUE)
        counts.append(0)

    first = counts.index(0)
    assert first == len(counts) - first - 2


@pytest.mark.parametrize("query", ["?statut=royaume", "?q=%00", "?page=x", "?page=-1", "?q=" + "x" * 5000, "?statut=%00"])
def test_a_strange_address_is_answered(query):
    assert client_of(operator()).get(f"{QUEUE}{query}").status_code == 200
