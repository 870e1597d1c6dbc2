"""Every screen as text at three sizes, against the files in tests/golden.

    UPDATE_GOLDEN=1 pytest tests/test_golden.py

writes them anew; read the difference before you commit it. Day, knowledge and everything that is a person's own are
fixed. A walk is one run of the app that passes several screens; each is one test at each size.
"""

from __future__ import annotations

import difflib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import test_printing
from conftest import TODAY, screen_text
from seen import SHOWN
from textual.pilot import Pilot

from db import library
from db.read import Connection
from decide import settings
from decide.case import Case
from decide.started import Keeper, Started
from screens.app import AFTER_PAINT, DecideApp
from screens.base import KeyLine
from screens.compare import CompareScreen

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(60, 20), (80, 24), (120, 40)]
FOUR = ["sciatica", "piriformis-syndrome", "si-joint-dysfunction", "hip-osteoarthritis"]
BACK = "escape"
DATA = Path("data")
NOW = datetime(2026, 12, 1, 10, 49, tzinfo=UTC)
# What earlier runs kept, with how long ago: a case that broke off, and one that was left on purpose.
LEFT_BEHIND = (
    (timedelta(minutes=25), Started(Case(age=64, sex="m", movements=("put-on-socks",)), "Bed 4", (), NOW, "1.0.0")),
    (timedelta(days=1), Started(Case(age=38, sex="f", regions=("groin",)), "", ("sciatica",), NOW, "1.0.0", left=True)),
)

printer = test_printing.fake


@dataclass(frozen=True)
class Step:
    """A screen of a walk: its name, how to get there from the screen before, and the text that says we are there.

    `how` is keys parted by blanks (`type:sock` types a word), or what to call where a key would lead there only from
    a row that content decides. An empty name is a screen on the way, which is not kept.
    """

    name: str
    how: str | Callable[[DecideApp], object]
    shown: str = ""


WALKS: dict[str, tuple[Step, ...]] = {
    "person": (
        Step("form", ""),
        Step("form-answered", "6 4 m l c g n n y", "answered"),
    ),
    "started": (
        Step("started", ""),
        Step("form-left", "l", "left"),
    ),
    "desk": (
        Step("desk-empty", "", "desk"),
        Step("keys", "f1"),
        Step("", BACK, "desk"),
        Step("palette", "f9"),
        Step("palette-typed", "type:hip", "found"),
        Step("", BACK, "desk"),
        Step("desk-searching", "type:sock", "desk"),
        Step("desk-nothing-found", "type:xyzq", "nothing"),
        Step("", "ctrl+u type:socks enter type:buttock enter", "chosen"),
        Step("desk-says", "", "chosen"),
        Step("desk-body", "2", "body"),
        Step("desk-candidates", "3", "candidates"),
        Step("desk-ask", "4", "ask"),
        Step("trail", "t"),
        Step("", f"{BACK} 1", "desk"),
        Step("new", "f8"),
    ),
    "reading": (
        Step("", "type:socks enter type:buttock enter", "chosen"),
        Step("why", lambda app: app.open_why("sciatica")),
        Step("reading", "s"),
        Step("", f"{BACK} {BACK}", "desk"),
        Step("dislikes", lambda app: app.open_dislikes("sciatica")),
        Step("", BACK, "desk"),
        Step("condition", lambda app: app.open_entry("condition:sciatica")),
        Step("", BACK, "desk"),
        Step("compare-two", lambda app: app.push_screen(CompareScreen(FOUR[:2])), "compare"),
        Step("", BACK, "desk"),
        Step("compare-four", lambda app: app.push_screen(CompareScreen(FOUR)), "compare"),
        Step("drop", "minus", "which"),
        Step("", BACK, "compare"),
        Step("add", "minus 4 a type:stenosis", "by-name"),
        Step("", f"{BACK} {BACK}", "desk"),
        Step("warnings", "f4"),
        Step("", BACK, "desk"),
        Step("letter", "f6"),
        Step("letter-details", "f", "details"),
        Step("", BACK, "letter"),
        Step("letter-read-back", "p", "read-back"),
        Step("", f"{BACK} {BACK}", "desk"),
        Step("about", lambda app: app.action_about()),
    ),
    "danger": (
        Step("", "type:saddle enter", "danger"),
        Step("desk-danger", "", "danger"),
        Step("emergency", "f3", "danger"),
        Step("go-now", "y"),
    ),
    "paper": (
        Step("", "type:socks enter", "chosen"),
        Step("plan", lambda app: app.open_plan(["hip-osteoarthritis"])),
        Step("picture", "i"),
        Step("", BACK, "plan"),
        Step("dose", "e"),
        Step("", BACK, "plan"),
        Step("details", "f"),
        Step("", BACK, "plan"),
        Step("sheet", "v"),
        Step("", BACK, "plan"),
        Step("read-back", "p"),
        Step("read-back-ready", "N", "read-back"),
        Step("print", "enter"),
        Step("", BACK, "read-back"),
        Step("save", "w"),
    ),
}
KEPT = [step.name for steps in WALKS.values() for step in steps if step.name]


