"""Two to four conditions side by side: differences first, and on top what tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from db import read
from db.read import Citation, Condition, Connection, Finding, Link, Ratio
from decide.entry import SCOPE_WORDS, ratio_item, ratio_words
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
# What a yes to a movement says.
ASKED_WORDS = {"aggravates": "brings it on", "hinders": "hard to do", "relieves": "eases it"}
MOST_COMPARED = 4
DISCRIMINATORS = 6
TEXT_TOPICS = (
    ("who", "Who gets it"),
    ("course", "Expected course"),
    ("refer", "When to refer"),
)
# One mark for each strength, so that a column can be read down without colour and without reading words.
MARKS = {"hallmark": "+++", "typical": "++", "possible": "+", "against": "--", "": "."}
NEUTRAL = "="


@dataclass(frozen=True)
class Said:
    """One statement behind a cell, whole, and its sources; without any where it is a description and no claim."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What one condition says on a topic. `mark` is its sign (+++, ++, +, --, or . for not stated; empty for a text),
    `figure` the study figure that counts, `said` every statement and figure behind it."""

    text: str
    mark: str = ""
    figure: str = ""
    said: tuple[Said, ...] = ()

    @property
    def citations(self) -> tuple[str, ...]:
        """The sources, as content writes them, each once."""
        return tuple(dict.fromkeys(citation.id for one in self.said for citation in one.citations))


@dataclass(frozen=True)
class Row:
    """One topic across the conditions.

    A finding or movement has its `kind` and `id`. `finding` is what an answer to the row is about; a movement stands for
    the finding of its `relation`, the one in which the conditions differ most (aggravates, hinders, relieves). `moves`: a
    yes is said as the movement itself, which brings it on. `question` says how to ask or test it, `actions` a movement's
    joint actions, and `separation` grows with the difference.
    """

    group: str
    topic: str
    cells: tuple[Cell, ...]
    kind: str = ""
    id: str = ""
    finding: str = ""
    relation: str = ""
    moves: bool = False
    question: str = ""
    actions: str = ""
    test: bool = False
    danger: bool = False
    separation: float = 0.0

    @property
    def asks(self) -> bool:
        """Whether it can be answered."""
        return bool(self.finding) or self.moves

    @property
    def asked(self) -> str:
        """What an answer is about: "Putting on socks: hard to do"."""
        return f"{self.topic}: {ASKED_WORDS[self.relation]}" if self.relation in ASKED_WORDS else self.topic

    @property
    def same(self) -> bool:
        return len({cell.text for cell in self.cells}) == 1


@dataclass(frozen=True)
class Comparison:
    """`telling` are the findings and movements in which the conditions differ, what separates most first."""

    conditions: tuple[Condition, ...]
    telling: tuple[Row, ...]
    rows: tuple[Row, ...]

    @property
    def discriminators(self) -> tuple[Row, ...]:
        return self.telling[:DISCRIMINATORS]

    def differing(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.same)


def _said(links: Iterable[Link]) -> tuple[Said, ...]:
    """What each link says, in full: its word, its note, and what stands behind it."""
    found: dict[str, list[Citation]] = {}
    for link in links:
        relation = f"{RELATION_WORDS[link.relation]}, " if link.kind == "movement" else ""
        text = relation + _word(link.strength)
        if link.kind == "contributor":
            text = "contributes"
        behind = SCOPE_WORDS.get(link.scope, "")
        if link.umbrella:
            behind = "through the family " + link.umbrella.replace("-", " ")
        text += "".join(f" ({part})" for part in (link.note, behind) if part)
        found.setdefault(text, []).append(link.citation)
    return tuple(Said(text, tuple(dict.fromkeys(cited))) for text, cited in found.items())


def _word(strength: str) -> str:
    return "speaks against" if strength == "against" else strength


def _finding_cell(links: Sequence[Link], ratios: Sequence[Ratio]) -> tuple[Cell, float]:
    """The cell of a finding, and how far it stands from "not stated"."""
    figure, figures = _figures(ratios)
    if not links:
        return Cell(NOT_STATED, MARKS[""], figure, figures), 0.0
    best = max(links, key=lambda link: abs(VALUE.get(link.strength, 0.0)))
    cell = Cell(_word(best.strength), MARKS[best.strength], figure, _said(links) + figures)
    return cell, VALUE.get(best.strength, 0.0)


def _figures(ratios: Sequence[Ratio]) -> tuple[str, tuple[Said, ...]]:
    """The study figure that counts, and every one in full."""
    figure = next((ratio_words(each) for each in ratios if _counts(each)), "")
    items = [ratio_item(each, {}, "" if each.subject == "absent" else "study figure") for each in ratios]
    return figure, tuple(Said(item.text, item.citations) for item in items)


def _counts(ratio: Ratio) -> bool:
    """Whether a ratio is one of the finding itself, for all people, that may be used."""
    return ratio.chosen and ratio.subject == "finding" and ratio.side != "none" and not ratio.comparator


def _separation(values: Sequence[float]) -> float:
    """How far apart the conditions stand. What is typical of none of them separates little."""
    spread = max(values) - min(values)
    return spread if max(map(abs, values)) >= VALUE["typical"] else spread / 2


def _movement_cell(links: Sequence[Link], relation: str, ratios: Sequence[Ratio]) -> tuple[Cell, float]:
    """The cell of a movement, and how far it stands from "not stated". Its mark says how it speaks where the movement
    does what `relation` says: what eases speaks against being brought on."""
    figure, figures = _figures(ratios)
    if not links:
        return Cell(NOT_STATED, MARKS[""], figure, figures), 0.0
    parts: dict[str, Link] = {}
    for link in links:
        known = parts.get(link.relation)
        if known is None or VALUE.get(link.strength, 0) > VALUE.get(known.strength, 0):
            parts[link.relation] = link
    texts = [f"{RELATION_WORDS[name]}, {_strength(link)}" for name, link in parts.items()]
    values = {name: RELATION_VALUE[name] * VALUE.get(link.strength, 0.0) for name, link in parts.items()}
    heaviest = max(values, key=lambda name: abs(values[name]))
    value = values[heaviest]
    towards = value * (RELATION_VALUE.get(relation) or 1.0)
    strength = "against" if towards < 0 or parts[heaviest].strength == "against" else parts[heaviest].strength
    mark = MARKS[strength] if towards else NEUTRAL
    return Cell("; ".join(texts), mark, figure, _said(links) + figures), value


def _relation(links: Mapping[str, Sequence[Link]], ids: Sequence[str]) -> str:
    """In which relation to a movement the conditions differ most."""

    def spread(relation: str) -> float:
        values = [
            max((VALUE.get(link.strength, 0.0) for link in links.get(name, ()) if link.relation == relation), default=0.0)
            for name in ids
        ]
        return max(values) - min(values)

    present = {link.relation for members in links.values() for link in members}
    return max((name for name in RELATION_WORDS if name in present), key=spread)


def _strength(link: Link) -> str:
    marked = {"list": ", on a list", "article": ", general", "inferred": ", editorial"}.get(link.scope, "")
    return f"{_word(link.strength)}{marked}"


def _by_item(links: Iterable[Link]) -> dict[str, dict[str, list[Link]]]:
    found: dict[str, dict[str, list[Link]]] = {}
    for link in links:
        found.setdefault(link.id, {}).setdefault(link.condition, []).append(link)
    return found


def resolve(db: Connection, names: Sequence[str]) -> tuple[Condition, ...]:
    """The conditions of these ids. Raises InputError for an unknown one, a repeated one, or a wrong number of them."""
    if not 2 <= len(names) <= MOST_COMPARED:
        raise InputError(f"compare takes two to four conditions, not {len(names)}")
    if len(set(names)) < len(names):
        raise InputError("compare needs different conditions; one is named twice")
    return named_conditions(db, names)


def compare(db: Connection, names: Sequence[str]) -> Comparison:
    """The comparison of two to four conditions, by id. Raises InputError."""
    conditions = resolve(db, names)
    ids = [condition.id for condition in conditions]
    findings = {finding.id: finding for finding in read.findings(db)}
    ratios: dict[tuple[str, str], list[Ratio]] = {}
    for name in ids:
        for ratio in read.ratios(db, condition_id=name):
            if ratio.finding:
                ratios.setdefault((name, ratio.finding), []).append(ratio)
    linked = _by_item(read.finding_links(db, ids))
    # A movement's row says also what is said of the findings that are its own, so that these need no rows.
    moved = _by_item(read.movement_links(db, ids))
    answers = read.movement_findings(db)
    for item, of_conditions in moved.items():
        for relation, finding in answers.get(item, {}).items():
            if findings[finding].movement == item:
                for name, links in linked.pop(finding, {}).items():
                    of_conditions.setdefault(name, []).extend(
                        link._replace(kind="movement", relation=relation) for link in links
                    )
    rows = [
        *_movement_rows(db, ids, findings, moved, answers, ratios),
        *(_finding_row(conditions, findings[item], links, ratios) for item, links in linked.items()),
    ]
    # Among equals findings stand before movements; then by name.
    telling = sorted(rows, key=lambda row: (-row.separation, row.kind, row.topic))
    grouped = sorted(telling, key=lambda row: row.group)
    every = [*_plain_rows(db, conditions), *grouped, *_contributor_rows(db, ids), *_text_rows(db, ids)]
    return Comparison(conditions, tuple(row for row in telling if not row.same), tuple(every))


def _movement_rows(
    db: Connection,
    ids: Sequence[str],
    findings: Mapping[str, Finding],
    moved: Mapping[str, Mapping[str, Sequence[Link]]],
    answers: Mapping[str, Mapping[str, str]],
    ratios: Mapping[tuple[str, str], Sequence[Ratio]],
) -> list[Row]:
    movements = {movement.id: movement for movement in read.movements(db)}
    rows = []
    for item, links in moved.items():
        movement, stands, relation = movements[item], answers.get(item, {}), _relation(links, ids)
        # What the movement itself says when it is chosen in a case: brought on, or else hard.
        own = stands.get("aggravates") or stands.get("hinders") or ""
        brings = relation in ("aggravates", "hinders")
        finding = stands.get(relation) or (own if brings else "")
        pairs = [_movement_cell(links.get(name, []), relation, ratios.get((name, finding), [])) for name in ids]
        rows.append(
            Row(
                "Movements",
                movement.label,
                tuple(cell for cell, _ in pairs),
                "movement",
                item,
                finding,
                relation,
                brings and movement.complaint and finding == own,
                findings[finding].question if finding else "",
                movement.joint_actions,
                separation=_separation([value for _, value in pairs]),
            )
        )
    return rows


def _finding_row(
    conditions: Sequence[Condition],
    finding: Finding,
    links: Mapping[str, Sequence[Link]],
    ratios: Mapping[tuple[str, str], Sequence[Ratio]],
) -> Row:
    of = [(links.get(one.id, []), ratios.get((one.id, finding.id), [])) for one in conditions]
    pairs = [_finding_cell(*each) for each in of]
    values = [value for _, value in pairs]
    dangers = zip(conditions, values, strict=True)
    danger = finding.red_flag and any(one.grave and value >= VALUE["typical"] for one, value in dangers)
    bonus = CORE_BONUS * (finding.tier == "core") + TEST_BONUS * (finding.kind == "test") + DANGER_BONUS * danger
    return Row(
        "Findings",
        finding.label,
        tuple(cell for cell, _ in pairs),
        "finding",
        finding.id,
        finding.id,
        question=finding.question,
        test=finding.way in ("hands", "equipment"),
        danger=danger,
        separation=max(values) - min(values) + bonus,
    )


def _plain_rows(db: Connection, conditions: Sequence[Condition]) -> list[Row]:
    regions = read.region_links(db, [condition.id for condition in conditions])
    places = [", ".join(region.lay_label for region in regions[condition.id]) for condition in conditions]
    urgencies = [
        Cell(condition.urgency, said=(Said(f"{condition.urgency}. {condition.urgency_note}".strip()),))
        for condition in conditions
    ]
    return [
        Row("At a glance", "Urgency", tuple(urgencies)),
        Row("At a glance", "Where it is felt", tuple(Cell(text, said=(Said(text),)) for text in places)),
    ]


def _contributor_rows(db: Connection, ids: Sequence[str]) -> list[Row]:
    links = _by_item(link for name in ids for link in read.contributor_links(db, name))
    rows = []
    for item in links.values():
        label = next(iter(item.values()))[0].label
        cells = tuple(
            Cell("contributes", MARKS["possible"], said=_said(item[name])) if name in item else Cell(NOT_STATED, MARKS[""])
            for name in ids
        )
        rows.append(Row("Contributing factors", label, cells))
    return sorted(rows, key=lambda row: row.topic)


def _text_rows(db: Connection, ids: Sequence[str]) -> list[Row]:
    rows = []
    for topic, label in TEXT_TOPICS:
        cells = []
        for name in ids:
            claims = [claim for claim in read.condition_claims(db, name, topic) if claim.audience != "patient"]
            said = tuple(Said(claim.text, claim.citations) for claim in claims)
            text = " ".join(one.text for one in said)
            cells.append(Cell(text, said=said) if text else Cell(NOT_STATED, MARKS[""]))
        rows.append(Row("In words", label, tuple(cells)))
    return rows
