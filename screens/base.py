"""What every screen shares: plain text, the title line, the message line, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

from decide.text import visible, wrap

if TYPE_CHECKING:
    from screens.app import DecideApp


def plain(text: str, style: str = "") -> Content:
    """Text from the knowledge base or a person as content: never markup, never a control character."""
    return Content.styled(visible(text, keep="\n"), style) if style else Content(visible(text, keep="\n"))


class PlainInput(Input):
    """A one-line input that shows pasted control and direction characters as text, and does not blink."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return visible(value)


class Message(Static):
    """The line that speaks to the person at the keyboard: one message at a time, nothing taken up while there is none."""

    def __init__(self) -> None:
        super().__init__("", id="message", markup=False)

    def say(self, text: str) -> None:
        self.update(plain(text))
        self.display = bool(text)


def footer() -> Footer:
    """The keys at the foot; the palette's own is on the keys page, to leave room for the others."""
    return Footer(show_command_palette=False, compact=True)


class BaseScreen(Screen[None]):
    """A whole screen with a title line and two keys for the way back."""

    BINDINGS = [
        Binding("escape", "back", "Back", key_display="Esc", tooltip="Back to where you came from"),
        Binding("backspace", "back", "Back", show=False, key_display="Backspace", tooltip="Back to where you came from"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-normal"), (116, "-middle"), (130, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]

    @property
    def decide(self) -> DecideApp:
        return cast("DecideApp", self.app)

    def title_line(self, text: str) -> Static:
        return Static(plain(text), id="title", markup=False)

    def retitle(self, text: str) -> None:
        self.query_one("#title", Static).update(plain(text))

    def say(self, text: str) -> None:
        """Tell the person at the keyboard something, until something else is said; an empty text clears the line."""
        self.query_one(Message).say(text)

    def action_back(self) -> None:
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()


def hanging(text: str, width: int, first: str) -> str:
    """`text` wrapped to `width` cells with its later lines indented as far as `first` reaches."""
    return "\n".join(wrap(visible(text), max(width, len(first) + 8), first))
