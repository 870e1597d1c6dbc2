"""A posed body: from the angles of its segments to the places of its joints, and the rules that a body obeys.

Lengths are in hundredths of the body's height, x to the right, y up, the floor at y = 0. An angle is the direction of a
segment from the trunk outwards, in degrees anticlockwise: 0 points right, 90 up. A foreshortening below 1 shortens a
segment that points partly at the viewer or away. Each segment has one length and one thickness, here and nowhere else,
so that limbs never change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

Point = tuple[float, float]

# How long each segment is.
LENGTH = {
    "low": 15.0,  # pelvis to waist
    "up": 17.0,  # waist to the base of the neck
    "head": 9.5,  # base of the neck to the middle of the head
    "upper": 15.5,
    "fore": 13.5,
    "hand": 4.5,
    "thigh": 24.5,
    "shank": 24.0,
}
# How thick each segment is: the radius at its near and its far end.
RADIUS = {
    "low": (6.6, 5.6),
    "up": (5.6, 6.4),
    "shoulders": (6.4, 4.0),
    "neck": (2.6, 2.6),
    "upper": (3.1, 2.5),
    "fore": (2.5, 1.8),
    "hand": (1.9, 1.5),
    "thigh": (5.4, 3.9),
    "shank": (3.8, 2.4),
}
HEAD = (5.1, 6.3)  # half its breadth and half its height
SHOULDER_BELOW_NECK = 2.5
SHOULDER_OFF = 9.0  # from the midline, seen from the front
HIP_OFF = 5.0
# The foot about its ankle, along its own direction and square to it towards the sole: (along, towards the sole, radius).
HEEL, BALL, TOE = (-2.4, 2.9, 2.1), (5.2, 3.4, 1.6), (8.2, 3.7, 1.3)
# How far beyond its reach a limb may be pinned; its last segment is drawn that much longer.
SLACK = 0.14
ANKLE_HEIGHT = HEEL[1] + HEEL[2]
VIEWS = ("side", "front", "back", "oblique", "above")
LOOKS = ("ahead", "viewer")
# Views in which the floor is a line seen edge on, and in which joints bend in the plane of the picture.
UPRIGHT_VIEWS = ("side", "front", "back")

# How far joints bend, in degrees: straight is 0, bending as in sitting is positive. Wide enough for a supple adult.
RANGES = {
    "hip": (-30.0, 135.0),
    "knee": (-3.0, 155.0),
    "ankle": (-60.0, 30.0),
    "shoulder": (-60.0, 190.0),
    "elbow": (-5.0, 155.0),
    "waist": (-35.0, 65.0),
    "neck": (-60.0, 65.0),
}
MOST_ABDUCTION, MOST_ADDUCTION = 60.0, 30.0


@dataclass(frozen=True)
class Turn:
    """The direction of a segment, and how much of its length is seen."""

    angle: float
    seen: float = 1.0


@dataclass(frozen=True)
class Arm:
    """An arm by its angles, or by the place of its wrist; `bends` turns the elbow of a pinned arm the other way."""

    upper: Turn | None = None
    fore: Turn | None = None
    hand: Turn | None = None
    wrist: Point | None = None
    bends: str = "forward"


@dataclass(frozen=True)
class Leg:
    """A leg by its angles, or by the place of its ankle or of the floor under it (`stands`)."""

    thigh: Turn | None = None
    shank: Turn | None = None
    foot: Turn | None = None
    ankle: Point | None = None
    stands: Point | None = None
    bends: str = "forward"


@dataclass(frozen=True)
class Pose:
    """One position of the body. `arm2` and `leg2` are the far limbs, or in a front view those on the picture's right.

    `over` names limbs that come towards the viewer, so that they are drawn before the trunk, the last one foremost;
    a leg may be named by its parts, so that its knee shows before its shank ("shank", "thigh") or its foot before its knee.
    `look` turns the face out of a side view, as in lying on the front with the head to one side.
    """

    view: str
    faces: str
    pelvis: tuple[float, ...]
    low: Turn
    up: Turn
    head: Turn
    arm: Arm
    arm2: Arm
    leg: Leg
    leg2: Leg
    on: float = 0.0
    over: tuple[str, ...] = ()
    look: str = "ahead"


@dataclass
class Body:
    """The places of the joints by name ("knee", "knee2" for the second limb), and what cannot be."""

    pose: Pose
    joints: dict[str, Point] = field(default_factory=dict)
    angles: dict[str, Turn] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def wide(self) -> bool:
        """Whether shoulders and hips are seen apart."""
        return self.pose.view != "side"

    @property
    def front(self) -> int:
        """Which way round the front of the body lies from the spine's direction: -1 clockwise, 1 anticlockwise."""
        return -1 if self.pose.faces == "right" else 1


