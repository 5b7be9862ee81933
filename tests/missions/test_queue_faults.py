"""What goes wrong around the queues: nobody is there, somebody leaves or moves, two people come at once (R52, R65)."""

from __future__ import annotations

from html import unescape

import pytest
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    at,
    client_of,
    complete_facts,
    days,
    delegation,
    domain,
    mission,
    operator,
    organisation,
    referent,
)

from renfort.audit.models import Entry
from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import Refused, fire, fire_due
from renfort.missions.models import Mission
from renfort.missions.selectors.digest import waiting_for
from renfort.missions.selectors.queue import mission_queue
from renfort.missions.services.mission import edit_mission
from renfort.missions.services.queue import take_mission
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Delegation, Grant, Organisation
from renfort.organisations.selectors.queue import organisation_queue
from renfort.organisations.services import edit_organisation
from renfort.organisations.services.organisation import OrganisationFacts
from renfort.organisations.services.roles import end_role
from renfort.organisations.workflow import DELEGATION, ORGANISATION
from renfort.people.models import Account
from renfort.territories.models import Department

pytestmark = pytest.mark.django_db
MISSIONS, HOSTS = "/referent/a-valider/missions/", "/referent/a-valider/structures/"


def text_of(answer):
    return unescape(answer.content.decode())


def both():
    """A mission and an organisation of Gironde that wait."""
    return mission(organisation(name="Les Accueillants"), state="submitted", title="Maraude"), organisation(
        name="Les Voisins", state="waiting"
    )


def take(someone, *cases):
    for case in cases:
        if isinstance(case, Mission):
            take_mission(actor=actor(someone), mission=case)
        else:
            fire(ORGANISATION, case, "take", actor=actor(someone))


def holders(*cases):
    return [type(case).objects.get(pk=case.pk).taken_by_id for case in cases]


# ── nobody is there ───────────────────────────────────────────────────────────────────────────────
def test_without_referent_both_kinds_of_cases_are_the_operators_at_once():
    """R52: nobody waits for nobody: the operator's queue, its filter and the morning's letter name them."""
    boss, someone = operator(), referent("33")
    both()
    assert waiting_for(boss.pk, timezone.now()).orphans == 0

    end_role(actor=SERVICE, grant=Grant.objects.get(person=someone), why="removed")

    assert waiting_for(boss.pk, timezone.now()).orphans == 2
    client = client_of(boss)
    for queue, name in ((MISSIONS, "Maraude"), (HOSTS, "Les Voisins")):
        rows = text_of(client.get(f"{queue}?dossiers=sans-referent"))
        assert name in rows and "Sans référent" in rows.split("</thead>")[1]


def test_the_referent_of_the_whole_region_stands_in_for_a_department_without_its_own():
    boss, region = operator(), referent("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")
    both()

    assert waiting_for(boss.pk, timezone.now()).orphans == 0
    found = waiting_for(region.pk, timezone.now())
    assert (found.missions, found.organisations) == (1, 1)


@pytest.mark.parametrize("why", ["closed account", "one domain alone", "not yet begun"])
def test_who_cannot_decide_on_everything_covers_nothing(why):
    """A referent who cannot sign in, or has a part for a time, is nobody to whom the department could be left."""
    boss = operator()
    if why == "closed account":
        Account.objects.filter(person=referent("33")).update(is_active=False)
    else:
        someone, beside = referent("33"), referent("40")
        delegation(someone, beside, "33")
        lent = Grant.objects.get(person=beside, scope="33")
        Grant.objects.filter(person=someone).update(valid_until=timezone.now())
        if why == "one domain alone":
            Grant.objects.filter(pk=lent.pk).update(domains=[domain().pk])
        else:
            Grant.objects.filter(pk=lent.pk).update(valid_from=timezone.now() + days(2))
    both()

    assert waiting_for(boss.pk, timezone.now()).orphans == 2


# ── somebody leaves with cases in hand ────────────────────────────────────────────────────────────
def test_who_is_removed_gives_back_what_was_in_hand_and_colleagues_take_it():
    someone, colleague = referent("33"), referent("33")
    cases = both()
    take(someone, *cases)

    end_role(actor=SERVICE, grant=Grant.objects.get(person=someone), why="removed")

    assert holders(*cases) == [None, None]
    assert Organisation.objects.get(pk=cases[1].pk).state == "waiting"
    client = client_of(colleague)
    for queue, case in zip((MISSIONS, HOSTS), cases, strict=True):
        assert "Pris par" not in text_of(client.get(queue)).split("</thead>")[1]
        assert client.post(f"{queue}{case.pk}/prendre/").status_code == 302
    assert holders(*cases) == [colleague.pk, colleague.pk]


@pytest.mark.parametrize("how", ["revoked", "over"])
def test_what_was_taken_under_a_delegation_is_given_back_when_it_ends(how):
    """R65: rights that end by themselves leave no case behind in hands that may not decide on it any more."""
    giver, deputy = referent("33"), referent("40")
    lent = delegation(giver, deputy, "33")
    cases, own = both(), mission(state="submitted", department="40")
    take(deputy, *cases, own)

    if how == "revoked":
        fire(DELEGATION, lent, "revoke", actor=actor(giver))
    else:  # the day after; the time after which a forgotten case is free would come later
        Delegation.objects.filter(pk=lent.pk).update(ends_at=timezone.now())
        Grant.objects.filter(delegation=lent).update(valid_until=timezone.now())
        with at(timezone.now() + days(0.01)):
            fire_due(timezone.now(), flows=[DELEGATION])

    assert holders(*cases, own) == [None, None, deputy.pk]
    assert Organisation.objects.get(pk=cases[1].pk).state == "waiting"


