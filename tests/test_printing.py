"""Printing through `lp`: what is handed over, and that what becomes of it is said truthfully."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import screen_text
from textual.pilot import Pilot

from decide import printing, settings
from decide.cli import main
from decide.errors import DeliveryError, InputError
from screens.app import DecideApp
from screens.dialogs import Confirm, PrintDialog
from screens.plan import PlanScreen

Capture = pytest.CaptureFixture[str]
PLAN = ["plan", "--emergency-number", "112"]

# Each records what it was given, one word a line, and answers as CUPS does.
FAKES = {
    "lp": """#!/bin/sh
for word; do printf '%s\\n' "$word"; done > "$FAKE/arguments"
cat > "$FAKE/document"
if [ -f "$FAKE/refuse" ]; then echo "lp: The printer does not like it." >&2; exit 1; fi
echo "request id is Office-7 (1 file(s))"
""",
    "lpstat": """#!/bin/sh
case "$*" in
  -e) cat "$FAKE/queues" ;;
  -d) echo "system default destination: Office" ;;
  -a) cat "$FAKE/accepting" 2>/dev/null ;;
  "-W not-completed -l -o Office")
    if [ -f "$FAKE/vanished" ]; then echo 'lpstat: Invalid destination name in list "Office".' >&2; exit 1; fi
    cat "$FAKE/waiting" 2>/dev/null ;;
  "-l -p"|"-l -p Office") cat "$FAKE/printer" 2>/dev/null ;;
  "-W completed -l -o Office") cat "$FAKE/done" 2>/dev/null ;;
  *) echo "lpstat: unexpected $*" >&2; exit 1 ;;
esac
exit 0
""",
    "lpoptions": """#!/bin/sh
echo "$*" > "$FAKE/asked"
cat "$FAKE/options" 2>/dev/null
""",
    "cancel": """#!/bin/sh
echo "$1" > "$FAKE/cancelled"
if [ -f "$FAKE/over" ]; then cat "$FAKE/over" >&2; exit 1; fi
""",
}
JOB = printing.Job("Office-7", "Office")
WAITING = """Office-7                someone          1024   Tue 01 Dec 2026
\tStatus: {status}
\tAlerts: {alerts}
\tqueued for Office
"""
DONE = (
    """Office-6                someone          1024   Tue 01 Dec 2026
