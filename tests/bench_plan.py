"""What a plan costs, warm: choosing, checking, wording and setting it, and what opening its screen costs. Not part of the
normal run:

    pytest tests/bench_plan.py

Compare the rows of one run with each other: `interpreter` is a bare start of Python on the same machine.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from conftest import TODAY

from db.read import Connection
from decide.checker import check
from decide.plan import Request, build
from decide.sheet import Sheet, sheet
from decide.sheet_html import html
from decide.sheet_pdf import pdf
from decide.sheet_text import render

REQUEST = Request(conditions=("hip-osteoarthritis",), emergency_number="112", day=TODAY)


def worded(db: Connection) -> Sheet:
    plan = build(db, REQUEST)
    return sheet(plan, check(db, plan))


def test_interpreter(benchmark: Any) -> None:
    benchmark(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))


@pytest.mark.parametrize("output", ["words alone", "text", "html", "pdf"])
def test_a_plan(benchmark: Any, db: Connection, output: str) -> None:
    outputs = {"words alone": repr, "text": render, "html": html, "pdf": pdf}
    made = benchmark(lambda: outputs[output](worded(db)))
    assert made


def test_a_plan_in_process_time(benchmark: Any, db: Connection) -> None:
    """The processor time of this process alone, as the median of what the rounds took (extra_info, in milliseconds)."""
    pdf(worded(db))
    taken = []

    def once() -> None:
        before = time.process_time()
        pdf(worded(db))
        taken.append(time.process_time() - before)

    benchmark(once)
    benchmark.extra_info["process ms"] = round(1000 * sorted(taken)[len(taken) // 2], 1)
    print(f"\nprocess time, median: {benchmark.extra_info['process ms']} ms")


async def test_opening_the_plan_screen(benchmark: Any, app: Any) -> None:
    from screens.plan import PlanScreen

    async with app.run_test(size=(120, 40)) as pilot:
        taken = []
        for _ in range(10):
            before = time.perf_counter()
            app.push_screen(PlanScreen(["hip-osteoarthritis"]))
            await pilot.pause()
            taken.append(time.perf_counter() - before)
            app.pop_screen()
            await pilot.pause()
    benchmark.extra_info["ms"] = round(1000 * sorted(taken)[5], 1)
    benchmark(lambda: None)
    print(f"\nopening the plan screen, median: {benchmark.extra_info['ms']} ms")
