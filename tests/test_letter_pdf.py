"""The letter as PDF: it says all that the text says, on a page that can be read, sent on and printed again the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cases import ANY_CASE, answer, refusal, relaxed, run, saved
from hypothesis import given

from decide import settings
from decide.answer import Reasoner
from decide.case import Case
from decide.letter import Letter, letter
from decide.letter_pdf import pdf
from decide.letter_text import note, page

pytest.importorskip("typst", reason="typst sets the PDF, and is not on this machine")
reads_pdf = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) reads the PDF")

Capture = pytest.CaptureFixture[str]
DAY = date(2026, 12, 1)
# How urgent, and a case that is.
CASES: dict[str, dict[str, Any]] = {
    "EMERGENCY, to be seen now": {
        "age": 64, "sex": "m", "side": "left", "duration": "acute", "onset": "sudden",
        "present": ["pain-low-back", "urinary-retention", "test-slr"], "absent": ["fever", "saddle-numbness"],
        "not_able": ["test-femoral-stretch"],
    },
    "URGENT, to be seen within days": {
        "age": 71, "sex": "f", "duration": "subacute", "onset": "gradual",
        "present": ["pain-low-back", "unexplained-weight-loss"], "absent": ["fever"],
    },
    "Routine": {"age": 40, "sex": "f", "side": "right", "present": ["pain-low-back", "worse-bend-forward"]},
}  # fmt: skip
CROWDED = (
    "pain-low-back urinary-retention saddle-numbness fever cancer-history unexplained-weight-loss osteoporosis night-pain "
    "motor-deficit-progressive bilateral-leg-symptoms"
)


def made(reasoner: Reasoner, present: str = "saddle-numbness", label: str = "", contact: str = "", **fields: Any) -> Letter:
    return letter(reasoner, answer(reasoner, present, **fields), DAY, label, contact)


def pages(document: bytes) -> list[str]:
    """The text of each page in reading order, its white space made single."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True)
    return [" ".join(text.split()) for text in done.stdout.decode().split("\f")[:-1]]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


@reads_pdf
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("urgency", list(CASES))
def test_an_ordinary_letter_is_one_page_and_its_note_another(
    capsys: Capture, tmp_path: Path, urgency: str, paper: str
) -> None:
    target = tmp_path / "letter.pdf"
    typed = ("--label", "Bed 4", "--contact", "Hill Clinic, radio 2", "--date", "2026-12-01", "--paper", paper)
    ran = run(capsys, "letter", saved(tmp_path, CASES[urgency]), "--pdf", str(target), *typed)
    assert (ran.status, ran.out) == (0, "")
    assert "saved: " in ran.err
    first, second = pages(target.read_bytes())
    for part in ("2026-12-01", "Hill Clinic, radio 2", "Bed 4", urgency, "Page 1 of 1"):
        assert part in first, part
    assert "Signed:" in first
    assert second.startswith("Note for the record Bed 4 2026-12-01")
    assert "Page 1 of 1" in second


@reads_pdf
@relaxed(25)
@given(one=ANY_CASE)
def test_any_letter_says_on_paper_what_it_says_as_text(reasoner: Reasoner, one: Case) -> None:
    wrote = letter(reasoner, reasoner.answer(one, questions=False), DAY, "x" * 50, "y " * 50)
    found = " ".join(pages(pdf(wrote)))
    lost = words(f"{page(wrote)} {note(wrote)}") - words(found)
    # The band on top needs no word for what it is.
    assert set(lost) <= {"urgency"}
    # Everything that the content can say, the fonts can draw.
    assert "cannot draw" not in found


@reads_pdf
def test_what_was_answered_stands_beside_its_question(reasoner: Reasoner) -> None:
    first, _ = pages(pdf(made(reasoner, "urinary-retention pain-low-back", absent="saddle-numbness")))
    asked = {question.finding: question.text for question in reasoner.screen.questions}
    assert f"{asked['saddle-numbness']} no" in first
    found = reasoner.findings["urinary-retention"].label
    # Read in rows: the question with what was found, then its answer.
    row = first.partition(asked["sphincter-dysfunction"])[2].partition("?")[0]
    assert found in row
    assert "YES" in row
    assert f"{asked['cancer-history']} not asked" in first


