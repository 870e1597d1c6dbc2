"""Characters that hide or steer: what must never reach a terminal, a printer or the content."""

from __future__ import annotations

import unicodedata

# Marks that turn the reading direction, break a line, or have no width: one could reorder a dose beside it.
DIRECTION = frozenset("\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def is_hidden(character: str) -> bool:
    """Whether a character could steer a terminal, or turn or hide what stands beside it."""
    return character in DIRECTION or unicodedata.category(character) in ("Cc", "Cs")
