"""The tables and views of the compiled knowledge base. Used by the compiler alone; reading needs none of it.

Every link is a row of its own with its relation, strength, scope, source and note. A link that rests on several
sources has one row for each. `scope` tells how far an article's statement reaches: stated (of this condition),
list (among the causes named for a complaint), article (of the article's complaint), inferred (ours, editorial).
`umbrella` names the family through which a tie of an article reached a condition.
"""

from __future__ import annotations

from sqlite_utils import Database

# SQLite's mark of whose file this is: "dcid".
APPLICATION_ID = 0x64636964

_CITED = {"source": str, "locator": str, "editorial": int}
_LINK = {"scope": str, **_CITED, "umbrella": str, "note": str}

TABLES: dict[str, dict[str, type]] = {
    "meta": {"key": str, "value": str},
    "pack": {"id": str, "label": str},
    "source": {
        "id": str,
        "kind": str,
        "author": str,
        "year": str,
        "title": str,
        "reference": str,
        "address": str,
        "grade": str,
        "figures": str,
    },
    "region": {"id": str, "label": str, "lay_label": str, "side": str, "parent": str, "position": int},
    "finding_group": {"id": str, "label": str, "why": str},
    "movement": {
        "id": str,
        "kind": str,
        "label": str,
        "lay_label": str,
        "joint_actions": str,
        "loads": str,
        "common": int,
        "complaint": int,
        "note": str,
        "position": int,
    },
    "finding": {
        "id": str,
        "kind": str,
        "tier": str,
        "label": str,
        "lay_label": str,
        "question": str,
        "region": str,
        "movement": str,
        "opposite": str,
        "finding_group": str,
        "broader": str,
        "red_flag": int,
        "way": str,
        "training": str,
        "position": int,
    },
    "common_with": {"finding_group": str, "finding": str, "source": str},
    "movement_finding": {"movement": str, "relation": str, "finding": str},
    "umbrella": {"id": str, "label": str, "how": str},
    "contributor": {"id": str, "label": str, "lay_label": str, "kind": str, "modifiable": str, "note": str},
    "condition": {
        "id": str,
        "label": str,
        "short_label": str,
        "lay_label": str,
        "kind": str,
        "family": str,
        "urgency": str,
        "urgency_note": str,
        "icd10cm": str,
        "icd10cm_label": str,
        "review_date": str,
        "complete": int,
        "pack": str,
    },
    "treatment": {
        "id": str,
        "label": str,
        "lay_label": str,
        "kind": str,
        "offer": str,
        "patient": str,
        "note": str,
        "editorial": int,
        "pack": str,
    },
    "exercise": {
        "id": str,
        "family": str,
        "sided": int,
        "equipment": str,
        "start": str,
        "sets": str,
        "reps": str,
        "hold_seconds": str,
        "duration_minutes": str,
        "times_a_day": str,
        "days_a_week": str,
        "dose_note": str,
        "dose_source": str,
    },
    "figure": {
        "treatment": str,
        "position": int,
        "name": str,
        "alt": str,
        "svg": str,
        "braille": str,
        "blocks": str,
        "wide": float,
        "high": float,
    },
    "chart_view": {
        "view": str,
        "path": str,
        "wide": float,
        "high": float,
        "grid": str,
        "pale": str,
        "solid": str,
        "position": int,
    },
    "chart_area": {
        "region": str,
        "side": str,
        "view": str,
        "mark": str,
        "path": str,
        "hatch": str,
        "position": int,
    },
    "exercise_step": {"exercise": str, "position": int, "role": str, "text": str},
    "red_flag": {
        "id": str,
        "label": str,
        "lay_label": str,
        "urgency": str,
        "urgency_basis": str,
        "action": str,
        "stop_box": str,
        "note": str,
        "position": int,
    },
    "synonym": {"region": str, "movement": str, "finding": str, "condition": str, "text": str},
    "claim": {
        "id": int,
        "condition": str,
        "exercise": str,
        "topic": str,
        "position": int,
        "audience": str,
        "text": str,
        "role": str,
        "stance": str,
        "treatment": str,
        "urgency_basis": str,
        "editorial": int,
    },
    "concern": {"id": str, "question": str, "position": int, "claim": int},
    "claim_source": {"claim": int, "position": int, "source": str, "locator": str},
    "condition_region": {"condition": str, "region": str, "position": int},
    "condition_movement": {"condition": str, "movement": str, "relation": str, "strength": str, **_LINK, "finding": str},
    "contributor_movement": {"contributor": str, "movement": str, "relation": str, **_LINK, "finding": str},
    "umbrella_movement": {"umbrella_id": str, "movement": str, "relation": str, "scope": str, **_CITED, "finding": str},
    "movement_statement": {"movement": str, "relation": str, **_CITED, "finding": str},
    "condition_finding": {"condition": str, "finding": str, "strength": str, **_LINK},
    "contributor_finding": {"contributor": str, "finding": str, **_LINK},
    "condition_symptom": {"condition": str, "text": str, **_LINK},
    "contributor_symptom": {"contributor": str, "text": str, **_LINK},
    "umbrella_symptom": {"umbrella_id": str, "text": str, **_CITED, "note": str},
    "condition_contributor": {"condition": str, "contributor": str, **_CITED, "note": str},
    "condition_treatment": {"condition": str, "treatment": str, "stance": str, **_LINK, "claim": int},
    "contributor_treatment": {"contributor": str, "treatment": str, **_LINK},
    "umbrella_treatment": {"umbrella_id": str, "treatment": str, "scope": str, **_CITED, "note": str},
    "treatment_statement": {"treatment": str, **_CITED, "note": str},
    "treatment_source": {"treatment": str, "part": str, "source": str, "locator": str},
    "movement_treatment": {"movement": str, "treatment": str},
    "treatment_bar": {"treatment": str, "condition": str, "finding": str, "reason": str, **_CITED},
    "exercise_condition": {"exercise": str, "condition": str, "phase": str, **_CITED},
    "condition_workaround": {"condition": str, "treatment": str, "position": int},
    "treatment_clash": {"treatment": str, "exercise": str},
    "template_exercise": {"condition": str, "phase": str, "phase_order": int, "exercise": str, "position": int},
    "umbrella_condition": {"umbrella_id": str, "condition": str},
    "umbrella_movement_landing": {"umbrella_id": str, "movement": str},
    "red_flag_finding": {"red_flag": str, "finding": str},
    "red_flag_condition": {"red_flag": str, "condition": str},
    "red_flag_source": {"red_flag": str, "source": str, "locator": str},
    "red_flag_rule": {
        "id": str,
        "red_flag": str,
        "label": str,
        "tier": str,
        "urgency": str,
        "urgency_basis": str,
        "evidence": str,
        "position": int,
    },
    "red_flag_rule_line": {"red_flag_rule": str, "part": str, "text": str},
    "red_flag_rule_condition": {"red_flag_rule": str, "condition": str},
    "red_flag_rule_source": {"red_flag_rule": str, "source": str, "locator": str},
    "safety_question": {"id": str, "finding": str, "text": str, "why": str, "position": int},
    "safety_question_finding": {"safety_question": str, "finding": str},
    "safety_question_line": {"safety_question": str, "part": str, "text": str},
    "prior": {"condition": str, "setting": str, "prior_class": str, "share": str, "among": str, "note": str, **_CITED},
    "profile": {"condition": str, "field": str, "strength": str, "note": str, **_CITED},
    "red_flag_statement": {"red_flag": str, "text": str, "tier": str, "source": str, "locator": str},
    "likelihood_ratio": {
        "row": str,
        "condition": str,
        "subject": str,
        "finding": str,
        "name": str,
        "rule": str,
        "members": str,
        "sens": str,
        "spec": str,
        "lr_pos": str,
        "lr_neg": str,
        "interval": str,
        "origin": str,
        "side": str,
        "comparator": str,
        "only": str,
        "population": str,
        "reference_standard": str,
        "study": str,
        "people": str,
        "use": str,
        "chosen": int,
        "reason": str,
        "source": str,
    },
    "study_note": {
        "row": str,
        "condition": str,
        "finding": str,
        "figures": str,
        "reason": str,
        "population": str,
        "reference_standard": str,
        "source": str,
    },
    "guideline_statement": {
        "id": str,
        "treatment": str,
        "stance": str,
        "text": str,
        "body": str,
        "year": str,
        "strength": str,
        "grade": str,
    },
    "guideline_statement_condition": {"guideline_statement": str, "condition": str},
    "guideline_statement_source": {"guideline_statement": str, "source": str, "locator": str},
    "guideline_dispute": {"guideline_statement": str, "disputed_by": str},
    "red_flag_evidence": {
        "id": str,
        "red_flag": str,
        "text": str,
        "meaning": str,
        "urgency": str,
        "urgency_basis": str,
        "grade": str,
    },
    "red_flag_evidence_condition": {"red_flag_evidence": str, "condition": str},
    "red_flag_evidence_source": {"red_flag_evidence": str, "source": str, "locator": str},
    "fact": {"id": int, "text": str, "source": str, "locator": str},
    "fact_condition": {"fact": int, "condition": str},
    "fact_contributor": {"fact": int, "contributor": str},
    "answer": {"id": int, "question": str, "text": str, "source": str, "locator": str},
    "answer_condition": {"answer": int, "condition": str},
    "contradiction": {"id": str, "topic": str, "one": str, "other": str, "handling": str},
    "contradiction_source": {"contradiction": str, "side": str, "source": str, "locator": str},
    "contradiction_condition": {"contradiction": str, "condition": str},
    "contradiction_treatment": {"contradiction": str, "treatment": str},
    "search_entry": {"kind": str, "id": str, "label": str, "lay_label": str, "synonyms": str, "body": str, "rank": int},
}

