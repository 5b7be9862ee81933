"""Two organisations become one: what moves, what stays, what is lost, and that no table is forgotten (R55, R37, P3)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    as_operator,
    complete_facts,
    invitation,
    join_request,
    manager,
    membership,
    mission,
    operator,
    organisation,
    participation,
    person,
    turn,
    tutor,
    volunteer,
)
from tests.factories.hours import hours, past_mission, served
from tests.factories.organisations import branch_invitation, referent, supervisor
from tests.factories.workshops import client

from renfort.audit.models import Entry
from renfort.audit.selectors import history_of
from renfort.documents.selectors import verdict_of
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire
from renfort.kernel.integrity import registered, run
from renfort.missions.models import Batch, Favourite, Mission, MissionTemplate, Participation, ReplyTemplate, SavedView
from renfort.missions.services.merging import free_name
from renfort.missions.services.mission import open_mission
from renfort.missions.services.papers import issue_certificate
from renfort.missions.services.transfers import propose_transfer
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Grant, Merge, Organisation
from renfort.organisations.selectors.merges import stands_for
from renfort.organisations.services import merges
from renfort.organisations.services.leaving import restore_organisation
from renfort.organisations.services.moves import fates
from renfort.search.models import Entry as Found

pytestmark = pytest.mark.django_db


def merged(kept, absorbed, *, by=None, choices=None):
    """Both are merged: the operator proposes, the managers agree, the operator does it."""
    who = by or as_operator()
    made = merges.propose(actor=who, kept=kept, absorbed=absorbed, choices=choices or {})
    return do(who, agreed(made))


def agreed(made):
    for side in (made.kept, made.absorbed):
        boss = Grant.objects.filter(organisation=side, role="manager", valid_until=None).first()
        if boss is not None:
            made = merges.agree(actor=actor(boss.person), merge=made, access=shown(made).access.digest)
    return made


def shown(made):
    return merges.preview_of(made.kept, made.absorbed, made.choices)


def do(who, made):
    return merges.carry_out(actor=who, merge=made, seen=shown(made).seen)


def broken():
    return [found.check.name for found in run(registered()) if not found.holds]


@pytest.fixture
def two():
    """Two entries of one organisation, each with a manager."""
    kept, absorbed = organisation(name="Secours Bordeaux"), organisation(name="Secours de Bordeaux")
    manager(kept), manager(absorbed)
    return kept, absorbed


# ── nothing is forgotten ──────────────────────────────────────────────────────────────────────────
def fields_about_organisations():
    """Each field of the site that points at an organisation, by a foreign key or by a number that is named like one."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("renfort"):
            continue
        for field in model._meta.get_fields():
            if not getattr(field, "concrete", False) or field.many_to_many:
                continue
            if field.related_model is Organisation or (field.name == "organisation_id" and not field.is_relation):
                yield f"{model._meta.label_lower}.{field.name}"


def test_every_field_that_points_at_an_organisation_has_its_fate():
    """A new table of an organisation says in its app's ``register`` what becomes of it in a merge, or fails here."""
    told = [name for fate in fates() for name in fate.fields]

    assert sorted(set(fields_about_organisations()) - set(told)) == []
    assert sorted(set(told) - set(fields_about_organisations())) == []
    assert [name for name in told if told.count(name) > 1] == []


def led():
    where = organisation()
    manager(where)
    return where


@pytest.mark.parametrize(
    ("waits", "words"),
    [
        (lambda gone: propose_transfer(actor=actor(referent("33")), mission=mission(gone), receiver=led()), "transfert"),
        (lambda gone: propose_transfer(actor=actor(referent("33")), mission=mission(organisation()), receiver=gone), "transfert"),
        (lambda gone: branch_invitation(by=supervisor("croix-rouge"), asked=gone), "réseau national"),
        (client, "cliente de la coordination"),
    ],
    ids=["a mission proposed elsewhere", "a mission proposed to it", "a network asks", "orders"],
)
def test_what_somebody_waits_for_is_answered_before_a_merge(two, waits, words):
    kept, absorbed = two
    made = agreed(merges.propose(actor=as_operator(), kept=kept, absorbed=absorbed, choices={}))
    assert shown(made).hindrances == []

    waits(absorbed)

    assert [words in sentence for sentence in shown(made).hindrances] == [True]
    with pytest.raises(Refused, match=words):
        do(as_operator(), made)


