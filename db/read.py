"""Typed reads of the compiled knowledge base: plain functions from a connection to named tuples.

They only read and give back what is there, in a fixed order; nothing is concluded here. A missing id gives None or an
empty list. A damaged file raises sqlite3.DatabaseError, which callers at the edge turn into one line.

Rows are named tuples, because every start of the program imports this: thirty frozen dataclasses take 15 ms more, and
annotations that are kept as text, which typing has to compile, another 3.
"""

import sqlite3
import typing
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, cast

Connection = sqlite3.Connection
Entity = TypeVar("Entity")


class About(NamedTuple):
    """The identity of the knowledge base; dates are ISO texts (YYYY-MM-DD), `hash` is a SHA-256 in hex."""

    id: str
    title: str
    version: str
    content_date: str
    review_date: str
    hash: str
    intended_use: str
    not_for: str
    review_note: str
    safety_net: str


class Source(NamedTuple):
    id: str
    kind: str
    author: str
    year: str
    title: str
    reference: str
    address: str
    grade: str


class Citation(NamedTuple):
    """One source of one claim, and the line of it where it is an article; `source` is None for an editorial claim."""

    source: Source | None
    locator: str = ""

    @property
    def id(self) -> str:
        """The citation as content writes it: `nice-ng59`, `article-000#L27`, or `editorial`."""
        if self.source is None:
            return "editorial"
        return f"{self.source.id}#{self.locator}" if self.locator else self.source.id


class Region(NamedTuple):
    id: str
    label: str
    lay_label: str
    side: str
    parent: str | None


class Movement(NamedTuple):
    id: str
    kind: str
    label: str
    lay_label: str
    joint_actions: str
    loads: str
    common: bool
    complaint: bool
    note: str


class Finding(NamedTuple):
    id: str
    kind: str
    tier: str
    label: str
    lay_label: str
    question: str
    region: str | None
    movement: str | None
    opposite: str | None
    finding_group: str | None
    broader: str | None
    red_flag: bool
    way: str
    training: str


class Contributor(NamedTuple):
    id: str
    label: str
    lay_label: str
    kind: str
    modifiable: str


class Condition(NamedTuple):
    id: str
    label: str
    short_label: str
    lay_label: str
    kind: str
    family: str
    urgency: str
    urgency_note: str
    icd10cm: str
    icd10cm_label: str
    review_date: str
    complete: bool

    @property
    def grave(self) -> bool:
        """Whether the condition is an emergency or urgent."""
        return self.urgency in ("emergency", "urgent")


class Treatment(NamedTuple):
    """A treatment or self-care measure; `patient` is the instruction that may be printed, empty where there is none."""

    id: str
    label: str
    lay_label: str
    kind: str
    offer: str
    patient: str
    note: str


class Exercise(NamedTuple):
    """An exercise with its starting dose as the dose's source gives it: digits and ranges, empty where not stated."""

    id: str
    label: str
    lay_label: str
    kind: str
    family: str
    sided: bool
    equipment: str
    start: str
    sets: str
    reps: str
    hold_seconds: str
    duration_minutes: str
    times_a_day: str
    days_a_week: str
    dose_note: str
    dose_source: str | None


class Frame(NamedTuple):
    """One drawn position of a figure: SVG for paper, braille or half-block cells for the terminal, and words (`alt`).

    `wide` and `high` are in hundredths of a body's height, the same for every frame of a figure.
    """

    name: str
    alt: str
    svg: str
    braille: str
    blocks: str
    wide: float
    high: float


class ChartView(NamedTuple):
    """The body from the `front` or `back`: SVG path data on `wide` by `high` units, and cells for the terminal.

    `grid` has one mark a cell: the letter of the area that owns it, a dot for the rest of the body, a space beside it.
    `pale` and `solid` are braille pictures of the same cells; a chosen cell is taken from the second.
    """

    view: str
    path: str
    wide: float
    high: float
    grid: str
    pale: str
    solid: str


class ChartArea(NamedTuple):
    """A region on one side of a view. `side` is the person's own: left, right, or empty for the midline."""

    region: str
    side: str
    view: str
    mark: str
    path: str
    hatch: str


class Step(NamedTuple):
    role: str
    text: str


class Claim(NamedTuple):
    """One text about a condition or exercise, with every source it rests on."""

    topic: str
    text: str
    audience: str
    role: str
    stance: str
    treatment: str | None
    urgency_basis: str
    editorial: bool
    citations: tuple[Citation, ...]


class Concern(NamedTuple):
    """A question about worry, mood, work or hopes, and the advice for who says yes."""

    id: str
    question: str
    claim: Claim


class Link(NamedTuple):
    """One tie between a condition and a movement, finding, contributor or treatment, resting on one source.

    `relation` is the link's own word: aggravates, relieves, hinders, tests; a strength for findings; a stance for
    treatments; contributes for contributors. `scope` is empty for ties that no article list stands behind.
    """

    condition: str
    kind: str
    id: str
    label: str
    relation: str
    strength: str
    scope: str
    umbrella: str | None
    note: str
    citation: Citation


class RedFlag(NamedTuple):
    id: str
    label: str
    lay_label: str
    urgency: str
    urgency_basis: str
    action: str
    stop_box: str
    note: str
    suspects: tuple[str, ...]
    findings: tuple[str, ...]
    citations: tuple[Citation, ...]


class Statement(NamedTuple):
    """A short text of an article: a symptom, a fact, or the answer to `question`."""

    text: str
    question: str
    note: str
    citation: Citation


class Contradiction(NamedTuple):
    id: str
    topic: str
    one: str
    other: str
    handling: str
    one_citations: tuple[Citation, ...]
    other_citations: tuple[Citation, ...]


