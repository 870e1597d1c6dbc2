"""Cases: what is read, what is refused with one clear line, and what follows from what was said."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cases import ANY_CASE, case, refusal, relaxed, run, saved
from conftest import table
from hypothesis import given

from decide.answer import Reasoner
from decide.case import (
    CLOSED_DOWNWARDS,
    LARGEST_FILE,
    Case,
    as_json,
    broader_findings,
    case_from,
    facts,
    narrower_findings,
)
from decide.errors import InputError

Capture = pytest.CaptureFixture[str]


class Piped:
    """Standard input that holds some bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


# --- what is refused --------------------------------------------------------------------------------------------------

NO_JSON = {
    "nothing": b"",
    "words": b"my back hurts",
    "half a document": b'{"age": 40, "present": [',
    "a comma too many": b'{"age": 40,}',
    "two documents": b"{} {}",
    "a number without end": b'{"age": ' + b"9" * 5000 + b"}",
    "deep nesting": b'{"present": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
    "no UTF-8": '{"side": "lÃ¤nk"}'.encode("latin-1")[:-3] + b"\xff\xfe",
    "UTF-16": '{"age": 40}'.encode("utf-16"),
    "zero bytes": b"\x00" * 50,
    "too large": b'{"present": []' + b" " * LARGEST_FILE + b"}",
}


