"""One table of commands: each works where it says, and stands in the help, the palette and the README."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from conftest import ROOT, TODAY, screen_text
from textual.dom import DOMNode
from textual.pilot import Pilot

from db.read import Connection
from decide.case import Case
from decide.cli import main
from decide.commands import BY_ID, COMMANDS, EVERYWHERE, PARTS, commands_of, key_name, markdown
from screens.app import DecideApp
from screens.choose import ConditionDialog, Which
from screens.dialogs import Confirm, Field, Form, PrintDialog, Reading, StartedDialog
from screens.keys import KeysScreen, parts_of
from screens.palette import PaletteScreen
from screens.rows import Rows

Way = Callable[[DecideApp, Pilot[int | None]], Awaitable[None]]


def keys(*pressed: str) -> Way:
    async def go(_: DecideApp, pilot: Pilot[int | None]) -> None:
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()

    return go


def opened(opener: Callable[[DecideApp], object], *pressed: str) -> Way:
    async def go(app: DecideApp, pilot: Pilot[int | None]) -> None:
        opener(app)
        await pilot.pause()
        await keys(*pressed)(app, pilot)

    return go


# How to come to each part from the desk with a case, at 60x40 (one view of the body).
WAYS: dict[str, Way] = {
    EVERYWHERE: keys(),
    "screen": keys("f4"),
    "list": keys("f4"),
    "form": keys("f5"),
    "desk": keys("3"),
    "search": keys("slash"),
    "body": keys("f7"),
    "place": keys("f7", "slash"),
    "says": keys("1", "tab"),
    "candidates": keys("3"),
    "ask": keys("4"),
    "lines": keys("f4"),
    "page": opened(lambda app: app.open_entry("condition:sciatica")),
    "why": opened(lambda app: app.open_why("sciatica")),
    "trail": keys("3", "t"),
    "compare": keys("f2"),
    "plan": opened(lambda app: app.open_plan(["hip-osteoarthritis"])),
    "sheet": opened(lambda app: app.open_plan(["hip-osteoarthritis"]), "v"),
    "read-back": opened(lambda app: app.open_plan(["hip-osteoarthritis"]), "p"),
    "letter": keys("f6"),
    "dialog": opened(lambda app: app.push_screen(Confirm("Sure?"))),
    "question": opened(lambda app: app.push_screen(Confirm("Sure?"))),
    "reading": opened(lambda app: app.push_screen(Reading("Title", []))),
    "fields": opened(lambda app: app.push_screen(Form("Title", [Field("name", "Name", "")], lambda _: None))),
    "printer": opened(lambda app: app.push_screen(PrintDialog(lambda: (b"", "text"), "Sheet", ""))),
    "started": opened(lambda app: app.push_screen(StartedDialog("Someone."))),
    "which": opened(lambda app: app.push_screen(Which("Which?", ["One", "Two"]))),
    "by-name": opened(lambda app: app.push_screen(ConditionDialog(app.db, "Which?", []))),
    "palette": keys("f9"),
}


@pytest.fixture
def full(app: DecideApp) -> DecideApp:
    """The app with a case in which every part has something to show."""
    app.case = Case(age=58, sex="f", present=("pain-buttock",), movements=("put-on-socks",))
    app.past = [Case()]
    return app


def node_of(app: DecideApp, part: str) -> DOMNode:
    nodes = [app.screen.focused, app.screen, *app.screen.query("*").results(), app]
    return next(node for node in nodes if node is not None and part in parts_of(node))


def test_every_part_has_a_way_and_every_command_a_part() -> None:
    assert set(WAYS) == set(PARTS)
    assert {part for command in COMMANDS for part in command.where} <= set(PARTS)
    assert len(BY_ID) == len(COMMANDS)


@pytest.mark.parametrize("part", PARTS)
async def test_every_command_works_where_it_says_and_stands_in_the_help(full: DecideApp, part: str) -> None:
    async with full.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        await WAYS[part](full, pilot)
        node = node_of(full, part)
        active = full.screen.active_bindings
        wanted = []
        for command in commands_of(part):
            name = command.action.rpartition(".")[2].partition("(")[0]
            if node.check_action(name, ()) is False:
                continue
            target = {"app": full, "screen": full.screen}.get(command.action.rpartition(".")[0].partition("(")[0], node)
            assert any(hasattr(target, f"{prefix}action_{name}") for prefix in ("", "_")), command
            works = {key for key, each in active.items() if each.binding.tooltip == command.help}
            own = parts_of(node)
            taken = {key for before in own[: own.index(part)] for other in commands_of(before) for key in other.keys}
            if set(command.keys) - taken and node is full.screen.focused:
                assert works, command
            wanted.append(command)
        assert wanted
        full.action_help()
        await pilot.pause()
        assert isinstance(full.screen, KeysScreen)
        shown = {row.id for row in full.screen.query_one(Rows).rows}
        inherited = {command.id for command in wanted if command.keys and f"{part}:{command.id}" not in shown}
        # What is not shown was taken over by a command of the part's own on the same keys.
        for name in inherited:
            taken = {key for each in shown if each for key in BY_ID[each.partition(":")[2]].keys}
            assert set(BY_ID[name].keys) <= taken, name


async def test_the_help_begins_with_the_part_that_has_the_focus(full: DecideApp) -> None:
    async with full.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "question_mark")
        await pilot.pause()
        assert screen_text(full).splitlines()[1].strip() == PARTS["candidates"]


async def test_the_palette_runs_any_command_of_the_desk_by_its_first_letters(full: DecideApp) -> None:
    async with full.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "f9")
        await pilot.pause()
        palette = full.screen
        assert isinstance(palette, PaletteScreen)
        titles = [command.title for command, _ in palette.found.values()]
        assert {
            "Compare",
            "Plan",
            "Why",
            "Mark",
            "Trail",
            "Body",
            "Letter",
            "New",
            "Theme",
            "About",
            "Method",
            "Quit",
        } <= set(titles)
        for title in titles:
            # As many letters as no other title begins with, or all of them.
            letters = next(
                (
                    title[:n]
                    for n in range(1, len(title))
                    if [t[:n].casefold() for t in titles].count(title[:n].casefold()) == 1
                ),
                title,
            )
            palette.show(letters)
            name = palette.query_one("#hits", Rows).current
            assert palette.found[str(name).partition(":")[2]][0].title.casefold().startswith(letters.casefold()), title


@pytest.mark.parametrize("how", ["f9", "ctrl+p", "colon"])
async def test_letters_and_enter_without_a_pause_between_them(full: DecideApp, how: str) -> None:
    async with full.run_test(size=(80, 24)) as pilot:
        await pilot.press(how, *"warn", "enter")
        await pilot.pause()
        assert "Warning signs" in screen_text(full)
        await pilot.press("escape", how, *"hip ost".replace(" ", "_").split("_")[0], "space", *"ost", "enter")
        await pilot.pause()
        assert "Hip osteoarthritis" in screen_text(full).splitlines()[0]


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40), (200, 50)])
async def test_the_foot_is_one_line_that_ends_in_the_key_for_all_keys(full: DecideApp, size: tuple[int, int]) -> None:
    async with full.run_test(size=size) as pilot:
        for way in (keys(), keys("3"), keys("4"), keys("f7"), keys("f5")):
            await way(full, pilot)
            foot = screen_text(full).splitlines()[-1]
            assert foot.rstrip().endswith(("F1 Keys", "? Keys")), foot


async def test_a_click_on_a_key_at_the_foot_does_what_the_key_does(full: DecideApp) -> None:
    async with full.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        foot = screen_text(full).splitlines()[-1]
        await pilot.click("#key-line", offset=(foot.index("F4") + 1, 0))
        await pilot.pause()
        assert "Warning signs" in screen_text(full)


async def test_keys_of_ones_own_work_and_are_shown(db: Connection, tmp_path: Path) -> None:
    app = DecideApp(db, tmp_path / "data", TODAY, form=False, keys={"compare": ("f3",), "plan": ("f2",)})
    app.case = Case(present=("pain-buttock",))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        foot = screen_text(app).splitlines()[-1]
        assert "F3 Compare" in foot
        assert "F2 Plan" in foot
        await pilot.press("f3")
        await pilot.pause()
        assert "Compare" in screen_text(app).splitlines()[0]


def test_the_readme_has_the_table_of_keys() -> None:
    assert markdown() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_command_lists_every_command_with_its_keys(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--data-dir", str(tmp_path), "keys"]) == 0
    text = capsys.readouterr().out
    for command in COMMANDS:
        assert f"({command.id})" in " ".join(text.split()), command.id
        assert all(key_name(key) in text for key in command.keys)
    assert max(map(len, text.splitlines())) <= 80
    assert main(["--data-dir", str(tmp_path), "keys", "--json"]) == 0
    assert {row["id"] for row in json.loads(capsys.readouterr().out)} == set(BY_ID)


def test_no_key_that_terminals_swallow_is_the_only_one() -> None:
    taken = re.compile(r"^(f1|f10|f11|f12|ctrl\+.|alt\+.*)$")
    for command in COMMANDS:
        # Leaving and going out to the shell stand in the palette too, as do all that have no letter.
        lone = bool(command.keys) and all(taken.match(key) for key in command.keys)
        assert not lone or EVERYWHERE in command.where, command
    assert len(BY_ID["back"].keys) > 1
    assert len(BY_ID["palette"].keys) > 1
