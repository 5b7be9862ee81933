"""What becomes of missions and participations: policies, completeness, places, answers (R12, R20, R33, R34)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.factories import (
    actor,
    as_manager,
    as_operator,
    complete_facts,
    days,
    manager,
    mission,
    organisation,
    participation,
    reword_rules,
    rules_of,
    today,
    volunteer,
)

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed, Refused, Stale, Unanswered, fire
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import open_missions, places_left, places_taken, public_mission, to_review, with_places
from renfort.missions.services.mission import edit_mission, open_mission
from renfort.missions.services.participation import apply
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.parameters.catalogue import ONLINE_FIRST, PUBLICATION, VALIDATE_FIRST
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db


def policy(value):
    set_value(PUBLICATION, value, actor=as_operator())


def offer(someone, what):
    return apply(actor=actor(someone), person=someone, mission=what, ticked=rules_of(what.domain))


# ── publication policies (R12) ────────────────────────────────────────────────────────────────────
def test_mission_is_online_at_once_and_to_be_read_by_default():
    draft = mission(state=M.DRAFT)

    fire(MISSION, draft, "publish", actor=as_manager(draft.organisation))

    assert list(open_missions()) == [draft]
    assert list(to_review()) == [draft]


def test_mission_waits_for_the_operator_under_the_other_policy():
    policy(VALIDATE_FIRST)
    draft = mission(state=M.DRAFT)
    host = as_manager(draft.organisation)

    with pytest.raises(Refused, match="proposez la mission"):
        fire(MISSION, draft, "publish", actor=host)
    fire(MISSION, draft, "submit", actor=host)

    assert (list(open_missions()), list(to_review())) == ([], [draft])
    fire(MISSION, draft, "validate", actor=as_operator())
    assert (list(open_missions()), list(to_review())) == ([draft], [])


def test_mission_cannot_be_submitted_when_it_would_be_online_at_once():
    draft = mission(state=M.DRAFT)

    with pytest.raises(Refused, match="publiez la mission"):
        fire(MISSION, draft, "submit", actor=as_manager(draft.organisation))


def test_policy_can_be_changed_back():
    draft = mission(state=M.DRAFT)
    policy(VALIDATE_FIRST)
    policy(ONLINE_FIRST)

    assert fire(MISSION, draft, "publish", actor=as_manager(draft.organisation)).state == M.PUBLISHED


def test_mission_that_was_read_leaves_the_queue_and_is_read_once():
    online, reader = mission(), as_operator()

    fire(MISSION, online, "review", actor=reader)

    assert list(to_review()) == []
    with pytest.raises(Refused, match="déjà été relue"):
        fire(MISSION, online, "review", actor=reader)


def test_correction_takes_the_mission_offline_until_it_is_validated():
    """R20, R52: with the reasons; the organisation proposes again, an officer says yes."""
    online, reader = mission(), as_operator()
    host = as_manager(online.organisation)

    fire(MISSION, online, "ask_correction", actor=reader, answers={"reasons": "Précisez les horaires."})
    assert (list(open_missions()), public_mission(online.pk)) == ([], None)
    fire(MISSION, online, "resubmit", actor=host)
    assert list(open_missions()) == []
    fire(MISSION, online, "validate", actor=reader)

    assert list(open_missions()) == [online]


@pytest.mark.parametrize("name", ["ask_correction", "refuse"])
@pytest.mark.parametrize("reasons", ["", "   ", "x" * 2001])
def test_reasons_are_demanded(name, reasons):
    with pytest.raises(Unanswered):
        fire(MISSION, mission(), name, actor=as_operator(), answers={"reasons": reasons})


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ({"starts_on": None}, "Les dates de début et de fin manquent."),
        ({"ends_on": None}, "Les dates de début et de fin manquent."),
        ({"starts_on": today() - days(9), "ends_on": today() - days(1)}, "La date de fin est passée."),
        ({"description": "  "}, "Le commentaire de la structure manque : dites ce que feront les bénévoles."),
        ({"safety": ""}, "Les dispositions prises pour la sécurité manquent."),
        ({"city": ""}, "Le lieu de la mission manque."),
        ({"rules": None, "rules_at": None}, "Le respect des règles du domaine n'est pas confirmé."),
    ],
)
def test_mission_is_proposed_only_when_it_is_complete(lacks, sentence):
    draft = mission(state=M.DRAFT, **lacks)

    with pytest.raises(Refused) as refused:
        fire(MISSION, draft, "publish", actor=as_manager(draft.organisation))

    assert refused.value.sentences == [sentence]


def test_everything_that_is_missing_is_said_at_once():
    draft = mission(state=M.DRAFT, starts_on=None, description="", safety="", city="", rules=None, rules_at=None)

    with pytest.raises(Refused) as refused:
        fire(MISSION, draft, "publish", actor=as_manager(draft.organisation))

    assert len(refused.value.sentences) == 5


def test_remote_mission_needs_neither_place_nor_safety():
    """R11: in person only."""
    draft = mission(state=M.DRAFT, presence="remote", safety="", city="", postcode="")

    assert fire(MISSION, draft, "publish", actor=as_manager(draft.organisation)).state == M.PUBLISHED


@pytest.mark.parametrize("state", ["submitted", "to_correct"])
def test_mission_that_became_incomplete_is_not_put_online(state):
    """The conditions are asked again at each step, not once."""
    waiting = mission(state=state, description="")
    name, who = ("validate", as_operator()) if state == "submitted" else ("resubmit", as_manager(waiting.organisation))

    with pytest.raises(Refused, match="commentaire"):
        fire(MISSION, waiting, name, actor=who)


@pytest.mark.parametrize("state", ["refused", "cancelled"])
@pytest.mark.parametrize("name", [transition.name for transition in MISSION.transitions])
def test_closed_mission_never_comes_back(state, name):
    """opencollective 3502: a final state is final, whatever the way in."""
    closed = mission(state=state)
    transition = MISSION[name]
    everybody = [as_manager(closed.organisation), as_operator()]
    may = [who for who in everybody if transition.who(who, closed)]

    for who in may:
        with pytest.raises(Stale):
            fire(MISSION, closed, name, actor=who, answers={"reason": "other", "reasons": "x"})
    assert Mission.objects.get(pk=closed.pk).state == state


# ── places (R34) ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("form", "taking"), [("one_off", {"accepted", "ongoing", "done"}), ("recurring", {"accepted", "ongoing"})]
)
def test_places_are_counted_from_who_takes_one(form, taking):
    """Recurring missions get the place back; zetkin 3508: nobody who is gone counts."""
    found = set()
    for state in P.values:
        what = mission(format=form)
        participation(what, state=state)
        if places_taken(what):
            found.add(state)
        annotated = with_places(Mission.objects.filter(pk=what.pk)).get()
        assert annotated.taken_now == places_taken(what)

    assert found == taking


def test_accepting_never_exceeds_the_places():
    what = mission(places=2)
    host = as_manager(what.organisation)
    for _ in range(2):
        fire(PARTICIPATION, participation(what), "accept", actor=host)

    with pytest.raises(Refused, match="Toutes les places sont prises"):
        fire(PARTICIPATION, participation(what), "accept", actor=host)
    assert places_left(what) == 0


@pytest.mark.parametrize("way", ["withdraw", "take_back"])
def test_freed_place_can_be_given_again(way):
    what = mission(places=1)
    host = as_manager(what.organisation)
    first, second = participation(what, state=P.ACCEPTED), participation(what)
    who = actor(first.person) if way == "withdraw" else host

    fire(PARTICIPATION, first, way, actor=who, answers={"reason": "not_available"})

    assert fire(PARTICIPATION, second, "accept", actor=host).state == P.ACCEPTED


def test_pending_application_holds_no_place():
    what = mission(places=1)
    participation(what)
    participation(what)

    assert places_left(what) == 1


def test_places_are_not_lowered_under_those_taken():
    what = mission(places=3)
    participation(what, state=P.ACCEPTED)
    participation(what, state=P.ONGOING)
    host, facts = as_manager(what.organisation), complete_facts(what.organisation)

    with pytest.raises(Refused, match="2 places sont déjà prises"):
        edit_mission(actor=host, mission=what, facts=replace(facts, places=1))
    assert Mission.objects.get(pk=what.pk).places == 3
    assert edit_mission(actor=host, mission=what, facts=replace(facts, places=2)).places == 2


def test_changing_the_format_counts_places_under_the_new_one():
    """Two people are done on a recurring mission of one place: as a one-off mission it would have two places taken."""
    what = mission(places=1, format="recurring")
    participation(what, state=P.DONE)
    participation(what, state=P.DONE)
    facts = complete_facts(what.organisation, places=1, format="one_off")

    with pytest.raises(Refused, match="déjà prises"):
        edit_mission(actor=as_manager(what.organisation), mission=what, facts=facts)


def test_places_are_raised_while_the_mission_is_full():
    what = mission(places=1)
    participation(what, state=P.ACCEPTED)
    host, waiting = as_manager(what.organisation), participation(what)

    edit_mission(actor=host, mission=what, facts=complete_facts(what.organisation, places=2))

    assert fire(PARTICIPATION, waiting, "accept", actor=host).state == P.ACCEPTED


# ── answers (R33) ─────────────────────────────────────────────────────────────────────────────────
def test_refusal_keeps_its_reason_until_it_is_taken_back():
    waiting = participation()
    host = as_manager(waiting.mission.organisation)

    refused = fire(PARTICIPATION, waiting, "refuse", actor=host, answers={"reason": "enough_people"})
    kept = (refused.refusal_reason, refused.decided_by_id)
    back = fire(PARTICIPATION, waiting, "take_back", actor=host)

    assert kept == ("enough_people", host.person_id)
    assert (back.state, back.refusal_reason, back.decided_at, back.decided_by_id) == (P.PENDING, "", None, None)
    assert Entry.objects.filter(object_id=waiting.pk, verb="missions.participation.refuse").get().codes == {
        "reason": "enough_people"
    }


def test_withdrawal_keeps_its_reason():
    taken = participation(state=P.ACCEPTED)

    gone = fire(PARTICIPATION, taken, "withdraw", actor=actor(taken.person), answers={"reason": "other_mission"})

    assert (gone.state, gone.withdrawal_reason) == (P.WITHDRAWN, "other_mission")


def test_one_applies_again_after_a_withdrawal():
    gone = participation(state=P.WITHDRAWN)

    again = offer(gone.person, gone.mission)

    assert (again.pk != gone.pk, again.state) == (True, P.PENDING)


@pytest.mark.parametrize("state", ["pending", "accepted", "ongoing"])
def test_one_does_not_apply_twice(state):
    """A second click is no mistake: it finds the first application (les-emplois 6800)."""
    active = participation(state=state)

    assert offer(active.person, active.mission).pk == active.pk
    assert Participation.objects.filter(person=active.person).count() == 1


def test_refusal_is_not_taken_back_when_the_person_applied_again():
    """Else the same person would be waiting twice."""
    declined = participation(state=P.REFUSED)
    host = as_manager(declined.mission.organisation)
    offer(declined.person, declined.mission)

    with pytest.raises(Refused, match="proposé de nouveau"):
        fire(PARTICIPATION, declined, "take_back", actor=host)


def test_application_keeps_the_wording_that_was_ticked_and_when():
    """R13: the version and the time, whatever the rules become."""
    what, someone = mission(), volunteer()
    wording = rules_of(what.domain)

    made = offer(someone, what)
    reword_rules(what.domain)

    made.refresh_from_db()
    assert (made.rules_id, made.rules_at) == (wording.pk, made.created_at)


def test_mission_keeps_the_wording_that_it_conforms_to():
    where = organisation()
    host = as_manager(where)
    made = open_mission(actor=host, organisation=where, facts=complete_facts(where))
    wording = rules_of(made.domain)
    reword_rules(made.domain)

    edited = edit_mission(actor=host, mission=made, facts=complete_facts(where, title="Autre titre"))

    assert (edited.rules_id, edited.rules_at) == (wording.pk, made.rules_at)


# ── writing a mission ─────────────────────────────────────────────────────────────────────────────
def test_only_the_organisations_managers_write_its_missions():
    where, stranger = organisation(), actor(manager())
    facts = complete_facts(where)
    made = open_mission(actor=as_manager(where), organisation=where, facts=facts)

    for who in (stranger, as_operator(), actor(volunteer())):
        with pytest.raises(NotAllowed):
            open_mission(actor=who, organisation=where, facts=facts)
        with pytest.raises(NotAllowed):
            edit_mission(actor=who, mission=made, facts=facts)
    assert Mission.objects.count() == 1


def test_stale_edit_is_refused_and_changes_nothing():
    where = organisation()
    host = as_manager(where)
    made = open_mission(actor=host, organisation=where, facts=complete_facts(where))
    edit_mission(actor=host, mission=made, facts=complete_facts(where, title="Première"), seen=1)

    with pytest.raises(Stale):
        edit_mission(actor=host, mission=made, facts=complete_facts(where, title="Seconde"), seen=1)
    assert Mission.objects.get(pk=made.pk).title == "Première"


@pytest.mark.parametrize("state", ["refused", "ended", "cancelled"])
def test_closed_mission_is_not_changed(state):
    closed = mission(state=state)

    with pytest.raises(Refused, match="close"):
        edit_mission(actor=as_manager(closed.organisation), mission=closed, facts=complete_facts(closed.organisation))


def test_history_tells_what_an_edit_changed_without_anybodys_words():
    """P3, P10: codes and dates with their values, free text by name alone."""
    where = organisation()
    host = as_manager(where)
    made = open_mission(actor=host, organisation=where, facts=complete_facts(where))

    edit_mission(actor=host, mission=made, facts=complete_facts(where, places=5, description="Un texte nouveau."))

    assert Entry.objects.latest("id").changes == {"places": ["2", "5"], "description": [None, None]}


def test_every_state_of_the_factories_has_its_history():
    """The integrity check that production runs holds on what the tests make."""
    from renfort.kernel.integrity import registered, run

    what = mission(places=20)
    for state in P.values:
        participation(what, state=state)
    for state in M.values:
        mission(state=state)

    broken = [found.check.name for found in run(registered()) if not found.holds]
    assert broken == []
