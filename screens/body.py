"""The body, front and back: point at where it hurts with the arrow keys, a word or the mouse.

Only compiled rows are read; nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.geometry import Region
from textual.message import Message as MessageBase
from textual.widget import Widget
from textual.widgets import Input

from db import read
from db.read import ChartArea
from db.search import search
from decide.chart import CHOSEN, OPEN, area_at, chart_cells, place_words, places, pointed, shaded
from screens.base import NORMAL, PlainInput, Words, bindings, hanging, plain
from screens.panes import Pane

# Where the highlight stands when nothing is chosen: on the midline, so that no side is nearer than the other.
START = "low-back-midline"
# The views as they stand side by side, so many cells apart; a cell is twice as high as it is wide.
VIEW_WIDE, GAP, TALL = 20, 2, 2
STEPS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
# Crossing to the other view: which one lies beyond which edge.
BEYOND = {("front", "right"): "back", ("back", "left"): "front"}
# Whose side lies where, over the picture.
TITLES = {"front": "Right Front Left", "back": "Left Back Right"}
# The highlighted area is told by its signs, too: not chosen, side open, chosen.
POINTED = {"": "+", OPEN: "?", CHOSEN: "x"}
# For terminals without blocks.
LETTERS = str.maketrans("░▒█", ".:#")


@dataclass(frozen=True)
class Spot:
    """An area with its place among both views: its middle, and its first and last row."""

    area: ChartArea
    x: float
    y: float
    top: int
    bottom: int


class Picture(VerticalScroll, inherit_bindings=False):
    """The body from the front and from the back; its keys are those of the pane."""


class BodyView(Words):
    """The body from one side."""

    def __init__(self, view: str) -> None:
        super().__init__(id=f"body-{view}", classes="body-view")
        self.view = view

    def on_click(self, event: Click) -> None:
        self.post_message(self.Pointed(self.view, event.x, event.y))

    class Pointed(MessageBase):
        """The mouse pointed at a cell of a view."""

        def __init__(self, view: str, column: int, row: int) -> None:
            super().__init__()
            self.view, self.column, self.row = view, column, row


class PlaceInput(PlainInput):
    """The line for the name of a place. Arrows go on to the next place that it may mean."""

    PART = "place"
    BINDINGS = bindings("place")

    def action_next_place(self, key: str) -> None:
        self.query_ancestor(BodyPane).next_place(1 if key == "down" else -1)

    def action_place_found(self) -> None:
        self.query_ancestor(BodyPane).place_found()


class BodyPane(Pane):
    """Where it hurts, on a picture. Every choice changes the case at once. `here` is the highlighted area."""

    PART = "body"
    BINDINGS = bindings("body")
    number = 2
    name_here = "Body"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.spots: list[Spot] = []
        self.here: ChartArea | None = None
        self.found: list[ChartArea] = []
        self.said = ""

    def compose(self) -> ComposeResult:
        yield self.heading()
        with Horizontal(id="body"):
            with Picture(id="body-picture"), Horizontal(id="body-views"):
                yield BodyView("front")
                yield BodyView("back")
            with Vertical(id="body-side"):
                yield PlaceInput(placeholder="A place: groin, knee ...", id="body-find", compact=True)
                yield Words(id="body-here")
                with VerticalScroll(id="body-words", can_focus=False):
                    yield Words(id="body-chosen")

    @property
    def target(self) -> Widget:
        return self.query_one(Picture)

    def on_mount(self) -> None:
        self.query_one("#body-find").display = False

    def load(self) -> None:
        """Read the areas, once, when the pane is first shown."""
        db = self.decide.db
        regions = read.regions(db)
        self.labels = {region.id: region.lay_label for region in regions}
        self.parents = {region.id: region.parent for region in regions}
        for number, view in enumerate(read.chart_views(db)):
            cells: dict[str, list[tuple[int, int]]] = {}
            for row, line in enumerate(view.grid.split("\n")):
                for column, mark in enumerate(line):
                    cells.setdefault(mark, []).append((column, row))
            for area in read.chart_areas(db, view.view):
                own = cells[area.mark]
                x, y = (sum(cell[axis] for cell in own) / len(own) for axis in (0, 1))
                left = number * (VIEW_WIDE + GAP)
                self.spots.append(Spot(area, left + x, TALL * y, own[0][1], own[-1][1]))
        self.here = self.first()

    def first(self) -> ChartArea:
        """Where the highlight begins: the first chosen area, or else the start."""
        how = {view: shaded(self.decide.db, view, self.chosen) for view in TITLES}
        chosen = [spot.area for spot in self.spots if spot.area.mark in how[spot.area.view]]
        start = [spot.area for spot in self.spots if spot.area.region == START]
        return (chosen or start or [self.spots[0].area])[0]

    # --- what stands on the pane -----------------------------------------------------------------------------------------

    @property
    def single(self) -> bool:
        """Whether there is room for one view only."""
        return self.desk.single and self.app.size.width < NORMAL

    @property
    def chosen(self) -> frozenset[tuple[str, str]]:
        return frozenset(places(self.decide.db, self.case))

    def state(self, area: ChartArea) -> str:
        """Whether an area is chosen, or its side was not told ("open"), or neither ("")."""
        return shaded(self.decide.db, area.view, self.chosen).get(area.mark, "")

    def called(self, area: ChartArea) -> str:
        label = self.labels[area.region]
        return f"{label}, the person's {area.side}" if area.side else label

    def show(self, keep: str | None = None) -> None:  # noqa: ARG002
        """Everything from the case, with the highlighted area in view; nothing while the pane itself is out of view."""
        if not self.display:
            return
        if self.here is None:
            self.load()
        shown = (self.here.view,) if self.single and self.here else tuple(TITLES)
        self.set_class(self.single, "-single")
        self.retitle("  ".join(TITLES[view].ljust(VIEW_WIDE) for view in shown))
        for view in self.query(BodyView):
            view.display = view.view in shown
            view.show(self.drawn(view.view))
        self.query_one(Picture).set_class(not self.decide.profile.signs and self.decide.profile.a11y, "-unseen")
        # How wide the words may be is known after the layout.
        self.call_after_refresh(self.settle)

    def settle(self) -> None:
        if not self.children:
            # The desk has gone in the meantime.
            return
        self.tell()
        self.keep_in_view()

    def keep_in_view(self) -> None:
        spot = next((spot for spot in self.spots if spot.area == self.here), None)
        if spot:
            high = spot.bottom - spot.top + 1
            region = Region(0, spot.top, VIEW_WIDE, high)
            self.query_one(Picture).scroll_to_region(region, animate=False, force=True, immediate=True)

    def drawn(self, view: str) -> Content:
        """A view as cells. A chosen area is solid; the highlighted one is made of signs and reversed."""
        db, signs = self.decide.db, self.decide.profile.signs
        found = read.chart_view(db, view)
        if found is None:
            return Content("")
        how = shaded(db, view, self.chosen)
        here = self.here.mark if self.here and self.here.view == view else None
        parts: list[Content | str] = []
        rows = chart_cells(db, view, self.chosen, signs == "braille")
        for marks, cells in zip(found.grid.split("\n"), rows, strict=True):
            for mark, group in groupby(zip(marks, cells, strict=True), key=lambda cell: cell[0]):
                text = "".join(sign for _, sign in group)
                state = how.get(mark, "")
                if mark == here:
                    parts.append(plain(POINTED[state] * len(text), "bold reverse"))
                else:
                    text = text if signs else text.translate(LETTERS)
                    parts.append(plain(text, "bold $accent" if state == CHOSEN else ""))
            parts.append("\n")
        return Content.assemble(*parts[:-1])

    def tell(self) -> None:
        """The highlighted area and the chosen ones in words."""
        if self.here is None:
            return
        db, case = self.decide.db, self.decide.case
        width = max(12, self.query_one("#body-side").size.width - 1)
        words = place_words(db, places(db, case))
        box = {CHOSEN: "[yes] ", OPEN: "[side?] "}.get(self.state(self.here), "[ ] ")
        here = box + self.called(self.here)
        # Under the picture there are two lines; what is chosen stands in the list above it.
        self.query_one("#body-words").display = self.desk.columns != 3 or bool(self.said)
        self.query_one("#body-here", Words).show(plain(hanging(here, width, ""), "bold"))
        parts: list[Content | str] = []
        if self.said:
            parts += [plain(hanging(self.said, width, "")), "\n\n"]
        parts.append(plain("Chosen" if words else "Nothing chosen yet", "bold underline" if words else ""))
        parts += [plain("\n" + hanging(line, width, "- ")) for line in words]
        parts.append(plain("\n" + hanging(f"Side of the pain: {case.side or 'not told'}", width, "")))
        parts.append(plain("\n\n" + hanging("Left and right are the person's own.", width, ""), "$text-muted"))
        self.query_one("#body-chosen", Words).show(Content.assemble(*parts))

    # --- moving ----------------------------------------------------------------------------------------------------

    def go(self, area: ChartArea) -> None:
        self.here = area
        self.said = ""
        self.show()

    def action_step(self, way: str) -> None:
        """To the nearest area that way; at the edge of the front to the back, and home."""
        here = next(spot for spot in self.spots if spot.area == self.here)
        right, down = STEPS[way]
        near: list[tuple[float, ChartArea]] = []
        for spot in self.spots:
            x, y = spot.x - here.x, spot.y - here.y
            along, across = x * right + y * down, abs(x * down) + abs(y * right)
            if spot.area.view == here.area.view and along > 0.5 and across <= along:
                near.append((along + across, spot.area))
        if not near and (here.area.view, way) in BEYOND:
            view = BEYOND[here.area.view, way]
            near = [(right * s.x + 2 * abs(s.y - here.y), s.area) for s in self.spots if s.area.view == view]
        if near:
            self.go(min(near, key=lambda each: each[0])[1])

    def action_scroll_words(self, key: str) -> None:
        words = self.query_one("#body-words")
        way = 1 if key == "pagedown" else -1
        words.scroll_relative(y=way * max(1, words.size.height - 1), animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Side by side there is nothing to turn.
        return self.single if action == "turn" else super().check_action(action, parameters)

    def action_turn(self) -> None:
        """The same place seen from the other side of the body, or what lies nearest to it there."""
        here = next(spot for spot in self.spots if spot.area == self.here)
        others = [spot for spot in self.spots if spot.area.view != here.area.view]
        side = here.area.side

        def far(spot: Spot) -> tuple[bool, bool, float]:
            same = spot.area.region == here.area.region
            middle = VIEW_WIDE / 2 + (VIEW_WIDE + GAP if spot.area.view == "back" else 0)
            own = VIEW_WIDE / 2 + (VIEW_WIDE + GAP if here.area.view == "back" else 0)
            return not same, spot.area.side != side, abs(spot.y - here.y) + abs(abs(spot.x - middle) - abs(here.x - own))

        self.go(min(others, key=far).area)

    # --- choosing --------------------------------------------------------------------------------------------------

    def action_hurts(self) -> None:
        """It hurts in the highlighted area; or no longer."""
        if self.here is None:
            return
        before, db = self.case, self.decide.db
        after = pointed(db, before, self.here, self.decide.told_side)
        gone = set(places(db, before)) - set(places(db, after))
        come = set(places(db, after)) - set(places(db, before))
        words = "; ".join(place_words(db, sorted(come or gone)))
        self.desk.take(after, words if come else f"{words}: taken back")

    @on(BodyView.Pointed)
    def clicked(self, event: BodyView.Pointed) -> None:
        area = area_at(self.decide.db, event.view, event.column, event.row)
        if area:
            self.query_one(Picture).focus()
            self.here = area
            self.action_hurts()

    def open(self) -> None:
        """Read about the highlighted place."""
        if self.here:
            self.decide.open_entry(f"region:{self.here.region}")

    # --- by name ---------------------------------------------------------------------------------------------------

    def action_find_place(self) -> None:
        line = self.query_one(PlaceInput)
        line.value, line.display = "", True
        line.focus()

    @on(Input.Changed, "#body-find")
    def typed(self) -> None:
        text = self.query_one(PlaceInput).value
        self.found = self.meant(text)
        if self.found:
            self.go(self.found[0])
            if len(self.found) > 1:
                self.said = f"Down: the next of {len(self.found)} places."
                self.tell()
        elif text.strip():
            self.said = f"No place on the body for: {text}"
            self.show()

    def meant(self, text: str) -> list[ChartArea]:
        """The areas that a text may mean, best first; among equals those of the view and the side at hand."""
        names = [hit.id for hit in search(self.decide.db, text, kinds=("region",))]
        begun = [
            name for name, label in self.labels.items() if text.strip() and label.casefold().startswith(text.casefold())
        ]
        here = self.here

        def at_hand(area: ChartArea) -> tuple[bool, bool]:
            return bool(here and area.view != here.view), bool(here and area.side != here.side)

        areas = sorted((spot.area for spot in self.spots), key=at_hand)
        order = dict.fromkeys((*begun, *names))
        # "Knee" is the knee before it is any part of "Knee, lower leg and foot".
        own = [area for name in order for area in areas if area.region == name]
        return list(dict.fromkeys([*own, *(area for name in order for area in areas if name in self.holders(area.region))]))

    def holders(self, region: str) -> list[str]:
        """A region and what holds it."""
        found, name = [], region
        while name:
            found.append(name)
            name = self.parents[name] or ""
        return found

    def next_place(self, step: int) -> None:
        """On to the next of the places that the typed name may mean."""
        if self.found and self.here:
            place = self.found.index(self.here) if self.here in self.found else -1
            self.go(self.found[(place + step) % len(self.found)])

    def place_found(self) -> None:
        """Back to the picture, at the place that was found."""
        self.query_one(PlaceInput).display = False
        self.query_one(Picture).focus()
        # "Down" no longer means the next place.
        self.said = ""
        self.tell()
