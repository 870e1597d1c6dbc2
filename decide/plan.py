"""A self-care plan as values: what goes on the sheet, chosen from the knowledge base. What stops it: decide/checker.py.

For an emergency or urgent condition there is no plan but a go-now sheet: what is suspected, where to go and how soon,
what to watch on the way. Nothing opens exercises then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from db import dose as doses
from db import read
from db.read import Citation, Claim, Concern, Condition, Connection, Exercise, Frame, Movement, Treatment
from db.terms import MOST_PAIN, PHASES
from decide.chart import Picture, pictures
from decide.errors import InputError
from decide.knowledge import named_conditions
from decide.record import Record
from decide.strength import WEIGHT
from decide.text import visible

# What a plan starts with, and how many texts explain each condition.
USUAL_EXERCISES, USUAL_WORKAROUNDS, USUAL_ADVICE, EXPLAINED = 2, 3, 3, 1
SIDES = ("left", "right", "both")
DOSE_ALIASES = {"hold": "hold_seconds", "minutes": "duration_minutes", "times": "times_a_day", "days": "days_a_week"}
# More than this is a slip of the finger.
MOST = {"sets": 20, "reps": 100, "hold_seconds": 600, "duration_minutes": 180, "times_a_day": 24, "days_a_week": 7}
LONGEST = {
    "label": 60,
    "contact": 120,
    "recipient": 120,
    "emergency_number": 40,
    "follow_up": 120,
    "goal": 60,
    "cleared_by": 80,
    "reason": 300,
}


@dataclass(frozen=True)
class Dose:
    """How much: what db/dose.py takes as an amount; empty where neither the source nor the practitioner says."""

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
    frames: tuple[Frame, ...]

    def of(self, topic: str) -> str:
        """The texts on one topic (why, feel, stop, ...), joined."""
        return " ".join(claim.text for claim in self.texts if claim.topic == topic)


@dataclass(frozen=True)
class Offered:
    """A work-around that may go on a plan, and the movement that it is for."""

    movement: Movement | None
    treatment: Treatment


@dataclass(frozen=True)
class Workaround(Offered):
    """A work-around on a plan, with its sources and its figure."""

    citations: tuple[Citation, ...]
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Request:
    """What the practitioner asks for. `None` for exercises, work-arounds or advice means the usual choice.

    `phase` is settle, build or maintain; empty means the phase that the conditions' first template is for. `answers` are
    findings asked before printing, each True or False. `concerns` are the ids of worries that the person has. `pain_limit`
    is the most pain (0 to 10) that is all right; None prints words alone. `cleared_by` and `cleared_on` say who saw an
    urgent case, and when. `reason` is why it is printed against the checker.
    """

    conditions: tuple[str, ...]
    phase: str = ""
    exercises: tuple[tuple[str, dict[str, str]], ...] | None = None
    workarounds: tuple[str, ...] | None = None
    advice: tuple[int, ...] | None = None
    movements: tuple[str, ...] = ()
    answers: tuple[tuple[str, bool], ...] = ()
    concerns: tuple[str, ...] = ()
    side: str = ""
    label: str = ""
    contact: str = ""
    emergency_number: str = ""
    follow_up: str = ""
    goal: str = ""
    pain_limit: int | None = None
    cleared_by: str = ""
    cleared_on: date | None = None
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Barred:
    """What a finding bars on a plan: the id of the exercise or work-around, its name on the sheet, and why."""

    treatment: str
    label: str
    reason: str


@dataclass(frozen=True)
class CheckQuestion:
    """A finding that would bar something on this plan: what it bars and why, and what was answered (None: not asked)."""

    finding: str
    label: str
    question: str
    bars: tuple[Barred, ...]
    answer: bool | None


@dataclass(frozen=True)
class Plan:
    """Everything on the sheet. `go_now` is set for a go-now sheet, which has no exercises. `charts` show where it hurts."""

    conditions: tuple[Condition, ...]
    phase: str
    go_now: tuple[tuple[Condition, tuple[Claim, ...]], ...]
    exercises: tuple[PlannedExercise, ...]
    workarounds: tuple[Workaround, ...]
    advice: tuple[Claim, ...]
    concerns: tuple[Concern, ...]
    explanation: tuple[Claim, ...]
    course: tuple[Claim, ...]
    keep_doing: tuple[Claim, ...]
    step_up: tuple[Claim, ...]
    step_back: tuple[Claim, ...]
    pain_rules: tuple[Claim, ...]
    pain_limits: tuple[Claim, ...]
    pain_limit: int | None
    emergency_signs: tuple[read.RedFlag, ...]
    clinic_signs: tuple[read.RedFlag, ...]
    questions: tuple[CheckQuestion, ...]
    contested: tuple[tuple[str, read.Contradiction], ...]
    about: read.About
    record: Record | None
    charts: tuple[Picture, ...]
    side: str
    label: str
    contact: str
    emergency_number: str
    follow_up: str
    follow_up_claim: Claim | None
    one_thing: Claim | None
    goal: str
    cleared_by: str
    cleared_on: date | None
    reason: str
    day: date

    @property
    def urgent(self) -> bool:
        return bool(self.go_now)

    def citations(self) -> tuple[Citation, ...]:
        """Every source behind the sheet but for its warning signs, each once, in the order of the sheet."""
        claims = [*(claim for _, claims in self.go_now for claim in claims), *self.explanation, *self.advice, *self.course]
        claims += [*self.keep_doing, *self.step_up, *self.step_back, *(concern.claim for concern in self.concerns)]
        claims += [claim for claim in (self.one_thing, self.follow_up_claim) if claim]
        cited = [citation for claim in claims for citation in claim.citations]
        for planned in self.exercises:
            cited.append(planned.dose_source)
            cited += [citation for claim in planned.texts for citation in claim.citations]
        cited += [citation for claim in self.pain_rules for citation in claim.citations]
        cited += [citation for workaround in self.workarounds for citation in workaround.citations]
        return once(cited)

    def sign_citations(self) -> tuple[Citation, ...]:
        """The sources of the warning signs on the sheet."""
        return once(c for flag in (*self.emergency_signs, *self.clinic_signs) for c in flag.citations)


def once(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each source once, in the order given; citations without a source fall out."""
    seen: dict[str, Citation] = {}
    for citation in citations:
        if citation.source is not None:
            seen.setdefault(citation.source.id, citation)
    return tuple(seen.values())