def _step(start: Point, turn: Turn, length: float) -> Point:
    angle = math.radians(turn.angle)
    return start[0] + length * turn.seen * math.cos(angle), start[1] + length * turn.seen * math.sin(angle)


def _angle(start: Point, end: Point) -> float:
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])) % 360


def between(one: Point, other: Point, share: float) -> Point:
    """The point that lies `share` of the way from one to the other."""
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def signed(angle: float) -> float:
    """An angle as -180 to 180."""
    return (angle + 180) % 360 - 180


def _bend(body: Body, name: str, start: Point, end: Point, first: float, second: float, turn: int) -> float | None:
    """The direction of the first of two segments that join `start` and `end`, bending as `turn` says."""
    reach = math.dist(start, end)
    if reach > first + second + SLACK:
        body.faults.append(f"the {name} does not reach: {reach:.1f} units away, {first + second:.1f} long")
        return None
    if reach < abs(first - second) + 0.5:
        body.faults.append(f"the {name} is folded further than it can be")
        return None
    reach = min(reach, first + second - 1e-9)
    cosine = (first**2 + reach**2 - second**2) / (2 * first * reach)
    return _angle(start, end) + turn * math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def foot_point(ankle: Point, foot: Turn, front: int, part: tuple[float, float, float]) -> Point:
    """A point of the foot by its ankle, its direction and the side its sole is on."""
    angle = math.radians(foot.angle)
    along = (math.cos(angle) * foot.seen, math.sin(angle) * foot.seen)
    # The sole lies clockwise of the toes' direction when the body faces right: below a foot that points right.
    sole = (math.sin(angle) * -front, -math.cos(angle) * -front)
    return ankle[0] + part[0] * along[0] + part[1] * sole[0], ankle[1] + part[0] * along[1] + part[1] * sole[1]


def _arm(body: Body, arm: Arm, mark: str, shoulder: Point) -> None:
    joints, angles = body.joints, body.angles
    joints[f"shoulder{mark}"] = shoulder
    if arm.wrist is not None:
        # The elbow lies behind the line from shoulder to wrist, the knee before the line from hip to ankle.
        side = body.front if arm.bends == "forward" else -body.front
        upper = _bend(body, f"arm{mark}", shoulder, arm.wrist, LENGTH["upper"], LENGTH["fore"], side)
        turn = Turn(upper if upper is not None else _angle(shoulder, arm.wrist))
        angles[f"upper{mark}"] = turn
        joints[f"elbow{mark}"] = _step(shoulder, turn, LENGTH["upper"])
        angles[f"fore{mark}"] = Turn(_angle(joints[f"elbow{mark}"], arm.wrist))
        joints[f"wrist{mark}"] = arm.wrist
    else:
        angles[f"upper{mark}"] = arm.upper or Turn(body.angles["up"].angle + 180)
        angles[f"fore{mark}"] = arm.fore or angles[f"upper{mark}"]
        joints[f"elbow{mark}"] = _step(shoulder, angles[f"upper{mark}"], LENGTH["upper"])
        joints[f"wrist{mark}"] = _step(joints[f"elbow{mark}"], angles[f"fore{mark}"], LENGTH["fore"])
    angles[f"hand{mark}"] = arm.hand or Turn(angles[f"fore{mark}"].angle)
    joints[f"hand{mark}"] = _step(joints[f"wrist{mark}"], angles[f"hand{mark}"], LENGTH["hand"])


