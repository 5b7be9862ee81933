"""Federations, their departments and their case managers; what comes to the national queue (S5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import client_of, volunteer
from tests.factories.civic_service import acting, case_manager, establishment, federation

from renfort.civic_service.enums import FederationKind
from renfort.civic_service.models import Federation, ManagerInvitation, Route
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.federations import (
    federations_visible,
    invitation_of_token,
    manager_digest,
    manager_link,
    managers_of,
    strays,
)
from renfort.civic_service.selectors.roles import case_managers_of, federation_of
from renfort.civic_service.services.federations import (
    MOST_INVITED,
    FederationFacts,
    accept_invitation,
    create_federation,
    invite_manager,
    remove_manager,
    route,
    withdraw_invitation,
)
from renfort.kernel.firing import NotAllowed, Refused
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.organisations.selectors import actor_of
from renfort.organisations.services.registering import KnownOrganisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return acting(case_manager(), Role.CASE_MANAGER)


def facts(**changed):
    known = KnownOrganisation(name="Udogec du Rhône", legal_status="association", department="69", city="Lyon")
    return FederationFacts(**{"organisation": known, "kind": "udogec", "departments": ("69",), **changed})


# ── who manages where ─────────────────────────────────────────────────────────────────────────────
def test_a_federation_is_noted_with_its_territory(chief):
    made = create_federation(actor=chief, facts=facts(departments=("69", "01")))

    assert federation_of("01") == made and not made.is_national
    assert federations_visible(chief).get(pk=made.pk).routed == 2


def test_the_fnogec_is_the_national_federation_and_there_is_one(chief):
    whole = create_federation(actor=chief, facts=facts(kind=FederationKind.FNOGEC, departments=()))

    assert whole.is_national and federation_of("69") == whole
    with pytest.raises(Refused, match="déjà notée"):
        create_federation(actor=chief, facts=facts(kind=FederationKind.FNOGEC, departments=()))
    with pytest.raises(IntegrityError, match="civic_service_federation_national"), transaction.atomic():
        federation(name="Une autre", is_national=True)


def test_a_department_is_confided_to_one_federation_and_the_refusal_names_it(chief):
    first, second = federation("33", "40"), federation("64", name="Udogec des Pyrénées")

    with pytest.raises(Refused, match=r"Gironde est confié à « Udogec de la Gironde »"):
        route(actor=chief, federation=second, departments=["33", "64"])
    assert set(Route.objects.filter(federation=second).values_list("department_id", flat=True)) == {"64"}
    route(actor=chief, federation=first, departments=["40"])
    route(actor=chief, federation=second, departments=["33", "64"])
    assert federation_of("33") == second


def test_what_is_filed_follows_the_route_at_once(chief):
    where, gironde = establishment(), federation("33")
    someone = acting(case_manager(gironde), Role.CASE_MANAGER)

    assert list(establishments_visible(someone)) == [where]
    route(actor=chief, federation=gironde, departments=[])
    assert not establishments_visible(someone)


def test_the_national_federation_has_no_route_of_its_own(chief):
    with pytest.raises(Refused, match="nationale"):
        route(actor=chief, federation=federation(is_national=True, kind="fnogec"), departments=["33"])


def test_a_department_without_federation_or_without_case_manager_is_shown_and_goes_to_the_national_queue(chief):
    """Never stranding: the national ones answer for it, and see that they do."""
    manned, alone = federation("33"), federation("40", name="Udogec des Landes")
    someone = case_manager(manned)
    found = {each.department.code: each.federation for each in strays()}

    assert "33" not in found and found["40"] == alone and found["69"] is None
    assert [each.person for each in case_managers_of("33")] == [someone]
    for department in ("40", "69"):
        assert [each.person_id for each in case_managers_of(department)] == [chief.person_id]


def test_a_case_manager_whose_account_is_closed_manages_nothing(chief):
    someone = case_manager(federation("33"))
    someone.account.is_active = False
    someone.account.save()

    assert "33" in {each.department.code for each in strays()}


def test_only_the_national_case_managers_rule_federations():
    gironde = federation("33")
    someone = acting(case_manager(gironde), Role.CASE_MANAGER)
    invited = ManagerInvitation(federation=gironde, pk=1)

    for what in (
        lambda: create_federation(actor=someone, facts=facts()),
        lambda: route(actor=someone, federation=gironde, departments=["33", "40"]),
        lambda: invite_manager(actor=someone, federation=gironde, name="Paul", email="paul@example.org"),
        lambda: withdraw_invitation(actor=someone, invitation=invited),
        lambda: remove_manager(actor=someone, grant=managers_of(gironde).get()),
    ):
        with pytest.raises(NotAllowed):
            what()
    assert not federations_visible(someone)


# ── the invitation ────────────────────────────────────────────────────────────────────────────────
def invite(chief, where=None, email="paul@example.org"):
    return invite_manager(actor=chief, federation=where or federation("33"), name="Paul Martin", email=email)


def token_of(invited):
    return manager_link(invited).rstrip("/").rpartition("/")[2]


def test_an_invited_person_manages_the_territory_after_opening_the_link_once(chief):
    gironde, someone = federation("33"), volunteer()
    invited = invite(chief, gironde)
    browser, link = client_of(someone), manager_link(invited)

    assert Outgoing.objects.filter(message="civic_service.manager.invited").count() == 1
    assert "Udogec de la Gironde" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 302
    assert [each.person for each in managers_of(gironde)] == [someone]
    assert browser.get(f"/service-civique/gestion/{gironde.pk}/").status_code == 200
    assert browser.get(link).status_code == browser.post(link).status_code == 404
    assert not ManagerInvitation.objects.exists()


def test_the_link_is_kept_as_a_digest_alone_and_belongs_to_one_federation(chief):
    invited = invite(chief)
    token = token_of(invited)

    assert token not in str(ManagerInvitation.objects.values().get())
    assert invited.link_digest == manager_digest(token) and invitation_of_token(token) == invited
    assert invitation_of_token(invited.link_digest) is None and invitation_of_token("") is None


def test_an_old_link_and_one_sent_anew_open_nothing(chief):
    gironde = federation("33")
    first = token_of(invite(chief, gironde))
    second = token_of(invite(chief, gironde))

    assert first != second and invitation_of_token(first) is None
    ManagerInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert invitation_of_token(second) is None


def test_a_link_taken_back_while_the_page_was_open_is_refused(chief):
    invited = invite(chief)
    withdraw_invitation(actor=chief, invitation=invited)
    withdraw_invitation(actor=chief, invitation=invited)

    with pytest.raises(Refused, match="ne s'ouvre plus"):
        accept_invitation(actor=actor_of(volunteer().pk), invitation=invited)


def test_nobody_is_invited_twice_nor_to_the_national_federation_nor_without_end(chief):
    gironde = federation("33")
    someone = case_manager(gironde)

    with pytest.raises(Refused, match="déjà"):
        invite(chief, gironde, someone.account.email)
    with pytest.raises(Refused, match="opérateur"):
        invite(chief, federation(is_national=True, kind="fnogec", name="Fnogec"))
    for number in range(MOST_INVITED):
        invite(chief, gironde, f"someone{number}@example.org")
    with pytest.raises(Refused, match="Au plus"):
        invite(chief, gironde, "one-more@example.org")
    invite(chief, gironde, "someone3@example.org")


def test_a_removed_case_manager_sees_nothing_any_more_and_is_told(chief):
    gironde = federation("33")
    someone = case_manager(gironde)
    browser, held = client_of(someone), managers_of(gironde).get()
    assert browser.get(f"/service-civique/gestion/{gironde.pk}/").status_code == 200

    remove_manager(actor=chief, grant=held)

    assert browser.get(f"/service-civique/gestion/{gironde.pk}/").status_code == 404
    assert Outgoing.objects.filter(message="civic_service.manager.removed").count() == 1
    assert "33" in {each.department.code for each in strays()}
    with pytest.raises(Refused, match="ne gère plus"):
        remove_manager(actor=chief, grant=held)


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────
def test_the_list_shows_who_is_alone_and_costs_the_same_for_twenty(django_assert_max_num_queries):
    browser = client_of(case_manager())
    alone = federation("40", name="Udogec des Landes")
    page = browser.get("/service-civique/federations/").content.decode()
    assert "Landes" in page and "plus de gestionnaire" in page and f"/federations/{alone.pk}/" in page

    with django_assert_max_num_queries(40) as few:
        browser.get("/service-civique/federations/")
    for number in range(15):
        case_manager(federation(name=f"Udogec {number}"))
    with django_assert_max_num_queries(len(few)):
        browser.get("/service-civique/federations/")


def test_a_territory_is_typed_by_code_or_name_and_a_mistake_loses_nothing():
    browser, gironde = client_of(case_manager()), federation("33")
    here = f"/service-civique/federations/{gironde.pk}/"

    assert browser.post(here, {"departments": "33, Landes"}).status_code == 302
    assert set(gironde.routes.values_list("department_id", flat=True)) == {"33", "40"}
    wrong = browser.post(here, {"departments": "33, Atlantide"})
    assert wrong.status_code == 422 and "Atlantide" in wrong.content.decode()
    federation("64", name="Udogec des Pyrénées")
    taken = browser.post(here, {"departments": "33, 64"})
    assert taken.status_code == 409 and "Udogec des Pyrénées" in taken.content.decode()
    assert set(gironde.routes.values_list("department_id", flat=True)) == {"33", "40"}


def test_a_federation_is_made_once_when_the_button_is_pressed_twice():
    browser = client_of(case_manager())
    page = browser.get("/service-civique/federations/nouvelle/")
    said = {
        "form_token": str(page.context["form"]["form_token"].value()), "kind": "udogec", "name": "Udogec du Rhône",
        "city": "Lyon", "department": "69", "departments": "69",
    }  # fmt: skip

    answers = [browser.post("/service-civique/federations/nouvelle/", said) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302] and answers[0].url == answers[1].url
    assert Federation.objects.count() == 1


def test_who_is_invited_is_invited_from_the_page_and_removed_with_what_follows_said():
    browser, gironde = client_of(case_manager()), federation("33")
    here = f"/service-civique/federations/{gironde.pk}/"
    assert browser.post(f"{here}inviter/", {"name": "Paul Martin", "email": "paul@"}).status_code == 422
    assert browser.post(f"{here}inviter/", {"name": "Paul Martin", "email": "Paul@Example.org"}).status_code == 302
    invited = ManagerInvitation.objects.get(email="paul@example.org")
    assert browser.post(f"{here}invitations/{invited.pk}/", {"faire": "renvoyer"}).status_code == 302
    assert ManagerInvitation.objects.get().link_digest != invited.link_digest
    assert browser.post(f"{here}invitations/{invited.pk}/", {"faire": "retirer"}).status_code == 302
    assert not ManagerInvitation.objects.exists() and not mail.outbox

    someone = case_manager(gironde)
    remove = f"{here}gestionnaires/{managers_of(gironde).get().pk}/retirer/"
    assert "file nationale" in browser.get(remove).content.decode()
    assert browser.post(remove).status_code == 302 and not managers_of(gironde).filter(person=someone).exists()
