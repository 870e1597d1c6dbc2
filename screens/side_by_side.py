"""How conditions stand side by side in the room there is: in columns beside the topic, in columns under it, or in lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from decide.compare import NOT_STATED, Cell
from decide.text import begun, beside, block, cells, columns, filled, visible, wrap
from screens.base import plain

GAP = "  "
INDENT = "    "
# A column needs so many cells for its words, a topic beside the columns so many; from so many on a figure fits in too.
LEAST_CELL, LEAST_TOPIC, WITH_FIGURE = 18, 22, 24
# Columns under their topic may be a little closer, because nothing else stands in their lines.
LEAST_UNDER = 16
MOST_TOPIC = 44
# What a mark says already, for a column too narrow for the whole.
SHORT_WORDS = {"speaks against": "against"}
# Lines of one row: in a column, and for one condition where each has its own line.
MOST_LINES, MOST_EACH = 3, 2


@dataclass(frozen=True)
class Form:
    """`shape`: "beside" (topic, then columns), "under" (the topic above its columns) or "lines" (a line for each thing
    said). `widths` are those of the columns, the topic's first where it stands beside them."""

    shape: str
    room: int
    widths: tuple[int, ...]

    @property
    def cell(self) -> int:
        """The cells that one condition has."""
        return self.widths[-1] if self.widths else self.room


def form_for(room: int, count: int) -> Form:
    """The form in which `count` conditions read best in so many cells."""
    gaps = len(GAP) * count
    if (room - LEAST_TOPIC - gaps) // count >= LEAST_CELL:
        share = max(LEAST_TOPIC, min(MOST_TOPIC, (room - gaps) // (count + 1)))
        cell = (room - share - gaps) // count
        return Form("beside", room, (room - gaps - cell * count, *[cell] * count))
    cell = (room - len(INDENT) + len(GAP) - gaps) // count
    if cell >= LEAST_UNDER:
        return Form("under", room, (cell,) * count)
    return Form("lines", room, ())


def easy(room: int, count: int) -> bool:
    """Whether the columns keep enough room for figures in this room."""
    form = form_for(room, count)
    return form.shape == "beside" and form.cell >= WITH_FIGURE


def heads(form: Form, names: Sequence[str], notes: Sequence[str] = (), low: bool = False) -> Content:
    """Which condition is which, above the rows: each name with its number, over its column where there are columns.

    `notes` stand under the names, where there are columns. `low` is for a screen of few lines: two lines to a name, or
    two names to a line, cut off.
    """
    numbers = [f"{number} " for number in range(1, len(names) + 1)]
    texts = list(map(visible, names))
    if form.shape != "lines":
        cell = form.cell
        under = [wrap(visible(note), cell, "  ") if note else [] for note in notes] or [[] for _ in names]
        most = 2 if low else MOST_LINES
        blocks = [
            [*block(text, cell, number, most - bool(note)), *note]
            for text, number, note in zip(texts, numbers, under, strict=True)
        ]
        lead = [[""]] if form.shape == "beside" else []
        indent = INDENT if form.shape == "under" else ""
        lines = [(indent + GAP.join(line)).rstrip() for line in beside([*lead, *blocks], form.widths)]
        return plain("\n".join(lines), "bold")
    half = (form.room - len(GAP)) // 2
    whole = [number + text for number, text in zip(numbers, texts, strict=True)]
    if low:
        whole = [filled(begun(text, half), half) for text in whole]
    lines = [""]
    for text in whole:
        if lines[-1] and cells(lines[-1] + GAP + text) > form.room:
            lines.append("")
        lines[-1] += GAP + text if lines[-1] else text
    return plain("\n".join(begun(line.rstrip(), form.room) for line in lines), "bold")


def cell_text(form: Form, cell: Cell) -> str:
    """What a cell shows: its words, and its figure where there is room for it, on a line of its own if need be."""
    if not cell.figure or form.cell < WITH_FIGURE:
        return SHORT_WORDS.get(cell.text, cell.text) if form.cell < LEAST_CELL else cell.text
    line = f"{cell.text}; {cell.figure}"
    return line if cells(line) + len(_first(cell)) <= form.cell else f"{cell.text};\n{cell.figure}"


def _first(cell: Cell) -> str:
    return f"{cell.mark:<3} " if cell.mark else ""


def side_by_side(form: Form, topic: str, box: str, note: str, row: Sequence[Cell], most: int = MOST_LINES) -> Content:
    """One row in its form. `box` starts the topic and `note` ends it, never cut; what takes more than `most` lines ends
    in " ..."."""
    texts = [visible(cell_text(form, cell), keep="\n") for cell in row]
    firsts = list(map(_first, row))
    topic, note = visible(topic), visible(note)
    if form.shape == "beside":
        wide, *narrow = form.widths
        under = wrap(note, wide, "  ") if note else []
        left = [*block(topic, wide, box, max(1, most - len(under))), *under]
        right = [block(text, width, first, most) for text, width, first in zip(texts, narrow, firsts, strict=True)]
        lines = beside([left, *right], form.widths)
        return _joined([[(line[0], "bold"), *_styled(line[1:], row)] for line in lines])
    above = [[(line, "bold")] for line in wrap(f"{topic} - {note}" if note else topic, form.room, box)]
    if form.shape == "under":
        below = columns(texts, form.widths, firsts)
        if len(below) <= most:
            return _joined([*above, *[[(INDENT[: -len(GAP)], ""), *_styled(line, row)] for line in below]])
    return _joined([*above, *_in_lines(form, row, texts, firsts)])


def _styled(pieces: Sequence[str], row: Sequence[Cell]) -> list[tuple[str, str]]:
    return [(piece, "$text-muted" if cell.text == NOT_STATED else "") for piece, cell in zip(pieces, row, strict=True)]


def _in_lines(form: Form, row: Sequence[Cell], texts: Sequence[str], firsts: Sequence[str]) -> list[list[tuple[str, str]]]:
    """A line for each thing said, with the numbers of the conditions that it is said of."""
    same: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(zip(firsts, texts, strict=True), 1):
        same.setdefault(key, []).append(place)
    numbers = [",".join(map(str, places)) for places in same.values()]
    wide = max(map(len, numbers))
    found = []
    for ((first, text), places), number in zip(same.items(), numbers, strict=True):
        start = f"{INDENT}{number:<{wide}}  {first}"
        lines = block(text.replace("\n", " "), form.room, start, MOST_EACH)
        style = "$text-muted" if row[places[0] - 1].text == NOT_STATED else ""
        found += [[(line, style)] for line in lines]
    return found


def _joined(lines: Sequence[Sequence[tuple[str, str]]]) -> Content:
    parts: list[Content | str] = []
    for number, line in enumerate(lines):
        if number:
            parts.append("\n")
        for place, (piece, style) in enumerate(line):
            if place:
                parts.append(GAP)
            parts.append(plain(piece, style))
    return Content.assemble(*parts)
