"""The find screen: choose regions, movements and findings, answer the next question; the candidates follow every key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from db.read import Finding, Movement, Region
from db.search import search
from decide.case import Answer, Case
from decide.next_question import Question, change
from decide.ranking import BANDS, Candidate, Reason
from decide.report import BAND_TITLES, factor, shown
from decide.text import cells, plural, wrap
from decide.words import person
from screens.base import BaseScreen, PlainInput, Rows, footer, hanging, heading, plain, row
from screens.strip import Strip, shortened

MOST_HITS = 40
MOST_MARKED = 4
CHOOSABLE = ("region", "movement", "finding")
MORE = "more:"
FORM = "person:"
INDENT = " " * 4


class SearchInput(PlainInput):
    """The type-ahead line. Arrows and Enter work on the list below it, so that hands stay where they are."""

    BINDINGS = [
        Binding("down", "screen.move(1)", "Down", show=False),
        Binding("up", "screen.move(-1)", "Up", show=False),
        Binding("pagedown", "screen.move(10)", "Page down", show=False),
        Binding("pageup", "screen.move(-10)", "Page up", show=False),
        Binding(
            "enter",
            "screen.choose",
            "Choose",
            key_display="Enter",
            tooltip="Choose or drop the highlighted row; open a condition",
        ),
    ]


class Choices(Rows):
    BINDINGS = [
        Binding("y", "screen.choose", "Yes", tooltip="The row is so; again drops it"),
        Binding(
            "space",
            "screen.choose",
            "Yes",
            show=False,
            key_display="Space",
            tooltip="The highlighted row is so; once more drops it",
        ),
        Binding("n", "screen.reply('no')", "No", tooltip="The highlighted finding is absent"),
        Binding("u", "screen.reply('not able')", "Not able", tooltip="The highlighted finding cannot be asked or tested"),
        Binding(
            "x,delete", "screen.reply('')", "Clear", show=False, key_display="x", tooltip="Take the answer of the row back"
        ),
        Binding("z", "screen.undo", "Undo", tooltip="Take the last answer back"),
        Binding("w", "screen.why", "Why", show=False, tooltip="What speaks for and against the highlighted condition"),
        Binding("slash", "screen.search", "Search", key_display="/", show=False, tooltip="Go to the search line"),
        Binding("o", "screen.open_choice", "Open", show=False, tooltip="Read about the highlighted row"),
    ]


class Candidates(Rows):
    BINDINGS = [
        Binding(
            "space",
            "screen.mark",
            "Mark",
            key_display="Space",
            tooltip="Mark the condition for comparing or planning (up to four)",
        ),
        Binding("enter", "select", "Open", key_display="Enter", tooltip="Read everything about the highlighted condition"),
        Binding("w", "screen.why", "Why", tooltip="What speaks for and against the highlighted condition"),
        Binding("c", "screen.compare", "Compare", show=False, tooltip="Compare the marked conditions, or the first three"),
        Binding("p", "screen.plan", "Plan", show=False, tooltip="Plan for the marked conditions, or the highlighted one"),
        Binding("a", "screen.all", "All", tooltip="Every condition, or those that fit"),
        Binding("z", "screen.undo", "Undo", show=False, tooltip="Take the last answer back"),
        Binding("slash", "screen.search", "Search", key_display="/", show=False, tooltip="Go to the search line"),
    ]


class FindScreen(BaseScreen):
    BINDINGS = [
        Binding("escape", "back", "Search", show=False, key_display="Esc", tooltip="Back to the search line"),
        Binding("f2", "compare", "Compare", key_display="F2", tooltip="Compare the marked conditions, or the first three"),
        Binding("f3", "plan", "Plan", key_display="F3", tooltip="Plan for the marked conditions, or the highlighted one"),
        Binding("f7", "body", "Body", key_display="F7", tooltip="The body, front and back: point at where it hurts"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-normal"), (120, "-wide")]

    def __init__(self) -> None:
        super().__init__()
        self.candidates: Sequence[Candidate] = ()
        self.everything = False
        self.filled = False
        # What the last answer changed, in view until the highlight leaves the row it was given on.
        self.said, self.said_at = "", ""

    @property
    def case(self) -> Case:
        return self.decide.case

    @property
    def choices(self) -> Choices:
        return self.query_one("#choices", Choices)

    @property
    def ranked(self) -> Candidates:
        return self.query_one("#candidates", Candidates)

    def compose(self) -> ComposeResult:
        yield self.title_line("decide")
        yield SearchInput(
            placeholder="Type where it hurts, what brings it on, or a finding: socks, car, groin ...",
            id="search",
            compact=True,
            select_on_focus=False,
        )
        with Horizontal(id="find-body"):
            with Vertical(id="choices-pane"):
                yield Static("What the person says", classes="heading", markup=False)
                yield Choices(id="choices")
            with Vertical(id="candidates-pane"):
                yield Static("", classes="heading", id="candidates-title", markup=False)
                yield Candidates(id="candidates")
            with VerticalScroll(id="detail", can_focus=False):
                yield Static("", id="detail-text", markup=False)
        yield Static("", id="status", markup=False)
        yield Strip()
        yield footer()

    def on_mount(self) -> None:
        if not self.decide.form:
            self.show()

    @property
    def regions(self) -> Mapping[str, Region]:
        return self.decide.reasoner.vocabulary.regions

    @property
    def movements(self) -> Mapping[str, Movement]:
        return self.decide.reasoner.vocabulary.movements

    @property
    def findings(self) -> Mapping[str, Finding]:
        return self.decide.reasoner.findings

    def show(self, keep: str | None = None, keep_candidate: str | None = None) -> None:
        """Everything from the case; the highlights go to these rows."""
        self.filled = True
        about = self.decide.about
        who = f"knowledge {about.version} of {about.content_date}" if self.nobody else person(self.case)
        title = f"decide   {who}   not reviewed by a clinical board"
        self.retitle(title if cells(title) <= self.size.width - 2 else f"decide   {who}")
        self.refresh_choices(keep)
        self.refresh_candidates(keep_candidate)
        self.query_one(Strip).show()
        self.tell()

    @property
    def nobody(self) -> bool:
        """Whether nothing is known of who the person is."""
        case = self.case
        return all(value is None for value in (case.age, case.sex, case.side, case.duration, case.onset))

    # --- what can be chosen -------------------------------------------------------------------------------------

    def label(self, kind: str, name: str) -> str:
        if kind == "region":
            return self.regions[name].lay_label
        if kind == "movement":
            return self.movements[name].lay_label
        return self.findings[name].lay_label

    def chosen(self, kind: str, name: str) -> Answer | None:
        if kind == "finding":
            return self.case.answer(name)
        return "yes" if name in getattr(self.case, f"{kind}s") else None

    def choice_row(self, kind: str, name: str, note: str = "") -> Option:
        label, room = self.label(kind, name), self.choices.room
        answer = self.chosen(kind, name)
        box = f"[{answer}] " if answer else "[ ] "
        text = hanging(f"{label}  {note}".rstrip(), room, box)
        content = plain(text)
        if note and len(label) + len(note) + len(box) + 2 <= room:
            content = content.stylize("dim", len(text) - len(note))
        return row(content, f"{kind}:{name}")

    def question_row(self, question: Question) -> Option:
        room = self.choices.room
        label = plain(hanging(question.finding.lay_label, room, "[ ] "))
        # In a narrow pane what a question tells apart stands in the status line, when its row is highlighted.
        why = self.purpose(question) if self.size.width >= 120 else "settles a danger" if question.danger else ""
        if why:
            label = Content.assemble(label, plain("\n" + hanging(why, room, "    "), "dim"))
        return row(label, f"finding:{question.finding.id}")

    def purpose(self, question: Question) -> str:
        """What a proposed question is for, in words."""
        names = [self.decide.reasoner.conditions[name].short_label for name in question.separates[:2]]
        return f"settles a danger: {names[0]}" if question.danger and names else f"tells {' from '.join(names)}"

    @property
    def questions(self) -> tuple[Question, ...]:
        return () if self.decide.answer.notice else self.decide.answer.questions

    def refresh_choices(self, keep: str | None = None) -> None:
        text = self.query_one(SearchInput).value
        rows = self.found_rows(text) if text.strip() else self.plain_rows()
        self.choices.fill(rows, keep)

    def plain_rows(self) -> list[Option]:
        rows: list[Option] = []
        if self.questions:
            rows.append(heading("Ask next"))
            rows += [self.question_row(question) for question in self.questions]
        rows += self.answered_rows()
        taken = {*self.case.movements, *self.case.regions}
        common = [m.id for m in self.movements.values() if m.common and m.id not in taken]
        more = [m.id for m in self.movements.values() if m.complaint and not m.common and m.id not in taken]
        rows.append(heading("What brings it on"))
        rows += [self.choice_row("movement", name) for name in common]
        rows.append(heading("Where it hurts (F7: point at it)"))
        rows += [self.choice_row("region", name) for name in self.regions if name not in taken]
        rows.append(heading("More movements"))
        rows += [self.choice_row("movement", name) for name in more]
        return rows

    def answered_rows(self) -> list[Option]:
        """What was chosen and answered. What the form's safety questions were denied stands in one row."""
        case = self.case
        asked = self.decide.answer.screening.questions
        safety = {name for each in asked if each.answer in ("no", "not able") for name in each.question.findings}
        rest = [name for name in (*case.absent, *case.not_able) if name not in safety]
        chosen = [(kind, name) for kind in CHOOSABLE[:2] for name in getattr(case, f"{kind}s")]
        chosen += [("finding", name) for name in (*case.present, *rest)]
        rows = [self.choice_row(kind, name, self.sides(name) if kind == "region" else "") for kind, name in chosen]
        denied = sum(each.answer in ("no", "not able") for each in asked)
        if denied:
            rows.append(row(plain(f"{plural(denied, 'safety question')} no or not able (F5)", "dim"), FORM))
        return [heading("Answered"), *rows] if rows else []

    def sides(self, region: str) -> str:
        """On which side a region hurts, where that is not just the side of the whole."""
        return " and ".join(side for name, side in self.case.areas if name == region)

    def found_rows(self, text: str) -> list[Option]:
        rows = []
        for hit in search(self.decide.db, text, limit=MOST_HITS):
            if hit.kind == "movement" and not self.movements[hit.id].complaint:
                continue
            if hit.kind in CHOOSABLE:
                note = hit.kind if self.label(hit.kind, hit.id) == hit.label else f"{hit.kind}: {hit.label}"
                rows.append(self.choice_row(hit.kind, hit.id, note))
            else:
                rows.append(
                    row(Content.assemble("open ", plain(hit.label), (f"  {hit.kind}", "dim")), f"{hit.kind}:{hit.id}")
                )
        return rows or [Option(plain(f"Nothing found for: {text}"), disabled=True)]

    @on(Input.Changed, "#search")
    def typed(self) -> None:
        self.choices.highlighted = None
        self.refresh_choices()

    def action_move(self, step: int) -> None:
        for _ in range(abs(step)):
            if step > 0:
                self.choices.action_cursor_down()
            else:
                self.choices.action_cursor_up()

    def action_search(self) -> None:
        self.query_one(SearchInput).focus()

    def action_choose(self) -> None:
        """Yes to the highlighted row, or drop it; open it when it is no choice."""
        self.choose(self.choices.current)

    @on(Rows.OptionSelected, "#choices")
    def choose_row(self, event: Rows.OptionSelected) -> None:
        self.choose(event.option_id)

    def choose(self, name: str | None) -> None:
        kind, _, item = (name or "").partition(":")
        if name == FORM:
            self.decide.action_person()
        elif kind in CHOOSABLE:
            self.answer(kind, item, None if self.chosen(kind, item) == "yes" else "yes")
        elif name:
            self.decide.open_entry(name)

    def action_reply(self, answer: Answer | str) -> None:
        """Answer the highlighted row: no, not able, or (empty) clear it."""
        kind, _, item = (self.choices.current or "").partition(":")
        if kind == "finding":
            self.answer(kind, item, answer or None)  # type: ignore[arg-type]
        elif kind in CHOOSABLE and not answer:
            self.answer(kind, item, None)
        elif kind in CHOOSABLE:
            self.hint("Only findings can be answered no; movements and places are chosen or left.")

    def answer(self, kind: str, item: str, answer: Answer | None) -> None:
        """Take over an answer, say what it changed, and go on to the next question if the last one was proposed."""
        self.app.clear_notifications()
        before, case = self.decide.answer, self.case
        proposed = item in {question.finding.id for question in self.questions}
        if kind == "finding":
            case = case.answered(item, answer)
        else:
            rest = tuple(name for name in getattr(case, f"{kind}s") if name != item)
            names = (*rest, item) if answer else rest
            if kind == "region":
                case = case.hurting(names, case.areas, self.decide.told_side)
            else:
                case = replace(case, movements=names)
        self.decide.change(case)
        after = self.decide.answer
        words = self.label(kind, item) + ("" if answer == "yes" else f": {answer or 'taken back'}")
        said = words if after.notice else change(before.ranking, after.ranking, words)
        keep = f"{kind}:{item}"
        if proposed and self.choices.has_focus and self.questions:
            keep = f"finding:{self.questions[0].finding.id}"
        self.changed(said, keep)

    def changed(self, said: str, keep: str) -> None:
        """Show the changed case, and what changed."""
        line = self.query_one(SearchInput)
        if line.value:
            with self.prevent(Input.Changed):
                line.value = ""
        self.said, self.said_at = said, keep
        self.show(keep)
        self.said_at = self.choices.current or ""

    def action_body(self) -> None:
        from screens.body import BodyScreen

        self.app.push_screen(BodyScreen())

    def action_undo(self) -> None:
        self.changed("Undone." if self.decide.undo() else "Nothing to undo.", self.choices.current or "")

    def action_open_choice(self) -> None:
        name = self.choices.current
        if name == FORM:
            self.decide.action_person()
        elif name:
            self.decide.open_entry(name)

    def hint(self, text: str) -> None:
        """One message at a time, gone with the next choice, so that it never hides a warning sign."""
        self.app.clear_notifications()
        self.notify(text, timeout=4, markup=False)

    # --- candidates ------------------------------------------------------------------------------------------------

    def refresh_candidates(self, keep: str | None = None) -> None:
        answer = self.decide.answer
        rows: list[Option] = []
        if answer.notice:
            self.candidates = ()
            rows = [Option(plain(answer.notice), disabled=True)]
        elif answer.ranking.matched:
            self.candidates = shown(self.decide.reasoner, answer, self.everything)
            rows = self.banded_rows()
        else:
            every = shown(self.decide.reasoner, answer, everything=True)
            self.candidates = sorted(every, key=lambda one: self.shown_label(one).casefold())
            rows = [self.candidate_row(number, one) for number, one in enumerate(self.candidates, 1)]
        if keep is None:
            self.ranked.highlighted = None
        self.ranked.fill(rows, keep)
        marked = f"{len(self.decide.marked)} marked; " if self.decide.marked else ""
        self.query_one("#candidates-title", Static).update(plain(marked + self.candidates_title()))

    def candidates_title(self) -> str:
        answer = self.decide.answer
        if answer.notice:
            return "Under 18: nothing is ranked"
        if answer.ranking.matched:
            return f"Candidates: {answer.ranking.answered} of {answer.ranking.of} answered"
        return "All conditions (nothing chosen yet)" if self.case.empty else "All conditions (nothing present chosen yet)"

    def banded_rows(self) -> list[Option]:
        """The candidates under their bands, impairments last; a row for those that are left out."""
        rows: list[Option] = []
        groups = [
            (BAND_TITLES[band], [one for one in self.candidates if one.band == band and one.condition.kind == "condition"])
            for band in BANDS
        ]
        groups.append(
            ("Impairments: explain, not diagnose", [c for c in self.candidates if c.condition.kind != "condition"])
        )
        number = 0
        for title, members in groups:
            if members:
                rows.append(heading(title))
            for one in members:
                number += 1
                rows.append(self.candidate_row(number, one))
        hidden = len(self.decide.answer.ranking.candidates) - len(self.candidates)
        if hidden > 0:
            rows.append(row(plain(f"{INDENT}{hidden} more to keep in mind (a shows all)", "dim"), MORE))
        return rows

    def shown_label(self, one: Candidate) -> str:
        return one.condition.label if self.size.width >= 160 else one.condition.short_label

    def candidate_row(self, number: int, one: Candidate) -> Option:
        condition, room = one.condition, self.ranked.room
        box = "[x]" if condition.id in self.decide.marked else "[ ]"
        label = self.shown_label(one)
        if condition.grave:
            label += f"  {condition.urgency.upper()}"
        ranked = self.decide.answer.ranking.matched
        if condition.kind == "impairment" and not ranked:
            label += "  (impairment)"
        parts = [plain(hanging(label, room, f"{number:>2} {box} "), "bold")]
        if ranked and one.support:
            explanation = self.decide.reasoner.explain(self.case, condition.id)
            for title, reasons in (("for", explanation.for_), ("against", explanation.against)):
                if text := self.reasons_line(title, reasons, room):
                    parts.append(plain("\n" + text, "dim"))
        return row(Content.assemble(*parts), condition.id)

    def reasons_line(self, title: str, reasons: Sequence[Reason], room: int) -> str:
        """The strongest reasons that count, as many as one line holds."""
        counted = [reason for reason in reasons if reason.counts]
        texts = [f"{self.decide.reasoner.words(each.finding)} {factor(each.weight.counted)}" for each in counted]
        line = ""
        for place, text in enumerate(texts):
            rest = f"; +{len(texts) - place - 1}" if place + 1 < len(texts) else ""
            longer = f"{line}; {text}" if line else f"{INDENT}{title}: {text}"
            if line and cells(longer + rest) > room:
                more = f"{line}; +{len(texts) - place}"
                line = more if cells(more) <= room else line
                break
            line = longer
        return hanging(line.strip(), room, INDENT) if line else ""

    @property
    def current(self) -> str | None:
        """The highlighted condition."""
        name = self.ranked.current
        return None if name == MORE else name

    def action_all(self) -> None:
        self.everything = not self.everything
        self.refresh_candidates(keep=self.ranked.current)

    @on(Rows.OptionSelected, "#candidates")
    def open_candidate(self, event: Rows.OptionSelected) -> None:
        if event.option_id == MORE:
            self.action_all()
        elif event.option_id:
            self.decide.open_entry(f"condition:{event.option_id}")

    def action_mark(self) -> None:
        name = self.current
        if not name:
            return
        if name in self.decide.marked:
            self.decide.marked.remove(name)
        elif len(self.decide.marked) == MOST_MARKED:
            self.hint("Four are marked already; take one off first.")
        else:
            self.decide.marked.append(name)
        self.refresh_candidates(keep=name)

    def action_why(self) -> None:
        if self.current:
            self.decide.open_why(self.current)

    def action_compare(self) -> None:
        from screens.compare import CompareScreen

        names = list(self.decide.marked)
        if not self.decide.answer.ranking.matched and len(names) < 2:
            self.hint("Choose what the person says, or mark two conditions with Space, first.")
            return
        if len(names) < 2:
            names += [one.condition.id for one in self.candidates if one.condition.id not in names][: 3 - len(names)]
        if len(names) >= 2:
            self.app.push_screen(CompareScreen(names))

    def action_plan(self) -> None:
        names = list(self.decide.marked)
        current = self.current
        emergency = self.decide.answer.disposition == "emergency"
        if not names and current and self.decide.answer.ranking.matched and not emergency:
            if not self.ranked.has_focus:
                # Whoever is not on the list has not chosen the condition that happens to stand first.
                self.ranked.focus()
                label = self.decide.reasoner.label(current)
                self.hint(f"F3 again plans for {label}. Another: arrow keys, then F3. Several: mark with Space.")
                return
            names = [current]
        if names or emergency or self.decide.answer.notice:
            self.decide.open_plan(names)
        else:
            self.hint("Choose what the person says, or mark a condition with Space, first.")

    # --- beside and under the lists --------------------------------------------------------------------------------

    @on(Rows.OptionHighlighted)
    def moved(self) -> None:
        if self.said and self.choices.current != self.said_at:
            self.said = ""
        self.tell()

    def on_descendant_focus(self) -> None:
        if not self.filled:
            return
        if self.choices.has_focus and self.said and self.questions and not self.query_one(SearchInput).value:
            # From the line that was just answered to the next question.
            name = f"finding:{self.questions[0].finding.id}"
            places = range(self.choices.option_count)
            self.choices.highlighted = next(n for n in places if self.choices.get_option_at_index(n).id == name)
            self.said_at = name
        self.tell()

    @property
    def asked(self) -> str | None:
        """The finding that is highlighted among the choices."""
        kind, _, name = (self.choices.current or "").partition(":")
        return name if kind == "finding" else None

    def tell(self) -> None:
        """What the last answer changed and how to ask for the highlighted finding; on a wide screen the why beside it."""
        wide = self.size.width >= 120
        width = max(20, self.size.width - 2)
        lines = wrap(self.said, width)[:1] if self.said else []
        if self.asked and not wide and not self.ranked.has_focus:
            how = wrap(self.findings[self.asked].question, width, self.before_how(self.asked), "")
            lines += shortened(how, 2 - len(lines), " ... (o)", width)
        self.query_one("#status", Static).update(plain("\n".join(lines)))
        if wide:
            self.query_one("#detail-text", Static).update(self.detail())

    def before_how(self, name: str) -> str:
        purpose = next((self.purpose(each) for each in self.questions if each.finding.id == name), "")
        return f"{purpose[:1].upper()}{purpose[1:]}. How: " if purpose else "How: "

    def detail(self) -> Content:
        """The why of the highlighted candidate, or how to ask for the highlighted finding and what each answer does."""
        width = max(20, self.query_one("#detail").scrollable_content_region.width)
        answer = self.decide.answer
        if self.asked and not self.ranked.has_focus:
            return self.how(self.asked, width)
        if answer.notice or not self.current or not answer.ranking.matched:
            return plain("")
        from screens.why import brief

        return brief(self.decide.reasoner, answer, self.current, width)

    def how(self, name: str, width: int) -> Content:
        finding = self.findings[name]
        parts: list[Content | str] = [plain(hanging(finding.label, width, ""), "bold")]
        question = next((each for each in self.questions if each.finding.id == name), None)
        texts = [("", finding.question)]
        if question:
            purpose = self.purpose(question)
            texts += [("", purpose[:1].upper() + purpose[1:] + "."), ("Yes: ", question.yes), ("No: ", question.no)]
        for title, text in texts:
            if text:
                parts.append(plain("\n\n" + "\n".join(wrap(text, width, title, ""))))
        parts.append(plain("\n\n" + hanging("o: read about it", width, ""), "dim"))
        return Content.assemble(*parts)

    def reset(self) -> None:
        """Ready for a new person."""
        self.everything = False
        self.said = ""
        with self.prevent(Input.Changed):
            self.query_one(SearchInput).value = ""
        self.choices.highlighted = None
        self.action_search()

    def action_back(self) -> None:
        self.action_search()

    def on_screen_resume(self) -> None:
        # At the start the form stands over this screen, which is filled when it comes to light.
        if self.app.screen is self:
            self.show(self.choices.current, self.ranked.current)

    def on_resize(self) -> None:
        # Rows are wrapped to their pane, whose new width is known after the layout.
        self.call_after_refresh(self.rewrap)

    def rewrap(self) -> None:
        if self.filled and self.app.screen is self:
            self.show(self.choices.current, self.ranked.current)
