"""R55: a referent changes a mission with its organisation: by the same rules, under their name, and it is told."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    actor,
    client_of,
    delegation,
    domain,
    grant,
    manager,
    mission,
    operator,
    organisation,
    participation,
    referent,
    volunteer,
)

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.forms.desk import as_browser
from renfort.missions.models import Mission
from renfort.missions.services.mission import edit_mission, facts_of
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.django_db
OFFICER = "reserve:referent:department:"
HERE = {"latitude": 44.838, "longitude": -0.5796, "commune_id": "33063"}  # where the form itself puts Bordeaux
TOLD = "missions.mission.edited_with_us"


def page_of(what) -> str:
    return reverse("missions:referent-mission-edit", args=[what.pk])


def acting(someone):
    return actor(someone).in_role(OFFICER)


def form_of(browser, what, **changes):
    """What the page would send, untouched but for these fields."""
    page = browser.get(page_of(what))
    assert page.status_code == 200
    said = {**as_browser(page.context["desk"]), "form_token": [str(uuid4())], "seen": [str(page.context["seen"])]}
    return {**said, **{name: [value] for name, value in changes.items()}}


@pytest.fixture
def there():
    """A mission with its manager, and the referent of its department."""
    where = organisation(name="Les Voisins")
    host = manager(where, first_name="Awa", last_name="Diallo")
    return mission(where, places=4, **HERE), host, referent("33", first_name="Tao", last_name="Nguyen")


def with_places(what, someone, places):
    return edit_mission(actor=acting(someone), mission=what, facts=replace(facts_of(what), places=places))


# ── what happens ──────────────────────────────────────────────────────────────────────────────────
def test_the_change_stands_under_the_referents_name_and_the_organisation_is_told(there):
    what, host, officer = there
    browser = client_of(officer)
    before = Mission.objects.get(pk=what.pk)

    answer = browser.post(page_of(what), form_of(browser, what, places="6"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("missions:referent-mission", args=[what.pk]))
    after = Mission.objects.get(pk=what.pk)
    assert (after.places, after.state, after.organisation_id) == (6, before.state, before.organisation_id)
    entry = Entry.objects.filter(verb="missions.mission.edit").latest("id")
    assert (entry.actor_id, entry.role, entry.changes["places"]) == (officer.pk, OFFICER, ["4", "6"])
    letter = Outgoing.objects.get(message=TOLD)
    assert letter.address == host.account.email
    assert all(words in letter.text for words in ("Tao Nguyen", "6 (avant : 4)"))
    page = client_of(host).get(reverse("missions:host-mission", args=[what.organisation_id, what.pk])).content.decode()
    assert "Tao Nguyen · Référent" in page


def test_a_text_is_told_with_both_versions_and_volunteers_of_what_concerns_them(there):
    """R14: date, place and format are told to who is accepted; a text is not."""
    what, _host, officer = there
    helper = participation(what, state=P.ACCEPTED)
    browser = client_of(officer)

    browser.post(page_of(what), form_of(browser, what, description="Servir des repas chauds."))
    assert not Outgoing.objects.filter(message="missions.mission.changed").exists()
    assert "Servir des repas chauds. (avant : Préparer et distribuer des repas.)" in Outgoing.objects.get(message=TOLD).text

    browser.post(page_of(what), form_of(browser, what, schedule="De 14 h à 17 h"))
    assert Outgoing.objects.get(message="missions.mission.changed").address == helper.person.account.email


def test_saving_what_is_there_tells_nobody(there):
    what, _host, officer = there
    browser = client_of(officer)

    assert browser.post(page_of(what), form_of(browser, what)).status_code == 302
    assert not Outgoing.objects.exists() and Mission.objects.get(pk=what.pk).version == what.version


def test_places_never_fall_under_those_taken(there):
    """R14, R34."""
    what, _host, officer = there
    for _each in range(2):
        participation(what, state=P.ACCEPTED)
    browser = client_of(officer)

    answer = browser.post(page_of(what), form_of(browser, what, places="1"))

    assert answer.status_code == 409 and "2 places sont déjà prises" in answer.content.decode()
    assert Mission.objects.get(pk=what.pk).places == 4


def test_two_who_edit_choose_field_by_field_and_lose_nothing(there):
    """R14: the host was faster; the referent sees both versions and who wrote the other."""
    what, host, officer = there
    browser = client_of(officer)
    typed = form_of(browser, what, title="Repas du soir")
    edit_mission(actor=actor(host), mission=what, facts=replace(facts_of(what), title="Repas de midi"))

    answer = browser.post(page_of(what), typed)

    page = answer.content.decode()
    assert answer.status_code == 409 and "Awa Diallo a modifié cette mission" in page
    assert "Repas de midi" in page and "Repas du soir" in page
    assert Mission.objects.get(pk=what.pk).title == "Repas de midi"


def test_the_host_learns_the_name_of_the_referent_who_was_faster(there):
    what, host, officer = there
    with_places(what, officer, 7)
    page = client_of(host)
    url = reverse("missions:host-mission-edit", args=[what.organisation_id, what.pk])
    opened = page.get(url)
    said = {**as_browser(opened.context["desk"]), "form_token": [str(uuid4())], "seen": ["1"], "places": ["9"]}

    assert "Tao Nguyen a modifié cette mission" in page.post(url, said).content.decode()


def test_who_is_in_charge_stays_the_organisations_business(there):
    """R40: a colleague's number in the form puts nobody else in charge."""
    what, host, officer = there
    colleague = manager(what.organisation)
    browser = client_of(officer)
    page = browser.get(page_of(what)).content.decode()

    refused = browser.post(page_of(what), form_of(browser, what, responsible=str(colleague.pk)))
    edit_mission(actor=acting(officer), mission=what, facts=replace(facts_of(what), responsible=colleague, places=5))

    assert colleague.full_name not in page and "Ajouter un nouveau membre" not in page
    assert refused.status_code == 422
    assert Mission.objects.get(pk=what.pk).responsible_id == host.pk


