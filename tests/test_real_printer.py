"""Printing on a real CUPS, on a socket and in a folder of its own, with the PDF printer of cups-pdf as its paper.

Skipped with a reason where the machine cannot run one. It needs root: CUPS runs the cups-pdf backend as root alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from decide import printing
from decide.errors import DeliveryError

if os.name == "posix":
    import pwd

PROGRAMS = (
    "cupsd",
    "lp",
    "lpstat",
    "lpadmin",
    "lpoptions",
    "cancel",
    "cupsdisable",
    "cupsenable",
    "cupsreject",
    "pdftotext",
)
PDF_DRIVER = "lsb/usr/cups-pdf/CUPS-PDF_noopt.ppd"
LASER_DRIVER = "drv:///sample.drv/laserjet.ppd"
LASER_TWO_SIDED, LASER_ONE_SIDED = b"\x1b&l1S", b"\x1b&l0S"  # PCL: paper turned on its long edge, paper not turned
SECONDS = 30

CUPSD = """Listen {folder}/run/socket
LogLevel warn
MaxLogSize 0
DefaultAuthType None
WebInterface No
Browsing No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
FILES = """SystemGroup root
ServerRoot {folder}/etc
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/run
TempDir {folder}/spool/tmp
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
FileDevice Yes
"""


def search_path() -> str:
    """PATH with the folders of administration, which an ordinary one may lack."""
    return os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))


def run(*command: str) -> str:
    """A command's output; a test must not go on when it fails."""
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=SECONDS)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def hand_made_pdf(*pages: str) -> bytes:
    """A small PDF of A4 pages with one line of text each, in a font that every reader has."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET"
        resources = f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{item}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A running CUPS in a folder of its own, ended and removed afterwards."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=search_path()) is None]
    if missing:
        pytest.skip(
            f"no real printing system here: {', '.join(missing)} missing (.ci/run installs them for root on Debian)"
        )
    if os.geteuid() != 0:
        pytest.skip("a printing system of its own needs root here")
    # Not under pytest's folder: that is closed to the user that CUPS runs its filters as, and too long for a socket.
    with tempfile.TemporaryDirectory(prefix="cups-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("etc/ppd", "spool/tmp", "cache", "run", "log", "out"):
            (folder / part).mkdir(parents=True)
        (folder / "out").chmod(0o777)
        (folder / "etc/cupsd.conf").write_text(CUPSD.format(folder=folder))
        (folder / "etc/cups-files.conf").write_text(FILES.format(folder=folder))
        with (folder / "log/start").open("wb") as log:
            server = subprocess.Popen(
                ["cupsd", "-f", "-c", str(folder / "etc/cupsd.conf"), "-s", str(folder / "etc/cups-files.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": search_path()},
            )
        try:
            until = time.monotonic() + SECONDS
            while not (folder / "run/socket").exists() and server.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            if not (folder / "run/socket").exists():
                pytest.skip(f"cupsd did not start: {(folder / 'log/start').read_text(errors='replace').strip()[-300:]}")
            yield folder
        finally:
            server.terminate()
            try:
                server.wait(SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture
def cups(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That CUPS as the one which every command here talks to, without a queue."""
    monkeypatch.setenv("CUPS_SERVER", str(folder / "run/socket"))
    monkeypatch.setenv("CUPS_SERVERROOT", str(folder / "etc"))
    monkeypatch.setenv("PATH", search_path())
    for name in ("LPDEST", "PRINTER"):
        monkeypatch.delenv(name, raising=False)
    for queue in run("lpstat", "-e").split():
        run("lpadmin", "-x", queue)
    return folder


def add_queue(name: str, device: str, driver: str, *options: str) -> None:
    """A queue, set up and ready; the test is skipped where this CUPS lacks the device or the driver."""
    command = ["lpadmin", "-p", name, "-E", "-v", device, "-m", driver, *options]
    made = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=SECONDS)
    if made.returncode != 0:
        pytest.skip(f"no queue {name} can be had: {made.stderr.strip().splitlines()[-1]}")


