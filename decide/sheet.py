"""The plan as plain text of 80 columns: the patient's sheet, then a part for the practitioner.

No capitals, boxes or signs carry meaning, so that it reads the same aloud, on a braille line and on any printer.
"""

from __future__ import annotations

from collections.abc import Iterable

from db.read import Citation, RedFlag
from decide.knowledge import review_warning
from decide.plan import Plan, PlannedExercise
from decide.text import cells, wrap

WIDTH = 80
RULE = "-" * WIDTH
BLANK = "_" * 24
SHORT_SOURCES = 12
SIDE_WORDS = {"left": "Left side", "right": "Right side", "both": "Both sides"}


def _heading(text: str) -> list[str]:
    return ["", text, "=" * len(text)]


def _bullets(texts: Iterable[str], mark: str = "- ") -> list[str]:
    return [line for text in texts for line in wrap(text, WIDTH, mark)]


def _pair(left: str, right: str) -> list[str]:
    """Two texts on one line, the second at the right edge, or on lines of their own when they do not fit."""
    gap = WIDTH - cells(left) - cells(right)
    if gap < 2:
        return [*wrap(left, WIDTH), *wrap(right, WIDTH)]
    return [(left + " " * gap + right).rstrip()]


def _top(plan: Plan, title: str) -> list[str]:
    side = SIDE_WORDS.get(plan.side, "")
    lines = _pair(title, side)
    lines.append("=" * WIDTH)
    lines += _pair(f"For: {plan.label or BLANK}", f"Date: {plan.day.isoformat()}")
    lines += wrap(f"From: {plan.contact or BLANK + BLANK}", WIDTH)
    return lines


def short_citation(citation: Citation) -> str:
    """A source in a few words: author and year, with the line of an article."""
    source = citation.source
    if source is None:
        return "editorial"
    name = source.title if source.kind == "article" or not source.author else source.author.split(" (")[0]
    return f"{name} {source.year}".strip()


def full_citation(citation: Citation) -> str:
    """A source whole: author, year, title, reference."""
    source = citation.source
    if source is None:
        return "editorial (no source)"
    parts = [source.author, source.year, source.title, source.reference or source.address]
    line = f", line {citation.locator.removeprefix('L')}" if citation.locator else ""
    return ". ".join(part.rstrip(".") for part in parts if part) + line


def _dose(planned: PlannedExercise) -> list[str]:
    dose = planned.dose
    parts = []
    if dose.duration_minutes:
        parts.append(f"Minutes each time: {dose.duration_minutes}")
    if dose.reps:
        parts.append(f"Repeats: {dose.reps}")
    if dose.hold_seconds:
        parts.append(f"Hold: {dose.hold_seconds} seconds")
    if parts and not (dose.duration_minutes or dose.reps):
        parts.insert(0, "Repeats: ____")
    if dose.sets:
        parts.append(f"Sets: {dose.sets}")
    if not (dose.duration_minutes or dose.reps or dose.hold_seconds):
        parts.insert(0, "Repeats or minutes: ____")
    parts.append(f"Times a day: {dose.times_a_day or '____'}")
    parts.append(f"Days a week: {dose.days_a_week or '____'}")
    line = "   ".join(parts)
    return wrap(line, WIDTH - 3, "   How much: ", "             ")


def _exercise(number: int, planned: PlannedExercise, side: str) -> list[str]:
    exercise = planned.exercise
    lines = ["", f"{number}. {exercise.lay_label}"]
    lines += wrap(planned.of("why"), WIDTH, "   Why: ", "        ")
    if exercise.equipment:
        lines += wrap(exercise.equipment, WIDTH, "   You need: ", "             ")
    lines += wrap(exercise.start, WIDTH, "   Start: ", "          ")
    for letter, step in zip("abcdefghijklmnopqrstuvwxyz", planned.steps, strict=False):
        lines += wrap(step.text, WIDTH, f"   {letter}. ", "      ")
    lines += wrap(planned.of("feel"), WIDTH, "   You should feel: ", "      ")
    lines += _dose(planned)
    if exercise.sided:
        which = f"the {side} side" if side in ("left", "right") else "each side"
        lines += [f"   Do it on {which}, unless you were told otherwise."]
    for topic, word in (("mistake", "Common mistake"), ("easier", "Easier"), ("harder", "Harder")):
        if text := planned.of(topic):
            lines += wrap(text, WIDTH, f"   {word}: ", "      ")
    lines += wrap(planned.of("stop"), WIDTH, "   Stop: ", "         ")
    return lines


