"""The sheet as a tagged PDF, or as pictures of its pages for a preview. decide/paper/sheet.typ sets the type and packs the
pages; here is what it is given.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

from db.read import Frame
from decide import sheet as words
from decide import typeset
from decide.chart import Picture
from decide.sheet import Sheet

LANGUAGE = "en"


def pdf(sheet: Sheet, paper: str = "a4", *, large: bool = False) -> bytes:
    """Both copies as one PDF on `paper` (a4 or letter), in 14 pt, or 18 when `large`; the same bytes for the same sheet.

    Raises DeliveryError when it cannot be set on this machine.
    """
    data, figures = _given(sheet, paper, large)
    return typeset.pdf("sheet", data, date.fromisoformat(sheet.day), figures)


def pages(sheet: Sheet, paper: str = "a4", *, large: bool = False, dots: float = 72) -> list[bytes]:
    """Every page of both copies as a PNG picture of `dots` to the inch. Raises DeliveryError as `pdf` does."""
    data, figures = _given(sheet, paper, large)
    return typeset.pages("sheet", data, figures, dots)


def _given(sheet: Sheet, paper: str, large: bool) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the template reads: the words, and the drawings by their file names."""
    files: dict[str, bytes] = {}

    def drawing(drawn: Frame | Picture) -> dict[str, Any]:
        name = f"figure-{len(files)}.svg"
        files[name] = drawn.svg.encode()
        caption = drawn.name.capitalize() if isinstance(drawn, Frame) else ""
        return {"file": name, "caption": caption, "alt": drawn.alt, "wide": drawn.wide, "high": drawn.high}

    data = _values(sheet, drawing)
    data |= {"paper": typeset.TYPST_PAPERS[paper], "large": large, "words": _words(sheet)}
    return data, files


def _values(value: Any, drawing: Callable[[Frame | Picture], dict[str, Any]]) -> Any:
    """Dataclasses as tables of their fields; a figure's frame or a chart as what names its drawing."""
    if isinstance(value, Frame | Picture):
        return drawing(value)
    if dataclasses.is_dataclass(value):
        return {field.name: _values(getattr(value, field.name), drawing) for field in dataclasses.fields(value)}
    return [_values(item, drawing) for item in value] if isinstance(value, tuple) else value


def _words(sheet: Sheet) -> dict[str, Any]:
    return {
        "language": LANGUAGE,
        "document": words.document_title(sheet),
        "sections": words.SECTIONS,
        "blank": words.BLANK,
        "short_blank": words.SHORT_BLANK,
        "days": words.DIARY_DAYS,
        **words.LABELS,
    }