# ── the case goes elsewhere ───────────────────────────────────────────────────────────────────────
def moved(where):
    facts = OrganisationFacts(name=where.name, legal_status="association", description="Des repas.", city="Dax", department="40")
    return edit_organisation(actor=as_manager(where), organisation=where, facts=facts)


def test_an_organisation_that_moves_takes_its_case_along_and_who_had_it_is_told():
    someone, there = referent("33"), referent("40")
    _mission, here = both()
    take(someone, here)
    since = Organisation.objects.get(pk=here.pk).queued_at

    moved(here)

    here.refresh_from_db()
    assert (here.state, here.taken_by_id, here.queued_at) == ("waiting", None, since), "it keeps its place"
    assert organisation_queue(actor(there)).get() == here and not organisation_queue(actor(someone)).exists()
    letter = Outgoing.objects.get(message="organisations.organisation.moved")
    assert (letter.person_id, "Les Voisins" in letter.subject, "Landes" in letter.text) == (someone.pk, True, True)


def test_a_mission_that_moves_takes_its_case_along_and_who_had_it_is_told():
    someone, there = referent("33"), referent("40")
    here, _host = both()
    take(someone, here)
    facts = complete_facts(here.organisation, title="Maraude", department=Department.objects.get(pk="40"), city="Dax")

    edit_mission(actor=as_manager(here.organisation), mission=here, facts=facts)

    here.refresh_from_db()
    assert (here.state, here.taken_by_id) == ("submitted", None)
    assert mission_queue(actor(there)).get() == here and not mission_queue(actor(someone)).exists()
    letter = Outgoing.objects.get(message="missions.case.moved")
    assert letter.person_id == someone.pk and "Maraude" in letter.subject


@pytest.mark.parametrize("hand", ["nobody's", "forgotten"])
def test_nobody_is_told_of_a_case_that_nobody_had(hand):
    here, host = both()
    if hand == "forgotten":
        take(referent("33"), here)
        Mission.objects.filter(pk=here.pk).update(taken_at=timezone.now() - days(2))

    moved(host)
    edit_mission(
        actor=as_manager(here.organisation),
        mission=here,
        facts=complete_facts(here.organisation, department=Department.objects.get(pk="40")),
    )

    assert not Outgoing.objects.filter(message__endswith=".moved").exists()


def test_a_change_that_moves_nothing_leaves_the_case_in_hand():
    someone = referent("33")
    here, host = both()
    take(someone, here, host)

    edit_mission(actor=as_manager(here.organisation), mission=here, facts=complete_facts(here.organisation, title="Autre"))

    assert holders(here, host) == [someone.pk, someone.pk]
    assert not Outgoing.objects.filter(message__endswith=".moved").exists()


# ── two at once ───────────────────────────────────────────────────────────────────────────────────
def test_who_comes_second_on_an_organisation_is_told_who_decided_what():
    first, second = referent("33", first_name="Rémi", last_name="Premier"), referent("33")
    _mission, here = both()
    client_of(first).post(f"{HOSTS}{here.pk}/valider/", {"seen": here.version})

    answer = client_of(second).post(f"{HOSTS}{here.pk}/refuser/", {"seen": here.version, "reasons": "Non."})

    assert answer.status_code == 409 and "Rémi Premier a décidé « Valider »" in text_of(answer)
    assert Organisation.objects.get(pk=here.pk).state == "validated"


def test_who_takes_an_organisation_second_is_told_who_has_it():
    first, second = referent("33", first_name="Rémi", last_name="Premier"), referent("33")
    _mission, here = both()
    client_of(first).post(f"{HOSTS}{here.pk}/prendre/", {"seen": here.version})

    answer = client_of(second).post(f"{HOSTS}{here.pk}/prendre/", {"seen": here.version})

    assert answer.status_code == 409 and "Rémi Premier a pris ce dossier" in text_of(answer)
    assert holders(here) == [first.pk]


def test_who_decides_on_what_a_colleague_has_in_hand_is_not_stopped_and_the_history_says_both():
    """« Prendre » tells others, it locks nobody out: who has it may be away. The decision is signed by who took it."""
    first, second = referent("33"), referent("33")
    here, _host = both()
    take(first, here)

    assert client_of(second).post(f"{MISSIONS}{here.pk}/valider/", {"seen": here.version}).status_code == 302

    entries = Entry.objects.filter(model="missions.mission", object_id=here.pk, actor_id__in=[first.pk, second.pk])
    assert [(each.verb.rpartition(".")[2], each.actor_id) for each in entries.order_by("id")] == [
        ("take", first.pk), ("validate", second.pk),
    ]  # fmt: skip
    assert holders(here) == [None]


def test_refused_twice_is_refused_once():
    someone = referent("33")
    _mission, here = both()
    fire(ORGANISATION, here, "refuse", actor=actor(someone), answers={"reasons": "Non."})
    with pytest.raises(Refused):
        fire(ORGANISATION, here, "refuse", actor=actor(someone), answers={"reasons": "Non."})
    assert Entry.objects.filter(verb="organisations.organisation.refuse", object_id=here.pk).count() == 1
