"""Type-ahead search over everything a person may look up: labels, lay labels, synonyms and text, forgiving one slip."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from db.read import marks

WORD = re.compile(r"[^\W_]+")
LONGEST = 200
SHORTEST_FORGIVEN = 4
# The ranks 0 to 2 (condition, movement, region) count alike, then 3 to 5, then the rest.
KINDS_ALIKE = 3


@dataclass(frozen=True)
class Hit:
    kind: str
    id: str
    label: str
    lay_label: str


def _slip(one: str, other: str) -> bool:
    """Whether two words differ by at most one letter added, dropped, changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    swapped = len(rest) > 1 and len(others) > 1 and rest[0] == others[1] and rest[1] == others[0]
    return rest[1:] == others or rest == others[1:] or rest[1:] == others[1:] or (swapped and rest[2:] == others[2:])


def _like(db: sqlite3.Connection, word: str) -> list[str]:
    """The words of the index that `word` may stand for after one slip, or else those that begin like it after one."""
    if len(word) < SHORTEST_FORGIVEN:
        return []
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, search_entry_fts, row)")
    terms = [row[0] for row in db.execute("SELECT term FROM temp.vocabulary WHERE length(term) BETWEEN ? AND ?", (3, 40))]
    whole = [term for term in terms if _slip(word, term)]
    begun = [term for term in terms if len(term) > len(word) and _slip(word, term[: len(word)])]
    return (whole or begun)[:8]


def _match(db: sqlite3.Connection, expression: str, kinds: tuple[str, ...], limit: int, start: str = "") -> list[Hit]:
    """The entries that match an FTS5 expression: conditions, movements and regions first, then findings, then the
    rest; within these, what begins with `start` first."""
    wanted = f"AND e.kind IN ({marks(kinds)})" if kinds else ""
    query = f"""
        SELECT e.kind, e.id, e.label, e.lay_label FROM search_entry_fts f JOIN search_entry e ON e.rowid = f.rowid
        WHERE search_entry_fts MATCH ? {wanted}
        ORDER BY e.rank / {KINDS_ALIKE}, (e.id LIKE ? OR e.label LIKE ? OR e.lay_label LIKE ?) DESC,
                 bm25(search_entry_fts, 8, 10, 9, 0.5), e.rank, e.id LIMIT ?"""
    return [Hit(*row) for row in db.execute(query, (expression, *kinds, *[f"{start}%"] * 3, limit))]


def _quoted(words: list[str]) -> str:
    """An FTS5 expression for entries that have every word, each perhaps unfinished."""
    return " ".join(f'"{word}"*' for word in words)


def _spellings(db: sqlite3.Connection, word: str) -> str:
    """An FTS5 expression for one word: as it is when the index knows it, or else as what one slip may have made of it."""
    plain = f'"{word}"*'
    if _match(db, plain, (), 1):
        return f"({plain})"
    terms = _like(db, word)
    return "(" + " OR ".join(f'"{term}"' for term in terms) + ")" if terms else ""


def search(db: sqlite3.Connection, text: str, kinds: tuple[str, ...] = (), limit: int = 50) -> list[Hit]:
    """What `text` may mean, best first: all its words (each perhaps unfinished), then with one slip forgiven, then
    any of its words. `kinds` narrows to these kinds (condition, movement, region, finding, ...)."""
    text = text[:LONGEST]
    words = [word.lower() for word in WORD.findall(text)][:12]
    if not words:
        return []
    exact = [
        Hit(*row)
        for row in db.execute(
            f"""SELECT kind, id, label, lay_label FROM search_entry WHERE id = ?
            {f"AND kind IN ({marks(kinds)})" if kinds else ""} ORDER BY rank""",
            (text.strip().lower(), *kinds),
        )
    ]
    start = " ".join(words)
    hits = _match(db, _quoted(words), kinds, limit, start)
    if not hits:
        spelled = [_spellings(db, word) for word in words]
        if all(spelled):
            hits = _match(db, " AND ".join(spelled), kinds, limit)
        if not hits and (some := [part for part in spelled if part]):
            hits = _match(db, " OR ".join(some), kinds, limit)
    return (exact + [hit for hit in hits if hit not in exact])[:limit]