def _signs(flags: Iterable[RedFlag]) -> list[str]:
    return _bullets((flag.lay_label for flag in flags), "[ ] ")


def _stop_box(plan: Plan) -> list[str]:
    lines = _heading("Stop and get help")
    number = plan.emergency_number or BLANK
    lines += wrap(f"Call the emergency number now if any of these happens. Emergency number: {number}", WIDTH)
    lines += _signs(plan.emergency_signs)
    lines.append("")
    lines += wrap(f"Call the clinic the same day if any of these happens. Clinic: {plan.contact or BLANK}", WIDTH)
    lines += _signs(flag for flag in plan.clinic_signs if flag.urgency in ("emergency", "same-day"))
    later = [flag for flag in plan.clinic_signs if flag.urgency not in ("emergency", "same-day")]
    if later:
        lines += ["", "Call the clinic within a few days if any of these happens.", *_signs(later)]
    return lines


def _short_sources(plan: Plan) -> str:
    """The main sources in a few words: the strongest first, at most a dozen; the rest stand on the practitioner's part."""
    order = {"A": 0, "A-": 1, "B": 2, "": 4}
    cited = sorted(plan.citations(), key=lambda c: order.get(c.source.grade, 3) if c.source else 5)
    names = list(dict.fromkeys(short_citation(citation) for citation in cited))
    more = f"; and {len(names) - SHORT_SOURCES} more, kept by your practitioner" if len(names) > SHORT_SOURCES else ""
    return "; ".join(names[:SHORT_SOURCES]) + more + "."


def _footer(plan: Plan) -> list[str]:
    lines = ["", RULE]
    lines += wrap("This sheet supports your practitioner. It does not replace them.", WIDTH)
    lines += wrap(_short_sources(plan), WIDTH, "Sources: ", "")
    about = plan.about
    lines += wrap(f"Knowledge {about.version} of {about.content_date}. Printed {plan.day.isoformat()}.", WIDTH)
    lines += wrap(about.review_note, WIDTH)
    lines += [line for line in wrap(review_warning(about, plan.day), WIDTH) if line]
    return lines


def _pain_rule(plan: Plan) -> list[str]:
    lines = _heading("How much pain is all right")
    for claim in plan.pain_rules:
        lines += wrap(f"{claim.role.capitalize()}: {claim.text}", WIDTH, "- ")
    return lines


def _practitioner(plan: Plan) -> list[str]:
    about = plan.about
    lines = ["", "\f" + RULE, "For the practitioner (keep this part)", RULE]
    lines += _bullets(
        f"{condition.label}: ICD-10-CM {condition.icd10cm}, {condition.urgency}. {condition.urgency_note}".strip()
        for condition in plan.conditions
    )
    checks = [remark.text for remark in plan.remarks if remark.level == "check"]
    if checks:
        lines += ["", "Check first:"]
        lines += _bullets(checks, "[ ] ")
    warnings = [remark.text for remark in plan.remarks if remark.level == "warn"]
    if warnings:
        lines += ["", "The checker's remarks:"]
        lines += _bullets(warnings)
    if plan.overrides:
        lines += ["", "Printed against the checker:"]
        lines += _bullets(plan.overrides)
    doses = [
        f"{planned.exercise.label}: {'changed by the practitioner; ' if planned.changed else ''}starting dose used by "
        f"{full_citation(planned.dose_source)}" + (f" ({planned.exercise.dose_note})" if planned.exercise.dose_note else "")
        for planned in plan.exercises
        if planned.dose_source.source
    ]
    doses += [
        f"{planned.exercise.label}: no source fit to print gives a dose"
        + (f" ({planned.exercise.dose_note})" if planned.exercise.dose_note else "")
        for planned in plan.exercises
        if planned.dose_source.source is None
    ]
    if doses:
        lines += ["", "Each dose is one that a source starts with, not a target that evidence supports:"]
        lines += _bullets(doses)
    lines += ["", "Sources in full:"]
    lines += _bullets(full_citation(citation) for citation in plan.citations())
    signs = "; ".join(dict.fromkeys(short_citation(citation) for citation in plan.sign_citations()))
    lines += ["", *wrap(signs, WIDTH, "Sources of the warning signs (in full: decide list redflags): ", "")]
    lines += ["", *wrap(about.safety_net, WIDTH)]
    lines += wrap(f"{about.intended_use} {about.not_for} {about.review_note}", WIDTH)
    lines += wrap(
        f"Knowledge {about.id} {about.version}, {about.content_date}, review by {about.review_date}, hash {about.hash}",
        WIDTH,
    )
    return lines


