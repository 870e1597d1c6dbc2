"""A self-care plan as values: what goes on the sheet, chosen from the knowledge base, and what the checker says of it.

For an emergency or urgent condition there is no plan but a go-now sheet: what is suspected, where to go and how soon,
what to watch on the way. Nothing opens exercises then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from db import read
from db.read import Bar, Citation, Claim, Condition, Connection, Exercise, Movement, Treatment
from db.readability import grade
from decide.errors import InputError
from decide.knowledge import named_conditions
from decide.strength import WEIGHT
from decide.text import visible

USUAL_EXERCISES = 3
MANY_EXERCISES, MOST_EXERCISES = 5, 8
USUAL_WORKAROUNDS, USUAL_ADVICE = 4, 5
SIDES = ("left", "right", "both")
DOSE_FIELDS = ("sets", "reps", "hold_seconds", "duration_minutes", "times_a_day", "days_a_week")
DOSE_ALIASES = {"hold": "hold_seconds", "minutes": "duration_minutes", "times": "times_a_day", "days": "days_a_week"}
# More than this is a slip of the finger.
MOST = {"sets": 20, "reps": 100, "hold_seconds": 600, "duration_minutes": 180, "times_a_day": 24, "days_a_week": 7}
AMOUNT = re.compile(r"(up to )?[0-9]{1,3}|[0-9]{1,3} ?(to|-) ?[0-9]{1,3}")
LONGEST = {"label": 60, "contact": 120, "emergency_number": 40, "follow_up": 120}
HARDEST_GRADE = 8.0


@dataclass(frozen=True)
class Dose:
    """How much: digits or ranges ("8 to 12"); empty where neither the source nor the practitioner says."""

    sets: str = ""
    reps: str = ""
    hold_seconds: str = ""
    duration_minutes: str = ""
    times_a_day: str = ""
    days_a_week: str = ""


@dataclass(frozen=True)
class PlannedExercise:
    exercise: Exercise
    dose: Dose
    changed: bool
    steps: tuple[read.Step, ...]
    texts: tuple[Claim, ...]
    dose_source: Citation

    def of(self, topic: str) -> str:
        """The texts on one topic (why, feel, stop, ...), joined."""
        return " ".join(claim.text for claim in self.texts if claim.topic == topic)


@dataclass(frozen=True)
class Workaround:
    movement: Movement | None
    treatment: Treatment
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Request:
    """What the practitioner asks for. `None` for exercises, work-arounds or advice means the usual choice."""

    conditions: tuple[str, ...]
    exercises: tuple[tuple[str, dict[str, str]], ...] | None = None
    workarounds: tuple[str, ...] | None = None
    advice: tuple[int, ...] | None = None
    movements: tuple[str, ...] = ()
    side: str = ""
    label: str = ""
    contact: str = ""
    emergency_number: str = ""
    follow_up: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Remark:
    """What the checker says: block (no printing without an override), warn, or check (a question to settle first)."""

    level: str
    text: str


@dataclass(frozen=True)
class Plan:
    """Everything on the sheet. `go_now` is set for a go-now sheet, which has no exercises."""

    conditions: tuple[Condition, ...]
    go_now: tuple[tuple[Condition, tuple[Claim, ...]], ...]
    exercises: tuple[PlannedExercise, ...]
    workarounds: tuple[Workaround, ...]
    advice: tuple[Claim, ...]
    explanation: tuple[Claim, ...]
    course: tuple[Claim, ...]
    pain_rules: tuple[Claim, ...]
    emergency_signs: tuple[read.RedFlag, ...]
    clinic_signs: tuple[read.RedFlag, ...]
    about: read.About
    side: str
    label: str
    contact: str
    emergency_number: str
    follow_up: str
    day: date
    remarks: tuple[Remark, ...] = ()
    overrides: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        return bool(self.go_now)

    @property
    def blocked(self) -> tuple[str, ...]:
        """The reasons that stop printing."""
        return tuple(remark.text for remark in self.remarks if remark.level == "block")

    def citations(self) -> tuple[Citation, ...]:
        """Every source behind the sheet but for its warning signs, each once, in the order of the sheet."""
        claims = [*(claim for _, claims in self.go_now for claim in claims), *self.explanation, *self.advice, *self.course]
        cited = [citation for claim in claims for citation in claim.citations]
        for planned in self.exercises:
            cited.append(planned.dose_source)
            cited += [citation for claim in planned.texts for citation in claim.citations]
        cited += [citation for claim in self.pain_rules for citation in claim.citations]
        cited += [citation for workaround in self.workarounds for citation in workaround.citations]
        return _once(cited)

    def sign_citations(self) -> tuple[Citation, ...]:
        """The sources of the warning signs on the sheet."""
        return _once(c for flag in (*self.emergency_signs, *self.clinic_signs) for c in flag.citations)


def _once(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    seen: dict[str, Citation] = {}
    for citation in citations:
        if citation.source is not None:
            seen.setdefault(citation.source.id, citation)
    return tuple(seen.values())


@dataclass
class Choices:
    """Everything that may go on a plan for these conditions, the usual ones first."""

    exercises: list[Exercise] = field(default_factory=list)
    usual: int = 0
    workarounds: list[Workaround] = field(default_factory=list)
    usual_workarounds: int = 0
    advice: list[Claim] = field(default_factory=list)

    @property
    def usual_advice(self) -> int:
        return min(USUAL_ADVICE, len(self.advice))


def parse_dose(exercise: str, changes: dict[str, str]) -> dict[str, str]:
    """Dose changes with full field names, checked. Raises InputError for a field or amount that cannot be."""
    dose: dict[str, str] = {}
    for name, value in changes.items():
        full = DOSE_ALIASES.get(name, name)
        if full not in DOSE_FIELDS:
            raise InputError(
                f"{exercise}: unknown dose field '{name}'; known: sets, reps, hold (seconds), minutes, "
                "times (a day), days (a week)"
            )
        if value and not AMOUNT.fullmatch(value):
            raise InputError(f"{exercise}: {name} must be a number or a range like 8 to 12, not '{visible(value)}'")
        amounts = [int(number) for number in re.findall(r"[0-9]+", value)]
        upper = max(amounts, default=1)
        if amounts != sorted(amounts):
            raise InputError(f"{exercise}: {name} {value} runs backwards; write the smaller number first")
        if upper > MOST[full] or (value and upper == 0):
            raise InputError(f"{exercise}: {name} cannot be {value}")
        dose[full] = re.sub(r"(?<=[0-9]) ?(-|to) ?", " to ", value)
    return dose


def _conditions(db: Connection, names: Sequence[str]) -> tuple[Condition, ...]:
    if not names:
        raise InputError("name at least one condition; see: decide list conditions")
    return named_conditions(db, dict.fromkeys(names))


def _barred(bars: Iterable[Bar], conditions: Sequence[Condition]) -> dict[str, list[Bar]]:
    """The bars that hold for these conditions, by treatment, one for each condition."""
    names = {condition.id for condition in conditions}
    found: dict[str, dict[str, Bar]] = {}
    for bar in bars:
        if bar.condition in names:
            found.setdefault(bar.treatment, {}).setdefault(str(bar.condition), bar)
    return {treatment: list(by_condition.values()) for treatment, by_condition in found.items()}


def choices(db: Connection, names: Sequence[str], movements: Sequence[str] = ()) -> Choices:
    """What may go on a plan for these conditions: exercises that serve them, work-arounds, advice. Best first.

    What is barred for one of the conditions is left out. `movements` are those that this person finds hard; without
    them the movements that the conditions dislike most are taken. One emergency or urgent condition leaves nothing.
    """
    conditions = _conditions(db, names)
    if any(condition.grave for condition in conditions):
        return Choices()
    found = Choices(*_offered_exercises(db, conditions))
    wanted = list(movements) or _disliked(db, conditions)
    pairs = read.workarounds(db, wanted)
    barred = _barred(read.bars(db, [treatment.id for _, treatment in pairs]), conditions)
    by_id = {movement.id: movement for movement in read.movements(db)}
    first: list[Workaround] = []
    later: list[Workaround] = []
    seen: set[str] = set()
    covered: set[str] = set()
    for movement, treatment in sorted(pairs, key=lambda pair: (wanted.index(pair[0]), pair[1].offer != "yes")):
        if treatment.id in seen or treatment.id in barred:
            continue
        seen.add(treatment.id)
        row = Workaround(by_id[movement], treatment, tuple(read.treatment_citations(db, treatment.id)))
        (later if movement in covered else first).append(row)
        covered.add(movement)
    found.workarounds = first + later
    found.usual_workarounds = min(USUAL_WORKAROUNDS, len(first))
    texts: set[str] = set()
    named = {workaround.treatment.id for workaround in found.workarounds[: found.usual_workarounds]}
    per_condition = [read.condition_claims(db, condition.id, "self_care") for condition in conditions]
    for position in range(max(map(len, per_condition), default=0)):
        for claims in per_condition:
            if position < len(claims) and claims[position].text not in texts:
                claim = claims[position]
                if claim.treatment is None or claim.treatment not in named:
                    texts.add(claim.text)
                    found.advice.append(claim)
    return found


def _offered_exercises(db: Connection, conditions: Sequence[Condition]) -> tuple[list[Exercise], int]:
    """The exercises that serve these conditions and are barred for none of them; the first so many are the usual ones."""
    names = [condition.id for condition in conditions]
    served: dict[str, set[str]] = {}
    exercises: dict[str, Exercise] = {}
    for condition, _, exercise in read.exercises_for(db, names):
        served.setdefault(exercise.id, set()).add(condition)
        exercises[exercise.id] = exercise
    barred = _barred(read.bars(db, list(exercises)), conditions)
    offered = [name for name in exercises if name not in barred]
    usual = [name for name in read.template(db, names, read.phases(db, names)[0]) if name in offered][:USUAL_EXERCISES]
    rest = sorted((name for name in offered if name not in usual), key=lambda name: -len(served[name]))
    return [exercises[name] for name in (*usual, *rest)], len(usual)


def _disliked(db: Connection, conditions: Sequence[Condition]) -> list[str]:
    """The everyday movements that these conditions dislike, the most disliked first."""
    complaints = {movement.id for movement in read.movements(db) if movement.complaint}
    total: dict[str, float] = {}
    for condition in conditions:
        best: dict[str, float] = {}
        for link in read.movement_links(db, [condition.id]):
            if link.relation in ("aggravates", "hinders") and link.id in complaints and link.strength != "against":
                best[link.id] = max(best.get(link.id, 0), WEIGHT[link.strength])
        for name, value in best.items():
            total[name] = total.get(name, 0) + value
    return sorted(total, key=lambda name: -total[name])


def _planned(db: Connection, name: str, changes: dict[str, str]) -> PlannedExercise:
    exercise = read.exercise(db, name)
    if exercise is None:
        raise InputError(f"unknown exercise '{name}'; see: decide list exercises")
    changed = parse_dose(name, changes)
    stated = {key: getattr(exercise, key) for key in DOSE_FIELDS}
    dose = Dose(**{**stated, **changed})
    source = read.source(db, exercise.dose_source) if exercise.dose_source else None
    return PlannedExercise(
        exercise,
        dose,
        any(stated[key] != value for key, value in changed.items()),
        tuple(read.steps(db, name)),
        tuple(read.exercise_claims(db, name)),
        Citation(source),
    )


def _line(name: str, value: str) -> str:
    value = visible(" ".join(value.split()) if value.isprintable() else value.replace("\n", " ").strip())
    if len(value) > LONGEST[name]:
        raise InputError(f"the {name.replace('_', ' ')} is longer than {LONGEST[name]} characters; shorten it")
    return value


def build(db: Connection, request: Request) -> Plan:
    """The plan, or the go-now sheet, for a request, with the checker's remarks. Raises InputError."""
    conditions = _conditions(db, request.conditions)
    if request.side and request.side not in SIDES:
        raise InputError(f"side must be left, right or both, not '{visible(request.side)}'")
    for movement in request.movements:
        if read.movement(db, movement) is None:
            raise InputError(f"unknown movement '{movement}'; see: decide list movements")
    flags = read.red_flags(db)
    urgent = [condition for condition in conditions if condition.grave]
    if urgent and request.exercises:
        raise InputError(
            f"{urgent[0].label} is {urgent[0].urgency}: it gets a go-now sheet and no exercises; leave --exercise out"
        )
    plan = Plan(
        conditions=conditions,
        go_now=tuple((condition, tuple(read.condition_claims(db, condition.id, "go_now"))) for condition in urgent),
        exercises=(),
        workarounds=(),
        advice=(),
        explanation=tuple(
            claim
            for condition in (urgent or conditions)
            for claim in read.condition_claims(db, condition.id, "patient")[:2]
        ),
        course=(),
        pain_rules=(),
        emergency_signs=tuple(flag for flag in flags if flag.stop_box == "emergency"),
        clinic_signs=tuple(flag for flag in flags if flag.stop_box == "clinic"),
        about=read.about(db),
        side=request.side,
        label=_line("label", request.label),
        contact=_line("contact", request.contact),
        emergency_number=_line("emergency_number", request.emergency_number),
        follow_up=_line("follow_up", request.follow_up),
        day=request.day or date.today(),
    )
    if not urgent:
        plan = _fill(db, plan, request)
    return replace(plan, remarks=tuple(_remarks(db, plan)))


