"""The palette: any command that works here, and any entry of the knowledge base, by its first letters and Enter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from db import read
from db.search import search
from decide.commands import Command, key_names
from screens.base import DialogScreen, KeyLine, PlainInput, bindings, hanging, plain
from screens.keys import nodes_of, working
from screens.rows import MARGIN, Row, Rows, heading, row

Chosen = Callable[[], object]

MOST_HITS = 20
# The cells of a small window, and what its sides and a scrollbar take of them (app.tcss).
WIDTH, BESIDE = 76, 5
# What the palette itself does is no choice in it, nor is what only its own key means.
LEFT_OUT = ("palette", "move")


class PaletteInput(PlainInput):
    PART = "palette"
    BINDINGS = bindings("palette")


class PaletteScreen(DialogScreen[Chosen | None]):
    """Commands first, those that begin with what was typed on top; then entries by the search of the desk.

    Gives back what was chosen, as something to call once the palette has gone.
    """

    def __init__(self, over: Screen[object]) -> None:
        super().__init__()
        self.over = over

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield PaletteInput(placeholder="First letters of a command, a condition, a movement ...", compact=True)
            yield Rows(id="hits")
            yield KeyLine()

    def on_mount(self) -> None:
        self.found: dict[str, tuple[Command, DOMNode]] = {}
        for part, node, command, _ in working(nodes_of(self.over), self.decide.keys):
            if not command.fixed and command.id not in LEFT_OUT and command.title not in self.titles():
                self.found[f"{part}:{command.id}"] = (command, node)
        self.query_one("#hits").can_focus = False
        self.query_one(PaletteInput).focus()
        self.show("")

    def on_resize(self) -> None:
        self.show(self.query_one(PaletteInput).value)

    @property
    def room(self) -> int:
        """The cells that a hit has for its text, known before it is laid out."""
        return min(WIDTH, self.app.size.width) - BESIDE - MARGIN

    def titles(self) -> set[str]:
        return {command.title for command, _ in self.found.values()}

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        self.show(event.value)

    def show(self, text: str) -> None:
        """The hits for a text, the best first, which Enter runs."""
        wanted = text.strip().casefold()
        hits = self.query_one("#hits", Rows)
        matching = [(self.fit(command, wanted), name, command) for name, (command, _) in self.found.items()]
        rows: list[Row] = []
        for _, name, command in sorted((each for each in matching if each[0] is not None), key=lambda each: each[0] or 0):
            keys = key_names(self.decide.keys.get(command.id, command.keys))
            said = hanging(f"{command.title}. {command.help}{f' ({keys})' if keys else ''}", self.room, "")
            rows.append(row(plain(said).stylize("bold", 0, len(command.title)), f"command:{name}"))
        entries = self.entries(text)
        if entries:
            rows += [heading("Read"), *entries]
        hits.highlighted = None
        hits.fill(rows)

    def fit(self, command: Command, wanted: str) -> int | None:
        """How well a command fits what was typed: 0 its title begins so, 1 a word of it, 2 of what it does; else None."""
        title = command.title.casefold()
        if title.startswith(wanted):
            return 0
        if any(word.startswith(wanted) for word in title.split()):
            return 1
        return 2 if len(wanted) > 2 and any(word.startswith(wanted) for word in command.help.casefold().split()) else None

    def entries(self, text: str) -> list[Row]:
        """Entries of the knowledge base: what the search finds, or every condition while nothing is typed."""
        db = self.decide.db
        if not text.strip():
            return [row(plain(one.label), f"entry:condition:{one.id}") for one in read.conditions(db)]
        hits = search(db, text, limit=MOST_HITS)
        return [row(plain(f"{hit.label} ({hit.kind})"), f"entry:{hit.kind}:{hit.id}") for hit in hits]

    def action_move(self, key: str) -> None:
        hits = self.query_one("#hits", Rows)
        hits.action_cursor(key)

    def action_run(self) -> None:
        self.run(self.query_one("#hits", Rows).current)

    @on(Rows.Selected)
    def clicked(self, event: Rows.Selected) -> None:
        self.run(event.id)

    def run(self, name: str | None) -> None:
        kind, _, rest = (name or "").partition(":")
        if kind == "entry":
            self.dismiss(partial(self.decide.open_entry, rest))
        elif kind == "command":
            command, node = self.found[rest]
            self.dismiss(partial(self.app.call_later, self.app.run_action, command.action, node))

    def action_leave(self) -> None:
        self.dismiss(None)
