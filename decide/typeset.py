"""Typesetting: a template in decide/paper and its words become a PDF, tagged as PDF/UA-1 and PDF/A-2a, through typst.

What stands in a PDF comes from the module that calls; here is only what every one of them shares: the fonts, the standards,
and what is said when a page cannot be set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from decide.errors import DeliveryError
from decide.text import visible

if TYPE_CHECKING:
    import typst

PAPER = Path(__file__).parent / "paper"
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
MISSING = "the PDF needs the package typst, which is not on this machine (pip install 'typst>=0.15,<0.16'): save as text"
# How typst names a character that it cannot set: as itself, or as \u{e000}.
UNSET = re.compile(r'the text `"(.+?)"` could not be displayed|disallowed codepoint `"(.+?)"`')
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


def available() -> bool:
    """Whether this machine can set a PDF."""
    try:
        import typst  # noqa: F401
    except ImportError:
        return False
    return True


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(PAPER / "fonts")])


@lru_cache(maxsize=1)
def _templates() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in PAPER.glob("*.typ")}


def pdf(template: str, data: Mapping[str, Any], day: date, files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that `decide/paper/<template>.typ` makes of `data`, dated `day`: the same bytes for the same input.

    The template reads `data` by json("data.json"), and each of `files` (figures) by its name. Raises DeliveryError where
    typst is missing, where no font has a character, and where a page cannot be set.
    """
    try:
        import typst
    except ImportError as error:
        raise DeliveryError(MISSING) from error
    # typst opens "main.typ"; the templates lie beside it so that they can share their parts.
    inputs = {
        **_templates(),
        "main.typ": _templates()[f"{template}.typ"],
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        **(files or {}),
    }
    try:
        made = typst.compile(
            inputs,
            format="pdf",
            font_paths=_fonts(),
            pdf_standards=STANDARDS,
            timestamp=datetime.combine(day, time(), UTC),
        )
    except typst.TypstError as error:
        raise DeliveryError(_reason(error)) from error
    if not isinstance(made, bytes):
        raise DeliveryError("the page could not be set: typst gave no PDF; save as text")
    return made


def _reason(error: typst.TypstError) -> str:
    found = (plain or bare for plain, bare in UNSET.findall(error.diagnostic))
    signs = dict.fromkeys(ESCAPE.sub(lambda code: chr(int(code[1], 16)), text) for text in found)
    if not signs:
        return f"the page could not be set ({visible(error.message)}); save as text"
    named = ", ".join(_named(sign) for sign in list(signs)[:5])
    more = f" and {len(signs) - 5} more" if len(signs) > 5 else ""
    return f"the PDF's fonts have no sign for {named}{more}: write it in other letters, or save as text"


def _named(sign: str) -> str:
    codes = " ".join(f"U+{ord(character):04X}" for character in sign)
    return f"{sign} ({codes})" if sign.isprintable() else codes
