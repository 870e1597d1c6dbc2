"""The find screen: choose regions, movements and findings; the candidates follow every key."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Footer, Input, Static
from textual.widgets.option_list import Option

from db import read
from db.search import search
from decide.find import Candidate, Choice, find, match_text, shown_first, warning_signs
from decide.knowledge import review_warning
from screens.base import BaseScreen, PlainInput, Rows, hanging, heading, plain, row

MOST_HITS = 40
MOST_MARKED = 4
CHOOSABLE = ("region", "movement", "finding")


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
        Binding("space", "screen.choose", "Choose", tooltip="Choose or drop the highlighted row"),
        Binding("n", "screen.deny", "Not present", tooltip="Say that the highlighted finding is absent"),
        Binding("slash", "screen.search", "Search", key_display="/", show=False, tooltip="Go to the search line"),
        Binding("o", "screen.open_choice", "Open", show=False, tooltip="Read about the highlighted row"),
    ]


class Candidates(Rows):
    BINDINGS = [
        Binding("space", "screen.mark", "Mark", tooltip="Mark the condition for comparing or planning (up to four)"),
        Binding("enter", "select", "Open", key_display="Enter", tooltip="Read everything about the highlighted condition"),
        Binding("c", "screen.compare", "Compare", show=False, tooltip="Compare the marked conditions, or the first three"),
        Binding("p", "screen.plan", "Plan", show=False, tooltip="Plan for the marked conditions, or the highlighted one"),
        Binding("a", "screen.all", "All", tooltip="All candidates, or the first five"),
        Binding("slash", "screen.search", "Search", key_display="/", show=False, tooltip="Go to the search line"),
    ]


class FindScreen(BaseScreen):
    BINDINGS = [
        Binding("escape", "back", "Search", show=False, tooltip="Back to the search line"),
        Binding("f2", "compare", "Compare", tooltip="Compare the marked conditions, or the first three"),
        Binding("f3", "plan", "Plan", tooltip="Plan for the marked conditions, or the highlighted one"),
        Binding("f8", "clear", "New", tooltip="Clear everything chosen and marked"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.candidates: list[Candidate] = []
        self.everything = False

    @property
    def choice(self) -> Choice:
        return self.decide.choice

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
        yield Static("", classes="strip", id="strip", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        db = self.decide.db
        self.regions = {region.id: region for region in read.regions(db)}
        self.movements = {movement.id: movement for movement in read.movements(db)}
        self.findings = {finding.id: finding for finding in read.findings(db)}
        about = self.decide.about
        self.retitle(f"decide   knowledge {about.version} of {about.content_date}   not reviewed by a clinical board")
        self.refresh_choices()
        self.refresh_candidates()

    # --- what can be chosen -------------------------------------------------------------------------------------

    def label(self, kind: str, name: str) -> str:
        if kind == "region":
            return self.regions[name].lay_label
        if kind == "movement":
            return self.movements[name].lay_label
        return self.findings[name].lay_label

    def is_chosen(self, kind: str, name: str) -> str:
        """The box before a row: chosen, absent, or neither."""
        if name in getattr(self.decide.choice, f"{kind}s"):
            return "[x]"
        if kind == "finding" and name in self.choice.absent:
            return "[-]"
        return "[ ]"

    def choice_row(self, kind: str, name: str, note: str = "") -> Option:
        label, room = self.label(kind, name), self.query_one("#choices", Choices).room
        text = hanging(f"{label}  {note}".rstrip(), room, f"{self.is_chosen(kind, name)} ")
        content = plain(text)
        if note and len(label) + len(note) + 6 <= room:
            content = content.stylize("dim", len(text) - len(note))
        return row(content, f"{kind}:{name}")

    def refresh_choices(self, keep: str | None = None) -> None:
        text = self.query_one(SearchInput).value
        rows = self.found_rows(text) if text.strip() else self.plain_rows()
        self.query_one("#choices", Choices).fill(rows, keep)

    def plain_rows(self) -> list[Option]:
        rows: list[Option] = []
        chosen = [(kind, name) for kind in CHOOSABLE for name in getattr(self.decide.choice, f"{kind}s")]
        chosen += [("finding", name) for name in self.choice.absent]
        if chosen:
            rows.append(heading("Chosen"))
            rows += [self.choice_row(kind, name, "absent" if name in self.choice.absent else kind) for kind, name in chosen]
        taken = {name for _, name in chosen}
        common = [m.id for m in self.movements.values() if m.common and m.id not in taken]
        more = [m.id for m in self.movements.values() if m.complaint and not m.common and m.id not in taken]
        rows.append(heading("What brings it on"))
        rows += [self.choice_row("movement", name) for name in common]
        rows.append(heading("Where it hurts"))
        rows += [self.choice_row("region", name) for name in self.regions if name not in taken]
        rows.append(heading("More movements"))
        rows += [self.choice_row("movement", name) for name in more]
        return rows

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
        choices = self.query_one("#choices", Choices)
        choices.highlighted = None
        self.refresh_choices()

    def action_move(self, step: int) -> None:
        choices = self.query_one("#choices", Choices)
        for _ in range(abs(step)):
            if step > 0:
                choices.action_cursor_down()
            else:
                choices.action_cursor_up()

    def action_search(self) -> None:
        self.query_one(SearchInput).focus()

    def action_choose(self) -> None:
        name = self.query_one("#choices", Choices).current
        if name:
            self.toggle(name)

    @on(Rows.OptionSelected, "#choices")
    def choose_row(self, event: Rows.OptionSelected) -> None:
        if event.option_id:
            self.toggle(event.option_id)

    def hint(self, text: str) -> None:
        """One message at a time, gone with the next choice, so that it never hides a warning sign."""
        self.app.clear_notifications()
        self.notify(text, timeout=4, markup=False)

    def toggle(self, name: str, absent: bool = False) -> None:
        """Choose or drop a row; open it when it is no choice."""
        self.app.clear_notifications()
        kind, _, item = name.partition(":")
        if kind not in CHOOSABLE:
            self.decide.open_entry(name)
            return
        lists = {each: list(getattr(self.decide.choice, f"{each}s")) for each in CHOOSABLE} | {
            "absent": list(self.choice.absent)
        }
        target = "absent" if absent else kind
        was_in = item in lists[target]
        for each in (kind, "absent"):
            if item in lists[each]:
                lists[each].remove(item)
        if not was_in:
            lists[target].append(item)
        self.decide.choice = Choice(
            tuple(lists["region"]), tuple(lists["movement"]), tuple(lists["finding"]), tuple(lists["absent"])
        )
        line = self.query_one(SearchInput)
        if line.value:
            with self.prevent(Input.Changed):
                line.value = ""
        self.refresh_choices(keep=name)
        self.refresh_candidates()

    def action_deny(self) -> None:
        name = self.query_one("#choices", Choices).current
        if name and name.startswith("finding:"):
            self.toggle(name, absent=True)

    def action_open_choice(self) -> None:
        name = self.query_one("#choices", Choices).current
        if name:
            self.decide.open_entry(name)

    # --- candidates ------------------------------------------------------------------------------------------------

    def refresh_candidates(self, keep: str | None = None) -> None:
        self.candidates = find(self.decide.db, self.choice)
        if self.choice.empty:
            self.candidates.sort(key=lambda one: self.shown_label(one).casefold())
        shown = self.candidates if self.everything or self.choice.empty else shown_first(self.candidates)
        rows = [self.candidate_row(number, one) for number, one in enumerate(shown, 1)]
        hidden = len(self.candidates) - len(shown)
        if hidden:
            less = " match less well" if self.choice.kinds else ""
            rows.append(row(plain(f"    {hidden} more{less} (a shows them)", "dim"), "more:"))
        if not self.candidates:
            rows = [Option(plain("Nothing matches what was chosen. Drop a choice."), disabled=True)]
        candidates = self.query_one("#candidates", Candidates)
        if keep is None:
            candidates.highlighted = None
        candidates.fill(rows, keep)
        marked = f"{len(self.decide.marked)} marked; " if self.decide.marked else ""
        grave = sum(one.condition.grave for one in self.candidates)
        title = f"{len(self.candidates)} fit, {grave} of them emergency or urgent"
        if self.choice.empty:
            title = "All conditions (nothing chosen yet)"
        elif not self.choice.kinds:
            title = "All conditions (nothing present chosen yet)"
        self.query_one("#candidates-title", Static).update(plain(marked + title))
        self.query_one("#strip", Static).update(self.strip())

    def strip(self) -> Content:
        """What is always in view: the chosen warning signs with what to do, or that nothing was screened."""
        signs = warning_signs(self.decide.db, self.choice)
        if signs:
            first = signs[0]
            many = (
                f"{len(signs)} WARNING SIGNS fit what was chosen (F4 shows all)" if len(signs) > 1 else "WARNING SIGN (F4)"
            )
            text = f"{many}; the rest not screened. {first.urgency.capitalize()}: {first.label}. {first.action}"
            return plain(text, "bold")
        text = "Not screened: warning signs have not been asked (F4 lists them). For practitioners; adults only."
        return plain(f"{text} {review_warning(self.decide.about, self.decide.today)}".strip())

    def shown_label(self, one: Candidate) -> str:
        return one.condition.label if self.size.width >= 120 else one.condition.short_label

    def candidate_row(self, number: int, one: Candidate) -> Option:
        condition = one.condition
        room = self.query_one("#candidates", Candidates).room
        box = "[x]" if condition.id in self.decide.marked else "[ ]"
        label = self.shown_label(one)
        if condition.grave:
            label += f"  {condition.urgency.upper()}"
        if condition.kind == "impairment":
            label += "  (impairment)"
        parts = [plain(hanging(label, room, f"{number:>2} {box} "), "bold")]
        parts += [plain("\n" + hanging(match_text(match), room, "        "), "dim") for match in one.matched]
        parts += [plain("\n" + hanging(f"against: {match_text(match)}", room, "        "), "dim") for match in one.against]
        return row(Content.assemble(*parts), condition.id)

    def action_all(self) -> None:
        self.everything = not self.everything
        self.refresh_candidates(keep=self.query_one("#candidates", Candidates).current)

    @on(Rows.OptionSelected, "#candidates")
    def open_candidate(self, event: Rows.OptionSelected) -> None:
        if event.option_id == "more:":
            self.action_all()
        elif event.option_id:
            self.decide.open_entry(f"condition:{event.option_id}")

    def action_mark(self) -> None:
        name = self.query_one("#candidates", Candidates).current
        if not name or name == "more:":
            return
        if name in self.decide.marked:
            self.decide.marked.remove(name)
        elif len(self.decide.marked) == MOST_MARKED:
            self.hint("Four are marked already; take one off first.")
        else:
            self.decide.marked.append(name)
        self.refresh_candidates(keep=name)

    def action_compare(self) -> None:
        from screens.compare import CompareScreen

        names = list(self.decide.marked)
        if self.choice.empty and len(names) < 2:
            self.hint("Choose what the person says, or mark two conditions with Space, first.")
            return
        if len(names) < 2:
            names += [one.condition.id for one in self.candidates if one.condition.id not in names][: 3 - len(names)]
        if len(names) >= 2:
            self.app.push_screen(CompareScreen(names))

    def action_plan(self) -> None:
        from screens.plan import PlanScreen

        names = list(self.decide.marked)
        candidates = self.query_one("#candidates", Candidates)
        current = candidates.current
        if not names and current and current != "more:" and self.choice.kinds:
            if not candidates.has_focus:
                # Whoever is not on the list has not chosen the condition that happens to stand first.
                candidates.focus()
                label = next(one.condition.label for one in self.candidates if one.condition.id == current)
                self.hint(f"F3 again plans for {label}. Another: arrow keys, then F3. Several: mark with Space.")
                return
            names = [current]
        if names:
            self.app.push_screen(PlanScreen(names))
        else:
            self.hint("Choose what the person says, or mark a condition with Space, first.")

    def action_clear(self) -> None:
        from screens.dialogs import Confirm

        def clear(sure: bool | None) -> None:
            if sure:
                self.decide.choice, self.everything = Choice(), False
                self.decide.marked.clear()
                self.query_one(SearchInput).value = ""
                self.refresh_choices()
                self.refresh_candidates()
                self.action_search()

        if self.choice.empty and not self.decide.marked:
            self.query_one(SearchInput).value = ""
            return
        self.app.push_screen(Confirm("Clear everything that was chosen and marked?"), clear)

    def action_back(self) -> None:
        self.action_search()

    def on_screen_resume(self) -> None:
        self.rewrap()

    def on_resize(self) -> None:
        # Rows are wrapped to their pane, whose new width is known after the layout.
        self.call_after_refresh(self.rewrap)

    def rewrap(self) -> None:
        if self.candidates:
            self.refresh_choices(keep=self.query_one("#choices", Choices).current)
            self.refresh_candidates(keep=self.query_one("#candidates", Candidates).current)
