"""A case: what is known of one person, and what follows from it.

A finding is present, absent, not able (could not be asked or tested: a reason for not knowing) or not asked; the last
two are unknown, and unknown is never "no". `facts` draws what the ontology says must follow: a present finding makes
its broader ones present; a denied complaint closes its narrower ones, within regions, radiation and quality only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from db import read, terms
from db.read import Condition, Connection, Finding, Movement, Region
from db.terms import Line, Term
from decide.errors import InputError
from decide.text import visible

Answer = Literal["yes", "no", "not able"]
ADULT = 18
OLDEST = 120
LARGEST_FILE = 1_000_000
CHOICES = {name: values for name, values in terms.FIELDS.items() if values}
# A denied complaint answers for what is narrower only among these kinds: it never answers a test or a red flag.
CLOSED_DOWNWARDS = ("pain-region", "radiation", "quality")
TRAUMA, OLD_TRAUMA = "trauma-recent", "trauma-past"
POSSIBLY_PREGNANT = "possibly-pregnant"
FORM = '{"age": 64, "sex": "m", "present": ["pain-buttock"], "absent": []}'


class Vocabulary:
    """What can be said of a case and what it could be, by id; and the finding that a movement (brought on, or hard) or a
    region stands for. Each part is read when it is first asked for, and kept."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        return {row.id: row for row in read.findings(self._db)}

    @cached_property
    def movements(self) -> Mapping[str, Movement]:
        return {row.id: row for row in read.movements(self._db)}

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        return {row.id: row for row in read.regions(self._db)}

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        return {row.id: row for row in read.conditions(self._db)}

    @cached_property
    def of_movement(self) -> Mapping[str, str]:
        answers = {
            movement: relations.get("aggravates") or relations.get("hinders") or ""
            for movement, relations in read.movement_findings(self._db).items()
        }
        return {movement: finding for movement, finding in answers.items() if finding}

    @cached_property
    def of_region(self) -> Mapping[str, str]:
        every = reversed(list(self.findings.values()))
        return {row.region: row.id for row in every if row.kind == "pain-region" and row.region}

    @property
    def kinds(self) -> dict[str, Mapping[str, Any]]:
        """The ids that each list of a case may hold."""
        return {
            "present": self.findings,
            "absent": self.findings,
            "not_able": self.findings,
            "movements": self.movements,
            "regions": self.regions,
        }


@dataclass(frozen=True)
class Case:
    """What was said of one person. Every field may be unknown (None, or nothing in the lists).

    `age` in whole years; `duration` acute (under 6 weeks), subacute (6 to 12) or chronic (over 12 weeks); `setting` is
    where the person is seen, which says how common conditions are. `present`, `absent` and `not_able` hold finding ids,
    each in one list only. `movements` are what brings it on and `regions` where it hurts, in everyday terms: they stand
    for findings. `areas` say of some of the regions on which side each hurts, left or right, where that is not just the
    side of the whole: the left knee and the right hip.
    """

    age: int | None = None
    sex: str | None = None
    side: str | None = None
    duration: str | None = None
    onset: str | None = None
    setting: str | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    not_able: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    areas: tuple[tuple[str, str], ...] = ()

    @property
    def minor(self) -> bool:
        """Whether the person is known to be under 18, for whom the knowledge is not made."""
        return self.age is not None and self.age < ADULT

    @property
    def empty(self) -> bool:
        return self == Case()

    def answer(self, finding: str) -> Answer | None:
        """What was answered for a finding; None when it was not asked."""
        if finding in self.present:
            return "yes"
        if finding in self.absent:
            return "no"
        return "not able" if finding in self.not_able else None

    def hurting(self, regions: tuple[str, ...], areas: tuple[tuple[str, str], ...], told: str | None) -> Case:
        """The case with pain in these regions. Its side follows from their areas and from what was `told` beside them."""
        areas = tuple(area for area in areas if area[0] in regions)
        sides = {side for _, side in areas} | ({told} if told else set())
        return replace(self, regions=regions, areas=areas, side="both" if len(sides) > 1 else next(iter(sides), None))

    def answered(self, finding: str, answer: Answer | None) -> Case:
        """The case with one finding answered so, or (None) not asked any more."""

        def rest(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in names if name != finding)

        add = (finding,)
        return replace(
            self,
            present=rest(self.present) + (add if answer == "yes" else ()),
            absent=rest(self.absent) + (add if answer == "no" else ()),
            not_able=rest(self.not_able) + (add if answer == "not able" else ()),
        )

    def with_answers(self, answers: Iterable[tuple[str, bool]]) -> Case:
        """The case with these findings answered yes (True) or no."""
        case = self
        for finding, has in answers:
            case = case.answered(finding, "yes" if has else "no")
        return case


