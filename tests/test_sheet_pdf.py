"""The sheet on paper: nothing that must stand on it is lost, nothing is split, and no text can break it."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from conftest import TODAY
from pdfua import validate
from pypdf import PdfReader

from db import read
from db.read import Connection
from decide import typeset
from decide.checker import check
from decide.errors import DeliveryError
from decide.plan import Request, build
from decide.sheet import LABELS, SECTIONS, Sheet, sheet
from decide.sheet_pdf import pages, pdf

LETTERS_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
HOSTILE = (
    '#panic("x") *bold* _it_ $x$ [a] <b> @c \\ // d',
    "A\x1b[31m\u202eevil\u200b\x00",
    "山田太郎 Zoë",
    "🙂 emoji 👩‍⚕️",
    "محمد علي 8-10",
    "W" * 60,
)


def sheet_for(db: Connection, *names: str, **more: object) -> Sheet:
    usual = Request(
        conditions=names, day=TODAY, side="left", label="A. Person", contact="Clinic 1, 555 0123", emergency_number="112"
    )
    plan = build(db, replace(usual, **more))  # type: ignore[arg-type]
    return sheet(plan, check(db, plan))


def squeezed(text: str) -> str:
    """A text without spaces and places to break, so that lines and columns do not matter."""
    return re.sub(r"[\s\u200b]+", "", text)


def texts(document: bytes) -> list[str]:
    """The text of every page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]


def patient_pages(document: bytes) -> list[str]:
    """The text of the pages of the patient's copy, squeezed."""
    found = list(map(squeezed, texts(document)))
    count = int(re.search(rf"{LABELS['page']}1{LABELS['of']}(\d+)$", found[0]).group(1))  # type: ignore[union-attr]
    for number in range(1, count + 1):
        assert found[number - 1].endswith(f"{LABELS['page']}{number}{LABELS['of']}{count}")
    return found[:count]


def must_print(one: Sheet) -> list[str]:
    """Every text that no sheet may be without."""
    wanted = [one.title, one.side, one.label, one.day, one.contact, one.emergency_number, one.version, *one.footer]
    wanted += [*one.emergency.signs, one.emergency.action, SECTIONS["stop"]]
    for part in one.summary:
        wanted += [part.what, part.value]
    for exercise in one.exercises:
        wanted += [exercise.name, exercise.why, exercise.need, exercise.start, *exercise.steps, exercise.feel]
        wanted += [exercise.stop, exercise.side]
        wanted += [part.what for part in exercise.dose]
        wanted += [part.value for part in exercise.dose if "_" not in part.value]
    for light in one.lights:
        wanted += [light.title, light.text]
    wanted.append(one.lights_note)
    wanted += [*one.course, *one.keep_doing, *one.step_up, *one.step_back]
    for signs in one.clinic:
        wanted += [signs.action, *signs.signs]
    for suspected in one.go_now:
        wanted.append(suspected.condition)
        for titled in suspected.parts:
            wanted += [titled.title, *titled.lines]
    return [*wanted, *one.waiting]


def everything(db: Connection) -> list[read.Condition]:
    return read.conditions(db)


