"""S1: what the directory says is written as a whole or not at all, once, with its rights, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import account, days, grant, operator
from tests.factories.civic_service import a_uai, acting, case_manager, establishment, federation, project, service_tutor
from tests.factories.directory import a_run, director, held_post, post_line, read, school_line, someone_line

from renfort.audit.models import Entry
from renfort.civic_service.enums import DirectoryState
from renfort.civic_service.models import DirectoryChange, DirectoryPerson, DirectoryRun, Establishment, Post
from renfort.civic_service.selectors.directory import last_good, master_of, runs_visible
from renfort.civic_service.services import directory
from renfort.kernel.firing import NotAllowed, Refused, Stale
from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant, Organisation
from renfort.organisations.selectors import actor_of
from renfort.people.models import Person

pytestmark = pytest.mark.django_db
UAI = "0951099D"
FULL = (school_line("E-1", uai=UAI, head="P-1"), someone_line("P-1"), someone_line("P-2"))
POSTS = (post_line("E-1", "P-1", role="Référent"), post_line("E-1", "P-2", role="Tuteur"))


SCHOOL = ("uai", "siret", "phone", "email", "head", "fed", "left_on", "directory_key")


def all_rows():
    """Everything that a reading may touch, as plain values."""
    return [
        list(model.objects.order_by("pk").values_list(*names))
        for model, names in (
            (Organisation, ("name", "address", "postcode", "city", "department")),
            (Establishment, SCHOOL),
            (Person, ("first_name", "last_name", "email", "mobile_phone")),
            (Post, ("establishment", "person", "role", "source", "function", "ended_at")),
            (Grant, ("person", "role", "scope", "valid_until")),
            (DirectoryPerson, ("key", "person", "fed")),
        )
    ]


# ── write ─────────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_written_until_somebody_confirms_and_then_everything_is():
    boss = director()
    run = directory.bring(actor=boss, lines=[*FULL, *POSTS], name="annuaire.csv", is_complete=True)
    directory.carry_due(timezone.now())
    run.refresh_from_db()
    assert (run.state, Establishment.objects.count(), DirectoryPerson.objects.count()) == ("held", 0, 0)

    directory.confirm(actor=boss, run=run, seen=run.print)
    directory.carry_due(timezone.now())

    school = Establishment.objects.select_related("organisation", "head").get(uai=UAI)
    assert (school.organisation.name, school.organisation.city, school.organisation.department_id) == (
        "Lycée Saint-Jean", "Bordeaux", "33",
    )  # fmt: skip
    assert (school.phone, school.email, school.enrolment) == ("+33556000000", "contact@saint-jean.example.org", 420)
    assert school.head.email == "p-1@example.org" and school.head.mobile_phone == "+33612345678"
    assert {"name", "address", "siret", "phone", "head"} <= set(school.fed)
    assert run.changes.count() == 5 and Entry.objects.filter(verb="civic_service.directoryrun.apply").count() == 1


def test_a_post_gives_its_right_and_its_end_takes_it_at_once():
    boss = director()
    read(boss, *FULL, *POSTS)
    tutor = Person.objects.get(email="p-2@example.org")
    account(tutor)
    assert actor_of(tutor.pk).holds(Programme.CIVIC_SERVICE, Role.SERVICE_TUTOR, "organisation", Establishment.objects.get().pk)

    read(boss, *FULL, POSTS[0])

    assert actor_of(tutor.pk).roles == ()
    assert Post.objects.get(person=tutor).ended_at == Grant.objects.get(person=tutor).valid_until


def test_the_same_delivery_again_changes_and_writes_nothing():
    boss = director()
    read(boss, *FULL, *POSTS)
    before, changes = all_rows(), DirectoryChange.objects.count()
    again = read(boss, *FULL, *POSTS)

    assert (again.state, again.counts, again.applied_at) == ("done", {}, None)
    assert (all_rows(), DirectoryChange.objects.count()) == (before, changes)


def test_a_post_named_again_comes_back_with_a_right_of_its_own():
    boss = director()
    read(boss, *FULL, *POSTS)
    read(boss, *FULL, POSTS[0])
    run = read(boss, *FULL, *POSTS)

    assert run.counts == {"post.reopen": 1}
    assert Post.objects.filter(role="service_tutor", ended_at=None).count() == 1


def test_naming_a_local_post_confirms_it_and_an_import_never_removes_one():
    """S1: « a role added here is local until the directory confirms it, and an import never removes it silently »."""
    here = establishment(uai=UAI)
    service_tutor(here, email="p-2@example.org", last_name="Diallo")
    other = service_tutor(here, email="ailleurs@example.org")
    run = read(director(), *FULL, *POSTS, reason="Première lecture de l'annuaire.")

    assert run.state == "done"
    confirmed, stays = Post.objects.get(person__email="p-2@example.org"), Post.objects.get(person=other)
    assert (confirmed.source, confirmed.confirmed_at is not None, confirmed.ended_at) == ("directory", True, None)
    assert (stays.source, stays.ended_at) == ("local", None)


def test_a_right_given_by_hand_is_taken_over_by_its_post():
    boss = director()
    read(boss, *FULL)
    tutor = Person.objects.get(email="p-2@example.org")
    held = grant(tutor, Programme.CIVIC_SERVICE, Role.SERVICE_TUTOR, Establishment.objects.get().organisation)
    read(boss, *FULL, *POSTS)

    assert Post.objects.get(person=tutor).grant_id == held.pk


def test_a_phone_of_ours_stays_where_the_directory_knows_none():
    here = establishment(uai=UAI, phone="+33556778899")
    read(director(), school_line("E-1", uai=UAI, phone=""), is_complete=False)
    here.refresh_from_db()

    assert here.phone == "+33556778899" and "phone" not in here.fed and "siret" in here.fed
    assert master_of(here, "phone") is None and master_of(here, "siret").name == "l'annuaire du réseau"


def test_a_school_that_left_comes_back_when_it_is_named_again():
    boss = director()
    read(boss, *FULL, *POSTS, school_line("E-2", uai=a_uai()))
    gone = read(boss, *FULL, *POSTS)
    left = Establishment.objects.get(directory_key="E-2")
    assert gone.counts == {"establishment.end": 1} and left.left_on is not None and master_of(left, "siret") is None
    read(boss, *FULL, *POSTS, school_line("E-2", uai=left.uai))

    left.refresh_from_db()
    assert left.left_on is None


def test_every_check_of_integrity_holds_after_a_load_its_end_and_its_undoing():
    boss = director()
    read(boss, *FULL, *POSTS)
    run = read(boss, *FULL, POSTS[0])
    directory.undo(actor=boss, run=run, reason="Un fichier tronqué.")
    directory.carry_due(timezone.now())

    assert [found.check.name for found in run_checks(registered()) if not found.holds] == []


# ── the brake, and who may ────────────────────────────────────────────────────────────────────────
def test_half_of_the_tutors_waits_for_a_reason():
    """S1: « an import that would remove half of the tutors » must stop."""
    boss = director()
    people = [someone_line(f"P-{n}") for n in range(4)]
    posts = [post_line("E-1", f"P-{n}") for n in range(4)]
    read(boss, school_line(uai=UAI), *people, *posts)
    run = read(boss, school_line(uai=UAI), *people, *posts[:2])
    assert (run.state, len(run.brakes), Post.objects.filter(ended_at=None).count()) == ("held", 1, 4)

    with pytest.raises(Refused, match="pourquoi"):
        directory.confirm(actor=boss, run=run, seen=run.print)
    directory.confirm(actor=boss, run=run, seen=run.print, reason="Deux départs à la retraite.")
    directory.carry_due(timezone.now())
    assert Post.objects.filter(ended_at=None).count() == 2


def test_the_database_lets_nothing_pass_the_brake_without_a_name_and_a_reason():
    with pytest.raises(IntegrityError), transaction.atomic():
        a_run("done", brakes=["31 des 60 rôles"], applied_at=timezone.now())


@pytest.mark.parametrize("who", ["territory", "tutor"])
def test_neither_a_territory_nor_an_establishment_brings_the_directory_in(who):
    here = establishment()
    if who == "territory":
        someone = acting(case_manager(federation("33")), Role.CASE_MANAGER)
    else:
        someone = acting(service_tutor(here), Role.SERVICE_TUTOR)
    run = a_run()

    for act in (
        lambda: directory.bring(actor=someone, lines=FULL, name="", is_complete=True),
        lambda: directory.confirm(actor=someone, run=run, seen=run.print),
        lambda: directory.drop(actor=someone, run=run),
        lambda: directory.undo(actor=someone, run=run, reason="x"),
        lambda: directory.stop(actor=someone, run=run),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not runs_visible(someone).exists()


def test_the_operator_may():
    boss = operator()
    run = read(actor_of(boss.pk), *FULL)

    assert run.state == "done" and runs_visible(actor_of(boss.pk)).count() == 1


def test_a_right_lost_before_the_worker_comes_writes_nothing():
    someone = case_manager()
    boss = acting(someone, Role.CASE_MANAGER)
    run = directory.bring(actor=boss, lines=FULL, name="", is_complete=True)
    Grant.objects.filter(person=someone).update(valid_until=timezone.now())
    directory.carry_due(timezone.now())
    run.refresh_from_db()

    assert (run.state, run.error) == ("failed", "right_lost")


# ── what is confirmed is what was shown ───────────────────────────────────────────────────────────
def test_what_changed_since_the_preview_is_shown_again_instead_of_written():
    boss = director()
    run = directory.bring(actor=boss, lines=[*FULL], name="", is_complete=True)
    directory.carry_due(timezone.now())
    run.refresh_from_db()
    establishment(uai=UAI)  # somebody wrote it by hand meanwhile: no longer to be added, but to be met
    seen = run.print
    directory.confirm(actor=boss, run=run, seen=seen)
    directory.carry_due(timezone.now())
    run.refresh_from_db()

    assert run.state == "held" and run.print != seen and Establishment.objects.count() == 1
    with pytest.raises(Stale):
        directory.confirm(actor=boss, run=run, seen=seen)


def test_a_second_reading_does_not_begin_beside_one_that_goes_on():
    boss = director()
    directory.bring(actor=boss, lines=FULL, name="", is_complete=True)

    with pytest.raises(Refused, match="déjà en cours"):
        directory.bring(actor=boss, lines=FULL, name="", is_complete=True)
    assert DirectoryRun.objects.count() == 1


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_another_one_goes_on():
    boss = director()
    run = directory.bring(actor=boss, lines=[*FULL, *POSTS], name="", is_complete=True)
    directory.carry_due(timezone.now())
    run.refresh_from_db()
    directory.confirm(actor=boss, run=run, seen=run.print)
    with (
        patch("renfort.civic_service.services.directory_rows.Writer._add_posts", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
        transaction.atomic(),
    ):
        directory.carry_due(timezone.now())
    assert not Establishment.objects.exists() and not DirectoryPerson.objects.exists()

    DirectoryRun.objects.update(state="running", attempts=1, alive_until=timezone.now() - timedelta(seconds=1))
    directory.carry_due(timezone.now())
    run.refresh_from_db()
    assert run.state == "done" and Post.objects.count() == 2


# ── take back ─────────────────────────────────────────────────────────────────────────────────────
def test_a_reading_is_taken_back_as_one():
    boss = director()
    here = establishment(uai=UAI, phone="+33556778899")
    service_tutor(here, email="p-2@example.org", last_name="Diallo")
    before = all_rows()
    run = read(boss, *FULL, *POSTS, reason="Première lecture.")
    assert all_rows() != before
    directory.undo(actor=boss, run=run, reason="Mauvais fichier.")
    directory.carry_due(timezone.now())
    run.refresh_from_db()

    assert (run.state, run.undone_by_id, run.hinders) == (DirectoryState.UNDONE, boss.person_id, [])
    assert all_rows() == before


def test_ends_are_taken_back_too():
    boss = director()
    read(boss, *FULL, *POSTS, school_line("E-2", uai=a_uai()))
    before = all_rows()
    run = read(boss, *FULL, POSTS[0])
    assert run.counts == {"establishment.end": 1, "post.end": 1}
    directory.undo(actor=boss, run=run, reason="Fichier tronqué.")
    directory.carry_due(timezone.now())

    assert all_rows() == before


@pytest.mark.parametrize("since", ["account", "phone", "project", "post"])
def test_what_has_changed_since_hinders_the_whole_and_is_named(since):
    boss = director()
    run = read(boss, *FULL, *POSTS)
    school = Establishment.objects.get()
    if since == "account":
        account(Person.objects.get(email="p-2@example.org"))
    elif since == "phone":
        Establishment.objects.update(phone="+33556778899")
    elif since == "project":
        project(school)
    else:
        Post.objects.filter(role="service_tutor").update(ended_at=timezone.now())
    before = all_rows()
    directory.undo(actor=boss, run=run, reason="Mauvais fichier.")
    directory.carry_due(timezone.now())
    run.refresh_from_db()

    assert (run.state, all_rows()) == ("done", before)
    assert any(name in " ".join(run.hinders) for name in ("Lycée Saint-Jean", "Ana Diallo"))


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────
class Port:
    """A directory that answers what it is told to, or not at all."""

    is_on = True

    def __init__(self, *lines):
        self.lines, self.asked = lines, []

    def everything(self):
        self.asked.append("")
        return list(self.lines)

    def one(self, key):
        self.asked.append(key)
        return list(self.lines)


class Silent(Port):
    def everything(self):
        raise directory.SilentDirectoryError("down")


@pytest.fixture
def port(monkeypatch):
    def use(made):
        monkeypatch.setattr(directory, "directory_port", lambda: made)
        return made

    return use


def at_five(day=0):
    """Five o'clock in Paris, after the hour of the reading."""
    local = timezone.localtime(timezone.now(), timezone.get_default_timezone())
    return local.replace(hour=5, minute=12) + days(day)


