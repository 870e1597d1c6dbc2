"""The referral letter and the note for the record: plain text of 80 columns, from one answered case.

It says what was found, which flags were asked and what was answered, what is suspected and how soon, and leaves lines
for what only the sender knows. It names no diagnosis and no drug.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from decide.answer import Answer, Reasoner
from decide.case import Case
from decide.report import WIDTH, screened_words
from decide.screening import SOON
from decide.text import visible, wrap

BLANK = "." * 40
URGENCY = {
    "emergency": "EMERGENCY",
    "urgent": "URGENT",
    "routine": "Routine",
    "self-care": "Routine",
}
SEXES = {"f": "woman", "m": "man"}
YOUNG_SEXES = {"f": "girl", "m": "boy"}
ANSWERS = {"yes": "YES", "no": "no", "not able": "not able to ask or test", None: "not asked"}
TRANSFER = (
    "Time symptoms began",
    "Last normal passing of urine (time)",
    "Called (name, number, time)",
    "Transport and time of departure",
    "Time of arrival expected",
    "Reach me at",
)


@dataclass(frozen=True)
class Letter:
    """A letter to a colleague, and a note of four to six lines to paste into the record."""

    text: str
    note: str


def person(case: Case) -> str:
    """Who the case is about: "64-year-old man, left side, over 12 weeks, gradual onset"."""
    sex = (YOUNG_SEXES if case.minor else SEXES).get(case.sex or "", "person")
    who = f"{case.age}-year-old {sex}" if case.age is not None else f"{sex.capitalize()}, age not given"
    durations = {"acute": "under 6 weeks", "subacute": "6 to 12 weeks", "chronic": "over 12 weeks"}
    onsets = {"sudden": "sudden onset", "gradual": "gradual onset", "trauma": "onset with an injury"}
    side = {"left": "left side", "right": "right side", "both": "both sides"}.get(case.side or "", "")
    return ", ".join(filter(None, (who, side, durations.get(case.duration or "", ""), onsets.get(case.onset or "", ""))))


def _listed(reasoner: Reasoner, names: Iterable[str], empty: str) -> str:
    return "; ".join(reasoner.words(name) for name in sorted(names, key=_order(reasoner))) or empty


def _order(reasoner: Reasoner):  # type: ignore[no-untyped-def]
    places = {name: place for place, name in enumerate(reasoner.findings)}
    return lambda name: places.get(name, 0)


def _suspicion(reasoner: Reasoner, answer: Answer) -> str:
    return "; ".join(map(reasoner.label, answer.must_exclude)) or "nothing by the warning rules"


def _leading(answer: Answer) -> str:
    if answer.notice or not answer.ranking.matched:
        return ""
    return "; ".join(one.condition.short_label for one in answer.ranking.leading)


def letter(reasoner: Reasoner, answer: Answer, day: date, label: str = "", contact: str = "") -> Letter:
    """The letter and the note for an answered case. `label` says whose case it is, `contact` who writes."""
    case = answer.case
    label, contact = (visible(" ".join(text.split())) for text in (label, contact))
    soon = f", to be seen {SOON[answer.within]}" if answer.within else ""
    urgency = f"{URGENCY[answer.disposition]}{soon}"
    lines = ["REFERRAL LETTER", "===============", ""]
    for title, value in (
        ("Date", day.isoformat()),
        ("To", BLANK),
        ("From", contact or BLANK),
        ("Person", label or BLANK),
        ("Born", BLANK),
    ):
        lines += wrap(value, WIDTH, f"{title + ':':<10}", " " * 10)
    lines += ["", *wrap(f"{urgency}. {screened_words(answer.screening)}", WIDTH, "Urgency:  ", " " * 10), ""]
    if answer.notice:
        lines += [*wrap(answer.notice, WIDTH), ""]
    lines += wrap(f"{person(case)}, with: {_listed(reasoner, answer.ranking.known.stated, 'nothing recorded')}.", WIDTH)
    lines += ["", "What makes me refer", "-------------------"]
    for trip in answer.screening.escalating:
        because = ", ".join(map(reasoner.words, trip.because))
        basis = " (time limit: editorial)" if trip.rule.urgency_basis == "reviewer" else ""
        lines += wrap(f"{trip.rule.label}{basis}. Found: {because}.", WIDTH, "- ")
    if not answer.screening.escalating:
        lines += wrap("No warning rule that changes the urgency is tripped by what is known.", WIDTH, "- ")
    lines += wrap(_suspicion(reasoner, answer), WIDTH, "Suspected or to exclude: ", "  ")
    if leading := _leading(answer):
        lines += wrap(leading, WIDTH, "Otherwise considered: ", "  ")
    lines += ["", "Warning signs asked", "-------------------"]
    for asked in answer.screening.questions:
        present = [reasoner.words(name) for name in asked.question.findings if name in answer.ranking.known.present]
        which = f" ({'; '.join(present)})" if present else ""
        lines += wrap(f"{asked.question.text} {ANSWERS[asked.answer]}{which}", WIDTH, "- ", "    ")
    lines += [*wrap(screened_words(answer.screening), WIDTH), ""]
    lines += ["Other findings", "--------------"]
    lines += wrap(_listed(reasoner, case.absent, "nothing recorded"), WIDTH, "Absent: ", "  ")
    if case.not_able:
        lines += wrap(_listed(reasoner, case.not_able, ""), WIDTH, "Not able to ask or test: ", "  ")
    informing = [trip for trip in answer.screening.trips if not trip.escalates]
    for trip in informing:
        lines += wrap(f"{trip.rule.label}.", WIDTH, "Noted: ", "  ")
    lines += ["", "What was done", "-------------", *[BLANK * 2] * 3]
    lines += ["", "Transfer", "--------"]
    lines += [f"{title + ':':<38}{BLANK}" for title in TRANSFER]
    lines += ["", *wrap(f"{reasoner.about.safety_net}", WIDTH)]
    lines += wrap(
        "Made with a decision-support program from what is recorded above; it supports judgement and replaces none. "
        f"Knowledge {reasoner.about.version}, {reasoner.about.hash[:12]}. {reasoner.about.review_note}",
        WIDTH,
    )
    lines += ["", f"Signed:   {BLANK}"]
    return Letter("\n".join(lines) + "\n", note(reasoner, answer, day))


def note(reasoner: Reasoner, answer: Answer, day: date) -> str:
    """Four to six lines for the record: who, what was found, the screen, the disposition, what is considered, what next."""
    case = answer.case
    found = _listed(reasoner, answer.ranking.known.stated, "nothing recorded")
    absent = _listed(reasoner, case.absent, "nothing recorded")
    flags = "; ".join(trip.rule.label for trip in answer.screening.escalating) or "none tripped (not the same as safe)"
    soon = f", {SOON[answer.within]}" if answer.within else ""
    lines = [
        f"{day.isoformat()} {person(case)}. Present: {found}. Absent: {absent}.",
        f"{screened_words(answer.screening)} Warning signs: {flags}.",
        f"Disposition: {answer.disposition}{soon}.",
    ]
    if answer.must_exclude:
        lines.append(f"To exclude: {'; '.join(map(reasoner.label, answer.must_exclude))}.")
    if leading := _leading(answer):
        lines.append(f"Considered: {leading} ({answer.ranking.answered} of {answer.ranking.of} telling findings answered).")
    lines.append(f"Safety net given: yes / no. Decision support, knowledge {reasoner.about.version}.")
    return "\n".join(lines) + "\n"
