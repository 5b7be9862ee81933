"""Under which system account PostgreSQL runs: ours, or a lesser one when we are root, which PostgreSQL refuses."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SystemAccount:
    """An account that PostgreSQL's processes drop to."""

    name: str
    uid: int
    gid: int

    def own(self, folder: Path) -> None:
        """Give ``folder`` (one level) to the account and nobody else."""
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def server_account() -> SystemAccount | None:
    """The account to drop to: None for an ordinary user; for root, ``postgres`` where it exists, else ``nobody``."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return SystemAccount("nobody", 65534, 65534)


def can_enter(path: Path, account: SystemAccount | None) -> bool:
    """Whether the account may walk down to ``path`` and into it, by permission bits; what does not exist yet is ours to make."""
    if account is None:
        return True
    for folder in [*reversed(path.parents), path]:
        try:
            state = folder.stat()
        except FileNotFoundError:
            return True
        if not state.st_mode & _execute_bit(state, account):
            return False
    return True


def _execute_bit(state: os.stat_result, account: SystemAccount) -> int:
    if state.st_uid == account.uid:
        return stat.S_IXUSR
    return stat.S_IXGRP if state.st_gid == account.gid else stat.S_IXOTH
