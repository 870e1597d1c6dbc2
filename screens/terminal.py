"""What this terminal can show: judged here, once, from its name and its encoding."""

from __future__ import annotations

import codecs
import os
import sys
from typing import Literal

# Text consoles: their own colours, their own font.
CONSOLES = ("linux", "vt100", "vt220", "ansi", "cygwin")
# Those among them whose font has blocks, but no braille.
BLOCK_CONSOLES = ("linux", "cygwin")
NO_PICTURES = ("dumb", "vt100", "vt220", "ansi")


def plain_terminal() -> bool:
    """Whether to keep to the terminal's own 16 colours (or none) and to characters every console has."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "") in CONSOLES


def drawing_signs() -> Literal["braille", "blocks", ""]:
    """The signs that a picture can be made of: braille, blocks, or none."""
    terminal = os.environ.get("TERM", "")
    try:
        unicode = codecs.lookup(sys.__stdout__.encoding if sys.__stdout__ else "ascii").name.startswith("utf")
    except (LookupError, AttributeError):
        unicode = False
    if not unicode or terminal in NO_PICTURES:
        return ""
    return "blocks" if terminal in BLOCK_CONSOLES else "braille"
