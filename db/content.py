"""The shapes of the content: one dataclass per kind of row, and the reader of the whole content folder.

The folder (`db/knowledge/`) holds one file per condition, exercise and source article, and tables of small things.
`read_content` reads shapes only; whether the content is right is for `db.check`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from db.errors import ContentError, Problem
from db.figure.content import Figure, read_figure
from db.rows import ContentFile, Placed, build, read_table

TEXT_TOPICS = (
    "summary",
    "patient",
    "who",
    "course",
    "refer",
    "go_now",
    "management",
    "self_care",
    "keep_doing",
    "step_up",
    "step_back",
    "pain_rule",
    "one_thing",
    "follow_up",
)
Numbers = tuple[int | float, ...]
EXERCISE_TOPICS = ("why", "feel", "mistake", "easier", "harder", "stop")


@dataclass(frozen=True, kw_only=True)
class Knowledge(Placed):
    """The identity of the knowledge base: everything that is the same wherever it is compiled."""

    id: str
    pack: str
    version: str
    content_date: date
    review_date: date
    title: str
    intended_use: str
    not_for: str
    review_note: str
    safety_net: str


@dataclass(frozen=True, kw_only=True)
class Source(Placed):
    """A work that claims cite. `figures` are the numbers in it that may be printed, exactly as they stand there;
    `lines` is how many lines an article has."""

    id: str
    kind: str
    title: str
    author: str = ""
    year: str = ""
    reference: str = ""
    address: str = ""
    grade: str = ""
    figures: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True, kw_only=True)
class Region(Placed):
    id: str
    label: str
    lay_label: str
    side: str
    parent: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Movement(Placed):
    id: str
    group: str
    label: str
    lay_label: str
    joint_actions: str
    loads: str = ""
    common: bool = False
    complaint: bool = False
    synonyms: tuple[str, ...] = ()
    worse: str = ""
    better: str = ""
    hard: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingGroup(Placed):
    """Findings that measure nearly the same thing. `common_with` is a finding beside which they are so common that they
    say less."""

    id: str
    label: str
    why: str
    common_with: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding(Placed):
    id: str
    kind: str
    tier: str
    label: str
    lay_label: str
    question: str = ""
    region: str = ""
    movement: str = ""
    opposite: str = ""
    group: str = ""
    broader: str = ""
    red_flag: bool = False
    way: str = "ask"
    training: str = "none"
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Umbrella(Placed):
    """A complaint or family that the articles name; `conditions`, `movements`, `groups` say where its ties land."""

    id: str
    label: str
    how: str
    conditions: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Contributor(Placed):
    id: str
    label: str
    lay_label: str
    kind: str
    modifiable: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ContributesTo(Placed):
    """A contributor's tie to a condition."""

    contributor: str
    condition: str
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Treatment(Placed):
    """A treatment or self-care measure. `offer` is what guidelines let the program offer: yes, qualified or no.

    `not_with` are exercises that it speaks against on one sheet.
    """

    id: str
    label: str
    lay_label: str
    kind: str
    offer: str
    patient: str = ""
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""
    note_sources: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    not_for_note: str = ""
    not_for_sources: tuple[str, ...] = ()
    not_for_editorial: bool = False


@dataclass(frozen=True, kw_only=True)
class RedFlag(Placed):
    """A warning sign: its words for practitioner and patient, the findings that show it, what it makes one suspect."""

    id: str
    label: str
    lay_label: str
    urgency: str
    urgency_basis: str
    action: str
    findings: tuple[str, ...]
    suspects: tuple[str, ...]
    stop_box: str
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule(Placed):
    """When a warning sign shows: every line of `when` must hold and none of `unless`, in the language of `db.terms`.

    A line of `despite` that holds lifts every `unless`: what is old and has suddenly grown worse is new.

    A rule that escalates changes the disposition, one that informs is shown and recorded. `suspects` and `sources` are
    the sign's own where a rule has none. `evidence` is the figure there is, with its setting, or says that there is none.
    """

    id: str
    red_flag: str
    label: str
    tier: str
    urgency: str
    urgency_basis: str
    when: tuple[str, ...]
    unless: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    evidence: str


