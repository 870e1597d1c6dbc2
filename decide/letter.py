"""The referral letter and the note for the record, as one structure of plain words, from one answered case.

It says what was found, which flags were asked and what was answered, what is suspected and how soon, and leaves lines
for what only the sender knows. It names no diagnosis and no drug. decide/letter_text.py and decide/letter_pdf.py set it;
they choose type and place, never words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db.terms import parse_term
from decide.answer import Answer, Reasoner
from decide.case import broader_findings
from decide.plan import one_line
from decide.record import AskedSign, Record, listed, record
from decide.screening import SOON, Trip

URGENCY = {
    "emergency": "EMERGENCY",
    "urgent": "URGENT",
    "routine": "Routine",
    "self-care": "Routine",
}
ASKED_HEADS = ("Asked", "Answered")
LINES_TO_FILL = 3
TRANSFER = (
    "Time symptoms began",
    "Last normal passing of urine (time)",
    "Called (name, number, time)",
    "Transport and time of departure",
    "Time of arrival expected",
    "Reach me at",
)
REPLY = ("What I ask of you", "Reach me at")


@dataclass(frozen=True)
class Entry:
    """A name and what stands behind it; without a value a line to fill in by hand."""

    what: str
    value: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, in this order; `lines` counts empty lines to fill in by hand."""

    title: str
    bullets: tuple[str, ...] = ()
    asked: tuple[AskedSign, ...] = ()
    entries: tuple[Entry, ...] = ()
    lines: int = 0


@dataclass(frozen=True)
class Letter:
    """A letter to a colleague, and a note of four to six lines to paste into the record."""

    title: str
    day: date
    head: tuple[Entry, ...]
    disposition: str
    urgency: str
    screened: str
    notice: str
    summary: str
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    knowledge: str
    signature: Entry
    note_title: str
    note: tuple[str, ...]

    @property
    def label(self) -> str:
        """Whose letter it is, as on its head."""
        return next(entry.value for entry in self.head if entry.what == "Person")


def letter(
    reasoner: Reasoner, answer: Answer, day: date, label: str = "", contact: str = "", recipient: str = ""
) -> Letter:
    """The letter and the note for an answered case. `label` says whose case it is, `contact` who writes
    and `recipient` to whom.

    Raises InputError when one of them is too long.
    """
    known = record(reasoner, answer, day)
    about = reasoner.about
    soon = f", to be seen {SOON[answer.within]}" if answer.within else ""
    escalated = answer.disposition in ("emergency", "urgent")
    knowledge = f"Knowledge {about.version}, {about.hash[:12]}"
    return Letter(
        title="Referral letter",
        day=day,
        head=(
            Entry("Date", day.isoformat()),
            Entry("To", one_line("recipient", recipient)),
            Entry("From", one_line("contact", contact)),
            Entry("Person", one_line("label", label)),
            Entry("Born"),
        ),
        disposition=answer.disposition,
        urgency=f"{URGENCY[answer.disposition]}{soon}",
        screened=known.screened,
        notice=answer.notice,
        summary=f"{known.person}, with: {listed(known.present_words)}.",
        sections=(
            _reasons(reasoner, answer, known),
            Section("Warning signs asked", asked=known.asked),
            _others(answer, known),
            Section("What was done", lines=LINES_TO_FILL),
            Section("Transfer", entries=tuple(map(Entry, TRANSFER)))
            if escalated
            else Section("Reply", entries=tuple(map(Entry, REPLY))),
        ),
        foot=(
            about.safety_net,
            "Made with a decision-support program from what is recorded above; it supports judgement and replaces none. "
            f"{knowledge}. {about.review_note}",
        ),
        knowledge=knowledge,
        signature=Entry("Signed"),
        note_title="Note for the record",
        note=known.note,
    )


def _reasons(reasoner: Reasoner, answer: Answer, known: Record) -> Section:
    bullets = [_reason(reasoner, answer, trip) for trip in answer.screening.escalating]
    entries = [Entry("Suspected or to exclude", "; ".join(known.must_exclude) or "nothing by the warning rules")]
    if known.otherwise:
        entries.append(Entry("Otherwise considered", "; ".join(known.otherwise)))
    return Section(
        "What makes me refer",
        bullets=tuple(bullets) or ("No warning rule that changes the urgency is tripped by what is known.",),
        entries=tuple(entries),
    )


def _reason(reasoner: Reasoner, answer: Answer, trip: Trip) -> str:
    basis = " (time limit: editorial)" if trip.rule.urgency_basis == "reviewer" else ""
    found = dict.fromkeys(reasoner.words(name) for term in trip.because for name in _said(reasoner, answer, term))
    return f"{trip.rule.label}{basis}. Found: {'; '.join(found)}."


def _said(reasoner: Reasoner, answer: Answer, text: str) -> Iterable[str]:
    """What was said that makes a term of a rule hold: what is narrower than its finding, or else the term itself."""
    term = parse_term(text)
    if term.absent or term.field:
        return (text,)
    stated = answer.ranking.known.stated
    return [name for name in stated if term.finding in broader_findings([name], reasoner.findings)] or (text,)


def _others(answer: Answer, known: Record) -> Section:
    entries = [Entry("Absent", listed(known.absent_words))]
    if known.not_able_words:
        entries.append(Entry("Not able to ask or test", listed(known.not_able_words)))
    entries += [Entry("Noted", f"{trip.rule.label}.") for trip in answer.screening.trips if not trip.escalates]
    entries.append(Entry("Medicines and allergies"))
    return Section("Other findings", entries=tuple(entries))
