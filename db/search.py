"""Type-ahead search over everything a person may look up: names first, then text, forgiving one slip."""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

from db.read import marks

WORD = re.compile(r"[^\W_]+")
APOSTROPHE = re.compile(r"(?<=\w)['\u2019](?=\w)")
NAMES = "{label lay_label synonyms}"
# Words that fit nearly every entry here: left out as long as another word remains.
COMMON = frozenset(
    re.findall(
        r"\w+",
        "a ache aches aching an and at be been can cant dont feel feels for from get gets got have has hurt hurting hurts i"
        " if im in is it lot me my of on or pain painful pains really so some sore that the this to very when while with",
    )
)
LONGEST = 200
SHORTEST_FORGIVEN = 4
# The ranks 0 to 2 (condition, movement, region) count alike, then 3 to 5, then the rest.
KINDS_ALIKE = 3


class Hit(NamedTuple):
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
    rest; within these, what begins with `start` first, by its names or by the short word that its id is."""
    wanted = f"AND e.kind IN ({marks(kinds)})" if kinds else ""
    query = f"""
        SELECT e.kind, e.id, e.label, e.lay_label FROM search_entry_fts f JOIN search_entry e ON e.rowid = f.rowid
        WHERE search_entry_fts MATCH ? {wanted}
        ORDER BY e.rank / {KINDS_ALIKE}, (e.label LIKE ? OR e.lay_label LIKE ? OR e.id LIKE ?) DESC,
                 bm25(search_entry_fts, 8, 10, 9, 0.5), e.rank, e.id LIMIT ?"""
    begins = (f"{start}%", f"{start}%", f"{start.replace(' ', '-')}%")
    return [Hit(*row) for row in db.execute(query, (expression, *kinds, *begins, limit))]


def _by_name_then_text(
    db: sqlite3.Connection, expression: str, kinds: tuple[str, ...], limit: int, start: str
) -> list[Hit]:
    """What matches in its names, of whatever kind, before what matches only with its text."""
    named = _match(db, f"{NAMES} : ({expression})", kinds, limit, start)
    return list(dict.fromkeys([*named, *_match(db, expression, kinds, limit, start)]))


def _called(db: sqlite3.Connection, text: str, kinds: tuple[str, ...]) -> list[Hit]:
    """The entries whose id or name is just `text`; a finding first, because it can be chosen and a warning sign asked."""
    query = f"""
        SELECT kind, id, label, lay_label FROM search_entry
        WHERE (id = :text OR lower(label) = :text OR lower(lay_label) = :text
               OR instr(' ; ' || lower(synonyms) || ' ; ', ' ; ' || :text || ' ; '))
              {f"AND kind IN ({', '.join(f':kind{n}' for n in range(len(kinds)))})" if kinds else ""}
        ORDER BY kind = 'finding' DESC, id = :text DESC, rank, id"""
    values = {"text": " ".join(text.lower().split()), **{f"kind{n}": kind for n, kind in enumerate(kinds)}}
    return [Hit(*row) for row in db.execute(query, values)]


def _spellings(db: sqlite3.Connection, word: str) -> list[str]:
    """The words of the index that `word` stands for: itself when it begins one, or else what one slip made of it."""
    begun = f'"{word}"*'
    known = db.execute("SELECT 1 FROM search_entry_fts WHERE search_entry_fts MATCH ? LIMIT 1", (begun,)).fetchone()
    return [begun] if known else [f'"{term}"' for term in _like(db, word)]


def _words(text: str) -> list[str]:
    """The words to look for, in lower case, without those that tell nothing apart."""
    words = [word.lower() for word in WORD.findall(APOSTROPHE.sub("", text[:LONGEST]))]
    return ([word for word in words if word not in COMMON] or words)[:12]


def search(db: sqlite3.Connection, text: str, kinds: tuple[str, ...] = (), limit: int = 50) -> list[Hit]:
    """What `text` may mean, best first: what has all its words (each perhaps unfinished, one slip forgiven in each),
    in its names before in its text, else what has any of them. `kinds` narrows to these kinds (condition, movement,
    region, finding, ...)."""
    words = _words(text)
    if not words:
        return []
    spelled = [_spellings(db, word) for word in words]
    start = " ".join(parts[0].strip('"*') if parts else word for word, parts in zip(words, spelled, strict=True))
    parts = ["(" + " OR ".join(each) + ")" for each in spelled if each]
    hits: list[Hit] = []
    if len(parts) == len(words):
        hits = _by_name_then_text(db, " AND ".join(parts), kinds, limit, start)
    if not hits and parts:
        hits = _by_name_then_text(db, " OR ".join(parts), kinds, limit, start)
    return list(dict.fromkeys([*(_called(db, text[:LONGEST], kinds) or _called(db, start, kinds)), *hits]))[:limit]
