"""The sheet as plain text of 80 columns: the patient's copy, then, after a form feed, the practitioner's.

No capitals, boxes or signs carry meaning, so that it reads the same aloud, on a braille line and on any printer.
"""

from __future__ import annotations

from collections.abc import Iterable

from decide.sheet import BLANK, DIARY_DAYS, LABELS, SECTIONS, Sheet, SheetExercise, Signs
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
    lines += _pair(f"{LABELS['for']}: {sheet.label or BLANK}", f"{LABELS['date']}: {sheet.day}")
    return [*lines, *wrap(f"{LABELS['from']}: {sheet.contact or BLANK + BLANK}", WIDTH)]


def _labelled(name: str, text: str) -> list[str]:
    return wrap(text, WIDTH, f"   {LABELS[name]}: ", "      ")


def _exercise(one: SheetExercise) -> list[str]:
    lines = ["", f"Exercise {one.number}: {one.name}"]
    lines += _labelled("why", one.why)
    lines += _labelled("need", one.need)
    lines += _labelled("start", one.start)
    for frame in one.frames:
        lines += wrap(frame.alt, WIDTH, f"   Picture ({frame.name}): ", "      ")
    for number, step in enumerate(one.steps, 1):
        lines += wrap(step, WIDTH, f"   {number}. ", "      ")
    lines += wrap(one.feel, WIDTH, "   ", "   ")
    lines += _labelled("amount", "; ".join(f"{part.what}: {part.value}" for part in one.dose))
    if one.side:
        lines.append(f"   {one.side}")
    for name, text in (("mistake", one.mistake), ("easier", one.easier), ("harder", one.harder)):
        if text:
            lines += _labelled(name, text)
    return [*lines, *_labelled("stop", one.stop)]


def _signs(signs: Signs) -> list[str]:
    return [*wrap(signs.action, WIDTH), *_bullets(signs.signs, "[ ] ")]


def _stop_box(sheet: Sheet) -> list[str]:
    lines = _heading(SECTIONS["stop"])
    lines += wrap(f"{LABELS['emergency_number']}: {sheet.emergency_number or BLANK}", WIDTH)
    lines += _signs(sheet.emergency)
    lines += ["", *wrap(f"{LABELS['clinic']}: {sheet.contact or BLANK}", WIDTH)]
    for number, signs in enumerate(sheet.clinic):
        lines += [*([""] if number else []), *_signs(signs)]
    return lines


def _diary(sheet: Sheet) -> list[str]:
    days = "".join(f"{day:>3}" for day in range(1, DIARY_DAYS + 1))
    boxes = " __" * DIARY_DAYS
    lines = [*_heading(SECTIONS["diary"]), *wrap(LABELS["diary_note"], WIDTH)]
    lines.append(f"{LABELS['day']:<24}{days}")
    rows = [f"{one.number}. {one.name}" for one in sheet.exercises]
    rows += [LABELS["before"], LABELS["after"], f"{LABELS['goal']}: {sheet.goal or '_' * 14}"]
    for name in rows:
        *above, last = wrap(name, 23, "", "   ")
        lines += [*above, last + " " * (24 - cells(last)) + boxes]
    return lines


def _practitioner(sheet: Sheet) -> list[str]:
    lines = ["", "\f" + RULE, SECTIONS["practitioner"], RULE]
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
    lines += [
        "",
        *wrap(f"{LABELS['emergency_number']}: {sheet.emergency_number or BLANK}", WIDTH),
        "",
        *_signs(sheet.emergency),
    ]
    blanks = f"{LABELS['written']}: ______   {LABELS['sent']}: {'_' * 22}   {LABELS['transport']}: {'_' * 14}"
    return [*lines, "", blanks]


def _plan(sheet: Sheet) -> list[str]:
    lines = [*_top(sheet), *_heading(SECTIONS["summary"])]
    for part in sheet.summary:
        lines += wrap(f"{part.what}: {part.value}", WIDTH, "- ")
    lines += [*_heading(SECTIONS["explanation"]), *_paragraphs(sheet.explanation)]
    if sheet.exercises:
        lines += _heading(SECTIONS["exercises"])
        for one in sheet.exercises:
            lines += _exercise(one)
        lines += _heading(SECTIONS["lights"])
        for light in sheet.lights:
            lines += wrap(f"{light.colour}, {light.title.lower()}: {light.text}", WIDTH, "- ")
        lines += wrap(sheet.lights_note, WIDTH)
    if sheet.workarounds:
        lines += _heading(SECTIONS["workarounds"])
        for row in sheet.workarounds:
            lines += wrap(f"{row.movement}: {row.text}", WIDTH, "- ")
    if sheet.advice:
        lines += [*_heading(SECTIONS["advice"]), *_bullets(sheet.advice)]
    for name, texts in (
        ("course", sheet.course),
        ("keep_doing", sheet.keep_doing),
        ("step_up", sheet.step_up),
        ("step_back", sheet.step_back),
    ):
        if texts:
            lines += [*_heading(SECTIONS[name]), *_paragraphs(texts)]
    lines += _stop_box(sheet)
    return [*lines, *_diary(sheet)] if sheet.exercises else lines


def render(sheet: Sheet) -> str:
    """The whole sheet as text of at most 80 columns, ending in a line break. A form feed stands before the
    practitioner's part."""
    lines = _go_now(sheet) if sheet.urgent else _plan(sheet)
    lines += ["", RULE, *_paragraphs(sheet.footer), *_practitioner(sheet)]
    return "\n".join(lines) + "\n"
