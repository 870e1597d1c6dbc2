"""The body chart with chosen areas: as SVG for paper, and as rows of cells for the terminal.

What is chosen is a set of (region, side): the side is the person's own, "left" or "right", or "" where none is told. A
region stands for every area that it holds ("thigh" for its four sides), and on the midline for any side. An area on one
side of the body whose side was not told is hatched on both sides and named as such: the chart never picks a side.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from db import read
from db.figure.look import COLOURS, HALO, SIDES
from db.read import ChartArea, ChartView, Connection
from decide.case import Case

CHOSEN, OPEN = "chosen", "open"
# In the terminal without braille: the body, an area whose side is open, a chosen one.
BLOCKS = {"": "░", OPEN: "▒", CHOSEN: "█"}
# The room under the body for the name of the view.
LABELS = 7
LETTERS = 'font-family="sans-serif" font-size="5"'
# A chosen area must be told without colour, too: it is dark and striped light, the other body light.
HATCHING = {CHOSEN: COLOURS["plain"], OPEN: COLOURS["near"]}


@dataclass(frozen=True)
class Picture:
    """A picture for paper: SVG of `wide` by `high` units, and its words."""

    alt: str
    svg: str
    wide: float
    high: float


def sided_regions(db: Connection) -> set[str]:
    """The regions that have a left and a right on the chart: those of a paired area, and what holds them."""
    parents = {region.id: region.parent for region in read.regions(db)}
    found: set[str] = set()
    for view in SIDES:
        for area in read.chart_areas(db, view):
            name: str | None = area.region if area.side else None
            while name:
                found.add(name)
                name = parents[name]
    return found


def places(db: Connection, case: Case) -> tuple[tuple[str, str], ...]:
    """Where a case hurts, as (region, side): the side is "" on the midline and where it was not told.

    A region has the side of its own areas. Where none of the regions has areas, the side of the case holds for all;
    else it only says what the areas say together, and nothing of a region without any.
    """
    sided, found = sided_regions(db), []
    whole = {"left": ("left",), "right": ("right",), "both": ("left", "right")}.get(case.side or "", ("",))
    for region in case.regions:
        own = tuple(side for name, side in case.areas if name == region) or (("",) if case.areas else whole)
        found += [(region, side) for side in (own if region in sided else ("",))]
    return tuple(found)


def place_words(db: Connection, found: Iterable[tuple[str, str]]) -> list[str]:
    """Places in words, a line for each region: "Groin, the person's left"."""
    labels, sided = {region.id: region.lay_label for region in read.regions(db)}, sided_regions(db)
    sides: dict[str, list[str]] = {}
    for region, side in found:
        sides.setdefault(region, []).append(side)
    lines = []
    for region, told in sides.items():
        words = ""
        if region in sided:
            words = ", both sides" if len(told) > 1 else f", the person's {told[0]}" if told[0] else ", side not told"
        lines.append(labels[region] + words)
    return lines


def pointed(db: Connection, case: Case, area: ChartArea, told: str | None) -> Case:
    """The case after someone pointed at an area: it hurts there, or no longer where it did.

    What is taken back goes with every broader region that shades the area. `told` is the side that was told apart from
    the chart, which the areas add to.
    """
    parents = {region.id: region.parent for region in read.regions(db)}
    now = places(db, case)
    line, name = set[str](), area.region
    while name:
        line.add(name)
        name = parents[name] or ""
    if shaded(db, area.view, set(now)).get(area.mark) == CHOSEN:
        after = [place for place in now if place[0] not in line or (area.side and place[1] != area.side)]
    else:
        after = [place for place in now if place != (area.region, "")] + [(area.region, area.side)]
    regions = tuple(name for name in dict.fromkeys((*case.regions, area.region)) if name in {each for each, _ in after})
    # As long as one side says it all, it is said once, as the side of the case.
    whole = replace(case, regions=regions, areas=(), side=told)
    if set(places(db, whole)) == set(after):
        return whole
    return case.hurting(regions, tuple(place for place in after if place[1]), told)


def pictures(db: Connection, chosen: Set[tuple[str, str]]) -> tuple[Picture, ...]:
    """The views of the chart on which something is shaded, for paper."""
    found = []
    for view in read.chart_views(db):
        if shaded(db, view.view, chosen):
            svg = chart_svg(db, view.view, chosen)
            found.append(Picture(chart_text(db, view.view, chosen), svg, view.wide, view.high + LABELS))
    return tuple(found)


def _view(db: Connection, view: str) -> ChartView:
    found = read.chart_view(db, view)
    if found is None:
        raise ValueError(f"the body chart has no view '{view}'; it has front and back")
    return found


def shaded(db: Connection, view: str, chosen: Set[tuple[str, str]]) -> dict[str, str]:
    """The marks of the areas of a view that are "chosen", or "open": their side was not told."""
    parents = {region.id: region.parent for region in read.regions(db)}
    if unknown := {name for name, _ in chosen} - parents.keys():
        raise ValueError(f"the body chart knows no region '{min(unknown)}'")
    found = {}
    for area in read.chart_areas(db, view):
        name: str | None = area.region
        sides: set[str] = set()
        while name:
            sides |= {side for region, side in chosen if region == name}
            name = parents[name]
        if area.side in sides or (sides and not area.side):
            found[area.mark] = CHOSEN
        elif "" in sides:
            found[area.mark] = OPEN
    return found


def chart_text(db: Connection, view: str, chosen: Set[tuple[str, str]]) -> str:
    """A view of the chart in words, for who cannot see it."""
    labels = {region.id: region.lay_label for region in read.regions(db)}
    how = shaded(db, view, chosen)
    marked: list[str] = []
    for area in read.chart_areas(db, view):
        state = how.get(area.mark)
        side = {CHOSEN: area.side, OPEN: "side not told"}.get(state or "", "")
        words = f"{labels[area.region]}, {side}" if side else labels[area.region]
        if state and words not in marked:
            marked.append(words)
    return f"Body seen from the {view}. Marked: {'; '.join(marked) or 'nothing'}."


def _path(path: str, fill: str, edge: str, thick: float) -> str:
    line = f'stroke="{edge}" stroke-width="{thick}" stroke-linejoin="round" paint-order="stroke"'
    return f'<path d="{path}" fill="{fill}" {line}/>'


def chart_svg(db: Connection, view: str, chosen: Set[tuple[str, str]]) -> str:
    """The `front` or `back` of the body with the chosen areas shaded, as one SVG picture with its words.

    Raises ValueError for a view or a region that the chart does not know.
    """
    from html import escape

    body, how = _view(db, view), shaded(db, view, chosen)
    areas = read.chart_areas(db, view)
    words = escape(chart_text(db, view, chosen))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {body.wide:g} {body.high + LABELS:g}" role="img">',
        f"<title>{words}</title>",
        _path(body.path, COLOURS["plain"], COLOURS["edge"], HALO),
    ]
    # The chosen ones last, so that no neighbour's edge cuts them.
    for area in sorted(areas, key=lambda area: area.mark in how):
        state = how.get(area.mark)
        fill, edge = COLOURS[CHOSEN if state == CHOSEN else "plain"], COLOURS["near"] if state == OPEN else "#fff"
        parts.append(_path(area.path, fill, edge, HALO / 2))
        if state:
            parts.append(f'<path d="{area.hatch}" fill="none" stroke="{HATCHING[state]}" stroke-width="0.7"/>')
    # Words, because the person's right is on the picture's left only when one looks at the face.
    first, second = (side.capitalize() for side in SIDES[view])
    for x, y, anchor, word in (
        (1.0, 6.0, "start", first),
        (body.wide - 1, 6.0, "end", second),
        (body.wide / 2, body.high + 5, "middle", view.capitalize()),
    ):
        parts.append(f'<text x="{x:g}" y="{y:g}" {LETTERS} text-anchor="{anchor}" fill="{COLOURS["near"]}">{word}</text>')
    return "".join(parts) + "</svg>"


def chart_cells(db: Connection, view: str, chosen: Set[tuple[str, str]], braille: bool = True) -> list[str]:
    """The rows of a view for the terminal, of one width, with chosen areas in a pattern of their own.

    The cells are those of `ChartView.grid`, whose marks tell a screen which of them to colour. Without `braille` they are
    blocks that every console font has.
    """
    body, how = _view(db, view), shaded(db, view, chosen)
    rows = []
    for marks, pale, solid in zip(*(text.split("\n") for text in (body.grid, body.pale, body.solid)), strict=True):
        states = [how.get(mark, "") for mark in marks]
        if braille:
            dense = {"": pale, OPEN: solid, CHOSEN: "█" * len(pale)}
            rows.append("".join(dense[state][column] for column, state in enumerate(states)))
        else:
            rows.append("".join(" " if mark == " " else BLOCKS[state] for mark, state in zip(marks, states, strict=True)))
    return rows


def area_at(db: Connection, view: str, column: int, row: int) -> ChartArea | None:
    """The area whose cell this is, counted from the top left; None beside every area."""
    rows = _view(db, view).grid.split("\n")
    if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        return None
    return next((area for area in read.chart_areas(db, view) if area.mark == rows[row][column]), None)
