"""The commands as a person or a script uses them: output, JSON, exit status."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import PYTHON, child_environment

from db import read
from db.read import Connection
from decide.cli import LIST_KINDS, main
from decide.knowledge import review_warning

Capture = pytest.CaptureFixture[str]


def as_json(capsys: Capture, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: Capture, *arguments: str) -> str:
    """The one line on stderr of a command whose input is wrong."""
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("decide: ")
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


@pytest.mark.parametrize("kind", LIST_KINDS)
def test_every_list_has_ids_and_labels(capsys: Capture, kind: str) -> None:
    rows = as_json(capsys, "list", kind)
    assert rows
    assert all(row["id"] and row["label"] for row in rows)
    assert main(["list", kind]) == 0
    out = capsys.readouterr().out
    assert rows[0]["id"] in out
    assert max(map(len, out.splitlines())) <= 80


def test_lists_carry_the_fields_of_the_contract(capsys: Capture) -> None:
    assert {"kind", "lay_label", "question"} <= as_json(capsys, "list", "findings")[0].keys()
    assert {"synonyms", "regions", "urgency"} <= as_json(capsys, "list", "conditions")[0].keys()
    for kind in ("treatments", "exercises"):
        rows = as_json(capsys, "list", kind)
        assert {"kind", "conditions", "sources"} <= rows[0].keys()
    bird_dog = next(row for row in as_json(capsys, "list", "exercises") if row["id"] == "bird-dog")
    assert "core-weakness" in bird_dog["conditions"]
    assert bird_dog["sources"]


def test_show_gives_every_claim_with_its_sources(capsys: Capture, db: Connection) -> None:
    shown = as_json(capsys, "show", "sciatica")
    assert shown["kind"] == "condition"
    texts = {item["text"] for section in shown["sections"] for item in section["items"]}
    named = {treatment.id: treatment.label for treatment in read.treatments(db)}
    for claim in read.condition_claims(db, "sciatica"):
        if claim.topic == "management" and claim.treatment:
            assert f"{named[claim.treatment]}: {claim.text}" in texts
        else:
            assert claim.text in texts
    for section in shown["sections"]:
        if section["title"] in ("Summary", "Management", "When to refer"):
            assert all(item["sources"] for item in section["items"])


def test_every_entry_of_every_kind_can_be_shown(capsys: Capture, db: Connection) -> None:
    every = [("condition", row.id) for row in read.conditions(db)]
    every += [("exercise", row.id) for row in read.exercises(db)]
    every += [("movement", row.id) for row in read.movements(db)]
    every += [("region", row.id) for row in read.regions(db)]
    every += [("contributor", row.id) for row in read.contributors(db)]
    every += [("redflag", row.id) for row in read.red_flags(db)]
    every += [("treatment", row.id) for row in read.treatments(db)]
    every += [("finding", row.id) for row in read.findings(db)[:60]]
    every += [("source", row.id) for row in read.sources(db)[:60]]
    for kind, name in every:
        assert main(["show", f"{kind}:{name}"]) == 0, (kind, name)
        out = capsys.readouterr().out
        assert max(map(len, out.splitlines())) <= 80, (kind, name)
        assert "todo" not in out.lower()


def test_show_of_an_id_that_kinds_share_can_be_told_apart(capsys: Capture) -> None:
    assert as_json(capsys, "show", "finding:diabetes")["kind"] == "finding"
    assert as_json(capsys, "show", "contributor:diabetes")["kind"] == "contributor"


@pytest.mark.parametrize("begun", ["sciat", "sciatic", "sciatica"])
def test_the_beginning_of_a_short_name_finds_it_first(capsys: Capture, begun: str) -> None:
    assert main(["search", begun, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "sciatica"


def test_search_forgives_one_slip(capsys: Capture) -> None:
    for words, name in (("sciatcia", "sciatica"), ("hip artritis", "hip-osteoarthritis"), ("slipped disc", "sciatica")):
        hits = as_json(capsys, "search", words)
        assert name in [hit["id"] for hit in hits[:3]], (words, hits[:3])
        assert {"kind", "id", "label"} <= hits[0].keys()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("pain putting on socks", "put-on-socks"),
        ("my back catches when I lift my leg to put on a sock", "put-on-socks"),
        ("can't pee", "urinary-retention"),
        ("wet myself", "urinary-incontinence"),
        ("lost control of bowels", "bowel-soiling"),
        ("numb between the legs", "saddle-numbness"),
        ("SLR", "test-slr"),
        ("foot drop", "weak-ankle-dorsiflexion"),
        ("bum pain", "buttock"),
        ("sciatca", "sciatica"),
    ],
)
def test_names_come_before_texts_and_small_words_do_not_count(capsys: Capture, words: str, name: str) -> None:
    hits = as_json(capsys, "search", words)
    assert name in [hit["id"] for hit in hits[:2]], hits[:3]


def test_show_names_what_else_bears_the_id(capsys: Capture) -> None:
    assert main(["show", "saddle-numbness"]) == 0
    assert "redflag:saddle-numbness" in capsys.readouterr().out
    assert main(["show", "piriformis-stretch"]) == 0
    assert "names also" not in capsys.readouterr().out


def test_search_that_finds_nothing_answers_no(capsys: Capture) -> None:
    assert main(["search", "qqqqzzzz"]) == 1
    assert main(["search", "[red]"]) in (0, 1)
    assert main(["search", '"', "*", "AND", "("]) in (0, 1)
    assert main(["search", "\x1b[31m", "NEAR("]) in (0, 1)
    assert "\x1b" not in capsys.readouterr().out


def test_a_very_long_search_is_cut_and_does_no_harm(capsys: Capture) -> None:
    assert main(["search", "sock " + "_" * 60000]) == 0
    assert main(["search", "x" * 60000]) == 1
    assert "put-on-socks" in capsys.readouterr().out


def test_find_as_in_the_contract(capsys: Capture) -> None:
    found = as_json(capsys, "find", "--movement", "sitting", "--region", "buttock", "--finding", "test-crossed-slr")
    assert found.keys() >= {"candidates", "total", "red_flags", "must_exclude"}
    assert found["total"] == len(found["candidates"])
    for row in found["candidates"]:
        assert row.keys() >= {"condition", "label", "kind", "urgency", "band", "score", "matched", "against"}
        assert row["matched"]
    scores = [row["score"] for row in found["candidates"]]
    assert scores == sorted(scores, reverse=True)
    disc = next(row for row in found["candidates"] if row["condition"] == "sciatica")
    assert disc in found["candidates"][:5]
    assert {match["kind"] for match in disc["matched"]} == {"movement", "region", "finding"}
    assert all(match["sources"] for match in disc["matched"])


def test_find_shows_five_and_the_rest_on_request(capsys: Capture) -> None:
    assert main(["find", "--movement", "walking"]) == 0
    out = capsys.readouterr().out
    assert "5. " in out
    assert "6. " not in out
    more = int(out.partition(" more; add --all")[0].split()[-1])
    assert "NOT SCREENED" in out
    assert main(["find", "--movement", "walking", "--all"]) == 0
    every = capsys.readouterr().out
    assert "6. " in every
    assert f"{5 + more}. " in every
    assert f"{6 + more}. " not in every
    assert max(map(len, every.splitlines())) <= 80


def test_compare_tells_three_apart(capsys: Capture) -> None:
    found = as_json(capsys, "compare", "si-joint-dysfunction", "sciatica", "piriformis-syndrome")
    assert [one["id"] for one in found["conditions"]] == ["si-joint-dysfunction", "sciatica", "piriformis-syndrome"]
    assert found["discriminators"]
    assert found["discriminators"][0]["id"] == "test-crossed-slr"
    assert not any(row["same"] for row in found["rows"])
    everything = as_json(capsys, "compare", "si-joint-dysfunction", "sciatica", "piriformis-syndrome", "--all")
    assert len(everything["rows"]) > len(found["rows"])
    for row in everything["rows"]:
        assert row["same"] == (len(set(row["cells"].values())) == 1)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("sciatica", "piriformis-syndrome", "test-crossed-slr"),
        ("hip-osteoarthritis", "lumbar-stenosis", "pain-groin"),
        ("trochanteric-bursitis", "sciatica", "tender-greater-trochanter"),
        ("hip-labral-tear", "hip-flexor-strain", "test-resisted-hip-flexion"),
        ("si-joint-dysfunction", "facet-joint-arthritis", "pain-si-region"),
        ("meralgia-paresthetica", "upper-lumbar-radiculopathy", "knee-reflex-reduced"),
        ("femoral-neuropathy", "upper-lumbar-radiculopathy", "test-femoral-stretch"),
        ("spondylolysis", "facet-joint-arthritis", "athlete-extension-sport"),
        ("cauda-equina-syndrome", "sciatica", "saddle-numbness"),
        ("lumbar-stenosis", "peripheral-arterial-disease", "claudication-eases-standing-still"),
    ],
)
def test_what_an_expert_would_ask_first_stands_on_top(capsys: Capture, one: str, other: str, wanted: str) -> None:
    found = as_json(capsys, "compare", one, other)
    assert wanted in [row["id"] for row in found["discriminators"][:3]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "sciatica"], "two to four conditions, not 1"),
        (["compare", "sciatica", "sciatica"], "one is named twice"),
        (["compare", "sciatica", "hip"], "unknown condition 'hip'; see: decide list conditions"),
        (["compare", *["sciatica", "hip-osteoarthritis", "lumbar-stenosis", "fibromyalgia", "renal-colic"]], "not 5"),
        (["find", "--region", "nose"], "unknown region 'nose'"),
        (["find", "--movement", "\x1b[31mred"], "unknown movement '<U+001B>[31mred'"),
        (["find", "--finding", "fever", "--not", "fever"], "stands in 'present' and in 'absent'"),
        (["show", "nothing-like-it"], "nothing has the id 'nothing-like-it'; try: decide search nothing like it"),
        (["show", "place:groin"], "unknown kind 'place'"),
        (["list", "things"], "invalid choice: 'things'"),
        (["lits", "regions"], "invalid choice: 'lits'"),
        (["list"], "required: KIND"),
        (["find", "--colour", "red"], "unrecognized arguments: --colour red"),
        (["plan"], "required: CONDITION"),
        (["plan", "hip"], "unknown condition 'hip'"),
        (["plan", "sciatica", "--side", "up"], "side must be left, right or both, not 'up'"),
        (["plan", "sciatica", "--date", "2026-02-30"], "--date 2026-02-30 is no date"),
        (["plan", "sciatica", "--exercise", "flying"], "unknown exercise 'flying'"),
        (["plan", "sciatica", "--exercise", "bridge:reps"], "write a dose as field=amount"),
        (["plan", "sciatica", "--exercise", "bridge:speed=3"], "unknown dose field 'speed'"),
        (["plan", "sciatica", "--exercise", "bridge:reps=many"], "must be a number or a range"),
        (["plan", "sciatica", "--exercise", "bridge:reps=once"], "must be a number or a range like 8 to 12, not 'once'"),
        (["plan", "sciatica", "--exercise", "bridge:days=often"], "a range like 8 to 12 or every day, not 'often'"),
        (["plan", "sciatica", "--exercise", "bridge:days=9"], "days cannot be 9"),
        (["plan", "sciatica", "--exercise", "bridge:reps=12-8"], "runs backwards"),
        (["plan", "sciatica", "--exercise", "bridge:reps=٣"], "must be a number or a range"),
        (["show", "\udcff"], "is no valid text"),
        (["--data-dir", "~nobody-here/x", "plan", "sciatica"], "cannot be found"),
        (["plan", "sciatica", "--exercise", "bridge", "--exercise", "bridge"], "named twice"),
        (["plan", "sciatica", "--workaround", "opioids"], "no work-around that can be printed"),
        (["plan", "sciatica", "--movement", "flying"], "unknown movement 'flying'"),
        (["plan", "sciatica", "--label", "x" * 200], "longer than 60 characters"),
        (["plan", "cauda-equina-syndrome", "--exercise", "bridge"], "it gets a go-now sheet and no exercises"),
    ],
)
def test_wrong_input_is_one_clear_line(capsys: Capture, arguments: list[str], message: str) -> None:
    assert message in refused(capsys, *arguments)


def test_about_tells_what_this_is(capsys: Capture, db: Connection) -> None:
    about = as_json(capsys, "about")
    assert about["knowledge"]["hash"] == read.about(db).hash
    assert about["knowledge"]["version"]
    assert about["review_warning"] == ""
    assert main(["about"]) == 0
    out = capsys.readouterr().out
    assert "not been reviewed by a clinical board" in out
    assert "Not for children" in out


def test_a_warning_once_the_review_date_has_passed(db: Connection) -> None:
    about = read.about(db)
    due = date.fromisoformat(about.review_date)
    assert review_warning(about, due) == ""
    assert about.review_date in review_warning(about, date(due.year + 1, 1, 1))


def test_the_screens_need_a_terminal(capsys: Capture) -> None:
    assert "the screens need a terminal" in refused(capsys)


def test_a_reader_that_stops_reading_is_no_error() -> None:
    result = subprocess.run(
        f"{PYTHON} -m decide list findings | head -1",
        shell=True,
        capture_output=True,
        text=True,
        env=child_environment(),
        check=False,
    )
    assert result.stdout.startswith("pain-low-back")
    assert result.stderr == ""


def test_output_that_cannot_be_written_is_one_clear_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [PYTHON, "-m", "decide", "list", "findings"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=child_environment(),
            check=False,
        )
    assert result.returncode == 2
    assert "could not be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_commands_work_in_a_plain_locale_and_show_no_colour() -> None:
    result = subprocess.run(
        [PYTHON, "-m", "decide", "show", "article-000"],
        capture_output=True,
        env=child_environment(LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"),
        check=False,
    )
    assert result.returncode == 0
    assert b"\x1b" not in result.stdout
