"""The posed figures: no body does what a body cannot, and each picture can be drawn, printed and told in words."""

from __future__ import annotations

import itertools
import math
import re
import shutil
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import CONTENT
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from db.check import check
from db.content import read_content
from db.errors import Problem
from db.figure.content import Drawn, Figure, check_figure, draw, read_figure
from db.figure.drawing import COLOURS
from db.figure.pose import LENGTH, UPRIGHT_VIEWS, VIEWS, Arm, Leg, Pose, Turn, faults, posed, radius
from db.figure.shapes import figure as body_groups
from db.rows import ContentFile

FILES = sorted((CONTENT / "figures").glob("*.toml"))
EXERCISES = sorted(path.stem for path in (CONTENT / "exercises").glob("*.toml"))
every_figure = pytest.mark.parametrize("name", [path.stem for path in FILES])


def read(path: Path) -> tuple[Figure | None, list[str]]:
    """A figure and what is wrong with it."""
    problems: list[Problem] = []
    made = read_figure(ContentFile(path.parent, path), problems)
    return made, [str(problem) for problem in problems] + (check_figure(made) if made else [])


@cache
def known(name: str) -> Figure:
    made, wrong = read(CONTENT / "figures" / f"{name}.toml")
    assert made, wrong
    return made


@cache
def drawn(name: str) -> list[Drawn]:
    return draw(known(name))


# --- every figure that is printed ---------------------------------------------------------------------------------------


@every_figure
def test_every_frame_obeys_joints_floor_and_contacts(name: str) -> None:
    assert check_figure(known(name)) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_shows_where_it_starts_and_where_it_ends(name: str) -> None:
    names = [frame.name for frame in known(name).frames]
    assert len(names) >= 2
    assert (names[0], names[-1]) == ("start", "end")


@every_figure
def test_the_frames_differ_in_words_and_in_cells(name: str) -> None:
    frames = drawn(name)
    for part in ("alt", "svg", "braille", "blocks"):
        assert len({getattr(frame, part) for frame in frames}) == len(frames), part


@every_figure
def test_a_picture_is_plain_vector_xml(name: str) -> None:
    for frame in drawn(name):
        root = ElementTree.fromstring(frame.svg)  # noqa: S314
        left, top, wide, high = map(float, root.attrib["viewBox"].split())
        assert (left, top) == (0, 0)
        assert (wide, high) == pytest.approx((frame.wide, frame.high), abs=0.11)
        for element in root.iter():
            assert element.tag in ("{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/2000/svg}path")
            assert not {key for key in element.attrib if "href" in key or key.startswith("on")}
            assert "url(" not in "".join(element.attrib.values())
        # What the path joins lies on the paper.
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", "".join(path.attrib["d"] for path in root)):
            assert -1 <= float(x) <= wide + 1
            assert -1 <= float(y) <= high + 1


@every_figure
def test_a_picture_fits_the_terminal(name: str) -> None:
    for frame in drawn(name):
        for cells in (frame.braille, frame.blocks):
            lines = cells.split("\n")
            assert len(lines) <= 14
            assert max(map(len, lines)) <= 40
            assert sum(not sign.isspace() for sign in cells) >= 30


@pytest.mark.parametrize("name", EXERCISES)
def test_a_foot_that_stands_stays_where_it_is(name: str) -> None:
    """A foot that rests on the same thing in two frames in a row, seen alike, has not slid."""
    for before, after in itertools.pairwise(known(name).frames):
        if before.body.pose.view != after.body.pose.view:
            continue
        for foot in {pair for pair in before.touch if pair[0] in ("foot", "foot2")} & set(after.touch):
            mark = foot[0].removeprefix("foot")
            slid = math.dist(before.body.joints[f"heel{mark}"], after.body.joints[f"heel{mark}"])
            assert slid < 1.5, f"{foot[0]} between '{before.name}' and '{after.name}'"


def test_tones_differ_in_grey() -> None:
    """On a printer without colour: near and far limbs, the trunk, things and arrows are still told apart."""
    for weights in ((0.2126, 0.7152, 0.0722), (0.299, 0.587, 0.114)):
        greys = {
            tone: sum(weight * int(COLOURS[tone][at : at + 2], 16) for weight, at in zip(weights, (1, 3, 5), strict=True))
            for tone in ("near", "arrow", "trunk", "far", "prop")
        }
        for one, other in itertools.combinations(greys, 2):
            assert abs(greys[one] - greys[other]) >= 35, (one, other)


# --- bodies of any pose ---------------------------------------------------------------------------------------------------

