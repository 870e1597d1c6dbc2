"""How long one re-ranking takes as the knowledge grows. Not part of the normal run:

    pytest tests/bench_ranking.py

Knowledge is made up by adding conditions and links to a copy of the compiled content; the vocabulary stays. The case
has twelve findings. Compare the medians with each other, not with those of another machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import case, grown

from db import library
from decide.answer import Reasoner
from decide.case import Case

SIZES = {"as it is": (0, 0), "1,000 of 50,000": (1_000, 50_000), "10,000 of 500,000": (10_000, 500_000)}
FRAME = 0.016
TWELVE = {
    "present": "pain-low-back-midline pain-buttock below-knee-symptoms leg-tingling worse-walking worse-bend-forward "
    "worse-prolonged-sitting test-slr",
    "absent": "saddle-numbness fever worse-lumbar-extension hip-ir-limited",
}


@pytest.fixture(scope="session")
def reasoners(reasoner: Reasoner, knowledge_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reasoner]:
    """The reasoning over the knowledge as it is, and over two that are larger."""
    folder = tmp_path_factory.mktemp("grown")
    found = {"as it is": reasoner}
    for number, (name, (conditions, links)) in enumerate(SIZES.items()):
        if conditions:
            found[name] = Reasoner(library.connect(grown(knowledge_file, folder / f"{number}.sqlite", conditions, links)))
    return found


def _case(reasoner: Reasoner) -> Case:
    one = case(reasoner, TWELVE["present"], TWELVE["absent"], age=58, sex="f", duration="chronic", onset="gradual")
    assert len(one.present) + len(one.absent) == 12
    return one


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.benchmark(group="one re-ranking of a case of twelve findings")
def test_rank(reasoners: dict[str, Reasoner], benchmark: Any, size: str) -> None:
    reasoner = reasoners[size]
    one = _case(reasoner)
    ranker = reasoner.ranker(one)
    first = ranker.rank(one).candidates
    assert len(reasoner.conditions) == (SIZES[size][0] or len(reasoner.conditions))
    assert benchmark(lambda: ranker.rank(one).candidates) == first
    if benchmark.stats and size == "1,000 of 50,000":
        assert benchmark.stats.stats.median < FRAME


@pytest.mark.parametrize("size", list(SIZES)[:2])
@pytest.mark.benchmark(group="the whole answer: screening, ranking, next questions")
def test_answer(reasoners: dict[str, Reasoner], benchmark: Any, size: str) -> None:
    reasoner = reasoners[size]
    one = _case(reasoner)
    assert benchmark(reasoner.answer, one).ranking.candidates


@pytest.mark.parametrize("size", list(SIZES)[:2])
@pytest.mark.benchmark(group="why one condition stands where it stands")
def test_explain(reasoners: dict[str, Reasoner], benchmark: Any, size: str) -> None:
    reasoner = reasoners[size]
    one = _case(reasoner)
    assert benchmark(reasoner.explain, one, "sciatica").for_