def _leg(body: Body, leg: Leg, mark: str, hip: Point) -> None:
    joints, angles = body.joints, body.angles
    joints[f"hip{mark}"] = hip
    level = Turn(0.0 if body.pose.faces == "right" else 180.0)
    pinned = leg.ankle
    if leg.stands is not None:
        level = leg.foot or level
        under = foot_point((0.0, 0.0), level, body.front, (0.0, ANKLE_HEIGHT, 0.0))
        pinned = leg.stands[0] - under[0], leg.stands[1] - under[1]
    if pinned is not None:
        side = -body.front if leg.bends == "forward" else body.front
        thigh = _bend(body, f"leg{mark}", hip, pinned, LENGTH["thigh"], LENGTH["shank"], side)
        turn = Turn(thigh if thigh is not None else _angle(hip, pinned))
        angles[f"thigh{mark}"] = turn
        joints[f"knee{mark}"] = _step(hip, turn, LENGTH["thigh"])
        angles[f"shank{mark}"] = Turn(_angle(joints[f"knee{mark}"], pinned))
        joints[f"ankle{mark}"] = pinned
    else:
        angles[f"thigh{mark}"] = leg.thigh or Turn(body.angles["low"].angle + 180)
        angles[f"shank{mark}"] = leg.shank or angles[f"thigh{mark}"]
        joints[f"knee{mark}"] = _step(hip, angles[f"thigh{mark}"], LENGTH["thigh"])
        joints[f"ankle{mark}"] = _step(joints[f"knee{mark}"], angles[f"shank{mark}"], LENGTH["shank"])
    if body.pose.view in ("front", "back") and leg.foot is None:
        # Toes towards the viewer or away: a short foot below the ankle.
        angles[f"foot{mark}"] = Turn(angles[f"shank{mark}"].angle, 0.45)
        for part in ("heel", "ball", "toe"):
            joints[f"{part}{mark}"] = _step(joints[f"ankle{mark}"], angles[f"shank{mark}"], ANKLE_HEIGHT - TOE[2])
        return
    square = Turn(angles[f"shank{mark}"].angle - 90 * body.front)
    angles[f"foot{mark}"] = leg.foot or (level if leg.stands is not None else square)
    for part, place in (("heel", HEEL), ("ball", BALL), ("toe", TOE)):
        joints[f"{part}{mark}"] = foot_point(joints[f"ankle{mark}"], angles[f"foot{mark}"], body.front, place)


def posed(pose: Pose) -> Body:
    """The body in this pose. A pelvis given by x alone is let down until the lowest part rests at height `on`."""
    loose = len(pose.pelvis) == 1
    body = _placed(pose, (pose.pelvis[0], 0.0 if loose else pose.pelvis[1]))
    if loose:
        down = lowest(body) - pose.on
        body = _placed(pose, (pose.pelvis[0], -down))
    return body


def _placed(pose: Pose, pelvis: Point) -> Body:
    body = Body(pose)
    joints, angles = body.joints, body.angles
    joints["pelvis"] = pelvis
    angles |= {"low": pose.low, "up": pose.up, "head": pose.head}
    joints["waist"] = _step(pelvis, pose.low, LENGTH["low"])
    joints["neck"] = _step(joints["waist"], pose.up, LENGTH["up"])
    joints["chest"] = between(joints["waist"], joints["neck"], 0.55)
    joints["head"] = _step(joints["neck"], pose.head, LENGTH["head"])
    middle = _step(joints["neck"], Turn(pose.up.angle + 180), SHOULDER_BELOW_NECK)
    across = (0.0, 0.0)
    if body.wide:
        # Square to the spine; the first limb is the one on the picture's left of an upright body.
        across = (SHOULDER_OFF, HIP_OFF)
    _arm(body, pose.arm, "", _step(middle, Turn(pose.up.angle + 90), across[0]))
    _arm(body, pose.arm2, "2", _step(middle, Turn(pose.up.angle - 90), across[0]))
    _leg(body, pose.leg, "", _step(pelvis, Turn(pose.low.angle + 90), across[1]))
    _leg(body, pose.leg2, "2", _step(pelvis, Turn(pose.low.angle - 90), across[1]))
    return body


