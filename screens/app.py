"""The full-screen app: opens the form and the desk, and holds what the screens share: the case and its answer."""

from __future__ import annotations

import codecs
import gc
import signal
import sqlite3
import sys
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.events import ScreenResume
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender

from db import read
from db.read import Connection
from decide.case import Case
from decide.commands import EVERYWHERE
from decide.errors import DeliveryError, InputError
from screens.base import LOW, MIDDLE, NORMAL, TALL, WIDE, BaseScreen, bindings, plain
from screens.terminal import Profile, terminal_profile
from screens.themes import apply_theme, kept_theme, line_filters, next_theme

if TYPE_CHECKING:
    from decide.answer import Answer, Reasoner
    from decide.started import Keeper, Orphan


# Seconds after which the first picture stands, so that what can wait does not delay it.
AFTER_PAINT = 0.05
# After how many seconds a thread that works makes room for one that waits.
SWITCH = 0.0002


# What the first picture does without is loaded so many seconds after it, one after the other, so many seconds apart: a
# screen then comes up as fast the first time as later, and no key waits for more than one of them. The pages and
# the plan are not among them: whoever does not open them does not pay for them in memory.
QUIET, BETWEEN = 0.3, 0.05
LATER = (
    "screens.candidates",
    "screens.ask",
    "screens.body",
    "screens.desk",
)


class BlankScrollBar(ScrollBarRender):
    """A scrollbar without block characters, which text consoles lack."""

    VERTICAL_BARS = [" "] * 8
    HORIZONTAL_BARS = [" "] * 8


