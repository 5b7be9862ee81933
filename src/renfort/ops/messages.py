"""Keep the catalogues complete (``make messages``, ``make messages-check``): for maintainers, needs the gettext programs.

Words are extracted from a copy of the package, so that a check writes nothing; what is known stays, what is new stands
empty, nothing is guessed (msgmerge would offer likenesses). Headers hold no date and no name: the same words give the same file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polib

from renfort.kernel.sentences import Sentence

po: Any = polib  # it has no types

PACKAGE = Path(__file__).resolve().parents[1]
IGNORED = shutil.ignore_patterns("locale", "staticfiles", "__pycache__", "migrations", "data", "vendor", "bench", "demo")
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
SHOWN = 20  # entries named in a complaint


def catalogue(language: str) -> Path:
    """The committed file of one language."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted() -> Any:
    """Every text of the package, in the order of the files.

    Raises:
        Sentence: the extraction failed; with its own words.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "renfort"
        shutil.copytree(PACKAGE, copy, ignore=IGNORED)
        (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-location", "--no-obsolete", "--no-wrap"]
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Sentence(f"L'extraction des textes a échoué :\n{done.stderr}")
        found = po.pofile(str(copy / "locale/en/LC_MESSAGES/django.po"), encoding="utf-8")
    for entry in found:
        entry.msgid, entry.msgid_plural = _unescaped(entry.msgid), _unescaped(entry.msgid_plural)
    return found


def _unescaped(text: str) -> str:
    """xgettext reads Python as it was before Python 3: it leaves « \\u00a0 » in a string as six letters."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def merged(language: str, found: Any) -> Any:
    """The catalogue of ``language`` with exactly the texts found; French plurals are the texts themselves."""
    known = {key(entry): entry for entry in _read(language)}
    result = po.POFile(wrapwidth=0)
    result.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for text in found:
        before = known.get(key(text))
        entry = po.POEntry(
            msgctxt=text.msgctxt, msgid=text.msgid, msgid_plural=text.msgid_plural, comment=text.comment, flags=text.flags
        )
        if before is not None:
            entry.msgstr, entry.msgstr_plural = before.msgstr, before.msgstr_plural
            entry.flags = [*(flag for flag in text.flags if flag != "fuzzy"), *(["fuzzy"] if before.fuzzy else [])]
        if text.msgid_plural and not entry.msgstr_plural:
            french = language == "fr"
            entry.msgstr_plural = {0: text.msgid if french else "", 1: text.msgid_plural if french else ""}
        result.append(entry)
    return result


def key(entry: Any) -> tuple[str, str, str]:
    """What makes a text one text: its context, its words, its plural."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def problems(found: Any) -> list[str]:
    """What is wrong with the committed catalogues, in sentences."""
    wanted = {key(entry) for entry in found}
    said = []
    for language in PLURALS:
        entries = _read(language)
        present = {key(entry) for entry in entries}
        said += [f"{language} : il manque « {text} »" for _context, text, _plural in sorted(wanted - present)]
        said += [f"{language} : « {text} » n'est plus utilisé" for _context, text, _plural in sorted(present - wanted)]
        lacking = [entry.msgid for entry in entries if not _is_done(entry) and (language == "en" or entry.msgid_plural)]
        said += [f"{language} : « {text} » n'est pas traduit, ou sa traduction est à vérifier" for text in lacking]
    return said


def _read(language: str) -> list[Any]:
    path = catalogue(language)
    if not path.is_file():
        return []
    return [entry for entry in po.pofile(str(path), encoding="utf-8") if not entry.obsolete]


def _is_done(entry: Any) -> bool:
    return not entry.fuzzy and bool(all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr)


def main(*, check: bool) -> int:
    """Renew the catalogues, or say what is wrong with them."""
    if shutil.which("xgettext") is None:
        print(
            "Les textes ne peuvent pas être extraits : il manque gettext (xgettext). Sous Debian : « apt install gettext ».",
            file=sys.stderr,
        )
        required = os.environ.get("CI") == "true" or os.environ.get("REQUIRE_GETTEXT") == "1"
        return 2 if required or not check else 0
    found = extracted()
    if not check:
        for language in PLURALS:
            catalogue(language).parent.mkdir(parents=True, exist_ok=True)
            merged(language, found).save(str(catalogue(language)), newline="\n")
    said = problems(found)
    for sentence in said[:SHOWN]:
        print(sentence, file=sys.stderr)
    if len(said) > SHOWN:
        print(f"… et {len(said) - SHOWN} autres.", file=sys.stderr)
    if said and check:
        print("Lancez « make messages », puis traduisez ce qui est vide dans src/renfort/locale/en.", file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    try:
        sys.exit(main(check="--check" in sys.argv[1:]))
    except Sentence as sentence:
        sys.exit(str(sentence))
