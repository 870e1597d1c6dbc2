"""The self-test: floors under what the bundled vignettes give, its JSON, and cases of another file."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from cases import refusal, run
from conftest import ROOT

from decide.answer import Reasoner
from decide.method import summary
from decide.selftest import BUNDLED, Result, bundled
from decide.selftest import run as run_cases

Capture = pytest.CaptureFixture[str]
GOOD = {
    "id": "one", "age": 40, "present": ["saddle-numbness", "urinary-retention"], "expected": "cauda-equina-syndrome",
    "acceptable": ["cauda-equina-syndrome"], "disposition": "emergency", "disposition_accept": ["emergency"],
    "red_flag": True, "benign_lookalike": False, "difficulty": 1, "information": "adequate",
}  # fmt: skip


@pytest.fixture(scope="module")
def result(reasoner: Reasoner) -> Result:
    return run_cases(reasoner, bundled(reasoner))


def test_the_dangerous_are_escalated(result: Result) -> None:
    right, of = result.flagged()
    missed = [one.vignette for one in result.outcomes if one.vignette.red_flag and not one.right_disposition]
    assert (of >= 15, of - right) == (True, len(missed))
    # Three that state no sign at all are missed, and stay so rather than that a rule is bent for them.
    assert len(missed) <= 3, [vignette.id for vignette in missed]
    assert len([vignette for vignette in missed if vignette.clear]) <= 1, [vignette.id for vignette in missed]


def test_the_harmless_are_not(result: Result) -> None:
    for benign in (True, False):
        spared, of = result.spared(benign)
        assert of >= 5
        escalated = [one.vignette.id for one in result.outcomes if one.escalated and one.vignette.benign == benign]
        assert of - spared <= 1, escalated


def test_recall_stays_above_its_floor(result: Result) -> None:
    count = len(result.outcomes)
    assert count >= 40
    assert result.recall(1) >= 0.5 * count
    assert result.recall(3) >= 0.75 * count
    assert result.recall(5) >= 0.8 * count
    assert result.recall(1) <= result.recall(3) <= result.recall(5)
    assert 0.5 < result.reciprocal_rank() <= 1
    assert result.listed <= 5


def test_a_right_answer_last_would_be_noticed(result: Result) -> None:
    """The figures follow the outcomes: with every vignette's answer taken away nothing is recalled."""
    import dataclasses

    none = Result(tuple(dataclasses.replace(one, place=None, rank=None, disposition="routine") for one in result.outcomes))
    assert none.recall(5) == 0
    assert none.reciprocal_rank() == 0
    assert none.flagged()[0] < result.flagged()[0]
    assert len(none.missed) == len(none.outcomes)


def test_the_json_has_every_figure(capsys: Capture, result: Result) -> None:
    ran = run(capsys, "selftest", "--json")
    assert ran.status == 0
    found = ran.json
    assert found["knowledge"].keys() == {"version", "hash"}
    for part in ("all", "clear"):
        assert found[part].keys() == {"cases", "recall_at_1", "recall_at_3", "recall_at_5", "mean_reciprocal_rank"}
    assert found["all"]["cases"] == len(result.outcomes) == len(found["cases"])
    assert found["clear"]["cases"] < found["all"]["cases"]
    for part in ("red_flags_escalated", "benign_not_escalated", "routine_not_escalated"):
        assert found[part].keys() == {"right", "of"}
        assert 0 < found[part]["right"] <= found[part]["of"]
    for row in found["cases"]:
        assert {"id", "expected", "place", "disposition", "right_disposition", "reason"} <= row.keys()
        assert bool(row["reason"]) == (row["place"] != 1 or not row["right_disposition"]), row
    assert {row["id"] for row in found["missed"]} == {row["id"] for row in found["cases"] if row["reason"]}
    assert all(row["reason"] for row in found["missed"])


def test_it_calls_itself_recall_and_denies_to_be_accuracy(capsys: Capture) -> None:
    for command in (["selftest"], ["selftest", "--json"], ["method"]):
        ran = run(capsys, *command)
        text = " ".join(ran.out.split())
        assert "vignette recall of knowledge" in text.lower()
        for found in re.finditer("diagnostic accuracy", text, re.IGNORECASE):
            assert text[: found.start()].endswith("no measure of "), text[found.start() - 60 : found.end()]
    text = " ".join(run(capsys, "selftest").out.split())
    assert "no measure of diagnostic accuracy" in text


