"""Every key that works on a screen, with what it does: first of the part that has the focus, then of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.app import ComposeResult
from textual.dom import DOMNode
from textual.screen import Screen

from decide.commands import EVERYWHERE, PARTS, Command, commands_of, key_names
from decide.text import cells
from screens.base import BaseScreen, KeyLine, Message, hanging, plain
from screens.rows import Row, Rows, heading, row

# As wide as most keys are; what they do hangs behind.
KEYS_WIDTH = 16


def parts_of(node: DOMNode) -> list[str]:
    """The parts of the table of commands that a node is: its own first, then what it inherits."""
    return [kind.__dict__["PART"] for kind in type(node).__mro__ if "PART" in kind.__dict__]


def working(
    nodes: Iterable[DOMNode], keys: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, DOMNode, Command, tuple[str, ...]]]:
    """The commands that work on these nodes: part, node, command and the keys that are its own there, none twice.

    A key that a node has from its own part is not counted for what it inherits.
    """
    seen: set[tuple[str, str]] = set()
    for node in nodes:
        taken: set[str] = set()
        for part in parts_of(node):
            for command in commands_of(part):
                own = tuple(key for key in keys.get(command.id, command.keys) if key not in taken)
                action = command.action.rpartition(".")[2].partition("(")[0]
                if (part, command.id) in seen or (command.keys and not own) or node.check_action(action, ()) is False:
                    continue
                seen.add((part, command.id))
                yield part, node, command, own
            taken |= {key for command in commands_of(part) for key in keys.get(command.id, command.keys)}


def nodes_of(screen: Screen[object]) -> list[DOMNode]:
    """What has commands on a screen: the focused part first, then the screen, its other parts, and the app."""
    found: dict[DOMNode, None] = {}
    if screen.focused:
        found[screen.focused] = None
    # Under a small window the app's own commands do not work, but for help and quit, which the window has.
    for node in (screen, *screen.query("*").results(), *([] if screen.is_modal else [screen.app])):
        found[node] = None
    return [node for node in found if parts_of(node)]


class KeysScreen(BaseScreen):
    """The help page of the screen `described`. Enter there runs nothing: it is for reading."""

    def __init__(self, described: Screen[object]) -> None:
        super().__init__()
        self.described = described

    def compose(self) -> ComposeResult:
        yield self.title_line("Keys that work here")
        yield Rows(id="keys")
        yield Message()
        yield KeyLine()

    def on_mount(self) -> None:
        self.show()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def show(self) -> None:
        by_part: dict[str, list[tuple[Command, tuple[str, ...]]]] = {}
        for part, _, command, keys in working(nodes_of(self.described), self.decide.keys):
            by_part.setdefault(part, []).append((command, keys))
        # What works everywhere comes last, what every list does before it.
        order = sorted(by_part, key=lambda part: (part == EVERYWHERE, part in ("list", "screen")))
        rows: list[Row] = []
        lists = self.query_one(Rows)
        for part in order:
            rows.append(heading(PARTS[part]))
            for command, keys in by_part[part]:
                names = key_names(keys) or "(by name)"
                # What is too wide for the column stands over it.
                first = f"{names}\n" if cells(names) > KEYS_WIDTH else ""
                column = "" if first else names
                text = first + hanging(f"{command.title}. {command.help}", lists.room, f"{column:<{KEYS_WIDTH}} ")
                rows.append(row(plain(text).stylize("bold", 0, len(names)), f"{part}:{command.id}"))
        lists.fill(rows, lists.current)
