"""Programs under test: each with a data folder and a port of its own, stopped whatever happens."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

RENFORT = [sys.executable, "-m", "renfort.ops.cli"]
OURS = ("RENFORT_", "DATABASE_URL", "PORT", "DJANGO_SETTINGS_MODULE")


def clean_environment(**values: str) -> dict[str, str]:
    """This process's environment without its own settings, then ``values``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "DJANGO_SETTINGS_MODULE": os.environ.get("STANDIN_SETTINGS", "renfort.config.settings"), **values}


class Running:
    """A program that was started: what it says, and its whole family."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, text: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.said:
            ended = self.process.poll() is not None
            if time.monotonic() > deadline or (ended and not self._reader.is_alive()):
                raise AssertionError(f"never said {text!r}:\n{self.said}")
            time.sleep(0.02)

    def wait(self, seconds: float = 30) -> int:
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        code = self.wait()
        self.process.stdout.close()
        return code


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, position = [pid], 0
    while position < len(found):
        try:
            for task in Path(f"/proc/{found[position]}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
        position += 1
    return found


def alive(pids: list[int]) -> list[int]:
    """Those that still run (a zombie does not)."""
    still = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            still.append(pid)
    return still


def wait_gone(pids: list[int], seconds: float = 15) -> list[int]:
    """Those that still run after a while."""
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive(pids)


def get(port: int, path: str) -> tuple[int, str]:
    """Fetch a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def short_folder():
    """A folder that PostgreSQL's account can enter and whose path is short (pytest's own is neither); removed afterwards."""
    path = Path(tempfile.mkdtemp(prefix="renfort-ops-", dir="/tmp"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def folder():
    """See ``short_folder``."""
    with short_folder() as path:
        yield path


@pytest.fixture(scope="session")
def first_start():
    """The data of a Renfort that was started once and stopped: tests of what comes later begin with a copy of it."""
    with short_folder() as path:
        running = Running([*RENFORT, "run"], clean_environment(**settings_of(path, free_port())))
        try:
            running.wait_for("Prêt")
        finally:
            running.stop()
        yield path / "data"


@pytest.fixture
def started_before(folder, first_start) -> Path:
    """The folder of a platform that has its database already: the first start, of many seconds, has its own tests."""
    subprocess.run(["cp", "-a", str(first_start), str(folder / "data")], check=True)  # with its owners, which copytree forgets
    return folder


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def port() -> int:
    """See ``free_port``."""
    return free_port()


def settings_of(folder: Path, port: int) -> dict[str, str]:
    """Where a program under test keeps its data and listens."""
    return {"PORT": str(port), "RENFORT_DATA": str(folder / "data"), "RENFORT_DEMO": "0"}


@pytest.fixture
def renfort(folder, port):
    """Start ``renfort …`` in the background; all of them are stopped at the end, and nothing of them may be left."""
    started: list[tuple[Running, list[int]]] = []

    def start(*arguments: str, **values: str) -> Running:
        running = Running([*RENFORT, *arguments], clean_environment(**{**settings_of(folder, port), **values}))
        started.append(running)
        return running

    yield start
    for running in started:
        pids = family(running.process.pid)
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
        try:
            running.stop()
        except subprocess.TimeoutExpired:
            running.process.kill()
            raise
        assert wait_gone(pids) == []


def call(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run ``renfort …`` to its end."""
    return subprocess.run(
        [*RENFORT, *arguments], env=clean_environment(**values), capture_output=True, text=True, timeout=120, check=False
    )
