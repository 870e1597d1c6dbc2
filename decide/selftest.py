"""The self-test: bundled vignettes through the whole reasoning, and how often the reported answer stands where.

What it measures is recall of vignettes by one version of the knowledge. It is no measure of diagnostic accuracy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decide.answer import Answer, Reasoner
from decide.case import Case, Vocabulary, case_from
from decide.errors import InputError
from decide.screening import DISPOSITION
from decide.text import visible

BUNDLED = Path(__file__).parent / "vignettes.json"
ESCALATED = ("emergency", "urgent")


@dataclass(frozen=True)
class Vignette:
    """A case with the answer that was reported. `clear` is one that states enough and is not of the hardest kind."""

    id: str
    case: Case
    expected: str
    acceptable: tuple[str, ...]
    dispositions: tuple[str, ...]
    red_flag: bool
    benign: bool
    clear: bool


@dataclass(frozen=True)
class Outcome:
    """What came of a vignette. `place` is the first acceptable condition's among what is shown, None when not shown."""

    vignette: Vignette
    place: int | None
    rank: int | None
    listed: int
    disposition: str
    reason: str

    @property
    def right_disposition(self) -> bool:
        return self.disposition in self.vignette.dispositions

    @property
    def escalated(self) -> bool:
        """Whether a case that needs no escalation was escalated."""
        return self.disposition in ESCALATED and not set(ESCALATED) & set(self.vignette.dispositions)


@dataclass(frozen=True)
class Result:
    """The outcomes of all vignettes and their summary."""

    outcomes: tuple[Outcome, ...]

    def of(self, clear: bool = False) -> list[Outcome]:
        return [one for one in self.outcomes if one.vignette.clear or not clear]

    def recall(self, places: int, clear: bool = False) -> int:
        """How many have an acceptable condition among the first `places` shown."""
        return sum(one.place is not None and one.place <= places for one in self.of(clear))

    def reciprocal_rank(self, clear: bool = False) -> float:
        """The mean of 1/place over the whole ranking; 0 for what is not in it."""
        chosen = self.of(clear)
        return sum(1 / one.rank for one in chosen if one.rank) / len(chosen) if chosen else 0.0

    @property
    def listed(self) -> float:
        """How many candidates are shown, on average."""
        return sum(one.listed for one in self.outcomes) / len(self.outcomes) if self.outcomes else 0.0

    def flagged(self) -> tuple[int, int]:
        """Red-flag cases that got a right disposition, of how many."""
        cases = [one for one in self.outcomes if one.vignette.red_flag]
        return sum(one.right_disposition for one in cases), len(cases)

    def spared(self, benign: bool) -> tuple[int, int]:
        """Benign look-alikes (or the other routine cases) that were not escalated, of how many."""
        cases = [one for one in self.outcomes if not one.vignette.red_flag and one.vignette.benign == benign]
        return sum(not one.escalated for one in cases), len(cases)

    @property
    def missed(self) -> list[Outcome]:
        """What is not shown first, or has another disposition than the vignette accepts."""
        return [one for one in self.outcomes if one.place != 1 or not one.right_disposition]


def vignettes(data: object, vocabulary: Vocabulary, conditions: Mapping[str, Any], where: str) -> list[Vignette]:
    """Vignettes from decoded JSON in the form of the bundled ones. Raises InputError with one line."""
    if not isinstance(data, list) or not data:
        raise InputError(f"{where} must be a list of cases, like the bundled ones; see: decide selftest --json")
    found = []
    for number, entry in enumerate(data, 1):
        if not isinstance(entry, dict):
            raise InputError(f"{where}, case {number}: it must be an object")
        name = visible(str(entry.get("id", number)))[:40]
        try:
            case = case_from(entry, vocabulary)
        except InputError as error:
            raise InputError(f"{where}, case {name}: {error}") from None
        expected = entry.get("expected")
        lists: dict[str, tuple[str, ...]] = {}
        for key in ("acceptable", "disposition_accept"):
            value = entry.get(key) or ([expected] if key == "acceptable" else [entry.get("disposition")])
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise InputError(f"{where}, case {name}: '{key}' must be a list of texts")
            lists[key] = tuple(value)
        for condition in (expected, *lists["acceptable"]):
            if not isinstance(condition, str) or condition not in conditions:
                raise InputError(
                    f"{where}, case {name}: unknown condition '{visible(str(condition))[:60]}'; see: decide list conditions"
                )
        for disposition in lists["disposition_accept"]:
            if disposition not in DISPOSITION:
                raise InputError(
                    f"{where}, case {name}: unknown disposition '{visible(disposition)[:60]}'; "
                    f"it must be one of {', '.join(DISPOSITION)}"
                )
        clear = entry.get("difficulty") in (1, 2) and entry.get("information") == "adequate"
        flags = bool(entry.get("red_flag")), bool(entry.get("benign_lookalike"))
        found.append(Vignette(name, case, str(expected), lists["acceptable"], lists["disposition_accept"], *flags, clear))
    return found


def bundled(reasoner: Reasoner) -> list[Vignette]:
    """The vignettes that come with the program."""
    data = json.loads(BUNDLED.read_text(encoding="utf-8"))
    return vignettes(data, reasoner.vocabulary, reasoner.conditions, BUNDLED.name)


def run(reasoner: Reasoner, cases: Sequence[Vignette]) -> Result:
    """Answer every vignette and note where the reported condition stands."""
    return Result(tuple(_outcome(reasoner, vignette) for vignette in cases))


def _place(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return min((names.index(name) + 1 for name in wanted if name in names), default=None)


def _outcome(reasoner: Reasoner, vignette: Vignette) -> Outcome:
    answer = reasoner.answer(vignette.case, questions=False)
    shown = [one.condition.id for one in answer.ranking.listed] if answer.ranking.matched else []
    ranked = [one.condition.id for one in answer.ranking.candidates] if answer.ranking.matched else []
    place, rank = _place(shown, vignette.acceptable), _place(ranked, vignette.acceptable)
    wrong = place != 1 or answer.disposition not in vignette.dispositions
    reason = _reason(reasoner, vignette, answer, place, rank) if wrong else ""
    return Outcome(vignette, place, rank, len(shown), answer.disposition, reason)


def _reason(reasoner: Reasoner, vignette: Vignette, answer: Answer, place: int | None, rank: int | None) -> str:
    """Why a vignette was missed: what is stated, how much of it the reported condition accounts for, who is ahead."""
    texts = []
    if place != 1:
        explanation = reasoner.explain(vignette.case, vignette.expected)
        stated = len(answer.ranking.known.stated)
        own = len({reason.finding for reason in explanation.for_ if reason.finding in reasoner.findings})
        ahead = answer.ranking.listed[0].condition if answer.ranking.matched else None
        where = f"place {rank}" if rank else "not found"
        label = reasoner.label(vignette.expected)
        texts.append(f"{where}: {own} of {stated} findings stated speak for {label}")
        if ahead and ahead.id != vignette.expected:
            other = reasoner.explain(vignette.case, ahead.id)
            count = len({reason.finding for reason in other.for_ if reason.finding in reasoner.findings})
            texts.append(f"{count} for {ahead.label}, which leads")
    if answer.disposition not in vignette.dispositions:
        rules = ", ".join(trip.rule.id for trip in answer.screening.escalating)
        by = f"by {rules}" if rules else "by the condition that leads; no warning rule holds"
        texts.append(f"disposition {answer.disposition} ({by}), accepted: {' or '.join(vignette.dispositions)}")
    return "; ".join(texts)
