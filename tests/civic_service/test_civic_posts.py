"""Who works in an establishment: naming, ending, handing over; the right moves with the post (S4, S1, C.14)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from tests.factories import account, client_of, person
from tests.factories.civic_service import (
    acting,
    case_manager,
    establishment,
    federation,
    lead,
    post,
    project,
    service_co_tutor,
    service_tutor,
)

from renfort.audit.models import Entry
from renfort.civic_service.enums import PostRole, Source
from renfort.civic_service.models import HostProject, Post
from renfort.civic_service.selectors.posts import left_behind, loads_of, posts_in_force, usable_posts, why_not_usable
from renfort.civic_service.services.posts import (
    PersonFacts,
    add_person,
    correct_person,
    end_post,
    give_post,
    substitute,
    welcome_head,
)
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant
from renfort.organisations.selectors import actor_of, grants_in_force
from renfort.people.models import Account, Person

pytestmark = pytest.mark.django_db
T, C, L = PostRole.TUTOR, PostRole.CO_TUTOR, PostRole.LEAD


def boss_of(where):
    return acting(lead(where), Role.ESTABLISHMENT_LEAD)


def its_post(where, someone, role=T):
    return Post.objects.get(establishment=where, person=someone, role=role)


def facts(**said):
    return PersonFacts(**{"first_name": "Paul", "last_name": "Roche", "email": "paul@example.org", **said})


def address(where, page=""):
    return f"/service-civique/etablissements/{where.pk}/equipe/{page}"


def broken():
    checks = [check for check in registered() if check.name.startswith("civic_service.")]
    return [finding.check.name for finding in run(checks) if not finding.holds]


# ── who can be chosen ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ({}, 0), ({"mobile_phone": "", "landline_phone": "+33556000000"}, 0), ({"mobile_phone": ""}, 1), ({"email": ""}, 1),
        ({"mobile_phone": "", "email": ""}, 2),
    ],
)  # fmt: skip
def test_phone_and_email_are_compulsory_to_be_chosen(said, reasons):
    """S4: for every one of them. No first sign-in is waited for (S1)."""
    assert len(why_not_usable(person(**said))) == reasons


def test_only_those_of_the_role_who_can_be_reached_are_offered():
    where = establishment()
    good = service_tutor(where)
    service_tutor(where, someone=person(mobile_phone=""))
    service_tutor(where, someone=account(person(), is_active=False).person)
    service_co_tutor(where)
    gone = service_tutor(where)
    Post.objects.filter(person=gone).update(ended_at=timezone.now())

    assert [each.person_id for each in usable_posts(where, T)] == [good.pk]


def test_the_load_counts_projects_under_way_and_their_volunteers():
    where = establishment()
    tutor = service_tutor(where)
    project(where, "submitted", tutor=tutor, asked=2)
    project(establishment(), "accepted", tutor=tutor, asked=3, granted=1)
    project(where, "refused", tutor=tutor)
    project(where, "draft", tutor=tutor)
    found = loads_of(posts_in_force(where))[tutor.pk, T]

    assert (found.projects, found.volunteers) == (2, 3)


# ── naming ────────────────────────────────────────────────────────────────────────────────────────
def test_the_lead_the_territory_and_the_national_managers_name_people():
    """C.14, « Give roles »."""
    where, elsewhere = establishment(), federation("75", name="Udogec de Paris")
    gironde = federation("33")
    for actor in (boss_of(where), acting(case_manager(gironde), Role.CASE_MANAGER), acting(case_manager(), Role.CASE_MANAGER)):
        given = give_post(actor=actor, establishment=where, person=person(), role=T)
        assert (given.grant.role, given.grant.organisation_id, given.source) == (Role.SERVICE_TUTOR, where.pk, Source.LOCAL)
    for actor in (
        acting(service_tutor(where), Role.SERVICE_TUTOR), acting(case_manager(elsewhere), Role.CASE_MANAGER),
        boss_of(establishment()),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            give_post(actor=actor, establishment=where, person=person(), role=T)

    assert Entry.objects.filter(verb="civic_service.post.give").count() == 3 and not broken()


def test_nobody_is_named_twice_in_one_role_and_may_hold_two():
    where, someone = establishment(), account().person
    boss = boss_of(where)
    first = give_post(actor=boss, establishment=where, person=someone, role=T)

    assert give_post(actor=boss, establishment=where, person=someone, role=T) == first
    assert give_post(actor=boss, establishment=where, person=someone, role=L) != first
    with pytest.raises(Refused, match="déjà"):
        add_person(actor=boss, establishment=where, role=T, facts=facts(email=someone.email, last_name=someone.last_name))


def test_nobody_is_named_where_the_network_was_left():
    where = establishment(left_on=timezone.localdate())

    with pytest.raises(Refused, match="quitté"):
        give_post(actor=boss_of(where), establishment=where, person=person(), role=T)


def test_who_has_an_account_gets_the_post_in_it_and_an_email():
    where = establishment()
    someone = account(person(last_name="Roche", email="paul@example.org", mobile_phone="+33611111111")).person
    made = add_person(actor=boss_of(where), establishment=where, role=T, facts=facts(mobile_phone="+33622222222"))

    someone.refresh_from_db()
    assert made.person_id == someone.pk and someone.mobile_phone == "+33611111111"  # what people say of themselves stays
    assert actor_of(someone.pk).holds("civic_service", Role.SERVICE_TUTOR, "organisation", where.pk)
    assert [each.address for each in Outgoing.objects.filter(message="civic_service.post.given")] == ["paul@example.org"]


def test_an_address_of_somebody_elses_account_names_nobody():
    """A shared address is never silently another person."""
    where = establishment()
    account(person(first_name="Awa", last_name="Diallo", email="paul@example.org"))

    with pytest.raises(Refused, match="autre nom"):
        add_person(actor=boss_of(where), establishment=where, role=T, facts=facts())
    assert not Post.objects.filter(role=T).exists()


def test_somebody_known_without_an_account_is_the_same_person_in_two_establishments():
    first, second = establishment(), establishment()
    one = add_person(actor=boss_of(first), establishment=first, role=T, facts=facts())
    two = add_person(actor=boss_of(second), establishment=second, role=T, facts=facts(mobile_phone="+33612121212"))

    assert one.person_id == two.person_id
    assert Person.objects.get(pk=one.person_id).mobile_phone == "+33612121212"


def test_a_phone_is_completed_and_the_tutor_can_be_chosen():
    where = establishment()
    boss = boss_of(where)
    made = add_person(actor=boss, establishment=where, role=T, facts=facts())
    assert usable_posts(where, T) == []

    correct_person(actor=boss, post=made, mobile="+33612121212", landline="", function="CPE")

    assert usable_posts(where, T) == [made] and Post.objects.get(pk=made.pk).function == "CPE"


def test_what_the_directory_or_the_person_says_is_not_overwritten():
    """S1: a phone is added where there is none; a function of the directory stays."""
    where = establishment()
    boss = boss_of(where)
    held = service_tutor(where, source=Source.DIRECTORY, confirmed_at=timezone.now(), function="CPE")

    correct_person(
        actor=boss, post=its_post(where, held), mobile="+33699999999", landline="", function="X", email="x@example.org"
    )

    held.refresh_from_db()
    assert (held.mobile_phone, its_post(where, held).function) == ("+33612345678", "CPE") and held.email != "x@example.org"


def test_somebody_new_is_invited_once_and_again_on_demand():
    """S1: « connu, invité, connecté »; a local addition gets an invitation."""
    where = establishment()
    boss = lead(where)
    made = add_person(actor=acting(boss, Role.ESTABLISHMENT_LEAD), establishment=where, role=T, facts=facts())
    browser = client_of(boss)

    assert "Invité" in browser.get(address(where)).content.decode()
    page = browser.post(address(where, f"{made.pk}/inviter/"), follow=True)
    assert "rien n&#x27;est renvoyé" in page.content.decode()
    assert [each.address for each in Outgoing.objects.all()] == ["paul@example.org"]  # and no second e-mail for the post
    assert browser.get(address(where, f"{made.pk}/inviter/")).status_code == 405


# ── ending ────────────────────────────────────────────────────────────────────────────────────────
def test_a_post_ends_with_its_right_at_once():
    where, tutor = establishment(), None
    tutor = service_tutor(where)
    browser = client_of(tutor)
    assert browser.get(address(where)).status_code == 200

    end_post(actor=boss_of(where), post=its_post(where, tutor))

    assert browser.get(address(where)).status_code == 404
    assert not grants_in_force().filter(person=tutor).exists() and not broken()
    assert Outgoing.objects.filter(message="civic_service.post.ended").count() == 1


def test_who_holds_projects_hands_them_over_before():
    where = establishment()
    one = project(where, "accepted")

    with pytest.raises(Refused, match="1 projet en cours"):
        end_post(actor=boss_of(where), post=its_post(where, one.tutor))


def test_the_last_lead_stays_while_projects_are_under_way():
    """S4: the establishment is never without anybody to answer for its volunteers."""
    where = establishment()
    one = project(where, "submitted", lead=person())
    boss = lead(where)
    actor = acting(boss, Role.ESTABLISHMENT_LEAD)

    with pytest.raises(Refused, match="dernier référent"):
        end_post(actor=actor, post=its_post(where, boss, L))
    lead(where, someone=account(person(), is_active=False).person)  # cannot sign in: looks after nothing
    with pytest.raises(Refused, match="dernier référent"):
        end_post(actor=actor, post=its_post(where, boss, L))
    HostProject.objects.filter(pk=one.pk).delete()
    end_post(actor=actor, post=its_post(where, boss, L))
    assert not Grant.objects.filter(person=boss, valid_until=None).exists()


def test_who_was_removed_meanwhile_removes_nobody():
    """The page of a lead is open while another one removes them."""
    where = establishment()
    one, two = lead(where), lead(where)
    stale = acting(two, Role.ESTABLISHMENT_LEAD)
    end_post(actor=acting(one, Role.ESTABLISHMENT_LEAD), post=its_post(where, two, L))

    with pytest.raises(NotAllowed):
        end_post(actor=stale, post=its_post(where, one, L))


# ── handing over ──────────────────────────────────────────────────────────────────────────────────
def test_a_substitute_takes_every_project_under_way_and_the_former_one_goes():
    where = establishment()
    former, new = service_tutor(where), service_tutor(where)
    mine = [project(where, state, tutor=former) for state in ("draft", "submitted", "accepted")]
    over = project(where, "refused", tutor=former)

    moved = substitute(actor=boss_of(where), post=its_post(where, former), by=its_post(where, new))

    assert moved == 3
    assert {HostProject.objects.get(pk=each.pk).tutor_id for each in mine} == {new.pk}
    assert HostProject.objects.get(pk=over.pk).tutor_id == former.pk  # what is over keeps who followed it
    assert its_post(where, former).ended_at is not None and not broken()
    assert Entry.objects.filter(verb="civic_service.hostproject.hand_over").count() == 3
    assert [each.address for each in Outgoing.objects.filter(message="civic_service.post.took_over")] == [new.email]


def test_a_substitute_has_the_same_role_here_and_can_be_reached():
    where, there = establishment(), establishment()
    former = its_post(where, service_tutor(where))
    boss = boss_of(where)
    for other in (
        its_post(there, service_tutor(there)), its_post(where, service_co_tutor(where), C), former,
        its_post(where, service_tutor(where, someone=person(mobile_phone=""))),
    ):  # fmt: skip
        with pytest.raises(Refused):
            substitute(actor=boss, post=former, by=other)


def test_nobody_becomes_tutor_and_co_tutor_of_one_project():
    where = establishment()
    both = service_tutor(where)
    post(where, C, both)
    one = project(where, "submitted", tutor=service_tutor(where), co_tutor=both)

    with pytest.raises(Refused, match="tuteur et cotuteur"):
        substitute(actor=boss_of(where), post=its_post(where, one.tutor), by=its_post(where, both))


def test_what_somebody_left_behind_is_listed_and_handed_over():
    """« a head who leaves in mid-year »: the directory has ended the post; the projects still name the person."""
    where = establishment()
    gone, new = service_tutor(where), service_tutor(where)
    one = project(where, "accepted", tutor=gone)
    Post.objects.filter(person=gone).update(ended_at=timezone.now())
    Grant.objects.filter(person=gone).update(valid_until=timezone.now())
    browser = client_of(lead(where))

    assert [each.person_id for each in left_behind(where)] == [gone.pk]
    assert "Des projets en cours sont à confier" in browser.get(address(where)).content.decode()
    browser.post(address(where, f"{its_post(where, gone).pk}/confier/"), {"by": its_post(where, new).pk})
    assert HostProject.objects.get(pk=one.pk).tutor_id == new.pk and left_behind(where) == []


# ── the head ──────────────────────────────────────────────────────────────────────────────────────
def test_the_head_is_lead_by_default_at_the_first_sign_in_and_once():
    """S4: « the head by default, who can name others »."""
    head = account().person
    where = establishment(head=head)
    client_of(head)
    assert actor_of(head.pk).holds("civic_service", Role.ESTABLISHMENT_LEAD, "organisation", where.pk)

    lead(where)
    end_post(actor=boss_of(where), post=its_post(where, head, L))
    client_of(head)
    assert welcome_head(head) == []  # who has handed the role on is not named again


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────
def test_adding_twice_by_a_resent_form_is_once():
    where = establishment()
    browser, token = client_of(lead(where)), uuid4()
    said = {"role": T, "first_name": "Paul", "last_name": "Roche", "email": "paul@example.org", "phone": "", "form_token": token}
    pages = [browser.post(address(where, "ajouter/"), said) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 302] and Post.objects.filter(role=T).count() == 1
    said_then = browser.get(address(where)).content.decode()
    assert "Il manque un téléphone." in said_then and "Ajout local" in said_then


def test_a_wrong_phone_is_refused_and_nothing_typed_is_lost():
    where = establishment()
    said = {"role": T, "first_name": "Paul", "last_name": "Roche", "email": "paul@example.org", "phone": "12"}
    page = client_of(lead(where)).post(address(where, "ajouter/"), said)

    assert page.status_code == 422 and "Ce numéro n&#x27;existe pas" in page.content.decode()
    assert 'value="Roche"' in page.content.decode() and not Post.objects.filter(role=T).exists()


def test_a_refusal_is_said_on_the_page_with_its_status():
    where = establishment()
    boss = lead(where)
    project(where, "submitted", lead=boss)
    browser = client_of(boss)
    page = browser.post(address(where, f"{its_post(where, boss, L).pk}/retirer/"))

    assert page.status_code == 409 and "suit encore 1 projet en cours" in page.content.decode()
    assert browser.get(address(where, "999999/")).status_code == 404
    there = establishment()
    assert browser.get(address(where, f"{its_post(there, service_tutor(there)).pk}/retirer/")).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_team_costs_the_same_for_one_and_twenty(count, django_assert_max_num_queries):
    where = establishment()
    boss = lead(where)
    for _ in range(count):
        project(where, "accepted", lead=boss, tutor=service_tutor(where), co_tutor=service_co_tutor(where))
    browser = client_of(boss)
    browser.get(address(where))

    with django_assert_max_num_queries(12):
        browser.get(address(where))


def test_a_closed_account_is_said():
    where = establishment()
    someone = service_tutor(where)
    Account.objects.filter(person=someone).update(is_active=False)

    assert "Compte fermé" in client_of(lead(where)).get(address(where)).content.decode()
