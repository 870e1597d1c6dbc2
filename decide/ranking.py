"""Ranking in the open: prior odds times one weight for each thing answered, every weight with its source.

Of the findings of one group only the strongest counts. A cluster replaces its members, a syndrome finding its
components. What is denied never lowers an emergency or urgent condition. What is not known changes nothing. The score
of a condition depends on the case and on that condition alone.

`Ranker` holds the knowledge as indexes from findings to conditions, so that ranking touches what matches and no more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from db import read
from db.read import Condition, Connection, Prior, Ratio
from db.terms import Line, Term, parse_line, parse_term
from decide import weights
from decide.case import Case, Facts, Vocabulary, facts, vocabulary
from decide.weights import log_of, odds_of

Basis = Literal["study", "study, damped", "statement", "site", "related", "atypical", "profile", "cluster", "denied"]
DEFAULT_SETTING = "primary-care"
BANDS = ("fits-well", "fits-partly", "keep-in-mind")
RISKS = ("risk", "history")
PLAIN = ("movement:", "region:")
LEADING = 3


@dataclass(frozen=True, slots=True)
class Weight:
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


@dataclass(frozen=True, slots=True)
class Reason:
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


@dataclass(frozen=True)
class Explanation:
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


@dataclass(frozen=True)
class Ranking:
    """The candidates that match a case, best first; `answered` of `of` findings that the leading ones hang on."""

    case: Case
    known: Facts
    candidates: tuple[Candidate, ...]
    answered: int
    of: int

    @property
    def matched(self) -> bool:
        """Whether anything that is present speaks of any condition; without it there is no ranking to speak of."""
        return any(one.support for one in self.candidates)

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


@dataclass(frozen=True)
class _Cluster:
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


@dataclass(frozen=True)
class _Logs:
    """The links of one finding as logs by condition: in full, as a broader finding, which tell enough for another of the
    group, and those that hold only for some people."""

    whole: Mapping[str, int]
    broader: Mapping[str, int]
    telling: tuple[str, ...]
    conditional: Mapping[str, Weight]


@dataclass
class _Entry:
    """What the ranker holds of one condition. `fields` are (case field, term, weight when it holds, when it does not)."""

    condition: Condition
    prior: Prior | None = None
    base: int = 0
    fields: list[tuple[str, str, Weight | None, Weight | None]] = field(default_factory=list)
    clusters: list[_Cluster] = field(default_factory=list)


def _study(text: str | None, ratio: Ratio, basis: Basis = "study") -> Weight | None:
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


def _cluster(ratio: Ratio) -> _Cluster | None:
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
    """The knowledge as the ranking needs it. Build one with `load`, then call `rank` and `explain` as often as wanted."""

    def __init__(self, vocabulary: Vocabulary, setting: str = DEFAULT_SETTING) -> None:
        self.vocabulary = vocabulary
        self.findings = vocabulary.findings
        self.setting = setting
        self.entries: dict[str, _Entry] = {}
        # finding -> condition -> weight: what is linked when present, what an explicit "no" weighs
        self.present: dict[str, dict[str, Weight]] = defaultdict(dict)
        self.denied: dict[str, dict[str, Weight]] = defaultdict(dict)
        self._logs_of: dict[str, _Logs] = {}
        self.common_with: dict[str, str] = {}
        # The terms about case fields that any condition has, each once.
        self.terms: dict[str, Term] = {}
        self.mates: dict[str, list[str]] = defaultdict(list)
        for finding in self.findings.values():
            if finding.finding_group:
                self.mates[finding.finding_group].append(finding.id)

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

    def _matches(self, condition: str, known: Facts) -> list[Reason]:
        """What is said that speaks of one condition: a reason for each thing, from the most specific link."""
        reasons: list[Reason] = []
        for name in known.stated:
            reason = self._match(name, condition, known)
            if reason is not None:
                reasons.append(reason)
        for name in known.plain:
            if weight := self.present.get(name, {}).get(condition):
                reasons.append(Reason(name, weight))
        return reasons

    def _match(self, name: str, condition: str, known: Facts) -> Reason | None:
        found: Reason | None = None
        for step in self._chain(name):
            linked = self.present.get(step, {}).get(condition)
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
                weight = self.present.get(mate, {}).get(condition)
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
        own = self.present.get(other, {}).get(condition)
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
            linked = self.denied.get(denied, {}).get(name)
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
            if name in known.present and (own := self.present.get(name, {}).get(entry.condition.id)) and own.log > 0
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
            if name in self.denied:
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
                for condition, linked in self.denied[name].items():
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
            own = self.present.get(other, {})
            for condition, log in logs.items():
                if log > 0 and not (condition in own and own[condition].log > 0):
                    logs[condition] = round(log * weights.DAMPING)
        return logs

    def _plain_logs(self, name: str) -> _Logs:
        """The links of one finding as plain numbers, made when first asked for."""
        if name not in self._logs_of:
            linked = self.present.get(name, {})
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
                spoken |= self.present.get(name, {}).keys()
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
        known = facts(case, self.vocabulary)
        scored = [(log, name, support) for name, (log, support) in self._fast_scores(known).items()]
        if not any(support for _, _, support in scored):
            # What speaks only against a condition brings it up no more than what speaks of none.
            spoken_of = {name for _, name, _ in scored}
            rest = (name for name in self.entries if name not in spoken_of)
            scored += [(self.score(name, (), known), name, 0) for name in rest]
        scored.sort(key=lambda entry: (-entry[0], entry[1]))
        best = scored[0][0] if scored else 0
        candidates = tuple(
            Candidate(self.entries[name].condition, log, _band(best - log, support), support)
            for log, name, support in scored
        )
        ranking = Ranking(case, known, candidates, 0, 0)
        groups = {group for one in ranking.leading for group in self.telling(one.condition.id)}
        answered = sum(any(known.known(name) for name in self.mates.get(group, (group,))) for group in groups)
        return replace(ranking, answered=answered, of=len(groups))

    def rank_all(self, ranking: Ranking) -> tuple[Candidate, ...]:
        """Every condition: those of the ranking, and after them those that nothing present speaks of."""
        known = ranking.known
        listed = {one.condition.id for one in ranking.candidates}
        rest = [(self.score(name, (), known), name) for name in self.entries if name not in listed]
        rest.sort(key=lambda pair: (-pair[0], pair[1]))
        return ranking.candidates + tuple(Candidate(self.entries[name].condition, log, BANDS[2], 0) for log, name in rest)

    # --- why ---------------------------------------------------------------------------------------------------------

    def telling(self, name: str) -> dict[str, str]:
        """What a condition hangs on: for each group the finding that speaks most for it, where that is a lot."""
        found: dict[str, str] = {}
        for finding, weight in self.links_of(name).items():
            group = self.group(finding)
            if weight.log >= TELLING and (group not in found or weight.log > self.present[found[group]][name].log):
                found[group] = finding
        return found

    @cached_property
    def _by_condition(self) -> dict[str, dict[str, Weight]]:
        found: dict[str, dict[str, Weight]] = defaultdict(dict)
        for finding in self.findings:
            for name, weight in self.present.get(finding, {}).items():
                found[name][finding] = weight
        return found

    def links_of(self, name: str) -> dict[str, Weight]:
        return self._by_condition.get(name, {})

    def explain(self, case: Case, name: str) -> Explanation:
        """Why a condition, listed or not, stands where it stands. Raises KeyError for an unknown one."""
        entry = self.entries[name]
        known = facts(case, self.vocabulary)
        matched = self._matches(name, known)
        reasons = self._reasons(entry, matched, known)
        missing = [
            Reason(finding, self.present[finding][name], False)
            for group, finding in self.telling(name).items()
            if finding not in case.not_able and not any(known.known(mate) for mate in self.mates.get(group, (group,)))
        ]
        odd = [reason for reason in reasons if reason.weight.basis == "atypical"]
        rest = [reason for reason in reasons if reason.weight.basis != "atypical"]
        return Explanation(
            entry.condition,
            entry.base + sum(reason.weight.log for reason in reasons if reason.counts),
            entry.prior,
            odds_of(entry.base),
            _sorted(reason for reason in rest if reason.weight.log > 0),
            _sorted(reason for reason in rest if reason.weight.log <= 0),
            _sorted(missing),
            _sorted(odd),
        )

    def weight_of(self, name: str, finding: str, present: bool) -> int:
        """What a plain yes or no to a finding would weigh for a condition, before groups and clusters (log)."""
        if not present:
            weight = self.denied.get(finding, {}).get(name)
            return weight.log if weight else 0
        for step in self._chain(finding):
            if weight := self.present.get(step, {}).get(name):
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


def load(db: Connection, setting: str = DEFAULT_SETTING, words: Vocabulary | None = None) -> Ranker:
    """The ranker of a knowledge base for a setting; a condition without a prior there has that of primary care."""
    ranker = Ranker(words or vocabulary(db), setting)
    for condition in read.conditions(db):
        ranker.entries[condition.id] = _Entry(condition)
    for prior in read.priors(db):
        entry = ranker.entries[prior.condition]
        if prior.setting == setting or (entry.prior is None and prior.setting == DEFAULT_SETTING):
            entry.prior, entry.base = prior, log_of(weights.PRIOR_ODDS[prior.prior_class])
    ranker.common_with = {group: finding for group, (finding, _) in read.common_with(db).items()}
    _load_links(db, ranker)
    _load_movements(db, ranker)
    _load_sites(db, ranker)
    _load_fields(db, ranker)
    _load_ratios(db, ranker)
    return ranker


def _stated(ranker: Ranker, name: str, strength: str) -> Weight:
    """The default weight of a statement about a finding (or a plain movement) by its strength."""
    finding = ranker.findings.get(name)
    kind = weights.class_of(finding.kind, finding.red_flag, finding.finding_group) if finding else "complaint"
    ratio = weights.STATED[kind][strength]
    return Weight(ratio, log_of(ratio), "statement", strength)


def _load_links(db: Connection, ranker: Ranker) -> None:
    denied = {strength: Weight(ratio, log_of(ratio), "denied", strength) for strength, ratio in weights.DENIED.items()}
    for condition, finding, strength in read.strongest_links(db):
        if strength == "against" and ranker.entries[condition].condition.grave:
            continue
        ranker.present[finding][condition] = _stated(ranker, finding, strength)
        expected = strength in denied and ranker.findings[finding].kind not in RISKS
        if expected and not ranker.entries[condition].condition.grave:
            ranker.denied[finding][condition] = denied[strength]


def _load_movements(db: Connection, ranker: Ranker) -> None:
    """What links say of a movement itself, where none speaks of the finding that it stands for."""
    for condition, movement, relation, strength in read.strongest_movement_links(db):
        key = ranker.vocabulary.of_movement.get(movement, f"movement:{movement}")
        strength = "against" if relation == "relieves" else strength
        if strength == "against" and ranker.entries[condition].condition.grave:
            continue
        ranker.present[key].setdefault(condition, _stated(ranker, key, strength))


def _load_sites(db: Connection, ranker: Ranker) -> None:
    """A site of pain that a condition's regions hold, where no link says more."""
    parents = {region.id: region.parent for region in read.regions(db)}
    main = Weight(weights.SITE_MAIN, log_of(weights.SITE_MAIN), "site")
    other = Weight(weights.SITE_OTHER, log_of(weights.SITE_OTHER), "site")
    regions = read.conditions_of_region(db, list(parents))
    for finding in ranker.findings.values():
        if finding.kind != "pain-region" or finding.region is None:
            continue
        step: str | None = finding.region
        while step:
            for condition, position in regions.get(step, {}).items():
                weight = main if position == 0 and step == finding.region else other
                ranker.present[finding.id].setdefault(condition, weight)
            step = parents.get(step)
    for name in parents.keys() - ranker.vocabulary.of_region.keys():
        below = [region for region in parents if name in _above(region, parents)]
        for place in (name, *below):
            for condition, position in regions.get(place, {}).items():
                weight = main if position == 0 else other
                known = ranker.present[f"region:{name}"].get(condition)
                if known is None or weight.log > known.log:
                    ranker.present[f"region:{name}"][condition] = weight


