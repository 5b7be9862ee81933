"""The seals show every change of the history, and nothing else."""

import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from renfort.audit import services
from renfort.audit.models import Entry, Remark, Seal
from renfort.audit.selectors import trigger_alone_holds
from renfort.audit.services import seal
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import publish
from renfort.kernel.integrity import registered, run
from renfort.people.models import Person


def write(number=3):
    person = Person.objects.create(first_name="Ana", last_name="É\n\"'\\")
    with transaction.atomic():
        for i in range(number):
            facts = {"codes": {"i": i, "x": "é\n"}, "texts": {"why": "parce que"}, "changes": {"a": (None, 1)}}
            publish("tests.write", person, actor=SERVICE, **facts)


def broken():
    checks = [check for check in registered() if check.name.startswith("audit.")]
    assert len(checks) == 4
    return {finding.check.name for finding in run(checks) if not finding.holds}


def tamper(statement):
    """As a superuser would, behind the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER")


@pytest.fixture
def sealed(own_database, monkeypatch):
    """Seven entries under three seals."""
    monkeypatch.setattr(services, "SEAL", services.SEAL.replace("LIMIT 5000", "LIMIT 3"))
    write(7)
    assert seal(timezone.now()) == 3


def test_entries_are_sealed_once_in_a_chain(sealed):
    one, two, three = Seal.objects.order_by("id")
    ids = list(Entry.objects.order_by("id").values_list("id", flat=True))

    assert [one.count, two.count, three.count] == [3, 3, 1]
    assert (one.first_id, three.last_id) == (ids[0], ids[-1])
    assert (one.previous, two.previous, three.previous) == ("", one.digest, two.digest)
    assert seal(timezone.now()) == 0
    write(1)
    assert seal(timezone.now()) == 1
    assert broken() == set()


def test_the_digest_does_not_depend_on_the_session(sealed):
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'Pacific/Noumea'; SET datestyle = 'German'; SET extra_float_digits = 0")

    assert broken() == set()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entry SET actor_id = 99 WHERE id = (SELECT min(id) + 1 FROM audit_entry)", {"audit.changed"}),
        (
            "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = (SELECT max(id) FROM audit_entry)",
            {"audit.changed"},
        ),
        ("UPDATE audit_entry SET codes = codes || '{\"i\": 9}' WHERE id = (SELECT max(id) FROM audit_entry)", {"audit.changed"}),
        ("DELETE FROM audit_entry WHERE id = (SELECT min(id) FROM audit_entry)", {"audit.missing"}),
        ("DELETE FROM audit_entry", {"audit.missing"}),
        (
            "INSERT INTO audit_entry (id, at, role, verb, model, object_id, before, after, codes, changes)"
            " VALUES (0, now(), '', '', '', 1, '', '', '{}', '{}'), (1 - 5, now(), '', '', '', 1, '', '', '{}', '{}')",
            {"audit.missing"},
        ),
        ("DELETE FROM audit_seal WHERE id = (SELECT min(id) + 1 FROM audit_seal)", {"audit.chain", "audit.missing"}),
        ("UPDATE audit_seal SET digest = 'x' WHERE id = (SELECT max(id) FROM audit_seal)", {"audit.changed"}),
        ("UPDATE audit_seal SET last_id = last_id + 10 WHERE id = (SELECT max(id) FROM audit_seal)", set()),
    ],
)
def test_tampering_is_found(sealed, statement, found):
    tamper(statement)

    assert broken() == found


def test_a_disabled_trigger_is_found(sealed):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER append_only")

    assert broken() == {"audit.fence"}


def test_words_may_be_erased(sealed):
    Remark.objects.all().delete()

    assert broken() == set()


def test_a_writer_that_has_not_committed_is_waited_for(own_database):
    """A lower number that is not visible yet would later look like an entry added behind the seal."""
    write(1)
    took_number, may_commit = threading.Event(), threading.Event()

    def slow_writer():
        with transaction.atomic():
            write(1)
            took_number.set()
            may_commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    took_number.wait(10)
    write(1)  # commits with a higher number

    start = time.monotonic()
    assert seal(timezone.now()) == 0  # gives up, next minute
    assert time.monotonic() - start < services.PATIENCE + 1
    threading.Timer(0.3, may_commit.set).start()
    assert seal(timezone.now()) == 1
    thread.join()

    assert Seal.objects.get().count == Entry.objects.count() == 3
    assert broken() == set()


def test_without_waiting_the_late_entry_would_break_the_seal(own_database, monkeypatch):
    """The negative control of the test above."""
    monkeypatch.setattr(services, "_writers", set)
    took_number, may_commit = threading.Event(), threading.Event()

    def slow_writer():
        with transaction.atomic():
            write(1)
            took_number.set()
            may_commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    took_number.wait(10)
    write(1)
    assert seal(timezone.now()) == 1
    may_commit.set()
    thread.join()

    assert broken() == {"audit.missing"}


@pytest.mark.race
def test_sealing_while_others_write_never_misses_one(own_database):
    stop = threading.Event()

    def writer():
        while not stop.is_set():
            with transaction.atomic():
                write(2)
                time.sleep(0.005)
        connections.close_all()

    threads = [threading.Thread(target=writer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        seal(timezone.now())
    stop.set()
    for thread in threads:
        thread.join()
    seal(timezone.now())

    assert sum(Seal.objects.values_list("count", flat=True)) == Entry.objects.count() > 0
    assert broken() == set()


@pytest.mark.race
def test_two_workers_cannot_fork_the_chain(own_database):
    write(50)
    start = threading.Barrier(4)

    def sealer():
        start.wait()
        seal(timezone.now())
        connections.close_all()

    threads = [threading.Thread(target=sealer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Seal.objects.count() == 1
    assert broken() == set()


@pytest.mark.django_db
def test_the_single_role_of_the_tests_is_told():
    assert trigger_alone_holds() is True
