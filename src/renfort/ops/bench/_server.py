"""The real web server on a free port, serving the benchmark's database as in production."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from renfort.kernel.sentences import Sentence
from renfort.ops.bench._database import RENFORT, variables
from renfort.ops.processes import spawn, stop

STATIC = Path(settings.STATIC_ROOT) / "staticfiles.json"
PATIENCE = 60.0
BACKLOG = 2048  # connections that wait while all threads are busy
OK = 200


class NoServerError(Sentence):
    """The web server did not start."""


@contextmanager
def serving(url: str, *, without_lock: int = 0) -> Iterator[int]:
    """Serve the site on the database ``url``, behind one trusted proxy.

    ``without_lock``: so many transactions meet where the lock would have kept them apart; 0 leaves the lock in.

    Yields:
        The port, when the site answers.

    Raises:
        NoServerError: when it does not within a minute.
    """
    if _is_stale(STATIC):  # the pages name static files by their digests: one that is not listed is an error page
        subprocess.run([*RENFORT, "static"], env=variables(url), check=True)
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        port = listener.getsockname()[1]
        environment = variables(
            url, PORT=str(port), RENFORT_PROXIES="1", RENFORT_BASE_URL="", RENFORT_SECRET_KEY=settings.SECRET_KEY,
            RENFORT_BENCH_WITHOUT_LOCK=str(without_lock or ""),
        )  # fmt: skip
        command = [
            sys.executable, "-m", "gunicorn", "--config", "python:renfort.ops.web", "--bind", f"fd://{listener.fileno()}",
            "renfort.ops.bench._wsgi",
        ]  # fmt: skip
        process = spawn(command, environment=environment, pass_fds=[listener.fileno()])
        try:
            _wait(port, process)
            yield port
        finally:
            stop(process, [(signal.SIGTERM, 15.0)])


def _is_stale(manifest: Path) -> bool:
    """Whether static files were never gathered, or some have changed since."""
    if not manifest.exists():
        return True
    gathered = manifest.stat().st_mtime
    return any(file.stat().st_mtime > gathered for file in manifest.parents[1].glob("*/static/**/*"))


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/health/live")
            if connection.getresponse().status == OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise NoServerError("Le serveur web de la mesure n'a pas démarré ; ce qu'il a dit est au-dessus.")
