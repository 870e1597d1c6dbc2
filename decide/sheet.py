"""The sheet: everything that prints, as one structure of plain words, for every output alike.

`sheet` turns a checked plan into it. decide/sheet_text.py, decide/sheet_html.py and decide/sheet_pdf.py set it; they choose
type and place, never words. The patient's copy carries no ranking, no probabilities and no other condition; the
practitioner's copy carries all that stands behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.read import Citation, Claim, Frame, RedFlag
from decide.chart import Picture
from decide.checker import Remark, overridden
from decide.knowledge import review_warning
from decide.plan import Plan, PlannedExercise
from decide.record import Record

# How many sources the patient's copy names: in all, and beside the pain rule.
SHORT_SOURCES, RULE_SOURCES = 6, 3
DIARY_DAYS = 14
BLANK = "_" * 24
SHORT_BLANK = "____"
LONGEST_NAME = 60
# Three or more names, each with its initials: "Katz JN, Zimmerman ZE, Mass H".
MANY_AUTHORS = re.compile(r"[^,;:]+ [A-Z]{1,4}(, [^,;:]+ [A-Z]{1,4}){2,}")
SIDE_WORDS = {"left": "Left side", "right": "Right side", "both": "Both sides"}
PHASE_WORDS = {"settle": "settle the pain", "build": "build up strength", "maintain": "keep what is won"}
LIGHTS = {"go on": ("Green", "Go on"), "do less": ("Amber", "Do less"), "stop": ("Red", "Stop")}
# The headings and labels of every output.
SECTIONS = {
    "summary": "In short",
    "explanation": "What is going on",
    "exercises": "Your exercises",
    "lights": "How much pain is all right",
    "workarounds": "Movements to change for now",
    "advice": "Day by day",
    "course": "What to expect",
    "keep_doing": "Keep doing",
    "step_up": "When it gets easy",
    "step_back": "After a bad day",
    "stop": "Stop and get help",
    "diary": "Diary",
    "practitioner": "For the practitioner (keep this part)",
}
LABELS = {
    "for": "For",
    "date": "Date",
    "from": "From",
    "why": "Why",
    "need": "You need",
    "start": "Start",
    "stop": "When to stop",
    "mistake": "Common mistake",
    "easier": "Easier",
    "harder": "Harder",
    "amount": "How much",
    "emergency_number": "Emergency number",
    "clinic": "Clinic",
    "day": "Day",
    "before": "Pain before, 0 to 10",
    "after": "Pain after, 0 to 10",
    "goal": "My goal",
    "diary_note": "Tick each day what you did. Pain: 0 is none, 10 the worst.",
    "where": "Where to go, and how soon",
    "written": "Written at",
    "sent": "Sent to",
    "transport": "Transport",
    "page": "Page",
    "of": "of",
    "signpost": "Danger signs: page",
    "left_out": "Not on the patient's PDF, for want of room",
    "check": "Check first",
    "characters": "Characters",
    "empty": "This side is empty so that the practitioner's copy starts on a sheet of its own.",
}
GO_NOW_TITLES = (
    ("suspected", "What is suspected"),
    ("where", LABELS["where"]),
    ("watch", "What to watch on the way"),
    ("until", "Until you are seen"),
    ("take", "What to take along"),
)


@dataclass(frozen=True)
class Amount:
    """One part of a dose: what it counts and how many, a blank to write in where nothing is set."""

    what: str
    value: str


@dataclass(frozen=True)
class SheetExercise:
    """One exercise as it prints. `mistake`, `easier` and `harder` print where there is room."""

    number: int
    name: str
    why: str
    need: str
    start: str
    steps: tuple[str, ...]
    feel: str
    dose: tuple[Amount, ...]
    side: str
    stop: str
    mistake: str
    easier: str
    harder: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class SheetWorkaround:
    """A movement to change for now, and what to do instead."""

    movement: str
    text: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Light:
    """One light of the pain rule."""

    colour: str
    title: str
    text: str


@dataclass(frozen=True)
class Titled:
    """A heading with its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Signs:
    """A list of warning signs with what to do when one of them shows."""

    action: str
    signs: tuple[str, ...]


