"""The full-screen app: opens the find screen and holds what the screens share."""

from __future__ import annotations

import codecs
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from pathlib import Path

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import Provider
from textual.dom import DOMNode
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender

from db import read
from db.read import Connection
from decide.find import Choice
from screens.find import FindScreen

CONSOLES = ("linux", "vt100", "vt220", "ansi", "cygwin")


class BlankScrollBar(ScrollBarRender):
    """A scrollbar without block characters, which text consoles lack."""

    VERTICAL_BARS = [" "] * 8
    HORIZONTAL_BARS = [" "] * 8


def plain_terminal(environment: dict[str, str]) -> bool:
    """Whether to keep to the terminal's own 16 colours (or none) and to characters every console has."""
    return bool(environment.get("NO_COLOR")) or environment.get("TERM", "") in CONSOLES


def _palette() -> type[Provider]:
    from screens.palette import Entries

    return Entries


class DecideApp(App[int]):
    """`choice` is what the person said; `marked` are the conditions picked for comparing or planning, in order."""

    TITLE = "decide"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {_palette}
    BINDINGS = [
        Binding("f1", "keys", "Keys", tooltip="Every key that works here"),
        Binding("question_mark", "keys", "Keys", show=False, key_display="?", tooltip="Every key that works here"),
        Binding("f4", "warnings", "Warning signs", tooltip="The warning signs to ask about, and what each means"),
    ]

    def __init__(self, db: Connection, folder: Path, today: date | None = None) -> None:
        self.plain = plain_terminal(dict(os.environ))
        super().__init__(ansi_color=True if self.plain else None)
        self.db = db
        self.folder = folder
        self.fixed_day = today
        self.about = read.about(db)
        self.marked: list[str] = []
        self.choice = Choice()
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
