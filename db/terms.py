"""The little language in which content says what must hold of a case: used by warning rules, profiles and clusters.

A line is one or more alternatives parted by `/`, each a term or several joined by `&`; or a count of them, as in
`2 of: night-pain; constant-pain; age>=60`. A term is a finding that is present, or a case field compared with a
value: `age>=60`, `sex=f`, `onset=sudden`, `duration=acute`, `setting=primary-care`. `not:` before a term turns it round:
a finding known to be absent, a field known to be otherwise.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# The phases of a plan, and the most pain that a limit may allow (of 10).
PHASES = ("settle", "build", "maintain")
MOST_PAIN = 10
FIELDS = {
    "age": (),
    "sex": ("f", "m"),
    "side": ("left", "right", "both"),
    "duration": ("acute", "subacute", "chronic"),
    "onset": ("sudden", "gradual", "trauma"),
    "setting": ("primary-care", "specialist"),
}
_COUNT = re.compile(r"(\d+) of: (.+)")
_AGE = re.compile(r"age(>=|<=|>|<)(\d{1,3})")
_FIELD = re.compile(r"([a-z]+)=([a-z-]+)")
_FINDING = re.compile(r"(not:)?([a-z0-9]+(?:-[a-z0-9]+)*)")


class Term(NamedTuple):
    """One thing that may hold of a case: a finding that is present, or a field that compares with a value; or not so."""

    finding: str = ""
    absent: bool = False
    field: str = ""
    operator: str = ""
    value: str = ""

    def __str__(self) -> str:
        return "not:" * self.absent + (f"{self.field}{self.operator}{self.value}" if self.field else self.finding)


class Line(NamedTuple):
    """At least `need` of the alternatives hold; an alternative holds when all of its terms do."""

    need: int
    options: tuple[tuple[Term, ...], ...]

    def findings(self) -> list[str]:
        """The findings named, present or absent, each once and in order."""
        return list(dict.fromkeys(term.finding for option in self.options for term in option if term.finding))


def parse_term(text: str) -> Term:
    """One term. Raises ValueError with what is wrong."""
    text = text.strip()
    bare = text.removeprefix("not:")
    if age := _AGE.fullmatch(bare):
        return Term(field="age", operator=age.group(1), value=age.group(2), absent=bare != text)
    if field := _FIELD.fullmatch(bare):
        name, value = field.groups()
        if value not in FIELDS.get(name, ()):
            raise ValueError(f"'{text}' compares no field of a case with a value that it can have")
        return Term(field=name, operator="=", value=value, absent=bare != text)
    if finding := _FINDING.fullmatch(text):
        return Term(finding=finding.group(2), absent=finding.group(1) is not None)
    raise ValueError(f"'{text}' is no finding and no comparison like age>=60 or sex=f")


def parse_line(text: str) -> Line:
    """One line. Raises ValueError with what is wrong."""
    count = _COUNT.fullmatch(text.strip())
    parts = count.group(2).split(";") if count else text.split("/")
    options = tuple(tuple(parse_term(term) for term in part.split("&")) for part in parts)
    need = int(count.group(1)) if count else 1
    if not 1 <= need <= len(options):
        raise ValueError(f"'{text}' asks for {need} of {len(options)}")
    return Line(need, options)
