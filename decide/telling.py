"""What an answer to a row of a comparison tells: for which of the compared conditions it speaks, and what to ask first.

The weights are those of the ranking, so that the words say what the answer will do there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db.read import Finding
from decide.case import Answer, Case, Facts
from decide.compare import Comparison, Row
from decide.next_question import WORTH, is_open
from decide.ranking import Ranker
from decide.weights import BROADER

LITTLE = "says little"


@dataclass(frozen=True)
class Direction:
    """What one answer does to the compared conditions, by their place (0 is the first): those that it brings up, and
    those that it brings down beside them. Nothing in either: it tells little."""

    up: tuple[int, ...] = ()
    down: tuple[int, ...] = ()


@dataclass(frozen=True)
class Telling:
    """What a yes and what a no to a row would tell."""

    yes: Direction = Direction()
    no: Direction = Direction()

    @property
    def little(self) -> bool:
        """Whether neither answer tells anything worth asking for."""
        return not (self.yes.up or self.yes.down or self.no.up or self.no.down)

    def of(self, answer: str) -> Direction:
        return self.yes if answer == "yes" else self.no if answer == "no" else Direction()


def telling(ranker: Ranker, row: Row, ids: Sequence[str]) -> Telling:
    """What the answers to a row tell of these conditions, by the weights of the ranking, before groups and clusters."""
    if row.finding:
        yes = [_yes(ranker, name, row.finding) for name in ids]
        no = [ranker.weight_of(name, row.finding, False) for name in ids]
    elif row.moves:
        linked = ranker.linked(f"movement:{row.id}").present
        yes = [linked[name].log if name in linked else 0 for name in ids]
        no = [0] * len(ids)
    else:
        return Telling()
    return Telling(_direction(yes), _direction(no))


def _yes(ranker: Ranker, condition: str, finding: str) -> int:
    """What the presence of a finding weighs for a condition; a statement about a broader finding weighs its part."""
    own = ranker.linked(finding).present.get(condition)
    log = ranker.weight_of(condition, finding, True)
    return log if own or log <= 0 else round(log * BROADER)


def _direction(logs: Sequence[int]) -> Direction:
    """Which conditions stand near the top and which near the bottom of what an answer weighs for them."""
    high, low = max(logs), min(logs)
    if high - low < WORTH:
        return Direction()
    third = (high - low) / 3
    up = tuple(place for place, log in enumerate(logs) if log >= high - third and log > 0)
    down = tuple(place for place, log in enumerate(logs) if log <= low + third)
    return Direction(up, down)


def direction_words(direction: Direction, names: Sequence[str]) -> str:
    """A direction in words: "for 1 Sciatica", "against 2 Piriformis", "says little". `names` are the conditions'."""
    if direction.up:
        return f"for {_joined(direction.up, names)}"
    if not direction.down:
        return LITTLE
    # Where nothing is brought up, an answer speaks for one of two by speaking against the other.
    if len(names) == 2:
        rest = [place for place in range(len(names)) if place not in direction.down]
        return f"rather {_joined(rest, names)}"
    return f"against {_joined(direction.down, names)}"


def _joined(places: Sequence[int], names: Sequence[str]) -> str:
    return ", ".join(names[place] for place in places)


def answer_of(row: Row, known: Facts) -> Answer | None:
    """What is known of a row: as it was answered, or as it follows from what was answered."""
    if row.finding:
        if row.finding in known.present:
            return "yes"
        return "no" if row.finding in known.absent else known.case.answer(row.finding)
    return "yes" if row.moves and row.id in known.case.movements else None


def answered(case: Case, row: Row, answer: Answer | None) -> Case:
    """The case with a row that asks answered so, or (None) not asked any more."""
    if row.moves:
        rest = tuple(name for name in case.movements if name != row.id)
        case = replace(case, movements=(*rest, row.id) if answer == "yes" else rest)
        if not row.finding:
            return case
        answer = None if answer == "yes" else answer
    return case.answered(row.finding, answer)


def first_open(
    found: Comparison, tellings: Mapping[str, Telling], known: Facts, findings: Mapping[str, Finding], training: str
) -> Row | None:
    """The row that separates most among those that can still be asked and whose answer tells something."""
    for row in found.telling:
        if row.finding and is_open(findings[row.finding], known, training) and not tellings[row.id].little:
            return row
    return None
