"""The list that every screen uses: rows of one or more lines, one of them highlighted.

It draws the lines in view and no others, and a move of the highlight redraws the lines of two rows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from textual.cache import LRUCache
from textual.content import Content
from textual.events import Click
from textual.geometry import Offset, Region, Size, clamp
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from screens.base import bindings, plain

# Beside a row's text: one cell for the marker, one free.
MARGIN = 2
# The marker of the highlighted row, with the keys on the list and without.
HERE, ELSEWHERE = ">", "."
# Rows whose drawn lines are kept.
MOST_KEPT = 512


@dataclass(frozen=True)
class Row:
    """`content` is what stands in the list, its lines as they are; `id` names it; a heading is never highlighted."""

    content: Content
    id: str | None = None
    heading: bool = False


def heading(text: str) -> Row:
    """A heading row."""
    return Row(plain(text, "bold underline"), heading=True)


def row(content: Content, name: str | None = None) -> Row:
    """A row that can be highlighted."""
    return Row(content, name)


def _fits(content: Content, room: int) -> bool:
    """Whether no line is wider than `room` cells."""
    return "\t" not in content.plain and all(cell_len(line) <= room for line in content.plain.split("\n"))


def _lines(content: Content, room: int) -> list[Content]:
    """A text as lines of at most `room` cells."""
    return list(content.split("\n", allow_blank=True)) if _fits(content, room) else content.wrap(room)


def _height(content: Content, room: int) -> int:
    """How many those are: for plain paragraphs counted without making them, as a page has hundreds."""
    if _fits(content, room):
        return content.plain.count("\n") + 1
    height = 0
    for line in content.plain.split("\n"):
        line, start = line.rstrip(), 0
        if not line.isascii() or not line.isprintable() or line.startswith(" "):
            return content.get_height({}, room)
        while len(line) - start > room:
            space = line.rfind(" ", start, start + room + 1)
            if space < start:
                return content.get_height({}, room)
            start = space + 1
            while line[start] == " ":
                start += 1
            height += 1
        height += 1
    return height


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """A list of rows, as wide as its pane. What is too wide is wrapped; headings are passed over by the highlight.

    A row is scrolled to together with the headings above it. Where these take more lines than the pane has, they are
    shown from the top, and the keys scroll through them before the highlight goes on: all of it can be read.
    """

    ALLOW_SELECT = False
    # Where the list stands does not follow from how many lines it has, unless its style says so (`_lay_out`).
    virtual_size = Reactive(Size(0, 0))
    COMPONENT_CLASSES = {"rows--row", "rows--highlight", "rows--heading"}
    PART = "list"
    BINDINGS = bindings("list")

    class RowMessage(Message):
        """What happened to one row: its `id`, and the list it stands in."""

        def __init__(self, rows: Rows, id: str | None) -> None:
            super().__init__()
            self.rows = rows
            self.id = id

        @property
        def control(self) -> Rows:
            return self.rows

    class Highlighted(RowMessage):
        """The highlight came to a row, or the list was filled anew around it."""

    class Selected(RowMessage):
        """Enter, or a click, on a row."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self._at: int | None = None
        # The rows that can be highlighted, in order.
        self._stops: list[int] = []
        self._places: dict[str, int] = {}
        # The pane, and what follows from its width. A stop's stretch is its row and the headings above it;
        # the last one's also those below.
        self._width = self._height = 0
        self._starts = [0]
        self._stretches: tuple[list[int], list[int]] = ([], [])
        self._drawn: LRUCache[tuple[int, bool], list[Strip]] = LRUCache(MOST_KEPT)

    # --- what stands in it -----------------------------------------------------------------------------------------

    def fill(self, rows: Iterable[Row], keep: str | None = None) -> None:
        """Show these rows. The highlight goes to the row `keep`, or else stays near where it was; so does the view."""
        before = self._at
        self.rows = tuple(rows)
        self._stops = [number for number, each in enumerate(self.rows) if not each.heading]
        self._places = {each.id: number for number, each in enumerate(self.rows) if each.id and not each.heading}
        self._at = self._places[keep] if keep in self._places else self._near(before or 0)
        if self._width:
            self._lay_out()
            if before is None:
                self._scroll(0)
        self.show_highlight()
        self._tell()

    def replace(self, name: str, content: Content) -> None:
        """Show this in the row `name`, if it is there."""
        if name in self._places:
            rows, place = list(self.rows), self._places[name]
            rows[place] = replace(rows[place], content=content)
            self.rows = tuple(rows)
            if self._width:
                self._lay_out()

    @property
    def room(self) -> int:
        """The cells that a row has for its text."""
        return max(20, self.scrollable_content_region.width - MARGIN)

    @property
    def current(self) -> str | None:
        """The id of the highlighted row."""
        return None if self._at is None else self.rows[self._at].id

    @property
    def highlighted(self) -> int | None:
        """The place of the highlighted row; None while there is none, or to begin at the top with the next filling."""
        return self._at

    @highlighted.setter
    def highlighted(self, place: int | None) -> None:
        before = self._at
        self._at = None if place is None else self._near(place)
        if self._at != before:
            self._repaint(before, self._at)
            self._tell()
        self.show_highlight()

    def highlight(self, name: str) -> None:
        """Highlight the row `name`, if it is there."""
        if name in self._places:
            self.highlighted = self._places[name]

    def _near(self, place: int) -> int | None:
        """The nearest row that can be highlighted, at or after this place where there is one."""
        if not self._stops:
            return None
        return self._stops[min(bisect_left(self._stops, place), len(self._stops) - 1)]

    def _tell(self) -> None:
        if self._at is not None:
            self.post_message(self.Highlighted(self, self.rows[self._at].id))

    # --- lines and scrolling -----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Find on which line each row begins."""
        room = max(2, self._width - MARGIN)
        self._drawn.clear()
        self._starts = [0, *accumulate(_height(each.content, room) for each in self.rows)]
        ends = [self._starts[number + 1] for number in self._stops]
        self._stretches = ([0, *ends[:-1]], [*ends[:-1], self._starts[-1]]) if ends else ([], [])
        self.virtual_size = Size(self._width, self._starts[-1])
        self._scroll_update(self.virtual_size)
        self._scroll(min(self.scroll_offset.y, self.max_scroll_y))
        self.refresh(layout=self.styles.auto_dimensions)

    def _measure(self, pane: Region) -> None:
        """Take over the size of the pane; lay out anew where its width has changed."""
        self._height = pane.height
        if pane.width and pane.width != self._width:
            self._width = pane.width
            self._lay_out()
            self.show_highlight()

    def _scroll(self, top: int) -> None:
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def _stretch(self) -> tuple[int, int]:
        """The lines of the highlighted row and of the headings above it; all lines where no row can be highlighted."""
        if self._at is None:
            return 0, self._starts[-1]
        stop = bisect_left(self._stops, self._at)
        return self._stretches[0][stop], self._stretches[1][stop]

    def show_highlight(self) -> None:
        """Scroll no further than it takes to see the highlighted row; one that is taller than the pane from its top."""
        height = self._height
        if self._at is None or not self._width or not height:
            return
        first, last = self._stretch()
        top = self.scroll_offset.y
        if last - first > height or first < top:
            self._scroll(first)
        elif last > top + height:
            self._scroll(last - height)

    def _through(self, step: int, lines: int) -> bool:
        """Scroll so many lines within a highlighted row that is taller than the pane and goes on; False: it does not."""
        first, last = self._stretch()
        top, height = self.scroll_offset.y, self._height
        if last - first <= height or top >= last or top + height <= first:
            return False
        target = min(top + lines, last - height) if step > 0 else max(top - lines, first)
        if (target - top) * step <= 0:
            return False
        self._scroll(target)
        return True

    # --- keys and mouse ----------------------------------------------------------------------------------------------

    def action_cursor(self, key: str) -> None:
        """Move as the key of this name says: up, down, pageup, pagedown, home, end."""
        step = 1 if key in ("down", "pagedown", "end") else -1
        if key in ("home", "end"):
            self.action_edge(step)
        elif key.startswith("page"):
            self.action_page(step)
        else:
            self.action_move(step)

    def action_move(self, step: int) -> None:
        """To the next row (1) or the one before (-1), at the ends round to the other."""
        if self._through(step, 1) or not self._stops:
            return
        if self._at is None:
            stop = 0 if step > 0 else -1
        else:
            stop = (bisect_left(self._stops, self._at) + step) % len(self._stops)
        self.highlighted = self._stops[stop]

    def action_page(self, step: int) -> None:
        """As many lines down (1) or up (-1) as the pane has: no line is passed over unseen."""
        height = self._height
        if self._through(step, height) or not self._stops:
            return
        first, last = self._stretch()
        stop = -1 if self._at is None else bisect_left(self._stops, self._at)
        firsts, lasts = self._stretches
        if not self._width:
            target = stop + step
        elif step > 0:
            target = max(stop + 1, bisect_right(lasts, last + height) - 1)
        else:
            target = min(stop - 1, bisect_left(firsts, first - height))
        self.highlighted = self._stops[clamp(target, 0, len(self._stops) - 1)]

    def action_edge(self, step: int) -> None:
        """To the last row (1) or the first (-1); there, to the very end of it."""
        if self._stops and self._at != (edge := self._stops[-1 if step > 0 else 0]):
            self.highlighted = edge
        else:
            self.show_highlight()
            self._through(step, self._starts[-1])

    def action_jump(self, step: int) -> None:
        """To the first row under the next heading (1), or to the one under the last heading before (-1)."""
        here = self._at or 0
        firsts = [stop for stop in self._stops if stop == 0 or self.rows[stop - 1].heading]
        ahead = [stop for stop in firsts if stop > here][:1]
        behind = [stop for stop in firsts if stop < here][-1:] or self._stops[:1]
        for stop in ahead if step > 0 else behind:
            self.highlighted = stop

    def action_select(self) -> None:
        if self._at is not None:
            self.post_message(self.Selected(self, self.rows[self._at].id))

    def on_click(self, event: Click) -> None:
        line = event.y + self.scroll_offset.y
        place = bisect_right(self._starts, line) - 1
        if place < len(self.rows) and not self.rows[place].heading:
            self.highlighted = place
            self.action_select()

    # --- drawing -------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        self._measure(self.scrollable_content_region)
        self.show_highlight()

    def notify_style_update(self) -> None:
        self._drawn.clear()
        self.refresh()
        super().notify_style_update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        room = max(2, width - self.scrollbar_size_vertical - MARGIN)
        return sum(_height(each.content, room) for each in self.rows)

    def _repaint(self, *places: int | None) -> None:
        """Have the lines of these rows that are in view drawn anew."""
        top, regions = self.scroll_offset.y, []
        for place in places:
            if place is not None and self._width and place < len(self.rows):
                first, last = max(self._starts[place], top), min(self._starts[place + 1], top + self._height)
                if first < last:
                    regions.append(Region(0, first - top, self._width, last - first))
        if regions:
            self.refresh(*regions)

    def _place_cursor(self, pane: Region) -> None:
        """Put the terminal's own cursor on the highlighted row, for braille lines and screen readers."""
        if self.app.focused is self:
            line = 0 if self._at is None else self._starts[self._at] - self.scroll_offset.y
            self.app.cursor_position = Offset(pane.x, pane.y + clamp(line, 0, max(0, pane.height - 1)))

    def render_lines(self, crop: Region) -> list[Strip]:
        pane = self.scrollable_content_region
        self._measure(pane)
        # Whatever moved the highlight, the list or the focus had some of its lines drawn.
        self._place_cursor(pane)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        if line >= self._starts[-1]:
            return Strip.blank(self._width, self.get_visual_style("rows--row").rich_style)
        place = bisect_right(self._starts, line) - 1
        key = place, place == self._at
        strips = self._drawn.get(key)
        if strips is None:
            strips = self._drawn[key] = self._draw(*key)
        return strips[line - self._starts[place]]

    def _draw(self, place: int, highlighted: bool) -> list[Strip]:
        """The lines of a row."""
        each = self.rows[place]
        part = "rows--highlight" if highlighted else "rows--heading" if each.heading else "rows--row"
        style = self.get_visual_style(part)
        if self.get_component_styles(part).text_style.reverse:
            # Textual leaves reverse out of the style of a part; where there is no colour it is the plainest highlight.
            style += Style(reverse=True)
        # Dim text would be too faint on the colour of the highlight.
        over = Style(dim=False) if highlighted else Style()
        mark = (HERE if self.has_focus else ELSEWHERE) if highlighted else " "
        strips = []
        for line in _lines(each.content, max(2, self._width - MARGIN)):
            segments = [Segment(mark, style.rich_style)]
            for text, own in line.render(style, end="", parse_style=self.app.stylesheet.parse_style):
                segments.append(Segment(text, (own + over).rich_style))
            strips.append(Strip(segments).adjust_cell_length(self._width, style.rich_style).simplify())
            mark = " "
        return strips
