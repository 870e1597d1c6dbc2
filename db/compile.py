"""The one function that turns content files into the SQLite knowledge base.

The package build and a checkout both call `compile_knowledge`. It writes a whole file or none: the database is built
beside its target and moved over it at the end. Nothing of the machine or the clock goes in, so equal content gives
equal bytes.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from db import content as shape
from db.check import check
from db.content import Content, content_paths, read_content
from db.errors import ContentError, KnowledgeError
from db.figure import chart, look
from db.figure.content import draw
from db.library import SCHEMA_VERSION

LEFT_BEHIND_SECONDS = 600
# How strongly an article's statement speaks by its scope; every scope but "stated" speaks weakly.
STRENGTH_OF_SCOPE = {"stated": "typical"}
SYNONYM_KINDS = ("region", "movement", "finding", "condition")
FINDING_OF_RELATION = {"aggravates": "worse", "relieves": "better", "hinders": "hard"}

Record = dict[str, Any]


def content_hash(root: Path) -> str:
    """The SHA-256 of the content files below `root`, by name and text; line endings do not count."""
    digest = hashlib.sha256()
    for path in content_paths(root):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(root).as_posix().encode()
        digest.update(b"%d %s %d\n" % (len(name), name, len(text)))
        digest.update(text)
    return digest.hexdigest()


def _split(citation: str) -> tuple[str, str]:
    name, _, locator = citation.partition("#")
    return name, locator


def _columns(row: object, names: str) -> Record:
    """The named fields of a row as a record."""
    return {name: getattr(row, name) for name in names.split()}


def _cited(sources: Iterable[str], editorial: bool) -> list[Record]:
    """The source columns of a link: one record for each source, or one that is marked editorial."""
    if editorial:
        return [{"source": None, "locator": "", "editorial": 1}]
    return [
        {"source": name, "locator": locator, "editorial": 0} for name, locator in (_split(citation) for citation in sources)
    ]


class _Filler:
    """Collects the records of every table from one Content."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.records: dict[str, list[Record]] = {}
        self.hints = {
            (movement.id, relation): getattr(movement, attribute)
            for movement in content.movements
            for relation, attribute in FINDING_OF_RELATION.items()
        }
        self.members = {
            umbrella.id: [
                condition.head.id
                for condition in content.conditions
                if condition.head.id in umbrella.conditions or condition.head.group in umbrella.groups
            ]
            for umbrella in content.umbrellas
        }

    def add(self, table: str, **record: Any) -> None:
        self.records.setdefault(table, []).append(record)

    def synonyms(self, kind: str, name: str, texts: Iterable[str]) -> None:
        for text in texts:
            self.add("synonym", **dict.fromkeys(SYNONYM_KINDS) | {kind: name}, text=text)

    def vocabulary(self) -> None:
        content = self.content
        self.add("pack", id=content.knowledge.pack, label=content.knowledge.title)
        sources = [*(article.source for article in content.articles), *sorted(content.sources, key=lambda row: row.id)]
        for source in sources:
            columns = _columns(source, "id kind author year title reference address grade")
            self.add("source", **columns, figures=" ".join(source.figures))
        for position, region in enumerate(content.regions):
            columns = _columns(region, "id label lay_label side")
            self.add("region", **columns, parent=region.parent or None, position=position)
            self.synonyms("region", region.id, region.synonyms)
        for group in content.finding_groups:
            self.add("finding_group", id=group.id, label=group.label, why=group.why)
            if group.common_with:
                self.add("common_with", finding_group=group.id, finding=group.common_with, source=group.source)
        for position, movement in enumerate(content.movements):
            self.add(
                "movement",
                id=movement.id,
                kind=movement.group,
                label=movement.label,
                lay_label=movement.lay_label,
                joint_actions=movement.joint_actions,
                loads=movement.loads,
                common=int(movement.common),
                complaint=int(movement.complaint),
                note=movement.note,
                position=position,
            )
            self.synonyms("movement", movement.id, movement.synonyms)
            for relation, attribute in FINDING_OF_RELATION.items():
                if finding_id := getattr(movement, attribute):
                    self.add("movement_finding", movement=movement.id, relation=relation, finding=finding_id)
        for position, finding in enumerate(content.findings):
            self.add(
                "finding",
                id=finding.id,
                kind=finding.kind,
                tier=finding.tier,
                label=finding.label,
                lay_label=finding.lay_label,
                question=finding.question,
                region=finding.region or None,
                movement=finding.movement or None,
                opposite=finding.opposite or None,
                finding_group=finding.group or None,
                broader=finding.broader or None,
                red_flag=int(finding.red_flag),
                way=finding.way,
                training=finding.training,
                position=position,
            )
            self.synonyms("finding", finding.id, finding.synonyms)
        for umbrella in content.umbrellas:
            self.add("umbrella", id=umbrella.id, label=umbrella.label, how=umbrella.how)
            for condition in self.members[umbrella.id]:
                self.add("umbrella_condition", umbrella_id=umbrella.id, condition=condition)
            for landing in umbrella.movements:
                self.add("umbrella_movement_landing", umbrella_id=umbrella.id, movement=landing)
        for contributor in content.contributors:
            self.add("contributor", **_columns(contributor, "id label lay_label kind modifiable note"))
        for tie in content.contributes_to:
            for cited in _cited(tie.sources, tie.editorial):
                self.add(
                    "condition_contributor", condition=tie.condition, contributor=tie.contributor, **cited, note=tie.note
                )

    def treatments(self) -> None:
        pack = self.content.knowledge.pack
        for row in self.content.treatments:
            columns = _columns(row, "id label lay_label kind offer patient note")
            self.add("treatment", **columns, editorial=int(row.editorial), pack=pack)
            for part, sources in (("text", row.sources), ("note", row.note_sources)):
                for name, locator in map(_split, sources):
                    self.add("treatment_source", treatment=row.id, part=part, source=name, locator=locator)
            for exercise in row.not_with:
                self.add("treatment_clash", treatment=row.id, exercise=exercise)
            for movement in row.helps:
                self.add("movement_treatment", movement=movement, treatment=row.id)
            for bar in row.not_for:
                self.bar(row.id, bar, row.not_for_note, row.not_for_sources, row.not_for_editorial)

    def bar(self, treatment: str, barred: str, reason: str, sources: tuple[str, ...], editorial: bool) -> None:
        conditions = {condition.head.id for condition in self.content.conditions}
        target = {"condition": barred, "finding": None} if barred in conditions else {"condition": None, "finding": barred}
        for cited in _cited(sources, editorial):
            self.add("treatment_bar", treatment=treatment, **target, reason=reason, **cited)

    def exercises(self) -> None:
        for exercise in self.content.exercises:
            head, dose = exercise.head, exercise.dose
            plain = {"offer": "yes", "patient": "", "note": "", "editorial": 0, "pack": self.content.knowledge.pack}
            self.add("treatment", **_columns(head, "id label lay_label kind"), **plain)
            self.add(
                "exercise",
                id=head.id,
                family=head.group,
                sided=int(head.sided),
                equipment="; ".join(head.equipment),
                start=head.patient_start,
                **_columns(dose, "sets reps hold_seconds duration_minutes times_a_day days_a_week"),
                dose_note=dose.note,
                dose_source=dose.source or None,
            )
            for position, step in enumerate(exercise.steps, 1):
                self.add("exercise_step", exercise=head.id, position=position, role=step.role, text=step.text)
            self.claims({"condition": None, "exercise": head.id}, exercise.texts)
            for served in exercise.serves:
                for cited in _cited(served.sources, served.editorial):
                    self.add(
                        "exercise_condition", exercise=head.id, condition=served.condition, phase=served.phase, **cited
                    )
            for bar in exercise.not_for:
                self.bar(head.id, bar.id, bar.reason, bar.sources, bar.editorial)

    def figures(self) -> None:
        for figure in self.content.figures:
            for position, drawn in enumerate(draw(figure)):
                self.add("figure", treatment=figure.id, position=position, **asdict(drawn))

    def chart(self) -> None:
        for place, view in enumerate(look.SIDES):
            areas = [
                area
                for row in self.content.chart_areas
                if row.view == view
                for area in chart.areas_of(
                    row.region, view, row.paired, chart.shapes_of(row.polygon, row.capsules, row.ellipses)
                )
            ]
            drawn, drawn_areas = chart.draw_view(view, areas)
            self.add("chart_view", **asdict(drawn), position=place)
            for position, area in enumerate(drawn_areas):
                self.add("chart_area", **asdict(area), position=position)

    def claims(self, subject: Record, texts: dict[str, list[shape.Text]]) -> None:
        for topic, rows in texts.items():
            for position, row in enumerate(rows, 1):
                number = len(self.records.get("claim", [])) + 1
                self.add(
                    "claim",
                    id=number,
                    **subject,
                    topic=topic,
                    position=position,
                    **_columns(row, "audience text role stance urgency_basis"),
                    treatment=row.treatment or None,
                    editorial=int(row.editorial),
                )
                for place, (name, locator) in enumerate(map(_split, row.sources), 1):
                    self.add("claim_source", claim=number, position=place, source=name, locator=locator)
                if row.treatment and subject["condition"]:
                    for cited in _cited(row.sources, row.editorial):
                        self.add(
                            "condition_treatment",
                            condition=subject["condition"],
                            treatment=row.treatment,
                            stance=row.stance or "recommended",
                            scope="",
                            **cited,
                            umbrella=None,
                            note="",
                            claim=number,
                        )

    def conditions(self) -> None:
        for condition in self.content.conditions:
            head = condition.head
            columns = "id label short_label lay_label kind urgency urgency_note icd10cm icd10cm_label"
            self.add(
                "condition",
                **_columns(head, columns),
                family=head.group,
                review_date=head.review_date.isoformat(),
                complete=int(head.complete),
                pack=self.content.knowledge.pack,
            )
            self.synonyms("condition", head.id, head.synonyms)
            for position, region in enumerate(head.regions):
                self.add("condition_region", condition=head.id, region=region, position=position)
            self.claims({"condition": head.id, "exercise": None}, condition.texts)
            for position, workaround in enumerate(head.workarounds):
                self.add("condition_workaround", condition=head.id, treatment=workaround, position=position)
            for order, template in enumerate(condition.templates):
                for position, exercise in enumerate(template.exercises):
                    self.add(
                        "template_exercise",
                        condition=head.id,
                        phase=template.phase,
                        phase_order=order,
                        exercise=exercise,
                        position=position,
                    )
            for finding in condition.findings:
                for cited in _cited(finding.sources, finding.editorial):
                    link = {"scope": "", **cited, "umbrella": None, "note": finding.note}
                    self.add("condition_finding", condition=head.id, finding=finding.id, strength=finding.strength, **link)
            for movement in condition.movements:
                for cited in _cited(movement.sources, movement.editorial):
                    link = {"scope": "", **cited, "umbrella": None, "note": movement.note}
                    self.movement(head.id, movement.id, movement.relation, movement.strength, link, "")
            for contributor in condition.contributors:
                for cited in _cited(contributor.sources, contributor.editorial):
                    self.add(
                        "condition_contributor",
                        condition=head.id,
                        contributor=contributor.id,
                        **cited,
                        note=contributor.note,
                    )

    def movement(self, condition: str, movement: str, relation: str, strength: str, link: Record, finding: str) -> None:
        """A movement link of a condition, and the finding that says the same (worse-, better-, hard-)."""
        finding = finding or self.hints.get((movement, relation), "")
        self.add(
            "condition_movement",
            condition=condition,
            movement=movement,
            relation=relation,
            strength=strength,
            **link,
            finding=finding or None,
        )
        if finding:
            self.add("condition_finding", condition=condition, finding=finding, strength=strength, **link)

    def articles(self) -> None:
        for article in self.content.articles:
            source = article.source.id
            for movement in article.movements:
                self.movement_tie(source, movement)
            for treatment in article.treatments:
                self.treatment_tie(source, treatment)
            for symptom in article.symptoms:
                self.symptom_tie(source, symptom)
            for sign in article.signs:
                self.add(
                    "red_flag_statement",
                    red_flag=sign.red_flag or None,
                    text=sign.text,
                    tier=sign.tier,
                    source=source,
                    locator=f"L{sign.line}",
                )
            for fact in article.facts:
                number = len(self.records.get("fact", [])) + 1
                self.add("fact", id=number, text=fact.text, source=source, locator=f"L{fact.line}")
                for condition in fact.conditions:
                    self.add("fact_condition", fact=number, condition=condition)
                for contributor in fact.contributors:
                    self.add("fact_contributor", fact=number, contributor=contributor)
            for answer in article.answers:
                number = len(self.records.get("answer", [])) + 1
                locator = f"L{answer.line}"
                self.add("answer", id=number, question=answer.question, text=answer.text, source=source, locator=locator)
                for condition in answer.conditions:
                    self.add("answer_condition", answer=number, condition=condition)

    def reached(self, tie: shape.MovementTie | shape.TreatmentTie | shape.SymptomTie) -> list[tuple[str, str | None]]:
        """The conditions that a tie reaches: those it names, then those its umbrellas land on, each once."""
        reached: dict[str, str | None] = dict.fromkeys(tie.conditions)
        for umbrella in tie.umbrellas:
            for condition in self.members[umbrella]:
                reached.setdefault(condition, umbrella)
        return list(reached.items())

    def movement_tie(self, source: str, tie: shape.MovementTie) -> None:
        cited = {"source": source, "locator": f"L{tie.line}", "editorial": int(tie.editorial)}
        finding = tie.finding or None
        for condition, umbrella in self.reached(tie):
            strength = "possible" if umbrella else STRENGTH_OF_SCOPE.get(tie.scope, "possible")
            link = {"scope": tie.scope, **cited, "umbrella": umbrella, "note": tie.note}
            self.movement(condition, tie.id, tie.relation, strength, link, tie.finding)
        base = {"movement": tie.id, "relation": tie.relation, **cited, "finding": finding}
        for contributor in tie.contributors:
            self.add("contributor_movement", contributor=contributor, **base, scope=tie.scope, umbrella=None, note=tie.note)
            if finding:
                link = {"scope": tie.scope, **cited, "umbrella": None, "note": tie.note}
                self.add("contributor_finding", contributor=contributor, finding=finding, **link)
        for umbrella in tie.umbrellas:
            self.add("umbrella_movement", umbrella_id=umbrella, **base, scope=tie.scope)
        if not (tie.conditions or tie.contributors or tie.umbrellas):
            self.add("movement_statement", **base)

    def treatment_tie(self, source: str, tie: shape.TreatmentTie) -> None:
        cited = {"source": source, "locator": f"L{tie.line}", "editorial": int(tie.editorial)}
        base = {"treatment": tie.id, **cited, "note": tie.caution}
        for condition, umbrella in self.reached(tie):
            link = {"scope": tie.scope, "umbrella": umbrella, "stance": "named", "claim": None}
            self.add("condition_treatment", condition=condition, **base, **link)
        for contributor in tie.contributors:
            self.add("contributor_treatment", contributor=contributor, **base, scope=tie.scope, umbrella=None)
        for umbrella in tie.umbrellas:
            self.add("umbrella_treatment", umbrella_id=umbrella, **base, scope=tie.scope)
        if not (tie.conditions or tie.contributors or tie.umbrellas):
            self.add("treatment_statement", **base)

    def symptom_tie(self, source: str, tie: shape.SymptomTie) -> None:
        cited = {"source": source, "locator": f"L{tie.line}", "editorial": 0}
        base = {"text": tie.text, "scope": "stated", **cited, "note": tie.note}
        for condition, umbrella in self.reached(tie):
            self.add("condition_symptom", condition=condition, **base, umbrella=umbrella)
            for findings, strength in ((tie.findings, "possible" if umbrella else "typical"), (tie.against, "against")):
                for finding in findings:
                    link = {"scope": "stated", **cited, "umbrella": umbrella, "note": tie.note}
                    self.add("condition_finding", condition=condition, finding=finding, strength=strength, **link)
        for contributor in tie.contributors:
            self.add("contributor_symptom", contributor=contributor, **base, umbrella=None)
            for finding in tie.findings:
                link = {"scope": "stated", **cited, "umbrella": None, "note": tie.note}
                self.add("contributor_finding", contributor=contributor, finding=finding, **link)
        for umbrella in tie.umbrellas:
            self.add("umbrella_symptom", umbrella_id=umbrella, text=tie.text, **cited, note=tie.note)

    def warnings(self) -> None:
        content = self.content
        general = {"pain_rule": content.pain_rules, "pain_limit": content.pain_limits, "follow_up": content.follow_ups}
        self.claims({"condition": None, "exercise": None}, general)
        for position, concern in enumerate(content.concerns):
            self.claims({"condition": None, "exercise": None}, {"concern": [concern]})
            claim = len(self.records["claim"])
            self.add("concern", id=concern.id, question=concern.question, position=position, claim=claim)
        for position, row in enumerate(self.content.red_flags):
            columns = _columns(row, "id label lay_label urgency urgency_basis action stop_box note")
            self.add("red_flag", **columns, position=position)
            for finding in row.findings:
                self.add("red_flag_finding", red_flag=row.id, finding=finding)
            for condition in row.suspects:
                self.add("red_flag_condition", red_flag=row.id, condition=condition)
            for name, locator in map(_split, row.sources):
                self.add("red_flag_source", red_flag=row.id, source=name, locator=locator)
        for position, rule in enumerate(self.content.rules):
            columns = _columns(rule, "id red_flag label tier urgency urgency_basis evidence")
            self.add("red_flag_rule", **columns, position=position)
            for part, lines in (("when", rule.when), ("unless", rule.unless), ("despite", rule.despite)):
                for line in lines:
                    self.add("red_flag_rule_line", red_flag_rule=rule.id, part=part, text=line)
            sign = next(row for row in self.content.red_flags if row.id == rule.red_flag)
            for condition in rule.suspects or sign.suspects:
                self.add("red_flag_rule_condition", red_flag_rule=rule.id, condition=condition)
            for name, locator in map(_split, rule.sources or sign.sources):
                self.add("red_flag_rule_source", red_flag_rule=rule.id, source=name, locator=locator)
        for position, question in enumerate(self.content.safety_questions):
            self.add("safety_question", **_columns(question, "id finding text why"), position=position)
            for finding in (question.finding, *question.also):
                self.add("safety_question_finding", safety_question=question.id, finding=finding)
            for part, lines in (("when", question.when), ("unless", question.unless)):
                for line in lines:
                    self.add("safety_question_line", safety_question=question.id, part=part, text=line)
        for clash in self.content.contradictions:
            self.add("contradiction", **_columns(clash, "id topic one other handling"))
            for side, sources in (("one", clash.one_sources), ("other", clash.other_sources)):
                for name, locator in map(_split, sources):
                    self.add("contradiction_source", contradiction=clash.id, side=side, source=name, locator=locator)
            for condition in clash.conditions:
                self.add("contradiction_condition", contradiction=clash.id, condition=condition)
            for treatment in clash.treatments:
                self.add("contradiction_treatment", contradiction=clash.id, treatment=treatment)

    def odds(self) -> None:
        for prior in self.content.priors:
            for cited in _cited(prior.sources, prior.editorial):
                self.add("prior", **_columns(prior, "condition setting prior_class share among note"), **cited)
        for profile in self.content.profiles:
            for cited in _cited(profile.sources, profile.editorial):
                self.add("profile", **_columns(profile, "condition field strength note"), **cited)

    def evidence(self) -> None:
        content = self.content
        ratio_columns = (
            "row condition subject name rule sens spec lr_pos lr_neg interval origin side comparator only population "
            "reference_standard study people use reason source"
        )
        for ratio in content.ratios:
            self.add(
                "likelihood_ratio",
                **_columns(ratio, ratio_columns),
                finding=ratio.name if ratio.subject in ("finding", "absent") else None,
                members="; ".join(ratio.members),
                chosen=int(ratio.chosen),
            )
        for note in content.study_notes:
            columns = _columns(note, "row condition finding reason population reference_standard source")
            self.add("study_note", **columns, figures=note.values)
        for statement in content.statements:
            columns = _columns(statement, "stance text body year strength grade")
            self.add("guideline_statement", id=statement.row, treatment=statement.treatment or None, **columns)
            for condition in statement.conditions:
                self.add("guideline_statement_condition", guideline_statement=statement.row, condition=condition)
            for name, locator in map(_split, statement.sources):
                self.add("guideline_statement_source", guideline_statement=statement.row, source=name, locator=locator)
            for other in statement.disputes:
                self.add("guideline_dispute", guideline_statement=statement.row, disputed_by=other)
        for row in content.evidence:
            columns = _columns(row, "text meaning urgency urgency_basis grade")
            self.add("red_flag_evidence", id=row.row, red_flag=row.red_flag or None, **columns)
            for condition in row.conditions:
                self.add("red_flag_evidence_condition", red_flag_evidence=row.row, condition=condition)
            for name, locator in map(_split, row.sources):
                self.add("red_flag_evidence_source", red_flag_evidence=row.row, source=name, locator=locator)

    def search(self) -> None:
        """One search entry for each thing a person may look up; `rank` orders equal hits by kind."""
        kinds = ("condition", "movement", "region", "finding", "exercise", "treatment", "contributor", "red_flag")
        synonyms: dict[tuple[str, str], list[str]] = {}
        for row in self.records.get("synonym", []):
            kind = next(name for name in SYNONYM_KINDS if row[name])
            synonyms.setdefault((kind, row[kind]), []).append(row["text"])
        bodies: dict[str, list[str]] = {}
        for row in self.records.get("claim", []):
            if row["condition"] and row["topic"] in ("summary", "patient", "who"):
                bodies.setdefault(row["condition"], []).append(row["text"])
        exercises = {row["id"] for row in self.records.get("exercise", [])}
        for rank, kind in enumerate(kinds):
            table = "treatment" if kind == "exercise" else kind
            for row in self.records.get(table, []):
                if table == "treatment" and (row["id"] in exercises) != (kind == "exercise"):
                    continue
                body = {
                    "condition": " ".join(bodies.get(row["id"], [])),
                    "movement": row.get("joint_actions", ""),
                    "finding": row.get("question", ""),
                    "treatment": row.get("patient", ""),
                }.get(kind, "")
                self.add(
                    "search_entry",
                    kind=kind.replace("_", ""),
                    id=row["id"],
                    label=row["label"],
                    lay_label=row["lay_label"],
                    synonyms=" ; ".join(synonyms.get((kind, row["id"]), [])),
                    body=body,
                    rank=rank,
                )

    def fill(self) -> dict[str, list[Record]]:
        self.vocabulary()
        self.treatments()
        self.exercises()
        self.figures()
        self.chart()
        self.conditions()
        self.articles()
        self.warnings()
        self.odds()
        self.evidence()
        self.search()
        return self.records


