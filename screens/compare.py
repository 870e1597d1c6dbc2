"""Two to four conditions side by side: what to ask first stays on top, then what tells them apart, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from db.read import Citation
from decide.case import Answer
from decide.compare import DISCRIMINATORS, MOST_COMPARED, Comparison, Row, compare
from decide.next_question import change
from decide.report import BAND_TITLES
from decide.telling import LITTLE, Telling, answer_of, answered, direction_words, first_open, telling
from decide.text import begun, cells, plural, shorter, wrap
from screens.base import LOW, BaseScreen, KeyLine, Message, Words, bindings, plain
from screens.rows import Row as ListRow
from screens.rows import Rows, heading, row
from screens.side_by_side import Form, easy, form_for, heads, side_by_side
from screens.strip import Strip

LEAST_COMPARED = 2
# The pane with the highlighted row whole, where the columns keep enough room beside it.
PANE = 56
# The cells beside a row's text: its padding and the scrollbar.
GUTTER = 3
HIGH = 34
# From so many lines on the strip has room for what to do; below it says only how soon, and F4 the rest.
ROOMY = 22


class CompareRows(Rows):
    PART = "compare"
    BINDINGS = bindings("compare")


class CompareScreen(BaseScreen):
    """Compares the conditions of these ids. Answers given here change the case, and every row follows."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = list(names)
        self.everything = False
        self.shown_for: tuple[object, ...] = ()
        self.said_at: str | None = None

    def compose(self) -> ComposeResult:
        yield self.title_line("Compare")
        yield Words(id="columns")
        with Horizontal(id="compare-body"):
            yield CompareRows(id="rows")
            with VerticalScroll(id="whole", can_focus=False):
                yield Static("", id="whole-text", markup=False)
        yield Words(id="status")
        yield Message()
        yield Strip()
        yield KeyLine()

    def on_mount(self) -> None:
        self.say("")
        self.read()
        self.show()

    def read(self) -> None:
        """Everything that is known of the conditions: once for each set of them."""
        self.comparison: Comparison = compare(self.decide.db, self.names)
        ranker = self.decide.reasoner.ranker(self.decide.case)
        rows = [one for one in self.comparison.rows if one.kind]
        self.tellings: dict[str, Telling] = {one.id: telling(ranker, one, self.names) for one in rows}

    @property
    def rows(self) -> CompareRows:
        return self.query_one(CompareRows)

    # --- what is shown -------------------------------------------------------------------------------------------------

    def show(self, keep: str | None = None) -> None:
        """Everything anew: for another case, other conditions or another size. The highlight goes to the row `keep`."""
        width, height = self.app.size
        self.shown_for = (width, height, self.decide.case)
        count = len(self.names)
        room = width - GUTTER
        pane = easy(room - PANE, count) and height >= LOW
        self.form: Form = form_for(room - PANE if pane else room, count)
        self.query_one("#whole").display = pane
        self.query_one("#status").display = not pane and height >= LOW
        self.first = self.open_row()
        self.query_one("#columns", Words).show(self.top(room, height))
        self.rows.fill(self.sections(), keep)
        strip = self.query_one(Strip)
        strip.brief = height < ROOMY
        strip.fill()
        self.tell()

    def open_row(self) -> Row | None:
        """What to ask or test first; nothing for the young, for whom the knowledge is not made."""
        answer = self.decide.answer
        if answer.notice:
            return None
        findings = self.decide.reasoner.findings
        return first_open(self.comparison, self.tellings, answer.ranking.known, findings, self.decide.training)

    def top(self, width: int, height: int) -> Content:
        """Which column is which, and the one question or test to begin with: how, and what each answer tells."""
        most = 1 if height < LOW else 2 if height < HIGH else 4
        places = range(len(self.names))
        low = height < LOW
        standing = [] if low else [self.standing(place) for place in places]
        parts = [heads(self.form, [self.head(place) for place in places], standing, low)]
        for text, style in self.first_lines(width, most):
            parts.append(plain(text, style))
        return Content("\n").join(parts)

    def head(self, place: int) -> str:
        """The name of a condition, and before it, where no narrow column cuts it off, how urgent it is if that is grave."""
        condition = self.comparison.conditions[place]
        text = condition.label if self.form.cell >= 2 * len(condition.label) else condition.short_label
        return f"{condition.urgency.upper()} {text}" if condition.grave else text

    def standing(self, place: int) -> str:
        """Where a condition stands for this person: "fits well"."""
        ranking = self.decide.answer.ranking
        if not ranking.matched or self.decide.answer.notice:
            return ""
        band = next((one.band for one in ranking.candidates if one.condition.id == self.names[place]), "")
        return BAND_TITLES[band].lower() if band else "no match yet"

    def first_lines(self, width: int, most: int) -> list[tuple[str, str]]:
        """What to ask or test first, in at most three parts; `most` lines of how."""
        if self.decide.answer.notice:
            return [(wrap(self.decide.answer.notice, width)[0], "bold")]
        first = self.first
        if first is None:
            text = (
                "Nothing is left to ask that tells these apart."
                if self.comparison.telling
                else "Nothing tells these apart."
            )
            return [(begun(text, width), "bold")]
        verb = "Test" if first.test else "Ask"
        line = f"{verb} first{' (settles a danger)' if first.danger else ''}: {first.asked}"
        if cells(line) > width:
            line = f"{verb} first: {first.asked}"
        found = [(begun(line, width), "bold")]
        if most > 1:
            how = wrap(first.question, width, "How: ")
            if len(how) > most:
                how = [*how[: most - 1], shorter(how[most - 1], width, " ... (Enter)")]
            found += [("\n".join(how), "")]
        tells = self.tells(first, self.short_names())
        if cells(tells) > width:
            tells = self.tells(first, self.numbers())
        found.append((begun(tells, width), ""))
        return found

    def numbers(self) -> list[str]:
        return [str(number) for number in range(1, len(self.names) + 1)]

    def short_names(self) -> list[str]:
        return [f"{number} {one.short_label}" for number, one in enumerate(self.comparison.conditions, 1)]

    def tells(self, one: Row, names: Sequence[str]) -> str:
        """What each answer to a row tells: "Yes: for 1 Sciatica. No: says little."."""
        found = self.tellings[one.id]
        no = direction_words(found.no, names)
        if one.danger:
            no = f"{no}, excludes nothing"
        return f"Yes: {direction_words(found.yes, names)}. No: {no}."

    def answer_to(self, one: Row) -> Answer | None:
        return answer_of(one, self.decide.answer.ranking.known)

    def sections(self) -> list[ListRow]:
        """The rows in their order: what still tells them apart, what was answered of it, then the rest in groups."""
        found = self.comparison
        self.details: dict[str, Row] = {}
        still = [one for one in found.telling if not self.answer_to(one)]
        if self.first:
            still.remove(self.first)
            still.insert(0, self.first)
        parts = [
            ("What tells them apart", still[:DISCRIMINATORS]),
            ("Answered", [one for one in found.telling if self.answer_to(one)]),
        ]
        used = {one.id for _, members in parts for one in members}
        shown = [
            one for one in (found.rows if self.everything else found.differing()) if not one.kind or one.id not in used
        ]
        parts += [(group, [one for one in shown if one.group == group]) for group in dict.fromkeys(r.group for r in shown)]
        options: list[ListRow] = []
        for title, members in parts:
            if members:
                options.append(heading(title))
            for one in members:
                name = self.name_of(one)
                self.details[name] = one
                options.append(row(self.row_content(one), name))
        hidden = sum(one.same for one in found.rows)
        more = f"differences; {plural(hidden, 'row')} the same for all (d)" if hidden else "differences"
        self.retitle("Compare: " + ("every row (d: differences only)" if self.everything else more))
        return options

    def name_of(self, one: Row) -> str:
        """What a row is called in the list."""
        return f"{one.kind}:{one.id}" if one.kind else f"{one.group}: {one.topic}"

    def row_content(self, one: Row) -> Content:
        answer = self.answer_to(one)
        box = f"[{answer or ' '}] " if one.asks else ""
        note = self.spoken(one, answer, self.numbers()) if answer else ""
        return side_by_side(self.form, one.asked if one.asks else one.topic, box, note, one.cells)

    def spoken(self, one: Row, answer: str, names: Sequence[str]) -> str:
        """What an answer to a row tells: "speaks for 1", "says little"; nothing for one that was not able."""
        if answer not in ("yes", "no") or self.decide.answer.notice:
            return ""
        words = direction_words(self.tellings[one.id].of(answer), names)
        return words if words == LITTLE else f"speaks {words}"

    # --- the highlighted row ---------------------------------------------------------------------------------------------

    @property
    def current(self) -> Row | None:
        return self.details.get(self.rows.current or "")

    @on(Rows.Highlighted, "#rows")
    def moved(self) -> None:
        if self.said_at is not None and self.rows.current != self.said_at:
            self.said_at = None
            self.say("")
        self.tell()

    def tell(self) -> None:
        """The highlighted row whole beside the list; where there is no room, in a line what its answers tell."""
        one = self.current
        if self.query_one("#whole").display:
            content = Content("\n\n").join([plain(one.asked, "bold"), *self.whole(one)]) if one else Content("")
            self.query_one("#whole-text", Static).update(content)
            return
        width = self.app.size.width - 2
        line = "Enter: the row whole, with its sources"
        if one and one.asks and one != self.first:
            tells = "" if self.decide.answer.notice else self.tells(one, self.numbers())
            line = f"{tells} {one.question and f'How: {one.question}'}".strip()
            line = line if cells(line) <= width else shorter(line, width, " ... (Enter)")
        elif one and one.asks:
            line = "y: yes   n: no   u: not able   Enter: the row whole"
        self.query_one("#status", Words).show(plain(begun(line, width)))

    def whole(self, one: Row) -> list[Content]:
        """A row whole: how to test it, what each answer tells, every statement with its sources."""
        parts: list[Content] = []
        if one.question:
            parts.append(plain(f"How: {one.question}"))
        if one.actions:
            parts.append(plain(f"Joint actions: {one.actions}"))
        if one.asks and not self.decide.answer.notice:
            parts.append(plain(self.tells(one, self.short_names())))
        if answer := self.answer_to(one):
            parts.append(plain(f"Answered: {answer}"))
        sources: dict[Citation, int] = {}
        for number, (condition, cell) in enumerate(zip(self.comparison.conditions, one.cells, strict=True), 1):
            # A text stands in its statements below, each with its sources.
            word = f": {cell.mark} {cell.text}" if cell.mark else ""
            said = [plain(f"{number} {condition.label}{word}", "bold")]
            for each in cell.said:
                numbers = [sources.setdefault(citation, len(sources) + 1) for citation in each.citations]
                behind = f" [{', '.join(map(str, numbers))}]" if numbers else ""
                said.append(plain(f"- {each.text}{behind}"))
            parts.append(Content("\n").join(said))
        return [*parts, *self.cited(sources)]

    def cited(self, sources: dict[Citation, int]) -> list[Content]:
        from screens.reader import source_paragraphs

        if not sources:
            return [plain("A description, or nothing stated: no claim, so no source.", "$text-muted")]
        texts = source_paragraphs(list(sources))
        numbered = [Content.assemble(f"[{number}] ", text) for number, text in zip(sources.values(), texts, strict=True)]
        return [plain("Sources", "bold"), *numbered]

    @on(Rows.Selected, "#rows")
    def open_row_whole(self, event: Rows.Selected) -> None:
        from screens.dialogs import Reading

        if one := self.details.get(event.id or ""):
            self.app.push_screen(Reading(one.asked, self.whole(one)))

    # --- answering -------------------------------------------------------------------------------------------------------

    def action_reply(self, answer: str) -> None:
        """Answer the highlighted row: yes, no, not able, or (empty) take the answer back; then go on to what is next."""
        one = self.current
        if one is None:
            return
        if not one.asks or (answer in ("no", "not able") and not one.finding):
            self.tell_person("This row cannot be answered so: y, n and u are for findings.")
            return
        reply: Answer | None = answer or None  # type: ignore[assignment]
        before, was_first = self.decide.answer, one is self.first
        self.decide.change(answered(self.decide.case, one, reply))
        after = self.decide.answer
        following = self.open_row() if was_first else None
        self.show(self.name_of(following or one))
        words = one.asked + ("" if answer == "yes" else f": {answer or 'taken back'}")
        said = words if after.notice else change(before.ranking, after.ranking, words)
        known = self.answer_to(one)
        if known and not answer:
            said = f"{one.asked}: {known}, which follows from another answer"
        elif note := self.spoken(one, answer, self.numbers()):
            said += f"; {note}"
        self.tell_person(said)

    def action_undo(self) -> None:
        done = self.decide.undo()
        self.show(self.rows.current)
        self.tell_person("Undone." if done else "Nothing to undo.")

    def tell_person(self, text: str) -> None:
        """Say something until the highlight moves on."""
        self.said_at = self.rows.current
        self.say(text)

    # --- other rows, other conditions, other screens ------------------------------------------------------------

    def action_same(self) -> None:
        self.everything = not self.everything
        self.show(self.rows.current)

    def action_add(self) -> None:
        from screens.choose import ConditionDialog

        if len(self.names) == MOST_COMPARED:
            self.tell_person("Four are compared already; take one off first (-).")
            return

        def take(name: str | None) -> None:
            if name:
                self.compare_these([*self.names, name])

        self.app.push_screen(ConditionDialog(self.decide.db, "Compare with which condition?", self.names), take)

    def action_drop(self) -> None:
        if len(self.names) == LEAST_COMPARED:
            self.tell_person("Two are the least to compare; add another one first (a).")
            return
        self.which(
            "Take which one off the comparison?",
            lambda place: self.compare_these([name for number, name in enumerate(self.names) if number != place]),
        )

    def compare_these(self, names: Sequence[str]) -> None:
        """Other conditions; they are then also the marked ones, so that the way back leads here again."""
        self.names = list(names)
        self.decide.marked[:] = names
        self.read()
        self.show()

    def which(self, question: str, then: Callable[[int], None]) -> None:
        """Ask for one of the compared conditions, and go on with its place."""
        from screens.choose import Which

        def go(place: int | None) -> None:
            if place is not None:
                then(place)

        self.app.push_screen(Which(question, [one.short_label for one in self.comparison.conditions]), go)

    def action_why(self) -> None:
        self.which("Why does which one stand where it stands?", lambda place: self.decide.open_why(self.names[place]))

    def action_open_condition(self, number: int) -> None:
        if number <= len(self.names):
            self.decide.open_entry(f"condition:{self.names[number - 1]}")

    def action_plan(self) -> None:
        self.decide.open_plan(self.names)

    # --- what changes around it --------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        self.refresh_if_changed()

    def on_resize(self) -> None:
        self.call_after_refresh(self.refresh_if_changed)

    def refresh_if_changed(self) -> None:
        """Show everything anew where the case or the size is another one now."""
        if self.shown_for and self.app.screen is self and self.shown_for != (*self.app.size, self.decide.case):
            self.show(self.rows.current)
