"""What is on record of one case: the words and facts of an answer that go on paper beside a plan or in a letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from decide.answer import Answer, Reasoner
from decide.case import POSSIBLY_PREGNANT
from decide.chart import places
from decide.report import headline, screened_words
from decide.screening import SOON, Asked
from decide.words import person

BANDS = {"fits-well": "fits well", "fits-partly": "fits partly", "keep-in-mind": "keep in mind"}
ANSWERS = {"yes": "yes", "no": "no", "not able": "not able to ask or test", None: "not asked"}
NOTHING = "nothing recorded"
# What exercises are barred by. A pregnancy that is only possible bars them as well.
PREGNANT = "pregnancy-or-postpartum"


@dataclass(frozen=True)
class Considered:
    """A candidate as it stands on the practitioner's copy."""

    label: str
    icd10cm: str
    band: str


@dataclass(frozen=True)
class AskedSign:
    """A question of the safety screen and what was answered; `found` are the findings stated that answer it with yes."""

    question: str
    answer: str
    found: tuple[str, ...] = ()

    @property
    def yes(self) -> bool:
        return self.answer == ANSWERS["yes"]


@dataclass(frozen=True)
class Record:
    """One answered case in words, with the ids that a plan is checked against.

    `present` and `absent` are findings with all that follows from them; `suspected` are
    the ids of what must be excluded. `regions` are where it hurts, as (region, side): the side is left or right, or
    empty on the midline and where it was not told. `note` is four to six lines for the record, dated.
    """

    person: str
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

    @property
    def otherwise(self) -> tuple[str, ...]:
        """What is considered beside all that must be excluded."""
        return tuple(one.label for one in self.considered if one.label not in self.must_exclude)


def record(reasoner: Reasoner, answer: Answer, day: date) -> Record:
    """The record of an answered case, its note dated `day`."""
    case, known = answer.case, answer.ranking.known
    present = finding_words(reasoner, (*known.stated, *known.plain))
    absent = finding_words(reasoner, case.absent)
    must_exclude = tuple(map(reasoner.label, answer.must_exclude))
    flags = tuple(trip.rule.label for trip in answer.screening.escalating)
    leading = () if answer.notice or not answer.ranking.matched else answer.ranking.leading
    considered = tuple(
        Considered(one.condition.label, one.condition.icd10cm, BANDS.get(one.band, one.band)) for one in leading
    )
    soon = f", {SOON[answer.within]}" if answer.within else ""
    note = [
        f"{day.isoformat()} {person(case)}. Present: {listed(present)}. Absent: {listed(absent)}.",
        f"{screened_words(answer.screening)} Warning signs: {'; '.join(flags) or 'none tripped (not the same as safe)'}.",
        f"Disposition: {answer.disposition}{soon}.",
    ]
    if must_exclude:
        note.append(f"To exclude: {'; '.join(must_exclude)}.")
    if considered:
        names = "; ".join(one.label for one in considered)
        note.append(f"Considered: {names} ({answer.ranking.answered} of {answer.ranking.of} telling findings answered).")
    note.append(f"Safety net given: yes / no. Decision support, knowledge {reasoner.about.version}.")
    return Record(
        person=person(case),
        disposition=answer.disposition,
        headline=headline(answer),
        screened=screened_words(answer.screening),
        fully_screened=answer.screening.screened,
        minor=case.minor,
        side=case.side or "",
        movements=tuple(case.movements),
        regions=places(reasoner.db, case),
        present=frozenset(known.present) | ({PREGNANT} if POSSIBLY_PREGNANT in known.present else frozenset()),
        absent=frozenset(known.absent),
        present_words=present,
        absent_words=absent,
        not_able_words=finding_words(reasoner, case.not_able),
        asked=tuple(_asked(reasoner, answer, row) for row in answer.screening.questions),
        flags=flags,
        suspected=tuple(answer.must_exclude),
        must_exclude=must_exclude,
        considered=considered,
        note=tuple(note),
    )


def listed(words: Iterable[str]) -> str:
    """Findings in one line."""
    return "; ".join(words) or NOTHING


def finding_words(reasoner: Reasoner, names: Iterable[str]) -> tuple[str, ...]:
    """Findings in words, in the order of the vocabulary."""
    order = {name: place for place, name in enumerate(reasoner.findings)}
    return tuple(map(reasoner.words, sorted(names, key=lambda name: order.get(name, len(order)))))


def _asked(reasoner: Reasoner, answer: Answer, row: Asked) -> AskedSign:
    known = answer.ranking.known
    # What nothing narrower says already; a broader one only follows from it.
    found = [name for name in row.question.findings if name in known.stated]
    return AskedSign(row.question.text, ANSWERS[row.answer], finding_words(reasoner, found))
