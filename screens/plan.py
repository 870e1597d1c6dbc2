"""The plan screen: choose, order and dose exercises, work-arounds and advice, with what the checker says always in view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from db import dose, read
from decide.case import Case
from decide.checker import Remark, check, stops
from decide.errors import DeliveryError, InputError
from decide.plan import SIDES, Choices, Plan, Request, build, choices, parse_dose
from decide.printing import MEDIA, Kind, Paper
from decide.record import Record, record
from decide.report import headline
from decide.sheet import PHASE_WORDS, Sheet, sheet
from decide.sheet_text import render
from decide.text import plural
from screens.base import BaseScreen, KeyLine, Message, bindings, plain
from screens.dialogs import Confirm, Field, Form, PaperScreen, PrintDialog, Reading, SaveDialog, free_file
from screens.figure import FigurePane, LookScreen
from screens.rows import Row, Rows, heading, row

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
# The key that mends what a remark is about.
MENDING_KEYS = {
    "clinic": "c",
    "details": "f",
    "side": "l",
    "dose": "e",
    "exercises": "Space",
    "workarounds": "Space",
    "questions": "p",
    "cleared": "k",
    "screen": "F5",
    "letter": "F6",
}
INSTEAD = "letter"
EXERCISE_ACTIONS = ("dose", "move", "picture", "phase", "cleared", "override")
CUT = " ... (r)"
SHEET_TITLE, SCROLLS = "The sheet as it will print", "arrows and Page keys scroll"
# Dots to the inch of pages that are only counted.
COARSE = 4
# On the row of what a block is about.
TAKE_OFF = "not for this plan: Space takes it off, r says why"
LEVEL_WORDS = {"refuse": "Not printable", "block": "Not printable", "check": "Ask first", "warn": "Note"}

Item = TypeVar("Item")


def mending(remark: Remark) -> str:
    """Which key mends what a remark is about; the letter is written where nothing mends it."""
    key = MENDING_KEYS[remark.mend]
    return f"{key} writes the letter instead" if remark.mend == INSTEAD else f"{key} mends it"


class PlanRows(Rows):
    PART = "plan"
    BINDINGS = bindings("plan")


class PlanScreen(PaperScreen):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = tuple(names)
        self.changed = False
        # What became of this sheet: for the read-back, until the plan changes.
        self.delivered: tuple[str, ...] = ()
        self.doses: dict[str, dict[str, str]] = {}

    def compose(self) -> ComposeResult:
        yield self.title_line("Plan")
        with Horizontal(id="plan-body"):
            yield PlanRows(id="plan-rows")
            yield FigurePane(id="plan-figure")
        yield Static("", id="findings", classes="strip", markup=False)
        yield Static("", id="strip", classes="strip", markup=False)
        yield Message()
        yield KeyLine()

    def on_mount(self) -> None:
        kept = self.kept()
        self.queue = kept.queue
        self.paper: Paper = "letter" if kept.paper == "letter" else "a4"
        self.large, self.one_sided = bool(kept.large), bool(kept.one_sided)
        self.record = self.case_record()
        case = self.decide.case
        self.request = Request(
            conditions=self.names,
            movements=case.movements,
            side=case.side or "",
            contact=kept.contact,
            emergency_number=kept.emergency_number,
            pain_limit=int(kept.pain_limit) if kept.pain_limit else None,
            day=self.decide.today,
        )
        self.offer("")
        self.refresh_plan()

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

    def refresh_plan(self, keep: str | None = None) -> None:
        exercises = tuple((name, self.doses.get(name, {})) for name in self.exercises)
        plan = build(self.decide.db, replace(self.request, exercises=exercises), self.record)
        self.plan: Plan = plan
        self.remarks: tuple[Remark, ...] = check(self.decide.db, plan)
        self.delivered = ()
        self.sheet: Sheet = sheet(plan, self.remarks)
        names = ", ".join(condition.short_label for condition in plan.conditions)
        side = f"{plan.side.upper()} side" if plan.side in ("left", "right") else f"{plan.side or 'no'} side"
        phase = f" - {PHASE_WORDS[plan.phase]}" if plan.phase else ""
        self.retitle(f"{'Go-now sheet' if plan.urgent else 'Plan'} - {side} - {names}{phase}")
        self.query_one(PlanRows).fill(self.rows(plan), keep)
        self.refresh_bindings()
        self.show_state()

    @property
    def text(self) -> str:
        """The whole sheet as text."""
        return render(self.sheet)

    def on_screen_resume(self) -> None:
        self.follow_case()
        self.show_state()

    def follow_case(self) -> None:
        """Take over what was answered since: the form opens over this screen, and over those that stand on it."""
        fresh = self.case_record()
        if fresh != self.record:
            self.record = fresh
            self.refresh_plan(keep=self.query_one(PlanRows).current)

    def on_resize(self) -> None:
        if hasattr(self, "plan"):
            self.show_state()

    def show_state(self) -> None:
        """The checker's findings, each with its key, and the line that says whether this prints."""
        self.query_one("#findings", Static).update(self.findings())
        self.query_one("#strip", Static).update(self.strip())

    def findings(self) -> Content:
        room = self.room_for_findings
        # What p asks comes last: the line below counts it, and the read-back has it whole.
        remarks = sorted(self.remarks, key=lambda remark: remark.level == "check" and remark.mend == "questions")
        first, rest = remarks[:room], remarks[room:]
        lines = []
        width = max(30, self.app.size.width - 2)
        for remark in first:
            text = f"{MENDING_KEYS[remark.mend]:<5}{LEVEL_WORDS[remark.level]}: {remark.text}"
            text = text if len(text) <= width else text[: width - len(CUT)].rstrip() + CUT
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
        answer, own = self.decide.answer, self.own_strip()
        if answer.disposition not in ("emergency", "urgent"):
            return own
        return Content.assemble(plain(f"This case: {headline(answer)} F4 says why.\n", "bold"), own)

    def own_strip(self) -> Content:
        plan = self.plan
        if plan.urgent:
            return plain("Emergency or urgent: no exercises. Send the person with this sheet. p prints, w saves.", "bold")
        if stopped := self.stopping:
            first = stopped[0]
            reason = "" if first.level == "refuse" else "; x prints it with a reason"
            text = "" if self.room_for_findings else f" {first.text}."
            yet = "" if first.mend == INSTEAD else " yet"
            return plain(f"Not printable{yet}: {mending(first)}{reason}.{text}", "bold")
        asked = sum(question.answer is None for question in plan.questions)
        text = f"{plural(len(plan.exercises), 'exercise')} on the plan. p reads it back"
        return plain(f"{text}, asks {plural(asked, 'question')}, and prints." if asked else f"{text} and prints.")

    def rows(self, plan: Plan) -> list[Row]:
        if plan.urgent:
            rows = []
            for condition, claims in plan.go_now:
                rows.append(heading(condition.label))
                rows += [
                    row(plain(f"{claim.role}: {claim.text}"), f"condition:{condition.id}:{n}")
                    for n, claim in enumerate(claims)
                ]
            return rows
        rows = [heading("Exercises in the sheet's order (J down, K up)")]
        barred = {remark.about for remark in self.remarks if remark.level == "block"}
        labels = {exercise.id: exercise.lay_label for exercise in self.offered.exercises}
        boxes = {name: f"[{number}] " for number, name in enumerate(self.exercises, 1)}
        for name in (*self.exercises, *(name for name in labels if name not in boxes)):
            off = f"  {TAKE_OFF}" if name in barred else ""
            prompt = Content.assemble(
                boxes.get(name, "[ ] "), plain(labels[name]), plain(f"  {self.dose_words(name)}", "dim"), plain(off, "bold")
            )
            rows.append(row(prompt, f"exercise:{name}"))
        if not self.offered.exercises:
            rows.append(row(plain("None serves all that is known of this condition."), "none:exercises"))
        rows.append(heading("Movements to change for now"))
        for item in self.offered.workarounds:
            box = "[x]" if item.treatment.id in (self.request.workarounds or ()) else "[ ]"
            name = f"{item.movement.lay_label}: {item.treatment.lay_label}" if item.movement else item.treatment.lay_label
            off = f"  {TAKE_OFF}" if item.treatment.id in barred else ""
            prompt = Content.assemble(plain(f"{box} {name}"), plain(off, "bold"))
            rows.append(row(prompt, f"workaround:{item.treatment.id}"))
        rows.append(heading("Advice"))
        for place, claim in enumerate(self.offered.advice):
            box = "[x]" if place in (self.request.advice or ()) else "[ ]"
            rows.append(row(plain(f"{box} {claim.text}"), f"advice:{place}"))
        rows.append(heading("Ask the person, or leave it: a yes adds its advice"))
        for concern in read.concerns(self.decide.db):
            box = "[x]" if concern.id in self.request.concerns else "[ ]"
            rows.append(row(plain(f"{box} {concern.question}"), f"concern:{concern.id}"))
        return rows

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
        sides = "one-sided" if self.one_sided else "both sides where the printer can"
        return f"On {paper}, {18 if self.large else 14} pt, {sides}. The last part is your copy."

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
    def highlighted(self, event: Rows.Highlighted) -> None:
        kind, _, name = (event.id or "").partition(":")
        pane = self.query_one(FigurePane)
        if pane.display:
            pane.show(self.decide.db, name if kind in ("exercise", "workaround") else "")

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

    def action_picture(self) -> None:
        kind, name = self.here()
        if kind in ("exercise", "workaround"):
            treatment = read.treatment(self.decide.db, name)
            self.app.push_screen(LookScreen(name, treatment.label if treatment else name))

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

        self.app.push_screen(Form(title, fields, lambda values: build(self.decide.db, taken(values))), keep)

    def action_details(self) -> None:
        request = self.request
        fields = [
            Field("label", "For (name or label on the sheet)", request.label),
            Field("follow_up", "Come back", request.follow_up, f"as usual: {self.plan.follow_up}"),
            Field("goal", "The person's own goal, for the diary", request.goal, "like: walk to the shop"),
        ]

        def taken(values: dict[str, str]) -> Request:
            label, follow_up, goal = (values[name] for name in ("label", "follow_up", "goal"))
            return replace(self.request, label=label, follow_up=follow_up, goal=goal)

        self.ask("Details on the sheet", fields, taken)

    def action_clinic(self) -> None:
        request = self.request
        limit = "" if request.pain_limit is None else str(request.pain_limit)
        fields = [
            Field("contact", "From (you, and how to reach you)", request.contact),
            Field("emergency_number", "Local emergency number", request.emergency_number),
            Field("pain_limit", "The most pain that is all right, 0 to 10 (empty: words alone)", limit),
            Field("paper", "Paper: a4 or letter", self.paper),
            Field("large", "Large print, 18 pt: yes or no", "yes" if self.large else "no"),
            Field("one_sided", "Print on one side only: yes or no", "yes" if self.one_sided else "no"),
        ]

        def taken(values: dict[str, str]) -> Request:
            if values["paper"].lower() not in PAPERS:
                raise InputError(f"The paper is {' or '.join(PAPERS)}, not '{values['paper']}'.")
            for name in ("large", "one_sided"):
                if values[name].lower() not in (*YES, *NO):
                    raise InputError(f"Write yes or no, not '{values[name]}'.")
            limit = values["pain_limit"]
            if limit and not limit.isdecimal():
                raise InputError(f"The most pain is a whole number from 0 to 10, not '{limit}'.")
            return replace(
                self.request,
                contact=values["contact"],
                emergency_number=values["emergency_number"],
                pain_limit=int(limit) if limit else None,
            )

        def keep(values: dict[str, str] | None) -> None:
            if values is None:
                return
            self.request = taken(values)
            self.paper = "letter" if values["paper"].lower() == "letter" else "a4"
            self.large, self.one_sided = (values[name].lower() in YES for name in ("large", "one_sided"))
            self.remember(
                contact=self.request.contact,
                emergency_number=self.request.emergency_number,
                pain_limit="" if self.request.pain_limit is None else str(self.request.pain_limit),
                paper=self.paper,
                large="yes" if self.large else "",
                one_sided="yes" if self.one_sided else "",
            )
            self.refresh_plan(keep=self.query_one(PlanRows).current)

        title = "The clinic's own: kept for next time"
        self.app.push_screen(Form(title, fields, lambda values: build(self.decide.db, taken(values))), keep)

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
        from screens.read_back import ReadBackScreen

        self.app.push_screen(ReadBackScreen(self))

    def action_save(self) -> None:
        self.action_print()

    def pdf(self) -> bytes:
        from decide.sheet_pdf import pdf

        return pdf(self.sheet, self.paper, large=self.large)

    def html(self) -> bytes:
        from decide.sheet_html import html

        return html(self.sheet, large=self.large).encode()

    def document(self) -> tuple[bytes, Kind]:
        """The sheet for the printer: PDF, or text where PDF cannot be made here."""
        try:
            return self.pdf(), "pdf"
        except DeliveryError:
            return self.text.encode(), "text"

    def deliver_print(self, tell: Callable[[], None]) -> None:
        """Print the sheet; `tell` is called once it was sent."""

        def printed(queue: str | None) -> None:
            if queue:
                self.changed = False
                self.queue = queue
                self.delivered = (*self.delivered, f"Sent to {queue}.")
                tell()
                self.remember(queue=queue)

        title = "Go-now sheet" if self.plan.urgent else "Self-care plan"
        dialog = PrintDialog(self.document, title, self.queue, self.paper, two_sided=not self.one_sided)
        self.app.push_screen(dialog, printed)

    def deliver_save(self, tell: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        """Save the sheet; `tell` is called once it was saved, and `then` after it."""

        def saved(name: str | None) -> None:
            if name:
                self.changed = False
                self.delivered = (*self.delivered, f"Saved: {name}.")
                tell()
                if then:
                    then()

        kind = "go-now" if self.plan.urgent else "plan"
        name = free_file(kind, self.request.label, self.names[0], self.decide.today.isoformat())
        writers = {".pdf": self.pdf, ".html": self.html, ".txt": self.text.encode}
        self.app.push_screen(SaveDialog(writers, str(name)), saved)


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
