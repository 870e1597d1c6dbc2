"""The program on a real pseudo-terminal, in every profile: from the form to the printer and out, nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import PYTHON, child_environment
from seen import SHOWN

from decide import settings

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are a Unix thing", allow_module_level=True)

import test_printing
from terminal import Terminal

printer = test_printing.fake

DECIDE = [PYTHON, "-m", "decide"]
# The upper half of the console's character set as Python knows it, and the signs that its font has at control codes.
CONSOLE = {bytes([code]).decode("cp437") for code in range(128, 256)} | set("☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂")
TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "", "NO_COLOR": "", "TMUX": ""}


@dataclass(frozen=True)
class Profile:
    """A kind of terminal or person, and what may leave the program there."""

    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    colours: frozenset[str] = frozenset({"16", "256", "24-bit"})
    console: bool = False
    cursor: bool = False


PROFILES = {
    "colour": Profile(),
    "no-colour": Profile({"NO_COLOR": "1"}, colours=frozenset()),
    "console": Profile({"TERM": "linux", "COLORTERM": ""}, colours=frozenset({"16"}), console=True),
    "a11y": Profile(arguments=("--a11y",), cursor=True),
}


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path) -> None:
    """The clinic has set its emergency number, as it does once."""
    settings.save(tmp_path / "data", emergency_number="112")


def decide(tmp_path: Path, *arguments: str, columns: int = 80, **changes: str) -> Terminal:
    """The program in its own folder on a terminal of 24 rows."""
    return Terminal([*DECIDE, *arguments], columns, 24, child_environment(**(TERMINAL | changes)), tmp_path)


def arrive(terminal: Terminal, *screens: str) -> None:
    """Wait until these screens (names of SHOWN) are there, whole: the foot comes a moment after the rest."""
    terminal.wait_for(*(SHOWN[screen] for screen in screens))
    terminal.settle(0.2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Terminal]:
    """The program in colour, on its desk, with nobody at hand."""
    with decide(tmp_path) as terminal:
        arrive(terminal, "form")
        terminal.press("f2")
        arrive(terminal, "desk")
        yield terminal


def leave(terminal: Terminal) -> None:
    """Quit: it goes at once, with status 0, and leaves the terminal as it was."""
    terminal.press("ctrl+q")
    assert terminal.wait_end() == 0, terminal.text
    assert terminal.left_over == []
    assert not terminal.screen.alternate


@pytest.mark.parametrize("name", PROFILES)
def test_from_the_form_to_the_printer(name: str, tmp_path: Path, printer: Path) -> None:
    profile = PROFILES[name]
    test_printing.finished(printer)
    with decide(tmp_path, *profile.arguments, **profile.environment) as terminal:
        arrive(terminal, "form")
        follow_cursor(terminal, profile, "Age", "Sex", "Side")
        terminal.press("up", "up", "up")
        terminal.press(*"44mlsg", *"nnnnnnnnnn")
        assert "10 of 10" in " ".join(terminal.text.split())
        terminal.press("f2")
        arrive(terminal, "desk")
        terminal.type("socks")
        terminal.wait_for("Putting on socks")
        if profile.cursor:
            assert terminal.screen.cursor_shown
            assert terminal.screen.before_cursor.endswith("socks")
        terminal.press("enter")
        arrive(terminal, "chosen")
        terminal.press("tab", "home")
        follow_cursor(terminal, profile, "Putting on socks", "safety questions", "[ ] ")
        terminal.press("home", "1")
        before = terminal.text
        terminal.resize(40, 12)
        assert all(len(line) <= 40 for line in terminal.screen.lines)
        assert terminal.text.strip()
        terminal.resize(80, 24)
        assert terminal.text == before, terminal.text + before
        terminal.press("f2")
        arrive(terminal, "compare")
        terminal.press("f3")
        arrive(terminal, "plan")
        terminal.press("p")
        arrive(terminal, "read-back")
        terminal.press("N", "enter")
        arrive(terminal, "print")
        terminal.wait_for("Office: ")
        terminal.press("enter")
        arrive(terminal, "printed")
        assert (printer / "document").read_bytes().startswith(b"%PDF")
        terminal.press("escape")
        terminal.wait_gone(SHOWN["print"])
        drawn, shown = terminal.screen, terminal.screen.cursor_shown
        leave(terminal)
    assert drawn.colours <= profile.colours
    assert bool(drawn.colours) == bool(profile.colours)
    assert shown == profile.cursor
    if profile.console:
        assert {character for character in drawn.written if character > "~"} <= CONSOLE


def follow_cursor(terminal: Terminal, profile: Profile, *rows: str) -> None:
    """Down through these rows. Where screen readers and braille lines follow the cursor, it is shown and on each."""
    for words in rows:
        here = terminal.screen.lines[terminal.screen.y]
        if profile.cursor:
            assert terminal.screen.cursor_shown
            assert here.startswith(">"), terminal.text
            assert words in here, terminal.text
        terminal.press("down")


def test_nothing_of_a_frame_of_another_size_stays(tmp_path: Path) -> None:
    with decide(tmp_path) as terminal:
        arrive(terminal, "form")
        before = terminal.text
        for columns, rows in ((40, 12), (200, 50), (20, 5), (80, 24)):
            terminal.resize(columns, rows)
        assert terminal.text == before


def one_line(written: str) -> None:
    """One line that points to what works without a screen."""
    lines = written.strip().splitlines()
    assert len(lines) == 1, written
    assert lines[0].startswith("decide: ")
    assert "decide ask" in lines[0]
    assert "\x1b" not in written


def test_a_dumb_terminal_is_told_what_works_there(tmp_path: Path) -> None:
    with decide(tmp_path, columns=200, TERM="dumb") as terminal:
        assert terminal.wait_end() == 2
        one_line(terminal.text)
        assert terminal.left_over == []


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_a_pipe_is_told_what_works_there(stream: str, tmp_path: Path) -> None:
    # The other end stays a terminal: either of the two is enough to refuse.
    piped = {"stdin": "< /dev/null", "stdout": "| cat"}[stream]
    script = f'"$0" -m decide {piped}; echo "status ${{PIPESTATUS:-$?}}"'
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("bash is not on this machine")
    with Terminal([shell, "-c", script, PYTHON], 200, 24, child_environment(**TERMINAL), tmp_path) as terminal:
        terminal.wait_end()
        told, status = terminal.text.strip().rsplit("\n", 1)
    assert status == "status 2"
    one_line(told)


def test_pipes_on_both_sides(tmp_path: Path) -> None:
    ran = subprocess.run(
        DECIDE, capture_output=True, text=True, env=child_environment(), check=False, stdin=subprocess.PIPE
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    one_line(ran.stderr)


# --- what goes wrong with terminals --------------------------------------------------------------------------------------


# What is pasted, and what of it must be seen.
PASTED = {
    "control characters": ("\x1b[31mgroin\x1b[0m\x07", "[31mgroin"),
    "right to left": ("\u202egroin\u200f", "groin"),
    "wide": ("腰痛 ｆｕｌｌ", "腰痛"),
    "lines": ("one\r\ntwo\ttabs\x00\x1b]0;title\x07", "one"),
    "joined": ("e\u0301\u200d\U0001f9e6 socks", "socks"),
    "long": ("sock" * 2000, "sock"),
}
TURNING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_what_is_pasted_into_the_search_line_breaks_nothing(desk: Terminal) -> None:
    before = desk.text
    assert desk.screen.modes["2004"], "bracketed paste was not asked for"
    for name, (text, stands) in PASTED.items():
        desk.paste(text)
        desk.wait_for(stands)
        desk.settle(0.2)
        # The cursor stands behind what was pasted: all of it is rubbed out, and the screen is as before.
        desk.press("ctrl+u")
        desk.until(lambda screen: screen.text == before, 5)
        assert desk.text == before, name
    assert not desk.screen.written & TURNING
    leave(desk)


def test_bytes_that_are_no_text_break_nothing(desk: Terminal) -> None:
    before = desk.text
    desk.send(b"groin \xff\xfe\xe4")
    desk.settle(0.3)
    assert "groin" in desk.text
    desk.press("ctrl+u")
    desk.until(lambda screen: screen.text == before, 5)
    assert desk.text == before
    leave(desk)


def traces(folder: Path) -> list[Path]:
    """The files that tell of a crash."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if b"Traceback" in path.read_bytes() or path.name.startswith("core")]


