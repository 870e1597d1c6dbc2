"""The plan and the sheet: what must stand on it, what is refused, what is never offered."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import TODAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import read
from db.read import Connection
from db.readability import grade
from db.terms import PHASES
from decide import settings as kept
from decide.checker import check, stops
from decide.cli import main
from decide.errors import InputError
from decide.plan import Plan, Request, build, choices
from decide.sheet import sheet
from decide.sheet_text import WIDTH
from decide.sheet_text import render as lines
from decide.text import cells

Capture = pytest.CaptureFixture[str]
PLAN = ["plan", "--emergency-number", "112"]
ODD = "Zoë [red]x[/] \x1b[31m \u202eevil 山田"


def plan_for(db: Connection, *names: str, **more: object) -> Plan:
    return build(db, replace(Request(conditions=names, day=TODAY, emergency_number="112"), **more))  # type: ignore[arg-type]


def render(db: Connection, plan: Plan) -> str:
    return lines(sheet(plan, check(db, plan)))


def stopped(db: Connection, plan: Plan) -> list[str]:
    return [remark.text for remark in stops(plan, check(db, plan))]


def every_condition(db: Connection) -> list[read.Condition]:
    return read.conditions(db)


def test_every_ordinary_condition_makes_a_plan_that_carries_what_it_must(db: Connection) -> None:
    for condition in every_condition(db):
        if condition.grave:
            continue
        plan = plan_for(
            db,
            condition.id,
            side="left",
            label="A. Person",
            contact="Clinic 1",
            emergency_number="112",
            follow_up="in 2 weeks",
        )
        assert not stopped(db, plan), condition.id
        assert 2 <= len(plan.exercises) <= 4, condition.id
        text = render(db, plan)
        assert max(map(len, text.splitlines())) <= WIDTH, condition.id
        for wanted in (
            "Your self-care plan",
            "Left side",
            "For: A. Person",
            "Date: 2026-12-01",
            "From: Clinic 1",
            "In short",
            "Come back: in 2 weeks",
            "Stop and get help",
            "Emergency number: 112",
            "How much pain is all right",
            "It does not replace them",
            "Sources:",
            f"Knowledge {plan.about.version}",
            plan.about.hash,
            condition.icd10cm,
        ):
            assert wanted in text, (condition.id, wanted)
        for planned in plan.exercises:
            assert planned.steps
            assert planned.exercise.lay_label in text
            for topic in ("why", "feel", "stop"):
                assert planned.of(topic), (planned.exercise.id, topic)
        patient = text.split("\f")[0]
        assert "ICD" not in patient
        assert "hash" not in patient


def test_the_stop_box_is_the_red_flag_table(db: Connection) -> None:
    text = " ".join(render(db, plan_for(db, "sciatica")).split())
    signs = [flag for flag in read.red_flags(db) if flag.stop_box in ("emergency", "clinic")]
    assert len(signs) >= 12
    for flag in signs:
        assert flag.lay_label in text, flag.id


def test_every_urgent_condition_makes_a_go_now_sheet_without_exercises(db: Connection) -> None:
    for condition in every_condition(db):
        if not condition.grave:
            continue
        plan = plan_for(db, condition.id)
        assert plan.urgent
        assert not plan.exercises
        assert not plan.workarounds
        text = render(db, plan)
        assert max(map(len, text.splitlines())) <= WIDTH
        assert text.startswith("Go now" if condition.urgency == "emergency" else "Get checked soon")
        for wanted in ("What is suspected:", "Where to go, and how soon:", "What to watch on the way:"):
            assert wanted in text, (condition.id, wanted)
        assert "Your exercises" not in text


def test_one_urgent_condition_among_others_gives_the_go_now_sheet(db: Connection) -> None:
    assert plan_for(db, "sciatica", "cauda-equina-syndrome").urgent


def test_no_override_opens_exercises_in_an_emergency(capsys: Capture) -> None:
    assert main([*PLAN, "hip-fracture", "--exercise", "bridge", "--override", "sure"]) == 2
    assert "no exercises" in capsys.readouterr().err


def test_a_dose_is_the_sources_until_the_practitioner_changes_it(db: Connection) -> None:
    plan = plan_for(db, "core-weakness", exercises=(("bird-dog", {"sets": "2", "times": "1", "reps": "6-8"}),))
    planned = plan.exercises[0]
    assert planned.changed
    assert (planned.dose.sets, planned.dose.reps, planned.dose.times_a_day) == ("2", "6 to 8", "1")
    text = " ".join(render(db, plan).split())
    assert "Repeats: 6 to 8" in text
    assert "changed by the practitioner; starting dose used by" in text
    plain = plan_for(db, "core-weakness", exercises=(("bird-dog", {}),))
    assert not plain.exercises[0].changed


def test_how_often_prints_in_the_sources_words_and_no_blank_stands_beside_it(db: Connection) -> None:
    usual = plan_for(db, "mechanical-low-back-pain", exercises=(("childs-pose", {}),))
    assert "Times a day: once; Days a week: every day" in " ".join(render(db, usual).split())
    assert not any(remark.about == "childs-pose" for remark in check(db, usual) if remark.mend == "dose")
    typed = plan_for(db, "mechanical-low-back-pain", exercises=(("childs-pose", {"times": "twice", "days": "5"}),))
    assert "Times a day: twice; Days a week: 5" in " ".join(render(db, typed).split())


def test_more_than_eight_exercises_are_refused_and_five_are_remarked_on(db: Connection, capsys: Capture) -> None:
    names = [exercise.id for exercise in choices(db, ["hip-osteoarthritis"]).exercises]
    assert len(names) >= 9
    arguments = [*PLAN, "hip-osteoarthritis"]
    for name in names[:9]:
        arguments += ["--exercise", name]
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "at most 8" in captured.err
    assert main([*arguments, "--override", "a very keen person"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Printed against the checker:" in out
    assert "a very keen person" in out
    plan = plan_for(db, "hip-osteoarthritis", exercises=tuple((name, {}) for name in names[:5]))
    assert any("5 exercises" in remark.text for remark in check(db, plan))


def test_what_is_barred_for_a_condition_is_not_offered_and_is_blocked_when_asked_for(
    db: Connection, capsys: Capture
) -> None:
    offered = {exercise.id for exercise in choices(db, ["trochanteric-bursitis", "piriformis-syndrome"]).exercises}
    assert "piriformis-stretch" not in offered
    assert main([*PLAN, "trochanteric-bursitis", "--exercise", "piriformis-stretch"]) == 1
    assert "is not for" in capsys.readouterr().err


def test_offered_exercises_are_never_barred_for_the_condition(db: Connection) -> None:
    for condition in every_condition(db):
        offered = choices(db, [condition.id])
        names = [exercise.id for exercise in offered.exercises] + [row.treatment.id for row in offered.workarounds]
        barred = {bar.treatment for bar in read.bars(db, names) if bar.condition == condition.id}
        assert not barred & set(names), condition.id


def test_a_plan_starts_with_the_usual_exercises(db: Connection) -> None:
    for condition in every_condition(db):
        if not condition.grave:
            planned = [row.exercise.id for row in plan_for(db, condition.id).exercises]
            assert planned == read.template(db, [condition.id], read.phases(db, [condition.id])[0])[:2], condition.id


def test_workarounds_follow_the_movements_of_this_person(db: Connection) -> None:
    plan = plan_for(db, "sciatica", movements=("put-on-socks", "get-in-out-car"))
    covered = {row.movement.id for row in plan.workarounds if row.movement}
    assert covered == {"put-on-socks", "get-in-out-car"}


def test_text_with_markup_escapes_and_direction_marks_shows_as_text(db: Connection) -> None:
    text = render(db, plan_for(db, "sciatica", label=ODD, contact=ODD, follow_up=ODD))
    assert "[red]x[/]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<U+202E>" in text
    assert "山田" in text


def test_the_same_request_gives_the_same_bytes(db: Connection) -> None:
    assert render(db, plan_for(db, "sciatica")) == render(db, plan_for(db, "sciatica"))


def test_saving_writes_the_whole_sheet_and_nothing_else(db: Connection, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "sheet.txt"
    assert main([*PLAN, "sciatica", "--text", str(target), "--date", "2026-12-01"]) == 0
    assert target.read_text(encoding="utf-8") == render(db, plan_for(db, "sciatica"))
    assert capsys.readouterr().out == ""
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["sheet.txt"]


def test_wide_characters_keep_to_the_columns(db: Connection) -> None:
    text = render(db, plan_for(db, "sciatica", label="山" * 30, contact="田" * 60))
    assert max(map(cells, text.splitlines())) <= WIDTH


def test_a_link_is_followed_and_what_is_no_file_is_refused(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    assert main([*PLAN, "sciatica", "--text", str(tmp_path / "link.txt")]) == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text().startswith("Your self-care plan")
    os.mkfifo(tmp_path / "pipe")
    assert main([*PLAN, "sciatica", "--text", str(tmp_path / "pipe")]) == 2
    assert "it is no ordinary file" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["nowhere/sheet.txt", "folder"])
def test_a_file_that_cannot_be_written_is_one_clear_line(tmp_path: Path, capsys: Capture, where: str) -> None:
    (tmp_path / "folder").mkdir()
    assert main([*PLAN, "sciatica", "--text", str(tmp_path / where)]) == 2
    captured = capsys.readouterr()
    assert f"cannot write {tmp_path / where}" in captured.err
    assert "Traceback" not in captured.err


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    target = tmp_path / "sheet.txt"
    target.write_text("the old one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("decide.files.os.fsync", full)
    assert main([*PLAN, "sciatica", "--text", str(target)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert target.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["sheet.txt"]


def test_the_plan_as_json(capsys: Capture) -> None:
    assert main([*PLAN, "sciatica", "--json", "--side", "right", "--date", "2026-12-01"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["kind"] == "plan"
    assert plan["phase"] in PHASES
    assert plan["side"] == "right"
    assert plan["exercises"][0]["dose_source"]
    assert plan["knowledge"]["hash"]
    assert plan["text"].startswith("Your self-care plan")


def test_the_patients_part_reads_easily(db: Connection) -> None:
    for condition in every_condition(db):
        patient = render(db, plan_for(db, condition.id)).split("\f")[0]
        body = patient.split("Sources:")[0].replace("\n", " ").replace("- ", ". ").replace("[ ]", ". ")
        assert grade(body) <= 6, (condition.id, grade(body))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_request_gives_a_sheet_or_one_clear_line(db: Connection, data: st.DataObject) -> None:
    names = [condition.id for condition in read.conditions(db)]
    exercises = [exercise.id for exercise in read.exercises(db)]
    amount = st.sampled_from(["", "1", "3", "8 to 12", "0", "999", "x", "-1", "2-3"])
    chosen = data.draw(
        st.none()
        | st.lists(
            st.tuples(
                st.sampled_from([*exercises, "nothing"]), st.dictionaries(st.sampled_from(["sets", "hold", "odd"]), amount)
            ),
            max_size=10,
        ).map(tuple)
    )
    request = Request(
        conditions=tuple(data.draw(st.lists(st.sampled_from([*names, "nothing"]), max_size=4))),
        exercises=chosen,
        side=data.draw(st.sampled_from(["", "left", "both", "down"])),
        label=data.draw(st.text(max_size=70)),
        contact=data.draw(st.text(max_size=30)),
        follow_up=data.draw(st.text(max_size=30)),
        day=TODAY,
    )
    try:
        plan = build(db, request)
    except InputError as error:
        assert "\n" not in str(error)
        return
    text = render(db, plan)
    assert max(map(cells, text.splitlines())) <= WIDTH
    assert not plan.urgent or not plan.exercises


def saved_case(folder: Path, **case: object) -> str:
    path = folder / "case.json"
    path.write_text(json.dumps(case))
    return str(path)


def test_an_emergency_case_gets_no_exercises_and_no_override_opens_them(capsys: Capture, tmp_path: Path) -> None:
    path = saved_case(tmp_path, age=40, present=["saddle-numbness", "pain-low-back"])
    for more in ([], ["--override", "I say so"]):
        assert main([*PLAN, "sciatica", "--case", path, *more]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert "EMERGENCY, now" in said.err
        assert "decide plan cauda-equina-syndrome" in said.err
    assert main([*PLAN, "cauda-equina-syndrome", "--case", path]) == 0
    assert "GO NOW" in capsys.readouterr().out.upper()


def test_an_urgent_case_needs_who_cleared_it_and_when(capsys: Capture, tmp_path: Path) -> None:
    path = saved_case(tmp_path, age=40, present=["unexplained-weight-loss", "pain-low-back"])
    plan = [*PLAN, "sciatica", "--case", path, "--date", "2026-12-01"]
    for more in ([], ["--override", "I say so"], ["--cleared-by", "Dr. Hill"], ["--cleared-on", "2026-11-30"]):
        assert main([*plan, *more]) == 1, more
        said = capsys.readouterr()
        assert said.out == ""
        assert "URGENT, within days" in said.err
        assert "--cleared-by WHO --cleared-on DATE" in said.err
    assert main([*plan, "--cleared-by", "Dr. Hill", "--cleared-on", "2026-12-02"]) == 2
    assert "cannot have been cleared on 2026-12-02" in capsys.readouterr().err
    assert main([*plan, "--cleared-by", "Dr. Hill", "--cleared-on", "2026-11-30"]) == 0
    patient, practitioner = capsys.readouterr().out.split("For the practitioner")
    assert "Cleared by Dr. Hill on 2026-11-30" in practitioner
    assert "Dr. Hill" not in patient


def test_what_is_answered_beside_the_case_counts_as_the_case_does(capsys: Capture, tmp_path: Path) -> None:
    path = saved_case(tmp_path, age=40, present=["hip-replacement", "leg-pain"])
    for case in ([], ["--case", path]):
        assert main([*PLAN, "sciatica", *case, "--finding", "saddle-numbness", "--override", "I say so"]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert "EMERGENCY, now" in said.err
        assert main([*PLAN, "sciatica", *case, "--finding", "osteoporosis"]) == 0
        assert "Osteoporosis or early menopause" in capsys.readouterr().out
    for more, line in (
        (["--finding", "hip-replacment"], "did you mean 'hip-replacement'?"),
        (["--not", "x"], "unknown finding 'x'"),
        (["--finding", "fever", "--not", "fever"], "'fever' stands in 'present' and in 'absent'"),
        (["--case", path, "--not", "hip-replacement"], "'hip-replacement' is present in the case"),
    ):
        assert main([*PLAN, "sciatica", *more]) == 2, more
        said = capsys.readouterr()
        assert line in said.err
        assert said.err.count("\n") == 1


def test_the_case_gives_the_plan_its_side_and_movements(capsys: Capture, tmp_path: Path) -> None:
    path = saved_case(tmp_path, side="left", movements=["put-on-socks"], present=["leg-pain"])
    assert main([*PLAN, "sciatica", "--case", path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["side"] == "left"
    assert "put-on-socks" in {row["movement"] for row in found["workarounds"]}
    assert main([*PLAN, "sciatica", "--case", saved_case(tmp_path, age=12, present=["leg-pain"])]) == 1
    assert "Under 18" in capsys.readouterr().err


def test_the_copies_are_parted_by_a_form_feed_on_the_screen_as_in_a_file(capsys: Capture, tmp_path: Path) -> None:
    assert main([*PLAN, "sciatica", "--text", str(tmp_path / "plan.txt")]) == 0
    capsys.readouterr()
    assert main([*PLAN, "sciatica"]) == 0
    assert capsys.readouterr().out == (tmp_path / "plan.txt").read_text()


def test_the_clinics_limit_of_pain_stands_until_another_is_given(capsys: Capture, tmp_path: Path) -> None:
    kept.save(tmp_path / "data", pain_limit="4")
    assert main([*PLAN, "sciatica"]) == 0
    assert "Up to 4 out of 10" in " ".join(capsys.readouterr().out.split())
    assert main([*PLAN, "sciatica", "--pain-limit", "2"]) == 0
    assert "Up to 2 out of 10" in " ".join(capsys.readouterr().out.split())


def test_a_folder_that_takes_no_settings_does_not_spoil_a_plan_that_is_out(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    assert main([*PLAN, "sciatica", "--data-dir", str(tmp_path / "link")]) == 0
    said = capsys.readouterr()
    assert "Emergency number: 112" in said.out
    assert "not kept for the next sheets" in said.err


@pytest.mark.parametrize("option", ["--case", "--text", "--pdf", "--html"])
def test_an_empty_file_name_is_no_file_left_out(capsys: Capture, option: str) -> None:
    assert main([*PLAN, "sciatica", option, ""]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_dose_reads_part_by_part_and_is_given_once(db: Connection, capsys: Capture) -> None:
    plan = plan_for(db, "core-weakness", exercises=(("bird-dog", {"reps": "6", "hold": "5", "sets": "2"}),))
    assert "Repeats: 6; Hold: 5 seconds; Sets: 2;" in " ".join(render(db, plan).split())
    assert main([*PLAN, "core-weakness", "--exercise", "bird-dog:reps=3,reps=4"]) == 2
    assert "'reps' is given twice" in capsys.readouterr().err


def test_a_blank_emergency_number_stops_a_plan_until_it_is_set_once(capsys: Capture) -> None:
    assert main(["plan", "sciatica"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no emergency number is set" in captured.err
    assert "--emergency-number NUMBER" in captured.err
    assert main(["plan", "sciatica", "--emergency-number", "115"]) == 0
    capsys.readouterr()
    assert main(["plan", "sciatica"]) == 0
    assert "Emergency number: 115" in capsys.readouterr().out
    assert main(["plan", "sciatica", "--emergency-number", "999"]) == 0
    capsys.readouterr()
    assert main(["plan", "sciatica"]) == 0
    assert "Emergency number: 115" in capsys.readouterr().out


def test_a_go_now_sheet_does_not_wait_for_a_number(capsys: Capture) -> None:
    assert main(["plan", "cauda-equina-syndrome"]) == 0
    assert "Emergency number: ____" in capsys.readouterr().out


def test_each_phase_starts_with_its_own_exercises(db: Connection) -> None:
    for condition in every_condition(db):
        if condition.grave:
            continue
        for phase in read.phases(db, [condition.id]):
            planned = [row.exercise.id for row in plan_for(db, condition.id, phase=phase).exercises]
            assert planned == read.template(db, [condition.id], phase)[:2], (condition.id, phase)
            assert len(planned) == 2, (condition.id, phase)
    with pytest.raises(InputError, match="phase must be one of"):
        plan_for(db, "sciatica", phase="later")


def test_what_a_finding_bars_is_blocked_asked_or_cleared(db: Connection) -> None:
    bar = next(bar for bar in read.bars(db, ["sit-to-stand"]) if bar.finding)
    for answers, level in ((((bar.finding, True),), "block"), (((bar.finding, False),), None), ((), "check")):
        plan = plan_for(db, "hip-osteoarthritis", exercises=(("sit-to-stand", {}),), answers=answers)
        about = [r.level for r in check(db, plan) if bar.label in r.text and r.level != "warn"]
        assert about == ([level] if level else []), answers


def test_an_exercise_that_the_case_bars_is_never_among_the_usual(db: Connection, capsys: Capture, tmp_path: Path) -> None:
    usual = [row.exercise.id for row in plan_for(db, "hip-osteoarthritis").exercises]
    bar = next(bar for bar in read.bars(db, usual) if bar.finding and not read.finding(db, bar.finding).red_flag)  # type: ignore[union-attr]
    path = saved_case(tmp_path, age=66, present=[bar.finding, "pain-groin"])
    assert main([*PLAN, "hip-osteoarthritis", "--case", path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert bar.treatment not in {row["id"] for row in found["exercises"]}
    assert len(found["exercises"]) >= 2
    assert main([*PLAN, "hip-osteoarthritis", "--case", path, "--exercise", bar.treatment]) == 1
    assert "is not for this person" in capsys.readouterr().err


def test_the_practitioners_part_carries_the_case_and_the_patients_part_does_not(capsys: Capture, tmp_path: Path) -> None:
    path = saved_case(tmp_path, age=64, sex="m", side="left", present=["pain-groin", "hip-ir-limited"], absent=["test-slr"])
    assert main([*PLAN, "hip-osteoarthritis", "--case", path, "--override", "agreed with the person"]) == 0
    patient, practitioner = capsys.readouterr().out.split("For the practitioner")
    for wanted in (
        "Summary for the notes",
        "Candidate conditions:",
        "Findings answered:",
        "Red flags asked and answered:",
        "Absent:",
    ):
        assert wanted in practitioner, wanted
        assert wanted not in patient, wanted
    considered = practitioner.split("Candidate conditions:")[1].split("Findings answered:")[0]
    assert "M16.9" in considered
    assert "M16.9" not in patient
    note = practitioner.split("Summary for the notes:")[1].split("Candidate conditions:")[0]
    assert 4 <= note.count("\n- ") <= 6


def test_worries_add_advice_and_never_change_the_ranking(db: Connection) -> None:
    without = plan_for(db, "mechanical-low-back-pain")
    for concern in read.concerns(db):
        text = render(db, plan_for(db, "mechanical-low-back-pain", concerns=(concern.id,)))
        assert concern.claim.text[:40] in " ".join(text.split())
        assert concern.claim.text[:40] not in " ".join(render(db, without).split())
        assert concern.question in " ".join(text.split("\f")[1].split())
    with pytest.raises(InputError, match="unknown concern"):
        plan_for(db, "sciatica", concerns=("weather",))


def test_a_limit_of_pain_is_the_practitioners_own(db: Connection) -> None:
    text = " ".join(render(db, plan_for(db, "sciatica", pain_limit=4)).split())
    assert "Up to 4 out of 10 is the limit set for you." in text
    assert "4 of 10, set by the practitioner" in text
    assert "out of 10 is the limit" not in render(db, plan_for(db, "sciatica"))
    with pytest.raises(InputError, match="pain limit must be 0 to 10"):
        plan_for(db, "sciatica", pain_limit=11)


def test_every_plan_says_what_to_expect_to_keep_doing_and_how_to_step_up_and_back(db: Connection) -> None:
    for condition in every_condition(db):
        if condition.grave:
            continue
        plan = plan_for(db, condition.id)
        patient = " ".join(render(db, plan).split("\f")[0].split())
        for heading, claims in (
            ("What to expect", plan.course),
            ("Keep doing", plan.keep_doing),
            ("When it gets easy", plan.step_up),
            ("After a bad day", plan.step_back),
        ):
            assert claims, (condition.id, heading)
            assert f"{heading} {'=' * len(heading)} {claims[0].text}" in patient, (condition.id, heading)
            assert all(claim.citations[0].source or claim.editorial for claim in claims)


def test_hard_words_typed_by_hand_are_stopped(db: Connection) -> None:
    hard = "immediately following unsatisfactory symptomatic improvement notwithstanding pharmacological optimisation"
    assert any("use plainer words" in text for text in stopped(db, plan_for(db, "sciatica", follow_up=hard)))
    assert not stopped(db, plan_for(db, "sciatica", follow_up="if it is no better in three weeks, or gets worse"))


def test_every_usual_sheet_starts_with_a_few_work_arounds_that_agree_with_it(db: Connection) -> None:
    for condition in every_condition(db):
        if not condition.grave:
            plan = plan_for(db, condition.id)
            headings = [row.movement.id for row in plan.workarounds if row.movement]
            assert 2 <= len(plan.workarounds) <= 3, condition.id
            assert len(set(headings)) == len(plan.workarounds), condition.id
            assert not any("speak against" in remark.text for remark in check(db, plan)), condition.id


def test_advice_that_forbids_an_exercise_is_warned_of(db: Connection) -> None:
    crossed = plan_for(
        db, "piriformis-tightness", exercises=(("piriformis-stretch-seated", {}),), workarounds=("uncross-legs",)
    )
    assert any("speak against" in remark.text for remark in check(db, crossed))


def test_the_slow_hip_conditions_do_not_ask_people_back_before_they_can_be_better(db: Connection) -> None:
    general = next(iter(read.sheet_claims(db, "follow_up"))).text
    for name in ("femoroacetabular-impingement", "hip-labral-tear", "hip-instability"):
        assert "3 months" in plan_for(db, name).follow_up, name
    assert plan_for(db, "hip-labral-tear", "sciatica").follow_up == general


def test_no_patient_sentence_is_long_and_every_sheet_reads_at_grade_six(db: Connection) -> None:
    for condition in every_condition(db):
        if not condition.grave:
            texts = [remark.text for remark in check(db, plan_for(db, condition.id))]
            assert not any("words, the first" in text or "reads at grade" in text for text in texts), condition.id


def test_a_condition_may_have_its_own_rule_on_pain(db: Connection) -> None:
    own = [
        (condition, claims)
        for condition in every_condition(db)
        if (claims := read.condition_claims(db, condition.id, "pain_rule"))
    ]
    general = {claim.role: claim.text for claim in read.sheet_claims(db, "pain_rule")}
    for condition, claims in own:
        rules = {claim.role: claim.text for claim in plan_for(db, condition.id).pain_rules}
        assert rules == general | {claim.role: claim.text for claim in claims}, condition.id


def test_of_several_conditions_each_rule_on_pain_names_its_own(db: Connection) -> None:
    rules = [claim.text for claim in plan_for(db, "peripheral-arterial-disease", "sciatica").pain_rules]
    general = [claim.text for claim in read.sheet_claims(db, "pain_rule")]
    assert [text for text in rules if text in general] == general
    for name in ("peripheral-arterial-disease", "sciatica"):
        label = read.condition(db, name).lay_label.lower()  # type: ignore[union-attr]
        for claim in read.condition_claims(db, name, "pain_rule"):
            assert f"For {label}: {claim.text}" in rules


def test_a_pregnant_person_starts_with_nothing_that_pregnancy_bars(capsys: Capture, tmp_path: Path, db: Connection) -> None:
    path = saved_case(tmp_path, age=30, sex="f", pregnant=True, present=["pain-low-back"])
    for condition in every_condition(db):
        if condition.grave or "pregnan" in condition.label.lower():
            continue
        if main([*PLAN, condition.id, "--case", path, "--json"]) != 0:
            assert "URGENT" in capsys.readouterr().err
            continue
        found = json.loads(capsys.readouterr().out)
        chosen = [row["id"] for row in found["exercises"]] + [row["treatment"] for row in found["workarounds"]]
        barred = {bar.treatment for bar in read.bars(db, chosen) if bar.finding == "pregnancy-or-postpartum"}
        assert not barred, condition.id
