"""What the panes of the desk share: a numbered heading that says which of them has the focus, and the case they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Vertical
from textual.widget import Widget

from decide.case import Case
from screens.base import Words, plain
from screens.rows import MARGIN

if TYPE_CHECKING:
    from screens.app import DecideApp
    from screens.desk import DeskScreen


class Pane(Vertical):
    """One pane of the desk. `number` is its key."""

    number = 0
    name_here = ""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, classes="pane")
        self.said_title = self.name_here

    @property
    def decide(self) -> DecideApp:
        return cast("DecideApp", self.app)

    @property
    def desk(self) -> DeskScreen:
        return cast("DeskScreen", self.screen)

    @property
    def case(self) -> Case:
        return self.decide.case

    @property
    def target(self) -> Widget:
        """What gets the focus when the pane is gone to."""
        raise NotImplementedError

    def asked(self) -> tuple[str, str]:
        """The kind and id of what is highlighted, if it can be answered; else two empty texts."""
        return "", ""

    def open(self) -> None:
        """Read about what is highlighted."""
        raise NotImplementedError

    def kept(self) -> str | None:
        """The row to highlight again when the pane is filled anew."""
        return None

    @property
    def room(self) -> int:
        """The cells that a row of its list has for its text; a scrollbar and the list's margin are beside it."""
        return max(20, self.desk.width_of(self) - 1 - MARGIN)

    def heading(self) -> Words:
        return Words(classes="heading")

    def retitle(self, text: str) -> None:
        self.said_title = text
        self.show_focus(self.desk.here is self)

    def show_focus(self, focused: bool) -> None:
        """The heading, with a sign where the keys go."""
        sign = ">" if focused else " "
        title = self.query_one(".heading", Words)
        title.show(plain(f"{sign}{self.number} {self.said_title}"))
        title.set_class(focused, "-here")

    def show(self, keep: str | None = None) -> None:
        """Everything from the case; the highlight goes to the row `keep`."""
        raise NotImplementedError