@dataclass(frozen=True, kw_only=True)
class SafetyQuestion(Placed):
    """One question of the safety set. Yes makes `finding` present; no makes it and those of `also` absent.

    `also` are what the same words ask for, to be told apart after a yes. A question without `when` is asked of everyone,
    one with it only where the case calls for it (and no line of `unless` holds).
    """

    id: str
    finding: str
    text: str
    why: str
    also: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prior(Placed):
    """How common a condition is among those who come, by setting: a class, and the published figure if there is one."""

    condition: str
    setting: str
    prior_class: str
    share: str = ""
    among: str = ""
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile(Placed):
    """How a field of the case (age, sex, onset, duration) speaks for or against a condition, as a finding would."""

    condition: str
    field: str
    strength: str
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Text(Placed):
    """One claim in words, with its sources."""

    text: str
    sources: tuple[str, ...] = ()
    editorial: bool = False
    audience: str = ""
    role: str = ""
    stance: str = ""
    treatment: str = ""
    urgency_basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Concern(Text):
    """A question about worry, mood, work or hopes; the text is the advice that a yes puts on the sheet."""

    id: str
    question: str


@dataclass(frozen=True, kw_only=True)
class FindingLink(Placed):
    id: str
    strength: str
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MovementLink(Placed):
    id: str
    relation: str
    strength: str
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ContributorLink(Placed):
    id: str
    sources: tuple[str, ...] = ()
    editorial: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ConditionHead(Placed):
    id: str
    label: str
    short_label: str
    lay_label: str
    kind: str
    group: str
    urgency: str
    urgency_note: str = ""
    regions: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    icd10cm: str
    icd10cm_label: str
    review_date: date
    complete: bool
    workarounds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Template(Placed):
    """The exercises that a plan starts with in one phase; the first template of a condition is the one taken unasked."""

    phase: str
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """A condition file: its head, its plan templates, its texts by topic, and its links."""

    head: ConditionHead
    templates: list[Template]
    texts: dict[str, list[Text]]
    findings: list[FindingLink]
    movements: list[MovementLink]
    contributors: list[ContributorLink]


@dataclass(frozen=True, kw_only=True)
class Step(Placed):
    role: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Dose(Placed):
    """A starting dose as one named source gives it (what may stand in a field: db/dose.py), empty where it gives none.

    No source means that no source fit to print gives a dose.
    """

    source: str = ""
    sets: str = ""
    reps: str = ""
    hold_seconds: str = ""
    duration_minutes: str = ""
    times_a_day: str = ""
    days_a_week: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Serves(Placed):
    condition: str
    phase: str
    sources: tuple[str, ...] = ()
    editorial: bool = False


@dataclass(frozen=True, kw_only=True)
class NotFor(Placed):
    id: str
    reason: str
    sources: tuple[str, ...] = ()
    editorial: bool = False


@dataclass(frozen=True, kw_only=True)
class ExerciseHead(Placed):
    id: str
    label: str
    lay_label: str
    kind: str
    group: str
    sided: bool
    equipment: tuple[str, ...] = ()
    patient_start: str


@dataclass(frozen=True)
class Exercise:
    """An exercise file: its head, steps, dose, texts by topic, and links."""

    head: ExerciseHead
    steps: list[Step]
    dose: Dose
    texts: dict[str, list[Text]]
    serves: list[Serves]
    not_for: list[NotFor]


@dataclass(frozen=True, kw_only=True)
class Tie(Placed):
    """What every tie of an article has: its line, the article's own terms, and what they stand for."""

    line: int
    named: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    umbrellas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MovementTie(Tie):
    """One article statement that ties a movement to conditions, contributors or umbrellas."""

    slug: str
    id: str
    relation: str
    scope: str
    finding: str = ""
    note: str = ""
    editorial: bool = False


@dataclass(frozen=True, kw_only=True)
class TreatmentTie(Tie):
    id: str
    scope: str
    caution: str = ""
    editorial: bool = False


@dataclass(frozen=True, kw_only=True)
class SymptomTie(Tie):
    """A symptom or sign that an article states, in our words, with the findings that say the same."""

    text: str
    findings: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Sign(Placed):
    """A warning sign as one article words it; `tier` is that article's urgency, never more."""

    line: int
    text: str
    tier: str
    red_flag: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fact(Placed):
    line: int
    text: str
    conditions: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer(Placed):
    line: int
    question: str
    text: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Article:
    """One source article as rows."""

    source: Source
    movements: list[MovementTie]
    treatments: list[TreatmentTie]
    symptoms: list[SymptomTie]
    signs: list[Sign]
    facts: list[Fact]
    answers: list[Answer]


