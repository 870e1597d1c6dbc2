"""Typesetting through typst: a template in decide/paper and its words become a PDF, exported as PDF/UA-1 and PDF/A-2a.

What stands on a page comes from the module that calls, as data: no text of a person or of the content is ever run as
markup. Here is what every page shares: the fonts and what they cannot draw, the standards, and what is said when a page
cannot be set.
"""

from __future__ import annotations

import json
import struct
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from decide.errors import DeliveryError
from decide.text import visible

if TYPE_CHECKING:
    import typst

# The fonts must lie in a real folder; the package is never run from a zip file.
PAPER = Path(__file__).parent / "paper"
TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
NO_TYPST = (
    "no PDF can be made here: the package typst is not installed (there is none for this kind of machine, or it was left "
    "out); save as text instead"
)
STAND_INS = "These fonts cannot draw some characters. Each stands as its number, like <U+5C71>: write it by hand."


def pdf(template: str, data: Mapping[str, Any], day: date, files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that `decide/paper/<template>.typ` makes of `data`, dated `day`: the same bytes for the same input.

    The template reads `data` from data.json, each of `files` (figures) by its name, and finds the other templates beside
    it. Characters that no font has are written as <U+5C71>; `stand_ins` in the data then says so, else it is empty.
    Raises DeliveryError where typst is missing or a page cannot be set.
    """
    made = _compile(
        template, data, files, format="pdf", pdf_standards=STANDARDS, timestamp=datetime.combine(day, time(), UTC)
    )
    return made[0]


def pages(
    template: str, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None, dots: float = 72
) -> list[bytes]:
    """The same pages as PNG pictures of `dots` to the inch."""
    return _compile(template, data, files, format="png", ppi=dots)


def _compile(template: str, data: Mapping[str, Any], files: Mapping[str, bytes] | None, **options: Any) -> list[bytes]:
    try:
        import typst
    except ImportError as error:
        raise DeliveryError(NO_TYPST) from error
    missing: dict[str, None] = {}
    words = _printable(data, missing)
    words["stand_ins"] = STAND_INS if missing else ""
    inputs = {
        **_templates(),
        **(files or {}),
        "main.typ": _templates()[f"{template}.typ"],
        "data.json": json.dumps(words, ensure_ascii=False).encode(),
    }
    try:
        made: Any = typst.compile(inputs, font_paths=_fonts(), **options)
    except typst.TypstError as error:
        reason = visible(" ".join(error.message.split()))
        raise DeliveryError(f"the page could not be set ({reason}); save as text instead") from error
    return made if isinstance(made, list) else [made]


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(PAPER / "fonts")])


@cache
def _templates() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in PAPER.glob("*.typ")}


# --- characters ---------------------------------------------------------------------------------------------------------


def _printable(value: Any, missing: dict[str, None]) -> Any:
    """`value` with every text in it ready for the fonts, whatever lists and tables it stands in; notes what they lack."""
    if isinstance(value, str):
        return _text(value, missing)
    if isinstance(value, Mapping):
        return {key: _printable(item, missing) for key, item in value.items()}
    return [_printable(item, missing) for item in value] if isinstance(value, (list, tuple)) else value


def _text(text: str, missing: dict[str, None]) -> str:
    if text.isascii() and text.isprintable():
        return text
    known = _drawn()

    def draw(character: str) -> str:
        if character in "\n\t":
            return " "
        if ord(character) in known and (character.isprintable() or character == "\u00a0"):
            return character
        missing[character] = None
        return f"<U+{ord(character):04X}>"

    return "".join(map(draw, unicodedata.normalize("NFC", text)))


@cache
def _drawn() -> frozenset[int]:
    """The characters that every shipped font has."""
    fonts = [_characters(path.read_bytes()) for path in sorted((PAPER / "fonts").glob("*.ttf"))]
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
