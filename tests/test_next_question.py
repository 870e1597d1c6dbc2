"""The next question: open, within the training, cheap before dear, danger first, and true about what it would change."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from cases import ANY_CASE, answer, case, relaxed, run, saved
from hypothesis import example, given
from hypothesis import strategies as st

from db import library
from decide.answer import Answer, Reasoner
from decide.case import Case, facts
from decide.next_question import TRAINING, change

Capture = pytest.CaptureFixture[str]


@relaxed(150)
@given(one=ANY_CASE, training=st.sampled_from(TRAINING))
def test_what_is_proposed_is_open_and_within_the_training(reasoner: Reasoner, one: Case, training: str) -> None:
    found = reasoner.answer(one, training).questions
    known = facts(one, reasoner.vocabulary)
    assert len(found) <= 3
    assert len({question.finding.id for question in found}) == len(found)
    for question in found:
        finding = question.finding
        assert not known.known(finding.id)
        assert finding.id not in one.not_able
        assert not (finding.opposite and finding.opposite in known.present)
        assert TRAINING.index(finding.training) <= TRAINING.index(training)
        if training == "none":
            assert finding.way in ("ask", "look")
        assert finding.question
        assert set(question.separates) <= reasoner.conditions.keys()
        assert len(set(question.separates)) == len(question.separates) >= 1
        assert question.yes
        assert question.no
        assert question.danger or len(question.separates) == 2
    # A danger stands first or nowhere.
    assert not any(question.danger for question in found[1:])


def _said(reasoner: Reasoner, before: Answer, after: Answer, names: tuple[str, ...]) -> list[str]:
    """What an answer did to some conditions, as the question should have said."""
    old = {one.condition.id: one.log for one in before.ranking.candidates}
    new = {one.condition.id: one.log for one in after.ranking.candidates}
    texts = []
    for name in names:
        if name in old and name in new:
            word = "up" if new[name] > old[name] else "down" if new[name] < old[name] else "unchanged"
            texts.append(f"{reasoner.conditions[name].short_label} {word}")
    return texts


@relaxed(150)
@given(one=ANY_CASE)
# A part of what the rule needs is denied: one answer cannot trip it any more.
@example(one=Case(absent=("pain-abdomen-flank",), regions=("pubis",)))
def test_an_answer_changes_what_the_question_says_it_changes(reasoner: Reasoner, one: Case) -> None:
    before = reasoner.answer(one)
    for question in before.questions:
        yes = reasoner.answer(one.answered(question.finding.id, "yes"), questions=False)
        no = reasoner.answer(one.answered(question.finding.id, "no"), questions=False)
        if question.danger:
            assert question.danger in {trip.rule.id for trip in yes.screening.escalating}
            assert question.danger not in {trip.rule.id for trip in before.screening.trips}
            assert "not excluded" in question.no
            continue
        for text, after in ((question.yes, yes), (question.no, no)):
            for part in _said(reasoner, before, after, question.separates):
                assert part in text
            if after.ranking.leading:
                assert text.endswith(f"{after.ranking.leading[0].condition.short_label} leads")


@relaxed(60)
@given(one=ANY_CASE)
def test_a_separating_question_moves_the_two_apart(reasoner: Reasoner, one: Case) -> None:
    for question in reasoner.answer(one).questions:
        if question.danger:
            continue
        first, other = question.separates
        ranker = reasoner.ranker(one)
        gaps = [
            ranker.weight_of(first, question.finding.id, reply) - ranker.weight_of(other, question.finding.id, reply)
            for reply in (True, False)
        ]
        assert any(gaps)


@pytest.mark.parametrize(
    ("present", "fields"),
    [
        ("pain-low-back fever", {"age": 50}),
        ("pain-low-back cancer-history", {"age": 60}),
        ("pain-groin osteoporosis", {"age": 72, "duration": "acute"}),
        ("pain-groin anticoagulant-use", {"age": 60}),
        ("pain-low-back trauma-recent", {"age": 40, "duration": "acute"}),
    ],
)
def test_a_danger_one_answer_away_comes_first(reasoner: Reasoner, present: str, fields: dict[str, Any]) -> None:
    one = case(reasoner, present, **fields)
    found = reasoner.answer(one).questions
    assert found[0].danger
    safety = {question.finding for question in reasoner.screen.questions}
    assert found[0].finding.red_flag or found[0].finding.id in safety
    urgent = reasoner.answer(one.answered(found[0].finding.id, "yes"), questions=False)
    before = reasoner.answer(one, questions=False)
    order = ["self-care", "routine", "urgent", "emergency"]
    assert order.index(urgent.disposition) >= order.index(before.disposition)
    assert urgent.screening.urgency in ("emergency", "same-day", "days", "two-weeks")
    # Once it is answered, no, or cannot be, it is not asked again.
    for reply in ("no", "not able"):
        again = reasoner.answer(one.answered(found[0].finding.id, reply)).questions  # type: ignore[arg-type]
        assert found[0].finding.id not in [question.finding.id for question in again]


def test_no_danger_is_asked_for_that_an_emergency_has_overtaken(reasoner: Reasoner) -> None:
    assert not any(one.danger for one in reasoner.answer(case(reasoner, "pain-low-back saddle-numbness fever")).questions)


@pytest.fixture(scope="session")
def equal_gains(knowledge_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Reasoner:
    """Two made-up conditions that three findings tell apart equally well, one asked, one by hand, one by equipment."""
    target = tmp_path_factory.mktemp("equal") / "knowledge.sqlite"
    shutil.copy(knowledge_file, target)
    db = sqlite3.connect(target)
    db.row_factory = sqlite3.Row

    def copied(table: str, key: str, value: str, **changes: Any) -> None:
        row = dict(db.execute(f"SELECT * FROM {table} WHERE {key} = ? LIMIT 1", (value,)).fetchone()) | changes
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))

    for name in ("made-up-one", "made-up-two"):
        copied("condition", "id", "sciatica", id=name, label=name, short_label=name)
        copied("prior", "condition", "sciatica", condition=name)
    plain = {"finding_group": None, "broader": None, "opposite": None, "red_flag": 0, "region": None, "movement": None}
    plain |= {"kind": "symptom", "tier": "core", "training": "none"}
    links = [("made-up-complaint", "made-up-one"), ("made-up-complaint", "made-up-two")]
    for name, way in (("made-a", "equipment"), ("made-b", "hands"), ("made-c", "ask"), ("made-up-complaint", "ask")):
        copied("finding", "id", "leg-pain", id=name, label=name, way=way, **plain)
    links += [(name, "made-up-one") for name in ("made-a", "made-b", "made-c")]
    for finding, condition in links:
        copied("condition_finding", "strength", "typical", condition=condition, finding=finding, umbrella=None)
    db.commit()
    db.close()
    return Reasoner(library.connect(target))


def test_asking_goes_before_hands_before_equipment(equal_gains: Reasoner) -> None:
    # No danger is left to ask for: those of the safety set were tried.
    tried = tuple(question.finding for question in equal_gains.screen.questions)
    found = equal_gains.answer(Case(present=("made-up-complaint",), not_able=tried)).questions
    assert [question.finding.id for question in found] == ["made-c", "made-b", "made-a"]
    assert {question.separates for question in found} == {("made-up-one", "made-up-two")}
    answered = equal_gains.answer(Case(present=("made-up-complaint", "made-c"), not_able=tried)).questions
    assert [question.finding.id for question in answered] == ["made-b", "made-a"]


def test_an_unscreened_case_is_first_asked_for_a_danger(equal_gains: Reasoner) -> None:
    found = equal_gains.answer(Case(present=("made-up-complaint",))).questions
    assert found[0].danger
    assert found[0].finding.id in {question.finding for question in equal_gains.screen.questions}
    assert [question.finding.id for question in found[1:]] == ["made-c", "made-b"]


def test_nothing_is_proposed_where_nothing_is_known_or_nothing_is_left(reasoner: Reasoner) -> None:
    assert reasoner.answer(Case()).questions == ()
    every = tuple(name for name in reasoner.findings if name != "pain-low-back")
    assert reasoner.answer(Case(present=("pain-low-back",), not_able=every)).questions == ()


def test_the_command_respects_the_training(reasoner: Reasoner, capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, {"age": 45, "present": ["pain-low-back", "leg-pain", "below-knee-symptoms", "pain-buttock"]})
    ways = {}
    for training in TRAINING:
        rows = run(capsys, "rank", path, "--json", "--training", training).json["next"]
        assert rows
        ways[training] = {row["way"] for row in rows}
        assert all(TRAINING.index(row["training"]) <= TRAINING.index(training) for row in rows)
    assert ways["none"] <= {"ask", "look"}


def test_a_change_is_told_in_words(reasoner: Reasoner) -> None:
    before = answer(reasoner, "pain-low-back").ranking
    after = answer(reasoner, "pain-low-back saddle-numbness urinary-retention").ranking
    assert "Cauda equina" in change(before, after, "numb")
    assert change(before, before, "nothing new").endswith("nothing new")
    assert "up" not in change(before, before, "nothing new").split(":")[0]
