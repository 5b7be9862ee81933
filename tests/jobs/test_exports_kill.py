"""A worker is killed in the middle of a file: it is begun again and made once, or says that it failed (P6)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import as_manager, manager, mission, organisation, person

from renfort.audit.models import Entry
from renfort.jobs.models import Export, ExportPart
from renfort.jobs.selectors import parts_of
from renfort.jobs.services import work
from renfort.jobs.services.exports import ask, make_due
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.missions import exporters
from renfort.missions.models import Participation
from renfort.people.models import Person

ROWS = 60
# a worker that needs long enough for each batch to be killed within a file
WORKER = """
import time
import django
django.setup()
from django.utils import timezone
from renfort.jobs.services import exports, work
from renfort.missions import exporters
exporters.reads.BATCH, work.EVERY = 5, 0
real = work.beat
def slow(*args, **more):
    real(*args, **more)
    time.sleep(0.2)
work.beat = slow
print("ready", flush=True)
exports.make_due(timezone.now())
"""


def start_worker(url):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "renfort.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    return worker


def killed_within(url, export, *, attempt):
    """A worker that dies when it has written some rows and not all."""
    worker = start_worker(url)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        export.refresh_from_db()
        if export.attempts == attempt and 0 < export.done < ROWS:
            break
        time.sleep(0.02)
    worker.kill()
    worker.communicate()
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("running", attempt)


@pytest.fixture
def export(own_database):
    where = organisation()
    manager(where)
    what = mission(where, places=ROWS)
    people = [person() for _ in range(ROWS)]
    now = timezone.now()
    Participation.objects.bulk_create(
        Participation(mission=what, organisation=where, person=each, created_at=now, state="pending") for each in people
    )
    whole, kind = as_manager(where), EXPORT_KINDS[exporters.host.PARTICIPATIONS]
    asked = Asked(role=whole.roles[0].key, organisation=where.pk)
    actor = kind.acts(whole, asked)
    return ask(actor=actor, kind=kind, asked=asked, columns=kind.chosen(["last_name"]), format="csv", purpose="report")


@pytest.mark.slow
def test_a_file_whose_worker_was_killed_is_made_once(own_database, export):
    killed_within(own_database, export, attempt=1)
    assert not ExportPart.objects.exists(), "a half-made file is no file"
    make_due(timezone.now())
    export.refresh_from_db()
    assert export.state == "running", "nobody takes it while its worker may be alive"

    later = timezone.now() + work.FIRST_LEASE + timedelta(seconds=1)
    make_due(later)

    export.refresh_from_db()
    assert (export.state, export.attempts, export.done) == ("done", 2, ROWS)
    assert b"".join(parts_of(export)).count(b"\r\n") == ROWS + 1
    assert Entry.objects.filter(verb="jobs.export.done", object_id=export.pk).count() == 1
    assert Person.objects.count() >= ROWS


@pytest.mark.slow
def test_a_file_that_kills_its_worker_three_times_says_so(own_database, export):
    for attempt in range(1, work.MOST_ATTEMPTS + 1):
        killed_within(own_database, export, attempt=attempt)
        Export.objects.filter(pk=export.pk).update(alive_until=timezone.now() - timedelta(seconds=1))

    make_due(timezone.now())

    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "died")
    assert Entry.objects.filter(verb="jobs.export.fail", object_id=export.pk).count() == 1
    assert not ExportPart.objects.exists()
