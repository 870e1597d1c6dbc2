"""Printing through `lp`: what is handed over, and that what becomes of it is said truthfully."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from decide import printing, settings
from decide.cli import main
from decide.errors import DeliveryError, InputError

Capture = pytest.CaptureFixture[str]

FAKE_LP = """#!/bin/sh
echo "$@" > "$FAKE/arguments"
cat > "$FAKE/text"
if [ -f "$FAKE/refuse" ]; then echo "lp: The printer does not like it." >&2; exit 1; fi
echo "request id is Office-7 (1 file(s))"
"""
FAKE_LPSTAT = """#!/bin/sh
case "$*" in
  -e) cat "$FAKE/queues" 2>/dev/null ;;
  -d) echo "system default destination: Office" ;;
  "-W not-completed -o "*) [ -f "$FAKE/waiting" ] && cat "$FAKE/waiting"; exit 0 ;;
  "-p "*) cat "$FAKE/printer" 2>/dev/null ;;
  "-W completed"*) cat "$FAKE/done" 2>/dev/null ;;
esac
exit 0
"""
DONE = """Office-6                someone          1024   Tue 01 Dec 2026
\tAlerts: job-canceled-by-user
Office-7                someone          1024   Tue 01 Dec 2026
\tStatus: {status}
\tAlerts: {alerts}
\tqueued for Office
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fake"
    folder.mkdir()
    for name, text in (("lp", FAKE_LP), ("lpstat", FAKE_LPSTAT), ("cancel", '#!/bin/sh\necho "$1" > "$FAKE/cancelled"\n')):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (folder / "queues").write_text("Office\nFront-desk\n")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE", str(folder))
    return folder


def finished(fake: Path, alerts: str = "job-completed-successfully", status: str = "") -> None:
    (fake / "done").write_text(DONE.format(alerts=alerts, status=status))


def test_the_sheet_goes_to_the_queue_with_its_paper(fake: Path, capsys: Capture) -> None:
    finished(fake)
    assert main(["plan", "sciatica", "--print", "Front-desk", "--paper", "letter", "--wait", "0"]) == 0
    assert "-d Front-desk" in (fake / "arguments").read_text()
    assert "media=Letter" in (fake / "arguments").read_text()
    assert (fake / "text").read_text().startswith("Your self-care plan")
    captured = capsys.readouterr()
    assert captured.out == ""


def test_without_a_name_the_default_queue_is_taken_and_the_job_is_followed(fake: Path, capsys: Capture) -> None:
    finished(fake)
    assert main(["plan", "sciatica", "--print"]) == 0
    assert "-d Office" in (fake / "arguments").read_text()
    assert "printed on Office" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("alerts", "words", "status"),
    [
        ("job-completed-successfully", "printed on Office", 0),
        ("job-canceled-by-user", "stopped: the job Office-7 was cancelled", 1),
        ("job-aborted-by-system", "stopped: the printer Office gave up on Office-7", 1),
    ],
)
def test_the_fate_of_the_job_is_told_as_it_is(fake: Path, capsys: Capture, alerts: str, words: str, status: int) -> None:
    finished(fake, alerts)
    assert main(["plan", "sciatica", "--print"]) == status
    assert words in capsys.readouterr().err


def test_a_job_that_waits_is_not_called_printed(fake: Path, capsys: Capture) -> None:
    (fake / "waiting").write_text("Office-7 someone 1024 today\n")
    assert main(["plan", "sciatica", "--print", "--wait", "0"]) == 0
    error = capsys.readouterr().err
    assert "sent to the queue Office as Office-7" in error
    assert "printed" not in error
    (fake / "printer").write_text("printer Office disabled since today -\n\tPaused\n")
    assert printing.state(printing.Job("Office-7", "Office")).text == "waiting: the printer Office is stopped"


def test_a_job_that_vanished_is_not_called_printed(fake: Path) -> None:
    state = printing.state(printing.Job("Office-9", "Office"))
    assert state.name == "gone"
    assert "not known" in state.text


def test_another_jobs_number_is_not_taken_for_this_ones(fake: Path) -> None:
    (fake / "waiting").write_text("Office-71 someone 1024 today\n")
    finished(fake)
    assert printing.state(printing.Job("Office-7", "Office")).name == "printed"


def test_the_printing_system_is_asked_in_english_and_odd_bytes_do_no_harm(fake: Path) -> None:
    (fake / "lpstat").write_text('#!/bin/sh\necho "$LC_ALL" > "$FAKE/language"\nprintf "Caf\\351\\n"\n')
    assert printing.queues() == ["Caf\ufffd"]
    assert (fake / "language").read_text().startswith("C")


def test_the_sheet_reaches_the_printer_as_utf_8(fake: Path) -> None:
    finished(fake)
    assert main(["plan", "sciatica", "--print", "--label", "Zoë 山田"]) == 0
    assert "For: Zoë 山田" in (fake / "text").read_text(encoding="utf-8")


def test_a_refusal_a_wrong_queue_and_no_printer_are_one_clear_line(fake: Path, capsys: Capture) -> None:
    (fake / "refuse").touch()
    assert main(["plan", "sciatica", "--print"]) == 2
    assert "refused the job: lp: The printer does not like it." in capsys.readouterr().err
    assert main(["plan", "sciatica", "--print", "Cellar"]) == 2
    assert "there is no printer 'Cellar'; name one of: Office, Front-desk" in capsys.readouterr().err
    (fake / "queues").write_text("")
    assert main(["plan", "sciatica", "--print"]) == 2
    assert "no printer is set up on this machine; save the plan with --text FILE" in capsys.readouterr().err


def test_without_a_printing_system_the_sheet_can_still_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    target = tmp_path / "sheet.txt"
    assert main(["plan", "sciatica", "--print", "--text", str(target)]) == 2
    assert "there is no 'lp' here" in capsys.readouterr().err
    assert target.read_text().startswith("Your self-care plan")


def test_a_job_can_be_cancelled(fake: Path) -> None:
    printing.cancel(printing.Job("Office-7", "Office"))
    assert (fake / "cancelled").read_text().strip() == "Office-7"


def test_a_printing_system_that_hangs_is_given_up(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fake / "lpstat").write_text("#!/bin/sh\nsleep 30\n")
    monkeypatch.setattr(printing, "SECONDS_TO_ANSWER", 0.2)
    with pytest.raises(DeliveryError, match="did not answer"):
        printing.queues()


def test_settings_are_kept_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    settings.save(folder, contact="Clinic", emergency_number="112")
    settings.save(folder, queue="Office")
    assert settings.load(folder) == settings.Settings("Clinic", "112", "Office")
    (folder / "settings.json").write_text("{")
    with pytest.raises(InputError, match=r"settings\.json cannot be read"):
        settings.load(folder)


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
