"""A started case outlives the program: kept while it is worked on, and offered again when the program ended under it.

Every running program holds the lock of a slot of its own in the data folder for as long as it lives; the system frees
the lock however the program ends. A slot that holds a case and whose lock is free is an orphan: nobody works on it.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from db.read import Connection
from decide.case import LARGEST_FILE, Case, Vocabulary, as_json, case_from
from decide.errors import DeliveryError, InputError
from decide.files import write_whole
from decide.text import plural, visible

FORM = 1
# Slots in one data folder: far more than windows on a machine; so many left for later is a sign that nobody looks.
SLOTS = 99
TRIES, PAUSE = 10, 0.01
MOST_NAMED = 3
LONGEST_LABEL = 40


@dataclass(frozen=True)
class Started:
    """One person's case as far as it came: the case, the `label` typed for the sheet, the conditions marked, in order.

    `at` is when it was last changed, with its time zone; `knowledge` the version it was worked on with; `left` whether the
    program was left on purpose after that.
    """

    case: Case
    label: str
    marked: tuple[str, ...]
    at: datetime
    knowledge: str
    left: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to lose. A label alone says nothing of anybody."""
        return self.case.empty and not self.marked


@dataclass(frozen=True)
class Orphan:
    """A started case that no running program holds. `unknown` are ids in it that the knowledge no longer has."""

    started: Started
    unknown: tuple[str, ...]
    slot: int
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Found:
    """The orphans, newest first, and one line for each file that could not be read."""

    orphans: tuple[Orphan, ...] = ()
    lines: tuple[str, ...] = ()


