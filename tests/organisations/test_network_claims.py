"""R5, R56: the head of a network says who is of it; a claim gives nothing before, and an end takes it back."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    client_of,
    manager,
    membership,
    mission,
    operator,
    organisation,
    referent,
    supervisor,
    volunteer,
)

from renfort.kernel.firing import NotAllowed, Unanswered, fire
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.models import Network, NetworkMembership
from renfort.organisations.selectors import confirmed_networks, memberships_visible
from renfort.organisations.services.networks import decide_claims
from renfort.organisations.workflow import NETWORK

pytestmark = pytest.mark.django_db


def network(key="croix-rouge"):
    return Network.objects.get(key=key)


def home():
    return f"/reseau/{network().pk}/"


QUEUE = "structures/a-confirmer/"


def read(browser, address=QUEUE):
    return unescape(browser.get(f"{home()}{address}").content.decode())


def test_the_supervisor_sees_the_claims_on_the_network_the_oldest_first_with_their_age():
    young, old = membership(organisation(name="Antenne jeune")), membership(organisation(name="Antenne ancienne"))
    NetworkMembership.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=9))
    membership(organisation(name="Autre réseau"), "secours-populaire")
    membership(organisation(name="Déjà là"), state="confirmed")
    membership(organisation(name="Partie", left_at=timezone.now()))

    page = read(client_of(supervisor()))

    assert page.index("Antenne ancienne") < page.index("Antenne jeune")
    assert "il y a 9 jours" in page
    assert [name in page for name in ("Autre réseau", "Déjà là", "Partie")] == [False, False, False]
    assert young.state == "claimed"


def test_confirming_shows_the_name_in_public_and_tells_the_managers():
    where = organisation()
    chief, public = manager(where), mission(where).organisation_url
    claim = membership(where)
    assert network().label not in unescape(client_of(None).get(public).content.decode())

    answer = client_of(supervisor()).post(f"{home()}appartenances/{claim.pk}/confirmer/", {"seen": claim.version})

    assert answer.url == f"{home()}{QUEUE}"
    assert [each.key for each in confirmed_networks(where)] == ["croix-rouge"]
    assert Outgoing.objects.get(message="organisations.network.confirmed").address == chief.account.email
    assert network().label in unescape(client_of(None).get(public).content.decode())


def test_refusing_asks_a_reason_that_the_organisation_reads():
    where = organisation()
    manager(where)
    claim, browser = membership(where), client_of(supervisor())
    url = f"{home()}appartenances/{claim.pk}/refuser/"

    assert browser.post(url, {"seen": claim.version}).status_code == 422
    assert browser.post(url, {"seen": claim.version, "reasons": "Nous ne vous connaissons pas."}).status_code == 302
    assert "Nous ne vous connaissons pas." in Outgoing.objects.get(message="organisations.network.refused").text
    assert confirmed_networks(where) == []


def test_a_membership_ends_with_a_reason_and_the_organisation_is_told():
    where = organisation()
    manager(where)
    held, who = membership(where, state="confirmed"), actor(supervisor())

    with pytest.raises(Unanswered):
        fire(NETWORK, held, "end", actor=who)
    fire(NETWORK, held, "end", actor=who, answers={"reasons": "Vous avez changé de fédération."})

    letter = Outgoing.objects.get(message="organisations.network.ended")
    assert "Vous avez changé de fédération." in letter.text and "Vos missions restent en ligne" in letter.text
    assert confirmed_networks(where) == []
    page = unescape(client_of(manager(where)).get(f"/espace/{where.pk}/structure/").content.decode())
    assert "Ne fait plus partie du réseau" in page


def test_nobody_else_decides_on_the_claims_of_a_network():
    where = organisation()
    claim = membership(where)
    strangers = (supervisor("secours-populaire"), manager(where), referent("33"), volunteer())

    for someone in strangers:
        with pytest.raises(NotAllowed):
            fire(NETWORK, claim, "confirm", actor=actor(someone))
        for url in (f"{home()}{QUEUE}", f"{home()}appartenances/{claim.pk}/confirmer/"):
            assert client_of(someone).get(url).status_code == 404
    theirs = membership(organisation(), "secours-populaire")
    answer = client_of(supervisor()).post(f"{home()}appartenances/{theirs.pk}/confirmer/", {"seen": 1})
    assert answer.status_code == 404
    assert client_of(operator()).get(f"{home()}{QUEUE}").status_code == 404


def test_whatever_a_supervisor_may_decide_is_visible_to_them():
    """Design decision 9."""
    claims = [membership(organisation(), key) for key in ("croix-rouge", "secours-populaire", "emmaus")]
    for who in (actor(supervisor()), actor(supervisor("emmaus")), as_manager(organisation())):
        may = {each for each in claims if any(move.who(who, each) for move in NETWORK.transitions)}
        assert may <= set(memberships_visible(who))


def test_a_claim_tells_the_supervisors_of_the_network():
    someone, where = supervisor(), organisation()
    chief = as_manager(where)
    from renfort.organisations.services.organisation import _set_networks

    _set_networks(where, ["croix-rouge"], actor=chief)

    letter = Outgoing.objects.get(message="organisations.network.claimed")
    assert (letter.address, Notice.objects.filter(person=someone).count()) == (someone.account.email, 1)


# ── several at once ───────────────────────────────────────────────────────────────────────────────
def test_several_are_answered_at_once_each_with_its_outcome():
    first, second, gone = (membership(organisation(name=f"Antenne {name}")) for name in ("A", "B", "C"))
    marks = [f"{each.pk}.{each.version}" for each in (first, second, gone)]
    fire(NETWORK, gone, "refuse", actor=actor(operator()), answers={"reasons": "Non."})
    browser, url = client_of(supervisor()), f"{home()}{QUEUE}plusieurs/"

    preview = browser.post(url, {"geste": "confirm", "ligne": marks})
    assert "3 structures" in unescape(preview.content.decode())
    assert NetworkMembership.objects.filter(state="confirmed").count() == 0, "nothing before it is asked for"
    page = unescape(browser.post(url, {"geste": "confirm", "ligne": marks, "faire": "1"}).content.decode())

    states = dict(NetworkMembership.objects.values_list("pk", "state"))
    assert states == {first.pk: "confirmed", second.pk: "confirmed", gone.pk: "refused"}
    assert "1 réponse n’a pas pu être donnée" in page and "Quelqu'un d'autre a été plus rapide" in page


def test_several_refusals_need_one_reason():
    claims = [membership(organisation()) for _ in range(2)]
    marks = [f"{each.pk}.{each.version}" for each in claims]
    browser, url = client_of(supervisor()), f"{home()}{QUEUE}plusieurs/"

    assert browser.post(url, {"geste": "refuse", "ligne": marks, "faire": "1"}).status_code == 422
    assert NetworkMembership.objects.filter(state="claimed").count() == 2
    browser.post(url, {"geste": "refuse", "ligne": marks, "faire": "1", "reasons": "Inconnues."})
    assert NetworkMembership.objects.filter(state="refused").count() == 2


@pytest.mark.parametrize(
    "said",
    [{}, {"geste": "confirm"}, {"geste": "x", "ligne": "1.1"}, {"geste": "confirm", "ligne": "x.y"},
     {"geste": "confirm", "ligne": "9" * 30}, {"geste": "end", "ligne": "1.1"}],
)  # fmt: skip
def test_nonsense_decides_nothing(said):
    membership(organisation())

    answer = client_of(supervisor()).post(f"{home()}{QUEUE}plusieurs/", said)

    assert answer.status_code == 302
    assert NetworkMembership.objects.get().state == "claimed"


def test_another_networks_claims_are_not_answered_with_ones_own():
    theirs = membership(organisation(), "secours-populaire")

    client_of(supervisor()).post(
        f"{home()}{QUEUE}plusieurs/", {"geste": "confirm", "ligne": f"{theirs.pk}.{theirs.version}", "faire": "1"}
    )
    done = decide_claims(actor=actor(supervisor()), verb="confirm", claims=[theirs], seen={}, answers={})

    theirs.refresh_from_db()
    assert theirs.state == "claimed"
    assert done[0].refusals == ["Vous ne supervisez plus ce réseau."]


# ── the organisation's own page ───────────────────────────────────────────────────────────────────
def test_an_ended_membership_is_claimed_anew_only_when_the_organisation_names_the_network_again():
    where = organisation()
    held = membership(where, state="confirmed")
    fire(NETWORK, held, "end", actor=actor(supervisor()), answers={"reasons": "Autre."})
    from renfort.organisations.services.organisation import _set_networks

    page = client_of(manager(where)).get(f"/espace/{where.pk}/structure/")
    assert page.context["form"].initial["networks"] == []
    _set_networks(where, [], actor=as_manager(where))
    assert NetworkMembership.objects.get().state == "ended"
    _set_networks(where, ["croix-rouge"], actor=as_manager(where))
    assert NetworkMembership.objects.get().state == "claimed"
