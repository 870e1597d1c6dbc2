"""The things about a body: what it lies, sits and stands on, leans against and holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from db.figure.pose import Point
from db.figure.shapes import Capsule, Ellipse, Group, Polygon, Shape, chain

LEG = 1.6
WALL = 4.0


@dataclass(frozen=True)
class Prop:
    """One thing in one frame: `solid` is filled and outlined in its tone (prop or cloth), `lines` are drawn as they are."""

    name: str
    solid: tuple[Shape, ...] = ()
    lines: tuple[Shape, ...] = ()
    over: bool = False
    tone: str = "prop"

    def groups(self) -> list[Group]:
        """Solid parts first, lines over them."""
        found = [Group(self.tone, self.solid)] if self.solid else []
        return [*found, Group("edge", self.lines)] if self.lines else found


def box(left: float, right: float, bottom: float, top: float) -> Polygon:
    """An upright rectangle."""
    return Polygon(((left, bottom), (right, bottom), (right, top), (left, top)))


def _rail(*points: Point) -> tuple[Shape, ...]:
    return chain(points, LEG)


def mat(x: float, to: float, h: float = 1.5) -> Prop:
    """A mat on the floor from `x` to `to`."""
    return Prop("mat", (box(x, to, 0, h),))


def ground(x: float, to: float, y: float, top: float, slant: float = 0) -> Prop:
    """A mat or bed seen from above or half above: a rectangle, its far edge shifted by `slant`."""
    return Prop("ground", (Polygon(((x, y), (to, y), (to + slant, top), (x + slant, top))),))


def block(x: float, to: float, h: float, y: float = 0) -> Prop:
    """A solid block: a step, a box, a load, a thick cushion."""
    return Prop("block", (box(x, to, y, y + h),))


def bed(x: float, to: float, h: float = 24) -> Prop:
    """A bed from the side, its top at height `h`."""
    legs = (*_rail((x + 3, 0), (x + 3, h - 7)), *_rail((to - 3, 0), (to - 3, h - 7)))
    return Prop("bed", (box(x, to, h - 7, h),), legs)


def chair(x: float, seat: float = 24, deep: float = 21, back: float = 30, faces: str = "right", arms: float = 0) -> Prop:
    """A chair from the side: `x` is the front edge of its seat, `back` the height of its back above the seat."""
    way = -1 if faces == "right" else 1
    rear = x + way * deep
    legs = (*_rail((x + way * 2, 0), (x + way * 2, seat - 3)), *_rail((rear - way * 1, 0), (rear - way * 1, seat - 3)))
    rest = _rail((rear, seat), (rear + way * 2, seat + back)) if back else ()
    hold = _rail((rear, seat + arms), (x + way * 3, seat + arms), (x + way * 3, seat)) if arms else ()
    return Prop("chair", (box(min(x, rear), max(x, rear), seat - 3, seat),), (*legs, *rest, *hold))


def stool(x: float, to: float, h: float = 24) -> Prop:
    """A stool or perch without a back."""
    legs = (*_rail((x + 2, 0), (x + 2, h - 3)), *_rail((to - 2, 0), (to - 2, h - 3)))
    return Prop("stool", (box(x, to, h - 3, h),), legs)


def table(x: float, to: float, h: float = 42) -> Prop:
    """A table, a worktop or a sink."""
    legs = (*_rail((x + 2, 0), (x + 2, h - 2.5)), *_rail((to - 2, 0), (to - 2, h - 2.5)))
    return Prop("table", (box(x, to, h - 2.5, h),), legs)


def wall(x: float, side: str = "left", h: float = 106) -> Prop:
    """A wall whose face is at `x`; it stands on that `side` of its face."""
    return Prop("wall", (box(x - WALL, x, 0, h) if side == "left" else box(x, x + WALL, 0, h),))


def stairs(x: float, steps: float = 3, rise: float = 10, run: float = 16, up: str = "right") -> Prop:
    """A flight of stairs whose first edge is at `x`, going up to the right or left."""
    way = 1 if up == "right" else -1
    points: list[Point] = [(x, 0)]
    for number in range(int(steps)):
        points += [(x + way * run * number, rise * (number + 1)), (x + way * run * (number + 1), rise * (number + 1))]
    return Prop("stairs", (Polygon((*points, (x + way * run * steps, 0))),))


def pillow(at: Point, wide: float = 18, high: float = 7, turn: float = 0) -> Prop:
    """A pillow or a rolled towel, by its middle."""
    return Prop("pillow", (Ellipse(at, high / 2, wide / 2, turn),), tone="cloth")


def cloth(points: tuple[Point, ...], thick: float = 10, end: float = 0) -> Prop:
    """A piece of clothing along a limb, from `thick` at its first point to `end` (else as thick) at its last."""
    widths = [(thick + ((end or thick) - thick) * step / (len(points) - 1)) / 2 for step in range(len(points))]
    pieces = zip(points, points[1:], widths, widths[1:], strict=False)
    return Prop("cloth", tuple(Capsule(*piece) for piece in pieces), tone="cloth")


def ball(at: Point, r: float = 6) -> Prop:
    """Something round: a ball, a wheel seen from the side."""
    return Prop("ball", (Ellipse(at, r, r, 0),))


def line(points: tuple[Point, ...], thick: float = 1.4) -> Prop:
    """A strap, a towel, a cord, a stick, a rail."""
    return Prop("line", (), chain(points, thick))


def panel(points: tuple[Point, ...]) -> Prop:
    """Any flat thing with straight edges."""
    return Prop("panel", (Polygon(points),))


def bike(x: float, saddle: float = 52, faces: str = "right") -> Prop:
    """An exercise bike with its cranks' axle at `x`, 16 above the floor."""
    way = 1 if faces == "right" else -1
    seat, axle, bars = (x - way * 11, saddle), (x, 16.0), (x + way * 24, saddle + 16)
    frame = (*_rail(axle, seat), *_rail((x - way * 4, saddle * 0.45), (x + way * 18, saddle * 0.5), bars))
    feet = (
        *_rail((x - way * 16, 1), (x + way * 26, 1)),
        *_rail(axle, (x, 1)),
        *_rail((x + way * 20, 1), (x + way * 20, 24)),
    )
    grip = _rail(bars, (bars[0] + way * 5, bars[1] + 1))
    cushion = Capsule((seat[0] - way * 5, saddle), (seat[0] + way * 5, saddle), 1.8, 1.0)
    return Prop("bike", (Ellipse((x + way * 18, 20.0), 11, 11, 0),), (*frame, *feet, *grip, cushion))


