"""Finding candidates: what matches, in which order, and that nothing is lost."""

from __future__ import annotations

import pytest
from conftest import table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import read
from db.read import Connection
from decide.cli import main
from decide.errors import InputError
from decide.find import Choice, broader_findings, find, match_text, narrower_findings, warning_signs

IDS = {kind: [row["id"] for row in table("ids") if row["kind"] == kind] for kind in ("region", "movement", "finding")}
CHOICES = st.builds(
    Choice,
    regions=st.lists(st.sampled_from(IDS["region"]), max_size=3, unique=True).map(tuple),
    movements=st.lists(st.sampled_from(IDS["movement"]), max_size=3, unique=True).map(tuple),
    findings=st.lists(st.sampled_from(IDS["finding"]), max_size=4, unique=True).map(tuple),
)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ids(db: Connection, **chosen: tuple[str, ...]) -> list[str]:
    return [one.condition.id for one in find(db, Choice(**chosen))]


def test_socks_and_lifting_the_leg_bring_the_three_of_the_story(db: Connection) -> None:
    found = ids(db, movements=("put-on-socks", "lift-leg"))
    assert {"si-joint-dysfunction", "sciatica", "piriformis-syndrome"} <= set(found)
    assert "sciatica" in found[:5]
    assert "si-joint-dysfunction" in found[:5]


def test_every_article_tie_of_a_chosen_movement_is_found(db: Connection) -> None:
    terms = {row["term"]: row["id"] for row in table("article-terms") if row["kind"] == "condition"}
    for tie in table("movement-ties"):
        if tie["relation"] in ("aggravates", "hinders"):
            found = set(ids(db, movements=(tie["movement"],)))
            wanted = {terms[term] for term in tie["named"].split("; ") if term in terms}
            assert wanted <= found, tie


def test_a_condition_that_matches_in_more_kinds_comes_first(db: Connection) -> None:
    found = find(db, Choice(regions=("groin",), movements=("put-on-socks",), findings=("hip-ir-limited",)))
    kinds = [one.kinds for one in found]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds[0] == 3
    assert found[0].condition.id == "hip-osteoarthritis"


def test_list_scope_ties_are_marked(db: Connection) -> None:
    found = {one.condition.id: one for one in find(db, Choice(movements=("lift-leg",)))}
    texts = [match_text(match) for match in found["arachnoiditis"].matched]
    assert any("on a list of causes" in text for text in texts)


def test_a_relieving_movement_speaks_against(db: Connection) -> None:
    found = {one.condition.id: one for one in find(db, Choice(regions=("low-back",), movements=("sitting",)))}
    assert any(match.id == "sitting" for match in found["lumbar-stenosis"].against)


def test_where_nothing_matches_the_grave_stand_first(db: Connection) -> None:
    found = find(db, Choice(absent=("fever",)))
    grave = [one.condition.grave for one in found]
    assert grave == sorted(grave, reverse=True)
    assert True in grave
    assert False in grave


def test_a_denied_finding_never_lowers_an_emergency(db: Connection) -> None:
    grave = [condition.id for condition in read.conditions(db) if condition.urgency == "emergency"]
    choice = Choice(regions=("low-back",))
    before = {one.condition.id: one.weight for one in find(db, choice)}
    everything = tuple(link.id for link in read.finding_links(db, grave) if link.strength in ("hallmark", "typical"))
    after = {
        one.condition.id: one.weight
        for one in find(db, Choice(regions=("low-back",), absent=tuple(dict.fromkeys(everything))))
    }
    for name in grave:
        if name in before:
            assert after[name] == before[name], name


