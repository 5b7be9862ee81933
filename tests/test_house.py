"""What hurts users or layers when it breaks (decision 4): contracts, migrations, generated pages, templates, silenced checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.urls import get_resolver
from tests.test_permissions import patterns

from renfort.kernel.events import subscribers
from renfort.ops import pages

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "renfort"
CODE = sorted(SOURCE.rglob("*.py"))
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.*"))
OURS = [config.label for config in apps.get_app_configs() if config.name.startswith("renfort.")]
# templates that others ask for by a name that we do not write
ASKED_BY_OTHERS = {
    *(f"{status}.html" for status in (400, 403, 404, 500)),  # Django's error views
    "403_csrf.html",  # Django's CSRF view
    "429.html",  # allauth's rate limits
    *(f"{status}.html" for status in (409, 422)),  # errors that a view answers with its own page so far
    "django/forms/widgets/multiple_input.html",  # Django's radio buttons and checkboxes
}


READABLE = {".py", ".md", ".html", ".txt", ".toml", ".js", ".css", ".po"}


def name_of(template):
    return str(template).partition("/templates/")[2]


# ── layers ────────────────────────────────────────────────────────────────────────────────────────
def test_layers_are_kept():
    """Decision 1, ARCHITECTURE: who may use whom; the contracts stand in pyproject."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    found = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-2000:]


def test_who_hears_of_events_can_be_imported():
    """The one dependency that the contracts cannot see stands in the settings as strings."""
    assert all(callable(subscriber) for subscriber in subscribers())


# ── migrations ────────────────────────────────────────────────────────────────────────────────────
def test_migrations_are_complete(db):
    said = StringIO()

    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.parametrize("app", OURS)
def test_migrations_of_an_app_are_one_line(app):
    """Two leaves are two people who did not know of each other."""
    loader = MigrationLoader(None, ignore_no_migrations=True)

    assert len(loader.graph.leaf_nodes(app)) <= 1
    numbers = sorted(name[:4] for label, name in loader.disk_migrations if label == app)
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_migrations_say_what_they_do():
    names = [file.stem for file in SOURCE.glob("*/migrations/0*.py")]

    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+", name) or "auto" in name] == []


def test_migrations_import_no_application_code():
    """The application changes; what a migration did must not."""
    found = []
    for file in SOURCE.glob("*/migrations/0*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{file.name}: {module}" for module in modules if module.startswith("renfort")]

    assert found == []


def test_choices_stay_out_of_migrations():
    """Decision 20: a label may change without a migration."""
    assert [file.name for file in SOURCE.glob("*/migrations/0*.py") if "choices=" in file.read_text(encoding="utf-8")] == []


# ── generated pages ───────────────────────────────────────────────────────────────────────────────
def test_generated_pages_are_fresh():
    """docs/workflows.md and the others say what the code says; « make docs » writes them."""
    assert pages.stale() == []


# ── templates ─────────────────────────────────────────────────────────────────────────────────────
def test_every_template_is_used():
    said = {text for file in CODE for text in strings_of(file)}
    said |= {
        name
        for file in TEMPLATES
        for name in re.findall(r"""["']([\w/.-]+\.(?:html|txt))["']""", file.read_text(encoding="utf-8"))
    }

    assert [name_of(file) for file in TEMPLATES if name_of(file) not in said | ASKED_BY_OTHERS] == []


def test_every_template_compiles():
    """An unknown component or a misspelt argument fails here, also on pages that no test opens (decision 15)."""
    engine = engines["django"]

    for file in TEMPLATES:
        engine.get_template(name_of(file))


def test_no_template_writes_style_or_script_of_its_own():
    """P11: the policy of the pages would refuse it; e-mails are HTML of their own kind."""
    inline = re.compile(r"<style|<script(?![^>]*(\bsrc=|application/json))|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    mine = [file for file in TEMPLATES if not name_of(file).startswith("email/")]

    assert [name_of(file) for file in mine if inline.search(file.read_text(encoding="utf-8"))] == []


def test_every_address_named_in_a_template_exists():
    """``{% url … as x %}`` is silent when the name is wrong: the link would lead nowhere."""
    named = re.compile(r"""\{%\s*url\s+["']([\w:-]+)["']""")
    known = {name for _pattern, name in patterns(get_resolver())}
    used = {name for file in TEMPLATES for name in named.findall(file.read_text(encoding="utf-8"))}

    assert sorted(used - known) == []


def strings_of(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


# ── silenced checks ───────────────────────────────────────────────────────────────────────────────
def test_every_silenced_check_says_why():
    """``# noqa: S608 -- our own SQL`` and ``# type: ignore[x]  # why``: a reason, not only a code."""
    bare = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ -- \S)|#\s*type: ignore(?!\[[\w, -]+\]\s+# \S)")
    files = [*CODE, *sorted((ROOT / "tests").rglob("*.py"))]
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]

    assert found == []


# ── tests ─────────────────────────────────────────────────────────────────────────────────────────
def test_no_test_is_skipped_or_expected_to_fail_without_a_condition():
    """A test that does not run proves nothing; only what a machine lacks (a browser) may be a reason."""
    wanted = re.compile(r"mark\.(skip|xfail)\b|unittest\.skip|pytest\.xfail\(")

    files = [file for file in sorted((ROOT / "tests").rglob("*.py")) if file != Path(__file__)]
    assert [str(file.relative_to(ROOT)) for file in files if wanted.search(file.read_text(encoding="utf-8"))] == []


def test_every_test_asserts_something():
    empty = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not says_something(node):
                empty.append(f"{file.relative_to(ROOT)}: {node.name}")

    assert empty == []


def says_something(function):
    """An assertion, an expected refusal, or a call that fails by itself (a snapshot, a checked program, a property)."""
    speaks = re.compile(r"^(given|page)$|raises|snapshot|assert|check|expect|fail|get_template|wait_for")
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.keyword) and node.arg == "check" and ast.unparse(node.value) == "True")
        or (isinstance(node, ast.Call) and speaks.search(ast.unparse(node.func)))
        for node in ast.walk(function)
    )


def test_no_file_names_the_machine_that_it_was_written_on():
    """Neither a folder of somebody's machine nor a package registry's host stands in what is committed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:  # an archive without its history: everything that it holds
        names = [str(file.relative_to(ROOT)) for folder in ("src", "tests", "docs") for file in (ROOT / folder).rglob("*.*")]
    else:
        names = [name for name in listed.stdout.split("\0") if name]
    private = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + "home/[a-z]+/", "files.python" + "hosted"]))

    found = []
    for name in names:
        file = ROOT / name
        if (
            file.suffix in {".py", ".md", ".html", ".txt", ".toml", ".js", ".css", ".po"}
            and "vendor" not in name
            and file.is_file()
        ):
            found += [name] if private.search(file.read_text(encoding="utf-8")) else []

    assert found == []
