"""The table that is searched holds the open missions, all and only those, from the very commit that changes them (P2)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import as_manager, as_operator, at, complete_facts, days, mission, organisation

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import publish
from renfort.kernel.firing import fire
from renfort.kernel.integrity import registered, run
from renfort.missions.enums import MissionState as M
from renfort.missions.models import Mission
from renfort.missions.services.mission import edit_mission, open_mission
from renfort.missions.services.search import fill, learn, learn_anew, rebuild, show
from renfort.missions.tasks import learn_words, learn_words_anew
from renfort.missions.workflow import MISSION
from renfort.search.models import Entry, Word
from renfort.search.selectors import Criteria, find, query_of, read_words
from renfort.search.tasks import forget_over

pytestmark = pytest.mark.django_db


def searched():
    return set(Entry.objects.values_list("mission_id", flat=True))


def finds(words):
    hits = find(Criteria(query=query_of(read_words(words))), page=1, per_page=20, now=timezone.now()).hits
    return [hit.mission_id for hit in hits]


def agrees():
    [finding] = run([check for check in registered() if check.name == "missions.search"])
    return finding.holds


def test_mission_is_found_from_its_publication_to_its_end():
    where = organisation()
    draft = open_mission(actor=as_manager(where), organisation=where, facts=complete_facts(where))
    assert searched() == set()

    fire(MISSION, draft, "publish", actor=as_manager(where))
    assert searched() == {draft.pk}

    fire(MISSION, draft, "ask_correction", actor=as_operator(), answers={"reasons": "Précisez."})
    assert searched() == set()


@pytest.mark.parametrize(("name", "answers"), [("cancel", {"reason": "safety"}), ("refuse", {"reasons": "Non."})])
def test_mission_that_is_closed_is_found_no_longer(name, answers):
    made = mission()
    actor = as_manager(made.organisation) if name == "cancel" else as_operator()

    fire(MISSION, made, name, actor=actor, answers=answers)

    assert searched() == set()
    assert agrees()


def test_edited_mission_is_found_by_its_new_words():
    made = mission(title="Trier des livres")
    facts = complete_facts(made.organisation, title="Réparer des vélos")

    edit_mission(actor=as_manager(made.organisation), mission=made, facts=facts)

    assert (finds("vélos"), finds("livres")) == ([made.pk], [])


def test_organisation_that_changes_its_name_is_found_by_the_new_one():
    where = organisation(name="Les Anciens")
    made = mission(where)
    where.name = "Les Nouveaux"
    where.save()

    publish("organisations.organisation.edit", where, actor=SERVICE, changes={"name": (None, None)})

    assert (finds("nouveaux"), finds("anciens")) == ([made.pk], [])


def test_mission_over_is_not_found_even_before_the_clock_removes_it():
    made = mission()
    later = timezone.now() + days(30)

    assert find(Criteria(), page=1, per_page=20, now=later).total == 0
    assert searched() == {made.pk}
    forget_over(later)
    assert searched() == set()


def test_integrity_sees_what_is_missing_wrong_or_too_much():
    made = mission()
    assert agrees()

    Entry.objects.update(city="Ailleurs")
    assert not agrees()
    show([made.pk])
    assert agrees()

    Entry.objects.all().delete()
    assert not agrees()
    show([made.pk])

    Mission.objects.filter(pk=made.pk).update(ends_on=made.ends_on + days(1))
    assert not agrees()


def test_rebuild_makes_everything_again_from_the_missions_alone():
    kept, closed = mission(title="Chanter à l'hospice"), mission(state=M.CANCELLED)
    Entry.objects.update(city="Ailleurs", mission_id=closed.pk)
    Word.objects.create(word="poussière", documents=3)

    assert rebuild() == 1

    assert searched() == {kept.pk}
    assert agrees()
    assert Word.objects.filter(word="hospice").exists()
    assert not Word.objects.filter(word="poussière").exists()


def test_rebuild_says_the_same_as_the_changes_one_by_one():
    for title in ("Un", "Deux", "Trois"):
        mission(title=title)
    one_by_one = list(Entry.objects.order_by("mission_id").values())

    rebuild()

    anew = list(Entry.objects.order_by("mission_id").values())
    assert [row | {"is_learned": None} for row in anew] == [row | {"is_learned": None} for row in one_by_one]


def test_upgrade_fills_the_table_once():
    made = mission()
    Entry.objects.all().delete()

    fill()
    assert searched() == {made.pk}
    Entry.objects.update(city="Ailleurs")
    fill()
    assert Entry.objects.get().city == "Ailleurs", "a table that is there is left alone"


def test_words_are_learnt_once_and_counted_by_mission():
    mission(title="Vannerie vannerie", description="De la vannerie.")
    mission(title="Vannerie")

    assert (learn(), learn()) == (2, 0)
    assert Word.objects.get(word="vannerie").documents == 2

    learn_words(timezone.now())
    learn_words_anew(timezone.now())
    assert Word.objects.get(word="vannerie").documents == 2
    assert not Word.objects.filter(word__regex=r"[0-9]").exists()


def test_words_that_nobody_uses_any_more_are_forgotten_at_night():
    made = mission(title="Vannerie")
    learn()
    fire(MISSION, made, "cancel", actor=as_manager(made.organisation), answers={"reason": "other"})

    learn_anew()

    assert not Word.objects.filter(word="vannerie").exists()


def test_search_of_tomorrow_leaves_out_what_ends_today():
    mission(ends_on=timezone.localdate() + days(7), starts_on=timezone.localdate() + days(7))

    with at(timezone.now() + days(9)):
        assert find(Criteria(), page=1, per_page=20, now=timezone.now()).total == 0