def radius(part: str) -> float:
    """The thickness of the body at a joint (half of it)."""
    name = part.removesuffix("2")
    return {
        "pelvis": 6.6,
        "waist": 5.6,
        "chest": 6.4,
        "neck": 4.0,
        "head": HEAD[0],
        "shoulder": 4.0,
        "elbow": 2.5,
        "wrist": 1.8,
        "hand": 1.5,
        "hip": 6.6,
        "knee": 3.9,
        "ankle": 2.4,
        "heel": HEEL[2],
        "ball": BALL[2],
        "toe": TOE[2],
    }[name]


def lowest(body: Body) -> float:
    """The height of the lowest point of the body."""
    return min(place[1] - radius(name) for name, place in body.joints.items())


def faults(body: Body) -> list[str]:
    """What no body can do: limbs that do not reach, joints bent beyond their range, parts below the floor."""
    found = list(body.faults)
    angles, front = body.angles, body.front
    if body.pose.view == "side":
        checks = [
            ("waist", signed((angles["up"].angle - angles["low"].angle) * front), (angles["low"], angles["up"])),
            ("neck", signed((angles["head"].angle - angles["up"].angle) * front), (angles["up"], angles["head"])),
        ]
        for mark in ("", "2"):
            thigh, shank, foot = (angles[f"{name}{mark}"] for name in ("thigh", "shank", "foot"))
            upper, fore = angles[f"upper{mark}"], angles[f"fore{mark}"]
            low, up = angles["low"], angles["up"]
            checks += [
                (f"hip{mark}", signed((thigh.angle - low.angle - 180) * -front), (low, thigh)),
                (f"knee{mark}", signed((shank.angle - thigh.angle) * front), (thigh, shank)),
                (f"ankle{mark}", signed((foot.angle - shank.angle) * -front - 90), (shank, foot)),
                (f"shoulder{mark}", (upper.angle - up.angle - 180) * -front, (up, upper)),
                (f"elbow{mark}", signed((fore.angle - upper.angle) * -front), (upper, fore)),
            ]
        arms = {"": body.pose.arm, "2": body.pose.arm2}
        for name, bend, segments in checks:
            if any(segment.seen < 1 for segment in segments):
                continue
            least, most = RANGES[name.removesuffix("2")]
            if name.startswith("shoulder"):
                bend = (bend + 90) % 360 - 90
            if name.startswith("elbow") and arms[name.removeprefix("elbow")].bends != "forward":
                continue
            if not least <= bend <= most:
                found.append(f"the {name} bends {bend:.0f} degrees; it can bend {least:.0f} to {most:.0f}")
    if body.pose.view in ("front", "back"):
        for mark, side in (("", 1), ("2", -1)):
            thigh = angles[f"thigh{mark}"]
            out = signed((thigh.angle - angles["low"].angle - 180) * -side)
            if thigh.seen == 1 and not -MOST_ADDUCTION <= out <= MOST_ABDUCTION:
                found.append(
                    f"the leg{mark} goes {out:.0f} degrees out; it can go {-MOST_ADDUCTION:.0f} to {MOST_ABDUCTION:.0f}"
                )
    if body.pose.view in UPRIGHT_VIEWS:
        for name, place in body.joints.items():
            if place[1] - radius(name) < -1.0:
                found.append(f"the {name} is {radius(name) - place[1]:.1f} below the floor")
    return found
