"""The ranking: what must hold of every score, whatever the case.

Random cases are many or few: DECIDE_CASES=10000 runs each property on so many of them.
"""

from __future__ import annotations

import json
import math
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from cases import ANY_CASE, FINDINGS, case, grown, relaxed, run, saved
from conftest import CONTENT, table
from hypothesis import assume, given
from hypothesis import strategies as st

from db import library
from decide import report, weights
from decide.answer import Reasoner
from decide.case import Case, Facts, as_json, broader_findings, case_from, facts
from decide.ranking import SYNDROMES, Explanation, Reason

Capture = pytest.CaptureFixture[str]
CASES = int(os.environ.get("DECIDE_CASES", "400"))
ROWS = {row["row"]: row for row in table("likelihood-ratios")}
EVIDENCE: dict[str, dict[str, Any]] = {
    row["row"]: row
    for row in tomllib.loads((CONTENT / "evidence" / "likelihood-ratios.toml").read_text(encoding="utf-8"))["ratio"]
}
MADE_UP = "made-up-0"


def scores(reasoner: Reasoner, one: Case) -> dict[str, int]:
    """The score of every condition, as the whole number that the program keeps."""
    ranker = reasoner.ranker(one)
    return {found.condition.id: found.log for found in ranker.rank_all(ranker.rank(one))}


def log_of(reasoner: Reasoner, one: Case, condition: str) -> int:
    return reasoner.explain(one, condition).log


