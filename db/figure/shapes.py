"""What a figure is drawn from: tapered capsules, ellipses and polygons, gathered in groups from back to front.

A group is drawn as one: a white halo first, its fill after, so that joints vanish and overlaps stay readable.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.figure.pose import HEAD, RADIUS, Body, Point, between


@dataclass(frozen=True)
class Capsule:
    """The hull of two circles."""

    start: Point
    end: Point
    start_radius: float
    end_radius: float


@dataclass(frozen=True)
class Ellipse:
    """An ellipse whose height runs along `angle` degrees."""

    middle: Point
    breadth: float
    height: float
    angle: float


@dataclass(frozen=True)
class Polygon:
    points: tuple[Point, ...]


Shape = Capsule | Ellipse | Polygon


@dataclass(frozen=True)
class Group:
    """Shapes of one tone: near, far, trunk, face, prop, cloth, edge or arrow. `id` names a region of a body chart."""

    tone: str
    shapes: tuple[Shape, ...]
    id: str = ""


def chain(points: Sequence[Point], thickness: float) -> tuple[Shape, ...]:
    """A line of even thickness through the points."""
    return tuple(Capsule(start, end, thickness / 2, thickness / 2) for start, end in itertools.pairwise(points))


def grown(shape: Shape, by: float) -> Shape:
    """A rounded shape made thicker all round; a polygon stays as it is."""
    if isinstance(shape, Capsule):
        return Capsule(shape.start, shape.end, shape.start_radius + by, shape.end_radius + by)
    if isinstance(shape, Ellipse):
        return Ellipse(shape.middle, shape.breadth + by, shape.height + by, shape.angle)
    return shape


def bounds(groups: Iterable[Group]) -> tuple[float, float, float, float]:
    """The smallest box around all shapes: left, bottom, right, top."""
    xs: list[float] = []
    ys: list[float] = []
    for group in groups:
        for shape in group.shapes:
            for point, reach in _extent(shape):
                xs += [point[0] - reach, point[0] + reach]
                ys += [point[1] - reach, point[1] + reach]
    return min(xs), min(ys), max(xs), max(ys)


def _extent(shape: Shape) -> list[tuple[Point, float]]:
    if isinstance(shape, Capsule):
        return [(shape.start, shape.start_radius), (shape.end, shape.end_radius)]
    if isinstance(shape, Ellipse):
        return [(shape.middle, max(shape.breadth, shape.height))]
    return [(point, 0.0) for point in shape.points]


def _limb(body: Body, names: Sequence[tuple[str, str, str]], mark: str) -> list[Shape]:
    return [
        Capsule(body.joints[f"{start}{mark}"], body.joints[f"{end}{mark}"], *RADIUS[part]) for part, start, end in names
    ]


def arm(body: Body, mark: str) -> list[Shape]:
    """The shapes of one arm."""
    return _limb(body, [("upper", "shoulder", "elbow"), ("fore", "elbow", "wrist"), ("hand", "wrist", "hand")], mark)


def leg(body: Body, mark: str) -> list[Shape]:
    """The shapes of one leg with its foot."""
    joints = body.joints
    shapes = _limb(body, [("thigh", "hip", "knee"), ("shank", "knee", "ankle")], mark)
    heel, ball, toe, ankle = (joints[f"{name}{mark}"] for name in ("heel", "ball", "toe", "ankle"))
    if heel == toe:
        return [*shapes, Capsule(ankle, toe, 2.4, 2.9)]
    return [*shapes, Capsule(ankle, heel, 2.4, 2.1), Capsule(ankle, ball, 2.4, 1.6), Capsule(heel, ball, 2.0, 1.6),
            Capsule(ball, toe, 1.6, 1.3)]  # fmt: skip


def trunk(body: Body) -> list[Shape]:
    """The shapes of trunk and neck."""
    joints = body.joints
    pelvis, waist, chest, neck, head = (joints[name] for name in ("pelvis", "waist", "chest", "neck", "head"))
    throat = Capsule(neck, head, *RADIUS["neck"])
    if not body.wide:
        shapes = [Capsule(pelvis, waist, *RADIUS["low"]), Capsule(waist, chest, *RADIUS["up"])]
        return [*shapes, Capsule(chest, neck, *RADIUS["shoulders"]), throat]
    left, right = joints["shoulder"], joints["shoulder2"]
    hips = joints["hip"], joints["hip2"]
    inner = [between(point, chest, 0.25) for point in (left, right)]
    return [
        Capsule(left, right, 3.6, 3.6),
        *(Capsule(top, between(waist, hip, 0.6), 4.2, 4.8) for top, hip in zip(inner, hips, strict=True)),
        *(Capsule(between(waist, hip, 0.6), hip, 4.8, 5.2) for hip in hips),
        Capsule(chest, pelvis, 6.5, 5.4),
        Capsule(hips[0], hips[1], 5.2, 5.2),
        throat,
    ]


def head(body: Body) -> list[Group]:
    """The head: a nose in a side view, eyes when it looks at the viewer, so that on the back differs from on the front."""
    middle = body.joints["head"]
    angle = body.angles["head"].angle
    skull = Ellipse(middle, HEAD[0], HEAD[1], angle)

    def place(along: float, across: float) -> Point:
        turn = math.radians(angle)
        ahead = math.radians(angle + 90 * body.front)
        return (
            middle[0] + along * math.cos(turn) + across * math.cos(ahead),
            middle[1] + along * math.sin(turn) + across * math.sin(ahead),
        )

    if body.pose.view == "side" and body.pose.look == "ahead":
        nose = Polygon((place(1.2, 4.4), place(-0.9, 7.2), place(-2.2, 4.2)))
        return [Group("near", (skull, nose))]
    if body.pose.view == "back":
        return [Group("near", (skull,))]
    eyes = tuple(Ellipse(place(0.4, across), 0.7, 0.7, 0) for across in (-1.9, 1.9))
    return [Group("near", (skull,)), Group("face", eyes)]


def figure(body: Body) -> list[Group]:
    """A body from back to front. The far limbs, or those that a lying body rests on, are paler and lie behind."""
    limbs = {mark: (Group("near", tuple(arm(body, mark))), Group("near", tuple(leg(body, mark)))) for mark in ("", "2")}
    middle = [Group("trunk", tuple(trunk(body))), *head(body)]
    under = "2"
    if body.pose.view == "oblique" and body.joints["hip"][1] < body.joints["hip2"][1]:
        under = ""
    over = "" if under == "2" else "2"
    if body.pose.view in ("side", "oblique"):
        pale_arm, pale_leg = (Group("far", limb.shapes) for limb in limbs[under])
        limbs[under] = (pale_arm, pale_leg)
    near_arm, near_leg = limbs[over]
    far_arm, far_leg = limbs[under]
    if body.pose.view == "back":
        order = [near_arm, far_arm, near_leg, far_leg, *middle]
    elif body.pose.view in ("front", "above"):
        order = [near_leg, far_leg, *middle, near_arm, far_arm]
    elif body.pose.view == "oblique":
        order = [far_arm, far_leg, near_leg, *middle, near_arm]
    else:
        order = [far_arm, far_leg, *middle, near_leg, near_arm]
    parts: dict[str, tuple[Group, Group]] = {}  # The limb that each name means, and what of it is drawn.
    for mark, (one_arm, one_leg) in limbs.items():
        thigh, *shank = one_leg.shapes
        parts |= {f"arm{mark}": (one_arm, one_arm), f"leg{mark}": (one_leg, one_leg)}
        parts[f"thigh{mark}"] = one_leg, Group(one_leg.tone, (thigh,))
        parts[f"shank{mark}"] = one_leg, Group(one_leg.tone, tuple(shank))
    raised = [parts[name] for name in body.pose.over]
    return [*(group for group in order if not any(group is limb for limb, _ in raised)), *(drawn for _, drawn in raised)]
