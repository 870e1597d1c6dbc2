"""The safety screen: which warning rules a case trips, what that asks for, and which safety questions are answered.

Rules are content (`db/knowledge/screening.toml`). What is not known trips nothing and clears nothing: until the safety
questions are answered a case is not screened, whatever else it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from db import read
from db.read import Connection, Rule, SafetyQuestion
from db.terms import Line, parse_line
from decide.case import Answer, Case, Facts

# How soon, from a rule's urgency; and from the urgency class of the condition that leads.
WITHIN = {"emergency": "now", "same-day": "same-day", "days": "days", "two-weeks": "two-weeks"}
LEADING_WITHIN = {"emergency": "same-day", "urgent": "days"}
# The urgencies of rules, the most urgent first.
ORDER = ("emergency", "same-day", "days", "two-weeks", "clinic")
SOON = {
    "now": "now",
    "same-day": "the same day",
    "days": "within days",
    "two-weeks": "within two weeks",
}
# Words for a disposition, as a person in a hurry reads them.
DISPOSITION = {
    "emergency": "EMERGENCY",
    "urgent": "URGENT",
    "routine": "Routine appointment",
    "self-care": "Self-care with safety net",
}


class Trip(NamedTuple):
    """A rule that a case trips, and the answers that tripped it: finding ids and fields like age>=66."""

    rule: Rule
    because: tuple[str, ...]

    @property
    def escalates(self) -> bool:
        return self.rule.tier == "escalates"


class Asked(NamedTuple):
    """A safety question and what is known of it: yes, no, not able, or None (not asked)."""

    question: SafetyQuestion
    answer: Answer | None


class Screening(NamedTuple):
    """What the safety screen says of a case. `trips` are the rules tripped, the most urgent first."""

    trips: tuple[Trip, ...]
    questions: tuple[Asked, ...]

    @property
    def escalating(self) -> tuple[Trip, ...]:
        return tuple(trip for trip in self.trips if trip.escalates)

    @property
    def urgency(self) -> str | None:
        """The most urgent urgency of the rules that escalate."""
        return self.escalating[0].rule.urgency if self.escalating else None

    @property
    def must_exclude(self) -> tuple[str, ...]:
        """The conditions that a tripped rule names, the most urgent rule's first."""
        return tuple(dict.fromkeys(name for trip in self.trips for name in trip.rule.suspects))

    @property
    def denied(self) -> frozenset[str]:
        """The findings of the safety questions that were answered no or not able."""
        answered = (asked for asked in self.questions if asked.answer in ("no", "not able"))
        return frozenset(name for asked in answered for name in asked.question.findings)

    @property
    def asked(self) -> int:
        return sum(asked.answer in ("yes", "no") for asked in self.questions)

    @property
    def of(self) -> int:
        return len(self.questions)

    @property
    def screened(self) -> bool:
        """Whether every safety question that applies was answered yes or no."""
        return self.asked == self.of

    @property
    def unasked(self) -> tuple[SafetyQuestion, ...]:
        return tuple(asked.question for asked in self.questions if asked.answer is None)


class Parsed(NamedTuple):
    """A rule and its lines, read from their text once."""

    rule: Rule
    when: tuple[Line, ...]
    unless: tuple[Line, ...]
    despite: tuple[Line, ...]

    def stood_down(self, known: Facts) -> bool:
        """Whether something that is known stands the rule down."""
        return any(known.meets(line) for line in self.unless) and not any(known.meets(line) for line in self.despite)


class Screen:
    """The rules and questions of the knowledge base, each read when first asked for."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    @cached_property
    def questions(self) -> tuple[SafetyQuestion, ...]:
        return tuple(read.safety_questions(self._db))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(read.rules(self._db))

    @cached_property
    def parsed(self) -> tuple[Parsed, ...]:
        return tuple(
            Parsed(rule, *(tuple(map(parse_line, lines)) for lines in (rule.when, rule.unless, rule.despite)))
            for rule in self.rules
        )

    @cached_property
    def _called_for(self) -> dict[str, tuple[tuple[Line, ...], tuple[Line, ...]]]:
        """For each question the lines that call for it, and those that spare it."""
        return {
            question.id: (tuple(map(parse_line, question.when)), tuple(map(parse_line, question.unless)))
            for question in self.questions
        }

    def _applies(self, question: SafetyQuestion, known: Facts) -> bool:
        """Whether a question is asked in this case: of everyone, where the case calls for it, or where it was answered."""
        if known.known(question.finding):
            return True
        when, unless = self._called_for[question.id]
        return all(map(known.meets, when)) and not any(map(known.meets, unless))

    def of(self, known: Facts) -> Screening:
        """The screening of a case whose facts are given."""
        # Every rule has a line that something known must meet: of nobody, none can trip, and none need be read.
        trips = [] if known.case.empty else [trip for parsed in self.parsed if (trip := _trip(parsed, known))]
        trips.sort(key=lambda trip: ORDER.index(trip.rule.urgency))
        questions = tuple(
            Asked(question, _answer(question, known)) for question in self.questions if self._applies(question, known)
        )
        return Screening(tuple(trips), questions)


def _trip(parsed: Parsed, known: Facts) -> Trip | None:
    if parsed.stood_down(known):
        return None
    if not all(known.meets(line) for line in parsed.when):
        return None
    because = dict.fromkeys(
        str(term) for line in parsed.when for option in line.options if all(map(known.holds, option)) for term in option
    )
    return Trip(parsed.rule, tuple(because))


def _answer(question: SafetyQuestion, known: Facts) -> Answer | None:
    """What is known of a safety question. Any of what it asks for answers it with yes; only its own finding with no."""
    if any(name in known.present for name in question.findings):
        return "yes"
    if question.finding in known.absent:
        return "no"
    return "not able" if question.finding in known.case.not_able else None


def answer_question(case: Case, question: SafetyQuestion, answer: Answer | None) -> Case:
    """The case with a safety question answered. Yes affirms its finding; no denies all that its words ask for."""
    if answer == "no":
        for name in question.findings:
            if case.answer(name) != "yes":
                case = case.answered(name, "no")
        return case
    for name in question.findings[1:]:
        if case.answer(name) == "no":
            case = case.answered(name, None)
    return case.answered(question.finding, answer)


def disposition(screening: Screening, leading: str | None, must_exclude: Sequence[str]) -> tuple[str, str | None]:
    """What to do and how soon: (emergency, urgent, routine or self-care; now, same-day, days, two-weeks or None).

    The most urgent rule decides. Without one the urgency class of the condition that leads and fits well (`leading`)
    decides: an emergency that leads without any sign that makes it one is seen the same day, an urgent one within days.
    Without that either the case is routine, and while any rule is tripped or anything must be excluded (`must_exclude`)
    it is never self-care.
    """
    if urgency := screening.urgency:
        return ("emergency" if urgency == "emergency" else "urgent"), WITHIN[urgency]
    if leading in LEADING_WITHIN:
        return "urgent", LEADING_WITHIN[leading]
    if leading == "self-care" and (screening.trips or must_exclude):
        return "routine", None
    return leading or "routine", None


def pinned(screening: Screening, leading: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What must be excluded: what tripped rules name, then leading candidates (id, urgency) that are grave."""
    grave = [name for name, urgency in leading if urgency in ("emergency", "urgent")]
    return tuple(dict.fromkeys((*screening.must_exclude, *grave)))
