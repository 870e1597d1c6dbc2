"""The body chart: every place has its areas on the right side, and shading or pointing never gets a side wrong."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CONTENT

from db import content as content_shapes
from db import read
from db.check import check
from db.content import Content, read_content
from db.errors import Problem
from db.figure.drawing import COLOURS
from db.read import ChartArea, Connection
from db.rows import ContentFile, read_table
from decide.chart import area_at, chart_cells, chart_svg, chart_text, shaded

VIEWS = ("front", "back")
SVG = "{http://www.w3.org/2000/svg}"
# The person's own side on the picture's left.
ON_THE_LEFT = {"front": "right", "back": "left"}
NO_PLACE = {"widespread"}
POINT = re.compile(r"(-?[\d.]+) (-?[\d.]+)(?=[MLAZ]|$)")


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(CONTENT)


def grid(db: Connection, view: str) -> list[str]:
    found = read.chart_view(db, view)
    assert found
    return found.grid.split("\n")


def cells_of(db: Connection, area: ChartArea) -> set[tuple[int, int]]:
    rows = grid(db, area.view)
    return {(column, row) for row, line in enumerate(rows) for column, mark in enumerate(line) if mark == area.mark}


def areas(db: Connection) -> list[ChartArea]:
    return [area for view in VIEWS for area in read.chart_areas(db, view)]


def points(path: str) -> list[tuple[float, float]]:
    """The points of an outline where its lines and arcs begin and end."""
    return [(float(x), float(y)) for x, y in POINT.findall(path)]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def fills(svg: str) -> dict[str, str]:
    """The fill of every filled path, by its outline."""
    paths = parsed(svg).iter(f"{SVG}path")
    return {path.attrib["d"]: path.attrib["fill"] for path in paths if path.attrib["fill"] != "none"}


def test_every_place_has_an_area_in_each_view_that_its_side_names(db: Connection) -> None:
    regions = read.regions(db)
    leaves = {region.id for region in regions} - {region.parent for region in regions} - NO_PLACE
    drawn = {(area.region, area.view) for area in areas(db)}
    for region in regions:
        if region.id in leaves:
            assert {view for view in VIEWS if (region.id, view) in drawn} == (
                set(VIEWS) if region.side == "both" else {region.side}
            )
    # The shin is the front of the lower leg; its back is the calf.
    assert ("lower-leg", "front") in drawn
    assert ("calf", "back") in drawn


def test_left_is_the_persons_own_left(db: Connection) -> None:
    for view in VIEWS:
        rows = grid(db, view)
        for area in read.chart_areas(db, view):
            columns = {column for column, _ in cells_of(db, area)}
            assert columns, area
            if area.side:
                on_the_left = max(columns) < len(rows[0]) / 2
                assert on_the_left == (area.side == ON_THE_LEFT[view]), area
        words = {text.text: float(text.attrib["x"]) for text in parsed(chart_svg(db, view, set())).iter(f"{SVG}text")}
        assert (words["Right"] < words["Left"]) == (view == "front")
        assert view.capitalize() in words


def test_left_and_right_mirror_each_other_and_the_midline_itself(db: Connection) -> None:
    for view in VIEWS:
        width = len(grid(db, view)[0])
        by_name = {(area.region, area.side): cells_of(db, area) for area in read.chart_areas(db, view)}
        for (region, side), cells in by_name.items():
            other = {"left": "right", "right": "left", "": ""}[side]
            assert {(width - 1 - column, row) for column, row in cells} == by_name[region, other], (region, side)
        found = read.chart_view(db, view)
        assert found
        corners = {(area.region, area.side): points(area.path) for area in read.chart_areas(db, view)}
        for (region, side), own in corners.items():
            if side == "left":
                other = corners[region, "right"]
                assert len(own) == len(other)
                assert all(min(abs(found.wide - x - x2) + abs(y - y2) for x2, y2 in other) < 0.3 for x, y in own), region


def test_pointing_at_the_middle_of_an_area_gives_the_area(db: Connection) -> None:
    for area in areas(db):
        cells = cells_of(db, area)
        middle = tuple(sum(cell[axis] for cell in cells) / len(cells) for axis in (0, 1))
        column, row = min(cells, key=lambda cell: (cell[0] - middle[0]) ** 2 + (cell[1] - middle[1]) ** 2)
        assert area_at(db, area.view, column, row) == area
    for beside in ((0, 0), (-1, 3), (3, 999)):
        assert area_at(db, "front", *beside) is None


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("braille", [True, False])
def test_shading_changes_only_the_chosen_areas(db: Connection, view: str, braille: bool) -> None:
    plain, plain_cells = chart_svg(db, view, set()), chart_cells(db, view, set(), braille)
    rows = grid(db, view)
    assert {len(line) for line in plain_cells} == {len(rows[0])}
    for area in read.chart_areas(db, view):
        chosen = {(area.region, area.side)}
        expected = {other.path for other in read.chart_areas(db, view) if other.mark in shaded(db, view, chosen)}
        assert area.path in expected
        before, after = fills(plain), fills(chart_svg(db, view, chosen))
        assert {path for path in after if after[path] != before[path]} == expected
        cells = chart_cells(db, view, chosen, braille)
        changed = {
            (column, row)
            for row, line in enumerate(cells)
            for column, sign in enumerate(line)
            if sign != plain_cells[row][column]
        }
        assert changed == cells_of(db, area)


def test_a_side_shades_that_side_only_and_a_broader_region_all_it_holds(db: Connection) -> None:
    def names(chosen: set[tuple[str, str]], view: str, how: str) -> set[tuple[str, str]]:
        states = shaded(db, view, chosen)
        return {(area.region, area.side) for area in read.chart_areas(db, view) if states.get(area.mark) == how}

    assert names({("buttock", "left")}, "back", "chosen") == {("buttock", "left")}
    assert names({("thigh", "right")}, "front", "chosen") == {
        (f"{part}-thigh", "right") for part in ("anterior", "medial", "lateral")
    }
    assert names({("lower-leg", "left")}, "back", "chosen") == {("calf", "left")}
    assert names({("low-back", "left")}, "back", "chosen") == {("low-back-midline", ""), ("low-back-one-side", "left")}


def test_a_side_that_was_not_told_is_never_picked(db: Connection) -> None:
    chosen = {("buttock", ""), ("low-back-midline", "")}
    states = shaded(db, "back", chosen)
    found = {(area.region, area.side): states.get(area.mark) for area in read.chart_areas(db, "back")}
    assert found["buttock", "left"] == found["buttock", "right"] == "open"
    assert found["low-back-midline", ""] == "chosen"
    assert COLOURS["chosen"] not in {
        fills(chart_svg(db, "back", chosen))[area.path] for area in read.chart_areas(db, "back") if area.region == "buttock"
    }
    assert (
        chart_text(db, "back", chosen)
        == "Body seen from the back. Marked: Middle of the lower back; Buttock, side not told."
    )


def test_a_chosen_area_is_told_without_colour(db: Connection) -> None:
    def light(colour: str) -> float:
        red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
        return (0.3 * red + 0.59 * green + 0.11 * blue) / 255

    assert light(COLOURS["plain"]) - light(COLOURS["chosen"]) > 0.4
    area = next(area for area in read.chart_areas(db, "back") if (area.region, area.side) == ("buttock", "left"))
    svg = chart_svg(db, "back", {("buttock", "left")})
    assert area.hatch
    assert area.hatch in svg
    assert area.hatch not in chart_svg(db, "back", {("buttock", "right")})


def test_the_picture_says_in_words_what_it_shows(db: Connection) -> None:
    for view, words in (
        ("front", "Body seen from the front. Marked: Groin (front crease of the hip), right."),
        ("back", "Body seen from the back. Marked: nothing."),
    ):
        picture = parsed(chart_svg(db, view, {("groin", "right")}))
        assert picture.findtext(f"{SVG}title") == words


def test_an_unknown_view_or_region_is_refused(db: Connection) -> None:
    with pytest.raises(ValueError, match="no view 'side'"):
        chart_svg(db, "side", set())
    with pytest.raises(ValueError, match="no region 'elbow'"):
        chart_svg(db, "front", {("elbow", "left")})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('region = "pubis"', 'region = "pubes"', "unknown region 'pubes'"),
        ('region = "knee"\nview = "front"', 'region = "knee"\nview = "back"', "knee is not drawn on the back"),
        ("[[42.9, 29, 3.7, 4.2, 90]]", "[[42.9, 29, 3.7, 4.2]]", "each ellipse must be 5 numbers, not 4"),
        ("[[42.9, 29, 3.7, 4.2, 90]]", "[[42.9, 29, 0.2, 0.2, 90]]", "knee right is too small"),
        ("[[42.9, 29, 3.7, 4.2, 90]]", "[[57.1, 29, 3.7, 4.2, 90]]", "must lie on the picture's left"),
        ("[[42.9, 29, 3.7, 4.2, 90]]", "[[38.9, 29, 3.7, 4.2, 90]]", "knee right lies beside the body"),
        ("[[42.9, 29, 3.7, 4.2, 90]]", "[[42.9, 34, 3.7, 4.2, 90]]", "lies over anterior-thigh right"),
        (
            'view = "front"\npaired = true\nellipses',
            'view = "front"\nellipses',
            "has no side, so it must lie on the midline",
        ),
        ('region = "widespread"', 'region = "leg"', "widespread has no area on the front of the body chart"),
    ],
)
def test_a_faulty_chart_does_not_compile(content: Content, tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (CONTENT / "chart.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "chart.toml").write_text(text.replace(old, new), encoding="utf-8")
    file, problems = ContentFile(tmp_path, tmp_path / "chart.toml"), list[Problem]()
    areas = read_table(content_shapes.ChartArea, file, "area", problems)
    off = read_table(content_shapes.OffChart, file, "off_chart", problems)
    assert not problems
    found, _ = check(replace(content, chart_areas=areas, off_chart=off))
    assert any(fault in str(problem) for problem in found)


def test_a_chart_of_words_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "chart.toml").write_text(
        '[[area]]\nregion = "knee"\nview = "front"\nellipses = [["wide"]]\n', encoding="utf-8"
    )
    problems = list[Problem]()
    file = ContentFile(tmp_path, tmp_path / "chart.toml")
    assert not read_table(content_shapes.ChartArea, file, "area", problems)
    assert [str(problem) for problem in problems] == [
        "chart.toml:4: 'ellipses' must be a list, each of it a list of numbers"
    ]
