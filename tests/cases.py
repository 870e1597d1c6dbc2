"""What the tests of the reasoning share: random cases, the command line as a program calls it, larger knowledge."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import CONTENT
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from decide.answer import Answer, Reasoner
from decide.case import Case, case_from
from decide.cli import main


def _content(name: str) -> list[dict[str, Any]]:
    data = tomllib.loads((CONTENT / f"{name}s.toml").read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = data[name]
    return rows


FINDINGS = [row["id"] for row in _content("finding")]
MOVEMENTS = [row["id"] for row in _content("movement")]
REGIONS = [row["id"] for row in _content("region")]


def relaxed(examples: int) -> settings:
    """Hypothesis without a clock: the knowledge is loaded once for all examples."""
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=health, print_blob=True)


def _names(known: Sequence[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(known), max_size=most, unique=True).map(tuple)


def _parted(case: Case) -> Case:
    """Each finding in one list only, as the case file demands; broader and narrower ones may still contradict."""
    absent = tuple(name for name in case.absent if name not in case.present)
    able = tuple(name for name in case.not_able if name not in {*case.present, *absent})
    return Case(
        case.age, case.sex, case.side, case.duration, case.onset, case.setting,
        case.present, absent, able, case.movements, case.regions,
    )  # fmt: skip


# Any case that a file can hold: empty, plain, contradictory in what follows from it, of extreme age, or crowded.
ANY_CASE = st.builds(
    Case,
    age=st.none() | st.sampled_from((0, 17, 18, 120)) | st.integers(0, 120),
    sex=st.sampled_from((None, "f", "m")),
    side=st.sampled_from((None, "left", "right", "both")),
    duration=st.sampled_from((None, "acute", "subacute", "chronic")),
    onset=st.sampled_from((None, "sudden", "gradual", "trauma")),
    setting=st.sampled_from((None, None, "primary-care", "specialist")),
    present=_names(FINDINGS, 14) | _names(FINDINGS, 60),
    absent=_names(FINDINGS, 8),
    not_able=_names(FINDINGS, 4),
    movements=_names(MOVEMENTS, 3),
    regions=_names(REGIONS, 3),
).map(_parted)


def case(reasoner: Reasoner, present: str = "", absent: str = "", **fields: Any) -> Case:
    """A case from ids parted by blanks, checked as one that is read from a file."""
    return case_from({"present": present.split(), "absent": absent.split(), **fields}, reasoner.vocabulary)


def answer(reasoner: Reasoner, present: str = "", absent: str = "", **fields: Any) -> Answer:
    """What the program says of such a case, the next questions left out."""
    return reasoner.answer(case(reasoner, present, absent, **fields), questions=False)


@dataclass(frozen=True)
class Run:
    """What a command gave: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Run:
    """One command, run in this process."""
    capsys.readouterr()
    status = main(list(arguments))
    written = capsys.readouterr()
    return Run(status, written.out, written.err)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of a command that refuses its input: status 2, nothing on standard output, no traceback."""
    ran = run(capsys, *arguments)
    assert ran.status == 2, ran
    assert ran.out == ""
    assert ran.err.startswith("decide: ")
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1, ran.err
    assert "Traceback" not in ran.err
    return ran.err


def saved(folder: Path, value: Any) -> str:
    """The path of a file that holds a value as JSON."""
    path = folder / "case.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def _like(db: sqlite3.Connection, table: str, key: str) -> tuple[list[str], list[Any]]:
    """The columns of a table and a row of it to copy."""
    row = db.execute(f"SELECT * FROM {table} ORDER BY {key} LIMIT 1").fetchone()
    return [item[1] for item in db.execute(f"PRAGMA table_info({table})")], list(row)


def grown(knowledge: Path, target: Path, conditions: int, links: int) -> Path:
    """A copy of compiled knowledge with made-up conditions and finding links added until it has so many in all."""
    shutil.copy(knowledge, target)
    db = sqlite3.connect(target)
    have = db.execute("SELECT count(*) FROM condition").fetchone()[0]
    linked = db.execute("SELECT count(*) FROM condition_finding").fetchone()[0]
    rng = random.Random(7)  # noqa: S311
    names = [f"made-up-{number}" for number in range(conditions - have)]
    columns, row = _like(db, "condition", "id")

    def copies(replaced: dict[str, Any], columns: list[str], row: list[Any]) -> list[Any]:
        return [replaced.get(column, value) for column, value in zip(columns, row, strict=True)]

    def insert(table: str, columns: list[str], rows: list[list[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    urgencies = ("self-care", "routine", "urgent", "emergency")
    made = [
        copies({"id": name, "label": name, "short_label": name, "urgency": rng.choice(urgencies)}, columns, row)
        for name in names
    ]
    insert("condition", columns, made)
    columns, row = _like(db, "prior", "condition")
    classes = ("very-common", "common", "uncommon", "rare")
    insert(
        "prior",
        columns,
        [
            copies({"condition": n, "setting": "primary-care", "prior_class": rng.choice(classes)}, columns, row)
            for n in names
        ],
    )
    columns, row = _like(db, "condition_finding", "condition")
    every = [found[0] for found in db.execute("SELECT id FROM finding ORDER BY id")]
    strengths = ("hallmark", "typical", "typical", "possible", "possible", "against")
    wanted = links - linked
    share, more = divmod(wanted, len(names))
    rows = []
    for number, name in enumerate(names):
        for finding in rng.sample(every, share + (number < more)):
            replaced = {"condition": name, "finding": finding, "strength": rng.choice(strengths), "umbrella": None}
            rows.append(copies(replaced, columns, row))
    insert("condition_finding", columns, rows)
    columns, row = _like(db, "condition_region", "condition")
    places = [found[0] for found in db.execute("SELECT id FROM region ORDER BY id")]
    insert(
        "condition_region",
        columns,
        [
            copies({"condition": name, "region": place, "position": position}, columns, row)
            for name in names
            for position, place in enumerate(rng.sample(places, 2))
        ],
    )
    columns, row = _like(db, "search_entry", "rowid")
    found = {"kind": "condition", "synonyms": "", "body": ""}
    insert(
        "search_entry",
        columns,
        [copies(found | dict.fromkeys(("id", "label", "lay_label"), n), columns, row) for n in names],
    )
    db.execute("INSERT INTO search_entry_fts(search_entry_fts) VALUES ('rebuild')")
    db.commit()
    db.close()
    return target