@pytest.mark.parametrize("large", [False, True], ids=["14pt", "18pt"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_condition_prints_all_that_it_must(db: Connection, paper: str, large: bool) -> None:
    for condition in everything(db):
        one = sheet_for(db, condition.id)
        document = pdf(one, paper, large=large)
        sides = patient_pages(document)
        whole = "".join(sides)
        for wanted in must_print(one):
            assert squeezed(wanted) in whole, (condition.id, wanted)
        if one.urgent:
            assert len(sides) == 1 or large, condition.id
        elif len(one.exercises) <= 2 and not large:
            assert len(sides) == 2, condition.id
        else:
            assert len(sides) <= 3 + 4 * large, condition.id
        for exercise in one.exercises:
            holding = [page for page in sides if squeezed(exercise.name) + squeezed(exercise.side) in page]
            assert any(
                squeezed(exercise.stop) in page and all(squeezed(step) in page for step in exercise.steps)
                for page in holding
            ), (condition.id, exercise.name)
        assert "ICD-10" not in whole
        report = validate(io.BytesIO(document))
        assert report.exit_code == 0, (condition.id, [str(finding) for finding in report.findings])


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_no_two_steps_share_a_line(db: Connection, paper: str) -> None:
    for name in ("mechanical-low-back-pain", "sciatica", "hamstring-tightness", "trochanteric-bursitis"):
        one = sheet_for(db, name)
        lines = [squeezed(line) for page in texts(pdf(one, paper)) for line in page.splitlines()]
        for exercise in one.exercises:
            starts = [squeezed(f"{n}.{' '.join(step.split()[:2])}") for n, step in enumerate(exercise.steps, 1)]
            for start in starts:
                assert any(start in line for line in lines), (name, start)
            assert not any(start in line and after in line for line in lines for start, after in pairwise(starts)), name


def test_the_patients_copy_names_few_sources_and_shortly(db: Connection) -> None:
    one = sheet_for(db, "lumbar-stenosis")
    for line in (one.lights_note, one.footer[-1]):
        assert "Zimmerman" not in line
        assert line.count(";") <= 6
    assert "Katz JN et al. 2022" in one.lights_note
    assert re.search(r"and \d+ more\.", one.lights_note)


def test_the_practitioners_copy_starts_on_a_sheet_of_its_own_and_says_it_all(db: Connection) -> None:
    for name in ("hip-osteoarthritis", "cauda-equina-syndrome"):
        one = sheet_for(db, name)
        found = list(map(squeezed, texts(pdf(one))))
        first = next(number for number, text in enumerate(found) if squeezed(SECTIONS["practitioner"]) in text)
        assert first % 2 == 0, "on the back of the patient's copy"
        copy = "".join(found[first:])
        for section in one.practitioner:
            assert squeezed(section.title) in copy
        about = one.practitioner[-1].lines[-1]
        assert squeezed(about.split("hash ")[1]) in copy
        assert found[first].endswith(f"{LABELS['page']}1{LABELS['of']}{len(found) - first}")


def test_what_is_left_off_for_want_of_room_is_named_for_the_practitioner(db: Connection) -> None:
    one = sheet_for(db, "hip-osteoarthritis")
    document = pdf(one)
    patient = "".join(patient_pages(document))
    copy = squeezed("".join(texts(document)[len(patient_pages(document)) :]))
    for name, lines in (("course", one.course), ("keep_doing", one.keep_doing), ("diary", (LABELS["before"],))):
        printed = all(squeezed(line) in patient for line in lines)
        assert printed != (squeezed(SECTIONS[name]) in copy), name


def test_the_same_sheet_gives_the_same_bytes(db: Connection) -> None:
    one = sheet_for(db, "sciatica")
    assert pdf(one) == pdf(one)
    assert pdf(one) != pdf(replace(one, day="2026-12-02"))


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("name", ["gluteal-weakness", "hip-fracture"])
def test_no_label_breaks_the_sheet_or_steers_it(db: Connection, name: str, label: str) -> None:
    one = replace(sheet_for(db, name), label=label, contact=label, emergency_number=label[:40], goal=label)
    document = pdf(one, "letter")
    found = squeezed("".join(patient_pages(document)))
    drawn = typeset._drawn()
    for character in label:
        if character.isprintable() and ord(character) in drawn:
            continue
        assert f"<U+{ord(character):04X}>" in found
    if label.isascii() and label.isprintable():
        assert squeezed(label) in found
    report = validate(io.BytesIO(document))
    assert report.exit_code == 0, [str(finding) for finding in report.findings]


def test_every_character_that_counts_as_drawn_is_in_the_fonts(db: Connection) -> None:
    # The export refuses a character that the fonts lack, so that one document with all of them is the proof.
    characters = "".join(chr(code) for code in sorted(typeset._drawn()) if chr(code).isprintable())
    assert {"é", "ß", "Ж", "ω", "–", "’", "ợ", "ɓ"} <= set(characters)
    one = sheet_for(db, "hip-fracture")
    footer = tuple(" ".join(characters[at : at + 20]) for at in range(0, len(characters), 20))
    assert pdf(replace(one, practitioner=(replace(one.practitioner[0], lines=footer),)))


def test_a_plan_of_eight_exercises_prints_whole(db: Connection) -> None:
    names = [exercise.id for exercise in read.exercises(db)][:8]
    one = sheet_for(db, "hip-osteoarthritis", exercises=tuple((name, {}) for name in names))
    whole = "".join(patient_pages(pdf(one)))
    for wanted in must_print(one):
        assert squeezed(wanted) in whole, wanted


def test_an_empty_emergency_number_and_label_leave_room_to_write(db: Connection) -> None:
    one = replace(sheet_for(db, "sciatica"), label="", contact="", emergency_number="", side="")
    assert LABELS["emergency_number"].replace(" ", "") in "".join(patient_pages(pdf(one)))


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_pages_are_as_large_as_the_paper(db: Connection, paper: str) -> None:
    box = PdfReader(io.BytesIO(pdf(sheet_for(db, "sciatica"), paper))).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx([mm * 72 / 25.4 for mm in LETTERS_MM[paper]], abs=0.1)


def test_the_document_names_itself_its_language_and_no_person(db: Connection) -> None:
    reader = PdfReader(io.BytesIO(pdf(sheet_for(db, "sciatica", label="Secret Name"))))
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert "sciatica" in reader.metadata.title
    assert "Secret" not in reader.metadata.title
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_pages_are_pictures_for_a_preview(db: Connection) -> None:
    one = sheet_for(db, "sciatica")
    pictures = pages(one, "a4", dots=40)
    assert len(pictures) == len(texts(pdf(one)))
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_without_typst_a_clear_line_names_what_is_left(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(DeliveryError, match="typst is not installed"):
        pdf(sheet_for(db, "sciatica"))


def test_the_fonts_ship_with_their_licence() -> None:
    folder = typeset.PAPER / "fonts"
    assert {path.name for path in folder.iterdir()} == {"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "OFL.txt"}
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
