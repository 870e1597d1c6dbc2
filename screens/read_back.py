"""What stands before every print: the case read back, for a plan also its sheet and what to ask first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from decide.checker import stops
from decide.plan import CheckQuestion
from decide.read_back import BLANK, Said, case_in_short, case_said, for_whom, letter_said
from decide.sheet import PHASE_WORDS, dose
from decide.text import plural, visible, wrap
from screens.base import BaseScreen, KeyLine, Message, Words, bindings, hanging, plain
from screens.dialogs import Reading
from screens.paper import MENDING_KEYS, PaperRows, PaperScreen
from screens.plan import LEVEL_WORDS, mending
from screens.rows import Row, Rows, heading, row

if TYPE_CHECKING:
    from screens.letter import LetterScreen
    from screens.plan import PlanScreen

ANSWERS = {True: "yes", False: "no", None: "?"}
INDENT = "      "
# Before what stands out, and before what does not.
MARK, NO_MARK, WHAT, ROOM_FOR_COLUMN = "! ", "  ", 14, 60

Part = tuple[str, list[Row]]


class ReadBackRows(PaperRows):
    PART = "read-back"
    BINDINGS = bindings("read-back")


class ReadBackScreen(BaseScreen):
    """Read back what `source` is about to print, then print or save it."""

    def __init__(self, source: PaperScreen) -> None:
        super().__init__()
        self.source = source

    def compose(self) -> ComposeResult:
        yield self.title_line(f"Before it prints: {self.source.document_title()}")
        yield ReadBackRows(id="read-back")
        yield Words(id="strip", classes="strip")
        yield Message()
        yield KeyLine()

    @property
    def indent(self) -> str:
        """Before the later lines of what is read back."""
        return NO_MARK + " " * (WHAT if self.rows.room > ROOM_FOR_COLUMN else 2)

    @property
    def rows(self) -> ReadBackRows:
        return self.query_one(ReadBackRows)

    def on_resize(self) -> None:
        if self.rows.wide != self.app.size.width:
            self.show(self.rows.current)

    def first(self) -> str | None:
        """The row to begin with; None for the topmost."""
        return None

    def on_screen_resume(self) -> None:
        # Before the first layout, and later when the form may have been answered over this screen.
        self.source.follow_case()
        self.show(self.rows.current or self.first())

    def show(self, keep: str | None = None) -> None:
        """Everything anew; the highlight goes to the row `keep`."""
        self.rows.wide = self.app.size.width
        self.rows.fill([each for title, rows in self.parts() for each in (heading(title), *rows)], keep)
        self.tell()

    def tell(self) -> None:
        """The line at the foot: what keeps it from printing, or what was done with it."""
        words = hanging(self.standing(), self.app.size.width - 2, "")
        self.query_one("#strip", Words).show(plain(words, "bold"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # The keys of the list, on a screen that asks nothing.
        if action in ("reply", "no_to_all", "take_off") and not hasattr(self, f"action_{action}"):
            return False
        return super().check_action(action, parameters)

    # --- what is read back -----------------------------------------------------------------------------------------

    def parts(self) -> list[Part]:
        """What is read back, under its headings."""
        raise NotImplementedError

    def said(self) -> tuple[Said, ...]:
        """The case, and what else may be missing."""
        raise NotImplementedError

    def said_rows(self, said: Iterable[Said], kind: str) -> list[Row]:
        """Things read back; what stands out is bold behind a mark, with the key that mends it."""
        rows = []
        for number, one in enumerate(said):
            mark, key = MARK if one.stands_out else NO_MARK, f" ({key_here(one.mend)} mends it)" if one.mend else ""
            # In a column where there is room for one.
            what = f"{one.what:<{WHAT}}" if self.rows.room > ROOM_FOR_COLUMN else f"{one.what}: "
            words = f"{one.text.removesuffix('.')}{key}." if key else one.text
            text = "\n".join(wrap(visible(words), self.rows.room, f"{mark}{what}", self.indent))
            rows.append(row(plain(text, "bold" if one.stands_out else ""), f"{kind}:{number}"))
        return rows

    def standing(self) -> str:
        """What was done with it, and what else can be."""
        done = " ".join(self.source.delivered) or "Ready."
        count = sum(one.stands_out for one in self.said())
        odd = f" {plural(count, 'line stands', 'lines stand')} out ({MARK.strip()})." if count else ""
        return f"{done} Enter prints, w saves, b does both.{odd}"

    def action_open_row(self) -> None:
        kind, _, _ = (self.rows.current or "").partition(":")
        if kind == "case":
            whole = case_said(self.decide.reasoner, self.decide.answer, self.decide.label)
            self.app.push_screen(Reading("The case", [plain(f"{one.what}: {one.text}") for one in whole]))

    def action_details(self) -> None:
        self.source.edit_details(lambda: self.show(self.rows.current))

    # --- to paper --------------------------------------------------------------------------------------------------

    @on(Rows.Selected, "#read-back")
    def entered(self) -> None:
        self.action_print()

    def ready(self) -> bool:
        """Whether it may go on paper; where not, the line at the foot says why."""
        return True

    def action_print(self) -> None:
        if self.ready():
            self.source.deliver_print(self.tell)

    def action_save(self) -> None:
        if self.ready():
            self.source.deliver_save(self.tell)

    def action_both(self) -> None:
        if self.ready():
            self.source.deliver_save(self.tell, then=lambda: self.source.deliver_print(self.tell))


class LetterReadBack(ReadBackScreen):
    """The whole case, and to whom the letter goes."""

    def __init__(self, source: LetterScreen) -> None:
        super().__init__(source)
        self.letter_screen = source

    def letter_lines(self) -> tuple[Said, ...]:
        sent = letter_said(self.letter_screen.recipient, self.letter_screen.clinic.contact)
        return (*sent, Said("Paper", self.letter_screen.paper_words()))

    def said(self) -> tuple[Said, ...]:
        return (*case_said(self.decide.reasoner, self.decide.answer, self.decide.label), *self.letter_lines())

    def parts(self) -> list[Part]:
        case = case_said(self.decide.reasoner, self.decide.answer, self.decide.label)
        return [
            ("The case", self.said_rows(case, "case")),
            ("The letter and the note", self.said_rows(self.letter_lines(), "letter")),
        ]


class PlanReadBack(ReadBackScreen):
    """The case in short, what is still to be asked, the sheet. The plan screen holds the plan and changes it."""

    def __init__(self, source: PlanScreen) -> None:
        super().__init__(source)
        self.plan_screen = source
        self.unfolded = ""

    def first(self) -> str | None:
        open_ones = (q.finding for q in self.plan_screen.plan.questions if q.answer is None)
        return next((f"ask:{finding}" for finding in open_ones), None)

    def show(self, keep: str | None = None) -> None:
        # The highlighted question is whole from the first.
        self.unfolded = keep or ""
        super().show(keep)

    def said(self) -> tuple[Said, ...]:
        return (*self.case_lines(), *self.sheet_lines())

    def case_lines(self) -> tuple[Said, ...]:
        label = self.decide.label
        if self.plan_screen.record is None:
            nothing = Said("Person", "nothing was entered: no case stands behind this sheet", True, "screen")
            return for_whom(label), nothing
        return case_in_short(self.decide.reasoner, self.decide.answer, label)

    def sheet_lines(self) -> tuple[Said, ...]:
        plan, printed = self.plan_screen.plan, self.plan_screen.sheet
        phase = f" To {PHASE_WORDS[plan.phase]}." if plan.phase else ""
        lines = [
            Said("Side", printed.side or "none said"),
            Said("Plan", f"{', '.join(condition.label for condition in plan.conditions)}.{phase} {printed.day}."),
        ]
        for planned in plan.exercises:
            amounts = ", ".join(f"{part.what.lower()} {part.value}" for part in dose(planned))
            lines.append(Said("Exercise", f"{planned.exercise.lay_label}: {amounts}"))
        lines += [Said("Instead", str(item.movement)) for item in printed.workarounds]
        lines.append(Said("Come back", f"{plan.follow_up}." if plan.follow_up else "Go-now sheet: no exercises."))
        lines.append(Said("From", plan.contact or BLANK, not plan.contact, "" if plan.contact else "clinic"))
        number = plan.emergency_number
        lines.append(Said("Emergency", number or BLANK, not number, "" if number else "clinic"))
        lines.append(Said("Paper", self.plan_screen.paper_words()))
        return tuple(lines)

    def parts(self) -> list[Part]:
        screen = self.plan_screen
        parts = [("The case", self.said_rows(self.case_lines(), "case"))]
        if screen.plan.questions:
            asked = [row(self.asked(question), f"ask:{question.finding}") for question in screen.plan.questions]
            parts.append(("Ask this person (y yes, n no, N no to all that are open)", asked))
        parts.append(("The sheet says", self.said_rows(self.sheet_lines(), "said")))
        remarks = [remark for remark in screen.remarks if remark.level != "check"]
        if remarks:
            said = [Said(LEVEL_WORDS[one.level], f"{one.text}.", one.level != "warn") for one in remarks]
            parts.append(("The checker says", self.said_rows(said, "remark")))
        return parts

    # --- what is asked before it prints ----------------------------------------------------------------------------

    def asked(self, question: CheckQuestion) -> Content:
        """A question in short with what a yes bars; under the highlight also how to ask, and why it bars."""
        room = self.rows.room
        bars = ", ".join(dict.fromkeys(barred.label for barred in question.bars))
        first = f"[{ANSWERS[question.answer]:^3}] "
        short = hanging(f"{question.label} - a yes bars: {bars}", room, first)
        # The name of the finding in bold, however it was wrapped.
        parts = [plain(short).stylize("bold", len(first), len(first) + len(question.label))]
        if self.unfolded == f"ask:{question.finding}":
            parts += [Content("\n"), plain("\n".join(hanging(text, room, INDENT) for text in whole(question)))]
        return Content.assemble(*parts)

    @on(Rows.Highlighted, "#read-back")
    def unfold(self) -> None:
        """Show the highlighted question whole, and the one before in short again."""
        rows = self.rows
        before, self.unfolded = self.unfolded, rows.current or ""
        for question in self.plan_screen.plan.questions:
            name = f"ask:{question.finding}"
            if name in (before, self.unfolded):
                rows.replace(name, self.asked(question))
        self.call_after_refresh(rows.show_highlight)

    def action_open_row(self) -> None:
        _, _, finding = (self.rows.current or "").partition(":")
        for question in self.plan_screen.plan.questions:
            if question.finding == finding:
                self.app.push_screen(Reading(question.label, [plain(text) for text in whole(question)]))
                return
        super().action_open_row()

    def standing(self) -> str:
        """What keeps it from printing and the key for that, or what is open, or what was done with it."""
        screen = self.plan_screen
        if stopped := stops(screen.plan, screen.remarks):
            first = stopped[0]
            if first.level != "refuse" and self.barred():
                return f"Not printable: {first.text}. t takes off what is barred."
            signs = self.decide.answer.screening.escalating if first.level == "refuse" else ()
            danger = f"{signs[0].rule.label}: F4 says what to do. " if signs else ""
            key = mending(first, key_here(first.mend))
            return f"{danger}Not printable: {first.text}. {key}."
        if count := self.unanswered():
            return f"{plural(count, 'question')} to ask first: y, n, or N for no to all."
        return super().standing()

    def unanswered(self) -> int:
        return sum(question.answer is None for question in self.plan_screen.plan.questions)

    def barred(self) -> list[str]:
        """The exercises and work-arounds on the plan that this person's answers bar."""
        mended = ("exercises", "workarounds")
        return [r.about for r in self.plan_screen.remarks if r.level == "block" and r.mend in mended and r.about]

    def action_reply(self, word: str) -> None:
        kind, _, finding = (self.rows.current or "").partition(":")
        if kind != "ask":
            return
        self.plan_screen.answer({finding: word == "yes"})
        left = [question.finding for question in self.plan_screen.plan.questions if question.answer is None]
        self.show(keep=f"ask:{left[0] if left else finding}")

    def action_no_to_all(self) -> None:
        plan = self.plan_screen.plan
        self.plan_screen.answer({question.finding: False for question in plan.questions if question.answer is None})
        # The whole sheet in view, as far as there is room, from its first line.
        self.show(keep=f"said:{len(self.sheet_lines()) - 1}")
        self.rows.highlight("said:0")

    def action_take_off(self) -> None:
        for name in self.barred():
            self.plan_screen.take_off(name)
        self.show()

    def ready(self) -> bool:
        screen = self.plan_screen
        if stops(screen.plan, screen.remarks) or self.unanswered():
            self.app.bell()
            self.show(keep=self.rows.current)
            return False
        return True


def key_here(mend: str) -> str:
    """The key that mends this, as it works from here: the function keys and the details do, the others on the plan."""
    key = MENDING_KEYS[mend]
    return key if key.startswith("F") or mend == "details" else f"Esc, then {key}"


def whole(question: CheckQuestion) -> list[str]:
    """How a question is asked, then what a yes bars, each reason once with all that it bars."""
    reasons = dict.fromkeys(barred.reason for barred in question.bars)
    bars = [f"{', '.join(one.label for one in question.bars if one.reason == why)}: {why}" for why in reasons]
    return [question.question, *bars] if question.question else bars
