"""The command `plan`: a request from its arguments, the plan checked, and handed out as text, PDF, HTML, JSON or paper."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from db import read
from db.read import Connection
from decide import settings
from decide.checker import Remark, check, overridden, stops
from decide.errors import DeliveryError, InputError
from decide.files import write_whole
from decide.plan import Plan, Request, build
from decide.record import Record
from decide.sheet import Sheet, sheet
from decide.sheet_text import render
from decide.text import visible

DONE, NO = 0, 1
# The options that mend what the checker stops at.
OPTIONS = {
    "clinic": "--emergency-number NUMBER, kept for next time",
    "cleared": "--cleared-by WHO --cleared-on DATE",
    "exercises": "--exercise ID",
    "workarounds": "--workaround ID",
}


def plan(db: Connection, folder: Path, arguments: argparse.Namespace) -> int:
    """Build, check and deliver a plan; `folder` holds the clinic's settings. Exit status 1 when the checker stops it."""
    kept = settings.load(folder)
    case = _record(db, arguments) if arguments.case is not None or arguments.finding or arguments.absent else None
    request = _request(arguments, kept, case)
    made = build(db, request, case)
    remarks = check(db, made)
    if stopped := stops(made, remarks):
        return _refuse(db, made, stopped, arguments.json)
    printed = sheet(made, remarks)
    for message in _save(printed, arguments, kept):
        print(visible(message), file=sys.stderr)
    job = _print(printed, arguments, kept) if arguments.print is not None else None
    text = render(printed)
    if arguments.json:
        print(json.dumps(_json(made, remarks, text, job.id if job else None), ensure_ascii=False, indent=2))
    elif job is None and arguments.text is arguments.pdf is arguments.html is None:
        print(visible(text, keep="\n\f"), end="")
    for remark in remarks:
        if remark.level == "warn":
            print(visible(f"note: {remark.text}"), file=sys.stderr)
    if arguments.emergency_number and not kept.emergency_number:
        print(visible(f"note: {_keep_number(folder, made.emergency_number)}"), file=sys.stderr)
    return _follow(job, arguments.wait) if job else DONE


def _keep_number(folder: Path, number: str) -> str:
    """Keep the emergency number; says whether that was done. The plan is out by now, so a failure is no error."""
    try:
        settings.save(folder, emergency_number=number)
    except (InputError, DeliveryError) as error:
        return f"this emergency number is not kept for the next sheets: {error}"
    return "this emergency number is kept for the next sheets"


def _record(db: Connection, arguments: argparse.Namespace) -> Record:
    """The case that the plan is for: the file's, with what --finding and --not say beside it, its dangers too."""
    from decide.answer import Reasoner
    from decide.case import Case, case_from
    from decide.case_commands import read_case
    from decide.record import record

    reasoner = Reasoner(db)
    case = read_case(reasoner, arguments.case) if arguments.case is not None else Case()
    beside = case_from({"present": arguments.finding, "absent": arguments.absent}, reasoner.vocabulary)
    for option, names, others, word in (
        ("--finding", beside.present, case.absent, "absent"),
        ("--not", beside.absent, case.present, "present"),
    ):
        if against := [name for name in names if name in others]:
            raise InputError(f"{option} {against[0]}: '{against[0]}' is {word} in the case; keep one of the two")
    answers = (*((name, True) for name in beside.present), *((name, False) for name in beside.absent))
    return record(reasoner, reasoner.answer_beside(case, answers), _day(arguments.date, "--date") or date.today())


