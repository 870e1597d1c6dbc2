"""Every row of the evidence tables is in the knowledge, figure for figure, and shown where it belongs."""

from __future__ import annotations

import re

import pytest
from conftest import table

from db import read
from db.read import Connection
from decide.entry import entry
from decide.gaps import alike, gaps

DIRECTIONS = {
    "FOR": {"recommended", "disputed"},
    "AGAINST": {"not-recommended", "disputed"},
    "QUALIFY": {"qualified", "disputed"},
    "FACT": {"fact", "disputed"},
}


def test_every_ratio_equals_its_row_digit_for_digit(db: Connection) -> None:
    have = {ratio.row: ratio for ratio in read.ratios(db)}
    rows = table("likelihood-ratios")
    assert len(rows) == 245
    for row in rows:
        ratio = have[row["row"]]
        subject = ratio.name if ratio.subject == "finding" else f"{ratio.subject.replace('absent', 'not')}:{ratio.name}"
        assert (ratio.condition, subject) == (row["condition"], row["finding"])
        for name in ("sens", "spec", "lr_pos", "lr_neg", "interval", "side", "use"):
            assert getattr(ratio, name) == row[name], (row["row"], name)


def test_exactly_one_ratio_counts_for_each_thing_by_the_written_rule(db: Connection) -> None:
    order = {"preferred": 0, "alternative": 1, "caution": 2}
    groups: dict[tuple[str, str, str, str], list[read.Ratio]] = {}
    for ratio in read.ratios(db):
        groups.setdefault((ratio.condition, ratio.subject, ratio.name, ratio.rule if ratio.members else ""), []).append(
            ratio
        )
    for key, members in groups.items():
        chosen = [ratio for ratio in members if ratio.chosen]
        assert len(chosen) == 1, key
        assert order[chosen[0].use] == min(order[ratio.use] for ratio in members), key
        if len(members) > 1:
            assert chosen[0].reason, key


def test_no_ratio_is_zero_or_without_end(db: Connection) -> None:
    for ratio in read.ratios(db):
        for value in (ratio.lr_pos, ratio.lr_neg):
            if value and ratio.side != "none":
                assert 0 < float(value.lstrip("<>=~")) < 1000, ratio.row


def test_every_ratio_of_a_finding_shows_beside_it(db: Connection) -> None:
    for condition in read.conditions(db):
        shown = entry(db, f"condition:{condition.id}")
        accuracy = next((section for section in shown.sections if section.title == "Accuracy figures"), None)
        ratios = read.ratios(db, condition_id=condition.id)
        assert len(accuracy.items if accuracy else ()) == len(ratios), condition.id
        beside = next(section for section in shown.sections if section.title == "Findings")
        for item in beside.items:
            assert re.search(r"LR[+-] |No figure known|no usable ratio|sensitivity|specificity", item.text), item.text


def test_every_row_of_the_management_table_is_there(db: Connection) -> None:
    rows = {row["id"]: row for row in db.execute("SELECT * FROM guideline_statement")}
    wanted = table("management")
    assert len(wanted) == 190
    for row in wanted:
        have = rows[row["row"]]
        assert have["stance"] in DIRECTIONS[row["direction"]], row
        assert have["grade"] == row["grade"]
        assert set(re.findall(r"\d+(?:\.\d+)?", have["text"].replace(",", ""))) <= set(row["figures"].split()), row
        assert db.execute(
            "SELECT count(*) FROM guideline_statement_condition WHERE guideline_statement = ?", (row["row"],)
        ).fetchone()[0]


def test_disputes_point_both_ways(db: Connection) -> None:
    pairs = {tuple(row) for row in db.execute("SELECT guideline_statement, disputed_by FROM guideline_dispute")}
    assert pairs
    assert all((other, one) in pairs for one, other in pairs)


def test_every_row_of_the_red_flag_table_is_there(db: Connection) -> None:
    rows = {row["id"]: row for row in db.execute("SELECT * FROM red_flag_evidence")}
    wanted = table("redflag-evidence")
    assert len(wanted) == 140
    for row in wanted:
        have = rows[row["row"]]
        assert have["urgency_basis"] == row["basis"], row
        assert have["meaning"], row
        assert set(re.findall(r"\d+(?:\.\d+)?", have["text"].replace(",", ""))) <= set(row["figures"].split()), row


def test_findings_say_what_they_take_and_who_may_do_them(db: Connection) -> None:
    for finding in read.findings(db):
        assert finding.question, finding.id
        assert finding.way in ("ask", "look", "hands", "equipment"), finding.id
        if finding.way in ("hands", "equipment"):
            assert finding.training != "none", finding.id
    by_id = {finding.id: finding for finding in read.findings(db)}
    assert by_id["pain-groin"].way == "ask"
    assert by_id["ankle-reflex-reduced"].training == "clinician"
    assert by_id["test-slr"].way == "hands"


def test_every_movement_says_what_it_loads_and_complaints_have_a_finding(db: Connection) -> None:
    answers = read.movement_findings(db)
    for movement in read.movements(db):
        assert movement.loads, movement.id
        if movement.common:
            assert "aggravates" in answers.get(movement.id, {}), movement.id


def test_neighbours_differ_in_at_least_three_findings(db: Connection) -> None:
    assert [(pair.one, pair.other, pair.differing) for pair in alike(db)] == []


def test_every_condition_is_whole(db: Connection) -> None:
    found = gaps(db)
    assert {gap.condition: gap.missing for gap in found.conditions if gap.missing} == {}
    assert all(condition.complete for condition in read.conditions(db))


def test_gaps_count_what_is_editorial(db: Connection) -> None:
    found = gaps(db)
    assert found.editorial_claims * 10 <= found.claims
    assert found.editorial_links * 10 <= found.links


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ("sciatica", "piriformis-syndrome", {"test-crossed-slr", "leg-pain-worse-coughing"}),
        (
            "hip-osteoarthritis",
            "lumbar-stenosis",
            {"neurogenic-claudication", "hip-ir-limited", "groin", "better-lean-forward"},
        ),
    ],
)
def test_the_row_on_top_is_one_that_an_expert_would_ask_for(db: Connection, one: str, other: str, first: set[str]) -> None:
    from decide.compare import compare

    top = [row.id for row in compare(db, [one, other]).discriminators[:3]]
    assert set(top) & first, top
