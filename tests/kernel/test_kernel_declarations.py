"""A declaration that cannot work fails at import; one that works is drawn whole (house, 5.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from renfort.kernel import describe
from renfort.kernel.actors import CLOCK
from renfort.kernel.messages import MESSAGES, Message
from renfort.kernel.rules import CLOCK_RULE, Guard, Rule, guard, rule
from renfort.kernel.workflow import Transition, Workflow
from renfort.missions import rules
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Mission
from renfort.missions.workflow import MISSION, PARTICIPATION, WAITING

WORKFLOWS = pytest.mark.parametrize("flow", [MISSION, PARTICIPATION], ids=lambda flow: flow.model)


class Light(TextChoices):
    RED = "red", "Rouge"
    GREEN = "green", "Vert"


@rule("quelqu'un")
def anybody(actor, obj):
    return True


@pytest.fixture
def declare(monkeypatch):
    """Declare a workflow for one test; the real ones stay as they are."""
    monkeypatch.setattr(Workflow, "registry", dict(Workflow.registry))

    def make(*transitions, **changes):
        given = {"model": "tests.Light", "title": "Feu", "states": Light, "initial": "red", "final": ["green"]}
        return Workflow(**{**given, "visible": lambda actor: Mission.objects.none(), "transitions": transitions, **changes})

    return make


def step(name="go", source=("red",), target="green", **changes):
    return Transition(
        **{"name": name, "path": name, "source": source, "target": target, "label": name, "who": anybody, **changes}
    )


def test_declaration_that_works_is_accepted(declare):
    flow = declare(step())

    assert (flow["go"].target, flow.by_path("go"), flow.by_path("elsewhere")) == ("green", flow["go"], None)
    assert Workflow.registry["tests.light"] is flow


@pytest.mark.parametrize(
    ("transitions", "changes", "problem"),
    [
        ([], {}, "unreachable states"),
        ([step(target=None)], {}, "unreachable states"),
        ([step(source=("blue",))], {}, "unknown states"),
        ([step(target="blue")], {}, "unknown states"),
        ([step()], {"final": ["blue", "green"]}, "unknown states"),
        ([step()], {"final": []}, "dead ends not declared final"),
        ([step(), step(path="again")], {}, "share a name or a path"),
        ([step(), step(name="again", path="go")], {}, "share a name or a path"),
    ],
)
def test_broken_declaration_fails_at_import(declare, transitions, changes, problem):
    with pytest.raises(ValueError, match=problem):
        declare(*transitions, **changes)


def test_every_problem_of_a_declaration_is_told(declare):
    with pytest.raises(ValueError, match=r"unknown states.*unreachable states.*dead ends"):
        declare(step(target="blue"), final=[])


def test_two_messages_cannot_have_one_key():
    known = next(iter(MESSAGES.values()))

    with pytest.raises(ValueError, match="two messages have the key"):
        Message(known.key, "Autre", known.to, known.mail)


@WORKFLOWS
def test_final_state_has_no_way_out(flow):
    assert [transition.name for state in flow.final for transition in flow.from_state(state)] == []


@WORKFLOWS
def test_every_state_has_a_tone(flow):
    assert set(flow.tones) == set(flow.states.values)


@WORKFLOWS
def test_what_the_clock_does_is_allowed_to_the_clock_alone_or_too(flow):
    due = [transition for transition in flow.transitions if transition.due]

    assert due
    assert [transition.name for transition in due if not transition.who(CLOCK, flow.model_class()())] == []


@WORKFLOWS
def test_what_tells_somebody_of_a_refusal_says_why(flow):
    """R33: a refusal or a withdrawal carries its reason: asked of a person, given by the clock."""
    told = [t for t in flow.transitions if t.target in ("refused", "withdrawn", "to_correct") and t.due is None]

    assert told
    assert [t.name for t in told if not t.asks] == []


# ── proofs ────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_is_accepted_without_having_asked():
    assert describe.always_passes(PARTICIPATION, through=P.PENDING, before=P.ACCEPTED)
    assert PARTICIPATION.initial == P.PENDING


@pytest.mark.parametrize("end", [P.ONGOING, P.DONE, P.NO_SHOW])
def test_nobody_takes_part_without_having_been_accepted(end):
    assert describe.always_passes(PARTICIPATION, through=P.ACCEPTED, before=end)


def test_proof_says_no_when_there_is_another_way():
    assert not describe.always_passes(PARTICIPATION, through=P.ACCEPTED, before=P.WITHDRAWN)
    assert not describe.always_passes(MISSION, through=M.SUBMITTED, before=M.PUBLISHED)


def test_mission_ends_only_after_having_been_published():
    assert describe.always_passes(MISSION, through=M.PUBLISHED, before=M.ENDED)


def test_no_mission_goes_online_without_its_organisation_having_proposed_it():
    """R12: every way out of a draft is the organisation's own; nobody else publishes what was not proposed."""
    ways = [transition for transition in MISSION.from_state(M.DRAFT) if transition.target != M.CANCELLED]
    assert {transition.who for transition in ways} == {rules.is_host}
    assert [t.name for t in MISSION.transitions if t.target == M.PUBLISHED] == ["publish", "validate", "reopen"]
    assert MISSION["validate"].source == (M.SUBMITTED,)


