"""Ranking in the open: prior odds times one weight for each thing answered, every weight with its source.

Of the findings of one group only the strongest counts. A cluster replaces its members, a syndrome finding its
components. What is denied never lowers an emergency or urgent condition. What is not known changes nothing. The score
of a condition depends on the case and on that condition alone.

`Ranker` reads of the knowledge what the case at hand asks for, from findings to conditions, and keeps it: ranking touches
what matches and no more, and nothing is read for a case of which nothing was said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from db import read
from db.read import Accuracy, Condition, Connection, Prior, PriorClass
from db.terms import Line, Term, parse_line, parse_term
from decide import weights
from decide.case import Case, Facts, Vocabulary, facts
from decide.weights import log_of, odds_of

Basis = Literal["study", "study, damped", "statement", "site", "related", "atypical", "profile", "cluster", "denied"]
DEFAULT_SETTING = "primary-care"
BANDS = ("fits-well", "fits-partly", "keep-in-mind")
RISKS = ("risk", "history")
PLAIN = ("movement:", "region:")
LEADING = 3


class Weight(NamedTuple):
    """What one answer does to the odds of one condition. `ratio` is the factor as its source or its class gives it;
    `log` is what is counted (millionths, after damping). A ratio of people of one age holds `only` for them."""

    ratio: float
    log: int
    basis: Basis
    strength: str = ""
    row: str = ""
    only: Term | None = None
    otherwise: Weight | None = None

    def for_case(self, known: Facts) -> Weight | None:
        """The weight for this case: where a study saw other people, what a statement weighs instead."""
        if self.only is not None and known.holds(self.only) is False:
            return self.otherwise
        return self

    @property
    def counted(self) -> float:
        """The factor that counts: the ratio, or what damping leaves of it."""
        return self.ratio if self.log == log_of(self.ratio) else odds_of(self.log)


class Reason(NamedTuple):
    """A weight in its place: what is behind it, and whether it counts.

    `finding` is a finding's id, a field that holds (age>=60) or does not (not:age>=60), a plain movement or region
    (movement:ID), or a cluster (cluster:NAME).

    `through` is the finding whose link was used, where that is a broader one or another of the same group.
    """

    finding: str
    weight: Weight
    counts: bool = True
    through: str = ""


class Candidate(NamedTuple):
    """A condition with its score: the odds, as log in millionths, its band, and how many things said speak for it."""

    condition: Condition
    log: int
    band: str
    support: int

    @property
    def score(self) -> float:
        return odds_of(self.log)


class Explanation(NamedTuple):
    """Why a condition stands where it stands: what speaks for it, against it, what is missing, what is atypical."""

    condition: Condition
    log: int
    prior: Prior | None
    prior_odds: float
    for_: tuple[Reason, ...]
    against: tuple[Reason, ...]
    missing: tuple[Reason, ...]
    atypical: tuple[Reason, ...]

    @property
    def score(self) -> float:
        return odds_of(self.log)


class Ranking:
    """The candidates that match a case, best first: reckoned by the ranker when they are first asked for. Without a ranker
    there are none."""

    def __init__(self, ranker: Ranker | None, case: Case, known: Facts) -> None:
        self._ranker = ranker
        self.case = case
        self.known = known

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        return self._ranker.candidates(self.known) if self._ranker else ()

    @property
    def matched(self) -> bool:
        """Whether anything that is present speaks of any condition; without it there is no ranking to speak of."""
        said = self.known.stated or self.known.plain
        return bool(said) and any(one.support for one in self.candidates)

    @cached_property
    def _telling(self) -> list[bool]:
        """For each group of findings that the leading candidates hang on, whether any of it is known."""
        return self._ranker.asked(self) if self._ranker else []

    @property
    def answered(self) -> int:
        """Of how many groups of findings that the leading candidates hang on something is known."""
        return sum(self._telling)

    @property
    def of(self) -> int:
        """How many groups of findings the leading candidates hang on."""
        return len(self._telling)

    def without_candidates(self) -> Ranking:
        return Ranking(None, self.case, self.known)

    @property
    def listed(self) -> tuple[Candidate, ...]:
        """What is shown first: at most five that fit well or partly, at least one."""
        fitting = [one for one in self.candidates if one.band != "keep-in-mind"]
        return tuple(fitting[: weights.LISTED] or self.candidates[:1])

    @property
    def leading(self) -> tuple[Candidate, ...]:
        """The listed diagnoses that lead: three at most. Impairments explain and coexist; they do not lead."""
        return tuple(one for one in self.listed if one.condition.kind == "condition")[:LEADING]

    @property
    def first_urgency(self) -> str | None:
        """The urgency class of the diagnosis that leads, where it fits well.

        An emergency or urgent one counts only where it leads clearly: by itself, with no warning sign, a hair's breadth
        before an ordinary diagnosis is no reason to send anyone.
        """
        fitting = [
            one for one in self.candidates if one.condition.kind == "condition" and one.band == BANDS[0] and one.support
        ]
        if not fitting:
            return None
        ordinary = next((one for one in fitting if not one.condition.grave), None)
        if ordinary and fitting[0].log - ordinary.log < _CLEARLY:
            return ordinary.condition.urgency
        return fitting[0].condition.urgency


class _Cluster(NamedTuple):
    """At least `need` of the lines hold, and `also` holds: met. Too many of them fail: not met. Else it says nothing."""

    name: str
    need: int
    lines: tuple[Line, ...]
    also: tuple[Line, ...]
    members: frozenset[str]
    grade: int
    met: Weight | None
    unmet: Weight | None

    def weight(self, known: Facts) -> Weight | None:
        values = [known.meets(line) for line in self.lines]
        others = [known.meets(line) for line in self.also]
        if sum(value is True for value in values) >= self.need and all(others):
            return self.met
        if sum(value is not False for value in values) < self.need:
            return self.unmet
        return None


class _Logs(NamedTuple):
    """The links of one finding as logs by condition: in full, as a broader finding, which tell enough for another of the
    group, and those that hold only for some people."""

    whole: Mapping[str, int]
    broader: Mapping[str, int]
    telling: tuple[str, ...]
    conditional: Mapping[str, Weight]


class _Links(NamedTuple):
    """The links of a finding, by condition, or of a condition, by finding: what each weighs when the finding is present,
    and what an explicit "no" weighs."""

    present: dict[str, Weight]
    denied: dict[str, Weight]


class _Entry(NamedTuple):
    """What the ranker holds of one condition. `fields` are (case field, term, weight when it holds, when it does not)."""

    condition: Condition
    base: int
    fields: list[tuple[str, str, Weight | None, Weight | None]]
    clusters: list[_Cluster]


def _study(text: str | None, ratio: Accuracy, basis: Basis = "study") -> Weight | None:
    """The weight of one side of a ratio row; None where it has no finite figure above 0."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    if not 0 < value < float("inf"):
        return None
    damped = ratio.use == "caution"
    log = log_of(value, weights.DAMPING if damped else 1.0)
    only = parse_term(ratio.only) if ratio.only else None
    return Weight(value, log, "study, damped" if damped and basis == "study" else basis, row=ratio.row, only=only)