def _write(path: Path, content: Content, digest: str) -> None:
    # sqlite_utils is slow to import and only needed here: reading uses the standard library alone.
    try:
        from sqlite_utils import Database
    except ImportError as error:
        raise KnowledgeError("a checkout needs sqlite-utils to compile its content; run: pip install -e .") from error

    from db import schema

    knowledge = content.knowledge
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        database = Database(connection, execute_plugins=False)
        schema.create(database)
        records = _Filler(content).fill()
        records["meta"] = [
            {"key": key, "value": str(value)}
            for key, value in (
                ("id", knowledge.id),
                ("title", knowledge.title),
                ("version", knowledge.version),
                ("content_date", knowledge.content_date.isoformat()),
                ("review_date", knowledge.review_date.isoformat()),
                ("hash", digest),
                ("intended_use", knowledge.intended_use),
                ("not_for", knowledge.not_for),
                ("review_note", knowledge.review_note),
                ("safety_net", knowledge.safety_net),
            )
        ]
        for table in schema.TABLES:
            if rows := records.get(table):
                database.table(table).insert_all(rows, batch_size=200)
        schema.finish(database)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise KnowledgeError(f"the compiled knowledge has {len(broken)} broken references, the first in {broken[0][0]}")
        connection.execute("INSERT INTO search_entry_fts(search_entry_fts) VALUES ('optimize')")
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("VACUUM")


def compile_knowledge(root: Path, target: Path) -> str:
    """Compile the content folder `root` into the SQLite file `target`, whole or not at all; return the content hash.

    Raises ContentError when the content breaks a rule, KnowledgeError when the file cannot be written.
    """
    content = read_content(root)
    faults, _ = check(content)
    if faults:
        raise ContentError(faults)
    digest = content_hash(root)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{target.stem}.*.tmp*"):
            # What a compile that was killed left behind; a live one is never this old.
            if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
                left.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}.", suffix=".tmp", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        _write(temporary, content, digest)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise KnowledgeError(
            f"cannot write the knowledge base {target}: {error}; free space or choose --data-dir"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return digest