class Facts(NamedTuple):
    """What is known of a case once it is thought through: findings present and absent, and the fields.

    `said` are the findings said to be present; `stated` those among them that nothing narrower implies. `plain` are
    movements and regions that no finding stands for, as movement:ID and region:ID.
    """

    case: Case
    present: frozenset[str]
    absent: frozenset[str]
    said: frozenset[str]
    stated: tuple[str, ...]
    plain: tuple[str, ...] = ()

    def known(self, finding: str) -> bool:
        return finding in self.present or finding in self.absent

    def holds(self, term: Term) -> bool | None:
        """Whether a term holds; None when the case does not say."""
        if term.field:
            value = _compares(getattr(self.case, term.field), term)
            return None if value is None else value != term.absent
        if term.finding in self.present:
            return not term.absent
        return term.absent if term.finding in self.absent else None

    def meets(self, line: Line) -> bool | None:
        """Whether a line holds; None when what is unknown could still decide it."""
        sure = possible = 0
        for option in line.options:
            values = [self.holds(term) for term in option]
            sure += all(values)
            possible += not any(value is False for value in values)
        if sure >= line.need:
            return True
        return None if possible >= line.need else False


def _compares(value: int | str | None, term: Term) -> bool | None:
    if value is None:
        return None
    if term.field != "age":
        return value == term.value
    age, limit = int(value), int(term.value)
    return {">=": age >= limit, "<=": age <= limit, ">": age > limit, "<": age < limit}[term.operator]


def broader_findings(present: Iterable[str], findings: Mapping[str, Finding]) -> list[str]:
    """The findings given and every broader one that they make present, in order."""
    found: dict[str, None] = {}
    for name in present:
        step: str | None = name
        while step and step not in found:
            found[step] = None
            step = findings[step].broader
    return list(found)


def narrower_findings(absent: Iterable[str], findings: Mapping[str, Finding]) -> list[str]:
    """The findings denied and every narrower one that the denial closes (regions, radiation and quality only)."""
    found: dict[str, None] = dict.fromkeys(absent)
    grown = True
    while grown:
        grown = False
        for finding in findings.values():
            closes = finding.broader in found and finding.kind in CLOSED_DOWNWARDS
            if closes and finding.id not in found and findings[str(finding.broader)].kind in CLOSED_DOWNWARDS:
                found[finding.id] = None
                grown = True
    return list(found)


def facts(case: Case, vocabulary: Vocabulary) -> Facts:
    """What follows from a case. What was said to be present stands over what a denial would close."""
    said = set(case.present)
    if case.onset == "trauma":
        # An injury that began a pain of more than 12 weeks is no recent one; a fall since then is said by itself.
        said.add(OLD_TRAUMA if case.duration == "chronic" else TRAUMA)
    said |= {vocabulary.of_movement[name] for name in case.movements if name in vocabulary.of_movement}
    said |= {vocabulary.of_region[name] for name in case.regions if name in vocabulary.of_region}
    # Where nothing was said of any finding, none need be read.
    findings = vocabulary.findings if said or case.absent else {}
    present = frozenset(broader_findings(sorted(said), findings))
    implied = {name for one in said for name in broader_findings([one], findings)[1:]}
    plain = [f"movement:{name}" for name in case.movements if name not in vocabulary.of_movement]
    plain += [f"region:{name}" for name in case.regions if name not in vocabulary.of_region]
    absent = frozenset(narrower_findings(sorted(case.absent), findings)) - present
    return Facts(case, present, absent, frozenset(said), tuple(sorted(said - implied)), tuple(sorted(set(plain))))


# --- reading a case from JSON ---------------------------------------------------------------------------------------


def _named(name: object, where: str, known: Mapping[str, Any]) -> str:
    kind = where if where in ("movements", "regions") else "findings"
    if not isinstance(name, str):
        raise InputError(f"the case's '{where}' holds {_shown(name)}; it must hold ids as texts, see: decide list {kind}")
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"see: decide list {kind}"
        raise InputError(f"the case's '{where}' names the unknown {kind[:-1]} '{visible(name[:60])}'; {hint}")
    return name