GRADES = ("preferred", "alternative", "caution")
_COUNT = re.compile(r"([<>]=)(\d+)\b")


def _cluster(ratio: Accuracy) -> _Cluster | None:
    """A cluster row as a rule; None for one that a case cannot decide (a regression model)."""
    members = [member.replace("field:", "") for member in ratio.members.split("; ") if member]
    names = frozenset(str(name).removeprefix("not:") for member in members for name in member.split("/"))
    rule, also = ratio.rule, ""
    if " and " in rule and not rule.startswith("tree:"):
        rule, also = rule.split(" and ", 1)
    try:
        extra = (parse_line(also),) if also else ()
        lines = tuple(parse_line(member) for member in members if member != also)
        count = _COUNT.match(rule)
        if rule.startswith("tree:"):
            branches = rule.removeprefix("tree:").split(" or ")
            parsed = tuple(tuple(parse_term(term.strip(" ()")) for term in each.split(" and ")) for each in branches)
            need, lines = 1, (Line(1, parsed),)
        elif count:
            need = int(count.group(2)) + (count.group(1) == "<=")
        elif rule.startswith(("any", "all negative")):
            need = 1
        elif rule.startswith("all"):
            need = len(lines)
        else:
            return None
    except ValueError:
        return None
    met = _study(ratio.lr_pos, ratio, "cluster") if ratio.side in ("both", "pos") else None
    unmet = _study(ratio.lr_neg, ratio, "cluster") if ratio.side in ("both", "neg") else None
    return _Cluster(ratio.name, need, lines, extra, names, GRADES.index(ratio.use), met, unmet)


