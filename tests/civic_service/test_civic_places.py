"""How many volunteers an establishment may host, and how many a campaign has left (S3)."""

from __future__ import annotations

import pytest
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
)

from renfort.audit.models import Entry
from renfort.civic_service.enums import ProjectState
from renfort.civic_service.models import CampaignRecord, Establishment, PlaceClass, PlaceOverride
from renfort.civic_service.rules.places import manages, refusals_of_grant
from renfort.civic_service.selectors.places import class_of, left_of_campaign, places_of, places_of_many
from renfort.civic_service.services.places import MOST_PLACES, drop_override, set_override
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.enums import Role

pytestmark = pytest.mark.django_db
CLASSES = [PlaceClass(from_pupils=0, places=1), PlaceClass(from_pupils=300, places=2)]


# ── the classes (facts A.6: threshold 300; C.16 scenario 2) ───────────────────────────────────────
@pytest.mark.parametrize(("enrolment", "places"), [(0, 1), (299, 1), (300, 2), (301, 2), (4000, 2)])
def test_the_class_with_the_highest_bound_reached_counts(enrolment, places):
    assert class_of(CLASSES, enrolment).places == places


def test_no_class_is_reached_below_the_first_bound():
    assert class_of([PlaceClass(from_pupils=100, places=1)], 99) is None


@pytest.mark.parametrize(("enrolment", "allowed"), [(299, 1), (300, 2), (301, 2)])
def test_the_enrolment_decides_how_many_volunteers(enrolment, allowed):
    found = places_of(campaign(), establishment(enrolment=enrolment))

    assert (found.allowed, found.taken, found.left) == (allowed, 0, allowed)
    assert str(enrolment) in found.why


def test_without_an_enrolment_no_place_and_the_reason_says_so():
    found = places_of(campaign(), establishment(enrolment=None, enrolment_year=None))

    assert found.allowed == 0 and "effectif" in found.why


def test_an_establishment_that_left_has_no_place_even_with_another_number():
    from tests.factories.time import today

    opened, left = campaign(), establishment()
    set_override(actor=national(), campaign=opened, establishment=left, places=3, reason="Internat")
    Establishment.objects.filter(pk=left.pk).update(left_on=today())
    left.refresh_from_db()

    assert places_of(opened, left).allowed == 0


# ── what projects take ────────────────────────────────────────────────────────────────────────────
TAKING = {
    ProjectState.DRAFT: 0, ProjectState.SUBMITTED: 2, ProjectState.UNDER_REVIEW: 2, ProjectState.CHANGES_REQUESTED: 2,
    ProjectState.ACCEPTED: 1, ProjectState.REFUSED: 0, ProjectState.WITHDRAWN: 0, ProjectState.CANCELLED: 0,
    ProjectState.COMPLETED: 1,
}  # fmt: skip


@pytest.mark.parametrize(("state", "taken"), TAKING.items())
def test_a_project_takes_what_it_asks_until_it_is_decided_then_what_was_granted(state, taken):
    where, opened = establishment(), campaign()
    facts = {"taken_at": opened.created_at} if state == ProjectState.UNDER_REVIEW else {}
    project(where, str(state), campaign=opened, asked=2, **facts)

    assert places_of(opened, where).taken == taken


def test_a_project_filed_again_does_not_count_against_itself():
    where, opened = establishment(), campaign()
    mine = project(where, "changes_requested", campaign=opened, asked=2)

    assert places_of(opened, where).left == 0
    assert places_of(opened, where, without=mine).left == 2


def test_another_campaign_and_another_establishment_take_nothing():
    where, opened = establishment(), campaign()
    project(where, "submitted", campaign=campaign())
    project(establishment(name="Collège Sainte-Anne"), "submitted", campaign=opened)

    assert places_of(opened, where).taken == 0


def test_the_enrolment_of_the_first_filing_counts_for_the_whole_campaign():
    """S2: a campaign keeps the establishment as it stood; what changes later touches the next one."""
    where, opened = establishment(enrolment=299), campaign()
    CampaignRecord.objects.create(campaign=opened, establishment=where, facts={"enrolment": 420}, frozen_at=opened.created_at)

    assert places_of(opened, where).allowed == 2
    assert places_of(campaign(), where).allowed == 1


def test_the_places_of_twenty_cost_as_many_queries_as_those_of_one(django_assert_num_queries):
    opened = campaign()
    many = [establishment(name=f"Lycée {n}") for n in range(20)]
    project(many[3], "submitted", campaign=opened)

    with django_assert_num_queries(4):
        places_of(opened, many[0])
    with django_assert_num_queries(4):
        found = places_of_many(opened, many)
    assert found[many[3].pk].taken == 1 and len(found) == 20


