"""Every key that works on a screen, with what it does: read from the screen's own bindings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from screens.base import BaseScreen, footer, plain
from screens.rows import Row, Rows, heading, row

ALWAYS = (
    ("Tab, Shift+Tab", "Next and previous part of the screen"),
    ("Arrows, Page keys, Home, End", "Move in a list"),
    ("Ctrl+P", "The command palette: every command and every condition by name"),
)


def described_bindings(nodes: Iterable[DOMNode]) -> Iterator[tuple[DOMNode, Binding]]:
    """The bindings of these nodes that say what they do, each with its node."""
    for node in nodes:
        for bindings in node._bindings.key_to_bindings.values():
            for binding in bindings:
                if binding.tooltip:
                    yield node, binding


class KeysScreen(BaseScreen):
    def __init__(self, screen: Screen[object]) -> None:
        super().__init__()
        self.described = screen

    def compose(self) -> ComposeResult:
        yield self.title_line("Keys that work here")
        yield Rows(id="keys")
        yield footer()

    def on_mount(self) -> None:
        rows: list[Row] = [heading("On this screen")]
        rows += self.described_rows([self.described, *self.described.query("*").results()])
        rows.append(heading("Everywhere"))
        rows += self.described_rows([self.app])
        rows += [row(Content.assemble(plain(f"{keys:<30}", "bold"), plain(f" {text}"))) for keys, text in ALWAYS]
        self.query_one(Rows).fill(rows)

    def described_rows(self, nodes: Iterable[DOMNode]) -> list[Row]:
        """One row for each thing that the keys of these nodes do."""
        seen: dict[tuple[str, str], list[str]] = {}
        for _, binding in described_bindings(nodes):
            shown = binding.key_display or self.app.get_key_display(binding)
            keys = seen.setdefault((binding.description, binding.tooltip), [])
            if shown not in keys:
                keys.append(shown)
        return [
            row(Content.assemble(plain(f"{', '.join(keys):<14}", "bold"), plain(f" {name}: {text}")))
            for (name, text), keys in seen.items()
        ]
