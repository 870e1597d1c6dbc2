"""A started case outlives the program, whatever ends it, and no run touches the case of another."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cases import ANY_CASE, relaxed
from conftest import PYTHON, child_environment
from hypothesis import given
from hypothesis import strategies as st

from db.characters import is_hidden
from db.read import Connection
from decide.case import Case
from decide.started import Keeper, Orphan, Started, offer, when

NOW = datetime(2026, 12, 1, 11, 14, tzinfo=timezone(timedelta(hours=1)))
CASE = Case(age=64, sex="m", side="left", present=("pain-buttock",), absent=("fever",), regions=("groin",))
STARTED = Started(CASE, "bed 4", ("sciatica",), NOW, "2026.1")
CONDITIONS = ("sciatica", "hip-osteoarthritis", "piriformis-syndrome")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def keeper(folder: Path) -> Iterator[Keeper]:
    keeper = Keeper(folder)
    yield keeper
    keeper.close()


def left(folder: Path, *kept: Started) -> None:
    """Leave these behind, each as a program that ended under it."""
    keepers = [Keeper(folder) for _ in kept]
    for keeper, started in zip(keepers, kept, strict=True):
        assert keeper.keep(started) == ""
    for keeper in keepers:
        keeper.close()


def only(folder: Path, db: Connection) -> Orphan:
    """The one case that the next start offers."""
    found = Keeper(folder).orphans(db)
    assert found.lines == ()
    (orphan,) = found.orphans
    return orphan


def cases(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "started").iterdir() if path.suffix == ".json")


@st.composite
def any_started(draw: st.DrawFn) -> Started:
    case = draw(ANY_CASE)
    pairs = [(region, side) for region in case.regions for side in ("left", "right")]
    if pairs and draw(st.booleans()):
        areas = draw(st.lists(st.sampled_from(pairs), unique=True))
        case = case.hurting(case.regions, tuple(areas), draw(st.sampled_from((None, "left", "right", "both"))))
    zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return Started(
        case,
        draw(st.text(max_size=80)),
        tuple(draw(st.lists(st.sampled_from(CONDITIONS), unique=True))),
        draw(st.datetimes(timezones=zones)),
        draw(st.text(max_size=10)),
    )


@given(any_started(), any_started())
@relaxed(40)
def test_whatever_was_said_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, db: Connection, started: Started, later: Started
) -> None:
    folder = tmp_path_factory.mktemp("data")
    keeper = Keeper(folder)
    for each in (started, later):
        assert keeper.keep(each) == ""
    keeper.close()
    found = Keeper(folder).orphans(db)
    # What only its time tells from what was kept before was not written again.
    expected = started if replace(later, at=started.at) == started else later
    assert [orphan.started for orphan in found.orphans] == ([] if later.empty else [expected])
    assert found.lines == ()


def test_nothing_is_written_until_there_is_something_to_lose(folder: Path, keeper: Keeper) -> None:
    assert keeper.keep(Started(Case(), "bed 4", (), NOW, "")) == ""
    assert not folder.exists()


def test_nothing_is_written_when_nothing_changed_but_the_time(folder: Path, keeper: Keeper) -> None:
    keeper.keep(STARTED)
    (path,) = cases(folder)
    before = path.stat()
    keeper.keep(replace(STARTED, at=NOW + timedelta(minutes=5)))
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    keeper.keep(replace(STARTED, case=CASE.answered("fever", "yes")))
    assert path.stat().st_ino != before.st_ino


def test_an_emptied_case_leaves_no_file(folder: Path, keeper: Keeper) -> None:
    keeper.keep(STARTED)
    keeper.keep(replace(STARTED, case=Case(), marked=()))
    assert cases(folder) == []
    keeper.keep(STARTED)
    assert len(cases(folder)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a POSIX thing")
def test_nobody_else_reads_what_is_kept(folder: Path, keeper: Keeper) -> None:
    keeper.keep(STARTED)
    assert stat.S_IMODE((folder / "started").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "started").iterdir()} == {0o600}


def test_the_newest_is_offered_first(folder: Path, db: Connection) -> None:
    times = [NOW - timedelta(days=2), NOW, NOW - timedelta(hours=1)]
    left(folder, *(replace(STARTED, at=at) for at in times))
    assert [orphan.started.at for orphan in Keeper(folder).orphans(db).orphans] == sorted(times, reverse=True)


# --- several runs -----------------------------------------------------------------------------------------------------

CHILD = """
import sys, time
from dataclasses import replace
from datetime import datetime, UTC
from pathlib import Path
from decide.case import Case
from decide.started import Keeper, Started
keeper, age = Keeper(Path(sys.argv[1])), int(sys.argv[2])
findings = tuple(sys.argv[3].split(","))
number = 0
while True:
    # A long case and a short one in turn: half of one under the end of the other would show.
    case = Case(age=age, present=findings if number % 2 else findings[:1])
    line = keeper.keep(Started(case, str(number), (), datetime.now(UTC), ""))
    print(line or number, flush=True)
    number += 1
    if age == 1:
        time.sleep(60)
