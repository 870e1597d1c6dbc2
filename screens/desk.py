"""The desk: what the person says, the body, the candidates, what to ask and why; every key changes all of them at once.

Side by side where there is room, one pane at a time where there is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.events import Click, DescendantFocus
from textual.message import Message as TextualMessage
from textual.timer import Timer
from textual.widgets import Input

from decide.case import Answer, Case
from decide.next_question import change
from decide.text import begun, cells
from decide.words import person
from screens.ask import AskPane
from screens.base import LOW, MIDDLE, TALL, WIDE, BaseScreen, KeyLine, Message, Words, bindings, plain
from screens.body import BodyPane
from screens.candidates import CandidatesPane
from screens.panes import Pane
from screens.rows import Rows
from screens.says import SaysPane, SearchInput
from screens.strip import Strip

# What follows the highlight waits this long (seconds) for it to rest, so that moving stays fast.
REST = 0.1
LEADERS = 3
# What stands between the names of the panes.
TAB_GAP = "  "
# The width of the left columns, and what lies between the others.
LEFT, BETWEEN = 45, 1


class Tabs(Words):
    """The names of the panes in one line, the one with the keys in brackets; a click goes there."""

    class Chosen(TextualMessage):
        """The mouse chose a pane, by its number."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def fill(self, panes: Sequence[Pane], here: Pane) -> None:
        names = [f"[{p.number} {p.name_here}]" if p is here else f" {p.number} {p.name_here} " for p in panes]
        self.ends = list(accumulate(len(name + TAB_GAP) for name in names))
        self.show(plain(begun(TAB_GAP.join(names), max(20, self.app.size.width - 2))))

    def on_click(self, event: Click) -> None:
        place = bisect_right(self.ends, event.x - 1)
        if place < len(self.ends):
            self.post_message(self.Chosen(place + 1))


