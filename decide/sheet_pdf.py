"""The sheet as a tagged PDF (exported as PDF/UA-1 and PDF/A-2a), or as pictures of its pages for a preview.

decide/paper/sheet.typ sets the type and packs the pages. It reads its words from JSON, as data: no text of a person or of
the content is ever run as markup.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import struct
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from db.read import Frame
from decide import sheet as words
from decide.errors import DeliveryError
from decide.sheet import Sheet

PAPERS = ("a4", "letter")
LANGUAGE = "en"
STANDARDS = ["a-2a", "ua-1"]
# No line can break inside a word longer than this, so that it is given places to break at.
LONG_WORD = 24
BREAK = "\u200b"


def pdf(sheet: Sheet, paper: str = "a4", *, large: bool = False) -> bytes:
    """Both copies as one PDF; the same sheet gives the same bytes. `large` is 18 pt. Raises DeliveryError without typst."""
    day = datetime.fromisoformat(sheet.day).replace(tzinfo=UTC)
    made = _compile(sheet, paper, large, format="pdf", pdf_standards=STANDARDS, timestamp=day)
    return made if isinstance(made, bytes) else b"".join(made)


def pages(sheet: Sheet, paper: str = "a4", *, large: bool = False, dots: float = 72) -> list[bytes]:
    """Every page of both copies as a PNG picture of `dots` to the inch. Raises DeliveryError without typst."""
    made = _compile(sheet, paper, large, format="png", ppi=dots)
    return [made] if isinstance(made, bytes) else made


def _compile(sheet: Sheet, paper: str, large: bool, **options: Any) -> bytes | list[bytes]:
    try:
        import typst
    except ImportError as error:
        raise DeliveryError(
            "no PDF can be made here: the package typst is not installed (there is none for this kind of machine, or "
            "it was left out); plain text and HTML stay available: --text FILE, --html FILE"
        ) from error
    try:
        made: bytes | list[bytes] = typst.compile(_files(sheet, paper, large), font_paths=_fonts(), **options)
    except typst.TypstError as error:
        raise DeliveryError(f"the PDF could not be set: {error.message}; use --text FILE or --html FILE") from error
    return made


@functools.cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_folder() / "fonts")])


def _folder() -> Path:
    # The fonts must lie in a real folder; the package is never run from a zip file.
    return Path(str(resources.files("decide"))) / "paper"


@functools.cache
def _template() -> bytes:
    return (_folder() / "sheet.typ").read_bytes()


def _files(sheet: Sheet, paper: str, large: bool) -> dict[str, bytes]:
    """What typst reads: the template, the words as JSON, the figures."""
    if paper not in PAPERS:
        raise DeliveryError(f"unknown paper '{paper}'; known: {', '.join(PAPERS)}")
    files: dict[str, bytes] = {}
    drawn: dict[int, dict[str, Any]] = {}

    def drawing(frame: Frame) -> dict[str, Any]:
        if id(frame) not in drawn:
            name = f"figure-{len(drawn)}.svg"
            files[name] = frame.svg.encode()
            drawn[id(frame)] = {
                "file": name,
                "caption": frame.name.capitalize(),
                "alt": frame.alt,
                "wide": frame.wide,
                "high": frame.high,
            }
        return drawn[id(frame)]

    printable = Printable()
    plan = printable.all(_values(sheet, drawing))
    plan |= {"paper": paper, "large": large, "words": _words(sheet), "stand_ins": printable.note()}
    return {"main.typ": _template(), "plan.json": json.dumps(plan, ensure_ascii=False).encode(), **files}


def _values(value: Any, drawing: Callable[[Frame], dict[str, Any]]) -> Any:
    """Dataclasses as tables of their fields; a figure's frame as what names its drawing."""
    if isinstance(value, Frame):
        return drawing(value)
    if dataclasses.is_dataclass(value):
        return {field.name: _values(getattr(value, field.name), drawing) for field in dataclasses.fields(value)}
    return [_values(item, drawing) for item in value] if isinstance(value, tuple) else value


def _words(sheet: Sheet) -> dict[str, Any]:
    about = sheet.summary[0].value.rstrip(".") if sheet.summary else "; ".join(one.condition for one in sheet.go_now)
    return {
        "language": LANGUAGE,
        "document": f"{sheet.title}: {about}",
        "sections": words.SECTIONS,
        "blank": words.BLANK,
        "short_blank": words.SHORT_BLANK,
        "days": words.DIARY_DAYS,
        **words.LABELS,
    }


# --- characters ---------------------------------------------------------------------------------------------------------


class Printable:
    """Makes texts ready for the shipped fonts: what they cannot draw is written as [U+5C71], never as an empty box."""

    def __init__(self) -> None:
        self.missing: dict[str, None] = {}

    def all(self, value: Any) -> Any:
        """`value` with every text in it made printable, whatever lists and tables they stand in."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.all(item) for key, item in value.items()}
        return [self.all(item) for item in value] if isinstance(value, list) else value

    def text(self, text: str) -> str:
        # The one place for what a script needs: for Arabic, each number and range would be wrapped in U+2066..U+2069.
        text = unicodedata.normalize("NFC", text)
        if not text.isascii() or not text.isprintable():
            text = "".join(map(self._character, text))
        return " ".join(map(_breakable, text.split(" "))) if len(text) > LONG_WORD else text

    def _character(self, character: str) -> str:
        if character in "\n\t":
            return " "
        if ord(character) in _drawn() and (character.isprintable() or character == "\u00a0"):
            return character
        self.missing[character] = None
        return f"[U+{ord(character):04X}]"

    def note(self) -> str:
        return words.STAND_INS if self.missing else ""


def _breakable(word: str) -> str:
    if len(word) <= LONG_WORD:
        return word
    return BREAK.join(word[place : place + 8] for place in range(0, len(word), 8))


@functools.cache
def _drawn() -> frozenset[int]:
    """The characters that every shipped font has."""
    fonts = [_characters(path.read_bytes()) for path in sorted((_folder() / "fonts").glob("*.ttf"))]
    return frozenset.intersection(*fonts)


def _characters(font: bytes) -> frozenset[int]:
    """The characters of a TrueType font: its cmap table of format 4, which holds the first 65,536."""
    tables = {font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16]) for at in range(12, 12 + 16 * font[5], 16)}
    start, _ = tables[b"cmap"]
    for record in range(struct.unpack(">H", font[start + 2 : start + 4])[0]):
        (offset,) = struct.unpack(">I", font[start + 8 + 8 * record : start + 12 + 8 * record])
        table = font[start + offset :]
        if table[:2] == b"\0\4":
            break
    else:
        raise ValueError("the font has no character table of format 4")
    (twice,) = struct.unpack(">H", table[6:8])
    ends = struct.unpack(f">{twice // 2}H", table[14 : 14 + twice])
    starts = struct.unpack(f">{twice // 2}H", table[16 + twice : 16 + 2 * twice])
    return frozenset(code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)) - {0xFFFF}