@pytest.mark.parametrize("hang_up", [pytest.param(True, id="told"), pytest.param(False, id="not told")])
def test_when_the_terminal_vanishes_the_program_ends_by_itself(hang_up: bool, tmp_path: Path) -> None:
    """A closed window, a lost connection; also where the signal that tells of it is ignored (nohup). The case stays."""
    before = signal.getsignal(signal.SIGHUP)
    try:
        if not hang_up:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        terminal = decide(tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    with terminal:
        arrive(terminal, "form")
        terminal.press("4", "4", "f", "f2")
        arrive(terminal, "desk")
        terminal.vanish()
        assert terminal.wait_end(5) is not None, "it is still there"
    assert traces(tmp_path) == []
    with decide(tmp_path) as terminal:
        arrive(terminal, "started")
        assert "44-year-old woman" in terminal.text
        terminal.press("t")
        terminal.wait_gone(SHOWN["started"])
        terminal.wait_for("[44]")
        leave(terminal)


def test_what_was_left_with_ctrl_q_can_be_taken_up(tmp_path: Path) -> None:
    with decide(tmp_path) as terminal:
        arrive(terminal, "form")
        terminal.press("4", "4", "f")
        leave(terminal)
    with decide(tmp_path) as terminal:
        arrive(terminal, "form", "left")
        assert "[44]" not in terminal.text
        terminal.press("ctrl+r")
        terminal.wait_for("[44]", "[f woman]")
        leave(terminal)


def test_ctrl_z_and_back(tmp_path: Path) -> None:
    """The shell comes back with a clean terminal; `fg` brings back the whole screen, the case, and working keys."""
    script = 'set -m; "$0" -m decide; echo "IN THE SHELL"; read line; fg > /dev/null; echo "status $?"; read line'
    with Terminal(["sh", "-c", script, PYTHON], 80, 24, child_environment(**TERMINAL), tmp_path) as terminal:
        arrive(terminal, "form")
        terminal.press("4", "4", "f2")
        arrive(terminal, "desk")
        terminal.type("sock")
        terminal.settle(0.2)
        before = terminal.text
        terminal.press("ctrl+z")
        terminal.wait_for("IN THE SHELL", seconds=5)
        terminal.settle(0.3)
        assert terminal.left_over == []
        assert not terminal.screen.alternate
        terminal.press("enter")
        terminal.until(lambda screen: screen.text == before, 5)
        assert terminal.text == before
        terminal.type("s")
        terminal.wait_for("socks")
        terminal.press("ctrl+q")
        terminal.wait_for("status 0")
        assert terminal.left_over == []


def test_a_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """The harness itself: whatever a program ignores, nothing of it stays."""
    script = "trap '' TERM HUP INT; (trap '' HUP TERM; sleep 300) & echo $! ; while :; do sleep 1; done"
    with Terminal(["sh", "-c", script], folder=tmp_path) as terminal:
        terminal.until(lambda screen: screen.text.strip().isdigit(), 5)
        child = int(terminal.text.strip())
        start = time.monotonic()
    assert time.monotonic() - start < 10
    for process in (terminal.process, child):
        end = time.monotonic() + 3
        while time.monotonic() < end and Path(f"/proc/{process}").exists():
            # An orphan waits for the system's first process to take note of its end.
            if "Z" in (Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() or [""])[0]:
                break
            time.sleep(0.05)
        else:
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)
