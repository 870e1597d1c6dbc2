"""The list of rows: what the keys and the mouse do in it, what it draws, and that nothing in it is out of reach."""

from __future__ import annotations

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.events import MouseScrollDown
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from screens.rows import Row, Rows, _height, _lines, heading, row
from screens.themes import THEMES

NAMES = "abcdefghij"


class Watched(Rows):
    """Notes which of its lines are drawn."""

    drawn: list[int]

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)


class Tiny(App[None]):
    """A list over an input line; what the list says is kept in `said`."""

    CSS_PATH = ROOT / "screens" / "app.tcss"
    CSS = "Input { height: 1; border: none; }"

    def __init__(self, rows: list[Row], plain: bool = False) -> None:
        super().__init__(ansi_color=True if plain else None)
        self.first = rows
        self.said: list[tuple[str, str | None]] = []
        if plain:
            self.theme = "ansi-dark"

    def compose(self) -> ComposeResult:
        yield Watched(id="list")
        yield Input()

    def on_mount(self) -> None:
        self.list.drawn = []
        self.list.fill(self.first)
        self.list.focus()

    @property
    def list(self) -> Watched:
        return self.query_one(Watched)

    def on_rows_highlighted(self, event: Rows.Highlighted) -> None:
        self.said.append(("highlighted", event.id))

    def on_rows_selected(self, event: Rows.Selected) -> None:
        self.said.append(("selected", event.id))


def some(count: int) -> list[Row]:
    """So many rows of one line: row 0, row 1, ..."""
    return [row(Content(f"row {number}"), str(number)) for number in range(count)]


def parts() -> list[Row]:
    """Two parts, the first under two headings."""
    named = [row(Content(f"row {name}"), name) for name in NAMES]
    return [heading("One"), heading("(two lines)"), *named[:5], heading("Two"), *named[5:]]


def seen(rows: Rows) -> list[str]:
    """The lines in view, each with its marker."""
    return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]


# --- keys ----------------------------------------------------------------------------------------------------------


async def test_the_highlight_passes_over_headings_and_goes_round_the_ends() -> None:
    app = Tiny(parts())
    async with app.run_test(size=(40, 20)) as pilot:
        assert app.list.current == "a"
        for keys, expected in (
            (["down"] * 4, "e"),
            (["down"], "f"),
            (["up"], "e"),
            (["end"], "j"),
            (["down"], "a"),
            (["up"], "j"),
            (["home"], "a"),
            (["pagedown"], "j"),
            (["pageup"], "a"),
        ):
            await pilot.press(*keys)
            assert app.list.current == expected
        await pilot.press("enter")
        assert app.said[-1] == ("selected", "a")


async def test_the_part_keys_go_to_the_first_row_under_a_heading() -> None:
    app = Tiny(parts())
    async with app.run_test(size=(40, 20)):
        places = []
        for step in (1, 1, -1, -1):
            app.list.action_jump(step)
            places.append(app.list.current)
        assert places == ["f", "f", "a", "a"]
        app.list.highlight("h")
        app.list.action_jump(-1)
        assert app.list.current == "f"


async def test_the_headings_over_the_first_row_come_back_into_view() -> None:
    app = Tiny([heading("Top"), *some(30)])
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press(*["down"] * 20)
        assert "Top" not in "".join(seen(app.list))
        await pilot.press(*["up"] * 20)
        assert seen(app.list)[:2] == [" Top", ">row 0"]


async def test_a_row_taller_than_the_pane_is_shown_from_its_top_and_gone_through() -> None:
    tall = row(Content("\n".join(f"line {number}" for number in range(9))), "tall")
    app = Tiny([*some(2), tall, row(Content("after"), "after")])
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.press("down", "down")
        assert app.list.current == "tall"
        assert seen(app.list) == [">line 0", " line 1", " line 2", " line 3"]
        await pilot.press(*["down"] * 5)
        assert app.list.current == "tall"
        assert seen(app.list)[-1] == " line 8"
        await pilot.press("down")
        assert app.list.current == "after"
        await pilot.press("up")
        assert seen(app.list)[0] == ">line 0"
        await pilot.press("pagedown")
        assert (app.list.current, seen(app.list)[0]) == ("tall", " line 4")
        await pilot.press("up")
        assert seen(app.list)[0] == " line 3"
        await pilot.press("home")
        assert app.list.current == "0"


