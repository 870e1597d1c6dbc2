"""The strip at the foot of a screen: how soon, what must be excluded and what to do, or that the case is not screened."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content

from decide.knowledge import review_warning
from decide.report import headline, screened_words
from decide.screening import DISPOSITION, SOON
from decide.text import wrap
from screens.base import Words, plain

if TYPE_CHECKING:
    from decide.answer import Answer
    from screens.app import DecideApp

MOST_NAMED = 3
WIDE_ENOUGH = 70
# Lines for what to do where it is no emergency; an emergency takes what the screen has beyond these lines.
USUAL_LINES, OTHER_LINES = 2, 7
# Below this height what to do in an emergency comes before what must be excluded, and leaves these lines to the rest.
TALL_ENOUGH, SHORT_OTHERS = 18, 7


class Strip(Words):
    """Always in view. Call `fill` after every change of the case and of the size. `brief` leaves out what to do.

    The strip is as wide as the terminal where `fill` is not told otherwise.
    """

    def __init__(self, brief: bool = False) -> None:
        super().__init__(id="strip", classes="strip")
        self.brief = brief

    def fill(self, width: int = 0) -> None:
        app = cast("DecideApp", self.app)
        width = max(20, (width or app.size.width) - 2)
        head, action, tail = self.texts(app)
        action = "" if self.brief else action
        if action and app.answer.disposition == "emergency" and app.size.height < TALL_ENOUGH:
            self.show(plain("\n".join(self.in_short(app, width)), "bold"))
            return
        first = wrap(head, width) if head else []
        last = wrap(tail, width)
        room = USUAL_LINES
        if app.answer.disposition == "emergency":
            room = max(2, app.size.height - OTHER_LINES - len(first) - len(last))
        middle = shortened(wrap(action, width), room, " ... (F4)", width) if action else []
        bold, rest = "\n".join([*first, *middle]), "\n".join(last)
        urgent = app.answer.disposition in ("emergency", "urgent")
        if not bold:
            self.show(plain(rest))
            return
        self.show(Content.assemble(plain(bold, "bold"), "\n", plain(rest, "bold" if urgent else "")))

    def in_short(self, app: DecideApp, width: int) -> list[str]:
        """An emergency where there is little room: what to do, as far as it goes, before all else."""
        answer = app.answer
        rule, screening = answer.screening.escalating[0].rule, answer.screening
        done = wrap(f"{DISPOSITION[answer.disposition]}: {rule.action}", width)
        last = "F4 says more." if screening.screened else "NOT SCREENED (F5). F4 says more."
        return [*shortened(done, app.size.height - SHORT_OTHERS, " ... (F4)", width), last]

    def texts(self, app: DecideApp) -> tuple[str, str, str]:
        """How soon and what must be excluded; what the first tripped rule says; whether the case was screened."""
        answer = app.answer
        screening = answer.screening
        parts = []
        if parts_shown(answer):
            soon = f", {SOON[answer.within]}" if answer.within else ""
            parts.append(f"{DISPOSITION[answer.disposition]}{soon}.")
        if answer.must_exclude:
            named = [app.reasoner.conditions[name].short_label for name in answer.must_exclude]
            more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
            parts.append(f"MUST EXCLUDE: {'; '.join(named[:MOST_NAMED])}{more}.")
        action = ""
        if screening.escalating:
            rule = screening.escalating[0].rule
            action = f"{rule.label}. {rule.action}"
        elif screening.trips:
            action = f"Noted: {screening.trips[0].rule.label}."
        return " ".join(parts), action, self.tail(app, answer)

    def tail(self, app: DecideApp, answer: Answer) -> str:
        screening = answer.screening
        count = len(screening.trips)
        many = f" {count} warnings in all (F4)." if count > 1 else " F4 says why." if count else ""
        if parts_shown(answer) or not screening.screened:
            words = screened_words(screening)
            text = (words if screening.screened else f"{words.removesuffix('.')} (F5).") + many
        else:
            text = f"{headline(answer)}{many}"
        if answer.notice:
            text += " Under 18: nothing is ranked."
        if not screening.trips and app.size.width >= WIDE_ENOUGH:
            text += " For practitioners; adults only."
        return f"{text} {review_warning(app.about, app.today)}".strip()


def parts_shown(answer: Answer) -> bool:
    """Whether the first line already says how soon."""
    return answer.disposition in ("emergency", "urgent") or bool(answer.must_exclude)


def shortened(lines: list[str], most: int, mark: str, width: int) -> list[str]:
    """The first lines, the last of them ending in `mark` where some were left out."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1][: width - len(mark)].rstrip() + mark]
