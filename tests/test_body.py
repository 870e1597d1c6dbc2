"""The body on screen: pointing by key, name and mouse chooses what the person means, on the person's own side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import refusal
from conftest import TODAY, screen_text
from textual.pilot import Pilot

from db import read
from db.read import ChartArea, Connection
from decide.answer import Reasoner
from decide.case import Case, as_json, case_from
from decide.chart import place_words, places, pointed
from decide.plan import Request, build
from decide.record import record
from decide.sheet import sheet
from decide.sheet_text import render
from screens.app import DecideApp
from screens.base import Words
from screens.body import BodyPane, BodyView, Picture
from screens.desk import DeskScreen
from screens.person import PersonScreen

SIZES = [(40, 12), (60, 20), (80, 24), (120, 40), (200, 50)]
BRAILLE = re.compile("[\u2801-\u28ff]")
BLOCKS = re.compile("[▀-▓]")


def area(db: Connection, region: str, side: str = "") -> ChartArea:
    found = [each for view in ("front", "back") for each in read.chart_areas(db, view)]
    return next(each for each in found if (each.region, each.side) == (region, side))


def after(db: Connection, *names: str, case: Case = Case()) -> Case:  # noqa: B008 - a frozen value
    """The case after someone pointed at these areas, as on the screen: "groin left"."""
    past = [case]
    for name in names:
        region, _, side = name.partition(" ")
        told = next((each.side for each in reversed(past) if not each.areas), None)
        past.append(pointed(db, past[-1], area(db, region, side), told))
    return past[-1]


async def opened(app: DecideApp, pilot: Pilot[int | None]) -> BodyPane:
    await pilot.pause()
    await pilot.press("f7")
    await pilot.pause()
    assert isinstance(app.screen, DeskScreen)
    assert app.screen.body.query_one(Picture).has_focus
    return app.screen.body


def words(app: DecideApp) -> str:
    """What stands on the screen, without the cells of the picture that stand between the words."""
    text = BLOCKS.sub(" ", BRAILLE.sub(" ", screen_text(app)))
    return " ".join(word for word in text.split() if word.strip("+x?"))


def drawn(screen: BodyPane, view: str) -> list[str]:
    return str(screen.query_one(f"#body-{view}", BodyView).content).split("\n")


async def highlight(pilot: Pilot[int | None], screen: BodyPane, region: str, side: str) -> None:
    screen.go(area(screen.decide.db, region, side))
    await pilot.pause()
    await pilot.pause()


# --- what pointing says of a case ---------------------------------------------------------------------------------------


def test_one_side_then_the_other_makes_both_and_taking_back_undoes_it(db: Connection) -> None:
    left = after(db, "groin left")
    assert (left.regions, left.side) == (("groin",), "left")
    both = after(db, "groin left", "groin right")
    assert (both.regions, both.side) == (("groin",), "both")
    assert after(db, "groin left", "groin right", "groin right") == left
    assert after(db, "groin left", "groin left") == Case()
    # A slip to the wrong side, taken back, leaves no trace.
    assert after(db, "groin right", "groin right", "groin left") == left


def test_two_places_on_two_sides_keep_each_its_own(db: Connection) -> None:
    case = after(db, "groin left", "knee right")
    assert case.side == "both"
    assert set(places(db, case)) == {("groin", "left"), ("knee", "right")}
    assert place_words(db, places(db, case)) == [
        "Groin (front crease of the hip), the person's left",
        "Knee, the person's right",
    ]


def test_a_side_that_the_form_told_stays_and_holds_for_every_place(db: Connection) -> None:
    told = Case(side="left", regions=("buttock",))
    assert after(db, "groin left", case=told) == Case(side="left", regions=("buttock", "groin"))
    assert after(db, "groin left", "groin left", case=told) == told
    other = after(db, "knee right", case=told)
    assert other.side == "both"
    assert set(places(db, other)) == {("buttock", "left"), ("knee", "right")}
    assert after(db, "knee right", "knee right", case=told) == told


def test_pointing_never_picks_the_side_of_another_place(db: Connection) -> None:
    case = after(db, "groin left", case=Case(regions=("buttock",)))
    assert set(places(db, case)) == {("buttock", ""), ("groin", "left")}
    assert set(places(db, after(db, "buttock right", case=case))) == {("buttock", "right"), ("groin", "left")}


def test_the_midline_has_no_side(db: Connection) -> None:
    case = after(db, "low-back-midline")
    assert case == Case(regions=("low-back-midline",))
    assert places(db, Case(side="left", regions=("low-back-midline", "widespread"))) == (
        ("low-back-midline", ""),
        ("widespread", ""),
    )


def test_taking_back_goes_with_the_broader_region_that_shades_the_area(db: Connection) -> None:
    thigh = Case(side="both", regions=("thigh", "groin"))
    assert set(places(db, after(db, "anterior-thigh left", case=thigh))) == {
        ("thigh", "right"),
        ("groin", "left"),
        ("groin", "right"),
    }


def test_a_case_with_areas_is_read_as_it_was_written(reasoner: Reasoner, db: Connection) -> None:
    case = after(db, "groin left", "knee right")
    assert case_from(as_json(case), reasoner.vocabulary) == case


@pytest.mark.parametrize(
    "text",
    [
        '{"regions": ["groin"], "areas": "groin"}',
        '{"regions": ["groin"], "areas": [["knee", "left"]]}',
        '{"regions": ["groin"], "areas": [["groin", "up"]]}',
        '{"regions": ["groin"], "areas": [[["groin"], "left"]]}',
        '{"regions": ["groin"], "side": "right", "areas": [["groin", "left"]]}',
    ],
)
def test_areas_that_cannot_be_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text)
    assert "the case's 'areas' holds" in refusal(capsys, "rank", str(path))


# --- on the screen ------------------------------------------------------------------------------------------------------


async def test_the_arrows_choose_on_the_persons_own_side(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await highlight(pilot, screen, "pubis", "")
        # In the front view the person's left lies on the right of the picture.
        await pilot.press("right", "space")
        assert app.case.regions == ("groin",)
        assert app.case.side == "left"
        assert "[yes] Groin (front crease of the hip), the person's left" in words(app)
        row = next(line for line in drawn(screen, "front") if "x" in line)
        assert row.index("x") >= 10
        # In the back view it lies on the left.
        await highlight(pilot, screen, "low-back-midline", "")
        await pilot.press("left", "enter")
        assert app.case.regions == ("groin", "low-back-one-side")
        assert app.case.side == "left"


async def test_the_arrows_reach_every_area_at_every_size(app: DecideApp) -> None:
    async with app.run_test(size=(40, 12)) as pilot:
        screen = await opened(app, pilot)
        every = [spot.area for spot in screen.spots]
        reached, open_ = {screen.here}, [screen.here]
        while open_:
            one = open_.pop()
            for way in ("up", "down", "left", "right"):
                screen.here = one
                screen.action_step(way)
                if screen.here not in reached:
                    reached.add(screen.here)
                    open_.append(screen.here)
        assert reached == set(every)


async def test_from_the_edge_of_the_front_to_the_back_and_home(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        for name, side in (("foot", "left"), ("knee", "left"), ("neck-arms", "left")):
            await highlight(pilot, screen, name, side)
            for _ in range(4):
                if screen.here and screen.here.view == "front":
                    await pilot.press("right")
            assert screen.here
            assert (screen.here.view, screen.here.side) == ("back", "left")
            await pilot.press("left")
            assert screen.here.view == "front"


async def test_a_name_leads_to_its_place(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        # "bum" is what people say; f and z are letters here, no keys.
        for text, region in (("gro", "groin"), ("bum", "buttock"), ("foot", "foot"), ("knee", "knee"), ("buzz", "")):
            await pilot.press("slash", *text)
            if region:
                assert screen.here
                assert screen.here.region == region
            else:
                assert "No place on the body for: buzz" in words(app)
            await pilot.press("enter")
            assert screen.query_one(Picture).has_focus
            # Down moves in the picture again.
            assert "the next of" not in words(app)
        assert app.case.empty
        await pilot.press("slash", *"groin")
        first = screen.here
        await pilot.press("down")
        assert first
        assert screen.here
        assert (screen.here.region, {screen.here.side, first.side}) == ("groin", {"left", "right"})
        await pilot.press("escape", "space")
        assert app.case.regions == ("groin",)
        assert app.case.side == screen.here.side


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_chooses_and_takes_back(app: DecideApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot)
        target = area(app.db, "buttock", "left")
        await highlight(pilot, screen, "buttock", "left")
        found = read.chart_view(app.db, "back")
        assert found
        rows = found.grid.split("\n")
        row = next(number for number, line in enumerate(rows) if target.mark in line)
        place = (rows[row].index(target.mark), row)
        await highlight(pilot, screen, "si-region", "left")
        await pilot.click("#body-back", offset=place)
        assert (app.case.regions, app.case.side) == (("buttock",), "left")
        assert screen.here == target
        await pilot.click("#body-back", offset=place)
        assert app.case.empty
        # Beside the areas a click chooses nothing.
        await pilot.click("#body-back", offset=(0, row))
        assert app.case.empty


async def test_undo_takes_the_last_choice_back_here_and_in_the_list(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await highlight(pilot, screen, "groin", "left")
        await pilot.press("space")
        await highlight(pilot, screen, "knee", "right")
        await pilot.press("space", "z")
        assert (app.case.regions, app.case.side) == (("groin",), "left")
        assert "Undone." in words(app)
        await pilot.press("backspace", "tab", "z")
        assert app.case.empty
        await pilot.press("f7", "z")
        assert "Nothing to undo." in words(app)


async def test_the_list_and_the_form_agree_with_the_body(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        for name, side in (("groin", "left"), ("knee", "right")):
            await highlight(pilot, screen, name, side)
            await pilot.press("space")
        await pilot.press("escape")
        await pilot.pause()
        assert "[yes] Knee (right)" in words(app)
        # Taken off the list, the knee takes its side along.
        assert isinstance(app.screen, DeskScreen)
        app.screen.says.choices.highlight("region:knee")
        await pilot.press("tab", "space")
        assert (app.case.regions, app.case.areas, app.case.side) == (("groin",), (("groin", "left"),), "left")
        # A side told on the form stands over what was pointed at.
        await pilot.press("f5", "down", "down", "r")
        assert isinstance(app.screen, PersonScreen)
        assert places(app.db, app.case) == (("groin", "right"),)


async def test_what_is_chosen_in_the_list_is_shaded_and_told(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(Case(regions=("thigh", "widespread", "low-back-midline")))
        screen = await opened(app, pilot)
        text = words(app)
        for line in ("Thigh, side not told", "Middle of the lower back", "Side of the pain: not told"):
            assert line in text
        # The highlight begins on the first of them; its side is open.
        assert "[side?]" in text
        assert any("?" in line for line in drawn(screen, "front"))
        app.change(Case(side="left", regions=("thigh",)))
        screen.show()
        await pilot.pause()
        assert "Thigh, the person's left" in words(app)
        solid = [line.index("█") for line in drawn(screen, "back") if "█" in line]
        assert solid
        assert all(place < 10 for place in solid)


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_says_where_one_is_and_whose_side_is_whose(app: DecideApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot)
        for name, view in (("groin", "front"), ("buttock", "back"), ("foot", "front"), ("neck-arms", "front")):
            for side in ("left", "right"):
                await highlight(pilot, screen, name, side)
                lines = screen_text(app).splitlines()
                shown = [view] if size[0] < 70 else ["front", "back"]
                titles = {"front": r"Right +Front +Left", "back": r"Left +Back +Right"}
                assert re.search(r"\s+".join(titles[one] for one in shown), "\n".join(lines))
                said = " ".join(screen.query_one("#body-here", Words).words.plain.split())
                assert f"the person's {side}" in said
                assert said.split()[1] in words(app), "\n".join(lines)
                # The highlighted area is in view.
                assert any("+" in line for line in lines[1:]), "\n".join(lines)
        if size >= (120, 40):
            # Head and feet at once.
            assert screen.query_one(Picture).max_scroll_y == 0


async def test_nothing_is_lost_on_resizing(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot)
        await highlight(pilot, screen, "groin", "left")
        await pilot.press("space")
        await highlight(pilot, screen, "foot", "right")
        before, case = screen.here, app.case
        for size in (*SIZES, (20, 6), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert (screen.here, app.case) == (before, case)
        text = words(app)
        assert "[ ] Foot" in text
        assert "Groin (front crease of the hip), the person's left" in text
        assert any("█" in line for line in drawn(screen, "front"))


async def test_f_turns_the_body_where_one_view_is_shown(app: DecideApp) -> None:
    async with app.run_test(size=(60, 20)) as pilot:
        screen = await opened(app, pilot)
        await highlight(pilot, screen, "foot", "left")
        await pilot.press("f")
        assert screen.here == next(a for a in read.chart_areas(app.db, "back") if (a.region, a.side) == ("foot", "left"))
        assert "Left Back Right" in words(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.press("f")
        assert screen.here
        assert screen.here.view == "back"


@pytest.mark.parametrize(
    ("name", "value", "signs"), [("NO_COLOR", "1", "⣿"), ("TERM", "linux", "█"), ("TERM", "vt100", "#")]
)
async def test_plain_terminals_show_what_is_chosen_without_colour(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, signs: str
) -> None:
    monkeypatch.setenv(name, value)
    app = DecideApp(db, tmp_path, TODAY, form=False)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await highlight(pilot, screen, "buttock", "left")
        await pilot.press("space")
        picture = "\n".join(drawn(screen, "back"))
        assert "x" in picture
        await highlight(pilot, screen, "foot", "left")
        picture = "\n".join(drawn(screen, "back") + drawn(screen, "front"))
        assert "+" in picture
        assert ("#" if signs == "#" else "█") in picture
        assert bool(BRAILLE.search(picture)) == (signs == "⣿")
        assert bool(BLOCKS.search(picture)) == (signs != "#")


async def test_the_warning_strip_is_in_view(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.change(Case(age=70, present=("saddle-numbness",)))
        await opened(app, pilot)
        for size in ((80, 24), (40, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            # Where there is little room, what to do comes before what to exclude.
            assert ("EMERGENCY, now. MUST EXCLUDE: Cauda equina" if size == (80, 24) else "EMERGENCY: ") in words(app)


# --- on paper -----------------------------------------------------------------------------------------------------------


def test_the_practitioners_part_says_and_shows_where_it_hurts(db: Connection, reasoner: Reasoner) -> None:
    case = after(db, "groin left", "knee right")
    made = record(reasoner, reasoner.answer(case, questions=False), TODAY)
    assert set(made.regions) == {("groin", "left"), ("knee", "right")}
    plan = build(db, Request(conditions=("hip-osteoarthritis",), day=TODAY, emergency_number="112"), made)
    printed = sheet(plan, ())
    # Nothing of it shows on the back.
    assert len(printed.charts) == 1
    chart = printed.charts[0]
    assert chart.svg.startswith("<svg ")
    assert f'viewBox="0 0 {chart.wide:g} {chart.high:g}"' in chart.svg
    said = "Where it hurts: - Body seen from the front. Marked: Groin (front crease of the hip), left; Knee, right."
    patient, practitioner = (" ".join(part.split()) for part in render(printed).split("\f"))
    assert said in practitioner
    assert "Body seen" not in patient


def test_without_regions_there_is_no_chart(db: Connection, reasoner: Reasoner) -> None:
    for regions in ((), ("widespread",)):
        made = record(reasoner, reasoner.answer(Case(age=60, regions=regions), questions=False), TODAY)
        plan = build(db, Request(conditions=("hip-osteoarthritis",), day=TODAY), made)
        assert plan.charts == ()
        assert "Body seen" not in render(sheet(plan, ()))