async def test_a_list_of_headings_alone_can_be_read_to_its_end() -> None:
    app = Tiny([heading(f"said {number}") for number in range(9)])
    async with app.run_test(size=(40, 5)) as pilot:
        assert app.list.current is None
        await pilot.press("enter", "down")
        assert seen(app.list)[0] == " said 1"
        await pilot.press("end")
        assert seen(app.list)[-1] == " said 8"
        await pilot.press("home", "pagedown", "up")
        assert seen(app.list)[0] == " said 3"
        assert app.said == []


async def test_an_empty_list_bears_every_key() -> None:
    app = Tiny([])
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.press("down", "up", "pagedown", "pageup", "home", "end", "enter")
        app.list.action_jump(1)
        await pilot.click(Rows, offset=(1, 1))
        assert (app.list.current, app.list.highlighted, app.said) == (None, None, [])
        assert seen(app.list) == [""] * 4


async def test_nothing_is_out_of_reach_and_the_highlight_is_in_view() -> None:
    keys = st.lists(
        st.sampled_from(["down", "up", "pagedown", "pageup", "home", "end", "part", "part before"]), max_size=30
    )
    shape = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([False, False, True])), max_size=14)
    app = Tiny([])
    async with app.run_test(size=(40, 6)):
        rows = app.list
        actions = {
            "down": lambda: rows.action_move(1),
            "up": lambda: rows.action_move(-1),
            "pagedown": lambda: rows.action_page(1),
            "pageup": lambda: rows.action_page(-1),
            "home": lambda: rows.action_edge(-1),
            "end": lambda: rows.action_edge(1),
            "part": lambda: rows.action_jump(1),
            "part before": lambda: rows.action_jump(-1),
        }

        @settings(max_examples=150, deadline=None)
        @given(shape, keys)
        def check(shape: list[tuple[int, bool]], keys: list[str]) -> None:
            texts = [[f"{place}:{line}" for line in range(height)] for place, (height, _) in enumerate(shape)]
            every = {line for text in texts for line in text}
            made = [Row(Content("\n".join(text)), text[0], top) for text, (_, top) in zip(texts, shape, strict=True)]
            rows.highlighted = None
            rows.fill(made)
            pane = rows.size.height

            def in_view() -> set[str]:
                return {line[1:] for line in seen(rows) if line}

            def check_highlight() -> None:
                at = rows.highlighted
                if at is None:
                    assert all(each.heading for each in made)
                    return
                assert not made[at].heading
                # Headings that alone fill the pane are gone through too: then nothing else is in view.
                first, last = at, at + 1
                while first and made[first - 1].heading:
                    first -= 1
                if all(each.heading for each in made[last:]):
                    last = len(made)
                stretch = [line for text in texts[first:last] for line in text]
                assert in_view() & set(texts[at]) or (len(stretch) > pane and in_view() <= set(stretch))

            check_highlight()
            for key in keys:
                actions[key]()
                check_highlight()
            # From wherever that led, going down line by line or page by page shows everything.
            for key in ("down", "pagedown"):
                actions["home"]()
                actions["home"]()
                found = in_view()
                for _ in range(len(every)):
                    actions[key]()
                    found |= in_view()
                assert found == every

        check()


# --- filling -------------------------------------------------------------------------------------------------------


async def test_filling_keeps_the_row_that_is_named_or_stays_near() -> None:
    app = Tiny(parts())
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.list
        rows.fill(parts(), keep="g")
        assert rows.current == "g"
        rows.fill(parts())
        assert rows.current == "g"
        # Its row is gone: the one that now stands there.
        rows.fill([each for each in parts() if each.id != "g"], keep="g")
        assert rows.current == "h"
        # A heading stands there: the row under it. The list is shorter: its last row.
        rows.highlight("e")
        rows.fill([each for each in parts() if each.id != "e"])
        assert rows.current == "f"
        rows.fill(parts()[:4])
        assert rows.current == "b"
        rows.fill([])
        rows.fill(parts())
        assert rows.current == "a"
        await pilot.pause()
        app.said.clear()
        rows.fill(parts(), keep="a")
        await pilot.pause()
        assert app.said == [("highlighted", "a")]


