"""The installation: locks that travel, steps that are skipped when nothing changed, sentences when a tool is missing (P12)."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from renfort.ops.install import Installation, InstallError, _venv_sentence
from renfort.ops.translations import compile_catalogue

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([a-z0-9][a-z0-9.\-\[\]]*==[^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> set[str]:
    return set(PIN.findall((ROOT / name).read_text()))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-embedded.txt"])
def test_a_lock_has_hashes_and_names_no_place(name):
    text = (ROOT / name).read_text()
    assert pins(name)
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"--(index|extra-index|find-links|trusted-host)", text)


def test_the_developers_lock_contains_the_others_pin_for_pin():
    assert pins("requirements.txt") | pins("requirements-embedded.txt") <= pins("requirements-dev.txt")


def test_the_build_backend_is_locked_too():
    names = {pin.split("==")[0] for pin in pins("requirements.txt")}
    assert {"hatchling", "editables"} <= names


def test_every_declared_package_is_locked():
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[~=<>]", line)[0].lower() for line in declared}
    assert names <= {pin.split("==")[0] for pin in pins("requirements.txt")}


@pytest.fixture
def checkout(tmp_path):
    """The parts of a checkout that the installation reads, and a record of the programs it would have run."""
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-embedded.txt", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "src" / "renfort" / "x" / "static").mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    return tmp_path


class Recorded(Installation):
    """An installation that notes its programs instead of running them."""

    def __init__(self, checkout):
        super().__init__(checkout)
        self.ran: list[str] = []

    def _make_venv(self):
        self.python.touch()

    def _run(self, command, failure):
        self.ran.append(" ".join(command[1:]))
        if command[-1] == "static":
            (self.checkout / "src/renfort/staticfiles").mkdir(exist_ok=True)
            (self.checkout / "src/renfort/staticfiles/staticfiles.json").touch()


def test_the_second_time_nothing_is_installed(checkout):
    Recorded(checkout).install("run")
    again = Recorded(checkout)
    again.install("run")
    assert again.ran == []


def test_the_developers_packages_serve_to_run_too_but_not_the_reverse(checkout):
    Recorded(checkout).install("run")
    dev = Recorded(checkout)
    dev.install("dev")
    assert [command for command in dev.ran if "requirements-dev.txt" in command]
    run = Recorded(checkout)
    run.install("run")
    assert run.ran == []


def test_a_changed_lock_is_installed_with_its_hashes_checked(checkout):
    Recorded(checkout).install("run")
    (checkout / "requirements.txt").write_text("changed")
    again = Recorded(checkout)
    again.install("run")
    assert any("--require-hashes --no-deps -r requirements.txt" in command for command in again.ran)


def test_a_changed_static_file_is_collected_again(checkout):
    Recorded(checkout).install("run")
    (checkout / "src/renfort/x/static/new.css").write_text("a{}")
    again = Recorded(checkout)
    again.install("run")
    assert [command for command in again.ran if command.endswith("static")]


@pytest.mark.parametrize(
    ("variables", "system", "wanted"),
    [
        ({}, [], True),
        ({}, ["one"], False),
        ({"RENFORT_PGBIN": "wheel"}, ["one"], True),
        ({"DATABASE_URL": "postgresql://x/y"}, [], False),
        ({"RENFORT_PGBIN": "/x"}, [], False),
    ],
)
def test_the_embedded_server_is_installed_only_where_nothing_else_serves(checkout, monkeypatch, variables, system, wanted):
    monkeypatch.setattr("renfort.ops.install.system_programs", lambda: system)
    for name in ("RENFORT_PGBIN", "DATABASE_URL"):
        monkeypatch.setenv(name, variables.get(name, ""))
    installation = Recorded(checkout)
    installation.install("run")
    assert any("requirements-embedded.txt" in command for command in installation.ran) == wanted


def test_a_failed_step_says_what_to_do_and_is_tried_again(checkout):
    class Failing(Recorded):
        _run = Installation._run

    installation = Failing(checkout)
    installation.python = Path("/bin/false")
    with pytest.raises(InstallError, match="vérifiez le réseau et la place"):
        installation.install("run")
    assert not list((checkout / ".venv").glob("renfort-*.stamp"))


def test_a_missing_venv_module_and_a_full_disk_are_sentences():
    assert "apt install python3." in _venv_sentence("ensurepip is not available")
    assert "Le disque est plein" in _venv_sentence("OSError: [Errno 28] No space left on device")


def test_a_catalogue_is_compiled_without_gettext(tmp_path):
    po = tmp_path / "django.po"
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Réserve"\nmsgstr "Reserve"\n')
    assert polib.mofile(str(compile_catalogue(po))).find("Réserve").msgstr == "Reserve"


# ── make itself ───────────────────────────────────────────────────────────────────────────────────
def make(*arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [shutil.which("make"), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def test_help_lists_the_targets_and_is_the_default():
    answer = make(path=os.environ["PATH"])
    for target in ("run", "test", "lint", "e2e", "bench", "docs", "lock", "help"):
        assert f"  make {target} " in answer.stdout


def test_a_machine_without_python_is_told_so(tmp_path):
    for tool in ("sh", "sed", "awk"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    answer = make("python", "SHELL=" + shutil.which("sh"), path=str(tmp_path))
    assert answer.returncode == 2
    assert "Python est introuvable" in answer.stderr


def test_a_python_that_is_too_old_is_named(tmp_path):
    (tmp_path / "sh").symlink_to(shutil.which("sh"))
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && { echo Python 3.9.2; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    answer = make("python", "SHELL=" + shutil.which("sh"), path=str(tmp_path))
    assert answer.returncode == 2
    assert "Renfort demande Python 3.11 ou plus récent ; trouvé : Python 3.9.2" in answer.stderr


def test_the_installer_needs_the_standard_library_alone():
    code = "import sys; sys.path.insert(0, 'src'); import renfort.ops.install"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, check=True, timeout=30)
