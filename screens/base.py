"""What every screen shares: the row list, the title line, the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from rich.console import RenderableType
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from decide.text import visible, wrap

if TYPE_CHECKING:
    from screens.app import DecideApp

Prompt = Content | RenderableType


def plain(text: str, style: str = "") -> Content:
    """Text from the knowledge base or a person as content: never markup, never a control character."""
    return Content.styled(visible(text, keep="\n"), style) if style else Content(visible(text, keep="\n"))


class PlainInput(Input):
    """A one-line input that shows pasted control and direction characters as text, and does not blink."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return visible(value)

    def replace(self, text: str, start: int, end: int) -> None:
        # Made visible before it is taken in, so that the cursor comes to stand behind all of it.
        super().replace(visible(text), start, end)


class Rows(OptionList, inherit_bindings=True):
    """A list of rows that wrap; headings are rows that the highlight passes over."""

    def fill(self, rows: Iterable[Option], keep: str | None = None) -> None:
        """Show these rows. The highlight goes to the row `keep`, or else stays near where it was."""
        before = self.highlighted
        options = list(rows)
        with self.app.batch_update():
            self.clear_options()
            self.add_options(options)
            if not options:
                return
            place = next((number for number, option in enumerate(options) if option.id == keep and keep), None)
            if place is None and before is not None:
                place = min(before, len(options) - 1)
            if place is None or place < 0 or options[place].disabled:
                start = place or 0
                after = (number for number in range(start, len(options)) if not options[number].disabled)
                place = next(after, next((n for n, option in enumerate(options) if not option.disabled), None))
            self.highlighted = place

    @property
    def room(self) -> int:
        """The cells that a row has for its text."""
        return max(20, self.scrollable_content_region.width - 2)

    @property
    def current(self) -> str | None:
        """The id of the highlighted row."""
        if self.highlighted is None:
            return None
        return self.get_option_at_index(self.highlighted).id

    def action_jump(self, step: int) -> None:
        """Move the highlight to the first row under the next (1) or previous (-1) heading."""
        headings = [number for number in range(self.option_count) if self.get_option_at_index(number).disabled]
        here = self.highlighted or 0
        if step > 0:
            ahead = [number for number in headings if number > here]
            target = ahead[0] + 1 if ahead else here
        else:
            behind = [number for number in headings if number < here - 1]
            target = behind[-1] + 1 if behind else 0
        while target < self.option_count and self.get_option_at_index(target).disabled:
            target += 1
        if target < self.option_count:
            self.highlighted = target


def heading(text: str) -> Option:
    """A heading row."""
    return Option(plain(text, "bold underline"), disabled=True)


def row(prompt: Prompt, name: str | None = None) -> Option:
    """A row that can be highlighted."""
    return Option(prompt, id=name)


# For lists with several parts.
PART_KEYS = [
    Binding("n", "jump(1)", "Next part", show=False, tooltip="The next part"),
    Binding("b", "jump(-1)", "Part before", show=False, tooltip="The part before"),
]


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