ANGLES = st.floats(-360, 360).map(Turn)
SEEN = st.builds(Turn, st.floats(-360, 360), st.floats(0.2, 1))
SEGMENTS = {
    "upper": ("shoulder", "elbow"),
    "fore": ("elbow", "wrist"),
    "hand": ("wrist", "hand"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
}


def poses(turns: st.SearchStrategy[Turn]) -> st.SearchStrategy[Pose]:
    arms = st.builds(Arm, upper=turns, fore=turns, hand=turns)
    legs = st.builds(Leg, thigh=turns, shank=turns, foot=turns)
    return st.builds(
        Pose,
        view=st.sampled_from(VIEWS),
        faces=st.sampled_from(("right", "left")),
        pelvis=st.tuples(st.floats(-100, 100), st.floats(-100, 100)) | st.tuples(st.floats(-100, 100)),
        low=turns,
        up=turns,
        head=turns,
        arm=arms,
        arm2=arms,
        leg=legs,
        leg2=legs,
    )


@given(poses(ANGLES))
def test_limbs_keep_their_length(pose: Pose) -> None:
    joints = posed(pose).joints
    for mark in ("", "2"):
        for part, (start, end) in SEGMENTS.items():
            assert math.dist(joints[f"{start}{mark}"], joints[f"{end}{mark}"]) == pytest.approx(LENGTH[part])
    for part, (start, end) in {"low": ("pelvis", "waist"), "up": ("waist", "neck"), "head": ("neck", "head")}.items():
        assert math.dist(joints[start], joints[end]) == pytest.approx(LENGTH[part])


@given(poses(SEEN))
def test_a_foreshortened_limb_is_as_long_as_it_is_seen(pose: Pose) -> None:
    body = posed(pose)
    for part, (start, end) in SEGMENTS.items():
        length = math.dist(body.joints[start], body.joints[end])
        assert length == pytest.approx(LENGTH[part] * body.angles[part].seen)


@given(poses(ANGLES))
def test_a_body_that_is_let_down_rests_on_the_floor(pose: Pose) -> None:
    if len(pose.pelvis) == 1:
        joints = posed(pose).joints
        assert min(place[1] - radius(name) for name, place in joints.items()) == pytest.approx(0, abs=1e-6)


@given(
    st.sampled_from(("right", "left")),
    st.tuples(st.floats(40, 60), st.floats(25, 55)),
    st.tuples(st.floats(30, 80), st.floats(0, 20)),
    st.tuples(st.floats(30, 80), st.floats(40, 80)),
)
def test_what_is_pinned_stays_and_bends_as_joints_bend(
    faces: str, pelvis: tuple[float, float], foot: tuple[float, float], wrist: tuple[float, float]
) -> None:
    straight, leg = Turn(90), Leg(stands=foot)
    arm = Arm(wrist=wrist)
    body = posed(Pose("side", faces, pelvis, straight, straight, straight, arm, arm, leg, leg))
    assume(not body.faults)  # else it says that the limb does not reach
    joints, front = body.joints, body.front
    for part in ("heel", "ball", "toe"):
        assert joints[part][1] - radius(part) == pytest.approx(foot[1])
    assert joints["wrist"] == wrist
    assert math.dist(joints["knee"], joints["ankle"]) == pytest.approx(LENGTH["shank"], rel=0.006)
    knee = (body.angles["shank"].angle - body.angles["thigh"].angle) * front
    assert -1e-6 <= (knee + 180) % 360 - 180 <= 180
    elbow = (body.angles["fore"].angle - body.angles["upper"].angle) * -front
    assert -1e-6 <= (elbow + 180) % 360 - 180 <= 180
    assert not [fault for fault in faults(body) if fault.startswith("the knee bends -")]


@given(st.floats(49, 120))
def test_a_foot_out_of_reach_is_a_fault(far: float) -> None:
    up = Turn(90)
    leg = Leg(ankle=(50 + far, 60.0))
    body = posed(Pose("side", "right", (50, 60), up, up, up, Arm(), Arm(), leg, Leg()))
    assert any("the leg does not reach" in fault for fault in faults(body))


@given(poses(ANGLES))
@settings(max_examples=200)
def test_nothing_sinks_unseen(pose: Pose) -> None:
    body = posed(pose)
    sunk = min(place[1] - radius(name) for name, place in body.joints.items()) < -1
    said = any("below the floor" in fault for fault in faults(body))
    assert said == (sunk and pose.view in UPRIGHT_VIEWS)


# --- what a file says wrongly ---------------------------------------------------------------------------------------------

MARCH = """id = "standing-march"

[[prop]]
kind = "block"
name = "step"
x = 70
to = 90
h = 10

[[frame]]
name = "start"
alt = "Standing tall. Both feet are on the floor."
pelvis = [50, 53.4]
touch = [["foot", "floor"], ["foot2", "floor"]]

[[frame]]
name = "end"
alt = "One knee is lifted. The other foot stays on the floor."
pelvis = [50, 53.4]
spine = 90
leg = { thigh = 310, shank = 265 }
leg2 = { thigh = 270, shank = 270 }
touch = [["foot2", "floor"]]

[[arrow]]
follow = "knee"
"""


def wrong(tmp_path: Path, old: str, new: str) -> list[str]:
    assert MARCH.count(old) == 1
    path = tmp_path / "standing-march.toml"
    path.write_text(MARCH.replace(old, new), encoding="utf-8")
    return read(path)[1]


def test_the_figure_to_be_spoilt_is_right(tmp_path: Path) -> None:
    assert wrong(tmp_path, "Standing tall.", "Standing tall.") == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("shank = 265", "shank = 340", "frame 'end': the knee bends -30 degrees; it can bend -3 to 155"),
        ("thigh = 310, shank = 265", "thigh = 225, shank = 225", "frame 'end': the hip bends -45 degrees"),
        ("shank = 265 }", "shank = 265, foot = 90 }", "frame 'end': the ankle bends"),
        ("spine = 90", "spine = [90, 140]", "frame 'end': the waist bends -50 degrees"),
        ("spine = 90", "spine = 90\narm = { upper = 270, fore = 230 }", "frame 'end': the elbow bends -40 degrees"),
        ("[50, 53.4]\nspine", "[50, 51]\nspine", "frame 'end': the heel2 is 2.5 below the floor"),
        ("[50, 53.4]\nspine", "[50, 57]\nspine", "frame 'end': the heel2 is 3.5 from the floor that it should touch"),
        ('[["foot2", "floor"]]', '[["foot2", "step"]]', "from the step that it should touch"),
        ('[["foot2", "floor"]]', '[["hand", "knee"]]', "from the knee that it should touch"),
        ('[["foot2", "floor"]]', '[["foot2", "wall"]]', "frame 'end': touch: nothing here is named 'wall'"),
        ('[["foot2", "floor"]]', '[["tail", "floor"]]', "frame 'end': touch: unknown part 'tail'"),
        ('[["foot2", "floor"]]', "[]", "frame 'end' says of nothing what it touches"),
        ("leg2 = { thigh = 270, shank = 270 }", "leg2 = { stands = [90, 0] }", "frame 'end': the leg2 does not reach"),
        ("leg2 = { thigh = 270, shank = 270 }", "leg2 = { thigh = [270, 0.1] }", "leg2 thigh: the share that is seen"),
        ("spine = 90", 'over = ["tail"]', "over must be a list of"),
        ("spine = 90", 'look = "up"', "look must be one of ahead, viewer"),
        ("spine = 90", 'view = "inside"', "view must be one of"),
        ("spine = 90", "spin = 90", "unknown key 'spin'"),
        ('name = "end"', 'name = "start"', "each frame needs a name of its own"),
        ('alt = "One knee is lifted. The other foot stays on the floor."', "", "frame 'end' has no alternative text"),
        ('kind = "block"', 'kind = "rock"', "unknown kind of prop 'rock'"),
        ("h = 10", "height = 10", "block: unknown key 'height'"),
        ('follow = "knee"', 'follow = "kneee"', "unknown joint 'kneee'"),
    ],
)
def test_what_no_body_does_is_refused_with_its_frame(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = wrong(tmp_path, old, new)
    assert any(message in fault for fault in found), found


def test_check_knowledge_names_file_and_frame(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(CONTENT, root)
    text = MARCH.replace("shank = 265", "shank = 340")
    (root / "figures" / "standing-march.toml").write_text(text, encoding="utf-8")
    found, _ = check(read_content(root))
    line = text.splitlines().index("[[frame]]", text.splitlines().index('name = "start"')) + 1
    assert [str(problem) for problem in found if problem.file.startswith("figures/")] == [
        f"figures/standing-march.toml:{line}: frame 'end': the knee bends -30 degrees; it can bend -3 to 155"
    ]


# --- what is drawn before what --------------------------------------------------------------------------------------------


def order(view: str, *over: str) -> list[str]:
    """The parts of a body in the order in which they are drawn."""
    up, leg = Turn(90), Leg(thigh=Turn(270), shank=Turn(270))
    body = posed(Pose(view, "right", (50, 53.4), up, up, up, Arm(), Arm(), leg, leg, over=over))
    found = []
    for group in body_groups(body):
        first = group.shapes[0]
        at = getattr(first, "start", None)
        names = [
            name for name, place in body.joints.items() if place == at and name.rstrip("2") in ("shoulder", "hip", "knee")
        ]
        found.append("trunk" if group.tone == "trunk" else names[0] if names and group.tone != "face" else "head")
    return found


@pytest.mark.parametrize("view", ["front", "back", "oblique", "above"])
def test_limbs_that_come_forward_are_drawn_before_the_trunk(view: str) -> None:
    plain = order(view)
    assert plain.index("hip2") < plain.index("trunk")
    raised = order(view, "leg2", "arm")
    assert raised.index("trunk") < raised.index("hip2") < raised.index("shoulder")
    assert sorted(raised) == sorted(plain)


def test_a_leg_by_its_parts_shows_its_knee_before_its_shank() -> None:
    assert order("above", "shank", "thigh")[-2:] == ["knee", "hip"]
    assert order("above", "thigh", "shank")[-2:] == ["hip", "knee"]


def test_a_face_turned_to_the_viewer_shows_its_eyes() -> None:
    up = Turn(180)
    turned = [
        [
            group.tone
            for group in body_groups(
                posed(Pose("side", "left", (50, 8), up, up, up, Arm(), Arm(), Leg(), Leg(), look=look))
            )
        ]
        for look in ("ahead", "viewer")
    ]
    assert [tones.count("face") for tones in turned] == [0, 1]