# ── what it is not ────────────────────────────────────────────────────────────────────────────────
def test_a_change_does_not_count_as_read(there):
    """R52: « à relire » stays « à relire »; what was read is read again, as after the organisation's own edits."""
    what, _host, officer = there
    assert with_places(what, officer, 5).reviewed_at is None

    Mission.objects.filter(pk=what.pk).update(reviewed_at=timezone.now(), reviewed_by=officer)
    what.refresh_from_db()
    facts = replace(facts_of(what), description="Tout autre chose.")
    assert edit_mission(actor=acting(officer), mission=what, facts=facts).reviewed_at is None


@pytest.mark.parametrize("state", [M.SUBMITTED, M.TO_CORRECT])
def test_a_change_puts_nothing_online(state):
    what, officer = mission(state=state), referent("33")

    assert with_places(what, officer, 5).state == state


@pytest.mark.parametrize("state", [M.REFUSED, M.ENDED, M.CANCELLED])
def test_what_the_organisation_could_not_change_the_referent_cannot(state):
    what, officer = mission(state=state), referent("33")

    with pytest.raises(Refused):
        with_places(what, officer, 5)
    answer = client_of(officer).get(page_of(what))
    assert (answer.status_code, answer["Location"]) == (302, reverse("missions:referent-mission", args=[what.pk]))


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_is_the_organisations_own():
    what, officer = mission(state=M.DRAFT), referent("33")

    with pytest.raises(NotAllowed):
        with_places(what, officer, 5)
    assert client_of(officer).get(page_of(what)).status_code == 404


def test_another_department_is_not_found_and_not_changed():
    what = mission(department="75")
    officer = referent("33")

    with pytest.raises(NotAllowed):
        with_places(what, officer, 5)
    assert client_of(officer).get(page_of(what)).status_code == 404


@pytest.mark.parametrize("role", ["volunteer", "operator", "other"])
def test_nobody_else_changes_a_mission_of_others(there, role):
    what, _host, _officer = there
    someone = {"volunteer": volunteer, "operator": operator, "other": manager}[role]()

    with pytest.raises(NotAllowed):
        edit_mission(actor=actor(someone), mission=what, facts=facts_of(what))
    assert client_of(someone).get(page_of(what)).status_code == 404


def test_a_member_of_its_team_uses_their_own_space(there):
    """R52: nobody is on both sides; the sentence says where to go."""
    what, _host, officer = there
    grant(officer, Programme.RESERVE, Role.MANAGER, what.organisation)

    with pytest.raises(NotAllowed):
        with_places(what, officer, 5)
    answer = client_of(officer).get(page_of(what))
    assert answer.status_code == 403 and "depuis son espace" in answer.content.decode()
    page = client_of(officer).get(reverse("missions:referent-mission", args=[what.pk])).content.decode()
    assert page_of(what) not in page and "depuis son espace" in page


def test_a_delegation_of_one_domain_gives_its_missions_alone(there):
    """R65."""
    what, _host, officer = there
    other = mission(what.organisation, domain=domain("garde-enfants"))
    receiver = referent("64")
    delegation(officer, receiver, "33").grants.update(domains=[what.domain_id])

    assert with_places(what, receiver, 5).places == 5
    with pytest.raises(NotAllowed):
        with_places(other, receiver, 5)
    with pytest.raises(Refused, match="Vous ne suivez pas ce département, ou ce domaine"):
        edit_mission(actor=acting(receiver), mission=what, facts=replace(facts_of(what), domain=domain("garde-enfants")))


def test_the_way_there_stands_on_the_mission_and_on_its_case(there):
    what, _host, officer = there
    browser = client_of(officer)

    for name in ("referent-mission", "case"):
        assert page_of(what) in browser.get(reverse(f"missions:{name}", args=[what.pk])).content.decode()
    assert page_of(what) not in client_of(operator()).get(reverse("missions:case", args=[what.pk])).content.decode()


def test_the_organisation_reads_the_letter_without_a_script(there):
    """P4: one letter for each of those concerned, none for who did it."""
    what, host, officer = there
    colleague = manager(what.organisation)
    with_places(what, officer, 5)

    assert set(Outgoing.objects.values_list("address", flat=True)) == {host.account.email, colleague.account.email}
