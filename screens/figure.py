"""The picture of an exercise or work-around beside its words: a widget for a pane, and a screen of its own.

The cells were drawn when the knowledge was compiled; nothing is drawn here.
"""

from __future__ import annotations

import codecs
import os
import sys

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from db import read
from db.read import Connection, Frame
from screens.base import BaseScreen, footer, plain

# Consoles whose font has half blocks, but no braille.
BLOCK_CONSOLES = ("linux", "cygwin")
NO_PICTURES = ("dumb", "vt100", "vt220", "ansi")
# The widest picture is 40 cells; words beside it want this much.
PICTURE, WORDS = 40, 28


def cells(frame: Frame) -> str:
    """The picture as this terminal can show it: braille, half blocks, or nothing."""
    terminal = os.environ.get("TERM", "")
    try:
        unicode = codecs.lookup(sys.__stdout__.encoding if sys.__stdout__ else "ascii").name.startswith("utf")
    except (LookupError, AttributeError):
        unicode = False
    if not unicode or terminal in NO_PICTURES:
        return ""
    return frame.blocks if terminal in BLOCK_CONSOLES else frame.braille


def pictures(frames: list[Frame]) -> Content:
    """Every frame under its name; what cannot be drawn here is said in words."""
    parts: list[Content | str] = []
    for frame in frames:
        drawn = cells(frame)
        parts += [plain(frame.name.capitalize(), "bold"), "\n"]
        parts.append(plain(f"{drawn}\n") if drawn else plain(f"{frame.alt}\n"))
        parts.append("\n")
    return Content.assemble(*parts)


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
    """The picture of one exercise or work-around with its words beside it, or under it where there is little room."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="figure"):
            yield Static("", id="figure-cells", markup=False)
            yield Static("", id="figure-words", markup=False)

    def show(self, db: Connection, name: str) -> None:
        """Show this exercise or work-around; an empty name clears the pane."""
        frames = read.figure(db, name) if name else []
        drawn = self.query_one("#figure-cells", Static)
        drawn.display = bool(frames)
        drawn.update(pictures(frames))
        self.query_one("#figure-words", Static).update(words(db, name) if name else Content(""))
        self.scroll_home(animate=False)

    def on_resize(self) -> None:
        self.set_class(self.size.width < PICTURE + WORDS, "-stacked")


class LookScreen(BaseScreen):
    """One exercise or work-around: its picture and its words, over the whole screen."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.shown = name
        self.label = label

    def compose(self) -> ComposeResult:
        yield self.title_line(self.label)
        yield FigurePane(id="look", can_focus=True)
        yield footer()

    def on_mount(self) -> None:
        pane = self.query_one(FigurePane)
        pane.show(self.decide.db, self.shown)
        pane.focus()
