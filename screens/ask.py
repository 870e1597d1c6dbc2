"""What to ask next, and why the highlighted candidate stands where it stands; both can be answered on the spot."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from decide.next_question import Question
from decide.ranking import Explanation, Reason
from decide.report import factor, place_words, sides
from decide.text import wrap
from screens.base import bindings, hanging, plain
from screens.panes import Pane
from screens.rows import Row, Rows, heading, row

NOTHING = "Nothing chosen yet. Type what the person says, or choose it from the list; 2 points at the body."


class AskRows(Rows):
    PART = "ask"
    BINDINGS = bindings("ask")


class AskPane(Pane):
    """`condition` is the candidate whose reasons stand here."""

    number = 4
    name_here = "Ask and why"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.condition: str | None = None
        self.reasons: dict[str, Reason] = {}
        # The row whose question stands whole.
        self.unfolded: str | None = None

    def compose(self) -> ComposeResult:
        yield self.heading()
        yield AskRows(id="ask")

    @property
    def rows(self) -> AskRows:
        return self.query_one(AskRows)

    @property
    def target(self) -> Widget:
        return self.rows

    def kept(self) -> str | None:
        return self.rows.current

    def follow(self, condition: str | None) -> None:
        """Give the reasons of this candidate."""
        if condition != self.condition:
            self.show(self.rows.current)

    def show(self, keep: str | None = None) -> None:
        answer = self.decide.answer
        self.condition = self.desk.candidates.current
        self.reasons = {}
        if answer.notice or not answer.ranking.matched:
            self.rows.fill([] if answer.notice else [row(plain(hanging(NOTHING, self.room, "")))])
            return
        why = self.why_rows(self.decide.reasoner.explain(self.case, self.condition)) if self.condition else []
        # After an answer on to the next question.
        known = [*self.questions, *(each.id for each in why)]
        self.unfolded = keep if keep in known else next(iter(self.questions), None)
        asked = [self.question_row(question) for question in answer.questions]
        self.rows.fill([*([heading("Ask next")] if asked else []), *asked, *why], self.unfolded)

    @property
    def questions(self) -> dict[str, Question]:
        return {f"ask:{question.finding.id}": question for question in self.decide.answer.questions}

    @on(Rows.Highlighted, "#ask")
    def unfold(self, event: Rows.Highlighted) -> None:
        """The highlighted question whole, the one before in short again."""
        before, self.unfolded = self.unfolded, event.id
        for name in {before, event.id} - {None}:
            if name in self.questions and before != event.id:
                self.rows.replace(str(name), self.question_content(self.questions[str(name)]))
        self.rows.show_highlight()

    def question_row(self, question: Question) -> Row:
        return row(self.question_content(question), f"ask:{question.finding.id}")

    def question_content(self, question: Question) -> Content:
        """A question and what it is for; the highlighted one with how to ask it and what each answer would do."""
        room = self.room
        parts: list[Content] = [plain(hanging(question.finding.lay_label, room, "[ ] "), "bold")]
        texts = [("", self.purpose(question), "$text-muted")]
        if self.unfolded == f"ask:{question.finding.id}":
            texts += [
                ("How: ", question.finding.question, ""),
                ("Yes: ", question.yes, "$text-muted"),
                ("No: ", question.no, "$text-muted"),
            ]
        for title, text, style in texts:
            if text:
                parts.append(plain("\n" + "\n".join(wrap(text, room, f"    {title}", "    ")), style))
        return Content.assemble(*parts)

    def purpose(self, question: Question) -> str:
        """What a proposed question is for, in words."""
        names = [self.decide.reasoner.conditions[name].short_label for name in question.separates[:2]]
        return f"settles a danger: {names[0]}" if question.danger and names else f"tells {' from '.join(names)}"

    def why_rows(self, explanation: Explanation) -> list[Row]:
        """The reasons that speak for and against the candidate, each with its weight; its sources are one key away."""
        room = self.room
        where = place_words(self.decide.answer, explanation.condition.id)
        rows = [heading(f"Why {explanation.condition.short_label}"), row(plain(hanging(where, room, "")), "place:")]
        for title, reasons in sides(explanation):
            rows.append(heading(title))
            for reason in reasons:
                counts = reason.counts or explanation.missing is reasons
                weight = factor(reason.weight.counted) if counts else "(x1)"
                name = f"reason:{len(self.reasons)}:{reason.finding}"
                self.reasons[name] = reason
                text = hanging(self.decide.reasoner.words(reason.finding), room, f"{weight:<6} ")
                rows.append(row(plain(text, "" if counts else "$text-muted"), name))
        return rows

    # --- keys ------------------------------------------------------------------------------------------------------------

    @property
    def finding(self) -> str | None:
        """The finding of the highlighted row."""
        name = (self.rows.current or "").rpartition(":")[2]
        return name if name in self.decide.reasoner.findings else None

    def asked(self) -> tuple[str, str]:
        """The highlighted finding: a question, or one that is expected and was not asked."""
        return ("finding", self.finding) if self.finding else ("", "")

    def open(self) -> None:
        if self.finding:
            self.decide.open_entry(f"finding:{self.finding}")

    @on(Rows.Selected, "#ask")
    def clicked(self) -> None:
        self.open()

    def sources(self) -> None:
        """Every source of the highlighted reason, or of the finding that is asked for."""
        from screens.dialogs import Reading
        from screens.reader import source_paragraphs
        from screens.why import reason_citations

        reason = self.reasons.get(self.rows.current or "")
        if reason is None or self.condition is None:
            self.open()
            return
        reasoner = self.decide.reasoner
        cited = reason_citations(self.decide.db, reasoner, self.condition, reason)
        self.app.push_screen(Reading("Sources", [plain(reasoner.words(reason.finding)), *source_paragraphs(cited)]))
