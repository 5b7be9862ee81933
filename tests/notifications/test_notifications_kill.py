"""Workers are killed while they send: nothing is lost, and only what was being sent is sent again, recognisably."""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from tests.notifications.support import now, recipient_of

from renfort.notifications.models import Outgoing

WORKER = """
import django
django.setup()
from django.utils import timezone
from renfort.notifications.services import deliver_due
print("ready", flush=True)
while True:
    deliver_due(timezone.now())
"""


def start_worker(url, port):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "renfort.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "RENFORT_SMTP_URL": f"smtp://127.0.0.1:{port}",
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    return worker


@pytest.mark.slow
def test_killed_workers_lose_nothing(own_database, post, person, message, tell):
    someone, post.slow = person(), 0.01
    tell(someone, message(*[recipient_of(someone, person_id=None, address=f"n{i}@example.org") for i in range(40)]))
    kills, end = 0, time.monotonic() + 180

    while Outgoing.objects.filter(sent_at=None).exists():
        assert time.monotonic() < end
        worker = start_worker(own_database, post.port)
        time.sleep(random.uniform(0.05, 0.6))
        worker.kill()
        worker.communicate()
        kills += 1

    times = Counter(post.ids)
    assert set(times) == set(Outgoing.objects.values_list("message_id", flat=True))
    assert sum(times.values()) - len(times) <= kills
    assert max(times.values()) <= 1 + kills
    assert all(row.sent_at <= now() for row in Outgoing.objects.all())
