"""A terminal for tests: runs a program on a pseudo-terminal, and keeps the picture that a person would see.

    with Terminal([PYTHON, "-m", "decide"], columns=80, rows=24, environment={"TERM": "linux"}) as terminal:
        terminal.wait_for("Age")
        terminal.press("4", "4", "f2")
        print(terminal.text)

It answers what programs ask of a terminal, and measures from outside: milliseconds from a key to the bytes it causes,
the bytes, peak memory, processor time. What it sees is when bytes leave the program; a real terminal draws them later.
Standard library only; memory and processor time are read from /proc, so on Linux alone.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

KEYS = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z",
    "escape": "\x1b", "space": " ", "backspace": "\x7f", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~",
}  # fmt: skip

# Modes that a program must take back before it leaves: alternate screen, mouse, focus, paste, resize reports, sync.
BORROWED = ("1049", "1000", "1002", "1003", "1006", "1015", "1016", "1004", "2004", "2048", "2026")

Colour = Literal["16", "256", "24-bit"]


def key_bytes(name: str) -> bytes:
    """What a keyboard sends for a key: a name of KEYS, `ctrl+x`, or one character."""
    if name in KEYS:
        return KEYS[name].encode()
    if name.startswith("ctrl+") and len(name) == 6:
        return bytes([ord(name[5].upper()) & 0x1F])
    if len(name) == 1:
        return name.encode()
    raise ValueError(f"unknown key {name!r}")


def width_of(character: str) -> int:
    """The cells that a terminal gives a character: none for marks that join the one before, two for wide ones."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# --- the picture -------------------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[0-9;:?<=>!]*)(?P<between>[ -/]*)(?P<final>[@-~])"  # a control sequence
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\)"  # a string: title, colour, device control
    r"|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]"  # a short escape
    r"|[\x00-\x1a\x1c-\x1f\x7f]"  # a control character
    r"|[^\x00-\x1f\x7f]+",  # text
    re.DOTALL,
)


def colours_of(parameters: str) -> set[Colour]:
    """Which colours a "select graphic rendition" sequence asks for; the terminal's own (39, 49) are none."""
    found: set[Colour] = set()
    numbers = [int(part) if part.isdigit() else 0 for part in re.split("[;:]", parameters)]
    while numbers:
        number = numbers.pop(0)
        if number in (38, 48, 58):
            found.add("24-bit" if numbers[:1] == [2] else "256")
            del numbers[: 4 if numbers[:1] == [2] else 2]
        elif 30 <= number <= 37 or 40 <= number <= 47 or 90 <= number <= 107:
            found.add("16")
    return found


