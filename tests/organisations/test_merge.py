"""Merging two entries of one organisation: who may, who agrees, what everybody may do afterwards (R55, R40, R50, P13)."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    as_operator,
    client_of,
    grant,
    manager,
    membership,
    mission,
    operator,
    organisation,
    participation,
    referent,
    tutor,
    volunteer,
)

from renfort.kernel.actions import actions_of
from renfort.kernel.actors import CLOCK
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire, fire_due
from renfort.missions.rules import is_host, is_host_of
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.participation import participations_visible
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant, Merge, Organisation
from renfort.organisations.selectors.merges import (
    LOSE_ALL,
    LOSE_OTHERS,
    READ_ABSORBED,
    READ_KEPT,
    RUN_ABSORBED,
    access_of,
    gains_and_losses,
    merges_visible,
    others_to_merge,
    role_after,
)
from renfort.organisations.services import leave_platform, merges
from renfort.organisations.workflow import MERGE

pytestmark = pytest.mark.django_db
M, T, NONE = str(Role.MANAGER), str(Role.MISSION_TUTOR), ""
ROLES = (M, T, NONE)


def propose(who, kept, absorbed, **choices):
    return merges.propose(actor=who, kept=kept, absorbed=absorbed, choices=choices)


def agree(made, where):
    return merges.agree(actor=as_manager(where), merge=made, access=access_of(made.kept_id, made.absorbed_id).digest)


def do(who, made):
    made = Merge.objects.select_related("kept", "absorbed").get(pk=made.pk)
    return merges.carry_out(actor=who, merge=made, seen=merges.preview_of(made.kept, made.absorbed, made.choices).seen)


@pytest.fixture
def two():
    """Two entries of one organisation, each with a manager."""
    kept, absorbed = organisation(name="Secours Bordeaux"), organisation(name="Secours de Bordeaux")
    manager(kept), manager(absorbed)
    return kept, absorbed


# ── never wider than what was agreed ──────────────────────────────────────────────────────────────
ALLOWED = {  # what each gain that the page tells lets somebody do, on the things of which of the two
    RUN_ABSORBED: {("absorbed", right) for right in ("read mission", "run mission", "read people", "answer people")},
    READ_ABSORBED: {("absorbed", "read mission")},
    READ_KEPT: {("kept", "read mission")},
}


def rights(someone, things):
    """Everything that somebody may do now, asked of the rules and selectors that the pages use, in every role held."""
    who = actor(someone)
    found = set()
    for side, (what, waiting) in things.items():
        roles = [who.in_role(held.key) for held in who.roles]
        for acting in roles:
            for shown in missions_visible(acting).filter(pk=what.pk):
                found.add((side, "read mission"))
                found |= {(side, "run mission")} if is_host(acting, shown) else set()
            for shown in participations_visible(acting).filter(pk=waiting.pk).select_related("mission"):
                found.add((side, "read people"))
                found |= {(side, "answer people")} if is_host_of(acting, shown) else set()
    return found


@pytest.mark.parametrize("leads", [False, True], ids=["beside", "in charge"])
def test_after_a_merge_nobody_may_do_more_than_before_but_what_the_page_said(two, leads):
    """For each role in the one and in the other, and each thing of both: after ⊆ before ∪ agreed."""
    kept, absorbed = two
    people = {}
    for in_kept, in_absorbed in product(ROLES, ROLES):
        someone = manager() if (in_kept, in_absorbed) == (NONE, NONE) else volunteer()
        for where, role in ((kept, in_kept), (absorbed, in_absorbed)):
            if role:
                grant(someone, Programme.RESERVE, role, where)
        people[in_kept, in_absorbed] = someone
    outsiders = [referent("33"), referent("64"), volunteer()]
    things = {}
    for side, where in (("kept", kept), ("absorbed", absorbed)):
        what = mission(where)
        if leads:
            what.deputies.add(*(someone for roles, someone in people.items() if roles[side == "absorbed"] == T))
        things[side] = (what, participation(what))
    before = {someone.pk: rights(someone, things) for someone in (*people.values(), *outsiders)}
    who = as_operator()
    made = agree(agree(propose(who, kept, absorbed), kept), absorbed)
    told = {each.person_id: each.gains for each in merges.preview_of(kept, absorbed).access.changes}

    do(who, made)

    for someone in (*people.values(), *outsiders):
        agreed = set().union(*(ALLOWED[code] for code in told.get(someone.pk, ())))
        after = rights(someone, things)
        assert after <= before[someone.pk] | agreed, (someone, after - before[someone.pk] - agreed)
        assert agreed <= after, "what the page says is true, too"


@pytest.mark.parametrize(
    ("kept", "absorbed", "after", "gains", "losses"),
    [
        (M, M, M, (), ()),
        (M, T, M, (RUN_ABSORBED,), ()),
        (M, NONE, M, (RUN_ABSORBED,), ()),
        (T, M, T, (), (LOSE_OTHERS,)),
        (T, T, T, (), ()),
        (T, NONE, T, (READ_ABSORBED,), ()),
        (NONE, M, T, (READ_KEPT,), (LOSE_OTHERS,)),
        (NONE, T, T, (READ_KEPT,), ()),
        (NONE, NONE, NONE, (), ()),
    ],
)
def test_nobodys_role_in_the_kept_one_grows(kept, absorbed, after, gains, losses):
    assert role_after(kept, absorbed, kept_is_managed=True) == after
    assert gains_and_losses(kept, absorbed, after) == (gains, losses)


def test_where_nobody_manages_the_kept_one_no_tutor_comes_in():
    """A team without « responsable » is no team (R40)."""
    assert role_after(NONE, T, kept_is_managed=False) == NONE
    assert gains_and_losses(NONE, T, NONE) == ((), (LOSE_ALL,))


def test_networks_whose_supervisors_read_more_are_said_and_agreed_to(two):
    """R56: a confirmed network reads its organisations."""
    kept, absorbed = two
    made = propose(as_operator(), kept, absorbed)
    agree(made, kept)
    membership(kept, state="confirmed")
    absorbed_boss = as_manager(absorbed)

    assert [each.key for each in access_of(kept.pk, absorbed.pk).networks] == ["croix-rouge"]
    with pytest.raises(Stale):
        merges.agree(actor=absorbed_boss, merge=made, access=made.access)


# ── who may propose ───────────────────────────────────────────────────────────────────────────────
def test_rights_on_both_are_needed(two):
    """R55: a referent of both departments, the operator, who manages both; nobody else."""
    kept, absorbed = two
    Organisation.objects.filter(pk=absorbed.pk).update(department_id="64")
    both = as_manager(kept).person_id
    for who in (referent("33"), referent("64"), volunteer(), tutor(kept)):
        with pytest.raises(NotAllowed):
            propose(actor(who), kept, absorbed)
    with pytest.raises(NotAllowed):
        propose(as_manager(kept), kept, absorbed)
    grant(person_of(both), Programme.RESERVE, Role.MANAGER, absorbed)

    assert propose(actor(referent("33", "64")), kept, absorbed).state == "proposed"
    Merge.objects.all().delete()
    assert propose(actor(person_of(both)), kept, absorbed).state == "agreed", "who manages both agrees for both"


def person_of(pk):
    return Grant.objects.filter(person_id=pk).first().person


def test_a_delegation_of_some_domains_gives_no_right_to_merge(two):
    someone = referent("64")
    grant_ = Grant.objects.get(person=someone)
    Grant.objects.filter(pk=grant_.pk).update(scope="33", department_id="33", domains=[1])

    with pytest.raises(NotAllowed):
        propose(actor(someone), *two)


def test_in_the_space_of_one_organisation_one_agrees_for_that_one_alone(two):
    """P13: the page of one role borrows nothing for the other team."""
    kept, absorbed = two
    boss = volunteer()
    for where in two:
        grant(boss, Programme.RESERVE, Role.MANAGER, where)
    in_kept = actor(boss).in_role(f"reserve:manager:organisation:{kept.pk}")

    made = propose(in_kept, kept, absorbed)

    assert (made.state, made.kept_agreed_by_id, made.absorbed_agreed_by_id) == ("proposed", boss.pk, None)
    in_absorbed = actor(boss).in_role(f"reserve:manager:organisation:{absorbed.pk}")
    made = merges.agree(actor=in_absorbed, merge=made, access=made.access)
    assert made.state == "agreed"
    assert do(in_kept, made).state == "done"


def test_a_referent_who_is_of_one_of_the_teams_leaves_it_to_somebody_else(two):
    """R52: nobody decides about an organisation that they belong to."""
    officer = referent("33")
    grant(officer, Programme.RESERVE, Role.MISSION_TUTOR, two[0])

    with pytest.raises(Refused, match="équipe d'une des deux"):
        propose(actor(officer).in_role("reserve:referent:department:"), *two)


@pytest.mark.parametrize("state", ["flagged", "refused", "draft"])
def test_what_is_flagged_or_refused_does_not_escape_into_another(two, state):
    kept = two[0]
    bad = organisation(state=state)

    for pair in ((kept, bad), (bad, kept)):
        with pytest.raises(Refused, match=r"signalée ou refusée|responsable"):
            propose(as_operator(), *pair)


def test_the_one_with_a_responsible_is_kept(two):
    with pytest.raises(Refused, match="gardez plutôt l'autre"):
        propose(as_operator(), organisation(), two[0])


def test_two_entries_that_nobody_manages_need_no_agreement():
    """Nobody is left to ask: the referent or the operator answers for them."""
    made = propose(as_operator(), organisation(), organisation())

    assert made.state == "agreed"


def test_the_same_is_not_merged_with_itself(two):
    with pytest.raises(Refused):
        propose(as_operator(), two[0], two[0])


def test_one_merge_at_a_time(two):
    """Asked twice it is the same one; another with one of the two waits."""
    who = as_operator()
    made, other = propose(who, *two), organisation()
    manager(other)

    assert propose(who, *two) == made
    for pair in ((other, two[0]), (two[1], other), (two[1], two[0])):
        with pytest.raises(Refused, match="déjà proposée"):
            propose(who, *pair)


# ── agreement ─────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_done_before_both_teams_agree(two):
    kept, absorbed = two
    who = as_operator()
    made = agree(propose(who, kept, absorbed), kept)

    with pytest.raises(Refused):
        do(who, made)
    assert Organisation.objects.filter(left_at=None).count() >= 2
    assert do(who, agree(made, absorbed)).state == "done"


@pytest.mark.parametrize("who", ["tutor", "manager elsewhere", "operator", "referent"])
def test_only_a_responsible_of_one_of_the_two_agrees_or_refuses(two, who):
    kept, _absorbed = two
    made = propose(as_operator(), *two)
    someone = {"tutor": tutor(kept), "manager elsewhere": manager(), "operator": operator(), "referent": referent("33")}[who]

    with pytest.raises(NotAllowed):
        merges.agree(actor=actor(someone), merge=made, access=made.access)
    with pytest.raises(NotAllowed):
        fire(MERGE, made, "refuse", actor=actor(someone), answers={"reasons": "Non."})


def test_an_agreement_holds_for_the_people_who_were_shown(two):
    """Somebody came into the other team since: everybody is asked again, and nothing is merged."""
    kept, absorbed = two
    who = as_operator()
    made = agree(agree(propose(who, kept, absorbed), kept), absorbed)
    tutor(kept)

    with pytest.raises(Stale, match="redemandé"):
        do(who, made)

    made.refresh_from_db()
    assert (made.state, made.kept_agreed_at, made.absorbed_agreed_at) == ("proposed", None, None)
    assert Organisation.objects.get(pk=absorbed.pk).left_at is None
    assert do(who, agree(agree(made, kept), absorbed)).state == "done"


def test_who_agrees_after_a_change_makes_the_other_agree_again(two):
    kept, absorbed = two
    made = agree(propose(as_operator(), kept, absorbed), kept)
    tutor(absorbed)

    made = agree(made, absorbed)

    assert (made.state, made.kept_agreed_at, bool(made.absorbed_agreed_at)) == ("proposed", None, True)


def test_a_refusal_ends_it_and_is_told(two):
    kept, absorbed = two
    asker = operator()
    made = propose(actor(asker), kept, absorbed)

    fire(MERGE, made, "refuse", actor=as_manager(absorbed), answers={"reasons": "Ce sont deux antennes."})

    made.refresh_from_db()
    assert made.state == "refused"
    mail = Outgoing.objects.get(message="organisations.merge.refused")
    assert mail.person_id == asker.pk and "Ce sont deux antennes." in mail.text
    with pytest.raises(Refused):
        do(actor(asker), made)


def test_it_expires_after_thirty_days(two):
    made = propose(as_operator(), *two)

    fire_due(timezone.now() + timedelta(days=29), flows=[MERGE])
    made.refresh_from_db()
    assert made.state == "proposed"
    fire_due(timezone.now() + timedelta(days=31), flows=[MERGE])

    made.refresh_from_db()
    assert made.state == "expired" and made.ended_by is None
    assert propose(as_operator(), *two).pk != made.pk


def test_an_organisation_that_has_left_is_not_merged(two):
    kept, absorbed = two
    who = as_operator()
    made = agree(agree(propose(who, kept, absorbed), kept), absorbed)
    leave_platform(actor=as_manager(absorbed), organisation=absorbed)

    with pytest.raises(Refused):
        do(who, made)


def test_the_teams_and_the_asker_are_told_at_each_step(two):
    kept, absorbed = two
    asker = operator()
    made = propose(actor(asker), kept, absorbed)
    bosses = {Grant.objects.get(organisation=each).person_id for each in two}

    def told(message):
        return set(Outgoing.objects.filter(message=f"organisations.merge.{message}").values_list("person_id", flat=True))

    assert told("asked") == bosses
    agree(agree(made, kept), absorbed)
    assert told("agreed") == {asker.pk}
    do(actor(asker), made)
    assert told("done") == bosses
    former = Outgoing.objects.get(
        message="organisations.merge.done", person_id=Grant.objects.get(organisation=absorbed).person_id
    )
    assert "tuteur" in former.text and "Secours Bordeaux" in former.text


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────
def test_whatever_a_rule_allows_the_selector_shows(two):
    """Decision 9: nobody may act on a merge that they do not see."""
    kept, absorbed = two
    both = volunteer()
    for where in two:
        grant(both, Programme.RESERVE, Role.MANAGER, where)
    made = propose(as_operator(), kept, absorbed)
    people = [operator(), referent("33"), referent("64"), manager(), both, volunteer(), tutor(kept)]
    people += [Grant.objects.filter(organisation=each).first().person for each in two]

    for someone in people:
        for held in actor(someone).roles:
            acting = actor(someone).in_role(held.key)
            sees = merges_visible(acting).filter(pk=made.pk).exists()
            may = [action.name for action in actions_of(MERGE, made, acting, lambda path: path)]
            assert sees or not may, (held.key, may)
    assert [t.name for t in MERGE.transitions if t.who(CLOCK, made)] == ["expire"]


def test_a_referent_chooses_among_those_of_the_territory(two):
    kept, absorbed = two
    far = organisation(name="Secours de Pau", department_id="64")
    who = actor(referent("33"))

    assert others_to_merge(who, kept) == [absorbed], "those that look alike come first (R53)"
    assert far not in others_to_merge(who, kept, ["Secours"])
    assert far in others_to_merge(as_operator(), kept, ["Secours", "Pau"])


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_assistant_from_end_to_end_without_a_browser(two):
    kept, absorbed = two
    Organisation.objects.filter(pk=absorbed.pk).update(rna="W331234567")
    officer = client_of(referent("33"))
    bosses = [client_of(Grant.objects.get(organisation=each).person) for each in two]

    page = officer.get(f"/referent/fusions/structure/{kept.pk}/")
    assert absorbed.name in page.content.decode()
    address = f"/referent/fusions/structure/{kept.pk}/avec/{absorbed.pk}/"
    seen = officer.get(address).context["preview"].seen
    answer = officer.post(address, {"seen": seen, "rna": "absorbed"})
    made = Merge.objects.get()
    assert answer.url == f"/referent/fusions/{made.pk}/"
    for boss, where in zip(bosses, two, strict=True):
        own = f"/espace/{where.pk}/structure/fusions/{made.pk}/"
        access = boss.get(own).context["preview"].access.digest
        assert boss.post(f"{own}accorder/", {"access": access}).status_code == 302
    seen = officer.get(answer.url).context["preview"].seen
    assert officer.post(f"{answer.url}fusionner/", {"seen": "stale"}).status_code == 409
    assert officer.post(f"{answer.url}fusionner/", {"seen": seen}).url == answer.url

    kept.refresh_from_db()
    assert kept.rna == "W331234567"
    assert officer.get(answer.url).status_code == 200
    # old addresses lead on, for those who may; for others they are not found, as before
    assert bosses[1].get(f"/espace/{absorbed.pk}/missions/?statut=draft").url == f"/espace/{kept.pk}/missions/?statut=draft"
    assert client_of(manager()).get(f"/espace/{absorbed.pk}/missions/").status_code == 404
    assert (
        client_of(None).get(f"/structures/{absorbed.pk}-secours-de-bordeaux/").url == f"/structures/{kept.pk}-secours-bordeaux/"
    )
    # the history of both, at the one that stays
    assert "Une autre fiche a été fusionnée avec celle-ci" in bosses[0].get(f"/espace/{kept.pk}/structure/").content.decode()


def test_a_choice_survives_a_refusal(two):
    kept, absorbed = two
    boss = client_of(operator())
    manager_of_other = organisation(name="Autre")
    manager(manager_of_other)
    propose(as_operator(), manager_of_other, absorbed)

    page = boss.post(f"/referent/fusions/structure/{kept.pk}/avec/{absorbed.pk}/", {"name": "absorbed"})

    assert page.status_code == 409
    assert 'name="name" value="absorbed" checked' in page.content.decode()


@pytest.mark.parametrize(
    "path", ["structure/{k}/avec/{k}/", "structure/{k}/avec/999999/", "structure/999999/", "999999/", "1/settle/"]
)
def test_nonsense_is_not_found(two, path):
    assert client_of(operator()).get(f"/referent/fusions/{path.format(k=two[0].pk)}").status_code == 404


def test_neither_the_asker_nor_the_clock_settles_or_does_it_by_address(two):
    """Only the service moves these, after it has asked: no address leads to the bare step."""
    made = agree(agree(propose(as_operator(), *two), two[0]), two[1])
    boss = client_of(operator())

    for path in ("do", "constater-l-accord", "redemander-l-accord", "accorder-pour-la-fiche-gardee"):
        assert boss.post(f"/referent/fusions/{made.pk}/{path}/").status_code == 404
    assert boss.post(f"/referent/fusions/{made.pk}/fusionner/").status_code == 409, "nothing was shown"
    made.refresh_from_db()
    assert made.state == "agreed"
