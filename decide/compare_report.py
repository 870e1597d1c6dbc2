"""A comparison as JSON values and as lines of plain text: what `compare` and the interview print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from decide.compare import Cell, Comparison, Row
from decide.ranking import Ranker
from decide.telling import Direction, direction_words, telling
from decide.text import wrap

WIDTH = 80
LETTERS = "ABCD"


def comparison_json(found: Comparison, ranker: Ranker, everything: bool) -> dict[str, Any]:
    """What `compare --json` gives: the rows that differ, or (`everything`) all of them."""
    names = [condition.id for condition in found.conditions]

    def texts(cells: Sequence[Cell]) -> dict[str, str]:
        return {name: cell.text for name, cell in zip(names, cells, strict=True)}

    def sides(direction: Direction) -> dict[str, list[str]]:
        return {
            "for": [names[place] for place in direction.up],
            "against": [names[place] for place in direction.down],
        }

    def discriminator(row: Row) -> dict[str, Any]:
        told = telling(ranker, row, names)
        return {
            "kind": row.kind,
            "id": row.id,
            "label": row.topic,
            "question": row.question or row.actions,
            "finding": row.finding,
            "relation": row.relation,
            "cells": texts(row.cells),
            "figures": {name: cell.figure for name, cell in zip(names, row.cells, strict=True) if cell.figure},
            "yes": sides(told.yes),
            "no": sides(told.no),
            "separation": row.separation,
        }

    return {
        "conditions": [condition._asdict() for condition in found.conditions],
        "discriminators": [discriminator(row) for row in found.discriminators],
        "rows": [
            {
                "topic": row.topic,
                "group": row.group,
                "cells": texts(row.cells),
                "sources": {name: list(cell.citations) for name, cell in zip(names, row.cells, strict=True)},
                "same": row.same,
            }
            for row in (found.rows if everything else found.differing())
        ],
    }


def telling_lines(found: Comparison, ranker: Ranker) -> list[str]:
    """Which condition has which letter, and what tells them apart: how to ask or test it, and what each answer tells."""
    lines: list[str] = []
    for letter, condition in zip(LETTERS, found.conditions, strict=False):
        grave = f" {condition.urgency.upper()}" if condition.grave else ""
        lines += wrap(condition.label + grave, WIDTH, f"{letter}. ")
    if found.discriminators:
        lines += ["", "What tells them apart", "---------------------"]
    names = [condition.id for condition in found.conditions]
    for row in found.discriminators:
        lines += wrap(row.asked, WIDTH, "- ")
        lines += _cell_lines(row)
        if row.question:
            lines += wrap(row.question, WIDTH, "    how: ")
        if not row.asks:
            continue
        told = telling(ranker, row, names)
        no = direction_words(told.no, LETTERS) + (", excludes nothing" if row.danger else "")
        lines += wrap(f"yes: {direction_words(told.yes, LETTERS)}; no: {no}", WIDTH, "    ")
    return lines


def row_lines(found: Comparison, everything: bool) -> list[str]:
    """The rows that differ and do not stand on top, or (`everything`) all the others, each group under its title."""
    lines: list[str] = []
    group = ""
    for row in found.rows if everything else found.differing():
        if row in found.discriminators:
            continue
        if row.group != group:
            group = row.group
            lines += ["", group, "-" * len(group)]
        lines += wrap(row.topic, WIDTH, "- ")
        lines += _cell_lines(row)
    return lines


def _cell_lines(row: Row) -> list[str]:
    """A line for each thing said, with the letters of the conditions that it is said of."""
    same: dict[str, list[str]] = {}
    for letter, cell in zip(LETTERS, row.cells, strict=False):
        text = f"{cell.text}; {cell.figure}" if cell.figure else cell.text
        same.setdefault(text, []).append(letter)
    return [line for text, letters in same.items() for line in wrap(text, WIDTH, f"    {', '.join(letters)}: ")]
