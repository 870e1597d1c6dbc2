"""The case as it is read back before anything goes on paper: who, what was said, how it was screened, how urgent.

What is missing or odd stands out; how, is for the screen to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decide.answer import Answer, Reasoner
from decide.case import Case
from decide.chart import place_words, places, sided_regions
from decide.record import NOTHING, finding_words
from decide.report import screened_words
from decide.screening import DISPOSITION, SOON, Screening
from decide.words import person

BLANK = "a blank line"
# Without these a letter or a sheet says less of whose it is than it should.
ASKED_OF_ALL = {"age": "age", "sex": "sex", "duration": "how long", "onset": "how it began"}


@dataclass(frozen=True)
class Said:
    """One thing read back: what it is and its words. `stands_out` when it is missing, odd or urgent.

    `mend` names what mends it, as in decide/checker.py; empty where nothing is to be mended.
    """

    what: str
    text: str
    stands_out: bool = False
    mend: str = ""


def case_said(reasoner: Reasoner, answer: Answer, label: str) -> tuple[Said, ...]:
    """The whole case, a thing a line. `label` says whose it is."""
    case = answer.case
    rows = [for_whom(label), Said("Person", person(case))]
    if missing := _missing(case):
        rows.append(Said("Not said", ", ".join(missing), True, "screen"))
    rows += _places(reasoner, case)
    rows += _listed("Brought on", _movements(reasoner, case))
    rows += _listed("Yes", finding_words(reasoner, case.present))
    rows += _listed("No", finding_words(reasoner, case.absent))
    rows += _listed("Not able", finding_words(reasoner, case.not_able))
    if not (case.regions or case.movements or case.present):
        rows.append(Said("Complaint", NOTHING, True))
    return (*rows, *_dangers(reasoner, answer))


def case_in_short(reasoner: Reasoner, answer: Answer, label: str) -> tuple[Said, ...]:
    """The case in few lines, for where something else is read back beside it."""
    case = answer.case
    missing = _missing(case)
    who = f"{person(case)}." + (f" Not said: {', '.join(missing)}." if missing else "")
    parts = [
        *(f"{row.text}." for row in _places(reasoner, case)),
        *(f"{row.what}: {row.text}." for row in _listed("Brought on by", _movements(reasoner, case))),
        *(f"{row.what}: {row.text}." for row in _listed("Yes", finding_words(reasoner, case.present))),
    ]
    # What the safety questions were denied stands in the row of their own.
    safety = answer.screening.denied
    rest = (("no", {*case.absent} - safety), ("not able", {*case.not_able} - safety))
    if counts := [f"{len(names)} {word}" for word, names in rest if names]:
        parts.append(f"{', '.join(counts)}.".capitalize())
    nothing = not (case.regions or case.movements or case.present)
    said = Said("Said", " ".join(parts) or f"{NOTHING.capitalize()}.", nothing or _side_untold(reasoner, case))
    return (
        for_whom(label),
        Said("Person", who, bool(missing), "screen" if missing else ""),
        said,
        *_dangers(reasoner, answer),
    )


def letter_said(recipient: str, contact: str) -> tuple[Said, ...]:
    """To whom a letter goes and from whom."""
    return (
        Said("To", recipient or BLANK, not recipient, "" if recipient else "details"),
        Said("From", contact or BLANK, not contact, "" if contact else "details"),
    )


def for_whom(label: str) -> Said:
    """The name or label of the person."""
    return Said("For", label or f"{BLANK}: no name or label is given", not label, "" if label else "details")


def _missing(case: Case) -> list[str]:
    return [words for name, words in ASKED_OF_ALL.items() if getattr(case, name) is None]


def _side_untold(reasoner: Reasoner, case: Case) -> bool:
    sided = sided_regions(reasoner.db)
    return any(region in sided and not side for region, side in places(reasoner.db, case))


def _places(reasoner: Reasoner, case: Case) -> list[Said]:
    words = place_words(reasoner.db, places(reasoner.db, case))
    untold = _side_untold(reasoner, case)
    return [Said("Hurts", "; ".join(words), untold, "screen" if untold else "")] if words else []


def _movements(reasoner: Reasoner, case: Case) -> list[str]:
    return [reasoner.vocabulary.movements[name].lay_label for name in case.movements]


def _listed(what: str, words: Iterable[str]) -> list[Said]:
    text = "; ".join(words)
    return [Said(what, text)] if text else []


def _dangers(reasoner: Reasoner, answer: Answer) -> list[Said]:
    """How it was screened, how soon it must be seen, and what must be excluded."""
    screening = answer.screening
    rows = [_screened(screening)]
    soon = f", {SOON[answer.within]}" if answer.within else ""
    flags = "".join(f" {trip.rule.label}." for trip in screening.escalating)
    urgent = answer.disposition in ("emergency", "urgent")
    rows.append(Said("Urgency", f"{DISPOSITION[answer.disposition]}{soon}.{flags}", urgent))
    if answer.must_exclude:
        rows.append(Said("Exclude", "; ".join(map(reasoner.label, answer.must_exclude)), True))
    if answer.notice:
        rows.append(Said("Under 18", answer.notice, True))
    return rows


def _screened(screening: Screening) -> Said:
    if not screening.screened:
        return Said("Safety", screened_words(screening), True, "screen")
    yes = sum(asked.answer == "yes" for asked in screening.questions)
    words = f"{yes} yes, {screening.of - yes} no" if yes else "no to all"
    return Said("Safety", f"All {screening.of} safety questions answered: {words}.", bool(yes))