@dataclass
class Choices:
    """Everything that may go on a plan for these conditions, the usual ones first."""

    phase: str = ""
    phases: tuple[str, ...] = ()
    exercises: list[Exercise] = field(default_factory=list)
    usual: int = 0
    workarounds: list[Offered] = field(default_factory=list)
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
        if full not in doses.FIELDS:
            raise InputError(
                f"{exercise}: unknown dose field '{name}'; known: sets, reps, hold (seconds), minutes, "
                "times (a day), days (a week)"
            )
        if value and not doses.is_amount(full, value):
            raise InputError(f"{exercise}: {name} must be {doses.wanted(full)}, not '{visible(value)}'")
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


def choices(
    db: Connection,
    names: Sequence[str],
    movements: Sequence[str] = (),
    phase: str = "",
    present: Collection[str] = (),
) -> Choices:
    """What may go on a plan for these conditions: exercises that serve them, work-arounds, advice. Best first.

    What is barred for one of the conditions is left out. `movements` are those that this person finds hard; without
    them the movements that the conditions dislike most are taken. `phase` chooses the template whose exercises come
    first; empty means the first one. What a finding in `present` bars is offered, but never among the usual. One
    emergency or urgent condition leaves nothing.
    """
    conditions = _conditions(db, names)
    if any(condition.grave for condition in conditions):
        return Choices()
    if phase and phase not in PHASES:
        raise InputError(f"the phase must be one of {', '.join(PHASES)}, not '{visible(phase)}'")
    phases = read.phases(db, [condition.id for condition in conditions])
    if not phases:
        raise InputError(f"no plan is known for {', '.join(condition.label for condition in conditions)}; refer, or ask")
    phase = phase or phases[0]
    found = Choices(phase, tuple(phases), *_offered_exercises(db, conditions, phase, present))
    found.workarounds, found.usual_workarounds = _offered_workarounds(db, conditions, movements, present)
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


