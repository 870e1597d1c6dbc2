"""The picture of an exercise or work-around beside its words: a widget for a pane, and a screen of its own.

The cells were drawn when the knowledge was compiled; nothing is drawn here.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from db import read
from db.read import Connection, Frame
from screens.base import BaseScreen, KeyLine, Message, plain
from screens.terminal import Signs

if TYPE_CHECKING:
    from screens.app import DecideApp

# Words beside a picture want this many cells; between them, and between two pictures, stand these.
WORDS, GAP = 28, 2


def cells(frame: Frame, signs: Signs) -> str:
    """The picture as a terminal with these signs can show it: braille, half blocks, or nothing."""
    return {"braille": frame.braille, "blocks": frame.blocks, "": ""}[signs]


def pictures(groups: list[list[Frame]], signs: Signs) -> Content:
    """Every frame under its name, those of a group side by side; what cannot be drawn here is said in words."""
    parts: list[Content | str] = []
    for group in groups:
        if not all(cells(frame, signs) for frame in group):
            for frame in group:
                parts += [plain(frame.name.capitalize(), "bold"), "\n", plain(f"{frame.alt}\n\n")]
            continue
        drawn = [cells(frame, signs).split("\n") for frame in group]
        widths = [column_width(frame, signs) for frame in group]
        names = [frame.name.capitalize().ljust(width) for frame, width in zip(group, widths, strict=True)]
        parts += [plain((" " * GAP).join(names).rstrip(), "bold"), "\n"]
        for lines in zip_longest(*drawn, fillvalue=""):
            padded = [line.ljust(width) for line, width in zip(lines, widths, strict=True)]
            parts.append(plain((" " * GAP).join(padded).rstrip() + "\n"))
        parts.append("\n")
    return Content.assemble(*parts)


def column_width(frame: Frame, signs: Signs) -> int:
    """The cells that a frame and its name take."""
    return max(len(frame.name), *(len(line) for line in cells(frame, signs).split("\n")))


def abreast(frames: list[Frame], signs: Signs, room: int) -> list[list[Frame]]:
    """The frames in rows: as many side by side as there is room for."""
    rows: list[list[Frame]] = []
    for frame in frames:
        if rows and group_width([*rows[-1], frame], signs) <= room:
            rows[-1].append(frame)
        else:
            rows.append([frame])
    return rows


def group_width(group: list[Frame], signs: Signs) -> int:
    """The cells that frames side by side take."""
    return sum(column_width(frame, signs) + GAP for frame in group) - GAP


def words(db: Connection, name: str) -> Content:
    """The name, start and numbered steps of an exercise, or what to do instead, with what the pictures show."""
    exercise = read.exercise(db, name)
    if exercise is None:
        treatment = read.treatment(db, name)
        if treatment is None:
            return Content("")
        return Content.assemble(plain(treatment.lay_label, "bold"), "\n\n", plain(treatment.patient))
    parts: list[Content | str] = [plain(exercise.lay_label, "bold"), "\n\n", plain("Start ", "bold"), plain(exercise.start)]
    for number, step in enumerate(read.steps(db, name), 1):
        parts += ["\n", plain(f"{number} ", "bold"), plain(step.text)]
    for title, topic in (("Mistake", "mistake"), ("Easier", "easier"), ("Harder", "harder"), ("Stop", "stop")):
        texts = [claim.text for claim in read.exercise_claims(db, name) if claim.topic == topic]
        if texts:
            parts += ["\n", plain(f"{title} ", "bold"), plain(" ".join(texts))]
    return Content.assemble(*parts)


class FigurePane(VerticalScroll, can_focus=False):
    """The picture of one exercise or work-around beside its words; where there is no room for that, under them."""

    def __init__(self, *, id: str, can_focus: bool = False) -> None:
        super().__init__(id=id, can_focus=can_focus)
        self.frames: list[Frame] = []

    def compose(self) -> ComposeResult:
        with Container(id="figure"):
            yield Static("", id="figure-cells", markup=False)
            yield Static("", id="figure-words", markup=False)

    def show(self, db: Connection, name: str) -> None:
        """Show this exercise or work-around; an empty name clears the pane."""
        self.frames = read.figure(db, name) if name else []
        self.query_one("#figure-words", Static).update(words(db, name) if name else Content(""))
        self.draw()
        self.scroll_home(animate=False)

    def draw(self) -> None:
        """Draw the frames: side by side, one under the other beside the words, or under the words, as there is room."""
        room, signs = self.scrollable_content_region.width, cast("DecideApp", self.app).profile.signs
        drawn, written = self.query_one("#figure-cells", Static), self.query_one("#figure-words", Static)
        drawn.display = bool(self.frames)
        if not room or not self.frames:
            return
        beside = room - WORDS - GAP
        stacked = not signs or beside < max(column_width(frame, signs) for frame in self.frames)
        groups = abreast(self.frames, signs, room if stacked else beside)
        drawn.update(pictures(groups, signs))
        drawn.styles.width = "100%" if stacked else max(group_width(group, signs) for group in groups) + GAP
        self.set_class(stacked, "-stacked")
        first = written if stacked else drawn
        self.query_one("#figure", Container).move_child(first, before=0)

    def on_resize(self) -> None:
        self.draw()


class LookScreen(BaseScreen):
    """One exercise or work-around: its picture and its words, over the whole screen."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.shown = name
        self.label = label

    def compose(self) -> ComposeResult:
        yield self.title_line(self.label)
        yield FigurePane(id="look", can_focus=True)
        yield Message()
        yield KeyLine()

    def on_mount(self) -> None:
        pane = self.query_one(FigurePane)
        pane.show(self.decide.db, self.shown)
        pane.focus()