class Ratio(NamedTuple):
    """The accuracy of a finding, case field or cluster for a condition; figures are texts, exactly as published.

    `subject` is finding, absent, field or cluster; `side` says which ratio may be used (both, pos, neg, none); `chosen`
    marks the one row of several for the same thing that counts, `reason` says why it does; `only` is the age of those
    studied, where the ratio holds for them alone.
    """

    row: str
    condition: str
    subject: str
    finding: str | None
    name: str
    rule: str
    members: str
    sens: str
    spec: str
    lr_pos: str
    lr_neg: str
    interval: str
    origin: str
    side: str
    comparator: str
    only: str
    population: str
    reference_standard: str
    study: str
    people: str
    use: str
    chosen: bool
    reason: str
    label: str
    citation: Citation


class StudyNote(NamedTuple):
    """What a study says of a finding that is no likelihood ratio."""

    condition: str
    finding: str
    label: str
    figures: str
    reason: str
    population: str
    citation: Citation


class GuidelineStatement(NamedTuple):
    """What one body says of one measure for a condition; `disputed_by` are the bodies that say otherwise."""

    id: str
    treatment: str | None
    label: str
    stance: str
    text: str
    body: str
    year: str
    strength: str
    grade: str
    disputed_by: tuple[str, ...]
    citations: tuple[Citation, ...]


class RedFlagEvidence(NamedTuple):
    """One row of evidence behind a warning sign, and what it means for the screen."""

    id: str
    red_flag: str | None
    text: str
    meaning: str
    urgency: str
    urgency_basis: str
    citations: tuple[Citation, ...]


class Bar(NamedTuple):
    """A reason not to offer a treatment: with a condition, or with a finding of this person."""

    treatment: str
    condition: str | None
    finding: str | None
    reason: str
    label: str
    citation: Citation


def _names(kind: type) -> tuple[str, ...]:
    """The names of the fields of one of the kinds of rows above."""
    return cast(Any, kind)._fields  # type: ignore[no-any-return]


@cache
def _flags(kind: type) -> frozenset[str]:
    return frozenset(name for name, hint in typing.get_type_hints(kind).items() if hint is bool)


def _make(kind: type[Entity], row: sqlite3.Row) -> Entity:
    """An entity from a row that has a column for each of its fields, and perhaps others."""
    flags = _flags(cast(Any, kind))
    return kind(*(bool(row[name]) if name in flags else row[name] for name in _names(kind)))


def _columns(kind: type, alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in _names(kind))


def _all(db: Connection, kind: type[Entity], query: str, values: Sequence[object] = ()) -> list[Entity]:
    return [_make(kind, row) for row in db.execute(query, values)]


def _first(db: Connection, kind: type[Entity], query: str, values: Sequence[object]) -> Entity | None:
    row = db.execute(query, values).fetchone()
    return _make(kind, row) if row else None


def marks(values: Collection[object]) -> str:
    """As many question marks as there are values, for an SQL list."""
    return ", ".join("?" * len(values))


def about(db: Connection) -> About:
    """The identity of the knowledge base."""
    return About(**{row["key"]: row["value"] for row in db.execute("SELECT key, value FROM meta")})


def regions(db: Connection) -> list[Region]:
    return _all(db, Region, f"SELECT {_columns(Region, 'r')} FROM region r ORDER BY position")


def movements(db: Connection) -> list[Movement]:
    """Every movement, the common complaints first."""
    return _all(
        db,
        Movement,
        f"SELECT {_columns(Movement, 'm')} FROM movement m ORDER BY common DESC, complaint DESC, position",
    )


def findings(db: Connection) -> list[Finding]:
    return _all(db, Finding, f"SELECT {_columns(Finding, 'f')} FROM finding f ORDER BY position")


def contributors(db: Connection) -> list[Contributor]:
    return _all(db, Contributor, f"SELECT {_columns(Contributor, 'c')} FROM contributor c ORDER BY label")


def conditions(db: Connection) -> list[Condition]:
    return _all(db, Condition, f"SELECT {_columns(Condition, 'c')} FROM condition c ORDER BY kind, label")


def treatments(db: Connection) -> list[Treatment]:
    """Every treatment and self-care measure, exercises among them."""
    return _all(db, Treatment, f"SELECT {_columns(Treatment, 't')} FROM treatment t ORDER BY label")


_EXERCISE = """
    SELECT t.id, t.label, t.lay_label, t.kind, e.family, e.sided, e.equipment, e.start, e.sets, e.reps, e.hold_seconds,
           e.duration_minutes, e.times_a_day, e.days_a_week, e.dose_note, e.dose_source
    FROM exercise e JOIN treatment t ON t.id = e.id"""


def exercises(db: Connection) -> list[Exercise]:
    return _all(db, Exercise, f"{_EXERCISE} ORDER BY t.label")


def sources(db: Connection) -> list[Source]:
    return _all(db, Source, f"SELECT {_columns(Source, 's')} FROM source s ORDER BY s.id")


def condition(db: Connection, name: str) -> Condition | None:
    return _first(db, Condition, f"SELECT {_columns(Condition, 'c')} FROM condition c WHERE id = ?", (name,))


def movement(db: Connection, name: str) -> Movement | None:
    return _first(db, Movement, f"SELECT {_columns(Movement, 'm')} FROM movement m WHERE id = ?", (name,))


def finding(db: Connection, name: str) -> Finding | None:
    return _first(db, Finding, f"SELECT {_columns(Finding, 'f')} FROM finding f WHERE id = ?", (name,))


def region(db: Connection, name: str) -> Region | None:
    return _first(db, Region, f"SELECT {_columns(Region, 'r')} FROM region r WHERE id = ?", (name,))


def contributor(db: Connection, name: str) -> Contributor | None:
    return _first(db, Contributor, f"SELECT {_columns(Contributor, 'c')} FROM contributor c WHERE id = ?", (name,))


