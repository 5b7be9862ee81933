"""R56: the operator invites heads of networks by e-mail, as referents are, and removes them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import account, actor, as_operator, client_of, operator, person, referent_invitation, supervisor, volunteer

from renfort.kernel.firing import NotAllowed, Refused
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Grant, Network, ReferentInvitation
from renfort.organisations.services.referents import accept_referent
from renfort.organisations.services.supervisors import SupervisorFacts, invite_supervisor, remove_supervisor

pytestmark = pytest.mark.django_db
PLACE = "/operateur/reseaux/superviseurs/"


def network(key="croix-rouge"):
    return Network.objects.get(key=key)


def facts(**said):
    given = {"first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org", "network": network()}
    return SupervisorFacts(**{**given, **said})


def invited(**said):
    return referent_invitation(by=operator(), departments=[], function="", network=network(), **said)


def test_the_operator_invites_by_the_page_and_one_e_mail_leaves_however_often_it_is_sent():
    browser = client_of(operator())
    said = {"form_token": str(uuid4()), "first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org",
            "network": network().pk}  # fmt: skip

    for _ in range(2):
        assert browser.post(f"{PLACE}inviter/", said).url == PLACE
    browser.post(f"{PLACE}inviter/", {**said, "form_token": str(uuid4())})

    assert ReferentInvitation.objects.get().network == network()
    letter = Outgoing.objects.get()
    assert "superviser le réseau Croix-Rouge" in letter.text and "référent" not in letter.text
    page = unescape(browser.get(PLACE).content.decode())
    assert "Nadia Nouvelle" in page and "Croix-Rouge" in page
    assert "Nadia Nouvelle" not in unescape(browser.get("/operateur/referents/").content.decode())


def test_who_has_an_account_accepts_and_is_head_of_that_network():
    someone = volunteer()
    invited(token="net-token", email=someone.account.email)
    browser = client_of(someone)

    page = unescape(browser.get("/invitation/referent/net-token/").content.decode())
    assert re.search(r"Superviseur\s: Croix-Rouge", page) and "Devenir superviseur" in page
    answer = browser.post("/invitation/referent/net-token/")

    assert answer.url == f"/reseau/{network().pk}/"
    assert browser.get(answer.url).status_code == 200
    told = Outgoing.objects.get(message="organisations.referent.accepted")
    assert "supervise désormais le réseau Croix-Rouge" in told.subject


def test_who_has_no_account_makes_one_and_arrives_there():
    invited(token="net-token", email="nadia@example.org")
    browser = client_of(None)
    said = {"form_token": str(uuid4()), "first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org",
            "password1": "Corbeau-bleu-7", "password2": "Corbeau-bleu-7"}  # fmt: skip

    browser.get("/invitation/referent/net-token/inscription/")
    answer = browser.post("/invitation/referent/net-token/inscription/", said)

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Grant.objects.get(role="supervisor").network == network()
    assert browser.get(f"/reseau/{network().pk}/").status_code == 200


def test_declining_gives_nothing_and_tells_the_operator():
    invited(token="net-token")
    client_of(None).post("/invitation/referent/net-token/decliner/")

    assert not Grant.objects.filter(role="supervisor").exists()
    assert "ne supervisera pas le réseau" in Outgoing.objects.get().subject


def test_an_invitation_that_has_expired_gives_no_role():
    found = invited(token="net-token", expires_at=timezone.now() - timedelta(minutes=1))
    someone = account(person()).person

    with pytest.raises(Refused):
        accept_referent(actor=actor(someone), person=someone, invitation=found)
    assert not Grant.objects.filter(role="supervisor").exists()


def test_a_network_has_several_supervisors_and_one_person_several_networks():
    first, second = supervisor(), supervisor()
    invite_supervisor(actor=as_operator(), facts=facts(network=network("emmaus"), email=first.account.email))
    with pytest.raises(Refused, match="supervise déjà"):
        invite_supervisor(actor=as_operator(), facts=facts(email=second.account.email))
    assert ReferentInvitation.objects.count() == 1


def test_only_the_operator_invites_and_removes():
    head = supervisor()
    held = Grant.objects.get(person=head)

    for someone in (head, volunteer()):
        with pytest.raises(NotAllowed):
            invite_supervisor(actor=actor(someone), facts=facts())
        with pytest.raises(NotAllowed):
            remove_supervisor(actor=actor(someone), grant=held)
        assert client_of(someone).get(PLACE).status_code == 404


def test_who_is_removed_is_out_at_once_and_told():
    head = supervisor()
    held, browser, boss = Grant.objects.get(person=head), client_of(head), client_of(operator())
    url = f"{PLACE}{held.pk}/retirer/"

    assert "n’aura plus de superviseur" in unescape(boss.get(url).content.decode())
    assert boss.post(url).url == PLACE

    assert browser.get(f"/reseau/{network().pk}/").status_code == 404
    assert "Vous ne supervisez plus le réseau Croix-Rouge" in Outgoing.objects.get().subject
    assert boss.post(url).status_code == 404


def test_the_database_keeps_one_open_invitation_for_a_network_and_an_address():
    invited(token="one")
    with pytest.raises(IntegrityError, match="organisations_supervisorinvitation_once"), transaction.atomic():
        invited(token="two")
    with pytest.raises(IntegrityError, match="one_scope"), transaction.atomic():
        referent_invitation(by=operator(), token="three", email="x@example.org", departments=["24"], network=network("emmaus"))


@pytest.mark.parametrize("said", [{}, {"network": "x"}, {"network": 10**30}, {"email": "non"}, {"first_name": ""}])
def test_a_form_that_says_too_little_invites_nobody(said):
    given = {"form_token": str(uuid4()), "first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org"}

    assert client_of(operator()).post(f"{PLACE}inviter/", {**given, **said}).status_code == 422
    assert not ReferentInvitation.objects.exists()
