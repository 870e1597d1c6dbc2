"""How fast the screens are, beside bare Textual apps in the same run. No test, and no part of the normal run:

    python tests/bench_screens.py [--runs N]

Prints a Markdown table. Each run starts the bare apps, the program, and the program with 1,000 conditions in turn; a
ratio is the median of the ratios of the runs. Ratios travel from machine to machine, milliseconds do not. Leave the
machine alone meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

# The checkout is measured, also where it is not installed.
sys.path.insert(0, str(Path(__file__).parent.parent))

from bare_apps import PUSHED, READY
from cases import grown
from conftest import CONTENT, ROOT
from seen import SHOWN
from terminal import Reply, Screen, Terminal, key_bytes

from db.compile import compile_knowledge

Sample = dict[str, float | None]

CONDITIONS, LINKS = 1_000, 50_000
COLUMNS, ROWS = 80, 24
IDLE_SECONDS = 1.5
MOVES, PAGES, AGAIN = 10, 3, 2
WORD = "socks"
BARE = Path(__file__).parent / "bare_apps.py"

# The program as it is, and the same that opens on its desk: the form is left out, everything else is the command's own.
FORM = ["-m", "decide"]
DESK = [
    "-c",
    "import functools, runpy, screens.app as s; s.DecideApp = functools.partial(s.DecideApp, form=False); "
    "runpy.run_module('decide', run_name='__main__')",
]
# The search that leads to a condition's page, and the key there that marks it: so all knowledge plans for the same one.
PAGE, MARK = ["1", "type:piriformis syndrome", "enter"], "c"
# The keys that bring up a case with candidates on the desk, then those that put the cursor on the first candidate.
CASE = ["ctrl+u", "type:socks", "enter", "type:buttock", "enter"]
CANDIDATES = ["3", "home"]
# How long a screen may take to come, in seconds; after that it counts as not reached.
PATIENCE = 2.0
# From the desk with the cursor on a candidate: where to, the key, the screen that comes up (a name of SHOWN).
SWITCHES = [
    ("compare", "f2", "compare"),
    ("why", "w", "why"),
    ("plan", "f3", "plan"),
    ("a condition's page", "enter", "condition"),
    ("warnings", "f4", "warnings"),
]
BACK = "backspace"


@dataclass(frozen=True)
class Row:
    """A line of the table: what of the program, what of the bare app, and the most that their ratio may be.

    Where there is nothing to compare with, `most` bounds the value itself.
    """

    label: str
    ours: str
    bare: str | None = None
    limit: float | None = None
    most: float | None = None


ROWS_OF_TABLE = [
    Row("form: first paint, ms", "form paint", "paint", 1.25),
    Row("form: usable, ms", "form usable", "usable", 1.25),
    Row("desk: first paint, ms", "desk paint", "paint", 1.25),
    Row("desk: usable, ms", "desk usable", "usable", 1.25),
    Row("form: last byte of the start, ms", "form settled", "settled"),
    Row("desk: last byte of the start, ms", "desk settled", "settled"),
    Row("form: peak memory, MiB", "form memory", "memory", 1.35),
    Row("desk: peak memory, MiB", "desk memory", "memory", 1.35),
    Row("peak memory after every screen, MiB", "walked memory", "memory"),
    Row("form: idle processor, %", "form idle", None, most=0.5),
    Row("desk: idle processor, %", "desk idle", None, most=0.5),
    Row("form: bytes sent when idle", "form idle bytes", None, most=0),
    Row("desk: bytes sent when idle", "desk idle bytes", None, most=0),
    Row("form: cursor move, ms", "form move", "move", 1.2),
    Row("desk: cursor move, ms", "desk move", "move", 1.2),
    Row("condition's page: cursor move, ms", "page move", "move", 1.2),
    Row("condition's page: page down or up, ms", "page page", "page"),
    Row("search: typed letter on the screen, ms", "letter", "letter", 1.5),
    Row("search: to the last byte, ms", "letter last", "letter last"),
    Row("form to desk, first time, ms", "to the desk", "push first", 2.0),
    *[Row(f"desk to {name}, first time, ms", f"{name} first", "push first", 2.0) for name, _, _ in SWITCHES],
    *[Row(f"desk to {name}, again, ms", f"{name} again", "push again", 2.0) for name, _, _ in SWITCHES],
    Row("back to the desk, ms", "back", "pop", 2.0),
    Row("quit, ms", "quit", "quit"),
]
GROWTH = 1.15


def say(text: str) -> None:
    """Progress, apart from the table."""
    print(text, file=sys.stderr, flush=True)


def shows(text: str) -> Callable[[Screen], bool]:
    return lambda screen: text in screen.text


def median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


# --- measures ----------------------------------------------------------------------------------------------------------


def start(terminal: Terminal, shown: str, name: str = "") -> Sample:
    """First paint, usable, peak memory, and what it does when it is left alone. `name` goes before each measure's."""
    usable = terminal.until(shows(shown), 60)
    terminal.settle(1.5)
    taken: Sample = {
        "settled": terminal.since_start(terminal.last_byte),
        "paint": terminal.since_start(terminal.first_paint),
        "usable": terminal.since_start(usable),
        "memory": terminal.peak_memory(),
    }
    taken["idle"], taken["idle bytes"] = terminal.idle(IDLE_SECONDS)
    return {f"{name} {measure}".strip(): value for measure, value in taken.items()}