def test_once_a_day_the_whole_directory_is_read_and_written_by_itself(port):
    port(Port(*FULL, *POSTS))

    assert not directory.read_daily(at_five().replace(hour=3))
    assert directory.read_daily(at_five())
    directory.carry_due(timezone.now())
    assert not directory.read_daily(at_five())  # not twice a day
    assert Post.objects.count() == 2 and last_good() is not None and Outgoing.objects.count() == 0


def test_a_directory_that_is_down_for_a_week_removes_nobody_and_is_told_once_a_day(port):
    boss, chief = case_manager(), operator()
    port(Port(*FULL, *POSTS))
    directory.read_daily(at_five())
    directory.carry_due(timezone.now())
    good, before = last_good(), all_rows()
    port(Silent())
    for day in range(1, 8):
        for hour in range(5, 9):
            directory.read_daily(at_five(day).replace(hour=hour))
            directory.carry_due(timezone.now())

    assert (all_rows(), last_good()) == (before, good)
    letters = Outgoing.objects.filter(message="civic_service.directory.silent")
    assert sorted(letters.values_list("person_id", flat=True)) == sorted([boss.pk, chief.pk] * 7)


def test_an_empty_answer_is_no_directory(port):
    port(Port(*FULL, *POSTS))
    directory.read_daily(at_five())
    directory.carry_due(timezone.now())
    port(Port())
    directory.read_daily(at_five(1))
    directory.carry_due(timezone.now())

    assert DirectoryRun.objects.latest("pk").error == "silent" and not Post.objects.exclude(ended_at=None).exists()


