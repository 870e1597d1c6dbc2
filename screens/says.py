"""What the person says: the search line, and under it what was answered and every movement and place to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from textual import on
from textual.app import ComposeResult
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input

from db.read import Finding, Movement, Region
from db.search import search
from decide.case import Answer
from decide.text import begun, cells, plural, wrap
from screens.base import PlainInput, Words, bindings, hanging, plain
from screens.panes import Pane
from screens.rows import Row, Rows, heading, row
from screens.strip import shortened

MOST_HITS = 40
CHOOSABLE = ("region", "movement", "finding")
FORM = "person:"
COMMAND_SIGNS = "1234?:"
TOLD_LINES = 2


class SearchInput(PlainInput):
    """The type-ahead line. Arrows and Enter work on the list below it, so that hands stay where they are.

    While it is empty, the keys that no word begins with do what they do elsewhere: 1 to 4, ? and :.
    """

    PART = "search"
    BINDINGS = bindings("search")

    def check_consume_key(self, key: str, character: str | None) -> bool:
        if not self.value and character is not None and character in COMMAND_SIGNS:
            return False
        return super().check_consume_key(key, character)

    async def on_key(self, event: Key) -> None:
        if self.value or event.character is None or event.character not in COMMAND_SIGNS:
            return
        if active := self.screen.active_bindings.get(event.key):
            event.prevent_default()
            event.stop()
            await self.app.run_action(active.binding.action, active.node)


class Choices(Rows):
    PART = "says"
    BINDINGS = bindings("says")


class SaysPane(Pane):
    number = 1
    name_here = "Says"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        # Whether the list is behind the search line.
        self.stale = False

    def compose(self) -> ComposeResult:
        yield self.heading()
        yield SearchInput(placeholder="Type: socks, car, groin, numb ...", id="search", compact=True, select_on_focus=False)
        yield Choices(id="choices")
        yield Words(id="told")

    def on_mount(self) -> None:
        self.said_title = "What the person says"

    @property
    def target(self) -> Widget:
        return self.query_one(SearchInput)

    @property
    def choices(self) -> Choices:
        return self.query_one(Choices)

    @property
    def regions(self) -> Mapping[str, Region]:
        return self.decide.reasoner.vocabulary.regions

    @property
    def movements(self) -> Mapping[str, Movement]:
        return self.decide.reasoner.vocabulary.movements

    @property
    def findings(self) -> Mapping[str, Finding]:
        return self.decide.reasoner.findings

    # --- rows ------------------------------------------------------------------------------------------------------------

    def kept(self) -> str | None:
        return None if self.choices.highlighted is None else self.choices.current

    def show(self, keep: str | None = None) -> None:
        self.stale = False
        text = self.query_one(SearchInput).value
        if self.desk.here is not self:
            # Answered from another pane: the list begins at the top, where the answers stand.
            self.choices.highlighted, keep = None, None
        self.choices.fill(self.found_rows(text) if text.strip() else self.plain_rows(), keep)
        self.tell()

    def label(self, kind: str, name: str) -> str:
        if kind == "region":
            return self.regions[name].lay_label
        return self.movements[name].lay_label if kind == "movement" else self.findings[name].lay_label

    def chosen(self, kind: str, name: str) -> Answer | None:
        if kind == "finding":
            return self.case.answer(name)
        return "yes" if name in getattr(self.case, f"{kind}s") else None

    def choice_row(self, kind: str, name: str, note: str = "") -> Row:
        label, room = self.label(kind, name), self.room
        answer = self.chosen(kind, name)
        box = f"[{answer}] " if answer else "[ ] "
        note = f"({note})" if note else ""
        text = hanging(f"{label} {note}".rstrip(), room, box)
        content = plain(text)
        if note and cells(label) + cells(note) + len(box) + 1 <= room:
            content = content.stylize("$text-muted", len(text) - len(note))
        return row(content, f"{kind}:{name}")

    def plain_rows(self) -> list[Row]:
        """What was answered, then every movement by its everyday group, then the places."""
        rows = self.answered_rows()
        taken = {*self.case.movements, *self.case.regions}
        offered = [each for each in self.movements.values() if each.complaint and each.id not in taken]
        places = list(dict.fromkeys(each.kind for each in self.movements.values()))
        for kind, group in groupby(sorted(offered, key=lambda each: places.index(each.kind)), key=lambda each: each.kind):
            rows.append(heading(kind.capitalize()))
            rows += [self.choice_row("movement", each.id) for each in group]
        rows.append(heading("Where it hurts (2: point at it)"))
        return rows + [self.choice_row("region", name) for name in self.regions if name not in taken]

    def answered_rows(self) -> list[Row]:
        """What was chosen and answered. What the form's safety questions were denied stands in one row."""
        case = self.case
        asked = self.decide.answer.screening.questions
        safety = self.decide.answer.screening.denied
        rest = [name for name in (*case.absent, *case.not_able) if name not in safety]
        chosen = [(kind, name) for kind in CHOOSABLE[:2] for name in getattr(case, f"{kind}s")]
        chosen += [("finding", name) for name in (*case.present, *rest)]
        rows = [self.choice_row(kind, name, self.sides(name) if kind == "region" else "") for kind, name in chosen]
        denied = sum(each.answer in ("no", "not able") for each in asked)
        if denied:
            rows.append(row(plain(f"{plural(denied, 'safety question')} no or not able (F5)", "$text-muted"), FORM))
        return [heading("Answered"), *rows] if rows else []

    def sides(self, region: str) -> str:
        """On which side a region hurts, where that is not just the side of the whole."""
        return " and ".join(side for name, side in self.case.areas if name == region)

    def found_rows(self, text: str) -> list[Row]:
        rows = []
        for hit in search(self.decide.db, text, limit=MOST_HITS):
            if hit.kind == "movement" and not self.movements[hit.id].complaint:
                continue
            if hit.kind in CHOOSABLE:
                note = hit.kind if self.label(hit.kind, hit.id) == hit.label else f"{hit.kind}: {hit.label}"
                rows.append(self.choice_row(hit.kind, hit.id, note))
            else:
                label = plain(hanging(f"{hit.label} ({hit.kind})", self.room, "open "))
                rows.append(row(label, f"{hit.kind}:{hit.id}"))
        return rows or [row(plain(begun(f"Nothing found for: {text[: 2 * self.room]}", 2 * self.room)))]

    # --- keys ------------------------------------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def typed(self) -> None:
        self.desk.say("")
        # The letter is painted first; the list follows, or comes at once when something is asked of it.
        self.stale = True
        self.call_after_refresh(self.catch_up)

    def catch_up(self) -> None:
        """Show what the line finds, if that does not stand there yet."""
        if self.stale:
            self.choices.highlighted = None
            self.show()

    def asked(self) -> tuple[str, str]:
        """The kind and id of what is highlighted, if it can be answered."""
        kind, _, name = (self.choices.current or "").partition(":")
        return (kind, name) if kind in CHOOSABLE else ("", "")

    def choose(self) -> None:
        """Yes to the highlighted row, or drop it; open it when it is no choice."""
        self.catch_up()
        kind, name = self.asked()
        if not kind:
            self.open()
            return
        search_line = self.query_one(SearchInput)
        if search_line.value:
            with search_line.prevent(Input.Changed):
                search_line.value = ""
            # Back to the top of the list, where the answers stand.
            self.choices.highlighted = None
        self.desk.answer(kind, name, None if self.chosen(kind, name) == "yes" else "yes")

    @on(Rows.Selected, "#choices")
    def clicked(self) -> None:
        self.choose()

    def open(self) -> None:
        name = self.choices.current
        if name == FORM:
            self.decide.action_person()
        elif name:
            self.decide.open_entry(name)

    # --- under the list ------------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """What the highlighted movement asks of the joints, or how to ask for the highlighted finding."""
        kind, name = self.asked()
        if kind == "movement":
            text = f"Joints: {self.movements[name].joint_actions}"
        elif kind == "finding":
            text = f"How: {self.findings[name].question}"
        else:
            text = ""
        width = self.room
        lines = shortened(wrap(text, width), TOLD_LINES, " ... (o)", width) if text else []
        self.query_one("#told", Words).show(plain("\n".join(lines)))
