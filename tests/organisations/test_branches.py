"""R56: a network invites its local branches; what comes of it is in the network at once, and never a second organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import account, actor, client_of, manager, membership, organisation, person, supervisor, tutor, volunteer
from tests.organisations.steps import ABOUT, PLACE, YOU, about, place, you
from tests.people.conftest import PASSWORD

from renfort.kernel.firing import NotAllowed, Refused, fire_due
from renfort.kernel.imports import Line
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Outgoing
from renfort.organisations.models import BranchInvitation, Draft, Grant, Network, NetworkMembership, Organisation
from renfort.organisations.selectors.branches import branches_visible, check_branches
from renfort.organisations.services.branches import BranchFacts, invite_branch
from renfort.organisations.tasks import forget
from renfort.organisations.workflow import BRANCH

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return supervisor()


@pytest.fixture
def network():
    return Network.objects.get(key="croix-rouge")


def facts(**changes):
    given = {
        "name": "Croix-Rouge de Pessac", "email": "pessac@example.org", "first_name": "Nadia", "last_name": "Nouvelle",
        "department": "33", "postcode": "33600", "city": "Pessac", "legal_status": "association",
    }  # fmt: skip
    return BranchFacts(**{**given, **changes})


def said(**changes):
    """The form « Inviter une antenne »."""
    given = {"name": "Croix-Rouge de Pessac", "email": "Pessac@Example.org", "postcode": "33600", "city": "Pessac"}
    return {**given, **changes}


def invited(head, network, **changes):
    made = invite_branch(actor=actor(head), network=network.pk, facts=facts(**changes))
    return made, link_in(Outgoing.objects.filter(message="organisations.branch.invited").latest("id"))


def link_in(letter):
    word = next(word for word in letter.text.split() if "/invitation/antenne/" in word)
    return word[word.index("/invitation/") :]


def lines_of(network, **changes):
    line = Line(
        2,
        {
            "siret": "",
            "rna": "",
            "name": "Secours de Pessac",
            "department": "",
            "postcode": "33600",
            "city": "Pessac",
            **changes,
        },
    )
    check_branches(network.pk, [line])
    return line


def member_state(where, network):
    return NetworkMembership.objects.filter(organisation=where, network=network).values_list("state", flat=True).first()


# ── from the invitation to the page ───────────────────────────────────────────────────────────────
def test_an_invited_branch_opens_its_page_prefilled_and_is_in_the_network_at_once(head, network):
    boss, visitor = client_of(head), client_of(None)
    answer = boss.post(f"/reseau/{network.pk}/antennes/inviter/", said(first_name="Nadia", last_name="Nouvelle"))
    assert answer.status_code == 302, answer.content.decode()
    letter = Outgoing.objects.get(message="organisations.branch.invited")
    link = link_in(letter)
    assert (letter.address, letter.subject) == (
        "pessac@example.org",
        f"{network.label} vous invite à ouvrir la page de Croix-Rouge de Pessac",
    )

    page = visitor.get(link).content.decode()
    arrived = visitor.post(
        f"{link}inscription/",
        {
            "first_name": "Nadia",
            "last_name": "Nouvelle",
            "email": "pessac@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert "Croix-Rouge de Pessac" in page
    assert (arrived.status_code, arrived.headers["Location"]) == (302, "/inscription/structure/etapes/")

    visitor.post(YOU, you())
    step = visitor.get(ABOUT).context["form"]
    assert (step["name"].value(), step["networks"].value()) == ("Croix-Rouge de Pessac", ["croix-rouge"])
    draft = Draft.objects.get(done_at=None)
    visitor.post(ABOUT, {**about(name="Croix-Rouge de Pessac"), "networks": ["croix-rouge"], "draft": draft.pk})
    step = visitor.get(PLACE).context["form"]
    assert (step["department"].value(), step["postcode"].value(), step["city"].value()) == ("33", "33600", "Pessac")
    done = visitor.post(PLACE, {**place(postcode="33600", city="Pessac"), "draft": draft.pk})

    made = Organisation.objects.get(name="Croix-Rouge de Pessac")
    found = BranchInvitation.objects.get()
    assert done.headers["Location"] == f"/espace/{made.pk}/missions/nouvelle/"
    assert member_state(made, network) == "confirmed"
    assert (found.state, found.organisation_id, found.person.account.email) == ("accepted", made.pk, "pessac@example.org")
    assert "Page ouverte" in boss.get(f"/reseau/{network.pk}/antennes/").content.decode()
    assert [finding.check.name for finding in run(registered()) if not finding.holds] == []


def test_who_unticks_the_network_is_not_put_into_it(head, network):
    _made, link = invited(head, network)
    someone = account(person(email="pessac@example.org")).person
    browser = client_of(someone)
    browser.post(link)
    browser.post(YOU, you())
    draft = Draft.objects.get(done_at=None)

    browser.post(ABOUT, {**about(name="Amis de Pessac"), "draft": draft.pk})
    browser.post(PLACE, {**place(), "draft": draft.pk})

    made = Organisation.objects.get(name="Amis de Pessac")
    assert member_state(made, network) is None
    assert BranchInvitation.objects.get().organisation is None


def test_an_invitation_of_somebody_who_heads_the_network_no_longer_confirms_nothing(head, network):
    _made, link = invited(head, network)
    browser = client_of(account(person()).person)
    browser.post(link)
    browser.post(YOU, you())
    draft = Draft.objects.get(done_at=None)
    browser.post(ABOUT, {**about(name="Croix-Rouge de Pessac"), "networks": ["croix-rouge"], "draft": draft.pk})
    Grant.objects.filter(person=head).update(valid_until=timezone.now())

    browser.post(PLACE, {**place(), "draft": draft.pk})

    assert member_state(Organisation.objects.get(name="Croix-Rouge de Pessac"), network) == "claimed"


def test_a_claim_of_somebody_who_was_not_invited_waits_as_before(head, network):
    invited(head, network)
    where = organisation()

    claim = membership(where, "croix-rouge")

    assert claim.state == "claimed"


def test_one_person_registers_one_branch_at_a_time(head, network):
    _one, first = invited(head, network)
    _two, second = invited(head, network, name="Croix-Rouge de Talence", city="Talence", postcode="33400")
    browser = client_of(account(person()).person)

    assert browser.post(first).status_code == 302
    answer = browser.post(second)

    assert answer.status_code == 409
    assert "Terminez d&#x27;abord l&#x27;inscription de Croix-Rouge de Pessac" in answer.content.decode()
    assert sorted(BranchInvitation.objects.values_list("state", flat=True)) == ["accepted", "sent"]


# ── what is here already ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("there", "said_", "standing", "words"),
    [
        ({"siret": "73282932000074"}, {"siret": "73282932000074"}, "otherwise", "ce SIRET"),
        ({"rna": "W331234567"}, {"rna": "W331234567"}, "otherwise", "ce numéro RNA"),
        ({"name": "Association Secours de Pessac", "city": "PESSAC"}, {}, "otherwise", "presque ce nom"),
        ({"name": "Secours de Pessac", "city": "Talence"}, {}, "ready", ""),
        ({"name": "Les Amis du Lac", "city": "Pessac"}, {}, "ready", ""),
        ({"siret": "73282932000074", "left_at": "now"}, {"siret": "73282932000074"}, "ready", ""),
    ],
)
def test_what_is_on_the_platform_is_recognised(network, there, said_, standing, words):
    """R9, R53: by SIRET, RNA, or nearly the same name in the same city; who has left the platform is not."""
    if there.get("left_at"):
        there = {**there, "left_at": timezone.now()}
    organisation(**there)

    line = lines_of(network, **said_)

    assert line.standing == standing
    assert words in line.note


@pytest.mark.parametrize(("state", "standing"), [("confirmed", "known"), ("claimed", "known"), ("refused", "otherwise")])
def test_what_is_in_the_network_already_says_so(network, state, standing):
    membership(organisation(siret="73282932000074"), "croix-rouge", state=state)

    assert lines_of(network, siret="73282932000074").standing == standing


@pytest.mark.parametrize(
    ("where", "column", "sentence"),
    [
        ({"postcode": "", "city": ""}, "department", "Dites le département"),
        ({"postcode": "99999", "city": "Nulle part"}, "postcode", "inconnu"),
        ({"postcode": "33600", "department": "40"}, "department", "33 - Gironde"),
    ],
)
def test_a_place_that_does_not_hold_is_refused(network, where, column, sentence):
    line = lines_of(network, **where)

    assert [(key, sentence in said) for key, said in line.problems] == [(column, True)]


def test_the_postcode_tells_department_and_city(network):
    line = lines_of(network, city="", department="")

    assert (line.values["department"], line.values["city"]) == ("33", "Pessac")


def test_an_organisation_that_is_here_is_asked_and_its_manager_agrees(head, network):
    """Never a second organisation: its manager joins the network, and the membership is confirmed."""
    where = organisation(siret="73282932000074")
    boss, theirs = client_of(head), client_of(manager(where))
    form = said(siret="732 829 320 00074")

    first = boss.post(f"/reseau/{network.pk}/antennes/inviter/", form)
    assert first.status_code == 409
    assert not BranchInvitation.objects.exists()
    second = boss.post(f"/reseau/{network.pk}/antennes/inviter/", {**form, "ask": "1"})
    assert second.status_code == 302
    letter = Outgoing.objects.get(message="organisations.branch.asked")
    found = BranchInvitation.objects.get()
    address = f"/espace/{where.pk}/reseaux/{found.pk}/accepter/"
    assert address in letter.text

    assert "lira vos missions" in theirs.get(address).content.decode()
    assert member_state(where, network) is None, "reading changes nothing"
    theirs.post(address, {"seen": found.version})

    assert member_state(where, network) == "confirmed"
    assert Organisation.objects.count() == 1
    assert theirs.post(address).status_code == 409


def test_the_manager_of_an_organisation_that_is_asked_may_decline(head, network):
    where = organisation()
    made = invite_branch(actor=actor(head), network=network.pk, facts=facts(), asked=where.pk) if manager(where) else None
    theirs = client_of(Grant.objects.get(organisation=where).person)

    theirs.post(f"/espace/{where.pk}/reseaux/{made.pk}/decliner/")

    assert BranchInvitation.objects.get().state == "declined"
    assert member_state(where, network) is None
    assert Outgoing.objects.filter(message="organisations.branch.declined").count() == 1


@pytest.mark.parametrize("who", [tutor, volunteer])
def test_nobody_else_answers_for_an_organisation(head, network, who):
    where = organisation()
    manager(where)
    made = invite_branch(actor=actor(head), network=network.pk, facts=facts(), asked=where.pk)
    someone = who(where) if who is tutor else who()

    assert client_of(someone).post(f"/espace/{where.pk}/reseaux/{made.pk}/accepter/").status_code == 404
    assert member_state(where, network) is None


# ── the list, and who sees it ─────────────────────────────────────────────────────────────────────
def test_only_the_head_of_this_network_invites_and_sees(head, network):
    made, _link = invited(head, network)
    other = supervisor("secours-populaire")

    with pytest.raises(NotAllowed):
        invite_branch(actor=actor(other), network=network.pk, facts=facts(name="X"))
    assert list(branches_visible(actor(head))) == [made]
    assert list(branches_visible(actor(other))) == []
    for address in ("", "inviter/", "importer/", f"{made.pk}/retirer/", "importer/modele/csv/"):
        assert client_of(other).get(f"/reseau/{network.pk}/antennes/{address}").status_code == 404
        assert client_of(manager()).get(f"/reseau/{network.pk}/antennes/{address}").status_code == 404


def test_the_same_branch_is_invited_once(head, network):
    invited(head, network)

    with pytest.raises(Refused):
        invite_branch(actor=actor(head), network=network.pk, facts=facts(name="croix rouge DE Pessac"))
    assert lines_of(network, name="Croix-Rouge de Pessac").note.startswith("Déjà invitée")


def test_who_declined_is_not_written_to_again_by_a_file(head, network):
    _made, link = invited(head, network)

    client_of(None).post(f"{link}decliner/")

    line = lines_of(network, name="Croix-Rouge de Pessac")
    assert (BranchInvitation.objects.get().state, line.standing) == ("declined", "known")
    assert "décliné" in line.note


def test_an_invitation_is_sent_again_with_a_new_link_or_withdrawn(head, network):
    made, link = invited(head, network)
    boss = client_of(head)
    BranchInvitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))

    boss.post(f"/reseau/{network.pk}/antennes/{made.pk}/renvoyer/")
    renewed = link_in(Outgoing.objects.filter(message="organisations.branch.invited").latest("id"))
    assert renewed != link
    assert client_of(None).get(link).status_code == 404
    assert client_of(None).get(renewed).status_code == 200

    boss.post(f"/reseau/{network.pk}/antennes/{made.pk}/retirer/")
    assert client_of(None).get(renewed).status_code == 410
    assert client_of(account(person()).person).post(renewed).status_code == 410


def test_a_link_lives_thirty_days_then_is_forgotten(head, network):
    made, link = invited(head, network)
    assert timedelta(days=29) < made.expires_at - timezone.now() <= timedelta(days=30)
    later = timezone.now() + timedelta(days=31)
    BranchInvitation.objects.update(expires_at=timezone.now())

    fire_due(later, flows=[BRANCH])

    assert BranchInvitation.objects.get().state == "expired"
    assert client_of(None).get(link).status_code == 410
    forget(timezone.now() + timedelta(days=100))
    assert not BranchInvitation.objects.exists()


def test_a_list_of_twenty_costs_what_one_does(head, network):
    boss = client_of(head)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            boss.get(f"/reseau/{network.pk}/antennes/")
        return len(seen)

    invited(head, network)
    cost()
    one = cost()
    for n in range(19):
        invite_branch(actor=actor(head), network=network.pk, facts=facts(name=f"Croix-Rouge {n}"))

    assert cost() == one
