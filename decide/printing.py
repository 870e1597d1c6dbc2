"""The printer: through the system's `lp`, with what becomes of the job said truthfully.

Where Windows runs, which has no `lp`, the document goes to the program that prints its kind of file there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from decide.errors import DeliveryError
from decide.text import visible

Paper = Literal["a4", "letter"]
Kind = Literal["pdf", "text"]

SECONDS_TO_ANSWER = 20
LONGEST_TITLE = 100  # CUPS drops a title of more than 255 bytes
MOST_COPIES = 99
MEDIA: dict[str, str] = {"a4": "A4", "letter": "Letter"}
OTHER_PAPER = {"a4": "letter", "letter": "a4"}
# For plain text: 80 columns between margins of half an inch, on either paper. Left alone, some drivers set no margin.
TEXT_LAYOUT = ("cpi=12", *(f"page-{side}=36" for side in ("left", "right", "top", "bottom")))
SAVE = "or save the plan with --pdf FILE"

# The options that CUPS itself maps `sides` to, and their choices that turn the paper on its long edge.
DUPLEX_OPTIONS = {"Duplex", "JCLDuplex", "EFDuplex", "EFDuplexing", "KD03Duplex", "sides"}
LONG_EDGE = {"DuplexNoTumble", "LongEdge", "Top", "two-sided-long-edge"}
DUPLEXER = re.compile(r"duplex(er|\W?unit|\W?module)", re.IGNORECASE)
NOT_THERE = {"false", "no", "notinstalled", "uninstalled"}

# What keeps a printer from printing, by its IPP name without -error, -warning or -report. What only warns is left out.
TROUBLES = {
    "connecting-to-device": "not reached yet",
    "cover-open": "its cover is open",
    "cups-missing-filter": "a part of its driver is missing",
    "door-open": "its door is open",
    "input-tray-missing": "its paper tray is missing",
    "interlock-open": "a cover is open",
    "marker-supply-empty": "out of ink or toner",
    "media-empty": "out of paper",
    "media-jam": "paper is stuck",
    "media-needed": "it needs paper",
    "offline": "switched off or not connected",
    "output-area-full": "its output tray is full",
    "output-tray-missing": "its output tray is missing",
    "shutdown": "switched off",
    "timed-out": "it does not answer",
    "toner-empty": "out of toner",
}


@dataclass(frozen=True)
class Queue:
    """A printer queue: whether it takes jobs, and how it is in words ("ready", "paused", "out of paper" ...)."""

    name: str
    default: bool = False
    accepting: bool = True
    state: str = "ready"


@dataclass(frozen=True)
class Abilities:
    """What the options of a queue say: duplex only when they do, and the names of its papers (none when not known)."""

    duplex: bool = False
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A document that a queue took. Without an id it cannot be followed; `note` then says what is known of it."""

    id: str
    queue: str
    note: str = ""


@dataclass(frozen=True)
class State:
    """What is known of a job, and the words for it. `over` when no more will come."""

    name: Literal["queued", "waiting", "printed", "stopped", "gone"]
    text: str
    over: bool


WINDOWS = Queue("Windows", default=True, state="the default printer of Windows")


class _NoAnswerError(Exception):
    """A command that is not there, hangs or cannot be run; the reason as half a sentence."""


@dataclass(frozen=True)
class _Answer:
    status: int
    out: str
    reason: str


def _run(command: list[str], document: bytes = b"") -> _Answer:
    if shutil.which(command[0]) is None:
        raise _NoAnswerError(f"there is no '{command[0]}' here, so nothing can be printed: install CUPS")
    try:
        done = subprocess.run(
            command,
            input=document,
            capture_output=True,
            timeout=SECONDS_TO_ANSWER,
            check=False,
            # The answers are read here, so they must come in English; titles are UTF-8 all the same.
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""},
            # Away from the terminal: a queue that wants a password must fail, not ask in the middle of the screen.
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise _NoAnswerError(f"'{command[0]}' did not answer in {SECONDS_TO_ANSWER} seconds") from error
    except OSError as error:
        raise _NoAnswerError(f"'{command[0]}' could not be run ({error.strerror})") from error
    reason = visible(" ".join(done.stderr.decode(errors="replace").split()))
    return _Answer(done.returncode, done.stdout.decode(errors="replace"), reason)


