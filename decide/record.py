"""What is on record of one case: the words and facts of an answer that go on paper beside a plan or in a letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decide.answer import Answer, Reasoner
from decide.chart import places
from decide.report import headline, screened_words

BANDS = {"fits-well": "fits well", "fits-partly": "fits partly", "keep-in-mind": "keep in mind"}


@dataclass(frozen=True)
class Considered:
    """A candidate as it stands on the practitioner's copy."""

    label: str
    icd10cm: str
    band: str


@dataclass(frozen=True)
class AskedSign:
    """A question of the safety screen and what was answered: yes, no, not able, or not asked."""

    question: str
    answer: str


@dataclass(frozen=True)
class Record:
    """One answered case in words, with the ids that a plan is checked against.

    `present` and `absent` are findings with all that follows from them; `suspected` are
    the ids of what must be excluded. `regions` are where it hurts, as (region, side): the side is left or right, or
    empty on the midline and where it was not told.
    """

    disposition: str
    headline: str
    screened: str
    fully_screened: bool
    minor: bool
    side: str
    movements: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]
    present: frozenset[str]
    absent: frozenset[str]
    present_words: tuple[str, ...]
    absent_words: tuple[str, ...]
    not_able_words: tuple[str, ...]
    asked: tuple[AskedSign, ...]
    flags: tuple[str, ...]
    suspected: tuple[str, ...]
    must_exclude: tuple[str, ...]
    considered: tuple[Considered, ...]
    note: tuple[str, ...]


def record(reasoner: Reasoner, answer: Answer, note: str) -> Record:
    """The record of an answered case; `note` is the note for the record, a line each."""
    order = {name: place for place, name in enumerate(reasoner.findings)}

    def words(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(reasoner.words, sorted(names, key=lambda name: order.get(name, 0))))

    case, known = answer.case, answer.ranking.known
    leading = () if answer.notice or not answer.ranking.matched else answer.ranking.leading
    return Record(
        disposition=answer.disposition,
        headline=headline(answer),
        screened=screened_words(answer.screening),
        fully_screened=answer.screening.screened,
        minor=case.minor,
        side=case.side or "",
        movements=tuple(case.movements),
        regions=places(reasoner.db, case),
        present=frozenset(known.present),
        absent=frozenset(known.absent),
        present_words=words(known.stated),
        absent_words=words(case.absent),
        not_able_words=words(case.not_able),
        asked=tuple(AskedSign(row.question.text, row.answer or "not asked") for row in answer.screening.questions),
        flags=tuple(trip.rule.label for trip in answer.screening.escalating),
        suspected=tuple(answer.must_exclude),
        must_exclude=tuple(map(reasoner.label, answer.must_exclude)),
        considered=tuple(
            Considered(one.condition.label, one.condition.icd10cm, BANDS.get(one.band, one.band)) for one in leading
        ),
        note=tuple(note.splitlines()),
    )