def _offered_workarounds(
    db: Connection, conditions: Sequence[Condition], movements: Sequence[str], present: Collection[str]
) -> tuple[list[Offered], int]:
    """The work-arounds for these movements, one for each movement first; the first so many are the usual ones.

    Without movements: those that the conditions name, then those for the movements that they dislike most.
    """
    wanted = list(movements) or _disliked(db, conditions)
    pairs = sorted(read.workarounds(db, wanted), key=lambda pair: (wanted.index(pair[0]), pair[1].offer != "yes"))
    chosen = [] if movements else read.usual_workarounds(db, [condition.id for condition in conditions])
    names = [*(treatment.id for treatment in chosen), *(treatment.id for _, treatment in pairs)]
    barred = read.barred(db, names, [condition.id for condition in conditions], ())
    by_id = {movement.id: movement for movement in read.movements(db)}
    rows: dict[str, tuple[str, Treatment]] = {}
    for treatment in chosen:
        helps = [movement.id for movement in read.movements_of_treatment(db, treatment.id)]
        rows[treatment.id] = min(helps, key=lambda name: wanted.index(name) if name in wanted else len(wanted)), treatment
    covered = {movement for movement, _ in rows.values()}
    later = []
    for movement, treatment in pairs:
        if treatment.id in rows or treatment.id in barred:
            continue
        if movement in covered:
            later.append((movement, treatment))
        else:
            covered.add(movement)
            rows[treatment.id] = movement, treatment
    unfit = read.barred(db, names, (), present)
    fit = [row for row in rows.values() if row[1].id not in unfit | barred]
    rest = [row for row in (*rows.values(), *later) if row not in fit and row[1].id not in barred]
    usual = min(len(chosen) or USUAL_WORKAROUNDS, USUAL_WORKAROUNDS, len(fit))
    offered = {treatment.id: (movement, treatment) for movement, treatment in (*fit, *rest)}
    return [Offered(by_id[movement], treatment) for movement, treatment in offered.values()], usual


def _workaround(db: Connection, offered: Offered) -> Workaround:
    name = offered.treatment.id
    cited, frames = tuple(read.treatment_citations(db, name)), tuple(read.figure(db, name))
    return Workaround(offered.movement, offered.treatment, cited, frames)


def _offered_exercises(
    db: Connection, conditions: Sequence[Condition], phase: str, present: Collection[str]
) -> tuple[list[Exercise], int]:
    """The exercises that serve these conditions and are barred for none of them; the first so many are the usual ones."""
    names = [condition.id for condition in conditions]
    served: dict[str, set[str]] = {}
    exercises: dict[str, Exercise] = {}
    rows = read.exercises_for(db, names)
    for condition, _, exercise in rows:
        served.setdefault(exercise.id, set()).add(condition)
        exercises[exercise.id] = exercise
    barred = read.barred(db, list(exercises), names, ())
    offered = [name for name in exercises if name not in barred]
    named = read.template(db, names, phase)
    if not named:
        # No template for this phase: what serves it, the most shared first.
        named = [exercise.id for _, when, exercise in rows if when == phase]
    unfit = read.barred(db, list(exercises), (), present)
    usual = [name for name in dict.fromkeys(named) if name in offered and name not in unfit][:USUAL_EXERCISES]
    # Where this person's findings bar part of the template, what serves the same conditions takes its place.
    spare = (name for name in offered if name not in usual and name not in unfit)
    usual += list(islice(spare, max(0, min(USUAL_EXERCISES, len(named)) - len(usual))))
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
    stated = {key: getattr(exercise, key) for key in doses.FIELDS}
    dose = Dose(**{**stated, **changed})
    source = read.source(db, exercise.dose_source) if exercise.dose_source else None
    return PlannedExercise(
        exercise,
        dose,
        any(stated[key] != value for key, value in changed.items()),
        tuple(read.steps(db, name)),
        tuple(read.exercise_claims(db, name)),
        Citation(source),
        tuple(read.figure(db, name)),
    )


