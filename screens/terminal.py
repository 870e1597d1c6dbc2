"""What this terminal can show and how the person works: judged once, before the app starts."""

from __future__ import annotations

import codecs
import os
import sys
from dataclasses import dataclass
from typing import Literal

# Text consoles: their own colours, their own font.
CONSOLES = ("linux", "vt100", "vt220", "ansi", "cygwin")
# Those among them whose font has blocks, but no braille.
BLOCK_CONSOLES = ("linux", "cygwin")
NO_PICTURES = ("dumb", "vt100", "vt220", "ansi")

Signs = Literal["braille", "blocks", ""]


@dataclass(frozen=True)
class Profile:
    """`plain`: the terminal's own 16 colours (or none) and characters that every console has. `signs`: what pictures are
    made of. `a11y`: for screen readers and braille lines: the terminal's cursor follows the focus, one column, no pictures.
    """

    plain: bool
    signs: Signs
    a11y: bool = False


def terminal_profile(a11y: bool = False) -> Profile:
    """The profile for this terminal, from its name, its encoding and NO_COLOR."""
    terminal = os.environ.get("TERM", "")
    plain = bool(os.environ.get("NO_COLOR")) or terminal in CONSOLES
    return Profile(plain, "" if a11y else _signs(terminal), a11y)


def _signs(terminal: str) -> Signs:
    try:
        unicode = codecs.lookup(sys.__stdout__.encoding if sys.__stdout__ else "ascii").name.startswith("utf")
    except (LookupError, AttributeError):
        unicode = False
    if not unicode or terminal in NO_PICTURES:
        return ""
    return "blocks" if terminal in BLOCK_CONSOLES else "braille"