def _field(block: str, name: str) -> str:
    """One line of a long listing of `lpstat`, such as its alerts."""
    found = re.search(rf"^\s+{name}:(.*)$", block, re.MULTILINE)
    return visible(found.group(1).strip()) if found else ""


def _troubles(alerts: str) -> str:
    bare = (re.sub(r"-(error|warning|report)$", "", alert) for alert in alerts.replace(",", " ").split())
    return ", ".join(dict.fromkeys(TROUBLES[alert] for alert in bare if alert in TROUBLES))


def _printer_words(block: str) -> tuple[str, bool]:
    """How a printer is, from its long listing, and whether that keeps it from printing."""
    head, _, rest = block.partition("\n")
    message = visible(rest.partition("\n")[0].strip())
    if message.startswith("Form mounted:") or message in ("Paused", "reason unknown", "Rendering completed"):
        message = ""
    if re.match(r"printer \S+ disabled\b", head):
        return f"paused ({message})" if message else "paused", True
    if troubles := _troubles(_field(block, "Alerts")):
        return troubles, True
    if re.match(r"printer \S+ now printing\b", head):
        return f"printing ({message})" if message else "printing", False
    return "ready", False


def queues() -> list[Queue]:
    """The printer queues of this machine; none when there is no printing system or no printer.

    Raises DeliveryError when the printing system does not answer.
    """
    if hasattr(os, "startfile"):
        return [WINDOWS]
    if shutil.which("lpstat") is None:
        return []
    try:
        names = list(dict.fromkeys(_run(["lpstat", "-e"]).out.split()))
        if not names:
            return []
        first = re.search(r"^system default destination: (\S+)$", _run(["lpstat", "-d"]).out, re.MULTILINE)
        refused = re.findall(r"^(\S+) not accepting .*\n?(?:[ \t]+(.*))?", _run(["lpstat", "-a"]).out, re.MULTILINE)
        printers = {block.split()[1]: block for block in _blocks(_run(["lpstat", "-l", "-p"]).out, "printer ")}
    except _NoAnswerError as error:
        raise DeliveryError(f"{error}: try again, {SAVE}") from error
    closed = {name: f"takes no jobs ({visible(why)})" if why else "takes no jobs" for name, why in refused}
    found = []
    for name in names:
        # "Office/draft" is the printer Office with options of its own.
        printer = name.partition("/")[0]
        state = closed.get(printer) or _printer_words(printers.get(printer, ""))[0]
        found.append(
            Queue(name, default=first is not None and first[1] == name, accepting=printer not in closed, state=state)
        )
    return found


def _blocks(listing: str, start: str) -> list[str]:
    """A long listing in pieces: each begins with a line that starts with `start` and takes the indented ones after it."""
    return re.findall(rf"^{re.escape(start)}.*(?:\n[ \t]+.*)*", listing, re.MULTILINE)


def abilities(queue: str) -> Abilities:
    """What a queue can do, from its options. May take seconds for a printer on the network; never fails."""
    try:
        listing = _run(["lpoptions", "-p", queue, "-l"]).out
    except _NoAnswerError:
        return Abilities()
    duplex, missing, media = False, False, ()
    for key, label, text in re.findall(r"^([^/\s]+)/([^:\n]*):[ \t]*(.*)$", listing, re.MULTILINE):
        choices = tuple(choice.lstrip("*") for choice in text.split())
        chosen = next((choice[1:] for choice in text.split() if choice.startswith("*")), "")
        if key in DUPLEX_OPTIONS:
            duplex = duplex or not LONG_EDGE.isdisjoint(choices)
        elif DUPLEXER.search(f"{key} {label}") and chosen.lower() in NOT_THERE:
            missing = True
        elif key in ("PageSize", "media"):
            media = choices
    return Abilities(duplex and not missing, media)


def _has_paper(media: tuple[str, ...], paper: Paper) -> bool:
    """Whether a paper is among those of a queue; yes when they are not known or it cuts its own."""
    names = [name.lower() for name in media]
    return not names or any(re.match(rf"((iso|na)_)?{paper}(?![0-9])|custom\.", name) for name in names)


