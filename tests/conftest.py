"""What every test shares: the compiled knowledge, a clean environment, and tables of what must be in it."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db import library
from db.compile import compile_knowledge
from db.read import Connection
from decide.answer import Reasoner

if TYPE_CHECKING:
    from screens.app import DecideApp

ROOT = Path(__file__).parent.parent
TABLES = Path(__file__).parent / "tables"
CONTENT = ROOT / "db" / "knowledge"
TODAY = date(2026, 12, 1)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a tab-separated table without quoting."""
    with (TABLES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="session")
def knowledge_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of this checkout, compiled once for each test process."""
    target = tmp_path_factory.mktemp("knowledge") / "knowledge.sqlite"
    compile_knowledge(CONTENT, target)
    return target


@pytest.fixture(scope="session")
def db(knowledge_file: Path) -> Iterator[Connection]:
    connection = library.connect(knowledge_file)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def reasoner(db: Connection) -> Reasoner:
    """The reasoning over that knowledge, loaded once for each test process."""
    return Reasoner(db)


@pytest.fixture(autouse=True)
def environment(knowledge_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine leaks in: its own data folder, the session's knowledge, a plain terminal."""
    monkeypatch.setenv("DECIDE_KNOWLEDGE", str(knowledge_file))
    monkeypatch.setenv("DECIDE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "XDG_DATA_HOME", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def app(db: Connection, tmp_path: Path) -> DecideApp:
    """The app on its desk, without the form that comes first."""
    from screens.app import DecideApp

    return DecideApp(db, tmp_path / "data", TODAY, form=False)


def screen_text(app: DecideApp) -> str:
    """What stands on the screen, as lines of text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a program run from a test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
    environment["PYTHONPATH"] = str(ROOT)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment | changes


PYTHON = sys.executable
