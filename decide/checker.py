"""What stops a plan from being printed, and what should be looked at first.

Every plan passes here before it is printed, saved or shown as ready. A block is lifted by mending it, or by a reason
that prints on the practitioner's copy; a refusal by nothing but what it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db import read
from db.read import Connection
from db.readability import SENTENCE_END, WORD, grade
from decide.plan import Plan
from decide.text import plural

MANY_EXERCISES, MOST_EXERCISES = 5, 8
EASY_GRADE, HARDEST_GRADE = 6.0, 8.0
LONGEST_SENTENCE = 15
# Below this many words the formula for the reading grade says little.
ENOUGH_WORDS = 6


@dataclass(frozen=True)
class Remark:
    """What the checker says: refuse, block, check (a question to settle first) or warn.

    `mend` names what mends it: cleared, clinic, details, side, exercises, workarounds, dose, questions or screen; letter
    where nothing does and the letter takes its place. `about` is the exercise, work-around or finding that it is about;
    the text names it as the sheet does.
    """

    level: str
    text: str
    mend: str
    about: str = ""


def check(db: Connection, plan: Plan) -> tuple[Remark, ...]:
    """Everything that there is to say of a plan, the gravest first."""
    order = ("refuse", "block", "check", "warn")
    found = [*_sheet_as_such(plan), *([] if plan.urgent else _plan(db, plan))]
    return tuple(sorted(found, key=lambda remark: order.index(remark.level)))


def stops(plan: Plan, remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """What keeps this plan from being printed: refusals, and blocks for which no reason was given."""
    return tuple(remark for remark in remarks if remark.level == "refuse" or (remark.level == "block" and not plan.reason))


def overridden(plan: Plan, remarks: tuple[Remark, ...]) -> tuple[str, ...]:
    """The blocks that this plan is printed against."""
    return tuple(remark.text for remark in remarks if remark.level == "block" and plan.reason)


def _sheet_as_such(plan: Plan) -> Iterator[Remark]:
    if not plan.emergency_number:
        if plan.urgent:
            yield Remark("warn", "no emergency number is set; the sheet has a blank to write it in", "clinic")
        else:
            yield Remark(
                "block",
                "no emergency number is set, and the box on when to get help needs one; set the clinic's once",
                "clinic",
            )
    if not plan.contact:
        yield Remark("warn", "no contact given; the sheet has a blank to write it in", "clinic")
    for name, text in (("follow-up", plan.follow_up), ("goal", plan.goal)):
        yield from _own_words(f"the {name}", text)


def _own_words(name: str, text: str) -> Iterator[Remark]:
    """What is typed by hand must be as plain as the rest."""
    if len(WORD.findall(text)) < ENOUGH_WORDS:
        return
    reads = grade(text)
    if reads > HARDEST_GRADE:
        yield Remark(
            "block", f"{name} reads at grade {reads:.0f}, the most is {HARDEST_GRADE:.0f}; use plainer words", "details"
        )
    elif reads > EASY_GRADE:
        yield Remark("warn", f"{name} reads at grade {reads:.0f}; {EASY_GRADE:.0f} or less is kinder", "details")


def patient_texts(plan: Plan) -> list[str]:
    """Every text of the sheet that the person reads, in its order."""
    texts = [claim.text for claim in (*plan.explanation, *plan.advice, *plan.course)]
    texts += [claim.text for claim in (*plan.keep_doing, *plan.step_up, *plan.step_back, *plan.pain_rules)]
    texts += [concern.claim.text for concern in plan.concerns]
    for planned in plan.exercises:
        texts += [planned.exercise.start, *(step.text for step in planned.steps), *(claim.text for claim in planned.texts)]
    texts += [row.treatment.patient for row in plan.workarounds]
    return [*texts, *(flag.lay_label for flag in (*plan.emergency_signs, *plan.clinic_signs))]


def _plan(db: Connection, plan: Plan) -> Iterator[Remark]:
    yield from _case(plan)
    count = len(plan.exercises)
    if not count:
        yield Remark("warn", "no exercise is on the plan", "exercises")
    if count > MOST_EXERCISES:
        yield Remark("block", f"{count} exercises; at most {MOST_EXERCISES} fit what a person can do", "exercises")
    elif count >= MANY_EXERCISES:
        yield Remark("warn", f"{count} exercises; two or three get done where many do not", "exercises")
    yield from _bars(db, plan)
    yield from _parts(plan)
    yield from _reading(plan)


def _case(plan: Plan) -> Iterator[Remark]:
    """What the case says of any plan at all."""
    record = plan.record
    if record is None:
        yield Remark("check", "the safety questions have not been asked here", "screen")
        return
    if not record.fully_screened:
        yield Remark("check", record.screened, "screen")
    if record.minor:
        yield Remark("refuse", "Under 18: no plan is made for the young", "letter")
    elif record.disposition == "emergency":
        yield Remark("refuse", f"this case is an emergency ({record.headline}); nothing opens exercises", "letter")
    elif record.disposition == "urgent" and not (plan.cleared_by and plan.cleared_on):
        yield Remark(
            "refuse",
            f"this case is urgent ({record.headline}); a plan can follow once someone has cleared it: say who and when",
            "cleared",
        )
    if not plan.side and record.side:
        yield Remark("warn", f"the case is about the {record.side} side; the sheet does not say so", "side")
    elif {plan.side, record.side} == {"left", "right"}:
        yield Remark("block", f"the case is about the {record.side} side, the sheet is for the {plan.side}", "side")


def _bars(db: Connection, plan: Plan) -> Iterator[Remark]:
    """Everything on the plan against the conditions and against the findings of the case."""
    kinds = {planned.exercise.id: ("exercises", planned.exercise.lay_label) for planned in plan.exercises}
    kinds |= {row.treatment.id: ("workarounds", row.treatment.lay_label) for row in plan.workarounds}
    named = {condition.id for condition in plan.conditions}
    seen = set()
    for bar in read.bars(db, list(kinds)):
        if bar.condition in named and (bar.treatment, bar.condition) not in seen:
            seen.add((bar.treatment, bar.condition))
            mend, label = kinds[bar.treatment]
            yield Remark("block", f"{label} is not for {bar.label}: {bar.reason}", mend, bar.treatment)
    for workaround, exercise in read.clashes(db, list(kinds)):
        labels = f"{kinds[workaround][1]} and {kinds[exercise][1]}"
        yield Remark("warn", f"{labels} speak against each other on one sheet", "workarounds", workaround)
    for question in plan.questions:
        for bars in question.bars:
            if question.answer:
                text = f"{bars.label} is not for this person ({question.label}): {bars.reason}"
                yield Remark("block", text, kinds[bars.treatment][0], bars.treatment)
        if question.answer is None:
            labels = ", ".join(dict.fromkeys(bars.label for bars in question.bars))
            reasons = "; ".join(dict.fromkeys(bars.reason for bars in question.bars))
            yield Remark("check", f"{labels}: not with {question.label}: {reasons}", "questions", question.finding)


def _parts(plan: Plan) -> Iterator[Remark]:
    """What a sheet cannot do without, and what is left blank on it."""
    if not plan.explanation:
        yield Remark("block", "nothing says what this is", "exercises")
    if not plan.emergency_signs or not plan.clinic_signs:
        yield Remark("block", "the box on when to get help is empty", "details")
    if not plan.follow_up:
        yield Remark("block", "nothing says when to come back", "details")
    if plan.exercises and not plan.pain_rules:
        yield Remark("block", "nothing says how much pain is all right", "details")
    for planned in plan.exercises:
        name, label = planned.exercise.id, planned.exercise.lay_label
        lacking = [topic for topic in ("why", "feel", "stop") if not planned.of(topic)]
        lacking += ["start"] if not planned.exercise.start else []
        lacking += ["steps"] if not planned.steps else []
        lacking += ["picture"] if not planned.frames else []
        if lacking:
            yield Remark("block", f"{label} lacks its {', '.join(lacking)}", "exercises", name)
        dose = planned.dose
        unset = [
            word
            for word, value in (
                ("how many", dose.reps or dose.duration_minutes or dose.hold_seconds),
                ("how often a day", dose.times_a_day),
                ("days a week", dose.days_a_week),
            )
            if not value
        ]
        if unset:
            yield Remark("warn", f"{label}: {', '.join(unset)} not set; the sheet has a blank", "dose", name)


def _reading(plan: Plan) -> Iterator[Remark]:
    """How hard the whole sheet is to read, and which sentences are long."""
    texts = patient_texts(plan)
    reads = grade(" ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts))
    if reads > HARDEST_GRADE:
        yield Remark("block", f"the sheet reads at grade {reads:.1f}; the most is {HARDEST_GRADE:.0f}", "exercises")
    elif reads > EASY_GRADE:
        yield Remark("warn", f"the sheet reads at grade {reads:.1f}; {EASY_GRADE:.0f} or less is kinder", "exercises")
    long = [
        part.strip()
        for text in texts
        for part in SENTENCE_END.split(text)
        if len(re.findall(r"\S+", part)) > LONGEST_SENTENCE
    ]
    if long:
        count = plural(len(long), "sentence has", "sentences have")
        yield Remark("warn", f"{count} more than {LONGEST_SENTENCE} words, the first: {long[0]}", "exercises")