def each(terminal: Terminal, key: str, times: int) -> list[Reply]:
    return [terminal.exchange(key_bytes(key), patience=1.0) for _ in range(times)]


def moves(terminal: Terminal) -> float | None:
    """A move of the cursor in a list, to the last byte: down, then up again."""
    replies = each(terminal, "down", MOVES) + each(terminal, "up", MOVES // 2)
    return median(reply.last for reply in replies)


def pages(terminal: Terminal) -> float | None:
    return median(reply.last for reply in each(terminal, "pagedown", PAGES) + each(terminal, "pageup", PAGES))


def letters(terminal: Terminal) -> Sample:
    """A letter typed into a line: until it stands there, with the cursor behind it, and until the last byte."""
    seen, last = [], []
    for _ in range(2):
        for count, letter in enumerate(WORD, 1):
            typed = WORD[:count]
            reply = terminal.exchange(letter.encode(), lambda screen, t=typed: screen.before_cursor.rstrip().endswith(t))  # type: ignore[misc]
            seen.append(reply.seen)
            last.append(reply.last)
        terminal.exchange(key_bytes("ctrl+u"))
    return {"letter": median(seen), "letter last": median(last)}


def switch(terminal: Terminal, key: str, there: str, here: str) -> tuple[Sample, list[float | None]]:
    """A screen brought up by a key, the first time and again, and the ways back; each until its text is there."""
    times: list[float | None] = []
    back: list[float | None] = []
    for _ in range(1 + AGAIN):
        seen = terminal.exchange(key_bytes(key), shows(there), patience=PATIENCE).seen
        terminal.settle(0.1)
        left = None if seen is None else terminal.exchange(key_bytes(BACK), shows(here), patience=PATIENCE).seen
        terminal.settle(0.1)
        times.append(None if left is None else seen)
        back.append(left)
        if left is None:
            # Not where we should be: out again by the other way back, and the rest counts as not reached.
            if here not in terminal.text:
                terminal.press("escape")
            break
    return {"first": times[0], "again": median(times[1:])}, back


def quit_time(terminal: Terminal) -> float | None:
    """From the key to the end of the process."""
    terminal.settle(0.1)
    begun = time.perf_counter()
    terminal.send(key_bytes("ctrl+q"))
    return None if terminal.wait_end(5) is None else (time.perf_counter() - begun) * 1000


# --- one run -------------------------------------------------------------------------------------------------------------


def opened(arguments: list[str], folder: Path, **environment: str) -> Terminal:
    """A program of this Python on a terminal with colours, with a home of its own."""
    plain = dict.fromkeys(("NO_COLOR", "TMUX", "TERM_PROGRAM", "VTE_VERSION", "XDG_DATA_HOME"), "")
    # Made anew each time: a case that an earlier run has left would be offered.
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "HOME": str(home)}
    own |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", "DECIDE_DATA_DIR": str(home / "data")}
    return Terminal([sys.executable, *arguments], COLUMNS, ROWS, plain | own | environment, folder)


def bare(folder: Path) -> Sample:
    """One run of the bare apps."""
    with opened([str(BARE), "paint"], folder) as terminal:
        taken = start(terminal, READY)
        taken["quit"] = quit_time(terminal)
    with opened([str(BARE), "list"], folder) as terminal:
        start_quietly(terminal, READY)
        taken |= {"move": moves(terminal), "page": pages(terminal)}
    with opened([str(BARE), "input"], folder) as terminal:
        start_quietly(terminal, READY)
        taken |= letters(terminal)
    with opened([str(BARE), "push"], folder) as terminal:
        start_quietly(terminal, READY)
        pushed, back = switch(terminal, "n", PUSHED, READY)
        taken |= {"push first": pushed["first"], "push again": pushed["again"], "pop": median(back)}
    return taken


def start_quietly(terminal: Terminal, shown: str) -> None:
    """Wait for a program whose start is not measured."""
    terminal.until(shows(shown), 60)
    terminal.settle(0.5)


def press(terminal: Terminal, keys: list[str]) -> None:
    """Keys and typed words (`type:`), not measured."""
    for key in keys:
        kind, _, word = key.partition(":")
        if word and kind == "type":
            terminal.type(word)
        else:
            terminal.press(key)
        terminal.settle(0.15)


