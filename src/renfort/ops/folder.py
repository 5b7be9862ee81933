"""The data folder: embedded database, uploads, keys; one running Renfort for each (decision 22)."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from renfort.config.env import Environment
from renfort.kernel.sentences import Sentence
from renfort.ops.accounts import SystemAccount, can_enter, server_account

STATE = Path("/var/lib/renfort")
LOCK = "renfort.lock"
SOURCES = Path(__file__).resolve().parents[3]


class FolderError(Sentence):
    """The data folder cannot be used; the sentence says why and what to do."""


class AlreadyRunningError(FolderError):
    """Another Renfort holds this data folder."""


@dataclass(frozen=True)
class DataFolder:
    """The data folder and the folder of its embedded database (the same, unless the server's account cannot enter it)."""

    path: Path
    database: Path

    @contextmanager
    def hold(self, port: int) -> Iterator[bool]:
        """Hold the folder alone while it is used.

        The lock is the kernel's: it goes with the process that holds it, so a killed Renfort never blocks the next.

        Args:
            port: what another one would be told about us.

        Yields:
            Whether the last holder left without saying goodbye (killed, power cut).

        Raises:
            AlreadyRunningError: when another process holds it.
        """
        with (self.path / LOCK).open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise AlreadyRunningError(_already(self.path)) from None
            lock.seek(0)
            killed = bool(lock.read())
            lock.truncate(0)
            lock.write(json.dumps({"pid": os.getpid(), "port": port}))
            lock.flush()
            yield killed
            lock.truncate(0)

    def make_database_folder(self) -> None:
        """Make the folder of the embedded database.

        Raises:
            FolderError: when it cannot be made.
        """
        try:
            _make(self.database)
        except OSError as error:
            raise FolderError(write_sentence(self.database, error)) from error

    def secret_key(self) -> str:
        """The key that signs sessions and links: made once, readable by us alone."""
        file = self.path / "secret-key"
        try:
            return file.read_text(encoding="ascii").strip() or self._make_key(file)
        except FileNotFoundError:
            return self._make_key(file)

    @staticmethod
    def _make_key(file: Path) -> str:
        key = secrets.token_urlsafe(48)
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(key)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
        return key


def data_folder(environment: Environment) -> DataFolder:
    """The data folder that the settings and the machine lead to; made when it is missing.

    Raises:
        FolderError: when it cannot be made or written.
    """
    account = server_account()
    path = _place(environment, account)
    try:
        _make(path)
        _try_writing(path)
        if account is not None and path.stat().st_uid == os.geteuid():
            # the server's account walks through to its own folder and sees nothing else: keys are 0600, uploads 0700
            path.chmod(path.stat().st_mode | 0o011)
    except OSError as error:
        raise FolderError(write_sentence(path, error)) from error
    return DataFolder(path, path if can_enter(path, account) else STATE / _digest(path))


def _make(folder: Path) -> None:
    if folder.parent == STATE:
        STATE.mkdir(parents=True, exist_ok=True)
        STATE.chmod(0o711)  # whatever the umask: the server's account walks through it
    folder.mkdir(parents=True, exist_ok=True)
    if folder.parent == STATE:
        folder.chmod(0o711)


def _place(environment: Environment, account: SystemAccount | None) -> Path:
    if environment.data is not None:
        return environment.data.expanduser().absolute()
    checkout = SOURCES if (SOURCES / "pyproject.toml").is_file() else Path.cwd()
    return STATE / _digest(checkout) if account is not None else checkout / "var"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _try_writing(folder: Path) -> None:
    trial = folder / f".trial-{os.getpid()}"
    try:
        trial.write_bytes(b"x" * 4096)
    finally:
        trial.unlink(missing_ok=True)


def write_sentence(path: Path, error: OSError) -> str:
    """What to tell somebody when ``path`` cannot be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"Le disque est plein : libérez de la place dans {path}, ou choisissez un autre dossier avec RENFORT_DATA=…"
    return (
        f"Le dossier de données {path} n'est pas utilisable ({os.strerror(error.errno or 0)}). Donnez-vous le droit d'y écrire, "
        "ou choisissez un autre dossier avec RENFORT_DATA=…"
    )


def _already(path: Path) -> str:
    try:
        holder = json.loads((path / LOCK).read_text(encoding="utf-8"))
        who = f"processus {holder['pid']}, port {holder['port']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "processus inconnu"
    return (
        f"Renfort tourne déjà avec le dossier de données {path} ({who}). Arrêtez-le d'abord, ou donnez à celui-ci un autre "
        "dossier et un autre port : RENFORT_DATA=… PORT=…"
    )
