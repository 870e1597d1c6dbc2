"""The referral letter and the note: what stands in them, what never does, and how they are saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cases import ANY_CASE, answer, case, refusal, relaxed, run, saved
from hypothesis import given

from decide.answer import Reasoner
from decide.case import Case
from decide.letter import letter
from decide.letter_text import note, page, render
from decide.screening import answer_question
from decide.words import person

Capture = pytest.CaptureFixture[str]
DAY = date(2026, 12, 1)
DANGER: dict[str, Any] = {
    "age": 64, "sex": "m", "side": "left", "duration": "acute", "onset": "sudden",
    "present": ["pain-low-back", "urinary-retention", "test-slr"], "absent": ["fever", "saddle-numbness"],
    "not_able": ["test-femoral-stretch"],
}  # fmt: skip


def made(reasoner: Reasoner, present: str = "", absent: str = "", **fields: Any) -> str:
    return page(letter(reasoner, answer(reasoner, present, absent, **fields), DAY))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_an_emergency_says_so_and_how_soon_and_what_was_found(reasoner: Reasoner, capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, DANGER)
    ran = run(capsys, "letter", path, "--date", "2026-12-01", "--label", "Bed 4", "--contact", "Clinic, radio 2", "--json")
    found = ran.json
    assert ran.status == 0
    assert found["disposition"] == "emergency"
    assert found["within"] == "now"
    assert found["screened"]["of"] >= 10
    assert found["knowledge"].keys() == {"version", "hash"}
    text = plain(found["letter"])
    for part in (
        "EMERGENCY, to be seen now",
        "2026-12-01",
        "Bed 4",
        "Clinic, radio 2",
        "64-year-old man, left side, under 6 weeks",
    ):
        assert part in text, part
    labels = reasoner.findings
    for name in ("pain-low-back", "urinary-retention", "test-slr", "fever", "test-femoral-stretch"):
        assert labels[name].label in text, name
    assert reasoner.label("cauda-equina-syndrome") in text
    for line in ("Time symptoms began:", "Last normal passing of urine (time):", "Called (name, number, time):", "Signed:"):
        assert line in found["letter"]
    asked = {question.finding: question.text for question in reasoner.screen.questions}
    assert f"{asked['saddle-numbness']} no" in text
    assert f"{asked['sphincter-dysfunction']} YES" in text
    assert labels["urinary-retention"].label in text.partition(asked["sphincter-dysfunction"])[2].partition(")")[0]
    assert f"{asked['cancer-history']} not asked" in text


def test_what_is_denied_and_what_could_not_be_tested_stand_apart(
    reasoner: Reasoner, capsys: Capture, tmp_path: Path
) -> None:
    text = run(capsys, "letter", saved(tmp_path, DANGER), "--json").json["letter"]
    absent, _, rest = text.partition("Absent: ")[2].partition("Not able to ask or test: ")
    assert reasoner.findings["fever"].label in plain(absent)
    assert reasoner.findings["test-femoral-stretch"].label not in plain(absent)
    assert reasoner.findings["test-femoral-stretch"].label in plain(rest)


@pytest.mark.parametrize(
    ("present", "words"),
    [
        ("pain-low-back motor-deficit-progressive", "URGENT, to be seen the same day"),
        ("pain-low-back unexplained-weight-loss", "URGENT, to be seen within days"),
        ("pain-low-back worse-bend-forward", "Routine"),
    ],
)
def test_the_urgency_is_in_words(reasoner: Reasoner, present: str, words: str) -> None:
    text = plain(made(reasoner, present, age=40))
    assert f"Urgency: {words}" in text
    assert ("No warning rule that changes the urgency" in text) == (words == "Routine")


def test_where_no_source_gives_the_time_the_letter_says_so(reasoner: Reasoner) -> None:
    assert "(time limit: editorial)" in plain(made(reasoner, "pain-low-back motor-deficit-progressive"))
    assert "editorial" not in plain(made(reasoner, "saddle-numbness")).split("Warning signs asked")[0]


def test_not_screened_stands_until_every_question_is_answered(reasoner: Reasoner) -> None:
    one = case(reasoner, "pain-low-back", age=35)
    found = letter(reasoner, reasoner.answer(one, questions=False), DAY)
    assert "NOT SCREENED: 0 of 10" in plain(page(found))
    assert "NOT SCREENED: 0 of 10" in plain(note(found))
    for question in reasoner.screen.questions[:10]:
        one = answer_question(one, question, "no")
    found = letter(reasoner, reasoner.answer(one, questions=False), DAY)
    assert "NOT SCREENED" not in render(found)
    assert "not the same as safe" in note(found)


@relaxed(120)
@given(one=ANY_CASE)
def test_any_letter_fits_the_page_and_claims_nothing(reasoner: Reasoner, one: Case) -> None:
    found = reasoner.answer(one, questions=False)
    wrote = letter(reasoner, found, DAY, "x" * 50, "y" * 100)
    assert max(map(len, page(wrote).splitlines())) <= 80
    assert 4 <= len(wrote.note) <= 6
    assert all(character.isprintable() or character == "\n" for character in page(wrote))
    text = plain(page(wrote))
    assert reasoner.about.safety_net in text
    assert reasoner.about.review_note in text
    assert "it supports judgement and replaces none" in text
    assert "diagnosis is" not in text
    for name in found.must_exclude[:1]:
        assert reasoner.label(name) in text or found.screening.escalating
    for trip in found.screening.escalating:
        for name in trip.rule.suspects:
            assert reasoner.label(name) in text
    assert letter(reasoner, found, DAY, "x" * 50, "y" * 100) == wrote


def test_what_is_chosen_as_movement_or_region_is_on_the_letter_too(reasoner: Reasoner) -> None:
    one = Case(age=50, movements=tuple(reasoner.vocabulary.movements), regions=tuple(reasoner.vocabulary.regions))
    found = reasoner.answer(one, questions=False)
    assert found.ranking.known.plain
    text = plain(page(letter(reasoner, found, DAY)))
    for name in (*found.ranking.known.stated, *found.ranking.known.plain):
        assert reasoner.words(name) in text, name


def test_a_reason_and_an_answer_name_what_was_said_and_not_what_follows_from_it(reasoner: Reasoner) -> None:
    text = plain(made(reasoner, "pain-low-back urinary-retention"))
    said, broader = (reasoner.findings[name].label for name in ("urinary-retention", "sphincter-dysfunction"))
    assert f"Found: {said}." in text
    assert f"YES ({said})" in text
    assert f"Found: {broader}" not in text


def test_what_must_be_excluded_is_not_also_considered_otherwise(reasoner: Reasoner) -> None:
    text = plain(made(reasoner, "pain-low-back urinary-retention", age=64))
    first, _, rest = text.partition("Suspected or to exclude: ")[2].partition("Otherwise considered: ")
    name = reasoner.label("cauda-equina-syndrome")
    assert name in first
    assert name not in rest.partition("Warning signs asked")[0]


def test_a_letter_in_no_hurry_asks_a_question_in_place_of_the_times_of_a_transfer(reasoner: Reasoner) -> None:
    calm, hurried = made(reasoner, "pain-low-back worse-bend-forward", age=40), made(reasoner, "saddle-numbness")
    for line, there in (("What I ask of you:", calm), ("Last normal passing of urine (time):", hurried)):
        assert [line in text for text in (calm, hurried)] == [text is there for text in (calm, hurried)]
    assert all("Reach me at:" in text for text in (calm, hurried))


def test_nothing_known_is_still_a_letter(reasoner: Reasoner) -> None:
    found = letter(reasoner, reasoner.answer(Case(), questions=False), DAY)
    assert "Person, age not given" in plain(page(found))
    assert "nothing recorded" in page(found)
    assert "Otherwise considered" not in page(found)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"age": 30, "sex": "f", "side": "right"}, "30-year-old woman, right side"),
        ({"age": 0}, "0-year-old person"),
        ({"sex": "m", "side": "both"}, "Man, age not given, both sides"),
        ({"duration": "chronic", "onset": "trauma"}, "Person, age not given, over 12 weeks, onset with an injury"),
    ],
)
def test_the_person_and_the_side_are_in_words(fields: dict[str, Any], words: str) -> None:
    assert person(Case(**fields)) == words


def test_the_letter_is_saved_whole_and_the_note_on_a_page_of_its_own(capsys: Capture, tmp_path: Path) -> None:
    target = tmp_path / "letter.txt"
    ran = run(capsys, "letter", saved(tmp_path, DANGER), "--text", str(target), "--date", "2026-12-01")
    assert ran.status == 0
    assert ran.out == ""
    assert "saved: " in ran.err
    first, second = target.read_text(encoding="utf-8").split("\f")
    assert first.startswith("REFERRAL LETTER")
    assert "NOTE FOR THE RECORD" in second
    assert list(tmp_path.glob(".letter*")) == []


def test_a_place_that_cannot_be_written_is_one_line_and_loses_nothing(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, DANGER)
    assert "cannot write" in refusal(capsys, "letter", path, "--text", str(tmp_path / "none" / "letter.txt"))
    assert "cannot write" in refusal(capsys, "letter", path, "--text", str(tmp_path))
    assert "is no date" in refusal(capsys, "letter", path, "--date", "2026-02-30")


def test_what_is_typed_steers_no_terminal_and_no_printer(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, DANGER)
    target = tmp_path / "letter.txt"
    typed = "\x1b[31mred\x07 \u202eleft"
    shown = run(capsys, "letter", path, "--label", typed, "--contact", typed)
    run(capsys, "letter", path, "--label", typed, "--contact", typed, "--text", str(target))
    for text in (shown.out, target.read_text(encoding="utf-8")):
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "\u202e" not in text
        assert "red" in text


def test_a_young_person_is_not_given_candidates_without_the_notice(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, {"age": 12, "present": ["pain-groin", "limp"]})
    text = plain(run(capsys, "letter", path).out)
    assert "12-year-old person" in text
    assert "Under 18" in text
    assert "Otherwise considered" not in text
    assert "Considered:" not in text


def test_the_printed_letter_is_the_same_twice(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, DANGER)
    first = run(capsys, "letter", path, "--date", "2026-12-01")
    assert first == run(capsys, "letter", path, "--date", "2026-12-01")
    letter_text = first.out.partition("NOTE FOR THE RECORD")[0]
    assert max(map(len, letter_text.splitlines())) <= 80
    assert first.out.count("NOTE FOR THE RECORD") == 1