ENTITIES = (
    "source",
    "region",
    "movement",
    "finding",
    "finding_group",
    "umbrella",
    "contributor",
    "condition",
    "treatment",
    "exercise",
    "red_flag",
    "red_flag_rule",
    "safety_question",
    "claim",
    "fact",
    "answer",
    "contradiction",
    "guideline_statement",
    "red_flag_evidence",
    "concern",
    "pack",
)
KEYS = {"meta": "key", **dict.fromkeys(ENTITIES, "id")}
# Columns that point to an entity under another name than the entity's own.
POINTERS = {
    "parent": "region",
    "opposite": "finding",
    "broader": "finding",
    "umbrella_id": "umbrella",
    "dose_source": "source",
    "disputed_by": "guideline_statement",
}
INDEXES = (
    ("condition_movement", "movement"),
    ("condition_movement", "condition"),
    ("condition_finding", "finding"),
    ("condition_finding", "condition"),
    ("condition_region", "region"),
    ("condition_symptom", "condition"),
    ("condition_treatment", "condition"),
    ("condition_contributor", "condition"),
    ("exercise_condition", "condition"),
    ("exercise_step", "exercise"),
    ("figure", "treatment"),
    ("movement_treatment", "movement"),
    ("treatment_bar", "treatment"),
    ("claim", "condition"),
    ("claim", "exercise"),
    ("claim_source", "claim"),
    ("likelihood_ratio", "condition"),
    ("likelihood_ratio", "finding"),
    ("study_note", "condition"),
    ("guideline_statement_condition", "condition"),
    ("search_entry", "id"),
)

