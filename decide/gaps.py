"""What the knowledge lacks, by name, so that a clinician knows what to review first."""

from __future__ import annotations

from dataclasses import dataclass, field

from db import read
from db.read import Connection
from decide.strength import STRENGTH_ORDER

# A condition's page is whole when it has at least this much of each part.
WANTED = {"summary": 3, "patient": 2, "who": 1, "course": 2, "refer": 2, "management": 3}
WANTED_SELF_CARE, WANTED_GO_NOW, WANTED_FINDINGS, WANTED_MOVEMENTS = 4, 3, 8, 2
# Grades of sources that are no guideline, review or study: pages of services and clinics, and what was seen second-hand.
WEAK_GRADES = ("A-", "C", "D", "E")


@dataclass(frozen=True)
class Gap:
    """One condition's shortfalls. `editorial` and `weak` name the texts and links with no source, or only weak ones."""

    condition: str
    label: str
    missing: tuple[str, ...]
    editorial: tuple[str, ...]
    weak: tuple[str, ...]
    findings_without_figure: int
    findings: int


@dataclass(frozen=True)
class Neighbours:
    """Two conditions of one region that few findings tell apart."""

    one: str
    other: str
    differing: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    conditions: tuple[Gap, ...]
    alike: tuple[Neighbours, ...]
    claims: int
    editorial_claims: int
    links: int
    editorial_links: int
    weak_claims: int = field(default=0)


def _missing(db: Connection, condition: read.Condition) -> tuple[str, ...]:
    claims = read.condition_claims(db, condition.id)
    wanted = WANTED | ({"go_now": WANTED_GO_NOW} if condition.grave else {"self_care": WANTED_SELF_CARE})
    found = []
    for topic, count in wanted.items():
        have = sum(claim.topic == topic for claim in claims)
        if have < count:
            found.append(f"{topic.replace('_', ' ')} {have} of {count}")
    if not any(claim.topic == "course" and claim.audience == "patient" for claim in claims):
        found.append("course for the patient")
    said = {finding for answers in read.movement_findings(db).values() for finding in answers.values()}
    findings = {link.id for link in read.finding_links(db, [condition.id])} - said
    if len(findings) < WANTED_FINDINGS:
        found.append(f"findings {len(findings)} of {WANTED_FINDINGS}")
    movements = {link.id for link in read.movement_links(db, [condition.id])}
    if not condition.grave and len(movements) < WANTED_MOVEMENTS:
        found.append(f"movements {len(movements)} of {WANTED_MOVEMENTS}")
    return tuple(found)


def _gap(db: Connection, condition: read.Condition) -> Gap:
    editorial: list[str] = []
    weak: list[str] = []
    for claim in read.condition_claims(db, condition.id):
        name = f"{claim.topic.replace('_', ' ')}: {claim.text}"
        if claim.editorial:
            editorial.append(name)
        elif all(c.source and c.source.grade in WEAK_GRADES for c in claim.citations):
            weak.append(name)
    by_thing: dict[str, list[read.Link]] = {}
    for link in (*read.finding_links(db, [condition.id]), *read.movement_links(db, [condition.id])):
        by_thing.setdefault(f"{link.kind}: {link.label}", []).append(link)
    for name, links in by_thing.items():
        if all(link.citation.source is None for link in links):
            editorial.append(name)
    for prior in read.priors(db):
        if prior.condition == condition.id and all(citation.source is None for citation in prior.citations):
            editorial.append(f"how common in {prior.setting.replace('-', ' ')}: {prior.prior_class.replace('-', ' ')}")
    for profile in read.profiles(db):
        if profile.condition == condition.id and all(citation.source is None for citation in profile.citations):
            editorial.append(f"whom it meets: {profile.field}")
    figures = {ratio.finding for ratio in read.ratios(db, condition_id=condition.id)}
    findings = {link.id for link in read.finding_links(db, [condition.id])}
    return Gap(
        condition.id,
        condition.label,
        _missing(db, condition),
        tuple(dict.fromkeys(editorial)),
        tuple(dict.fromkeys(weak)),
        len(findings - figures),
        len(findings),
    )


def strengths(db: Connection) -> dict[str, dict[str, str]]:
    """For each condition, how each of its findings speaks at its strongest."""
    found: dict[str, dict[str, str]] = {}
    names = [condition.id for condition in read.conditions(db)]
    for link in read.finding_links(db, names):
        known = found.setdefault(link.condition, {})
        if link.id not in known or STRENGTH_ORDER[link.strength] < STRENGTH_ORDER[known[link.id]]:
            known[link.id] = link.strength
    return found


def alike(db: Connection, fewest: int = 3) -> list[Neighbours]:
    """The pairs of conditions that share a region and differ in fewer than `fewest` findings."""
    speak = strengths(db)
    names = [condition.id for condition in read.conditions(db)]
    regions = {name: {region.id for region in found} for name, found in read.region_links(db, names).items()}
    pairs = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            if not regions[one] & regions[other]:
                continue
            mine, theirs = speak.get(one, {}), speak.get(other, {})
            differing = [name for name in sorted(mine.keys() | theirs.keys()) if mine.get(name) != theirs.get(name)]
            if len(differing) < fewest:
                pairs.append(Neighbours(one, other, tuple(differing)))
    return pairs


def gaps(db: Connection) -> Gaps:
    """Everything that the knowledge lacks, the conditions with most missing first."""
    found = [_gap(db, condition) for condition in read.conditions(db)]
    found.sort(key=lambda gap: (-len(gap.missing), -len(gap.editorial), gap.condition))
    claims, editorial = db.execute("SELECT count(*), coalesce(sum(editorial), 0) FROM claim").fetchone()
    links, editorial_links = db.execute(
        """SELECT count(*), coalesce(sum(editorial), 0) FROM (
            SELECT editorial FROM condition_finding UNION ALL SELECT editorial FROM condition_movement
            UNION ALL SELECT editorial FROM condition_treatment UNION ALL SELECT editorial FROM exercise_condition
            UNION ALL SELECT editorial FROM condition_contributor UNION ALL SELECT editorial FROM treatment_bar
            UNION ALL SELECT editorial FROM prior UNION ALL SELECT editorial FROM profile)"""
    ).fetchone()
    weak = sum(len(gap.weak) for gap in found)
    return Gaps(tuple(found), tuple(alike(db)), claims, editorial, links, editorial_links, weak)