class Ranker:
    """The knowledge as the ranking needs it, read as far as cases ask for it. Call `rank` and `explain` as often as
    wanted."""

    def __init__(self, db: Connection, vocabulary: Vocabulary, setting: str = DEFAULT_SETTING) -> None:
        self.db = db
        self.vocabulary = vocabulary
        self.setting = setting
        # The links read so far: of findings (movements and regions that none stands for among them), and of conditions.
        self._of_finding: dict[str, _Links] = {}
        self._of_condition: dict[str, _Links] = {}
        self._logs_of: dict[str, _Logs] = {}

    @property
    def findings(self) -> Mapping[str, read.Finding]:
        return self.vocabulary.findings

    @cached_property
    def mates(self) -> Mapping[str, Sequence[str]]:
        """The findings of each correlation group."""
        found: dict[str, list[str]] = {}
        for finding in self.findings.values():
            if finding.finding_group:
                found.setdefault(finding.finding_group, []).append(finding.id)
        return found

    @cached_property
    def common_with(self) -> Mapping[str, str]:
        """The groups whose signs are common beside a complaint, with that complaint."""
        return {group: finding for group, (finding, _) in read.common_with(self.db).items()}

    @cached_property
    def entries(self) -> Mapping[str, _Entry]:
        """What the ranker holds of each condition."""
        return _entries(self.db, self.vocabulary.conditions, self.setting)

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """The terms about case fields that any condition has, each once."""
        texts = {text for entry in self.entries.values() for _, text, _, _ in entry.fields}
        return {text: parse_term(text) for text in sorted(texts)}

    def linked(self, finding: str) -> _Links:
        """What a finding, or a movement or region that no finding stands for, says of conditions."""
        self._read_findings([finding])
        return self._of_finding[finding]

    def _read_findings(self, names: Iterable[str]) -> None:
        """Read the links of these findings, in one go, where that was not done before."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._of_finding]
        if wanted:
            self._of_finding |= _links_of_findings(self, wanted)

    def _of(self, condition: str) -> _Links:
        """What findings say of a condition, in the order of the vocabulary."""
        if condition not in self._of_condition:
            self._of_condition[condition] = _links_of_condition(self, condition)
        return self._of_condition[condition]

    def group(self, name: str) -> str:
        """The correlation group of a finding; a finding without one stands alone."""
        finding = self.findings.get(name)
        return finding.finding_group or name if finding else name

    # --- ranking -----------------------------------------------------------------------------------------------------

    def _chain(self, name: str) -> list[str]:
        found = []
        step: str | None = name
        while step and step not in found:
            found.append(step)
            step = self.findings[step].broader
        return found

    def _read_for(self, known: Facts) -> None:
        """Read the links of all that bears on a case: what was said, what follows from it, and others of the same group."""
        groups = dict.fromkeys(map(self.group, known.stated))
        mates = (mate for group in groups for mate in self.mates.get(group, ()))
        others = (other for group in groups if (other := self.common_with.get(group)))
        self._read_findings((*sorted(known.present), *sorted(known.absent), *known.plain, *mates, *others))

    def _matches(self, condition: str, known: Facts) -> list[Reason]:
        """What is said that speaks of one condition: a reason for each thing, from the most specific link."""
        reasons: list[Reason] = []
        for name in known.stated:
            reason = self._match(name, condition, known)
            if reason is not None:
                reasons.append(reason)
        for name in known.plain:
            if weight := self.linked(name).present.get(condition):
                reasons.append(Reason(name, weight))
        return reasons

    def _match(self, name: str, condition: str, known: Facts) -> Reason | None:
        found: Reason | None = None
        for step in self._chain(name):
            linked = self.linked(step).present.get(condition)
            weight = linked.for_case(known) if linked else None
            if weight is None:
                continue
            through = "" if step == name else step
            if step == name or step in known.said:
                # What was said itself counts in full, and is not lowered by a weaker word on something narrower.
                if found is None or weight.log > found.weight.log:
                    found = Reason(name, weight, through=through)
            elif found is None:
                found = Reason(name, _broader(weight), through=through)
        if found is not None or name in SYNDROMES:
            return found
        for mate in self.mates.get(self.group(name), ()):
            if mate not in (name, self.findings[name].opposite):
                weight = self.linked(mate).present.get(condition)
                if weight is not None and _tells(weight):
                    return Reason(name, _RELATED, through=mate)
        return None

    def _atypical(self, name: str) -> int:
        return log_of(self.atypical_ratio(name))

    def atypical_ratio(self, name: str) -> float:
        """What a present finding weighs for a condition that does not account for it."""
        finding = self.findings[name]
        return weights.atypical(finding.kind, finding.red_flag, finding.finding_group)

    def _damped(self, reason: Reason, condition: str, known: Facts) -> Reason:
        """The reason, damped when its sign is common beside a complaint that the condition does not itself account for."""
        other = self.common_with.get(self.group(reason.finding))
        if other is None or other not in known.present or reason.weight.log <= 0:
            return reason
        own = self.linked(other).present.get(condition)
        if own is not None and own.log > 0:
            return reason
        weight = reason.weight
        return Reason(
            reason.finding,
            Weight(weight.ratio, round(weight.log * weights.DAMPING), weight.basis, weight.strength, weight.row),
            through=reason.through,
        )

    def _fields(self, entry: _Entry, known: Facts) -> list[Reason]:
        found = []
        for _, term, yes, no in entry.fields:
            value = known.holds(self.terms[term])
            weight = yes if value else no if value is False else None
            if weight is not None:
                found.append(Reason(term if value else f"not:{term}", weight))
        return found

    def _reasons(self, entry: _Entry, matched: Sequence[Reason], known: Facts) -> list[Reason]:
        """Every reason that weighs on a condition, atypical findings among them, the ones that count marked so."""
        name = entry.condition.id
        found = [self._damped(reason, name, known) for reason in matched]
        for denied in sorted(known.absent):
            linked = self.linked(denied).denied.get(name)
            weight = linked.for_case(known) if linked else None
            if weight is not None:
                found.append(Reason(denied, weight))
        found += self._fields(entry, known)
        found += self._unaccounted(matched, known)
        used, replaced = self._clusters(entry, known)
        strongest: dict[str, Reason] = {}
        replaced_fields = {_field_group(term.field) for term in map(_field_term, replaced) if term}
        for reason in found:
            if self._group_of(reason) in replaced_fields:
                continue
            if {reason.finding, reason.through} & replaced or any(part in replaced for part in self._chain_of(reason)):
                continue
            group = self._group_of(reason)
            best = strongest.get(group)
            if best is None or _stronger(reason, best):
                strongest[group] = reason
        counted = {id(reason) for reason in strongest.values()}
        return [
            *used,
            *(
                reason if id(reason) in counted else Reason(reason.finding, reason.weight, False, reason.through)
                for reason in found
            ),
        ]

    def _unaccounted(self, matched: Sequence[Reason], known: Facts) -> list[Reason]:
        """The findings stated of whose group the condition accounts for nothing."""
        explained = {self.group(reason.finding) for reason in matched}
        found = []
        for name in known.stated:
            log = self._atypical(name)
            if log and self.group(name) not in explained:
                found.append(Reason(name, Weight(self.atypical_ratio(name), log, "atypical")))
        return found

    def _chain_of(self, reason: Reason) -> list[str]:
        return self._chain(reason.finding) if reason.finding in self.findings else []

    def _group_of(self, reason: Reason) -> str:
        if reason.finding in self.findings or reason.finding.startswith(PLAIN):
            return self.group(reason.finding)
        return _field_group(parse_term(reason.finding.removeprefix("not:")).field)

    def _clusters(self, entry: _Entry, known: Facts) -> tuple[list[Reason], set[str]]:
        """The clusters that say something, no two of them sharing a member, the better graded first."""
        spoken = [(cluster, weight) for cluster in entry.clusters if (weight := cluster.weight(known))]
        spoken.sort(key=lambda pair: (pair[0].grade, -abs(pair[1].log), pair[0].name))
        used: list[Reason] = []
        # A syndrome that was said stands for its components, and for the clusters that are made of them.
        replaced = {
            part
            for name, parts in SYNDROMES.items()
            if name in known.present and (own := self.linked(name).present.get(entry.condition.id)) and own.log > 0
            for part in parts
        }
        for cluster, weight in spoken:
            if cluster.members & replaced or (weight.log < 0 and entry.condition.grave):
                continue
            replaced |= cluster.members
            used.append(Reason(f"cluster:{cluster.name}", weight))
        return used, replaced

    def score(self, name: str, matched: Sequence[Reason], known: Facts) -> int:
        """The log odds of one condition."""
        entry = self.entries[name]
        return entry.base + sum(reason.weight.log for reason in self._reasons(entry, matched, known) if reason.counts)

    def _unexplained(self, known: Facts) -> tuple[int, dict[str, int]]:
        per_group: dict[str, int] = {}
        for name in known.stated:
            group = self.group(name)
            per_group[group] = min(per_group.get(group, 0), self._atypical(name))
        return sum(per_group.values()), per_group

    def _fast_scores(self, known: Facts) -> dict[str, tuple[int, int]]:
        """For each condition that anything present speaks of: its log odds, and how many things said speak for it.

        The same sums as `score`, without an object for each reason: group by group, touching only what matches.
        """
        groups: dict[str, tuple[list[str], list[str]]] = {}
        for name in (*known.stated, *known.plain):
            groups.setdefault(self.group(name), ([], []))[0].append(name)
        for name in known.absent:
            if self.linked(name).denied:
                groups.setdefault(self.group(name), ([], []))[1].append(name)
        totals: dict[str, int] = {}
        support: dict[str, int] = {}
        atypical, per_group = self._unexplained(known)
        for group, (stated, denied) in groups.items():
            best: dict[str, int] = {}
            penalty = per_group.get(group, 0)
            if len(stated) == 1 and not denied:
                # The common case: nothing competes within the group.
                for condition, log in self._logs(stated[0], known).items():
                    support[condition] = support.get(condition, 0) + (log > 0)
                    totals[condition] = totals.get(condition, 0) + log - penalty
                continue
            for name in stated:
                for condition, log in self._logs(name, known).items():
                    support[condition] = support.get(condition, 0) + (log > 0)
                    before = best.get(condition)
                    if before is None or (abs(log), log) > (abs(before), before):
                        best[condition] = log
            accounted = set(best)
            if penalty:
                for condition in accounted:
                    totals[condition] = totals.get(condition, 0) - penalty
            for name in denied:
                for condition, linked in self.linked(name).denied.items():
                    weight = linked.for_case(known)
                    if weight is None:
                        continue
                    # Where the group is not accounted for, the atypical finding competes with the denied one.
                    before = best.get(condition, penalty)
                    if (abs(weight.log), weight.log) > (abs(before), before):
                        best[condition] = weight.log
            for condition, log in best.items():
                unaccounted = 0 if condition in accounted else penalty
                totals[condition] = totals.get(condition, 0) + log - unaccounted
        holds = {text: known.holds(term) for text, term in self.terms.items()}
        found = {}
        for condition, count in support.items():
            entry = self.entries[condition]
            total = entry.base + atypical + totals.get(condition, 0) + _field_log(entry, holds)
            found[condition] = total, count
        for condition in self._special(known, support):
            matched = self._matches(condition, known)
            found[condition] = self.score(condition, matched, known), support[condition]
        return found

    def _logs(self, name: str, known: Facts) -> dict[str, int]:
        """What one thing said weighs, by condition: the most specific link, or one of the same group."""
        if name not in self.findings:
            return dict(self._plain_logs(name).whole)
        logs: dict[str, int] = {}
        for step in self._chain(name):
            links = self._plain_logs(step)
            if step == name or step in known.said:
                if not logs:
                    logs = dict(links.whole)
                else:
                    for condition, log in links.whole.items():
                        if log > logs.get(condition, log - 1):
                            logs[condition] = log
                for condition, weight in links.conditional.items():
                    stands = weight.for_case(known)
                    if stands is not None and stands.log > logs.get(condition, stands.log - 1):
                        logs[condition] = stands.log
            else:
                for condition, log in links.broader.items():
                    logs.setdefault(condition, log)
                for condition, weight in links.conditional.items():
                    stands = weight.for_case(known)
                    if stands is not None:
                        logs.setdefault(condition, _broader(stands).log)
        group = self.group(name)
        if name not in SYNDROMES:
            opposite = self.findings[name].opposite
            for mate in self.mates.get(group, ()):
                if mate not in (name, opposite):
                    for condition in self._plain_logs(mate).telling:
                        logs.setdefault(condition, _RELATED.log)
        other = self.common_with.get(group)
        if other is not None and other in known.present:
            own = self.linked(other).present
            for condition, log in logs.items():
                if log > 0 and not (condition in own and own[condition].log > 0):
                    logs[condition] = round(log * weights.DAMPING)
        return logs

    def _plain_logs(self, name: str) -> _Logs:
        """The links of one finding as plain numbers, made when first asked for."""
        if name not in self._logs_of:
            linked = self.linked(name).present
            fixed = {condition: weight for condition, weight in linked.items() if weight.only is None}
            self._logs_of[name] = _Logs(
                {condition: weight.log for condition, weight in fixed.items()},
                {condition: _broader(weight).log for condition, weight in fixed.items()},
                tuple(condition for condition, weight in linked.items() if _tells(weight)),
                {condition: weight for condition, weight in linked.items() if weight.only is not None},
            )
        return self._logs_of[name]

    def _special(self, known: Facts, matched: Mapping[str, int]) -> list[str]:
        """The matched conditions of which a cluster or a syndrome says something."""
        spoken: set[str] = set()
        for name in known.present | known.absent:
            spoken |= self._clustered.get(name, frozenset())
            if name in SYNDROMES and name in known.present:
                spoken |= self.linked(name).present.keys()
        return sorted(spoken.intersection(matched))

    @cached_property
    def _clustered(self) -> dict[str, frozenset[str]]:
        """For each finding the conditions that have a cluster with it."""
        found: dict[str, set[str]] = {}
        for condition, entry in self.entries.items():
            for cluster in entry.clusters:
                for member in cluster.members:
                    found.setdefault(member, set()).add(condition)
        return {member: frozenset(conditions) for member, conditions in found.items()}

    def rank(self, case: Case) -> Ranking:
        """The conditions that anything present speaks of, best first; all of them when nothing does."""
        return Ranking(self, case, facts(case, self.vocabulary))

    def candidates(self, known: Facts) -> tuple[Candidate, ...]:
        """The candidates of a ranking."""
        self._read_for(known)
        scored = [(log, name, support) for name, (log, support) in self._fast_scores(known).items()]
        if not any(support for _, _, support in scored):
            # What speaks only against a condition brings it up no more than what speaks of none.
            spoken_of = {name for _, name, _ in scored}
            rest = (name for name in self.entries if name not in spoken_of)
            scored += [(self.score(name, (), known), name, 0) for name in rest]
        scored.sort(key=lambda entry: (-entry[0], entry[1]))
        best = scored[0][0] if scored else 0
        return tuple(
            Candidate(self.entries[name].condition, log, _band(best - log, support), support)
            for log, name, support in scored
        )

    def asked(self, ranking: Ranking) -> list[bool]:
        """For each group of findings that the leading candidates of a ranking hang on, whether any of it is known."""
        groups = {group for one in ranking.leading for group in self.telling(one.condition.id)}
        return [any(ranking.known.known(name) for name in self.mates.get(group, (group,))) for group in groups]

    def rank_all(self, ranking: Ranking) -> tuple[Candidate, ...]:
        """Every condition: those of the ranking, and after them those that nothing present speaks of."""
        known = ranking.known
        self._read_for(known)
        listed = {one.condition.id for one in ranking.candidates}
        rest = [(self.score(name, (), known), name) for name in self.entries if name not in listed]
        rest.sort(key=lambda pair: (-pair[0], pair[1]))
        return ranking.candidates + tuple(Candidate(self.entries[name].condition, log, BANDS[2], 0) for log, name in rest)

    # --- why ---------------------------------------------------------------------------------------------------------

    def telling(self, name: str) -> dict[str, str]:
        """What a condition hangs on: for each group the finding that speaks most for it, where that is a lot."""
        found: dict[str, str] = {}
        links = self.links_of(name)
        for finding, weight in links.items():
            group = self.group(finding)
            if weight.log >= TELLING and (group not in found or weight.log > links[found[group]].log):
                found[group] = finding
        return found

    def links_of(self, name: str) -> dict[str, Weight]:
        """What each finding weighs for a condition when it is present, in the order of the vocabulary."""
        return self._of(name).present

    def explain(self, case: Case, name: str) -> Explanation:
        """Why a condition, listed or not, stands where it stands. Raises KeyError for an unknown one."""
        entry = self.entries[name]
        known = facts(case, self.vocabulary)
        self._read_for(known)
        matched = self._matches(name, known)
        reasons = self._reasons(entry, matched, known)
        missing = [
            Reason(finding, self.links_of(name)[finding], False)
            for group, finding in self.telling(name).items()
            if finding not in case.not_able and not any(known.known(mate) for mate in self.mates.get(group, (group,)))
        ]
        odd = [reason for reason in reasons if reason.weight.basis == "atypical"]
        rest = [reason for reason in reasons if reason.weight.basis != "atypical"]
        return Explanation(
            entry.condition,
            entry.base + sum(reason.weight.log for reason in reasons if reason.counts),
            _in_setting(read.priors(self.db, name), self.setting),
            odds_of(entry.base),
            _sorted(reason for reason in rest if reason.weight.log > 0),
            _sorted(reason for reason in rest if reason.weight.log <= 0),
            _sorted(missing),
            _sorted(odd),
        )

    def weight_of(self, name: str, finding: str, present: bool) -> int:
        """What a plain yes or no to a finding would weigh for a condition, before groups and clusters (log)."""
        if not present:
            weight = self._of(name).denied.get(finding)
            return weight.log if weight else 0
        for step in self._chain(finding):
            if weight := self._of(name).present.get(step):
                return weight.log
        return self._atypical(finding)


# A finding from which a condition hangs: what it weighs when present, as log.
TELLING = log_of(2.0)
# A syndrome replaces the complaints that it is made of.
SYNDROMES = {
    "neurogenic-claudication": (
        "worse-walking",
        "worse-standing",
        "worse-prolonged-standing",
        "better-sitting",
        "no-pain-when-seated",
        "better-lean-forward",
        "leg-heaviness",
        "walking-distance-limited",
        "burning-buttocks-walking",
    ),
    "inflammatory-back-pain": (
        "wakes-second-half-night",
        "morning-stiffness-over-30min",
        "better-exercise-general",
        "better-regular-movement",
        "alternating-buttock-pain",
    ),
    "intermittent-claudication": (
        "worse-walking",
        "pain-calf",
        "claudication-eases-standing-still",
        "walking-distance-limited",
    ),
}
_CLEARLY = log_of(weights.CLEARLY)
_WELL, _PARTLY = log_of(weights.WELL), log_of(weights.PARTLY)
_RELATED = Weight(weights.RELATED, log_of(weights.RELATED), "related")


def _field_group(field: str) -> str:
    """The group of a case field: onset and duration tell one course."""
    return "field:course" if field in ("onset", "duration") else f"field:{field}"


def _stronger(one: Reason, other: Reason) -> bool:
    """Whether a reason outweighs another of its group; between equals the one that speaks for, then by name."""
    key = (abs(one.weight.log), one.weight.log, other.finding)
    return key > (abs(other.weight.log), other.weight.log, one.finding)


def _broader(weight: Weight) -> Weight:
    """What a statement about a broader finding weighs for a narrower one: a part of it. A study's ratio stands."""
    if weight.basis not in ("statement", "site"):
        return weight
    return Weight(weight.ratio, round(weight.log * weights.BROADER), weight.basis, weight.strength, weight.row)