class Keeper:
    """Keeps the case of this program in the data folder, and finds those that other runs left behind.

    No method raises: what cannot be done comes back as one line to show, and the work goes on without it. `trouble` is the
    line that `keep` gave back last, empty once the case is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "started"
        self._slot: _Slot | None = None
        self._kept: Started | None = None
        self.trouble = ""

    def keep(self, started: Started) -> str:
        """Keep this in place of what was kept before; an empty case removes it. Writes nothing when nothing changed.

        Returns one line when it fails, once for each trouble, else an empty text.
        """
        same = self._kept == replace(started, at=self._kept.at) if self._kept else started.empty
        if same:
            return ""
        try:
            if started.empty:
                self._clear()
            else:
                self._write(started)
        except (OSError, DeliveryError, InputError) as error:
            line = f"This case is not kept, should the program end: {_reason(error)}; the work itself goes on"
            if line == self.trouble:
                return ""
            self.trouble = line
            return line
        self._kept = None if started.empty else started
        self.trouble = ""
        return ""

    def orphans(self, db: Connection) -> Found:
        """The cases to be offered. A damaged file is set aside, so that it is told of once."""
        try:
            matches = [re.fullmatch(r"([1-9][0-9]?)\.json", path.name) for path in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return Found()
        except OSError as error:
            return Found(lines=(f"Cannot look for started cases in {_shown(self.folder)}: {_reason(error)}",))
        numbers = [int(match[1]) for match in matches if match]
        if self._slot:
            numbers = [number for number in numbers if self._slot and number != self._slot.number]
        if not numbers:
            return Found()
        known = Vocabulary(db)
        orphans, lines = [], []
        for number in numbers:
            with _unless_held(self.folder, number) as free:
                if not free:
                    continue
                path = _file(self.folder, number)
                try:
                    content = _content(path)
                    started, unknown = _parsed(content, known)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    lines.append(f"The started case {_shown(path)} cannot be opened: {_reason(error)}")
                except _NewerError:
                    lines.append(
                        f"The started case {_shown(path)} is of a newer decide; open it with that, or delete the file"
                    )
                except InputError as error:
                    lines.append(_set_aside(path, error))
                else:
                    orphans.append(Orphan(started, unknown, number, content))
        orphans.sort(key=lambda orphan: orphan.started.at, reverse=True)
        return Found(tuple(orphans), tuple(lines))

    def take(self, orphan: Orphan) -> str:
        """Go on with this case: its slot becomes this program's own, and nothing is written.

        What this program itself had kept before is then an orphan. Returns one line when another program was quicker.
        """
        try:
            slot = _patiently_held(self.folder, orphan.slot)
        except OSError:
            # A folder that cannot be written to: the case is in hand, and `keep` says that it is not kept.
            return ""
        if slot is None:
            return "Another window of decide has taken this case"
        if line := _changed(slot, orphan):
            return line
        self.close()
        slot.sweep()
        self._slot, self._kept = slot, orphan.started
        return ""

    def throw_away(self, orphan: Orphan) -> str:
        """Remove this case for good. Returns one line when that cannot be done."""
        try:
            slot = _patiently_held(self.folder, orphan.slot)
            if slot is None:
                return "Another window of decide has taken this case; it is not thrown away"
            if line := _changed(slot, orphan):
                return line
            try:
                slot.clear()
            finally:
                slot.release()
        except OSError as error:
            path = _file(self.folder, orphan.slot)
            return f"Cannot throw away the started case: {_reason(error)}; delete the file {_shown(path)}"
        return ""

    def close(self) -> None:
        """Let go of the slot: what it holds is offered at the next start."""
        if self._slot:
            self._slot.release()
        self._slot, self._kept = None, None

    def _write(self, started: Started) -> None:
        # A data folder moved or deleted under the program took the lock with it.
        if self._slot and not self._slot.still_held():
            self._slot.release()
            self._slot = None
        if self._slot is None:
            self._slot = _claimed(self.folder)
        write_whole(self._slot.file, _written(started))

    def _clear(self) -> None:
        if self._slot and self._slot.still_held():
            self._slot.clear()


# --- in words ---------------------------------------------------------------------------------------------------------


def offer(orphan: Orphan, now: datetime) -> str:
    """What is offered, in one line, or two where ids are unknown: who, how much is known, when. `now` has a time zone."""
    from decide.words import person

    started, case = orphan.started, orphan.started.case
    who = person(replace(case, duration=None, onset=None))
    if label := visible(started.label.strip()):
        short = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 3]}..."
        who += f", labelled {short}"
    answers = len((*case.present, *case.absent, *case.not_able, *case.movements, *case.regions))
    much = [plural(answers, "answer") if answers else "no answers yet"]
    if started.marked:
        much.append(f"{plural(len(started.marked), 'condition')} marked")
    text = f"{who}: {', '.join(much)}; {when(started.at, now)}."
    if unknown := orphan.unknown:
        names = ", ".join(visible(name) for name in unknown[:MOST_NAMED])
        more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
        since = f" (it was knowledge {visible(started.knowledge)})" if started.knowledge else ""
        text += f"\nLeft out, because the knowledge has changed{since}: {names}{more}."
    return text


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def when(at: datetime, now: datetime) -> str:
    """A moment, as the clock on the wall showed it then, and how long ago it was: "today 10:49, 25 minutes ago".

    Both have a time zone.
    """
    days = (now.date() - at.date()).days
    year = f" {at.year}" if at.year != now.year else ""
    day = {0: "today", 1: "yesterday"}.get(days, f"{at.day} {MONTHS[at.month - 1]}{year}")
    moment = f"{day} {at:%H:%M}"
    gone = now - at
    if gone < timedelta(minutes=-1):
        return f"{moment}, which is still to come by this computer's clock"
    if days >= 2:
        return f"{moment}, {days} days ago"
    minutes = max(0, gone // timedelta(minutes=1))
    if minutes < 1:
        return f"{moment}, just now"
    return f"{moment}, {plural(minutes, 'minute') if minutes < 60 else plural(minutes // 60, 'hour')} ago"


# --- the file ---------------------------------------------------------------------------------------------------------


class _NewerError(Exception):
    """The file was written by a later version of the program."""


def _written(started: Started) -> str:
    value = {
        "form": FORM,
        "at": started.at.isoformat(),
        "label": started.label,
        "knowledge": started.knowledge,
        "marked": list(started.marked),
        "left": started.left,
        "case": as_json(started.case),
    }
    return json.dumps(value)


def _parsed(content: bytes, known: Vocabulary) -> tuple[Started, tuple[str, ...]]:
    """What a file holds, without the ids that nothing defines any more, and those ids. Raises InputError, _NewerError."""
    try:
        data = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise InputError("it is no JSON") from None
    if not isinstance(data, dict) or not isinstance(form := data.get("form"), int) or form < FORM:
        raise InputError("it is no started case")
    if form > FORM:
        raise _NewerError
    texts = {name: data.get(name) for name in ("label", "knowledge")}
    marked = data.get("marked")
    names: list[Any] = marked if isinstance(marked, list) else [marked]
    if not all(isinstance(text, str) for text in (*texts.values(), *names)):
        raise InputError("its label, knowledge or marked conditions are not what they must be")
    try:
        at = datetime.fromisoformat(str(data.get("at")))
    except ValueError:
        raise InputError("it does not say when it was kept") from None
    if at.tzinfo is None:
        raise InputError("its time has no time zone")
    part, unknown = _known_part(data.get("case"), known)
    lost = [name for name in names if name not in known.conditions]
    started = Started(
        case=case_from(part, known),
        label=str(texts["label"]),
        marked=tuple(name for name in names if name in known.conditions),
        at=at,
        knowledge=str(texts["knowledge"]),
        left=data.get("left") is True,
    )
    return started, (*unknown, *lost)


def _known_part(data: object, known: Vocabulary) -> tuple[object, tuple[str, ...]]:
    """A decoded case without the ids that are not in the vocabulary, and those ids."""
    if not isinstance(data, dict):
        return data, ()
    part: dict[str, Any] = dict(data)
    unknown: list[str] = []

    def keeps(name: object, ids: Mapping[str, Any]) -> bool:
        if isinstance(name, str) and name not in ids:
            unknown.append(name)
            return False
        return True

    for key, ids in known.kinds.items():
        if isinstance(names := data.get(key), list):
            part[key] = [name for name in names if keeps(name, ids)]
    if isinstance(areas := data.get("areas"), list):
        part["areas"] = [area for area in areas if not (isinstance(area, list) and area and area[0] in unknown)]
    return part, tuple(dict.fromkeys(unknown))


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise InputError("it is too large")
    return content


def _set_aside(path: Path, error: InputError) -> str:
    """Give a file that cannot be read another name, beside the slots; return the line that says so."""
    text = f"The started case {_shown(path)} cannot be read ({error})"
    for number in range(1, SLOTS + 1):
        aside = path.with_name(f"damaged-{number}.json")
        try:
            if not aside.exists():
                path.rename(aside)
                return f"{text}; it is kept as {aside.name} in the same folder: look into it, or delete it"
        except OSError:
            break
    return f"{text}; look into it, or delete it"


# --- slots and their locks --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Slot:
    """A slot whose lock this program holds, through an open file."""

    folder: Path
    number: int
    handle: int

    @property
    def file(self) -> Path:
        return _file(self.folder, self.number)

    def still_held(self) -> bool:
        """Whether the lock is that of the file which others would lock."""
        try:
            return os.path.samestat(os.stat(_lock_file(self.folder, self.number)), os.fstat(self.handle))
        except OSError:
            return False

    def clear(self) -> None:
        self.file.unlink(missing_ok=True)
        self.sweep()

    def sweep(self) -> None:
        """Remove what a program that was killed while it wrote left half written."""
        for path in self.folder.glob(f".{self.file.name}.*"):
            with suppress(OSError):
                path.unlink()

    def release(self) -> None:
        os.close(self.handle)


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number}.json"


def _lock_file(folder: Path, number: int) -> Path:
    """Never removed: a program could then lock the new file while another still holds the old one."""
    return folder / f"{number}.lock"


def _claimed(folder: Path) -> _Slot:
    """A slot that holds no case, with its lock. Raises OSError, and InputError when there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(1, SLOTS + 1):
        slot = _held(folder, number)
        if slot is None:
            continue
        if not os.path.lexists(slot.file):
            slot.sweep()
            return slot
        slot.release()
    raise InputError(f"{SLOTS} started cases wait in {_shown(folder)}; take them up or throw them away")


