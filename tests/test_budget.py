"""How many keys the main jobs take, from the start of the program, with nothing but the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import TODAY, screen_text

from db.read import Connection
from decide import settings
from screens.app import DecideApp
from screens.compare import CompareScreen
from screens.plan import PlanScreen
from screens.read_back import ReadBackScreen
from screens.reader import WarningsScreen

SIZES = [(80, 24), (120, 40)]
TO_A_COMPARED_PAIR, TO_A_PLAN = 14, 22


@pytest.fixture
def started(db: Connection, tmp_path: Path) -> DecideApp:
    """The program as it starts in a clinic that has set its emergency number once."""
    settings.save(tmp_path / "data", emergency_number="112")
    return DecideApp(db, tmp_path / "data", TODAY)


@pytest.mark.parametrize("size", SIZES)
async def test_from_the_start_to_a_compared_pair(started: DecideApp, size: tuple[int, int]) -> None:
    keys = ["f2", *"gro", "enter", *"soc", "enter", *"car", "enter", "f2"]
    async with started.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert started.case.regions == ("groin",)
        assert "put-on-socks" in started.case.movements
        assert len(started.case.movements) == 2
        assert isinstance(started.screen, CompareScreen)
        assert len(started.screen.names) >= 2
    assert len(keys) <= TO_A_COMPARED_PAIR


@pytest.mark.parametrize("size", SIZES)
async def test_from_the_start_to_a_plan_that_is_ready_to_print(started: DecideApp, size: tuple[int, int]) -> None:
    keys = ["tab"]
    async with started.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("tab")
        for _ in started.answer.screening.questions:
            await pilot.press("n")
            keys.append("n")
        assert started.answer.screening.screened
        rest = ["f2", *"hip os", "f3"]
        await pilot.press(*({" ": "space"}.get(key, key) for key in rest))
        await pilot.pause()
        keys += rest
        plan = started.screen
        assert isinstance(plan, PlanScreen)
        assert plan.names == ("hip-osteoarthritis",)
        assert not plan.stopping
        assert "and prints." in screen_text(started)
        # Three more to the printer: read back, no to what is still asked, print.
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(started.screen, ReadBackScreen)
    assert len(keys) <= TO_A_PLAN


async def test_the_palette_takes_first_letters_and_enter(started: DecideApp) -> None:
    async with started.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2", "f9", "w", "a", "enter")
        await pilot.pause()
        assert isinstance(started.screen, WarningsScreen)
