"""The comparison: what it says, how it stands in columns, and the screen on which it is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import relaxed
from conftest import TODAY, screen_text
from hypothesis import given
from hypothesis import strategies as st

from db import read
from db.read import Connection
from decide.answer import Reasoner
from decide.case import Case, facts
from decide.compare import NOT_STATED, Cell, Comparison, Row, compare
from decide.telling import Direction, answer_of, answered, direction_words, first_open, telling
from decide.text import begun, cells, columns
from screens.app import DecideApp
from screens.choose import ConditionDialog, Which
from screens.compare import CompareScreen
from screens.dialogs import Reading
from screens.plan import PlanScreen
from screens.reader import ReaderScreen
from screens.side_by_side import form_for, heads, side_by_side
from screens.why import WhyScreen

PAIR = ["sciatica", "piriformis-syndrome"]
FOUR = ["hip-osteoarthritis", "lumbar-stenosis", "trochanteric-bursitis", "avascular-necrosis"]
CROSSED = "test-crossed-slr"

# --- columns ----------------------------------------------------------------------------------------------------------

WORDS = st.lists(st.text(st.sampled_from("ab-é字漢ｗ"), min_size=1, max_size=9), max_size=12).map(" ".join)
COLUMNS = st.lists(
    st.tuples(WORDS, st.integers(8, 30), st.sampled_from(["", ".   ", "++  ", "[ ] "])), min_size=1, max_size=5
)


@relaxed(200)
@given(COLUMNS, st.integers(0, 4))
def test_columns_stay_aligned_and_lose_nothing(parts: list[tuple[str, int, str]], most: int) -> None:
    texts, widths, firsts = (list(each) for each in zip(*parts, strict=True))
    lines = columns(texts, widths, firsts, most)
    for line in lines:
        # Every piece is exactly as wide as its column: the next one begins at the same cell in every line.
        assert [cells(piece) for piece in line] == widths
    for place, (text, first) in enumerate(zip(texts, firsts, strict=True)):
        block = [line[place] for line in lines]
        assert block[0].startswith(first.rstrip())
        said = "".join(block).replace(" ", "").removeprefix(first.replace(" ", ""))
        if most and len(lines) <= most and said.endswith("..."):
            assert text.replace(" ", "").startswith(said[:-3])
        else:
            assert said == text.replace(" ", "")
    assert not most or len(lines) <= most


@relaxed(60)
@given(st.text(st.sampled_from("ab 字"), max_size=40), st.integers(6, 30))
def test_a_line_that_is_begun_never_stands_over(text: str, width: int) -> None:
    short = begun(text, width)
    assert cells(short) <= width
    assert short == text or (short.endswith("...") and text.startswith(short[:-3]))


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("room", range(27, 230, 7))
def test_every_form_keeps_to_its_room_and_shows_every_mark(count: int, room: int) -> None:
    form = form_for(room, count)
    row = [Cell("brings on, typical, on a list", "++", "LR+ 3.90, LR- 0.27 (caution)"), Cell(NOT_STATED, ".")]
    row += [Cell("speaks against", "--"), Cell("x" * 400)][: count - 2]
    text = side_by_side(form, "字" * 30 + " a topic", "[yes] ", "speaks for 1", row).plain
    names = ["Hip osteoarthritis", "EMERGENCY Cauda equina syndrome", "URGENT Something", "Another one"][:count]
    for line in (text + "\n" + heads(form, names).plain).splitlines():
        assert cells(line) <= room, form
    assert "[yes] " in text
    assert "speaks for 1" in " ".join(text.split())
    assert "++ " in text
    assert ".   not stated" in text
    assert ("EMERGENCY" in heads(form, names, ["fits well"] * count).plain) and (
        "EMERG" in heads(form, names, low=True).plain
    )
    if form.shape == "beside":
        assert len(text.splitlines()) <= 3
        # The second head stands over the second column.
        begins = cells(heads(form, names).plain.splitlines()[0].partition("2 EMERG")[0])
        assert begins == cells(text.splitlines()[0].partition(".   not")[0])


def test_two_stay_columns_at_80_and_four_at_120() -> None:
    assert form_for(77, 2).shape == "beside"
    assert form_for(117, 4).shape == "beside"
    assert form_for(77, 4).shape == "under"
    assert form_for(37, 4).shape == "lines"


# --- what is said -------------------------------------------------------------------------------------------------------


def the_row(found: Comparison, name: str) -> Row:
    return next(row for row in found.rows if row.id == name)


def test_a_row_says_what_its_answers_tell(db: Connection, reasoner: Reasoner) -> None:
    found = compare(db, PAIR)
    ranker = reasoner.ranker(Case())
    crossed = telling(ranker, the_row(found, CROSSED), PAIR)
    assert crossed.yes == Direction((0,), (1,))
    # A study found that its absence says next to nothing (LR- 0.80).
    assert direction_words(crossed.no, ["A", "B"]) == "says little"
    ankle = telling(ranker, the_row(found, "ankle-reflex-reduced"), PAIR)
    assert direction_words(ankle.no, ["A", "B"]) == "rather B"


def test_a_denied_danger_never_speaks_against_a_grave_condition(db: Connection, reasoner: Reasoner) -> None:
    ranker = reasoner.ranker(Case())
    for grave in (one.id for one in read.conditions(db) if one.grave):
        names = [grave, "mechanical-low-back-pain"]
        for row in compare(db, names).telling:
            if row.finding and row.cells[1].text == NOT_STATED:
                assert 0 not in telling(ranker, row, names).no.down, (grave, row.topic)


def test_a_movement_that_eases_is_asked_as_easing(db: Connection, reasoner: Reasoner) -> None:
    names = ["lumbar-stenosis", "hip-osteoarthritis"]
    row = the_row(compare(db, names), "lean-forward")
    assert row.asked == "Leaning forward with support: eases it"
    assert row.finding == "better-lean-forward"
    assert not row.moves
    assert row.cells[0].mark == "+++"
    assert telling(reasoner.ranker(Case()), row, names).yes.up == (0,)
    assert answered(Case(), row, "yes") == Case(present=("better-lean-forward",))


def test_a_movement_row_says_what_is_said_of_its_finding(db: Connection) -> None:
    names = ["hamstring-tightness", "proximal-hamstring-tendinopathy"]
    row = the_row(compare(db, names), "bend-forward")
    assert row.cells[0].text.startswith("brings on, typical")
    assert row.cells[0].citations


def test_a_movement_is_answered_as_on_the_desk(db: Connection, reasoner: Reasoner) -> None:
    row = the_row(compare(db, ["facet-joint-arthritis", "mechanical-low-back-pain"]), "bend-forward")
    assert row.moves
    case = answered(Case(), row, "yes")
    assert case == Case(movements=("bend-forward",))
    assert answer_of(row, facts(case, reasoner.vocabulary)) == "yes"
    denied = answered(case, row, "no")
    assert denied.movements == ()
    assert answer_of(row, facts(denied, reasoner.vocabulary)) == "no"
    assert answered(denied, row, None) == Case()


def test_what_is_known_or_beyond_the_training_is_not_asked_first(db: Connection, reasoner: Reasoner) -> None:
    found, ranker = compare(db, PAIR), reasoner.ranker(Case())
    tellings = {row.id: telling(ranker, row, PAIR) for row in found.telling}

    def first(case: Case, training: str = "clinician") -> str:
        row = first_open(found, tellings, facts(case, reasoner.vocabulary), reasoner.findings, training)
        return row.finding if row else ""

    assert first(Case()) == CROSSED
    for case in (Case(present=(CROSSED,)), Case(absent=(CROSSED,)), Case(not_able=(CROSSED,))):
        assert first(case) not in ("", CROSSED)
    assert reasoner.findings[first(Case(), "none")].training == "none"
    assert first(Case(absent=tuple(reasoner.findings))) == ""


def test_every_claim_of_every_row_has_a_source(db: Connection) -> None:
    for row in compare(db, FOUR).rows:
        for cell in row.cells:
            stated = cell.text != NOT_STATED
            assert bool(cell.said) or not stated
            if row.group not in ("At a glance",):
                assert all(one.citations for one in cell.said), row.topic


# --- the screen -----------------------------------------------------------------------------------------------------------


def comparing(app: DecideApp) -> CompareScreen:
    assert isinstance(app.screen, CompareScreen)
    return app.screen


def words(app: DecideApp) -> str:
    return " ".join(screen_text(app).split())


async def test_what_to_ask_first_stands_on_top_and_one_key_answers_it(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(PAIR))
        await pilot.pause()
        text = words(app)
        assert "Test first: Crossed straight leg raise How: Lift the painless leg" in text
        assert "Yes: for 1 Sciatica (disc, L5 or S1 root). No: says little." in text
        await pilot.press("y")
        assert app.case.present == (CROSSED,)
        text = words(app)
        assert "Test first: Crossed" not in text
        assert "up: Crossed straight leg raise; speaks for 1" in text
        # The next one is highlighted already.
        await pilot.press("u")
        assert len(app.case.not_able) == 1
        await pilot.press("z", "z")
        assert app.case == Case()
        assert "Test first: Crossed straight leg raise" in words(app)
        assert "Undone." in words(app)
        await pilot.press("z")
        assert "Nothing to undo." in words(app)


async def test_what_was_answered_before_is_marked_with_what_it_says(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.case = Case(present=("leg-pain-worse-coughing",), absent=(CROSSED,), not_able=("ankle-reflex-reduced",))
        app.push_screen(CompareScreen(PAIR))
        await pilot.pause()
        text = words(app)
        assert "[no] Crossed straight leg raise" in text
        assert "[not able] Reduced ankle reflex" in text
        assert "speaks for 1" in text
        assert "Test first: Crossed" not in text
        assert "fits well" in text


async def test_a_warning_answered_here_shows_in_the_strip_at_once(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(["sciatica", "cauda-equina-syndrome"]))
        await pilot.pause()
        screen = comparing(app)
        assert "2 EMERGENCY Cauda equina" in words(app)
        assert "No: says little, excludes nothing." in words(app)
        while screen.rows.current != "finding:saddle-numbness":
            await pilot.press("down")
        await pilot.press("y")
        assert "EMERGENCY, now. MUST EXCLUDE: Cauda equina syndrome." in words(app)


async def test_a_row_that_asks_nothing_says_so(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(PAIR))
        await pilot.pause()
        await pilot.press("end", "y")
        assert app.case == Case()
        assert "This row cannot be answered so" in words(app)
        await pilot.press("up")
        assert "This row cannot be answered so" not in words(app)


async def test_a_row_that_is_cut_opens_whole_with_every_source(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(CompareScreen(FOUR))
        await pilot.pause()
        screen = comparing(app)
        await pilot.press("end", "enter")
        assert isinstance(app.screen, Reading)
        whole = "\n".join(paragraph.plain for paragraph in app.screen.paragraphs)
        row = screen.comparison.rows[-1]
        for condition, cell in zip(screen.comparison.conditions, row.cells, strict=True):
            assert condition.label in whole
            for one in cell.said:
                assert one.text in whole
                for citation in one.citations:
                    assert citation.source is None or citation.source.title in whole
        assert "Sources" in whole
        await pilot.press("escape")
        assert comparing(app) is screen


async def test_a_wide_screen_shows_the_highlighted_row_whole_beside_the_list(app: DecideApp) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        app.push_screen(CompareScreen(FOUR))
        await pilot.pause()
        screen = comparing(app)
        assert screen.query_one("#whole").display
        assert "Sources" in words(app)
        await pilot.press("down")
        assert screen.current is not None
        assert "Joint actions:" in words(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not screen.query_one("#whole").display


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("names", [PAIR, FOUR[:3], FOUR, ["cauda-equina-syndrome", "sciatica"]])
async def test_heads_first_question_and_strip_are_in_view_at_every_size(
    app: DecideApp, size: tuple[int, int], names: list[str]
) -> None:
    async with app.run_test(size=size) as pilot:
        app.push_screen(CompareScreen(names))
        await pilot.pause()
        text = words(app)
        for number in range(1, len(names) + 1):
            assert f" {number} " in text
        for condition in comparing(app).comparison.conditions:
            assert not condition.grave or f"{condition.urgency.upper()} " in text
        assert " first" in text
        assert "Yes: for" in text
        assert "NOT SCREENED" in text
        assert "[ ] " in text
        assert all(cells(line) <= size[0] for line in screen_text(app).splitlines())


async def test_one_is_added_by_name_and_one_dropped_by_number(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(PAIR))
        await pilot.pause()
        await pilot.press("minus")
        assert "Two are the least to compare" in words(app)
        await pilot.press("a")
        assert isinstance(app.screen, ConditionDialog)
        await pilot.press(*"stenosis", "enter")
        await pilot.pause()
        assert comparing(app).names == [*PAIR, "lumbar-stenosis"]
        assert "3 Lumbar spinal" in words(app)
        await pilot.press("minus")
        assert isinstance(app.screen, Which)
        await pilot.press("1")
        await pilot.pause()
        assert comparing(app).names == app.marked == ["piriformis-syndrome", "lumbar-stenosis"]
        await pilot.press("w", "2")
        await pilot.pause()
        assert isinstance(app.screen, WhyScreen)
        assert app.screen.condition == "lumbar-stenosis"
        await pilot.press("escape", "2")
        assert isinstance(app.screen, ReaderScreen)
        await pilot.press("escape", "p")
        assert isinstance(app.screen, PlanScreen)


async def test_four_take_no_fifth(app: DecideApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(FOUR))
        await pilot.pause()
        await pilot.press("a")
        assert "Four are compared already" in words(app)
        assert comparing(app).names == FOUR


async def test_for_the_young_nothing_is_asked_first_or_weighed(app: DecideApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.case = Case(age=14, present=("pain-groin",))
        app.push_screen(CompareScreen(FOUR))
        await pilot.pause()
        text = words(app)
        assert "Under 18: this knowledge is about adults" in text
        for word in (" first:", "Yes: for", "speaks for", "fits well"):
            assert word not in text


async def test_an_answer_given_elsewhere_is_there_on_the_way_back(db: Connection, tmp_path: Path) -> None:
    app = DecideApp(db, tmp_path, TODAY, form=False)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CompareScreen(PAIR))
        await pilot.pause()
        app.push_screen(ReaderScreen("condition:sciatica"))
        await pilot.pause()
        app.change(Case(absent=(CROSSED,)))
        await pilot.press("escape")
        await pilot.pause()
        assert "Test first: Crossed" not in words(app)
