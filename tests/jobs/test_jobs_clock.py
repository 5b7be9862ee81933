"""The clock makes up for a missed night once, gives lost jobs back, and forgets what is over."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from renfort.audit.models import Entry
from renfort.jobs import services, tasks
from renfort.jobs.models import FormToken
from renfort.kernel.actors import SERVICE
from renfort.missions.models import Domain, Mission
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Organisation
from renfort.organisations.services import give_role
from renfort.people.models import Account, Person
from renfort.territories.models import Department


def test_the_clock_is_wound_up():
    """Every chore is known to the worker, at its hours, and cannot pile up."""
    hours = {name: periodic.cron for (name, _id), periodic in app.periodic_registry.periodic_tasks.items()}

    assert hours == {
        "audit.forget_views": "45 3 * * *",
        "audit.seal": "* * * * *",
        "jobs.clean": "40 3 * * *",
        "jobs.fire_due": "* * * * *",
        "jobs.carry_imports": "* * * * * */10",
        "jobs.forget_imports": "50 3 * * *",
        "jobs.forget_finished": "20 3 * * *",
        "jobs.forget_spent": "*/10 * * * *",
        "jobs.make_exports": "* * * * * */10",
        "jobs.remove_exports": "7,37 * * * *",
        "jobs.rescue": "* * * * *",
        "notifications.deliver": "* * * * * */10",
        "notifications.digests": "9 * * * *",
        **{name: cron for name, cron in hours.items() if name.split(".")[0] not in {"audit", "jobs", "notifications"}},
    }
    assert all(app.tasks[name].queueing_lock == name for name in hours)
    assert app.tasks["jobs.rescue"].lock is None


def doing(name, *, attempts=0, lock=None, queueing_lock=None):
    """A job whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, lock, queueing_lock)"
            " VALUES ('default', %s, '{\"timestamp\": 0}', 'doing', %s, %s, %s) RETURNING id",
            [name, attempts, lock, queueing_lock],
        )
        return cursor.fetchone()[0]


def status(pk):
    return ProcrastinateJob.objects.get(pk=pk).status


def test_jobs_of_dead_workers_are_done_again(own_database):
    pk = doing("jobs.clean", lock="jobs.clean", queueing_lock="jobs.clean")

    async_to_sync(tasks.rescue.func)(timestamp=0)

    assert status(pk) == "todo"
    assert async_to_sync(services.rescue_stalled_jobs)() == 0


def test_a_lost_job_makes_way_for_its_successor(own_database):
    pk = doing("jobs.clean", lock="jobs.clean", queueing_lock="jobs.clean")
    app.configure_task("jobs.clean").defer(timestamp=1)

    assert async_to_sync(services.rescue_stalled_jobs)() == 0

    assert status(pk) == "aborted"
    assert ProcrastinateJob.objects.filter(task_name="jobs.clean", status="todo").count() == 1


def test_a_job_that_kills_its_workers_is_given_up(own_database):
    pk = doing("jobs.clean", attempts=services.MOST_ATTEMPTS)

    assert async_to_sync(services.rescue_stalled_jobs)() == 0

    assert status(pk) == "failed"


def test_the_worker_runs_chores_and_the_bell(own_database):
    """With the worker's own connector, as `renfort worker` runs it."""
    FormToken.objects.create(token=uuid4())
    FormToken.objects.update(at=timezone.now() - timedelta(days=8))
    services.ring_clock()
    app.configure_task("jobs.clean").defer(timestamp=0)

    async def work():
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(work())

    done = dict(ProcrastinateJob.objects.values_list("task_name", "status"))
    assert done["jobs.clean"] == done["jobs.fire_due"] == "succeeded"
    assert not FormToken.objects.exists()


@pytest.mark.django_db
def test_a_missed_night_is_made_up_for_once():
    """The worker was off when the reminder was due: it goes out on its return, and once."""
    person = Person.objects.create(first_name="Ana", last_name="Martin", email="ana@example.org")
    Account.objects.create(person=person, email=person.email)
    department = Department.objects.get(code="33")
    host = Organisation.objects.create(name="Secours", legal_status_id="association", city="Bordeaux", department=department)
    give_role(actor=SERVICE, person=person, programme="reserve", role="manager", organisation=host)
    today = timezone.localdate()
    mission = Mission.objects.create(
        organisation=host,
        domain=Domain.objects.order_by("pk")[0],
        title="Distribution",
        department=department,
        responsible=person,
        starts_on=today - timedelta(days=10),
        ends_on=today - timedelta(days=8),
        state="published",
        published_at=timezone.now() - timedelta(days=20),
    )

    moved = [tasks.fire_what_is_due(timezone.now()) for _night in range(3)]

    assert moved == [1, 0, 0]
    mission.refresh_from_db()
    assert mission.first_reminder_at is not None
    assert Entry.objects.filter(model="missions.mission", object_id=mission.pk).count() == 1
    assert Outgoing.objects.filter(person=person).count() == 1


@pytest.mark.django_db
def test_what_is_over_is_forgotten_and_nothing_else():
    old, young = FormToken.objects.create(token=uuid4()), FormToken.objects.create(token=uuid4())
    FormToken.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=8))
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(seconds=1))
    Session.objects.create(session_key="young", session_data="", expire_date=timezone.now() + timedelta(days=1))
    cache.set("young", 1, 600)
    cache.set("old", 1, 600)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_cache SET expires = now() - interval '1 minute' WHERE cache_key LIKE '%%:old'")

    for _ in range(2):
        tasks.clean(timezone.now())

    assert list(FormToken.objects.values_list("pk", flat=True)) == [young.pk]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["young"]
    assert services.forget_expired_cache(timezone.now()) == 0
    assert cache.get("young") == 1


def test_finished_jobs_are_forgotten_after_a_week(own_database):
    pks = [doing("jobs.clean") for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = ANY(%s)", [pks[:2]])
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '8 days' WHERE job_id = ANY(%s)", [pks[1:]])

    async_to_sync(tasks.forget_finished_jobs.func)(timestamp=0)

    assert list(ProcrastinateJob.objects.order_by("id").values_list("id", flat=True)) == [pks[0], pks[2]]
