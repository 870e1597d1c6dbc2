"""Who a case is about, and terms, lines and relations of the content's little language (`db.terms`), in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from db.terms import Term, parse_line
from decide.case import Case

SEXES = {"f": "woman", "m": "man"}
YOUNG_SEXES = {"f": "girl", "m": "boy"}
DURATIONS = {"acute": "under 6 weeks", "subacute": "6 to 12 weeks", "chronic": "over 12 weeks"}
ONSETS = {"sudden": "sudden onset", "gradual": "gradual onset", "trauma": "onset with an injury"}
SIDES = {"left": "left side", "right": "right side", "both": "both sides"}
_PLAIN = {"sex=f": "woman", "sex=m": "man", "onset=trauma": "onset with an injury"}
_COMPARED = {">=": "{} or over", "<=": "{} or under", ">": "over {}", "<": "under {}"}
_NAMED = {"onset": "{} onset", "duration": "{} course", "setting": "seen in {}", "side": "{} side"}

# What a movement does to a condition, by the relation of their tie.
RELATION_WORDS = {"aggravates": "brings on", "hinders": "hard to do", "relieves": "eases", "tests": "tested"}


def person(case: Case) -> str:
    """Who the case is about: "64-year-old man, left side, over 12 weeks, gradual onset"."""
    sex = (YOUNG_SEXES if case.minor else SEXES).get(case.sex or "", "person")
    who = f"{case.age}-year-old {sex}" if case.age is not None else f"{sex.capitalize()}, age not given"
    course = (SIDES.get(case.side or ""), DURATIONS.get(case.duration or ""), ONSETS.get(case.onset or ""))
    return ", ".join(filter(None, (who, *course)))


def field_words(term: Term) -> str:
    """A case field in words: age>=60 as "age 60 or over", onset=sudden as "sudden onset", sex=f as "woman"."""
    if term.absent:
        return f"not {field_words(term._replace(absent=False))}"
    if term.field == "age":
        return f"age {_COMPARED[term.operator].format(term.value)}"
    return _PLAIN.get(str(term), _NAMED.get(term.field, "{}").format(term.value.replace("-", " ")))


def term_words(term: Term, labels: Mapping[str, str]) -> str:
    """A term in words; `labels` names the findings."""
    if term.field:
        return field_words(term)
    return f"{'without ' * term.absent}{labels.get(term.finding, term.finding)}"


def line_words(text: str, labels: Mapping[str, str]) -> str:
    """A line in words: "Fever; or Chills", "Fever with Fatigue", "at least 2 of: ..."."""
    line = parse_line(text)
    options = [" with ".join(term_words(term, labels) for term in option) for option in line.options]
    return f"at least {line.need} of: {'; '.join(options)}" if line.need > 1 else "; or ".join(options)