def program(folder: Path, knowledge: Path) -> Sample:
    """One run of the program on this knowledge."""
    own = {"DECIDE_KNOWLEDGE": str(knowledge)}
    desk = SHOWN["desk"]
    with opened(FORM, folder, **own) as terminal:
        taken = start(terminal, SHOWN["form"], "form")
        taken["form move"] = moves(terminal)
        taken["to the desk"] = terminal.exchange(key_bytes("f2"), shows(desk), patience=PATIENCE).seen
        taken["quit"] = quit_time(terminal)
    with opened(DESK, folder, **own) as terminal:
        taken |= start(terminal, desk, "desk")
        taken |= letters(terminal)
        press(terminal, ["tab"])
        taken["desk move"] = moves(terminal)
        press(terminal, PAGE)
        if terminal.until(shows(SHOWN["condition"]), PATIENCE):
            terminal.settle(0.2)
            taken |= {"page move": moves(terminal), "page page": pages(terminal)}
            press(terminal, [MARK, BACK])
        press(terminal, CASE + CANDIDATES)
        ways_back: list[float | None] = []
        for name, key, there in SWITCHES:
            times, back = switch(terminal, key, SHOWN[there], SHOWN["candidates"])
            taken |= {f"{name} {which}": value for which, value in times.items()}
            ways_back += back
        taken["back"] = median(ways_back)
        taken["walked memory"] = terminal.peak_memory()
    return taken


# --- the table -----------------------------------------------------------------------------------------------------------


def ratio(above: list[Sample], name: str, below: list[Sample], other: str) -> float | None:
    """The median over the runs of one measure divided by another of the same run."""
    pairs = [(one.get(name), two.get(other)) for one, two in zip(above, below, strict=True)]
    return median(one / two if one is not None and two else None for one, two in pairs)


def figure(value: float | None, unknown: str = "not reached") -> str:
    if value is None:
        return unknown
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"


def verdict(value: float | None, limit: float | None) -> str:
    if limit is None:
        return ""
    return "no figure" if value is None else "yes" if value <= limit else "**no**"


def table(bares: list[Sample], ours: list[Sample], more: list[Sample]) -> list[str]:
    lines = [
        f"| | bare | decide | ratio | limit | met | {CONDITIONS:,} conditions | growth | at most {GROWTH} |",
        "|---|--:|--:|--:|--:|---|--:|--:|---|",
    ]
    for row in ROWS_OF_TABLE:
        own = median(sample.get(row.ours) for sample in ours)
        large = median(sample.get(row.ours) for sample in more)
        growth = ratio(more, row.ours, ours, row.ours)
        cells = [row.label, "", figure(own), "", "", "", figure(large), "", ""]
        if row.bare:
            against = ratio(ours, row.ours, bares, row.bare)
            cells[1] = figure(median(sample.get(row.bare) for sample in bares))
            cells[3:6] = [f"{against:.2f}" if against else "", str(row.limit or ""), verdict(against, row.limit)]
        elif row.most is not None:
            cells[4:6] = [f"{row.most:g}", verdict(own, row.most)]
            # Nearly nothing has no ratio that means anything: the same bound holds.
            cells[8] = verdict(large, row.most)
        if row.bare and growth:
            cells[7:] = [f"{growth:.2f}", verdict(growth, GROWTH)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--runs", type=int, default=5, metavar="N", help="how many runs (%(default)s); one takes about a minute"
    )
    runs = max(1, parser.parse_args().runs)
    bares: list[Sample] = []
    ours: list[Sample] = []
    more: list[Sample] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("Compiling the knowledge ...")
        compile_knowledge(CONTENT, folder / "usual.sqlite")
        grown(folder / "usual.sqlite", folder / "large.sqlite", CONDITIONS, LINKS)
        subjects: list[tuple[list[Sample], Callable[[], Sample]]] = [
            (bares, lambda: bare(folder)),
            (ours, lambda: program(folder, folder / "usual.sqlite")),
            (more, lambda: program(folder, folder / "large.sqlite")),
        ]
        say("Warming up ...")
        for arguments, shown in (([str(BARE), "paint"], READY), (FORM, SHOWN["form"]), (DESK, SHOWN["desk"])):
            with opened(arguments, folder, DECIDE_KNOWLEDGE=str(folder / "usual.sqlite")) as terminal:
                start_quietly(terminal, shown)
        for run in range(runs):
            say(f"Run {run + 1} of {runs} ...")
            # Each run begins with another one, so that none always comes after a busy one.
            for place in range(len(subjects)):
                samples, measure = subjects[(run + place) % len(subjects)]
                samples.append(measure())
    load = os.getloadavg()[0]
    print(
        f"Medians of {runs} runs at {COLUMNS}x{ROWS}: Python {platform.python_version()}, Textual {version('textual')}, "
        f"{os.cpu_count()} processors, load {load:.1f} at the end.\n"
    )
    print(*table(bares, ours, more), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