KINDS: dict[str, Callable[..., Prop]] = {
    "mat": mat,
    "ground": ground,
    "block": block,
    "bed": bed,
    "chair": chair,
    "stool": stool,
    "table": table,
    "wall": wall,
    "stairs": stairs,
    "pillow": pillow,
    "cloth": cloth,
    "ball": ball,
    "line": line,
    "panel": panel,
    "bike": bike,
}


def _to_edge(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy or 1e-9
    share = max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    return math.dist(point, (start[0] + share * dx, start[1] + share * dy))


def corners(shape: Shape) -> tuple[Point, ...]:
    """The corners of a polygon, or of one that stands for an ellipse."""
    if isinstance(shape, Polygon):
        return shape.points
    if isinstance(shape, Ellipse):
        turn = math.radians(shape.angle)
        around = [math.radians(step) for step in range(0, 360, 15)]
        return tuple(
            (
                shape.middle[0]
                + shape.height * math.cos(a) * math.cos(turn)
                - shape.breadth * math.sin(a) * math.sin(turn),
                shape.middle[1]
                + shape.height * math.cos(a) * math.sin(turn)
                + shape.breadth * math.sin(a) * math.cos(turn),
            )
            for a in around
        )
    return (shape.start, shape.end)


def distance(prop: Prop, point: Point) -> float:
    """How far a point lies from the surface of a thing."""
    found = []
    for shape in (*prop.solid, *prop.lines):
        points = corners(shape)
        reach = max(shape.start_radius, shape.end_radius) if isinstance(shape, Capsule) else 0.0
        for start, end in zip(points, (*points[1:], points[0]), strict=True):
            found.append(abs(_to_edge(point, start, end) - reach))
    return min(found)
