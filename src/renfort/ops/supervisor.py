"""``renfort run``: the whole platform on one machine, one command, one process to stop (P12).

The supervisor holds the data folder and the listening socket, starts PostgreSQL (unless DATABASE_URL names one), brings the
database up to date, then keeps a web server and a worker alive. It imports no Django: it must be the last to fall.
"""

from __future__ import annotations

import errno
import http.client
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from renfort.config.env import Environment
from renfort.kernel.sentences import Sentence
from renfort.ops.cluster import Cluster
from renfort.ops.embedded import cluster_of, variables_of
from renfort.ops.folder import data_folder, write_sentence
from renfort.ops.greeting import greeting
from renfort.ops.processes import Child, spawn, stop
from renfort.ops.start import SETTINGS

OLD_SERVER = 10.0  # seconds that the web processes of a killed Renfort may still hold the port
PATIENCE = 90.0  # seconds until somebody who waits for « Prêt » is told what is missing
ATTEMPTS = 3  # deaths of one child before the first « Prêt » that mean it will not start
RENFORT = (sys.executable, "-m", "renfort.ops.cli")


class RunError(Sentence):
    """Renfort cannot be started here; the sentence says what to do."""


class StepError(Exception):
    """A step failed and has said why itself."""


class Stopped(Exception):  # noqa: N818 -- no error: somebody asked
    """A signal asked for the end while something was awaited."""


class Signals:
    """Signals as a flag and a wake-up: Ctrl C, TERM and a closed terminal ask for the end, a child's death only wakes."""

    def __init__(self) -> None:
        self.asked = False
        self._reader, writer = socket.socketpair()
        self._reader.setblocking(False)
        writer.setblocking(False)
        self._writer = writer
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self._ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def pause(self, seconds: float) -> None:
        """Wait, at most until the next signal.

        Raises:
            Stopped: when the end was asked for.
        """
        if not self.asked and select.select([self._reader], [], [], seconds)[0]:
            self._reader.recv(4096)
        if self.asked:
            raise Stopped


class Supervisor:
    """One running Renfort.

    Args:
        settings: those of the environment.
    """

    def __init__(self, settings: Environment) -> None:
        self.settings = settings
        self.signals = Signals()
        self.cluster: Cluster | None = None
        self.children: list[Child] = []
        self.variables: dict[str, str] = {}

    def run(self) -> int:
        """Start everything and stay until a signal; stop everything, whatever happened.

        Returns:
            The exit code.

        Raises:
            Sentence: when it cannot start.
        """
        folder = data_folder(self.settings)
        try:
            with folder.hold(self.settings.port) as killed, self._listen(OLD_SERVER if killed else 0.0) as listener:
                try:
                    if not self.settings.database_url:
                        self.cluster = cluster_of(folder, self.settings)
                        self._start_database(self.cluster)
                    self.variables = self._variables(variables_of(folder, self.settings, self.cluster), folder.path)
                    self._prepare()
                    self._serve(listener)
                except (Stopped, KeyboardInterrupt):
                    print("Arrêt…", flush=True)
                    return 0
                except StepError:
                    return 2
                finally:
                    self._end()
        except OSError as error:
            raise RunError(write_sentence(folder.path, error)) from error
        return 0

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────
    def _listen(self, patience: float) -> socket.socket:
        """The listening socket; opened first, so that a taken port is told before anything is started."""
        host, port = self.settings.host, self.settings.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        deadline = time.monotonic() + patience
        while True:
            try:
                return socket.create_server((host, port), family=family, backlog=2048)
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise RunError(_port_sentence(host, port, error)) from None
                self.signals.pause(0.2)

    def _start_database(self, cluster: Cluster) -> None:
        if cluster.create():
            print(f"Base de données intégrée créée (PostgreSQL {cluster.programs.major}) dans {cluster.data}.", flush=True)
        cluster.start(self.signals.pause)

    def _variables(self, found: dict[str, str], folder: Path) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "PORT": str(self.settings.port),
            "RENFORT_DATA": str(folder),
            **found,
        }

    def _prepare(self) -> None:
        """Migrations and, in demonstration mode, the first data: a child of its own, which speaks for itself."""
        command = [*RENFORT, "migrate", "--then-demo"] if self.variables["RENFORT_DEMO"] == "1" else [*RENFORT, "migrate"]
        process = spawn(command, environment=self.variables)
        try:
            while process.poll() is None:
                self.signals.pause(1.0)
        finally:
            stop(process, ((signal.SIGTERM, 5.0),))
        if process.returncode:
            raise StepError

    def _serve(self, listener: socket.socket) -> None:
        # the tables' owner is for migrations alone
        variables = {name: value for name, value in self.variables.items() if name != "RENFORT_OWNER_DATABASE_URL"}
        listening = listener.fileno()
        gunicorn = (sys.executable, "-m", "gunicorn", "--config", "python:renfort.ops.web", "--bind", f"fd://{listening}")
        self.children = [
            Child("Serveur web", lambda: spawn([*gunicorn, "renfort.config.wsgi"], environment=variables, pass_fds=[listening])),
            Child("Ouvrier", lambda: spawn([*RENFORT, "worker"], environment=variables)),
        ]
        ready, started = False, time.monotonic()
        told = False
        while True:
            self._watch()
            if not ready:
                missing = self._missing()
                ready = not missing
                if ready:
                    print(greeting(self.settings, self.variables), flush=True)
                elif failing := [child.title for child in self.children if child.failures >= ATTEMPTS]:
                    raise RunError(f"{failing[0]} ne démarre pas : la cause est ci-dessus.")
                elif not told and time.monotonic() - started > PATIENCE:
                    told = True
                    print(f"Toujours pas prêt : {missing}", file=sys.stderr, flush=True)
            self.signals.pause(1.0 if ready else 0.1)

    def _watch(self) -> None:
        if self.cluster is not None and self.cluster.process is not None and self.cluster.process.poll() is not None:
            print("Base de données : arrêt inattendu, redémarrage.", file=sys.stderr, flush=True)
            self.cluster.start(self.signals.pause)
        for child in self.children:
            if said := child.watch():
                print(said, file=sys.stderr, flush=True)

    def _missing(self) -> str:
        """What /health/ready still lacks; nothing when it is ready."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.host, self.settings.host)  # noqa: S104 -- compared, not bound
        connection = http.client.HTTPConnection(host, self.settings.port, timeout=3)
        try:
            connection.request("GET", "/health/ready", headers={"Host": "127.0.0.1"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == http.client.OK:
                return ""
            return " ".join(check["sentence"] for check in json.loads(body)["checks"].values() if not check["ok"])
        except (OSError, http.client.HTTPException, ValueError, LookupError) as error:
            return f"le serveur web ne répond pas encore ({error})."
        finally:
            connection.close()

    def _end(self) -> None:
        """Web first (it finishes its requests), then the worker (its job), then the database that both need."""
        for child in self.children:
            child.end()
        if self.cluster is not None:
            self.cluster.stop()


def _port_sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Le port {port} est déjà utilisé par un autre programme. Arrêtez-le, ou choisissez un autre port : PORT={port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"Le port {port} est réservé à l'administrateur de la machine. Choisissez un port au-dessus de 1023 : PORT=8000."
    return f"Impossible d'écouter sur {host}, port {port} ({error.strerror}). Corrigez RENFORT_HOST ou PORT."