@dataclass(frozen=True, kw_only=True)
class Contradiction(Placed):
    """Where articles, or an article and a guideline, disagree: both sides, and who decides."""

    id: str
    topic: str
    one: str
    one_sources: tuple[str, ...]
    other: str
    other_sources: tuple[str, ...]
    handling: str
    conditions: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ratio(Placed):
    """The accuracy of one finding, case field or cluster for one condition: figures as texts, exactly as published.

    `only` is the age of the people studied, in the language of `db.terms`: the ratio says nothing of others.
    """

    row: str
    condition: str
    subject: str
    name: str
    rule: str = ""
    members: tuple[str, ...] = ()
    sens: str = ""
    spec: str = ""
    lr_pos: str = ""
    lr_neg: str = ""
    interval: str = ""
    origin: str = ""
    side: str
    comparator: str = ""
    only: str = ""
    population: str = ""
    reference_standard: str = ""
    study: str = ""
    people: str = ""
    use: str
    chosen: bool = False
    reason: str = ""
    source: str


@dataclass(frozen=True, kw_only=True)
class StudyNote(Placed):
    """What a study says of a finding that is no likelihood ratio, and the reason why not."""

    row: str
    condition: str
    finding: str
    values: str = ""
    reason: str
    population: str = ""
    reference_standard: str = ""
    source: str


@dataclass(frozen=True, kw_only=True)
class Statement(Placed):
    """What one body says of one measure; `disputes` names the rows of other bodies that say otherwise."""

    row: str
    conditions: tuple[str, ...]
    treatment: str = ""
    stance: str
    text: str
    body: str
    year: str = ""
    strength: str = ""
    sources: tuple[str, ...]
    grade: str
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence(Placed):
    """One row of evidence behind a warning sign, and what it means for the screen."""

    row: str
    red_flag: str = ""
    conditions: tuple[str, ...] = ()
    text: str
    meaning: str
    urgency: str
    urgency_basis: str
    sources: tuple[str, ...]
    grade: str