VIEWS = {
    "conditions_and_movements": """
        SELECT c.label AS condition, m.label AS movement, l.relation, l.strength, l.scope, u.label AS through,
               s.title AS source, l.locator AS line, CASE l.editorial WHEN 1 THEN 'editorial' END AS mark, l.note
        FROM condition_movement l JOIN condition c ON c.id = l.condition JOIN movement m ON m.id = l.movement
             LEFT JOIN source s ON s.id = l.source LEFT JOIN umbrella u ON u.id = l.umbrella
        ORDER BY c.label, l.relation, m.label""",
    "conditions_and_findings": """
        SELECT c.label AS condition, f.label AS finding, l.strength, l.scope, s.title AS source, l.locator AS line,
               CASE l.editorial WHEN 1 THEN 'editorial' END AS mark, l.note
        FROM condition_finding l JOIN condition c ON c.id = l.condition JOIN finding f ON f.id = l.finding
             LEFT JOIN source s ON s.id = l.source
        ORDER BY c.label, l.strength, f.label""",
    "conditions_and_treatments": """
        SELECT c.label AS condition, t.label AS treatment, l.stance, l.scope, t.offer, s.title AS source,
               l.locator AS line, CASE l.editorial WHEN 1 THEN 'editorial' END AS mark, l.note
        FROM condition_treatment l JOIN condition c ON c.id = l.condition JOIN treatment t ON t.id = l.treatment
             LEFT JOIN source s ON s.id = l.source
        ORDER BY c.label, t.label""",
    "conditions_and_exercises": """
        SELECT c.label AS condition, t.label AS exercise, l.phase, s.title AS source, l.locator AS line
        FROM exercise_condition l JOIN condition c ON c.id = l.condition JOIN treatment t ON t.id = l.exercise
             LEFT JOIN source s ON s.id = l.source
        ORDER BY c.label, t.label""",
    "texts_and_sources": """
        SELECT coalesce(c.label, t.label) AS subject, k.topic, k.position, k.text, k.stance,
               CASE k.editorial WHEN 1 THEN 'editorial'
                    ELSE group_concat(s.author || ' ' || s.year || ' ' || s.title || ' ' || coalesce(x.locator, ''), '; ')
               END AS sources
        FROM claim k LEFT JOIN condition c ON c.id = k.condition LEFT JOIN treatment t ON t.id = k.exercise
             LEFT JOIN claim_source x ON x.claim = k.id LEFT JOIN source s ON s.id = x.source
        GROUP BY k.id ORDER BY k.id""",
    "accuracy_figures": """
        SELECT c.label AS condition, coalesce(f.label, r.name) AS finding, r.subject, r.rule, r.sens, r.spec, r.lr_pos,
               r.lr_neg, r.interval, r.side, r.use, r.chosen, r.population, s.author, s.year, s.reference
        FROM likelihood_ratio r JOIN condition c ON c.id = r.condition LEFT JOIN finding f ON f.id = r.finding
             JOIN source s ON s.id = r.source
        ORDER BY c.label, finding, r.row""",
    "what_guidelines_say": """
        SELECT c.label AS condition, t.label AS treatment, g.stance, g.body, g.year, g.text, g.strength, g.grade
        FROM guideline_statement_condition l JOIN guideline_statement g ON g.id = l.guideline_statement
             JOIN condition c ON c.id = l.condition LEFT JOIN treatment t ON t.id = g.treatment
        ORDER BY c.label, t.label, g.id""",
    "warning_rules": """
        SELECT r.label AS rule, r.tier, r.urgency, r.urgency_basis, f.label AS sign, r.evidence,
               (SELECT group_concat(text, ' AND ') FROM red_flag_rule_line l
                WHERE l.red_flag_rule = r.id AND l.part = 'when') AS whenever,
               (SELECT group_concat(text, ' OR ') FROM red_flag_rule_line l
                WHERE l.red_flag_rule = r.id AND l.part = 'unless') AS unless
        FROM red_flag_rule r JOIN red_flag f ON f.id = r.red_flag ORDER BY r.position""",
    "how_common": """
        SELECT c.label AS condition, p.setting, p.prior_class, p.share, p.among, s.title AS source,
               CASE p.editorial WHEN 1 THEN 'editorial' END AS mark, p.note
        FROM prior p JOIN condition c ON c.id = p.condition LEFT JOIN source s ON s.id = p.source
        ORDER BY c.label, p.setting""",
    "warning_signs": """
        SELECT r.label AS sign, r.urgency, r.urgency_basis, r.action, group_concat(c.label, '; ') AS suspects
        FROM red_flag r LEFT JOIN red_flag_condition l ON l.red_flag = r.id LEFT JOIN condition c ON c.id = l.condition
        GROUP BY r.id ORDER BY r.position""",
}


def _key_type(entity: str) -> type:
    """The type of an entity's id. A column of another type only shares the name (a finding's red_flag mark)."""
    return TABLES[entity]["id"]


def create(database: Database) -> None:
    """Create every table, with its foreign keys, in an empty database."""
    for name, columns in TABLES.items():
        foreign = [
            (column, POINTERS.get(column, column), "id")
            for column, kind in columns.items()
            if column != "id"
            and POINTERS.get(column, column) in ENTITIES
            and kind is _key_type(POINTERS.get(column, column))
        ]
        options = {"exercise": [("id", "treatment", "id")]}
        database.create_table(
            name,
            columns,
            pk=KEYS.get(name),
            foreign_keys=[*foreign, *options.get(name, [])],
            not_null={"id"} & columns.keys(),
            strict=True,
        )


def finish(database: Database) -> None:
    """Index the filled tables, add the search index and the views."""
    for table, column in INDEXES:
        database.table(table).create_index([column])
    database.table("search_entry").enable_fts(
        ["label", "lay_label", "synonyms", "body"], tokenize="unicode61 remove_diacritics 2"
    )
    for name, query in VIEWS.items():
        database.create_view(name, query)
