"""The commands about a case: the fields of the contract, 80 columns, exit statuses, the same bytes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cases import refusal, run, saved
from conftest import PYTHON, child_environment

from db import read
from db.read import Connection
from decide.answer import Reasoner

Capture = pytest.CaptureFixture[str]
CASE: dict[str, Any] = {
    "age": 64, "sex": "m", "side": "left", "duration": "chronic", "onset": "gradual",
    "present": ["pain-buttock", "worse-walking", "better-sitting", "leg-tingling"], "absent": ["test-slr"],
}  # fmt: skip
DANGER: dict[str, Any] = {"age": 50, "present": ["pain-low-back", "saddle-numbness", "immunosuppression"]}
COMMANDS = [
    ["rank"],
    ["rank", "--all"],
    ["why", "sciatica"],
    ["why", "renal-colic"],
    ["redflags"],
    ["letter", "--date", "2026-12-01"],
]


def _of(command: list[str], path: str, *more: str) -> list[str]:
    return [command[0], path, *command[1:], *more]


@pytest.fixture(
    params=[CASE, DANGER, {}, {"age": 12, "present": ["pain-groin"]}], ids=["plain", "danger", "empty", "young"]
)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return saved(tmp_path, request.param)


REASON = {"finding", "label", "weight", "counted", "counts", "basis", "strength", "row", "through", "sources"}


def _is_reason(row: dict[str, Any]) -> None:
    assert row.keys() >= REASON
    assert row["finding"]
    assert row["label"]
    assert row["weight"] > 0
    assert row["counted"] > 0
    assert isinstance(row["counts"], bool)
    assert row["sources"]
    assert all(isinstance(source, str) and source for source in row["sources"])


@pytest.mark.parametrize("everything", [False, True])
def test_rank_has_every_field_of_the_contract(
    capsys: Capture, path: str, everything: bool, reasoner: Reasoner, db: Connection
) -> None:
    ran = run(capsys, "rank", path, "--json", *(["--all"] if everything else []))
    assert ran.status == 0
    found = ran.json
    about = read.about(db)
    assert found["knowledge"] == {"version": about.version, "hash": about.hash}
    assert found["disposition"] in ("emergency", "urgent", "routine", "self-care")
    assert found["within"] in ("now", "same-day", "days", "two-weeks", None)
    assert (found["within"] is None) == (found["disposition"] in ("routine", "self-care"))
    assert found["screened"].keys() == {"asked", "of"}
    assert 0 <= found["screened"]["asked"] <= found["screened"]["of"]
    assert found["screened"]["of"] >= 10
    assert set(found["must_exclude"]) <= reasoner.conditions.keys()
    assert len(set(found["must_exclude"])) == len(found["must_exclude"])
    sources = {source.id for source in read.sources(db)}
    for flag in found["red_flags"]:
        assert flag["id"] and flag["label"] and flag["action"]
        assert flag["urgency"] in ("emergency", "same-day", "days", "two-weeks", "clinic")
        assert set(flag["suspects"]) <= set(found["must_exclude"])
        assert flag["sources"]
        assert {source.partition("#")[0] for source in flag["sources"]} <= sources
    assert len(found["candidates"]) == len(reasoner.conditions) if everything else 1 <= len(found["candidates"]) <= 5
    for row in found["candidates"]:
        assert row["condition"] in reasoner.conditions
        assert row["label"] == reasoner.label(row["condition"])
        assert row["kind"] in ("condition", "impairment")
        assert row["band"] in ("fits-well", "fits-partly", "keep-in-mind")
        assert row["score"] > 0
        for side in ("for", "against", "missing", "atypical"):
            for reason in row[side]:
                _is_reason(reason)
                assert reason["finding"] in reasoner.findings
        for reason in (*row["profile"], *row["clusters"]):
            _is_reason(reason)
        assert {"class", "odds", "sources"} <= row["prior"].keys()
    listed = [row["score"] for row in found["candidates"]]
    if not everything:
        assert listed == sorted(listed, reverse=True)
    for question in found["next"]:
        assert question["finding"] in reasoner.findings
        assert question["question"]
        assert 1 <= len(question["separates"]) <= 2
        assert set(question["separates"]) <= reasoner.conditions.keys()
    assert 0 <= found["answered"] <= found["of"]


def test_rank_all_begins_as_rank_does(capsys: Capture, path: str) -> None:
    short = run(capsys, "rank", path, "--json").json["candidates"]
    long = run(capsys, "rank", path, "--all", "--json").json["candidates"]
    assert {row["condition"] for row in short} <= {row["condition"] for row in long}
    fitting = [row for row in long if row["band"] != "keep-in-mind"]
    assert short == (fitting[:5] or long[:1])


def test_why_explains_any_condition_as_rank_does(capsys: Capture, path: str, reasoner: Reasoner) -> None:
    ranked = {row["condition"]: row for row in run(capsys, "rank", path, "--all", "--json").json["candidates"]}
    listed = {row["condition"] for row in run(capsys, "rank", path, "--json").json["candidates"]}
    for name in ("sciatica", "cauda-equina-syndrome", "renal-colic", "hip-flexor-tightness", *sorted(listed)):
        found = run(capsys, "why", path, name, "--json").json
        for key in (
            "condition",
            "label",
            "kind",
            "band",
            "score",
            "for",
            "against",
            "missing",
            "atypical",
            "profile",
            "clusters",
        ):
            assert found[key] == ranked[name][key], (name, key)
        assert found["listed"] == (name in listed)
        assert list(ranked)[found["place"] - 1] == name
        text = run(capsys, "why", path, name).out
        assert text.startswith(reasoner.label(name)[:60])
        assert "Odds " in text


def test_why_shows_each_weight_with_its_source_and_row(capsys: Capture, tmp_path: Path, reasoner: Reasoner) -> None:
    path = saved(tmp_path, {"age": 45, "present": ["test-crossed-slr", "pain-low-back"]})
    found = run(capsys, "why", path, "sciatica", "--json").json
    study = next(row for row in found["for"] if row["finding"] == "test-crossed-slr")
    assert study["row"] == "LR002"
    assert study["weight"] == 2.8
    assert study["sources"] == ["van-der-windt-2010"]
    text = " ".join(run(capsys, "why", path, "sciatica").out.split())
    assert "x2.8" in text
    assert "row LR002" in text
    assert "[van-der-windt-2010]" in text


def test_redflags_has_the_screen_and_the_disposition(capsys: Capture, path: str) -> None:
    found = run(capsys, "redflags", path, "--json").json
    ranked = run(capsys, "rank", path, "--json").json
    for key in ("disposition", "within", "must_exclude", "red_flags", "knowledge"):
        assert found[key] == ranked[key], key
    assert found["screened"]["asked"] == ranked["screened"]["asked"]
    assert found["screened"]["complete"] == (found["screened"]["asked"] == found["screened"]["of"])
    assert len(found["questions"]) == found["screened"]["of"]
    for asked in found["questions"]:
        assert asked["question"]
        assert asked["answer"] in ("yes", "no", "not able", None)


def test_redflags_without_a_case_asks_the_questions(capsys: Capture, reasoner: Reasoner) -> None:
    found = run(capsys, "redflags", "--json").json
    assert len(found["questions"]) == len(reasoner.screen.questions)
    assert found["rules"] == len(reasoner.screen.rules)
    assert all(row["question"] and row["finding"] in reasoner.findings for row in found["questions"])
    text = run(capsys, "redflags").out
    plain = " ".join(text.split())
    for question in reasoner.screen.questions:
        assert question.text in plain
    assert max(map(len, text.splitlines())) <= 80


def test_method_tells_the_formula_and_its_limits(capsys: Capture, reasoner: Reasoner) -> None:
    found = run(capsys, "method", "--json").json
    assert found["title"]
    assert all(section["title"] and section["texts"] for section in found["sections"])
    text = run(capsys, "method").out
    plain = " ".join(text.split())
    for section in found["sections"]:
        for part in section["texts"]:
            assert " ".join(part.split()) in plain
    for part in ("prior odds", reasoner.about.review_note, reasoner.about.version, "no measure of diagnostic accuracy"):
        assert part in plain
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_text_is_eighty_columns_without_boxes_or_colour(capsys: Capture, path: str, command: list[str]) -> None:
    ran = run(capsys, *_of(command, path))
    assert ran.status == 0
    assert ran.err == ""
    text = ran.out.partition("NOTE FOR THE RECORD")[0]
    long = [line for line in text.splitlines() if len(line) > 80]
    assert long == []
    assert "\x1b" not in ran.out
    assert not any("\u2500" <= character <= "\u259f" for character in ran.out)


@pytest.mark.parametrize(
    "command", [*COMMANDS, ["why", "cauda-equina-syndrome", "--json"], ["rank", "--all", "--json"]], ids=" ".join
)
def test_the_same_case_gives_the_same_bytes(capsys: Capture, path: str, command: list[str]) -> None:
    assert run(capsys, *_of(command, path)) == run(capsys, *_of(command, path))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_gives_the_same_bytes_whatever_its_hash_seed(capsys: Capture, tmp_path: Path, seed: str) -> None:
    path = saved(tmp_path, CASE | {"movements": ["walking", "sitting"], "regions": ["buttock", "groin"]})
    here = run(capsys, "rank", path, "--json").out
    there = subprocess.run(
        [PYTHON, "-m", "decide", "rank", path, "--json"],
        capture_output=True,
        env=child_environment(
            PYTHONHASHSEED=seed, LC_ALL="C", PYTHONUTF8="0", DECIDE_KNOWLEDGE=os.environ["DECIDE_KNOWLEDGE"]
        ),
        check=True,
    )
    assert there.stdout.decode() == here


def test_a_dash_reads_standard_input(capsys: Capture, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(path).read_bytes()
    for command in COMMANDS:
        wanted = run(capsys, *_of(command, path)).out

        class Piped:
            buffer = io.BytesIO(data)

        monkeypatch.setattr(sys, "stdin", Piped())
        assert run(capsys, *_of(command, "-")).out == wanted


def test_an_unknown_condition_or_option_is_one_line(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, CASE)
    assert "unknown condition 'hip'; see: decide list conditions" in refusal(capsys, "why", path, "hip")
    assert "<U+001B>" in refusal(capsys, "why", path, "\x1b[31m")
    assert "required: CONDITION" in refusal(capsys, "why", path)
    assert "required: CASE.json" in refusal(capsys, "rank")
    assert "invalid choice: 'nurse'" in refusal(capsys, "rank", path, "--training", "nurse")


def test_under_18_carries_the_notice_first(capsys: Capture, tmp_path: Path) -> None:
    young = saved(tmp_path, {"age": 17, "present": ["pain-groin", "limp"]})
    found = run(capsys, "rank", young, "--json").json
    for part in ("Under 18", "adults", "slipped growth plate", "infection"):
        assert part in found["notice"]
    for command in ("rank", "redflags"):
        text = run(capsys, command, young).out
        assert "Under 18" in text
        assert text.index("Under 18") < text.index("Safety") if "Safety" in text else True
    for age in (18, None):
        assert "notice" not in run(capsys, "rank", saved(tmp_path, {"age": age, "present": ["limp"]}), "--json").json


def test_where_nothing_speaks_of_a_condition_the_text_says_so_and_lists_none(capsys: Capture, tmp_path: Path) -> None:
    text = " ".join(run(capsys, "rank", saved(tmp_path, {"age": 40, "absent": ["fever"]})).out.split())
    assert "Nothing present speaks of a condition yet" in text
    assert "1. " not in text


def test_a_finding_that_speaks_only_against_lists_nothing_on_its_account(
    capsys: Capture, tmp_path: Path, reasoner: Reasoner
) -> None:
    ranker = reasoner.ranker(reasoner.answer(_empty(reasoner), questions=False).case)
    alone = [
        name
        for name in reasoner.findings
        if (linked := ranker.linked(name).present) and all(weight.log <= 0 for weight in linked.values())
    ]
    for name in alone:
        rows = run(capsys, "rank", saved(tmp_path, {"present": [name]}), "--json").json["candidates"]
        assert rows[0]["condition"] not in ranker.linked(name).present, (name, rows[0]["condition"])


def _empty(reasoner: Reasoner) -> Any:
    from decide.case import Case

    return Case()


def test_the_setting_changes_how_common_things_are(capsys: Capture, tmp_path: Path) -> None:
    plain = run(capsys, "rank", saved(tmp_path, CASE), "--all", "--json").json
    here = run(capsys, "rank", saved(tmp_path, CASE | {"setting": "specialist"}), "--all", "--json").json
    assert here["disposition"] in ("routine", "self-care", "urgent")
    odds = {row["condition"]: row["prior"]["odds"] for row in plain["candidates"]}
    assert any(row["prior"]["setting"] == "specialist" for row in here["candidates"])
    assert {row["condition"] for row in here["candidates"]} == odds.keys()


def test_json_is_one_document_of_plain_characters_and_nothing_else(capsys: Capture, path: str) -> None:
    for command in COMMANDS:
        ran = run(capsys, *_of(command, path, "--json"))
        assert ran.status == 0
        assert ran.err == ""
        assert json.loads(ran.out) is not None
        assert "NaN" not in ran.out
        assert "Infinity" not in ran.out
