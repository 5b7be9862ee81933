"""Approvals, campaigns and their classes: what the national case managers rule, and what stays once it is open (S3, S5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.factories.civic_service import acting, approval, campaign, case_manager, establishment, federation, lead, project
from tests.factories.time import today

from renfort.civic_service.catalogue import APPROVAL_ALERT_DAYS, PLACES_FROM, PLACES_THRESHOLD
from renfort.civic_service.enums import CampaignState, ProjectState
from renfort.civic_service.models import Approval, Campaign
from renfort.civic_service.rules.campaigns import takes_filings
from renfort.civic_service.selectors.campaigns import approvals_ending, campaigns_filing, campaigns_visible
from renfort.civic_service.services.campaigns import (
    ApprovalFacts,
    CampaignFacts,
    change_campaign,
    create_campaign,
    longest,
    remove_class,
    save_approval,
    set_class,
)
from renfort.civic_service.workflow import CAMPAIGN
from renfort.kernel.actors import ANONYMOUS, SERVICE
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire
from renfort.organisations.enums import Role
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def chief():
    return acting(case_manager(), Role.CASE_MANAGER)


@pytest.fixture
def territorial():
    return acting(case_manager(federation("33")), Role.CASE_MANAGER)


def approval_facts(**changed):
    first = today()
    given = {"number": "NA-000-26-99999", "first_on": first, "last_on": longest(first), "domains": ["sport"], "openings": 10}
    return ApprovalFacts(**{**given, **changed})


def facts_of(found: Campaign) -> CampaignFacts:
    return CampaignFacts(**{name: getattr(found, name) for name in CampaignFacts.__dataclass_fields__})


# ── approvals (R121-33) ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [(date(2026, 1, 1), date(2028, 12, 31)), (date(2024, 2, 29), date(2027, 2, 28)), (date(2025, 3, 1), date(2028, 2, 29))],
)
def test_an_approval_lasts_three_years_at_most(first_on, last_on):
    assert longest(first_on) == last_on


def test_a_longer_approval_is_refused_by_the_service_and_by_the_database(chief):
    facts = approval_facts(last_on=longest(today()) + DAY)

    with pytest.raises(Refused, match="R121-33"):
        save_approval(actor=chief, facts=facts)
    with pytest.raises(IntegrityError, match="civic_service_approval_years"), transaction.atomic():
        approval(first_on=facts.first_on, last_on=facts.last_on)
    assert save_approval(actor=chief, facts=approval_facts()).version == 1


def test_two_approvals_never_share_a_number(chief):
    save_approval(actor=chief, facts=approval_facts())

    with pytest.raises(Refused, match="numéro"):
        save_approval(actor=chief, facts=approval_facts())


def test_an_approval_keeps_what_campaigns_and_projects_rely_on(chief):
    held = approval(openings=5)
    opened = campaign(approval=held)
    project(establishment(), "accepted", campaign=opened, asked=2, granted=2)
    facts = ApprovalFacts(
        number=held.number, first_on=held.first_on, last_on=held.last_on, domains=held.domains, openings=5, lent_most=0
    )

    for broken, why in (
        (replace(facts, last_on=opened.starts_until - DAY), "couverte"),
        (replace(facts, domains=["sport"]), "domaine"),
        (replace(facts, openings=1), "2 places"),
    ):
        with pytest.raises(Refused, match=why):
            save_approval(actor=chief, facts=broken, approval=held)
    assert save_approval(actor=chief, facts=replace(facts, openings=2), approval=held).openings == 2


def test_an_approval_that_somebody_else_changed_is_read_again(chief):
    held = approval()
    save_approval(actor=chief, facts=approval_facts(last_on=held.last_on), approval=held, seen=1)

    with pytest.raises(Stale):
        save_approval(actor=chief, facts=approval_facts(), approval=held, seen=1)


def test_an_approval_is_to_be_renewed_four_months_before_its_end():
    """Facts A.4: an alert four months before the end; the operator sets how long."""
    day = today()
    ending = approval(last_on=day + timedelta(days=120))

    assert list(approvals_ending(day)) == [ending]
    assert not approvals_ending(day - DAY)
    set_value(APPROVAL_ALERT_DAYS, 30, actor=SERVICE)
    assert not approvals_ending(day)


def test_an_approval_that_another_one_follows_warns_nobody():
    day = today()
    approval(last_on=day + timedelta(days=60))
    approval(first_on=day + timedelta(days=61))

    assert not approvals_ending(day)


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def test_only_the_national_case_managers_rule(territorial):
    draft = campaign("draft")

    for what in (
        lambda: save_approval(actor=territorial, facts=approval_facts()),
        lambda: create_campaign(actor=territorial, facts=replace(facts_of(draft), title="Autre")),
        lambda: change_campaign(actor=territorial, campaign=draft, facts=facts_of(draft)),
        lambda: set_class(actor=territorial, campaign=draft, from_pupils=100, places=1),
        lambda: remove_class(actor=territorial, campaign=draft, from_pupils=300),
        lambda: fire(CAMPAIGN, draft, "open", actor=territorial),
    ):
        with pytest.raises(NotAllowed):
            what()


def test_a_territory_and_an_establishment_see_what_was_opened(chief, territorial):
    draft, opened, closed = campaign("draft"), campaign(), campaign("closed")

    assert set(campaigns_visible(chief)) == {draft, opened, closed}
    assert set(campaigns_visible(territorial)) == {opened, closed}
    assert set(campaigns_visible(acting(lead(establishment()), Role.ESTABLISHMENT_LEAD))) == {opened, closed}
    assert not campaigns_visible(ANONYMOUS)


# ── a campaign's life ─────────────────────────────────────────────────────────────────────────────
def test_a_new_campaign_starts_with_the_classes_that_the_operator_has_set(chief):
    set_value(PLACES_THRESHOLD, 250, actor=SERVICE)
    set_value(PLACES_FROM, 3, actor=SERVICE)
    made = create_campaign(actor=chief, facts=replace(facts_of(campaign("draft")), title="Campagne 2031-2032"))

    assert made.state == CampaignState.DRAFT
    assert list(made.place_classes.values_list("from_pupils", "places")) == [(0, 1), (250, 3)]
    with pytest.raises(Refused, match="ce nom"):
        create_campaign(actor=chief, facts=facts_of(made))


def test_a_campaign_that_is_ready_opens(chief):
    draft = campaign("draft")
    after = fire(CAMPAIGN, draft, "open", actor=chief)

    assert after.state == CampaignState.OPEN and after.opened_at is not None


def test_a_campaign_that_is_not_ready_says_everything_that_is_missing(chief):
    day = today()
    draft = campaign(
        "draft", classes=((300, 0),), opens_on=day - 9 * DAY, files_until=day - DAY, approval=approval(last_on=day + 90 * DAY)
    )

    with pytest.raises(Refused) as refused:
        fire(CAMPAIGN, draft, "open", actor=chief)
    said = " ".join(refused.value.sentences)
    assert len(refused.value.sentences) == 4
    assert all(word in said for word in ("agrément", "fini", "0 élève", "Aucune classe"))


@pytest.mark.parametrize("state", [ProjectState.SUBMITTED, ProjectState.UNDER_REVIEW])
def test_a_campaign_with_undecided_projects_does_not_close(chief, state):
    opened = campaign()
    facts = {"taken_at": opened.created_at} if state == ProjectState.UNDER_REVIEW else {}
    project(establishment(), str(state), campaign=opened, **facts)

    with pytest.raises(Refused, match="décision"):
        fire(CAMPAIGN, opened, "close", actor=chief)


@pytest.mark.parametrize("state", [ProjectState.DRAFT, ProjectState.CHANGES_REQUESTED, ProjectState.ACCEPTED])
def test_a_campaign_closes_over_what_waits_for_nobody_here(chief, state):
    opened = campaign()
    project(establishment(), str(state), campaign=opened)

    assert fire(CAMPAIGN, opened, "close", actor=chief).closed_at is not None


def test_no_campaign_closes_by_itself():
    assert [step.name for step in CAMPAIGN.transitions if step.due is not None] == []


def test_projects_are_filed_from_the_first_to_the_last_day():
    opened = campaign()

    assert [takes_filings(opened, day) for day in (opened.opens_on - DAY, opened.opens_on)] == [False, True]
    assert [takes_filings(opened, day) for day in (opened.files_until, opened.files_until + DAY)] == [True, False]
    assert not takes_filings(campaign("draft"), today()) and not takes_filings(campaign("closed"), today())
    assert list(campaigns_filing(opened.files_until)) == [opened]
    assert not campaigns_filing(opened.files_until + DAY)


# ── what still changes once it is open ────────────────────────────────────────────────────────────
def test_in_preparation_everything_changes(chief):
    draft, other = campaign("draft"), approval()
    wanted = replace(facts_of(draft), title="Rentrée", approval=other, files_until=draft.files_until - DAY, asks_opinion=True)
    after = change_campaign(actor=chief, campaign=draft, facts=wanted, seen=1)

    assert facts_of(after) == wanted
    with pytest.raises(Stale):
        change_campaign(actor=chief, campaign=draft, facts=wanted, seen=1)


def test_an_open_campaign_only_gives_more(chief):
    opened = campaign()
    facts = facts_of(opened)
    wider = replace(
        facts, files_until=facts.files_until + DAY, starts_until=facts.starts_until + DAY, launch_note="Bonne rentrée",
        title="Campagne de rentrée", most_places=40,
    )  # fmt: skip

    assert facts_of(change_campaign(actor=chief, campaign=opened, facts=wider)) == wider


def test_an_open_campaign_takes_nothing_back(chief):
    opened = campaign(most_places=9)
    project(establishment(), "accepted", campaign=opened, asked=2, granted=2)
    facts = facts_of(opened)

    for narrower in (
        replace(facts, approval=approval()), replace(facts, opens_on=facts.opens_on + DAY),
        replace(facts, files_until=facts.files_until - DAY), replace(facts, starts_from=facts.starts_from + DAY),
        replace(facts, starts_until=facts.starts_until - DAY), replace(facts, starts_until=opened.approval.last_on + DAY),
        replace(facts, asks_opinion=True), replace(facts, most_places=1),
    ):  # fmt: skip
        with pytest.raises(Refused):
            change_campaign(actor=chief, campaign=opened, facts=narrower)
    opened.refresh_from_db()
    assert facts_of(opened) == facts


def test_a_closed_campaign_changes_no_more(chief):
    closed = campaign("closed")

    for what in (
        lambda: change_campaign(actor=chief, campaign=closed, facts=facts_of(closed)),
        lambda: set_class(actor=chief, campaign=closed, from_pupils=0, places=5),
        lambda: remove_class(actor=chief, campaign=closed, from_pupils=300),
    ):
        with pytest.raises(Refused, match="close"):
            what()


@pytest.mark.parametrize(("from_pupils", "places"), [(0, 2), (300, 3), (150, 1), (150, 2), (600, 3)])
def test_classes_of_an_open_campaign_go_up(chief, from_pupils, places):
    opened = campaign()
    set_class(actor=chief, campaign=opened, from_pupils=from_pupils, places=places)

    assert opened.place_classes.get(from_pupils=from_pupils).places == places


@pytest.mark.parametrize(("from_pupils", "places"), [(0, 0), (300, 1), (600, 1), (150, 0)])
def test_no_enrolment_loses_a_place_of_an_open_campaign(chief, from_pupils, places):
    opened = campaign()

    with pytest.raises(Refused, match="perdrait"):
        set_class(actor=chief, campaign=opened, from_pupils=from_pupils, places=places)
    set_class(actor=chief, campaign=campaign("draft"), from_pupils=from_pupils, places=places)


def test_a_class_is_removed_while_nobody_loses_by_it_and_never_the_first(chief):
    opened, draft = campaign(classes=((0, 2), (300, 2), (600, 3))), campaign("draft")

    assert remove_class(actor=chief, campaign=opened, from_pupils=300)
    assert not remove_class(actor=chief, campaign=opened, from_pupils=300)
    with pytest.raises(Refused, match="perdrait"):
        remove_class(actor=chief, campaign=opened, from_pupils=600)
    with pytest.raises(Refused, match="première"):
        remove_class(actor=chief, campaign=draft, from_pupils=0)
    assert remove_class(actor=chief, campaign=draft, from_pupils=300)


def test_the_state_of_a_campaign_changes_by_its_life_alone():
    made = campaign("draft")

    with pytest.raises(Exception, match=r"state|move"), transaction.atomic():
        Campaign.objects.filter(pk=made.pk).update(state="open", opened_at=made.created_at)
    assert Approval.objects.count() == 1
