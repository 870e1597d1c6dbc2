"""What stands before every print: the sheet read back, and the questions that must be asked of this person first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from decide.checker import stops
from decide.plan import CheckQuestion
from decide.sheet import PHASE_WORDS, dose
from decide.text import plural
from screens.base import BaseScreen, KeyLine, Message, bindings, hanging, plain
from screens.dialogs import Reading
from screens.plan import MENDING_KEYS, mending
from screens.rows import Row, Rows, heading, row

if TYPE_CHECKING:
    from screens.plan import PlanScreen

ANSWERS = {True: "yes", False: "no", None: "?"}
INDENT = "      "


class ReadBackRows(Rows):
    PART = "read-back"
    BINDINGS = bindings("read-back")


class ReadBackScreen(BaseScreen):
    """Read the sheet back, ask what is still open, then print or save. `plan_screen` holds the plan and changes it."""

    def __init__(self, plan_screen: PlanScreen) -> None:
        super().__init__()
        self.plan_screen = plan_screen
        self.unfolded = ""

    def compose(self) -> ComposeResult:
        yield self.title_line("Before it prints")
        yield ReadBackRows(id="read-back")
        yield Static("", id="strip", classes="strip", markup=False)
        yield Message()
        yield KeyLine()

    def on_resize(self) -> None:
        # What there is room for is known after the layout.
        self.call_after_refresh(self.unfold)

    def on_screen_resume(self) -> None:
        # The form may have been answered over this screen.
        self.plan_screen.follow_case()
        self.show(keep=self.query_one(ReadBackRows).current)

    def on_mount(self) -> None:
        self.show()
        first = next((q.finding for q in self.plan_screen.plan.questions if q.answer is None), None)
        if first:
            self.show(keep=f"ask:{first}")

    def show(self, keep: str | None = None) -> None:
        self.unfolded = ""
        self.query_one(ReadBackRows).fill(self.rows(), keep)
        self.unfold()
        self.tell()

    def tell(self) -> None:
        """The line at the foot: what keeps it from printing, or what was done with it."""
        self.query_one("#strip", Static).update(self.standing())

    def rows(self) -> list[Row]:
        screen = self.plan_screen
        plan, printed = screen.plan, screen.sheet
        rows = [heading("The sheet says")]
        said = [
            f"For {plan.label or 'a blank line'}. {printed.side or 'No side said'}. {printed.day}.",
            f"{', '.join(condition.label for condition in plan.conditions)}."
            + (f" To {PHASE_WORDS[plan.phase]}." if plan.phase else ""),
        ]
        for planned in plan.exercises:
            amounts = ", ".join(f"{part.what.lower()} {part.value}" for part in dose(planned))
            said.append(f"{planned.exercise.lay_label}: {amounts}")
        said += [f"{item.movement}: instead" for item in printed.workarounds]
        said.append(f"Come back {plan.follow_up}." if plan.follow_up else "Go-now sheet: no exercises.")
        said.append(f"From {plan.contact or 'a blank line'}. Emergency number {plan.emergency_number or 'blank'}.")
        said.append(screen.paper_words())
        rows += [row(plain(text), f"said:{number}") for number, text in enumerate(said)]
        if plan.questions:
            rows.append(heading("Ask this person (y yes, n no, N no to all that are open)"))
            rows += [row(self.asked(question), f"ask:{question.finding}") for question in plan.questions]
        remarks = [remark for remark in screen.remarks if remark.level != "check"]
        if remarks:
            rows.append(heading("The checker says"))
            words = {"refuse": "Not printable", "block": "Not printable", "warn": "Note"}
            rows += [row(plain(f"{words[one.level]}: {one.text}"), f"remark:{n}") for n, one in enumerate(remarks)]
        return rows

    def asked(self, question: CheckQuestion) -> Content:
        """A question in short with what a yes bars; under the highlight also how to ask, and why it bars."""
        mark = f"[{ANSWERS[question.answer]:^3}] "
        bars = ", ".join(dict.fromkeys(label for label, _ in self.barring(question)))
        parts: list[Content | str] = [mark, plain(question.label, "bold"), plain(f" - a yes bars: {bars}")]
        if self.unfolded == f"ask:{question.finding}":
            room = self.query_one(ReadBackRows).room
            parts += ["\n", plain("\n".join(hanging(text, room, INDENT) for text in self.whole(question)))]
        return Content.assemble(*parts)

    def barring(self, question: CheckQuestion) -> list[tuple[str, str]]:
        """What a yes bars, by the name that it has on the sheet, each with the reason."""
        plan = self.plan_screen.plan
        names = {planned.exercise.label: planned.exercise.lay_label for planned in plan.exercises}
        names |= {item.treatment.label: item.treatment.lay_label for item in plan.workarounds}
        return [(names.get(label, label), reason) for label, reason in question.bars]

    def whole(self, question: CheckQuestion) -> list[str]:
        """How a question is asked, then what a yes bars, each reason once with all that it bars."""
        barring = self.barring(question)
        reasons = dict.fromkeys(reason for _, reason in barring)
        bars = [f"{', '.join(name for name, why in barring if why == reason)}: {reason}" for reason in reasons]
        return [question.question, *bars] if question.question else bars

    @on(Rows.Highlighted, "#read-back")
    def unfold(self) -> None:
        """Show the highlighted question whole, and the one before in short again."""
        rows = self.query_one(ReadBackRows)
        before, self.unfolded = self.unfolded, rows.current or ""
        for question in self.plan_screen.plan.questions:
            name = f"ask:{question.finding}"
            if name in (before, self.unfolded):
                rows.replace(name, self.asked(question))
        self.call_after_refresh(rows.show_highlight)

    def action_open_row(self) -> None:
        _, _, finding = (self.query_one(ReadBackRows).current or "").partition(":")
        for question in self.plan_screen.plan.questions:
            if question.finding == finding:
                self.app.push_screen(Reading(question.label, [plain(text) for text in self.whole(question)]))

    def standing(self) -> Content:
        """What keeps it from printing and the key for that, or what is open, or what was done with it."""
        screen = self.plan_screen
        if stopped := stops(screen.plan, screen.remarks):
            first = stopped[0]
            if first.level != "refuse" and self.barred():
                return plain(f"Not printable: {first.text}. t takes off what is barred.", "bold")
            signs = self.decide.answer.screening.escalating if first.level == "refuse" else ()
            danger = f"{signs[0].rule.label}: F4 says what to do. " if signs else ""
            # A function key works from here.
            key = mending(first) if MENDING_KEYS[first.mend].startswith("F") else f"Esc, then {mending(first)}"
            return plain(f"{danger}Not printable: {first.text}. {key}.", "bold")
        if count := self.unanswered():
            return plain(f"{plural(count, 'question')} to ask first: y, n, or N for no to all.", "bold")
        done = " ".join(screen.delivered) or "Ready."
        return plain(f"{done} Enter prints, w saves, b does both.", "bold")

    def unanswered(self) -> int:
        return sum(question.answer is None for question in self.plan_screen.plan.questions)

    def barred(self) -> list[str]:
        """The exercises and work-arounds on the plan that this person's answers bar."""
        mended = ("exercises", "workarounds")
        return [r.about for r in self.plan_screen.remarks if r.level == "block" and r.mend in mended and r.about]

    def action_reply(self, word: str) -> None:
        kind, _, finding = (self.query_one(ReadBackRows).current or "").partition(":")
        if kind != "ask":
            return
        self.plan_screen.answer({finding: word == "yes"})
        left = [question.finding for question in self.plan_screen.plan.questions if question.answer is None]
        self.show(keep=f"ask:{left[0] if left else finding}")

    def action_no_to_all(self) -> None:
        plan = self.plan_screen.plan
        self.plan_screen.answer({question.finding: False for question in plan.questions if question.answer is None})
        self.show(keep="said:0")

    def action_take_off(self) -> None:
        for name in self.barred():
            self.plan_screen.take_off(name)
        self.show()

    @on(Rows.Selected, "#read-back")
    def entered(self) -> None:
        self.action_print()

    def ready(self) -> bool:
        screen = self.plan_screen
        if stops(screen.plan, screen.remarks) or self.unanswered():
            self.app.bell()
            self.show(keep=self.query_one(ReadBackRows).current)
            return False
        return True

    def action_print(self) -> None:
        if self.ready():
            self.plan_screen.deliver_print(self.tell)

    def action_save(self) -> None:
        if self.ready():
            self.plan_screen.deliver_save(self.tell)

    def action_both(self) -> None:
        if self.ready():
            self.plan_screen.deliver_save(self.tell, then=lambda: self.plan_screen.deliver_print(self.tell))