class DeskScreen(BaseScreen):
    """The panes share the case of the app. `here` is the pane that the keys go to."""

    PART = "desk"
    BINDINGS = bindings("desk")

    def __init__(self) -> None:
        super().__init__()
        self.says = SaysPane("says-pane")
        self.body = BodyPane("body-pane")
        self.candidates = CandidatesPane("candidates-pane")
        self.ask = AskPane("ask-pane")
        self.panes: Sequence[Pane] = (self.says, self.body, self.candidates, self.ask)
        self.here: Pane = self.says
        self.shown_for: tuple[object, ...] = ()
        self.resting: Timer | None = None

    @property
    def case(self) -> Case:
        return self.decide.case

    def compose(self) -> ComposeResult:
        yield self.title_line("decide")
        yield Tabs(id="tabs")
        with Horizontal(id="desk"):
            with Container(id="left"):
                yield self.says
                yield self.body
            yield self.candidates
            yield self.ask
        yield Words(id="leaders")
        yield Message()
        yield Strip()
        yield KeyLine()

    def on_mount(self) -> None:
        self.place_panes()
        self.show()

    def on_screen_resume(self) -> None:
        if trouble := self.decide.trouble:
            # It came up while the form was typed, where the next key cleared it.
            self.say(trouble)
        if self.shown_for != self.state:
            self.show(keep=True)

    def on_resize(self) -> None:
        if self.shown_for != self.state:
            self.place_panes()
            self.show(keep=True)

    @property
    def state(self) -> tuple[object, ...]:
        """All that what stands here follows from."""
        return self.app.size, self.case, tuple(self.decide.marked), self.decide.label

    # --- what stands where -----------------------------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """How many columns there is room for: one, three (says and body under each other), or four."""
        width = self.app.size.width
        if self.decide.profile.a11y or width < MIDDLE:
            return 1
        return 3 if width < WIDE else 4

    @property
    def single(self) -> bool:
        """Whether there is room for one pane only."""
        return self.columns == 1

    def width_of(self, pane: Pane) -> int:
        """The cells that a pane has, known before it is laid out."""
        if self.single:
            return self.app.size.width
        if pane in (self.says, self.body):
            return LEFT
        taken = (LEFT if self.columns == 3 else 2 * LEFT) + 2 * BETWEEN
        return (self.app.size.width - taken) // 2

    def place_panes(self) -> None:
        """Show the panes that there is room for: all; or all but one of the two on the left; or the one with the focus."""
        columns, tall = self.columns, self.app.size.height >= TALL
        for pane in self.panes:
            pane.display = columns > 1 or pane is self.here
        if columns == 3 and not tall:
            self.body.display = self.here is self.body
            self.says.display = self.here is not self.body
        left = self.query_one("#left")
        left.display = self.says.display or self.body.display
        left.styles.layout = "horizontal" if columns == 4 else "vertical"
        left.styles.width = "1fr" if columns == 1 else LEFT * (columns - 2)
        self.set_class(columns > 1, "-columns")
        low = self.app.size.height < LOW
        self.query_one("#leaders").display = columns == 1 and not low and self.here in (self.says, self.ask)
        self.query_one("#tabs").display = columns == 1
        for pane in self.panes:
            pane.show_focus(pane is self.here)
        self.query_one(Tabs).fill(self.panes, self.here)

    def go(self, pane: Pane) -> None:
        """The keys go to this pane."""
        self.here = pane
        self.place_panes()
        if pane is self.body or (pane is self.candidates and not self.candidates.listed):
            # What is out of view is not kept up to date.
            pane.show()
        pane.target.focus()

    @on(DescendantFocus)
    def focus_moved(self, event: DescendantFocus) -> None:
        pane = next((each for each in self.panes if each in event.widget.ancestors), None)
        if pane and pane is not self.here:
            self.here = pane
            self.place_panes()

    @on(Tabs.Chosen)
    def tab_chosen(self, event: Tabs.Chosen) -> None:
        self.action_pane(event.number)

    def action_pane(self, number: int) -> None:
        self.go(self.panes[number - 1])

    def action_next_pane(self, key: str) -> None:
        """On to the next place that takes keys: the search line, its list, the body, the candidates, what to ask."""
        stops = [
            self.query_one(SearchInput),
            *(pane.target if pane is not self.says else self.says.choices for pane in self.panes),
        ]
        owners = [self.says, *self.panes]
        place = next((number for number, stop in enumerate(stops) if stop.has_focus), 0)
        place = (place + (-1 if key == "shift+tab" else 1)) % len(stops)
        self.go(owners[place])
        stops[place].focus()

    def action_search(self) -> None:
        self.go(self.says)

    def action_back(self) -> None:
        line = self.query_one(SearchInput)
        if line.has_focus:
            # There is nothing further back: what was typed goes, so that the next word begins on an empty line.
            line.value = ""
        self.go(self.says)

    def action_body(self) -> None:
        self.go(self.body)

    def action_move(self, key: str) -> None:
        self.says.choices.action_cursor(key)

    def action_choose(self) -> None:
        self.says.choose()

    def action_mark(self) -> None:
        self.candidates.mark()

    def action_all(self) -> None:
        self.candidates.toggle_all()

    def action_sources(self) -> None:
        self.ask.sources()

    def action_dislikes(self) -> None:
        if name := self.condition():
            self.decide.open_dislikes(name)

    # --- the case --------------------------------------------------------------------------------------------------------

    def show(self, keep: bool = False) -> None:
        """Everything from the case; the highlights stay on their rows if `keep`."""
        self.shown_for = self.state
        for pane in (self.says, self.candidates, self.body, self.ask):
            pane.show(pane.kept() if keep else None)
        self.show_lines()

    def show_lines(self) -> None:
        """What stands above and below the panes."""
        about = self.decide.about
        who = person(self.case) if self.somebody else f"knowledge {about.version} of {about.content_date}"
        label = f"{self.decide.label}   " if self.decide.label else ""
        title = f"decide   {label}{who}   not reviewed by a clinical board"
        self.retitle(title if cells(title) <= self.app.size.width - 2 else f"decide   {label}{who}")
        self.query_one(Strip).fill()
        self.query_one("#leaders", Words).show(plain(begun(self.leaders(), max(20, self.app.size.width - 2))))

    @property
    def somebody(self) -> bool:
        """Whether anything is known of who the person is."""
        case = self.case
        return any(value is not None for value in (case.age, case.sex, case.side, case.duration, case.onset))

    def leaders(self) -> str:
        """The first candidates in one line, for when their pane is out of view."""
        answer = self.decide.answer
        if answer.notice:
            return "Under 18: nothing is ranked. 3 says what to exclude first."
        if not answer.ranking.matched:
            return ""
        first = [one.condition.short_label for one in answer.ranking.candidates[:LEADERS]]
        return "Leading: " + "; ".join(first)

    def answer(self, kind: str, item: str, answer: Answer | None) -> None:
        """Take over an answer, and say what it changed."""
        case = self.case
        if kind == "finding":
            case = case.answered(item, answer)
        else:
            rest = tuple(name for name in getattr(case, f"{kind}s") if name != item)
            names = (*rest, item) if answer else rest
            if kind == "region":
                case = case.hurting(names, case.areas, self.decide.told_side)
            else:
                case = replace(case, movements=names)
        words = self.says.label(kind, item) + ("" if answer == "yes" else f": {answer or 'taken back'}")
        self.take(case, words)

    def take(self, case: Case, words: str) -> None:
        """The changed case in every pane, and what the change did, said with `words` for it."""
        before = self.decide.answer
        self.decide.change(case)
        after = self.decide.answer
        self.show(keep=True)
        self.say(words if after.notice else change(before.ranking, after.ranking, words))

    def action_undo(self) -> None:
        undone = self.decide.undo()
        self.show(keep=True)
        self.say("Undone." if undone else "Nothing to undo.")

    def action_reply(self, answer: Answer | str) -> None:
        """Answer the highlighted row of the pane at hand: yes, no, not able, or (empty) clear it."""
        kind, item = self.here.asked()
        if kind == "finding" or (kind and answer in ("yes", "")):
            self.answer(kind, item, answer or None)  # type: ignore[arg-type]
        elif kind:
            self.say("Only findings can be answered no; movements and places are chosen or left.")

    def reset(self) -> None:
        self.candidates.everything = False
        search = self.query_one(SearchInput)
        with search.prevent(Input.Changed):
            search.value = ""
        self.say("")
        self.show()
        self.go(self.says)

    # --- what follows the highlight ------------------------------------------------------------------------------------

    @on(Rows.Highlighted)
    def moved(self) -> None:
        if self.resting:
            self.resting.stop()
        self.resting = self.set_timer(REST, self.rest)

    def rest(self) -> None:
        """The highlight has come to rest: what it stands on is told."""
        self.says.tell()
        self.ask.follow(self.candidates.current)

    # --- away from the desk ----------------------------------------------------------------------------------------------

    def condition(self) -> str | None:
        """The condition that is highlighted: in what was found, while that has the keys, or else among the candidates."""
        kind, _, name = (self.says.choices.current or "").partition(":")
        return name if self.here is self.says and kind == "condition" else self.candidates.current

    def action_why(self) -> None:
        if name := self.condition():
            self.decide.open_why(name)

    def action_open(self) -> None:
        self.here.open()

    def action_trail(self) -> None:
        from screens.trail import TrailScreen

        self.app.push_screen(TrailScreen())

    def action_compare(self) -> None:
        from screens.compare import CompareScreen

        names = list(self.decide.marked)
        if not self.decide.answer.ranking.matched and len(names) < 2:
            self.say("Choose what the person says, or mark two conditions with Space, first.")
            return
        if len(names) < 2:
            listed = self.candidates.listed
            names += [one.id for one in listed if one.id not in names][: 3 - len(names)]
        if len(names) >= 2:
            self.app.push_screen(CompareScreen(names))

    def action_plan(self) -> None:
        names = list(self.decide.marked)
        answer = self.decide.answer
        found = self.condition()
        if found and self.here is self.says and found != self.candidates.current:
            names = [found]
        elif not names and found and answer.ranking.matched and answer.disposition != "emergency":
            if self.here is not self.candidates:
                # Whoever is not on the list has not chosen the condition that happens to stand first.
                self.go(self.candidates)
                label = self.decide.reasoner.label(found)
                self.say(f"F3 again plans for {label}. Another: arrow keys, then F3. Several: mark with Space.")
                return
            names = [found]
        if names or answer.disposition == "emergency" or answer.notice:
            self.decide.open_plan(names)
        else:
            self.say("Choose what the person says, or mark a condition with Space, first.")
