"""The full-screen app: opens the form and the find screen, and holds what the screens share: the case and its answer."""

from __future__ import annotations

import codecs
import gc
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import Provider
from textual.dom import DOMNode
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender

from db import read
from db.read import Connection
from decide.case import Case
from screens.base import plain
from screens.find import FindScreen
from screens.terminal import plain_terminal

if TYPE_CHECKING:
    from decide.answer import Answer, Reasoner


class BlankScrollBar(ScrollBarRender):
    """A scrollbar without block characters, which text consoles lack."""

    VERTICAL_BARS = [" "] * 8
    HORIZONTAL_BARS = [" "] * 8


def _palette() -> type[Provider]:
    from screens.palette import Entries

    return Entries


class DecideApp(App[int]):
    """`case` is what is known of the person; `marked` are the conditions picked for comparing or planning, in order.

    Screens change the case with `change` and take it back with `undo`; `answer` is what the program says of it.
    """

    TITLE = "decide"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {_palette}
    BINDINGS = [
        Binding("f1", "keys", "Keys", key_display="F1", tooltip="Every key that works here"),
        Binding("question_mark", "keys", "Keys", show=False, key_display="?", tooltip="Every key that works here"),
        Binding("f4", "warnings", "Warnings", key_display="F4", tooltip="What this case trips, then every warning sign"),
        Binding("f5", "person", "Person", key_display="F5", tooltip="The form: age, sex, course, the safety questions"),
        Binding("f6", "letter", "Letter", key_display="F6", tooltip="The referral letter and the note for the record"),
        Binding("f8", "new", "New", key_display="F8", tooltip="A new person: clear everything, after one question"),
    ]

    def __init__(self, db: Connection, folder: Path, today: date | None = None, form: bool = True) -> None:
        self.plain = plain_terminal()
        super().__init__(ansi_color=True if self.plain else None)
        self.db = db
        self.folder = folder
        self.fixed_day = today
        self.about = read.about(db)
        self.marked: list[str] = []
        self.case = Case()
        self.past: list[Case] = []
        self.training = "clinician"
        self.form = form
        self._answer: Answer | None = None
        self.animation_level = "none"
        if self.plain:
            ScrollBar.renderer = BlankScrollBar
            self.theme = "ansi-dark"

    @property
    def today(self) -> date:
        """The day that stands on a sheet: today, unless it was fixed."""
        return self.fixed_day or date.today()

    def get_default_screen(self) -> Screen[None]:
        return FindScreen()

    def on_mount(self) -> None:
        if self.form:
            self.action_person()

    def on_ready(self) -> None:
        if not gc.isenabled():
            # What came up with the app stays; only what is made from here on can become garbage.
            gc.freeze()
            gc.enable()

    # --- the case ------------------------------------------------------------------------------------------------------

    @cached_property
    def reasoner(self) -> Reasoner:
        from decide.answer import Reasoner

        return Reasoner(self.db)

    @property
    def answer(self) -> Answer:
        """What the program says of the case: reckoned once for each change."""
        if self._answer is None or self._answer.case != self.case:
            self._answer = self.reasoner.answer(self.case, self.training)
        return self._answer

    @property
    def told_side(self) -> str | None:
        """The side as it was told apart from the body chart: of the last case in which no area had a side of its own."""
        return next((case.side for case in (self.case, *reversed(self.past)) if not case.areas), None)

    def change(self, case: Case, same_step: bool = False) -> None:
        """Take over a changed case. `same_step`: one undo takes this change back together with the one before."""
        if case != self.case:
            if not same_step:
                self.past.append(self.case)
            self.case = case

    def undo(self) -> bool:
        """Take the last change back; False when there is none."""
        if self.past:
            self.case = self.past.pop()
            return True
        return False

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        from screens.keys import described_bindings

        # The focused part first, so that its own sense of a shared action counts; then every other part of the screen.
        focused = [screen.focused] if screen.focused else []
        seen: set[tuple[str, str]] = set()
        for node, binding in described_bindings([*focused, screen, *screen.query("*").results(), self]):
            name, _, parameters = binding.action.removeprefix("screen.").removeprefix("app.").partition("(")
            shown = binding.description, binding.tooltip
            if shown in seen or name == "command_palette" or (not parameters and not node.check_action(name, ())):
                continue
            seen.add(shown)
            yield SystemCommand(binding.description, binding.tooltip, self._runner(node, binding.action))
        yield SystemCommand("About", "Versions, intended use, limits", self.action_about)
        yield SystemCommand("Method", "How the program reasons, its weights and its limits", self.action_method)
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave decide", self.action_quit)

    def _runner(self, node: DOMNode, action: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.run_action(action, default_namespace=node)

        return run

    def on_command_palette_opened(self) -> None:
        if self.plain:
            from textual.command import SearchIcon

            self.screen.query_one(SearchIcon).icon = ">"

    def open_entry(self, name: str) -> None:
        """Show one entry of the knowledge base (`kind:id`)."""
        from screens.reader import ReaderScreen

        self.push_screen(ReaderScreen(name))

    def open_why(self, condition: str) -> None:
        """Show why a condition stands where it stands; for the young nothing is ranked."""
        from screens.why import WhyScreen

        if not self.refused():
            self.push_screen(WhyScreen(condition))

    def open_plan(self, names: Sequence[str]) -> None:
        """Plan for these conditions; in an emergency only the go-now sheet, for what must be excluded first."""
        from screens.dialogs import Confirm
        from screens.plan import PlanScreen

        # What was said of the screen below must not cover the plan's own words.
        self.clear_notifications()
        conditions = self.reasoner.conditions
        if self.answer.disposition != "emergency" or (names and all(conditions[name].grave for name in names)):
            if not self.refused():
                self.push_screen(PlanScreen(names))
            return
        first = next((name for name in self.answer.must_exclude if conditions[name].grave), None)
        if first is None:
            self.notify("EMERGENCY, now: no plan. Do what the strip says; F6 writes the letter.", markup=False)
            return

        def go(sure: bool | None) -> None:
            if sure:
                self.push_screen(PlanScreen([first]))

        question = f"EMERGENCY, now: no plan and no exercises. Make the go-now sheet for: {conditions[first].label}?"
        self.push_screen(Confirm(question), go)

    def refused(self) -> bool:
        """Whether the knowledge is not for this person, which is then said."""
        from screens.dialogs import Reading

        if self.answer.notice:
            self.push_screen(Reading("Under 18", [plain(self.answer.notice)]))
        return bool(self.answer.notice)

    def action_keys(self) -> None:
        from screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen):
            self.push_screen(KeysScreen(self.screen))

    def action_warnings(self) -> None:
        from screens.reader import WarningsScreen

        if not isinstance(self.screen, WarningsScreen):
            self.push_screen(WarningsScreen())

    def action_about(self) -> None:
        from screens.reader import AboutScreen

        self.push_screen(AboutScreen())

    def action_method(self) -> None:
        from screens.reader import MethodScreen

        self.push_screen(MethodScreen())

    def action_person(self) -> None:
        from screens.person import PersonScreen

        if any(isinstance(screen, PersonScreen) for screen in self.screen_stack):
            while not isinstance(self.screen, PersonScreen):
                self.pop_screen()
        else:
            self.push_screen(PersonScreen())

    def action_letter(self) -> None:
        from screens.letter import LetterScreen

        if not isinstance(self.screen, LetterScreen):
            self.push_screen(LetterScreen())

    def action_new(self) -> None:
        from screens.dialogs import Confirm

        def clear(sure: bool | None) -> None:
            if sure:
                self.case = Case()
                self.past.clear()
                self.marked.clear()
                while not isinstance(self.screen, FindScreen):
                    self.pop_screen()
                self.screen.reset()
                self.action_person()

        if self.case.empty and not self.marked:
            clear(True)
        else:
            self.push_screen(Confirm("New person? Everything said, chosen and marked is cleared."), clear)

    def _handle_exception(self, error: Exception) -> None:
        if isinstance(error, sqlite3.Error):
            # A file damaged under a running program: leave with one line, as the commands do.
            self.exit(return_code=2, message=f"decide: the knowledge base cannot be read ({error}); install decide again")
            return
        super()._handle_exception(error)


def _forgive_odd_bytes() -> None:
    """Let a byte that is no UTF-8 (a pasted Latin-1 letter) show as a replacement sign instead of ending the input."""
    try:
        from textual.drivers import linux_driver
    except ImportError:
        return
    strict = codecs.getincrementaldecoder("utf-8")
    setattr(linux_driver, "getincrementaldecoder", lambda _: lambda: strict("replace"))  # noqa: B010


def run(db: Connection, folder: Path) -> int:
    """Run the app until it is left; return its exit status."""
    _forgive_odd_bytes()
    app = DecideApp(db, folder)
    app.run()
    return app.return_code or 0