@dataclass(frozen=True)
class GoNow:
    """What a go-now sheet says of one condition."""

    condition: str
    parts: tuple[Titled, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole sheet. A go-now sheet has `go_now` and no exercises; `practitioner` is the copy that stays, with `charts`
    of where it hurts, whose words stand in it already."""

    title: str
    urgent: bool
    side: str
    label: str
    day: str
    contact: str
    emergency_number: str
    summary: tuple[Amount, ...]
    explanation: tuple[str, ...]
    exercises: tuple[SheetExercise, ...]
    lights: tuple[Light, ...]
    lights_note: str
    workarounds: tuple[SheetWorkaround, ...]
    advice: tuple[str, ...]
    course: tuple[str, ...]
    keep_doing: tuple[str, ...]
    step_up: tuple[str, ...]
    step_back: tuple[str, ...]
    emergency: Signs
    clinic: tuple[Signs, ...]
    goal: str
    go_now: tuple[GoNow, ...]
    waiting: tuple[str, ...]
    version: str
    footer: tuple[str, ...]
    practitioner: tuple[Titled, ...]
    charts: tuple[Picture, ...]


def short_citation(citation: Citation) -> str:
    """A source in a few words: author and year, or the title of an article. Of three authors or more the first is named."""
    source = citation.source
    if source is None:
        return "editorial"
    name = source.title if source.kind == "article" or not source.author else source.author.split(" (")[0]
    if MANY_AUTHORS.fullmatch(name):
        name = f"{name.split(',')[0]} et al."
    # A work whose author is not known stands under what it is about, cut where it runs on.
    name = name.strip("[]")
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rsplit(' ', 1)[0]} ..."
    return f"{name} {source.year}".strip()


def full_citation(citation: Citation) -> str:
    """A source whole: author, year, title, reference."""
    source = citation.source
    if source is None:
        return "editorial (no source)"
    parts = [source.author, source.year, source.title, source.reference or source.address]
    line = f", line {citation.locator.removeprefix('L')}" if citation.locator else ""
    return ". ".join(part.rstrip(".") for part in parts if part) + line


def sheet(plan: Plan, remarks: tuple[Remark, ...]) -> Sheet:
    """The sheet of a plan, with the checker's remarks on the practitioner's copy."""
    now = any(condition.urgency == "emergency" for condition, _ in plan.go_now)
    title = "Your self-care plan"
    if plan.urgent:
        title = "Go now" if now else "Get checked soon"
    grave = {condition.id for condition, _ in plan.go_now}
    return Sheet(
        title=title,
        urgent=plan.urgent,
        side=SIDE_WORDS.get(plan.side, ""),
        label=plan.label,
        day=plan.day.isoformat(),
        contact=plan.contact,
        emergency_number=plan.emergency_number,
        summary=() if plan.urgent else _summary(plan),
        explanation=_texts(plan.explanation),
        exercises=tuple(_exercise(number, planned, plan.side) for number, planned in enumerate(plan.exercises, 1)),
        lights=_lights(plan),
        lights_note=_lights_note(plan),
        workarounds=tuple(
            SheetWorkaround(
                row.movement.lay_label if row.movement else row.treatment.lay_label, row.treatment.patient, row.frames
            )
            for row in plan.workarounds
        ),
        advice=_texts([*(concern.claim for concern in plan.concerns), *plan.advice]),
        course=_texts(plan.course),
        keep_doing=_texts(plan.keep_doing),
        step_up=_texts(plan.step_up),
        step_back=_texts(plan.step_back),
        emergency=Signs(
            "On the way, call the emergency number if it gets worse or one of these is new:"
            if plan.urgent
            else "Call the emergency number now if any of these happens:",
            tuple(flag.lay_label for flag in plan.emergency_signs),
        ),
        clinic=() if plan.urgent else _clinic(plan.clinic_signs),
        goal=plan.goal,
        go_now=tuple(
            GoNow(
                condition.lay_label,
                tuple(
                    Titled(words, texts)
                    for role, words in GO_NOW_TITLES
                    if (texts := _texts([claim for claim in claims if claim.role == role]))
                ),
            )
            for condition, claims in plan.go_now
        ),
        waiting=tuple(
            f"{condition.lay_label}: its plan waits until this has been checked."
            for condition in plan.conditions
            if plan.urgent and condition.id not in grave
        ),
        version=f"Knowledge {plan.about.version}",
        footer=_footer(plan),
        practitioner=tuple(_practitioner(plan, remarks)),
        charts=plan.charts,
    )


def document_title(sheet: Sheet) -> str:
    """What a file is called where no person may be named: the kind of sheet, and what it is for."""
    about = sheet.summary[0].value.rstrip(".") if sheet.summary else "; ".join(one.condition for one in sheet.go_now)
    return f"{sheet.title}: {about}"


def _texts(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.text for claim in claims))


def _summary(plan: Plan) -> tuple[Amount, ...]:
    first_name, *others = (condition.lay_label for condition in plan.conditions)
    names = " and ".join([first_name, *(other[0].lower() + other[1:] for other in others)])
    first = "Keep moving as well as you can."
    if plan.one_thing:
        first = plan.one_thing.text
    elif plan.exercises:
        first = f"{plan.exercises[0].exercise.lay_label}. Then the rest, a little at a time."
    return (
        Amount("What this is for", f"{names}."),
        Amount("The one thing to do", first),
        Amount("Come back", plan.follow_up + ("" if plan.follow_up.endswith((".", "!", "?")) else ".")),
    )


def _exercise(number: int, planned: PlannedExercise, side: str) -> SheetExercise:
    exercise = planned.exercise
    which = ""
    if exercise.sided:
        which = f"Do it on the {side} side." if side in ("left", "right") else "Do it on each side."
    return SheetExercise(
        number=number,
        name=exercise.lay_label,
        why=planned.of("why"),
        need=exercise.equipment or "nothing",
        start=exercise.start,
        steps=tuple(step.text for step in planned.steps),
        feel=planned.of("feel"),
        dose=dose(planned),
        side=which,
        stop=planned.of("stop"),
        mistake=planned.of("mistake"),
        easier=planned.of("easier"),
        harder=planned.of("harder"),
        frames=planned.frames,
    )


def dose(planned: PlannedExercise) -> tuple[Amount, ...]:
    """How much, part by part; what the sheet cannot do without stands as a blank where it is not set."""
    amounts = planned.dose
    parts = []
    if amounts.duration_minutes:
        parts.append(Amount("Minutes each time", amounts.duration_minutes))
    elif amounts.reps or amounts.hold_seconds:
        parts.append(Amount("Repeats", amounts.reps or SHORT_BLANK))
    else:
        parts.append(Amount("Repeats or minutes", SHORT_BLANK))
    if amounts.duration_minutes and amounts.reps:
        parts.append(Amount("Repeats", amounts.reps))
    if amounts.hold_seconds:
        parts.append(Amount("Hold", f"{amounts.hold_seconds} seconds"))
    if amounts.sets:
        parts.append(Amount("Sets", amounts.sets))
    parts.append(Amount("Times a day", amounts.times_a_day or SHORT_BLANK))
    parts.append(Amount("Days a week", amounts.days_a_week or SHORT_BLANK))
    return tuple(parts)


def _lights(plan: Plan) -> tuple[Light, ...]:
    found = []
    for role, (colour, title) in LIGHTS.items():
        texts = [claim.text for claim in plan.pain_rules if claim.role == role]
        if texts and plan.pain_limit is not None and role == "go on":
            texts.append(f"Up to {plan.pain_limit} out of 10 is the limit set for you.")
        if texts:
            found.append(Light(colour, title, " ".join(texts)))
    return tuple(found)


def _lights_note(plan: Plan) -> str:
    """The sources of the pain rule, in a few words: they print beside it."""
    names = _short_sources((citation for claim in plan.pain_rules for citation in claim.citations), RULE_SOURCES)
    return f"Sources: {names}." if names else ""


def _clinic(flags: Iterable[RedFlag]) -> tuple[Signs, ...]:
    groups: dict[bool, list[str]] = {}
    for flag in flags:
        groups.setdefault(flag.urgency in ("emergency", "same-day"), []).append(flag.lay_label)
    actions = {
        True: "Call the clinic the same day if any of these happens:",
        False: "Call the clinic within a few days if any of these happens:",
    }
    return tuple(Signs(action, tuple(groups[soon])) for soon, action in actions.items() if soon in groups)


def _short_sources(citations: Iterable[Citation], most: int) -> str:
    """At most so many sources in a few words, the strongest first; the rest stand on the practitioner's copy."""
    order = {"A": 0, "A-": 1, "B": 2, "": 4}
    cited = sorted(citations, key=lambda c: order.get(c.source.grade, 3) if c.source else 5)
    names = list(dict.fromkeys(short_citation(citation) for citation in cited))
    more = (f"and {len(names) - most} more",) if len(names) > most else ()
    return "; ".join((*names[:most], *more))


def _footer(plan: Plan) -> tuple[str, ...]:
    about = plan.about
    return tuple(
        filter(
            None,
            (
                "This sheet supports your practitioner. It does not replace them.",
                f"Knowledge {about.version} of {about.content_date}. Printed {plan.day.isoformat()}. {about.review_note}",
                review_warning(about, plan.day),
                f"Sources: {_short_sources(plan.citations(), SHORT_SOURCES)}. Your practitioner keeps them all.",
            ),
        )
    )


def _practitioner(plan: Plan, remarks: tuple[Remark, ...]) -> Iterable[Titled]:
    """What stays with the practitioner: what it was made from, what was asked, what was set aside, and every source."""
    about = plan.about
    head = [f"For: {plan.label.rstrip('.') or BLANK}. {SIDE_WORDS.get(plan.side, 'No side said')}. {plan.day.isoformat()}."]
    head += [
        f"{condition.label}: ICD-10-CM {condition.icd10cm}, {condition.urgency}. {condition.urgency_note}".strip()
        for condition in plan.conditions
    ]
    if plan.phase:
        head.append(f"Phase: {PHASE_WORDS[plan.phase]}.")
    if plan.cleared_by and plan.cleared_on:
        head.append(f"Cleared by {plan.cleared_by} on {plan.cleared_on.isoformat()}.")
    yield Titled("What this is for", tuple(head))
    if plan.charts:
        yield Titled("Where it hurts", tuple(chart.alt for chart in plan.charts))
    if plan.record:
        yield from _of_case(plan.record)
    asked = [question for question in plan.questions if question.answer is not None]
    if asked:
        yield Titled("Asked before printing", tuple(f"{q.label}: {'yes' if q.answer else 'no'}" for q in asked))
    for level, title in (("check", LABELS["check"]), ("warn", "The checker's remarks")):
        if texts := tuple(remark.text for remark in remarks if remark.level == level):
            yield Titled(title, texts)
    if against := overridden(plan, remarks):
        yield Titled("Printed against the checker", (*against, f"Reason: {plan.reason}"))
    if plan.concerns:
        yield Titled("Concerns that the person named", tuple(concern.question for concern in plan.concerns))
    if plan.pain_rules:
        limits = [f"{claim.text} ({short_citation(claim.citations[0])})" for claim in plan.pain_limits]
        own = "none set; words alone" if plan.pain_limit is None else f"{plan.pain_limit} of 10, set by the practitioner"
        yield Titled("Limit of pain", (f"{own}. Published limits differ:", *limits))
    if doses := tuple(_dose_line(planned) for planned in plan.exercises):
        yield Titled("Doses: each is one that a source starts with, not a target that evidence supports", doses)
    if plan.contested:
        disputes = tuple(f"{label}: {found.topic}: {found.handling}" for label, found in plan.contested)
        yield Titled("Contested advice on this sheet", disputes)
    if plan.follow_up_claim:
        yield Titled("Follow-up", (f"Usual wording; {full_citation(plan.follow_up_claim.citations[0])}",))
    yield Titled("Sources in full", tuple(full_citation(citation) for citation in plan.citations()))
    signs = "; ".join(dict.fromkeys(short_citation(citation) for citation in plan.sign_citations()))
    yield Titled("Sources of the warning signs (in full: decide list redflags)", (f"{signs}.",))
    yield Titled(
        "About this sheet",
        (
            about.safety_net,
            f"{about.intended_use} {about.not_for} {about.review_note}",
            f"Knowledge {about.id} {about.version}, {about.content_date}, review by {about.review_date}, hash {about.hash}",
        ),
    )


def _of_case(record: Record) -> Iterable[Titled]:
    yield Titled("Summary for the notes", record.note)
    considered = tuple(f"{one.label}: ICD-10-CM {one.icd10cm}, {one.band}" for one in record.considered)
    yield Titled("Candidate conditions", considered or ("nothing matched enough to name",))
    answered = [("Present", record.present_words), ("Absent", record.absent_words), ("Not able", record.not_able_words)]
    lines = tuple(f"{title}: {'; '.join(words)}" for title, words in answered if words)
    yield Titled("Findings answered", lines or ("none recorded",))
    flags = (f"Warning signs: {'; '.join(record.flags)}",) if record.flags else ("Warning signs: none tripped",)
    yield Titled(
        "Red flags asked and answered",
        (*flags, record.screened, *(f"{one.question} {one.answer}" for one in record.asked)),
    )


def _dose_line(planned: PlannedExercise) -> str:
    note = f" ({planned.exercise.dose_note})" if planned.exercise.dose_note else ""
    changed = "changed by the practitioner; " if planned.changed else ""
    if planned.dose_source.source is None:
        return f"{planned.exercise.label}: {changed}no source fit to print gives a dose{note}"
    return f"{planned.exercise.label}: {changed}starting dose used by {full_citation(planned.dose_source)}{note}"