def test_the_text_fits_and_gives_every_miss_its_reason(capsys: Capture, result: Result) -> None:
    first = run(capsys, "selftest")
    assert max(map(len, first.out.splitlines())) <= 80
    assert first.out == run(capsys, "selftest").out
    for one in result.missed:
        assert f"- {one.vignette.id}: " in first.out


def _file(tmp_path: Path, value: Any) -> str:
    path = tmp_path / "cases.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def test_another_file_of_cases_is_run(capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = GOOD | {"id": "two", "expected": "hip-osteoarthritis", "acceptable": ["hip-osteoarthritis"]}
    path = _file(tmp_path, [GOOD, wrong])
    found = run(capsys, "selftest", "--cases", path, "--json").json
    assert found["all"]["cases"] == 2
    assert found["all"]["recall_at_1"] == 1
    assert [row["id"] for row in found["missed"]] == ["two"]

    class Piped:
        buffer = io.BytesIO(json.dumps([GOOD]).encode())

    monkeypatch.setattr(sys, "stdin", Piped())
    assert run(capsys, "selftest", "--cases", "-", "--json").json["all"]["recall_at_1"] == 1


def test_a_case_that_says_little_of_itself_is_run_all_the_same(capsys: Capture, tmp_path: Path) -> None:
    little = {"present": ["saddle-numbness"], "expected": "cauda-equina-syndrome", "disposition": "emergency"}
    found = run(capsys, "selftest", "--cases", _file(tmp_path, [little]), "--json").json
    assert found["all"]["cases"] == 1
    assert found["cases"][0]["right_disposition"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "no JSON"),
        ("[", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ({}, "must be a list of cases"),
        ([], "must be a list of cases"),
        ("3", "must be a list of cases"),
        ([3], "case 1: it must be an object"),
        ([GOOD, None], "case 2: it must be an object"),
        ([GOOD | {"age": 400}], "case one: the case's age is 400"),
        ([GOOD | {"present": ["fevr"]}], "did you mean 'fever'?"),
        ([GOOD | {"present": ["fever"], "absent": ["fever"]}], "'fever' stands in"),
        ([GOOD | {"expected": "hip"}], "unknown condition 'hip'"),
        ([GOOD | {"expected": None}], "unknown condition 'None'"),
        ([GOOD | {"expected": ["sciatica"]}], "case one"),
        ([GOOD | {"expected": {"a": 1}}], "case one"),
        ([{key: GOOD[key] for key in GOOD if key != "expected"}], "unknown condition"),
        ([GOOD | {"acceptable": "sciatica"}], "'acceptable' must be a list of texts"),
        ([GOOD | {"acceptable": [1]}], "'acceptable' must be a list of texts"),
        ([GOOD | {"acceptable": ["sciatica", "hip"]}], "unknown condition 'hip'"),
        ([GOOD | {"disposition_accept": [None]}], "'disposition_accept' must be a list of texts"),
        ([GOOD | {"disposition_accept": None, "disposition": None}], "'disposition_accept' must be a list of texts"),
        ([GOOD | {"disposition_accept": ["soon"]}], "soon"),
        ([GOOD | {"id": "\x1b[31m", "age": 400}], "<U+001B>"),
        ([GOOD | {"id": ["x"] * 2000, "age": 400}], "age is 400"),
    ],
)
def test_a_bad_file_of_cases_is_one_line(capsys: Capture, tmp_path: Path, value: Any, message: str) -> None:
    line = refusal(capsys, "selftest", "--cases", _file(tmp_path, value))
    assert message in line
    assert "cases.json" in line
    assert len(line) < 400


def test_a_file_that_is_not_there_is_one_line(capsys: Capture, tmp_path: Path) -> None:
    assert "No such file" in refusal(capsys, "selftest", "--cases", str(tmp_path / "none.json"))
    assert "cases file" in refusal(capsys, "selftest", "--cases", str(tmp_path))


def test_the_bundled_cases_are_whole(reasoner: Reasoner) -> None:
    raw = json.loads(BUNDLED.read_text(encoding="utf-8"))
    assert len({entry["id"] for entry in raw}) == len(raw)
    for entry in raw:
        assert entry["expected"] in entry["acceptable"]
        assert entry["disposition"] in entry["disposition_accept"]
    assert len(bundled(reasoner)) == len(raw)


def test_the_readme_publishes_what_this_knowledge_recalls(reasoner: Reasoner, result: Result) -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"Vignette recall of knowledge {reasoner.about.version}" in readme
    for sentence in summary(result):
        assert sentence in readme
