"""The sheet as plain text of 80 columns: the patient's copy, then, after a form feed, the practitioner's.

No capitals, boxes or signs carry meaning, so that it reads the same aloud, on a braille line and on any printer.
"""

from __future__ import annotations

from collections.abc import Iterable

from decide.sheet import BLANK, DIARY_DAYS, Sheet, SheetExercise, Signs
from decide.text import cells, wrap

WIDTH = 80
RULE = "-" * WIDTH


def _heading(text: str) -> list[str]:
    return ["", text, "=" * len(text)]


def _bullets(texts: Iterable[str], mark: str = "- ") -> list[str]:
    return [line for text in texts for line in wrap(text, WIDTH, mark)]


def _paragraphs(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in wrap(text, WIDTH)]


def _pair(left: str, right: str) -> list[str]:
    """Two texts on one line, the second at the right edge, or on lines of their own when they do not fit."""
    gap = WIDTH - cells(left) - cells(right)
    if gap < 2:
        return [*wrap(left, WIDTH), *wrap(right, WIDTH)]
    return [(left + " " * gap + right).rstrip()]


def _top(sheet: Sheet) -> list[str]:
    lines = _pair(sheet.title, sheet.side)
    lines.append("=" * WIDTH)
    lines += _pair(f"For: {sheet.label or BLANK}", f"Date: {sheet.day}")
    return [*lines, *wrap(f"From: {sheet.contact or BLANK + BLANK}", WIDTH)]


def _exercise(one: SheetExercise) -> list[str]:
    lines = ["", f"Exercise {one.number}: {one.name}"]
    lines += wrap(one.why, WIDTH, "   Why: ", "        ")
    lines += wrap(one.need, WIDTH, "   You need: ", "             ")
    lines += wrap(one.start, WIDTH, "   Start: ", "          ")
    for frame in one.frames:
        lines += wrap(frame.alt, WIDTH, f"   Picture ({frame.name}): ", "      ")
    for number, step in enumerate(one.steps, 1):
        lines += wrap(step, WIDTH, f"   {number}. ", "      ")
    lines += wrap(one.feel, WIDTH, "   ", "   ")
    lines += wrap("   ".join(f"{part.what}: {part.value}" for part in one.dose), WIDTH, "   How much: ", "             ")
    if one.side:
        lines.append(f"   {one.side}")
    for text, word in ((one.mistake, "Common mistake"), (one.easier, "Easier"), (one.harder, "Harder")):
        if text:
            lines += wrap(text, WIDTH, f"   {word}: ", "      ")
    return [*lines, *wrap(one.stop, WIDTH, "   When to stop: ", "      ")]


def _signs(signs: Signs) -> list[str]:
    return [*wrap(signs.action, WIDTH), *_bullets(signs.signs, "[ ] ")]


def _stop_box(sheet: Sheet) -> list[str]:
    lines = _heading("Stop and get help")
    lines += wrap(f"Emergency number: {sheet.emergency_number or BLANK}", WIDTH)
    lines += _signs(sheet.emergency)
    lines += ["", *wrap(f"Clinic: {sheet.contact or BLANK}", WIDTH)]
    for number, signs in enumerate(sheet.clinic):
        lines += [*([""] if number else []), *_signs(signs)]
    return lines


def _diary(sheet: Sheet) -> list[str]:
    days = "".join(f"{day:>3}" for day in range(1, DIARY_DAYS + 1))
    boxes = " __" * DIARY_DAYS
    lines = [*_heading("Diary"), *wrap("Tick each day what you did. Pain: 0 is none, 10 the worst.", WIDTH)]
    lines.append(f"{'Day':<24}{days}")
    rows = [f"{one.number}. {one.name}" for one in sheet.exercises]
    rows += ["Pain before, 0 to 10", "Pain after, 0 to 10", f"My goal: {sheet.goal or '_' * 14}"]
    for name in rows:
        *above, last = wrap(name, 23, "", "   ")
        lines += [*above, last + " " * (24 - cells(last)) + boxes]
    return lines


def _practitioner(sheet: Sheet) -> list[str]:
    lines = ["", "\f" + RULE, "For the practitioner (keep this part)", RULE]
    for section in sheet.practitioner:
        mark = "[ ] " if section.title == "Check first" else "- "
        lines += ["", *wrap(f"{section.title}:", WIDTH), *_bullets(section.lines, mark)]
    return lines


def _go_now(sheet: Sheet) -> list[str]:
    lines = _top(sheet)
    for one in sheet.go_now:
        lines += ["", *wrap(one.condition, WIDTH), "-" * min(WIDTH, len(one.condition))]
        for part in one.parts:
            lines += [f"{part.title}:", *_bullets(part.lines)]
    for text in sheet.waiting:
        lines += ["", *wrap(text, WIDTH)]
    lines += ["", *wrap(f"Emergency number: {sheet.emergency_number or BLANK}", WIDTH), "", *_signs(sheet.emergency)]
    return [*lines, "", "Written at: ______   Sent to: ______________________   Transport: ______________"]


def _plan(sheet: Sheet) -> list[str]:
    lines = [*_top(sheet), *_heading("In short")]
    for part in sheet.summary:
        lines += wrap(f"{part.what}: {part.value}", WIDTH, "- ")
    lines += [*_heading("What is going on"), *_paragraphs(sheet.explanation)]
    if sheet.exercises:
        lines += _heading("Your exercises")
        for one in sheet.exercises:
            lines += _exercise(one)
        lines += _heading("How much pain is all right")
        for light in sheet.lights:
            lines += wrap(f"{light.colour}, {light.title}: {light.text}", WIDTH, "- ")
        lines += wrap(sheet.lights_note, WIDTH)
    if sheet.workarounds:
        lines += _heading("Movements to change for now")
        for row in sheet.workarounds:
            lines += wrap(f"{row.movement}: {row.text}", WIDTH, "- ")
    if sheet.advice:
        lines += [*_heading("Day by day"), *_bullets(sheet.advice)]
    for title, texts in (
        ("What to expect", sheet.course),
        ("Keep doing", sheet.keep_doing),
        ("When it gets easy", sheet.step_up),
        ("After a bad day", sheet.step_back),
    ):
        if texts:
            lines += [*_heading(title), *_paragraphs(texts)]
    lines += _stop_box(sheet)
    return [*lines, *_diary(sheet)] if sheet.exercises else lines


def render(sheet: Sheet) -> str:
    """The whole sheet as text of at most 80 columns, ending in a line break. A form feed stands before the
    practitioner's part."""
    lines = _go_now(sheet) if sheet.urgent else _plan(sheet)
    lines += ["", RULE, *_paragraphs(sheet.footer), *_practitioner(sheet)]
    return "\n".join(lines) + "\n"