def test_a_logo_that_goes_is_told_before(two):
    kept, absorbed = two
    Organisation.objects.filter(pk=absorbed.pk).update(logo="0" * 32)
    made = merges.propose(actor=as_operator(), kept=kept, absorbed=absorbed, choices={})

    assert "Le logo de la fiche absorbée." in [part.words for part in shown(made).lost]


def test_every_fact_of_an_organisation_is_compared():
    """A new column is a fact that the assistant shows, or is named among those that are none."""
    shown_ = {name for _label, names in merges.COMPARED.values() for name in names} - {"networks"}
    known = {field.name for field in (*Organisation._meta.concrete_fields, *Organisation._meta.many_to_many)}

    assert known - merges.NOT_COMPARED == shown_


def test_after_a_merge_nothing_that_goes_on_is_left_behind(two):
    kept, absorbed = two
    helper, boss = volunteer(), Grant.objects.get(organisation=absorbed).person
    what = mission(absorbed, responsible=boss)
    waiting = participation(what, helper)
    turn(mission(absorbed, places=1), helper)
    hours(served(past_mission(absorbed), helper))
    Favourite.objects.create(person=helper, mission=what, created_at=what.created_at)
    MissionTemplate.objects.create(scope="organisation", organisation=absorbed, domain=what.domain, name_fr="Le nôtre")
    ReplyTemplate.objects.create(organisation=absorbed, name="Merci", text="Merci.")
    ReplyTemplate.objects.create(organisation=kept, name="Merci", text="Bien merci.")
    SavedView.objects.create(organisation=absorbed, person=boss, kind="missions", name="À moi", query="q=x")

    merged(kept, absorbed)

    for model, left in ((Mission, 0), (Participation, 0), (MissionTemplate, 0), (ReplyTemplate, 0), (SavedView, 0)):
        assert model.objects.filter(organisation=absorbed).count() == left, model
    assert Mission.objects.filter(organisation=kept).count() == 3
    waiting.refresh_from_db()
    assert (waiting.organisation_id, waiting.state) == (kept.pk, "pending")
    assert set(ReplyTemplate.objects.values_list("organisation", "name")) == {(kept.pk, "Merci"), (kept.pk, "Merci (2)")}
    assert Found.objects.get(mission_id=what.pk).organisation_id == kept.pk, "the search follows (P2)"
    absorbed.refresh_from_db()
    assert (absorbed.state, absorbed.merged_into_id) == ("unsubscribed", kept.pk)
    assert broken() == []


def test_each_side_and_each_mission_has_its_line_of_history(two):
    kept, absorbed = two
    what = mission(absorbed)

    done = merged(kept, absorbed)

    lines = [line.entry.verb for line in history_of(what)]
    assert lines[0] == "missions.mission.change_host" and lines.count("missions.mission.change_host") == 1
    assert history_of(kept)[0].entry.verb == "organisations.organisation.take_in"
    assert history_of(absorbed)[0].entry.verb == "organisations.organisation.go_into"
    assert history_of(kept)[0].texts == {"message": absorbed.name}
    assert Entry.objects.filter(verb="organisations.merge.do", object_id=done.pk).count() == 1


def test_volunteers_who_are_expected_are_told_once_and_the_others_are_not(two):
    """R37: whoever reads their contact data has a name."""
    kept, absorbed = two
    expected, refused_, elsewhere = volunteer(), volunteer(), volunteer()
    participation(mission(absorbed), expected)
    participation(mission(absorbed), expected, state="accepted")
    participation(mission(absorbed), refused_, state="refused")
    participation(mission(kept), elsewhere)

    merged(kept, absorbed)

    told = Outgoing.objects.filter(message="missions.host.merged")
    assert [mail.person_id for mail in told] == [expected.pk]
    assert "Secours de Bordeaux s'appelle maintenant Secours Bordeaux" in told[0].subject