def _choose(queue: str) -> Queue:
    if shutil.which("lp") is None:
        raise DeliveryError(f"there is no 'lp' here, so nothing can be printed: install CUPS, {SAVE}")
    known = queues()
    if not known:
        raise DeliveryError(f"no printer is set up on this machine: set one up, {SAVE}")
    names = ", ".join(visible(one.name) for one in known)
    usual = next((one for one in known if one.default), known[0] if len(known) == 1 else None)
    chosen = next((one for one in known if one.name == queue), None) if queue else usual
    if chosen is None and queue:
        raise DeliveryError(f"there is no printer '{visible(queue)}': name one of {names}, {SAVE}")
    if chosen is None:
        raise DeliveryError(f"there is no default printer: name one of {names}, {SAVE}")
    if not chosen.accepting:
        raise DeliveryError(f"the printer '{visible(chosen.name)}' {chosen.state}: choose another of {names}, {SAVE}")
    return chosen


def _clean(title: str) -> str:
    """A title without control characters and of a length that every printing system takes."""
    shown = "".join(character if character.isprintable() else " " for character in title)
    return " ".join(shown.split())[:LONGEST_TITLE] or "decide"


def send(
    document: bytes,
    title: str,
    queue: str = "",
    paper: Paper = "a4",
    *,
    two_sided: bool = True,
    copies: int = 1,
    kind: Kind = "pdf",
) -> Job:
    """Hand a document (PDF, or UTF-8 text) to a queue, the default one when none is named; gives the job back.

    Two-sided only where the queue has it, since a printer without it drops such a job and says nothing.
    Raises DeliveryError; nothing is printed then.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise DeliveryError(f"{copies} copies cannot be printed: ask for 1 to {MOST_COPIES}, {SAVE}")
    if hasattr(os, "startfile"):
        return _send_on_windows(document, _clean(title), kind)
    chosen = _choose(queue).name
    can = abilities(chosen)
    if not _has_paper(can.media, paper):
        other = OTHER_PAPER[paper]
        raise DeliveryError(
            f"the printer '{visible(chosen)}' has no {MEDIA[paper]} paper: use --paper {other} or another printer, {SAVE}"
        )
    sides = "two-sided-long-edge" if two_sided and can.duplex else "one-sided"
    options = [f"media={MEDIA[paper]}", f"sides={sides}"]
    if kind == "text":
        options += TEXT_LAYOUT
    command = ["lp", "-d", chosen, "-n", str(copies), "-t", _clean(title)]
    try:
        answer = _run([*command, *(word for option in options for word in ("-o", option)), "-"], document)
    except _NoAnswerError as error:
        raise DeliveryError(f"{error}: look into the queue before you print again, {SAVE}") from error
    if answer.status != 0:
        reason = answer.reason or "no reason given"
        raise DeliveryError(f"the printer '{visible(chosen)}' refused the job ({reason}): choose another, {SAVE}")
    found = re.search(r"request id is (\S+)", answer.out)
    return Job(found.group(1) if found else "", chosen)


def _send_on_windows(document: bytes, title: str, kind: Kind) -> Job:
    """Give a file to the program that prints its kind, or that at least opens it.

    That program reads the file after this one has gone on, so the file stays until the next one is printed.
    """
    start: Callable[..., None] = vars(os)["startfile"]
    folder = Path(tempfile.gettempdir()) / "decide-print"
    name = re.sub(r"\W+", "-", title).strip("-") or "decide"
    file = folder / f"{name}.{'pdf' if kind == 'pdf' else 'txt'}"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        file.write_bytes(document)
        try:
            start(str(file), "print")
        except OSError:
            start(str(file))
            return Job("", WINDOWS.name, f"not printed yet: {file.name} is open in its own program; print it there")
    except OSError as error:
        raise DeliveryError(f"Windows cannot print or open {file}: {error.strerror or error}; {SAVE}") from error
    return Job("", WINDOWS.name, "given to Windows, which does not tell what becomes of it: look at the printer")


def state(job: Job) -> State:
    """What has become of a job. Never fails: what cannot be learned is said to be unknown."""
    if not job.id:
        known = job.note or f"sent to the queue {visible(job.queue)}; the system gave no job number to follow"
        return State("queued", known, True)
    try:
        return _ask(job)
    except _NoAnswerError as error:
        return _unknown(job, str(error))


def _unknown(job: Job, reason: str) -> State:
    name = visible(job.queue)
    return State("gone", f"sent to the queue {name} as {job.id}, but whether it printed is not known: {reason}", True)


def _ask(job: Job) -> State:
    name, printer = visible(job.queue), job.id.rpartition("-")[0]
    waiting = _run(["lpstat", "-W", "not-completed", "-l", "-o", printer])
    if "Invalid destination" in waiting.reason:
        return _unknown(job, "this printer is no longer set up")
    if waiting.status != 0:
        return _unknown(job, waiting.reason or "the printing system does not answer")
    for block in _blocks(waiting.out, f"{job.id} "):
        alerts, status = _field(block, "Alerts"), _field(block, "Status")
        if _failed(alerts):
            # A driver that could not make sense of it. The job stays until someone takes it out, but it will not print.
            return State("stopped", f"stopped: {_could_not(job, status)}; it is still in the queue", True)
        if "job-hold" in alerts:
            return State("waiting", f"waiting: the job {job.id} is held in the queue {name}", False)
        listing = _run(["lpstat", "-l", "-p", printer]).out
        words, stuck = _printer_words(listing)
        if stuck:
            return State("waiting", f"waiting: the printer {name} says: {words}", False)
        if re.match(rf"printer \S+ now printing {re.escape(job.id)}\.", listing):
            message = words.removeprefix("printing").strip()
            return State("queued", f"on its way to the printer {name} as {job.id} {message}".rstrip(), False)
        return State("queued", f"sent to the queue {name} as {job.id}{f' ({status})' if status else ''}", False)
    for block in _blocks(_run(["lpstat", "-W", "completed", "-l", "-o", printer]).out, f"{job.id} "):
        return _end(job, _field(block, "Alerts"), _field(block, "Status"))
    return _unknown(job, "the printing system has forgotten the job")


def _failed(alerts: str) -> bool:
    return "aborted" in alerts or "completed-with-errors" in alerts


def _could_not(job: Job, status: str) -> str:
    return f"the printer {visible(job.queue)} could not print {job.id}{f' ({status})' if status else ''}"


def _end(job: Job, alerts: str, status: str) -> State:
    """How a job ended, from the words of the listing of completed jobs, which holds the failed ones too."""
    if "processing-to-stop-point" in alerts:
        # CUPS before 2.4.8 says this of a printed job and of a cancelled one alike. Asked to cancel a job that is over,
        # it changes nothing and answers how the job ended.
        found = re.search(r"already (\w+)", _run(["cancel", job.id]).reason)
        alerts = f"job-{found.group(1)}" if found else ""
        alerts = alerts.replace("job-completed", "job-completed-successfully")
    if "canceled" in alerts or "cancelled" in alerts:
        return State("stopped", f"stopped: the job {job.id} was cancelled", True)
    if _failed(alerts):
        return State("stopped", f"stopped: {_could_not(job, status)}", True)
    if "completed-successfully" in alerts or "completed-with-warnings" in alerts:
        return State("printed", f"printed on {visible(job.queue)}", True)
    return _unknown(job, "the job is over, and the printing system says no more")


def follow(job: Job, tell: Callable[[State], None], seconds: float = 30.0, pause: float = 0.5) -> State:
    """Ask for a job's state until it is over or `seconds` have passed, telling each change. Returns the last state."""
    last = state(job)
    tell(last)
    until = time.monotonic() + seconds
    while not last.over and time.monotonic() < until:
        time.sleep(pause)
        now = state(job)
        if now.text != last.text:
            tell(now)
        last = now
    return last


def cancel(job: Job) -> None:
    """Take a job out of its queue. Raises DeliveryError when the printing system refuses, as for a job that is over."""
    if not job.id:
        raise DeliveryError("this job has no number, so it cannot be cancelled here: stop it at the printer")
    try:
        answer = _run(["cancel", job.id])
    except _NoAnswerError as error:
        raise DeliveryError(f"the job {job.id} could not be cancelled: {error}; stop it at the printer") from error
    if answer.status != 0:
        reason = re.sub(r"^cancel: (cancel-job failed: )?", "", answer.reason) or "no reason given"
        raise DeliveryError(f"the job {job.id} could not be cancelled: {reason}")