async def test_filling_leaves_the_view_where_it_is() -> None:
    app = Tiny(some(60))
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.press(*["pagedown"] * 3, "up", "up")
        before = seen(app.list)
        app.list.fill(some(60), keep=app.list.current)
        assert seen(app.list) == before
        app.list.highlighted = None
        app.list.fill(some(60))
        assert seen(app.list)[0] == ">row 0"
        # A list that is now shorter leaves no empty lines over what was cut off.
        await pilot.press("end")
        app.list.fill(some(12))
        assert seen(app.list) == [" row 2", *(f" row {n}" for n in range(3, 11)), ">row 11"]


async def test_a_row_can_be_replaced_by_a_longer_one() -> None:
    app = Tiny(some(10))
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press(*["down"] * 4)
        app.said.clear()
        app.list.replace("4", Content("row 4\nand more\nand more"))
        app.list.replace("none such", Content("lost"))
        app.list.show_highlight()
        assert seen(app.list) == [" row 2", " row 3", ">row 4", " and more", " and more"]
        await pilot.pause()
        assert (app.list.current, app.said) == ("4", [])


# --- what is drawn -------------------------------------------------------------------------------------------------


async def test_every_line_is_as_wide_as_the_pane_whatever_stands_in_it() -> None:
    odd = [
        "",
        "\n",
        "腰痛" * 30,
        "🧍‍♀️ e\u0301 " * 20,
        "x" * 200,
        "\u200b\u0301",
        "a\tb",
        "שלום " * 20,
        "one two " * 20 + "\n\nend",
    ]
    app = Tiny([row(Content(text), str(number)) for number, text in enumerate(odd)])
    for width in (40, 23, 5):
        async with app.run_test(size=(width, 700)):
            strips = [app.list.render_line(y) for y in range(app.list.size.height)]
            assert {strip.cell_length for strip in strips} == {app.list.scrollable_content_region.width}
            text = "".join(strip.text[1:].rstrip() for strip in strips)
            assert text.count("腰") == text.count("痛") == 30
            assert text.count("x") == 200
            assert text.count("one") == 20 and "end" in text
            assert sum(strip.text.startswith(">") for strip in strips) == 1
        app = Tiny(app.first)


async def test_a_row_has_room_for_all_of_its_lines() -> None:
    text = st.lists(st.sampled_from(["a", "word", "longer-word", " ", "  ", "\n", "é", "腰", "x" * 12]), max_size=40)
    app = Tiny([])
    async with app.run_test(size=(13, 10)):
        room = app.list.scrollable_content_region.width - 2

        @settings(max_examples=300, deadline=None)
        @given(text, st.sampled_from(["", " "]))
        def check(words: list[str], between: str) -> None:
            content = Content(between.join(words))
            app.list.fill([row(content)])
            assert app.list.virtual_size.height == len(content.wrap(room))

        check()


@given(
    st.lists(st.sampled_from(["a", "word", "longer-word", "x" * 20]), min_size=4, max_size=20),
    st.sampled_from([" ", "  ", "   "]),
    st.sampled_from([8, 11, 12, 16, 20, 24]),
)
def test_the_lines_counted_are_the_lines_drawn(words: list[str], between: str, room: int) -> None:
    """Lines are counted without being wrapped: were they too few, the last line of a page could not be reached."""
    text = Content(between.join(words))
    assert _height(text, room) == len(_lines(text, room))


async def test_a_move_draws_the_lines_of_two_rows_and_no_others() -> None:
    made = [row(Content(f"row {number}\nmore"), str(number)) for number in range(200)]
    app = Tiny(made)
    async with app.run_test(size=(40, 25)) as pilot:
        # Of two hundred rows those in view were drawn, the last of them in part.
        assert max(app.list.drawn) < 24
        await pilot.press("down")
        await pilot.pause()
        app.list.drawn.clear()
        await pilot.press("down")
        await pilot.pause()
        assert sorted(app.list.drawn) == [2, 3, 4, 5]
        assert app.list.scroll_offset.y == 0


