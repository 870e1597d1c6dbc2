"""The printer: through the system's `lp`, with what becomes of the job said truthfully."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from decide.errors import DeliveryError

SECONDS_TO_ANSWER = 20
MEDIA = {"a4": "A4", "letter": "Letter"}


@dataclass(frozen=True)
class Job:
    id: str
    queue: str


@dataclass(frozen=True)
class State:
    """What is known of a job: queued, printed, stopped or gone, and the words for it. `over` when no more will come."""

    name: str
    text: str
    over: bool


def _run(command: list[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    if shutil.which(command[0]) is None:
        raise DeliveryError(
            f"there is no '{command[0]}' here, so nothing can be printed; save the plan with --text FILE, or install CUPS"
        )
    try:
        return subprocess.run(
            command,
            input=text,
            capture_output=True,
            timeout=SECONDS_TO_ANSWER,
            check=False,
            encoding="utf-8",
            errors="replace",
            # The answers are read here, so they must come in English; the sheet itself is UTF-8 all the same.
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""},
        )
    except subprocess.TimeoutExpired as error:
        raise DeliveryError(
            f"'{command[0]}' did not answer in {SECONDS_TO_ANSWER} seconds; save the plan with --text FILE"
        ) from error
    except OSError as error:
        raise DeliveryError(
            f"'{command[0]}' could not be run ({error.strerror}); save the plan with --text FILE"
        ) from error


def queues() -> list[str]:
    """The printer queues of this machine, by name; none when there is no printing system or no printer."""
    if shutil.which("lpstat") is None:
        return []
    return _run(["lpstat", "-e"]).stdout.split()


def default_queue() -> str | None:
    """The system's default queue, if it has one."""
    if shutil.which("lpstat") is None:
        return None
    found = re.search(r":\s*(\S+)\s*$", _run(["lpstat", "-d"]).stdout)
    return found.group(1) if found else None


def send(text: str, title: str, queue: str = "", paper: str = "a4") -> Job:
    """Hand a plain text to a queue, the default one when none is named. Raises DeliveryError; nothing is printed then."""
    known = queues()
    if not known and shutil.which("lp") is not None:
        raise DeliveryError("no printer is set up on this machine; save the plan with --text FILE")
    chosen = queue or default_queue() or (known[0] if len(known) == 1 else "")
    if known and not chosen:
        raise DeliveryError(f"there is no default printer; name one of: {', '.join(known)}")
    if known and chosen not in known:
        raise DeliveryError(f"there is no printer '{chosen}'; name one of: {', '.join(known)}")
    command = ["lp", "-d", chosen, "-t", title, "-o", f"media={MEDIA[paper]}", "-o", "cpi=12", "-"]
    answer = _run(command, text)
    if answer.returncode != 0:
        reason = " ".join(answer.stderr.split()) or "no reason given"
        raise DeliveryError(f"the printer '{chosen}' refused the job: {reason}; choose another or save with --text FILE")
    found = re.search(r"request id is (\S+)", answer.stdout)
    return Job(found.group(1) if found else "", chosen)


def state(job: Job) -> State:
    """What has become of a job."""
    if not job.id:
        return State("queued", f"sent to the queue {job.queue}; the system gave no job number to follow", True)
    waiting = _run(["lpstat", "-W", "not-completed", "-o", job.queue])
    if waiting.returncode != 0:
        reason = " ".join(waiting.stderr.split()) or "the queue does not answer"
        return State("gone", f"the printer {job.queue} cannot be asked any more: {reason}", True)
    if any(line.split()[:1] == [job.id] for line in waiting.stdout.splitlines()):
        printer = _run(["lpstat", "-p", job.queue]).stdout
        if "disabled" in printer or "stopped" in printer:
            return State("stopped", f"waiting: the printer {job.queue} is stopped", False)
        return State("queued", f"sent to the queue {job.queue} as {job.id}", False)
    done = _run(["lpstat", "-W", "completed", "-l", "-o", job.queue]).stdout
    block = re.search(rf"^{re.escape(job.id)}\b.*(?:\n[ \t]+.*)*", done, re.MULTILINE)
    alerts = block.group() if block else ""
    if "job-completed-successfully" in alerts:
        return State("printed", f"printed on {job.queue}", True)
    if "canceled" in alerts or "cancelled" in alerts:
        return State("stopped", f"stopped: the job {job.id} was cancelled", True)
    if "aborted" in alerts:
        return State("stopped", f"stopped: the printer {job.queue} gave up on {job.id}", True)
    if block:
        return State("printed", f"done on {job.queue}; the printer says no more", True)
    return State("gone", f"the job {job.id} is no longer in the queue; whether it printed is not known", True)


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
    """Take a job out of its queue. Raises DeliveryError when the printing system refuses."""
    answer = _run(["cancel", job.id])
    if answer.returncode != 0:
        raise DeliveryError(f"the job {job.id} could not be cancelled: {' '.join(answer.stderr.split())}")
