"""The desk: panes beside each other or one at a time, an answer at work at once, the trail, what a condition dislikes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import TODAY, screen_text
from textual.pilot import Pilot

from db import read
from db.read import Connection
from decide.answer import Reasoner
from decide.case import Case
from decide.entry import dislikes
from decide.started import Keeper, Started
from decide.trail import told, trail
from screens.app import DecideApp
from screens.ask import AskRows
from screens.body import Picture
from screens.candidates import Candidates
from screens.desk import DeskScreen
from screens.dialogs import Reading, StartedDialog
from screens.person import PersonScreen
from screens.reader import DislikesScreen, ReaderScreen
from screens.rows import Rows
from screens.says import Choices, SearchInput
from screens.terminal import Profile
from screens.trail import TrailScreen

CASE = Case(age=44, sex="f", movements=("put-on-socks", "lift-leg"))


def desk(app: DecideApp) -> DeskScreen:
    assert isinstance(app.screen, DeskScreen)
    return app.screen


def shown(app: DecideApp) -> list[int]:
    """The numbers of the panes in view."""
    return [pane.number for pane in desk(app).panes if pane.display]


async def settled(pilot: Pilot[int | None]) -> None:
    """After the highlight has rested and what follows it stands."""
    await pilot.pause(0.15)
    await pilot.pause()


# --- panes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "panes"), [((40, 12), 1), ((80, 24), 1), ((115, 40), 1), ((120, 40), 4), ((120, 30), 3), ((200, 50), 4)]
)
async def test_panes_stand_side_by_side_where_there_is_room(app: DecideApp, size: tuple[int, int], panes: int) -> None:
    app.case = CASE
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert len(shown(app)) == panes
        assert "NOT SCREENED" in screen_text(app)
        seen = set(shown(app))
        for number in "1234":
            await pilot.press("escape", number)
            await pilot.pause()
            assert desk(app).here.number == int(number)
            assert int(number) in shown(app)
            seen |= set(shown(app))
        assert seen == {1, 2, 3, 4}


async def test_tab_goes_through_every_pane_and_round(app: DecideApp) -> None:
    app.case = CASE
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for kind in (Choices, Picture, Candidates, AskRows, SearchInput):
            await pilot.press("tab")
            assert isinstance(app.focused, kind)
        for kind in (AskRows, Candidates):
            await pilot.press("shift+tab")
            assert isinstance(app.focused, kind)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_pane_with_the_keys_is_told_without_colour(app: DecideApp, size: tuple[int, int]) -> None:
    app.case = CASE
    async with app.run_test(size=size) as pilot:
        for number, title in (("3", "Candidates"), ("4", "Ask and why"), ("1", "What the person says")):
            await pilot.press("escape", number)
            await pilot.pause()
            assert f">{number} {title}" in screen_text(app)
            assert screen_text(app).count(" >") + screen_text(app).count("\n>") >= 1


async def test_nothing_is_lost_on_resizing(app: DecideApp) -> None:
    app.case = CASE
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "down", "space")
        marked, here = list(app.marked), app.screen.query_one(Candidates).current
        for size in ((40, 12), (200, 50), (20, 6), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert (app.marked, app.case) == (marked, CASE)
        assert app.screen.query_one(Candidates).current == here
        assert app.screen.query_one(Candidates).has_focus


async def test_the_mouse_goes_to_panes_and_rows(app: DecideApp) -> None:
    app.case = CASE
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        tabs = screen_text(app).splitlines()[1]
        await pilot.click("#tabs", offset=(tabs.index("3 Candidates"), 0))
        await pilot.pause()
        assert desk(app).here is desk(app).candidates
        await pilot.click(Candidates, offset=(6, 1))
        await pilot.pause()
        assert isinstance(app.screen, ReaderScreen)
        await pilot.press("escape", "escape")
        await pilot.click("#tabs", offset=(tabs.index("1 Says"), 0))
        await pilot.pause()
        row = next(n for n, line in enumerate(screen_text(app).splitlines()) if "Putting on shoes" in line)
        await pilot.click(offset=(6, row))
        await pilot.pause()
        assert len(app.case.movements) == 3


# --- answering --------------------------------------------------------------------------------------------------------


async def test_an_answer_moves_the_list_and_says_what_changed(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"socks", "enter")
        await pilot.pause()
        assert "up: Putting on socks" in screen_text(app)
        assert "Leading: " in screen_text(app)
        leading = desk(app).leaders()
        await pilot.press("4")
        await pilot.pause()
        first = app.answer.questions[0].finding
        await pilot.press("n")
        await pilot.pause()
        assert app.case.absent == (first.id,)
        assert f"{first.lay_label}: no" in " ".join(screen_text(app).split())
        await pilot.press("z")
        assert app.case.absent == ()
        assert desk(app).leaders() == leading


async def test_letters_typed_fast_choose_what_they_find(app: DecideApp) -> None:
    """Enter before the list has followed the letters must not choose what stood there before."""
    async with app.run_test(size=(80, 24)) as pilot:
        desk(app).query_one(SearchInput).value = "socks"
        desk(app).action_choose()
        await pilot.pause()
        assert app.case.movements == ("put-on-socks",)


@pytest.mark.parametrize(
    ("words", "movement"),
    [("socks", "put-on-socks"), ("sokcs", "put-on-socks"), ("roll over in bed", "roll-over-in-bed"), ("car", "drive-car")],
)
async def test_movements_are_found_in_the_patients_words(app: DecideApp, words: str, movement: str) -> None:
    known = {each.id for each in read.movements(app.db)}
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*({" ": "space"}.get(letter, letter) for letter in words))
        await pilot.pause()
        found = [row.id for row in desk(app).says.choices.rows]
        wanted = f"movement:{movement}" if movement in known else next(name for name in found if name)
        assert str(wanted).startswith("movement:")
        assert wanted in found[:4]


async def test_movements_stand_under_their_everyday_groups(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        titles = [row.content.plain for row in desk(app).says.choices.rows if row.heading]
        for group in ("Dressing", "Lying", "Sitting", "Walking", "Stairs", "Bending & lifting", "Sleep"):
            assert titles.count(group) == 1
        offered = {row.id for row in desk(app).says.choices.rows}
        for movement in read.movements(app.db):
            assert (f"movement:{movement.id}" in offered) == movement.complaint


async def test_a_reason_can_be_answered_and_its_sources_read(app: DecideApp) -> None:
    app.case = CASE
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("4")
        await settled(pilot)
        rows = app.screen.query_one(AskRows)
        reason = next(name for name in desk(app).ask.reasons if name.split(":")[2] == "worse-put-on-socks")
        rows.highlight(reason)
        await pilot.press("s")
        assert isinstance(app.screen, Reading)
        assert "Grade" in screen_text(app) or "article" in screen_text(app)
        await pilot.press("escape")
        missing = next(each.finding for each in app.reasoner.explain(app.case, desk(app).ask.condition or "").missing)
        rows.highlight(next(name for name in desk(app).ask.reasons if name.endswith(f":{missing}")))
        await pilot.press("y")
        assert missing in app.case.present


async def test_the_why_follows_the_candidate_that_is_highlighted(app: DecideApp) -> None:
    app.case = CASE
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
        for _ in range(2):
            await pilot.press("down")
            await settled(pilot)
            current = app.screen.query_one(Candidates).current
            assert f"Why {app.reasoner.conditions[str(current)].short_label}" in " ".join(
                row.content.plain for row in app.screen.query_one(AskRows).rows
            )


# --- the trail, and what a condition dislikes -------------------------------------------------------------------------


def test_the_trail_says_what_was_told_and_what_it_did(reasoner: Reasoner) -> None:
    cases = [Case(), Case(age=44), Case(age=44, movements=("put-on-socks",)), Case(age=44)]
    steps = trail(reasoner, cases)
    assert [step.words for step in steps] == ["age 44", "Putting on socks: yes", "Putting on socks: taken back"]
    assert steps[0].effect == steps[2].effect == ""
    assert steps[1].effect
    assert told(reasoner, Case(present=("fever",)), Case(absent=("fever",))).endswith(": no")


async def test_the_trail_leads_back_to_any_step(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        for word in ("socks", "groin", "car"):
            await pilot.press(*word, "enter")
        await pilot.press("3", "t")
        await pilot.pause()
        assert isinstance(app.screen, TrailScreen)
        text = screen_text(app)
        assert "1. Putting on socks: yes" in text
        assert app.screen.query_one(Rows).current == "step:3"
        await pilot.press("up", "up", "enter")
        await pilot.pause()
        assert app.case == Case(movements=("put-on-socks",))
        assert "2 steps taken back" in screen_text(app)
        await pilot.press("z")
        assert len(app.case.movements) == 2
        await pilot.press("backspace")
        assert "[yes] Putting on socks" in "\n".join(row.content.plain for row in desk(app).says.choices.rows)


async def test_what_a_condition_dislikes_stands_by_group_with_its_sources(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.marked = []
        await pilot.press("3")
        app.screen.query_one(Candidates).highlight("hip-osteoarthritis")
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, DislikesScreen)
        links = read.movement_links(app.db, ["hip-osteoarthritis"])
        items = [item for section in dislikes(app.db, "hip-osteoarthritis") for item in section.items]
        assert {item.id for item in items} == {f"movement:{link.id}" for link in links}
        assert all(item.citations for item in items)
        kinds = {movement.id: movement.kind for movement in read.movements(app.db)}
        for section in dislikes(app.db, "hip-osteoarthritis"):
            assert {kinds[item.id.partition(":")[2]].capitalize() for item in section.items} == {section.title}
        assert "Joints: " in screen_text(app)


# --- a case that was begun --------------------------------------------------------------------------------------------


def left_behind(folder: Path, left: bool, case: Case = CASE) -> None:
    """A case that an earlier run kept."""
    keeper = Keeper(folder)
    at = datetime.now().astimezone() - timedelta(minutes=25)
    assert keeper.keep(Started(case, "Bed 3", ("sciatica",), at, "0.3.0", left)) == ""
    keeper.close()


@pytest.fixture
def restarted(db: Connection, tmp_path: Path) -> DecideApp:
    return DecideApp(db, tmp_path / "data", TODAY)


async def test_a_case_that_broke_off_is_offered_and_taken(restarted: DecideApp, tmp_path: Path) -> None:
    left_behind(tmp_path / "data", left=False)
    async with restarted.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(restarted.screen, StartedDialog)
        text = " ".join(screen_text(restarted).split())
        for words in ("44-year-old woman", "labelled Bed 3", "2 answers", "25 minutes ago"):
            assert words in text
        await pilot.press("t")
        await pilot.pause()
        assert isinstance(restarted.screen, PersonScreen)
        assert (restarted.case, restarted.label, restarted.marked) == (CASE, "Bed 3", ["sciatica"])
        assert "[44]" in screen_text(restarted)


@pytest.mark.parametrize(("key", "again"), [("X", False), ("escape", True)])
async def test_it_is_thrown_away_or_left_for_later(
    db: Connection, restarted: DecideApp, tmp_path: Path, key: str, again: bool
) -> None:
    left_behind(tmp_path / "data", left=False)
    async with restarted.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(restarted.screen, PersonScreen)
        assert restarted.case.empty
    assert bool(Keeper(tmp_path / "data").orphans(db).orphans) == again


async def test_a_case_left_on_purpose_stands_in_no_ones_way(db: Connection, restarted: DecideApp, tmp_path: Path) -> None:
    left_behind(tmp_path / "data", left=True)
    async with restarted.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(restarted.screen, PersonScreen)
        assert "Ctrl+R takes it up" in " ".join(screen_text(restarted).split())
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert restarted.case == CASE
    left_behind(tmp_path / "data", left=True)
    other = DecideApp(db, tmp_path / "data", TODAY)
    async with other.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        # The first answer for someone else removes it.
        await pilot.press("6", "4")
        await pilot.pause()
        kept = [orphan.started.case for orphan in Keeper(tmp_path / "data").orphans(db).orphans]
        assert CASE not in kept


async def test_quitting_keeps_the_case_and_a_new_person_removes_it(db: Connection, tmp_path: Path) -> None:
    for keys, kept in ((("ctrl+q",), 1), (("f8", "y", "ctrl+q"), 0)):
        app = DecideApp(db, tmp_path / str(kept), TODAY, form=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*"socks", "enter")
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
        found = Keeper(tmp_path / str(kept)).orphans(db).orphans
        assert len(found) == kept
        assert all(orphan.started.left for orphan in found)


# --- for everyone -----------------------------------------------------------------------------------------------------


async def test_for_screen_readers_there_is_one_column_no_picture_and_a_cursor_that_follows(
    db: Connection, tmp_path: Path
) -> None:
    app = DecideApp(db, tmp_path / "data", TODAY, form=False, profile=Profile(False, "", a11y=True))
    app.case = CASE
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        assert len(shown(app)) == 1
        assert not any("\u2800" < sign <= "\u28ff" for sign in screen_text(app))
        for number in ("3", "4", "1"):
            await pilot.press("escape", number)
            await pilot.pause()
            if number != "1":
                line = screen_text(app).splitlines()[app.cursor_position.y]
                assert line.lstrip().startswith(">"), line


async def test_the_theme_is_changed_and_kept(db: Connection, tmp_path: Path) -> None:
    app = DecideApp(db, tmp_path / "data", TODAY, form=False)
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.theme
        await pilot.press("f12")
        await pilot.pause()
        after = app.theme
        assert after != before
        assert after in screen_text(app)
    assert DecideApp(db, tmp_path / "data", TODAY).theme == after