def _shown(value: object) -> str:
    import json

    try:
        text = json.dumps(value) if not isinstance(value, float) or math.isfinite(value) else str(value)
    except RecursionError:
        text = "nested too deeply"
    return visible(text if len(text) <= 40 else f"{text[:37]}...")


def _list(data: Mapping[str, Any], key: str, known: Mapping[str, Any]) -> tuple[str, ...]:
    value = data.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InputError(f"the case's '{key}' is {_shown(value)}; it must be a list of ids")
    return tuple(dict.fromkeys(_named(name, key, known) for name in value))


def _areas(data: Mapping[str, Any], regions: tuple[str, ...], side: str | None) -> tuple[tuple[str, str], ...]:
    value = data.get("areas")
    if value is None:
        return ()
    known = {(region, each) for region in regions for each in ("left", "right") if side in (None, "both", each)}
    rows = [tuple(row) if isinstance(row, list) else row for row in value] if isinstance(value, list) else [value]
    for row in rows:
        if not isinstance(row, tuple) or not all(isinstance(each, str) for each in row) or row not in known:
            raise InputError(
                f'the case\'s \'areas\' holds {_shown(row)}; it must hold pairs like ["groin", "left"]: a region from its '
                "'regions' and left or right, as its 'side' allows"
            )
    return tuple(dict.fromkeys(rows))


def case_from(data: object, vocabulary: Vocabulary) -> Case:
    """A case from decoded JSON. Unknown keys are ignored, null is unknown. Raises InputError with one line."""
    if not isinstance(data, dict):
        raise InputError(f"the case is {_shown(data)}; it must be one object, like {FORM}")
    age = data.get("age")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= OLDEST):
        raise InputError(f"the case's age is {_shown(age)}; it must be whole years from 0 to {OLDEST}, or null")
    fields: dict[str, Any] = {}
    for name, choices in CHOICES.items():
        value = data.get(name)
        if value is not None and value not in choices:
            raise InputError(f"the case's {name} is {_shown(value)}; it must be one of {', '.join(choices)}, or null")
        fields[name] = value
    lists: dict[str, Any] = {key: _list(data, key, known) for key, known in vocabulary.kinds.items()}
    pregnant = data.get("pregnant")
    if pregnant is not None and not isinstance(pregnant, bool):
        raise InputError(f"the case's pregnant is {_shown(pregnant)}; it must be true, false, or null")
    if pregnant is not None:
        key = "present" if pregnant else "absent"
        lists[key] = tuple(dict.fromkeys((*lists[key], POSSIBLY_PREGNANT)))
    for one, other in (("present", "absent"), ("present", "not_able"), ("absent", "not_able")):
        for name in lists[one]:
            if name in lists[other]:
                raise InputError(f"the finding '{name}' stands in '{one}' and in '{other}'; keep it in one of them")
    return Case(age=age, **fields, **lists, areas=_areas(data, lists["regions"], fields["side"]))


def read_json(path: str, standard_input: Any, what: str) -> object:
    """The JSON document in a file, or on standard input for "-". Raises InputError with one line."""
    import json

    place = "standard input" if path == "-" else visible(path)
    try:
        data = standard_input.buffer.read(LARGEST_FILE + 1) if path == "-" else _read(Path(path))
    except (OSError, AttributeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be read"
        raise InputError(
            f"cannot read the {what} {place}: {reason}; name a readable file, or - for standard input"
        ) from None
    if len(data) > LARGEST_FILE:
        raise InputError(f"the {what} {place} is larger than {LARGEST_FILE} bytes; that is no {what}")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"the {what} {place} is no UTF-8 text; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"the {what} {place} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}; write it like {FORM}"
        ) from None
    except (RecursionError, ValueError):
        raise InputError(f"the {what} {place} is no JSON that can be read; write it like {FORM}") from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def as_json(case: Case) -> dict[str, Any]:
    """A case as the object that `case_from` reads."""
    fields = {name: getattr(case, name) for name in ("age", *CHOICES)}
    lists = {"present": list(case.present), "absent": list(case.absent), "not_able": list(case.not_able)}
    areas = {"areas": [list(area) for area in case.areas]} if case.areas else {}
    return {**fields, **lists, "movements": list(case.movements), "regions": list(case.regions), **areas}
