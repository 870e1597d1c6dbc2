"""Terms and lines of the content's little language (`db.terms`) in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from db.terms import Term, parse_line

_PLAIN = {"sex=f": "woman", "sex=m": "man", "onset=trauma": "onset with an injury"}
_COMPARED = {">=": "{} or over", "<=": "{} or under", ">": "over {}", "<": "under {}"}
_NAMED = {"onset": "{} onset", "duration": "{} course", "setting": "seen in {}", "side": "{} side"}


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