def treatment(db: Connection, name: str) -> Treatment | None:
    return _first(db, Treatment, f"SELECT {_columns(Treatment, 't')} FROM treatment t WHERE id = ?", (name,))


def exercise(db: Connection, name: str) -> Exercise | None:
    return _first(db, Exercise, f"{_EXERCISE} WHERE e.id = ?", (name,))


def source(db: Connection, name: str) -> Source | None:
    return _first(db, Source, f"SELECT {_columns(Source, 's')} FROM source s WHERE id = ?", (name,))


_SOURCE_FIELDS = tuple(f"s_{name}" for name in Source._fields)
_SOURCE_COLUMNS = ", ".join(f"s.{name.removeprefix('s_')} AS {name}" for name in _SOURCE_FIELDS)


def _citation(row: sqlite3.Row) -> Citation:
    if row["s_id"] is None or ("editorial" in row.keys() and row["editorial"]):  # noqa: SIM118
        return Citation(None, "")
    return Citation(Source(*(row[name] for name in _SOURCE_FIELDS)), row["locator"] or "")


def steps(db: Connection, exercise_id: str) -> list[Step]:
    return _all(db, Step, "SELECT role, text FROM exercise_step WHERE exercise = ? ORDER BY position", (exercise_id,))


def figure(db: Connection, treatment_id: str) -> list[Frame]:
    """The frames of the figure of an exercise or work-around, the start first; none where there is no figure."""
    return _all(db, Frame, "SELECT * FROM figure WHERE treatment = ? ORDER BY position", (treatment_id,))


def chart_views(db: Connection) -> list[ChartView]:
    """The views of the body chart, the front first."""
    return _all(db, ChartView, f"SELECT {_columns(ChartView, 'v')} FROM chart_view v ORDER BY position")


def chart_view(db: Connection, view: str) -> ChartView | None:
    """The `front` or `back` of the body chart."""
    return _first(db, ChartView, f"SELECT {_columns(ChartView, 'v')} FROM chart_view v WHERE view = ?", (view,))


def chart_areas(db: Connection, view: str) -> list[ChartArea]:
    """The areas of a view of the body chart."""
    return _all(
        db, ChartArea, f"SELECT {_columns(ChartArea, 'a')} FROM chart_area a WHERE view = ? ORDER BY position", (view,)
    )


def _claims(db: Connection, where: str, values: Sequence[object]) -> list[Claim]:
    cited: dict[int, list[Citation]] = {}
    query = f"""
        SELECT x.claim, x.locator, {_SOURCE_COLUMNS} FROM claim k JOIN claim_source x ON x.claim = k.id
        JOIN source s ON s.id = x.source WHERE {where} ORDER BY x.claim, x.position"""
    for row in db.execute(query, values):
        cited.setdefault(row["claim"], []).append(_citation(row))
    return [
        Claim(
            row["topic"],
            row["text"],
            row["audience"],
            row["role"],
            row["stance"],
            row["treatment"],
            row["urgency_basis"],
            bool(row["editorial"]),
            tuple(cited.get(row["id"], [Citation(None)])),
        )
        for row in db.execute(f"SELECT k.* FROM claim k WHERE {where} ORDER BY k.id", values)
    ]


def condition_claims(db: Connection, condition_id: str, topic: str | None = None) -> list[Claim]:
    """The texts about a condition, in their order; of one topic only when it is given."""
    if topic is None:
        return _claims(db, "k.condition = ?", (condition_id,))
    return _claims(db, "k.condition = ? AND k.topic = ?", (condition_id, topic))


def exercise_claims(db: Connection, exercise_id: str) -> list[Claim]:
    """The texts about an exercise: why, feel, mistake, easier, harder, stop."""
    return _claims(db, "k.exercise = ?", (exercise_id,))


def sheet_claims(db: Connection, topic: Literal["pain_rule", "pain_limit", "follow_up"]) -> list[Claim]:
    """The general texts of a plan: the rule on pain (`role` says what to do), published limits, when to come back."""
    return _claims(db, "k.condition IS NULL AND k.exercise IS NULL AND k.topic = ?", (topic,))


def concerns(db: Connection) -> list[Concern]:
    """The questions about worry, mood, work and hopes, in their order, each with the advice that a yes adds."""
    return [
        Concern(row["id"], row["question"], _claims(db, "k.id = ?", (row["claim"],))[0])
        for row in db.execute("SELECT * FROM concern ORDER BY position")
    ]


def _links(db: Connection, kind: str, query: str, values: Sequence[object]) -> list[Link]:
    return [
        Link(
            row["condition"],
            kind,
            row["id"],
            row["label"],
            row["relation"],
            row["strength"],
            row["scope"],
            row["umbrella"],
            row["note"],
            _citation(row),
        )
        for row in db.execute(query, values)
    ]


def _link_query(table: str, entity: str, relation: str, strength: str, scope: str, umbrella: str, where: str) -> str:
    return f"""
        SELECT l.condition, e.id AS id, e.label AS label, {relation} AS relation, {strength} AS strength,
               {scope} AS scope, {umbrella} AS umbrella, l.note, l.editorial, l.locator, {_SOURCE_COLUMNS}
        FROM {table} l JOIN {entity} e ON e.id = l.{entity} LEFT JOIN source s ON s.id = l.source
        WHERE {where} ORDER BY l.rowid"""


def movement_links(db: Connection, condition_ids: Sequence[str]) -> list[Link]:
    """Every tie of these conditions to movements."""
    where = f"l.condition IN ({marks(condition_ids)})"
    query = _link_query("condition_movement", "movement", "l.relation", "l.strength", "l.scope", "l.umbrella", where)
    return _links(db, "movement", query, condition_ids)


