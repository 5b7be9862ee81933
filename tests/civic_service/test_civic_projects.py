"""The life of a host project: what stands before its filing, who decides, what is kept and said (S5 steps 1 and 2, C.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from tests.factories import at, days, today
from tests.factories.civic_service import (
    acting,
    approval,
    campaign,
    case_manager,
    establishment,
    federation,
    lead,
    post,
    project,
    service_co_tutor,
    service_tutor,
)

from renfort.audit.selectors import history_of
from renfort.civic_service.components.steps import STEPS, current_step, step_words, steps_of
from renfort.civic_service.enums import ProjectState
from renfort.civic_service.models import CampaignRecord, HostProject, Post
from renfort.civic_service.selectors.project_facts import differences
from renfort.civic_service.selectors.readiness import blockers_of, today_at
from renfort.civic_service.services.projects import ProjectFacts, change_project, copy_project, start_project
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import NotAllowed, Refused, Stale, Unanswered, fire
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role

pytestmark = pytest.mark.django_db
P = ProjectState


def as_lead(draft):
    return acting(draft.lead, Role.ESTABLISHMENT_LEAD)


def manager_of(national=True, of=None):
    return acting(case_manager(of), Role.CASE_MANAGER)


def holder_of(what):
    """Who has the project in hand: nobody else decides (S10)."""
    return acting(what.taken_by, Role.CASE_MANAGER)


def keys(draft):
    return {each.key for each in blockers_of(draft)}


def sentences(draft):
    return " ".join(each.sentence for each in blockers_of(draft))


def step(what, name, actor, **answers):
    return fire(PROJECT, what, name, actor=actor, answers=answers)


# ── before the filing ─────────────────────────────────────────────────────────────────────────────
def test_a_project_with_everything_said_is_ready():
    assert blockers_of(project()) == []


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"title": ""}, "Titre de la mission"), ({"domain": ""}, "Domaine"), ({"aim": ""}, "Objectif d'intérêt général"),
        ({"tasks": ""}, "Ce que fait le volontaire"), ({"audience": ""}, "Public rencontré"), ({"setting": ""}, "Préparation"),
        ({"place": ""}, "Lieu de la mission"), ({"first_on": None}, "Premier jour"), ({"months": None}, "Durée"),
        ({"weekly_hours": None}, "Heures par semaine"), ({"weekly_days": None}, "Jours par semaine"),
    ],
)  # fmt: skip
def test_each_field_that_says_nothing_is_named_with_its_link(missing, words):
    draft = project(**missing)
    found = [each for each in blockers_of(draft) if each.key == "facts"]

    assert len(found) == 1 and words in found[0].sentence
    assert found[0].url.endswith(f"/modifier/#id_{next(iter(missing))}")


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"domain": "emergency"}, "domain"),  # not in the approval of the factory
        ({"takes_minors": True}, "minors"),
        ({"takes_minors": True, "minors_support": "Un adulte présent.", "weekly_hours": 36}, "minors"),
        ({"takes_minors": True, "minors_support": "Un adulte présent.", "weekly_hours": 35, "weekly_days": 6}, "minors"),
        ({"asked": 3}, "places"),  # 420 pupils: two (S3)
    ],
)
def test_what_law_approval_and_places_do_not_allow_is_refused(facts, key):
    """L120-8, R121-11, R121-12; S3."""
    draft = project(**facts)

    assert keys(draft) == {key}
    with pytest.raises(Refused):
        step(draft, "file", as_lead(draft))


def test_minors_are_welcome_with_support_and_short_weeks():
    """C.16.4: 35 hours over five days, and how they are supported."""
    draft = project(takes_minors=True, minors_support="Un adulte est toujours présent.", weekly_hours=35, weekly_days=5)

    assert keys(draft) == set()


@pytest.mark.parametrize(("pupils", "most"), [(299, 1), (300, 2), (301, 2)])
def test_the_number_of_pupils_decides_how_many_may_be_asked_for(pupils, most):
    """C.16.2."""
    where = establishment(enrolment=pupils)
    one, boss, tutor = campaign(), lead(where), service_tutor(where)
    asked = [project(where, campaign=one, asked=number, lead=boss, tutor=tutor) for number in (most, most + 1)]

    assert ["places" in keys(each) for each in asked] == [False, True]


def test_places_that_another_project_asks_for_are_taken():
    where = establishment(enrolment=420)
    one, boss, tutor = campaign(), lead(where), service_tutor(where)
    project(where, "submitted", campaign=one, asked=1, lead=boss, tutor=tutor)
    second = project(where, campaign=one, asked=2, lead=boss, tutor=tutor)

    assert "Il reste 1 place" in sentences(second)


@pytest.mark.parametrize(("shift", "is_free"), [(-1, False), (0, True), (90, True), (91, False)])
def test_the_first_day_is_inside_the_campaigns_window(shift, is_free):
    one = campaign()  # from in 90 days to in 180
    draft = project(campaign=one, first_on=one.starts_from + days(shift))

    assert ("dates" not in keys(draft)) is is_free


def test_the_approval_runs_on_the_first_day_not_on_the_last():
    """A.4: what begins under an approval goes on when it ends."""
    day = today()
    short = approval(last_on=day + days(120))
    one = campaign(approval=short)

    assert "dates" not in keys(project(campaign=one, first_on=day + days(120)))
    assert "dates" in keys(project(campaign=one, first_on=day + days(121)))


def test_the_record_is_complete_before_anything_is_filed():
    """C.16.1: without a number of pupils the filing is refused, with the missing fact named."""
    draft = project(establishment(enrolment=None, enrolment_year=None))

    found = [each for each in blockers_of(draft) if each.key == "record"]
    assert "Effectif de rentrée" in found[0].sentence and found[0].url


@pytest.mark.parametrize(("state", "is_open"), [("draft", False), ("open", True), ("closed", False)])
def test_projects_are_filed_while_the_campaign_is_open(state, is_open):
    assert ("campaign" not in keys(project(campaign=campaign(state)))) is is_open


def test_projects_are_not_filed_before_the_campaign_takes_them():
    assert keys(project(campaign=campaign(opens_on=today() + days(2)))) == {"campaign"}


def test_the_deadline_ends_at_midnight_where_the_establishment_is():
    """C.1, P8: the last day ends in Réunion two or three hours before it does in Paris."""
    reunion, gironde = establishment(department="974"), establishment()
    last = today() + days(30)
    one = campaign(files_until=last)
    far, near = project(reunion, campaign=one), project(gironde, campaign=one)
    just_over_there = datetime.combine(last + days(1), datetime.min.time(), ZoneInfo("Indian/Reunion")).astimezone(UTC)

    with at(just_over_there - timedelta(minutes=1)):
        assert (keys(far), keys(near)) == (set(), set())
    with at(just_over_there):
        assert (keys(far), keys(near)) == ({"campaign"}, set())
        assert today_at(reunion) == last + days(1)
    with at(datetime.combine(last + days(1), datetime.min.time(), ZoneInfo("Europe/Paris")).astimezone(UTC)):
        assert keys(near) == {"campaign"}


def test_who_is_named_holds_the_post_and_can_be_reached():
    """S4: phone and e-mail are compulsory; a post that has ended names nobody any more."""
    draft = project()
    assert keys(draft) == set()

    draft.tutor.mobile_phone = ""
    draft.tutor.save()
    assert "n'est pas tuteur ici" in sentences(draft)

    draft.tutor.mobile_phone = "+33612345678"
    draft.tutor.save()
    Post.objects.filter(person=draft.lead).update(ended_at=datetime.now(UTC))
    assert "n'est pas référent ici" in sentences(draft)


def test_the_tutor_of_another_school_is_nobodys_tutor_here():
    assert keys(project(tutor=service_tutor(establishment(name="Collège Sainte-Anne")))) == {"people"}


def test_the_database_keeps_tutor_and_co_tutor_apart_and_weeks_lawful():
    draft = project()
    for wrong in ({"co_tutor": draft.tutor}, {"weekly_days": 7}, {"weekly_hours": 49}, {"months": 5}, {"months": 13}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HostProject.objects.filter(pk=draft.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():  # filed, open to minors, without their support
        HostProject.objects.filter(pk=project(state="submitted").pk).update(takes_minors=True)


# ── filing ────────────────────────────────────────────────────────────────────────────────────────
def test_filing_keeps_a_version_freezes_the_record_and_tells_the_territory():
    gironde, paris = federation("33"), federation("75", name="Udogec de Paris")
    mine, theirs = case_manager(gironde), case_manager(paris)
    draft = project(co_tutor=None)

    filed = step(draft, "file", as_lead(draft))

    assert (filed.state, filed.filings) == (P.SUBMITTED, 1) and filed.queued_at is not None
    version = filed.versions.get()
    assert version.facts["title"] == filed.title and version.facts["tutor"] == draft.tutor_id
    record = CampaignRecord.objects.get(establishment=draft.establishment)
    assert record.facts["enrolment"] == 420 and record.facts["uai"] == draft.establishment.uai
    told = set(Outgoing.objects.values_list("person_id", flat=True))
    assert told == {mine.pk} and theirs.pk not in told


def test_the_record_is_frozen_at_the_first_filing_of_a_campaign_alone():
    """S2: what changes later does not touch what was filed."""
    where = establishment()
    one, boss, tutor = campaign(), lead(where), service_tutor(where)
    first, second = (project(where, campaign=one, lead=boss, tutor=tutor) for _ in range(2))
    step(first, "file", as_lead(first))
    where.enrolment = 999
    where.save()
    step(second, "file", as_lead(second))

    assert CampaignRecord.objects.get().facts["enrolment"] == 420


def test_filed_twice_it_is_filed_once():
    """A double click, a form that is sent again."""
    draft = project()
    stale = HostProject.objects.get(pk=draft.pk)
    step(draft, "file", as_lead(draft))

    with pytest.raises(Stale):
        step(stale, "file", as_lead(draft))
    assert HostProject.objects.get().filings == 1 and Outgoing.objects.count() <= 1


@pytest.mark.parametrize("role", ["tutor", "co_tutor", "elsewhere", "case_manager"])
def test_only_the_lead_of_the_establishment_files(role):
    """C.14."""
    draft = project()
    who = {
        "tutor": lambda: acting(draft.tutor, Role.SERVICE_TUTOR),
        "co_tutor": lambda: acting(service_co_tutor(draft.establishment), Role.SERVICE_CO_TUTOR),
        "elsewhere": lambda: acting(lead(establishment(name="Collège Sainte-Anne")), Role.ESTABLISHMENT_LEAD),
        "case_manager": manager_of,
    }[role]()

    for name in ("file", "withdraw"):
        with pytest.raises(NotAllowed):
            step(draft, name, who)


# ── the case managers ─────────────────────────────────────────────────────────────────────────────
def test_from_draft_to_accepted_with_a_correction_and_its_differences():
    federation("33")
    draft = project(asked=2)
    boss, chief = as_lead(draft), manager_of()
    step(draft, "file", boss)
    step(draft, "take", chief)
    back = step(draft, "ask_changes", chief, comment="Dites qui l'accompagne en juillet.")
    assert (back.state, back.queued_at, back.taken_by_id) == (P.CHANGES_REQUESTED, None, None)
    assert [mail.person_id for mail in Outgoing.objects.filter(message="civic_service.project.changes_requested")] == [
        draft.lead_id
    ]

    change_project(actor=boss, project=back, facts=facts_of(back, setting="En juillet, la directrice.", months=9))
    step(draft, "resubmit", boss)
    former, later = draft.versions.all()
    assert [(each.name, each.before, each.after) for each in differences(former.facts, later.facts, {})] == [
        ("setting", "Un point par semaine avec le tuteur.", "En juillet, la directrice."), ("months", "8 mois", "9 mois"),
    ]  # fmt: skip

    step(draft, "take", chief)
    done = step(draft, "accept", chief, granted="1", comment="Bravo")
    assert (done.state, done.granted, done.queued_at) == (P.ACCEPTED, 1, None) and done.decided_at
    assert current_step(done).number == 3 and steps_of(done)[1].is_done


def facts_of(what, **changes):
    names = ProjectFacts.__dataclass_fields__
    return ProjectFacts(**{**{name: getattr(what, name) for name in names}, **changes})


@pytest.mark.parametrize("granted", ["0", "3", "", "deux"])
def test_between_one_and_what_was_asked_is_granted(granted):
    what = project(state="under_review", asked=2)

    with pytest.raises(Unanswered):
        step(what, "accept", holder_of(what), granted=granted)
    assert HostProject.objects.get().state == P.UNDER_REVIEW


def test_no_more_is_granted_than_the_campaign_has_left():
    one = campaign(most_places=3)
    project(state="accepted", campaign=one, asked=2, granted=2)
    what = project(state="under_review", campaign=one, asked=2)

    with pytest.raises(Unanswered):
        step(what, "accept", holder_of(what), granted="2")
    step(what, "accept", holder_of(what), granted="1")
    with pytest.raises(Refused, match="plus de place à accorder"):
        late = project(state="under_review", campaign=one)
        step(late, "accept", holder_of(late), granted="1")


def test_openings_of_an_approval_are_shared_by_its_campaigns():
    shared = approval(openings=1)
    project(state="accepted", campaign=campaign("closed", approval=shared))

    with pytest.raises(Refused, match="plus de place à accorder"):
        late = project(state="under_review", campaign=campaign(approval=shared))
        step(late, "accept", holder_of(late), granted="1")


@pytest.mark.parametrize("name", ["take", "accept", "ask_changes", "refuse", "cancel"])
def test_nobody_decides_where_they_hold_a_post(name):
    """C.14: a case manager who leads, tutors or co-tutors there is kept off."""
    state = {"take": "submitted", "cancel": "accepted"}.get(name, "under_review")
    what = project(state=state)
    someone = case_manager()
    post(what.establishment, "service_co_tutor", someone)

    with pytest.raises(Refused, match="Vous avez un rôle dans cet établissement"):
        step(what, name, acting(someone, Role.CASE_MANAGER), granted="1", comment="x", refusal="support", reason="x")


def test_the_case_managers_of_another_territory_decide_nothing():
    federation("33")
    what = project(state="submitted")

    with pytest.raises(NotAllowed):
        step(what, "take", manager_of(of=federation("75", name="Udogec de Paris")))


@pytest.mark.parametrize(("answers", "is_fine"), [
    ({"refusal": "other"}, False), ({}, False), ({"refusal": "unknown"}, False),
    ({"refusal": "other", "words": "Le lieu ferme."}, True), ({"refusal": "is_a_job"}, True),
])  # fmt: skip
def test_a_refusal_says_why(answers, is_fine):
    what = project(state="under_review")
    if not is_fine:
        with pytest.raises(Unanswered):
            step(what, "refuse", holder_of(what), **answers)
        return
    assert step(what, "refuse", holder_of(what), **answers).state == P.REFUSED
    mail = Outgoing.objects.get(message="civic_service.project.refused")
    assert mail.person_id == what.lead_id


def test_what_is_taken_can_be_given_back_and_keeps_its_place_in_the_queue():
    what = project(state="submitted")
    since = what.queued_at
    step(what, "take", manager_of())
    back = step(what, "give_back", manager_of())

    assert (back.state, back.queued_at, back.taken_at, back.taken_by_id) == (P.SUBMITTED, since, None, None)


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_requested"])
def test_the_lead_withdraws_and_the_places_are_free(state):
    where = establishment(enrolment=420)
    one, boss, tutor = campaign(), lead(where), service_tutor(where)
    what = project(where, state, campaign=one, asked=2, lead=boss, tutor=tutor)
    other = project(where, campaign=one, asked=2, lead=boss, tutor=tutor)
    manager_of()

    gone = step(what, "withdraw", as_lead(what), reason="")

    assert (gone.state, gone.queued_at) == (P.WITHDRAWN, None) and keys(other) == set()
    assert Outgoing.objects.filter(message="civic_service.project.withdrawn").exists() is (state != "draft")


@pytest.mark.parametrize("state", ["under_review", "accepted", "refused", "withdrawn", "cancelled"])
def test_what_is_studied_or_decided_is_not_withdrawn(state):
    extra = {"granted": 1} if state == "cancelled" else {}
    what = project(state=state, **extra)

    with pytest.raises(Stale):
        step(what, "withdraw", as_lead(what))


def test_an_accepted_project_is_cancelled_by_a_case_manager_at_the_leads_request():
    what = project(state="accepted")
    boss = as_lead(what)
    with pytest.raises(NotAllowed):
        step(what, "cancel", boss, reason="x")
    assert step(what, "ask_cancel", boss, reason="Le lycée ferme.").state == P.ACCEPTED

    gone = step(what, "cancel", manager_of(), reason="À la demande de l'établissement.")

    assert gone.state == P.CANCELLED and gone.decided_at is not None
    assert [line.entry.verb.rpartition(".")[2] for line in history_of(what)][:2] == ["cancel", "ask_cancel"]


def test_it_is_completed_by_the_end_of_its_contracts_alone():
    what = project(state="accepted")
    with pytest.raises(NotAllowed):
        step(what, "complete", manager_of())

    assert step(what, "complete", SERVICE).state == P.COMPLETED


def test_a_correction_may_come_after_the_deadline_while_the_campaign_is_open():
    """A project that was filed in time is not lost because its case manager asked late; a closed campaign takes nothing more."""
    one = campaign(files_until=today() - days(1))
    what = project(state="changes_requested", campaign=one)

    assert keys(what) == set() and keys(project(campaign=one)) == {"campaign"}
    assert keys(project(state="changes_requested", campaign=campaign("closed"))) == {"campaign"}


# ── writing ───────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_may_lack_everything_and_names_nobody_from_elsewhere():
    where, one = establishment(), campaign()
    boss = acting(lead(where), Role.ESTABLISHMENT_LEAD)

    made = start_project(actor=boss, establishment=where, campaign=one, facts=ProjectFacts())
    assert (made.state, made.title, made.filings) == (P.DRAFT, "", 0)
    stranger = service_tutor(establishment(name="Collège Sainte-Anne"))
    with pytest.raises(Refused, match="n'est pas dans l'équipe"):
        change_project(actor=boss, project=made, facts=ProjectFacts(tutor_id=stranger.pk))


def test_no_project_is_begun_while_the_record_is_incomplete():
    """S2: what is missing blocks the form."""
    where = establishment(siret="")

    with pytest.raises(Refused, match="fiche de l'établissement"):
        start_project(
            actor=acting(lead(where), Role.ESTABLISHMENT_LEAD), establishment=where, campaign=campaign(), facts=ProjectFacts()
        )


@pytest.mark.parametrize("state", ["submitted", "under_review", "accepted", "refused", "withdrawn"])
def test_what_is_filed_is_not_written_in(state):
    what = project(state=state)

    with pytest.raises(Stale):
        change_project(actor=as_lead(what), project=what, facts=facts_of(what, title="Autre chose"))


def test_two_who_write_at_once_do_not_overwrite_each_other():
    draft = project()
    change_project(actor=as_lead(draft), project=draft, facts=facts_of(draft, title="Premier"), seen=1)

    with pytest.raises(Stale):
        change_project(actor=as_lead(draft), project=draft, facts=facts_of(draft, title="Second"), seen=1)
    assert HostProject.objects.get().title == "Premier"


def test_a_copy_keeps_the_words_and_those_who_still_hold_their_posts():
    old = campaign("closed", starts_from=today() - days(300), starts_until=today() - days(200), opens_on=today() - days(400))
    what = project(state="refused", campaign=old)
    Post.objects.filter(person=what.tutor).update(ended_at=datetime.now(UTC))
    now = campaign()

    made = copy_project(actor=as_lead(what), project=what, campaign=now)

    assert (made.state, made.campaign_id, made.title, made.filings) == (P.DRAFT, now.pk, what.title, 0)
    assert (made.lead_id, made.tutor_id, made.first_on) == (what.lead_id, None, None)


# ── the eight steps ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("state", "number", "stand"),
    [
        ("draft", 1, "à déposer"), ("submitted", 2, "à étudier"), ("under_review", 2, "à l'étude"),
        ("changes_requested", 1, "à corriger"), ("accepted", 3, "à venir"), ("refused", 2, "refusé"),
        ("withdrawn", 1, "retiré"),
    ],
)  # fmt: skip
def test_the_bar_says_where_a_project_stands(state, number, stand):
    """S5: eight steps, each with its actor, state and due date; those to come are « à venir »."""
    what = project(state=state)
    steps = steps_of(what)

    assert len(steps) == len(STEPS) == 8
    assert (current_step(what).number, current_step(what).stand.words) == (number, stand)
    assert all(each.stand.words == "à venir" for each in steps[3:]) and all(str(each.who) for each in steps)
    assert step_words(what).startswith(f"Étape {number} sur 8")
    assert (steps[0].stand.due_on == what.campaign.files_until) is (state == "draft")
