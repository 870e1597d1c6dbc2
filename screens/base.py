"""What every screen shares: its commands as bindings, the title, the message line, the keys at the foot, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Click, ScreenResume
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from decide.commands import BY_ID, commands_of, key_name, keys_of
from decide.text import begun, visible, wrap

if TYPE_CHECKING:
    from screens.app import DecideApp


# Breakpoints of every screen. Cells: room for more than one thing beside another, for three columns, for four. Lines: under
# LOW little is left out, from TALL on one pane stands over another.
NORMAL, MIDDLE, WIDE = 70, 116, 170
LOW, TALL = 18, 36


def plain(text: str, style: str = "") -> Content:
    """Text from the knowledge base or a person as content: never markup, never a control character."""
    return Content.styled(visible(text, keep="\n"), style) if style else Content(visible(text, keep="\n"))


class PlainInput(Input):
    """A one-line input that shows pasted control and direction characters as text, and does not blink."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    @property
    def cursor_screen_offset(self) -> Offset:
        # Behind the last letter Textual's own stands one cell too far, where a braille line would look for the next one.
        return super().cursor_screen_offset - (1 if self.cursor_at_end else 0, 0)

    def validate_value(self, value: str) -> str:
        return visible(value)

    def replace(self, text: str, start: int, end: int) -> None:
        # Made visible before it is taken in, so that the cursor comes to stand behind all of it.
        super().replace(visible(text), start, end)


# What goes before the keys of whatever has the focus: leaving, and the Enter of the small windows, whose fields and lists
# have an Enter of their own that leads to the same, but does not stand at the foot.
FIRST = ("quit", "keep-fields", "take-this", "take-named", "print-here")


def bindings(part: str) -> list[BindingType]:
    """The bindings of one part of a screen, from the table of commands."""
    made: list[BindingType] = []
    for command in commands_of(part):
        if command.fixed:
            made += [
                Binding(key, command.action.format(key=key), command.title, show=False, tooltip=command.help)
                for key in command.keys
            ]
        else:
            # A command without keys keeps a place, so that a key can be set for it.
            keys = ",".join(command.keys) or f"unset_{command.id}"
            made.append(
                Binding(
                    keys, command.action, command.title, id=command.id, tooltip=command.help, priority=command.id in FIRST
                )
            )
    return made


