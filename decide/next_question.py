"""The next question: the unanswered finding that best settles a danger or tells the leading candidates apart.

Quick to ask goes before hands, hands before equipment, and nothing is proposed beyond the training of the one who asks.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from db.read import Finding
from decide.case import Case, Facts
from decide.ranking import Ranker, Ranking
from decide.screening import ORDER, Screen, Screening

TRAINING = ("none", "basic", "clinician")
# How much of a finding's worth is left by what it takes to learn it.
EFFORT = {"ask": 1.0, "look": 0.9, "hands": 0.65, "equipment": 0.4}
EXTENDED = 0.7
PROPOSED = 3
# Among how many at the top a change of place is worth naming.
MOVERS = 3
# Below this gain (log, millionths) an answer would hardly move anything.
WORTH = 250_000


class Question(NamedTuple):
    """A finding worth asking, the conditions it separates (or the danger it settles), and what each answer would do."""

    finding: Finding
    separates: tuple[str, ...]
    danger: str
    yes: str
    no: str


def next_questions(
    ranker: Ranker, screen: Screen, ranking: Ranking, screening: Screening, training: str = "clinician"
) -> tuple[Question, ...]:
    """At most three questions, the most useful first. Empty when nothing is left that would move much."""
    known = ranking.known
    dangers = _dangers(ranker, screen, ranking, screening, training)
    separating = _separating(ranker, ranking, known, training)
    found: list[Question] = []
    for question in (*dangers[:1], *separating):
        if question.finding.id not in {other.finding.id for other in found}:
            found.append(question)
    return tuple(found[:PROPOSED])


def is_open(finding: Finding, known: Facts, training: str) -> bool:
    """Whether a finding can still be asked: not known, not tried, and within the training."""
    return (
        not known.known(finding.id)
        and finding.id not in known.case.not_able
        and TRAINING.index(finding.training) <= TRAINING.index(training)
        and not (finding.opposite and finding.opposite in known.present)
    )


def _dangers(ranker: Ranker, screen: Screen, ranking: Ranking, screening: Screening, training: str) -> list[Question]:
    """Findings of which one yes would trip a rule that escalates further: what the safety set has not asked yet, and
    rules of which part already holds. The most urgent first, then whose suspect stands nearest to the top."""
    known = ranking.known
    found: list[tuple[int, bool, int, int, float, Question]] = []
    unasked = {question.finding: place for place, question in enumerate(screening.unasked)}
    places = {one.condition.id: place for place, one in enumerate(ranking.candidates)}
    worst = ORDER.index(screening.urgency) if screening.urgency else len(ORDER)
    tripped = {trip.rule.id for trip in screening.trips}
    for parsed in screen.parsed:
        rule = parsed.rule
        if rule.tier != "escalates" or rule.id in tripped or ORDER.index(rule.urgency) >= worst:
            continue
        if parsed.stood_down(known):
            continue
        undecided = [line for line in parsed.when if not known.meets(line)]
        begun = [
            line for line in parsed.when if line not in undecided and any(name in known.present for name in line.findings())
        ]
        if len(undecided) != 1 or known.meets(undecided[0]) is False:
            continue
        for option in undecided[0].options:
            if any(known.holds(term) is False for term in option):
                continue
            open_terms = [term for term in option if known.holds(term) is None]
            if len(open_terms) != 1 or open_terms[0].field or open_terms[0].absent or undecided[0].need > 1:
                continue
            finding = ranker.findings[open_terms[0].finding]
            if not is_open(finding, known, training) or not (finding.id in unasked or (begun and finding.red_flag)):
                continue
            suspects = rule.suspects[:1]
            leader = tuple(one.condition.id for one in ranking.candidates if one.condition.id not in suspects)[:1]
            yes = f"{rule.label}: {'emergency' if rule.urgency == 'emergency' else 'urgent'}"
            question = Question(finding, (*suspects, *leader), rule.id, yes, "this danger is less likely, not excluded")
            nearest = min((places[name] for name in rule.suspects if name in places), default=len(places))
            turn = unasked.get(finding.id, len(unasked))
            beyond_the_set = finding.id not in unasked
            found.append((ORDER.index(rule.urgency), beyond_the_set, nearest, turn, -EFFORT[finding.way], question))
    found.sort(key=lambda entry: (*entry[:5], entry[5].finding.id))
    return [entry[5] for entry in found]


def _separating(ranker: Ranker, ranking: Ranking, known: Facts, training: str) -> list[Question]:
    leading = [one.condition.id for one in ranking.leading]
    if len(leading) < 2:
        leading += [one.condition.id for one in ranking.candidates if one.condition.id not in leading][: 2 - len(leading)]
    candidates = {finding for name in leading for finding in ranker.links_of(name)}
    gains: list[tuple[float, str, tuple[str, str]]] = []
    for name in candidates:
        finding = ranker.findings[name]
        if finding.kind in ("risk", "history", "red-flag") or not is_open(finding, known, training):
            continue
        cost = EFFORT[finding.way] * (EXTENDED if finding.tier == "extended" else 1.0)
        best: tuple[float, tuple[str, str]] = (0.0, ("", ""))
        for place, (one, other) in enumerate(combinations(leading, 2)):
            gains_yes = abs(ranker.weight_of(one, name, True) - ranker.weight_of(other, name, True))
            gains_no = abs(ranker.weight_of(one, name, False) - ranker.weight_of(other, name, False))
            # The pair at the top matters most.
            gain = (gains_yes + gains_no) / 2 * cost * (1.0 if place == 0 else 0.8)
            if gain > best[0]:
                best = gain, (one, other)
        if best[0] >= WORTH:
            gains.append((-best[0], name, best[1]))
    gains.sort()
    found: list[Question] = []
    groups: set[str] = set()
    for _, name, pair in gains:
        if len(found) == PROPOSED:
            break
        group = ranker.group(name)
        if group in groups:
            continue
        groups.add(group)
        yes = _outcome(ranker, ranking, known.case.answered(name, "yes"), pair)
        no = _outcome(ranker, ranking, known.case.answered(name, "no"), pair)
        found.append(Question(ranker.findings[name], pair, "", yes, no))
    return found


def _outcome(ranker: Ranker, ranking: Ranking, case: Case, pair: tuple[str, str]) -> str:
    """What the order of the leading candidates would be after an answer, in words."""
    after = ranker.rank(case)
    before = {one.condition.id: one for one in ranking.candidates}
    now = {one.condition.id: one for one in after.candidates}
    first = after.leading[0].condition if after.leading else None
    texts = []
    for name in pair:
        if name in before and name in now:
            change = now[name].log - before[name].log
            label = now[name].condition.short_label
            word = "up" if change > 0 else "down" if change < 0 else "unchanged"
            texts.append(f"{label} {word}")
    lead = f"; {first.short_label} leads" if first else ""
    return ", ".join(texts) + lead


def change(before: Ranking, after: Ranking, finding: str) -> str:
    """What an answer did to the candidates, for the trail: "Sciatica up: Leg pain below the knee"."""
    if not after.matched:
        return finding
    old = {one.condition.id: place for place, one in enumerate(before.candidates)}
    scores = {one.condition.id: one.log for one in before.candidates}
    for place, one in enumerate(after.candidates[:MOVERS]):
        name = one.condition.id
        if place < old.get(name, len(old)) and one.log > scores.get(name, one.log - 1):
            return f"{one.condition.short_label} up: {finding}"
    for one in before.candidates[:MOVERS]:
        now = next((place for place, each in enumerate(after.candidates) if each.condition == one.condition), len(old))
        if now > old[one.condition.id]:
            return f"{one.condition.short_label} down: {finding}"
    return f"No change in the order: {finding}"