def _field_log(entry: _Entry, holds: Mapping[str, bool | None]) -> int:
    """What the case's fields weigh: of each field the strongest row. `holds` says which terms hold."""
    best: dict[str, int] = {}
    for name, term, yes, no in entry.fields:
        value = holds[term]
        weight = yes if value else no if value is False else None
        if weight is not None:
            before = best.get(name)
            if before is None or (abs(weight.log), weight.log) > (abs(before), before):
                best[name] = weight.log
    return sum(best.values())


def _tells(weight: Weight) -> bool:
    """Whether a link is strong enough for another finding of its group to count as related."""
    return weight.strength in ("hallmark", "typical") or (not weight.strength and weight.log >= TELLING)


def _field_term(text: str) -> Term | None:
    """A member of a cluster as a term about a case field; None where it is a finding."""
    try:
        term = parse_term(text)
    except ValueError:
        return None
    return term if term.field else None


def _sorted(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons that count first, then the heavier ones, then by name."""
    return tuple(sorted(reasons, key=lambda reason: (not reason.counts, -abs(reason.weight.log), reason.finding)))


def _band(behind: int, support: int) -> str:
    if support and behind <= _WELL:
        return BANDS[0]
    return BANDS[1] if support and behind <= _PARTLY else BANDS[2]


# --- loading --------------------------------------------------------------------------------------------------------


Common = TypeVar("Common", Prior, PriorClass)
# finding -> condition -> weight, while links are put together
_Table = dict[str, dict[str, Weight]]


def _in_setting(priors: Iterable[Common], setting: str) -> Common | None:
    """The prior of a condition that holds in a setting, or else that of primary care."""
    chosen = None
    for prior in priors:
        if prior.setting == setting or (chosen is None and prior.setting == DEFAULT_SETTING):
            chosen = prior
    return chosen


def _entries(db: Connection, conditions: Mapping[str, Condition], setting: str) -> dict[str, _Entry]:
    """What the ranker holds of each condition; without a prior in the setting it has that of primary care."""
    priors: dict[str, list[PriorClass]] = {}
    for row in read.prior_classes(db):
        priors.setdefault(row.condition, []).append(row)
    entries = {}
    for name, condition in conditions.items():
        prior = _in_setting(priors.get(name, ()), setting)
        base = log_of(weights.PRIOR_ODDS[prior.prior_class]) if prior else 0
        entries[name] = _Entry(condition, base, [], [])
    for name, text, strength in read.profile_strengths(db):
        ratio = weights.PROFILE[strength]
        weight = Weight(ratio, log_of(ratio), "profile", strength)
        entries[name].fields.append((_field_group(parse_term(text).field), text, weight, None))
    figures = read.accuracies(db)
    preferred = {(figure.condition, figure.name.rstrip("0123456789")) for figure in figures if figure.use == "preferred"}
    for figure in figures:
        entry = entries[figure.condition]
        if figure.subject == "cluster":
            if cluster := _cluster(figure):
                entry.clusters.append(cluster)
        elif figure.subject == "field":
            yes, no = _both_sides(figure)
            field = parse_term(figure.name).field
            others = any(name == figure.condition and text.startswith(field) for name, text in preferred)
            if figure.use == "preferred" or not others:
                entry.fields.append((_field_group(field), figure.name, yes, no))
    return entries


def _both_sides(figure: Accuracy) -> tuple[Weight | None, Weight | None]:
    """What a row weighs where its subject holds, and where it does not."""
    yes = _study(figure.lr_pos, figure) if figure.side in ("both", "pos") else None
    return yes, _study(figure.lr_neg, figure) if figure.side in ("both", "neg") else None


class _Loading:
    """Links while they are put together, finding -> condition -> weight: a statement stands before what a movement or a
    site says, and a study's figure before all of them."""

    def __init__(self, ranker: Ranker) -> None:
        self.db = ranker.db
        self.words = ranker.vocabulary
        self.present: _Table = defaultdict(dict)
        self.denied: _Table = defaultdict(dict)

    def grave(self, condition: str) -> bool:
        return self.words.conditions[condition].grave

    def stated(self, name: str, strength: str) -> Weight:
        """The default weight of a statement about a finding (or a plain movement) by its strength."""
        finding = self.words.findings.get(name)
        kind = weights.class_of(finding.kind, finding.red_flag, finding.finding_group) if finding else "complaint"
        ratio = weights.STATED[kind][strength]
        return Weight(ratio, log_of(ratio), "statement", strength)

    def add_statements(self, rows: Iterable[tuple[str, str, str]]) -> None:
        denied = {strength: Weight(ratio, log_of(ratio), "denied", strength) for strength, ratio in weights.DENIED.items()}
        for condition, finding, strength in rows:
            if strength == "against" and self.grave(condition):
                continue
            self.present[finding][condition] = self.stated(finding, strength)
            expected = strength in denied and self.words.findings[finding].kind not in RISKS
            if expected and not self.grave(condition):
                self.denied[finding][condition] = denied[strength]

    def add_movements(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        """What links say of a movement itself, where none speaks of the finding that it stands for."""
        for condition, movement, relation, strength in rows:
            key = self.words.of_movement.get(movement, f"movement:{movement}")
            strength = "against" if relation == "relieves" else strength
            if strength == "against" and self.grave(condition):
                continue
            self.present[key].setdefault(condition, self.stated(key, strength))

    def add_sites(self, names: Iterable[str], conditions: Sequence[str] | None = None) -> None:
        """A site of pain that a condition's regions hold, where no link says more."""
        words = self.words
        parents = {region.id: region.parent for region in words.regions.values()}
        # For each name its regions, the nearest first; and below a region that no finding stands for, any of its parts.
        sites: dict[str, list[str]] = {}
        plain: dict[str, list[str]] = {}
        for name in names:
            finding = words.findings.get(name)
            region = name.removeprefix("region:")
            if finding and finding.kind == "pain-region" and finding.region:
                sites[name] = [finding.region, *_above(finding.region, parents)]
            elif region != name and region not in words.of_region:
                plain[name] = [region, *(each for each in parents if region in _above(each, parents))]
        places = dict.fromkeys(place for found in (*sites.values(), *plain.values()) for place in found)
        held = read.conditions_of_region(self.db, list(places), conditions) if places else {}
        main = Weight(weights.SITE_MAIN, log_of(weights.SITE_MAIN), "site")
        other = Weight(weights.SITE_OTHER, log_of(weights.SITE_OTHER), "site")
        for name, found in sites.items():
            for place in found:
                for condition, position in held[place].items():
                    weight = main if position == 0 and place == found[0] else other
                    self.present[name].setdefault(condition, weight)
        for name, found in plain.items():
            for place in found:
                for condition, position in held[place].items():
                    weight = main if position == 0 else other
                    known = self.present[name].get(condition)
                    if known is None or weight.log > known.log:
                        self.present[name][condition] = weight

    def add_figures(self, figures: Iterable[Accuracy]) -> None:
        for figure in figures:
            if figure.subject in ("cluster", "field") or not figure.finding:
                continue
            condition, grave = figure.condition, self.grave(figure.condition)
            yes, no = _both_sides(figure)
            if no is not None and no.log < 0 and grave:
                no = None
            if figure.subject == "absent":
                yes, no = no, yes
            if self.words.findings[figure.finding].kind == "red-flag" and not grave:
                # A bladder, bowel or saddle change is an emergency; it never speaks for something benign.
                continue
            for table, weight in ((self.present, yes), (self.denied, no)):
                if weight and not (weight.log < 0 and grave):
                    before = table[figure.finding].get(condition) if weight.only else None
                    table[figure.finding][condition] = weight._replace(otherwise=before)


def _above(name: str, parents: Mapping[str, str | None]) -> list[str]:
    parent = parents[name]
    return [parent, *_above(parent, parents)] if parent else []


def _links_of_findings(ranker: Ranker, names: Sequence[str]) -> dict[str, _Links]:
    """The links of findings, and of movements and regions that no finding stands for (movement:ID, region:ID)."""
    wanted = set(names)
    movements = [name.removeprefix("movement:") for name in names if name.startswith("movement:")]
    movements += [movement for movement, finding in ranker.vocabulary.of_movement.items() if finding in wanted]
    found = _Loading(ranker)
    found.add_statements(read.strongest_links(ranker.db, findings=names))
    found.add_movements(read.strongest_movement_links(ranker.db, movements=movements) if movements else ())
    found.add_sites(names)
    found.add_figures(read.accuracies(ranker.db, findings=names))
    return {name: _Links(found.present.get(name, {}), found.denied.get(name, {})) for name in names}


def _links_of_condition(ranker: Ranker, name: str) -> _Links:
    """The links of a condition to findings, in the order of the vocabulary."""
    found = _Loading(ranker)
    found.add_statements(read.strongest_links(ranker.db, conditions=[name]))
    found.add_movements(read.strongest_movement_links(ranker.db, conditions=[name]))
    found.add_sites(ranker.findings, [name])
    found.add_figures(read.accuracies(ranker.db, conditions=[name]))

    def own(table: _Table) -> dict[str, Weight]:
        return {finding: table[finding][name] for finding in ranker.findings if name in table.get(finding, {})}

    return _Links(own(found.present), own(found.denied))
