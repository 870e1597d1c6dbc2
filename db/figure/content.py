"""Figures as content: one file a figure below `figures/`, read, checked by rule, and drawn when the knowledge is compiled.

A file names what it shows (`id`, an exercise or a work-around), how it is seen (`view`), the things about the body
(`[[prop]]`), the positions (`[[frame]]`, start first, end last) and the arrows (`[[arrow]]`). Places and angles are those
of db/figure/pose.py. A point is [x, y], or a joint of the body, or ["joint", dx, dy].

A frame may bring limbs before the trunk (`over`), turn the face to the viewer (`look`), and name a view of its own
(`view`). A prop is drawn behind the body, or with `over = true` before it; `cloth` clothes a limb.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from db.errors import Problem
from db.figure import drawing, props
from db.figure.drawing import Box
from db.figure.pose import LOOKS, VIEWS, Arm, Body, Leg, Point, Pose, Turn, faults, posed, radius
from db.figure.props import Prop
from db.figure.shapes import Group, Polygon, bounds, chain, figure, grown
from db.rows import ContentFile, Place

# How far apart two things that are said to touch may be.
TOUCHING = 1.7
# The terminal's picture at its largest: 40 by 14 cells.
DOTS_WIDE, DOTS_HIGH = 80, 56
BLOCKS_WIDE, BLOCKS_HIGH = 40, 28
PARTS_OF = {"foot": ("heel", "ball"), "foot2": ("heel2", "ball2"), "trunk": ("pelvis", "chest")}
FRAME_KEYS = {
    "name", "alt", "pelvis", "spine", "head", "arm", "arm2", "leg", "leg2", "touch", "on", "over", "look",
    "faces", "view",
}  # fmt: skip
RAISED = {f"{part}{mark}" for part in ("arm", "leg", "thigh", "shank") for mark in ("", "2")}
ARROW_KEYS = {"frame", "from", "to", "bend", "follow", "by"}


class MalformedError(Exception):
    """What a figure's file says cannot be read; the message says why."""


@dataclass(frozen=True)
class Frame:
    """One position: the body, the things about it, its arrows, and the words for who cannot see it."""

    name: str
    alt: str
    body: Body
    props: tuple[Prop, ...]
    arrows: tuple[Group, ...]
    touch: tuple[tuple[str, str], ...]

    def groups(self) -> list[Group]:
        """Everything drawn, from back to front."""
        behind = [group for prop in self.props if not prop.over for group in prop.groups()]
        before = [group for prop in self.props if prop.over for group in prop.groups()]
        return [*behind, *figure(self.body), *before, *self.arrows]


@dataclass(frozen=True)
class Figure:
    """A figure with its frames in order, the start first."""

    id: str
    frames: tuple[Frame, ...]
    place: Place


@dataclass(frozen=True)
class Drawn:
    """A frame drawn: SVG for paper, braille and half-block cells for the terminal; sizes in the figure's units."""

    name: str
    alt: str
    svg: str
    braille: str
    blocks: str
    wide: float
    high: float


def _numbers(value: Any, what: str, *counts: int) -> tuple[float, ...]:
    fits = isinstance(value, list) and len(value) in counts and all(type(item) in (int, float) for item in value)
    if not fits:
        raise MalformedError(f"{what} must be a list of {' or '.join(map(str, counts))} numbers")
    return tuple(float(item) for item in value)


def _turn(value: Any, what: str) -> Turn:
    if type(value) in (int, float):
        return Turn(float(value))
    angle, seen = _numbers(value, f"{what}, when it is no angle,", 2)
    if not 0.2 <= seen <= 1:
        raise MalformedError(f"{what}: the share that is seen must lie between 0.2 and 1, not {seen}")
    return Turn(angle, seen)


