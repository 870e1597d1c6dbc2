"""The trail: what was answered, in order, and what each answer changed; any step can be gone back to."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from decide.text import plural
from decide.trail import Step, trail
from screens.base import BaseScreen, KeyLine, Message, bindings, hanging, plain
from screens.rows import Rows, row
from screens.strip import Strip


class TrailRows(Rows):
    PART = "trail"
    BINDINGS = bindings("trail")


class TrailScreen(BaseScreen):
    def compose(self) -> ComposeResult:
        yield self.title_line("Trail")
        yield TrailRows(id="trail")
        yield Message()
        yield Strip()
        yield KeyLine()

    def on_mount(self) -> None:
        self.say("")
        self.show()

    def on_screen_resume(self) -> None:
        self.show()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def show(self) -> None:
        rows = self.query_one(TrailRows)
        self.steps: tuple[Step, ...] = trail(self.decide.reasoner, [*self.decide.past, self.decide.case])
        self.retitle(f"Trail - {len(self.steps)} in all, the last one highlighted")
        texts = [(f"{step.words}", step.effect) for step in self.steps]
        filled = [
            row(plain(hanging(f"{words}  -  {effect}" if effect else words, rows.room, f"{number:>3}. ")), f"step:{number}")
            for number, (words, effect) in enumerate(texts, 1)
        ]
        rows.fill(filled or [row(plain("Nothing was answered yet."))], f"step:{len(texts)}")
        self.query_one(Strip).fill()

    @on(Rows.Selected)
    def go_back_to(self, event: Rows.Selected) -> None:
        """Take back everything after the highlighted step, as one step that undo takes back."""
        number = int((event.id or "step:0").partition(":")[2])
        after = len(self.steps) - number
        if number and after:
            self.decide.change([*self.decide.past, self.decide.case][number])
        self.show()
        self.say(
            f"{plural(after, 'step')} taken back; z brings them again." if number and after else "Nothing came after it."
        )

    def action_undo(self) -> None:
        undone = self.decide.undo()
        self.show()
        self.say("Undone." if undone else "Nothing to undo.")
