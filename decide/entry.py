"""One thing of the knowledge base, whole: sections of texts, each with its sources. For show and the reading screens."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from db import read
from db.read import Citation, Claim, Connection, Link, Ratio
from db.terms import parse_term
from decide.errors import InputError
from decide.strength import rank
from decide.words import RELATION_WORDS, field_words, line_words

# A negative likelihood ratio tells something from here down: the threshold set beforehand by Petersen 2017,
# BMC Musculoskelet Disord 18:188.
TELLING_LR_NEG = 0.5
EDITORIAL = (Citation(None),)
SCOPE_WORDS = {"list": "on a list of causes", "article": "of the article's complaint", "inferred": "read into the article"}
OFFER_WORDS = {"yes": "may be offered", "qualified": "may be offered with the caution below", "no": "not offered"}
URGENCY_TITLES = {
    "emergency": "Emergency: now",
    "same-day": "The same day",
    "days": "Within days",
    "two-weeks": "Within 2 weeks",
    "clinic": "At the clinic: note it, weigh it with the rest",
}
STANCE_WORDS = {
    "recommended": "recommended",
    "qualified": "qualified",
    "not-recommended": "not recommended",
    "disputed": "disputed",
    "named": "named by an article",
}


@dataclass(frozen=True)
class Item:
    """One text of an entry. `mark` is a short word before it (typical, where ...); `id` (kind:id) is what it names."""

    text: str
    citations: tuple[Citation, ...] = ()
    mark: str = ""
    id: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Entry:
    kind: str
    id: str
    label: str
    lay_label: str
    sections: tuple[Section, ...]
    fields: dict[str, object] = field(default_factory=dict)


def _claims(claims: Iterable[Claim], mark: Callable[[Claim], str] = lambda _: "") -> tuple[Item, ...]:
    return tuple(
        Item(claim.text, claim.citations, mark(claim), f"treatment:{claim.treatment}" if claim.treatment else "")
        for claim in claims
    )


def _merged(links: Iterable[Link], word: Callable[[Link], str], figures: dict[str, str] | None = None) -> tuple[Item, ...]:
    """Links of one thing as one item each, with every source; the strongest statement gives the word.

    With `figures` each text ends in the thing's figure, or in "no figure known".
    """
    groups: dict[str, list[Link]] = {}
    for link in links:
        groups.setdefault(link.id, []).append(link)
    items = []
    for name, members in groups.items():
        best = min(members, key=rank)
        notes = list(dict.fromkeys(link.note for link in members if link.note))
        text = best.label + (f" ({'; '.join(notes)})" if notes else "")
        scope = SCOPE_WORDS.get(best.scope, "")
        if best.umbrella:
            scope = "through the family " + best.umbrella.replace("-", " ")
        if scope:
            text += f" [{scope}]"
        if figures is not None:
            text += f". {figures.get(name, 'No figure known')}."
        cited = tuple(dict.fromkeys(link.citation for link in members))
        items.append((rank(best), Item(text, cited, word(best), f"{best.kind}:{name}")))
    return tuple(item for _, item in sorted(items, key=lambda pair: (pair[0], pair[1].text)))


def ratio_words(ratio: Ratio) -> str:
    """A ratio in words: what may be used of it, with interval, population and caution."""
    parts = []
    if ratio.lr_pos and ratio.side in ("both", "pos"):
        parts.append(f"LR+ {ratio.lr_pos}")
    if ratio.lr_neg and ratio.side in ("both", "neg"):
        parts.append(f"LR- {ratio.lr_neg}")
    if not parts:
        parts = [f"{name} {value}" for name, value in (("sensitivity", ratio.sens), ("specificity", ratio.spec)) if value]
    text = ", ".join(parts) or "no usable ratio"
    if ratio.use == "caution":
        text += " (caution)"
    return text


def _figures(ratios: Iterable[Ratio]) -> dict[str, str]:
    """For each finding, the figure that counts."""
    return {str(ratio.finding): ratio_words(ratio) for ratio in ratios if ratio.chosen and ratio.subject == "finding"}


def _members(text: str, labels: dict[str, str]) -> str:
    """The parts of a cluster in words."""
    parts = [part.strip() for part in text.split(";")]
    return "; ".join(labels.get(part, part.replace("field:", "case: ").replace("not:", "without ")) for part in parts)


def ratio_item(ratio: Ratio, labels: dict[str, str], subject: str = "") -> Item:
    """A ratio whole: figures, interval, study, population, reference standard. `labels` names the findings."""
    words = {"absent": "without ", "field": "case: ", "cluster": "cluster "}.get(ratio.subject, "")
    name = ratio.label if ratio.subject in ("finding", "absent") else ratio.name.replace("-", " ")
    parts = [f"{subject or words + name}: {ratio_words(ratio)}"]
    if ratio.rule:
        parts.append(f"rule: {ratio.rule}; parts: {_members(ratio.members, labels)}")
    if ratio.sens or ratio.spec:
        parts.append(f"sensitivity {ratio.sens or 'not given'}, specificity {ratio.spec or 'not given'}")
    for label, value in (
        ("interval", ratio.interval),
        ("compared with", ratio.comparator),
        ("in", ratio.population),
        ("people", ratio.people),
        ("reference standard", ratio.reference_standard),
        ("study", ratio.study),
        ("taken because", ratio.reason if ratio.chosen else ""),
    ):
        if value:
            parts.append(f"{label} {value}" if label in ("in", "compared with") else f"{label}: {value}")
    return Item(". ".join(parts) + ".", (ratio.citation,), ratio.use, f"finding:{ratio.finding}" if ratio.finding else "")


def _strength(link: Link) -> str:
    return link.strength


def condition_entry(db: Connection, name: str) -> Entry | None:
    condition = read.condition(db, name)
    if condition is None:
        return None
    claims = read.condition_claims(db, name)

    def of(topic: str, audience: str | None = None) -> list[Claim]:
        return [claim for claim in claims if claim.topic == topic and (audience is None or claim.audience == audience)]

    movements = read.movement_links(db, [name])
    answers = read.movement_findings(db)
    spoken_for = {answers.get(link.id, {}).get(link.relation) for link in movements}
    findings = [link for link in read.finding_links(db, [name]) if link.id not in spoken_for]
    treatments = [link for link in read.treatment_links(db, name) if link.relation == "named"]
    ratios = read.ratios(db, condition_id=name)
    figures = _figures(ratios)
    exercises: dict[str, Item] = {}
    for _, phase, exercise in read.exercises_for(db, [name]):
        cited = tuple(c for served, _, c in read.served_by(db, exercise.id) if served == name)
        exercises.setdefault(exercise.id, Item(exercise.label, cited, phase, f"exercise:{exercise.id}"))
    warnings = read.red_flag_evidence(db, condition_id=name)
    regions = read.region_links(db, [name])[name]
    head = [
        Item(f"{condition.urgency}. {condition.urgency_note}".strip(), (), "urgency"),
        Item(", ".join(region.label for region in regions), (), "felt in"),
        Item(f"{condition.icd10cm} {condition.icd10cm_label}", (), "ICD-10-CM"),
        Item(", ".join(read.synonyms(db, "condition", name)), (), "also called"),
        Item(f"content to be reviewed by {condition.review_date}", (), "review"),
    ]
    if not condition.complete:
        head.append(Item("Not every part of this page is written in full yet; what is here has its sources.", (), "note"))
    named = {treatment.id: treatment.label for treatment in read.treatments(db)}
    parts = {finding.id: finding.label for finding in read.findings(db)}
    advised = of("management")
    stances = {claim.treatment: claim.stance for claim in advised if claim.treatment and claim.stance != "recommended"}
    management = tuple(
        dataclasses.replace(item, text=f"{named[claim.treatment]}: {item.text}") if claim.treatment else item
        for claim, item in zip(
            advised, _claims(advised, lambda claim: STANCE_WORDS.get(claim.stance, claim.stance)), strict=True
        )
    )
    sections = [
        Section("At a glance", tuple(item for item in head if item.text)),
        Section("Summary", _claims(of("summary"))),
        Section("When to refer", _claims(of("refer"))),
        Section("Go-now sheet", _claims(of("go_now"), lambda claim: claim.role)),
        Section("Findings", _merged(findings, _strength, figures)),
        Section("Brought on by", _merged((m for m in movements if m.relation == "aggravates"), _strength)),
        Section("Hard to do", _merged((m for m in movements if m.relation == "hinders"), _strength)),
        Section("Eased by", _merged((m for m in movements if m.relation == "relieves"), _strength)),
        Section("Examined by", _merged((m for m in movements if m.relation == "tests"), _strength)),
        Section("How common, and whom it meets", _odds(db, name)),
        Section("Who gets it", _claims(of("who"))),
        Section("Contributing factors", _merged(read.contributor_links(db, name), lambda _: "")),
        Section("Management", management),
        Section("Exercises", tuple(exercises.values())),
        Section("Self-care", _claims(of("self_care"))),
        Section("The one thing to do", _claims(of("one_thing"))),
        Section("When to come back", _claims(of("follow_up"))),
        Section("What to keep doing", _claims(of("keep_doing"))),
        Section("How to go on when it gets easy", _claims(of("step_up"))),
        Section("How to step back", _claims(of("step_back"))),
        Section("Its own rule on pain", _claims(of("pain_rule"), lambda claim: claim.role)),
        Section("Expected course", _claims(of("course"), lambda claim: "to the person" if claim.audience else "")),
        Section("Explained to the person", _claims(of("patient"))),
        Section("Where sources disagree", _disagreements(read.contradictions(db, condition_id=name))),
        Section("What each body says", tuple(_guideline_item(row) for row in read.guideline_statements(db, name))),
        Section("Accuracy figures", tuple(ratio_item(ratio, parts) for ratio in ratios)),
        Section("What studies say that is no ratio", tuple(_note_item(row) for row in read.study_notes(db, name))),
        Section("Evidence behind the warning signs", tuple(_evidence_item(row) for row in warnings)),
        Section("What the articles describe", tuple(_statement(row) for row in read.symptoms(db, name))),
        Section("What the articles explain", tuple(_statement(row) for row in read.facts(db, name))),
        Section("Questions that the articles answer", tuple(_statement(row) for row in read.answers(db, name))),
        Section("Treatments that the articles name", _merged(treatments, lambda link: _offer(db, link, stances))),
    ]
    fields: dict[str, object] = {
        "short_label": condition.short_label,
        "condition_kind": condition.kind,
        "urgency": condition.urgency,
        "icd10cm": condition.icd10cm,
        "review_date": condition.review_date,
        "regions": [region.id for region in regions],
    }
    return _entry("condition", condition.id, condition.label, condition.lay_label, sections, fields)


def _odds(db: Connection, name: str) -> tuple[Item, ...]:
    """How common a condition is, and how age, sex, onset and course speak for or against it: what the ranking uses."""
    items = []
    for prior in read.priors(db):
        if prior.condition == name:
            share = f": {prior.share} of {prior.among}" if prior.share else ""
            text = f"{prior.prior_class.replace('-', ' ')} in {prior.setting.replace('-', ' ')}{share}. {prior.note}"
            items.append(Item(text.strip(), prior.citations))
    for profile in read.profiles(db):
        if profile.condition == name:
            text = field_words(parse_term(profile.field)) + (f". {profile.note}" if profile.note else "")
            items.append(Item(text, profile.citations, profile.strength))
    return tuple(items)


def _offer(db: Connection, link: Link, stances: dict[str, str]) -> str:
    """Whether a treatment may be offered; where the management says less than "recommended", its word."""
    if link.id in stances:
        return STANCE_WORDS[stances[link.id]]
    treatment = read.treatment(db, link.id)
    return OFFER_WORDS[treatment.offer].split(" with")[0] if treatment else ""


def _disagreements(rows: Iterable[read.Contradiction]) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{row.topic}: {row.one} Against that: {row.other} {row.handling}",
            tuple(dict.fromkeys((*row.one_citations, *row.other_citations))),
        )
        for row in rows
    )


def _guideline_item(row: read.GuidelineStatement) -> Item:
    said = " ".join(part for part in (row.body, row.year) if part)
    strength = f" ({row.strength})" if row.strength else ""
    disputed = f" Another view: {', '.join(row.disputed_by)}." if row.disputed_by else ""
    name = f"treatment:{row.treatment}" if row.treatment else ""
    about = f"{row.label}, " if row.label else ""
    return Item(f"{about}{said}: {row.text}{strength}{disputed}", row.citations, row.stance.replace("-", " "), name)


def _note_item(row: read.StudyNote) -> Item:
    figures = f": {row.figures}" if row.figures else ""
    population = f". In {row.population}" if row.population else ""
    return Item(f"{row.label}{figures} ({row.reason}){population}.", (row.citation,), "", f"finding:{row.finding}")


def _evidence_item(row: read.RedFlagEvidence) -> Item:
    return Item(f"{row.text} {row.meaning}".strip(), row.citations, row.urgency.replace("-", " "), "")


def _statement(row: read.Statement) -> Item:
    text = f"{row.question} {row.text}".strip() + (f" ({row.note})" if row.note else "")
    return Item(text, (row.citation,))


def _entry(
    kind: str, name: str, label: str, lay_label: str, sections: Iterable[Section], fields: dict[str, object]
) -> Entry:
    return Entry(kind, name, label, lay_label, tuple(section for section in sections if section.items), fields)


def _to_conditions(db: Connection, links: Iterable[Link]) -> list[Link]:
    """The links seen from their other end: each names its condition."""
    labels = {condition.id: condition.label for condition in read.conditions(db)}
    return [link._replace(kind="condition", id=link.condition, label=labels[link.condition]) for link in links]


def _conditions_by_strength(db: Connection, links: Iterable[Link]) -> tuple[Item, ...]:
    return _merged(_to_conditions(db, links), _strength)


def dislikes(db: Connection, name: str) -> tuple[Section, ...]:
    """What a condition dislikes and likes: its movements by everyday group, what each does and asks of the joints."""
    movements = {movement.id: movement for movement in read.movements(db)}
    links = read.movement_links(db, [name])
    found: dict[str, list[Item]] = {}
    for relation, words in RELATION_WORDS.items():
        for item in _merged((link for link in links if link.relation == relation), _strength):
            movement = movements[item.id.partition(":")[2]]
            text = f"{item.text}. Joints: {movement.joint_actions}"
            found.setdefault(movement.kind, []).append(dataclasses.replace(item, text=text, mark=f"{words}, {item.mark}"))
    return tuple(Section(kind.capitalize(), tuple(items)) for kind, items in found.items())


def movement_entry(db: Connection, name: str) -> Entry | None:
    movement = read.movement(db, name)
    if movement is None:
        return None
    links = read.conditions_of_movement(db, name)
    helps = tuple(
        Item(
            treatment.patient,
            tuple(read.treatment_citations(db, treatment.id)) or EDITORIAL,
            treatment.lay_label,
            f"treatment:{treatment.id}",
        )
        for _, treatment in read.workarounds(db, [name])
    )
    sections = [
        Section("Joint actions", (Item(movement.joint_actions, ()),)),
        Section("What it loads", (Item(movement.loads, ()),) if movement.loads else ()),
        Section("Brings on", _conditions_by_strength(db, (m for m in links if m.relation == "aggravates"))),
        Section("Hard to do in", _conditions_by_strength(db, (m for m in links if m.relation == "hinders"))),
        Section("Eases", _conditions_by_strength(db, (m for m in links if m.relation == "relieves"))),
        Section("Examines", _conditions_by_strength(db, (m for m in links if m.relation == "tests"))),
        Section("Work-arounds", helps),
    ]
    fields: dict[str, object] = {"movement_kind": movement.kind, "synonyms": read.synonyms(db, "movement", name)}
    return _entry("movement", name, movement.label, movement.lay_label, sections, fields)


def region_entry(db: Connection, name: str) -> Entry | None:
    region = read.region(db, name)
    if region is None:
        return None
    labels = {condition.id: condition for condition in read.conditions(db)}
    places = read.conditions_of_region(db, [name])[name]
    felt = sorted(places, key=lambda condition: (places[condition], condition))
    items = tuple(
        Item(labels[condition].label, (), labels[condition].urgency, f"condition:{condition}") for condition in felt
    )
    fields: dict[str, object] = {"side": region.side, "parent": region.parent}
    return _entry("region", name, region.label, region.lay_label, [Section("Conditions felt here", items)], fields)


TRAINING_WORDS = {
    "none": "anyone can ask or see it",
    "basic": "with basic training",
    "clinician": "needs a clinician's training",
}


def finding_entry(db: Connection, name: str) -> Entry | None:
    finding = read.finding(db, name)
    if finding is None:
        return None
    ratios = read.ratios(db, finding_id=name)
    labels = {condition.id: condition.label for condition in read.conditions(db)}
    links = read.conditions_of_finding(db, [name])
    also = read.synonyms(db, "finding", name)
    names = {each.id: each.label for each in read.findings(db)}
    against = [link for link in links if link.strength == "against"]
    speaking = [link for link in links if link.strength != "against"]
    sections = [
        Section(
            "How to ask or test",
            tuple(
                Item(text, (), mark)
                for text, mark in (
                    (finding.question, ""),
                    (finding.way, "takes"),
                    (TRAINING_WORDS[finding.training], "who"),
                    (", ".join(also), "also called"),
                )
                if text
            ),
        ),
        Section("A yes speaks for", _conditions_by_strength(db, speaking)),
        Section("A yes speaks against", _conditions_by_strength(db, against)),
        Section("A no changes", (Item(_what_a_no_changes(db, finding, ratios), ()),)),
        Section("Accuracy figures", tuple(ratio_item(ratio, names, labels[ratio.condition]) for ratio in ratios)),
    ]
    fields: dict[str, object] = {
        "finding_kind": finding.kind,
        "question": finding.question,
        "red_flag": finding.red_flag,
        "broader": finding.broader,
        "way": finding.way,
        "training": finding.training,
        "synonyms": also,
    }
    return _entry("finding", name, finding.label, finding.lay_label, sections, fields)


def _what_a_no_changes(db: Connection, finding: read.Finding, ratios: Iterable[Ratio]) -> str:
    """What the absence of a finding is worth, in words."""
    if finding.red_flag:
        return "Absence clears nothing: a warning sign that is not there does not make safe."
    conditions = {condition.id: condition for condition in read.conditions(db)}
    less: list[str] = []
    hardly: list[str] = []
    for ratio in ratios:
        if ratio.chosen and ratio.lr_neg and ratio.side in ("both", "neg") and not conditions[ratio.condition].grave:
            caution = ", caution" if ratio.use == "caution" else ""
            (less if _number(ratio.lr_neg) <= TELLING_LR_NEG else hardly).append(
                f"{conditions[ratio.condition].short_label} (LR- {ratio.lr_neg}{caution})"
            )
    parts = []
    if less:
        parts.append("By the figure its absence makes less likely: " + ", ".join(less) + ".")
    if hardly:
        parts.append("By the figure its absence hardly changes: " + ", ".join(hardly) + ".")
    return " ".join(parts) or "No figure says what its absence is worth; it weighs little."


def _number(text: str) -> float:
    """A ratio as a number, for comparing only; what is no plain number counts as telling nothing."""
    try:
        return float(text)
    except ValueError:
        return 1.0


def contributor_entry(db: Connection, name: str) -> Entry | None:
    contributor = read.contributor(db, name)
    if contributor is None:
        return None
    links = read.conditions_of_contributor(db, name)
    sections = [
        Section("Can be changed", (Item(contributor.modifiable, ()),)),
        Section("Contributes to", _conditions_by_strength(db, links)),
    ]
    return _entry("contributor", name, contributor.label, contributor.lay_label, sections, {})


def treatment_entry(db: Connection, name: str) -> Entry | None:
    treatment = read.treatment(db, name)
    if treatment is None:
        return None
    exercise = read.exercise(db, name)
    cited = tuple(read.treatment_citations(db, name))
    sections = []
    shown = Section("Pictures", tuple(Item(frame.alt, (), frame.name) for frame in read.figure(db, name)))
    if exercise is None:
        sections.append(Section("What to do", (Item(treatment.patient, cited or EDITORIAL),) if treatment.patient else ()))
        sections.append(Section("Offered", (Item(OFFER_WORDS[treatment.offer], cited),)))
        note = tuple(read.treatment_citations(db, name, "note"))
        sections.append(Section("Note", (Item(treatment.note, note or EDITORIAL),) if treatment.note else ()))
    else:
        sections += exercise_sections(db, exercise)
    sections.append(shown)
    named = _to_conditions(db, read.conditions_of_treatment(db, name))
    sections.append(Section("Conditions", _merged(named, lambda link: STANCE_WORDS.get(link.relation, link.relation))))
    helps = tuple(
        Item(movement.label, (), "", f"movement:{movement.id}") for movement in read.movements_of_treatment(db, name)
    )
    sections.append(Section("Work-around for", helps))
    bars = tuple(Item(f"{bar.label}: {bar.reason}", (bar.citation,)) for bar in read.bars(db, [name]))
    sections.append(Section("Not for", bars))
    sections.append(Section("Where sources disagree", _disagreements(read.contradictions(db, treatment_id=name))))
    kind = "exercise" if exercise else "treatment"
    fields: dict[str, object] = {"treatment_kind": treatment.kind, "offer": treatment.offer}
    return _entry(kind, name, treatment.label, treatment.lay_label, sections, fields)


def exercise_sections(db: Connection, exercise: read.Exercise) -> list[Section]:
    """An exercise as sections: why, start, steps, feel, dose, and so on."""
    texts: dict[str, list[Claim]] = {}
    for claim in read.exercise_claims(db, exercise.id):
        texts.setdefault(claim.topic, []).append(claim)
    source = read.source(db, exercise.dose_source) if exercise.dose_source else None
    labels = {condition.id: condition.label for condition in read.conditions(db)}
    dose = tuple(
        Item(value, (Citation(source),) if source else (), word)
        for word, value in (
            ("sets", exercise.sets),
            ("repeats", exercise.reps),
            ("hold, seconds", exercise.hold_seconds),
            ("minutes", exercise.duration_minutes),
            ("times a day", exercise.times_a_day),
            ("days a week", exercise.days_a_week),
            ("note", exercise.dose_note),
        )
        if value
    )
    served: dict[str, Item] = {}
    for condition, phase, citation in read.served_by(db, exercise.id):
        known = served.get(condition)
        cited = (*known.citations, citation) if known else (citation,)
        served[condition] = Item(labels[condition], cited, phase, f"condition:{condition}")
    start = [Item(exercise.start, ())]
    if exercise.equipment:
        start.append(Item(exercise.equipment, (), "you need"))
    steps = tuple(Item(step.text, (), step.role) for step in read.steps(db, exercise.id))
    named = (
        ("feel", "What to feel"),
        ("mistake", "Common mistake"),
        ("easier", "Easier"),
        ("harder", "Harder"),
        ("stop", "Stop"),
    )
    return [
        Section("Why", _claims(texts.get("why", []))),
        Section("Start", tuple(start)),
        Section("Steps", steps),
        Section("Starting dose, as one source gives it", dose),
        *(Section(title, _claims(texts.get(topic, []))) for topic, title in named),
        Section("Serves", tuple(served.values())),
    ]


def red_flag_entry(db: Connection, name: str) -> Entry | None:
    flag = next((flag for flag in read.red_flags(db) if flag.id == name), None)
    if flag is None:
        return None
    labels = {condition.id: condition.label for condition in read.conditions(db)}
    basis = "" if flag.urgency_basis == "source" else " (urgency set by the compilers of this program, not by a source)"
    sections = [
        Section("How soon", (Item(flag.urgency + basis, flag.citations),)),
        Section("What to do", (Item(flag.action, flag.citations),)),
        Section("Suspect", tuple(Item(labels[condition], (), "", f"condition:{condition}") for condition in flag.suspects)),
        Section("It shows when", tuple(_rule_item(db, rule) for rule in read.rules(db) if rule.red_flag == name)),
        Section("Evidence", tuple(_evidence_item(row) for row in read.red_flag_evidence(db, red_flag_id=name))),
        Section("Note", (Item(flag.note, flag.citations),) if flag.note else ()),
    ]
    return _entry("redflag", name, flag.label, flag.lay_label, sections, {"urgency": flag.urgency})


def _rule_item(db: Connection, rule: read.Rule) -> Item:
    """A rule of the safety screen in words: how soon, what must hold, what stands against it, the evidence."""
    labels = {finding.id: finding.label for finding in read.findings(db)}
    text = f"{rule.label}: {', and '.join(f'({line_words(line, labels)})' for line in rule.when)}"
    if rule.unless:
        text += f"; unless {', or '.join(line_words(line, labels) for line in rule.unless)}"
    if rule.despite:
        text += f" (but not with {', or '.join(line_words(line, labels) for line in rule.despite)})"
    basis = "" if rule.urgency_basis == "source" or rule.tier == "informs" else ", the time is editorial"
    mark = f"{rule.tier}, {rule.urgency}{basis}" if rule.tier == "escalates" else rule.tier
    return Item(f"{text}. {rule.evidence}", rule.citations, mark)


def warning_sections(db: Connection) -> list[Section]:
    """Every warning sign by how soon: what to do, what it makes one suspect; before them, that none found is not safe."""
    labels = {condition.id: condition.short_label for condition in read.conditions(db)}
    sections = [Section("Before anything else", (Item(read.about(db).safety_net),))]
    flags = read.red_flags(db)
    for urgency, title in URGENCY_TITLES.items():
        items = []
        for flag in flags:
            if flag.urgency == urgency:
                suspects = ", ".join(labels[name] for name in flag.suspects)
                basis = "" if flag.urgency_basis == "source" else " (how soon: judged by the compilers, not by a source)"
                text = f"{flag.label}. {flag.action}{basis}" + (f" Suspect: {suspects}." if suspects else "")
                items.append(Item(text, flag.citations, "", f"redflag:{flag.id}"))
        if items:
            sections.append(Section(title, tuple(items)))
    return sections


def source_entry(db: Connection, name: str) -> Entry | None:
    source = read.source(db, name)
    if source is None:
        return None
    items = tuple(
        Item(value, (), word)
        for word, value in (
            ("author", source.author),
            ("year", source.year),
            ("reference", source.reference),
            ("address", source.address),
            ("grade", source.grade),
        )
        if value
    )
    return _entry("source", name, source.title, source.kind, [Section("Source", items)], {})


ENTRIES: dict[str, Callable[[Connection, str], Entry | None]] = {
    "condition": condition_entry,
    "exercise": lambda db, name: treatment_entry(db, name) if read.exercise(db, name) else None,
    "treatment": treatment_entry,
    "movement": movement_entry,
    "region": region_entry,
    "finding": finding_entry,
    "contributor": contributor_entry,
    "redflag": red_flag_entry,
    "source": source_entry,
}


def entry(db: Connection, name: str) -> Entry:
    """The entry of an id; `kind:id` picks one kind where two share an id. Raises InputError when there is none."""
    kind, mark, rest = name.partition(":")
    if mark:
        if kind not in ENTRIES:
            raise InputError(f"unknown kind '{kind}'; known: {', '.join(ENTRIES)}")
        found = ENTRIES[kind](db, rest)
        if found is None:
            raise InputError(f"unknown {kind} '{rest}'; try: decide search {rest}")
        return found
    for make in ENTRIES.values():
        found = make(db, name)
        if found is not None:
            return found
    raise InputError(f"nothing has the id '{name}'; try: decide search {name.replace('-', ' ')}")


def namesakes(db: Connection, found: Entry) -> list[str]:
    """The other entries that share an entry's id, as kind:id (a finding and the warning sign made of it)."""
    kinds = [kind for kind in ENTRIES if kind != found.kind and {kind, found.kind} != {"exercise", "treatment"}]
    return [f"{kind}:{found.id}" for kind in kinds if ENTRIES[kind](db, found.id)]