def conditions_of_movement(db: Connection, movement_id: str) -> list[Link]:
    """Every tie of this movement to conditions."""
    query = _link_query(
        "condition_movement", "movement", "l.relation", "l.strength", "l.scope", "l.umbrella", "l.movement = ?"
    )
    return _links(db, "movement", query, (movement_id,))


def finding_links(db: Connection, condition_ids: Sequence[str]) -> list[Link]:
    """Every tie of these conditions to findings."""
    where = f"l.condition IN ({marks(condition_ids)})"
    query = _link_query("condition_finding", "finding", "l.strength", "l.strength", "l.scope", "l.umbrella", where)
    return _links(db, "finding", query, condition_ids)


def conditions_of_finding(db: Connection, finding_ids: Sequence[str]) -> list[Link]:
    """Every tie of these findings to conditions."""
    where = f"l.finding IN ({marks(finding_ids)})"
    query = _link_query("condition_finding", "finding", "l.strength", "l.strength", "l.scope", "l.umbrella", where)
    return _links(db, "finding", query, finding_ids)


def contributor_links(db: Connection, condition_id: str) -> list[Link]:
    query = _link_query("condition_contributor", "contributor", "'contributes'", "''", "''", "NULL", "l.condition = ?")
    return _links(db, "contributor", query, (condition_id,))


def conditions_of_contributor(db: Connection, contributor_id: str) -> list[Link]:
    query = _link_query("condition_contributor", "contributor", "'contributes'", "''", "''", "NULL", "l.contributor = ?")
    return _links(db, "contributor", query, (contributor_id,))


def treatment_links(db: Connection, condition_id: str) -> list[Link]:
    query = _link_query("condition_treatment", "treatment", "l.stance", "''", "l.scope", "l.umbrella", "l.condition = ?")
    return _links(db, "treatment", query, (condition_id,))


def conditions_of_treatment(db: Connection, treatment_id: str) -> list[Link]:
    query = _link_query("condition_treatment", "treatment", "l.stance", "''", "l.scope", "l.umbrella", "l.treatment = ?")
    return _links(db, "treatment", query, (treatment_id,))


def region_links(db: Connection, condition_ids: Sequence[str]) -> dict[str, list[Region]]:
    """The regions of each condition, the main one first."""
    found: dict[str, list[Region]] = {name: [] for name in condition_ids}
    query = f"""
        SELECT l.condition, {_columns(Region, "r")} FROM condition_region l JOIN region r ON r.id = l.region
        WHERE l.condition IN ({marks(condition_ids)}) ORDER BY l.condition, l.position"""
    for row in db.execute(query, condition_ids):
        found[row["condition"]].append(_make(Region, row))
    return found


def conditions_of_region(
    db: Connection, region_ids: Sequence[str], conditions: Sequence[str] | None = None
) -> dict[str, dict[str, int]]:
    """The conditions of each of these regions, by region, with the region's place in the condition's list (0 is main).
    All of those conditions, or only the ones given."""
    found: dict[str, dict[str, int]] = {name: {} for name in region_ids}
    where, values = _only(region=region_ids, condition=conditions)
    for row in db.execute(f"SELECT region, condition, position FROM condition_region WHERE {where}", values):
        found[row["region"]][row["condition"]] = row["position"]
    return found


def synonyms(db: Connection, kind: Literal["region", "movement", "finding", "condition"], name: str) -> list[str]:
    """The synonyms of a region, movement, finding or condition."""
    return [row["text"] for row in db.execute(f"SELECT text FROM synonym WHERE {kind} = ? ORDER BY rowid", (name,))]


def condition_synonyms(db: Connection) -> dict[str, list[str]]:
    """The synonyms of every condition."""
    found: dict[str, list[str]] = {}
    for row in db.execute("SELECT condition, text FROM synonym WHERE condition IS NOT NULL ORDER BY rowid"):
        found.setdefault(row["condition"], []).append(row["text"])
    return found


def movement_findings(db: Connection) -> dict[str, dict[str, str]]:
    """For each movement, the finding that says it aggravates, relieves or is hindered."""
    found: dict[str, dict[str, str]] = {}
    for row in db.execute("SELECT movement, relation, finding FROM movement_finding ORDER BY rowid"):
        found.setdefault(row["movement"], {})[row["relation"]] = row["finding"]
    return found


def workarounds(db: Connection, movement_ids: Iterable[str]) -> list[tuple[str, Treatment]]:
    """The treatments that serve as work-around for these movements, as (movement id, treatment)."""
    wanted = list(movement_ids)
    query = f"""
        SELECT l.movement, {_columns(Treatment, "t")} FROM movement_treatment l JOIN treatment t ON t.id = l.treatment
        WHERE l.movement IN ({marks(wanted)}) AND t.offer <> 'no' AND t.patient <> '' ORDER BY l.rowid"""
    return [(row["movement"], _make(Treatment, row)) for row in db.execute(query, wanted)]


def movements_of_treatment(db: Connection, treatment_id: str) -> list[Movement]:
    query = f"""
        SELECT {_columns(Movement, "m")} FROM movement_treatment l JOIN movement m ON m.id = l.movement
        WHERE l.treatment = ? ORDER BY l.rowid"""
    return _all(db, Movement, query, (treatment_id,))


def treatment_citations(db: Connection, treatment_id: str, part: str = "text") -> list[Citation]:
    """The sources of a treatment's own text, or (part 'note') of the note on it."""
    query = f"""
        SELECT x.locator, {_SOURCE_COLUMNS} FROM treatment_source x JOIN source s ON s.id = x.source
        WHERE x.treatment = ? AND x.part = ? ORDER BY x.rowid"""
    return [_citation(row) for row in db.execute(query, (treatment_id, part))]