\tAlerts: job-canceled-by-user
Office-71               someone          1024   Tue 01 Dec 2026
\tAlerts: job-canceled-by-user
"""
    + WAITING
)
PRINTER = """printer Office {head}
{message}\tForm mounted:
\tContent types: any
\tDescription: Office
\tAlerts: {alerts}
\tLocation: Form mounted
"""
IDLE = "is idle.  enabled since Tue 01 Dec 2026"
DUPLEX = "Duplex/2-Sided Printing: *None DuplexNoTumble DuplexTumble\n"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fake"
    folder.mkdir()
    for name, text in FAKES.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (folder / "queues").write_text("Office\nFront-desk\n")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE", str(folder))
    return folder


def finished(fake: Path, alerts: str = "job-completed-successfully", status: str = "") -> None:
    (fake / "done").write_text(DONE.format(alerts=alerts, status=status))


def waits(fake: Path, head: str = IDLE, printer: str = "none", message: str = "", job: str = "none") -> None:
    (fake / "waiting").write_text(WAITING.format(status="", alerts=job))
    shown = f"\t{message}\n" if message else ""
    (fake / "printer").write_text(PRINTER.format(head=head, message=shown, alerts=printer))


def given(fake: Path) -> list[str]:
    return (fake / "arguments").read_text().splitlines()


def sides(fake: Path) -> list[str]:
    return [word for word in given(fake) if word.startswith("sides=")]


def test_the_sheet_goes_to_the_queue_with_its_paper(fake: Path, capsys: Capture) -> None:
    finished(fake)
    assert main([*PLAN, "sciatica", "--print", "Front-desk", "--paper", "letter", "--wait", "0"]) == 0
    words = given(fake)
    assert words[words.index("-d") + 1] == "Front-desk"
    assert "media=Letter" in words
    assert (fake / "document").read_bytes().startswith(b"%PDF")
    captured = capsys.readouterr()
    assert captured.out == ""


def test_without_a_name_the_default_queue_is_taken_and_the_job_is_followed(fake: Path, capsys: Capture) -> None:
    finished(fake)
    assert main([*PLAN, "sciatica", "--print"]) == 0
    assert given(fake)[:2] == ["-d", "Office"]
    assert "printed on Office" in capsys.readouterr().err


def test_a_pdf_arrives_byte_for_byte_with_its_copies(fake: Path) -> None:
    document = b"%PDF-1.7\n" + bytes(range(256)) * 400
    assert printing.send(document, "Plan", "Office", copies=3) == JOB
    assert (fake / "document").read_bytes() == document
    words = given(fake)
    assert words[words.index("-n") + 1] == "3"
    assert "media=A4" in words
    assert "cpi=12" not in words
    printing.send(b"words", "Plan", kind="text")
    assert {"cpi=12", "page-left=36", "page-top=36"} <= set(given(fake))


@pytest.mark.parametrize("copies", [0, -1, 1000])
def test_a_senseless_number_of_copies_is_refused(fake: Path, copies: int) -> None:
    with pytest.raises(DeliveryError, match="1 to 99"):
        printing.send(b"%PDF", "Plan", copies=copies)
    assert not (fake / "arguments").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (DUPLEX, "two-sided-long-edge"),
        ("Option1/Duplexer: False *True\n" + DUPLEX, "two-sided-long-edge"),
        ("EFDuplex/Duplex: *False Top Bottom\n", "two-sided-long-edge"),
        # No word of it, the short edge alone, a duplexer that is not built in, an option that CUPS does not map to.
        ("", "one-sided"),
        ("Duplex/2-Sided Printing: *None\n", "one-sided"),
        ("Duplex/2-Sided Printing: *None DuplexTumble\n", "one-sided"),
        (DUPLEX + "Option1/Duplexer: *False True\n", "one-sided"),
        (DUPLEX + "InstalledDuplexUnit/Duplex Unit: *NotInstalled Installed\n", "one-sided"),
        ("Binding/Binding: *LongEdge ShortEdge\n", "one-sided"),
    ],
)
def test_two_sided_is_asked_for_only_where_the_queue_has_it(fake: Path, options: str, expected: str) -> None:
    (fake / "options").write_text(options)
    printing.send(b"%PDF", "Plan")
    assert sides(fake) == [f"sides={expected}"]
    assert (fake / "asked").read_text() == "-p Office -l\n"
    printing.send(b"%PDF", "Plan", two_sided=False)
    assert sides(fake) == ["sides=one-sided"]


def test_a_queue_that_does_not_tell_its_options_prints_on_one_side(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fake / "lpoptions").write_text("#!/bin/sh\nsleep 30\n")
    monkeypatch.setattr(printing, "SECONDS_TO_ANSWER", 0.2)
    assert printing.abilities("Office") == printing.Abilities(False, ())


@pytest.mark.parametrize(
    ("sizes", "paper", "there"),
    [
        ("*Letter Legal A4", "a4", True),
        ("*A4.Borderless A5", "a4", True),
        ("iso_a4_210x297mm *na_letter_8.5x11in", "a4", True),
        ("iso_a4_210x297mm *na_letter_8.5x11in", "letter", True),
        ("Custom.WIDTHxHEIGHT *A5", "a4", True),
        ("*Letter Legal A41", "a4", False),
        ("*A4 A5", "letter", False),
    ],
)
def test_a_paper_that_the_printer_does_not_have_is_said_and_not_cut_off(
    fake: Path, sizes: str, paper: printing.Paper, there: bool
) -> None:
    (fake / "options").write_text(f"PageSize/Media Size: {sizes}\n")
    if there:
        assert printing.send(b"%PDF", "Plan", paper=paper) == JOB
        return
    other = {"a4": "letter", "letter": "a4"}[paper]
    with pytest.raises(DeliveryError, match=f"use --paper {other} or another printer, or save the plan with --pdf FILE"):
        printing.send(b"%PDF", "Plan", paper=paper)
    assert not (fake / "arguments").exists()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("-d Cellar", "-d Cellar"),
        ("--", "--"),
        ("a\x1b[2J\nb\0c\u202ed", "a [2J b c d"),
        ("", "decide"),
        ("x" * 400, "x" * 100),
        ("Zoë 山田", "Zoë 山田"),
    ],
)
def test_an_odd_title_does_no_harm(fake: Path, title: str, shown: str) -> None:
    printing.send(b"%PDF", title, "Office")
    words = given(fake)
    assert words[words.index("-t") + 1] == shown
    assert words[:2] == ["-d", "Office"]
    assert words[-1] == "-"


def test_queues_tell_which_is_usual_and_how_they_are(fake: Path) -> None:
    (fake / "queues").write_text("Office\nFront-desk\nCellar\nHall\nHall/draft\nNew\n")
    (fake / "accepting").write_text(
        "Office accepting requests since today\nCellar not accepting requests since today -\n\tmoved out\n"
        "Hall not accepting requests since today -\n"
    )
    (fake / "printer").write_text(
        PRINTER.format(head=IDLE, message="", alerts="toner-low-report")
        + PRINTER.format(
            head="now printing Front-desk-3.  enabled since today", message="\tWarming up.\n", alerts="media-empty-error"
        ).replace("Office", "Front-desk")
        + PRINTER.format(head="disabled since today -", message="\tout for lunch\n", alerts="paused").replace(
            "Office", "Cellar"
        )
    )
    assert printing.queues() == [
        printing.Queue("Office", default=True, accepting=True, state="ready"),
        printing.Queue("Front-desk", state="out of paper"),
        printing.Queue("Cellar", accepting=False, state="takes no jobs (moved out)"),
        printing.Queue("Hall", accepting=False, state="takes no jobs"),
        printing.Queue("Hall/draft", accepting=False, state="takes no jobs"),
        printing.Queue("New"),
    ]
    with pytest.raises(DeliveryError, match=r"the printer 'Cellar' takes no jobs \(moved out\): choose another"):
        printing.send(b"%PDF", "Plan", "Cellar")


@pytest.mark.parametrize(
    ("alerts", "words", "status"),
    [
        ("job-completed-successfully", "printed on Office", 0),
        ("job-canceled-by-user", "stopped: the job Office-7 was cancelled", 1),
        ("job-aborted-by-system", "stopped: the printer Office could not print Office-7 (Filter failed)", 1),
        ("job-completed-with-errors", "stopped: the printer Office could not print Office-7 (Filter failed)", 1),
    ],
)
def test_the_fate_of_the_job_is_told_as_it_is(fake: Path, capsys: Capture, alerts: str, words: str, status: int) -> None:
    finished(fake, alerts, "" if status == 0 else "Filter failed")
    assert main([*PLAN, "sciatica", "--print"]) == status
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("cancel: cancel-job failed: Job #7 is already completed - can't cancel.", "printed"),
        ("cancel: cancel-job failed: Job #7 is already canceled - can't cancel.", "stopped"),
        ("cancel: cancel-job failed: Job #7 is already aborted - can't cancel.", "stopped"),
        ("cancel: cancel-job failed: Forbidden", "gone"),
    ],
)
def test_an_older_cups_that_says_the_same_of_printed_and_cancelled_jobs_is_asked_again(
    fake: Path, answer: str, name: str
) -> None:
    finished(fake, "processing-to-stop-point")
    (fake / "over").write_text(answer)
    assert printing.state(JOB).name == name
    assert (fake / "cancelled").read_text().strip() == "Office-7"


def test_a_job_that_waits_is_not_called_printed(fake: Path, capsys: Capture) -> None:
    waits(fake)
    assert main([*PLAN, "sciatica", "--print", "--wait", "0"]) == 0
    error = capsys.readouterr().err
    assert "sent to the queue Office as Office-7" in error
    assert "printed" not in error


@pytest.mark.parametrize(
    ("head", "printer", "message", "words"),
    [
        ("disabled since today -", "paused", "reason unknown", "waiting: the printer Office says: paused"),
        ("disabled since today -", "paused", "out for lunch", "waiting: the printer Office says: paused (out for lunch)"),
        (IDLE, "media-empty-error", "", "waiting: the printer Office says: out of paper"),
        (IDLE, "media-jam door-open-warning", "", "waiting: the printer Office says: paper is stuck, its door is open"),
        (IDLE, "offline-report", "", "waiting: the printer Office says: switched off or not connected"),
        (IDLE, "toner-low-report,marker-supply-low", "", "sent to the queue Office as Office-7"),
        ("now printing Office-7.  enabled since today", "none", "", "on its way to the printer Office as Office-7"),
        ("now printing Office-71.  enabled since today", "none", "", "sent to the queue Office as Office-7"),
        (
            "now printing Office-7.  enabled since today",
            "none",
            "The printer may not exist.",
            "on its way to the printer Office as Office-7 (The printer may not exist.)",
        ),
    ],
)
def test_what_a_job_waits_for_is_said(fake: Path, head: str, printer: str, message: str, words: str) -> None:
    waits(fake, head, printer, message)
    state = printing.state(JOB)
    assert state.text == words
    assert not state.over
    assert (state.name == "waiting") == words.startswith("waiting")


def test_a_job_that_its_driver_could_not_print_is_over_though_it_stays_in_the_queue(fake: Path) -> None:
    (fake / "waiting").write_text(WAITING.format(status="Filter failed", alerts="job-completed-with-errors"))
    state = printing.state(JOB)
    assert (state.name, state.over) == ("stopped", True)
    assert state.text == "stopped: the printer Office could not print Office-7 (Filter failed); it is still in the queue"


def test_a_held_job_is_said_to_be_held(fake: Path) -> None:
    waits(fake, job="job-hold-until-specified")
    assert printing.state(JOB).text == "waiting: the job Office-7 is held in the queue Office"


def test_a_job_is_followed_until_its_end_and_each_change_is_told_once(fake: Path) -> None:
    waits(fake)
    told: list[str] = []

    def tell(state: printing.State) -> None:
        told.append(state.text)
        if len(told) == 1:
            waits(fake, printer="media-empty")
        else:
            (fake / "waiting").unlink(missing_ok=True)
            finished(fake)

    assert printing.follow(JOB, tell, seconds=20, pause=0.01).name == "printed"
    assert told == [
        "sent to the queue Office as Office-7",
        "waiting: the printer Office says: out of paper",
        "printed on Office",
    ]


def _forgotten(fake: Path) -> None:
    pass


def _vanished(fake: Path) -> None:
    (fake / "vanished").touch()


def _silent(fake: Path) -> None:
    (fake / "lpstat").write_text("#!/bin/sh\necho 'lpstat: Unable to connect to server' >&2\nexit 1\n")


def _removed(fake: Path) -> None:
    (fake / "lpstat").chmod(0o644)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_forgotten, "the printing system has forgotten the job"),
        (_vanished, "this printer is no longer set up"),
        (_silent, "lpstat: Unable to connect to server"),
        (_removed, "there is no 'lpstat' here"),
    ],
)
def test_a_job_that_can_be_asked_for_no_more_is_not_called_printed(
    fake: Path, monkeypatch: pytest.MonkeyPatch, happens: Callable[[Path], None], reason: str
) -> None:
    monkeypatch.setenv("PATH", f"{fake}{os.pathsep}{_without_cups(fake)}")
    happens(fake)
    state = printing.state(JOB)
    assert (state.name, state.over) == ("gone", True)
    assert f"whether it printed is not known: {reason}" in state.text


def _without_cups(fake: Path) -> str:
    """A PATH with what the fakes need and no printing system, whatever this machine has."""
    tools = fake.parent / "tools"
    tools.mkdir()
    for name in ("sh", "cat", "sleep"):
        (tools / name).symlink_to(next(path for path in (Path("/bin") / name, Path("/usr/bin") / name) if path.exists()))
    return str(tools)


def test_another_jobs_number_is_not_taken_for_this_ones(fake: Path) -> None:
    (fake / "waiting").write_text(WAITING.format(status="", alerts="none").replace("Office-7 ", "Office-71 "))
    finished(fake)
    assert printing.state(JOB).name == "printed"


def test_the_printing_system_is_asked_in_english_and_odd_bytes_do_no_harm(fake: Path) -> None:
    (fake / "lpstat").write_text('#!/bin/sh\necho "$LC_ALL" > "$FAKE/language"\nprintf "Caf\\351\\n"\n')
    assert [queue.name for queue in printing.queues()] == ["Caf\ufffd"]
    assert (fake / "language").read_text().startswith("C")


def test_what_the_printing_system_says_does_not_steer_the_terminal(fake: Path) -> None:
    waits(fake, "disabled since today -", "paused", "\x1b[2J\u202e")
    assert printing.state(JOB).text == "waiting: the printer Office says: paused (<U+001B>[2J<U+202E>)"


def test_without_typst_the_sheet_reaches_the_printer_as_text_in_utf_8(
    fake: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    finished(fake)
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main([*PLAN, "sciatica", "--print", "--label", "Zoë 山田"]) == 0
    assert "For: Zoë 山田" in (fake / "document").read_text(encoding="utf-8")
    assert "cpi=12" in given(fake)
    assert "printed as plain text: no PDF can be made here" in capsys.readouterr().err


def test_a_refusal_a_wrong_queue_and_no_printer_are_one_clear_line(fake: Path, capsys: Capture) -> None:
    (fake / "refuse").touch()
    assert main([*PLAN, "sciatica", "--print"]) == 2
    assert "refused the job (lp: The printer does not like it.): choose another" in capsys.readouterr().err
    assert main([*PLAN, "sciatica", "--print", "Cellar"]) == 2
    assert "there is no printer 'Cellar': name one of Office, Front-desk" in capsys.readouterr().err
    (fake / "queues").write_text("Hall\nFront-desk\n")
    assert main([*PLAN, "sciatica", "--print"]) == 2
    assert "there is no default printer: name one of Hall, Front-desk" in capsys.readouterr().err
    (fake / "queues").write_text("")
    assert main([*PLAN, "sciatica", "--print"]) == 2
    error = capsys.readouterr().err
    assert "no printer is set up on this machine: set one up, or save the plan with --pdf FILE" in error
    assert len(error.splitlines()) == 1


def test_the_only_printer_is_taken_without_a_default(fake: Path) -> None:
    (fake / "queues").write_text("Hall\n")
    printing.send(b"%PDF", "Plan")
    assert given(fake)[:2] == ["-d", "Hall"]


def test_without_a_printing_system_the_sheet_can_still_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    target = tmp_path / "sheet.txt"
    assert main([*PLAN, "sciatica", "--print", "--text", str(target)]) == 2
    assert "there is no 'lp' here" in capsys.readouterr().err
    assert target.read_text().startswith("Your self-care plan")


def test_a_job_can_be_cancelled(fake: Path) -> None:
    printing.cancel(JOB)
    assert (fake / "cancelled").read_text().strip() == "Office-7"


def test_a_job_that_is_over_or_has_no_number_says_why_it_cannot_be_cancelled(fake: Path) -> None:
    (fake / "over").write_text("cancel: cancel-job failed: Job #7 is already completed - can't cancel.")
    with pytest.raises(DeliveryError, match=r"Office-7 could not be cancelled: Job #7 is already completed"):
        printing.cancel(JOB)
    with pytest.raises(DeliveryError, match="no number"):
        printing.cancel(printing.Job("", "Office"))


def test_a_printing_system_that_hangs_is_given_up(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "SECONDS_TO_ANSWER", 0.3)
    lpstat = (fake / "lpstat").read_text()
    (fake / "lpstat").write_text("#!/bin/sh\nsleep 30\n")
    with pytest.raises(DeliveryError, match=r"'lpstat' did not answer .*: try again, or save the plan with --pdf FILE"):
        printing.queues()
    assert printing.state(JOB).name == "gone"
    (fake / "lpstat").write_text(lpstat)
    (fake / "lp").write_text("#!/bin/sh\nsleep 30\n")
    with pytest.raises(DeliveryError, match="look into the queue before you print again"):
        printing.send(b"%PDF" * 100_000, "Plan")


async def test_the_dialog_shows_how_the_printers_are_and_follows_the_job(app: DecideApp, fake: Path) -> None:
    waits(fake, "disabled since today -", "paused", "out for lunch")

    async def shown(pilot: Pilot[None], text: str) -> None:
        for _ in range(100):
            if text in screen_text(app):
                return
            await pilot.pause(0.05)
        raise AssertionError(screen_text(app))

    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PrintDialog(lambda: ("Zoë".encode(), "text"), "Plan", ""))
        await shown(pilot, "Office: paused (out for lunch)")
        await pilot.press("enter")
        await shown(pilot, "waiting: the printer Office says: paused (out for lunch)")
        assert (fake / "document").read_text(encoding="utf-8") == "Zoë"
        await pilot.press("x")
        (fake / "waiting").unlink()
        finished(fake, "job-canceled-by-user")
        await shown(pilot, "stopped: the job Office-7 was cancelled")
    assert (fake / "cancelled").read_text().strip() == "Office-7"


async def settled(pilot: Pilot[int | None], text: str) -> str:
    """The screen once this text stands on it."""
    for _ in range(100):
        await pilot.pause(0.05)
        shown = " ".join(screen_text(pilot.app).split())
        if text in shown:
            return shown
    raise AssertionError(shown)


async def test_the_dialog_says_what_a_cancel_did_and_when_there_is_nothing_to_cancel(app: DecideApp, fake: Path) -> None:
    finished(fake)
    (fake / "over").write_text("cancel: cancel-job failed: Job #7 is already completed - can't cancel.\n")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PrintDialog(lambda: (b"%PDF", "pdf"), "Self-care plan", ""))
        await settled(pilot, "Office: ready")
        await pilot.press("x")
        assert "Nothing was sent" in await settled(pilot, "Self-care plan: print on")
        await pilot.press("enter")
        await settled(pilot, "printed on Office")
        await pilot.press("x")
        await settled(pilot, "could not be cancelled: Job #7 is already completed")


async def test_a_refusal_in_the_dialog_names_keys_and_no_option_of_the_command_line(app: DecideApp, fake: Path) -> None:
    (fake / "refuse").touch()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PrintDialog(lambda: (b"%PDF", "pdf"), "Self-care plan", ""))
        await settled(pilot, "Office: ready")
        await pilot.press("enter")
        assert "--" not in await settled(pilot, "choose another, or Esc, then w saves to a file")
        (fake / "refuse").unlink()
        (fake / "options").write_text("PageSize/Media Size: *Letter Legal\n")
        await pilot.press("enter")
        assert "--" not in await settled(pilot, "set the clinic's paper (c on a")


@pytest.mark.parametrize(("alerts", "asks"), [("job-canceled-by-user", True), ("job-completed-successfully", False)])
async def test_a_plan_whose_job_stopped_is_not_left_without_a_question(
    app: DecideApp, fake: Path, tmp_path: Path, alerts: str, asks: bool
) -> None:
    settings.save(tmp_path / "data", emergency_number="112")
    finished(fake, alerts)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlanScreen(["sciatica"]))
        await pilot.pause()
        await pilot.press("l", "p", "N", "enter")
        await settled(pilot, "Office: ready")
        await pilot.press("enter")
        await settled(pilot, "was cancelled" if asks else "printed on Office")
        await pilot.press("escape")
        await pilot.pause()
        assert ("Sent to Office." in screen_text(app)) != asks
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, Confirm) == asks


async def test_the_letter_prints_as_pdf_on_one_side_and_as_text_without_typst(
    app: DecideApp, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("typst")
    (fake / "options").write_text(DUPLEX)

    async def sent(pilot: Pilot[None]) -> bytes:
        (fake / "document").unlink(missing_ok=True)
        finished(fake)
        # The case is read back first.
        await pilot.press("p", "enter")
        for key in ("enter", ""):
            for _ in range(100):
                await pilot.pause(0.05)
                if ("Office: ready" if key else "printed on Office") in screen_text(app):
                    break
            if key:
                await pilot.press(key)
        await pilot.press("escape")
        assert "Sent to Office." in screen_text(app)
        await pilot.press("escape")
        return (fake / "document").read_bytes()

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await pilot.pause()
        assert (await sent(pilot)).startswith(b"%PDF")
        given = (fake / "arguments").read_text()
        assert "Referral letter" in given
        assert "sides=one-sided" in given
        monkeypatch.setitem(sys.modules, "typst", None)
        assert (await sent(pilot)).startswith(b"REFERRAL LETTER")


class Windows:
    """What `os.startfile` was given; it fails for the verbs named."""

    def __init__(self, fails: tuple[str, ...]) -> None:
        self.fails = fails
        self.given: list[tuple[str, str]] = []
        self.content = b""

    def __call__(self, path: str, verb: str = "open") -> None:
        self.given.append((Path(path).name, verb))
        self.content = Path(path).read_bytes()
        if verb in self.fails:
            raise OSError(22, "no program is set for this")


def test_windows_prints_or_opens_the_file_and_keeps_no_more_than_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    windows = Windows(fails=())
    monkeypatch.setattr(os, "startfile", windows, raising=False)
    assert [queue.name for queue in printing.queues()] == ["Windows"]
    job = printing.send(b"%PDF one", "Plan: ../../x")
    assert (windows.given, windows.content) == ([("Plan-x.pdf", "print")], b"%PDF one")
    state = printing.state(job)
    assert state.over
    assert state.name == "queued"
    assert "does not tell what becomes of it" in state.text

    windows = Windows(fails=("print",))
    monkeypatch.setattr(os, "startfile", windows, raising=False)
    job = printing.send(b"two", "Letter", kind="text")
    assert windows.given == [("Letter.txt", "print"), ("Letter.txt", "open")]
    assert printing.state(job).text == "not printed yet: Letter.txt is open in its own program; print it there"
    assert [path.name for path in (tmp_path / "decide-print").iterdir()] == ["Letter.txt"]

    monkeypatch.setattr(os, "startfile", Windows(fails=("print", "open")), raising=False)
    with pytest.raises(DeliveryError, match=r"Windows cannot print or open .*: no program is set for this"):
        printing.send(b"%PDF", "Plan")


def test_settings_are_kept_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    settings.save(folder, contact="Clinic", emergency_number="112")
    settings.save(folder, queue="Office")
    assert settings.load(folder) == settings.Settings("Clinic", "112", "Office")
    (folder / "settings.json").write_text("{")
    with pytest.raises(InputError, match=r"settings\.json cannot be read"):
        settings.load(folder)


@pytest.mark.parametrize(("name", "value"), [("paper", "a3"), ("pain_limit", "99"), ("pain_limit", "x"), ("theme", "pink")])
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, capsys: Capture, name: str, value: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps({"emergency_number": "112", name: value}))
    assert main(["plan", "sciatica", "--pdf", str(tmp_path / "plan.pdf")]) == 2
    said = capsys.readouterr().err
    assert f"'{value}'" in said and name in said and "settings.json" in said
    assert said.count("\n") == 1


def test_kept_settings_stand_on_the_sheet(tmp_path: Path, capsys: Capture) -> None:
    settings.save(tmp_path / "data", contact="Clinic on the hill", emergency_number="911")
    assert main(["plan", "sciatica"]) == 0
    out = capsys.readouterr().out
    assert "From: Clinic on the hill" in out
    assert "Emergency number: 911" in out


def test_a_data_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot make the data folder"):
        settings.save(tmp_path / "file" / "data", contact="x")