def _table(value: Any, what: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedError(f"{what} must be a table")
    for key in value.keys() - known:
        raise MalformedError(f"{what}: unknown key '{key}'; known here: {', '.join(sorted(known))}")
    return value


def _bends(values: dict[str, Any], what: str) -> str:
    bends = values.get("bends", "forward")
    if bends not in ("forward", "back"):
        raise MalformedError(f"{what}: bends must be 'forward' or 'back'")
    return str(bends)


def _arm(value: Any, what: str) -> Arm:
    values = _table(value, what, {"upper", "fore", "hand", "wrist", "bends"})
    turns = {key: _turn(values[key], f"{what} {key}") for key in ("upper", "fore", "hand") if key in values}
    wrist = _numbers(values["wrist"], f"{what} wrist", 2) if "wrist" in values else None
    return Arm(**turns, wrist=(wrist[0], wrist[1]) if wrist else None, bends=_bends(values, what))


def _leg(value: Any, what: str) -> Leg:
    values = _table(value, what, {"thigh", "shank", "foot", "ankle", "stands", "bends"})
    turns = {key: _turn(values[key], f"{what} {key}") for key in ("thigh", "shank", "foot") if key in values}
    points: dict[str, Point] = {}
    for key in ("ankle", "stands"):
        if key in values:
            x, y = _numbers(values[key], f"{what} {key}", 2)
            points[key] = (x, y)
    return Leg(**turns, ankle=points.get("ankle"), stands=points.get("stands"), bends=_bends(values, what))


def _pose(values: dict[str, Any], view: str, faces: str) -> Pose:
    view, faces = values.get("view", view), values.get("faces", faces)
    if view not in VIEWS:
        raise MalformedError(f"view must be one of {', '.join(VIEWS)}")
    look = values.get("look", "ahead")
    if look not in LOOKS:
        raise MalformedError(f"look must be one of {', '.join(LOOKS)}")
    if faces not in ("right", "left"):
        raise MalformedError("faces must be 'right' or 'left'")
    spine = values.get("spine", 90)
    low, up = spine if isinstance(spine, list) else (spine, spine)
    arm, leg = _arm(values.get("arm", {}), "arm"), _leg(values.get("leg", {}), "leg")
    return Pose(
        view=view,
        faces=faces,
        pelvis=_numbers(values.get("pelvis", [50.0]), "pelvis", 1, 2),
        low=_turn(low, "spine"),
        up=_turn(up, "spine"),
        head=_turn(values.get("head", up), "head"),
        arm=arm,
        arm2=_arm(values["arm2"], "arm2") if "arm2" in values else arm,
        leg=leg,
        leg2=_leg(values["leg2"], "leg2") if "leg2" in values else leg,
        on=float(values.get("on", 0)),
        over=_over(values.get("over", [])),
        look=look,
    )


def _over(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not set(map(str, value)) <= RAISED:
        raise MalformedError(f"over must be a list of {', '.join(sorted(RAISED))}")
    return tuple(value)


def _point(value: Any, body: Body, what: str) -> Point:
    if isinstance(value, str):
        value = [value, 0, 0]
    if isinstance(value, list) and value and isinstance(value[0], str):
        if value[0] not in body.joints:
            raise MalformedError(f"{what}: unknown joint '{value[0]}'; known: {', '.join(body.joints)}")
        dx, dy = _numbers(value[1:], what, 2)
        x, y = body.joints[value[0]]
        return x + dx, y + dy
    x, y = _numbers(value, what, 2)
    return x, y


def _prop(values: dict[str, Any], body: Body) -> Prop:
    kind = values.get("kind")
    if kind not in props.KINDS:
        raise MalformedError(f"unknown kind of prop '{kind}'; known: {', '.join(props.KINDS)}")
    maker = props.KINDS[kind]
    known = inspect.signature(maker).parameters
    arguments: dict[str, Any] = {}
    for key, value in values.items():
        if key in ("kind", "frame", "over", "name"):
            continue
        if key not in known:
            raise MalformedError(f"{kind}: unknown key '{key}'; known here: {', '.join(known)}")
        if key == "points":
            if not isinstance(value, list) or len(value) < 2:
                raise MalformedError(f"{kind}: points must be a list of points")
            arguments[key] = tuple(_point(item, body, f"{kind} points") for item in value)
        elif key == "at":
            arguments[key] = _point(value, body, f"{kind} at")
        elif not isinstance(value, (int, float, str)) or isinstance(value, bool):
            raise MalformedError(f"{kind}: {key} must be a number or a text")
        else:
            arguments[key] = value
    try:
        made = maker(**arguments)
    except TypeError as error:
        raise MalformedError(f"{kind}: {str(error).partition(') ')[2] or error}") from error
    return replace(made, name=str(values.get("name", kind)), over=bool(values.get("over", False)))


def _arrow(start: Point, end: Point, bend: float) -> Group:
    """An arrow that bows by `bend` times its length to its left."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = ((start[0] + end[0]) / 2 - dy * bend, (start[1] + end[1]) / 2 + dx * bend)
    path = []
    for step in range(13):
        t = step / 12
        path.append(
            (
                (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * middle[0] + t * t * end[0],
                (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * middle[1] + t * t * end[1],
            )
        )
    way = math.atan2(end[1] - middle[1], end[0] - middle[0])

    def corner(along: float, across: float) -> Point:
        return (
            end[0] + along * math.cos(way) - across * math.sin(way),
            end[1] + along * math.sin(way) + across * math.cos(way),
        )

    tip = Polygon((corner(2.4, 0), corner(-4.4, 3.2), corner(-4.4, -3.2)))
    return Group("arrow", (*chain(path[:-2], 2.0), tip))


def _frames(file: ContentFile) -> tuple[Frame, ...]:
    data = file.data
    tables = {name: data.get(name, []) for name in ("frame", "prop", "arrow")}
    for name, rows in tables.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise MalformedError(f"'{name}' must be a list of tables, written [[{name}]]")
    if not tables["frame"]:
        raise MalformedError("has no [[frame]]")
    bodies: dict[str, Body] = {}
    for row in tables["frame"]:
        _table(row, "frame", FRAME_KEYS)
        name = row.get("name")
        if not isinstance(name, str) or not name or name in bodies:
            raise MalformedError("each frame needs a name of its own")
        if not isinstance(row.get("alt"), str) or not row["alt"].strip():
            raise MalformedError(f"frame '{name}' has no alternative text (alt)")
        bodies[name] = posed(_pose(row, str(data.get("view", "side")), str(data.get("faces", "right"))))
    for row in (*tables["prop"], *tables["arrow"]):
        if "frame" in row and row["frame"] not in bodies:
            raise MalformedError(f"unknown frame '{row['frame']}'; known: {', '.join(bodies)}")
    last = list(bodies)[-1]
    found = []
    for row in tables["frame"]:
        name, body = row["name"], bodies[row["name"]]
        own = tuple(_prop(prop, body) for prop in tables["prop"] if prop.get("frame", name) == name)
        arrows = []
        for arrow in tables["arrow"]:
            _table(arrow, "arrow", ARROW_KEYS)
            if arrow.get("frame", last) == name:
                arrows.append(_one_arrow(arrow, body, bodies))
        touch = row.get("touch", [])
        if not isinstance(touch, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in touch):
            raise MalformedError('touch must be a list of pairs such as ["foot", "floor"]')
        found.append(Frame(name, row["alt"], body, own, tuple(arrows), tuple((str(a), str(b)) for a, b in touch)))
    return tuple(found)


def _one_arrow(values: dict[str, Any], body: Body, bodies: dict[str, Body]) -> Group:
    bend = values.get("bend", 0.2)
    if type(bend) not in (int, float):
        raise MalformedError("arrow: bend must be a number")
    if "follow" in values:
        first, last = next(iter(bodies.values())), list(bodies.values())[-1]
        dx, dy = _numbers(values.get("by", [0, 0]), "arrow by", 2)
        start, end = (_point(values["follow"], one, "arrow follow") for one in (first, last))
        return _arrow((start[0] + dx, start[1] + dy), (end[0] + dx, end[1] + dy), float(bend))
    if "from" not in values or "to" not in values:
        raise MalformedError("an arrow needs 'from' and 'to', or 'follow'")
    return _arrow(_point(values["from"], body, "arrow from"), _point(values["to"], body, "arrow to"), float(bend))


def read_figure(file: ContentFile, problems: list[Problem]) -> Figure | None:
    """A figure from its file; what cannot be read goes to `problems`, and then there is no figure."""
    name = file.data.get("id")
    try:
        _table(file.data, "figure", {"id", "view", "faces", "frame", "prop", "arrow"})
        if not isinstance(name, str):
            raise MalformedError("'id' is missing")
        return Figure(name, _frames(file), file.top)
    except MalformedError as error:
        problems.append(file.top.problem(str(error)))
        return None


def _apart(frame: Frame, part: str, target: str) -> Iterator[tuple[str, float]]:
    """How far each point of a part of the body is from what it is said to touch."""
    joints = frame.body.joints
    for point in PARTS_OF.get(part, (part,)):
        if point not in joints:
            raise MalformedError(f"touch: unknown part '{point}'; known: {', '.join((*joints, *PARTS_OF))}")
        place, reach = joints[point], radius(point)
        if target == "floor":
            yield point, abs(place[1] - reach)
        elif target in joints:
            yield point, max(0.0, math.dist(place, joints[target]) - reach - radius(target))
        else:
            things = [prop for prop in frame.props if prop.name == target]
            if not things:
                names = ", ".join(prop.name for prop in frame.props)
                raise MalformedError(f"touch: nothing here is named '{target}'; known: floor, {names}, or a joint")
            yield point, min(abs(props.distance(thing, place) - reach) for thing in things)


def check_figure(made: Figure) -> list[str]:
    """What is wrong with a figure by rule: joints beyond their range, parts below the floor, touches that do not touch."""
    found = []
    for frame in made.frames:
        found += [f"frame '{frame.name}': {fault}" for fault in faults(frame.body)]
        if not frame.touch:
            found.append(f"frame '{frame.name}' says of nothing what it touches (touch)")
        for part, target in frame.touch:
            try:
                for point, gap in _apart(frame, part, target):
                    if gap > TOUCHING:
                        found.append(
                            f"frame '{frame.name}': the {point} is {gap:.1f} from the {target} that it should touch"
                        )
            except MalformedError as error:
                found.append(f"frame '{frame.name}': {error}")
    return found


def _outlined(groups: list[Group], dot: float) -> tuple[list[Group], list[int]]:
    """Groups for the terminal: things as outlines, far limbs marked 2 for thinning."""
    made: list[Group] = []
    values: list[int] = []
    for group in groups:
        if group.tone == "prop":
            made.append(group)
            values.append(0)
            for shape in group.shapes:
                points = props.corners(shape)
                made.append(Group("edge", chain((*points, points[0]), dot)))
                values.append(3)
        elif group.tone == "cloth":
            made += [Group("edge", tuple(grown(shape, dot) for shape in group.shapes)), group]
            values += [3, 0]
        else:
            made.append(group)
            values.append({"far": 2, "face": 0, "edge": 3, "arrow": 3}.get(group.tone, 1))
    return made, values


def _cells(groups: list[Group], box: Box, most_wide: int, most_high: int) -> drawing.Raster:
    wide, high = box[2] - box[0], box[3] - box[1]
    scale = min(most_wide / wide, most_high / high)
    dot = 1 / scale
    made, values = _outlined(groups, dot * 1.1)
    across, down = max(1, round(wide * scale)), max(1, round(high * scale))
    painted = drawing.raster(made, box, across, down, values, dot * 0.8)
    # A far limb is thinned to every second dot, so that it reads as paler.
    dots = tuple(
        tuple(0 if dot == 2 and (x + y) % 2 else dot for x, dot in enumerate(line)) for y, line in enumerate(painted.dots)
    )
    return drawing.Raster(across, down, dots)


def draw(made: Figure) -> list[Drawn]:
    """Every frame of a figure drawn to one scale."""
    everything = [frame.groups() for frame in made.frames]
    boxes = [bounds(groups) for groups in everything]
    box = (
        min(one[0] for one in boxes),
        min(one[1] for one in boxes),
        max(one[2] for one in boxes),
        max(one[3] for one in boxes),
    )
    found = []
    for frame, groups in zip(made.frames, everything, strict=True):
        if frame.body.pose.view in ("side", "front", "back"):
            floor = Group("edge", chain(((box[0], -0.5), (box[2], -0.5)), 1.0))
            groups = [floor, *groups]
        found.append(
            Drawn(
                frame.name,
                frame.alt,
                drawing.svg(groups, box),
                drawing.braille(_cells(groups, box, DOTS_WIDE, DOTS_HIGH)),
                drawing.half_blocks(_cells(groups, box, BLOCKS_WIDE, BLOCKS_HIGH)),
                round(box[2] - box[0] + 2 * drawing.MARGIN, 1),
                round(box[3] - box[1] + 2 * drawing.MARGIN, 1),
            )
        )
    return found
