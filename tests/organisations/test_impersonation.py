"""P10: the operator acts as somebody with a reason, a banner, fifteen minutes, a trace that the person reads; never more."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import (
    account,
    actor,
    at,
    client_of,
    manager,
    mission,
    operator,
    organisation,
    participation,
    person,
    volunteer,
)

from renfort.audit.models import ContactView, Entry
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import Participation
from renfort.organisations.models import Grant, Impersonation
from renfort.organisations.services.impersonation import start_impersonation

pytestmark = pytest.mark.django_db
WHY = "Appel du 22 novembre : ne trouve plus sa proposition."
END = "/operateur/agir/terminer/"
BANNER = "Vous agissez au nom de"


@pytest.fixture
def boss():
    return operator(first_name="Odile", last_name="Pérateur")


@pytest.fixture
def helper():
    return volunteer(first_name="Inès", last_name="Bénévole")


def begun(boss, someone):
    browser = client_of(boss)
    assert browser.post(f"/operateur/agir/{someone.pk}/", {"reason": WHY}).status_code == 302
    return browser


def text(answer):
    return unescape(answer.content.decode())


def test_the_site_is_seen_as_the_person_with_a_banner_until_the_button_is_pressed(boss, helper):
    made = participation(mission(), helper)
    browser = begun(boss, helper)

    page = browser.get("/espace/benevole/")
    assert page.status_code == 200 and made.mission.title in text(page)
    assert f"{BANNER} Inès Bénévole" in text(page) and BANNER in text(browser.get("/")) and BANNER in text(browser.get("/aide/"))
    assert browser.get("/operateur/").status_code == 404, "this person is no operator"

    assert browser.post(END).status_code == 302
    assert BANNER not in text(browser.get("/operateur/")) and browser.get("/espace/benevole/").status_code == 404
    assert Impersonation.objects.get().ended_at is not None


def test_what_is_done_names_both_and_the_person_reads_who_when_and_why(boss, helper):
    made = participation(mission(), helper)
    browser = begun(boss, helper)

    browser.post(f"/espace/benevole/{made.pk}/abandonner/", {"reason": "not_available", "seen": made.version})

    assert Participation.objects.get(pk=made.pk).state == "withdrawn"
    entry = Entry.objects.filter(verb="missions.participation.withdraw", object_id=made.pk).latest("id")
    assert (entry.actor_id, entry.codes["behind"]) == (helper.pk, boss.pk)
    verbs = set(Entry.objects.filter(model="organisations.impersonation").values_list("verb", "actor_id"))
    assert ("organisations.impersonation.start", boss.pk) in verbs
    page = text(client_of(helper).get("/espace/compte/acces/"))
    assert WHY in page and "Odile Pérateur" in page
    assert WHY not in text(client_of(volunteer()).get("/espace/compte/acces/")), "nobody reads another's"
    assert WHY in text(client_of(boss).get("/operateur/agir/"))


def test_it_is_over_after_fifteen_minutes(boss, helper):
    browser = begun(boss, helper)

    with at(timezone.now() + timedelta(minutes=14)):
        assert browser.get("/espace/benevole/").status_code == 200
    with at(timezone.now() + timedelta(minutes=16)):
        answer = browser.get("/espace/benevole/")
        assert answer.status_code == 302 and answer["Location"] == "/operateur/agir/"
        assert BANNER not in text(browser.get("/operateur/"))


def test_whoever_is_no_operator_any_more_is_out_at_once(boss, helper):
    browser = begun(boss, helper)
    Grant.objects.filter(person=boss).update(valid_until=timezone.now())

    assert browser.get("/espace/benevole/").status_code == 302
    assert browser.get("/espace/benevole/").status_code == 404


def test_whoever_becomes_operator_meanwhile_is_left(boss, helper):
    browser = begun(boss, helper)
    operator_too = Grant.objects.filter(person=boss).get()
    Grant.objects.create(
        person=helper, programme=operator_too.programme, role=operator_too.role, scope_kind=operator_too.scope_kind, scope=""
    )

    assert browser.get("/espace/benevole/")["Location"] == "/operateur/agir/"


CLOSED = (
    "/espace/compte/",
    "/espace/compte/adresse/",
    "/espace/compte/adresse/annuler/",
    "/espace/compte/appareils/deconnecter/",
    "/espace/compte/appareils/1/deconnecter/",
    "/espace/profil/photo/",
    "/espace/telechargements/",
    "/espace/telechargements/1/fichier/",
    "/mot-de-passe/oublie/",
)


@pytest.mark.parametrize("path", CLOSED)
def test_passwords_address_sessions_and_files_are_closed(boss, helper, path):
    browser = begun(boss, helper)

    for answer in (browser.get(path), browser.post(path, {"email": "moi@exemple.fr", "password1": "x"})):
        assert answer.status_code == 403 and "quelqu'un d'autre" in text(answer)


def test_exports_of_an_organisation_are_closed(boss):
    where = organisation()
    browser = begun(boss, manager(where))

    for kind in ("missions", "participations"):
        assert browser.get(f"/espace/{where.pk}/{kind}/exporter/").status_code == 403
        assert browser.post(f"/espace/{where.pk}/{kind}/exporter/", {"purpose": "report"}).status_code == 403
    assert browser.get(f"/espace/{where.pk}/missions/").status_code == 200


def test_contact_data_read_meanwhile_were_read_by_the_operator(boss):
    """R37: the volunteer reads who really looked."""
    where = organisation()
    made = participation(mission(where), state="accepted")
    browser = begun(boss, manager(where))

    assert browser.get(f"/espace/{where.pk}/participations/{made.pk}/").status_code == 200

    assert set(ContactView.objects.filter(subject_id=made.person_id).values_list("viewer_id", flat=True)) == {boss.pk}


def test_never_another_operator_nor_oneself_nor_somebody_without_an_account(boss):
    for someone in (operator(), boss, person()):
        answer = client_of(boss).post(f"/operateur/agir/{someone.pk}/", {"reason": WHY})
        assert answer.status_code == 422
    closed = account(is_active=False).person
    with pytest.raises(Refused):
        start_impersonation(actor=actor(boss), person=closed, reason=WHY)
    assert not Impersonation.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        now = timezone.now()
        Impersonation.objects.create(operator=boss, person=boss, reason=WHY, started_at=now, ends_at=now + timedelta(minutes=1))


@pytest.mark.parametrize("reason", ["", "   ", "court", "x" * 301])
def test_a_reason_is_asked(boss, helper, reason):
    answer = client_of(boss).post(f"/operateur/agir/{helper.pk}/", {"reason": reason})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert not Impersonation.objects.exists()


def test_only_operators_act_as_others_and_never_through_somebody(boss, helper):
    other = volunteer()
    assert client_of(manager()).post(f"/operateur/agir/{helper.pk}/", {"reason": WHY}).status_code == 404
    assert begun(boss, helper).post(f"/operateur/agir/{other.pk}/", {"reason": WHY}).status_code == 404
    with pytest.raises(NotAllowed):
        start_impersonation(actor=actor(helper), person=other, reason=WHY)
    assert client_of(boss).post(END).status_code == 404, "nothing to end"


def test_the_number_of_another_operators_time_opens_nothing(boss, helper):
    begun(boss, helper)
    browser = client_of(operator())
    session = browser.session
    session["impersonation"] = Impersonation.objects.get().pk
    session.save()

    assert browser.get("/espace/benevole/")["Location"] == "/operateur/agir/"
    assert browser.get("/espace/benevole/").status_code == 404
