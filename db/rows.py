"""Content files as rows of plain dataclasses, each knowing the file and line it came from.

TOML's reader gives no line numbers, so a file's text is scanned once for its table headers; a fault is then
reported at the line of the key, or of the quoted value, within the table it stands in.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from db.errors import ContentError, Problem

HEADER = re.compile(r"^\s*\[{1,2}\s*([A-Za-z0-9_-]+)\s*\]{1,2}")
AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")

Row = TypeVar("Row", bound="Placed")


@dataclass(frozen=True)
class Place:
    """Where a row stands: the file, and the first and last line of its table (1-based, last one exclusive)."""

    file: ContentFile
    first: int
    last: int

    def problem(self, message: str, *needles: str) -> Problem:
        """A fault in this row, at the first line that holds all `needles`, or else at the row's first line."""
        for number in range(self.first, self.last):
            if needles and all(needle in self.file.lines[number - 1] for needle in needles):
                return Problem(self.file.name, number, message)
        return Problem(self.file.name, self.first, message)


class ContentFile:
    """One TOML file: its parsed data and the lines of its tables.

    Raises ContentError when the file cannot be read or is no TOML.
    """

    def __init__(self, root: Path, path: Path) -> None:
        self.name = path.relative_to(root).as_posix()
        try:
            self.text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ContentError([Problem(self.name, 1, f"cannot be read as UTF-8 text: {error}")]) from error
        self.lines = self.text.splitlines() or [""]
        try:
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = AT_LINE.search(str(error))
            line = int(found.group(1)) if found and found.group(1) else len(self.lines)
            reason = AT_LINE.sub("", str(error)).strip()
            raise ContentError([Problem(self.name, line, f"is not valid TOML: {reason}")]) from error
        headers = [(number, match.group(1)) for number, text in enumerate(self.lines, 1) if (match := HEADER.match(text))]
        ends = [number for number, _ in [*headers[1:], (len(self.lines) + 1, "")]]
        self._tables: dict[str, list[Place]] = {}
        for (number, name), end in zip(headers, ends, strict=False):
            self._tables.setdefault(name, []).append(Place(self, number, end))
        self.top = Place(self, 1, headers[0][0] if headers else len(self.lines) + 1)

    def place(self, table: str, index: int) -> Place:
        """The place of the table's row number `index` (0-based)."""
        places = self._tables.get(table, [])
        return places[index] if index < len(places) else self.top


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A row with its place. Every content row extends this."""

    place: Place = field(repr=False, compare=False)


def _fits(value: Any, wanted: Any) -> bool:
    origin = typing.get_origin(wanted)
    if origin is tuple:
        return isinstance(value, list) and all(_fits(item, typing.get_args(wanted)[0]) for item in value)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, choice) for choice in typing.get_args(wanted))
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _name(wanted: Any) -> str:
    origin = typing.get_origin(wanted)
    if origin is tuple:
        (item, *_) = typing.get_args(wanted)
        inner = {str: "texts", int | float: "numbers"}.get(item)
        return f"a list of {inner}" if inner else f"a list, each of it {_name(item)}"
    return {str: "a text", int: "a whole number", bool: "true or false", date: "a date (YYYY-MM-DD)"}.get(
        wanted, str(wanted)
    )


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def build(kind: type[Row], values: dict[str, Any], place: Place, problems: list[Problem]) -> Row | None:
    """A row of `kind` from a TOML table. Faults go to `problems`, and then there is no row."""
    hints = typing.get_type_hints(kind)
    fields = {item.name: item for item in dataclasses.fields(kind) if item.name != "place"}
    before = len(problems)
    for key in values.keys() - fields.keys():
        known = ", ".join(fields)
        problems.append(place.problem(f"unknown key '{key}'; known here: {known}", key))
    arguments: dict[str, Any] = {}
    for name, item in fields.items():
        if name not in values:
            if item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
                problems.append(place.problem(f"'{name}' is missing"))
            continue
        value = values[name]
        if not _fits(value, hints[name]):
            problems.append(place.problem(f"'{name}' must be {_name(hints[name])}", name))
            continue
        arguments[name] = _frozen(value)
    if len(problems) > before:
        return None
    return kind(**arguments, place=place)


def read_table(kind: type[Row], file: ContentFile, table: str, problems: list[Problem]) -> list[Row]:
    """All `[[table]]` rows of a file, in order."""
    values = file.data.get(table, [])
    if not isinstance(values, list):
        problems.append(file.top.problem(f"'{table}' must be a list of tables, written [[{table}]]", table))
        return []
    built = [build(kind, row, file.place(table, index), problems) for index, row in enumerate(values)]
    return [row for row in built if row is not None]
