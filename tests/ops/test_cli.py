"""The program `renfort`: help in French at once, errors in one line (P12)."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from renfort.config.env import Environment, environment
from renfort.kernel.sentences import Sentence
from renfort.ops import settings_table
from renfort.ops.cli import main

COMMANDS = [
    ["run"],
    ["worker"],
    ["migrate"],
    ["demo", "load"],
    ["user", "create"],
    ["user", "password"],
    ["settings"],
    ["integrity"],
    ["search", "rebuild"],
    ["bench"],
    ["docs"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_has_its_help(command):
    answer = CliRunner().invoke(main, [*command, "--help"])
    assert answer.exit_code == 0
    assert len(answer.output.splitlines()) > 3


def test_help_loads_neither_django_nor_the_database_driver():
    code = (
        "import sys\nfrom renfort.ops.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'django', 'psycopg', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=30)


def test_a_sentence_is_one_line_and_code_2(monkeypatch):
    def refuse() -> None:
        raise Sentence("Le port 1 est pris.")

    monkeypatch.setattr("renfort.ops.settings_table.as_text", refuse)
    answer = CliRunner().invoke(main, ["settings"])
    assert (answer.exit_code, answer.stderr, answer.stdout) == (2, "Le port 1 est pris.\n", "")


@pytest.fixture
def secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://renfort:hidden1@host/db")
    monkeypatch.setenv("RENFORT_SECRET_KEY", "hidden2")
    monkeypatch.setenv("RENFORT_SMTP_URL", "smtp://me:hidden3@mail:25")
    environment.cache_clear()
    yield
    environment.cache_clear()


def test_settings_show_everything_but_secrets(secrets):
    text = settings_table.as_text() + settings_table.as_json()
    assert "hidden" not in text
    assert "postgresql://renfort:••••@host/db" in text
    rows = {row["variable"]: row for row in json.loads(settings_table.as_json())}
    assert len(rows) == len(Environment.model_fields)
    assert all(row["meaning"] for row in rows.values())
    assert rows["RENFORT_SECRET_KEY"]["value"] == "••••"


def test_the_page_of_settings_is_the_same_on_every_machine(secrets):
    page = settings_table.as_markdown()
    assert "host/db" not in page
    assert "| `PORT` |" in page


def test_a_benchmark_that_does_not_exist_is_a_sentence(monkeypatch):
    from renfort.ops.benches import BenchError, run

    with pytest.raises(BenchError, match="Mesure inconnue : nothing"):
        run("nothing")
