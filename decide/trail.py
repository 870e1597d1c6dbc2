"""The trail of a case: what each step told, and what it did to the candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from decide.answer import Reasoner
from decide.case import Case
from decide.next_question import change

# How the lists of a case are said, and which of the vocabulary's kinds they hold.
LISTS = {"present": "yes", "absent": "no", "not_able": "not able", "movements": "yes", "regions": "hurts"}


@dataclass(frozen=True)
class Step:
    """What was told, in words, and what it changed ("" where nothing is ranked yet)."""

    words: str
    effect: str


def trail(reasoner: Reasoner, cases: Sequence[Case]) -> tuple[Step, ...]:
    """The steps between these cases, which follow each other in time."""
    steps = []
    answers = [reasoner.answer(case, questions=False) for case in cases]
    for old, new in pairwise(answers):
        words = told(reasoner, old.case, new.case)
        effect = "" if new.notice or not new.ranking.matched else change(old.ranking, new.ranking, "").rstrip(": ")
        steps.append(Step(words, effect))
    return tuple(steps)


def told(reasoner: Reasoner, before: Case, after: Case) -> str:
    """What differs between two cases, in words: "Putting on socks: yes; age 44"."""
    parts: list[str] = []
    for field in fields(Case):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        if field.name in LISTS:
            said = LISTS[field.name]
            parts += [f"{_label(reasoner, field.name, name)}: {said}" for name in new if name not in old]
            gone = [name for name in old if name not in new and after.answer(name) is None]
            parts += [f"{_label(reasoner, field.name, name)}: taken back" for name in gone]
        elif field.name == "areas":
            parts += [f"{_label(reasoner, 'regions', name)}: {side}" for name, side in new if (name, side) not in old]
        else:
            parts.append(f"{field.name} {'taken back' if new is None else new}")
    return "; ".join(dict.fromkeys(parts)) or "no change"


def _label(reasoner: Reasoner, kind: str, name: str) -> str:
    label: str = reasoner.vocabulary.kinds[kind][name].lay_label
    return label
