"""The screens through the keyboard alone, at the sizes and in the profiles that people have."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from conftest import TODAY, screen_text
from pypdf import PdfReader
from textual.pilot import WaitForScreenTimeout

from db import library, read
from db.read import Connection
from decide import printing, settings
from decide.case import Case
from decide.sheet import PHASE_WORDS
from screens.app import DecideApp
from screens.ask import AskRows
from screens.candidates import Candidates
from screens.compare import CompareScreen
from screens.desk import DeskScreen
from screens.dialogs import Confirm, Form, PrintDialog, Reading, SaveDialog
from screens.figure import FigurePane, LookScreen
from screens.keys import KeysScreen
from screens.letter import LetterScreen
from screens.person import PersonScreen
from screens.plan import REST, PlanScreen, SheetScreen
from screens.read_back import LetterReadBack, ReadBackScreen
from screens.reader import AboutScreen, EntryRows, MethodScreen, ReaderScreen, WarningsScreen
from screens.rows import Rows
from screens.says import Choices, SearchInput
from screens.why import WhyScreen

SIZES = [(80, 24), (120, 40), (200, 50), (40, 12)]


async def type_text(pilot, text: str) -> None:
    await pilot.press(*({" ": "space"}.get(character, character) for character in text))


def desk(app: DecideApp) -> DeskScreen:
    assert isinstance(app.screen, DeskScreen)
    return app.screen


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path) -> None:
    """The clinic has set its emergency number, as it does once."""
    settings.save(tmp_path / "data", emergency_number="112")


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_story_without_a_mouse(app: DecideApp, size: tuple[int, int], tmp_path: Path) -> None:
    async with app.run_test(size=size) as pilot:
        await type_text(pilot, "sock")
        await pilot.press("enter")
        await type_text(pilot, "lift leg")
        await pilot.press("enter")
        screen = desk(app)
        assert screen.decide.case.movements == ("put-on-socks", "lift-leg")
        candidates = screen.query_one(Candidates)
        candidates.focus()
        await pilot.press("a")
        # Mark two from the list and the third through its page.
        for name in ("si-joint-dysfunction", "sciatica"):
            candidates = screen.query_one(Candidates)
            candidates.focus()
            candidates.highlight(name)
            await pilot.press("space")
        await pilot.press("slash")
        await type_text(pilot, "piriformis syndrome")
        await pilot.press("enter")
        assert isinstance(app.screen, ReaderScreen)
        await pilot.press("c")
        assert isinstance(app.screen, CompareScreen)
        assert app.screen.names == ["si-joint-dysfunction", "sciatica", "piriformis-syndrome"]
        assert "What tells them apart" in screen_text(app) or size == (40, 12)
        await pilot.press("p")
        assert isinstance(app.screen, PlanScreen)
        await pilot.press("p", "N", "w")
        assert isinstance(app.screen, SaveDialog)
        app.screen.query_one("#file").value = str(tmp_path / "sheet.txt")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        assert (tmp_path / "sheet.txt").read_text().startswith("Your self-care plan")


async def test_candidates_follow_every_choice_and_five_come_first(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        assert len(desk(app).candidates.listed) == len(read.conditions(app.db))
        await pilot.press("slash")
        await type_text(pilot, "groin")
        await pilot.press("enter")
        screen = desk(app)
        assert screen.decide.case.regions == ("groin",)
        candidates = screen.query_one(Candidates)
        assert 1 <= len(screen.candidates.listed) <= 5
        await pilot.press("3")
        await pilot.pause()
        assert "more to keep in mind" in screen_text(app)
        candidates.focus()
        await pilot.press("a")
        assert len(screen.candidates.listed) == len(read.conditions(app.db))
        await pilot.press("a", "slash")
        await type_text(pilot, "groin")
        await pilot.press("enter")
        assert screen.decide.case.empty


async def test_the_arrows_and_space_choose_from_the_list(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "down", "down", "space")
        screen = desk(app)
        assert len(screen.decide.case.movements) == 1
        await pilot.press("space")
        assert screen.decide.case.empty


async def test_a_finding_can_be_said_absent(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "buttock")
        await pilot.press("enter")
        await type_text(pilot, "crossed straight leg")
        screen = desk(app)
        choices = screen.query_one(Choices)
        while choices.current != "finding:test-crossed-slr":
            await pilot.press("down")
        await pilot.press("tab", "n")
        assert screen.decide.case.absent == ("test-crossed-slr",)
        assert "[no]" in screen_text(app)


async def test_typing_finds_lay_words_and_forgives_a_slip(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "roll over in bde")
        assert "Turning over in bed" in screen_text(app)


@pytest.mark.parametrize("text", ["[red]x[/red]", "[/", "]]", '"', "*", "zzzzqqqq"])
async def test_typed_markup_shows_as_text(app: DecideApp, text: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one(SearchInput).value = text
        await pilot.pause()
        assert text in screen_text(app)


async def test_pasted_control_and_direction_characters_do_no_harm(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one(SearchInput).value = "\x1b[31mgroin\u202e"
        await pilot.pause()
        text = screen_text(app)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "<U+001B>[31mgroin<U+202E>" in text


async def test_every_claims_source_is_one_key_away(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_entry("condition:lumbar-stenosis")
        await pilot.pause()
        rows = app.screen.query_one(EntryRows)
        assert isinstance(app.screen, ReaderScreen)
        for name, item in list(app.screen.items.items())[:40]:
            if not item.citations:
                continue
            rows.highlight(name)
            await pilot.press("s")
            assert isinstance(app.screen, Reading), item
            await pilot.press("escape")
            assert isinstance(app.screen, ReaderScreen)


async def test_compare_shows_differences_and_d_the_rest(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(CompareScreen(["sciatica", "piriformis-syndrome"]))
        await pilot.pause()
        assert isinstance(app.screen, CompareScreen)
        few = len(app.screen.details)
        await pilot.press("d")
        assert len(app.screen.details) > few
        await pilot.press("enter")
        assert isinstance(app.screen, Reading)
        assert "How:" in screen_text(app)
        await pilot.press("escape", "1")
        assert isinstance(app.screen, ReaderScreen)


async def test_the_list_says_how_often_as_people_say_it(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["mechanical-low-back-pain"]))
        await pilot.pause()
        assert isinstance(app.screen, PlanScreen)
        assert app.screen.dose_words("childs-pose") == "8 to 10 times, once a day, every day"


async def test_dose_side_and_details_stand_on_the_sheet_and_are_kept(app: DecideApp, tmp_path: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("e")
        assert isinstance(app.screen, Form)
        app.screen.query_one("#field-sets").value = "lots"  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert isinstance(app.screen, Form)
        assert "must be a number or a range" in screen_text(app)
        app.screen.query_one("#field-sets").value = "2"  # type: ignore[attr-defined]
        await pilot.press("enter")
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        assert "Sets: 2" in plan.text
        await pilot.press("l")
        assert "Left side" in plan.text
        await pilot.press("f")
        for name, value in (("label", "Bed 4"), ("follow_up", "on Monday"), ("goal", "walk to the shop")):
            app.screen.query_one(f"#field-{name}").value = value  # type: ignore[attr-defined]
        await pilot.press("enter", "c")
        for name, value in (
            ("contact", "Dr. Hill"),
            ("emergency_number", "999"),
            ("pain_limit", "4"),
            ("paper", "letter"),
            ("large", "yes"),
            ("one_sided", "no"),
        ):
            app.screen.query_one(f"#field-{name}").value = value  # type: ignore[attr-defined]
        await pilot.press("enter")
        text = " ".join(plan.text.split())
        for wanted in ("For: Bed 4", "Come back: on Monday.", "My goal: walk to the shop", "From: Dr. Hill"):
            assert wanted in text
        assert "Emergency number: 999" in text
        assert "Up to 4 out of 10" in text
        assert settings.load(tmp_path / "data") == settings.Settings("Dr. Hill", "999", "", "letter", "", "yes", "4")
        await pilot.press("v")
        assert isinstance(app.screen, SheetScreen)
        assert "Your self-care plan" in screen_text(app)


async def test_leaving_a_changed_plan_asks_first(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("l", "escape")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert isinstance(app.screen, PlanScreen)
        await pilot.press("escape", "y")
        await pilot.pause()
        assert isinstance(app.screen, DeskScreen)


async def test_nothing_chosen_and_nothing_marked_makes_no_plan(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f3", "f2")
        assert isinstance(app.screen, DeskScreen)


async def test_the_side_is_in_view_whatever_is_planned(app: DecideApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(PlanScreen(["sciatica", "si-joint-dysfunction", "piriformis-syndrome"]))
        await pilot.pause()
        await pilot.press("l")
        assert "LEFT side" in screen_text(app).splitlines()[0]


async def test_rows_go_on_and_off_the_plan(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.case = Case(movements=("put-on-socks",), side="left")
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        before = len(plan.plan.exercises)
        await pilot.press("space")
        assert len(plan.plan.exercises) == before - 1
        await pilot.press("space")
        assert len(plan.plan.exercises) == before
        assert {row.movement.id for row in plan.plan.workarounds if row.movement} == {"put-on-socks"}
        assert plan.plan.side == "left"


async def test_an_urgent_condition_gets_the_go_now_sheet(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["cauda-equina-syndrome"]))
        await pilot.pause()
        text = screen_text(app)
        assert "Go-now sheet" in text
        assert "no exercises" in text
        foot = text.splitlines()[-1]
        assert "p Print" in foot
        assert not any(key in foot for key in ("e Dose", "i Picture", "t Phase"))
        await pilot.press("e", "t", "k")
        assert isinstance(app.screen, PlanScreen)
        assert app.screen.text.startswith("Go now")


async def test_one_urgent_condition_among_the_marked_gives_the_go_now_sheet(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica", "cauda-equina-syndrome"]))
        await pilot.pause()
        assert isinstance(app.screen, PlanScreen)
        assert app.screen.plan.urgent
        assert app.screen.text.startswith("Go now")


async def test_too_many_exercises_do_not_print_without_a_reason(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        plan.exercises = [exercise.id for exercise in plan.offered.exercises[:9]]
        plan.refresh_plan()
        assert "Not printable" in screen_text(app)
        await pilot.press("p", "N", "enter")
        assert isinstance(app.screen, ReadBackScreen)
        assert "Not printable: 9 exercises" in screen_text(app)
        await pilot.press("escape", "x")
        assert isinstance(app.screen, Form)
        app.screen.query_one("#field-reason").value = "keen"  # type: ignore[attr-defined]
        await pilot.press("enter", "p", "w")
        assert isinstance(app.screen, SaveDialog)
        assert "Reason: keen" in " ".join(plan.text.split())


async def test_nothing_prints_before_the_questions_are_answered(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        await pilot.press("p", "enter")
        assert isinstance(app.screen, ReadBackScreen)
        assert "to ask first" in screen_text(app)
        first = plan.plan.questions[0]
        barred = {bars.label for bars in first.bars}
        await pilot.press("y")
        assert "t takes off what is barred" in screen_text(app)
        await pilot.press("t", "N")
        labels = {planned.exercise.lay_label for planned in plan.plan.exercises}
        labels |= {row.treatment.lay_label for row in plan.plan.workarounds}
        assert not barred & labels
        assert "Ready. Enter prints" in screen_text(app)
        await pilot.press("enter")
        assert isinstance(app.screen, PrintDialog)
        assert f"{first.label}: yes" not in plan.text.split("\f")[0]


async def test_a_sign_of_danger_found_before_printing_stops_the_plan(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(Case(age=66, regions=("groin",)))
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        await pilot.press("p")
        read_back = app.screen
        assert isinstance(read_back, ReadBackScreen)
        rows = read_back.query_one(Rows)
        rows.highlight("ask:breathlessness")
        await pilot.press("y")
        assert app.answer.disposition == "emergency"
        await pilot.press("t", "N", "enter")
        assert isinstance(app.screen, ReadBackScreen)
        text = " ".join(screen_text(app).split())
        assert "this case is an emergency" in text
        assert "F4 says what to do" in text
        assert "F6 writes the letter instead" in text
        assert "Ready" not in text


async def test_a_yes_given_by_mistake_is_taken_back_with_a_no(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(Case(age=66, regions=("groin",)))
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        await pilot.press("p")
        rows = app.screen.query_one(Rows)
        for key in ("y", "n"):
            rows.highlight("ask:breathlessness")
            await pilot.press(key)
        await pilot.press("N")
        assert app.answer.disposition != "emergency"
        assert "Ready" in screen_text(app)


async def test_the_form_answered_over_the_read_back_still_stops_the_plan(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(Case(age=66, regions=("groin",)))
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        await pilot.press("p", "N")
        assert "Ready" in screen_text(app)
        await pilot.press("f5")
        assert isinstance(app.screen, PersonScreen)
        app.change(app.case.answered("saddle-numbness", "yes"))
        await pilot.press("escape", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ReadBackScreen)
        assert "Not printable" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_questions_before_printing_stand_short_and_the_highlighted_one_whole(
    app: DecideApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        await pilot.press("p")
        first, second = plan.plan.questions[:2]
        assert isinstance(app.screen, ReadBackScreen)

        def shown() -> list[str]:
            texts = {row.id: str(row.content) for row in app.screen.query_one(Rows).rows}
            return [" ".join(texts[f"ask:{question.finding}"].split()) for question in (first, second)]

        assert first.question in shown()[0] and first.bars[0].reason in shown()[0]
        assert shown()[1].startswith(f"[ ? ] {second.label} - a yes bars: ")
        assert second.question not in shown()[1]
        # Where the whole of it is taller than the pane, the key goes through it first.
        rows = app.screen.query_one(Rows)
        for _ in range(30):
            if rows.current == f"ask:{first.finding}":
                await pilot.press("down")
        await pilot.pause()
        assert first.question not in shown()[0]
        assert second.question in shown()[1]
        await pilot.press("o")
        assert isinstance(app.screen, Reading)
        assert second.question.split()[0] in screen_text(app)


async def test_what_became_of_the_sheet_stays_on_the_read_back(app: DecideApp, tmp_path: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("p", "N", "w")
        app.screen.query_one("#file").value = str(tmp_path / "s.txt")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ReadBackScreen)
        assert "Saved:" in screen_text(app)
        await pilot.press("escape", "l", "p")
        assert "Saved:" not in screen_text(app)


async def test_a_new_phase_asks_before_it_drops_what_was_chosen(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        await pilot.press("J", "t")
        assert isinstance(app.screen, Confirm)
        chosen = list(plan.exercises)
        await pilot.press("enter")
        assert plan.exercises == chosen
        await pilot.press("t", "y")
        assert isinstance(app.screen, PlanScreen)
        assert plan.exercises != chosen
        await pilot.press("t")
        assert isinstance(app.screen, PlanScreen)


async def test_the_row_of_what_is_barred_says_so(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        barring = next(question for question in plan.plan.questions if question.finding == "pregnancy-or-postpartum")
        await pilot.press("p")
        app.screen.query_one(Rows).highlight(f"ask:{barring.finding}")
        await pilot.press("y", "escape")
        lines = screen_text(app).splitlines()
        barred = [number for number, line in enumerate(lines) if "not for this plan" in line]
        assert len(barred) == 1 and lines[barred[0] - 1].startswith(" [2]")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_foot_of_the_plan_names_f1_and_the_side(app: DecideApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        foot = screen_text(app).splitlines()[-1]
        for key in ("Space Choose", "e Dose", "p Print", "l Side", "F1 Keys"):
            assert key in foot


async def test_a_remark_that_is_cut_says_which_key_has_it_whole(app: DecideApp, tmp_path: Path) -> None:
    settings.save(tmp_path / "data", emergency_number="")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        line = next(line for line in screen_text(app).splitlines() if "no emergency number" in line)
        assert line.lstrip().startswith("c ") and line.rstrip().endswith("... (r)")
        await pilot.press("r")
        assert "set the clinic's once (c mends it)" in " ".join(screen_text(app).split())


@pytest.mark.parametrize("paper", ["a4", "letter"])
async def test_the_sheet_says_how_many_sides_it_takes(app: DecideApp, tmp_path: Path, paper: str) -> None:
    settings.save(tmp_path / "data", paper=paper)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        await pilot.press("v")
        await app.workers.wait_for_complete()
        await pilot.pause()
        sides = len(PdfReader(BytesIO(plan.pdf())).pages)
        assert f" - {sides} sides of {printing.MEDIA[plan.paper]} - " in screen_text(app).splitlines()[0]


async def test_from_a_ranked_case_to_the_printer_in_eight_keys(app: DecideApp, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[bytes, str]] = []

    def send(document: bytes, title: str, queue: str = "", *_: object, **__: object) -> printing.Job:
        sent.append((document, queue))
        return printing.Job("Office-7", queue)

    monkeypatch.setattr(printing, "queues", lambda: [printing.Queue("Office", default=True, state="idle")])
    monkeypatch.setattr(printing, "send", send)
    monkeypatch.setattr(printing, "state", lambda job: printing.State("printed", f"printed on {job.queue}", True))
    async with app.run_test(size=(120, 40)) as pilot:
        app.change(Case(age=66, present=("pain-groin", "hip-ir-limited"), regions=("groin",)))
        await pilot.press("escape")
        desk(app).query_one(Candidates).focus()
        await pilot.pause()
        keys = ["f3", "p", "N", "enter", "enter"]
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert len(keys) <= 8
        assert sent and sent[0][0].startswith(b"%PDF"), screen_text(app)
        assert sent[0][1] == "Office"
        assert "printed on Office" in screen_text(app)


async def test_an_urgent_case_comes_to_a_plan_only_once_it_is_cleared(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.change(Case(age=40, present=("unexplained-weight-loss", "pain-low-back")))
        app.push_screen(PlanScreen(["mechanical-low-back-pain"]))
        await pilot.pause()
        assert "Not printable yet: k mends it." in screen_text(app)
        await pilot.press("x")
        assert isinstance(app.screen, PlanScreen)
        await pilot.press("k")
        app.screen.query_one("#field-cleared_on").value = "2030-01-01"  # type: ignore[attr-defined]
        app.screen.query_one("#field-cleared_by").value = "Dr. Hill"  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert "cannot have been cleared" in " ".join(screen_text(app).split())
        app.screen.query_one("#field-cleared_on").value = TODAY.isoformat()  # type: ignore[attr-defined]
        await pilot.press("enter")
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        assert not plan.stopping
        assert f"Cleared by Dr. Hill on {TODAY.isoformat()}" in plan.text


async def test_exercises_change_place_and_phase(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlanScreen(["hip-osteoarthritis"]))
        await pilot.pause()
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        before = list(plan.exercises)
        await pilot.press("J")
        assert plan.exercises[:2] == [before[1], before[0]]
        await pilot.press("K", "K")
        assert plan.exercises == before
        await pilot.press("t")
        assert plan.exercises == read.template(app.db, ["hip-osteoarthritis"], plan.offered.phase)[:2]
        assert plan.exercises != before
        assert PHASE_WORDS[plan.offered.phase] in screen_text(app).splitlines()[0]


async def test_the_picture_stands_beside_the_steps(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlanScreen(["core-weakness"]))
        await pilot.pause()
        await pilot.press("down")
        # The picture follows once the highlight rests.
        await pilot.pause(2 * REST)
        plan = app.screen
        assert isinstance(plan, PlanScreen)
        name = plan.exercises[1]
        text = screen_text(app)
        for frame in read.figure(app.db, name):
            line = max(frame.braille.splitlines(), key=len).strip()
            assert line in text, frame.name
        assert read.steps(app.db, name)[0].text.split()[0] in text
        await pilot.press("i")
        assert isinstance(app.screen, LookScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, PlanScreen)


@pytest.mark.parametrize("name", ["sit-to-stand", "bridge"])
async def test_both_pictures_and_the_steps_are_read_at_once_on_the_smallest_usual_screen(app: DecideApp, name: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(LookScreen(name, name))
        await pilot.pause()
        lines = screen_text(app).splitlines()
        for frame in read.figure(app.db, name):
            for drawn in frame.braille.rstrip("\n").splitlines():
                assert any(drawn.strip() in line for line in lines), frame.name
        assert all(f" {number} " in screen_text(app) for number in range(1, len(read.steps(app.db, name)) + 1))


async def test_no_figure_is_drawn_when_a_screen_opens(app: DecideApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a figure is drawn")

    for name in ("raster", "svg", "braille", "half_blocks"):
        monkeypatch.setattr(f"db.figure.drawing.{name}", refuse)
    monkeypatch.setattr("db.figure.pose.posed", refuse)
    async with app.run_test(size=(120, 40)) as pilot:
        for screen in (PlanScreen(["sciatica"]), LookScreen("bridge", "Bridge"), ReaderScreen("bridge")):
            app.push_screen(screen)
            await pilot.pause()
        await pilot.press("i")
        assert isinstance(app.screen, LookScreen)
        frame = read.figure(app.db, "bridge")[0]
        assert max(frame.braille.splitlines(), key=len).strip() in screen_text(app)


async def test_saving_over_a_file_asks_once_and_a_bad_place_says_why(app: DecideApp, tmp_path: Path) -> None:
    target = tmp_path / "sheet.txt"
    target.write_text("old")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("p", "N", "w")
        line = app.screen.query_one("#file")
        assert line.value.endswith(".pdf")  # type: ignore[attr-defined]
        line.value = str(tmp_path / "sheet.doc")  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert "End the name with .pdf or .html or .txt" in " ".join(screen_text(app).split())
        line.value = str(tmp_path / "no" / "such" / "place.txt")  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert "cannot write" in " ".join(screen_text(app).split())
        line.value = str(target)  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert target.read_text() == "old"
        assert "Enter once more" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert target.read_text().startswith("Your self-care plan")


async def test_without_a_printer_the_dialog_says_so(
    app: DecideApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("p", "N", "enter")
        assert isinstance(app.screen, PrintDialog)
        assert "No printer is set up" in screen_text(app)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, PlanScreen)


async def test_clearing_asks_and_then_forgets_everything(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "sock")
        await pilot.press("enter", "tab", "tab", "space", "f8")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert not app.case.empty
        await pilot.press("f8", "y")
        await pilot.pause()
        assert app.case.empty
        assert app.marked == []
        assert not app.undo()
        assert isinstance(app.screen, PersonScreen)


async def test_help_warning_signs_and_about_open_from_every_screen(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        assert isinstance(app.screen, KeysScreen)
        text = screen_text(app)
        assert "Compare" in text
        assert "f2" in text.lower()
        await pilot.press("escape", "f4")
        assert isinstance(app.screen, WarningsScreen)
        assert "Emergency: now" in screen_text(app)
        await pilot.press("backspace")
        app.action_about()
        await pilot.pause()
        assert isinstance(app.screen, AboutScreen)
        assert app.about.hash[:20] in screen_text(app)


async def test_the_first_list_is_sorted_by_the_names_it_shows(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, DeskScreen)
        await pilot.press("3")
        pane = app.screen.candidates
        names = [pane.label(one).casefold() for one in pane.listed]
        assert len(names) > 50
        assert names == sorted(names)


async def test_a_plan_is_never_for_a_condition_that_nobody_picked(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await type_text(pilot, "socks")
        await pilot.press("enter", "f3")
        await pilot.pause()
        assert isinstance(app.screen, DeskScreen)
        assert "F3 again plans for" in " ".join(screen_text(app).split())
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, PlanScreen)


async def test_several_warning_signs_are_counted_and_no_message_covers_them(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("f3")
        app.case = Case(present=("fever", "pain-low-back", "saddle-numbness"))
        await type_text(pilot, "night sweats")
        await pilot.press("enter")
        await pilot.pause(0.2)
        text = " ".join(screen_text(app).split())
        assert "EMERGENCY, now. MUST EXCLUDE: Cauda equina syndrome" in text
        assert re.search(r"NOT SCREENED: \d+ of \d+ safety questions answered \(F5\). \d warnings in all \(F4\)", text)
        assert "Choose what the person says" not in text


async def test_the_palette_finds_commands_and_conditions(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await type_text(pilot, "hip osteo")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert isinstance(app.screen, ReaderScreen)
        assert app.screen.entry.id == "hip-osteoarthritis"
        await pilot.press("escape", "ctrl+p")
        await pilot.pause()
        await type_text(pilot, "warning")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert isinstance(app.screen, WarningsScreen)


async def test_a_warning_shows_once_the_review_date_has_passed(db: Connection, tmp_path: Path) -> None:
    app = DecideApp(db, tmp_path, TODAY.replace(year=TODAY.year + 3))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        assert "due for review" in " ".join(screen_text(app).split())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "linux")])
async def test_plain_terminals_get_no_character_that_they_lack(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    app = DecideApp(db, tmp_path, TODAY)
    app.case = Case(age=64, present=("saddle-numbness", "pain-buttock"))
    assert app.plain
    known = set("─│┌┐└┘├┤═║╔╗╚╝▪•↵⏎▏^")
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, PersonScreen)
        await pilot.press("f2")
        await type_text(pilot, "sock")
        await pilot.press("enter")
        compared = CompareScreen(["sciatica", "hip-osteoarthritis"])
        others = (PersonScreen(), WhyScreen("sciatica"), LetterScreen(), WarningsScreen(), KeysScreen(app.screen))
        for screen in (None, compared, PlanScreen(["sciatica"]), *others):
            if screen is not None:
                app.push_screen(screen)
                await pilot.pause()
            odd = {character for character in screen_text(app) if ord(character) > 255} - known
            assert not odd, odd


@pytest.mark.parametrize("size", SIZES)
async def test_no_screen_breaks_at_any_size_or_on_resizing(app: DecideApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        app.push_screen(CompareScreen(["sciatica", "hip-osteoarthritis", "lumbar-stenosis", "fibromyalgia"]))
        await pilot.pause()
        await pilot.resize_terminal(*size)
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.resize_terminal(140, 30)
        await pilot.pause()
        assert app.screen.query_one(FigurePane).display
        app.case = Case(age=70, present=("saddle-numbness", "pain-buttock", "worse-walking"))
        for screen in (PersonScreen(), WhyScreen("sciatica"), LetterScreen(), WarningsScreen()):
            app.push_screen(screen)
            await pilot.pause()
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert "NOT SCREENED" in screen_text(app) or isinstance(screen, WhyScreen)
        app.open_entry("condition:sciatica")
        await pilot.pause()
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert isinstance(app.screen, ReaderScreen)


async def test_a_knowledge_file_damaged_under_the_program_ends_it_with_one_line(
    knowledge_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(knowledge_file.read_bytes())
    app = DecideApp(library.connect(copy), tmp_path, TODAY, form=False)
    async with app.run_test(size=(80, 24)) as pilot:
        app.db.close()
        app.db = sqlite3.connect(":memory:")
        with suppress(WaitForScreenTimeout):
            await type_text(pilot, "a")
            await pilot.pause()
    assert app.return_code == 2


async def test_choices_stay_put_when_the_list_is_rebuilt(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "sock")
        await pilot.press("enter")
        assert desk(app).query_one(Choices).current == "movement:put-on-socks"
        assert desk(app).query_one(SearchInput).value == ""
        assert app.focused is desk(app).query_one(SearchInput)


# --- the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def started(db: Connection, tmp_path: Path) -> DecideApp:
    """The app as it starts: the form first."""
    return DecideApp(db, tmp_path / "data", TODAY)


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_form_takes_one_stroke_for_each_row(started: DecideApp, size: tuple[int, int]) -> None:
    async with started.run_test(size=size) as pilot:
        assert isinstance(started.screen, PersonScreen)
        await type_text(pilot, "64mlcg")
        case = started.case
        assert (case.age, case.sex, case.side, case.duration, case.onset) == (64, "m", "left", "chronic", "gradual")
        for _ in started.answer.screening.questions:
            await pilot.press("n")
        assert started.answer.screening.screened
        assert "NOT SCREENED" not in screen_text(started)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(started.screen, DeskScreen)
        assert "safe" not in screen_text(started).lower().replace("safety", "")


async def test_saddle_numbness_is_an_emergency_at_once_with_the_whole_action(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "64mlcg")
        await pilot.press("y")
        await pilot.pause()
        text = " ".join(screen_text(started).split())
        assert "EMERGENCY, now. MUST EXCLUDE: Cauda equina syndrome." in text
        assert started.answer.screening.escalating[0].rule.action in text
        assert "NOT SCREENED: 1 of" in text


async def test_a_skipped_form_says_not_screened(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(started.screen, DeskScreen)
        assert re.search(r"NOT SCREENED: 0 of \d+ safety questions answered", screen_text(started))


async def test_answers_of_the_form_can_be_no_not_able_cleared_and_undone(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        rows = started.screen.query_one("#person", Rows)
        first, second = (each.question for each in started.answer.screening.questions[:2])
        rows.highlight(f"question:{first.id}")
        await pilot.press("n", "u")
        assert started.case.answer(first.finding) == "no"
        assert started.case.answer(second.finding) == "not able"
        assert not started.answer.screening.screened
        assert started.answer.screening.asked == 1
        await pilot.press("up", "x")
        assert started.case.answer(second.finding) is None
        await pilot.press("z")
        assert started.case.answer(second.finding) == "not able"
        await pilot.press("z", "z")
        assert started.case.empty


async def test_after_a_yes_the_findings_of_a_question_are_told_apart(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        rows = started.screen.query_one("#person", Rows)
        asked = next(each.question for each in started.answer.screening.questions if len(each.question.findings) > 1)
        rows.highlight(f"question:{asked.id}")
        await pilot.press("y")
        assert started.case.present == (asked.findings[0],)
        rows.highlight(f"part:{asked.id}:{asked.findings[1]}")
        await pilot.press("y")
        assert set(asked.findings[:2]) <= set(started.case.present)


async def test_the_form_asks_what_the_case_calls_for(started: DecideApp) -> None:
    async with started.run_test(size=(80, 40)) as pilot:
        assert "Could you be pregnant?" not in screen_text(started)
        await type_text(pilot, "30f")
        await pilot.pause()
        assert "Could you be pregnant?" in screen_text(started)


async def test_an_age_is_typed_mended_and_bounded(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        assert started.case.age is None
        await pilot.press("4", "5")
        assert started.case.age == 64
        assert "Age goes to 120" in screen_text(started)
        await pilot.press("backspace", "7")
        assert started.case.age == 67
        await pilot.press("enter", "up", "8", "down")
        await pilot.pause()
        assert started.case.age == 8
        await pilot.press("up", "x")
        assert started.case.age is None
        await pilot.press("9", "enter")
        assert started.case.age == 9
        assert started.screen.query_one("#person", Rows).current == "field:sex"


async def test_an_answer_that_follows_from_another_row_says_so(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "64mlat")
        rows = started.screen.query_one("#person", Rows)
        name = next(e.question.id for e in started.answer.screening.questions if e.question.finding == "trauma-recent")
        rows.highlight(f"question:{name}")
        await pilot.press("n")
        assert "follows from another row" in screen_text(started)


async def test_f5_comes_back_to_the_form_with_what_was_answered(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "64m")
        await pilot.press("f2", "f5")
        await pilot.pause()
        assert isinstance(started.screen, PersonScreen)
        assert "[64]" in screen_text(started)
        await pilot.press("f4", "f5")
        await pilot.pause()
        assert sum(isinstance(screen, PersonScreen) for screen in started.screen_stack) == 1
        assert isinstance(started.screen, PersonScreen)


# --- asking and answering --------------------------------------------------------------------------------------------


async def test_findings_are_answered_yes_no_not_able_cleared_and_undone(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "straight leg raise")
        choices = app.screen.query_one(Choices)
        name = "test-slr"
        while choices.current != f"finding:{name}":
            await pilot.press("down")
        await pilot.press("tab", "y")
        assert app.case.answer(name) == "yes"
        choices.highlight(f"finding:{name}")
        await pilot.press("n")
        assert app.case.answer(name) == "no"
        choices.highlight(f"finding:{name}")
        await pilot.press("u")
        assert app.case.answer(name) == "not able"
        assert "[not able]" in screen_text(app)
        choices.highlight(f"finding:{name}")
        await pilot.press("x")
        assert app.case.answer(name) is None
        await pilot.press("z", "z", "z")
        assert app.case.answer(name) == "yes"
        await pilot.press("z")
        assert app.case.empty


async def test_the_next_question_is_one_key_away_and_its_answer_changes_the_list(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        for words in ("buttock", "sock"):
            await type_text(pilot, words)
            await pilot.press("enter")
        text = screen_text(app)
        assert "Ask next" in text
        assert "tells " in text
        first, before = app.answer.questions[0], app.answer.ranking.candidates
        await pilot.press("4")
        await pilot.pause()
        assert app.screen.query_one(AskRows).current == f"ask:{first.finding.id}"
        whole = " ".join(screen_text(app).split())
        assert "Yes: " in whole
        assert "No: " in whole
        await pilot.press("y")
        assert app.case.answer(first.finding.id) == "yes"
        assert app.answer.ranking.candidates != before
        assert first.finding.lay_label in screen_text(app)
        assert app.screen.query_one(AskRows).current in {f"ask:{each.finding.id}" for each in app.answer.questions}


@pytest.mark.parametrize(("columns", "shown"), [(115, False), (120, True), (200, True)])
async def test_the_why_stands_beside_the_list_where_there_is_room(app: DecideApp, columns: int, shown: bool) -> None:
    async with app.run_test(size=(columns, 40)) as pilot:
        await type_text(pilot, "buttock")
        await pilot.press("enter")
        app.screen.query_one(Candidates).focus()
        await pilot.pause()
        assert ("Speaks for it" in screen_text(app)) == shown


async def test_under_the_list_stands_what_a_movement_asks_of_the_joints_and_how_to_ask_for_a_finding(
    app: DecideApp,
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "socks")
        await pilot.pause()
        assert "Joints: deep hip flexion" in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "crossed straight leg")
        await pilot.pause()
        assert "How: " in screen_text(app)


async def test_candidates_stand_under_their_bands_with_reasons_and_weights(app: DecideApp) -> None:
    async with app.run_test(size=(120, 60)) as pilot:
        app.case = Case(age=64, present=("pain-buttock", "worse-walking", "better-sitting"), absent=("test-slr",))
        await pilot.press("escape")
        desk(app).show()
        await pilot.pause()
        text = screen_text(app)
        assert "Fits well" in text
        assert "Keep in mind" not in text
        assert re.search(r"for: .* x\d", text)
        assert re.search(r"Candidates: \d+ of \d+ answered", text)
        app.screen.query_one(Candidates).focus()
        await pilot.press("a")
        await pilot.pause()
        rows = app.screen.query_one(Candidates)
        titles = [str(row.content) for row in rows.rows]
        assert "Keep in mind" in titles
        assert titles.index("Impairments: explain, not diagnose") > titles.index("Keep in mind")


async def test_why_gives_every_reason_with_its_sources(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.case = Case(age=64, present=("pain-buttock", "worse-walking"), absent=("test-slr",))
        desk(app).show()
        app.screen.query_one(Candidates).focus()
        await pilot.press("w")
        await pilot.pause()
        why = app.screen
        assert isinstance(why, WhyScreen)
        assert "Before any answer" in screen_text(app)
        rows = why.query_one("#entry", Rows)
        linked = 0
        for name, item in why.items.items():
            assert item.citations, item
            rows.highlight(name)
            await pilot.press("s")
            assert isinstance(app.screen, Reading)
            await pilot.press("escape")
            if item.id and not linked:
                linked += 1
                await pilot.press("o")
                await pilot.pause()
                assert isinstance(app.screen, ReaderScreen)
                assert f"finding:{app.screen.entry.id}" == item.id
                await pilot.press("escape")
        assert linked


async def test_why_not_opens_from_the_page_of_any_condition(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.case = Case(present=("pain-groin",))
        app.open_entry("condition:coccydynia" if "coccydynia" in app.reasoner.conditions else "condition:sciatica")
        await pilot.pause()
        await pilot.press("w")
        await pilot.pause()
        assert isinstance(app.screen, WhyScreen)
        assert "Expected, not asked yet" in screen_text(app)


async def test_the_why_follows_a_case_that_changes_above_it(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.case = Case(present=("pain-buttock",))
        app.open_why("sciatica")
        await pilot.pause()
        app.push_screen(PersonScreen())
        await pilot.pause()
        app.change(Case(present=("pain-buttock", "pain-groin")))
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, WhyScreen)
        assert app.screen.answer is app.answer


async def test_under_18_nothing_is_ranked_compared_or_planned(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "14f")
        await pilot.press("f2")
        await type_text(pilot, "groin")
        await pilot.press("enter")
        screen = desk(started)
        text = screen_text(started)
        assert not screen.candidates.listed
        assert "Under 18: nothing is ranked" in text
        await pilot.press("3")
        await pilot.pause()
        text = screen_text(started)
        assert "slipped growth plate" in " ".join(text.split())
        assert "Ask next" not in text
        await pilot.press("f2")
        assert isinstance(started.screen, DeskScreen)
        await pilot.press("f3")
        assert isinstance(started.screen, Reading)
        await pilot.press("escape")
        started.open_why("sciatica")
        await pilot.pause()
        assert isinstance(started.screen, Reading)


async def test_warnings_of_the_case_come_first_with_why_and_what_to_do(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.case = Case(present=("saddle-numbness", "motor-deficit-progressive"))
        await pilot.press("f4")
        await pilot.pause()
        assert isinstance(app.screen, WarningsScreen)
        text = screen_text(app)
        for word in ("In this case - EMERGENCY", "because: ", "do: ", "suspect: ", "evidence: "):
            assert word in text
        editorial = [trip for trip in app.answer.screening.trips if trip.rule.urgency_basis == "reviewer"]
        assert bool(editorial) == ("the time is editorial" in " ".join(item.text for item in app.screen.items.values()))


async def test_the_letter_is_read_and_saved(app: DecideApp, tmp_path: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.case = Case(age=64, sex="m", present=("saddle-numbness",))
        await pilot.press("f6")
        await pilot.pause()
        assert isinstance(app.screen, LetterScreen)
        await pilot.press("f")
        app.screen.query_one("#field-label").value = "Bed 4"  # type: ignore[attr-defined]
        await pilot.press("enter", "w")
        assert isinstance(app.screen, LetterReadBack)
        await pilot.press("w")
        assert isinstance(app.screen, SaveDialog)
        app.screen.query_one("#file").value = str(tmp_path / "letter.txt")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        text = (tmp_path / "letter.txt").read_text()
        assert text.startswith("REFERRAL LETTER")
        assert TODAY.isoformat() in text
        assert "Bed 4" in text
        assert "NOTE FOR THE RECORD" in text
        await pilot.press("w")
        line = app.screen.query_one("#file")
        assert line.value.endswith(f"letter-Bed-4-{TODAY.isoformat()}.pdf")  # type: ignore[attr-defined]
        line.value = str(tmp_path / "letter.pdf")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF")
        await pilot.press("escape", "f")
        app.screen.query_one("#field-label").value = "x" * 61  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert isinstance(app.screen, Form)
        assert "the label is longer than 60 characters" in " ".join(screen_text(app).split())


async def test_an_emergency_leaves_the_go_now_sheet_for_what_must_be_excluded(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.case = Case(present=("saddle-numbness", "pain-buttock"), side="right")
        app.marked = ["sciatica"]
        desk(app).show()
        await pilot.press("f3")
        assert isinstance(app.screen, Confirm)
        assert "EMERGENCY, now: no plan" in screen_text(app)
        await pilot.press("n")
        assert isinstance(app.screen, DeskScreen)
        await pilot.press("f3", "y")
        await pilot.pause()
        assert isinstance(app.screen, PlanScreen)
        assert app.screen.names == ("cauda-equina-syndrome",)
        assert app.screen.plan.urgent
        assert "EMERGENCY, now" in screen_text(app)


async def test_f8_from_anywhere_clears_the_case_and_opens_the_form(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(Case(age=70, present=("pain-buttock",)))
        app.marked = ["sciatica"]
        app.open_why("sciatica")
        await pilot.pause()
        await pilot.press("f8", "y")
        await pilot.pause()
        assert isinstance(app.screen, PersonScreen)
        assert app.case.empty
        assert app.marked == []
        assert app.past == []
        await pilot.press("f2", "3")
        await pilot.pause()
        assert "nothing chosen yet" in screen_text(app)


async def test_the_method_page_tests_itself_when_it_is_opened(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_about()
        await pilot.pause()
        await pilot.press("f9", *"method", "enter")
        await pilot.pause(0.1)
        while not app.screen.items:  # type: ignore[attr-defined]
            await pilot.pause(0.1)
        assert isinstance(app.screen, MethodScreen)
        assert any("Score = prior odds" in item.text for item in app.screen.items.values())
        assert any("vignettes" in item.text for item in app.screen.items.values())


def test_the_app_is_built_before_the_reasoning_is_loaded(db: Connection, tmp_path: Path) -> None:
    app = DecideApp(db, tmp_path, TODAY)
    assert "reasoner" not in vars(app)


async def test_a_new_person_begins_on_the_form_wherever_one_was(started: DecideApp) -> None:
    async with started.run_test(size=(120, 40)) as pilot:
        await type_text(pilot, "6")
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(started.screen, PersonScreen)
        assert "[6]" not in screen_text(started)
        await type_text(pilot, "64m")
        await pilot.press("f2")
        await pilot.pause()
        await type_text(pilot, "sock")
        await pilot.press("f4", "f8", "y")
        await pilot.pause()
        assert isinstance(started.screen, PersonScreen)
        assert started.case.empty
        await pilot.press("f2")
        await pilot.pause()
        assert desk(started).query_one(SearchInput).value == ""
