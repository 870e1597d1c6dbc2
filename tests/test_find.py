"""Finding candidates by movement, region and finding: what matches, in which order, and that nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from cases import FINDINGS, MOVEMENTS, REGIONS, refusal, relaxed, run
from conftest import table
from hypothesis import given
from hypothesis import strategies as st

from db import read
from db.read import Connection
from decide import report
from decide.answer import Reasoner
from decide.case import Case, broader_findings, narrower_findings

Capture = pytest.CaptureFixture[str]
CHOICES = st.builds(
    Case,
    regions=st.lists(st.sampled_from(REGIONS), max_size=3, unique=True).map(tuple),
    movements=st.lists(st.sampled_from(MOVEMENTS), max_size=3, unique=True).map(tuple),
    present=st.lists(st.sampled_from(FINDINGS), max_size=4, unique=True).map(tuple),
)


def found(reasoner: Reasoner, **chosen: tuple[str, ...]) -> dict[str, int]:
    """The conditions that what was chosen speaks of, best first, with their scores."""
    ranking = reasoner.answer(Case(**chosen), questions=False).ranking
    return {one.condition.id: one.log for one in ranking.candidates if one.support}


def scores(reasoner: Reasoner, one: Case) -> dict[str, int]:
    ranker = reasoner.ranker(one)
    return {each.condition.id: each.log for each in ranker.rank_all(ranker.rank(one))}


def test_socks_and_lifting_the_leg_bring_the_three_of_the_story(reasoner: Reasoner) -> None:
    names = list(found(reasoner, movements=("put-on-socks", "lift-leg")))
    assert {"si-joint-dysfunction", "sciatica", "piriformis-syndrome"} <= set(names)
    assert "si-joint-dysfunction" in names[:8]


def test_every_article_tie_of_a_chosen_movement_is_found(reasoner: Reasoner) -> None:
    terms = {row["term"]: row["id"] for row in table("article-terms") if row["kind"] == "condition"}
    ties = [tie for tie in table("movement-ties") if tie["relation"] in ("aggravates", "hinders")]
    assert len(ties) > 100
    for tie in ties:
        names = found(reasoner, movements=(tie["movement"],)).keys()
        wanted = {terms[term] for term in tie["named"].split("; ") if term in terms}
        assert wanted <= names, tie


def test_every_linked_finding_brings_its_condition(reasoner: Reasoner, db: Connection) -> None:
    for condition, finding, strength in read.strongest_links(db):
        if strength == "against" and reasoner.conditions[condition].grave:
            continue
        weight = reasoner.explain(Case(present=(finding,)), condition)
        said = [reason for reason in (*weight.for_, *weight.against) if reason.finding == finding]
        assert said, (condition, finding)
        if strength != "against" and said[0].weight.ratio > 1:
            assert condition in found(reasoner, present=(finding,)), (condition, finding)


def test_what_matches_in_more_ways_comes_first(reasoner: Reasoner, capsys: Capture) -> None:
    ran = run(capsys, "find", "--region", "groin", "--movement", "put-on-socks", "--finding", "hip-ir-limited", "--json")
    rows = [row for row in ran.json["candidates"] if row["kind"] == "condition"]
    first = next(row for row in rows if row["condition"] == "hip-osteoarthritis")
    assert first in rows[:3]
    assert {match["kind"] for match in first["matched"]} == {"region", "movement", "finding"}


def test_a_relieving_movement_speaks_against(reasoner: Reasoner, capsys: Capture) -> None:
    rows = run(capsys, "find", "--region", "low-back", "--movement", "sitting", "--json").json["candidates"]
    slipped = next(row for row in rows if row["condition"] == "spondylolisthesis")
    assert any(match["id"] == "sitting" for match in slipped["against"])
    assert not any(match["id"] == "sitting" for match in slipped["matched"])


def test_a_denied_finding_never_lowers_an_emergency(reasoner: Reasoner, db: Connection) -> None:
    grave = [condition.id for condition in read.conditions(db) if condition.urgency in ("emergency", "urgent")]
    assert len(grave) > 10
    everything = {link.id for link in read.finding_links(db, grave) if link.strength in ("hallmark", "typical")}
    before = scores(reasoner, Case(regions=("low-back",)))
    after = scores(reasoner, Case(regions=("low-back",), absent=tuple(everything - {"pain-low-back"})))
    for name in grave:
        assert after[name] >= before[name], name


def test_a_warning_sign_puts_what_it_marks_first(reasoner: Reasoner, capsys: Capture) -> None:
    chosen = ["--region", "low-back", "--region", "buttock", "--movement", "sitting", "--movement", "walking"]
    rows = run(capsys, "find", *chosen, "--finding", "saddle-numbness", "--json").json
    assert "cauda-equina-syndrome" in [row["condition"] for row in rows["candidates"][:5]]
    assert rows["must_exclude"][0] == "cauda-equina-syndrome"
    assert rows["red_flags"][0]["sign"] == "saddle-numbness"
    text = run(capsys, "find", "--region", "low-back", "--finding", "urinary-retention").out
    assert text.startswith("EMERGENCY")
    assert "MUST EXCLUDE: " in text
    # The danger stands above the list, never in it alone.
    assert text.index("MUST EXCLUDE") < text.index(" 1. ")
    # Risks and ordinary complaints raise no alarm.
    plain = run(
        capsys, "find", "--finding", "diabetes", "--finding", "leg-tingling", "--finding", "worse-walking", "--json"
    ).json
    assert plain["red_flags"] == []


def test_a_denial_alone_lowers_what_it_speaks_against(reasoner: Reasoner, capsys: Capture) -> None:
    before, after = scores(reasoner, Case()), scores(reasoner, Case(absent=("test-slr",)))
    assert after["sciatica"] < before["sciatica"]
    assert after["facet-joint-arthritis"] == before["facet-joint-arthritis"]
    rows = run(capsys, "find", "--not", "test-slr", "--json").json
    assert rows["total"] == len(rows["candidates"]) == len(before)


def test_the_main_region_weighs_more_than_a_further_one(reasoner: Reasoner, db: Connection) -> None:
    """Where only the list of regions speaks, the first of them weighs more."""
    main, further = set(), set()
    for name, regions in read.region_links(db, list(reasoner.conditions)).items():
        for position, region in enumerate(regions):
            for reason in reasoner.explain(Case(regions=(region.id,)), name).for_:
                if reason.weight.basis == "site":
                    (main if position == 0 else further).add(reason.weight.log)
    assert main
    assert further
    assert max(further) < max(main)


def test_nothing_chosen_lists_every_condition(capsys: Capture, reasoner: Reasoner) -> None:
    ran = run(capsys, "find", "--json")
    assert ran.status == 0
    assert len(ran.json["candidates"]) == ran.json["total"] == len(reasoner.conditions)


def test_impairments_are_marked(capsys: Capture) -> None:
    rows = run(capsys, "find", "--movement", "put-on-socks", "--json").json["candidates"]
    assert {row["kind"] for row in rows} == {"condition", "impairment"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--region", "grion"], "unknown region 'grion'; did you mean 'groin'?"),
        (["--region", "nose-tip"], "unknown region 'nose-tip'"),
        (["--movement", "socks"], "unknown movement 'socks'"),
        (["--movement", "qqqq"], "see: decide list movements"),
        (["--finding", "x"], "unknown finding 'x'"),
        (["--not", "test-srl"], "did you mean 'test-slr'?"),
        (["--finding", "fever", "--not", "fever"], "'fever' stands in 'present' and in 'absent'"),
    ],
)
def test_wrong_ids_are_named(capsys: Capture, arguments: list[str], message: str) -> None:
    assert message in refusal(capsys, "find", *arguments)


def test_broader_and_narrower_findings(reasoner: Reasoner) -> None:
    every = reasoner.findings
    for row in table("closures"):
        assert row["broader"] in broader_findings([row["finding"]], every)
    assert "pain-calf" in narrower_findings(["leg-pain"], every)
    # A denied complaint answers no test and no red flag.
    assert narrower_findings(["sphincter-dysfunction"], every) == ["sphincter-dysfunction"]
    assert narrower_findings(["hip-rom-limited"], every) == ["hip-rom-limited"]


@relaxed(60)
@given(choice=CHOICES)
def test_nothing_that_matches_is_lost_and_the_order_is_stable(reasoner: Reasoner, choice: Case) -> None:
    ranker = reasoner.ranker(choice)
    ranking = ranker.rank(choice)
    names = [one.condition.id for one in ranking.candidates]
    assert len(set(names)) == len(names)
    assert ranking.candidates == ranker.rank(choice).candidates
    shuffled = Case(present=choice.present[::-1], movements=choice.movements[::-1], regions=choice.regions[::-1])
    assert ranker.rank(shuffled).candidates == ranking.candidates
    supported = {one.condition.id for one in ranking.candidates if one.support}
    for name in reasoner.conditions:
        explanation = reasoner.explain(choice, name)
        speaks = any(reason.finding in reasoner.findings or ":" in reason.finding for reason in explanation.for_)
        assert (name in supported) == (speaks and name in supported), name
        if name not in names:
            assert not any(reason.finding in reasoner.findings for reason in explanation.for_), name


@relaxed(60)
@given(choice=CHOICES, more=st.sampled_from(MOVEMENTS))
def test_choosing_more_never_loses_a_candidate(reasoner: Reasoner, choice: Case, more: str) -> None:
    if choice.empty or more in choice.movements:
        return
    before = found(reasoner, present=choice.present, movements=choice.movements, regions=choice.regions)
    wider = found(reasoner, present=choice.present, movements=(*choice.movements, more), regions=choice.regions)
    assert before.keys() <= wider.keys()


@relaxed(40)
@given(choice=CHOICES)
def test_every_match_names_its_choice_and_its_source(reasoner: Reasoner, choice: Case) -> None:
    if choice.empty:
        return
    answer = reasoner.answer(choice, questions=False)
    chosen: dict[str, set[str]] = {
        "region": set(choice.regions),
        "movement": set(choice.movements),
        "finding": set(choice.present),
    }
    for one in [each for each in answer.ranking.candidates if each.support][:12]:
        row: dict[str, Any] = report.found_json(reasoner, answer, one)
        assert row["matched"]
        for match in (*row["matched"], *row["against"]):
            if match["kind"] in chosen:
                assert match["id"] in chosen[match["kind"]], match
            assert match["sources"]
            assert match["label"]
            assert match["weight"] > 0