def counted(reasons: Iterable[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.counts]


def weighed(explanation: Explanation) -> list[Reason]:
    """Every reason of an explanation that was answered: for, against and atypical."""
    return [*explanation.for_, *explanation.against, *explanation.atypical]


def document(reasoner: Reasoner, one: Case, everything: bool = False) -> str:
    return json.dumps(report.rank_json(reasoner, reasoner.answer(one), everything), ensure_ascii=False, indent=2)


# --- the same case, the same bytes ---------------------------------------------------------------------------------------


@relaxed(CASES // 4)
@given(one=ANY_CASE, rng=st.randoms(use_true_random=False))
def test_order_and_repetition_change_no_byte(reasoner: Reasoner, one: Case, rng: Any) -> None:
    mixed = as_json(one)
    for key in ("present", "absent", "not_able", "movements", "regions"):
        mixed[key] = mixed[key] + mixed[key][: rng.randint(0, len(mixed[key]))]
        rng.shuffle(mixed[key])
    assert document(reasoner, case_from(mixed, reasoner.vocabulary)) == document(reasoner, one)


def test_another_process_gives_the_same_bytes(db: Any, reasoner: Reasoner, capsys: Capture, tmp_path: Path) -> None:
    value = {"age": 64, "sex": "m", "present": ["pain-buttock", "worse-walking", "leg-tingling"], "absent": ["test-slr"]}
    path = saved(tmp_path, value)
    first = run(capsys, "rank", path, "--all", "--json").out
    assert first == run(capsys, "rank", path, "--all", "--json").out
    assert first == document(Reasoner(db), case_from(value, reasoner.vocabulary), everything=True) + "\n"


@relaxed(CASES)
@given(one=ANY_CASE, more=st.lists(st.sampled_from(FINDINGS), max_size=5))
def test_what_is_not_known_changes_no_score(reasoner: Reasoner, one: Case, more: list[str]) -> None:
    able = one
    for name in more:
        if able.answer(name) is None:
            able = able.answered(name, "not able")
    ranking, other = reasoner.ranker(one).rank(one), reasoner.ranker(one).rank(able)
    assert other.candidates == ranking.candidates
    assert (other.answered, other.of) == (ranking.answered, ranking.of)
    assert reasoner.answer(able, questions=False).disposition == reasoner.answer(one, questions=False).disposition


# --- one condition's score is its own ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wider(knowledge_file: Path, db: Any, tmp_path_factory: pytest.TempPathFactory) -> Reasoner:
    """The same knowledge with one more condition, linked to two hundred findings."""
    have = db.execute("SELECT count(*) FROM condition").fetchone()[0]
    links = db.execute("SELECT count(*) FROM condition_finding").fetchone()[0]
    target = tmp_path_factory.mktemp("wider") / "knowledge.sqlite"
    return Reasoner(library.connect(grown(knowledge_file, target, have + 1, links + 200)))


@relaxed(CASES // 2)
@given(one=ANY_CASE)
def test_an_unrelated_condition_changes_no_other_score(reasoner: Reasoner, wider: Reasoner, one: Case) -> None:
    before, after = scores(reasoner, one), scores(wider, one)
    assert MADE_UP in after
    del after[MADE_UP]
    assert after == before


def test_links_read_by_finding_and_by_condition_are_the_same(reasoner: Reasoner) -> None:
    ranker = reasoner.ranker(Case())
    for present in (True, False):
        by_finding = {
            (finding, condition): weight
            for finding in reasoner.findings
            for condition, weight in ranker.linked(finding)[not present].items()
        }
        by_condition = {
            (finding, condition): weight
            for condition in reasoner.conditions
            for finding, weight in ranker._of(condition)[not present].items()
        }
        assert by_finding == by_condition
        assert len(by_finding) > 400


def test_a_case_reads_the_links_of_what_was_said_alone(db: Any) -> None:
    fresh = Reasoner(db)
    said: list[str] = []
    db.set_trace_callback(said.append)
    try:
        assert fresh.answer(Case(age=50)).screening.questions
        assert not any("condition_finding" in query or "FROM condition" in query for query in said)
        said.clear()
        assert fresh.answer(Case(present=("saddle-numbness",))).ranking.candidates
        assert any("condition_finding" in query for query in said)
        assert all("finding IN" in query or "condition IN" in query for query in said if "condition_finding" in query)
    finally:
        db.set_trace_callback(None)


def test_the_unrelated_condition_is_itself_ranked(wider: Reasoner) -> None:
    linked = list(wider.ranker(Case()).links_of(MADE_UP))
    assert len(linked) >= 150
    found = wider.answer(Case(present=tuple(linked[:4])), questions=False)
    assert MADE_UP in [one.condition.id for one in found.ranking.candidates]


# --- what each answer may do ---------------------------------------------------------------------------------------------


def _entangled(reasoner: Reasoner, condition: str) -> set[str]:
    """Findings that a cluster or a syndrome of a condition takes part in: there one answer replaces others."""
    members = {
        part.removeprefix("not:").replace("field:", "").strip()
        for row in EVIDENCE.values()
        if row["condition"] == condition and row.get("subject") == "cluster"
        for member in row.get("members", [])
        for part in re.split(r"[/;]", member)
    }
    for name, parts in SYNDROMES.items():
        members |= {name, *parts}
    return members


def _positive(reasoner: Reasoner) -> list[tuple[str, str]]:
    """(condition, finding) where a study or a statement gives the present finding a ratio above 1."""
    ranker = reasoner.ranker(Case())
    return [
        (condition, finding)
        for condition in sorted(reasoner.conditions)
        for finding, weight in ranker.links_of(condition).items()
        if weight.ratio > 1 and finding in reasoner.findings
    ]


@relaxed(CASES * 2)
@given(one=ANY_CASE, data=st.data())
def test_a_finding_that_speaks_for_a_condition_never_lowers_it(reasoner: Reasoner, one: Case, data: Any) -> None:
    condition, finding = data.draw(st.sampled_from(_positive(reasoner)))
    known = facts(one, reasoner.vocabulary)
    assume(not known.known(finding))
    chain = set(broader_findings([finding], reasoner.findings))
    assume(not chain & _entangled(reasoner, condition))
    # A broader finding said before was the vaguer answer to the same question: the narrower one stands for it now.
    assume(not (chain - {finding}) & set(known.stated))
    after = one.answered(finding, "yes")
    assert log_of(reasoner, after, condition) >= log_of(reasoner, one, condition)


@relaxed(CASES * 2)
@given(one=ANY_CASE, denied=st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=8))
def test_no_denial_lowers_an_emergency_or_urgent_condition(reasoner: Reasoner, one: Case, denied: list[str]) -> None:
    after = one
    for name in denied:
        if after.answer(name) is None:
            after = after.answered(name, "no")
    before, now = scores(reasoner, one), scores(reasoner, after)
    for name, condition in reasoner.conditions.items():
        if condition.grave:
            assert now[name] >= before[name], name


def test_denying_everything_expected_lowers_no_grave_condition_and_many_others(reasoner: Reasoner) -> None:
    one = case(reasoner, "pain-low-back pain-groin leg-pain")
    ranker = reasoner.ranker(one)
    lowered = 0
    for name, condition in reasoner.conditions.items():
        every = tuple(finding for finding in ranker.links_of(name) if finding in FINDINGS and finding not in one.present)
        after = Case(present=one.present, absent=every)
        change = log_of(reasoner, after, name) - log_of(reasoner, one, name)
        assert change >= 0 or not condition.grave, name
        lowered += change < 0
    assert lowered > 20


# --- every number can be followed to its row -----------------------------------------------------------------------------


def _figure(row: dict[str, Any], met: bool) -> str:
    """The figure of a row that belongs to an answer: `met` is present (or absent where that is the subject), or met."""
    return str(row["lr_pos"] if met else row["lr_neg"])


def _row_holds(reasoner: Reasoner, reason: Reason, known: Facts) -> None:
    """A reason that rests on a study equals its row digit for digit, damped only where the page says so."""
    weight = reason.weight
    row = ROWS[weight.row]
    figures = {row["lr_pos"], row["lr_neg"]}
    assert any(figure and float(figure) == weight.ratio for figure in figures if _number(figure)), (reason, row)
    assert weight.row in EVIDENCE
    assert not EVIDENCE[weight.row].get("comparator")
    assert row["side"] != "none"
    if row["side"] in ("pos", "neg"):
        assert float(_figure(row, row["side"] == "pos")) == weight.ratio, (reason, row)
    # Damped where the page says so, and nowhere else: a caution row, a broader finding's row, a sign that is common
    # beside another complaint.
    power = 0.5 if row["use"] == "caution" else 1.0
    complaint, _ = reasoner.damped_groups().get(reasoner.ranker(known.case).group(reason.finding), ("", ""))
    powers = {power}
    if reason.through:
        powers |= {power * weights.BROADER}
    if complaint in known.present:
        powers |= {each * weights.DAMPING for each in powers}
    logs = [math.log(weight.ratio) * each * weights.UNIT for each in powers]
    assert any(abs(weight.log - log) <= 2 for log in logs), (reason, row)


def _number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None


def test_each_study_ratio_in_use_equals_its_row(reasoner: Reasoner) -> None:
    used = set()
    for row in EVIDENCE.values():
        subject, finding, condition = row["subject"], row["name"], row["condition"]
        if subject not in ("finding", "absent") or finding not in reasoner.findings:
            continue
        for reply, side in (("yes", subject == "finding"), ("no", subject == "absent")):
            one = Case().answered(finding, reply)  # type: ignore[arg-type]
            explanation = reasoner.explain(one, condition)
            for reason in (*explanation.for_, *explanation.against):
                if reason.weight.row != row["row"]:
                    continue
                used.add(row["row"])
                assert reason.finding == finding
                assert repr(reason.weight.ratio) == repr(float(_figure(ROWS[row["row"]], side))), row["row"]
                power = 0.5 if row["use"] == "caution" else 1.0
                assert reason.weight.log == round(math.log(reason.weight.ratio) * power * weights.UNIT), row["row"]
                assert reasoner.sources(condition, reason) == (row["source"],)
    assert len(used) > 80


def test_each_preferred_ratio_of_a_finding_is_in_use(reasoner: Reasoner) -> None:
    """What a study gives is not left aside for a default weight; only a "no" to a grave condition is."""
    for row in EVIDENCE.values():
        finding, condition = row["name"], row["condition"]
        if row["use"] != "preferred" or row["subject"] != "finding" or row.get("comparator"):
            continue
        better = [
            other
            for other in EVIDENCE.values()
            if (other["condition"], other["subject"], other["name"]) == (condition, "finding", finding)
            and other["use"] == "preferred"
        ]
        if len(better) > 1 or row["side"] not in ("both", "pos") or not _number(row["lr_pos"]):
            continue
        if float(row["lr_pos"]) < 1 and reasoner.conditions[condition].grave:
            continue
        explanation = reasoner.explain(Case(present=(finding,)), condition)
        rows = [reason.weight.row for reason in (*explanation.for_, *explanation.against)]
        assert row["row"] in rows, row["row"]


def test_an_alternative_row_never_counts_beside_a_preferred_one(reasoner: Reasoner) -> None:
    alternatives = 0
    for row in EVIDENCE.values():
        key = (row["condition"], row["subject"], row["name"])
        twins = [other for other in EVIDENCE.values() if (other["condition"], other["subject"], other["name"]) == key]
        preferred = [other for other in twins if other["use"] == "preferred" and not other.get("comparator")]
        if row["use"] == "preferred" or not preferred or row["subject"] not in ("finding", "absent"):
            continue
        alternatives += 1
        for reply in ("yes", "no"):
            one = Case().answered(row["name"], reply)  # type: ignore[arg-type]
            explanation = reasoner.explain(one, row["condition"])
            rows = [reason.weight.row for reason in (*explanation.for_, *explanation.against)]
            assert row["row"] not in rows, row["row"]
    assert alternatives > 10


def test_the_method_page_documents_the_damping_that_is_used(capsys: Capture) -> None:
    page = " ".join(run(capsys, "method").out.split())
    assert f"power {weights.DAMPING:g}" in page
    assert weights.DAMPING == 0.5
    stated = [ratio for ratios in weights.STATED.values() for ratio in ratios.values()]
    for ratio in (*stated, *weights.DENIED.values(), *weights.PRIOR_ODDS.values(), *weights.ATYPICAL.values()):
        assert f"{ratio:g}" in page


# --- the formula, on any case --------------------------------------------------------------------------------------------


def _group(reasoner: Reasoner, name: str) -> str:
    """The group of a finding; the fields of a case are groups of their own: age>=60 is of age."""
    finding = reasoner.findings.get(name)
    return (finding.finding_group or name) if finding else re.split("[<>=]", name)[0]


def _holds(reasoner: Reasoner, one: Case, explanation: Explanation) -> None:
    """Everything that must hold of why one condition stands where it stands."""
    known = facts(one, reasoner.vocabulary)
    reasons = weighed(explanation)
    # Prior odds times one weight for each reason that counts; as whole numbers, so in any order.
    assert isinstance(explanation.log, int)
    assert all(isinstance(reason.weight.log, int) for reason in reasons)
    assert explanation.prior is not None
    base = round(math.log(weights.PRIOR_ODDS[explanation.prior.prior_class]) * weights.UNIT)
    assert explanation.log == base + sum(reason.weight.log for reason in counted(reasons))
    for value in (explanation.score, explanation.prior_odds, *(reason.weight.counted for reason in reasons)):
        assert math.isfinite(value)
        assert value > 0
    # Of one group one reason counts, and clusters stand apart. What is atypical counts once for a group, and not where
    # something present of the group is accounted for.
    by_source = [
        reason for reason in counted([*explanation.for_, *explanation.against]) if "cluster:" not in reason.finding
    ]
    strange = counted(explanation.atypical)
    for chosen in (by_source, strange):
        groups = Counter(_group(reasoner, reason.finding) for reason in chosen)
        assert not groups or max(groups.values()) == 1, (explanation.condition.id, groups.most_common(2))
    present = {_group(reasoner, reason.finding) for reason in by_source if reason.finding in known.present}
    assert not present & {_group(reasoner, reason.finding) for reason in strange}
    # A cluster replaces its members, a syndrome its components.
    inside: set[str] = set()
    clustered: set[str] = set()
    for reason in counted(reasons):
        if reason.finding.startswith("cluster:"):
            members = {
                part.removeprefix("not:").replace("field:", "").strip()
                for member in EVIDENCE[reason.weight.row]["members"]
                for part in re.split(r"[/;]", member)
            }
            assert not members & clustered, "two clusters share a member"
            clustered |= members
        elif reason.finding in SYNDROMES and reason.weight.log > 0 and not reason.through:
            inside |= set(SYNDROMES[reason.finding])
    for reason in counted([*explanation.for_, *explanation.against]):
        if reason.finding in reasoner.findings:
            assert reason.finding not in inside | clustered, (explanation.condition.id, reason)
    for reason in reasons:
        if reason.weight.row:
            _row_holds(reasoner, reason, known)
    # Nothing that was not said is counted, and what is missing is neither known nor counted.
    for reason in reasons:
        if reason.finding in reasoner.findings:
            assert known.known(reason.finding)
    for reason in explanation.missing:
        assert not reason.counts
        assert not known.known(reason.finding)
        assert reason.finding not in one.not_able


@relaxed(CASES)
@given(one=ANY_CASE, data=st.data())
def test_the_formula_holds_for_any_condition_of_any_case(reasoner: Reasoner, one: Case, data: Any) -> None:
    ranking = reasoner.ranker(one).rank(one)
    every = [found.condition.id for found in ranking.candidates]
    chosen = [*every[:6], *data.draw(st.lists(st.sampled_from(sorted(reasoner.conditions)), min_size=3, max_size=6))]
    for name in dict.fromkeys(chosen):
        _holds(reasoner, one, reasoner.explain(one, name))


def test_the_formula_holds_for_every_condition_with_all_that_speaks_for_it(reasoner: Reasoner) -> None:
    for name in reasoner.conditions:
        linked = [finding for finding in reasoner.ranker(Case()).links_of(name) if finding in FINDINGS]
        for one in (Case(present=tuple(linked)), Case(absent=tuple(linked)), Case(present=tuple(linked[::2]), age=70)):
            _holds(reasoner, one, reasoner.explain(one, name))


@relaxed(CASES)
@given(one=ANY_CASE)
def test_what_is_listed_and_in_which_order(reasoner: Reasoner, one: Case) -> None:
    ranker = reasoner.ranker(one)
    ranking = ranker.rank(one)
    logs = [found.log for found in ranking.candidates]
    assert logs == sorted(logs, reverse=True)
    bands = [found.band for found in ranking.candidates if found.support]
    assert bands == sorted(bands, key=["fits-well", "fits-partly", "keep-in-mind"].index)
    listed = ranking.listed
    assert 1 <= len(listed) <= 5
    assert all(found.band != "keep-in-mind" for found in listed) or len(listed) == 1
    assert all(found.condition.kind == "condition" for found in ranking.leading)
    everything = ranker.rank_all(ranking)
    assert {found.condition.id for found in everything} == set(reasoner.conditions)
    assert len(everything) == len(reasoner.conditions)
    assert everything[: len(ranking.candidates)] == ranking.candidates
    assert 0 <= ranking.answered <= ranking.of
    for found in everything[:: max(1, len(everything) // 6)]:
        assert found.log == log_of(reasoner, one, found.condition.id)


def test_impairments_are_marked_and_do_not_lead(reasoner: Reasoner) -> None:
    kinds = Counter(condition.kind for condition in reasoner.conditions.values())
    assert kinds["impairment"] == 8
    one = case(reasoner, "test-thomas hip-extension-limited pain-groin")
    rows = json.loads(document(reasoner, one, everything=True))["candidates"]
    assert {row["kind"] for row in rows} == {"condition", "impairment"}
    assert sum(row["kind"] == "impairment" for row in rows) == 8


@pytest.mark.parametrize("name", [row["row"] for row in EVIDENCE.values() if row["subject"] == "cluster"])
def test_a_cluster_whose_members_are_all_there_or_all_denied_leaves_none_of_them_counting(
    reasoner: Reasoner, name: str
) -> None:
    row = EVIDENCE[name]
    terms = [part.strip() for member in row["members"] for part in re.split(r"[/;]", member) if "field:" not in part]
    findings = [term.removeprefix("not:") for term in terms]
    positive = tuple(term for term in terms if not term.startswith("not:"))
    negative = tuple(term.removeprefix("not:") for term in terms if term.startswith("not:"))
    for one in (Case(present=positive, absent=negative, age=60), Case(present=negative, absent=positive, age=60)):
        explanation = reasoner.explain(one, row["condition"])
        clusters = [reason for reason in counted(weighed(explanation)) if reason.weight.row == name]
        if clusters:
            rest = [reason.finding for reason in counted([*explanation.for_, *explanation.against])]
            assert not set(findings) & set(rest)


@pytest.mark.parametrize(
    ("condition", "present", "row_name"),
    [
        (
            "si-joint-dysfunction",
            "test-gaenslen test-sacral-thrust test-sij-compression test-thigh-thrust",
            "sij-3-positive",
        ),
        ("trochanteric-bursitis", "tender-greater-trochanter test-resisted-hip-abduction", "gtps-palpation-and-abduction"),
        ("hip-osteoarthritis", "hip-active-extension-pain hip-ir-limited test-scour worse-squatting", "sutlive"),
    ],
)
def test_a_cluster_that_is_met_counts_in_place_of_its_members(
    reasoner: Reasoner, condition: str, present: str, row_name: str
) -> None:
    explanation = reasoner.explain(case(reasoner, present), condition)
    found = counted(explanation.for_)
    assert any(reason.finding.startswith(f"cluster:{row_name}") for reason in found), found
    assert not set(present.split()) & {reason.finding for reason in found}
    # They are shown all the same, marked as not counted.
    assert set(present.split()) & {reason.finding for reason in explanation.for_ if not reason.counts}


@pytest.mark.parametrize(
    ("syndrome", "condition"),
    [("neurogenic-claudication", "lumbar-stenosis"), ("inflammatory-back-pain", "axial-spondyloarthritis")],
)
def test_a_syndrome_replaces_the_complaints_it_is_made_of(reasoner: Reasoner, syndrome: str, condition: str) -> None:
    parts = SYNDROMES[syndrome]
    explanation = reasoner.explain(Case(present=(syndrome, *parts)), condition)
    found = {reason.finding for reason in counted(explanation.for_) if not reason.finding.startswith("cluster:")}
    assert not found & set(parts)
    together = any(
        reason.finding == syndrome or reason.finding.startswith("cluster:") for reason in counted(explanation.for_)
    )
    assert together


@relaxed(CASES // 4)
@given(one=ANY_CASE)
def test_the_score_can_be_reckoned_from_what_is_printed(reasoner: Reasoner, one: Case) -> None:
    found = json.loads(document(reasoner, one))
    for row in found["candidates"]:
        product = row["prior"]["odds"]
        for part in ("for", "against", "atypical", "profile", "clusters"):
            for reason in row[part]:
                assert reason["sources"]
                product *= reason["counted"]
                assert reason["counts"] or reason["counted"] == 1.0
        assert product == pytest.approx(row["score"], rel=0.01)
    assert "Infinity" not in json.dumps(found)
    assert "NaN" not in json.dumps(found)
