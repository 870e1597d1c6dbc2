"""The letter as plain text of 80 columns, and the note for the record, its lines unbroken so that they can be pasted."""

from __future__ import annotations

from decide.letter import Entry, Letter, Section
from decide.text import wrap

WIDTH = 80
BLANK = "." * 40
HEAD = 10
FILL = WIDTH - len(BLANK)


def _heading(text: str, rule: str = "-") -> list[str]:
    return [text, rule * len(text)]


def _entry(entry: Entry) -> list[str]:
    if not entry.value:
        return [f"{entry.what + ':':<{FILL}}{BLANK}"]
    return wrap(entry.value, WIDTH, f"{entry.what}: ", "  ")


def _section(section: Section) -> list[str]:
    lines = _heading(section.title)
    for text in section.bullets:
        lines += wrap(text, WIDTH, "- ")
    for sign in section.asked:
        which = f" ({'; '.join(sign.found)})" if sign.found else ""
        # Capitals stand for bold.
        answer = sign.answer.upper() if sign.yes else sign.answer
        lines += wrap(f"{sign.question} {answer}{which}", WIDTH, "- ", "    ")
    for entry in section.entries:
        lines += _entry(entry)
    return [*lines, *[BLANK * 2] * section.lines, ""]


def page(letter: Letter) -> str:
    """The letter, ending in a line break."""
    lines = [*_heading(letter.title.upper(), "="), ""]
    for entry in letter.head:
        lines += wrap(entry.value or BLANK, WIDTH, f"{entry.what + ':':<{HEAD}}", " " * HEAD)
    lines += ["", *wrap(f"{letter.urgency}. {letter.screened}", WIDTH, f"{'Urgency:':<{HEAD}}", " " * HEAD), ""]
    if letter.notice:
        lines += [*wrap(letter.notice, WIDTH), ""]
    lines += [*wrap(letter.summary, WIDTH), ""]
    for section in letter.sections:
        lines += _section(section)
    for text in letter.foot:
        lines += wrap(text, WIDTH)
    lines += ["", f"{letter.signature.what + ':':<{HEAD}}{BLANK}"]
    return "\n".join(lines) + "\n"


def note(letter: Letter) -> str:
    """The note for the record, a line for each thing said."""
    return "\n".join(letter.note) + "\n"


def render(letter: Letter) -> str:
    """The letter and, after a form feed, the note under its heading."""
    return "\n".join([f"{page(letter)}\f", *_heading(letter.note_title.upper()), note(letter)])
