"""What a plan costs, warm: choosing, checking, wording and setting it, and what opening its screen costs. Not part of the
normal run:

    pytest tests/bench_plan.py

Compare the rows of one run with each other: `interpreter` is a bare start of Python on the same machine.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conftest import TODAY

from db import read
from db.read import Connection
from decide.checker import check
from decide.plan import Request, build
from decide.sheet import Sheet, sheet
from decide.sheet_html import html
from decide.sheet_pdf import pdf
from decide.sheet_text import render

REQUEST = Request(conditions=("hip-osteoarthritis",), emergency_number="112", day=TODAY)


def worded(db: Connection, name: str = "hip-osteoarthritis") -> Sheet:
    plan = build(db, replace(REQUEST, conditions=(name,)))
    return sheet(plan, check(db, plan))


def test_interpreter(benchmark: Any) -> None:
    benchmark(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))


@pytest.mark.parametrize("output", ["words alone", "text", "html", "pdf"])
def test_a_plan(benchmark: Any, db: Connection, output: str) -> None:
    outputs: dict[str, Callable[[Sheet], object]] = {
        "words alone": lambda made: made,
        "text": render,
        "html": html,
        "pdf": pdf,
    }
    made = benchmark(lambda: outputs[output](worded(db)))
    assert made


def test_a_new_plan_in_processor_time(benchmark: Any, db: Connection) -> None:
    """The processor time of this process alone for plans that were not set before: typst remembers those that were."""
    names = [condition.id for condition in read.conditions(db) if not condition.grave]
    pdf(worded(db, names[0]))
    taken = []
    for name in names[1:]:
        before = time.process_time()
        pdf(worded(db, name))
        taken.append(time.process_time() - before)
    benchmark.extra_info["median ms"] = round(1000 * sorted(taken)[len(taken) // 2], 1)
    benchmark(lambda: None)
    print(f"\nprocessor time of a new plan as PDF: median {benchmark.extra_info['median ms']} ms")


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