def _fill(db: Connection, plan: Plan, request: Request) -> Plan:
    offered = choices(db, [condition.id for condition in plan.conditions], request.movements)
    wanted = request.exercises
    if wanted is None:
        wanted = tuple((exercise.id, {}) for exercise in offered.exercises[: offered.usual])
    if len({name for name, _ in wanted}) < len(wanted):
        raise InputError("an exercise is named twice; name it once, with its whole dose")
    workarounds = offered.workarounds[: offered.usual_workarounds]
    if request.workarounds is not None:
        known = {row.treatment.id: row for row in offered.workarounds}
        workarounds = []
        for name in request.workarounds:
            if name not in known:
                treatment = read.treatment(db, name)
                if treatment is None or not treatment.patient or treatment.offer == "no":
                    raise InputError(f"'{name}' is no work-around that can be printed; see: decide list treatments")
                movements = read.movements_of_treatment(db, name)
                known[name] = Workaround(
                    movements[0] if movements else None, treatment, tuple(read.treatment_citations(db, name))
                )
            workarounds.append(known[name])
    advice = offered.advice[: offered.usual_advice]
    if request.advice is not None:
        advice = [offered.advice[place] for place in request.advice if 0 <= place < len(offered.advice)]
    course = [
        claim
        for condition in plan.conditions
        for claim in read.condition_claims(db, condition.id, "course")
        if claim.audience == "patient"
    ]
    return replace(
        plan,
        exercises=tuple(_planned(db, name, changes) for name, changes in wanted),
        workarounds=tuple(workarounds),
        advice=tuple(advice),
        course=tuple(course[:2]),
        pain_rules=tuple(read.pain_rules(db)) if wanted else (),
    )