def test_a_warning_sign_puts_what_it_marks_first(db: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    choice = Choice(("low-back", "buttock"), ("sitting", "walking", "put-on-socks"), ("saddle-numbness",))
    found = find(db, choice)
    assert found[0].condition.id == "cauda-equina-syndrome"
    assert found[0].alarms
    assert next(flag.id for flag in warning_signs(db, choice)) == "saddle-numbness"
    assert main(["find", "--region", "low-back", "--finding", "urinary-retention"]) == 0
    assert capsys.readouterr().out.startswith("WARNING SIGN (emergency)")
    # Risks and ordinary complaints raise no alarm.
    assert warning_signs(db, Choice(findings=("diabetes", "leg-tingling", "worse-walking"))) == []


def test_a_denial_alone_lowers_what_it_speaks_against(db: Connection) -> None:
    found = find(db, Choice(absent=("test-crossed-slr",)))
    assert len(found) == len(read.conditions(db))
    place = [one.condition.id for one in found].index("sciatica")
    assert all(one.condition.id == "sciatica" or not one.against for one in found)
    assert found[place].weight < found[0].weight


def test_more_choices_count_before_more_weight(db: Connection) -> None:
    found = find(db, Choice(movements=("put-on-socks", "lift-leg", "twisting")))
    conditions = [one for one in found if one.condition.kind == "condition"]
    assert [one.choices for one in conditions] == sorted((one.choices for one in conditions), reverse=True)


def test_impairments_stand_after_conditions_of_as_many_kinds(db: Connection) -> None:
    found = find(db, Choice(movements=("put-on-socks",)))
    kinds = [one.condition.kind for one in found]
    assert "impairment" in kinds
    assert kinds == sorted(kinds)


def test_a_broader_finding_counts_once_and_for_less(db: Connection) -> None:
    found = {one.condition.id: one for one in find(db, Choice(findings=("pain-calf",)))}
    assert all(one.choices == 1 for one in found.values())
    assert found["deep-vein-thrombosis"].weight > found["si-joint-dysfunction"].weight


def test_what_speaks_against_lowers_among_equals(db: Connection) -> None:
    plain = {one.condition.id: one.weight for one in find(db, Choice(regions=("low-back",)))}
    denied = {one.condition.id: one.weight for one in find(db, Choice(regions=("low-back",), absent=("test-crossed-slr",)))}
    assert denied["sciatica"] < plain["sciatica"]
    assert denied["facet-joint-arthritis"] == plain["facet-joint-arthritis"]


def test_the_main_region_weighs_more_than_a_further_one(db: Connection) -> None:
    found = {one.condition.id: one for one in find(db, Choice(regions=("groin",)))}
    assert found["hip-osteoarthritis"].weight > found["si-joint-dysfunction"].weight


def test_nothing_chosen_lists_every_condition(db: Connection) -> None:
    assert len(find(db, Choice())) == len(read.conditions(db))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(regions=("grion",)), "unknown region 'grion'; see: decide list regions"),
        (Choice(movements=("socks",)), "unknown movement 'socks'; see: decide list movements"),
        (Choice(findings=("x",)), "unknown finding 'x'"),
        (Choice(findings=("fever",), absent=("fever",)), "both present and absent"),
    ],
)
def test_wrong_ids_are_named(db: Connection, choice: Choice, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find(db, choice)


def test_broader_and_narrower_findings(db: Connection) -> None:
    every = {finding.id: finding for finding in read.findings(db)}
    for row in table("closures"):
        assert row["broader"] in broader_findings([row["finding"]], every)
    assert "pain-calf" in narrower_findings(["leg-pain"], every)
    # A denied complaint answers no test and no red flag.
    assert narrower_findings(["sphincter-dysfunction"], every) == ["sphincter-dysfunction"]
    assert narrower_findings(["hip-rom-limited"], every) == ["hip-rom-limited"]


@RELAXED
@given(choice=CHOICES)
def test_nothing_that_matches_is_lost_and_the_order_is_stable(db: Connection, choice: Choice) -> None:
    found = find(db, choice)
    assert [one.condition.id for one in found] == [one.condition.id for one in find(db, choice)]
    assert len({one.condition.id for one in found}) == len(found)
    shuffled = Choice(choice.regions[::-1], choice.movements[::-1], choice.findings[::-1])
    assert [one.condition.id for one in find(db, shuffled)] == [one.condition.id for one in found]


@RELAXED
@given(choice=CHOICES, more=st.sampled_from(IDS["movement"]))
def test_choosing_more_never_loses_a_candidate(db: Connection, choice: Choice, more: str) -> None:
    if choice.empty or more in choice.movements:
        return
    before = {one.condition.id for one in find(db, choice)}
    wider = Choice(choice.regions, (*choice.movements, more), choice.findings)
    assert before <= {one.condition.id for one in find(db, wider)}


@RELAXED
@given(choice=CHOICES)
def test_every_match_names_its_choice_and_its_source(db: Connection, choice: Choice) -> None:
    if choice.empty:
        return
    every = {finding.id: finding for finding in read.findings(db)}
    present = set(broader_findings(choice.findings, every))
    for one in find(db, choice):
        assert one.matched
        for match in one.matched:
            assert match.id in {*choice.regions, *choice.movements, *present}
            assert match.kind == "region" or match.citations
