"""`renfort run`: one command starts it all, one signal stops it all, and a kill -9 costs nothing (P12)."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.ops.conftest import call, family, get, wait_gone

pytestmark = pytest.mark.slow
REMOVE_OLD_JOBS = "builtin:procrastinate.builtin_tasks.remove_old_jobs"


def test_it_starts_serves_and_stops_in_order(renfort, folder, port):
    running = renfort("run")
    running.wait_for("Ctrl C arrête tout.")
    assert "Base de données intégrée créée" in running.said
    assert f"Prêt : http://127.0.0.1:{port}" in running.said
    assert get(port, "/health/live") == (200, "ok")
    status, body = get(port, "/health/ready")
    assert (status, '"ready": true' in body) == (200, True)
    assert (folder / "data" / "secret-key").stat().st_mode & 0o777 == 0o600

    everything = family(running.process.pid)
    assert len(everything) > 5
    asked = time.monotonic()
    os.kill(running.process.pid, signal.SIGINT)
    assert running.wait() == 0
    assert time.monotonic() - asked < 25  # 8 s of patience with requests, 10 s with a job: nothing waits here
    assert wait_gone(everything, 0) == []
    assert "Traceback" not in running.said


def test_a_second_start_makes_nothing_again(renfort, started_before):
    key = (started_before / "data" / "secret-key").read_text()
    again = renfort("run")
    again.wait_for("Prêt")
    assert "créée" not in again.said
    assert (started_before / "data" / "secret-key").read_text() == key


def test_killing_everything_at_once_leaves_a_platform_that_starts_again_at_once(renfort, started_before):
    running = renfort("run")
    running.wait_for("Prêt")
    everything = family(running.process.pid)
    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    again = renfort("run")
    again.wait_for("Prêt")
    assert wait_gone(everything) == []


def test_killing_the_supervisor_ends_all_it_started(renfort, started_before):
    running = renfort("run")
    running.wait_for("Prêt")
    everything = family(running.process.pid)
    os.kill(running.process.pid, signal.SIGKILL)
    assert wait_gone(everything) == []


def test_a_killed_child_comes_back_and_no_connection_is_refused(renfort, port, started_before):
    running = renfort("run")
    running.wait_for("Prêt")
    for program, sentence in (
        ("worker", "Ouvrier : arrêt inattendu"),
        ("gunicorn", "Serveur web : arrêt inattendu"),
        ("postgres", "Base de données : arrêt inattendu"),
    ):
        os.kill(_child(running.process.pid, program), signal.SIGKILL)
        running.wait_for(sentence, 20)
        assert get(port, "/health/live") == (200, "ok")
        _until(lambda: get(port, "/health/ready")[0] == 200)


def test_a_taken_port_is_said_before_anything_is_started(renfort, folder, port):
    with socket.create_server(("127.0.0.1", port)):
        running = renfort("run")
        assert running.wait() == 2
    assert running.said == (
        f"Le port {port} est déjà utilisé par un autre programme. Arrêtez-le, ou choisissez un autre port : PORT={port + 1}."
    )
    assert not list((folder / "data").glob("postgres-*"))


def test_a_second_one_on_the_same_folder_is_refused_by_name(renfort, started_before, port):
    running = renfort("run")
    running.wait_for("Prêt")
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    second = renfort("run", PORT=str(free))
    assert second.wait() == 2
    assert f"processus {running.process.pid}, port {port}" in second.said
    assert "RENFORT_DATA=… PORT=…" in second.said


def test_a_command_beside_it_works_on_its_database(renfort, started_before):
    running = renfort("run")
    running.wait_for("Prêt")
    done = call("integrity", RENFORT_DATA=str(started_before / "data"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 en défaut" in done.stdout


def test_the_wheel_serves_where_the_machine_has_no_postgresql(renfort, folder):
    running = renfort("run", RENFORT_PGBIN="wheel")
    running.wait_for("Prêt")
    assert (folder / "data" / "postgres-17" / "PG_VERSION").is_file()


def test_a_wrong_setting_is_a_sentence(renfort):
    running = renfort("run", RENFORT_WEB_WORKERS="beaucoup")
    assert running.wait() == 2
    assert running.said.startswith("Réglage incorrect dans l'environnement : RENFORT_WEB_WORKERS = 'beaucoup'")
    assert "Traceback" not in running.said


def test_an_unreachable_database_is_a_sentence(renfort, port):
    running = renfort("run", DATABASE_URL=f"postgresql://renfort:secret@127.0.0.1:{port}/renfort")
    assert running.wait() == 2
    assert "La base de données de DATABASE_URL ne répond pas (127.0.0.1, port" in running.said
    assert "Vérifiez que le serveur est démarré" in running.said
    assert "secret" not in running.said
    assert "Traceback" not in running.said


def test_it_serves_a_database_of_ones_own(own_database, renfort, port):
    running = renfort("run", DATABASE_URL=own_database)
    running.wait_for("Prêt")
    assert get(port, "/health/ready")[0] == 200
    assert "Base de données intégrée" not in running.said


def _child(pid: int, program: str) -> int:
    """The supervisor's own child that runs ``program``."""
    for child in family(pid)[1:]:
        parent = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1])
        if parent == pid and program in Path(f"/proc/{child}/cmdline").read_text():
            return child
    raise AssertionError(f"no {program} under {pid}")


def test_a_worker_finishes_its_job_and_ends_well(own_database, renfort):
    """The job deletes an old row that we hold: it is running when the signal comes, and done when the worker ends."""
    with psycopg.connect(own_database, autocommit=True) as connection, psycopg.connect(own_database) as holder:
        insert = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('test', %s, %s, %s) RETURNING id"
        old = connection.execute(insert, ["gone", "{}", "todo"]).fetchone()[0]
        for status in ("doing", "succeeded"):  # as a worker does it: triggers note when
            connection.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, old])
        holder.execute("SELECT 1 FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [old])
        job = connection.execute(insert, [REMOVE_OLD_JOBS, '{"max_hours": 0}', "todo"]).fetchone()[0]

        worker = renfort("worker", DATABASE_URL=own_database)
        blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        _until(lambda: connection.execute(blocked).fetchone()[0] == 1)
        worker.process.terminate()
        time.sleep(0.5)
        assert worker.process.poll() is None, "it left its job"
        holder.rollback()
        assert worker.wait() == 0
        # done: a job that succeeded leaves no row behind
        assert connection.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job]).fetchone() is None
        assert connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()[0] == 0
    assert "Traceback" not in worker.said


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