def _remarks(db: Connection, plan: Plan) -> list[Remark]:
    remarks = []
    if plan.urgent:
        if not plan.emergency_number:
            remarks.append(Remark("warn", "no emergency number given; the sheet has a blank to write it in"))
        return remarks
    count = len(plan.exercises)
    if count > MOST_EXERCISES:
        remarks.append(Remark("block", f"{count} exercises; at most {MOST_EXERCISES} fit what a person can do"))
    elif count >= MANY_EXERCISES:
        remarks.append(Remark("warn", f"{count} exercises; two or three get done where many do not"))
    names = {planned.exercise.id: planned.exercise.label for planned in plan.exercises}
    names |= {row.treatment.id: row.treatment.label for row in plan.workarounds}
    bars = read.bars(db, list(names))
    for treatment, barred in _barred(bars, plan.conditions).items():
        for bar in barred:
            remarks.append(Remark("block", f"{names[treatment]} is not for {bar.label}: {bar.reason}"))
    questions: dict[str, list[str]] = {}
    for bar in bars:
        if bar.finding:
            questions.setdefault(f"{bar.label}: {bar.reason}", []).append(names[bar.treatment])
    for text, treatments in questions.items():
        remarks.append(Remark("check", f"{', '.join(dict.fromkeys(treatments))}: not with {text}"))
    for planned in plan.exercises:
        missing = [
            word
            for word, value in (
                ("how often a day", planned.dose.times_a_day),
                ("days a week", planned.dose.days_a_week),
                ("how many", planned.dose.reps or planned.dose.duration_minutes or planned.dose.hold_seconds),
            )
            if not value
        ]
        if missing:
            remarks.append(Remark("warn", f"{planned.exercise.label}: {', '.join(missing)} not set; the sheet has a blank"))
    if not plan.emergency_number:
        remarks.append(Remark("warn", "no emergency number given; the sheet has a blank to write it in"))
    if not plan.contact:
        remarks.append(Remark("warn", "no contact given; the sheet has a blank to write it in"))
    if not plan.follow_up:
        remarks.append(Remark("warn", "no follow-up given; the sheet has a blank to write it in"))
    for name, text in (("follow-up", plan.follow_up), ("label", plan.label)):
        if text and len(text.split()) > 5 and grade(text) > HARDEST_GRADE:
            remarks.append(Remark("warn", f"the {name} reads at grade {grade(text)}; plainer words are kinder"))
    return remarks
