"""Small questions over a screen: which of these, and which condition by its name."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from db.read import Connection
from db.search import search
from screens.base import PlainInput, Rows, plain, row

MOST_HITS = 12


class Which(ModalScreen[int | None]):
    """One of a few, by its number or from the list. Gives back its place (0 is the first), or None."""

    BINDINGS = [
        Binding("escape,backspace", "leave", "Leave"),
        *[Binding(str(number), f"take({number - 1})", show=False) for number in range(1, 10)],
    ]

    def __init__(self, question: str, labels: Sequence[str]) -> None:
        super().__init__()
        self.question = question
        self.labels = labels

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(plain(self.question, "bold"), markup=False)
            yield Rows(id="which")
            yield Static(plain("Its number, or arrows and Enter    Esc: leave"), id="keys-hint", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one("#which", Rows)
        rows.fill([row(plain(f"{number} {label}"), str(number)) for number, label in enumerate(self.labels, 1)])
        rows.focus()

    @on(Rows.OptionSelected, "#which")
    def chosen(self, event: Rows.OptionSelected) -> None:
        self.action_take(int(event.option_id or 0) - 1)

    def action_take(self, place: int) -> None:
        if 0 <= place < len(self.labels):
            self.dismiss(place)

    def action_leave(self) -> None:
        self.dismiss(None)


class ConditionDialog(ModalScreen[str | None]):
    """A condition by its name, typed ahead. Gives back its id, or None."""

    BINDINGS = [
        Binding("escape", "leave", "Leave"),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, db: Connection, question: str, without: Sequence[str]) -> None:
        super().__init__()
        self.db = db
        self.question = question
        self.without = without

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(plain(self.question, "bold"), markup=False)
            yield PlainInput(placeholder="Type its name: stenosis, hernia, bursitis ...", id="condition", compact=True)
            yield Rows(id="which")
            yield Static(plain("Enter: take the highlighted one    Esc: leave"), id="keys-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#which").can_focus = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        text = event.value
        hits = search(self.db, text, ("condition",), limit=MOST_HITS) if text.strip() else []
        rows = [row(plain(hit.label), hit.id) for hit in hits if hit.id not in self.without]
        self.query_one("#which", Rows).fill(rows)

    def action_move(self, step: int) -> None:
        rows = self.query_one("#which", Rows)
        if step > 0:
            rows.action_cursor_down()
        else:
            rows.action_cursor_up()

    @on(Input.Submitted)
    @on(Rows.OptionSelected, "#which")
    def chosen(self) -> None:
        if name := self.query_one("#which", Rows).current:
            self.dismiss(name)

    def action_leave(self) -> None:
        self.dismiss(None)
