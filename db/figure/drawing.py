"""Groups of shapes as SVG for paper, and as cells for the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from db.figure.look import COLOURS, HALO
from db.figure.pose import Point
from db.figure.shapes import Capsule, Ellipse, Group, Polygon, Shape

Box = tuple[float, float, float, float]

MARGIN = 2.0
# What is set off from what lies behind it.
HALOED = ("near", "far", "trunk", "arrow", "plain", "chosen")


def _number(value: float) -> str:
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def _at(point: Point, box: Box) -> str:
    return f"{_number(point[0] - box[0])} {_number(box[3] - point[1])}"


def _path(shape: Shape, box: Box) -> str:
    """A closed path that runs anticlockwise on paper, as every one must: two that run against each other make a hole."""

    def at(point: Point) -> str:
        return _at(point, box)

    if isinstance(shape, Polygon):
        pairs = zip(shape.points, (*shape.points[1:], shape.points[0]), strict=True)
        anticlockwise = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) > 0
        return "M" + "L".join(map(at, shape.points if anticlockwise else shape.points[::-1])) + "Z"
    if isinstance(shape, Ellipse):
        turn = math.radians(shape.angle)
        along = (math.cos(turn) * shape.height, math.sin(turn) * shape.height)
        one = at((shape.middle[0] - along[0], shape.middle[1] - along[1]))
        other = at((shape.middle[0] + along[0], shape.middle[1] + along[1]))
        size = f"{_number(shape.height)} {_number(shape.breadth)} {_number(-shape.angle)}"
        return f"M{one}A{size} 1 0 {other}A{size} 1 0 {one}Z"
    apart = math.dist(shape.start, shape.end)
    if apart <= abs(shape.start_radius - shape.end_radius) + 0.01:
        wider = shape.start_radius >= shape.end_radius
        middle, reach = (shape.start, shape.start_radius) if wider else (shape.end, shape.end_radius)
        return _path(Ellipse(middle, reach, reach, 0), box)
    turn = math.atan2(shape.end[1] - shape.start[1], shape.end[0] - shape.start[0])
    slope = math.acos((shape.start_radius - shape.end_radius) / apart)

    def touch(middle: Point, reach: float, angle: float) -> str:
        return at((middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle)))

    first, last = _number(shape.start_radius), _number(shape.end_radius)
    # Sweep 0 runs anticlockwise on paper.
    return (
        f"M{touch(shape.start, shape.start_radius, turn + slope)}"
        f"A{first} {first} 0 {int(slope < math.pi / 2)} 0 {touch(shape.start, shape.start_radius, turn - slope)}"
        f"L{touch(shape.end, shape.end_radius, turn - slope)}"
        f"A{last} {last} 0 {int(slope > math.pi / 2)} 0 {touch(shape.end, shape.end_radius, turn + slope)}Z"
    )


def path_data(shapes: Iterable[Shape], box: Box) -> str:
    """The path data of shapes that are filled as one."""
    return "".join(_path(shape, box) for shape in shapes)


def stroke(start: Point, end: Point, box: Box) -> str:
    """The path data of a straight line."""
    return f"M{_at(start, box)}L{_at(end, box)}"


def with_margin(box: Box) -> Box:
    """The box with the margin that every picture has."""
    return box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN


def svg(groups: Iterable[Group], box: Box, colours: dict[str, str] = COLOURS) -> str:
    """One picture as SVG. `box` is what of the plane is seen (left, bottom, right, top); a unit is a millimetre's third."""
    box = with_margin(box)
    size = f"{_number(box[2] - box[0])} {_number(box[3] - box[1])}"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">']
    for group in groups:
        path = path_data(group.shapes, box)
        name = f' id="{group.id}"' if group.id else ""
        fill = colours[group.tone]
        edge = f' stroke="#fff" stroke-width="{HALO}" stroke-linejoin="round" paint-order="stroke"'
        outline = f' stroke="{colours["edge"]}" stroke-width="0.9"'
        # Cloth is outlined around the whole, not around each of its shapes.
        hem = f' stroke="{colours["edge"]}" stroke-width="1.6" stroke-linejoin="round" paint-order="stroke"'
        line = edge if group.tone in HALOED else {"prop": outline, "cloth": hem}.get(group.tone, "")
        parts.append(f'<path{name} d="{path}" fill="{fill}"{line}/>')
    return "".join(parts) + "</svg>"


