"""The plan screen: choose, order and dose exercises, work-arounds and advice, with what the checker says always in view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import get_current_worker

from db import dose, read
from decide.case import Case
from decide.checker import Remark, check, stops
from decide.errors import DeliveryError, InputError
from decide.plan import SIDES, Choices, Plan, Request, build, choices, parse_dose
from decide.printing import MEDIA
from decide.record import Record, record
from decide.report import headline
from decide.settings import Settings
from decide.sheet import PHASE_WORDS, Sheet, sheet
from decide.sheet_text import render
from decide.text import begun, cells, plural
from screens.base import BaseScreen, KeyLine, Message, Words, bindings, hanging, plain
from screens.dialogs import Confirm, Field, Form, Reading
from screens.figure import FigurePane, LookScreen
from screens.paper import MENDING_KEYS, PaperRows, PaperScreen
from screens.rows import Row, Rows, heading, row

if TYPE_CHECKING:
    from decide.entry import Section

DOSE_LABELS = {
    "sets": "Sets",
    "reps": "Repeats",
    "hold_seconds": "Hold, in seconds",
    "duration_minutes": "Minutes each time",
    "times_a_day": "Times a day",
    "days_a_week": "Days a week",
}
SIDE_ORDER = ("", *SIDES)
PAPERS = ("a4", "letter")
YES, NO = ("yes", "y"), ("no", "n", "")
INSTEAD = "letter"
EXERCISE_ACTIONS = ("dose", "move", "picture", "phase", "cleared", "override")
CUT = " ... (r)"
SHEET_TITLE, SCROLLS = "The sheet as it will print", "arrows and Page keys scroll"
# Dots to the inch of pages that are only counted.
COARSE = 4
# From how many cells on the picture stands beside the rows, and what it takes of them.
PICTURE_FROM, PICTURE = 116, 75
# How long the highlight rests before the picture follows it, in seconds.
REST = 0.1
# On the row of what a block is about.
TAKE_OFF = "not for this plan: Space takes it off, r says why"
LEVEL_WORDS = {"refuse": "Not printable", "block": "Not printable", "check": "Ask first", "warn": "Note"}

Item = TypeVar("Item")


def mending(remark: Remark, key: str = "") -> str:
    """Which key mends what a remark is about; the letter is written where nothing mends it."""
    key = key or MENDING_KEYS[remark.mend]
    return f"{key} writes the letter instead" if remark.mend == INSTEAD else f"{key} mends it"


class PlanRows(PaperRows):
    PART = "plan"
    BINDINGS = bindings("plan")


class PlanScreen(PaperScreen):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = tuple(names)
        self.doses: dict[str, dict[str, str]] = {}
        # The row whose picture stands beside the rows, and what waits for the highlight to rest.
        self.pictured: str | None = None
        self.resting: Timer | None = None

    def compose(self) -> ComposeResult:
        # Made first: everything on the screen, its keys too, follows from the plan.
        self.start()
        yield self.title_line(self.title_words())
        with Horizontal(id="plan-body"):
            yield PlanRows(id="plan-rows")
            yield FigurePane(id="plan-figure")
        yield Words(id="findings", classes="strip")
        yield Words(id="strip", classes="strip")
        yield Message()
        yield KeyLine()

    def start(self) -> None:
        """The plan that the knowledge offers for this case."""
        self.load_clinic()
        self.record = self.case_record()
        case = self.decide.case
        self.request = Request(conditions=self.names, movements=case.movements, side=case.side or "", day=self.decide.today)
        self.offer("")
        self.make_plan()

    def case_record(self) -> Record | None:
        """The case that the plan is for; none when nothing was entered."""
        if self.decide.case == Case():
            return None
        return record(self.decide.reasoner, self.decide.answer, self.decide.today)

    # --- the plan ----------------------------------------------------------------------------------------------------

    def offer(self, phase: str) -> None:
        """Start anew with the template of this phase (empty: the usual one)."""
        present = self.record.present if self.record else frozenset()
        self.offered: Choices = choices(self.decide.db, self.names, self.request.movements, phase, present)
        offered = self.offered
        self.exercises = [exercise.id for exercise in offered.exercises[: offered.usual]]
        self.request = replace(
            self.request,
            phase=offered.phase,
            workarounds=tuple(item.treatment.id for item in offered.workarounds[: offered.usual_workarounds]),
            advice=tuple(range(offered.usual_advice)),
        )
        self.started = self.chosen

    @property
    def chosen(self) -> tuple[object, ...]:
        """What a new template would replace."""
        return tuple(self.exercises), self.request.workarounds, self.request.advice

    def whole_request(self, clinic: Settings | None = None) -> Request:
        """What is asked for, with the exercises in their order, whose plan it is, and what the clinic set."""
        clinic = clinic or self.clinic
        return replace(
            self.request,
            exercises=tuple((name, self.doses.get(name, {})) for name in self.exercises),
            label=self.decide.label,
            contact=clinic.contact,
            emergency_number=clinic.emergency_number,
            pain_limit=int(clinic.pain_limit) if clinic.pain_limit else None,
        )

    def make_plan(self) -> None:
        """The plan for the request and the case as they are now, what the checker says of it, and its sheet."""
        self.made_for = self.whole_request(), self.record
        self.plan: Plan = build(self.decide.db, *self.made_for, self.offered)
        self.remarks: tuple[Remark, ...] = check(self.decide.db, self.plan)
        self.delivered = ()
        self.sheet: Sheet = sheet(self.plan, self.remarks)

    def refresh_plan(self, keep: str | None = None) -> None:
        """Make the plan anew and show it; the highlight goes to the row `keep`."""
        urgent = self.plan.urgent
        self.make_plan()
        self.say("")
        self.retitle(self.title_words())
        self.show_rows(keep)
        if urgent != self.plan.urgent:
            self.refresh_bindings()
        self.show_state()

    def title_words(self) -> str:
        plan = self.plan
        names = ", ".join(condition.short_label for condition in plan.conditions)
        side = {"both": "BOTH sides", "": "side not said"}.get(plan.side, f"{plan.side.upper()} side")
        phase = f" - {PHASE_WORDS[plan.phase]}" if plan.phase else ""
        return f"{'Go-now sheet' if plan.urgent else 'Plan'} - {side} - {names}{phase}"

    def show_rows(self, keep: str | None = None) -> None:
        self.query_one(PlanRows).fill(self.rows(self.plan), keep)

    @property
    def text(self) -> str:
        """The whole sheet as text."""
        return render(self.sheet)

    def on_screen_resume(self) -> None:
        self.follow_case()
        self.show_state()

    def follow_case(self) -> None:
        """Take over what was answered and set since: the form and the letter open over this screen."""
        self.record = self.case_record()
        if self.made_for != (self.whole_request(), self.record):
            self.refresh_plan(keep=self.query_one(PlanRows).current)

    def on_mount(self) -> None:
        self.place()

    def on_resize(self) -> None:
        self.place()

    def place(self) -> None:
        """Whether there is room for the picture, and the rows to the width that is left for them; before the layout."""
        width = self.app.size.width
        rows, pane = self.query_one(PlanRows), self.query_one(FigurePane)
        pane.display = width >= PICTURE_FROM and not self.decide.profile.a11y
        wide = width - PICTURE if pane.display else width
        if wide != rows.wide:
            rows.wide = wide
            self.show_rows(rows.current)
        self.show_state()

    def show_state(self) -> None:
        """The checker's findings, each with its key, and the line that says whether this prints."""
        findings = self.query_one("#findings", Words)
        findings.display = bool(self.room_for_findings and self.remarks)
        findings.show(self.findings())
        self.query_one("#strip", Words).show(self.strip())

    def findings(self) -> Content:
        room = self.room_for_findings
        # What p asks comes last: the line below counts it, and the read-back has it whole.
        remarks = sorted(self.remarks, key=lambda remark: remark.level == "check" and remark.mend == "questions")
        first, rest = remarks[:room], remarks[room:]
        lines = []
        width = max(30, self.app.size.width - 2)
        for remark in first:
            text = begun(f"{MENDING_KEYS[remark.mend]:<5}{LEVEL_WORDS[remark.level]}: {remark.text}", width, CUT)
            style = "bold" if remark in self.stopping else ""
            lines.append(Content.assemble(plain(text[:5], "bold"), plain(text[5:], style)))
        if rest and room:
            lines.append(Content.assemble(plain("r    ", "bold"), plain(plural(len(rest), "more remark"))))
        return Content("\n").join(lines)

    @property
    def room_for_findings(self) -> int:
        """How many lines the checker's findings may take."""
        height = self.app.size.height
        return 6 if height >= 36 else 2 if height >= 20 else 0

    @property
    def stopping(self) -> tuple[Remark, ...]:
        return stops(self.plan, self.remarks)

    def strip(self) -> Content:
        """Whether this prints; above it what the case at hand asks for, where that is urgent."""
        answer, width = self.decide.answer, self.app.size.width - 2
        text, style = self.own_strip()
        own = plain(hanging(text, width, ""), style)
        if answer.disposition not in ("emergency", "urgent"):
            return own
        case = hanging(f"This case: {headline(answer)} F4 says why.", width, "")
        return Content.assemble(plain(case, "bold"), "\n", own)

    def own_strip(self) -> tuple[str, str]:
        """Whether this prints and what keeps it from that, and how it is set."""
        plan = self.plan
        if plan.urgent:
            return "Emergency or urgent: no exercises. Send the person with this sheet. p prints, w saves.", "bold"
        if stopped := self.stopping:
            first = stopped[0]
            reason = "" if first.level == "refuse" else "; x prints it with a reason"
            yet = "" if first.mend == INSTEAD else " yet"
            # Where there is no room for what the checker says.
            why = "" if self.room_for_findings else "; r says why"
            return f"Not printable{yet}: {mending(first)}{reason}{why}.", "bold"
        asked = sum(question.answer is None for question in plan.questions)
        asks = f", asks {plural(asked, 'question')}," if asked else ""
        return f"{plural(len(plan.exercises), 'exercise')} on the plan. p reads it back{asks} and prints.", ""

    def rows(self, plan: Plan) -> list[Row]:
        if plan.urgent:
            rows = []
            for condition, claims in plan.go_now:
                rows.append(heading(condition.label))
                rows += [
                    self.item(f"{claim.role}: ", claim.text, f"condition:{condition.id}:{n}")
                    for n, claim in enumerate(claims)
                ]
            return rows
        rows = [heading("Exercises in the sheet's order (J down, K up)")]
        barred = {remark.about for remark in self.remarks if remark.level == "block"}
        labels = {exercise.id: exercise.lay_label for exercise in self.offered.exercises}
        boxes = {name: f"[{number}] " for number, name in enumerate(self.exercises, 1)}
        for name in (*self.exercises, *(name for name in labels if name not in boxes)):
            box = boxes.get(name, "[ ] ")
            rows.append(self.item(box, labels[name], f"exercise:{name}", self.dose_words(name), name in barred))
        if not self.offered.exercises:
            rows.append(self.item("", "None serves all that is known of this condition.", "none:exercises"))
        rows.append(heading("Movements to change for now"))
        for item in self.offered.workarounds:
            box = "[x] " if item.treatment.id in (self.request.workarounds or ()) else "[ ] "
            name = f"{item.movement.lay_label}: {item.treatment.lay_label}" if item.movement else item.treatment.lay_label
            rows.append(self.item(box, name, f"workaround:{item.treatment.id}", barred=item.treatment.id in barred))
        rows.append(heading("Advice"))
        for place, claim in enumerate(self.offered.advice):
            box = "[x] " if place in (self.request.advice or ()) else "[ ] "
            rows.append(self.item(box, claim.text, f"advice:{place}"))
        rows.append(heading("Ask the person, or leave it: a yes adds its advice"))
        for concern in read.concerns(self.decide.db):
            box = "[x] " if concern.id in self.request.concerns else "[ ] "
            rows.append(self.item(box, concern.question, f"concern:{concern.id}"))
        return rows

    def item(self, box: str, text: str, name: str, more: str = "", barred: bool = False) -> Row:
        """A row behind its box, with `more` after it where that fits, else on lines of its own; all indented alike."""
        room, indent = self.query_one(PlanRows).room, " " * cells(box)
        parts = [plain(hanging(text, room, box))]
        if more and cells(f"{box}{text}  {more}") <= room:
            parts.append(plain(f"  {more}", "dim"))
        elif more:
            parts += [Content("\n"), plain(hanging(more, room, indent), "dim")]
        if barred:
            parts += [Content("\n"), plain(hanging(TAKE_OFF, room, indent), "bold")]
        return row(Content.assemble(*parts), name)

    def dose_words(self, name: str) -> str:
        exercise = next(item for item in self.offered.exercises if item.id == name)
        stated = {key: getattr(exercise, key) for key in dose.FIELDS} | self.doses.get(name, {})
        words = []
        for key, form in (
            ("sets", "{} sets"),
            ("reps", "{} times"),
            ("hold_seconds", "hold {} s"),
            ("duration_minutes", "{} min"),
            ("times_a_day", "{} a day"),
            ("days_a_week", "{} days a week"),
        ):
            if stated[key]:
                words.append(stated[key] if stated[key] == dose.EVERY_DAY else form.format(stated[key]))
        return ", ".join(words) or "no dose stated"

    def paper_words(self) -> str:
        """How it prints: paper, type, sides."""
        paper = MEDIA[self.paper]
        sides = "both sides where the printer can" if self.two_sided else "one-sided"
        return f"On {paper}, {18 if self.large else 14} pt, {sides}. The last part is your copy."

    @property
    def large(self) -> bool:
        return bool(self.clinic.large)

    def action_back(self) -> None:
        """Leave, after a question when something was set here that would be lost."""

        def leave(sure: bool | None) -> None:
            if sure:
                self.app.pop_screen()

        if self.changed:
            self.app.push_screen(Confirm("Leave this plan? What you set in it is lost."), leave)
        else:
            self.app.pop_screen()

    # --- rows --------------------------------------------------------------------------------------------------------

    @on(Rows.Highlighted, "#plan-rows")
    def highlighted(self) -> None:
        """The picture follows once the highlight rests, so that moving stays fast; the first one stands at once."""
        if self.resting:
            self.resting.stop()
        if self.pictured is None:
            self.show_picture()
        else:
            self.resting = self.set_timer(REST, self.show_picture)

    def show_picture(self) -> None:
        pane = self.query_one(FigurePane)
        kind, name = self.here()
        name = name if kind in ("exercise", "workaround") else ""
        if pane.display and name != self.pictured:
            self.pictured = name
            pane.show(self.decide.db, name)

    @on(Rows.Selected, "#plan-rows")
    def toggle(self, event: Rows.Selected) -> None:
        kind, _, name = (event.id or "").partition(":")
        if kind == "condition":
            self.decide.open_entry(f"condition:{name.partition(':')[0]}")
            return
        self.changed = True
        if kind == "exercise":
            if name in self.exercises:
                self.exercises.remove(name)
            else:
                self.exercises.append(name)
        elif kind == "workaround":
            self.request = replace(self.request, workarounds=flipped(self.request.workarounds or (), name))
        elif kind == "advice":
            self.request = replace(self.request, advice=tuple(sorted(flipped(self.request.advice or (), int(name)))))
        elif kind == "concern":
            self.request = replace(self.request, concerns=flipped(self.request.concerns, name))
        self.refresh_plan(keep=event.id)

    def take_off(self, name: str) -> None:
        """Take an exercise or a work-around off the plan."""
        self.changed = True
        self.exercises = [other for other in self.exercises if other != name]
        kept = tuple(other for other in self.request.workarounds or () if other != name)
        self.request = replace(self.request, workarounds=kept)
        self.refresh_plan()

    def answer(self, answers: dict[str, bool]) -> None:
        """Keep what this person answered to the questions before printing.

        The case learns it too where it has an answer of its own, and where a yes is a sign of danger.
        """
        self.changed = True
        self.request = replace(self.request, answers=tuple((dict(self.request.answers) | answers).items()))
        # All that was answered here counts together: a rule may need two signs.
        case = told = self.decide.case
        for finding, has in self.request.answers:
            told = told.answered(finding, "yes" if has else "no")
        if any(case.answer(finding) for finding in answers) or (any(answers.values()) and self.escalates(told)):
            self.decide.change(told)
        self.record = self.case_record()
        self.refresh_plan(keep=self.query_one(PlanRows).current)

    def escalates(self, case: Case) -> bool:
        """Whether this case trips a rule for an emergency or an urgent case that the case at hand does not."""
        known = {trip.rule.id for trip in self.decide.answer.screening.escalating}
        screening = self.decide.reasoner.answer(case, self.decide.training).screening
        return any(trip.rule.id not in known for trip in screening.escalating)

    # --- keys --------------------------------------------------------------------------------------------------------

    def here(self) -> tuple[str, str]:
        """The kind and name of the highlighted row."""
        kind, _, name = (self.query_one(PlanRows).current or "").partition(":")
        return kind, name

    def action_open_row(self) -> None:
        kind, name = self.here()
        if kind in ("exercise", "workaround"):
            self.decide.open_entry(name)
        elif kind == "condition":
            self.decide.open_entry(f"condition:{name.partition(':')[0]}")
        else:
            self.action_sources()

    def action_sources(self) -> None:
        """Every source of the highlighted row, with what each is cited for."""
        from screens.reader import source_paragraphs

        name, sections = self.claims_here()
        items = [item for section in sections for item in section.items if item.citations]
        if not items:
            return
        said = []
        for section in sections:
            lines = [
                f"{one.text} [{', '.join(each.id for each in one.citations)}]" for one in section.items if one.citations
            ]
            if lines:
                said.append(Content.assemble(plain(section.title, "bold"), plain("".join(f"\n{line}" for line in lines))))
        cited = dict.fromkeys(citation for item in items for citation in item.citations)
        self.app.push_screen(Reading(f"Sources: {name}", [*said, *source_paragraphs(list(cited))]))

    def claims_here(self) -> tuple[str, tuple[Section, ...]]:
        """The highlighted row's name, and all that is claimed of it with its sources."""
        from decide.entry import Item, Section, entry

        kind, name = self.here()
        if kind in ("exercise", "workaround"):
            found = entry(self.decide.db, name)
            return found.lay_label or found.label, found.sections
        if kind == "advice":
            claim = self.offered.advice[int(name)]
        elif kind == "concern":
            claim = next(concern.claim for concern in read.concerns(self.decide.db) if concern.id == name)
        elif kind == "condition":
            condition, _, place = name.partition(":")
            claim = next(claims for one, claims in self.plan.go_now if one.id == condition)[int(place)]
        else:
            return "", ()
        return "this line", (Section("The sheet says", (Item(claim.text, claim.citations),)),)

    def action_picture(self) -> None:
        kind, name = self.here()
        if kind in ("exercise", "workaround"):
            treatment = read.treatment(self.decide.db, name)
            self.app.push_screen(LookScreen(name, treatment.lay_label if treatment else name))

    def action_move(self, step: int) -> None:
        kind, name = self.here()
        if kind != "exercise" or name not in self.exercises:
            return
        place = self.exercises.index(name)
        other = place + step
        if 0 <= other < len(self.exercises):
            self.changed = True
            self.exercises[place], self.exercises[other] = self.exercises[other], self.exercises[place]
            self.refresh_plan(keep=f"exercise:{name}")

    def action_dose(self) -> None:
        kind, name = self.here()
        if kind != "exercise":
            return
        exercise = next(item for item in self.offered.exercises if item.id == name)
        stated = {key: getattr(exercise, key) for key in dose.FIELDS} | self.doses.get(name, {})
        fields = [Field(key, DOSE_LABELS[key], stated[key]) for key in dose.FIELDS]

        def keep(values: dict[str, str] | None) -> None:
            if values is not None:
                self.changed = True
                self.doses[name] = {
                    key: value for key, value in parse_dose(name, values).items() if value != getattr(exercise, key)
                }
                if name not in self.exercises:
                    self.exercises.append(name)
                self.refresh_plan(keep=f"exercise:{name}")

        self.app.push_screen(
            Form(f"How much: {exercise.lay_label}", fields, lambda values: parse_dose(exercise.lay_label, values)), keep
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # A go-now sheet has no exercises to set, and nothing on it waits for a clearance.
        if action in EXERCISE_ACTIONS and hasattr(self, "plan") and self.plan.urgent:
            return False
        return super().check_action(action, parameters)

    def action_phase(self) -> None:
        phases = self.offered.phases
        here = phases.index(self.offered.phase) if self.offered.phase in phases else -1
        phase = phases[(here + 1) % len(phases)]

        def change(sure: bool | None) -> None:
            if sure:
                self.changed = True
                self.offer(phase)
                self.refresh_plan()

        if self.chosen == self.started:
            change(True)
        else:
            question = f"Start anew, to {PHASE_WORDS[phase]}? What you put on, took off or moved is lost."
            self.app.push_screen(Confirm(question), change)

    def action_side(self) -> None:
        self.changed = True
        side = SIDE_ORDER[(SIDE_ORDER.index(self.request.side) + 1) % len(SIDE_ORDER)]
        self.request = replace(self.request, side=side)
        self.refresh_plan(keep=self.query_one(PlanRows).current)

    def ask(self, title: str, fields: list[Field], taken: Callable[[dict[str, str]], Request]) -> None:
        """A form whose values make a new request; what cannot be is said in the form."""

        def keep(values: dict[str, str] | None) -> None:
            if values is not None:
                self.changed = True
                self.request = taken(values)
                self.refresh_plan(keep=self.query_one(PlanRows).current)

        def tried(values: dict[str, str]) -> object:
            return build(self.decide.db, taken(values))

        self.app.push_screen(Form(title, fields, tried), keep)

    def action_details(self) -> None:
        self.edit_details(lambda: None)

    def edit_details(self, then: Callable[[], None]) -> None:
        request = self.request
        fields = [
            Field("label", "For (name or label on the sheet and the letter)", self.decide.label),
            Field("follow_up", "Come back", request.follow_up, f"as usual: {self.plan.follow_up}"),
            Field("goal", "The person's own goal, for the diary", request.goal, "like: walk to the shop"),
        ]

        def taken(request: Request, values: dict[str, str]) -> Request:
            return replace(request, follow_up=values["follow_up"], goal=values["goal"])

        def tried(values: dict[str, str]) -> object:
            return build(self.decide.db, replace(taken(self.whole_request(), values), label=values["label"]))

        def keep(values: dict[str, str] | None) -> None:
            if values is not None:
                self.changed = True
                self.decide.label = values["label"]
                self.request = taken(self.request, values)
                self.refresh_plan(keep=self.query_one(PlanRows).current)
                then()

        self.app.push_screen(Form("Details on the sheet", fields, tried), keep)

    def action_clinic(self) -> None:
        clinic = self.clinic
        fields = [
            Field("contact", "From (you, and how to reach you)", clinic.contact),
            Field("emergency_number", "Local emergency number", clinic.emergency_number),
            Field("pain_limit", "The most pain that is all right, 0 to 10 (empty: words alone)", clinic.pain_limit),
            Field("paper", "Paper: a4 or letter", self.paper),
            Field("large", "Large print, 18 pt: yes or no", "yes" if self.large else "no"),
            Field("one_sided", "Print on one side only: yes or no", "no" if self.two_sided else "yes"),
        ]

        def taken(values: dict[str, str]) -> dict[str, str]:
            if values["paper"].lower() not in PAPERS:
                raise InputError(f"The paper is {' or '.join(PAPERS)}, not '{values['paper']}'.")
            for name in ("large", "one_sided"):
                if values[name].lower() not in (*YES, *NO):
                    raise InputError(f"Write yes or no, not '{values[name]}'.")
            limit = values["pain_limit"]
            if limit and not limit.isdecimal():
                raise InputError(f"The most pain is a whole number from 0 to 10, not '{limit}'.")
            switches = {name: "yes" if values[name].lower() in YES else "" for name in ("large", "one_sided")}
            limit = str(int(limit)) if limit else ""
            return values | switches | {"paper": values["paper"].lower(), "pain_limit": limit}

        def tried(values: dict[str, str]) -> object:
            return build(self.decide.db, self.whole_request(self.clinic._replace(**taken(values))))

        def keep(values: dict[str, str] | None) -> None:
            if values is not None:
                self.remember(**taken(values))

        # Without the number nothing prints, so that whoever comes to mend that begins there.
        at = "" if clinic.emergency_number else "emergency_number"
        self.app.push_screen(Form("The clinic's own: kept for next time", fields, tried, at), keep)

    def action_cleared(self) -> None:
        request = self.request
        day = (request.cleared_on or self.decide.today).isoformat()
        fields = [
            Field("cleared_by", "Who cleared this case", request.cleared_by),
            Field("cleared_on", "When (year-month-day)", day),
        ]

        def taken(values: dict[str, str]) -> Request:
            if not values["cleared_by"]:
                raise InputError("Say who cleared this case; it prints on your copy.")
            try:
                when = date.fromisoformat(values["cleared_on"])
            except ValueError:
                raise InputError(f"'{values['cleared_on']}' is no date; write it as YYYY-MM-DD.") from None
            return replace(self.request, cleared_by=values["cleared_by"], cleared_on=when)

        self.ask("An urgent case: who cleared it?", fields, taken)

    def action_override(self) -> None:
        if not any(remark.level == "block" for remark in self.remarks):
            return

        def taken(values: dict[str, str]) -> Request:
            if not values["reason"]:
                raise InputError("A reason is needed; it prints on your copy.")
            return replace(self.request, reason=values["reason"])

        self.ask("Print against the checker", [Field("reason", "Reason", self.request.reason)], taken)

    def action_view(self) -> None:
        self.app.push_screen(SheetScreen(self))

    def action_remarks(self) -> None:
        paragraphs = [plain(f"{LEVEL_WORDS[remark.level]}: {remark.text} ({mending(remark)})") for remark in self.remarks]
        self.app.push_screen(Reading("What the checker says", paragraphs or [plain("Nothing.")]))

    # --- to paper ------------------------------------------------------------------------------------------------------

    def action_print(self) -> None:
        from screens.read_back import PlanReadBack

        self.app.push_screen(PlanReadBack(self))

    def action_save(self) -> None:
        self.action_print()

    def document_title(self) -> str:
        return "Go-now sheet" if self.plan.urgent else "Self-care plan"

    def file_parts(self) -> tuple[str, ...]:
        kind = "go-now" if self.plan.urgent else "plan"
        return kind, self.decide.label, self.names[0], self.decide.today.isoformat()

    def writers(self) -> Mapping[str, Callable[[], bytes]]:
        return {".pdf": self.pdf, ".html": self.html, ".txt": self.text.encode}

    def pdf(self) -> bytes:
        from decide.sheet_pdf import pdf

        return pdf(self.sheet, self.paper, large=self.large)

    def html(self) -> bytes:
        from decide.sheet_html import html

        return html(self.sheet, large=self.large).encode()


def flipped(names: Sequence[Item], name: Item) -> tuple[Item, ...]:
    """The names without this one, or with it at the end."""
    return tuple(other for other in names if other != name) if name in names else (*names, name)


class SheetScreen(BaseScreen):
    """The sheet as it will print, as text."""

    PART = "sheet"
    BINDINGS = bindings("sheet")

    def __init__(self, plan_screen: PlanScreen) -> None:
        super().__init__()
        self.plan_screen = plan_screen

    def compose(self) -> ComposeResult:
        yield self.title_line(f"{SHEET_TITLE} - {SCROLLS}")
        with VerticalScroll(id="whole-preview"):
            yield Static(plain(self.plan_screen.text.replace("\f", "")), id="whole-preview-text", markup=False)
        yield Message()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#whole-preview").focus()
        self.count_sides()

    @work(thread=True, exit_on_error=False)
    def count_sides(self) -> None:
        """Say how many sides the PDF takes, once it is set; nothing where it cannot be set here."""
        from decide.sheet_pdf import pages

        screen = self.plan_screen
        try:
            sides = len(pages(screen.sheet, screen.paper, large=screen.large, dots=COARSE))
        except DeliveryError:
            return
        if not get_current_worker().is_cancelled and self.is_attached:
            paper = MEDIA[screen.paper]
            self.app.call_from_thread(self.retitle, f"{SHEET_TITLE} - {plural(sides, 'side')} of {paper} - {SCROLLS}")

    def action_print(self) -> None:
        self.app.pop_screen()
        self.plan_screen.action_print()
