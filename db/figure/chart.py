"""The body chart: areas of the skin on a standing body, seen from the front and from the back, drawn when compiled.

An area lies in the plane of db/figure/pose.py, whose midline is x = 50. Left and right are the person's own: in the front
view the person's right is on the picture's left, in the back view left is left. A paired area is given once, on the
picture's left; its mirror image belongs to the other side.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.figure import drawing, shapes
from db.figure.drawing import Box, Raster
from db.figure.look import SIDES
from db.figure.pose import HEAD, Arm, Leg, Point, Pose, Turn, posed
from db.figure.shapes import Capsule, Ellipse, Group, Polygon, Shape

MIDLINE = 50.0
CELLS_WIDE, CELLS_HIGH = 20, 22
# How finely a cell is looked at: points across and down.
FINE_WIDE, FINE_HIGH = 8, 16
# The share of a cell's body that an area must cover to own the cell.
OWNED = 0.35
# A body without an area, and what lies beside the body, in the grid of cells.
BARE, BESIDE = ".", " "
MARKS = string.ascii_lowercase
# How much of an area may lie beside the body or under another area, as a share of its points.
STRAY = 0.04
HATCH = 2.6


@dataclass(frozen=True)
class Area:
    """One area on one side of one view; `side` is "left", "right", or "" for the midline."""

    region: str
    side: str
    view: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class DrawnArea:
    """An area drawn: the outline and its hatching as SVG path data, and the letter that marks its cells."""

    region: str
    side: str
    view: str
    mark: str
    path: str
    hatch: str


@dataclass(frozen=True)
class DrawnView:
    """A view drawn: the body as SVG path data, and for the terminal a grid of marks and two braille pictures of one size.

    In `pale` every second dot of the body is set, in `solid` every dot: a chosen cell is taken from the second.
    """

    view: str
    path: str
    wide: float
    high: float
    grid: str
    pale: str
    solid: str


def shapes_of(
    polygon: Sequence[Sequence[float]], capsules: Sequence[Sequence[float]], ellipses: Sequence[Sequence[float]]
) -> tuple[Shape, ...]:
    """Shapes from their numbers: x, y a corner; x, y, radius, x, y, radius a capsule; x, y, breadth, height, angle
    (the halves of both) an ellipse. Raises ValueError that says what is wrong."""
    found: list[Shape] = []
    for what, rows, count in (("corner", polygon, 2), ("capsule", capsules, 6), ("ellipse", ellipses, 5)):
        for row in rows:
            if len(row) != count:
                raise ValueError(f"each {what} must be {count} numbers, not {len(row)}")
    if polygon:
        if len(polygon) < 3:
            raise ValueError("a polygon needs 3 corners or more")
        found.append(Polygon(tuple((x, y) for x, y in polygon)))
    found += [Capsule((x0, y0), (x1, y1), r0, r1) for x0, y0, r0, x1, y1, r1 in capsules]
    found += [Ellipse((x, y), breadth, height, angle) for x, y, breadth, height, angle in ellipses]
    if not found:
        raise ValueError("an area needs a polygon, capsules or ellipses")
    return tuple(found)


def _across(point: Point) -> Point:
    return 2 * MIDLINE - point[0], point[1]


def mirrored(shape: Shape) -> Shape:
    """The shape on the other side of the midline."""
    if isinstance(shape, Capsule):
        return Capsule(_across(shape.start), _across(shape.end), shape.start_radius, shape.end_radius)
    if isinstance(shape, Ellipse):
        return Ellipse(_across(shape.middle), shape.breadth, shape.height, 180 - shape.angle)
    return Polygon(tuple(map(_across, shape.points)))


def areas_of(region: str, view: str, paired: bool, given: tuple[Shape, ...]) -> list[Area]:
    """The one or two areas of a region in a view, the one on the picture's left first."""
    if not paired:
        return [Area(region, "", view, given)]
    first, second = SIDES[view]
    return [Area(region, first, view, given), Area(region, second, view, tuple(map(mirrored, given)))]


def standing(view: str) -> tuple[Shape, ...]:
    """A body that stands with arms and legs a little apart."""
    up = Turn(90)
    arm, arm2 = (Arm(Turn(90 + way * 160), Turn(90 + way * 166), Turn(90 + way * 168)) for way in (1, -1))
    leg, leg2 = (Leg(Turn(90 + way * 175), Turn(90 + way * 178)) for way in (1, -1))
    body = posed(Pose(view, "right", (MIDLINE, 53.4), up, up, up, arm, arm2, leg, leg2))
    limbs = [shape for mark in ("", "2") for shape in (*shapes.arm(body, mark), *shapes.leg(body, mark))]
    return (*shapes.trunk(body), *limbs, Ellipse(body.joints["head"], *HEAD, 90))


def _box(view: str) -> Box:
    """The body's bounds, as wide to the left of the midline as to the right."""
    left, _, right, top = shapes.bounds([Group("plain", standing(view))])
    reach = max(MIDLINE - left, right - MIDLINE)
    return MIDLINE - reach, 0.0, MIDLINE + reach, top


def _painted(view: str, areas: Sequence[Area], wide: int, high: int) -> Raster:
    """A picture in which the body is 1 and area number n is n + 2."""
    groups = [Group("plain", standing(view)), *(Group("plain", area.shapes) for area in areas)]
    return drawing.raster(groups, _box(view), wide, high, range(1, len(groups) + 1))


