"""The errors that this package raises on purpose. Each is one clear line for the person at the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class KnowledgeError(Exception):
    """The knowledge base cannot be opened or read. The message says what, where and how to mend it."""


class Problem(NamedTuple):
    """One fault in the content: the file (relative to the content folder), its line (1-based), what is wrong."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(KnowledgeError):
    """The content files do not compile. `problems` has every fault found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(f"{self.problems[0]}{more}; run: decide check-knowledge")
