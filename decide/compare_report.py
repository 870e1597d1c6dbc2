"""A comparison as lines of plain text: what `compare` and the interview print."""

from __future__ import annotations

from decide.compare import Comparison
from decide.text import wrap

WIDTH = 80
LETTERS = "ABCD"


def telling_lines(found: Comparison) -> list[str]:
    """Which condition has which letter, and what tells them apart."""
    lines: list[str] = []
    for letter, condition in zip(LETTERS, found.conditions, strict=False):
        lines += wrap(condition.label, WIDTH, f"{letter}. ")
    if found.discriminators:
        lines += ["", "What tells them apart", "---------------------"]
        for row in found.discriminators:
            lines += wrap(row.label, WIDTH, "- ")
            for letter, cell in zip(LETTERS, row.cells, strict=False):
                lines += wrap(cell.text, WIDTH, f"    {letter}: ", "       ")
            if row.question and row.kind == "finding":
                lines += wrap(row.question, WIDTH, "    how: ", "         ")
    return lines


def row_lines(found: Comparison, everything: bool) -> list[str]:
    """The rows that differ, or (`everything`) all of them, each group under its title."""
    lines: list[str] = []
    group = ""
    for row in found.rows if everything else found.differing():
        if row.group != group:
            group = row.group
            lines += ["", group, "-" * len(group)]
        lines += wrap(row.topic, WIDTH, "- ")
        for letter, cell in zip(LETTERS, row.cells, strict=False):
            lines += wrap(cell.text, WIDTH, f"    {letter}: ", "       ")
    return lines