# --- cells ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raster:
    """Square dots, rows from the top; 0 is empty, any other number is what the painter put there."""

    wide: int
    high: int
    dots: tuple[tuple[int, ...], ...]


def inside(shape: Shape, grow: float) -> tuple[Box, Callable[[float, float], bool]]:
    """The box of a shape grown by `grow`, and a test of whether a point lies in it."""
    if isinstance(shape, Ellipse):
        turn = math.radians(shape.angle)
        along, across = math.cos(turn), math.sin(turn)
        height, breadth = shape.height + grow, shape.breadth + grow
        x0, y0 = shape.middle
        reach = max(height, breadth)

        def in_ellipse(x: float, y: float) -> bool:
            u, v = (x - x0) * along + (y - y0) * across, (y - y0) * along - (x - x0) * across
            return (u / height) ** 2 + (v / breadth) ** 2 <= 1

        return (x0 - reach, y0 - reach, x0 + reach, y0 + reach), in_ellipse
    if isinstance(shape, Capsule):
        (x0, y0), (x1, y1) = shape.start, shape.end
        first, last = shape.start_radius + grow, shape.end_radius + grow
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy or 1e-9

        def in_capsule(x: float, y: float) -> bool:
            share = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length))
            reach = first + (last - first) * share
            return (x - x0 - share * dx) ** 2 + (y - y0 - share * dy) ** 2 <= reach * reach

        box = (
            min(x0 - first, x1 - last),
            min(y0 - first, y1 - last),
            max(x0 + first, x1 + last),
            max(y0 + first, y1 + last),
        )
        return box, in_capsule
    points = shape.points

    def in_polygon(x: float, y: float) -> bool:
        odd = False
        for (x0, y0), (x1, y1) in zip(points, (*points[1:], points[0]), strict=True):
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                odd = not odd
        return odd

    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys), max(xs), max(ys)), in_polygon


def raster(groups: Sequence[Group], box: Box, wide: int, high: int, values: Sequence[int], halo: float = 0.0) -> Raster:
    """Paint the groups, each with its value, on `wide` by `high` square dots; the picture keeps its shape, centred below.

    A halo above 0 clears that much (in the picture's units) around each group before it is painted.
    """
    scale = min(wide / (box[2] - box[0]), high / (box[3] - box[1]))
    left = box[0] - (wide / scale - (box[2] - box[0])) / 2
    top = box[1] + high / scale
    dots = [[0] * wide for _ in range(high)]
    for group, value in zip(groups, values, strict=True):
        haloed = halo and group.tone in HALOED
        for grow, put in ((halo, 0), (0.0, value)) if haloed else ((0.0, value),):
            for shape in group.shapes:
                (x0, y0, x1, y1), within = inside(shape, grow)
                for row in range(max(0, int((top - y1) * scale)), min(high, int((top - y0) * scale) + 1)):
                    y = top - (row + 0.5) / scale
                    line = dots[row]
                    for column in range(max(0, int((x0 - left) * scale)), min(wide, int((x1 - left) * scale) + 1)):
                        if within(left + (column + 0.5) / scale, y):
                            line[column] = put
    return Raster(wide, high, tuple(tuple(line) for line in dots))


BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def braille(picture: Raster) -> str:
    """The raster as lines of braille signs: 2 by 4 dots a cell."""
    lines = []
    for top in range(0, picture.high, 4):
        line = ""
        for left in range(0, picture.wide, 2):
            mark = 0
            for row, bits in enumerate(BRAILLE):
                for column, bit in enumerate(bits):
                    if top + row < picture.high and left + column < picture.wide and picture.dots[top + row][left + column]:
                        mark |= bit
            line += chr(0x2800 + mark) if mark else " "
        lines.append(line.rstrip())
    return "\n".join(lines)


def half_blocks(picture: Raster) -> str:
    """The raster as lines of half blocks, which every console font has: 1 by 2 dots a cell."""
    lines = []
    for top in range(0, picture.high, 2):
        above = picture.dots[top]
        below = picture.dots[top + 1] if top + 1 < picture.high else (0,) * picture.wide
        lines.append("".join(" ▄▀█"[2 * bool(one) + bool(two)] for one, two in zip(above, below, strict=True)).rstrip())
    return "\n".join(lines)
