"""Why a condition stands where it stands: every reason with its weight and sources, on a screen or beside the list."""

from __future__ import annotations

from collections.abc import Sequence

from db import read
from db.read import Citation, Connection
from decide.answer import Answer, Reasoner
from decide.entry import Item, Section
from decide.ranking import Explanation, Reason
from decide.report import place_words, reason_text, sides
from screens.base import bindings
from screens.reader import CaseScreen


def citations(db: Connection, names: Sequence[str]) -> tuple[Citation, ...]:
    """The sources that content names so (`nice-ng59`, `article-000#L27`); what is editorial has none."""
    found = []
    for name in names:
        source, _, locator = name.partition("#")
        found.append(Citation(read.source(db, source), locator))
    return tuple(found)


def reason_citations(db: Connection, reasoner: Reasoner, condition: str, reason: Reason) -> tuple[Citation, ...]:
    """The sources behind a reason; what is atypical is editorial."""
    if reason.weight.basis == "atypical":
        return (Citation(None),)
    return citations(db, reasoner.sources(condition, reason))


def sections(db: Connection, reasoner: Reasoner, answer: Answer, name: str) -> list[Section]:
    """The whole explanation as sections: the prior, then every reason with its sources."""
    explanation = reasoner.explain(answer.case, name)
    found = [Section("Before any answer", (prior_item(explanation),))]
    for title, reasons in sides(explanation):
        expected = explanation.missing is reasons
        items = []
        for reason in reasons:
            cited = reason_citations(db, reasoner, name, reason)
            linked = f"finding:{reason.finding}" if reason.finding in reasoner.findings else ""
            items.append(Item(reason_text(reasoner, reason, expected), cited, "", linked))
        found.append(Section(title, tuple(items)))
    return found


def prior_item(explanation: Explanation) -> Item:
    prior = explanation.prior
    if prior is None:
        return Item(f"x{explanation.prior_odds:.3g}  no class given", (Citation(None),))
    share = f"published: {prior.share} of {prior.among}" if prior.share else "no published figure: editorial"
    how_common = f"{prior.prior_class} in {prior.setting}".replace("-", " ")
    return Item(f"odds {explanation.prior_odds:.3g}: {how_common}; {share}. {prior.note}".strip(), prior.citations)


class WhyScreen(CaseScreen):
    """Why one condition, listed or not, stands where it stands."""

    PART = "why"
    BINDINGS = bindings("why")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.condition = name

    def content(self) -> tuple[str, Sequence[Section]]:
        answer, reasoner = self.decide.answer, self.decide.reasoner
        title = f"Why {reasoner.conditions[self.condition].short_label}: {place_words(answer, self.condition)}"
        return title, sections(self.decide.db, reasoner, answer, self.condition)

    def action_read(self) -> None:
        self.decide.open_entry(f"condition:{self.condition}")
