"""The candidates in their bands, each with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from db.read import Condition
from decide.ranking import BANDS, Candidate, Reason
from decide.report import BAND_TITLES, factor, shown
from decide.text import cells
from screens.base import bindings, hanging, plain
from screens.panes import Pane
from screens.rows import Row, Rows, heading, row

# While nothing is chosen: more names than anybody reads through.
MOST_LISTED = 100
MORE = "more:"
INDENT = " " * 4
IMPAIRMENTS = "Impairments: explain, not diagnose"


class Candidates(Rows):
    PART = "candidates"
    BINDINGS = bindings("candidates")


class CandidatesPane(Pane):
    """`listed` are the conditions in view, in their order; `everything` lists all."""

    number = 3
    name_here = "Candidates"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.listed: Sequence[Condition] = ()
        self.everything = False
        self.found: dict[str, Candidate] = {}

    def compose(self) -> ComposeResult:
        yield self.heading()
        yield Candidates(id="candidates")

    @property
    def ranked(self) -> Candidates:
        return self.query_one(Candidates)

    @property
    def target(self) -> Widget:
        return self.ranked

    @property
    def current(self) -> str | None:
        """The highlighted condition."""
        name = self.ranked.current
        return None if name == MORE else name

    def kept(self) -> str | None:
        return self.ranked.current

    def show(self, keep: str | None = None) -> None:
        answer, reasoner = self.decide.answer, self.decide.reasoner
        self.found = {}
        if answer.notice:
            self.listed, rows = (), [row(plain(answer.notice))]
        elif answer.ranking.matched:
            self.found = {one.condition.id: one for one in shown(reasoner, answer, self.everything)}
            self.listed = [one.condition for one in self.found.values()]
            rows = self.banded_rows()
        elif not self.display:
            # All conditions are listed for whoever looks: see `DeskScreen.go`.
            self.listed, rows = (), []
        else:
            every = sorted(reasoner.conditions.values(), key=lambda one: self.label(one).casefold())
            self.listed = every[:MOST_LISTED]
            rows = [self.candidate_row(number, one) for number, one in enumerate(self.listed, 1)]
            if left := len(every) - len(self.listed):
                rows.append(row(plain(hanging(f"{left} more: type a name to find one", self.room, INDENT), "$text-muted")))
        # What stands highlighted stays so; whoever has not been on the list stands on the first.
        if not self.ranked.has_focus:
            self.ranked.highlighted, keep = None, None
        self.ranked.fill(rows, keep)
        marked = f"{len(self.decide.marked)} marked; " if self.decide.marked else ""
        self.retitle(marked + self.title())

    def title(self) -> str:
        answer = self.decide.answer
        if answer.notice:
            return "Under 18: nothing is ranked"
        if answer.ranking.matched:
            return f"Candidates: {answer.ranking.answered} of {answer.ranking.of} answered"
        return "All conditions (nothing chosen yet)" if self.case.empty else "All conditions (nothing present chosen yet)"

    def banded_rows(self) -> list[Row]:
        """The candidates under their bands, impairments last; a row for those that are left out."""
        rows: list[Row] = []
        conditions = [one for one in self.listed if one.kind == "condition"]
        groups = [(BAND_TITLES[band], [one for one in conditions if self.found[one.id].band == band]) for band in BANDS]
        groups.append((IMPAIRMENTS, [one for one in self.listed if one.kind != "condition"]))
        number = 0
        for title, members in groups:
            if members:
                rows.append(heading(title))
            for one in members:
                number += 1
                rows.append(self.candidate_row(number, one))
        hidden = len(self.decide.answer.ranking.candidates) - len(self.listed)
        if hidden > 0:
            rows.append(
                row(plain(hanging(f"{hidden} more to keep in mind (a shows all)", self.room, INDENT), "$text-muted"), MORE)
            )
        return rows

    def label(self, condition: Condition) -> str:
        return condition.label if self.room >= 60 else condition.short_label

    def candidate_row(self, number: int, condition: Condition) -> Row:
        room = self.room
        box = "[x]" if condition.id in self.decide.marked else "[ ]"
        label = self.label(condition)
        if condition.grave:
            label += f" - {condition.urgency.upper()}"
        ranked = self.found.get(condition.id)
        if condition.kind == "impairment" and not ranked:
            label += "  (impairment)"
        parts = [plain(hanging(label, room, f"{number:>2} {box} "), "bold")]
        if ranked and ranked.support:
            explanation = self.decide.reasoner.explain(self.case, condition.id)
            for title, reasons in (("for", explanation.for_), ("against", explanation.against)):
                if text := self.reasons_line(title, reasons, room):
                    parts.append(plain("\n" + text, "$text-muted"))
        return row(Content.assemble(*parts), condition.id)

    def reasons_line(self, title: str, reasons: Sequence[Reason], room: int) -> str:
        """The strongest reasons that count, as many as one line holds."""
        counted = [reason for reason in reasons if reason.counts]
        texts = [f"{self.decide.reasoner.words(each.finding)} {factor(each.weight.counted)}" for each in counted]
        line = ""
        for place, text in enumerate(texts):
            rest = f"; {len(texts) - place - 1} more" if place + 1 < len(texts) else ""
            longer = f"{line}; {text}" if line else f"{INDENT}{title}: {text}"
            if line and cells(longer + rest) > room:
                more = f"{line}; {len(texts) - place} more"
                lines = [hanging(text.strip(), room, INDENT).count("\n") for text in (line, more)]
                line = more if lines[0] == lines[1] else line
                break
            line = longer
        return hanging(line.strip(), room, INDENT) if line else ""

    # --- keys ------------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        if self.ranked.current == MORE:
            self.toggle_all()
        elif self.current:
            self.decide.open_entry(f"condition:{self.current}")

    @on(Rows.Selected, "#candidates")
    def clicked(self) -> None:
        self.open()

    def toggle_all(self) -> None:
        self.everything = not self.everything
        self.show(self.ranked.current)

    def mark(self) -> None:
        """Mark the highlighted condition, or take the mark off."""
        from decide.compare import MOST_COMPARED

        name = self.current
        if not name:
            return
        if name in self.decide.marked:
            self.decide.marked.remove(name)
        elif len(self.decide.marked) == MOST_COMPARED:
            self.desk.say("Four are marked already; take one off first.")
        else:
            self.decide.marked.append(name)
        self.decide.keep_soon()
        self.show(name)