@pytest.fixture
def pdf_queue(cups: Path) -> str:
    """A queue of cups-pdf."""
    add_queue("PDF", "cups-pdf:/", PDF_DRIVER)
    return "PDF"


@pytest.fixture
def printouts() -> Iterator[Path]:
    """The folder where cups-pdf puts its files, left as it was found."""
    # cups-pdf asks for the user's home by name, so the test's HOME does not reach it.
    place = Path(pwd.getpwuid(os.geteuid()).pw_dir) / "PDF"
    there, before = place.exists(), set(place.glob("*"))
    yield place
    for file in set(place.glob("*")) - before:
        if "decide-test" in file.name:
            file.unlink()
    if not there and place.exists() and not any(place.iterdir()):
        place.rmdir()


def laser(cups: Path, name: str, duplexer: bool) -> Path:
    """A queue with the driver of a laser printer, with or without its duplexer; gives the file that gets its bytes."""
    paper = cups / "out" / f"{name}.pcl"
    paper.write_bytes(b"")
    paper.chmod(0o666)
    add_queue(name, f"file:{paper}", LASER_DRIVER, "-o", f"Option1={duplexer}")
    return paper


def sent(*pages: str, queue: str = "", two_sided: bool = True) -> tuple[printing.Job, str]:
    """A PDF sent to a queue, with a title that no other job has."""
    title = f"decide-test-{uuid.uuid4().hex[:12]}"
    return printing.send(hand_made_pdf(*pages), title, queue, two_sided=two_sided), title


def end(job: printing.Job) -> tuple[printing.State, list[str]]:
    """The last state of a job and every text told on the way."""
    told: list[str] = []
    return printing.follow(job, lambda state: told.append(state.text), seconds=SECONDS, pause=0.05), told


def test_a_pdf_comes_out_with_its_pages_and_is_then_called_printed(pdf_queue: str, printouts: Path) -> None:
    job, title = sent("Bend your knee", "Stop and get help", queue=pdf_queue)
    assert job.id.startswith("PDF-")
    last, told = end(job)
    assert (last.name, last.text) == ("printed", "printed on PDF"), told
    (file,) = printouts.glob(f"*{title}*.pdf")
    first, second = run("pdftotext", "-layout", str(file), "-").rstrip("\f").split("\f")
    assert (first.strip(), second.strip()) == ("Bend your knee", "Stop and get help")


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_plain_text_of_80_columns_fits_between_margins(
    pdf_queue: str, printouts: Path, paper: printing.Paper, size: tuple[int, int]
) -> None:
    title = f"decide-test-{uuid.uuid4().hex[:12]}"
    job = printing.send(("M" * 80 + "\n").encode() * 40, title, pdf_queue, paper, kind="text")
    last, told = end(job)
    assert last.name == "printed", told
    (file,) = printouts.glob(f"*{title}*.pdf")
    picture = subprocess.run(["pdftoppm", "-r", "72", "-gray", str(file)], capture_output=True, check=True, timeout=SECONDS)
    kind, width, height, _, dots = re.split(rb"\s", picture.stdout, maxsplit=4)  # one page; a dot is a byte and a point
    across, down = int(width), int(height)
    assert (kind, abs(across - size[0]) <= 1, abs(down - size[1]) <= 1) == (b"P5", True, True)
    ink = [place for place, dot in enumerate(dots[: across * down]) if dot < 128]
    assert len(dots) == across * down
    assert 30 < min(place % across for place in ink) < max(place % across for place in ink) < across - 30
    assert 30 < min(ink) // across < max(ink) // across < down - 30


