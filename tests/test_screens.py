"""The screens through the keyboard alone, at the sizes and in the profiles that people have."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import TODAY, screen_text
from textual.pilot import WaitForScreenTimeout

from db import library, read
from db.read import Connection
from decide import settings
from decide.find import Choice
from screens.app import DecideApp
from screens.compare import CompareScreen
from screens.dialogs import Confirm, Form, PrintDialog, Reading, SaveDialog
from screens.find import Candidates, Choices, FindScreen, SearchInput
from screens.keys import KeysScreen
from screens.plan import PlanScreen, SheetScreen
from screens.reader import AboutScreen, EntryRows, ReaderScreen, WarningsScreen

SIZES = [(80, 24), (120, 40), (200, 50), (40, 12)]


async def type_text(pilot, text: str) -> None:
    await pilot.press(*({" ": "space"}.get(character, character) for character in text))


def find_screen(app: DecideApp) -> FindScreen:
    assert isinstance(app.screen, FindScreen)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_story_without_a_mouse(app: DecideApp, size: tuple[int, int], tmp_path: Path) -> None:
    async with app.run_test(size=size) as pilot:
        await type_text(pilot, "sock")
        await pilot.press("enter")
        await type_text(pilot, "lift leg")
        await pilot.press("enter")
        screen = find_screen(app)
        assert screen.decide.choice.movements == ("put-on-socks", "lift-leg")
        shown = [one.condition.id for one in screen.candidates[:5]]
        assert "sciatica" in shown
        assert "si-joint-dysfunction" in shown
        # Mark two from the list and the third through its page.
        for name in ("si-joint-dysfunction", "sciatica"):
            candidates = screen.query_one(Candidates)
            candidates.focus()
            candidates.highlighted = next(
                n for n in range(candidates.option_count) if candidates.get_option_at_index(n).id == name
            )
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
        await pilot.press("w")
        assert isinstance(app.screen, SaveDialog)
        app.screen.query_one("#file").value = str(tmp_path / "sheet.txt")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        assert (tmp_path / "sheet.txt").read_text().startswith("Your self-care plan")


async def test_candidates_follow_every_choice_and_five_come_first(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        assert len(find_screen(app).candidates) == len(read.conditions(app.db))
        await type_text(pilot, "groin")
        await pilot.press("enter")
        screen = find_screen(app)
        assert screen.decide.choice.regions == ("groin",)
        few = len(screen.candidates)
        candidates = screen.query_one(Candidates)
        assert candidates.option_count == 6
        assert "more match less well" in screen_text(app)
        candidates.focus()
        await pilot.press("a")
        assert candidates.option_count == few
        await pilot.press("a", "slash")
        await type_text(pilot, "groin")
        await pilot.press("enter")
        assert screen.decide.choice.empty


async def test_the_arrows_and_space_choose_from_the_list(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "down", "down", "space")
        screen = find_screen(app)
        assert len(screen.decide.choice.movements) == 1
        await pilot.press("space")
        assert screen.decide.choice.empty


async def test_a_finding_can_be_said_absent(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "buttock")
        await pilot.press("enter")
        await type_text(pilot, "crossed straight leg")
        screen = find_screen(app)
        choices = screen.query_one(Choices)
        while choices.current != "finding:test-crossed-slr":
            await pilot.press("down")
        await pilot.press("tab", "n")
        assert screen.decide.choice.absent == ("test-crossed-slr",)
        assert any(match.kind == "absent" for one in screen.candidates for match in one.against)
        assert "[-]" in screen_text(app)


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
            rows.highlighted = next(n for n in range(rows.option_count) if rows.get_option_at_index(n).id == name)
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
        for name, value in (("label", "Bed 4"), ("contact", "Dr. Hill"), ("emergency_number", "112")):
            app.screen.query_one(f"#field-{name}").value = value  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert "For: Bed 4" in plan.text
        assert "Emergency number: 112" in plan.text
        assert settings.load(tmp_path / "data") == settings.Settings("Dr. Hill", "112", "")
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
        assert isinstance(app.screen, FindScreen)


async def test_nothing_chosen_and_nothing_marked_makes_no_plan(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f3", "f2")
        assert isinstance(app.screen, FindScreen)


async def test_the_side_is_in_view_whatever_is_planned(app: DecideApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(PlanScreen(["sciatica", "si-joint-dysfunction", "piriformis-syndrome"]))
        await pilot.pause()
        await pilot.press("l")
        assert "LEFT side" in screen_text(app).splitlines()[0]


async def test_rows_go_on_and_off_the_plan(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.choice = Choice(movements=("put-on-socks",))
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


async def test_an_urgent_condition_gets_the_go_now_sheet(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["cauda-equina-syndrome"]))
        await pilot.pause()
        text = screen_text(app)
        assert "Go-now sheet" in text
        assert "no exercises" in text
        await pilot.press("e")
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
        await pilot.press("w")
        assert isinstance(app.screen, Reading)
        await pilot.press("escape", "x")
        assert isinstance(app.screen, Form)
        app.screen.query_one("#field-reason").value = "keen"  # type: ignore[attr-defined]
        await pilot.press("enter", "w")
        assert isinstance(app.screen, SaveDialog)
        assert "Reason: keen" in " ".join(plan.text.split())


async def test_saving_over_a_file_asks_once_and_a_bad_place_says_why(app: DecideApp, tmp_path: Path) -> None:
    target = tmp_path / "sheet.txt"
    target.write_text("old")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("w")
        line = app.screen.query_one("#file")
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
        await pilot.press("p")
        assert isinstance(app.screen, PrintDialog)
        assert "No printer is set up" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, PlanScreen)


async def test_clearing_asks_and_then_forgets_everything(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "sock")
        await pilot.press("enter", "tab", "tab", "space", "f8")
        assert isinstance(app.screen, Confirm)
        await pilot.press("n")
        assert not app.choice.empty
        await pilot.press("f8", "y")
        await pilot.pause()
        assert app.choice.empty
        assert app.marked == []


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


async def test_every_binding_with_a_meaning_stands_on_the_keys_page(app: DecideApp) -> None:
    async with app.run_test(size=(120, 60)) as pilot:
        for screen in (None, CompareScreen(["sciatica", "hip-osteoarthritis"]), PlanScreen(["sciatica"])):
            if screen is not None:
                app.push_screen(screen)
                await pilot.pause()
            wanted = {
                binding.tooltip
                for node in (app.screen, *app.screen.query("*").results())
                for bindings in node._bindings.key_to_bindings.values()
                for binding in bindings
                if binding.tooltip
            }
            assert wanted
            app.action_keys()
            await pilot.pause()
            text = " ".join(screen_text(app).split())
            for tip in wanted:
                assert tip.split(",")[0] in text, tip
            await pilot.press("escape")


async def test_the_first_list_is_sorted_by_the_names_it_shows(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, FindScreen)
        names = [app.screen.shown_label(one).casefold() for one in app.screen.candidates]
        assert len(names) > 50
        assert names == sorted(names)


async def test_a_plan_is_never_for_a_condition_that_nobody_picked(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await type_text(pilot, "socks")
        await pilot.press("enter", "f3")
        await pilot.pause()
        assert isinstance(app.screen, FindScreen)
        assert "F3 again plans for" in " ".join(screen_text(app).split())
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(app.screen, PlanScreen)


async def test_several_warning_signs_are_counted_and_no_message_covers_them(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("f3")
        await type_text(pilot, "fever")
        await pilot.press("enter")
        await pilot.pause(0.2)
        text = " ".join(screen_text(app).split())
        assert re.search(r"\d WARNING SIGNS fit what was chosen \(F4 shows all\); the rest not screened", text)
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


async def test_the_palette_offers_what_other_parts_of_the_screen_can_do(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)):
        commands = [(command.title, command.help) for command in app.get_system_commands(app.screen)]
        assert {"Compare", "Plan", "Not present", "Mark", "All"} <= {title for title, _ in commands}
        assert len(set(commands)) == len(commands)


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
    assert app.plain
    known = set("─│┌┐└┘├┤═║╔╗╚╝▪•↵⏎▏^")
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "sock")
        await pilot.press("enter")
        for screen in (None, CompareScreen(["sciatica", "hip-osteoarthritis"]), PlanScreen(["sciatica"])):
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
        assert app.screen.query_one("#preview").display
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
    app = DecideApp(library.connect(copy), tmp_path, TODAY)
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
        assert find_screen(app).query_one(Choices).current == "movement:put-on-socks"
        assert find_screen(app).query_one(SearchInput).value == ""
        assert app.focused is find_screen(app).query_one(SearchInput)