def one_line(name: str, value: str) -> str:
    """What was typed for `name`, made safe to print. Raises InputError when it is too long."""
    value = visible(" ".join(value.split()) if value.isprintable() else value.replace("\n", " ").strip())
    if len(value) > LONGEST[name]:
        raise InputError(f"the {name.replace('_', ' ')} is longer than {LONGEST[name]} characters; shorten it")
    return value


def build(db: Connection, request: Request, record: Record | None = None, offered: Choices | None = None) -> Plan:
    """The plan, or the go-now sheet, for a request; `record` is the case it is for. Raises InputError for what cannot be.

    `offered` is what the request was chosen from, whose order its advice counts in; without it that is found here.

    A plan is always made, so that it can be looked at; whether it may be printed is for decide/checker.py to say.
    """
    conditions = _conditions(db, request.conditions)
    if request.side and request.side not in SIDES:
        raise InputError(f"side must be left, right or both, not '{visible(request.side)}'")
    for movement in request.movements:
        if read.movement(db, movement) is None:
            raise InputError(f"unknown movement '{movement}'; see: decide list movements")
    if request.pain_limit is not None and not 0 <= request.pain_limit <= MOST_PAIN:
        raise InputError(f"the pain limit must be 0 to {MOST_PAIN}, not {request.pain_limit}")
    day = request.day or date.today()
    if request.cleared_on and request.cleared_on > day:
        raise InputError(f"the case cannot have been cleared on {request.cleared_on}, after the sheet's date {day}")
    flags = read.red_flags(db)
    urgent = [condition for condition in conditions if condition.grave]
    if urgent and request.exercises:
        raise InputError(
            f"{urgent[0].label} is {urgent[0].urgency}: it gets a go-now sheet and no exercises; leave --exercise out"
        )
    follow_up = one_line("follow_up", request.follow_up)
    own_follow_up = _only(db, conditions, "follow_up")
    usual_follow_up = own_follow_up or next(iter(read.sheet_claims(db, "follow_up")), None)
    plan = Plan(
        conditions=conditions,
        phase="",
        go_now=tuple((condition, tuple(read.condition_claims(db, condition.id, "go_now"))) for condition in urgent),
        exercises=(),
        workarounds=(),
        advice=(),
        concerns=(),
        explanation=tuple(
            claim
            for condition in (urgent or conditions)
            for claim in read.condition_claims(db, condition.id, "patient")[:EXPLAINED]
        ),
        course=(),
        keep_doing=(),
        step_up=(),
        step_back=(),
        pain_rules=(),
        pain_limits=(),
        pain_limit=request.pain_limit,
        emergency_signs=tuple(flag for flag in flags if flag.stop_box == "emergency"),
        clinic_signs=tuple(flag for flag in flags if flag.stop_box == "clinic"),
        questions=(),
        contested=(),
        about=read.about(db),
        record=record,
        charts=pictures(db, set(record.regions)) if record else (),
        side=request.side,
        label=one_line("label", request.label),
        contact=one_line("contact", request.contact),
        emergency_number=one_line("emergency_number", request.emergency_number),
        follow_up=follow_up or (usual_follow_up.text if usual_follow_up and not urgent else ""),
        follow_up_claim=None if follow_up else usual_follow_up,
        one_thing=_only(db, conditions, "one_thing"),
        goal=one_line("goal", request.goal),
        cleared_by=one_line("cleared_by", request.cleared_by),
        cleared_on=request.cleared_on,
        reason=one_line("reason", request.reason),
        day=day,
    )
    return plan if urgent else _fill(db, plan, request, offered)


def _only(db: Connection, conditions: Sequence[Condition], topic: str) -> Claim | None:
    """What a plan for one condition alone says in its own words on a topic; of several conditions none speaks for all."""
    return next(iter(read.condition_claims(db, conditions[0].id, topic)), None) if len(conditions) == 1 else None


