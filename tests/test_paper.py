"""The screens that end on paper: the plan, the letter, what is read back before a print, their small windows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import TODAY, screen_text
from textual.widgets import Static

from db import read
from db.read import Connection
from decide import settings
from decide.answer import Reasoner
from decide.case import Case
from decide.checker import check
from decide.plan import Request, build
from decide.read_back import case_in_short, case_said, letter_said
from decide.record import record
from screens.app import DecideApp
from screens.base import Message
from screens.dialogs import Form, PrintDialog, Reading, SaveDialog
from screens.figure import FigurePane, LookScreen
from screens.letter import LetterScreen
from screens.plan import REST, PlanRows, PlanScreen
from screens.read_back import LetterReadBack, PlanReadBack, ReadBackRows

CASE = Case(
    age=64,
    sex="f",
    side="left",
    duration="chronic",
    onset="gradual",
    regions=("groin",),
    movements=("put-on-socks",),
    present=("hip-ir-limited",),
    absent=("fever",),
    not_able=("test-femoral-stretch",),
)


# The place as people call it, on its side.
GROIN = "the person's left"


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path) -> None:
    """The clinic has set its emergency number, as it does once."""
    settings.save(tmp_path / "data", emergency_number="112")


def one_line(app: DecideApp) -> str:
    return " ".join(screen_text(app).split())


def fill(app: DecideApp, **values: str) -> None:
    for name, value in values.items():
        app.screen.query_one(f"#field-{name}").value = value  # type: ignore[attr-defined]


# --- what is read back ---------------------------------------------------------------------------------------------------


def test_the_whole_case_is_read_back_with_every_answer(reasoner: Reasoner) -> None:
    said = {one.what: one for one in case_said(reasoner, reasoner.answer(CASE), "Bed 4")}
    assert said["For"].text == "Bed 4"
    assert said["Person"].text.startswith("64-year-old woman, left side")
    label = next(region.lay_label for region in read.regions(reasoner.db) if region.id == "groin")
    assert said["Hurts"].text == f"{label}, {GROIN}"
    assert said["Brought on"].text == "Putting on socks"
    for what, finding in (("Yes", "hip-ir-limited"), ("No", "fever"), ("Not able", "test-femoral-stretch")):
        assert said[what].text == reasoner.findings[finding].label
    assert not any(said[what].stands_out for what in ("For", "Person", "Hurts", "Yes", "No"))


@pytest.mark.parametrize(
    ("case", "label", "what"),
    [
        (CASE, "", "For"),
        (Case(regions=("groin",), side="left"), "Bed 4", "Not said"),
        (Case(age=64, regions=("groin",)), "Bed 4", "Hurts"),
        (Case(age=64), "Bed 4", "Complaint"),
        (CASE, "Bed 4", "Safety"),
        (Case(age=64, present=("saddle-numbness",)), "Bed 4", "Urgency"),
        (Case(age=64, present=("saddle-numbness",)), "Bed 4", "Exclude"),
        (Case(age=12, regions=("groin",)), "Bed 4", "Under 18"),
    ],
)
def test_what_is_missing_odd_or_urgent_stands_out(reasoner: Reasoner, case: Case, label: str, what: str) -> None:
    standing = [one.what for one in case_said(reasoner, reasoner.answer(case), label) if one.stands_out]
    assert what in standing


def test_a_case_screened_with_no_to_all_does_not_stand_out(reasoner: Reasoner) -> None:
    case = Case(age=64, sex="f", duration="chronic", onset="gradual", movements=("put-on-socks",))
    while questions := reasoner.answer(case).screening.unasked:
        for finding in questions[0].findings:
            case = case.answered(finding, "no")
    for said in (case_said, case_in_short):
        safety = next(one for one in said(reasoner, reasoner.answer(case), "Bed 4") if one.what == "Safety")
        assert "no to all" in safety.text and not safety.stands_out


def test_a_letter_without_receiver_or_sender_says_so() -> None:
    assert all(one.stands_out and one.mend == "details" for one in letter_said("", ""))
    assert [one.text for one in letter_said("Dr. Vale", "Dr. Hill")] == ["Dr. Vale", "Dr. Hill"]


async def test_the_letter_is_read_back_before_it_prints_or_is_saved(
    app: DecideApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("decide.printing.queues", list)
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(CASE)
        for key in ("p", "w"):
            await pilot.press("f6", key)
            await pilot.pause()
            assert isinstance(app.screen, LetterReadBack)
            text = one_line(app)
            for words in (
                GROIN,
                "Putting on socks",
                "NOT SCREENED",
                "To a blank line",
                "From a blank",
            ):
                assert words in text
            assert re.search(r"! For +a blank line", screen_text(app))
            await pilot.press("enter")
            assert isinstance(app.screen, PrintDialog)
            await pilot.press("escape", "w")
            assert isinstance(app.screen, SaveDialog)
            await pilot.press("escape", "escape")
            assert isinstance(app.screen, LetterScreen)


async def test_what_is_missing_is_mended_from_the_read_back(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(CASE)
        await pilot.press("f6", "p", "f")
        assert isinstance(app.screen, Form)
        fill(app, label="Bed 4", recipient="Dr. Vale", contact="Dr. Hill")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LetterReadBack)
        text = one_line(app)
        for words in ("For Bed 4", "To Dr. Vale", "From Dr. Hill"):
            assert words in text
        letter = app.screen.letter_screen
        assert {"Bed 4", "Dr. Vale", "Dr. Hill"} <= {entry.value for entry in letter.letter.head}


async def test_the_plan_reads_the_case_back_beside_the_sheet(app: DecideApp) -> None:
    async with app.run_test(size=(80, 40)) as pilot:
        app.change(CASE)
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.press("p")
        assert isinstance(app.screen, PlanReadBack)
        text = one_line(app)
        for words in ("64-year-old woman", GROIN, "1 not able", "NOT SCREENED", "Left side"):
            assert words in text
        # All that was answered is one key away.
        app.screen.query_one(ReadBackRows).highlight("case:2")
        await pilot.press("o")
        assert isinstance(app.screen, Reading)
        assert "No: " in one_line(app)


async def test_a_plan_without_a_case_says_so_before_it_prints(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.press("p")
        assert "no case stands behind this sheet" in one_line(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_case_and_the_first_question_stand_on_the_first_page(app: DecideApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        app.change(CASE)
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.press("p")
        await pilot.pause()
        text = screen_text(app)
        assert "The case" in text and "64-year-old" in text and ">[ ? ]" in text


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24)])
async def test_after_the_questions_the_sheet_is_read_from_its_first_line(app: DecideApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        app.change(CASE)
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.press("p", "N")
        await pilot.pause()
        lines = screen_text(app).splitlines()
        start = next(number for number, line in enumerate(lines) if "The sheet says" in line)
        assert ">  Side" in lines[start + 1]
        # More of it than that stands under it.
        assert "Plan" in lines[start + 2] and "Exercise" in "".join(lines[start + 3 : start + 6])


# --- one label, one clinic ---------------------------------------------------------------------------------------------


async def test_one_label_stands_on_the_plan_and_the_letter(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(CASE)
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.press("f")
        fill(app, label="Bed 4")
        await pilot.press("enter", "f6")
        await pilot.pause()
        assert isinstance(app.screen, LetterScreen)
        assert app.screen.letter.label == "Bed 4"
        await pilot.press("f")
        fill(app, label="Bed 5", contact="Dr. Hill")
        await pilot.press("enter", "escape")
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        assert "For: Bed 5" in plan.text
        assert "From: Dr. Hill" in plan.text


async def test_a_new_person_has_no_label(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(CASE)
        app.label = "Bed 4"
        await pilot.press("f8", "y")
        assert app.label == ""


# --- what is said, and where ---------------------------------------------------------------------------------------------


async def test_settings_that_cannot_be_kept_are_said_on_the_line_and_the_line_goes(app: DecideApp, tmp_path: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        line = app.screen.query_one(Message)
        assert not line.display
        (tmp_path / "data" / "settings.json").write_text("{")
        await pilot.press("c")
        fill(app, contact="Dr. Hill")
        await pilot.press("enter")
        await pilot.pause()
        assert "Used now, but not kept for next time" in one_line(app)
        assert not app._notifications
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        assert "From: Dr. Hill" in plan.text
        await pilot.press("l")
        assert not line.display


async def test_a_damaged_settings_file_is_said_on_the_plan(app: DecideApp, tmp_path: Path) -> None:
    (tmp_path / "data" / "settings.json").write_text("{")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.pause()
        assert "mend or delete it" in one_line(app)


# --- the plan's rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 80, 120])
async def test_later_lines_of_a_row_stand_under_its_first(app: DecideApp, columns: int) -> None:
    async with app.run_test(size=(columns, 40)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        rows = app.screen.query_one(PlanRows)
        wrapped = [each.content.plain.split("\n") for each in rows.rows if not each.heading and "\n" in each.content.plain]
        assert wrapped
        for first, *rest in wrapped:
            assert first.startswith("[")
            assert all(line.startswith("    ") for line in rest)
            assert all(len(line) <= rows.room for line in (first, *rest))


async def test_rows_follow_the_width(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        rows = app.screen.query_one(PlanRows)
        await pilot.press("down", "down")
        here = rows.current
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert all(
            len(line) <= rows.room for each in rows.rows for line in each.content.plain.split("\n") if not each.heading
        )
        assert rows.current == here


def test_remarks_call_things_as_the_sheet_does(db: Connection) -> None:
    request = Request(("hip-osteoarthritis",), exercises=(("bridge", {}),), day=TODAY)
    plan = build(db, request)
    bridge = plan.exercises[0].exercise
    assert bridge.lay_label != bridge.label
    named = [remark.text for remark in check(db, plan) if remark.text.startswith(bridge.label)]
    assert named
    assert all(text.startswith(bridge.lay_label) for text in named)


def test_a_sheet_for_the_other_side_does_not_print(db: Connection, reasoner: Reasoner) -> None:
    known = record(reasoner, reasoner.answer(CASE), TODAY)
    for side, stopped in (("right", True), ("left", False), ("both", False)):
        plan = build(db, Request(("hip-osteoarthritis",), side=side, emergency_number="112", day=TODAY), known)
        remarks = [remark for remark in check(db, plan) if remark.level == "block" and remark.mend == "side"]
        assert bool(remarks) == stopped, side


async def test_an_answer_before_printing_does_not_change_the_advice_that_was_chosen(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["lumbar-stenosis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        before = plan.plan.advice
        finding = "worse-bend-forward"
        assert finding in {question.finding for question in plan.plan.questions}
        plan.answer({finding: True})
        assert plan.plan.advice == before
        assert list(before) == [plan.offered.advice[place] for place in plan.request.advice or ()]


async def test_the_sources_of_a_row_are_one_key_away(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        rows = plan.query_one(PlanRows)
        exercise = read.exercise(app.db, plan.exercises[0])
        assert exercise is not None and exercise.dose_source is not None
        expected = {
            f"exercise:{exercise.id}": exercise.dose_source,
            f"workaround:{plan.plan.workarounds[0].treatment.id}": plan.plan.workarounds[0].citations[0].id,
            "advice:0": plan.offered.advice[0].citations[0].id,
        }
        for name, source in expected.items():
            rows.highlight(name)
            await pilot.press("s")
            assert isinstance(app.screen, Reading), name
            text = "\n".join(str(each.render()) for each in app.screen.query(Static))
            assert f"[{source}" in text or f", {source}" in text, name
            await pilot.press("escape")


async def test_the_picture_waits_until_the_highlight_rests(app: DecideApp, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    show = FigurePane.show

    def count(pane: FigurePane, db: Connection, name: str) -> None:
        drawn.append(name)
        show(pane, db, name)

    monkeypatch.setattr(FigurePane, "show", count)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        assert drawn == [plan.exercises[0]]
        await pilot.press("down", "down", "down")
        await pilot.pause(3 * REST)
        assert len(drawn) == 2
        assert plan.query_one(PlanRows).current == f"exercise:{drawn[-1]}"


# --- little room ---------------------------------------------------------------------------------------------------------


async def test_the_steps_are_read_at_once_beside_the_pictures_on_60_columns(app: DecideApp) -> None:
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(LookScreen("sit-to-stand", "Stand up and sit down"))
        await pilot.pause()
        text = screen_text(app)
        assert all(f" {number} " in text for number in range(1, len(read.steps(app.db, "sit-to-stand")) + 1))
        frame = read.figure(app.db, "sit-to-stand")[0]
        assert max(frame.braille.splitlines(), key=len).strip() in text


@pytest.mark.parametrize("name", ["sit-to-stand", "bridge"])
async def test_the_words_come_first_where_there_is_no_room_beside_them(app: DecideApp, name: str) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(LookScreen(name, name))
        await pilot.pause()
        assert "Start " in screen_text(app)
        await pilot.press("end")
        await pilot.pause()
        assert any(0x2800 <= ord(character) < 0x2900 for character in screen_text(app))


async def test_what_to_do_in_an_emergency_is_not_hidden_on_a_small_screen(app: DecideApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        app.change(Case(age=66, present=("saddle-numbness",)))
        await pilot.press("f5")
        await pilot.pause()
        action = app.answer.screening.escalating[0].rule.action
        assert " ".join(action.split()[:12]) in one_line(app)
        assert "NOT SCREENED" in one_line(app)


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40), (200, 50)])
async def test_a_question_asked_before_printing_can_be_answered_at_every_size(
    app: DecideApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        app.change(CASE)
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.press("p", "N")
        await pilot.pause()
        text = one_line(app)
        assert "Ready. Enter prints" in text
        assert "Side" in text


async def test_a_long_text_scrolls_and_its_keys_stay_in_view(app: DecideApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.press("s")
        assert isinstance(app.screen, Reading)
        await pilot.pause()
        first = screen_text(app)
        assert "Sources" in first and "Esc Close" in first
        await pilot.press("end")
        await pilot.pause()
        assert "Esc Close" in screen_text(app) and "Sources" not in screen_text(app)


@pytest.mark.parametrize("key", ["c", "f"])
async def test_every_field_of_a_form_is_reached_on_a_small_screen(app: DecideApp, key: str) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.press(key)
        assert isinstance(app.screen, Form)
        for field in app.screen.fields:
            await pilot.pause()
            assert app.focused is not None and app.focused.id == f"field-{field.name}"
            region = app.focused.region
            assert 0 <= region.y < 12 and app.screen.query_one("#dialog").region.contains_region(region)
            await pilot.press("tab")
