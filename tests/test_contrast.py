"""Every text that is painted, on every screen and in every theme, stands out from what it stands on by 4.5:1 at least."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import TODAY
from rich.color import Color, ColorSystem
from rich.segment import Segment
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from db.read import Connection
from decide import printing, settings
from decide.case import Case
from screens.app import DecideApp
from screens.base import plain
from screens.choose import ConditionDialog, Which
from screens.compare import CompareScreen
from screens.desk import DeskScreen
from screens.dialogs import Confirm, Field, Form, PrintDialog, Reading, SaveDialog, StartedDialog
from screens.figure import LookScreen
from screens.keys import KeysScreen
from screens.letter import LetterScreen
from screens.palette import PaletteScreen
from screens.person import PersonScreen
from screens.plan import PlanScreen, SheetScreen
from screens.read_back import LetterReadBack, PlanReadBack
from screens.reader import AboutScreen, DislikesScreen, MethodScreen, ReaderScreen, WarningsScreen
from screens.themes import TERMINAL, THEMES, next_theme, themes_on_offer
from screens.trail import TrailScreen
from screens.why import WhyScreen

LEAST = 4.5
SIZES = [(80, 24), (120, 40)]
CASE = Case(
    age=64,
    sex="m",
    side="left",
    present=("pain-buttock", "fever"),
    absent=("saddle-numbness",),
    regions=("groin", "low-back"),
    movements=("put-on-socks",),
    areas=(("groin", "left"),),
)
# What a text console draws its 16 colours as; dim text is drawn in the eighth.
VGA = [
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
    (255, 255, 255),
]  # fmt: skip
CONSOLES = {"white on black": (VGA[7], VGA[0]), "black on white": (VGA[0], VGA[7])}

Rgb = tuple[int, int, int]


def luminance(colour: Rgb) -> float:
    """The relative luminance of WCAG 2."""
    red, green, blue = (
        value / 12.92 if (value := part / 255) <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def ratio(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of WCAG 2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def rgb(colour: Color | None, default: Rgb, of_256: bool) -> Rgb:
    """What a colour is drawn as, on a terminal that has millions or 256 of them."""
    if colour is None or colour.is_default:
        return default
    if colour.triplet is not None:
        return colour.downgrade(ColorSystem.EIGHT_BIT).get_truecolor() if of_256 else colour.triplet
    assert colour.number is not None
    assert colour.number < 16, colour
    return VGA[colour.number]


def painted(screen: Screen[object]) -> Iterator[tuple[int, Segment]]:
    """What stands on the screen, piece by piece, with its line."""
    for number, strip in enumerate(screen._compositor.render_strips()):
        for segment in strip:
            yield number, segment


def faint(screen: Screen[object], default: tuple[Rgb, Rgb]) -> Iterator[str]:
    """Every text on the screen whose contrast is too low."""
    for number, (text, style, _) in painted(screen):
        scrollbar = style is not None and any(name.startswith("@mouse") for name in style.meta)
        if scrollbar or not text.strip():
            continue
        for of_256 in (False, True):
            on, under = default
            if style is not None:
                on, under = rgb(style.color, on, of_256), rgb(style.bgcolor, under, of_256)
                if style.dim:
                    on = VGA[8]
                if style.reverse:
                    on, under = under, on
            if (found := ratio(on, under)) >= LEAST:
                continue
            yield f"{type(screen).__name__} line {number + 1}: {found:.1f} {text.strip()[:40]!r} {on} on {under}"


def opened(app: DecideApp, folder: Path) -> Iterator[Screen[object]]:
    """Every screen and small window over the desk, one after the other. Those that a later one is about stay below it."""
    yield PersonScreen()
    yield WhyScreen("sciatica")
    yield ReaderScreen("condition:sciatica")
    yield DislikesScreen("sciatica")
    yield CompareScreen(["sciatica", "piriformis-syndrome", "hip-osteoarthritis", "si-joint-dysfunction"])
    yield TrailScreen()
    yield WarningsScreen()
    yield AboutScreen()
    yield MethodScreen()
    yield KeysScreen(app.screen)
    yield LookScreen("bridge", "Bridge")
    yield PaletteScreen(app.screen)
    yield Confirm("New person? Everything said, chosen and marked is cleared.")
    yield StartedDialog("64-year-old man: 3 answers; today 10:49, 25 minutes ago.")
    yield Reading("Why", [plain("One."), plain("Two.", "dim")])
    yield Form("Clinic", [Field("a", "Name", "text"), Field("b", "Other", "", "A hint")], lambda _: None)
    yield SaveDialog({".txt": lambda: b""}, str(folder / "sheet.txt"))
    yield PrintDialog(lambda: (b"", "text"), "Plan", "")
    yield Which("Which one?", ["One", "Two"])
    yield ConditionDialog(app.db, "Compare with", [])
    letter = LetterScreen()
    yield letter
    yield LetterReadBack(letter)
    plan = PlanScreen(["hip-osteoarthritis"])
    yield plan
    yield SheetScreen(plan)
    yield PlanReadBack(plan)


async def states(pilot: Pilot[int]) -> AsyncIterator[None]:
    """The screen as it comes; where there is room, also with the focus on each part and the highlight moved."""
    screen = pilot.app.screen
    yield
    if pilot.app.size.width < SIZES[1][0]:
        return
    for part in list(screen.focus_chain):
        part.focus()
        pilot.app.simulate_key("down")
        if isinstance(part, Input):
            part.value = "sciatica"
            part.select_all()
        await pilot.pause()
        yield


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path) -> None:
    settings.save(tmp_path / "data", emergency_number="112")


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "queues", lambda: [printing.Queue("office", "idle", True)])


def subclasses(kind: type) -> set[type]:
    return {each for one in kind.__subclasses__() for each in (one, *subclasses(one))}


async def walk(app: DecideApp, size: tuple[int, int], folder: Path, *defaults: tuple[Rgb, Rgb]) -> set[str]:
    """Every faint text on every screen in every theme; `defaults` are the colours that the terminal itself may have."""
    found: set[str] = set()
    seen: set[type[Screen[object]]] = set()
    async with app.run_test(size=size) as pilot:

        async def look() -> None:
            seen.add(type(app.screen))
            # A change of theme costs a quarter of opening a screen again. The last theme of one look begins the next.
            for number in range(len(app.available_themes)):
                if number:
                    app.theme = next_theme(app.theme)
                    await pilot.pause()
                for default in defaults:
                    found.update(f"{app.theme}: {words}" for words in faint(app.screen, default))

        app.change(CASE)
        assert isinstance(app.screen, DeskScreen)
        app.screen.show()
        app.screen.say("A message.")
        await pilot.pause()
        async for _ in states(pilot):
            await look()
        for screen in opened(app, folder):
            app.push_screen(screen)
            await pilot.pause()
            async for _ in states(pilot):
                await look()
            if isinstance(screen, PersonScreen):
                await pilot.hover(offset=(8, 5))
                await look()
            if not isinstance(screen, LetterScreen | PlanScreen):
                app.pop_screen()
    every = {kind for kind in subclasses(Screen) if kind.__module__.startswith("screens.") and not kind.__subclasses__()}
    assert seen == every, seen ^ every
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_every_text_is_told_from_its_background_in_every_theme(
    db: Connection, tmp_path: Path, printer: None, size: tuple[int, int]
) -> None:
    app = DecideApp(db, tmp_path / "data", TODAY, form=False)
    assert set(app.available_themes) == set(THEMES)
    # Nothing is left to the terminal's own colours, whatever they are.
    assert not await walk(app, size, tmp_path, (VGA[0], VGA[0]))


@pytest.mark.parametrize("size", SIZES)
async def test_a_console_of_sixteen_colours_shows_every_text(
    db: Connection, tmp_path: Path, printer: None, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("TERM", "linux")
    settings.save(tmp_path / "data", theme="light")
    app = DecideApp(db, tmp_path / "data", TODAY, form=False)
    assert set(app.available_themes) == {TERMINAL}
    assert not await walk(app, size, tmp_path, *CONSOLES.values())


async def test_without_colour_the_highlight_is_still_told_apart(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = DecideApp(db, tmp_path / "data", TODAY, form=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pieces = [segment for _, segment in painted(app.screen) if segment.text.strip() and segment.style]
        coloured = [each.text for each in pieces if (each.style.color and not each.style.color.is_default)]
        assert coloured == []
        styles = {text.strip().split()[0]: style for text, style, _ in pieces if style}
        assert styles["Age"].reverse
        assert not styles["Sex"].reverse


@pytest.mark.parametrize(("content", "theme"), [("{}", "dark"), ('{"theme": "light"}', "light"), ("{", "dark")])
def test_the_theme_that_was_kept_is_the_one_it_starts_with(
    db: Connection, tmp_path: Path, content: str, theme: str
) -> None:
    (tmp_path / "settings.json").write_text(content)
    app = DecideApp(db, tmp_path, TODAY)
    assert app.theme == theme
    assert set(app.available_themes) == set(THEMES) == set(settings.CHOICES["theme"]) - {""}


def test_every_theme_on_offer_comes_round() -> None:
    names = themes_on_offer(plain=False)
    round_trip = [names[0]]
    while (name := next_theme(round_trip[-1])) != names[0]:
        round_trip.append(name)
    assert tuple(round_trip) == names == tuple(THEMES)
    assert themes_on_offer(plain=True) == ()
