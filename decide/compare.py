"""Two to four conditions side by side: differences first, and on top what tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db import read
from db.read import Condition, Connection, Link
from decide.errors import InputError
from decide.knowledge import named_conditions
from decide.strength import WEIGHT
from decide.words import RELATION_WORDS

NOT_STATED = "not stated"
# How far a strength stands from "not stated". What speaks against rests on thinner ground than what speaks for.
VALUE = WEIGHT | {"against": -1.5}
# What settles a danger comes first; then what is asked or tested at the bedside, tests before what is only told.
DANGER_BONUS, CORE_BONUS, TEST_BONUS = 4.0, 0.5, 0.25
RELATION_VALUE = {"aggravates": 1.0, "hinders": 1.0, "relieves": -1.0, "tests": 0.0}
DISCRIMINATORS = 6
TEXT_TOPICS = (
    ("who", "Who gets it"),
    ("course", "Expected course"),
    ("refer", "When to refer"),
)


@dataclass(frozen=True)
class Cell:
    """What one condition says on a topic, and the citations behind it."""

    text: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    group: str
    topic: str
    cells: tuple[Cell, ...]

    @property
    def same(self) -> bool:
        return len({cell.text for cell in self.cells}) == 1


@dataclass(frozen=True)
class Discriminator:
    """A finding or movement that separates the conditions; `separation` grows with the difference."""

    kind: str
    id: str
    label: str
    question: str
    cells: tuple[Cell, ...]
    separation: float


@dataclass(frozen=True)
class Comparison:
    conditions: tuple[Condition, ...]
    discriminators: tuple[Discriminator, ...]
    rows: tuple[Row, ...]

    def differing(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.same)


def _finding_cell(links: Sequence[Link]) -> tuple[Cell, float]:
    if not links:
        return Cell(NOT_STATED), 0.0
    best = max(links, key=lambda link: abs(VALUE.get(link.strength, 0.0)))
    text = "speaks against" if best.strength == "against" else best.strength
    return Cell(text, _citations(links)), VALUE.get(best.strength, 0.0)


def _separation(values: Sequence[float]) -> float:
    """How far apart the conditions stand. What is typical of none of them separates little."""
    spread = max(values) - min(values)
    return spread if max(map(abs, values)) >= VALUE["typical"] else spread / 2


def _movement_cell(links: Sequence[Link]) -> tuple[Cell, float]:
    if not links:
        return Cell(NOT_STATED), 0.0
    parts: dict[str, Link] = {}
    for link in links:
        known = parts.get(link.relation)
        if known is None or VALUE.get(link.strength, 0) > VALUE.get(known.strength, 0):
            parts[link.relation] = link
    texts = [f"{RELATION_WORDS[relation]}, {_strength(link)}" for relation, link in parts.items()]
    value = max((RELATION_VALUE[relation] * VALUE.get(link.strength, 0.0) for relation, link in parts.items()), key=abs)
    return Cell("; ".join(texts), _citations(links)), value


def _strength(link: Link) -> str:
    marked = {"list": ", on a list", "article": ", general", "inferred": ", editorial"}.get(link.scope, "")
    return f"{link.strength}{marked}"


def _citations(links: Sequence[Link]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.citation.id for link in links))


def _by_item(links: Sequence[Link]) -> dict[str, dict[str, list[Link]]]:
    found: dict[str, dict[str, list[Link]]] = {}
    for link in links:
        found.setdefault(link.id, {}).setdefault(link.condition, []).append(link)
    return found


def resolve(db: Connection, names: Sequence[str]) -> tuple[Condition, ...]:
    """The conditions of these ids. Raises InputError for an unknown one, a repeated one, or a wrong number of them."""
    if not 2 <= len(names) <= 4:
        raise InputError(f"compare takes two to four conditions, not {len(names)}")
    if len(set(names)) < len(names):
        raise InputError("compare needs different conditions; one is named twice")
    return named_conditions(db, names)


def compare(db: Connection, names: Sequence[str]) -> Comparison:
    """The comparison of two to four conditions, by id. Raises InputError."""
    conditions = resolve(db, names)
    ids = [condition.id for condition in conditions]
    findings = {finding.id: finding for finding in read.findings(db)}
    movements = {movement.id: movement for movement in read.movements(db)}
    said_by_movement = {finding for answers in read.movement_findings(db).values() for finding in answers.values()}
    scored: list[tuple[Discriminator, Row]] = []
    for item, links in _by_item(read.movement_links(db, ids)).items():
        pairs = [_movement_cell(links.get(name, [])) for name in ids]
        cells = tuple(cell for cell, _ in pairs)
        values = [value for _, value in pairs]
        movement = movements[item]
        scored.append(
            (
                Discriminator("movement", item, movement.label, movement.joint_actions, cells, _separation(values)),
                Row("Movements", movement.label, cells),
            )
        )
    for item, links in _by_item(read.finding_links(db, ids)).items():
        if item in said_by_movement and any(row.id == findings[item].movement for row, _ in scored):
            continue
        pairs = [_finding_cell(links.get(name, [])) for name in ids]
        cells = tuple(cell for cell, _ in pairs)
        values = [value for _, value in pairs]
        finding = findings[item]
        bonus = CORE_BONUS * (finding.tier == "core") + TEST_BONUS * (finding.kind == "test")
        dangers = zip(conditions, values, strict=True)
        if finding.red_flag and any(one.grave and value >= VALUE["typical"] for one, value in dangers):
            bonus += DANGER_BONUS
        scored.append(
            (
                Discriminator("finding", item, finding.label, finding.question, cells, max(values) - min(values) + bonus),
                Row("Findings", finding.label, cells),
            )
        )
    scored.sort(key=lambda pair: (-pair[0].separation, pair[0].kind, pair[0].label))
    telling = [row for row, _ in scored if len({cell.text for cell in row.cells}) > 1]
    grouped = sorted((row for _, row in scored), key=lambda row: row.group)
    rows = [*_plain_rows(db, conditions), *grouped, *_contributor_rows(db, ids)]
    rows += _text_rows(db, ids)
    return Comparison(conditions, tuple(telling[:DISCRIMINATORS]), tuple(rows))


def _plain_rows(db: Connection, conditions: Sequence[Condition]) -> list[Row]:
    regions = read.region_links(db, [condition.id for condition in conditions])
    places = [", ".join(region.lay_label for region in regions[condition.id]) for condition in conditions]
    return [
        Row("At a glance", "Urgency", tuple(Cell(condition.urgency) for condition in conditions)),
        Row("At a glance", "Where it is felt", tuple(Cell(text) for text in places)),
    ]


def _contributor_rows(db: Connection, ids: Sequence[str]) -> list[Row]:
    links = _by_item([link for name in ids for link in read.contributor_links(db, name)])
    rows = []
    for item in links.values():
        label = next(iter(item.values()))[0].label
        cells = tuple(Cell("contributes", _citations(item[name])) if name in item else Cell(NOT_STATED) for name in ids)
        rows.append(Row("Contributing factors", label, cells))
    return sorted(rows, key=lambda row: row.topic)


def _text_rows(db: Connection, ids: Sequence[str]) -> list[Row]:
    rows = []
    for topic, label in TEXT_TOPICS:
        cells = []
        for name in ids:
            claims = [claim for claim in read.condition_claims(db, name, topic) if claim.audience != "patient"]
            text = " ".join(claim.text for claim in claims) or NOT_STATED
            cells.append(Cell(text, tuple(dict.fromkeys(c.id for claim in claims for c in claim.citations))))
        rows.append(Row("In words", label, tuple(cells)))
    return rows
