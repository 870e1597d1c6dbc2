"""The compiler refuses what is wrong, and says in which file and on which line."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CONTENT

from db.check import check, numbers
from db.compile import compile_knowledge, content_hash
from db.content import read_content
from db.errors import ContentError, KnowledgeError
from db.readability import grade
from decide.cli import main

Edit = Callable[[str, str, str], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "knowledge")
    return tmp_path / "knowledge"


@pytest.fixture
def edit(root: Path) -> Edit:
    def replace(name: str, old: str, new: str) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def faults(root: Path) -> list[str]:
    try:
        found, _ = check(read_content(root))
    except ContentError as error:
        found = error.problems
    return [str(problem) for problem in found]


def line_of(root: Path, name: str, text: str) -> int:
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


SCIATICA = "conditions/sciatica.toml"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (SCIATICA, 'id = "test-crossed-slr"', 'id = "test-crossed-sir"', "unknown finding 'test-crossed-sir'"),
        ("exercises/plank.toml", 'times_a_day = ""', 'times_a_day = "often"', "times_a_day must be a number or a range"),
        ("exercises/plank.toml", 'days_a_week = ""', 'days_a_week = "once"', "or every day, not 'once'"),
        ("exercises/plank.toml", 'sets = ""', 'sets = "2 or 3"', "sets must be a number or a range like 8 to 12, not"),
        (SCIATICA, 'regions = ["low-back"', 'regions = ["low-bakc"', "unknown region 'low-bakc'"),
        (SCIATICA, '"nice-ng59"', '"nice-ng5900"', "unknown source 'nice-ng5900'"),
        (SCIATICA, 'treatment = "stay-active"', 'treatment = "stay-put"', "unknown treatment 'stay-put'"),
        (SCIATICA, "50.2", "50.3", "the figure 50.3 stands in none of the sources cited"),
        (SCIATICA, 'icd10cm = "M51', 'icd10cm = "MM51', "is no ICD-10-CM code"),
        (SCIATICA, "complete = true", "complete = yes", "is not valid TOML"),
        (SCIATICA, "complete = true", 'complete = "true"', "'complete' must be true or false"),
        (SCIATICA, 'kind = "condition"', 'kindd = "condition"', "unknown key 'kindd'"),
        (SCIATICA, 'urgency = "routine"', 'urgency = "soon"', "urgency 'soon' is not one of"),
        (SCIATICA, '[[patient]]\ntext = "', '[[patient]]\ntext = "\\u001b[31m', "control or direction character"),
        (SCIATICA, '[[patient]]\ntext = "', '[[patient]]\ntext = "\u202e', "control or direction character U+202E"),
        ("movements.toml", 'worse = "worse-put-on-socks"', 'worse = "worse-sock"', "unknown finding 'worse-sock'"),
        ("articles/article-000.toml", 'scope = "stated"', 'scope = "said"', "scope 'said' is not one of"),
        ("articles/article-000.toml", "line = 7", "line = 0", "line must be between 1 and the article's 59 lines"),
        ("articles/article-000.toml", "line = 7", "line = 60", "line must be between 1 and the article's 59 lines"),
        ("knowledge.toml", 'version = "', 'versio = "', "unknown key 'versio'"),
        ("umbrellas.toml", '"mechanical-low-back-pain"', '"back"', "unknown condition 'back'"),
    ],
)
def test_a_fault_is_named_with_file_and_line(root: Path, edit: Edit, name: str, old: str, new: str, message: str) -> None:
    edit(name, old, new)
    found = [fault for fault in faults(root) if message in fault]
    assert found, faults(root)
    match = re.match(rf"{re.escape(name)}:(\d+): ", found[0])
    assert match
    changed = line_of(root, name, new.splitlines()[-1])
    # A missing or doubled thing is reported at its table; a wrong value at its own line.
    assert abs(int(match.group(1)) - changed) <= 12


def test_a_claim_without_a_source_is_refused(root: Path, edit: Edit) -> None:
    path = root / SCIATICA
    text = path.read_text(encoding="utf-8")
    block = re.search(r'\[\[summary\]\]\ntext = "[^\n]*\nsources = [^\n]*\n', text)
    assert block
    path.write_text(text.replace(block.group(), re.sub(r"sources = .*\n", "", block.group()), 1), encoding="utf-8")
    assert any("has no source; add sources = [...] or editorial = true" in fault for fault in faults(root))


def test_a_claim_with_sources_and_the_mark_editorial_is_refused(root: Path) -> None:
    path = root / SCIATICA
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[[summary]]\n", "[[summary]]\neditorial = true\n", 1), encoding="utf-8")
    assert any("has sources and is marked editorial" in fault for fault in faults(root))


def test_an_editorial_text_may_carry_no_figure(root: Path) -> None:
    with (root / SCIATICA).open("a", encoding="utf-8") as file:
        file.write('\n[[who]]\ntext = "About 7 in 10 people."\neditorial = true\n')
    assert any("the figure 7 stands in none of the sources cited: no source" in fault for fault in faults(root))


def test_a_number_word_before_a_unit_of_time_counts_as_a_figure(root: Path) -> None:
    with (root / SCIATICA).open("a", encoding="utf-8") as file:
        file.write('\n[[who]]\ntext = "Gone in eleven weeks."\nsources = ["nice-ng59"]\n')
    assert any("the figure 11 stands in none of the sources cited: nice-ng59" in fault for fault in faults(root))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,403 people", ["1403"]),
        ("4-6 weeks", ["4", "6"]),
        ("L5-S1 and ICD-10-CM", []),
        ("24-48 h, 33%, <3, 1.5", ["24", "48", "33", "3", "1.5"]),
        ("4x10", ["4", "10"]),
        ("a 50-Year study", ["50"]),
        ("three to four weeks", ["3", "4"]),
        ("one week", ["1"]),
        ("four out of ten", ["4", "10"]),
    ],
)
def test_what_counts_as_a_figure(text: str, found: list[str]) -> None:
    assert sorted(numbers(text)) == sorted(found)


@pytest.mark.parametrize("odd", ["½", "12,5", "1 000"])
def test_a_figure_that_is_not_in_plain_digits_is_refused(root: Path, odd: str) -> None:
    with (root / SCIATICA).open("a", encoding="utf-8") as file:
        file.write(f'\n[[who]]\ntext = "About {odd} people."\nsources = ["nice-ng59"]\n')
    assert any("write a figure in plain digits" in fault for fault in faults(root))


def test_a_figure_in_an_urgency_note_must_stand_in_a_source_of_the_file(root: Path, edit: Edit) -> None:
    edit(SCIATICA, 'urgency_note = "', 'urgency_note = "Within 7777 days. ')
    assert any("the figure 7777 stands in none" in fault for fault in faults(root))


def test_a_dose_written_as_a_list_is_refused(root: Path, edit: Edit) -> None:
    edit("exercises/bird-dog.toml", "[dose]", "[[dose]]")
    assert any("'dose' must be one table, written [dose]" in fault for fault in faults(root))


def test_an_unused_source_is_refused(root: Path) -> None:
    with (root / "sources" / "studies.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[source]]\nid = "nobody-1999"\nkind = "study"\ntitle = "T"\n')
    assert any("source 'nobody-1999' is cited by nothing" in fault for fault in faults(root))


def test_a_patient_text_above_grade_eight_is_refused_and_one_above_six_is_listed(root: Path) -> None:
    hard = "Inflammatory irritation of lumbosacral neurological structures necessitates multidisciplinary rehabilitation."
    middling = "Ask your therapist to show you how to do every exercise before you go home."
    assert 6 < grade(middling) <= 8
    with (root / SCIATICA).open("a", encoding="utf-8") as file:
        file.write(f'\n[[patient]]\ntext = "{hard}"\nsources = ["nice-ng59"]\n')
        file.write(f'\n[[patient]]\ntext = "{middling}"\nsources = ["nice-ng59"]\n')
    found, remarks = check(read_content(root))
    assert any("patient text reads at grade" in fault.message and "at most 8" in fault.message for fault in found)
    assert any("6 is wanted" in remark.message and remark.file == SCIATICA for remark in remarks)


def test_a_doubled_id_is_refused_at_the_second(root: Path, edit: Edit) -> None:
    edit("regions.toml", 'id = "groin"', 'id = "buttock"')
    second = [n for n, line in enumerate((root / "regions.toml").read_text().splitlines(), 1) if line == 'id = "buttock"'][
        1
    ]
    assert f"regions.toml:{second}: duplicate region id 'buttock'" in faults(root)


def test_a_link_given_twice_is_refused(root: Path) -> None:
    with (root / SCIATICA).open("a", encoding="utf-8") as file:
        file.write('\n[[finding]]\nid = "test-crossed-slr"\nstrength = "typical"\nsources = ["van-der-windt-2010"]\n')
    assert any("duplicate finding 'test-crossed-slr'" in fault for fault in faults(root))


def test_an_emergency_without_a_place_to_go_is_refused(root: Path) -> None:
    path = root / "conditions" / "cauda-equina-syndrome.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'role = "where"', 'role = "take"', text), encoding="utf-8")
    assert any("has no [[go_now]] with role where" in fault for fault in faults(root))


def test_a_missing_file_a_strange_file_and_bytes_that_are_no_text_are_refused(root: Path) -> None:
    (root / "treatments.toml").unlink()
    (root / "notes.toml").write_text("x = 1\n")
    (root / "conditions" / "bad.toml").write_bytes(b"\xff\xfe")
    found = faults(root)
    assert any(fault.startswith("treatments.toml:1: is missing") for fault in found)
    assert any(fault.startswith("notes.toml:1: is no content file") for fault in found)
    assert any(fault.startswith("conditions/bad.toml:1: cannot be read as UTF-8") for fault in found)


def test_check_knowledge_lists_every_fault_and_answers_no(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(SCIATICA, 'id = "test-crossed-slr"', 'id = "test-crossed-sir"')
    edit(SCIATICA, "50.2", "50.3")
    assert main(["check-knowledge", str(root)]) == 1
    out = capsys.readouterr().out
    assert "unknown finding 'test-crossed-sir'" in out
    assert "the figure 50.3" in out
    assert re.search(r"^2 faults, \d+ remarks? in ", out, re.MULTILINE)


def test_check_knowledge_says_yes_to_the_content_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-knowledge"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 faults, ")


def test_check_knowledge_of_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-knowledge", str(tmp_path / "nothing")]) == 1
    assert "knowledge.toml:1: is missing" in capsys.readouterr().out


def test_faulty_content_leaves_the_compiled_file_as_it_was(root: Path, edit: Edit, tmp_path: Path) -> None:
    target = tmp_path / "out" / "knowledge.sqlite"
    compile_knowledge(root, target)
    before = target.read_bytes()
    edit(SCIATICA, "50.2", "50.3")
    with pytest.raises(ContentError, match=r"the figure 50\.3"):
        compile_knowledge(root, target)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["knowledge.sqlite"]


def test_equal_content_gives_equal_bytes_and_an_equal_hash(root: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.sqlite", tmp_path / "two.sqlite"
    first = compile_knowledge(root, one)
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, copy_function=shutil.copyfile)
    second = compile_knowledge(copy, two)
    assert first == second == content_hash(root)
    assert one.read_bytes() == two.read_bytes()
    (copy / "knowledge.toml").write_text(
        (copy / "knowledge.toml").read_text().replace('version = "0.3.0"', 'version = "0.3.1"')
    )
    assert compile_knowledge(copy, two) != first


def test_line_endings_do_not_change_the_hash(root: Path) -> None:
    before = content_hash(root)
    path = root / SCIATICA
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert content_hash(root) == before


def test_a_full_disk_or_a_folder_that_cannot_be_made_is_one_clear_line(root: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(KnowledgeError, match="cannot write the knowledge base"):
        compile_knowledge(root, blocked / "knowledge.sqlite")


def test_views_can_be_read_in_any_browser(knowledge_file: Path) -> None:
    with sqlite3.connect(f"{knowledge_file.as_uri()}?mode=ro", uri=True) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        assert len(names) >= 6
        for name in names:
            assert connection.execute(f"SELECT * FROM {name} LIMIT 5").fetchall(), name