def _go_now(plan: Plan) -> list[str]:
    words = (
        ("suspected", "What is suspected"),
        ("where", "Where to go, and how soon"),
        ("watch", "What to watch on the way"),
        ("until", "Until you are seen"),
        ("take", "What to take along"),
    )
    now = any(condition.urgency == "emergency" for condition, _ in plan.go_now)
    lines = _top(plan, "Go now" if now else "Get checked soon: go-now sheet")
    for condition, claims in plan.go_now:
        lines += ["", *wrap(condition.lay_label, WIDTH), "-" * min(WIDTH, len(condition.lay_label))]
        for role, title in words:
            texts = [claim.text for claim in claims if claim.role == role]
            if texts:
                lines += [f"{title}:", *_bullets(texts)]
    grave = {condition.id for condition, _ in plan.go_now}
    for condition in plan.conditions:
        if condition.id not in grave:
            lines += ["", *wrap(f"{condition.lay_label}: its plan waits until this has been checked.", WIDTH)]
    lines += ["", *wrap(f"Emergency number: {plan.emergency_number or BLANK}", WIDTH)]
    lines += [
        "",
        "On the way, call the emergency number if it gets worse or one of these is new:",
        *_signs(plan.emergency_signs),
    ]
    lines += ["", "Written at: ______   Sent to: ______________________   Transport: ______________"]
    return lines


def render(plan: Plan) -> str:
    """The whole sheet as text of at most 80 columns, ending in a line break. A form feed stands before the
    practitioner's part."""
    if plan.urgent:
        lines = [*_go_now(plan), *_footer(plan), *_practitioner(plan)]
        return "\n".join(lines) + "\n"
    names = " and ".join(condition.lay_label.lower() for condition in plan.conditions)
    lines = _top(plan, "Your self-care plan")
    lines += _heading("In short")
    lines += wrap(f"This is for: {names}.", WIDTH, "- ")
    first = plan.exercises[0].exercise.lay_label.lower() if plan.exercises else "keep moving as well as you can"
    lines += wrap(f"The one thing to do: {first}. Then the rest, a little at a time.", WIDTH, "- ")
    follow = plan.follow_up or f"on {BLANK}, or sooner if you are no better by {BLANK}"
    lines += wrap(f"Come back: {follow}" + ("" if follow.endswith((".", "!", "?")) else "."), WIDTH, "- ")
    lines += _heading("What is going on")
    lines += [line for claim in plan.explanation for line in wrap(claim.text, WIDTH)]
    if plan.exercises:
        lines += _heading("Your exercises")
        for number, planned in enumerate(plan.exercises, 1):
            lines += _exercise(number, planned, plan.side)
        lines += _pain_rule(plan)
    if plan.workarounds:
        lines += _heading("Movements to change for now")
        for row in plan.workarounds:
            name = row.movement.lay_label if row.movement else row.treatment.lay_label
            lines += wrap(f"{name}: {row.treatment.patient}", WIDTH, "- ")
    if plan.advice:
        lines += _heading("Day by day")
        lines += _bullets(claim.text for claim in plan.advice)
    if plan.course:
        lines += _heading("What to expect")
        lines += [line for claim in plan.course for line in wrap(claim.text, WIDTH)]
    lines += [*_stop_box(plan), *_footer(plan), *_practitioner(plan)]
    return "\n".join(lines) + "\n"