def test_an_application_goes_on_with_the_manager_who_stays(two):
    """Who was in charge of it goes on too; who only managed it does no longer."""
    kept, absorbed = two
    leader = Grant.objects.get(organisation=absorbed).person
    former = manager(absorbed)
    what = mission(absorbed, places=2, responsible=leader)
    first, waiting = participation(what), participation(what)
    merged(kept, absorbed)
    first, waiting = Participation.objects.get(pk=first.pk), Participation.objects.get(pk=waiting.pk)

    with pytest.raises(NotAllowed):
        fire(PARTICIPATION, waiting, "accept", actor=actor(former))
    assert fire(PARTICIPATION, first, "accept", actor=actor(leader))
    assert fire(PARTICIPATION, waiting, "accept", actor=actor(Grant.objects.get(organisation=kept, role="manager").person))


def test_a_certificate_says_the_same_before_and_after(two):
    """A paper given before the merge, by either side, tells what was given there, and no more (P5)."""
    kept, absorbed = two
    helper = volunteer()
    papers = []
    for where in two:
        hours(served(past_mission(where), helper))
        papers.append(
            issue_certificate(
                actor=actor(helper), person=helper, organisation=where, first_on=None, last_on=None,
                today=timezone.localdate(),
            )
        )  # fmt: skip
    before = [verdict_of(paper).changed for paper in papers]

    merged(kept, absorbed)

    for paper in papers:
        paper.refresh_from_db()
    assert before == [verdict_of(paper).changed for paper in papers] == [(), ()]
    assert {paper.organisation_id for paper in papers} == {kept.pk}, "the manager who stays finds it"
    assert papers[1].facts["organisation"] == "Secours de Bordeaux"


def test_facts_are_those_that_were_chosen(two):
    kept, absorbed = two
    Organisation.objects.filter(pk=absorbed.pk).update(siret="00000000100018", rna="W331234567", description="Des repas.")
    membership(absorbed, state="confirmed")
    absorbed.refresh_from_db()

    merged(kept, absorbed, choices={"siret": "absorbed", "networks": "absorbed", "name": "nonsense"})

    kept.refresh_from_db()
    assert (kept.name, kept.siret, kept.rna, kept.description) == ("Secours Bordeaux", "00000000100018", "", kept.description)
    assert [(each.organisation_id, each.state) for each in kept.memberships.all()] == [(kept.pk, "claimed")]
    assert not absorbed.memberships.exists()
    assert broken() == []


def test_what_would_be_lost_is_said(two):
    kept, absorbed = two
    invitation(absorbed)
    membership(absorbed, state="confirmed")
    someone = tutor(absorbed)
    for where in two:
        SavedView.objects.create(organisation=where, person=someone, kind="missions", name="À moi", query="q=x")

    said = {part.key.partition("-")[0]: part.words for part in merges.preview_of(kept, absorbed).lost}

    assert set(said) == {"invitations", "network", "same"}
    assert "1 invitation en attente est retirée" in said["invitations"]


def test_invitations_are_withdrawn_and_requests_wait_once(two):
    """A role kept for somebody in one organisation is no role in another."""
    kept, absorbed = two
    made, both = invitation(absorbed, role="manager"), person()
    asked, first, twin = join_request(absorbed), join_request(kept, both), join_request(absorbed, both)

    merged(kept, absorbed)

    for row in (made, asked, first, twin):
        row.refresh_from_db()
    assert made.state == "revoked"
    assert (asked.state, asked.organisation_id) == ("pending", kept.pk)
    assert (first.state, twin.state, twin.organisation_id) == ("pending", "refused", absorbed.pk)
    assert broken() == []


