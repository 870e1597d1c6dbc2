"""Candidates for what was chosen: body regions, movements and findings. No ranking of likelihood yet, only of fit.

Within a kind any choice may match; a condition that matches in more kinds comes first, then the one that matches more
choices, then the one whose matches speak more strongly, and between equals the everyday condition. Impairments come
after conditions that match in as many kinds. Nothing that matches is left out. A choice that speaks against a condition
lowers it among its equals and shows, but never lowers an emergency or urgent one. A warning sign that was chosen puts
what it is a mark of above everything.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from db import read
from db.read import Condition, Connection, Finding, Link, Movement, RedFlag, Region
from decide.errors import InputError
from decide.strength import WEIGHT, rank

BROUGHT_ON = ("aggravates", "hinders")
# A denied complaint answers for what is narrower only among these kinds: it never answers a test or a red flag.
CLOSED_DOWNWARDS = ("pain-region", "radiation", "quality")
SHOWN_FIRST = 5


@dataclass(frozen=True)
class Choice:
    """What was chosen, as ids. `absent` holds findings that were denied."""

    regions: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def kinds(self) -> int:
        """How many kinds have something chosen."""
        return sum(map(bool, (self.regions, self.movements, self.findings)))

    @property
    def empty(self) -> bool:
        return not (self.regions or self.movements or self.findings or self.absent)


@dataclass(frozen=True)
class Match:
    """What a condition answers to: how, on which scope of statement, and on whose word.

    `chosen` is the choice behind it: `id` itself, or the narrower finding that implies it.
    """

    kind: str
    id: str
    chosen: str
    label: str
    relation: str
    strength: str
    scope: str
    through: str
    citations: tuple[str, ...]

    @property
    def weight(self) -> float:
        return WEIGHT[self.strength]


@dataclass(frozen=True)
class Candidate:
    """`alarms` are the chosen warning signs that mark this emergency or urgent condition."""

    condition: Condition
    matched: tuple[Match, ...]
    against: tuple[Match, ...] = ()
    alarms: tuple[str, ...] = ()

    @property
    def kinds(self) -> int:
        return len({match.kind for match in self.matched})

    @property
    def choices(self) -> int:
        """How many of the choices match; a broader finding counts for the choice that implies it."""
        return len({(match.kind, match.chosen) for match in self.matched})

    @property
    def weight(self) -> float:
        """The strongest match of each kind in full, further choices by half, less what speaks against.

        A match through a broader finding counts half of one on the choice itself.
        """
        best: dict[tuple[str, str], float] = {}
        for match in self.matched:
            weight = match.weight if match.id == match.chosen else match.weight / 2
            key = match.kind, match.chosen
            best[key] = max(weight, best.get(key, 0.0))
        total = 0.0
        for kind in {match.kind for match in self.matched}:
            weights = sorted((weight for (each, _), weight in best.items() if each == kind), reverse=True)
            total += weights[0] + sum(weights[1:]) / 2
        if self.condition.grave:
            return total
        return total - 2.0 * len(self.against)


@dataclass
class _Gathered:
    matched: dict[tuple[str, str], list[Link]] = field(default_factory=dict)
    against: dict[tuple[str, str], list[Link]] = field(default_factory=dict)
    regions: list[Match] = field(default_factory=list)


@dataclass(frozen=True)
class _Vocabulary:
    """What can be chosen, by id, read once for a search."""

    regions: dict[str, Region]
    movements: dict[str, Movement]
    findings: dict[str, Finding]


def _vocabulary(db: Connection) -> _Vocabulary:
    return _Vocabulary(
        {row.id: row for row in read.regions(db)},
        {row.id: row for row in read.movements(db)},
        {row.id: row for row in read.findings(db)},
    )


def _check_ids(choice: Choice, vocabulary: _Vocabulary) -> None:
    known: tuple[tuple[str, tuple[str, ...], Container[str]], ...] = (
        ("region", choice.regions, vocabulary.regions),
        ("movement", choice.movements, vocabulary.movements),
        ("finding", (*choice.findings, *choice.absent), vocabulary.findings),
    )
    for kind, chosen, ids in known:
        for name in chosen:
            if name not in ids:
                raise InputError(f"unknown {kind} '{name}'; see: decide list {kind}s")
    for name in set(choice.findings) & set(choice.absent):
        raise InputError(f"the finding '{name}' is both present and absent; give it once")


def broader_findings(present: Iterable[str], findings: dict[str, Finding]) -> list[str]:
    """The findings given and every broader one that they make present, in order."""
    found: dict[str, None] = {}
    for name in present:
        step: str | None = name
        while step and step not in found:
            found[step] = None
            step = findings[step].broader
    return list(found)


def narrower_findings(absent: Iterable[str], findings: dict[str, Finding]) -> list[str]:
    """The findings denied and every narrower one that the denial closes (regions, radiation and quality only)."""
    found: dict[str, None] = dict.fromkeys(absent)
    grown = True
    while grown:
        grown = False
        for finding in findings.values():
            closes = finding.broader in found and finding.kind in CLOSED_DOWNWARDS
            if closes and finding.id not in found and findings[str(finding.broader)].kind in CLOSED_DOWNWARDS:
                found[finding.id] = None
                grown = True
    return list(found)


def _match(kind: str, name: str, chosen: str, label: str, links: Sequence[Link]) -> Match:
    best = min(links, key=rank)
    citations = tuple(dict.fromkeys(link.citation.id for link in links))
    return Match(kind, name, chosen, label, best.relation, best.strength, best.scope, best.umbrella or "", citations)


def _gather_movements(db: Connection, choice: Choice, gathered: dict[str, _Gathered]) -> None:
    answers = read.movement_findings(db)
    for name in choice.movements:
        for link in read.conditions_of_movement(db, name):
            if link.relation in BROUGHT_ON and link.strength != "against":
                gathered.setdefault(link.condition, _Gathered()).matched.setdefault(("movement", name), []).append(link)
            elif link.relation == "relieves" or link.strength == "against":
                gathered.setdefault(link.condition, _Gathered()).against.setdefault(("movement", name), []).append(link)
        brought_on = [answers.get(name, {}).get(relation) for relation in BROUGHT_ON]
        for link in read.conditions_of_finding(db, [finding for finding in brought_on if finding]):
            place = gathered.setdefault(link.condition, _Gathered())
            side = place.against if link.strength == "against" else place.matched
            if not any(link.citation.id == known.citation.id for known in side.get(("movement", name), [])):
                side.setdefault(("movement", name), []).append(link)


def _gather_findings(db: Connection, choice: Choice, every: dict[str, Finding], gathered: dict[str, _Gathered]) -> None:
    for link in read.conditions_of_finding(db, broader_findings(choice.findings, every)):
        place = gathered.setdefault(link.condition, _Gathered())
        side = place.against if link.strength == "against" else place.matched
        side.setdefault(("finding", link.id), []).append(link)
    for link in read.conditions_of_finding(db, narrower_findings(choice.absent, every)):
        if link.strength in ("hallmark", "typical"):
            place = gathered.setdefault(link.condition, _Gathered())
            place.against.setdefault(("absent", link.id), []).append(link)


def _gather_regions(db: Connection, choice: Choice, regions: dict[str, Region], gathered: dict[str, _Gathered]) -> None:
    def above(name: str) -> list[str]:
        parent = regions[name].parent
        return [parent, *above(parent)] if parent else []

    linked = read.conditions_of_region(db, list(regions))
    for name in choice.regions:
        below = [other for other in regions if name in above(other)]
        near = {condition for other in above(name) for condition in linked[other]}
        exact: dict[str, int] = {}
        for other in (name, *below):
            for condition, place in linked[other].items():
                exact[condition] = min(place, exact.get(condition, place))
        for condition in sorted(exact.keys() | near):
            strength = "possible" if condition not in exact else "hallmark" if exact[condition] == 0 else "typical"
            match = Match("region", name, name, regions[name].label, "felt in", strength, "", "", ())
            gathered.setdefault(condition, _Gathered()).regions.append(match)


def _order(one: Candidate) -> tuple[bool, bool, int, bool, int, float, bool, str]:
    """What sorts candidates: a warning sign, what is grave where nothing matches, more kinds, no mere impairment, more
    choices, more weight; between equals the everyday condition before the rare grave one, which the warning signs look
    for."""
    condition = one.condition
    return (
        not one.alarms,
        not one.matched and not condition.grave,
        -one.kinds,
        condition.kind != "condition",
        -one.choices,
        -one.weight,
        condition.grave,
        condition.label,
    )


def find(db: Connection, choice: Choice) -> list[Candidate]:
    """Every condition that answers to the choice, best match first; all conditions by name when nothing is chosen.

    Raises InputError for an id that the knowledge base does not have.
    """
    vocabulary = _vocabulary(db)
    _check_ids(choice, vocabulary)
    every = {condition.id: condition for condition in read.conditions(db)}
    if choice.empty:
        return [Candidate(condition, ()) for condition in every.values()]
    findings = vocabulary.findings
    labels = {("movement", row.id): row.label for row in vocabulary.movements.values()}
    labels |= {(kind, row.id): row.label for row in findings.values() for kind in ("finding", "absent")}
    chosen = sorted(choice.findings)
    implied_by = {broader: name for name in chosen for broader in broader_findings([name], findings)}
    implied_by |= {name: name for name in chosen}
    gathered: dict[str, _Gathered] = {}
    if choice.kinds == 0:
        gathered = {name: _Gathered() for name in every}
    _gather_regions(db, choice, vocabulary.regions, gathered)
    _gather_movements(db, choice, gathered)
    _gather_findings(db, choice, findings, gathered)

    def matches(side: dict[tuple[str, str], list[Link]]) -> list[Match]:
        return [
            _match(kind, item, implied_by.get(item, item) if kind == "finding" else item, labels[kind, item], links)
            for (kind, item), links in side.items()
        ]

    candidates = []
    for name, place in gathered.items():
        matched = matches(place.matched)
        # Where sources contradict each other on a movement (sitting in stenosis), both sides show.
        contrary = matches(place.against)
        against = [one for one in contrary if one.kind == "movement" or (one.kind, one.id) not in place.matched]
        if matched or place.regions or choice.kinds == 0:
            alarms = _alarms(every[name], matched, findings)
            candidates.append(Candidate(every[name], (*place.regions, *matched), tuple(against), alarms))
    return sorted(candidates, key=_order)


def shown_first(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates to show before the rest is asked for: the first five, and all that a warning sign marks."""
    return candidates[: max(SHOWN_FIRST, sum(bool(one.alarms) for one in candidates))]