def _day(text: str | None, option: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {visible(text)} is no date; write it as YYYY-MM-DD") from None


def _exercise(text: str) -> tuple[str, dict[str, str]]:
    name, _, rest = text.partition(":")
    changes: dict[str, str] = {}
    for part in filter(None, rest.split(",")):
        key, mark, value = part.partition("=")
        if not mark:
            raise InputError(f"--exercise {visible(text)}: write a dose as field=amount, like {name}:sets=2,reps=10")
        if key.strip() in changes:
            raise InputError(f"--exercise {visible(text)}: '{visible(key.strip())}' is given twice; give it once")
        changes[key.strip()] = value.strip()
    return name, changes


def _request(arguments: argparse.Namespace, kept: settings.Settings, case: Record | None) -> Request:
    return Request(
        conditions=tuple(arguments.conditions),
        phase=arguments.phase or "",
        exercises=tuple(map(_exercise, arguments.exercise)) if arguments.exercise else None,
        workarounds=tuple(arguments.workaround) if arguments.workaround else None,
        movements=tuple(dict.fromkeys((*arguments.movement, *(case.movements if case else ())))),
        concerns=tuple(arguments.concern),
        side=arguments.side or (case.side if case else ""),
        label=arguments.label,
        contact=arguments.contact if arguments.contact is not None else kept.contact,
        emergency_number=arguments.emergency_number if arguments.emergency_number is not None else kept.emergency_number,
        follow_up=arguments.follow_up,
        goal=arguments.goal,
        pain_limit=int(kept.pain_limit) if arguments.pain_limit is None and kept.pain_limit else arguments.pain_limit,
        cleared_by=arguments.cleared_by,
        cleared_on=_day(arguments.cleared_on, "--cleared-on"),
        reason=arguments.override,
        day=_day(arguments.date, "--date"),
    )


def _refuse(db: Connection, made: Plan, stopped: tuple[Remark, ...], as_json: bool) -> int:
    """Say why nothing is printed and what opens it, or what there is instead. Returns the exit status."""
    for remark in stopped:
        option = f" ({OPTIONS[remark.mend]})" if remark.mend in OPTIONS else ""
        print(visible(f"decide: not printed: {remark.text}{option}"), file=sys.stderr)
    instead: list[str] = []
    if any(remark.level == "refuse" for remark in stopped):
        suspected = made.record.suspected if made.record else ()
        instead = [name for name in suspected if (found := read.condition(db, name)) and found.grave][:1]
        sheets = f"the go-now sheet (decide plan {instead[0]}) and " if instead else ""
        print(f"decide: no override opens this; use {sheets}decide letter", file=sys.stderr)
    else:
        print("decide: mend what is named, or print it all the same with --override REASON", file=sys.stderr)
    if as_json:
        blocked = {"blocked": [remark.text for remark in stopped]}
        print(json.dumps(blocked | ({"instead": instead} if instead else {}), ensure_ascii=False, indent=2))
    return NO


def _save(printed: Sheet, arguments: argparse.Namespace, kept: settings.Settings) -> Iterator[str]:
    """Write the files that were asked for, each whole or not at all."""
    paper = arguments.paper or kept.paper or "a4"
    if arguments.text is not None:
        write_whole(Path(arguments.text), render(printed))
        yield f"saved: {arguments.text}"
    if arguments.html is not None:
        from decide.sheet_html import html

        write_whole(Path(arguments.html), html(printed, large=_large(arguments, kept)))
        yield f"saved: {arguments.html}"
    if arguments.pdf is not None:
        from decide.sheet_pdf import pdf

        write_whole(Path(arguments.pdf), pdf(printed, paper, large=_large(arguments, kept)))
        yield f"saved: {arguments.pdf}"


def _print(printed: Sheet, arguments: argparse.Namespace, kept: settings.Settings) -> Any:
    from decide import printing
    from decide.sheet_pdf import pdf

    paper: printing.Paper = "letter" if (arguments.paper or kept.paper) == "letter" else "a4"
    kind: printing.Kind = "pdf"
    try:
        document = pdf(printed, paper, large=_large(arguments, kept))
    except DeliveryError as error:
        print(visible(f"note: printed as plain text: {error}"), file=sys.stderr)
        document, kind = render(printed).encode(), "text"
    two_sided = not (arguments.one_sided or kept.one_sided)
    queue = arguments.print or kept.queue
    return printing.send(document, printed.title, queue, paper, two_sided=two_sided, kind=kind)


def _large(arguments: argparse.Namespace, kept: settings.Settings) -> bool:
    return bool(arguments.large or kept.large)


def _follow(job: Any, seconds: float) -> int:
    from decide import printing

    last = printing.follow(job, lambda state: print(visible(state.text), file=sys.stderr), seconds=seconds)
    return DONE if last.name in ("printed", "queued") else NO


def _json(made: Plan, remarks: tuple[Remark, ...], text: str, job: str | None) -> dict[str, Any]:
    return {
        "kind": "go-now" if made.urgent else "plan",
        "conditions": [condition.id for condition in made.conditions],
        "phase": made.phase,
        "side": made.side,
        "label": made.label,
        "date": made.day.isoformat(),
        "exercises": [
            {
                "id": planned.exercise.id,
                "label": planned.exercise.label,
                "dose": dataclasses.asdict(planned.dose),
                "changed": planned.changed,
                "dose_source": planned.dose_source.id,
            }
            for planned in made.exercises
        ],
        "workarounds": [
            {"treatment": row.treatment.id, "movement": row.movement.id if row.movement else None}
            for row in made.workarounds
        ],
        "concerns": [concern.id for concern in made.concerns],
        "remarks": [dataclasses.asdict(remark) for remark in remarks],
        "overrides": list(overridden(made, remarks)),
        "sources": [citation.id for citation in made.citations()],
        "knowledge": {"version": made.about.version, "hash": made.about.hash},
        "job": job,
        "text": text,
    }