def test_the_queues_of_a_real_system_are_read(cups: Path, pdf_queue: str) -> None:
    laser(cups, "Laser", duplexer=True)
    run("lpadmin", "-d", "Laser")
    run("cupsdisable", "-r", "out for lunch", "PDF")
    assert printing.queues() == [
        printing.Queue("Laser", default=True),
        printing.Queue("PDF", state="paused (out for lunch)"),
    ]
    run("cupsreject", "-r", "moved out", "PDF")
    with pytest.raises(DeliveryError, match=r"the printer 'PDF' takes no jobs \(moved out\): choose another of Laser, PDF"):
        sent("x", queue="PDF")
    with pytest.raises(DeliveryError, match=r"there is no printer 'Cellar': name one of Laser, PDF"):
        sent("x", queue="Cellar")


def test_a_system_without_a_queue_says_so(cups: Path) -> None:
    assert printing.queues() == []
    with pytest.raises(DeliveryError, match="no printer is set up on this machine"):
        sent("x")


def test_two_sides_only_where_the_printer_has_a_duplexer(cups: Path) -> None:
    with_it, without = laser(cups, "With", duplexer=True), laser(cups, "Without", duplexer=False)
    assert printing.abilities("With").duplex
    assert not printing.abilities("Without").duplex
    assert "A4" in printing.abilities("With").media
    for queue, two_sided, paper, turned in (
        ("With", True, with_it, True),
        ("With", False, with_it, False),
        ("Without", True, without, False),
    ):
        paper.write_bytes(b"")
        last, told = end(sent("one", "two", queue=queue, two_sided=two_sided)[0])
        assert last.name == "printed", told
        assert (LASER_TWO_SIDED in paper.read_bytes()) == turned
        assert (LASER_ONE_SIDED in paper.read_bytes()) != turned


def test_a_job_on_a_paused_queue_waits_and_can_be_cancelled(pdf_queue: str, printouts: Path) -> None:
    run("cupsdisable", "-r", "out for lunch", pdf_queue)
    job, title = sent("never", queue=pdf_queue)
    waiting = printing.state(job)
    assert (waiting.name, waiting.over) == ("waiting", False)
    assert waiting.text == "waiting: the printer PDF says: paused (out for lunch)"
    printing.cancel(job)
    assert printing.state(job) == printing.State("stopped", f"stopped: the job {job.id} was cancelled", True)
    with pytest.raises(DeliveryError, match="already canceled"):
        printing.cancel(job)
    run("cupsenable", pdf_queue)
    assert not list(printouts.glob(f"*{title}*"))


def test_a_paused_queue_goes_on_and_the_job_is_followed_to_its_end(pdf_queue: str, printouts: Path) -> None:
    run("cupsdisable", pdf_queue)
    job, _ = sent("later", queue=pdf_queue)
    told: list[str] = []

    def tell(state: printing.State) -> None:
        told.append(state.text)
        if len(told) == 1:
            run("cupsenable", pdf_queue)

    assert printing.follow(job, tell, seconds=SECONDS, pause=0.05).name == "printed"
    assert told[0] == "waiting: the printer PDF says: paused"
    assert told[-1] == "printed on PDF"


def test_a_queue_that_vanishes_leaves_the_end_unknown(pdf_queue: str) -> None:
    run("cupsdisable", pdf_queue)
    job, _ = sent("lost", queue=pdf_queue)
    run("lpadmin", "-x", pdf_queue)
    gone = printing.state(job)
    assert (gone.name, gone.over) == ("gone", True)
    assert gone.text.endswith("whether it printed is not known: this printer is no longer set up")
    with pytest.raises(DeliveryError, match="does not exist"):
        printing.cancel(job)


def test_a_document_that_cannot_be_printed_is_not_called_printed(cups: Path) -> None:
    paper = laser(cups, "Laser", duplexer=False)
    job = printing.send(b"%PDF-1.4\nnothing of the kind", "damaged", "Laser")
    last, told = end(job)
    assert (last.name, last.over) == ("stopped", True), told
    assert last.text.startswith(f"stopped: the printer Laser could not print {job.id}")
    printing.cancel(job)
    assert printing.state(job) == printing.State("stopped", f"stopped: the job {job.id} was cancelled", True)
    assert b"nothing of the kind" not in paper.read_bytes()