@dataclass(frozen=True, kw_only=True)
class ChartArea(Placed):
    """Where a region lies on the body chart, in the shapes of db/figure/chart.py. A paired area has a mirror image."""

    region: str
    view: str
    paired: bool = False
    polygon: tuple[Numbers, ...] = ()
    capsules: tuple[Numbers, ...] = ()
    ellipses: tuple[Numbers, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OffChart(Placed):
    """A region that is no place on the body, and why."""

    region: str
    why: str


@dataclass
class Content:
    """Everything in the content folder."""

    knowledge: Knowledge
    sources: list[Source] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    finding_groups: list[FindingGroup] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    umbrellas: list[Umbrella] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    contributes_to: list[ContributesTo] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    red_flags: list[RedFlag] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    safety_questions: list[SafetyQuestion] = field(default_factory=list)
    priors: list[Prior] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    pain_rules: list[Text] = field(default_factory=list)
    pain_limits: list[Text] = field(default_factory=list)
    follow_ups: list[Text] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    study_notes: list[StudyNote] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    chart_areas: list[ChartArea] = field(default_factory=list)
    off_chart: list[OffChart] = field(default_factory=list)
    files: list[ContentFile] = field(default_factory=list)


def _top(file: ContentFile, *tables: str) -> dict[str, object]:
    return {key: value for key, value in file.data.items() if key not in tables}


def _texts(file: ContentFile, topics: tuple[str, ...], problems: list[Problem]) -> dict[str, list[Text]]:
    return {topic: read_table(Text, file, topic, problems) for topic in topics if topic in file.data}


def _condition(file: ContentFile, problems: list[Problem]) -> Condition | None:
    tables = (*TEXT_TOPICS, "template", "finding", "movement", "contributor")
    head = build(ConditionHead, _top(file, *tables), file.top, problems)
    templates = read_table(Template, file, "template", problems)
    texts = _texts(file, TEXT_TOPICS, problems)
    findings = read_table(FindingLink, file, "finding", problems)
    movements = read_table(MovementLink, file, "movement", problems)
    contributors = read_table(ContributorLink, file, "contributor", problems)
    return Condition(head, templates, texts, findings, movements, contributors) if head else None


def _exercise(file: ContentFile, problems: list[Problem]) -> Exercise | None:
    tables = (*EXERCISE_TOPICS, "step", "dose", "serves", "not_for")
    head = build(ExerciseHead, _top(file, *tables), file.top, problems)
    stated = file.data.get("dose", {})
    if not isinstance(stated, dict):
        problems.append(file.place("dose", 0).problem("'dose' must be one table, written [dose]", "dose"))
        stated = {}
    dose = build(Dose, stated, file.place("dose", 0), problems)
    steps = read_table(Step, file, "step", problems)
    texts = _texts(file, EXERCISE_TOPICS, problems)
    serves = read_table(Serves, file, "serves", problems)
    not_for = read_table(NotFor, file, "not_for", problems)
    return Exercise(head, steps, dose, texts, serves, not_for) if head and dose else None


def _article(file: ContentFile, problems: list[Problem]) -> Article | None:
    tables = ("movement", "treatment", "symptom", "sign", "fact", "answer")
    source = build(Source, {"kind": "article", **_top(file, *tables)}, file.top, problems)
    if source is None:
        return None
    return Article(
        source,
        read_table(MovementTie, file, "movement", problems),
        read_table(TreatmentTie, file, "treatment", problems),
        read_table(SymptomTie, file, "symptom", problems),
        read_table(Sign, file, "sign", problems),
        read_table(Fact, file, "fact", problems),
        read_table(Answer, file, "answer", problems),
    )


SMALL_TABLES: dict[str, dict[str, tuple[type[Any], str]]] = {
    "regions.toml": {"region": (Region, "regions")},
    "chart.toml": {"area": (ChartArea, "chart_areas"), "off_chart": (OffChart, "off_chart")},
    "movements.toml": {"movement": (Movement, "movements")},
    "findings.toml": {"finding_group": (FindingGroup, "finding_groups"), "finding": (Finding, "findings")},
    "umbrellas.toml": {"umbrella": (Umbrella, "umbrellas")},
    "contributors.toml": {
        "contributor": (Contributor, "contributors"),
        "contributes_to": (ContributesTo, "contributes_to"),
    },
    "treatments.toml": {"treatment": (Treatment, "treatments")},
    "redflags.toml": {"red_flag": (RedFlag, "red_flags")},
    "screening.toml": {"rule": (Rule, "rules"), "safety_question": (SafetyQuestion, "safety_questions")},
    "priors.toml": {"prior": (Prior, "priors"), "profile": (Profile, "profiles")},
    "contradictions.toml": {"contradiction": (Contradiction, "contradictions")},
    "sheet.toml": {
        "pain_rule": (Text, "pain_rules"),
        "pain_limit": (Text, "pain_limits"),
        "follow_up": (Text, "follow_ups"),
        "concern": (Concern, "concerns"),
    },
    "evidence/likelihood-ratios.toml": {"ratio": (Ratio, "ratios")},
    "evidence/study-notes.toml": {"study_note": (StudyNote, "study_notes")},
    "evidence/management.toml": {"statement": (Statement, "statements")},
    "evidence/redflags.toml": {"evidence": (Evidence, "evidence")},
}


def content_paths(root: Path) -> list[Path]:
    """Every content file below `root`, in a fixed order."""
    return sorted(root.rglob("*.toml"), key=lambda path: path.relative_to(root).as_posix())


def read_content(root: Path) -> Content:
    """Read the whole content folder. Raises ContentError with every fault of shape that was found."""
    if not (root / "knowledge.toml").is_file():
        raise ContentError([Problem("knowledge.toml", 1, f"is missing in {root}; name a folder that holds content")])
    problems: list[Problem] = []
    files: list[ContentFile] = []
    for path in content_paths(root):
        try:
            files.append(ContentFile(root, path))
        except ContentError as error:
            problems.extend(error.problems)
    by_name = {file.name: file for file in files}
    for name in SMALL_TABLES:
        if name not in by_name and not any(problem.file == name for problem in problems):
            problems.append(Problem(name, 1, "is missing"))
    head = by_name.get("knowledge.toml")
    knowledge = build(Knowledge, head.data, head.top, problems) if head else None
    if knowledge is None:
        raise ContentError(problems or [Problem("knowledge.toml", 1, "cannot be read")])
    content = Content(knowledge, files=files)
    for file in files:
        folder, _, _ = file.name.rpartition("/")
        if folder == "conditions":
            condition = _condition(file, problems)
            content.conditions += [condition] if condition else []
        elif folder == "exercises":
            exercise = _exercise(file, problems)
            content.exercises += [exercise] if exercise else []
        elif folder == "figures":
            figure = read_figure(file, problems)
            content.figures += [figure] if figure else []
        elif folder == "articles":
            article = _article(file, problems)
            content.articles += [article] if article else []
        elif folder == "sources":
            for key in file.data.keys() - {"source"}:
                problems.append(file.top.problem(f"unknown table '{key}'; known here: source", key))
            content.sources += read_table(Source, file, "source", problems)
        elif file.name in SMALL_TABLES:
            for key in file.data.keys() - SMALL_TABLES[file.name].keys():
                problems.append(file.top.problem(f"unknown table '{key}'", key))
            for table, (kind, attribute) in SMALL_TABLES[file.name].items():
                getattr(content, attribute).extend(read_table(kind, file, table, problems))
        elif file.name != "knowledge.toml":
            problems.append(Problem(file.name, 1, "is no content file that the program knows"))
    if problems:
        raise ContentError(problems)
    return content