@pytest.mark.parametrize("what", NO_JSON)
def test_a_file_that_is_no_case_is_one_line_that_names_the_file(capsys: Capture, tmp_path: Path, what: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(NO_JSON[what])
    line = refusal(capsys, "rank", str(path))
    assert "case.json" in line
    assert ("larger than" in line) == (what == "too large")
    assert len(line) < 400


@pytest.mark.parametrize("depth", [300, 900, 935, 960, 990, 3000, 20_000])
@pytest.mark.parametrize("shape", ['{"present": [%s]}', '{"age": %s}', '{"sex": %s}', '{"present": %s}', "%s"])
def test_nesting_of_any_depth_is_one_line(capsys: Capture, tmp_path: Path, shape: str, depth: int) -> None:
    path = tmp_path / "case.json"
    path.write_text(shape % ("[" * depth + "]" * depth))
    assert len(refusal(capsys, "rank", str(path))) < 400


def test_a_value_too_deep_to_be_written_out_is_still_named(reasoner: Reasoner) -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    for key in ("age", "sex", "present", "pregnant"):
        with pytest.raises(InputError, match=key):
            case_from({key: deep}, reasoner.vocabulary)
    with pytest.raises(InputError, match="one object"):
        case_from(deep, reasoner.vocabulary)


VALUES: list[tuple[str, str]] = [
    ('{"age": -1}', "age is -1"),
    ('{"age": 121}', "age is 121"),
    ('{"age": 400}', "age is 400"),
    ('{"age": "40"}', 'age is "40"'),
    ('{"age": 40.5}', "age is 40.5"),
    ('{"age": true}', "age is true"),
    ('{"age": NaN}', "age is nan"),
    ('{"age": Infinity}', "age is inf"),
    ('{"age": 1e400}', "age is inf"),
    ('{"age": -1e400}', "age is -inf"),
    ('{"age": 1' + "0" * 400 + "}", "age is 1000"),
    ('{"age": [40]}', "age is [40]"),
    ('{"age": {"years": 40}}', "age is {"),
    ('{"sex": "x"}', "sex is"),
    ('{"sex": "female"}', "one of f, m"),
    ('{"sex": 1}', "sex is 1"),
    ('{"sex": ["f"]}', "sex is"),
    ('{"side": "up"}', "one of left, right, both"),
    ('{"duration": "long"}', "one of acute, subacute, chronic"),
    ('{"onset": "slow"}', "one of sudden, gradual, trauma"),
    ('{"setting": "moon"}', "setting is"),
    ('{"pregnant": "yes"}', "pregnant is"),
    ('{"pregnant": 1}', "pregnant is 1"),
    ('{"present": "fever"}', "'present' is"),
    ('{"present": {"fever": true}}', "'present' is"),
    ('{"absent": 3}', "'absent' is 3"),
    ('{"not_able": false}', "'not_able' is false"),
    ('{"movements": "walking"}', "'movements' is"),
    ('{"present": [1]}', "'present' holds 1"),
    ('{"present": [null]}', "'present' holds null"),
    ('{"present": [["fever"]]}', "'present' holds"),
    ('{"present": [NaN]}', "'present' holds"),
    ('{"present": ["pain-buttok"]}', "did you mean 'pain-buttock'?"),
    ('{"absent": ["test-srl"]}', "did you mean 'test-slr'?"),
    ('{"not_able": ["qqqq"]}', "see: decide list findings"),
    ('{"present": [""]}', "unknown finding ''"),
    ('{"present": ["FEVER"]}', "unknown finding 'FEVER'"),
    ('{"movements": ["put-on-sox"]}', "did you mean 'put-on-socks'?"),
    ('{"regions": ["grion"]}', "did you mean 'groin'?"),
    ('{"present": ["walking"]}', "unknown finding 'walking'"),
    ('{"present": ["' + "x" * 5000 + '"]}', "unknown finding 'xxx"),
    ('{"present": ["\\u001b[31m"]}', "<U+001B>"),
    ('{"present": ["\\ud800"]}', "unknown finding"),
    ('{"present": ["fever"], "absent": ["fever"]}', "'fever' stands in 'present' and in 'absent'"),
    ('{"present": ["fever"], "not_able": ["fever"]}', "'fever' stands in 'present' and in 'not_able'"),
    ('{"absent": ["fever"], "not_able": ["fever"]}', "'fever' stands in 'absent' and in 'not_able'"),
    ('{"pregnant": true, "absent": ["possibly-pregnant"]}', "'possibly-pregnant' stands in"),
    ("[]", "one object"),
    ("[{}]", "one object"),
    ("null", "one object"),
    ('"fever"', "one object"),
    ("NaN", "one object"),
    ("12", "one object"),
]


@pytest.mark.parametrize(("text", "message"), VALUES)
def test_a_wrong_value_is_one_line_that_names_it(capsys: Capture, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text)
    line = refusal(capsys, "rank", str(path))
    assert message in line
    assert len(line) < 400


@pytest.mark.parametrize("command", [["rank"], ["why", "sciatica"], ["redflags"], ["letter"]])
def test_every_command_about_a_case_refuses_alike(capsys: Capture, tmp_path: Path, command: list[str]) -> None:
    path = saved(tmp_path, {"age": 400})
    assert "age is 400" in refusal(capsys, command[0], path, *command[1:])


def test_what_cannot_be_read_is_one_line(capsys: Capture, tmp_path: Path) -> None:
    assert "No such file" in refusal(capsys, "rank", str(tmp_path / "none.json"))
    assert "directory" in refusal(capsys, "rank", str(tmp_path)).lower()
    assert "cannot read the case" in refusal(capsys, "rank", str(tmp_path / ("x" * 400)))
    assert "cannot read the case" in refusal(capsys, "rank", "a\x00b")


def test_standard_input_is_read_and_named(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(b'{"present": ["saddle-numbness"]}'))
    assert run(capsys, "rank", "-", "--json").json["disposition"] == "emergency"
    monkeypatch.setattr(sys, "stdin", Piped(b'{"age": '))
    assert "standard input" in refusal(capsys, "rank", "-")
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input" in refusal(capsys, "rank", "-")


# --- what is read -----------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_fault(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xef\xbb\xbf" + b'{"present": ["saddle-numbness"]}')
    assert run(capsys, "rank", str(path), "--json").json["disposition"] == "emergency"


def test_null_is_unknown_and_unknown_keys_are_ignored(reasoner: Reasoner) -> None:
    names = ("age", "sex", "side", "duration", "onset", "setting", "pregnant", "present", "absent", "not_able")
    nothing = dict.fromkeys((*names, "movements", "regions"))
    assert case_from(nothing, reasoner.vocabulary) == Case() == case_from({}, reasoner.vocabulary)
    more = {"age": 40, "expected": "sciatica", "acceptable": [1], "unmapped": {"a": []}, "Age": 400}
    assert case_from(more, reasoner.vocabulary) == Case(age=40)


@pytest.mark.parametrize("age", [0, 17, 18, 120])
def test_every_age_of_a_person_is_read(reasoner: Reasoner, age: int) -> None:
    read = case_from({"age": age}, reasoner.vocabulary)
    assert read.age == age
    assert read.minor == (age < 18)


def test_repeated_ids_are_one(reasoner: Reasoner) -> None:
    twice = {"present": ["fever", "fever"], "absent": ["limp"] * 3, "movements": ["walking"] * 2}
    once = {"present": ["fever"], "absent": ["limp"], "movements": ["walking"]}
    assert case_from(twice, reasoner.vocabulary) == case_from(once, reasoner.vocabulary)


def test_pregnant_is_a_finding_said_in_short(reasoner: Reasoner) -> None:
    words = reasoner.vocabulary
    assert case_from({"pregnant": True}, words) == case_from({"present": ["possibly-pregnant"]}, words)
    assert case_from({"pregnant": False}, words) == case_from({"absent": ["possibly-pregnant"]}, words)
    assert case_from({"pregnant": True, "present": ["possibly-pregnant"]}, words).present == ("possibly-pregnant",)


@relaxed(100)
@given(one=ANY_CASE)
def test_a_case_written_and_read_again_is_the_same(reasoner: Reasoner, one: Case) -> None:
    assert case_from(json.loads(json.dumps(as_json(one))), reasoner.vocabulary) == one


# --- what follows -----------------------------------------------------------------------------------------------------


def test_a_present_finding_makes_every_broader_one_present(reasoner: Reasoner) -> None:
    rows = table("closures")
    assert len(rows) > 50
    for row in rows:
        assert row["broader"] in facts(Case(present=(row["finding"],)), reasoner.vocabulary).present, row


def test_a_denial_closes_what_is_narrower_within_regions_radiation_and_quality_only(reasoner: Reasoner) -> None:
    findings = reasoner.findings
    closing = 0
    for finding in findings.values():
        if not finding.broader:
            continue
        closes = finding.kind in CLOSED_DOWNWARDS and findings[finding.broader].kind in CLOSED_DOWNWARDS
        closing += closes
        denied = facts(Case(absent=(finding.broader,)), reasoner.vocabulary).absent
        assert (finding.id in denied) == closes, finding.id
        if finding.kind in ("red-flag", "test", "neuro"):
            assert finding.id not in denied
    assert closing > 10
    assert set(CLOSED_DOWNWARDS) == {"pain-region", "radiation", "quality"}


@pytest.mark.parametrize(
    ("denied", "open_still"),
    [
        ("leg-weakness", ["weak-ankle-dorsiflexion", "weak-knee-extension", "motor-deficit-progressive"]),
        ("sphincter-dysfunction", ["urinary-retention", "bowel-soiling", "bladder-dysfunction"]),
        ("trauma-recent", ["trauma-major", "fall-onto-hip-or-buttock"]),
        ("hip-rom-limited", ["hip-ir-limited"]),
    ],
)
def test_no_to_a_complaint_answers_no_test_and_no_warning_sign(
    reasoner: Reasoner, denied: str, open_still: list[str]
) -> None:
    known = facts(Case(absent=(denied,)), reasoner.vocabulary)
    assert denied in known.absent
    for name in open_still:
        assert not known.known(name), name


def test_a_denied_leg_pain_is_no_calf_pain_either(reasoner: Reasoner) -> None:
    assert "pain-calf" in facts(Case(absent=("leg-pain",)), reasoner.vocabulary).absent
    # What is said to be there stands over what a denial would close.
    known = facts(Case(present=("pain-calf",), absent=("leg-pain",)), reasoner.vocabulary)
    assert "pain-calf" in known.present
    assert "pain-calf" not in known.absent


def test_an_onset_with_an_injury_is_a_recent_injury(reasoner: Reasoner) -> None:
    assert "trauma-recent" in facts(Case(onset="trauma"), reasoner.vocabulary).present
    for onset in (None, "sudden", "gradual"):
        assert not facts(Case(onset=onset), reasoner.vocabulary).known("trauma-recent")


def test_not_able_is_unknown(reasoner: Reasoner) -> None:
    known = facts(Case(not_able=("test-slr",)), reasoner.vocabulary)
    assert not known.known("test-slr")
    assert known.case.answer("test-slr") == "not able"
    assert known.present == known.absent == frozenset()


def test_movements_and_regions_stand_for_findings(reasoner: Reasoner) -> None:
    known = facts(Case(movements=("walking",), regions=("groin",)), reasoner.vocabulary)
    assert {"worse-walking", "pain-groin"} <= known.present


@relaxed(150)
@given(one=ANY_CASE)
def test_nothing_is_present_and_absent_and_what_was_said_is_kept(reasoner: Reasoner, one: Case) -> None:
    known = facts(one, reasoner.vocabulary)
    assert not known.present & known.absent
    assert set(one.present) <= known.present
    assert set(one.absent) <= known.present | known.absent
    assert known.present == set(broader_findings(known.present, reasoner.findings))
    assert known.absent <= set(narrower_findings(one.absent, reasoner.findings))
    assert set(known.stated) <= known.present


def test_an_answer_can_be_changed_and_taken_back() -> None:
    one = Case().answered("fever", "yes")
    assert one.answer("fever") == "yes"
    for answer in ("no", "not able", "yes"):
        one = one.answered("fever", answer)  # type: ignore[arg-type]
        assert one.answer("fever") == answer
        assert sum(map(len, (one.present, one.absent, one.not_able))) == 1
    assert one.answered("fever", None) == Case()


def test_case_from_names_what_is_wrong(reasoner: Reasoner) -> None:
    wrong: list[Any] = [None, 3, [], {"age": True}, {"present": ["no-such"]}]
    for value in wrong:
        with pytest.raises(InputError) as refused:
            case_from(value, reasoner.vocabulary)
        assert "\n" not in str(refused.value)
    assert case(reasoner, "fever").present == ("fever",)