def test_a_mission_led_long_ago_by_a_tutor_of_the_other_team_opens_nothing(two):
    """Being named on a mission of a team that one had left gives no right again."""
    kept, absorbed = two
    someone = tutor(kept)
    what = mission(absorbed, responsible=someone, state="cancelled")
    beside = mission(absorbed)
    beside.deputies.add(someone)

    merged(kept, absorbed)

    what.refresh_from_db()
    assert what.responsible_id != someone.pk and not beside.deputies.exists()


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [("Merci", set(), "Merci"), ("Merci", {"Merci"}, "Merci (2)"), ("Merci", {"Merci", "Merci (2)"}, "Merci (3)")],
)
def test_a_reply_gets_a_name_that_is_free(name, taken, free):
    assert free_name(name, taken) == free


def test_a_free_name_is_never_too_long():
    assert len(free_name("é" * 60, {"é" * 60})) == 60


# ── all or nothing ────────────────────────────────────────────────────────────────────────────────
def test_a_failure_at_the_last_step_leaves_both_as_they_were(two, monkeypatch):
    kept, absorbed = two
    what = mission(absorbed)
    participation(what)
    who = as_operator()
    made = agreed(merges.propose(actor=who, kept=kept, absorbed=absorbed, choices={}))
    before = (Entry.objects.count(), Outgoing.objects.count())
    monkeypatch.setattr(merges, "check_organisations", lambda ids: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        do(who, made)

    what.refresh_from_db(), absorbed.refresh_from_db(), made.refresh_from_db()
    assert (what.organisation_id, absorbed.left_at, made.state) == (absorbed.pk, None, "agreed")
    assert (Entry.objects.count(), Outgoing.objects.count()) == before
    assert broken() == []


def test_what_was_not_shown_is_not_done(two):
    """A new application came meanwhile: the page is shown anew."""
    kept, absorbed = two
    who = as_operator()
    what = mission(absorbed)
    made = agreed(merges.propose(actor=who, kept=kept, absorbed=absorbed, choices={}))
    seen = shown(made).seen
    participation(what)

    with pytest.raises(Stale):
        merges.carry_out(actor=who, merge=made, seen=seen)
    assert do(who, made).state == "done"


def test_a_running_answer_to_many_is_waited_for(two):
    kept, absorbed = two
    who = as_operator()
    boss = Grant.objects.get(organisation=absorbed).person
    running = Batch.objects.create(organisation=absorbed, person=boss, role="x", verb="accept", total=1, state="asked")
    made = agreed(merges.propose(actor=who, kept=kept, absorbed=absorbed, choices={}))

    with pytest.raises(Refused, match="réponse à plusieurs"):
        do(who, made)
    Batch.objects.filter(pk=running.pk).update(state="done")
    assert do(who, made).state == "done"


def test_nobody_brings_back_what_was_merged(two):
    kept, absorbed = two
    merged(kept, absorbed)
    absorbed.refresh_from_db()

    with pytest.raises(Refused, match="fusionnée"):
        restore_organisation(actor=actor(operator()), organisation=absorbed)


def test_a_chain_of_merges_leads_to_the_one_that_stays(two):
    kept, absorbed = two
    last = organisation()
    manager(last)
    merged(kept, absorbed)
    kept.refresh_from_db()

    merged(last, kept)

    assert stands_for(absorbed.pk) == stands_for(kept.pk) == last
    assert broken() == []


def test_no_mission_is_written_into_an_entry_that_has_gone(two):
    kept, absorbed = two
    boss = actor(Grant.objects.get(organisation=absorbed).person)  # the page was opened before
    facts = complete_facts(absorbed)
    merged(kept, absorbed)

    with pytest.raises(Refused, match="n'est plus sur la plateforme"):
        open_mission(actor=boss, organisation=absorbed, facts=facts)


def test_the_preview_asks_the_same_number_of_questions_whatever_there_is(two):
    kept, absorbed = two

    def count():
        with CaptureQueriesContext(connection) as queries:
            merges.preview_of(Organisation.objects.get(pk=kept.pk), Organisation.objects.get(pk=absorbed.pk))
        return len(queries)

    participation(mission(absorbed)), tutor(absorbed)
    first = count()
    for _ in range(19):
        participation(mission(absorbed)), tutor(absorbed)
    assert count() == first


def test_merge_rows_stay_as_its_history(two):
    done = merged(*two)

    assert Merge.objects.get() == done and done.state == "done" and done.ended_by is not None