def test_too_much_at_once_stops_the_daily_reading_and_tells_those_who_watch(port):
    boss, chief = case_manager(), operator()
    people = [someone_line(f"P-{n}") for n in range(4)]
    posts = [post_line("E-1", f"P-{n}") for n in range(4)]
    port(Port(school_line(uai=UAI), *people, *posts))
    directory.read_daily(at_five())
    directory.carry_due(timezone.now())
    port(Port(school_line(uai=UAI), *people, *posts[:2]))
    directory.read_daily(at_five(1))
    directory.carry_due(timezone.now())

    run = DirectoryRun.objects.latest("pk")
    assert run.state == "held" and Post.objects.filter(ended_at=None).count() == 4
    letters = Outgoing.objects.filter(message="civic_service.directory.held")
    assert set(letters.values_list("person_id", flat=True)) == {boss.pk, chief.pk}


def test_one_establishment_is_read_again_and_only_its_own_posts_end(port):
    here, there = establishment(directory_key="E-1", uai=UAI), establishment(directory_key="E-2", uai="", name="Collège")
    gone, _someone = held_post(here, "P-1")
    kept, _other = held_post(there, "P-2")
    asked = port(Port(school_line(uai=UAI), someone_line("P-1")))
    directory.ask(actor=director(), establishment=here)
    directory.carry_due(timezone.now())

    gone.refresh_from_db()
    kept.refresh_from_db()
    assert asked.asked == ["E-1"] and gone.ended_at is not None and kept.ended_at is None
    assert not Establishment.objects.exclude(left_on=None).exists()


def test_an_establishment_that_the_directory_does_not_know_is_not_asked_for(port):
    port(Port())
    with pytest.raises(Refused, match="ne connaît pas"):
        directory.ask(actor=director(), establishment=establishment())


def test_without_a_service_nothing_is_asked():
    with pytest.raises(Refused, match="fichier"):
        directory.ask(actor=director())
    assert not directory.read_daily(at_five())


def test_differences_are_forgotten_with_time_and_what_nobody_confirms_is_given_up():
    """P10: names and numbers of people are kept no longer than they serve."""
    boss = director()
    old = read(boss, *FULL, *POSTS)
    waits = a_run(ended_at=timezone.now() - days(31))
    DirectoryRun.objects.filter(pk=old.pk).update(ended_at=timezone.now() - days(91))
    directory.forget(timezone.now())

    old.refresh_from_db()
    waits.refresh_from_db()
    assert (old.samples, old.changes.count(), old.counts["post.add"]) == ([], 0, 2)
    assert (waits.state, waits.delivered) == ("stopped", None)
    with pytest.raises(Refused, match="plus gardées"):
        directory.undo(actor=boss, run=old, reason="Trop tard.")
