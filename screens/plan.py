"""The plan screen: choose exercises, work-arounds and advice, set doses and details, look at the sheet, print or save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from decide.checker import Remark, check, stops
from decide.errors import InputError
from decide.plan import DOSE_FIELDS, SIDES, Choices, Plan, Request, build, choices, parse_dose
from decide.report import headline
from decide.sheet import sheet
from decide.sheet_text import render
from decide.text import plural
from screens.base import PART_KEYS, BaseScreen, Rows, footer, heading, plain, row
from screens.dialogs import Confirm, Field, Form, PaperScreen, PrintDialog, Reading, SaveDialog, free_file

DOSE_LABELS = {
    "sets": "Sets",
    "reps": "Repeats",
    "hold_seconds": "Hold, in seconds",
    "duration_minutes": "Minutes each time",
    "times_a_day": "Times a day",
    "days_a_week": "Days a week",
}
SIDE_ORDER = ("", *SIDES)


class PlanRows(Rows):
    BINDINGS = [
        Binding("space", "select", "Choose", tooltip="Put the highlighted row on the plan, or take it off"),
        Binding("enter", "select", "Choose", show=False, tooltip="Put the highlighted row on the plan, or take it off"),
        Binding("e", "screen.dose", "Dose", tooltip="Set how much of the highlighted exercise"),
        Binding("o", "screen.open_row", "Open", show=False, tooltip="Read about the highlighted row, with its sources"),
        *PART_KEYS,
    ]


class PlanScreen(PaperScreen):
    BINDINGS = [
        Binding("f", "details", "Details", tooltip="For whom, from whom, emergency number, when to come back"),
        Binding("l", "side", "Side", tooltip="Left, right, both, or not said"),
        Binding("v", "view", "View", tooltip="The whole sheet as it will print"),
        Binding("p", "print", "Print", tooltip="Print the sheet"),
        Binding("w", "save", "Save", tooltip="Save the sheet as plain text"),
        Binding("r", "remarks", "Remarks", tooltip="What the checker says of this plan"),
        Binding("x", "override", "Override", show=False, tooltip="Print against the checker, with a reason"),
    ]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = tuple(names)
        self.changed = False
        self.label = self.follow_up = self.reason = ""
        self.doses: dict[str, dict[str, str]] = {}

    def compose(self) -> ComposeResult:
        yield self.title_line("Plan")
        with Horizontal(id="plan-body"):
            yield PlanRows(id="plan-rows")
            with VerticalScroll(id="preview", can_focus=False):
                yield Static("", id="preview-text", markup=False)
        yield Static("", id="strip", classes="strip", markup=False)
        yield footer()

    def on_mount(self) -> None:
        kept = self.kept()
        self.contact, self.emergency_number, self.queue = kept.contact, kept.emergency_number, kept.queue
        self.movements, self.side = self.decide.case.movements, self.decide.case.side or ""
        offered = choices(self.decide.db, self.names, self.movements)
        self.offered: Choices = offered
        self.exercises = [exercise.id for exercise in offered.exercises[: offered.usual]]
        self.workarounds = [item.treatment.id for item in offered.workarounds[: offered.usual_workarounds]]
        self.advice = list(range(offered.usual_advice))
        self.refresh_plan()

    # --- the plan ----------------------------------------------------------------------------------------------------

    def request(self) -> Request:
        return Request(
            conditions=self.names,
            exercises=tuple((name, self.doses.get(name, {})) for name in self.exercises),
            workarounds=tuple(self.workarounds),
            advice=tuple(self.advice),
            movements=self.movements,
            side=self.side,
            label=self.label,
            contact=self.contact,
            emergency_number=self.emergency_number,
            follow_up=self.follow_up,
            reason=self.reason,
            day=self.decide.today,
        )

    def refresh_plan(self, keep: str | None = None) -> None:
        plan = build(self.decide.db, self.request())
        self.plan: Plan = plan
        self.remarks: tuple[Remark, ...] = check(self.decide.db, plan)
        self.text = render(sheet(plan, self.remarks))
        names = ", ".join(condition.short_label for condition in plan.conditions)
        side = f"{self.side.upper()} side" if self.side in ("left", "right") else f"{self.side or 'no'} side"
        self.retitle(f"{'Go-now sheet' if plan.urgent else 'Plan'} - {side} - {names}")
        self.query_one("#preview-text", Static).update(plain(self.text.replace("\f", "")))
        self.query_one(PlanRows).fill(self.rows(plan), keep)
        self.query_one("#strip", Static).update(self.strip(plan))

    def on_screen_resume(self) -> None:
        # The form may have been answered further while this screen lay under it.
        self.query_one("#strip", Static).update(self.strip(self.plan))

    def strip(self, plan: Plan) -> Content:
        """What must be settled before this prints; above it what the case at hand asks for, where that is urgent."""
        answer, own = self.decide.answer, self.own_strip(plan)
        if answer.disposition not in ("emergency", "urgent"):
            return own
        return Content.assemble(plain(f"This case: {headline(answer)} F4 says why.\n", "bold"), own)

    def own_strip(self, plan: Plan) -> Content:
        if plan.urgent:
            return plain("Emergency or urgent: no exercises. Send the person with this sheet. p prints, w saves.", "bold")
        if stopped := stops(plan, self.remarks):
            return plain(f"Not printable: {stopped[0].text}. Take it off, or x to print with a reason.", "bold")
        counts = {level: sum(remark.level == level for remark in self.remarks) for level in ("warn", "check")}
        text = f"{plural(len(plan.exercises), 'exercise')} on the plan. "
        text += f"{plural(counts['check'], 'question')} to check first, {plural(counts['warn'], 'remark')} (r)."
        return plain(text)

    def rows(self, plan: Plan) -> list[Option]:
        if plan.urgent:
            rows = []
            for condition, claims in plan.go_now:
                rows.append(heading(condition.label))
                rows += [
                    row(plain(f"{claim.role}: {claim.text}"), f"condition:{condition.id}:{n}")
                    for n, claim in enumerate(claims)
                ]
            return rows
        rows = [heading("Exercises")]
        on = {planned.exercise.id: planned for planned in plan.exercises}
        for exercise in self.offered.exercises:
            box = "[x]" if exercise.id in on else "[ ]"
            dose = self.dose_words(exercise.id)
            rows.append(
                row(
                    Content.assemble(f"{box} ", plain(exercise.lay_label), plain(f"  {dose}", "dim")),
                    f"exercise:{exercise.id}",
                )
            )
        if not self.offered.exercises:
            rows.append(row(plain("None serves all that is known of this condition."), "none:exercises"))
        rows.append(heading("Movements to change for now"))
        for item in self.offered.workarounds:
            box = "[x]" if item.treatment.id in self.workarounds else "[ ]"
            name = f"{item.movement.lay_label}: {item.treatment.lay_label}" if item.movement else item.treatment.lay_label
            rows.append(row(plain(f"{box} {name}"), f"workaround:{item.treatment.id}"))
        rows.append(heading("Advice"))
        for place, claim in enumerate(self.offered.advice):
            box = "[x]" if place in self.advice else "[ ]"
            rows.append(row(plain(f"{box} {claim.text}"), f"advice:{place}"))
        return rows

    def dose_words(self, name: str) -> str:
        exercise = next(item for item in self.offered.exercises if item.id == name)
        stated = {key: getattr(exercise, key) for key in DOSE_FIELDS} | self.doses.get(name, {})
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
                words.append(form.format(stated[key]))
        return ", ".join(words) or "no dose stated"

    def action_back(self) -> None:
        """Leave, after a question when something was set here that would be lost."""

        def leave(sure: bool | None) -> None:
            if sure:
                self.app.pop_screen()

        if self.changed:
            self.app.push_screen(Confirm("Leave this plan? What you set in it is lost."), leave)
        else:
            self.app.pop_screen()

    @on(Rows.OptionSelected, "#plan-rows")
    def toggle(self, event: Rows.OptionSelected) -> None:
        self.changed = True
        kind, _, name = (event.option_id or "").partition(":")
        if kind == "exercise":
            self.flip(self.exercises, name)
            order = [exercise.id for exercise in self.offered.exercises]
            self.exercises.sort(key=order.index)
        elif kind == "workaround":
            self.flip(self.workarounds, name)
        elif kind == "advice":
            place = int(name)
            if place in self.advice:
                self.advice.remove(place)
            else:
                self.advice.append(place)
                self.advice.sort()
        elif kind == "condition":
            self.decide.open_entry(f"condition:{name.partition(':')[0]}")
            return
        self.refresh_plan(keep=event.option_id)

    @staticmethod
    def flip(names: list[str], name: str) -> None:
        if name in names:
            names.remove(name)
        else:
            names.append(name)

    # --- keys --------------------------------------------------------------------------------------------------------

    def action_open_row(self) -> None:
        kind, _, name = (self.query_one(PlanRows).current or "").partition(":")
        if kind in ("exercise", "workaround"):
            self.decide.open_entry(name)
        elif kind == "condition":
            self.decide.open_entry(f"condition:{name.partition(':')[0]}")

    def action_dose(self) -> None:
        kind, _, name = (self.query_one(PlanRows).current or "").partition(":")
        if kind != "exercise":
            return
        exercise = next(item for item in self.offered.exercises if item.id == name)
        stated = {key: getattr(exercise, key) for key in DOSE_FIELDS} | self.doses.get(name, {})
        fields = [Field(key, DOSE_LABELS[key], stated[key]) for key in DOSE_FIELDS]

        def keep(values: dict[str, str] | None) -> None:
            if values is not None:
                self.changed = True
                self.doses[name] = {
                    key: value for key, value in parse_dose(name, values).items() if value != getattr(exercise, key)
                }
                if name not in self.exercises:
                    self.flip(self.exercises, name)
                self.refresh_plan(keep=f"exercise:{name}")

        self.app.push_screen(Form(f"How much: {exercise.lay_label}", fields, lambda values: parse_dose(name, values)), keep)

    def action_side(self) -> None:
        self.changed = True
        self.side = SIDE_ORDER[(SIDE_ORDER.index(self.side) + 1) % len(SIDE_ORDER)]
        self.refresh_plan(keep=self.query_one(PlanRows).current)

    def action_details(self) -> None:
        fields = [
            Field("label", "For (name or label on the sheet)", self.label),
            Field("follow_up", "Come back", self.follow_up, "a date, or: if no better in ..."),
            Field("contact", "From (you, and how to reach you; kept for next time)", self.contact),
            Field("emergency_number", "Local emergency number (kept for next time)", self.emergency_number),
        ]

        def check(values: dict[str, str]) -> None:
            request = replace(
                self.request(),
                exercises=None,
                workarounds=None,
                advice=None,
                label=values["label"],
                follow_up=values["follow_up"],
                contact=values["contact"],
                emergency_number=values["emergency_number"],
            )
            build(self.decide.db, request)

        def keep(values: dict[str, str] | None) -> None:
            if values is None:
                return
            self.changed = True
            self.label, self.follow_up = values["label"], values["follow_up"]
            self.contact, self.emergency_number = values["contact"], values["emergency_number"]
            self.remember(contact=self.contact, emergency_number=self.emergency_number)
            self.refresh_plan(keep=self.query_one(PlanRows).current)

        self.app.push_screen(Form("Details on the sheet", fields, check), keep)

    def action_view(self) -> None:
        self.app.push_screen(SheetScreen(self))

    def action_remarks(self) -> None:
        words = {"refuse": "Not printable", "block": "Not printable", "warn": "Remark", "check": "Check first"}
        paragraphs = [plain(f"{words[remark.level]}: {remark.text}") for remark in self.remarks]
        self.app.push_screen(Reading("What the checker says", paragraphs or [plain("Nothing.")]))

    def action_override(self) -> None:
        if not any(remark.level == "block" for remark in self.remarks):
            return

        def check(values: dict[str, str]) -> None:
            if not values["reason"]:
                raise InputError("A reason is needed; it prints on the practitioner's part.")

        def keep(values: dict[str, str] | None) -> None:
            if values:
                self.reason = values["reason"]
                self.refresh_plan(keep=self.query_one(PlanRows).current)

        self.app.push_screen(Form("Print against the checker", [Field("reason", "Reason", self.reason)], check), keep)

    def ready(self) -> bool:
        if stops(self.plan, self.remarks):
            self.action_remarks()
            return False
        return True

    def action_print(self) -> None:
        def printed(queue: str | None) -> None:
            if queue:
                self.changed = False
                self.queue = queue
                self.remember(queue=queue)

        if self.ready():
            self.app.push_screen(PrintDialog(self.text, "Self-care plan", self.queue), printed)

    def action_save(self) -> None:
        def saved(name: str | None) -> None:
            if name:
                self.changed = False
                self.query_one("#strip", Static).update(plain(f"Saved: {name}", "bold"))

        if self.ready():
            kind = "go-now" if self.plan.urgent else "plan"
            name = free_file(kind, self.label, self.names[0], self.decide.today.isoformat())
            self.app.push_screen(SaveDialog(self.text, str(name)), saved)


class SheetScreen(BaseScreen):
    """The sheet as it will print."""

    BINDINGS = [
        Binding("p", "print", "Print", tooltip="Print the sheet"),
        Binding("w", "save", "Save", tooltip="Save the sheet as plain text"),
    ]

    def __init__(self, plan_screen: PlanScreen) -> None:
        super().__init__()
        self.plan_screen = plan_screen

    def compose(self) -> ComposeResult:
        yield self.title_line("The sheet as it will print - arrows and Page keys scroll")
        with VerticalScroll(id="whole-preview"):
            yield Static(plain(self.plan_screen.text.replace("\f", "")), id="whole-preview-text", markup=False)
        yield footer()

    def on_mount(self) -> None:
        self.query_one("#whole-preview").focus()

    def action_print(self) -> None:
        self.plan_screen.action_print()

    def action_save(self) -> None:
        self.plan_screen.action_save()
