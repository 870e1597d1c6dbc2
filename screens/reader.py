"""Reading screens: one entry of the knowledge base whole, the warning signs, and what this program is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from db import read
from db.read import Citation
from decide import __version__
from decide.entry import URGENCY_TITLES, Entry, Item, Section, dislikes, entry, warning_sections
from decide.knowledge import review_warning
from decide.report import headline
from decide.sheet import full_citation
from screens.base import BaseScreen, KeyLine, Message, bindings, plain
from screens.dialogs import Reading
from screens.rows import Row, Rows, heading, row

if TYPE_CHECKING:
    from decide.screening import Trip

GRADE_WORDS = {
    "A": "guideline or systematic review",
    "A-": "guideline or review seen through a copy or summary",
    "B": "primary study",
    "C": "health service, hospital or reference work",
    "D": "clinic or professional page",
    "E": "low grade",
}


def source_paragraphs(citations: Sequence[Citation]) -> list[Content]:
    """Sources in full, for the reading dialog."""
    paragraphs = []
    for citation in citations:
        if citation.source is None:
            paragraphs.append(plain("Editorial: this is ours; no source stands behind it."))
            continue
        source = citation.source
        grade = (
            f"Grade {source.grade}: {GRADE_WORDS.get(source.grade, '')}."
            if source.grade
            else "An article; what it says is a statement, not evidence."
        )
        paragraphs.append(
            Content.assemble(
                plain(full_citation(citation)),
                "\n",
                plain(grade, "$text-muted"),
                "\n",
                plain(source.address, "$text-muted"),
            )
        )
    return paragraphs


class EntryRows(Rows):
    PART = "lines"
    BINDINGS = bindings("lines")


class SectionsScreen(BaseScreen):
    """Sections of items as rows, each item's sources one key away. What it shows comes from `content`."""

    ROWS: type[EntryRows] = EntryRows

    def compose(self) -> ComposeResult:
        yield self.title_line("")
        yield self.ROWS(id="entry")
        yield Message()
        yield KeyLine()

    def content(self) -> tuple[str, Sequence[Section]]:
        """The title and the sections."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.say("")
        self.show()

    def show(self) -> None:
        title, sections = self.content()
        self.retitle(title)
        self.items: dict[str, Item] = {}
        rows: list[Row] = []
        for section in sections:
            rows.append(heading(section.title))
            for item in section.items:
                name = f"item-{len(self.items)}"
                self.items[name] = item
                rows.append(row(self.item_content(item), name))
        self.query_one(EntryRows).fill(rows)

    def item_content(self, item: Item) -> Content:
        parts: list[Content | str] = []
        if item.mark:
            parts += [plain(item.mark, "italic" if not self.decide.plain else "bold"), ": "]
        parts.append(plain(item.text))
        if item.citations:
            parts.append(plain(f"  [{', '.join(citation.id for citation in item.citations)}]", "$text-muted"))
        return Content.assemble(*parts)

    @on(Rows.Selected, "#entry")
    def open_sources(self, event: Rows.Selected) -> None:
        item = self.items.get(event.id or "")
        if item is None:
            return
        if not item.citations and item.id:
            self.action_open_linked()
            return
        paragraphs = source_paragraphs(item.citations) or [
            plain("A term of the vocabulary or a description; no claim, so no source.")
        ]
        self.app.push_screen(Reading("Sources", [plain(item.text), *paragraphs]))

    def action_open_linked(self) -> None:
        item = self.items.get(self.query_one(EntryRows).current or "")
        if item and item.id:
            self.decide.open_entry(item.id)


class ReaderScreen(SectionsScreen):
    """One entry whole."""

    PART = "page"
    BINDINGS = bindings("page")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.entry_name = name

    def content(self) -> tuple[str, Sequence[Section]]:
        self.entry: Entry = entry(self.decide.db, self.entry_name)
        title = self.entry.label
        if self.entry.lay_label and self.entry.lay_label != self.entry.label:
            title += f" - {self.entry.lay_label}"
        return title, self.entry.sections

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("mark_compare", "plan", "why", "dislikes") and not self.entry_name.startswith("condition:"):
            found = getattr(self, "entry", None)
            return bool(found and found.kind == "condition")
        if action == "picture":
            found = getattr(self, "entry", None)
            return bool(found and read.figure(self.decide.db, found.id))
        return super().check_action(action, parameters)

    def action_picture(self) -> None:
        from screens.figure import LookScreen

        self.app.push_screen(LookScreen(self.entry.id, self.entry.label))

    def action_plan(self) -> None:
        self.decide.open_plan([self.entry.id])

    def action_why(self) -> None:
        self.decide.open_why(self.entry.id)

    def action_dislikes(self) -> None:
        self.decide.open_dislikes(self.entry.id)

    def action_mark_compare(self) -> None:
        from decide.compare import MOST_COMPARED
        from screens.compare import CompareScreen

        marked = self.decide.marked
        if self.entry.id not in marked and len(marked) < MOST_COMPARED:
            marked.append(self.entry.id)
        if len(marked) >= 2:
            self.app.push_screen(CompareScreen(list(marked)))
        else:
            self.say("Marked. Mark another condition (Space in the candidates, or c on its page) to compare.")


class DislikesScreen(SectionsScreen):
    """What a condition dislikes and likes: every movement by its everyday group."""

    def __init__(self, condition: str) -> None:
        super().__init__()
        self.condition = condition

    def content(self) -> tuple[str, Sequence[Section]]:
        label = self.decide.reasoner.conditions[self.condition].short_label
        return f"Dislikes, and likes: {label}", dislikes(self.decide.db, self.condition)


class CaseScreen(SectionsScreen):
    """Sections about the case at hand: made anew when it was changed in the meantime."""

    def show(self) -> None:
        self.answer = self.decide.answer
        super().show()

    def on_screen_resume(self) -> None:
        if self.answer is not self.decide.answer:
            self.show()


class WarningsScreen(CaseScreen):
    """The warnings that the case at hand trips, then every warning sign: how soon, what to do, what to suspect."""

    def content(self) -> tuple[str, Sequence[Section]]:
        screening = self.decide.answer.screening
        tripped = [self.tripped(trip) for trip in screening.trips]
        count = f"{len(tripped)} in this case; " if tripped else ""
        state = Section("This person", (Item(headline(self.decide.answer)),))
        return f"Warning signs: {count}all below", (state, *tripped, *warning_sections(self.decide.db))

    def tripped(self, trip: Trip) -> Section:
        """One rule that the case trips: what to do, why, whom to suspect, how good the evidence is."""
        rule, reasoner = trip.rule, self.decide.reasoner
        linked = f"redflag:{rule.red_flag}"
        soon = URGENCY_TITLES[rule.urgency]
        if rule.urgency_basis == "reviewer":
            soon += " (the time is editorial: judged by the compilers, not by a source)"
        items = [Item(soon, rule.citations if rule.urgency_basis == "source" else (Citation(None),), "how soon", linked)]
        if trip.escalates:
            items.append(Item(rule.action, rule.citations, "do", linked))
        items.append(Item("; ".join(map(reasoner.words, trip.because)), (), "because", linked))
        items += [Item(reasoner.label(name), (), "suspect", f"condition:{name}") for name in rule.suspects]
        items.append(Item(rule.evidence, rule.citations, "evidence", linked))
        mark = rule.urgency.upper() if trip.escalates else "Noted"
        return Section(f"In this case - {mark}: {rule.label}", tuple(items))


class MethodScreen(SectionsScreen):
    """How the program reasons, in plain language, with what its self-test gives on this knowledge."""

    def on_mount(self) -> None:
        from decide.method import TITLE

        self.items = {}
        self.retitle(f"{TITLE} - testing itself, a moment ...")
        # The page paints first; the test takes a second or so.
        self.call_after_refresh(self.show)

    def content(self) -> tuple[str, Sequence[Section]]:
        from decide import method, selftest

        reasoner = self.decide.reasoner
        result = selftest.run(reasoner, selftest.bundled(reasoner))
        found = method.sections(reasoner, result)
        return method.TITLE, [Section(one.title, tuple(Item(text) for text in one.texts)) for one in found]


class AboutScreen(SectionsScreen):
    """Versions, intended use, limits."""

    def content(self) -> tuple[str, Sequence[Section]]:
        about = self.decide.about
        warning = review_warning(about, self.decide.today)
        return f"decide {__version__}", (
            Section(
                "Knowledge",
                (
                    Item(f"{about.title} ({about.id})"),
                    Item(about.version, mark="version"),
                    Item(about.content_date, mark="content of"),
                    Item(f"{about.review_date}. {warning}".strip(), mark="to be reviewed by"),
                    Item(about.hash, mark="hash"),
                ),
            ),
            Section("Intended use", (Item(about.intended_use), Item(about.not_for), Item(about.review_note))),
            Section("Safety", (Item(about.safety_net),)),
            Section("Method", (Item("How the program reasons, its weights and its limits: F9, then Method"),)),
            Section("Where settings are kept", (Item(str(self.decide.folder)),)),
        )