@reads_pdf
def test_a_long_letter_says_on_each_page_whose_it_is_and_counts_its_own_pages(reasoner: Reasoner) -> None:
    wrote = made(reasoner, CROWDED, label="Bed 4", age=78, sex="f", onset="trauma")
    for large in (False, True):
        *sent, kept = pages(pdf(wrote, large=large))
        assert 2 <= len(sent) <= 3
        for number, text in enumerate(sent, 1):
            assert f"Page {number} of {len(sent)}" in text
            assert wrote.urgency in text
            assert "Bed 4" in text
        assert "Signed:" in sent[-1]
        assert sent[-1].index(wrote.foot[0]) < sent[-1].index("Signed:")
        assert "Page 1 of 1" in kept


@reads_pdf
def test_what_is_typed_is_text_and_no_markup(reasoner: Reasoner) -> None:
    typed = '#pagebreak() *b* _i_ $x$ \\ ] ) @a <b> // \x1b[31m "'
    first, _ = pages(pdf(made(reasoner, label=typed, contact="= " + "w" * 100)))
    assert '#pagebreak() *b* _i_ $x$ \\ ] ) @a <b> // <U+001B>[31m "' in first
    assert "w" * 100 in first.replace(" ", "")


@reads_pdf
def test_what_no_font_can_draw_stands_as_its_number(reasoner: Reasoner) -> None:
    first, _ = pages(pdf(made(reasoner, label="Zoë Nguyễn Łuk 山😀\u202e")))
    assert "ZoëNguyễnŁuk<U+5C71><U+1F600><U+202E>" in first.replace(" ", "")
    assert "write it by hand" in first


def test_the_same_letter_is_the_same_bytes_and_dated(capsys: Capture, tmp_path: Path, reasoner: Reasoner) -> None:
    case = saved(tmp_path, CASES["Routine"])
    files = [tmp_path / f"{number}.pdf" for number in range(3)]
    for file, day in zip(files, ("2026-12-01", "2026-12-01", "2026-12-02"), strict=True):
        assert run(capsys, "letter", case, "--pdf", str(file), "--date", day).status == 0
    first, second, third = (file.read_bytes() for file in files)
    assert first == second != third
    assert b"D:20261201" in first


def test_the_page_is_tagged_and_passes_what_pdfua_checks(reasoner: Reasoner, tmp_path: Path) -> None:
    pdfua = pytest.importorskip("pdfua")
    for paper in ("a4", "letter"):
        for large in (False, True):
            file = tmp_path / "letter.pdf"
            file.write_bytes(pdf(made(reasoner, CROWDED, "Zoë"), paper, large=large))
            report = pdfua.validate(file)
            assert not report.findings
            assert b"<pdfuaid:part>1</pdfuaid:part>" in file.read_bytes()
            assert b"<pdfaid:part>2</pdfaid:part>" in file.read_bytes()


def test_what_cannot_be_is_one_line(capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = saved(tmp_path, CASES["Routine"])
    target = str(tmp_path / "letter.pdf")
    assert "cannot write" in refusal(capsys, "letter", case, "--pdf", str(tmp_path / "none" / "letter.pdf"))
    assert "the label is longer than 60 characters" in refusal(capsys, "letter", case, "--label", "x" * 61)
    assert "the contact is longer" in refusal(capsys, "letter", case, "--pdf", target, "--contact", "x" * 121)
    monkeypatch.setitem(sys.modules, "typst", None)
    assert "typst is not installed" in refusal(capsys, "letter", case, "--pdf", target)
    assert not Path(target).exists()
    assert run(capsys, "letter", case, "--text", str(tmp_path / "letter.txt")).status == 0


def test_the_clinic_and_its_paper_are_taken_from_the_settings(capsys: Capture, tmp_path: Path) -> None:
    settings.save(tmp_path / "data", contact="Hill Clinic, radio 2", paper="letter")
    target = tmp_path / "letter.pdf"
    ran = run(capsys, "letter", saved(tmp_path, CASES["Routine"]), "--pdf", str(target), "--json")
    assert "Hill Clinic, radio 2" in ran.json["letter"]
    assert re.search(rb"/MediaBox ?\[0 0 612 792\]", target.read_bytes())