def _alarms(condition: Condition, matched: Sequence[Match], findings: dict[str, Finding]) -> tuple[str, ...]:
    """The labels of the matched warning signs that mark a grave condition: its hallmarks, or signs of that kind."""
    if not condition.grave:
        return ()
    return tuple(
        match.label
        for match in matched
        if match.kind == "finding"
        and findings[match.id].red_flag
        and (match.strength == "hallmark" or (findings[match.id].kind == "red-flag" and match.strength == "typical"))
    )


def warning_signs(db: Connection, choice: Choice) -> list[RedFlag]:
    """The warning signs of the table (emergency or same day) that a chosen finding shows; risks alone show none."""
    findings = {finding.id: finding for finding in read.findings(db)}
    present = {
        name
        for name in broader_findings(choice.findings, findings)
        if findings[name].red_flag and findings[name].kind not in ("risk", "history")
    }
    return [
        flag for flag in read.red_flags(db) if flag.urgency in ("emergency", "same-day") and present & set(flag.findings)
    ]


def match_text(match: Match) -> str:
    """A match in words: "brought on by Putting on socks (on a list)"."""
    words = {"aggravates": "brought on by ", "hinders": "hard: ", "relieves": "eased by ", "felt in": "felt in "}
    text = words.get(match.relation, "brought on by " if match.kind == "movement" else "") + match.label
    if match.kind == "absent":
        text = f"without {match.label}"
    if match.through:
        return f"{text} (through the family {match.through.replace('-', ' ')})"
    scope = {"list": "on a list of causes", "article": "general", "inferred": "editorial"}.get(match.scope)
    return f"{text} ({scope})" if scope else text