def _held(folder: Path, number: int) -> _Slot | None:
    """The slot with its lock; None when another program holds it. Raises OSError."""
    handle = os.open(_lock_file(folder, number), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        if _lock(handle):
            return _Slot(folder, number, handle)
    except OSError:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _patiently_held(folder: Path, number: int) -> _Slot | None:
    """As `_held`, past another program that only looks at the slot for a moment."""
    for _ in range(TRIES):
        if slot := _held(folder, number):
            return slot
        time.sleep(PAUSE)
    return None


@contextmanager
def _unless_held(folder: Path, number: int) -> Iterator[bool]:
    """Whether no program holds the slot; nobody takes it in the meantime."""
    path = _lock_file(folder, number)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    except OSError:
        # In a folder that is only to be read, nobody can hold a slot.
        yield True
        return
    try:
        try:
            free = _lock(handle, shared=True)
        except OSError:
            free = True
        yield free
    finally:
        os.close(handle)


def _changed(slot: _Slot, orphan: Orphan) -> str:
    """Why this is not the orphan any more, as a line, with the slot released; an empty text when it is."""
    try:
        if _content(slot.file) == orphan.content:
            return ""
        line = "Another window of decide has gone on with this case since; start again to be offered it as it is now"
    except (OSError, InputError):
        line = "This case is no longer there: another window of decide has finished it or thrown it away"
    slot.release()
    return line


def _lock(handle: int, shared: bool = False) -> bool:
    """Lock an open file until it is closed; False when another program holds it. Raises OSError where locks fail."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def _shown(path: Path) -> str:
    return visible(str(path))


def _reason(error: Exception) -> str:
    """Why something failed and how to mend it, without the advice of a command that names its own file."""
    cause = error if isinstance(error, OSError) else error.__cause__
    if not isinstance(cause, OSError):
        return visible(str(error))
    place = f"{visible(str(cause.filename))}: " if cause.filename else ""
    how = "free some space" if cause.errno in (errno.ENOSPC, errno.EDQUOT) else "choose another folder with --data-dir"
    return f"{place}{cause.strerror or cause}; {how}"
