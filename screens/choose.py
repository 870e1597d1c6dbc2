"""Small questions over a screen: which of these, and which condition by its name."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from db.read import Connection
from db.search import search
from screens.base import DialogScreen, KeyLine, PlainInput, bindings, plain
from screens.rows import Rows, row

MOST_HITS = 12


class WhichRows(Rows):
    PART = "which"
    BINDINGS = bindings("which")


class NameInput(PlainInput):
    PART = "by-name"
    BINDINGS = bindings("by-name")


class Which(DialogScreen[int | None]):
    """One of a few, by its number or from the list. Gives back its place (0 is the first), or None."""

    PART = "which"
    BINDINGS = bindings("which")

    def __init__(self, question: str, labels: Sequence[str]) -> None:
        super().__init__()
        self.question = question
        self.labels = labels

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(plain(self.question, "bold"), markup=False)
            yield WhichRows(id="which")
            yield KeyLine()

    def on_mount(self) -> None:
        rows = self.query_one("#which", Rows)
        rows.fill([row(plain(f"{number} {label}"), str(number)) for number, label in enumerate(self.labels, 1)])
        rows.focus()

    @on(Rows.Selected, "#which")
    def chosen(self, event: Rows.Selected) -> None:
        self.action_take(int(event.id or 0))

    def action_take_this(self) -> None:
        self.query_one("#which", Rows).action_select()

    def action_take(self, number: int) -> None:
        if 1 <= number <= len(self.labels):
            self.dismiss(number - 1)

    def action_leave(self) -> None:
        self.dismiss(None)


class ConditionDialog(DialogScreen[str | None]):
    """A condition by its name, typed ahead. Gives back its id, or None."""

    PART = "by-name"
    BINDINGS = bindings("by-name")

    def __init__(self, db: Connection, question: str, without: Sequence[str]) -> None:
        super().__init__()
        self.db = db
        self.question = question
        self.without = without

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(plain(self.question, "bold"), markup=False)
            yield NameInput(placeholder="Type its name: stenosis, hernia, bursitis ...", id="condition", compact=True)
            yield Rows(id="which")
            yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#which").can_focus = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        text = event.value
        hits = search(self.db, text, ("condition",), limit=MOST_HITS) if text.strip() else []
        rows = [row(plain(hit.label), hit.id) for hit in hits if hit.id not in self.without]
        self.query_one("#which", Rows).fill(rows)

    def action_move(self, key: str) -> None:
        self.query_one("#which", Rows).action_cursor(key)

    @on(Rows.Selected, "#which")
    def action_chosen(self) -> None:
        if name := self.query_one("#which", Rows).current:
            self.dismiss(name)

    def action_leave(self) -> None:
        self.dismiss(None)