class Words(Static):
    """Words that were wrapped already: drawn anew when they change, laid out anew when they take more or fewer lines."""

    def __init__(self, words: Content | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        self.words = Content("") if words is None else words
        super().__init__(self.words, id=id, classes=classes, markup=False)

    def show(self, words: Content) -> None:
        """Show these words in place of those that stand here."""
        before, self.words = self.words, words
        if words.plain == before.plain and words.spans == before.spans:
            return
        same = bool(words.plain) == bool(before.plain) and words.plain.count("\n") == before.plain.count("\n")
        self.update(words, layout=not same)


class TitleLine(Words):
    """The first line of a screen; what it cannot hold ends in "..."."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(plain(text), id="title")

    def on_resize(self) -> None:
        self.retitle(self.text)

    def retitle(self, text: str) -> None:
        self.text = text
        self.show(plain(begun(text, self.size.width or self.app.size.width - 2)))


class Message(Static):
    """The line that speaks to the person at the keyboard: one message at a time, nothing taken up while there is none."""

    def __init__(self) -> None:
        super().__init__("", id="message", markup=False)
        self.display = False
        self.said = ""

    def say(self, text: str) -> None:
        if text != self.said:
            self.said = text
            self.update(plain(text))
            self.display = bool(text)


class KeyLine(Words):
    """The keys at the foot: of the focused part first, as many as the line holds; the key for all of them always."""

    def __init__(self) -> None:
        super().__init__(id="key-line")
        self.places: list[tuple[int, int, str, DOMNode]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.fill())

    def on_resize(self) -> None:
        self.fill()

    def fill(self) -> None:
        """The commands that work now, each with one key that works now."""
        # Before the first layout a whole screen's line is as wide as the terminal.
        width = self.size.width or (0 if self.screen.is_modal else self.app.size.width)
        if not self.is_attached or not width:
            return
        active = self.screen.active_bindings
        keys: dict[str, list[str]] = {}
        for key, each in active.items():
            command = BY_ID.get(each.binding.id or "")
            if command and command.foot and each.enabled:
                keys.setdefault(command.id, []).append(key)
        shown: dict[str, tuple[str, DOMNode, str]] = {}
        for name, own in keys.items():
            # Of several keys the one that stands first in the table.
            usual = keys_of(BY_ID[name], cast("DecideApp", self.app).keys)
            key = next((each for each in usual if each in own), own[0])
            node, action = active[key].node, active[key].binding.action
            # Two commands for the same way: the one of the part in focus will do.
            if not any(action == other for _, _, other in shown.values()):
                shown[name] = (f"{key_name(key)} {BY_ID[name].title}", node, action)
        last = shown.pop("help", None)
        parts = [*shown.values()]
        room = width - 2 - (cell_len(last[0]) if last else 0)
        line, self.places, full = "", [], False
        for text, node, action in [*parts, *([last] if last else [])]:
            ends = (text, node, action) == last
            everywhere = action.startswith("app.")
            if not ends and (cell_len(f"{line}{text}  ") > room or (full and everywhere)):
                # Of what works everywhere none is passed over: a short one is not the next one to need.
                full = full or everywhere
                continue
            self.places.append((cell_len(line), cell_len(line) + cell_len(text), action, node))
            line += f"{text}  "
        self.show(self.styled(line.rstrip()))

    def styled(self, line: str) -> Content:
        content = plain(line)
        for start, end, _, _ in self.places:
            text = line[start:end]
            content = content.stylize("bold", start, start + len(text.partition(" ")[0]))
        return content

    async def on_click(self, event: Click) -> None:
        for start, end, action, node in self.places:
            if start <= event.x - 1 < end:
                await self.app.run_action(action, default_namespace=node)


class BaseScreen(Screen[None]):
    """A whole screen with a title line and two keys for the way back."""

    PART = "screen"
    BINDINGS = bindings("screen")

    @property
    def decide(self) -> DecideApp:
        return cast("DecideApp", self.app)

    def on_compose(self) -> None:
        """Take the classes of the breakpoints before there are parts: else these are styled and laid out once for none."""
        for room, breakpoints in (
            (self.app.size.width, self.app.HORIZONTAL_BREAKPOINTS),
            (self.app.size.height, self.app.VERTICAL_BREAKPOINTS),
        ):
            held = [name for least, name in breakpoints or () if room >= least]
            self.add_class(*held[-1:])

    def _on_screen_resume(self, event: ScreenResume) -> None:
        # Called before Textual's own, and beside those of the screens. The parts of a new screen have just been styled.
        event.refresh_styles = event.refresh_styles and self.stack_updates > 0

    def on_mount(self) -> None:
        # What a screen's own mounting put there, and the focus, stand by now: the first picture has the keys already.
        for line in self.query(KeyLine):
            line.fill()

    def title_line(self, text: str) -> Words:
        return TitleLine(text)

    def retitle(self, text: str) -> None:
        self.query_one(TitleLine).retitle(text)

    def say(self, text: str) -> None:
        """Tell the person at the keyboard something, until something else is said; an empty text clears the line."""
        self.query_one(Message).say(text)

    def reset(self) -> None:
        """Ready for a new person: asked of the form or the desk, whichever lies at the bottom."""

    @property
    def bottom(self) -> bool:
        """Whether there is nothing to go back to: only Textual's own empty screen lies below."""
        return len(self.app.screen_stack) <= 2

    def action_back(self) -> None:
        if not self.bottom:
            self.app.pop_screen()


Result = TypeVar("Result")


class DialogScreen(ModalScreen[Result]):
    """A small window over a screen, with its keys at its foot."""

    PART = "dialog"
    BINDINGS = bindings("dialog")

    @property
    def decide(self) -> DecideApp:
        return cast("DecideApp", self.app)

    def say(self, text: str) -> None:
        """Tell the person at the keyboard something, until something else is said."""
        self.query_one(Message).say(text)


def hanging(text: str, width: int, first: str) -> str:
    """`text` wrapped to `width` cells with its later lines indented as far as `first` reaches."""
    return "\n".join(wrap(visible(text), max(width, len(first) + 8), first))
