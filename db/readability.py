"""How hard a text is to read: the Flesch-Kincaid grade, estimated without a dictionary.

Source of the formula: Kincaid JP et al., Derivation of new readability formulas for Navy enlisted personnel,
Research Branch Report 8-75, 1975. Syllables are counted as groups of vowels, which is close enough to sort texts.
"""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)")


def syllables(word: str) -> int:
    """The estimated number of syllables in one word, at least 1."""
    word = word.lower().strip("'’-")
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouy]le$", word) and groups > 1:
        groups -= 1
    if re.search(r"[^aeioudty]ed$", word) and groups > 1:
        groups -= 1
    if re.search(r"[^aeiouyscxzgh]es$", word) and groups > 1:
        groups -= 1
    return max(1, groups)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without empty ones."""
    return [part.strip() for part in SENTENCE_END.split(text) if WORD.search(part)]


def grade(text: str) -> float:
    """The US school grade that the text asks for, 0.0 or more; 0.0 for a text without words."""
    words = WORD.findall(text)
    if not words:
        return 0.0
    count = len(sentences(text)) or 1
    score = 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return round(max(0.0, score), 1)