class Screen:
    """The cells of a terminal after all that was written to it, its cursor and its modes."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells = self._blank(rows)
        self.x = self.y = 0
        self.top, self.bottom = 0, rows - 1
        self.cursor_shown = True
        self.alternate = False
        self.wraps = True
        # Private modes by number, those that were ever set or reset.
        self.modes: dict[str, bool] = {}
        # How many keyboard protocols were pushed and not popped (kitty).
        self.keyboards = 0
        # Every kind of colour code, and every character, that was ever written.
        self.colours: set[Colour] = set()
        self.written: set[str] = set()
        self._main: tuple[list[list[str]], int, int] | None = None
        self._saved = (0, 0)
        self._rest = ""

    def _blank(self, rows: int) -> list[list[str]]:
        return [[" "] * self.columns for _ in range(rows)]

    @property
    def lines(self) -> list[str]:
        return ["".join(cells).rstrip() for cells in self.cells]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def before_cursor(self) -> str:
        """What stands in the cursor's row before it: in an input line, what was typed last."""
        return "".join(self.cells[self.y][: self.x])

    @property
    def painted(self) -> bool:
        """Whether any mark was ever written to it."""
        return bool(self.written - {" ", "\xa0"})

    @property
    def left_over(self) -> list[str]:
        """What a program that has ended has not put back; empty when it left the terminal as it was."""
        left = [f"mode {mode}" for mode in BORROWED if self.modes.get(mode)]
        left += [] if self.cursor_shown else ["hidden cursor"]
        left += [] if self.wraps else ["no line wrap"]
        left += [f"keyboard protocol pushed {self.keyboards} times"] if self.keyboards else []
        return left

    def resize(self, columns: int, rows: int) -> None:
        """Cut or widen the picture, as terminals do before the program draws it anew."""
        self.columns, self.rows = columns, rows
        self.cells = [(cells + [" "] * columns)[:columns] for cells in self.cells[:rows]]
        self.cells += self._blank(rows - len(self.cells))
        if self._main:
            self._main = (self._blank(rows), 0, 0)
        self.top, self.bottom = 0, rows - 1
        self.x, self.y = min(self.x, columns - 1), min(self.y, rows - 1)

    def feed(self, data: str) -> None:
        """Draw what a program wrote. A sequence that is cut off waits for the rest."""
        data, place = self._rest + data, 0
        while place < len(data):
            token = TOKEN.match(data, place)
            if token is None:
                if len(data) - place < 4096:
                    break
                place += 1  # no sequence at all
                continue
            place = token.end()
            whole = token.group()
            if token["final"]:
                self._sequence(token["parameters"], token["final"])
            elif whole[0] == "\x1b":
                self._escape(whole)
            elif whole < " " or whole == "\x7f":
                self._control(whole)
            else:
                self._put(whole)
        self._rest = data[place:]

    def _put(self, text: str) -> None:
        self.written.update(text)
        for character in text:
            width = width_of(character)
            if not width:
                continue
            if self.x + width > self.columns:
                if self.wraps:
                    self.x = 0
                    self._line_feed()
                else:
                    self.x = self.columns - width
            self.cells[self.y][self.x] = character
            if width == 2:
                self.cells[self.y][self.x + 1] = ""
            self.x += width

    def _scroll(self, first: int, last: int, lines: int) -> None:
        """Move rows `first` to `last` up by so many lines (down where negative)."""
        gone, come = (first, last) if lines > 0 else (last, first)
        for _ in range(min(abs(lines), last - first + 1)):
            del self.cells[gone]
            self.cells.insert(come, [" "] * self.columns)

    def _line_feed(self) -> None:
        if self.y == self.bottom:
            self._scroll(self.top, self.bottom, 1)
        elif self.y < self.rows - 1:
            self.y += 1

    def _control(self, character: str) -> None:
        if character == "\r":
            self.x = 0
        elif character in "\n\v\f":
            self._line_feed()
        elif character == "\b":
            self.x = max(0, self.x - 1)
        elif character == "\t":
            self.x = min(self.columns - 1, (self.x // 8 + 1) * 8)

    def _escape(self, escape: str) -> None:
        if escape == "\x1b7":
            self._saved = (self.x, self.y)
        elif escape == "\x1b8":
            self.x, self.y = self._saved
        elif escape == "\x1bM" and self.y == self.top:
            self._scroll(self.top, self.bottom, -1)
        elif escape == "\x1bM":
            self.y = max(0, self.y - 1)

    def _mode(self, mode: str, on: bool) -> None:
        self.modes[mode] = on
        if mode == "25":
            self.cursor_shown = on
        elif mode == "7":
            self.wraps = on
        elif mode in ("47", "1047", "1049") and on != self.alternate:
            self.alternate = on
            if on:
                self._main = (self.cells, self.x, self.y)
                self.cells = self._blank(self.rows)
            elif self._main:
                self.cells, self.x, self.y = self._main

    def _sequence(self, parameters: str, final: str) -> None:
        if parameters[:1] == "?" and final in "hl":
            for mode in parameters[1:].split(";"):
                self._mode(mode, final == "h")
        elif final == "u" and parameters[:1] in (">", "<"):
            self.keyboards = max(0, self.keyboards + (1 if parameters[0] == ">" else -1))
        elif parameters[:1] in ("?", "<", "=", ">", "!"):
            pass
        elif final == "m":
            self.colours |= colours_of(parameters)
        else:
            self._move_or_erase([int(part) if part.isdigit() else 0 for part in parameters.split(";")], final)

    def _move_or_erase(self, numbers: list[int], final: str) -> None:
        count, row = max(1, numbers[0]), self.cells[self.y]
        second = numbers[1] if len(numbers) > 1 else 0
        if final in "Hf":
            self.y, self.x = min(self.rows, count) - 1, min(self.columns, max(1, second)) - 1
        elif final in "AF":
            self.y = max(0, self.y - count)
        elif final in "BEe":
            self.y = min(self.rows - 1, self.y + count)
        elif final in "Ca":
            self.x = min(self.columns - 1, self.x + count)
        elif final == "D":
            self.x = max(0, self.x - count)
        elif final in "G`":
            self.x = min(self.columns, count) - 1
        elif final == "d":
            self.y = min(self.rows, count) - 1
        elif final == "J":
            if numbers[0] == 0:
                row[self.x :] = [" "] * (self.columns - self.x)
                self.cells[self.y + 1 :] = self._blank(self.rows - self.y - 1)
            elif numbers[0] == 1:
                self.cells[: self.y] = self._blank(self.y)
                row[: self.x + 1] = [" "] * (self.x + 1)
            else:
                self.cells = self._blank(self.rows)
        elif final == "K":
            start = self.x if numbers[0] == 0 else 0
            end = self.x + 1 if numbers[0] == 1 else self.columns
            row[start:end] = [" "] * (end - start)
        elif final == "X":
            row[self.x : self.x + count] = [" "] * len(row[self.x : self.x + count])
        elif final == "P":
            row[:] = (row[: self.x] + row[self.x + count :] + [" "] * count)[: self.columns]
        elif final == "@":
            row[:] = (row[: self.x] + [" "] * count + row[self.x :])[: self.columns]
        elif final in "LM":
            self._scroll(self.y, self.bottom, -count if final == "L" else count)
        elif final in "ST":
            self._scroll(self.top, self.bottom, count if final == "S" else -count)
        elif final == "r":
            self.top, self.bottom = count - 1, (second or self.rows) - 1
            self.x = self.y = 0
        if final in "EF":
            self.x = 0


# --- the terminal ------------------------------------------------------------------------------------------------------

QUERY = re.compile(
    rb"\x1b\[(?P<report>\?\d+\$p|\??6n|5n|>?0?c|>0?q|1[468]t)|\x1b\](?P<colour>1[01]);\?(?:\x07|\x1b\\)", re.DOTALL
)


@dataclass(frozen=True)
class Reply:
    """What something sent has caused: milliseconds to the first byte, to the last one of the burst, and to the moment
    when what was watched for stood on the screen (None: it never came), and how many bytes."""

    first: float | None
    last: float | None
    size: int
    seen: float | None


@dataclass
class Terminal:
    """A program on its own pseudo-terminal. Use it as a context manager: it ends the program, whatever happens.

    `environment` is added to the one of this process, an empty value takes a name away; `folder` is where it starts.
    """

    command: Sequence[str]
    columns: int = 80
    rows: int = 24
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None

    def __post_init__(self) -> None:
        self.screen = Screen(self.columns, self.rows)
        self.bytes_seen = 0
        self.open = True
        self.status: int | None = None
        self.first_byte: float | None = None
        self.first_paint: float | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = b""
        environment = dict(os.environ) | dict(self.environment)
        environment = {name: value for name, value in environment.items() if value}
        for name in ("COLUMNS", "LINES"):
            environment.pop(name, None)
        size = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        self.started = self.last_byte = time.perf_counter()
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            try:
                fcntl.ioctl(1, termios.TIOCSWINSZ, size)
                if self.folder:
                    os.chdir(self.folder)
                os.execvpe(self.command[0], list(self.command), environment)  # noqa: S606
            finally:
                os._exit(127)
        self._modes_before = self._line_modes()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what the program writes ---------------------------------------------------------------------------------------

    def read(self, seconds: float) -> bool:
        """Take in what the program writes within so many seconds; False when nothing came."""
        if not self.open or not select.select([self.descriptor], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self.descriptor, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self.open = False
            return False
        self.last_byte = time.perf_counter()
        self.first_byte = self.first_byte or self.last_byte
        self._answer(data)
        self.bytes_seen += len(data)
        self.screen.feed(self._decoder.decode(data))
        if self.first_paint is None and self.screen.painted:
            self.first_paint = self.last_byte
        return True

    def _answer(self, data: bytes) -> None:
        """Answer what the program asks the terminal."""
        whole = self._tail + data
        for query in QUERY.finditer(whole):
            if query.end() <= len(self._tail):
                continue
            report, screen = query["report"], self.screen
            if query["colour"]:
                shade = b"rgb:d0d0/d0d0/d0d0" if query["colour"] == b"10" else b"rgb:0000/0000/0000"
                self.send(b"\x1b]" + query["colour"] + b";" + shade + b"\x07")
            elif report.endswith(b"$p"):
                # Synchronised output is known here; everything else that may be asked for is not.
                self.send(b"\x1b[?" + report[1:-2] + (b";2$y" if report == b"?2026$p" else b";0$y"))
            elif report.endswith(b"6n"):
                self.send(b"\x1b[%b%d;%dR" % (report[:-2], screen.y + 1, screen.x + 1))
            elif report == b"5n":
                self.send(b"\x1b[0n")
            elif report.endswith(b"c"):
                self.send(b"\x1b[>1;4000;0c" if report[:1] == b">" else b"\x1b[?62;22c")
            elif report.endswith(b"q"):
                self.send(b"\x1bP>|decide-tests\x1b\\")
            elif report == b"18t":
                self.send(b"\x1b[8;%d;%dt" % (screen.rows, screen.columns))
            elif report == b"14t":
                self.send(b"\x1b[4;%d;%dt" % (screen.rows * 16, screen.columns * 8))
            elif report == b"16t":
                self.send(b"\x1b[6;16;8t")
        self._tail = whole[-64:]

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self.screen.text

    def settle(self, quiet: float = 0.1, most: float = 10.0) -> None:
        """Read until nothing has come for `quiet` seconds."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self.read(quiet):
            pass

    def until(self, seen: Callable[[Screen], bool], seconds: float) -> float | None:
        """The moment (of time.perf_counter) of the bytes that made `seen` true, or None when that never came."""
        end = time.perf_counter() + seconds
        while not seen(self.screen):
            left = end - time.perf_counter()
            if left <= 0 or not self.open or (not self.read(left) and not self.open):
                return self.last_byte if seen(self.screen) else None
        return self.last_byte

    def wait_for(self, *texts: str, seconds: float = 20.0) -> None:
        """Wait until all these texts are on the screen. Raises AssertionError with the screen when they do not come."""
        if self.until(lambda screen: all(text in screen.text for text in texts), seconds) is None:
            missing = [text for text in texts if text not in self.text]
            raise AssertionError(f"{missing} did not come within {seconds} s. The screen:\n{self.text}")

    def wait_gone(self, text: str, seconds: float = 20.0) -> None:
        """Wait until a text is no longer on the screen. Raises AssertionError with the screen when it stays."""
        if self.until(lambda screen: text not in screen.text, seconds) is None:
            raise AssertionError(f"{text!r} did not go within {seconds} s. The screen:\n{self.text}")

    # --- what the person does ------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send bytes as they are; nothing when the program has gone."""
        try:
            while data:
                data = data[os.write(self.descriptor, data) :]
        except OSError:
            self.open = False

    def press(self, *names: str) -> None:
        """Press keys, each once the screen has answered the one before (or has not within half a second)."""
        for name in names:
            self.send(key_bytes(name))
            # An escape that is followed at once is read as the beginning of something longer.
            self.read(0.5)
            self.settle(0.05)

    def type(self, text: str) -> None:
        """Type a text, as fast as keys come."""
        for character in text:
            self.send(key_bytes(character))
        self.read(0.5)
        self.settle(0.1)

    def paste(self, text: str) -> None:
        """Paste a text, bracketed when the program asked for that."""
        bracketed = self.screen.modes.get("2004")
        self.send((f"\x1b[200~{text}\x1b[201~" if bracketed else text).encode())
        self.read(0.5)
        self.settle(0.1)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window larger or smaller; the kernel tells the program (SIGWINCH)."""
        self.screen.resize(columns, rows)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.read(1.0)
        self.settle(0.15)

    def vanish(self) -> None:
        """Take the terminal away, as a closed window or a lost connection does."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor, self.open = -1, False

    # --- measures ------------------------------------------------------------------------------------------------------

    def exchange(
        self, data: bytes, seen: Callable[[Screen], bool] | None = None, quiet: float = 0.06, patience: float = 5.0
    ) -> Reply:
        """Send bytes, and measure what they cause until nothing comes for `quiet` seconds (and `seen` is true)."""
        before, first, when = self.bytes_seen, None, None
        start = time.perf_counter()
        self.send(data)
        while time.perf_counter() - start < patience:
            waiting = first is None or (seen is not None and when is None)
            if not self.read(start + patience - time.perf_counter() if waiting else quiet):
                break
            first = first or self.last_byte
            if seen is not None and when is None and seen(self.screen):
                when = self.last_byte
        taken = [(moment - start) * 1000 if moment else None for moment in (first, first and self.last_byte, when)]
        return Reply(taken[0], taken[1], self.bytes_seen - before, taken[2])

    def since_start(self, moment: float | None) -> float | None:
        """Milliseconds from the start of the program to a moment."""
        return None if moment is None else (moment - self.started) * 1000

    def _proc(self, name: str) -> str:
        try:
            return Path(f"/proc/{self.process}/{name}").read_text()
        except OSError:
            return ""

    def peak_memory(self) -> float | None:
        """The most memory that the process has held so far, in MiB."""
        found = re.search(r"VmHWM:\s+(\d+)", self._proc("status"))
        return int(found[1]) / 1024 if found else None

    def processor_seconds(self) -> float:
        """The processor time that its threads have used."""
        try:
            threads = list(Path(f"/proc/{self.process}/task").iterdir())
            return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
        except OSError:
            return 0.0

    def idle(self, seconds: float) -> tuple[float, int]:
        """Leave it alone: the processor time that it takes meanwhile, in per cent, and the bytes that it sends."""
        used, sent, end = self.processor_seconds(), self.bytes_seen, time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and self.open:
            self.read(left)
        return (self.processor_seconds() - used) / seconds * 100, self.bytes_seen - sent

    # --- the end -------------------------------------------------------------------------------------------------------

    def _line_modes(self) -> list[object]:
        """Echo, line editing and the like, which a program that leaves must have put back."""
        try:
            return list(termios.tcgetattr(self.descriptor)[:4])
        except termios.error:
            return []

    @property
    def left_over(self) -> list[str]:
        """What the program has not put back."""
        return self.screen.left_over + ([] if self._line_modes() == self._modes_before else ["line modes"])

    def wait_end(self, seconds: float = 10.0) -> int | None:
        """Its exit status (negative: the signal that ended it), or None when it is still there after so many seconds."""
        end = time.perf_counter() + seconds
        while self.status is None:
            if self.open:
                self.read(0.01)
            else:
                time.sleep(0.01)
            gone, status = os.waitpid(self.process, os.WNOHANG)
            if gone:
                self.status = os.waitstatus_to_exitcode(status)
                while self.read(0.05):
                    pass
            elif time.perf_counter() >= end:
                break
        return self.status

    def close(self) -> None:
        """End the program, and everything that it started here, by force where it does not go."""
        for number, seconds in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
            if self.wait_end(0.0) is None:
                os.kill(self.process, signal.SIGCONT)
                os.kill(self.process, number)
                self.wait_end(seconds)
        self.vanish()
        for other in Path("/proc").glob("[0-9]*"):
            try:
                if os.getsid(int(other.name)) == self.process:
                    os.kill(int(other.name), signal.SIGKILL)
            except OSError:
                continue
