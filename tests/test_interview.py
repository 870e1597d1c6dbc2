"""The interview, by pipe and by streams: what is asked, what is said at once, where it ends, and that it always ends."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PYTHON, child_environment
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.characters import is_hidden
from db.read import Connection
from decide import interview as module
from decide.answer import Reasoner
from decide.case import Case, case_from
from decide.interview import Interview, Talk, interview
from decide.text import cells

FIELDS = ["52", "1", "2", "1", "2"]
SKIPPED_FIELDS = [""] * 5
Ask = Callable[..., str]


@pytest.fixture
def ask(db: Connection, tmp_path: Path) -> Ask:
    """Runs an interview over lines of input and gives what was printed; checks what holds of every output."""

    def run(*lines: str, training: str = "clinician") -> str:
        out = io.StringIO()
        typed = io.StringIO("".join(f"{line}\n" for line in lines))
        assert interview(db, tmp_path / "data", training, typed, out) == 0
        return checked(out.getvalue())

    return run


def checked(text: str) -> str:
    """What holds of every output: 80 columns, no control characters but line breaks, whole lines."""
    assert text.endswith("\n")
    assert max(map(cells, text.split("\n"))) <= 80
    assert not any(is_hidden(character) for character in text.replace("\n", ""))
    return text


def joined(text: str) -> str:
    """The text with its line breaks taken out, for looking up what may be wrapped."""
    return " ".join(text.split())


class Walk:
    """An interview answered by name of step, whatever their order: unnamed safety questions get "n", others Enter."""

    def __init__(self, db: Connection, folder: Path, answers: dict[str, str], asked: int = 3) -> None:
        self.out = io.StringIO()
        self.lines: list[str] = []
        self.run = Interview(db, folder, "clinician", Talk(io.StringIO(), self.out))
        while (step := self.run.step()) is not None:
            if step.part == module.NEXT:
                asked -= 1
                if asked < 0:
                    self.lines.append("f")
                    return
            given = answers.get(step.name, "n" if step.part == module.SAFETY and "which" not in step.name else "")
            if step.name in ("regions", "movements") and getattr(self.run.state.case, step.name):
                given = ""
            self.lines.append(given)
            taken = step.take(given) if given else self.run.state.over(step.name)
            assert isinstance(taken, module.State), (step.name, given, taken)
            self.run._go(taken)

    @property
    def case(self) -> Case:
        return self.run.state.case


SCIATICA = {"age": "52", "sex": "2", "side": "1", "duration": "1", "onset": "2", "regions": "14 19", "movements": "27 8"}


def test_a_whole_case_by_pipe_ends_in_ranking_comparison_why_and_plan(db: Connection, tmp_path: Path) -> None:
    walk = Walk(db, tmp_path, SCIATICA)
    assert walk.case.regions == ("posterior-thigh", "calf")
    assert walk.case.movements == ("coughing", "sitting")
    saved = tmp_path / "case.json"
    lines = [*walk.lines, "1", "", "y", "2", "1", "3", "1", "4", "5", str(saved), "7"]
    done = subprocess.run(
        [PYTHON, "-m", "decide", "ask"],
        input="\n".join(lines) + "\n",
        text=True,
        capture_output=True,
        env=child_environment(),
        timeout=120,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    out = checked(done.stdout)
    assert "Safety questions: all" in out
    assert "NOT SCREENED" not in out
    assert "sciatica" in out
    assert "What tells them apart" in out
    assert "Speaks for it" in out
    assert "Your self-care plan" in out
    assert "Your exercises" in out
    assert "REFERRAL LETTER" in out
    assert "Ended." in out
    places = [out.index(text) for text in ("Result.", "What tells them apart", "Speaks for it", "Your self-care plan")]
    assert places == sorted(places)
    reasoner = Reasoner(db)
    assert case_from(json.loads(saved.read_text()), reasoner.vocabulary) == walk.case


def test_what_is_printed_is_the_same_each_time(ask: Ask, db: Connection, tmp_path: Path) -> None:
    lines = Walk(db, tmp_path, SCIATICA).lines
    assert ask(*lines, "3", "1") == ask(*lines, "3", "1")


def test_cauda_equina_is_said_right_after_the_answer_and_there_are_no_exercises(ask: Ask, tmp_path: Path) -> None:
    out = ask(*FIELDS, "y", "1", "q", "3", "7")
    after = out.split("1 of ", 1)[1].split("y, n or u: y\n", 1)[1]
    assert after.startswith("EMERGENCY, now: ")
    said = joined(after.split("Which of these?")[0])
    assert "Suspected: Cauda equina syndrome" in said
    assert "Do: Emergency department" in said
    result = out.split("Result.", 1)[1]
    assert "EMERGENCY, now. NOT SCREENED" in result
    assert "3. Go-now sheet and referral letter (no exercises)" in result
    assert "No exercises: EMERGENCY, now." in result
    assert "Go now" in result
    assert "REFERRAL LETTER" in result
    assert "Your exercises" not in out
    assert "Your self-care plan" not in out


def test_a_suspicion_without_a_go_now_sheet_gets_no_exercises_either(db: Connection, tmp_path: Path) -> None:
    run = Interview(db, tmp_path, "clinician", Talk(io.StringIO(), out := io.StringIO()))
    routine = [
        rule
        for rule in run.reasoner.screen.rules
        if rule.tier == "escalates" and not any(run.reasoner.conditions[name].grave for name in rule.suspects)
    ]
    for rule in routine:
        present = tuple(term.split(" / ")[0] for term in rule.when)
        if not all(name in run.reasoner.findings for name in present):
            continue
        run.state = module.State(Case(present=present), stopped=True)
        answer = run.answer()
        if any(trip.rule.id == rule.id for trip in answer.screening.escalating):
            run._plan(answer)
    assert "There is no go-now sheet for this suspicion" in out.getvalue()
    assert "Your exercises" not in out.getvalue()


def test_skipping_everything_is_not_screened_and_never_safe(ask: Ask) -> None:
    out = ask(*[""] * 60)
    result = joined(out.split("Result.", 1)[1])
    assert "NOT SCREENED: 0 of" in result
    rest = result.replace("No warning sign found does not mean safe.", "")
    assert not re.search(r"\bsafe\b", rest.lower())
    assert "Nothing present speaks of a condition yet" in result
    assert "1. Compare" not in result
    assert "3. " not in result.split("What next?")[1].split("Number:")[0]


def test_skipping_leaves_it_unknown(db: Connection, tmp_path: Path) -> None:
    run = Interview(db, tmp_path, "clinician", Talk(io.StringIO("\n" * 60), io.StringIO()))
    run.run()
    assert run.state.case == Case()


def test_back_undoes_the_answer_before(db: Connection, tmp_path: Path) -> None:
    out = io.StringIO()
    typed = io.StringIO("b\n52\n1\nb\nb\n61\n2\n3\n1\n1\ny\nb\nn\n")
    run = Interview(db, tmp_path, "clinician", Talk(typed, out))
    run.run()
    assert "This is the first question." in out.getvalue()
    case = run.state.case
    assert (case.age, case.sex, case.side) == (61, "m", "both")
    assert "saddle-numbness" in case.absent
    assert "saddle-numbness" not in case.present
    assert "NOT SCREENED: 1 of" in joined(out.getvalue())
    assert "EMERGENCY" not in out.getvalue().split("Result.")[1]


def test_back_from_the_result_goes_on_with_the_questions(ask: Ask) -> None:
    out = ask("52", "q", "b", "1", "q", "7")
    assert out.count("Result.") == 2
    assert "Woman or man?" in out.split("Result.")[1]


def test_why_and_help_explain_and_change_nothing(ask: Ask, db: Connection) -> None:
    question = Reasoner(db).screen.questions[0]
    out = joined(ask("w", "?", *FIELDS, "w"))
    assert module.WHY_AGE in out
    assert "whole years from 0 to 120" in out
    assert question.why in out


def test_unknown_input_repeats_what_is_allowed(ask: Ask) -> None:
    out = ask("old", "400", "\x1b[2J", "52", "9", "woman", "2", "1", "2", "maybe", "x" * 5000, "n")
    assert out.count("Type whole years from 0 to 120") == 3
    assert "Not understood: <U+001B>[2J" in out
    assert "Type a number from 1 to 2; ? helps." in out
    assert "Type y, n, u (not able to ask or test); ? helps." in out
    assert "longer than 200 characters" in out
    assert "2 of " in out


def test_slips_in_words_are_mended_and_numbers_keep_their_meaning(db: Connection, tmp_path: Path) -> None:
    out = io.StringIO()
    typed = io.StringIO("\n" * 5 + "n\n" * 10)
    run = Interview(db, tmp_path, "clinician", Talk(typed, out))
    run.run()
    while (step := run.step()) is not None and step.name != "regions":
        run._go(run.state.over(step.name))
    step = run.step()
    assert step is not None
    found = step.take("butock")
    assert isinstance(found, list)
    number = next(line.split(".")[0] for line in found if "Buttock" in line)
    taken = step.take(number)
    assert isinstance(taken, module.State)
    assert taken.case.regions == ("buttock",)
    run._go(taken.over("regions"))
    while (step := run.step()) is not None and step.name != "movements":
        run._go(run.state.over(step.name))
    assert step is not None
    found = step.take("puting on soks")
    assert isinstance(found, list)
    assert "1. Putting on socks" in found
    more = step.take("m")
    assert isinstance(more, list)
    assert not set(more) & set(step.lines)
    kick = next(line.split(".")[0] for line in more if "Kicking" in line)
    taken = step.take(f"1, {kick}")
    assert isinstance(taken, module.State)
    assert taken.case.movements == ("put-on-socks", "kicking")
    nothing = step.take("xyzzyplugh")
    assert isinstance(nothing, list)
    assert nothing[0].startswith("Nothing found for: xyzzyplugh")
    assert step.take("1 400") == []


def test_a_yes_to_several_findings_asks_which(db: Connection, tmp_path: Path) -> None:
    walk = Walk(db, tmp_path, {"osteoporosis": "y", "which:fragile-bone": "3"})
    assert "steroid-use-long-term" in walk.case.present
    # What was not named stays unknown; it is not denied.
    assert walk.case.answer("osteoporosis") is None
    assert walk.case.answer("fragility-fracture-past") is None
    walk = Walk(db, tmp_path, {"osteoporosis": "y", "which:fragile-bone": ""})
    assert walk.case.answer("osteoporosis") == "yes"


def test_places_call_for_further_warning_questions(db: Connection, tmp_path: Path, ask: Ask) -> None:
    plain = Walk(db, tmp_path, {"regions": ""}, asked=0)
    groin = Walk(db, tmp_path, {"regions": "10"}, asked=0)
    assert "pain-groin" not in plain.case.present
    assert set(groin.case.absent) > set(plain.case.absent)
    # The list that was begun is finished first.
    everyone = sum(not question.when for question in Reasoner(db).screen.questions)
    out = ask("30", "2", "2", "1", "2", *["n"] * everyone, "10", "11", "", "n")
    assert out.count("Anything else?") == 2
    assert out.rindex("Anything else?") < out.rindex("Warning signs.\n\n")


@pytest.mark.parametrize("taken", range(0, 40, 3))
def test_the_end_of_the_input_anywhere_ends_in_a_result(db: Connection, tmp_path: Path, ask: Ask, taken: int) -> None:
    lines = [*Walk(db, tmp_path, SCIATICA).lines, "1", "", "", "3", "1", "5"]
    out = ask(*lines[:taken])
    assert out.count("Result.") == 1
    assert "No warning sign found does not mean safe." in joined(out)


def test_no_input_at_all_ends_in_a_result() -> None:
    done = subprocess.run(
        [PYTHON, "-m", "decide", "ask"],
        stdin=subprocess.DEVNULL,
        text=True,
        capture_output=True,
        env=child_environment(TERM="dumb"),
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "NOT SCREENED" in checked(done.stdout)


def test_bytes_that_are_no_text_are_refused_like_any_other_slip() -> None:
    done = subprocess.run(
        [PYTHON, "-m", "decide", "ask"],
        input=b"\xff\xfe\n\x00\n52\r\n1\n",
        capture_output=True,
        env=child_environment(),
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    out = checked(done.stdout.decode())
    assert out.count("Not understood") == 2
    assert "Which side?" in out


def test_under_18_nothing_is_ranked(ask: Ask, db: Connection, tmp_path: Path) -> None:
    walk = Walk(db, tmp_path, {**SCIATICA, "age": "12"})
    assert walk.case.movements == ()
    out = ask(*walk.lines, "1", "2", "3", "4", "7")
    notice = Reasoner(db).answer(Case(age=12)).notice
    assert joined(out).count(notice) >= 2
    result = out.split("Result.", 1)[1]
    assert "Fits" not in out
    assert "sciatica" not in out.lower()
    assert "Leading" not in out
    assert "Your self-care plan" not in out
    assert "1. Compare" not in result
    assert "REFERRAL LETTER" in result
    assert "Otherwise considered" not in result


def test_under_18_warning_signs_still_count(ask: Ask) -> None:
    out = ask("12", "1", "2", "1", "2", "y", "", "q", "3")
    assert "EMERGENCY, now: " in out
    assert "EMERGENCY, now. NOT SCREENED" in out.split("Result.")[1]
    assert "Go now" in out


def test_each_answer_says_what_it_changed(db: Connection, tmp_path: Path, ask: Ask) -> None:
    lines = Walk(db, tmp_path, SCIATICA, asked=1).lines
    out = joined(ask(*lines[:-2], "y", "f"))
    assert "Leading: 1 " in out.split(module.NEXT)[1]
    assert ": yes. " in out
    assert " answered." in out


def test_a_skipped_question_is_not_asked_again(db: Connection, tmp_path: Path) -> None:
    run = Walk(db, tmp_path, SCIATICA, asked=0).run
    seen = []
    while (step := run.step()) is not None:
        seen.append(step.name)
        run._go(run.state.over(step.name))
    assert len(seen) == len(set(seen)) > 3
    assert run.state.case.not_able == ()


def test_an_untrained_person_is_not_told_to_test(db: Connection, tmp_path: Path) -> None:
    run = Walk(db, tmp_path, SCIATICA, asked=0).run
    run.training = "none"
    while (step := run.step()) is not None:
        assert run.reasoner.findings[step.name].training == "none"
        run._go(run.state.over(step.name))


def test_saving_over_a_file_asks_and_a_bad_place_is_one_line(ask: Ask, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text("mine")
    out = ask("q", "5", str(kept), "n", "5", str(tmp_path / "no" / "such"), "5", "", "7")
    assert kept.read_text() == "mine"
    assert "Not saved." in out
    assert "cannot write" in out
    assert "Traceback" not in out
    assert "Saved:" in ask("q", "5", str(kept), "y", "7")
    assert json.loads(kept.read_text())["age"] is None


def test_a_new_person_starts_from_nothing(ask: Ask) -> None:
    out = ask(*FIELDS, "y", "1", "q", "6", "n", "6", "y", "q")
    last = out.split("New person.")[-1].split("Result.")[1]
    assert "EMERGENCY" not in last
    assert "NOT SCREENED: 0 of" in joined(last)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(lines=["0" * 8 + "\x1f" * 7 + "0"])
@given(
    lines=st.lists(
        st.one_of(
            st.sampled_from(["", "b", "s", "w", "q", "?", "y", "n", "u", "f", "m", "1", "2", "3", "4", "5", "6", "12 3"]),
            st.integers(-5, 130).map(str),
            st.text(max_size=300),
        ),
        max_size=90,
    )
)
def test_random_lines_never_raise_and_always_end(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setattr(module, "write_whole", lambda *_: None)
    out = io.StringIO()
    text = "\n".join(lines)
    assert interview(db, tmp_path, "clinician", io.StringIO(text), out) == 0
    assert "Result." in checked(out.getvalue())