async def test_the_marker_tells_the_row_and_whether_the_keys_work_on_the_list() -> None:
    app = Tiny([heading("Top"), *some(2)])
    async with app.run_test(size=(40, 6)) as pilot:
        assert seen(app.list)[:3] == [" Top", ">row 0", " row 1"]
        await pilot.press("tab")
        await pilot.pause()
        assert seen(app.list)[:3] == [" Top", ".row 0", " row 1"]


async def test_without_colour_the_highlight_is_bold_and_reversed() -> None:
    app = Tiny(some(3), plain=True)
    async with app.run_test(size=(40, 6)):
        lit, other = (next(iter(app.list.render_line(y))).style for y in (0, 1))
        assert lit and lit.bold and lit.reverse
        assert other and not other.bold and not other.reverse


def luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("focused", [True, False])
async def test_every_kind_of_row_can_be_read(theme: str, focused: bool) -> None:
    app = Tiny([heading("Top"), *some(2)])
    async with app.run_test(size=(40, 6)) as pilot:
        app.register_theme(THEMES[theme])
        app.theme = theme
        if not focused:
            app.query_one(Input).focus()
        await pilot.pause()
        grounds = set()
        for part in ("rows--row", "rows--heading", "rows--highlight"):
            style = app.list.get_visual_style(part)
            dark, light = sorted(map(luminance, (style.background + style.foreground, style.background)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5
            grounds.add(style.background.hex)
        assert len(grounds) == 2


async def test_dim_text_is_not_dim_under_the_highlight() -> None:
    app = Tiny([row(Content.styled("faint", "dim"), "a"), row(Content.styled("faint", "dim"), "b")])
    async with app.run_test(size=(40, 6)):
        dim = [any(each.style and each.style.dim for each in app.list.render_line(y)) for y in (0, 1)]
        assert dim == [False, True]


# --- mouse and cursor ----------------------------------------------------------------------------------------------


async def test_a_click_selects_the_row_under_it_and_a_heading_is_none() -> None:
    app = Tiny([heading("Top"), row(Content("a\nmore"), "a"), row(Content("b\nmore"), "b"), *some(20)])
    async with app.run_test(size=(40, 9)) as pilot:
        await pilot.click(Rows, offset=(3, 4))
        assert app.list.current == "b"
        assert app.said[-1] == ("selected", "b")
        app.said.clear()
        await pilot.click(Rows, offset=(3, 0))
        assert app.said == []
        await pilot.press("end")
        await pilot.click(Rows, offset=(3, 0))
        assert app.said[-1] == ("selected", seen(app.list)[0].removeprefix(">row "))


async def test_the_wheel_moves_the_view_and_not_the_highlight() -> None:
    app = Tiny(some(60))
    async with app.run_test(size=(40, 9)) as pilot:
        for _ in range(6):
            await pilot._post_mouse_events([MouseScrollDown], Rows)
        assert app.list.scroll_offset.y > 0
        assert app.list.current == "0"
        await pilot.press("down")
        assert app.list.current == "1"
        assert ">row 1" in seen(app.list)


class Over(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield Input("typed")


async def test_the_terminals_cursor_follows_the_highlight() -> None:
    app = Tiny([heading("Top"), *some(60)])
    async with app.run_test(size=(40, 12)) as pilot:

        async def cursor(*keys: str) -> Offset:
            await pilot.press(*keys)
            await pilot.pause()
            return app.cursor_position

        def marked() -> Offset:
            return Offset(0, next(y for y, line in enumerate(seen(app.list)) if line.startswith(">")))

        assert await cursor() == (0, 1)
        assert await cursor("down") == (0, 2)
        assert await cursor("pagedown", "pagedown") == marked()
        app.list.fill(some(60), keep="3")
        assert await cursor() == marked()
        await pilot.press("end")
        await pilot.resize_terminal(40, 8)
        assert await cursor() == marked() == (0, 6)
        # Out of view it waits at the edge.
        app.list.scroll_to(y=0, animate=False)
        assert await cursor() == (0, 6)
        # On another screen, or with the keys elsewhere, it is not the list's.
        app.list.show_highlight()
        app.push_screen(Over())
        assert await cursor("x") != (0, 6)
        app.pop_screen()
        assert await cursor() == (0, 6)
        await pilot.press("tab")
        app.list.highlight("0")
        assert (await cursor()).y == 7
        assert await cursor("shift+tab") == (0, 0)
