"""What a newcomer met who tried three tasks from cold, by the keyboard alone: each would have been met again."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from conftest import TODAY, screen_text
from textual.pilot import Pilot
from textual.widgets import Input

from db.read import Connection
from decide import settings
from decide.answer import Reasoner
from decide.case import Case
from decide.interview import interview
from decide.read_back import case_in_short
from decide.screening import answer_question
from screens.app import DecideApp
from screens.candidates import CandidatesPane
from screens.choose import ConditionDialog, Which
from screens.dialogs import Field, Form, PrintDialog, SaveDialog
from screens.palette import PaletteScreen


async def press(pilot: Pilot[int | None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


async def test_esc_empties_the_search_line_that_stands_there_after_reading(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *"sciatica", "enter", "escape")
        line = app.screen.query_one("#search", Input)
        assert (line.value, line.has_focus) == ("sciatica", True)
        await press(pilot, "escape")
        assert line.value == ""
        await press(pilot, "3")
        assert app.screen.query_one(CandidatesPane).target.has_focus


async def test_esc_from_another_pane_keeps_the_words_of_the_search(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *"sock", "tab", "escape")
        assert app.screen.query_one("#search", Input).value == "sock"


async def test_a_number_typed_where_the_sheet_lacks_one_is_the_emergency_number(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_plan(["hip-osteoarthritis"])
        await pilot.pause()
        await press(pilot, "c", *"112", "enter")
        kept = settings.load(app.folder)
        assert (kept.emergency_number, kept.contact) == ("112", "")
        await press(pilot, "c")
        assert app.focused is app.screen.query_one("#field-contact")


@pytest.mark.parametrize(
    ("dialog", "key"),
    [
        (lambda _: Form("Title", [Field("name", "Name", "")], lambda _: None), "Enter Keep"),
        (lambda _: SaveDialog({".pdf": lambda: b""}, "sheet.pdf"), "Enter Keep"),
        (lambda _: Which("Which?", ["One", "Two"]), "Enter Take"),
        (lambda app: ConditionDialog(app.db, "Which?", []), "Enter Take"),
        (lambda _: PrintDialog(lambda: (b"", "text"), "Sheet", ""), "Enter Print"),
    ],
)
async def test_the_foot_of_a_small_window_names_its_main_key(app: DecideApp, dialog: object, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog(app))  # type: ignore[operator]
        await pilot.pause()
        await pilot.pause()
        assert key in screen_text(app)


async def test_a_case_that_cannot_be_kept_is_told_of_on_the_desk_too(db: Connection) -> None:
    app = DecideApp(db, Path("/dev/null/data"), TODAY)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *"44m", "f2")
        await pilot.pause()
        assert "not kept" in screen_text(app)


@pytest.mark.parametrize(("side", "words"), [("both", "BOTH sides"), ("left", "LEFT side"), (None, "side not said")])
async def test_the_title_of_the_plan_says_the_side(app: DecideApp, side: str | None, words: str) -> None:
    app.case = Case(side=side)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_plan(["hip-osteoarthritis"])
        await pilot.pause()
        assert f"Plan - {words} - " in screen_text(app)


async def test_the_palette_opens_with_rows_as_wide_as_it_is(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "f9")
        await pilot.pause()
        assert isinstance(app.screen, PaletteScreen)
        assert "Compare. Compare the marked conditions, or the first three" in screen_text(app)


async def test_a_click_on_a_tab_goes_to_its_pane(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for name in ("3 Candidates", "2 Body", "4 Ask", "1 Says"):
            place = screen_text(app).splitlines()[1].index(name)
            await pilot.click(offset=(place, 1))
            await pilot.pause()
            assert f"[{name}" in screen_text(app).splitlines()[1]


async def test_how_many_more_reasons_there_are_cannot_be_taken_for_a_weight(app: DecideApp) -> None:
    app.case = Case(age=60, sex="f", duration="chronic", regions=("groin",), movements=("put-on-socks",))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        text = screen_text(app)
        assert "; +" not in text
        assert " more\n" in text


async def test_thousands_of_pasted_characters_that_find_nothing_stay_two_lines(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one("#search", Input).value = "日本" * 2500
        await pilot.pause()
        await pilot.pause()
        assert screen_text(app).count("日本" * 10) <= 4
        assert "..." in screen_text(app)


def test_the_read_back_counts_no_safety_question_twice(reasoner: Reasoner) -> None:
    case = Case(age=44, sex="m", movements=("put-on-socks",), absent=("hip-ir-limited",))
    for each in reasoner.answer(case).screening.questions:
        case = answer_question(case, each.question, "no")
    said = next(row for row in case_in_short(reasoner, reasoner.answer(case), "") if row.what == "Said")
    assert "1 no." in said.text


def test_the_interview_takes_the_letters_of_the_form(db: Connection, tmp_path: Path) -> None:
    out = io.StringIO()
    assert interview(db, tmp_path, "clinician", io.StringIO("60\nf\nr\nc\ng\nq\n"), out) == 0
    assert "Not understood" not in out.getvalue()
    assert "1 of 11" in out.getvalue()
    out = io.StringIO()
    # Both letters of two begin so, or none: it is asked again.
    interview(db, tmp_path, "clinician", io.StringIO("60\nf\nz\nq\n"), out)
    assert "Not understood: z" in out.getvalue()


async def test_that_there_are_more_reasons_is_said_in_a_narrow_column_too(app: DecideApp) -> None:
    app.case = Case(age=60, sex="f", duration="chronic", regions=("groin",), movements=("put-on-socks",))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3")
        column = " ".join(line[47:84].strip() for line in screen_text(app).splitlines())
        assert re.search(r"Groin or anterior hip pain x2; [1-9] more", column), column
