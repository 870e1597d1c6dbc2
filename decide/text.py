"""Text from people and files made safe to show and print."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from db.characters import is_hidden


def visible(text: str, keep: str = "") -> str:
    """`text` with every control and direction character written out as <U+001B>, except those in `keep`.

    What is typed or read from a file is shown as it is and never steers a terminal or a printer.
    """
    plain = text
    for character in keep:
        plain = plain.replace(character, "")
    if plain.isprintable():
        return text

    def show(character: str) -> str:
        return f"<U+{ord(character):04X}>" if is_hidden(character) and character not in keep else character

    return "".join(map(show, text))


def cells(text: str) -> int:
    """How many columns a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """`text` as lines of at most `width` columns; `first` starts the first line, `rest` the others.

    A word longer than a line is broken. Columns are counted as a terminal does, not characters.
    """
    rest = " " * len(first) if rest is None else rest
    lines: list[str] = []
    line, bare = first, True
    for word in text.split():
        while True:
            candidate = line + word if bare else f"{line} {word}"
            if cells(candidate) <= width:
                line, bare = candidate, False
                break
            if not bare:
                lines.append(line)
                line, bare = rest, True
                continue
            # The word alone is too long: fill the line and go on with what is left of it.
            head = _fitting(word, width - cells(line))
            lines.append(line + head)
            word, line = word[len(head) :], rest
    return [*lines, line.rstrip()] if not bare or not lines else lines


def _fitting(word: str, room: int) -> str:
    """As much of a word as fits into `room` columns, at least one character."""
    count = 1
    while count < len(word) and cells(word[: count + 1]) <= room:
        count += 1
    return word[:count]


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 exercise", "3 exercises"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def shorter(line: str, width: int, mark: str = " ...") -> str:
    """As many words of a line as leave room for the mark, and the mark; of one long word, as much as does."""
    whole = line.rstrip()
    line = whole
    while line and cells(line + mark) > width:
        line = line[:-1]
    if not whole[len(line) :].startswith(" ") and " " in line.strip():
        line = line[: line.rindex(" ")]
    return line.rstrip() + mark


def begun(text: str, width: int, mark: str = "...") -> str:
    """The whole of a text, or as many of its characters as leave room for the mark, and the mark."""
    if cells(text) <= width:
        return text
    while text and cells(text) > width - cells(mark):
        text = text[:-1]
    return text.rstrip() + mark


def block(text: str, width: int, first: str = "", most: int = 0) -> list[str]:
    """`text` as lines of at most `width` columns, indented as far as `first`, which starts them; a line end in it is kept.

    What takes more than `most` lines ends in " ..." on the last of them; 0 leaves it whole.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines += wrap(part, width, " " * len(first) if lines else first, " " * len(first))
    return [*lines[: most - 1], shorter(lines[most - 1], width)] if 0 < most < len(lines) else lines


def beside(blocks: Sequence[Sequence[str]], widths: Sequence[int]) -> list[list[str]]:
    """Blocks of lines side by side: lines of pieces, one piece for each block, filled up with spaces to its width, so
    that a column begins at the same place in every line."""
    high = max(map(len, blocks), default=0)
    return [
        [filled(each[line] if line < len(each) else "", width) for each, width in zip(blocks, widths, strict=True)]
        for line in range(high)
    ]


def columns(texts: Sequence[str], widths: Sequence[int], firsts: Sequence[str] = (), most: int = 0) -> list[list[str]]:
    """Texts side by side, each wrapped into a column of its own; `firsts` start the columns (a mark before its words)."""
    firsts = firsts or [""] * len(texts)
    each = zip(texts, widths, firsts, strict=True)
    return beside([block(text, width, first, most) for text, width, first in each], widths)


def filled(text: str, width: int) -> str:
    """The text with spaces after it, up to `width` columns."""
    return text + " " * (width - cells(text))
