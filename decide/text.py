"""Text from people and files made safe to show and print."""

from __future__ import annotations

import textwrap
import unicodedata

# Characters that turn the reading direction, or hide: a name typed with one must not reorder a dose beside it.
DIRECTION = set("\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def visible(text: str, keep: str = "") -> str:
    """`text` with every control and direction character written out as <U+001B>, except those in `keep`.

    What is typed or read from a file is shown as it is and never steers a terminal or a printer.
    """
    if text.isprintable():
        return text

    def show(character: str) -> str:
        hidden = unicodedata.category(character) in ("Cc", "Cs") or character in DIRECTION
        return f"<U+{ord(character):04X}>" if hidden and character not in keep else character

    return "".join(map(show, text))


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """`text` as lines of at most `width` columns; `first` starts the first line, `rest` the others."""
    rest = " " * len(first) if rest is None else rest
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=True
    ) or [first.rstrip()]


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 exercise", "3 exercises"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
