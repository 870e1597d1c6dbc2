"""The letter as PDF, the note for the record on a page of its own."""

from __future__ import annotations

from dataclasses import asdict

from decide import typeset
from decide.letter import ASKED_HEADS, Letter

SIZE, LARGE = 11, 14


def pdf(letter: Letter, paper: str = "a4", *, large: bool = False) -> bytes:
    """The letter and its note as PDF on `paper` (a4 or letter), in 11 pt, or 14 when `large`.

    Raises DeliveryError when it cannot be set on this machine.
    """
    data = {
        **asdict(letter),
        "day": letter.day.isoformat(),
        "label": letter.label,
        "asked_heads": ASKED_HEADS,
        "paper": typeset.TYPST_PAPERS[paper],
        "size": LARGE if large else SIZE,
    }
    return typeset.pdf("letter", data, letter.day)
