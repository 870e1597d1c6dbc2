"""The form that comes first: who the person is, and the safety questions, one key each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from decide.case import OLDEST, Answer, Case
from decide.screening import Asked, answer_question
from screens.base import BaseScreen, KeyLine, Message, bindings, hanging, plain
from screens.rows import Row, Rows, heading, row
from screens.strip import Strip

# The fields of the case after the age, in the order of the form: its label, and for each key the value and its words.
FIELDS: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "sex": ("Sex", {"f": ("f", "woman"), "m": ("m", "man")}),
    "side": ("Side", {"l": ("left", "left"), "r": ("right", "right"), "b": ("both", "both")}),
    "duration": (
        "How long",
        {"a": ("acute", "under 6 weeks"), "s": ("subacute", "6 to 12"), "c": ("chronic", "over 12")},
    ),
    "onset": ("How it began", {"s": ("sudden", "suddenly"), "g": ("gradual", "gradually"), "t": ("trauma", "injury")}),
}
LABEL_WIDTH, BOX_WIDTH = 14, 11
AGE = "field:age"
GO = "go:"


class PersonRows(Rows):
    PART = "form"
    BINDINGS = bindings("form")


class PersonScreen(BaseScreen):
    def __init__(self) -> None:
        super().__init__()
        # Digits of the age while they are typed: 6 on the way to 64 is no child.
        self.typed = ""

    @property
    def case(self) -> Case:
        return self.decide.case

    def compose(self) -> ComposeResult:
        yield self.title_line("Person")
        yield PersonRows(id="person")
        yield Message()
        yield Strip()
        yield KeyLine()

    def on_mount(self) -> None:
        about = self.decide.about
        self.retitle(f"Person   knowledge {about.version} of {about.content_date}   not reviewed by a clinical board")

    def on_screen_resume(self) -> None:
        self.show(self.here)

    def on_resize(self) -> None:
        # Rows are wrapped to the list, whose new width is known after the layout.
        self.call_after_refresh(self.rewrap)

    def rewrap(self) -> None:
        # The screen may have given way to the desk by then.
        if self.is_current:
            self.show(self.here)

    def reset(self) -> None:
        self.typed = ""
        self.say("")
        self.show(AGE)

    @property
    def form(self) -> PersonRows:
        return self.query_one(PersonRows)

    @property
    def here(self) -> str:
        return self.form.current or AGE

    # --- what stands on the form -----------------------------------------------------------------------------------

    def show(self, keep: str | None = None) -> None:
        """Everything from the case; the highlight goes to the row `keep`."""
        self.form.fill(self.rows(), keep)
        self.query_one(Strip).fill()

    def rows(self) -> list[Row]:
        screening = self.decide.answer.screening
        rows = [row(self.age_content(), AGE)]
        rows += [row(self.field_content(name), f"field:{name}") for name in FIELDS]
        rows.append(heading(f"Safety questions ({screening.asked} of {screening.of} answered)"))
        for asked in screening.questions:
            rows.append(self.answer_row(asked.question.text, asked.answer, f"question:{asked.question.id}"))
            if asked.answer == "yes" and len(asked.question.findings) > 1:
                rows += [self.part_row(asked, name) for name in asked.question.findings]
        rows.append(row(plain("Go on to what hurts and what brings it on (Enter, or F2 from any row)"), GO))
        return rows

    def age_content(self) -> Content:
        age = self.typed or ("" if self.case.age is None else str(self.case.age))
        value = plain(f"[{age}]", "bold") if age else plain("[  ]")
        return Content.assemble(plain(f"{'Age':<{LABEL_WIDTH}}"), value, plain(" years: type digits", "$text-muted"))

    def field_content(self, name: str) -> Content:
        label, choices = FIELDS[name]
        value = getattr(self.case, name)
        content = plain(f"{label:<{LABEL_WIDTH}}")
        for key, (each, words) in choices.items():
            content += plain(f"[{key} {words}]", "bold") + plain("  ") if each == value else plain(f" {key} {words}   ")
        return content

    def box(self, answer: Answer | None) -> str:
        box = f"[{answer}]" if answer else "[   ]"
        return box.ljust(BOX_WIDTH) if self.size.width >= 70 else f"{box} "

    def answer_row(self, text: str, answer: Answer | None, name: str, indent: str = "") -> Row:
        content = plain(hanging(text, self.form.room, f"{indent}{self.box(answer)}"))
        return row(content.stylize("bold") if answer == "yes" else content, name)

    def part_row(self, asked: Asked, name: str) -> Row:
        """One finding that a question asks for, to be told apart from the others after a yes."""
        known = self.decide.answer.ranking.known
        answer = self.case.answer(name) or ("yes" if name in known.present else None)
        label = self.decide.reasoner.findings[name].lay_label
        return self.answer_row(label, answer, f"part:{asked.question.id}:{name}", "    ")

    # --- keys ------------------------------------------------------------------------------------------------------

    def change(self, case: Case, keep: str) -> None:
        self.decide.change(case)
        self.show(keep)

    def following(self, name: str, skip_parts: bool = False) -> str:
        """The row after this one; without the parts of a question when they are to be passed over."""
        names = [row.id for row in self.form.rows if row.id and not (skip_parts and row.id.startswith("part:"))]
        return names[min(names.index(name) + 1, len(names) - 1)] if name in names else GO

    def action_digit(self, digit: str) -> None:
        if self.here != AGE:
            return
        if int(self.typed + digit) > OLDEST:
            self.say(f"Age goes to {OLDEST}. x clears it.")
            return
        self.typed += digit
        if len(self.typed) > 1:
            self.decide.change(replace(self.case, age=int(self.typed)), same_step=len(self.typed) > 2)
        self.show(AGE)

    def action_rub_out(self) -> None:
        if self.here != AGE:
            self.action_back()
            return
        left = (self.typed or str(self.case.age or ""))[:-1]
        self.typed = left
        self.change(replace(self.case, age=int(left) if left else None), AGE)

    def keep_age(self) -> None:
        """Take over the age that was typed."""
        if self.typed:
            self.decide.change(replace(self.case, age=int(self.typed)))
            self.typed = ""

    def along_with(self, name: str) -> dict[str, Any]:
        """What changes with a field: a side that is told here stands over those of single places on the body."""
        return {"areas": ()} if name == "side" else {}

    def action_pick(self, key: str) -> None:
        name = self.here.removeprefix("field:")
        if name == "age" and key in FIELDS["sex"][1]:
            name = "sex"
        if name not in FIELDS or key not in FIELDS[name][1]:
            return
        self.keep_age()
        changes: dict[str, Any] = {name: FIELDS[name][1][key][0], **self.along_with(name)}
        self.say("")
        self.change(replace(self.case, **changes), self.following(f"field:{name}"))

    def action_reply(self, answer: Answer | str) -> None:
        """Answer the highlighted row: yes, no, not able, or (empty) clear it."""
        kind, _, name = self.here.partition(":")
        value: Any = answer or None
        self.say("")
        if kind == "field" and not answer:
            self.typed = ""
            changes: dict[str, Any] = {name: None, **self.along_with(name)}
            self.change(replace(self.case, **changes), self.here)
        elif kind == "question":
            self.reply(name, value)
        elif kind == "part":
            part = name.partition(":")[2]
            row_after = self.following(self.here) if answer else self.here
            self.change(self.case.answered(part, value), row_after)
        elif answer:
            self.say("y, n and u answer the safety questions; on this row type what stands in it, or Enter.")

    def reply(self, name: str, answer: Answer | None) -> None:
        asked = {each.question.id: each for each in self.decide.answer.screening.questions}
        here = f"question:{name}"
        self.decide.change(answer_question(self.case, asked[name].question, answer))
        self.show(here)
        now = next((each for each in self.decide.answer.screening.questions if each.question.id == name), None)
        if now is not None and now.answer != answer:
            self.say("This answer follows from another row (under it, or How it began). Change that one.")
        elif answer:
            self.show(self.following(here, skip_parts=True))

    def action_safety(self) -> None:
        """To the first safety question that is open."""
        asked = self.decide.answer.screening.questions
        name = next((each.question.id for each in asked if each.answer is None), asked[0].question.id)
        self.keep_age()
        self.show(f"question:{name}")

    def action_no_to_all(self) -> None:
        """No to every safety question that is still open: for whoever has asked them in one go."""
        self.keep_age()
        case = self.case
        for asked in self.decide.answer.screening.questions:
            if asked.answer is None:
                case = answer_question(case, asked.question, "no")
        self.decide.change(case)
        self.say("No to every question that was open. z takes that back.")
        self.show(GO)

    def action_undo(self) -> None:
        self.typed = ""
        self.say("Undone." if self.decide.undo() else "Nothing to undo.")
        self.show(self.here)

    def action_next_row(self) -> None:
        if self.here == GO:
            self.action_back()
        else:
            self.keep_age()
            self.show(self.following(self.here))

    @on(Rows.Selected, "#person")
    def clicked(self, event: Rows.Selected) -> None:
        if event.id == GO:
            self.action_back()

    @on(Rows.Highlighted, "#person")
    def moved(self) -> None:
        if self.typed and self.here != AGE:
            self.keep_age()
            self.show(self.here)

    def action_back(self) -> None:
        self.keep_age()
        if self.bottom:
            self.app.switch_screen(self.decide.desk())
        else:
            self.app.pop_screen()