def faults(view: str, areas: Sequence[Area]) -> Iterator[tuple[Area, str]]:
    """What is wrong with the areas of one view: off the body, over each other, across the midline, too small to hit."""
    wide, high = CELLS_WIDE * FINE_WIDE, CELLS_HIGH * FINE_HIGH
    box = _box(view)
    body = _painted(view, (), wide, high).dots
    alone = [drawing.raster([Group("plain", area.shapes)], box, wide, high, [1]).dots for area in areas]
    points = [{(x, y) for y, line in enumerate(dots) for x, dot in enumerate(line) if dot} for dots in alone]
    grid = "".join(_grid(view, areas))
    for number, (area, own) in enumerate(zip(areas, points, strict=True)):
        if not own or MARKS[number] not in grid:
            yield area, "is too small: no cell of the terminal's picture is its own"
            continue
        if sum(not body[y][x] for x, y in own) > STRAY * len(own):
            yield area, "lies beside the body"
        for other, theirs in zip(areas[:number], points, strict=False):
            if len(own & theirs) > STRAY * min(len(own), len(theirs)):
                yield area, f"lies over {other.region} {other.side}".rstrip()
        left = sum(x < wide / 2 for x, _ in own)
        if not area.side and abs(2 * left - len(own)) > STRAY * len(own):
            yield area, "has no side, so it must lie on the midline, as much to the left as to the right"
        if area.side == SIDES[view][0] and left < (1 - STRAY) * len(own):
            yield area, "is paired, so it must lie on the picture's left (x below 50)"


def _grid(view: str, areas: Sequence[Area]) -> list[str]:
    """For each cell the mark of the area that owns it."""
    painted = _painted(view, areas, CELLS_WIDE * FINE_WIDE, CELLS_HIGH * FINE_HIGH).dots
    cells = []
    for row in range(CELLS_HIGH):
        for column in range(CELLS_WIDE):
            lines = painted[row * FINE_HIGH : (row + 1) * FINE_HIGH]
            seen = Counter(dot for line in lines for dot in line[column * FINE_WIDE : (column + 1) * FINE_WIDE])
            body = seen.total() - seen.pop(0, 0)
            seen.pop(1, None)
            best, covered = seen.most_common(1)[0] if seen else (0, 0)
            owned = covered and covered >= OWNED * body
            cells.append(MARKS[best - 2] if owned else BARE if body else BESIDE)
    return ["".join(cells[start : start + CELLS_WIDE]) for start in range(0, len(cells), CELLS_WIDE)]


def _dots(view: str, areas: Sequence[Area]) -> Raster:
    """The body in braille's dots, blank where two areas meet."""
    scale = 3
    wide, high = CELLS_WIDE * 2, CELLS_HIGH * 4
    fine = _painted(view, areas, wide * scale, high * scale).dots

    def dot(x: int, y: int) -> int:
        seen = {value for line in fine[y * scale : (y + 1) * scale] for value in line[x * scale : (x + 1) * scale]}
        middle = fine[y * scale + 1][x * scale + 1]
        return int(bool(middle) and len(seen - {0}) == 1)

    return Raster(wide, high, tuple(tuple(dot(x, y) for x in range(wide)) for y in range(high)))


def _padded(text: str) -> str:
    return "\n".join(line.ljust(CELLS_WIDE) for line in text.split("\n"))


def _hatch(area: Area, box: Box) -> str:
    """Slanting lines across an area, as SVG path data."""
    tests = [inside for _, inside in (drawing.inside(shape, -0.4) for shape in area.shapes)]
    left, bottom, right, top = shapes.bounds([Group("plain", area.shapes)])
    lines = []
    first = int((left + bottom) // HATCH)
    for number in range(first, int((right + top) // HATCH) + 1):
        total, start = number * HATCH, None
        steps = int((right - left) / 0.2) + 2
        for step in range(steps + 1):
            point = (left + 0.2 * step, total - left - 0.2 * step)
            within = step < steps and any(test(*point) for test in tests)
            if within and start is None:
                start = point
            elif not within and start is not None:
                lines.append(drawing.stroke(start, (point[0] - 0.2, point[1] + 0.2), box))
                start = None
    return "".join(lines)


def draw_view(view: str, areas: Sequence[Area]) -> tuple[DrawnView, list[DrawnArea]]:
    """One view of the body with its areas (all of that view) drawn."""
    box = drawing.with_margin(_box(view))
    dots = _dots(view, areas)
    pale = Raster(
        dots.wide,
        dots.high,
        tuple(tuple(dot and (x + y) % 2 for x, dot in enumerate(line)) for y, line in enumerate(dots.dots)),
    )
    drawn = DrawnView(
        view,
        drawing.path_data(standing(view), box),
        round(box[2] - box[0], 1),
        round(box[3] - box[1], 1),
        "\n".join(_grid(view, areas)),
        _padded(drawing.braille(pale)),
        _padded(drawing.braille(dots)),
    )
    return drawn, [
        DrawnArea(area.region, area.side, view, mark, drawing.path_data(area.shapes, box), _hatch(area, box))
        for area, mark in zip(areas, MARKS, strict=False)
    ]
