"""How strongly a link speaks: one scale for finding, comparing, planning and showing."""

from __future__ import annotations

from db.read import Link

# What a match adds to a candidate, and what a link against it takes away.
WEIGHT = {"hallmark": 4.0, "typical": 3.0, "possible": 1.0, "against": -2.0}
STRENGTH_ORDER = {strength: place for place, strength in enumerate(WEIGHT)}
_SCOPE_ORDER = {"": 0, "stated": 0, "list": 1, "article": 2, "inferred": 3}


def rank(link: Link) -> tuple[int, bool, int]:
    """Sorts links, the strongest statement first: by strength, then direct before through a family, then by scope."""
    unknown = len(STRENGTH_ORDER)
    return STRENGTH_ORDER.get(link.strength, unknown), link.umbrella is not None, _SCOPE_ORDER.get(link.scope, 4)