# ── the whole campaign and its approval ───────────────────────────────────────────────────────────
def test_a_campaign_has_left_what_it_has_not_granted():
    opened = campaign(most_places=3)
    project(establishment(), "accepted", campaign=opened, asked=2, granted=2)
    project(establishment(name="Collège Sainte-Anne"), "submitted", campaign=opened, asked=2)
    found = left_of_campaign(opened)

    assert (found.total, found.accepted, found.asked, found.left) == (3, 2, 2, 1)
    assert found.is_short


def test_two_campaigns_share_the_openings_of_their_approval():
    both = approval(openings=3)
    first, second = campaign(approval=both), campaign(approval=both, most_places=3)
    project(establishment(), "accepted", campaign=first, asked=2, granted=2)

    assert left_of_campaign(second).left == 1


def test_more_than_what_is_left_is_not_granted():
    opened = campaign(most_places=1)
    asked = project(establishment(), "submitted", campaign=opened, asked=2)

    assert refusals_of_grant(asked, 1) == []
    assert any("toute la campagne" in each for each in refusals_of_grant(asked, 2))
    assert any("cet établissement" in each for each in refusals_of_grant(asked, 3))


# ── another number than the enrolment's ───────────────────────────────────────────────────────────
def national():
    return acting(case_manager(), Role.CASE_MANAGER)


def test_a_case_manager_of_the_territory_gives_another_number_and_says_why():
    where, opened = establishment(enrolment=120, enrolment_year=2026), campaign()
    someone = case_manager(federation("33"))
    set_override(actor=acting(someone, Role.CASE_MANAGER), campaign=opened, establishment=where, places=3, reason="Trois sites")
    found = places_of(opened, where)

    assert found.allowed == 3 and "Trois sites" in found.why
    assert found.override.given_by == someone
    assert Entry.objects.filter(verb="civic_service.placeoverride.set").count() == 1


def test_the_number_can_change_again_and_go_back_to_the_enrolments():
    where, opened = establishment(), campaign()
    for places in (3, 4):
        set_override(actor=national(), campaign=opened, establishment=where, places=places, reason="Internat")

    assert PlaceOverride.objects.get().places == 4
    assert drop_override(actor=national(), campaign=opened, establishment=where)
    assert places_of(opened, where).allowed == 2
    assert not drop_override(actor=national(), campaign=opened, establishment=where)


def test_the_number_never_goes_below_what_is_accepted():
    where, opened = establishment(enrolment=100, enrolment_year=2026), campaign()
    set_override(actor=national(), campaign=opened, establishment=where, places=3, reason="Internat")
    project(where, "accepted", campaign=opened, asked=2, granted=2)

    with pytest.raises(Refused, match="2 places sont déjà accordées"):
        set_override(actor=national(), campaign=opened, establishment=where, places=1, reason="Trop")
    with pytest.raises(Refused, match="2 places sont déjà accordées"):
        drop_override(actor=national(), campaign=opened, establishment=where)
    assert places_of(opened, where).allowed == 3
    set_override(actor=national(), campaign=opened, establishment=where, places=2, reason="Juste ce qui est accordé")


@pytest.mark.parametrize("reason", ["", "   "])
def test_another_number_needs_a_reason(reason):
    with pytest.raises(Refused, match="raison"):
        set_override(actor=national(), campaign=campaign(), establishment=establishment(), places=3, reason=reason)


def test_a_number_has_a_bound_and_a_closed_campaign_none_at_all():
    where = establishment()

    with pytest.raises(Refused, match="Au plus"):
        set_override(actor=national(), campaign=campaign(), establishment=where, places=MOST_PLACES + 1, reason="Internat")
    with pytest.raises(Refused, match="close"):
        set_override(actor=national(), campaign=campaign("closed"), establishment=where, places=3, reason="Internat")


def test_only_who_manages_the_territory_decides_and_never_on_ones_own():
    """C.14: own territory; nobody decides on what is their own."""
    where, opened, elsewhere = establishment(), campaign(), case_manager(federation("75", name="Udogec de Paris"))
    own = case_manager(federation("33"))
    post(where, "service_tutor", own)

    for someone, role in (
        (elsewhere, Role.CASE_MANAGER), (lead(where), Role.ESTABLISHMENT_LEAD), (own, Role.CASE_MANAGER),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            set_override(actor=acting(someone, role), campaign=opened, establishment=where, places=3, reason="Internat")
    assert not PlaceOverride.objects.exists()


def test_a_department_without_a_route_is_the_national_federations():
    where = establishment(department="40")
    territory, whole = case_manager(federation("33")), case_manager(federation(is_national=True, name="Fnogec", kind="fnogec"))

    assert not manages(acting(territory, Role.CASE_MANAGER), where)
    assert manages(acting(whole, Role.CASE_MANAGER), where)