def treatment_conditions(db: Connection) -> dict[str, list[str]]:
    """The conditions that each treatment or exercise is tied to, by treatment."""
    found: dict[str, list[str]] = {}
    query = """
        SELECT treatment, condition FROM condition_treatment
        UNION SELECT exercise, condition FROM exercise_condition ORDER BY 1, 2"""
    for row in db.execute(query):
        found.setdefault(row[0], []).append(row[1])
    return found


def treatment_sources(db: Connection) -> dict[str, list[str]]:
    """The source ids behind each treatment or exercise: its text, its dose, its ties."""
    found: dict[str, list[str]] = {}
    query = """
        SELECT treatment, source FROM treatment_source UNION SELECT id, dose_source FROM exercise
        UNION SELECT treatment, source FROM condition_treatment WHERE source IS NOT NULL
        UNION SELECT treatment, source FROM treatment_statement WHERE source IS NOT NULL
        UNION SELECT exercise, source FROM exercise_condition WHERE source IS NOT NULL
        UNION SELECT k.exercise, x.source FROM claim k JOIN claim_source x ON x.claim = k.id WHERE k.exercise IS NOT NULL
        ORDER BY 1, 2"""
    for row in db.execute(query):
        found.setdefault(row[0], []).append(row[1])
    return found


def exercises_for(db: Connection, condition_ids: Sequence[str]) -> list[tuple[str, str, Exercise]]:
    """The exercises that serve these conditions, as (condition id, phase, exercise), settling ones first."""
    query = f"""
        SELECT DISTINCT l.condition, l.phase, e.* FROM exercise_condition l JOIN ({_EXERCISE}) e ON e.id = l.exercise
        WHERE l.condition IN ({marks(condition_ids)})
        ORDER BY CASE l.phase WHEN 'settle' THEN 0 WHEN 'build' THEN 1 ELSE 2 END, e.label"""
    return [(row["condition"], row["phase"], _make(Exercise, row)) for row in db.execute(query, condition_ids)]


def usual_workarounds(db: Connection, condition_ids: Sequence[str]) -> list[Treatment]:
    """The work-arounds that a plan for these conditions starts with where no movement is named, in turn from each."""
    query = f"""
        SELECT t.* FROM condition_workaround w JOIN treatment t ON t.id = w.treatment
        WHERE w.condition IN ({marks(condition_ids)}) GROUP BY t.id ORDER BY min(w.position), min(w.rowid)"""
    return _all(db, Treatment, query, list(condition_ids))


