"""The rules that content must meet before it is compiled. Every fault names its file and line.

`check` looks at one whole `Content` and returns what must be mended (faults) and what should be looked at (remarks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from db import dose as doses
from db.characters import is_hidden
from db.content import Answer, Condition, Content, Exercise, Fact, MovementTie, Sign, Source, Text, Tie, TreatmentTie
from db.errors import Problem
from db.figure import chart, look
from db.figure.content import check_figure
from db.readability import grade
from db.rows import Place
from db.terms import FIELDS, MOST_PAIN, PHASES, parse_line, parse_term

REFUSED_GRADE = 8.0
WANTED_GRADE = 6.0
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ICD10CM = re.compile(r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
# A number that stands alone: "4", "50.2", "2,219", the 4 and 10 of "4x10"; not the 5 of "L5" nor the 10 of "ICD-10-CM".
NUMBER = re.compile(r"(?<![\w.])(?<![A-Za-z]-)\.?\d+(?:,\d{3})*(?:\.\d+)?(?!-[A-Z]{2,}\b)|(?<=\dx)\d+")
ODD_NUMBER = re.compile(r"[½¼¾⅓⅔]|\d,\d{1,2}\b(?!,)|\d \d{3}\b")
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORD = "|".join(WORDS)
_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times)"
NUMBER_WORD = re.compile(
    rf"\b(?!one\s+day\b)(?:({_WORD})\s+to\s+)?({_WORD})\s+(?:\w+\s+)?{_UNIT}\b|\b({_WORD})\s+(?:out of|in)\s+({_WORD})\b",
    re.IGNORECASE,
)
STRENGTHS = ("hallmark", "typical", "possible", "against")
PRIOR_CLASSES = ("very-common", "common", "uncommon", "rare")
SETTINGS = FIELDS["setting"]
RULE_URGENCIES = ("emergency", "same-day", "days", "two-weeks", "clinic")
STANCES = ("recommended", "qualified", "not-recommended", "disputed")
RELATIONS = ("aggravates", "relieves", "hinders")
URGENCIES = ("emergency", "urgent", "routine", "self-care")
GO_NOW_ROLES = ("suspected", "where", "watch", "take", "until")
SCOPES = ("stated", "list", "article", "general", "inferred")
OFFERS = ("yes", "qualified", "no")
TREATMENT_KINDS = (
    "professional care",
    "procedure",
    "medication",
    "exercise",
    "stretch",
    "device",
    "heat and cold",
    "lifestyle",
    "mind-body",
    "posture and ergonomics",
    "activity modification",
)
FEWEST_FRAMES = 2
CHANGE_SIDES = re.compile(r"\b(change (legs|sides)|the same with the other|if both need)")
PAIN_ROLES = ("go on", "do less", "stop")
FEWEST_EXERCISES, MOST_EXERCISES = 2, 4
PATIENT_TOPICS = (
    "patient",
    "self_care",
    "go_now",
    "keep_doing",
    "step_up",
    "step_back",
    "pain_rule",
    "one_thing",
    "follow_up",
)
STEP_ROLES = ("prepare", "move", "hold", "return", "breathe", "repeat")


def numbers(text: str) -> list[str]:
    """The figures in a text: digits as they stand (thousands commas dropped), and number words before a unit of time."""
    found = [match.group().replace(",", "").lstrip(".") for match in NUMBER.finditer(text)]
    words = [word for match in NUMBER_WORD.finditer(text) for word in match.groups() if word]
    return found + [str(WORDS.index(word.lower()) + 1) for word in words]


@dataclass
class _Check:
    content: Content
    faults: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        content = self.content
        self.sources: dict[str, Source] = {source.id: source for source in content.sources}
        self.sources |= {article.source.id: article.source for article in content.articles}
        self.ids: dict[str, set[str]] = {
            "region": {row.id for row in content.regions},
            "movement": {row.id for row in content.movements},
            "finding": {row.id for row in content.findings},
            "finding group": {row.id for row in content.finding_groups},
            "contributor": {row.id for row in content.contributors},
            "umbrella": {row.id for row in content.umbrellas},
            "condition": {row.head.id for row in content.conditions},
            "treatment": {row.id for row in content.treatments} | {row.head.id for row in content.exercises},
            "red flag": {row.id for row in content.red_flags},
            "condition group": {row.head.group for row in content.conditions},
        }

    # --- small rules -------------------------------------------------------------------------------------------

    def fault(self, place: Place, message: str, *needles: str) -> None:
        self.faults.append(place.problem(message, *needles))

    def known(self, place: Place, kind: str, *ids: str) -> None:
        for name in ids:
            if name and name not in self.ids[kind]:
                self.fault(place, f"unknown {kind} '{name}'", f'"{name}"')

    def one_of(self, place: Place, key: str, value: str, allowed: Iterable[str]) -> None:
        if value not in allowed:
            self.fault(place, f"{key} '{value}' is not one of: {', '.join(allowed)}", key)

    def cited(self, place: Place, sources: tuple[str, ...], editorial: bool, what: str = "this") -> list[Source]:
        """The sources cited, after checking that there are some, or the mark editorial, and not both."""
        if not sources and not editorial:
            self.fault(place, f"{what} has no source; add sources = [...] or editorial = true")
        if sources and editorial:
            self.fault(place, f"{what} has sources and is marked editorial; keep one of them", "editorial")
        if len(set(sources)) < len(sources):
            self.fault(place, f"{what} cites a source twice", "sources")
        found = []
        for citation in sources:
            name, mark, locator = citation.partition("#")
            source = self.sources.get(name)
            if source is None:
                self.fault(place, f"unknown source '{name}'", f'"{citation}"')
                continue
            if source.kind == "article" and not re.fullmatch(r"L[1-9]\d*", locator):
                self.fault(place, f"'{citation}' must name the article's line, like {name}#L12", f'"{citation}"')
            elif mark and source.kind != "article":
                self.fault(place, f"'{citation}': only articles are cited by line", f'"{citation}"')
            self.used.add(name)
            found.append(source)
        return found

    def figures(self, place: Place, text: str, sources: list[Source]) -> None:
        """Every figure in `text` must stand in one of `sources`."""
        allowed = {number.replace(",", "") for source in sources for number in (*source.figures, source.year)}
        if odd := ODD_NUMBER.search(text):
            self.fault(place, f"'{odd.group()}': write a figure in plain digits, like 0.5, 12.5 or 1000", odd.group())
        for number in numbers(text):
            if number not in allowed:
                cited = ", ".join(source.id for source in sources) or "no source (an editorial text carries no figure)"
                self.fault(place, f"the figure {number} stands in none of the sources cited: {cited}", number)

    def patient_text(self, place: Place, text: str) -> None:
        level = grade(text)
        if level > REFUSED_GRADE:
            self.fault(place, f"patient text reads at grade {level}; at most 8 is allowed, 6 is wanted", text[:20])
        elif level > WANTED_GRADE:
            self.remarks.append(place.problem(f"patient text reads at grade {level}; 6 is wanted", text[:20]))

    def unique(self, rows: Iterable[tuple[str, Place]], what: str) -> None:
        seen: set[str] = set()
        for name, place in rows:
            if name in seen:
                self.fault(place, f"duplicate {what} '{name}'", name)
            seen.add(name)
            if what.endswith("id") and not ID.fullmatch(name):
                self.fault(place, f"'{name}' is no id; use lower-case letters, digits and hyphens", name)

    def claim(self, row: Text, patient: bool) -> None:
        """A text with its sources, figures, and reading grade."""
        if not row.text.strip():
            self.fault(row.place, "the text is empty", "text")
        sources = self.cited(row.place, row.sources, row.editorial)
        self.figures(row.place, row.text, sources)
        if patient or row.audience == "patient":
            self.patient_text(row.place, row.text)
        self.known(row.place, "treatment", row.treatment)

    # --- rules for whole files -----------------------------------------------------------------------------------

    def characters(self) -> None:
        for file in self.content.files:
            for number, line in enumerate(file.lines, 1):
                bad = [character for character in line if is_hidden(character) and character != "\t"]
                if bad or re.search(
                    r"\\u00[01][0-9a-fA-F]|\\u007[fF]|\\u00[89][0-9a-fA-F]|\\u20[26][0-9a-fA-F]|\\[bfr]", line
                ):
                    named = f"U+{ord(bad[0]):04X}" if bad else "written as an escape"
                    self.faults.append(Problem(file.name, number, f"control or direction character {named}; remove it"))

    def condition(self, condition: Condition) -> None:
        head = condition.head
        self.one_of(head.place, "kind", head.kind, ("condition", "impairment"))
        self.one_of(head.place, "urgency", head.urgency, URGENCIES)
        self.known(head.place, "region", *head.regions)
        if not head.regions:
            self.fault(head.place, "a condition needs at least one region", "regions")
        if len(head.short_label) > 32:
            self.fault(head.place, "short_label is longer than 32 characters", "short_label")
        if not ICD10CM.fullmatch(head.icd10cm):
            self.fault(head.place, f"'{head.icd10cm}' is no ICD-10-CM code", "icd10cm")
        if not head.place.file.name.endswith(f"/{head.id}.toml"):
            self.fault(head.place, f"the id '{head.id}' and the file's name differ", "id")
        cited = {name.partition("#")[0] for rows in condition.texts.values() for row in rows for name in row.sources}
        self.figures(head.place, head.urgency_note, [self.sources[name] for name in cited if name in self.sources])
        grave = head.urgency in ("emergency", "urgent")
        needed = ["summary", "patient", "refer", "go_now" if grave else "self_care"]
        if head.complete:
            needed += ["who", "course", "management"]
        for topic in needed:
            if not condition.texts.get(topic):
                self.fault(head.place, f"has no [[{topic}]]")
        for topic, texts in condition.texts.items():
            for row in texts:
                self.claim(row, patient=topic in PATIENT_TOPICS)
                if topic == "pain_rule":
                    self.one_of(row.place, "role", row.role, PAIN_ROLES)
                if topic == "management":
                    self.one_of(row.place, "stance", row.stance, STANCES)
                if topic == "go_now":
                    self.one_of(row.place, "role", row.role, GO_NOW_ROLES)
                    if row.editorial:
                        self.fault(row.place, "an emergency text may not be editorial", "editorial")
        roles = {row.role for row in condition.texts.get("go_now", [])}
        if grave:
            for role in ("suspected", "where", "watch"):
                if role not in roles:
                    self.fault(head.place, f"has no [[go_now]] with role {role}")
        self.unique(((row.id, row.place) for row in condition.findings), "finding")
        self.unique(((f"{row.id} {row.relation}", row.place) for row in condition.movements), "movement")
        self.unique(((row.id, row.place) for row in condition.contributors), "contributor")
        for finding in condition.findings:
            self.known(finding.place, "finding", finding.id)
            self.one_of(finding.place, "strength", finding.strength, STRENGTHS)
            self.figures(
                finding.place, finding.note, self.cited(finding.place, finding.sources, finding.editorial, finding.id)
            )
        for movement in condition.movements:
            self.known(movement.place, "movement", movement.id)
            self.one_of(movement.place, "relation", movement.relation, RELATIONS)
            self.one_of(movement.place, "strength", movement.strength, STRENGTHS)
            self.figures(
                movement.place, movement.note, self.cited(movement.place, movement.sources, movement.editorial, movement.id)
            )
        for contributor in condition.contributors:
            self.known(contributor.place, "contributor", contributor.id)
            self.figures(
                contributor.place,
                contributor.note,
                self.cited(contributor.place, contributor.sources, contributor.editorial, contributor.id),
            )

    def templates(self) -> None:
        """What a plan starts with must serve the condition, and be barred neither for it nor twice."""
        served = {(row.condition, item.head.id) for item in self.content.exercises for row in item.serves}
        barred = {(bar.id, item.head.id) for item in self.content.exercises for bar in item.not_for}
        helps = {row.id: row.helps for row in self.content.treatments}
        against = {(bar, row.id) for row in self.content.treatments for bar in row.not_for}
        for condition in self.content.conditions:
            head = condition.head
            self.unique(((row.phase, row.place) for row in condition.templates), "phase of a template")
            self.unique(((name, head.place) for name in head.workarounds), "work-around")
            for name in head.workarounds:
                if not helps.get(name) or (head.id, name) in against:
                    self.fault(head.place, f"'{name}' is no work-around for a movement, or barred here", name)
            for topic in ("one_thing", "follow_up"):
                if len(condition.texts.get(topic, [])) > 1:
                    self.fault(head.place, f"has more than one [[{topic}]]")
            if head.urgency not in ("emergency", "urgent") and not condition.templates:
                self.fault(head.place, "has no [[template]]")
            for row in condition.templates:
                self.one_of(row.place, "phase", row.phase, PHASES)
                self.unique(((name, row.place) for name in row.exercises), "exercise of the template")
                if not FEWEST_EXERCISES <= len(row.exercises) <= MOST_EXERCISES:
                    self.fault(row.place, f"a template names {FEWEST_EXERCISES} to {MOST_EXERCISES} exercises", "exercises")
                for name in row.exercises:
                    if (head.id, name) not in served or (head.id, name) in barred:
                        self.fault(row.place, f"'{name}' does not serve {head.id}", name)

    def exercise(self, exercise: Exercise) -> None:
        head = exercise.head
        self.one_of(head.place, "kind", head.kind, ("exercise", "stretch", "activity"))
        if not head.place.file.name.endswith(f"/{head.id}.toml"):
            self.fault(head.place, f"the id '{head.id}' and the file's name differ", "id")
        self.patient_text(head.place, head.patient_start)
        self.patient_text(head.place, " ".join(step.text for step in exercise.steps))
        if not exercise.steps:
            self.fault(head.place, "has no [[step]]")
        for step in exercise.steps:
            if head.sided and CHANGE_SIDES.search(step.text):
                self.fault(step.place, "a sided exercise is done on the side that the sheet names; leave the change out")
            self.one_of(step.place, "role", step.role, STEP_ROLES)
        for topic in ("why", "feel", "stop"):
            if not exercise.texts.get(topic):
                self.fault(head.place, f"has no [[{topic}]]")
        for texts in exercise.texts.values():
            for row in texts:
                self.claim(row, patient=True)
        dose = exercise.dose
        sources = self.cited(dose.place, (dose.source,), False, "the dose") if dose.source else []
        stated = {name: getattr(dose, name) for name in doses.FIELDS}
        for name, value in stated.items():
            if value and not doses.is_amount(name, value):
                self.fault(dose.place, f"{name} must be {doses.wanted(name)}, not '{value}'", name)
        self.figures(dose.place, " ; ".join((*stated.values(), dose.note)), sources)
        if not exercise.serves:
            self.fault(head.place, "has no [[serves]]")
        self.unique(((row.condition, row.place) for row in exercise.serves), "condition served")
        for served in exercise.serves:
            self.known(served.place, "condition", served.condition)
            self.one_of(served.place, "phase", served.phase, PHASES)
            self.cited(served.place, served.sources, served.editorial)
        self.unique(((row.id, row.place) for row in exercise.not_for), "reason against")
        for bar in exercise.not_for:
            if bar.id not in self.ids["condition"] | self.ids["finding"]:
                self.fault(bar.place, f"unknown condition or finding '{bar.id}'", bar.id)
            self.cited(bar.place, bar.sources, bar.editorial)

    def figures_drawn(self) -> None:
        """Every figure shows a known exercise or work-around, obeys a body's rules, and says in words what it shows."""
        self.unique(((figure.id, figure.place) for figure in self.content.figures), "figure")
        drawn = {figure.id for figure in self.content.figures}
        for figure in self.content.figures:
            self.known(figure.place, "treatment", figure.id)
            if not figure.place.file.name.endswith(f"/{figure.id}.toml"):
                self.fault(figure.place, f"the id '{figure.id}' and the file's name differ", "id")
            for fault in check_figure(figure):
                name = fault.partition("'")[2].partition("'")[0]
                self.fault(figure.place.file.place("frame", [frame.name for frame in figure.frames].index(name)), fault)
            for frame in figure.frames:
                self.patient_text(figure.place, frame.alt)
        for exercise in self.content.exercises:
            frames = [len(figure.frames) for figure in self.content.figures if figure.id == exercise.head.id]
            if exercise.head.id not in drawn:
                self.remarks.append(
                    exercise.head.place.problem(f"has no figure; draw one in figures/{exercise.head.id}.toml")
                )
            elif min(frames) < FEWEST_FRAMES:
                self.fault(exercise.head.place, "its figure shows no start and end: it has one frame")

    def chart(self) -> None:
        """Every place on the body has its areas on the sides of the chart that it belongs to, and they lie as they must."""
        rows, regions = self.content.chart_areas, {row.id: row for row in self.content.regions}
        self.unique(((f"{row.region} {row.view}", row.place) for row in rows), "chart area")
        places: dict[tuple[str, str], Place] = {}
        areas: dict[str, list[chart.Area]] = {view: [] for view in look.SIDES}
        for row in rows:
            self.known(row.place, "region", row.region)
            self.one_of(row.place, "view", row.view, look.SIDES)
            if row.view not in look.SIDES or row.region not in regions:
                continue
            if regions[row.region].side not in (row.view, "both"):
                self.fault(row.place, f"{row.region} is not drawn on the {row.view}: regions.toml says so", "view")
            places[row.region, row.view] = row.place
            try:
                given = chart.shapes_of(row.polygon, row.capsules, row.ellipses)
            except ValueError as error:
                self.fault(row.place, str(error))
                continue
            areas[row.view] += chart.areas_of(row.region, row.view, row.paired, given)
        for view, found in areas.items():
            for area, fault in chart.faults(view, found):
                self.fault(places[area.region, view], f"{area.region} {area.side}".rstrip() + f" {fault}")
        for off in self.content.off_chart:
            self.known(off.place, "region", off.region)
        elsewhere = {row.parent for row in regions.values()} | {row.region for row in self.content.off_chart}
        for name in regions.keys() - elsewhere:
            for view in look.SIDES:
                if regions[name].side in (view, "both") and (name, view) not in places:
                    self.fault(regions[name].place, f"{name} has no area on the {view} of the body chart (chart.toml)")

    def vocabulary(self) -> None:
        content = self.content
        for region in content.regions:
            self.known(region.place, "region", region.parent)
            self.one_of(region.place, "side", region.side, ("front", "back", "both"))
        for movement in content.movements:
            self.known(movement.place, "finding", movement.worse, movement.better, movement.hard)
        for finding in content.findings:
            self.known(finding.place, "region", finding.region)
            self.known(finding.place, "movement", finding.movement)
            self.known(finding.place, "finding", finding.opposite, finding.broader)
            self.known(finding.place, "finding group", finding.group)
            self.one_of(finding.place, "tier", finding.tier, ("core", "extended"))
            self.one_of(finding.place, "way", finding.way, ("ask", "look", "hands", "equipment"))
            self.one_of(finding.place, "training", finding.training, ("none", "basic", "clinician"))
        for group in content.finding_groups:
            self.known(group.place, "finding", group.common_with)
            if group.common_with or group.source:
                self.cited(group.place, (group.source,) if group.source else (), False, group.id)
        for umbrella in content.umbrellas:
            self.known(umbrella.place, "condition", *umbrella.conditions)
            self.known(umbrella.place, "movement", *umbrella.movements)
            self.known(umbrella.place, "condition group", *umbrella.groups)
        for tie in content.contributes_to:
            self.known(tie.place, "contributor", tie.contributor)
            self.known(tie.place, "condition", tie.condition)
            self.cited(tie.place, tie.sources, tie.editorial)
        self.unique(((f"{tie.contributor} {tie.condition}", tie.place) for tie in content.contributes_to), "tie")

    def treatments(self) -> None:
        for row in self.content.treatments:
            self.one_of(row.place, "kind", row.kind, TREATMENT_KINDS)
            self.one_of(row.place, "offer", row.offer, OFFERS)
            sources = self.cited(row.place, row.sources, row.editorial, row.id)
            if row.patient:
                self.figures(row.place, row.patient, sources)
                self.patient_text(row.place, row.patient)
            if row.offer != "yes" and not row.note:
                self.fault(row.place, f"{row.id}: offer = {row.offer} needs a note that says why")
            if row.note or row.note_sources:
                self.figures(row.place, row.note, self.cited(row.place, row.note_sources, False, f"the note of {row.id}"))
            self.known(row.place, "movement", *row.helps)
            self.known(row.place, "treatment", *row.not_with)
            for bar in row.not_for:
                if bar not in self.ids["condition"] | self.ids["finding"]:
                    self.fault(row.place, f"unknown condition or finding '{bar}'", bar)
            if row.not_for:
                self.cited(row.place, row.not_for_sources, row.not_for_editorial, f"not_for of {row.id}")

    def red_flags(self) -> None:
        for row in self.content.red_flags:
            self.one_of(row.place, "urgency", row.urgency, RULE_URGENCIES)
            self.one_of(row.place, "urgency_basis", row.urgency_basis, ("source", "reviewer"))
            self.one_of(row.place, "stop_box", row.stop_box, ("emergency", "clinic", "none"))
            self.known(row.place, "finding", *row.findings)
            self.known(row.place, "condition", *row.suspects)
            sources = self.cited(row.place, row.sources, False, row.id)
            for text in (row.label, row.lay_label, row.action, row.note):
                self.figures(row.place, text, sources)
            self.patient_text(row.place, row.lay_label)

    def lines(self, place: Place, *texts: str) -> None:
        """Lines in the language of `db.terms`, whose findings must be known."""
        for text in texts:
            try:
                self.known(place, "finding", *parse_line(text).findings())
            except ValueError as error:
                self.fault(place, str(error), text)

    def field(self, place: Place, text: str) -> None:
        """A term that compares a field of the case."""
        try:
            if not parse_term(text).field:
                self.fault(place, f"'{text}' compares no field of a case", text)
        except ValueError as error:
            self.fault(place, str(error), text)

    def screening(self) -> None:
        signs = {row.id: row for row in self.content.red_flags}
        for rule in self.content.rules:
            self.known(rule.place, "red flag", rule.red_flag)
            self.one_of(rule.place, "tier", rule.tier, ("escalates", "informs"))
            self.one_of(rule.place, "urgency", rule.urgency, RULE_URGENCIES)
            self.one_of(rule.place, "urgency_basis", rule.urgency_basis, ("source", "reviewer"))
            if (rule.tier == "informs") != (rule.urgency == "clinic"):
                self.fault(rule.place, "a rule has the urgency 'clinic' when, and only when, it informs", "urgency")
            if not rule.when:
                self.fault(rule.place, "needs at least one line in 'when'", "when")
            self.lines(rule.place, *rule.when, *rule.unless, *rule.despite)
            self.known(rule.place, "condition", *rule.suspects)
            sign = signs.get(rule.red_flag)
            self.cited(rule.place, rule.sources or (sign.sources if sign else ()), False, rule.id)
            # The figure of a rule may stand in a source of its sign, too.
            cited = {*rule.sources, *(sign.sources if sign else ())}
            names = sorted({name.partition("#")[0] for name in cited})
            known = [self.sources[name] for name in names if name in self.sources]
            self.figures(rule.place, rule.evidence, known)
        for question in self.content.safety_questions:
            self.known(question.place, "finding", question.finding, *question.also)
            self.lines(question.place, *question.when, *question.unless)
            self.figures(question.place, f"{question.text} {question.why}", [])
            self.patient_text(question.place, question.text)

    def odds(self) -> None:
        for prior in self.content.priors:
            self.known(prior.place, "condition", prior.condition)
            self.one_of(prior.place, "setting", prior.setting, SETTINGS)
            self.one_of(prior.place, "class", prior.prior_class, PRIOR_CLASSES)
            sources = self.cited(prior.place, prior.sources, prior.editorial, prior.condition)
            self.figures(prior.place, f"{prior.share} ; {prior.among} ; {prior.note}", sources)
            if bool(prior.share) == prior.editorial:
                self.fault(prior.place, "a prior either has a published share with its source or is editorial", "share")
        default = {prior.condition for prior in self.content.priors if prior.setting == SETTINGS[0]}
        for condition in self.content.conditions:
            if condition.head.id not in default:
                self.fault(condition.head.place, f"has no prior for {SETTINGS[0]} in priors.toml")
        for profile in self.content.profiles:
            self.known(profile.place, "condition", profile.condition)
            self.one_of(profile.place, "strength", profile.strength, (*STRENGTHS, "excluded"))
            self.figures(profile.place, profile.note, self.cited(profile.place, profile.sources, profile.editorial))
            self.field(profile.place, profile.field)
        self.unique(((f"{row.condition} {row.setting}", row.place) for row in self.content.priors), "prior")
        self.unique(((f"{row.condition} {row.field}", row.place) for row in self.content.profiles), "profile")

    def articles(self) -> None:
        for article in self.content.articles:
            self.used.add(article.source.id)
            ties: tuple[Tie, ...] = (*article.movements, *article.treatments, *article.symptoms)
            for tie in ties:
                self.known(tie.place, "condition", *tie.conditions)
                self.known(tie.place, "contributor", *tie.contributors)
                self.known(tie.place, "umbrella", *tie.umbrellas)
            lines: tuple[Tie | Sign | Fact | Answer, ...] = (*ties, *article.signs, *article.facts, *article.answers)
            for named in lines:
                if not 1 <= named.line <= article.source.lines:
                    self.fault(
                        named.place, f"line must be between 1 and the article's {article.source.lines} lines", "line"
                    )
            for movement in article.movements:
                self.known(movement.place, "movement", movement.id)
                self.known(movement.place, "finding", movement.finding)
                self.one_of(movement.place, "relation", movement.relation, (*RELATIONS, "tests"))
                self.one_of(movement.place, "scope", movement.scope, SCOPES)
            for treatment in article.treatments:
                self.known(treatment.place, "treatment", treatment.id)
                self.one_of(treatment.place, "scope", treatment.scope, SCOPES)
            scoped: tuple[MovementTie | TreatmentTie, ...] = (*article.movements, *article.treatments)
            for either in scoped:
                if (either.scope == "inferred") != either.editorial:
                    self.fault(either.place, "a tie is editorial when, and only when, its scope is inferred", "scope")
            for symptom in article.symptoms:
                self.known(symptom.place, "finding", *symptom.findings, *symptom.against)
                self.figures(symptom.place, f"{symptom.text} {symptom.note}", [article.source])
            for sign in article.signs:
                self.known(sign.place, "red flag", sign.red_flag)
                self.known(sign.place, "condition", *sign.conditions)
                self.one_of(sign.place, "tier", sign.tier, ("emergency", "prompt", "consult", "none-stated"))
                self.figures(sign.place, sign.text, [article.source])
            for fact in article.facts:
                self.known(fact.place, "condition", *fact.conditions)
                self.known(fact.place, "contributor", *fact.contributors)
                self.figures(fact.place, fact.text, [article.source])
            for answer in article.answers:
                self.known(answer.place, "condition", *answer.conditions)
                self.figures(answer.place, f"{answer.question} {answer.text}", [article.source])
            self.unique(((f"{row.line}: {row.text}", row.place) for row in article.facts), "fact")

    def contradictions(self) -> None:
        for row in self.content.contradictions:
            self.known(row.place, "condition", *row.conditions)
            self.known(row.place, "treatment", *row.treatments)
            one = self.cited(row.place, row.one_sources, False, "the one side")
            other = self.cited(row.place, row.other_sources, False, "the other side")
            self.figures(row.place, row.one, one)
            self.figures(row.place, row.other, other)
            self.figures(row.place, row.handling, [*one, *other])

    def sheet(self) -> None:
        content = self.content
        for row in content.pain_rules:
            self.one_of(row.place, "role", row.role, PAIN_ROLES)
        for row in content.pain_limits:
            if not (row.role.isdecimal() and int(row.role) <= MOST_PAIN):
                self.fault(row.place, f"a pain limit's role is a number from 0 to {MOST_PAIN}", "role")
        if len(content.follow_ups) != 1:
            self.faults.append(Problem("sheet.toml", 1, "needs one [[follow_up]]"))
        self.unique(((row.id, row.place) for row in content.concerns), "concern")
        for row in (*content.pain_rules, *content.pain_limits, *content.follow_ups, *content.concerns):
            self.claim(row, patient=row not in content.pain_limits)

    def evidence(self) -> None:
        content = self.content
        for ratio in content.ratios:
            self.known(ratio.place, "condition", ratio.condition)
            self.one_of(ratio.place, "subject", ratio.subject, ("finding", "absent", "field", "cluster"))
            self.one_of(ratio.place, "side", ratio.side, ("both", "pos", "neg", "none"))
            self.one_of(ratio.place, "use", ratio.use, ("preferred", "alternative", "caution"))
            if ratio.subject in ("finding", "absent"):
                self.known(ratio.place, "finding", ratio.name)
            self.cited(ratio.place, (ratio.source,), False)
            if ratio.only:
                self.field(ratio.place, ratio.only)
        chosen = [(f"{r.condition} {r.subject}:{r.name} {r.rule}", r.place) for r in content.ratios if r.chosen]
        self.unique(chosen, "chosen ratio")
        for note in content.study_notes:
            self.known(note.place, "condition", note.condition)
            self.known(note.place, "finding", note.finding)
            self.cited(note.place, (note.source,), False)
        rows = {statement.row for statement in content.statements}
        for statement in content.statements:
            self.known(statement.place, "condition", *statement.conditions)
            self.known(statement.place, "treatment", statement.treatment)
            self.one_of(statement.place, "stance", statement.stance, (*STANCES, "fact"))
            self.figures(statement.place, statement.text, self.cited(statement.place, statement.sources, False))
            for other in statement.disputes:
                if other not in rows:
                    self.fault(statement.place, f"unknown row '{other}'", other)
        for row in content.evidence:
            self.known(row.place, "red flag", row.red_flag)
            self.known(row.place, "condition", *row.conditions)
            self.figures(row.place, f"{row.text} {row.meaning}", self.cited(row.place, row.sources, False))
        for table in (content.ratios, content.study_notes, content.statements, content.evidence):
            self.unique(((row.row, row.place) for row in table), "row")

    def duplicates(self) -> None:
        content = self.content
        self.unique(((row.id, row.place) for row in content.regions), "region id")
        self.unique(((row.id, row.place) for row in content.movements), "movement id")
        self.unique(((row.id, row.place) for row in content.findings), "finding id")
        self.unique(((row.id, row.place) for row in content.finding_groups), "finding group id")
        self.unique(((row.id, row.place) for row in content.contributors), "contributor id")
        self.unique(((row.id, row.place) for row in content.umbrellas), "umbrella id")
        self.unique(((row.id, row.place) for row in content.red_flags), "red flag id")
        self.unique(((row.id, row.place) for row in content.rules), "rule id")
        self.unique(((row.id, row.place) for row in content.safety_questions), "safety question id")
        self.unique(((row.id, row.place) for row in content.contradictions), "contradiction id")
        self.unique(((row.head.id, row.head.place) for row in content.conditions), "condition id")
        own = [(row.id, row.place) for row in content.treatments]
        own += [(row.head.id, row.head.place) for row in content.exercises]
        self.unique(own, "treatment id")
        sources = [(row.id, row.place) for row in content.sources]
        self.unique(sources + [(row.source.id, row.source.place) for row in content.articles], "source id")

    def unused_sources(self) -> None:
        for source in self.content.sources:
            if source.id not in self.used:
                self.fault(source.place, f"source '{source.id}' is cited by nothing; remove it", source.id)

    def all(self) -> Iterator[Callable[[], None]]:
        yield from (self.characters, self.duplicates, self.vocabulary, self.treatments, self.red_flags)
        yield from (
            self.screening,
            self.odds,
            self.articles,
            self.contradictions,
            self.sheet,
            self.templates,
            self.figures_drawn,
            self.chart,
            self.evidence,
        )


def check(content: Content) -> tuple[list[Problem], list[Problem]]:
    """What must be mended in the content, and what should be looked at; both in file and line order."""
    run = _Check(content)
    for rule in run.all():
        rule()
    for condition in content.conditions:
        run.condition(condition)
    for exercise in content.exercises:
        run.exercise(exercise)
    run.unused_sources()
    return sorted(set(run.faults)), sorted(set(run.remarks))
