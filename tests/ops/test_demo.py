"""The demonstration: complete, coherent, the same for a seed and a day, and never on a real site (decision 29)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from renfort.audit.models import Entry
from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.kernel.workflow import Workflow
from renfort.missions.enums import Format, MissionState, ParticipationState, Presence
from renfort.missions.models import Mission, Participation, Slot
from renfort.missions.selectors.network import network_figures, summed
from renfort.ops.cli import main
from renfort.ops.demo import load
from renfort.ops.demo.loading import MOST_MISSIONS, NotADemoError, NotEmptyError, WrongSizeError
from renfort.organisations.models import Grant, NetworkMembership, Organisation
from renfort.organisations.selectors import actor_of
from renfort.people.models import Account, Person
from renfort.people.rules import age_on

NAMED = ("benevole", "responsable", "tuteur", "referent", "operateur", "superviseur", "plusieurs")
pytestmark = pytest.mark.django_db


def quiet(_said: str) -> None:
    """Nobody listens."""


@pytest.fixture
def demo(settings):
    """A small demonstration."""
    settings.DEMO = True
    return load(missions=120, volunteers=240, seed=1, progress=quiet)


def test_every_state_is_there_and_holds(demo):
    autodiscover_modules("integrity")
    assert set(Mission.objects.values_list("state", flat=True)) == {str(state) for state in MissionState}
    assert set(Participation.objects.values_list("state", flat=True)) == {str(state) for state in ParticipationState}
    assert [finding for finding in run_checks(registered()) if not finding.holds] == []
    assert demo["missions.mission"] == Mission.objects.count() == 120
    assert demo["people.person"] == Person.objects.count() == 240 + 2  # and a referent, and the head of a network


def test_some_missions_have_slots_and_their_volunteers_a_place_there(demo):
    """R61: about a third of the one-off missions of several days; what holds of them is among the checks above."""
    with_slots = Mission.objects.filter(has_slots=True)
    several_days = Mission.objects.filter(format=Format.ONE_OFF, ends_on__gt=F("starts_on"))
    assert several_days.count() / 6 < with_slots.count() < several_days.count() / 2
    accepted = Participation.objects.filter(mission__has_slots=True, state__in=("accepted", "ongoing", "done"))
    assert accepted.count() > 5
    assert not accepted.filter(bookings__granted_at=None).exclude(bookings__granted_at__isnull=False).exists()
    assert not Slot.objects.filter(mission__starts_on__gt=F("starts_at__date")).exists()


def test_the_clock_finds_nothing_to_catch_up_with(demo):
    now = timezone.now()
    due = {
        f"{flow.model}.{transition.name}": flow.model_class()
        ._base_manager.filter(transition.due(now), state__in=transition.source)
        .count()
        for flow in Workflow.registry.values()
        for transition in flow.transitions
        if transition.due is not None
    }
    assert len(due) > 5
    assert {name: count for name, count in due.items() if count} == {}


def test_histories_are_possible(demo):
    """Each entry leaves the state that the one before reached, by a transition of the workflow, in the order of time."""
    names = {
        (flow.model.lower(), f"{flow.model.lower()}.{transition.name}"): transition
        for flow in Workflow.registry.values()
        for transition in flow.transitions
    }
    state: dict[tuple[str, int], str] = {}
    last: dict[tuple[str, int], object] = {}
    for entry in Entry.objects.filter(model__in=("missions.mission", "missions.participation")).order_by("id"):
        key = (entry.model, entry.object_id)
        assert entry.at <= timezone.now()
        assert last.get(key, entry.at) <= entry.at
        assert entry.before == state.get(key, "")
        if entry.before:
            transition = names[entry.model, entry.verb]
            assert entry.before in transition.source, entry.verb
            assert entry.after == (transition.target or entry.before), entry.verb
        state[key], last[key] = entry.after, entry.at
    steps = Counter(Entry.objects.filter(model="missions.participation").values_list("object_id", flat=True))
    for participation in Participation.objects.all():
        assert participation.version == steps[participation.pk]


def test_people_are_of_all_ages_and_nobody_is_called(demo):
    today = timezone.localdate()
    ages = [age_on(person.birth_date, today) for person in Person.objects.all()]
    assert min(ages) >= 16
    assert max(ages) > 70
    assert not Person.objects.exclude(mobile_phone__startswith="+3363998").exists()
    assert not Person.objects.exclude(email__endswith="@demo.test").exists()
    active = Participation.objects.filter(state__in=("pending", "accepted"), mission__presence=Presence.ON_SITE)
    for participation in active.select_related("mission", "person"):
        assert age_on(participation.person.birth_date, participation.mission.starts_on) < 70


def test_missions_are_all_over_france(demo):
    departments = set(Organisation.objects.values_list("department_id", flat=True))
    assert {"971", "972", "973", "974", "976", "33"} <= departments
    assert Mission.objects.filter(presence=Presence.REMOTE).exists()
    assert Mission.objects.filter(format=Format.RECURRING).exists()
    assert Mission.objects.filter(state="published", reviewed_at=None).exists()
    assert Mission.objects.filter(state="published", over_at__lt=timezone.now()).exists()
    assert not Mission.objects.filter(title="Distribution de repas", organisation__name="Secours Bordeaux").exists()


def test_the_named_accounts_hold_their_roles(demo):
    roles = {
        name: sorted(Grant.objects.filter(person__email=f"{name}@demo.test").values_list("role", flat=True)) for name in NAMED
    }
    assert roles == {
        "benevole": ["volunteer"],
        "responsable": ["manager"],
        "tuteur": ["mission_tutor"],
        "referent": ["referent"] * 5,
        "superviseur": ["supervisor"],
        "operateur": ["operator"],
        "plusieurs": ["manager", "manager", "mission_tutor", "volunteer"],
    }
    assert [held.label for held in actor_of(Account.objects.get(email="referent@demo.test").person_id).roles] == [
        "Référent · Charente-Maritime, Dordogne et 3 autres"
    ]
    head = actor_of(Account.objects.get(email="superviseur@demo.test").person_id)
    assert [held.label for held in head.roles] == ["Superviseur · Croix-Rouge"]
    secours = Organisation.objects.get(name="Secours Bordeaux")
    given = secours.missions.filter(responsible__email="tuteur@demo.test")
    assert {"published", "ended"} <= set(given.values_list("state", flat=True)), "a « tuteur » has missions in charge (R40)"
    assert Participation.objects.filter(mission__in=given, state="pending").exists()
    assert {str(state) for state in MissionState} == set(secours.missions.values_list("state", flat=True))
    assert Participation.objects.filter(organisation=secours).count() >= 40
    own = Participation.objects.filter(person__email="benevole@demo.test").values_list("state", flat=True)
    assert {"pending", "accepted", "done", "refused"} <= set(own)


def test_the_network_of_the_demonstration_has_something_to_see_to(demo):
    """R56: claims that wait, confirmed organisations in several departments, their missions and participations."""
    states = Counter(NetworkMembership.objects.values_list("state", flat=True))
    assert states["claimed"] >= 2 and states["refused"] == 1 and states["confirmed"] >= 3
    head = actor_of(Account.objects.get(email="superviseur@demo.test").person_id)
    figures = network_figures(head)
    assert len(figures) >= 3
    assert summed(figures).online > 0 and summed(figures).total > 0


@pytest.mark.parametrize("name", NAMED)
def test_the_named_accounts_sign_in(demo, name):
    client = Client()
    said = {"email": f"{name}@demo.test", "login": f"{name}@demo.test", "password": "renfort-demo"}
    answer = client.post("/connexion/", said)
    assert answer.status_code == 302, answer.content
    assert client.get("/espace/", follow=True).status_code == 200


def test_one_hash_serves_everybody(demo):
    assert Account.objects.values("password").distinct().count() == 1


def test_a_second_load_changes_nothing(demo):
    said: list[str] = []
    before = Entry.objects.count(), Person.objects.count()
    assert load(missions=120, volunteers=240, seed=2, progress=said.append) == {}
    assert (Entry.objects.count(), Person.objects.count()) == before
    assert "déjà là" in said[0]


def test_a_real_site_refuses_it():
    with pytest.raises(NotADemoError):
        load(missions=120, volunteers=240, progress=quiet)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("missions", "volunteers", "seed", "said"),
    [
        (0, 600, 1, "--missions : 0 ne convient pas, donnez un nombre de 20 à"),
        (-5, 600, 1, "--missions : -5 ne convient pas"),
        (MOST_MISSIONS + 1, 600, 1, "--missions : 100001 ne convient pas"),
        (300, 0, 1, "--volunteers : 0 ne convient pas, donnez un nombre de 40 à"),
        (300, 10**9, 1, "--volunteers : 1000000000 ne convient pas"),
        (10_000, 600, 1, "600 personnes ne suffisent pas à 10000 missions et à leurs structures, il en faut au moins 4998"),
        (300, 600, -1, "--seed : -1 ne convient pas"),
    ],
)
def test_impossible_sizes_are_refused_with_a_sentence(settings, missions, volunteers, seed, said):
    settings.DEMO = True
    with pytest.raises(WrongSizeError, match=re.escape(said)):
        load(missions=missions, volunteers=volunteers, seed=seed, progress=quiet)
    assert not Person.objects.exists()


@pytest.mark.parametrize("option", ["--missions", "--volunteers", "--seed"])
@pytest.mark.parametrize("value", ["beaucoup", "12.5", "", "1e3"])
def test_what_is_not_a_number_is_refused_with_a_sentence(option, value):
    answer = CliRunner().invoke(main, ["demo", "load", option, value])
    assert answer.exit_code == 2
    assert answer.stderr.strip() == f"{option} : « {value} » n'est pas un nombre entier. Exemple : {option} 300."


def test_the_smallest_demonstration_that_is_allowed_loads(settings):
    settings.DEMO = True
    assert load(missions=20, volunteers=40, seed=1, progress=quiet)["missions.mission"] == 20


def test_imaginary_people_never_join_real_ones(settings):
    """Even in demonstration mode: once mixed, nobody could tell them apart."""
    settings.DEMO = True
    Organisation.objects.create(name="Les Vrais Gens", legal_status_id="association", city="Bordeaux", department_id="33")
    with pytest.raises(NotEmptyError, match="base neuve"):
        load(missions=120, volunteers=240, progress=quiet)
    assert not Person.objects.exists()
    assert Organisation.objects.count() == 1


def test_dates_lie_around_today(demo):
    today = timezone.localdate()
    online = Mission.objects.filter(state="published")
    assert online.filter(starts_on__gt=today).exists()
    assert online.filter(starts_on__lt=today, ends_on__gt=today + timedelta(days=1)).exists()
