"""The command palette's entries: every condition, exercise, treatment and movement by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from db import read
from db.search import search
from screens.base import plain

if TYPE_CHECKING:
    from screens.app import DecideApp

MOST_HITS = 20


class Entries(Provider):
    @property
    def decide(self) -> DecideApp:
        return cast("DecideApp", self.app)

    def opener(self, name: str) -> Callable[[], None]:
        return lambda: self.decide.open_entry(name)

    async def discover(self) -> Hits:
        for condition in read.conditions(self.decide.db):
            yield DiscoveryHit(plain(condition.label), self.opener(f"condition:{condition.id}"), text=condition.label)

    async def search(self, query: str) -> Hits:
        hits = search(self.decide.db, query, limit=MOST_HITS)
        for place, hit in enumerate(hits):
            score = 0.5 - place / 100
            yield Hit(score, plain(f"{hit.label} ({hit.kind})"), self.opener(f"{hit.kind}:{hit.id}"), text=hit.label)