def _above(name: str, parents: Mapping[str, str | None]) -> list[str]:
    parent = parents[name]
    return [parent, *_above(parent, parents)] if parent else []


def _load_fields(db: Connection, ranker: Ranker) -> None:
    for profile in read.profiles(db):
        ratio = weights.PROFILE[profile.strength]
        weight = Weight(ratio, log_of(ratio), "profile", profile.strength)
        term = parse_term(profile.field)
        ranker.terms[profile.field] = term
        ranker.entries[profile.condition].fields.append((_field_group(term.field), profile.field, weight, None))


def _load_ratios(db: Connection, ranker: Ranker) -> None:
    rows = [row for row in read.ratios(db) if row.chosen and row.side != "none" and not row.comparator]
    preferred = {(row.condition, row.name.rstrip("0123456789")) for row in rows if row.use == "preferred"}
    for row in rows:
        entry = ranker.entries[row.condition]
        yes = _study(row.lr_pos, row) if row.side in ("both", "pos") else None
        no = _study(row.lr_neg, row) if row.side in ("both", "neg") else None
        if no is not None and no.log < 0 and entry.condition.grave and row.subject != "field":
            no = None
        if row.subject == "cluster":
            if cluster := _cluster(row):
                entry.clusters.append(cluster)
        elif row.subject == "field":
            term = parse_term(row.name)
            others = any(name == row.condition and text.startswith(term.field) for name, text in preferred)
            if row.use == "preferred" or not others:
                ranker.terms[row.name] = term
                entry.fields.append((_field_group(term.field), row.name, yes, no))
        elif row.finding:
            if row.subject == "absent":
                yes, no = no, yes
            if ranker.findings[row.finding].kind == "red-flag" and not entry.condition.grave:
                # A bladder, bowel or saddle change is an emergency; it never speaks for something benign.
                yes = no = None
            for links, weight in ((ranker.present, yes), (ranker.denied, no)):
                if weight and not (weight.log < 0 and entry.condition.grave):
                    before = links[row.finding].get(row.condition) if weight.only else None
                    links[row.finding][row.condition] = replace(weight, otherwise=before)
