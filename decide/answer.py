"""One case answered: screening, disposition, ranking, next questions, put together once for commands and screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from db import read
from db.read import Connection
from db.terms import parse_term
from decide import screening as screening_
from decide.case import Case, Vocabulary
from decide.next_question import Question, next_questions
from decide.ranking import DEFAULT_SETTING, Explanation, Ranker, Ranking, Reason
from decide.screening import Screen, Screening
from decide.words import field_words

YOUNG = (
    "Under 18: this knowledge is about adults and ranks nothing for the young. Exclude first a slipped growth plate of the "
    "hip (limp, groin, thigh or knee pain, a hip that turns out on bending: off the leg and X-ray today) and infection of "
    "the hip or spine (fever, unwell, will not move or bear weight: hospital now). Then refer to someone who treats the "
    "young."
)


class Answer(NamedTuple):
    """What the program says of a case. `within` is now, same-day, days, two-weeks or None."""

    case: Case
    screening: Screening
    ranking: Ranking
    disposition: str
    within: str | None
    must_exclude: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def notice(self) -> str:
        """What to say before anything else to those for whom the knowledge is not made."""
        return YOUNG if self.case.minor else ""

    @property
    def shown(self) -> Answer:
        """The answer as screens and interview show it: for the young nothing is ranked, the warning rules stand alone."""
        if not self.case.minor:
            return self
        return self._replace(ranking=self.ranking.without_candidates(), questions=())


class Reasoner:
    """The knowledge base ready to answer cases: make it once, ask it as often as wanted. It reads what is asked for."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.about = read.about(db)
        self.vocabulary = Vocabulary(db)
        self.screen = Screen(db)
        self._rankers: dict[str, Ranker] = {}
        self._linked: dict[str, dict[str, tuple[str, ...]]] = {}

    @property
    def findings(self) -> Mapping[str, read.Finding]:
        """The vocabulary of findings, by id."""
        return self.vocabulary.findings

    @property
    def conditions(self) -> Mapping[str, read.Condition]:
        """The conditions, by id."""
        return self.vocabulary.conditions

    def ranker(self, case: Case) -> Ranker:
        """The ranker for the setting of a case."""
        setting = case.setting or DEFAULT_SETTING
        if setting not in self._rankers:
            self._rankers[setting] = Ranker(self.db, self.vocabulary, setting)
        return self._rankers[setting]

    def answer(self, case: Case, training: str = "clinician", questions: bool = True) -> Answer:
        """Everything the program says of a case. `questions` False leaves the next questions out (they cost most)."""
        ranker = self.ranker(case)
        ranking = ranker.rank(case)
        screening = self.screen.of(ranking.known)
        # The knowledge is about adults: for the young no candidate decides anything, only the rules do.
        leads = ranking.matched and not case.minor
        leading = [(one.condition.id, one.condition.urgency) for one in (ranking.leading[:1] if leads else ())]
        must_exclude = screening_.pinned(screening, leading)
        disposition, within = screening_.disposition(screening, ranking.first_urgency if leads else None, must_exclude)
        asked = next_questions(ranker, self.screen, ranking, screening, training) if questions and ranking.matched else ()
        return Answer(case, screening, ranking, disposition, within, must_exclude, asked)

    def answer_beside(self, case: Case, answers: Iterable[tuple[str, bool]]) -> Answer:
        """The answer for the case of a plan with what was answered beside it, findings with yes (True) or no.

        Where there is no case the answers are no complaint that could be ranked: the warning rules alone decide.
        """
        answer = self.answer(case.with_answers(answers), questions=False)
        if not case.empty:
            return answer
        must_exclude = screening_.pinned(answer.screening, ())
        disposition, within = screening_.disposition(answer.screening, None, must_exclude)
        ranking = answer.ranking.without_candidates()
        return answer._replace(ranking=ranking, disposition=disposition, within=within, must_exclude=must_exclude)

    def explain(self, case: Case, condition: str) -> Explanation:
        """Why a condition stands where it stands, listed or not. Raises KeyError for an unknown id."""
        return self.ranker(case).explain(case, condition)

    def label(self, condition: str) -> str:
        return self.conditions[condition].label

    def words(self, name: str) -> str:
        """A finding, a field like age>=60 or a cluster in words."""
        if finding := self.findings.get(name):
            return finding.label
        kind, _, rest = name.partition(":")
        if kind == "movement":
            return f"brought on by {self.vocabulary.movements[rest].label.lower()}"
        if kind == "region":
            return f"felt in: {self.vocabulary.regions[rest].label.lower()}"
        if kind == "cluster":
            return f"cluster {rest.replace('-', ' ')}"
        return field_words(parse_term(name))

    def damped_groups(self) -> dict[str, tuple[str, str]]:
        """The groups whose findings say less beside another complaint: group -> (that finding, the source)."""
        return read.common_with(self.db)

    def group_label(self, group: str) -> str:
        return read.finding_group_label(self.db, group)

    @cached_property
    def _ratio_sources(self) -> dict[str, str]:
        return {row.row: row.citation.id for row in read.ratios(self.db)}

    @cached_property
    def _profile_sources(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {(row.condition, row.field): tuple(c.id for c in row.citations) for row in read.profiles(self.db)}

    def _link_sources(self, condition: str) -> dict[str, tuple[str, ...]]:
        if condition not in self._linked:
            found: dict[str, list[str]] = {}
            for link in read.finding_links(self.db, [condition]):
                found.setdefault(link.id, []).append(link.citation.id)
            self._linked[condition] = {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}
        return self._linked[condition]

    def sources(self, condition: str, reason: Reason) -> tuple[str, ...]:
        """The sources behind a reason, as content writes them; "editorial" where the weight is ours alone."""
        weight = reason.weight
        if weight.row:
            return (self._ratio_sources[weight.row],)
        if weight.basis == "profile":
            return self._profile_sources[condition, reason.finding]
        return self._link_sources(condition).get(reason.through or reason.finding, ("editorial",))