@pytest.fixture(scope="session")
def fixed(knowledge_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The knowledge of this checkout under a name and dates that do not change with every edit."""
    target = tmp_path_factory.mktemp("fixed") / "knowledge.sqlite"
    shutil.copy(knowledge_file, target)
    changes = {"version": "1.0.0", "content_date": "2026-11-01", "review_date": "2027-11-01", "hash": "0" * 64}
    with sqlite3.connect(target) as writable:
        for key, value in changes.items():
            writable.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
    writable.close()
    connection = library.connect(target)
    yield connection
    connection.close()


@pytest.fixture(autouse=True)
def frozen(tmp_path: Path, printer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person has set, and folders that are named the same on every machine."""
    settings.save(tmp_path / DATA, emergency_number="112", contact="Clinic by the river")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "cwd", classmethod(lambda folder: folder("/clinic")))


class FixedClock(datetime):
    """A clock that stands still, where the screens tell how long ago something was."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> FixedClock:  # noqa: ARG003
        return cls(2026, 12, 1, 10, 49, tzinfo=UTC)

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # noqa: ARG002
        return self


def leave_behind() -> None:
    keepers = []
    for ago, started in LEFT_BEHIND:
        keepers.append(Keeper(DATA))
        keepers[-1].keep(replace(started, at=NOW - ago))
    for keeper in keepers:
        keeper.close()


async def steady(app: DecideApp, pilot: Pilot[int]) -> str:
    """The text of the screen once it no longer changes, and nothing works in the background."""
    await app.workers.wait_for_complete()
    before = None
    for _ in range(100):
        await pilot.pause(0.02)
        text = screen_text(app)
        if text == before and all(foot.words.plain for foot in app.screen.query(KeyLine)):
            break
        before = text
    return text


async def go(app: DecideApp, pilot: Pilot[int], how: str | Callable[[DecideApp], object]) -> None:
    """Do what leads to the next screen."""
    if callable(how):
        how(app)
        return
    for word in how.split():
        kind, _, typed = word.partition(":")
        await pilot.press(*(typed if kind == "type" and typed else [word]))


def difference(kept: str, now: str, name: str) -> str:
    """The two as a diff that can be read; empty when they are the same."""
    lines = difflib.unified_diff(kept.splitlines(), now.splitlines(), f"golden/{name}", "now", lineterm="", n=1)
    return "\n".join(lines)


@pytest.mark.parametrize("size", SIZES, ids=[f"{columns}x{rows}" for columns, rows in SIZES])
@pytest.mark.parametrize("walk", WALKS)
async def test_screens_look_as_they_did(
    walk: str, size: tuple[int, int], fixed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.app.datetime", FixedClock)
    if walk == "started":
        leave_behind()
    app = DecideApp(fixed, DATA, TODAY, form=walk in ("person", "started"))
    differences = []
    async with app.run_test(size=size) as pilot:
        # What was begun earlier is looked for once the form stands.
        await pilot.pause(2 * AFTER_PAINT)
        for step in WALKS[walk]:
            await go(app, pilot, step.how)
            text = await steady(app, pilot)
            shown = SHOWN[step.shown or step.name]
            assert shown in text, f"{step.how} did not lead to {step.name or step.shown} ({shown!r}):\n{text}"
            if not step.name:
                continue
            name = f"{step.name}-{size[0]}x{size[1]}.txt"
            path, now = GOLDEN / name, text.rstrip("\n") + "\n"
            if os.environ.get("UPDATE_GOLDEN"):
                GOLDEN.mkdir(exist_ok=True)
                path.write_text(now, encoding="utf-8")
            elif path.exists() and (found := difference(path.read_text(encoding="utf-8"), now, name)):
                differences.append(found)
    assert not differences, "\n\n".join(["", *differences, "If this is meant: UPDATE_GOLDEN=1 pytest tests/test_golden.py"])


def test_every_screen_has_its_files_and_no_others() -> None:
    wanted = {f"{name}-{columns}x{rows}.txt" for name in KEPT for columns, rows in SIZES}
    assert {path.name for path in GOLDEN.iterdir()} == wanted
