"""What the screens are measured against: the least that a Textual app can do. `python tests/bare_apps.py NAME`.

paint: one text. list: 1,000 lines, the cursor moved by drawing two of them. input: one line to type in. push: a screen
with a text and a foot, pushed by `n`, popped by Backspace.
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static

READY, PUSHED = "BARE-READY", "BARE-PUSHED"


class Paint(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(READY)


def line_list() -> App[None]:
    from rich.segment import Segment
    from rich.style import Style
    from textual.geometry import Region, Size
    from textual.scroll_view import ScrollView
    from textual.strip import Strip

    count, highlighted = 1000, Style(reverse=True)

    class Lines(ScrollView, can_focus=True):
        BINDINGS = [("down", "move(1)"), ("up", "move(-1)"), ("pagedown", "page(1)"), ("pageup", "page(-1)")]
        cursor = 0

        def on_mount(self) -> None:
            self.virtual_size = Size(40, count)
            self.focus()

        def render_line(self, y: int) -> Strip:
            number = y + self.scroll_offset.y
            style = highlighted if number == self.cursor else self.rich_style
            return Strip([Segment(f" {number} {READY}".ljust(self.size.width), style)], self.size.width)

        def action_move(self, step: int) -> None:
            before = self.cursor
            self.cursor = min(count - 1, max(0, before + step))
            self.refresh_line(before)
            self.refresh_line(self.cursor)
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)

        def action_page(self, step: int) -> None:
            self.action_move(step * self.size.height)

    class ListApp(App[None]):
        def compose(self) -> ComposeResult:
            yield Lines()

    return ListApp()


def input_line() -> App[None]:
    from textual.widgets import Input

    class InputApp(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(READY)
            line = Input(compact=True)
            line.cursor_blink = False
            yield line

    return InputApp()


def push() -> App[None]:
    from textual.screen import Screen
    from textual.widgets import Footer

    class Pushed(Screen[None]):
        BINDINGS = [("backspace", "app.pop_screen", "Back")]

        def compose(self) -> ComposeResult:
            yield Static(PUSHED)
            yield Footer()

    class PushApp(App[None]):
        BINDINGS = [("n", "next", "Next")]

        def compose(self) -> ComposeResult:
            yield Static(READY)
            yield Footer()

        def action_next(self) -> None:
            self.push_screen(Pushed())

    return PushApp()


APPS = {"paint": Paint, "list": line_list, "input": input_line, "push": push}

if __name__ == "__main__":
    app = APPS[sys.argv[1]]()
    app.animation_level = "none"
    app.run()