def _fill(db: Connection, plan: Plan, request: Request, offered: Choices | None) -> Plan:
    if offered is None:
        present = {name for name, has in request.answers if has} | (plan.record.present if plan.record else frozenset())
        offered = choices(db, [condition.id for condition in plan.conditions], request.movements, request.phase, present)
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
                known[name] = Offered(movements[0] if movements else None, treatment)
            workarounds.append(known[name])
    advice = offered.advice[: offered.usual_advice]
    if request.advice is not None:
        advice = [offered.advice[place] for place in request.advice if 0 <= place < len(offered.advice)]
    known_concerns = {concern.id: concern for concern in read.concerns(db)}
    for name in request.concerns:
        if name not in known_concerns:
            raise InputError(f"unknown concern '{visible(name)}'; known: {', '.join(known_concerns)}")

    def of(topic: str) -> tuple[Claim, ...]:
        found = [claim for condition in plan.conditions for claim in read.condition_claims(db, condition.id, topic)]
        return tuple(claim for claim in found if topic != "course" or claim.audience == "patient")

    exercises = tuple(_planned(db, name, changes) for name, changes in wanted)
    placed = tuple(_workaround(db, row) for row in workarounds)
    return replace(
        plan,
        phase=offered.phase,
        exercises=exercises,
        workarounds=placed,
        advice=tuple(advice),
        concerns=tuple(known_concerns[name] for name in dict.fromkeys(request.concerns)),
        course=of("course"),
        keep_doing=of("keep_doing"),
        step_up=of("step_up") if wanted else (),
        step_back=of("step_back") if wanted else (),
        pain_rules=_pain_rules(db, plan.conditions) if wanted else (),
        pain_limits=tuple(read.sheet_claims(db, "pain_limit")) if wanted else (),
        questions=_questions(db, plan.record, exercises, placed, dict(request.answers)),
        contested=_contested(db, exercises, placed),
    )


def _contested(
    db: Connection, exercises: Sequence[PlannedExercise], workarounds: Sequence[Workaround]
) -> tuple[tuple[str, read.Contradiction], ...]:
    """What is on the plan although sources disagree about it: its label, and the disagreement."""
    labels = {planned.exercise.id: planned.exercise.label for planned in exercises}
    labels |= {row.treatment.id: row.treatment.label for row in workarounds}
    return tuple((label, found) for name, label in labels.items() for found in read.contradictions(db, treatment_id=name))


def _pain_rules(db: Connection, conditions: Sequence[Condition]) -> tuple[Claim, ...]:
    """The rule on pain. One condition's own line stands in place of the general one of its role; of several conditions
    each own line stands beside the general one, with its condition named."""
    general = read.sheet_claims(db, "pain_rule")
    own = [(one, read.condition_claims(db, one.id, "pain_rule")) for one in conditions]
    if len(conditions) == 1:
        instead = {claim.role: claim for _, claims in own for claim in claims}
        return tuple(instead.get(claim.role, claim) for claim in general)
    named = [claim._replace(text=f"For {one.lay_label.lower()}: {claim.text}") for one, claims in own for claim in claims]
    return tuple(found for claim in general for found in (claim, *(row for row in named if row.role == claim.role)))


def _questions(
    db: Connection,
    record: Record | None,
    exercises: Sequence[PlannedExercise],
    workarounds: Sequence[Workaround],
    answers: dict[str, bool],
) -> tuple[CheckQuestion, ...]:
    """The findings that would bar something of this plan, in the order of the plan, with what is known of each."""
    names = {planned.exercise.id: planned.exercise.lay_label for planned in exercises}
    names |= {row.treatment.id: row.treatment.lay_label for row in workarounds}
    barred: dict[str, dict[Barred, None]] = {}
    for bar in read.bars(db, list(names)):
        if bar.finding:
            barred.setdefault(bar.finding, {})[Barred(bar.treatment, names[bar.treatment], bar.reason)] = None
    known = dict.fromkeys(record.present, True) | dict.fromkeys(record.absent, False) if record else {}
    found = []
    for finding, reasons in barred.items():
        asked = read.finding(db, finding)
        if asked is not None:
            answer = answers.get(finding, known.get(finding))
            found.append(CheckQuestion(finding, asked.label, asked.question, tuple(reasons), answer))
    return tuple(found)
