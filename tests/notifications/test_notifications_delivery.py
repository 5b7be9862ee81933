"""E-mails leave, are never lost, and leave twice only when the process dies between the server's yes and our note."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests.notifications.support import free_port, now, recipient_of, use_server

from renfort.kernel.actors import SERVICE
from renfort.kernel.messages import Mail
from renfort.notifications import services, tasks
from renfort.notifications.models import Outgoing
from renfort.notifications.services import DELAYS, compose, deliver_due, retry

pytestmark = pytest.mark.slow


@pytest.fixture
def waiting(own_database, person, message, tell):
    """Write some e-mails that wait."""

    def write(number=1, **changes):
        readers = [recipient_of(person(), **changes) for _ in range(number)]
        tell(person(), message(*readers))
        return list(Outgoing.objects.order_by("id"))

    return write


def test_an_email_leaves_as_text_and_html(waiting, post):
    (row,) = waiting(name='Zoé, "la" Ñandú <x>')

    done = deliver_due(now())

    assert (done.sent, done.failed) == (1, 0)
    (email,) = post.emails
    assert email["Message-ID"] == row.message_id
    assert email["Subject"] == "Votre candidature est acceptée"
    assert [(a.display_name, a.addr_spec) for a in email["To"].addresses] == [("Zoé, la Ñandú <x>", row.address)]
    assert post.readers == [[row.address]]
    assert email["From"] == "Renfort <ne-pas-repondre@renfort.test>"
    assert email.get_content_type() == "multipart/alternative"
    text, html = email.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "Les amis & Cie" in text.get_content()
    assert "/espace/missions/12/" in html.get_content()
    row.refresh_from_db()
    assert row.state == "sent"
    assert deliver_due(now()).sent == 0


def test_a_batch_uses_one_connection_and_never_two_readers(waiting, post):
    rows = waiting(5)

    assert deliver_due(now()).sent == 5

    assert post.connections == 1
    assert [len(readers) for readers in post.readers] == [1] * 5
    assert post.ids == [row.message_id for row in rows]


def test_headers_cannot_be_injected_into_what_is_sent(waiting, post, person, message, tell):
    mail = Mail(subject="Bonjour\r\nBcc: tous@example.org", sentences=("x\r\n.\r\nQUIT",))
    tell(person(), message(recipient_of(person(), name="Zoé\r\nX-Evil: 1"), mail=lambda e, r: mail))

    deliver_due(now())

    (email,) = post.emails
    assert email["Bcc"] is None
    assert email["X-Evil"] is None
    assert email["Subject"] == "Bonjour Bcc: tous@example.org"
    assert len(post.readers[0]) == 1


def test_server_down_then_up(waiting, settings, post):
    rows = waiting(2)
    settings.EMAIL_PORT = free_port()
    moment = now()

    deliver_due(moment)

    first, second = Outgoing.objects.order_by("id")
    assert (first.attempts, second.attempts) == (1, 0)  # one knock at the door is enough to know
    assert first.next_try_at >= moment + DELAYS[0]
    assert "injoignable" in first.error
    deliver_due(moment + timedelta(seconds=30))
    first.refresh_from_db()
    assert first.attempts == 1  # not due yet

    settings.EMAIL_PORT = post.port
    deliver_due(now() + timedelta(minutes=10))

    assert sorted(post.ids) == sorted(row.message_id for row in rows)
    assert set(Outgoing.objects.values_list("error", flat=True)) == {""}


def test_delays_grow_until_it_is_given_up_and_the_operator_tries_again(waiting, settings, post):
    (row,) = waiting()
    settings.EMAIL_PORT = free_port()
    moment, waits = now(), []
    for _ in range(20):
        deliver_due(moment)
        row.refresh_from_db()
        if row.next_try_at is None:
            break
        waits.append(row.next_try_at - moment)
        moment = row.next_try_at

    assert [round(wait.total_seconds() / 60) for wait in waits] == [1, 5, 15, 60, 240, 720, 1440, 1440]
    assert row.state == "failed"
    assert row.error

    settings.EMAIL_PORT = post.port
    assert retry(actor=SERVICE, row=row) is True
    deliver_due(now())

    assert post.ids == [row.message_id]
    assert retry(actor=SERVICE, row=row) is False


@pytest.mark.parametrize(
    ("reply", "state", "about"),
    [("550 no such user", "failed", "550 no such user"), ("450 greylisted, come back", "waiting", "450 greylisted")],
)
def test_a_server_that_refuses_a_reader(waiting, post, reply, state, about):
    row, other = waiting(2)
    post.refuse_reader = reply

    deliver_due(now())

    for each in (row, other):
        each.refresh_from_db()
        assert (each.state, each.attempts) == (state, 1)
        assert about in each.error
    assert post.emails == []


def test_a_server_that_refuses_an_email_for_good(waiting, post):
    (row,) = waiting()
    post.refuse_email = "554 looks like spam"

    deliver_due(now())

    row.refresh_from_db()
    assert row.state == "failed"
    assert "554 looks like spam" in row.error


def test_a_server_that_hangs_up_in_the_middle_is_left_for_this_round(waiting, post):
    rows = waiting(2)
    post.refuse_email = "421 too much for today"

    deliver_due(now())

    assert sorted(Outgoing.objects.values_list("attempts", flat=True)) == [0, 1]
    post.refuse_email = ""
    deliver_due(now() + timedelta(minutes=5))
    assert sorted(post.ids) == sorted(row.message_id for row in rows)


def test_a_server_that_does_not_answer_in_time(waiting, post, settings):
    (row,) = waiting()
    settings.EMAIL_TIMEOUT = 0.5
    post.slow = 1.5

    deliver_due(now())

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.error == "Le serveur de messagerie ne répond pas à temps."


def test_a_server_silent_from_the_start_holds_no_row(waiting, settings):
    (row,) = waiting()
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        use_server(settings, mute.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.5
        deliver_due(now())

    row.refresh_from_db()
    assert row.error == "Le serveur de messagerie ne répond pas à temps."


def test_an_email_that_cannot_be_put_into_form_does_not_stop_the_others(waiting, post, monkeypatch):
    bad, good = waiting(2)

    def compose_but_one(row):
        if row.pk == bad.pk:
            raise UnicodeError("oups")
        return compose(row)

    monkeypatch.setattr(services, "compose", compose_but_one)
    deliver_due(now())

    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == ("waiting", 1)
    assert post.ids == [good.message_id]


def test_killed_between_the_yes_and_the_note_repeats_the_same_message_id(waiting, post, monkeypatch):
    (row,) = waiting()
    with monkeypatch.context() as killed:

        def die(*_):
            raise SystemExit

        killed.setattr(services, "note_sent", die)
        with pytest.raises(SystemExit):
            deliver_due(now())
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)

    deliver_due(now())

    assert post.ids == [row.message_id] * 2
    row.refresh_from_db()
    assert row.state == "sent"


@contextmanager
def workers(number, work):
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def run_two_workers():
    trouble = []
    both = threading.Barrier(2)

    def work():
        try:
            both.wait()
            deliver_due(now())
        except Exception as error:
            trouble.append(error)
        finally:
            connections.close_all()

    with workers(2, work):
        pass
    assert trouble == []


@pytest.mark.race
def test_two_workers_at_once_send_each_email_once(waiting, post):
    rows = waiting(30)
    post.slow = 0.01

    run_two_workers()

    assert post.connections == 2
    assert sorted(post.ids) == sorted(row.message_id for row in rows)


@pytest.mark.race
def test_two_workers_send_twice_when_rows_are_not_held(waiting, post, monkeypatch):
    """The negative control: without the lock, the test above would fail."""
    rows = waiting(30)
    post.slow = 0.01
    held = services.due
    monkeypatch.setattr(services, "due", lambda moment: NoLock(held(moment)))

    run_two_workers()

    assert len(post.ids) > len(rows)


class NoLock:
    def __init__(self, rows):
        self.rows = rows

    def select_for_update(self, **_):
        return self.rows

    def __getattr__(self, name):
        return getattr(self.rows, name)


def test_without_a_mail_server_emails_are_kept(waiting, settings):
    waiting(3)
    settings.MAIL_IS_KEPT = True

    assert tasks.deliver(now()).sent == 3

    assert {row.state for row in Outgoing.objects.all()} == {"kept"}


def test_the_database_knows_no_lost_email(waiting):
    (row,) = waiting()

    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.filter(pk=row.pk).update(next_try_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.filter(pk=row.pk).update(sent_at=now())


def test_the_due_rows_are_found_by_index(waiting):
    waiting(3)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM notifications_outgoing WHERE next_try_at <= now()"
            " ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "notifications_outgoing_due" in plan
