"""Two to four conditions side by side: what tells them apart on top, then the differences; d shows the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from db import read
from db.read import Citation
from decide.compare import NOT_STATED, Cell, Comparison, compare
from decide.text import cells, plural, visible, wrap
from screens.base import BaseScreen, KeyLine, Message, bindings, plain
from screens.dialogs import Reading
from screens.reader import source_paragraphs
from screens.rows import Row, Rows, heading, row


class CompareRows(Rows):
    PART = "compare"
    BINDINGS = bindings("compare")


class CompareScreen(BaseScreen):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = list(names)
        self.everything = False

    def compose(self) -> ComposeResult:
        yield self.title_line("Compare")
        yield Static("", id="columns", markup=False)
        yield CompareRows(id="rows")
        yield Message()
        yield KeyLine()

    def on_mount(self) -> None:
        self.comparison: Comparison = compare(self.decide.db, self.names)
        self.refresh_rows()

    def line(self, topic: str, texts: Sequence[str], bold: bool = False) -> Content:
        """One row as columns that wrap."""
        share = self.query_one(CompareRows).room // (3 + 4 * len(texts))
        styles = ["bold", *("bold" if bold else "dim" if text == NOT_STATED else "" for text in texts)]
        columns = [wrap(visible(topic), 3 * share - 1), *(wrap(visible(text), 4 * share - 1) for text in texts)]
        lines = []
        for parts in zip_longest(*columns, fillvalue=""):
            widths = [3 * share, *(4 * share for _ in texts)]
            padded = [part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)]
            lines.append(Content.assemble(*(plain(part, style) for part, style in zip(padded, styles, strict=True))))
        return Content("\n").join(lines)

    def refresh_rows(self) -> None:
        found = self.comparison
        shown = found.rows if self.everything else found.differing()
        self.details: dict[str, tuple[str, str, Sequence[Cell]]] = {}
        names = [condition.short_label for condition in found.conditions]
        self.query_one("#columns", Static).update(
            self.line("", [f"{n}. {name}" for n, name in enumerate(names, 1)], bold=True)
        )
        rows: list[Row] = []

        def add(topic: str, how: str, compared: Sequence[Cell]) -> None:
            name = f"row-{len(self.details)}"
            self.details[name] = (topic, how, compared)
            short = [
                cell.text if len(cell.text) <= 160 else cell.text[:150].rsplit(" ", 1)[0] + " ... (Enter)"
                for cell in compared
            ]
            rows.append(row(self.line(topic, short), name))

        if found.discriminators:
            rows.append(heading("What tells them apart"))
            for telling in found.discriminators:
                add(telling.label, telling.question, telling.cells)
        questions = {finding.label: finding.question for finding in read.findings(self.decide.db)}
        group = ""
        for each in shown:
            if each.group != group:
                group = each.group
                rows.append(heading(group))
            add(each.topic, questions.get(each.topic, "") if group == "Findings" else "", each.cells)
        hidden = len(found.rows) - len(shown)
        more = f"differences; {plural(hidden, 'more row')} (d)" if hidden else "differences"
        self.retitle("Compare - " + ("every row" if self.everything else more))
        self.query_one(CompareRows).fill(rows)

    def on_resize(self) -> None:
        # Columns are as wide as the list, whose new width is known after the layout.
        self.call_after_refresh(self.refresh_rows)

    def action_toggle_same(self) -> None:
        self.everything = not self.everything
        self.refresh_rows()

    @on(Rows.Selected, "#rows")
    def open_row(self, event: Rows.Selected) -> None:
        if event.id not in self.details:
            return
        topic, how, cells = self.details[event.id]
        paragraphs = [plain(f"How: {how}")] if how else []
        sources = {source.id: source for source in read.sources(self.decide.db)}
        for condition, cell in zip(self.comparison.conditions, cells, strict=True):
            paragraphs.append(plain(f"{condition.label}: {cell.text}"))
            citations = []
            for citation in cell.citations:
                name, _, locator = citation.partition("#")
                citations.append(Citation(sources.get(name), locator))
            paragraphs += source_paragraphs(citations)
        self.app.push_screen(Reading(topic, paragraphs))

    def action_open_condition(self, place: int) -> None:
        if place < len(self.names):
            self.decide.open_entry(f"condition:{self.names[place]}")

    def action_plan(self) -> None:
        self.decide.open_plan(self.names)
