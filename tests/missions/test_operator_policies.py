"""R12, R52: before or after publication, per domain and department; the most specific wins; trust goes before them all."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import actor, as_manager, as_operator, at, client_of, domain, manager, mission, operator, organisation

from renfort.audit.models import Entry
from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.firing import NotAllowed, fire
from renfort.missions.enums import MissionState
from renfort.missions.models import Mission, PublicationPolicy
from renfort.missions.selectors.policy import publication_policy, trust_of, with_policy
from renfort.missions.services.mission import edit_mission, facts_of
from renfort.missions.services.policies import end_policy, write_policy
from renfort.missions.workflow import MISSION
from renfort.parameters.catalogue import ONLINE_FIRST, PUBLICATION, REVIEW_AGAIN, TRUST_MISSIONS, VALIDATE_FIRST
from renfort.parameters.services import set_value
from renfort.territories.models import Department

pytestmark = pytest.mark.django_db
PAGE = "/operateur/publication/"
CHILDREN = "garde-enfants"


@pytest.fixture
def boss():
    return as_operator()


def department(code="33"):
    return Department.objects.get(pk=code)


def policy_of(**facts):
    made = mission(state="draft", **facts)
    annotated = with_policy(Mission.objects.filter(pk=made.pk)).get()
    assert publication_policy(annotated) == publication_policy(made), "a list and a single row say the same"
    return publication_policy(made)


@pytest.mark.parametrize("general", [ONLINE_FIRST, VALIDATE_FIRST])
def test_the_most_specific_policy_wins(boss, general):
    other = VALIDATE_FIRST if general == ONLINE_FIRST else ONLINE_FIRST
    set_value(PUBLICATION, general, actor=boss)
    children = domain(CHILDREN)

    write_policy(actor=boss, policy=other, domain=None, department=department("33"))
    assert [policy_of(), policy_of(department="75")] == [other, general]

    write_policy(actor=boss, policy=general, domain=children, department=None)
    assert [policy_of(domain=children), policy_of(), policy_of(domain=children, department="75")] == [general, other, general]

    write_policy(actor=boss, policy=other, domain=children, department=department("33"))
    assert [policy_of(domain=children), policy_of(domain=children, department="75")] == [other, general]


def test_a_change_has_effect_at_once_and_those_who_wait_stay_in_the_queue(boss):
    """A policy changed while cases wait: they keep their place; the next one follows the new policy."""
    set_value(PUBLICATION, VALIDATE_FIRST, actor=boss)
    waits = mission(state="submitted")
    where = organisation()
    draft = mission(where, state="draft")

    browser = client_of(operator())
    said = unescape(browser.get(PAGE).content.decode())
    assert "1 mission attend une validation : elle garde sa place dans la file" in said
    assert browser.post(PAGE, {"department": "33", "policy": ONLINE_FIRST}).status_code == 302

    fire(MISSION, draft, "publish", actor=as_manager(where))
    assert Mission.objects.get(pk=draft.pk).state == MissionState.PUBLISHED
    assert Mission.objects.get(pk=waits.pk).state == MissionState.SUBMITTED


def test_the_page_says_what_applies_where_with_its_history_and_brings_back(boss):
    browser = client_of(operator(first_name="Odile", last_name="Pérateur"))
    browser.post(PAGE, {"domain": domain(CHILDREN).pk, "department": "", "policy": VALIDATE_FIRST})
    row = PublicationPolicy.objects.get()

    page = unescape(browser.get(PAGE).content.decode())
    assert domain(CHILDREN).short in page and "Odile Pérateur" in page and "Partout ailleurs" in page
    browser.post(f"{PAGE}{row.pk}/retirer/")
    assert policy_of(domain=domain(CHILDREN)) == ONLINE_FIRST
    assert "Règles retirées" in unescape(browser.get(PAGE).content.decode())
    browser.post(f"{PAGE}{row.pk}/retablir/")
    assert policy_of(domain=domain(CHILDREN)) == VALIDATE_FIRST
    verbs = list(Entry.objects.filter(model="missions.publicationpolicy").order_by("id").values_list("verb", flat=True))
    assert [verb.rpartition(".")[2] for verb in verbs] == ["write", "end", "write"]


def test_written_again_or_ended_twice_it_is_once(boss):
    row = write_policy(actor=boss, policy=VALIDATE_FIRST, domain=None, department=department())
    assert write_policy(actor=boss, policy=VALIDATE_FIRST, domain=None, department=department()) == row
    end_policy(actor=boss, row=row)
    ended = PublicationPolicy.objects.get().ended_at
    end_policy(actor=boss, row=row)

    assert PublicationPolicy.objects.get().ended_at == ended
    assert Entry.objects.filter(model="missions.publicationpolicy").count() == 2


def test_the_database_holds_one_policy_in_force_per_place(boss):
    write_policy(actor=boss, policy=VALIDATE_FIRST, domain=None, department=department())
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationPolicy.objects.create(policy=ONLINE_FIRST, domain=None, department=department())
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationPolicy.objects.create(policy=ONLINE_FIRST)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"policy": VALIDATE_FIRST}, "domain"),
        ({"policy": "x", "department": "33"}, "policy"),
        ({"policy": ONLINE_FIRST, "department": "999"}, "department"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(said, field):
    answer = client_of(operator()).post(PAGE, said)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not PublicationPolicy.objects.exists()


def test_only_the_operator_writes_policies():
    someone = manager()

    assert client_of(someone).post(PAGE, {"department": "33", "policy": VALIDATE_FIRST}).status_code == 404
    with pytest.raises(NotAllowed):
        write_policy(actor=actor(someone), policy=VALIDATE_FIRST, domain=None, department=department())


# ── trust ─────────────────────────────────────────────────────────────────────────────────────────
def accepted(where, count, *, ago=1):
    return [mission(where, reviewed_at=timezone.now() - timedelta(days=ago)) for _ in range(count)]


def corrected(made, *, ago=0):
    moment = timezone.now() - timedelta(days=ago)
    record(Event(name="missions.mission.ask_correction", obj=made, actor=SERVICE, at=moment))


def test_three_missions_accepted_without_correction_waive_the_validation(boss):
    """R52: 3 in 180 days; two are not enough, and old ones do not count."""
    set_value(PUBLICATION, VALIDATE_FIRST, actor=boss)
    where = organisation()
    accepted(where, 2)
    accepted(where, 5, ago=181)
    draft = mission(where, state="draft")
    assert (trust_of(where.pk).count, publication_policy(draft)) == (2, VALIDATE_FIRST)

    accepted(where, 1)

    assert trust_of(where.pk).is_trusted
    assert publication_policy(mission(where, state="draft")) == ONLINE_FIRST
    assert publication_policy(mission(state="draft")) == VALIDATE_FIRST, "another organisation's trust is its own"


def test_one_correction_suspends_the_trust_until_three_others(boss):
    where = organisation()
    rows = accepted(where, 5, ago=10)
    assert trust_of(where.pk).is_trusted

    corrected(rows[0], ago=5)
    assert (trust_of(where.pk).count, trust_of(where.pk).is_trusted) == (0, False)
    accepted(where, 2)
    assert not trust_of(where.pk).is_trusted
    Mission.objects.filter(pk=rows[0].pk).update(reviewed_at=timezone.now())  # the corrected one was accepted at last
    assert trust_of(where.pk).count == 2, "it was not accepted without a correction"
    accepted(where, 1)
    assert trust_of(where.pk).is_trusted

    with at(timezone.now() + timedelta(days=200)):
        assert not trust_of(where.pk).is_trusted


def test_a_flag_suspends_the_trust():
    where = organisation()
    accepted(where, 3)
    record(Event(name="organisations.organisation.flag", obj=where, actor=SERVICE, at=timezone.now()))

    assert not trust_of(where.pk).is_trusted


def test_the_operator_may_do_without_trust_and_reads_the_count_on_a_mission(boss):
    where = organisation()
    made = accepted(where, 3)[0]
    browser = client_of(operator())
    assert "Confiance : 3 missions acceptées sans correction sur 3" in unescape(
        browser.get(f"/operateur/missions/{made.pk}/").content.decode()
    )

    set_value(TRUST_MISSIONS, 0, actor=boss)

    assert not trust_of(where.pk).is_trusted
    assert "Confiance :" not in unescape(browser.get(f"/operateur/missions/{made.pk}/").content.decode())


# ── what is read again ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("fields", "again"), [("title", True), ("places,safety", False), ("", False)])
def test_the_chosen_changes_send_a_published_mission_back_to_be_read(boss, fields, again):
    """It stays online meanwhile."""
    from dataclasses import replace

    set_value(REVIEW_AGAIN, fields, actor=boss)
    where = organisation()
    made = mission(where, reviewed_at=timezone.now())

    edit_mission(actor=as_manager(where), mission=made, facts=replace(facts_of(made), title="Un autre titre"))

    made.refresh_from_db()
    assert (made.reviewed_at is None, made.state) == (again, MissionState.PUBLISHED)


def test_a_trusted_organisation_is_not_read_again(boss):
    from dataclasses import replace

    where = organisation()
    made = accepted(where, 3)[0]

    edit_mission(actor=as_manager(where), mission=made, facts=replace(facts_of(made), title="Un autre titre"))

    made.refresh_from_db()
    assert made.reviewed_at is not None