def test_officer_never_decides_about_people():
    """R52: fitting people to missions is the host's job."""
    labels = {str(label) for transition in PARTICIPATION.transitions for label in transition.who.labels}

    assert labels == {"la structure", "le ou la bénévole", "l'horloge"}


def test_everything_that_counts_places_or_reads_the_mission_holds_it():
    """Decision 10: guards read the mission, so each transition of a participation locks it first."""
    moving = [transition for transition in (*PARTICIPATION.transitions, *WAITING.transitions) if transition.target]

    assert {transition.locks for transition in moving} == {("mission",)}


# ── rules and guards ──────────────────────────────────────────────────────────────────────────────
def test_either_rule_is_enough():
    yes, no = Rule(("oui",), lambda actor, obj: True), Rule(("non",), lambda actor, obj: False)

    assert [(a | b)(None, None) for a in (yes, no) for b in (yes, no)] == [True, True, True, False]


def test_joined_labels_follow_the_language():
    """Decision 20: nothing is joined at import."""
    spoken = Rule((_("la structure"), lazystr("x")), lambda actor, obj: True)
    tongue = Rule((Language(),), lambda actor, obj: True) | CLOCK_RULE

    assert spoken.label.startswith("la structure")
    with translation.override("fr"):
        assert tongue.label == "fr ou l'horloge"
    with translation.override("en"):
        assert tongue.label.startswith("en ")


class Language:
    """A label that is the language in force."""

    def __str__(self):
        return translation.get_language()


def test_every_unmet_condition_is_told_at_once():
    first, second, third = Guard("Un.", lambda obj: False), Guard("Deux.", lambda obj: True), Guard("Trois.", lambda obj: False)

    assert step(when=(first, second, third)).refusals(None) == ["Un.", "Trois."]


def test_step_that_is_not_offered_gives_that_reason_alone():
    @guard("Pas sous cette politique.")
    def never(obj):
        return False

    there, gone = step(), step(offered=never, when=(Guard("Incomplet.", lambda obj: False),))

    assert (there.is_offered(None), gone.is_offered(None)) == (True, False)
    assert gone.refusals(None) == ["Pas sous cette politique."]


# ── what is drawn ─────────────────────────────────────────────────────────────────────────────────
@WORKFLOWS
def test_page_contains_everything_that_is_declared(flow):
    page = describe.page()

    facts = [flow.model.lower()]
    facts += [f"`{state.value}`: {state.label}" for state in flow.states]
    for transition in flow.transitions:
        facts += [str(transition.label), transition.path, transition.who.label, *transition.asks]
        facts += [str(condition.refusal) for condition in transition.when]
        facts += [str(transition.offered.refusal)] if transition.offered else []
        facts += [message.key for message in transition.tells]
        facts += [f"{source} --> {transition.target or source}: {transition.name}" for source in transition.source]
    assert [fact for fact in facts if fact not in page] == []


def test_page_marks_what_the_clock_does_by_itself():
    rows = {line.split(" | ")[1]: line for line in describe.table(PARTICIPATION).splitlines()[2:]}

    assert {path for path, row in rows.items() if "(due)" in row} == {t.path for t in PARTICIPATION.transitions if t.due}


def test_matrix_lists_every_state():
    drawn = describe.matrix(PARTICIPATION, PARTICIPATION.model_class()(), {"clock": CLOCK})

    assert drawn["pending"] == {"clock": ["cancel_with_mission", "cancel_with_slots", "lapse"]}
    assert set(drawn) == set(P.values)


def test_transition_is_data_that_can_be_varied():
    loosened = replace(PARTICIPATION["accept"], locks=())

    assert (loosened.locks, PARTICIPATION["accept"].locks) == ((), ("mission",))
