"""R56: the head of a national network, whose scope is the network and nothing else (R5, P13)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests.factories import actor, client_of, manager, membership, operator, organisation, referent, supervisor, volunteer

from renfort.kernel.actors import ANONYMOUS, CLOCK
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Network, Organisation
from renfort.organisations.rules import supervises
from renfort.organisations.selectors.supervision import supervised

pytestmark = pytest.mark.django_db


def network(key="croix-rouge"):
    return Network.objects.get(key=key)


def seen(who):
    return set(Organisation.objects.filter(supervised(who, organisation="pk")))


def test_a_supervisor_sees_the_confirmed_organisations_of_the_network_and_no_other():
    """R5: a claim gives no visibility before it is confirmed."""
    ours, claiming, refused, others = organisation(), organisation(), organisation(), organisation()
    membership(ours, state="confirmed")
    membership(claiming)
    membership(refused, state="refused")
    membership(others, "secours-populaire", state="confirmed")
    organisation()

    assert seen(actor(supervisor())) == {ours}
    assert seen(actor(supervisor("secours-populaire"))) == {others}


def test_nobody_but_a_supervisor_supervises():
    where = organisation()
    membership(where, state="confirmed")

    for who in (actor(operator()), actor(referent("33")), actor(manager(where)), actor(volunteer()), ANONYMOUS, CLOCK):
        assert (seen(who), supervises(who, network().pk)) == (set(), False)


def test_a_supervisor_of_one_network_is_nobody_in_another():
    who = actor(supervisor())

    assert supervises(who, network().pk)
    assert not supervises(who, network("secours-populaire").pk)


def test_each_network_is_a_role_of_its_own_whose_scope_is_written():
    """P13: « Superviseur · Croix-Rouge », never « Superviseur » alone."""
    someone = supervisor()
    other = network("secours-populaire")
    Grant.objects.create(
        person=someone, programme=Programme.RESERVE, role=Role.SUPERVISOR, scope_kind=ScopeKind.NETWORK, scope=str(other.pk),
        network=other,
    )  # fmt: skip
    membership(theirs := organisation(), "secours-populaire", state="confirmed")
    membership(ours := organisation(), state="confirmed")
    who = actor(someone)
    first = who.in_role(f"reserve:supervisor:network:{network().pk}")

    assert [held.label for held in who.roles] == [f"Superviseur · {network().label}", f"Superviseur · {other.label}"]
    assert seen(who) == {ours, theirs}
    assert first is not None and seen(first) == {ours}


@pytest.mark.parametrize(("scope", "named"), [("{own}", False), ("{other}", True), ("33", True), ("", True)])
def test_the_database_holds_that_the_network_exists_and_is_the_scope(scope, named):
    own, other = network(), network("secours-populaire")
    said = scope.format(own=own.pk, other=other.pk)

    with pytest.raises(IntegrityError, match="organisations_grant_network"), transaction.atomic():
        Grant.objects.create(
            person=volunteer(), programme=Programme.RESERVE, role=Role.SUPERVISOR, scope_kind=ScopeKind.NETWORK, scope=said,
            network=own if named else None,
        )  # fmt: skip


def test_the_space_of_a_network_opens_for_its_supervisor_alone():
    """P11, P13: what is not held does not exist; « Mon espace » leads there."""
    someone, place = supervisor(), f"/reseau/{network().pk}/"
    browser = client_of(someone)

    assert browser.get("/espace/").url == place
    page = browser.get(place)
    assert f"Superviseur · {network().label}" in page.content.decode()
    assert browser.get(f"/reseau/{network('secours-populaire').pk}/").status_code == 404
    assert browser.get("/reseau/999999999999/").status_code == 404
    for stranger in (operator(), manager(), volunteer(), referent("33")):
        assert client_of(stranger).get(place).status_code == 404