class DecideApp(App[int]):
    """`case` is what is known of the person; `marked` are the conditions picked for comparing or planning, in order.

    Screens change the case with `change` and take it back with `undo`; `answer` is what the program says of it.
    """

    TITLE = "decide"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    PART = EVERYWHERE
    BINDINGS = bindings(EVERYWHERE)

    def __init__(
        self,
        db: Connection,
        folder: Path,
        today: date | None = None,
        form: bool = True,
        profile: Profile | None = None,
        keys: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.profile = profile or terminal_profile()
        super().__init__(ansi_color=True if self.plain else None)
        if self.profile.a11y:
            # One column, whatever the width.
            self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow")]
        self.keys = keys or {}
        self.set_keymap({name: ",".join(each) for name, each in self.keys.items()})
        self.db = db
        self.folder = folder
        self.fixed_day = today
        self.about = read.about(db)
        self.marked: list[str] = []
        self.case = Case()
        self.past: list[Case] = []
        self._label = ""
        self._keeper: Keeper | None = None
        self._keeping = False
        # The case that was at hand when the program was last left on purpose.
        self.left_case: Orphan | None = None
        self.training = "clinician"
        self.form = form
        self._answer: Answer | None = None
        self.animation_level = "none"
        # Textual keeps it for all apps of a process.
        ScrollBar.renderer = BlankScrollBar if self.plain else ScrollBarRender
        apply_theme(self, kept_theme(folder), self.plain)

    @property
    def today(self) -> date:
        """The day that stands on a sheet: today, unless it was fixed."""
        return self.fixed_day or date.today()

    # Breakpoints for every screen: what has room for panes side by side, and for how many rows.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NORMAL, "-normal"), (MIDDLE, "-middle"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (LOW, "-low"), (TALL, "-tall")]

    def refresh_css(self, animate: bool = True) -> None:
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            # At the start the stylesheet would be read twice, the first time for nothing to be seen.
            self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        return line_filters(self.theme, super().get_line_filters())

    def desk(self) -> Screen[None]:
        """A new desk. It is made when the form is first left, so that a start does not pay for it."""
        from screens.desk import DeskScreen

        return DeskScreen()

    def on_mount(self) -> None:
        if self.profile.a11y:
            self.show_cursor()
        self.app_resume_signal.subscribe(self, lambda _: self.resumed())
        # Under both lies Textual's own empty screen.
        if self.form:
            self.action_person()
        else:
            self.push_screen(self.desk())

    def on_ready(self) -> None:
        gc.enable()
        if self.form and (self.folder / "started").is_dir():
            # The form is painted first.
            self.set_timer(AFTER_PAINT, self.find_started)
        self.set_timer(QUIET, self.load_next)

    def load_next(self) -> None:
        """Load one of the modules that the first picture did without, in a moment in which nothing is asked."""
        if not self.is_running:
            return
        name = next((name for name in LATER if name not in sys.modules), None)
        if name:
            import_module(name)
            self.set_timer(BETWEEN, self.load_next)
        else:
            # All this stays, too; so no search for garbage goes through it while a key waits.
            gc.collect()
            gc.freeze()

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
            self.keep_soon()

    def undo(self) -> bool:
        """Take the last change back; False when there is none."""
        if self.past:
            self.case = self.past.pop()
            self.keep_soon()
            return True
        return False

    @property
    def label(self) -> str:
        """What the person is called on sheets and letters."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        self._label = label
        self.keep_soon()

    # --- a started case, which outlives the program --------------------------------------------------------------------

    @property
    def keeper(self) -> Keeper:
        from decide.started import Keeper

        self._keeper = self._keeper or Keeper(self.folder)
        return self._keeper

    @property
    def trouble(self) -> str:
        """Why the case is not kept on disk; empty while it is."""
        return self._keeper.trouble if self._keeper else ""

    def keep_soon(self) -> None:
        """Keep the case on disk, once what it changed stands on the screen."""
        if not self._keeping and self.is_running:
            self._keeping = True
            self.call_after_refresh(self.keep)

    def keep(self, left: bool = False) -> None:
        """Keep the case, the label and the marks on disk, for the next start. `left`: the program is left on purpose."""
        from decide.started import Started

        self._keeping = False
        started = Started(self.case, self.label, tuple(self.marked), datetime.now().astimezone(), self.about.version, left)
        if started.empty and self._keeper is None:
            return
        if self.left_case and not started.empty:
            # Someone else's case has begun.
            self.keeper.throw_away(self.left_case)
            self.left_case = None
        if line := self.keeper.keep(started):
            self.say(line)

    def find_started(self) -> None:
        """Find the cases of ended programs: offer those that broke off, newest first; tell of the last that was left."""
        from decide.started import offer

        found = self.keeper.orphans(self.db)
        left = [orphan for orphan in found.orphans if orphan.started.left]
        for orphan in left[1:]:
            self.keeper.throw_away(orphan)
        lines = list(found.lines)
        if left:
            self.left_case = left[0]
            who = offer(left[0], datetime.now().astimezone()).removesuffix(".")
            lines.append(f"Left: {who}. Ctrl+R takes it up; the first answer for someone else removes it.")
        if lines:
            self.say(" ".join(lines))
        self.offer([orphan for orphan in found.orphans if not orphan.started.left])

    def offer(self, orphans: list[Orphan]) -> None:
        """Offer these started cases, one after the other."""
        from decide.started import offer
        from screens.dialogs import StartedDialog

        if not orphans:
            return
        orphan, *others = orphans

        def answered(answer: str | None) -> None:
            if answer == "take" and self.take_up(orphan):
                return
            if answer == "throw":
                self.say(self.keeper.throw_away(orphan))
            self.offer(others)

        self.push_screen(StartedDialog(offer(orphan, datetime.now().astimezone())), answered)

    def take_up(self, orphan: Orphan) -> bool:
        """Go on with a started case; False, and it is said why, when another window has it."""
        if line := self.keeper.take(orphan):
            self.say(line)
            return False
        started = orphan.started
        self.left_case = None
        self.past.clear()
        self.case, self._label, self.marked = started.case, started.label, list(started.marked)
        self.keep_soon()
        self.screen.post_message(ScreenResume())
        return True

    def action_resume(self) -> None:
        if self.left_case and self.take_up(self.left_case):
            self.say("Taken up.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "resume":
            return self.left_case is not None
        return super().check_action(action, parameters)

    async def action_quit(self) -> None:
        self.keep(left=True)
        if self._keeper:
            self._keeper.close()
        await super().action_quit()

    def open_entry(self, name: str) -> None:
        """Show one entry of the knowledge base (`kind:id`)."""
        from screens.reader import ReaderScreen

        self.push_screen(ReaderScreen(name))

    def open_why(self, condition: str) -> None:
        """Show why a condition stands where it stands; for the young nothing is ranked."""
        from screens.why import WhyScreen

        if not self.refused():
            self.push_screen(WhyScreen(condition))

    def open_dislikes(self, condition: str) -> None:
        """Show what a condition dislikes and likes, movement by movement."""
        from screens.reader import DislikesScreen

        self.push_screen(DislikesScreen(condition))

    def open_plan(self, names: Sequence[str]) -> None:
        """Plan for these conditions; in an emergency only the go-now sheet, for what must be excluded first."""
        from screens.dialogs import Confirm
        from screens.plan import PlanScreen

        conditions = self.reasoner.conditions
        if self.answer.disposition != "emergency" or (names and all(conditions[name].grave for name in names)):
            if not self.refused():
                if any(conditions[name].grave for name in names) or read.phases(self.db, names):
                    self.push_screen(PlanScreen(names))
                else:
                    self.say(f"No plan is known for: {', '.join(conditions[name].short_label for name in names)}.")
            return
        first = next((name for name in self.answer.must_exclude if conditions[name].grave), None)
        if first is None:
            self.say("EMERGENCY, now: no plan. Do what the strip says; F6 writes the letter.")
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

    def resumed(self) -> None:
        """Back from the shell: the whole screen anew, as another program wrote over it."""
        self.screen.refresh()
        if self.profile.a11y:
            self.call_after_refresh(self.show_cursor)

    def show_cursor(self) -> None:
        """Show the terminal's own cursor, which screen readers and braille lines follow; Textual hides it."""
        if self._driver is not None:
            self._driver.write("\x1b[?25h")

    @property
    def plain(self) -> bool:
        """Whether to keep to the terminal's own 16 colours (or none) and to characters that every console has."""
        return self.profile.plain

    def say(self, text: str) -> None:
        """Tell it on the message line of the screen in view."""
        if isinstance(self.screen, BaseScreen):
            self.screen.say(text)

    def action_help(self) -> None:
        from screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen):
            self.push_screen(KeysScreen(self.screen))

    def action_help_quit(self) -> None:
        # Textual calls this on Ctrl+C, which it keeps for copying.
        self.say("Ctrl+Q leaves decide.")

    def action_theme(self) -> None:
        """The next of our themes, kept for next time."""
        from decide import settings

        if self.plain:
            self.say("This terminal shows its own colours.")
            return
        self.theme = next_theme(self.theme)
        try:
            settings.save(self.folder, theme=self.theme)
            self.say(f"Colours: {self.theme}.")
        except (InputError, DeliveryError) as error:
            self.say(f"Colours: {self.theme}. Not kept for next time: {error}")

    def action_palette(self) -> None:
        from screens.palette import Chosen, PaletteScreen

        def run(chosen: Chosen | None) -> None:
            if chosen:
                chosen()

        self.push_screen(PaletteScreen(self.screen), run)

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
                self.case, self.label = Case(), ""
                self.past.clear()
                self.marked.clear()
                self._label = ""
                self.keep()
                while len(self.screen_stack) > 2:
                    self.pop_screen()
                if isinstance(self.screen, BaseScreen):
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


def run(db: Connection, folder: Path, a11y: bool = False, keys: dict[str, tuple[str, ...]] | None = None) -> int:
    """Run the app until it is left; return its exit status. `keys` are those that were set, by command."""
    _forgive_odd_bytes()
    if hasattr(signal, "SIGHUP"):
        # A terminal that has gone ends the program, also under nohup: the case is kept already.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # What was imported stays: it is no longer looked through for garbage.
    gc.freeze()
    # A thread of Textual's writes to the terminal. It gets its turn while the app still works, not after it: 5 ms, the
    # usual, would pass between every two pieces of a picture.
    sys.setswitchinterval(SWITCH)
    app = DecideApp(db, folder, profile=terminal_profile(a11y), keys=keys)
    app.run()
    return app.return_code or 0