"""


def child(folder: Path, db: Connection, age: int) -> subprocess.Popen[str]:
    names = ",".join(row[0] for row in db.execute("SELECT id FROM finding ORDER BY id"))
    return subprocess.Popen(
        [PYTHON, "-c", CHILD, str(folder), str(age), names],
        stdout=subprocess.PIPE,
        text=True,
        env=child_environment(),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_at_any_moment_leaves_the_last_case_or_the_one_before(folder: Path, db: Connection) -> None:
    """Whatever was kept when `keep` came back is there; at most one more."""
    for wait in (0.0, 0.0007, 0.0031, 0.011, 0.023):
        running = child(folder, db, age=40)
        assert running.stdout is not None
        assert running.stdout.readline() == "0\n"
        time.sleep(wait)
        running.send_signal(signal.SIGKILL)
        told = running.communicate()[0].split("\n")
        last = int(told[-2]) if len(told) > 1 else 0
        orphan = only(folder, db)
        number = int(orphan.started.label)
        assert number in (last, last + 1)
        assert (len(orphan.started.case.present) == 1) == (number % 2 == 0)
        assert Keeper(folder).throw_away(orphan) == ""
        # Nothing of the person stays, also not half written.
        assert [path.name for path in (folder / "started").iterdir() if path.suffix != ".lock"] == []


def test_what_another_running_program_holds_is_neither_offered_nor_overwritten(
    folder: Path, db: Connection, keeper: Keeper
) -> None:
    running = child(folder, db, age=1)
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "0\n"
        assert keeper.orphans(db).orphans == ()
        assert keeper.keep(STARTED) == ""
        assert len(cases(folder)) == 2
    finally:
        running.kill()
        running.communicate()
    # Once it has been killed its case is offered here, and this program's own is not.
    assert [orphan.started.case.age for orphan in keeper.orphans(db).orphans] == [1]


def test_a_case_taken_is_gone_on_with_and_nobody_else_gets_it(folder: Path, db: Connection, keeper: Keeper) -> None:
    left(folder, STARTED)
    orphan = only(folder, db)
    other = Keeper(folder)
    assert keeper.take(orphan) == ""
    assert "taken" in other.take(orphan)
    assert "not thrown away" in other.throw_away(orphan)
    assert other.orphans(db).orphans == ()
    more = replace(STARTED, case=CASE.answered("fever", "yes"))
    assert keeper.keep(more) == ""
    assert len(cases(folder)) == 1
    keeper.close()
    assert only(folder, db).started == more
    assert "gone on with this case since" in other.take(orphan)
    assert other.throw_away(only(folder, db)) == ""
    assert "no longer there" in other.take(orphan)
    assert other.orphans(db).orphans == ()


def test_taking_a_case_loses_none_that_was_begun_before_it(folder: Path, db: Connection, keeper: Keeper) -> None:
    left(folder, STARTED)
    orphan = only(folder, db)
    mine = replace(STARTED, case=Case(age=30))
    keeper.keep(mine)
    assert keeper.take(orphan) == ""
    assert only(folder, db).started == mine


def test_more_cases_left_for_later_than_there_are_slots_lose_nothing(
    folder: Path, db: Connection, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("decide.started.SLOTS", 3)
    left(folder, *(replace(STARTED, case=Case(age=age)) for age in (20, 30, 40)))
    assert "3 started cases wait" in keeper.keep(STARTED)
    found = keeper.orphans(db).orphans
    assert {orphan.started.case.age for orphan in found} == {20, 30, 40}
    assert keeper.throw_away(found[0]) == ""
    assert keeper.keep(STARTED) == ""


# --- what cannot be read ----------------------------------------------------------------------------------------------


def changed(**values: Any) -> bytes:
    """A file that holds STARTED with some values replaced."""
    case = {"age": 64, "present": ["pain-buttock"]}
    whole = {"form": 1, "at": NOW.isoformat(), "label": "", "knowledge": "1", "marked": [], "case": case}
    return json.dumps(whole | values).encode()


DAMAGED = {
    "empty": b"",
    "zeros": b"\0" * 400,
    "half": changed()[:60],
    "no object": b"[1, 2]",
    "no UTF-8": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "too large": changed(label="x" * 1_100_000),
    "no case": changed(case=None),
    "an odd age": changed(case={"age": 400}),
    "a list of lists": changed(case={"present": [[]]}),
    "marked is a text": changed(marked=7),
    "no label": changed(label=None),
    "no time": changed(at="soon"),
    "no time zone": changed(at="2026-12-01T10:49:00"),
    "no form": changed(form=None),
}


def put(folder: Path, content: bytes) -> Path:
    (folder / "started").mkdir(parents=True, exist_ok=True)
    path = folder / "started" / "1.json"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_file_is_set_aside_with_one_line_and_told_of_once(folder: Path, db: Connection, what: str) -> None:
    path = put(folder, DAMAGED[what])
    left(folder, STARTED)
    found = Keeper(folder).orphans(db)
    assert [orphan.started for orphan in found.orphans] == [STARTED]
    (line,) = found.lines
    assert str(path) in line
    assert "damaged-1.json" in line
    assert "\n" not in line
    assert path.with_name("damaged-1.json").read_bytes() == DAMAGED[what]
    assert Keeper(folder).orphans(db).lines == ()


@given(st.binary(max_size=60) | st.integers(0, 200).map(lambda size: changed()[:size]))
@relaxed(60)
def test_no_content_of_a_file_ends_the_program(
    tmp_path_factory: pytest.TempPathFactory, db: Connection, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("data")
    put(folder, content)
    found = Keeper(folder).orphans(db)
    assert len(found.orphans) + len(found.lines) == 1


def test_a_case_of_a_newer_program_stays_for_it(folder: Path, db: Connection, keeper: Keeper) -> None:
    path = put(folder, changed(form=2, case="in another form"))
    (line,) = keeper.orphans(db).lines
    assert "newer decide" in line
    assert str(path) in line
    assert keeper.keep(STARTED) == ""
    assert path.read_bytes() == changed(form=2, case="in another form")


def test_what_the_knowledge_no_longer_has_is_left_out_and_named(folder: Path, db: Connection) -> None:
    case = {
        "age": 64,
        "side": "both",
        "present": ["pain-buttock", "gone-finding"],
        "absent": ["fever"],
        "regions": ["gone-region", "groin"],
        "areas": [["gone-region", "left"], ["groin", "right"]],
    }
    put(folder, changed(case=case, marked=["sciatica", "gone-condition"]))
    orphan = only(folder, db)
    kept = orphan.started
    assert kept.case.present == ("pain-buttock",)
    assert kept.case.absent == ("fever",)
    assert kept.case.areas == (("groin", "right"),)
    assert kept.marked == ("sciatica",)
    assert orphan.unknown == ("gone-finding", "gone-region", "gone-condition")
    told = offer(orphan, NOW)
    assert "gone-finding, gone-region, gone-condition" in told.split("\n")[1]


# --- what cannot be written -------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_once_keeps_what_was_kept_and_is_got_over(
    folder: Path, db: Connection, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.keep(STARTED)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        lines = [keeper.keep(replace(STARTED, case=Case(age=age))) for age in (50, 51, 52)]
    assert "No space left on device; free some space" in lines[0]
    assert lines[1:] == ["", ""]
    (path,) = cases(folder)
    assert json.loads(path.read_bytes())["case"]["age"] == 64
    last = replace(STARTED, case=Case(age=52))
    assert keeper.keep(last) == ""
    keeper.close()
    assert only(folder, db).started == last


def test_without_a_folder_the_work_goes_on_with_one_line(tmp_path: Path, db: Connection) -> None:
    (tmp_path / "data").write_text("no folder")
    keeper = Keeper(tmp_path / "data")
    assert keeper.orphans(db).orphans == ()
    line = keeper.keep(STARTED)
    assert str(tmp_path / "data") in line
    assert "--data-dir" in line
    assert "\n" not in line
    assert keeper.keep(replace(STARTED, label="x")) == ""


def test_in_a_folder_that_is_only_to_be_read_cases_are_still_offered(
    folder: Path, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(folder, STARTED)
    put(folder, DAMAGED["half"]).rename(folder / "started" / "2.json")
    left(folder, STARTED)
    really = os.open

    def read_only(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & (os.O_CREAT | os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return really(path, flags, *rest, **more)

    def refused(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(os, "open", read_only)
    monkeypatch.setattr(Path, "rename", refused)
    monkeypatch.setattr(Path, "unlink", refused)
    keeper = Keeper(folder)
    found = keeper.orphans(db)
    assert STARTED in [orphan.started for orphan in found.orphans]
    assert len(found.lines) == 1
    orphan = found.orphans[0]
    assert "delete the file" in keeper.throw_away(orphan)
    assert keeper.take(orphan) == ""
    assert "Read-only file system" in keeper.keep(replace(STARTED, label="x"))


def test_a_data_folder_that_vanishes_is_made_again_and_the_lock_with_it(
    folder: Path, db: Connection, keeper: Keeper
) -> None:
    keeper.keep(STARTED)
    folder.rename(folder.with_name("moved"))
    other = Keeper(folder)
    other.keep(replace(STARTED, label="other"))
    assert keeper.keep(replace(STARTED, label="more")) == ""
    assert len(cases(folder)) == 2
    other.close()
    assert only(folder, db).started.label == "other"


# --- in words ---------------------------------------------------------------------------------------------------------


def orphan_of(started: Started) -> Orphan:
    return Orphan(started, (), 1, b"")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ({"seconds": 20}, "today 11:13, just now"),
        ({"minutes": 1}, "today 11:13, 1 minute ago"),
        ({"minutes": 25}, "today 10:49, 25 minutes ago"),
        ({"minutes": 119}, "today 09:15, 1 hour ago"),
        ({"hours": 11, "minutes": 14}, "today 00:00, 11 hours ago"),
        ({"hours": 11, "minutes": 15}, "yesterday 23:59, 11 hours ago"),
        ({"hours": 24}, "yesterday 11:14, 24 hours ago"),
        ({"days": 2}, "29 November 11:14, 2 days ago"),
        ({"days": 400}, "27 October 2025 11:14, 400 days ago"),
        ({"seconds": -30}, "today 11:14, just now"),
        ({"hours": -3}, "today 14:14, which is still to come by this computer's clock"),
        ({"days": -3}, "4 December 11:14, which is still to come by this computer's clock"),
    ],
)
def test_when_it_was_is_said_as_people_say_it(ago: dict[str, int], words: str) -> None:
    assert when(NOW - timedelta(**ago), NOW) == words


def test_the_clock_on_the_wall_then_is_what_is_told() -> None:
    """Kept in summer time, offered after the change: 10:49 stays 10:49."""
    before = datetime(2026, 10, 24, 10, 49, tzinfo=timezone(timedelta(hours=2)))
    assert when(before, datetime(2026, 10, 26, 9, 0, tzinfo=timezone(timedelta(hours=1)))).startswith("24 October 10:49")


def test_the_offer_says_who_how_much_and_when() -> None:
    started = replace(STARTED, at=NOW - timedelta(minutes=25))
    assert offer(orphan_of(started), NOW) == (
        "64-year-old man, left side, labelled bed 4: 3 answers, 1 condition marked; today 10:49, 25 minutes ago."
    )
    bare = replace(started, case=Case(sex="f"), label=" ", marked=())
    assert offer(orphan_of(bare), NOW) == "Woman, age not given: no answers yet; today 10:49, 25 minutes ago."


@given(any_started(), st.datetimes(timezones=st.just(UTC)))
@relaxed(100)
def test_an_offer_is_one_line_of_visible_text(started: Started, now: datetime) -> None:
    text = offer(orphan_of(started), now)
    assert not any(map(is_hidden, text))
    assert len(text) < 250