def clashes(db: Connection, treatment_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Which work-arounds of these speak against which exercises of these, as (treatment id, exercise id)."""
    among = marks(treatment_ids)
    query = f"SELECT * FROM treatment_clash WHERE treatment IN ({among}) AND exercise IN ({among}) ORDER BY rowid"
    return [(row["treatment"], row["exercise"]) for row in db.execute(query, (*treatment_ids, *treatment_ids))]


def phases(db: Connection, condition_ids: Sequence[str]) -> list[str]:
    """The phases for which these conditions have a plan template, the one taken unasked first."""
    query = f"""
        SELECT phase FROM template_exercise WHERE condition IN ({marks(condition_ids)})
        GROUP BY phase ORDER BY min(phase_order), CASE phase WHEN 'settle' THEN 0 WHEN 'build' THEN 1 ELSE 2 END"""
    return [row["phase"] for row in db.execute(query, condition_ids)]


def template(db: Connection, condition_ids: Sequence[str], phase: str) -> list[str]:
    """The exercises that a plan for these conditions starts with in this phase: those named by more of them first."""
    query = f"""
        SELECT exercise FROM template_exercise WHERE condition IN ({marks(condition_ids)}) AND phase = ?
        GROUP BY exercise ORDER BY count(*) DESC, min(position), exercise"""
    return [row["exercise"] for row in db.execute(query, (*condition_ids, phase))]


def served_by(db: Connection, exercise_id: str) -> list[tuple[str, str, Citation]]:
    """The conditions that an exercise serves, as (condition id, phase, citation)."""
    query = f"""
        SELECT l.condition, l.phase, l.editorial, l.locator, {_SOURCE_COLUMNS} FROM exercise_condition l
        LEFT JOIN source s ON s.id = l.source WHERE l.exercise = ? ORDER BY l.rowid"""
    return [(row["condition"], row["phase"], _citation(row)) for row in db.execute(query, (exercise_id,))]


def barred(
    db: Connection, treatment_ids: Sequence[str], conditions: Collection[str], findings: Collection[str]
) -> set[str]:
    """Those of these treatments or exercises that are not to be offered with one of these conditions or findings."""
    query = f"""
        SELECT treatment FROM treatment_bar WHERE treatment IN ({marks(treatment_ids)})
        AND (condition IN ({marks(conditions)}) OR finding IN ({marks(findings)}))"""
    return {row[0] for row in db.execute(query, (*treatment_ids, *conditions, *sorted(findings)))}


def bars(db: Connection, treatment_ids: Sequence[str]) -> list[Bar]:
    """Every reason not to offer these treatments or exercises."""
    query = f"""
        SELECT b.treatment, b.condition, b.finding, b.reason, b.editorial, b.locator,
               coalesce(c.label, f.label) AS label, {_SOURCE_COLUMNS}
        FROM treatment_bar b LEFT JOIN condition c ON c.id = b.condition LEFT JOIN finding f ON f.id = b.finding
             LEFT JOIN source s ON s.id = b.source
        WHERE b.treatment IN ({marks(treatment_ids)}) ORDER BY b.rowid"""
    return [
        Bar(row["treatment"], row["condition"], row["finding"], row["reason"], row["label"], _citation(row))
        for row in db.execute(query, treatment_ids)
    ]


def _cited_by(db: Connection, table: str, owner: str) -> dict[str, list[Citation]]:
    found: dict[str, list[Citation]] = {}
    query = (
        f"SELECT x.{owner}, x.locator, {_SOURCE_COLUMNS} FROM {table} x JOIN source s ON s.id = x.source ORDER BY x.rowid"
    )
    for row in db.execute(query):
        found.setdefault(row[owner], []).append(_citation(row))
    return found


def red_flags(db: Connection) -> list[RedFlag]:
    """Every warning sign, in the order of the content."""
    suspects = _lines(db, "red_flag_condition", "red_flag", "condition")
    signs = _lines(db, "red_flag_finding", "red_flag", "finding")
    cited = _cited_by(db, "red_flag_source", "red_flag")
    return [
        RedFlag(
            row["id"],
            row["label"],
            row["lay_label"],
            row["urgency"],
            row["urgency_basis"],
            row["action"],
            row["stop_box"],
            row["note"],
            suspects.get(row["id"], ()),
            signs.get(row["id"], ()),
            tuple(cited.get(row["id"], [])),
        )
        for row in db.execute("SELECT * FROM red_flag ORDER BY position")
    ]


_RATIO_COLUMNS = ", ".join(f"r.{name}" for name in Ratio._fields if name not in ("label", "citation"))


def ratios(db: Connection, condition_id: str | None = None, finding_id: str | None = None) -> list[Ratio]:
    """The accuracy figures of a condition, or of a finding, or (with neither given) all of them."""
    where, values = "1", []
    if condition_id is not None:
        where, values = "r.condition = ?", [condition_id]
    elif finding_id is not None:
        where, values = "r.finding = ?", [finding_id]
    query = f"""
        SELECT {_RATIO_COLUMNS}, coalesce(f.label, r.name) AS label, '' AS locator, {_SOURCE_COLUMNS}
        FROM likelihood_ratio r LEFT JOIN finding f ON f.id = r.finding JOIN source s ON s.id = r.source
        WHERE {where} ORDER BY r.rowid"""
    found = []
    for row in db.execute(query, values):
        stated: dict[str, Any] = {name: row[name] for name in Ratio._fields if name != "citation"}
        found.append(Ratio(**stated | {"chosen": bool(row["chosen"]), "citation": _citation(row)}))
    return found


def study_notes(db: Connection, condition_id: str) -> list[StudyNote]:
    """What studies say of this condition's findings that is no likelihood ratio."""
    query = f"""
        SELECT n.*, f.label, '' AS locator, {_SOURCE_COLUMNS} FROM study_note n
        JOIN finding f ON f.id = n.finding JOIN source s ON s.id = n.source WHERE n.condition = ? ORDER BY n.rowid"""
    return [
        StudyNote(
            row["condition"], row["finding"], row["label"], row["figures"], row["reason"], row["population"], _citation(row)
        )
        for row in db.execute(query, (condition_id,))
    ]


def guideline_statements(db: Connection, condition_id: str) -> list[GuidelineStatement]:
    """What bodies say of the management of a condition, by measure."""
    cited = _cited_by(db, "guideline_statement_source", "guideline_statement")
    disputes: dict[str, list[str]] = {}
    query = """
        SELECT d.guideline_statement, g.body, g.year FROM guideline_dispute d
        JOIN guideline_statement g ON g.id = d.disputed_by ORDER BY d.rowid"""
    for row in db.execute(query):
        disputes.setdefault(row["guideline_statement"], []).append(f"{row['body']} {row['year']}".strip())
    query = """
        SELECT g.*, coalesce(t.label, '') AS label FROM guideline_statement_condition l
        JOIN guideline_statement g ON g.id = l.guideline_statement LEFT JOIN treatment t ON t.id = g.treatment
        WHERE l.condition = ? ORDER BY label = '', label, g.id"""
    return [
        GuidelineStatement(
            row["id"],
            row["treatment"],
            row["label"],
            row["stance"],
            row["text"],
            row["body"],
            row["year"],
            row["strength"],
            row["grade"],
            tuple(dict.fromkeys(disputes.get(row["id"], []))),
            tuple(cited.get(row["id"], [])),
        )
        for row in db.execute(query, (condition_id,))
    ]


def red_flag_evidence(
    db: Connection, red_flag_id: str | None = None, condition_id: str | None = None
) -> list[RedFlagEvidence]:
    """The evidence behind a warning sign, or about a condition."""
    cited = _cited_by(db, "red_flag_evidence_source", "red_flag_evidence")
    where, value = "e.red_flag = ?", red_flag_id
    if condition_id is not None:
        where = "e.id IN (SELECT red_flag_evidence FROM red_flag_evidence_condition WHERE condition = ?)"
        value = condition_id
    return [
        RedFlagEvidence(
            row["id"],
            row["red_flag"],
            row["text"],
            row["meaning"],
            row["urgency"],
            row["urgency_basis"],
            tuple(cited.get(row["id"], [])),
        )
        for row in db.execute(f"SELECT e.* FROM red_flag_evidence e WHERE {where} ORDER BY e.rowid", (value,))
    ]


def _statements(db: Connection, query: str, values: Sequence[object]) -> list[Statement]:
    return [Statement(row["text"], row["question"], row["note"], _citation(row)) for row in db.execute(query, values)]


def symptoms(db: Connection, condition_id: str) -> list[Statement]:
    """What the articles say a condition feels or looks like."""
    query = f"""
        SELECT l.text, '' AS question, l.note, l.editorial, l.locator, {_SOURCE_COLUMNS} FROM condition_symptom l
        LEFT JOIN source s ON s.id = l.source WHERE l.condition = ? AND l.umbrella IS NULL ORDER BY l.rowid"""
    return _statements(db, query, (condition_id,))


def facts(db: Connection, condition_id: str) -> list[Statement]:
    """The facts of the articles that explain a condition."""
    query = f"""
        SELECT f.text, '' AS question, '' AS note, f.locator, {_SOURCE_COLUMNS} FROM fact_condition l
        JOIN fact f ON f.id = l.fact JOIN source s ON s.id = f.source WHERE l.condition = ? ORDER BY f.id"""
    return _statements(db, query, (condition_id,))


def answers(db: Connection, condition_id: str) -> list[Statement]:
    """The questions that the articles answer about a condition."""
    query = f"""
        SELECT a.text, a.question, '' AS note, a.locator, {_SOURCE_COLUMNS} FROM answer_condition l
        JOIN answer a ON a.id = l.answer JOIN source s ON s.id = a.source WHERE l.condition = ? ORDER BY a.id"""
    return _statements(db, query, (condition_id,))


def contradictions(db: Connection, condition_id: str | None = None, treatment_id: str | None = None) -> list[Contradiction]:
    """Where sources disagree: about a condition, about a treatment, or (with neither given) all of them."""
    if condition_id is not None:
        where, values = "id IN (SELECT contradiction FROM contradiction_condition WHERE condition = ?)", [condition_id]
    elif treatment_id is not None:
        where, values = "id IN (SELECT contradiction FROM contradiction_treatment WHERE treatment = ?)", [treatment_id]
    else:
        where, values = "1", []
    cited: dict[tuple[str, str], list[Citation]] = {}
    query = f"""
        SELECT x.contradiction, x.side, x.locator, {_SOURCE_COLUMNS} FROM contradiction_source x
        JOIN source s ON s.id = x.source
        WHERE x.contradiction IN (SELECT id FROM contradiction WHERE {where}) ORDER BY x.rowid"""
    for row in db.execute(query, values):
        cited.setdefault((row["contradiction"], row["side"]), []).append(_citation(row))
    return [
        Contradiction(
            row["id"],
            row["topic"],
            row["one"],
            row["other"],
            row["handling"],
            tuple(cited.get((row["id"], "one"), [])),
            tuple(cited.get((row["id"], "other"), [])),
        )
        for row in db.execute(f"SELECT * FROM contradiction WHERE {where} ORDER BY rowid", values)
    ]


class Rule(NamedTuple):
    """When a warning sign shows: every line of `when` holds and none of `unless`, which a line of `despite` lifts."""

    id: str
    red_flag: str
    label: str
    tier: str
    urgency: str
    urgency_basis: str
    evidence: str
    action: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    despite: tuple[str, ...]
    suspects: tuple[str, ...]
    citations: tuple[Citation, ...]


class SafetyQuestion(NamedTuple):
    """One question of the safety set; `findings` are what a no denies, the first of them what a yes affirms."""

    id: str
    finding: str
    text: str
    why: str
    findings: tuple[str, ...]
    when: tuple[str, ...]
    unless: tuple[str, ...]


class Prior(NamedTuple):
    """How common a condition is in a setting; `share` is the published figure among `among`, empty where there is none."""

    condition: str
    setting: str
    prior_class: str
    share: str
    among: str
    note: str
    citations: tuple[Citation, ...]


class PriorClass(NamedTuple):
    """How common a condition is in a setting: very-common, common, uncommon or rare."""

    condition: str
    setting: str
    prior_class: str


class Accuracy(NamedTuple):
    """Of a row of `Ratio` that counts, what a ranking reckons with."""

    row: str
    condition: str
    subject: str
    finding: str | None
    name: str
    rule: str
    members: str
    lr_pos: str
    lr_neg: str
    side: str
    only: str
    use: str


class Profile(NamedTuple):
    """How a field of the case speaks for or against a condition."""

    condition: str
    field: str
    strength: str
    note: str
    citations: tuple[Citation, ...]


def common_with(db: Connection) -> dict[str, tuple[str, str]]:
    """The groups whose findings say less beside another complaint: group -> (that finding, the source of it)."""
    query = "SELECT finding_group, finding, source FROM common_with ORDER BY rowid"
    return {row[0]: (row[1], row[2]) for row in db.execute(query)}


def finding_group_label(db: Connection, group: str) -> str:
    """The label of a finding group; empty for an unknown one."""
    row = db.execute("SELECT label FROM finding_group WHERE id = ?", (group,)).fetchone()
    return str(row["label"]) if row else ""


def _lines(db: Connection, table: str, owner: str, column: str, where: str = "1") -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in db.execute(f"SELECT {owner}, {column} FROM {table} WHERE {where} ORDER BY rowid"):
        found.setdefault(row[owner], []).append(row[column])
    return {name: tuple(values) for name, values in found.items()}


def rules(db: Connection) -> list[Rule]:
    """Every rule of the safety screen, in the order of the content."""
    when = _lines(db, "red_flag_rule_line", "red_flag_rule", "text", "part = 'when'")
    unless = _lines(db, "red_flag_rule_line", "red_flag_rule", "text", "part = 'unless'")
    despite = _lines(db, "red_flag_rule_line", "red_flag_rule", "text", "part = 'despite'")
    suspects = _lines(db, "red_flag_rule_condition", "red_flag_rule", "condition")
    cited = _cited_by(db, "red_flag_rule_source", "red_flag_rule")
    query = """
        SELECT r.id, r.red_flag, r.label, r.tier, r.urgency, r.urgency_basis, r.evidence, f.action
        FROM red_flag_rule r JOIN red_flag f ON f.id = r.red_flag ORDER BY r.position"""
    return [
        Rule(
            row["id"],
            row["red_flag"],
            row["label"],
            row["tier"],
            row["urgency"],
            row["urgency_basis"],
            row["evidence"],
            row["action"],
            when.get(row["id"], ()),
            unless.get(row["id"], ()),
            despite.get(row["id"], ()),
            suspects.get(row["id"], ()),
            tuple(cited.get(row["id"], ())),
        )
        for row in db.execute(query)
    ]


def safety_questions(db: Connection) -> list[SafetyQuestion]:
    """The safety set, in the order to ask."""
    findings = _lines(db, "safety_question_finding", "safety_question", "finding")
    when = _lines(db, "safety_question_line", "safety_question", "text", "part = 'when'")
    unless = _lines(db, "safety_question_line", "safety_question", "text", "part = 'unless'")
    query = "SELECT id, finding, text, why FROM safety_question ORDER BY position"
    return [
        SafetyQuestion(
            row["id"],
            row["finding"],
            row["text"],
            row["why"],
            findings[row["id"]],
            when.get(row["id"], ()),
            unless.get(row["id"], ()),
        )
        for row in db.execute(query)
    ]


def _one_each(
    db: Connection, table: str, condition_id: str | None = None
) -> list[tuple[sqlite3.Row, tuple[Citation, ...]]]:
    """The rows of a table that has one row for each source: each thing once, with all its sources. All conditions' rows,
    or those of one."""
    where, values = ("1", ()) if condition_id is None else ("p.condition = ?", (condition_id,))
    kept = {item["name"] for item in db.execute(f"PRAGMA table_info({table})")} - {"source", "locator", "editorial"}
    found: dict[tuple[Any, ...], tuple[sqlite3.Row, list[Citation]]] = {}
    query = f"""
        SELECT p.*, {_SOURCE_COLUMNS} FROM {table} p LEFT JOIN source s ON s.id = p.source
        WHERE {where} ORDER BY p.rowid"""
    for row in db.execute(query, values):
        key = tuple(row[name] for name in sorted(kept))
        found.setdefault(key, (row, []))[1].append(_citation(row))
    return [(row, tuple(cited)) for row, cited in found.values()]


def priors(db: Connection, condition_id: str | None = None) -> list[Prior]:
    """How common each condition is, or one of them, by setting."""
    return [
        Prior(row["condition"], row["setting"], row["prior_class"], row["share"], row["among"], row["note"], cited)
        for row, cited in _one_each(db, "prior", condition_id)
    ]


def profiles(db: Connection) -> list[Profile]:
    """How age, sex, onset and duration speak for or against each condition."""
    return [
        Profile(row["condition"], row["field"], row["strength"], row["note"], cited)
        for row, cited in _one_each(db, "profile")
    ]


def prior_classes(db: Connection) -> list[PriorClass]:
    """How common each condition is, by setting, in the order of `priors`."""
    return [PriorClass(*row) for row in db.execute("SELECT condition, setting, prior_class FROM prior ORDER BY rowid")]


def profile_strengths(db: Connection) -> list[tuple[str, str, str]]:
    """What `profiles` say, without their sources: (condition, field, strength)."""
    query = """
        SELECT condition, field, strength FROM profile
        GROUP BY condition, field, strength, note ORDER BY min(rowid)"""
    return [(row[0], row[1], row[2]) for row in db.execute(query)]


Only = Sequence[str] | None


def _only(**columns: Only) -> tuple[str, list[str]]:
    """A condition for SQL, and its values: each column is one of those given, or anything (None)."""
    given = {column: wanted for column, wanted in columns.items() if wanted is not None}
    where = " AND ".join(f"{column} IN ({marks(wanted)})" for column, wanted in given.items())
    return where or "1", [value for wanted in given.values() for value in wanted]


def accuracies(db: Connection, findings: Only = None, conditions: Only = None) -> list[Accuracy]:
    """The chosen accuracy figures that can be used as they stand: all of them, or only of these findings or conditions."""
    where, values = _only(finding=findings, condition=conditions)
    query = f"""
        SELECT {", ".join(Accuracy._fields)} FROM likelihood_ratio
        WHERE chosen AND side <> 'none' AND comparator = '' AND {where} ORDER BY rowid"""
    return [Accuracy(*row) for row in db.execute(query, values)]


def strongest_links(db: Connection, findings: Only = None, conditions: Only = None) -> list[tuple[str, str, str]]:
    """For each condition and finding that are linked: (condition, finding, strength), the strongest statement's. All of
    them, or only those of these findings or conditions.

    A link of the condition's own file decides over what an article says, and both over what reached it through a family.
    """
    where, values = _only(finding=findings, condition=conditions)
    query = f"""
        SELECT condition, finding, strength FROM (
            SELECT condition, finding, strength, row_number() OVER (
                PARTITION BY condition, finding
                ORDER BY umbrella IS NOT NULL, scope <> '',
                         CASE strength WHEN 'hallmark' THEN 0 WHEN 'typical' THEN 1 WHEN 'possible' THEN 2 ELSE 3 END
            ) AS place FROM condition_finding WHERE {where}
        ) WHERE place = 1 ORDER BY condition, finding"""
    return [(row[0], row[1], row[2]) for row in db.execute(query, values)]


def strongest_movement_links(
    db: Connection, movements: Only = None, conditions: Only = None
) -> list[tuple[str, str, str, str]]:
    """For each condition and movement that are linked: (condition, movement, relation, strength), the strongest one's.
    All of them, or only those of these movements or conditions.

    What brings on or hinders goes before what relieves; tests of an examiner are left out.
    """
    where, values = _only(movement=movements, condition=conditions)
    query = f"""
        SELECT condition, movement, relation, strength FROM (
            SELECT condition, movement, relation, strength, row_number() OVER (
                PARTITION BY condition, movement
                ORDER BY relation = 'relieves', umbrella IS NOT NULL, scope <> '',
                         CASE strength WHEN 'hallmark' THEN 0 WHEN 'typical' THEN 1 WHEN 'possible' THEN 2 ELSE 3 END
            ) AS place FROM condition_movement WHERE relation <> 'tests' AND {where}
        ) WHERE place = 1 ORDER BY condition, movement"""
    return [(row[0], row[1], row[2], row[3]) for row in db.execute(query, values)]
