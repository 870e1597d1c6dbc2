"""The interview: the screens' twin in plain lines, one question at a time.

For screen readers, braille lines, serial consoles and scripts: no line is drawn over, no cursor moves, every choice is
a number, and the end of the input is a way to stop. What is skipped is unknown, never "no".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from json import dumps
from pathlib import Path
from typing import Any, TextIO

from db import search
from db.read import Condition, Connection, SafetyQuestion
from decide import checker, letter_text, plan, report, settings, sheet, sheet_text
from decide.answer import Answer, Reasoner
from decide.case import OLDEST, Case, as_json, facts
from decide.case import Answer as CaseAnswer
from decide.compare import compare
from decide.compare_report import row_lines, telling_lines
from decide.errors import DeliveryError, InputError
from decide.files import write_whole
from decide.letter import letter
from decide.next_question import Question, change
from decide.ranking import BANDS, Candidate
from decide.record import record
from decide.report import BAND_TITLES, WIDTH, screened_words
from decide.screening import DISPOSITION, SOON, WITHIN, Screening, answer_question
from decide.text import cells, visible, wrap

DONE = 0
LONGEST_LINE = 200
HITS = 9
COMPARED = 3
# The parts of the interview, said as each begins. Two questions are a part of their own and need no title.
PERSON, SAFETY, PLACE, NEXT = "About the person.", "Warning signs.", "", "What to ask or test next."
# The standing commands as words.
WORDS = {"back": "b", "skip": "s", "why": "w", "help": "?", "stop": "q", "quit": "q"}
COMMANDS = (
    "At every question: Enter or s skips it (unknown, never no), b goes back and undoes, w says why it is asked, q stops "
    "and shows what is known, ? helps."
)
ANSWERS: dict[str, CaseAnswer] = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "u": "not able"}
YES_NO = "y, n, u (not able to ask or test)"
# The fields of a case that are chosen from a list: the question, its choices (value: words), and why it is asked.
FIELDS: dict[str, tuple[str, dict[str, str], str]] = {
    "sex": (
        "Woman or man?",
        {"f": "Woman", "m": "Man"},
        "Some conditions are commoner in one sex, and some warning signs are asked of women only.",
    ),
    "side": (
        "Which side?",
        {"left": "Left", "right": "Right", "both": "Both"},
        "It goes on the plan and the letter; trouble on both sides may mean the spine.",
    ),
    "duration": (
        "How long has it been going on?",
        {"acute": "Under 6 weeks", "subacute": "6 to 12 weeks", "chronic": "Over 12 weeks"},
        "What is new is looked at for danger; what has lasted has other causes and another course.",
    ),
    "onset": (
        "How did it begin?",
        {"sudden": "Suddenly", "gradual": "Little by little", "trauma": "With a fall, a blow or another injury"},
        "A sudden start or an injury makes a fracture, a bleed or a disc more likely than slow wear.",
    ),
}
WHY_AGE = "Age changes what is likely and what is dangerous. Under 18 nothing is ranked: the knowledge is about adults."
WHY_WHERE = "Each condition has its places. Some places also call for more warning questions."
WHY_WHAT = "What brings the pain on tells back, hip and nerve apart. Name what they do find sore or hard, not what is fine."
WHY_WHICH = "Which of them it is says how urgent it is. Left open, the question counts as answered with yes."
COMPARE, WHY, PLAN, LETTER, SAVE, NEW, END = "1234567"


@dataclass(frozen=True)
class State:
    """Where the interview stands: the case, what was passed without an answer (step names), and whether it was stopped."""

    case: Case = field(default_factory=Case)
    passed: frozenset[str] = frozenset()
    stopped: bool = False

    def over(self, name: str) -> State:
        """The state with one step passed."""
        return replace(self, passed=self.passed | {name})


@dataclass(frozen=True)
class Step:
    """One question. `take` makes of an answer the next state, or lines to show instead (what is allowed, a list)."""

    name: str
    part: str
    lines: tuple[str, ...]
    prompt: str
    allowed: str
    why: str
    take: Callable[[str], State | list[str]]


class Talk:
    """Lines out, lines in. The end of the input raises EOFError."""

    def __init__(self, stdin: TextIO | None, stdout: TextIO) -> None:
        self._in, self._out = stdin, stdout
        if stdin is not None and hasattr(stdin, "reconfigure"):
            stdin.reconfigure(errors="replace")
        self._typed = stdin is not None and stdin.isatty()
        # A terminal shows what is typed and ends the line; for everything else that is done here.
        self._shown = self._typed and stdout.isatty()

    def say(self, *lines: str) -> None:
        for line in lines:
            self._out.write(visible(line) + "\n")

    def paragraph(self, text: str, first: str = "", rest: str | None = None) -> None:
        self.say(*wrap(text, WIDTH, first, rest))

    def ask(self, prompt: str) -> str:
        """What is answered to a prompt, without the blanks around it. Lines too long to be meant are refused."""
        while True:
            self._out.write(prompt)
            self._out.flush()
            try:
                text = self._line()
            except KeyboardInterrupt:
                self.say("")
                self._out.flush()
                raise
            if text is None:
                self.say("")
                raise EOFError
            if not self._shown:
                self.say("" if self._typed else wrap(visible(text[:WIDTH]), WIDTH - cells(prompt))[0])
            if len(text) <= LONGEST_LINE:
                return text.strip()
            self.paragraph(f"That line is longer than {LONGEST_LINE} characters; write it shorter.")

    def _line(self) -> str | None:
        """The next line, or None at the end. What goes beyond the limit is read and dropped."""
        if self._in is None:
            return None
        try:
            line = self._in.readline(LONGEST_LINE + 2)
            rest = line
            while rest and not rest.endswith("\n") and len(rest) == LONGEST_LINE + 2:
                rest = self._in.readline(LONGEST_LINE + 2)
        except (OSError, ValueError):
            return None
        # A lone surrogate can be neither shown nor looked up.
        return line.rstrip("\r\n").encode("utf-8", "replace").decode() if line else None


def interview(db: Connection, folder: Path, training: str, stdin: TextIO, stdout: TextIO) -> int:
    """Ask, line by line, and end in a result. Returns 0, also when it was stopped or the input ended."""
    Interview(db, folder, training, Talk(stdin, stdout)).run()
    stdout.flush()
    return DONE


class Interview:
    """One run: the state, the states before it, and the talk."""

    def __init__(self, db: Connection, folder: Path, training: str, talk: Talk) -> None:
        self.db, self.folder, self.training, self.talk = db, folder, training, talk
        self.reasoner = Reasoner(db)
        self.state = State()
        self.history: list[State] = []
        self._part = ""
        self._reported: State | None = None
        words = self.reasoner.vocabulary
        # Numbered once, so that a number means the same in every list: what people name first, then the rest.
        self._places = {name: row.lay_label for name, row in words.regions.items() if name in words.of_region}
        self._common_places = len(self._places)
        movements = [row for row in words.movements.values() if row.complaint]
        movements.sort(key=lambda row: not row.common)
        self._movements = {row.id: row.lay_label for row in movements}
        self._common_movements = sum(row.common for row in movements)

    def run(self) -> None:
        try:
            self._intro()
            while True:
                step = self.step()
                if step is not None:
                    self._turn(step)
                elif not self._end():
                    return
        except EOFError:
            # The end of the input: the result of what is known so far, unless it was just shown.
            if self._reported != self.state:
                self._report()

    def _intro(self) -> None:
        self.talk.paragraph("For practitioners, about adults. It supports your judgement and replaces none.")
        self.talk.paragraph(self.reasoner.about.review_note)
        self.talk.paragraph(COMMANDS)

    # --- which question comes next ----------------------------------------------------------------------------------

    def step(self) -> Step | None:
        """The next question, from the case and what was passed alone; None when there is nothing left to ask."""
        state = self.state
        if state.stopped:
            return None
        if state.case.age is None and "age" not in state.passed:
            return self._age()
        for name in FIELDS:
            if getattr(state.case, name) is None and name not in state.passed:
                return self._field(name)
        # A list that was begun is finished before the warning questions that it calls for.
        begun = state.case.regions and "regions" not in state.passed
        if not begun and (step := self._safety()):
            return step
        if "regions" not in state.passed:
            return self._pick("regions", self._places, self._common_places, WHY_WHERE)
        if state.case.minor:
            return None
        if "movements" not in state.passed:
            return self._pick("movements", self._movements, self._common_movements, WHY_WHAT)
        return self._next()

    def _screening(self, state: State) -> Screening:
        return self.reasoner.screen.of(facts(state.case, self.reasoner.vocabulary))

    def _safety(self) -> Step | None:
        known = facts(self.state.case, self.reasoner.vocabulary)
        screening = self.reasoner.screen.of(known)
        for number, asked in enumerate(screening.questions, 1):
            question = asked.question
            if asked.answer is None and question.finding not in self.state.passed:
                return self._safety_question(question, number, screening.of)
            several = len(question.findings) > 1 and not any(name in known.present for name in question.findings[1:])
            if asked.answer == "yes" and several and f"which:{question.id}" not in self.state.passed:
                return self._which(question)
        return None

    def _with(self, name: str, value: Any) -> State:
        """The state with one field of the case set."""
        return replace(self.state, case=replace(self.state.case, **{name: value}))

    # --- the kinds of question --------------------------------------------------------------------------------------

    def _age(self) -> Step:
        def take(text: str) -> State | list[str]:
            if re.fullmatch("[0-9]{1,3}", text) and int(text) <= OLDEST:
                return self._with("age", int(text))
            return []

        allowed = f"whole years from 0 to {OLDEST}"
        return Step("age", PERSON, ("How old, in years?",), "Age: ", allowed, WHY_AGE, take)

    def _field(self, name: str) -> Step:
        title, options, why = FIELDS[name]

        def take(text: str) -> State | list[str]:
            chosen = _one_of(text, options) or _begun_by(text, options)
            return self._with(name, chosen) if chosen else []

        lines = (title, *_numbered(options))
        return Step(name, PERSON, lines, "Number: ", f"a number from 1 to {len(options)}", why, take)

    def _safety_question(self, question: SafetyQuestion, number: int, of: int) -> Step:
        def take(text: str) -> State | list[str]:
            answer = ANSWERS.get(text.lower())
            return replace(self.state, case=answer_question(self.state.case, question, answer)) if answer else []

        lines = wrap(question.text, WIDTH, f"{number} of {of}. ")
        return Step(question.finding, SAFETY, tuple(lines), "y, n or u: ", YES_NO, question.why, take)

    def _which(self, question: SafetyQuestion) -> Step:
        findings = self.reasoner.findings
        options = {name: findings[name].lay_label for name in question.findings}
        name = f"which:{question.id}"

        def take(text: str) -> State | list[str]:
            chosen = _several(text, options)
            if not chosen:
                return []
            # The yes stood for the first of them; now it stands for what is named. The others stay unknown.
            case = self.state.case.answered(question.finding, None)
            for one in chosen:
                case = case.answered(one, "yes")
            return replace(self.state, case=case).over(name)

        lines = ("Which of these? One or several; Enter leaves it at yes.", *_numbered(options))
        return Step(name, SAFETY, lines, "Numbers: ", "numbers like 1 3", WHY_WHICH, take)

    def _pick(self, name: str, options: Mapping[str, str], common: int, why: str) -> Step:
        """Several of a numbered list; words find what is not in sight. Enter goes on."""
        chosen: tuple[str, ...] = getattr(self.state.case, name)
        kind = name.removesuffix("s")
        more = len(options) > common

        def take(text: str) -> State | list[str]:
            if more and text.lower() == "m":
                return _numbered(options)[common:]
            picked = _several(text, options)
            if picked:
                return self._with(name, tuple(dict.fromkeys((*chosen, *picked))))
            if len(text) < 2 or not re.search(r"[^\W\d_]", text):
                return []
            hits = [hit.id for hit in search.search(self.db, text, (kind,)) if hit.id in options][:HITS]
            if not hits:
                return [f"Nothing found for: {visible(text[:40])}. Try another word{', or m' if more else ''}."]
            return ["Found; give its number:", *(line for one in hits for line in _numbered_as(options, one))]

        numbers = "numbers like 1 3, or words to look for" + (", or m for more" if more else "")
        if chosen:
            said = ", ".join(options.get(one, one) for one in chosen)
            lines = (*wrap(f"Noted: {said}.", WIDTH), "Anything else? Enter goes on.")
        else:
            asks = "Where does it hurt?" if kind == "region" else "What brings it on, or is hard to do?"
            lines = (asks, *wrap(f"{numbers[0].upper()}{numbers[1:]}.", WIDTH), *_numbered(options)[:common])
        return Step(name, PLACE, lines, "Numbers or words: ", numbers, why, take)

    def _next(self) -> Step | None:
        """The most telling question that was not skipped."""
        case = self.state.case
        # What was skipped is passed over as what cannot be tested is; the case itself keeps it as not asked.
        for name in sorted(self.state.passed & self.reasoner.findings.keys()):
            if case.answer(name) is None:
                case = case.answered(name, "not able")
        answer = self.reasoner.answer(case, self.training)
        if not answer.questions:
            return None
        question = answer.questions[0]
        finding = question.finding

        def take(text: str) -> State | list[str]:
            said = ANSWERS.get(text.lower())
            return replace(self.state, case=self.state.case.answered(finding.id, said)) if said else []

        lines = [*wrap(finding.lay_label + "?", WIDTH), *wrap(finding.question, WIDTH, "How: ", "  ")]
        lines += wrap(self._purpose(question), WIDTH)
        allowed = f"{YES_NO}, or f to finish"
        why = f"{self._purpose(question)} Yes: {question.yes}. No: {question.no}."
        return Step(finding.id, NEXT, tuple(lines), "y, n, u or f: ", allowed, why, take)

    def _purpose(self, question: Question) -> str:
        names = [self.reasoner.conditions[name].short_label for name in question.separates[:2]]
        if question.danger:
            return f"Settles a danger: {names[0]}."
        return f"Tells apart: {' and '.join(names)}."

    # --- one turn ---------------------------------------------------------------------------------------------------

    def _turn(self, step: Step) -> None:
        """Ask one question until it is answered, skipped, taken back or stopped."""
        if step.part != self._part:
            self._part = step.part
            if step.part:
                self.talk.say("", step.part)
        self.talk.say("", *step.lines)
        while True:
            text = self.talk.ask(step.prompt)
            command = WORDS.get(text.lower(), text.lower())
            if command == "b":
                if not self.history:
                    self.talk.say("This is the first question.")
                    continue
                self._back()
                return
            if command == "w":
                self.talk.paragraph(step.why)
            elif command == "?":
                self.talk.paragraph(f"Allowed here: {step.allowed}. {COMMANDS} {self.reasoner.about.not_for}")
            elif command == "q" or (command == "f" and step.part == NEXT):
                self._go(replace(self.state, stopped=True))
                return
            elif command in ("", "s"):
                before = self.state
                self._go(self.state.over(step.name))
                self._after(before, step)
                return
            else:
                taken = step.take(text)
                if isinstance(taken, State):
                    before = self.state
                    self._go(taken)
                    self._after(before, step)
                    return
                wrong = [
                    *wrap(f"Not understood: {visible(text[:20])}", WIDTH),
                    *wrap(f"Type {step.allowed}; ? helps.", WIDTH),
                ]
                self.talk.say(*(taken or wrong))

    def _go(self, state: State) -> None:
        self.history.append(self.state)
        self.state = state

    def _back(self) -> None:
        self.state = self.history.pop()
        self._part = ""
        self.talk.say("Back; that answer is undone.")

    def _after(self, before: State, step: Step) -> None:
        """What an answer changed: warnings first, then the candidates."""
        self._warn(before)
        if self.state.case.minor and not before.case.minor:
            self.talk.paragraph(self.reasoner.answer(self.state.case, questions=False).notice)
        if self.state.case.minor:
            return
        if step.part == NEXT and self.state.case != before.case:
            was = self.reasoner.answer(before.case, questions=False)
            now = self.reasoner.answer(self.state.case, questions=False)
            finding = self.reasoner.findings[step.name]
            said = f"{finding.lay_label}: {self.state.case.answer(finding.id)}"
            moved = change(was.ranking, now.ranking, said)
            self.talk.paragraph(f"{moved[0].upper()}{moved[1:]}. {_standing(now)}")
        elif step.name == "movements" and "movements" in self.state.passed:
            self.talk.paragraph(_standing(self.reasoner.answer(self.state.case, questions=False)))

    def _warn(self, before: State) -> None:
        """Say at once which warning rules the last answer tripped, and which it took back."""
        was, now = (self._screening(state).escalating for state in (before, self.state))
        old, new = ({trip.rule.id for trip in trips} for trips in (was, now))
        actions: set[str] = set()
        for trip in now:
            if trip.rule.id in old:
                continue
            rule = trip.rule
            word = "EMERGENCY" if rule.urgency == "emergency" else "URGENT"
            suspects = "; ".join(map(self.reasoner.label, rule.suspects))
            text = f"{word}, {SOON[WITHIN[rule.urgency]]}: {rule.label}. "
            text += f"Suspected: {suspects}. " if suspects else ""
            # One answer may trip several rules that ask for the same: say what to do once.
            text += f"Do: {rule.action}" if rule.action not in actions else "Do: as just said."
            actions.add(rule.action)
            self.talk.paragraph(text)
        for trip in was:
            if trip.rule.id not in new:
                self.talk.paragraph(f"No longer tripped by what is said: {trip.rule.label}.")
        if actions and not was:
            self.talk.say("q stops here, with the go-now sheet and the letter; or go on.")

    # --- the end ----------------------------------------------------------------------------------------------------

    def answer(self) -> Answer:
        """The case answered; under 18 nothing is ranked and no candidate counts towards the disposition."""
        return self.reasoner.answer(self.state.case, self.training, questions=not self.state.case.minor).shown

    def _report(self) -> None:
        self._reported = self.state
        answer = self.answer()
        self.talk.say("", "Result.", "")
        if answer.case.minor:
            self.talk.say(*report.screening_lines(self.reasoner, answer), "")
            self.talk.paragraph(self.reasoner.about.safety_net)
        else:
            self.talk.say(*report.rank_lines(self.reasoner, answer, False))

    def _end(self) -> bool:
        """The result and what can be done with it. False when the interview is over."""
        if self._reported != self.state:
            self._report()
        answer = self.answer()
        options = self._menu(answer)
        self.talk.say(
            "", "What next? (b: back to the questions)", *(f"{number}. {text}" for number, text in options.items())
        )
        while True:
            text = self.talk.ask("Number: ").lower()
            if text == "b":
                if not self.history:
                    self.talk.say("There is nothing to go back to.")
                    continue
                self._reported = None
                self._back()
                return True
            if text in (END, "q"):
                self.talk.say("Ended. Nothing is kept but what you saved.")
                return False
            if text in options:
                break
            if text == "w":
                self.talk.paragraph("The result stands above; here you choose what to do with it.")
            else:
                self.talk.say(f"Type one of {', '.join(options)}; b goes back to the questions; q ends.")
        if text == NEW:
            self._new()
            return True
        actions = {
            COMPARE: self._compare,
            WHY: self._why,
            PLAN: self._plan,
            LETTER: self._letter,
            SAVE: self._save,
        }
        try:
            actions[text](answer)
        except (InputError, DeliveryError) as error:
            self.talk.paragraph(f"{error}.".replace("..", "."))
        return True

    def _menu(self, answer: Answer) -> dict[str, str]:
        """What is offered; a number always means the same, so that what cannot be done leaves a gap."""
        options: dict[str, str] = {}
        listed = self._candidates(answer)
        if len(listed) > 1:
            options[COMPARE] = "Compare the candidates"
        if listed:
            options[WHY] = "Why a candidate stands where it stands"
        if _grave(answer):
            options[PLAN] = "Go-now sheet and referral letter (no exercises)"
        elif listed:
            options[PLAN] = "Plan for a candidate"
        return options | {
            LETTER: "Referral letter and note",
            SAVE: "Save the case",
            NEW: "New person",
            END: "End",
        }

    def _candidates(self, answer: Answer) -> list[Candidate]:
        """The candidates in the order and with the numbers of the result."""
        if not answer.ranking.matched:
            return []
        return sorted(answer.ranking.listed, key=lambda one: (one.condition.kind != "condition", BANDS.index(one.band)))

    def _choose(self, answer: Answer, title: str) -> Condition | None:
        """One condition: a candidate by its number, or any other by words. None goes back to the menu."""
        options = {one.condition.id: one.condition.short_label for one in self._candidates(answer)}
        self.talk.say("", f"{title} Enter: back.", *_numbered(options))
        while True:
            text = self.talk.ask("Number or words: ")
            if text.lower() in ("", "b", "s"):
                return None
            if text.lower() == "q":
                raise EOFError
            if chosen := _one_of(text, options):
                return self.reasoner.conditions[chosen]
            found = search.search(self.db, text, ("condition",))[:HITS] if re.search(r"[^\W\d_]{2}", text) else []
            if not found:
                self.talk.say("Type a number, or words of another condition's name; Enter: back.")
                continue
            # Others are numbered on from the candidates, so that no number changes its meaning.
            options |= {hit.id: hit.label for hit in found if hit.id not in options}
            self.talk.say("Found; give its number:")
            for hit in found:
                self.talk.say(*_numbered_as(options, hit.id))

    def _compare(self, answer: Answer) -> None:
        options = {one.condition.id: one.condition.short_label for one in self._candidates(answer)}
        first = list(options)[:COMPARED]
        self.talk.say("", f"Compare which? Two to four numbers; Enter: the first {len(first)}.", *_numbered(options))
        while True:
            text = self.talk.ask("Numbers: ")
            if text.lower() == "b":
                return
            if text.lower() == "q":
                raise EOFError
            chosen = _several(text, options) if text else first
            if 2 <= len(chosen) <= 4:
                break
            self.talk.say("Type two to four numbers like 1 2; Enter: the first ones; b: back.")
        found = compare(self.db, chosen)
        self.talk.say("", *telling_lines(found, self.reasoner.ranker(answer.case)), "")
        if self.talk.ask(
            f"{len(found.differing()) - len(found.discriminators)} more rows differ. Show them? y, or Enter: "
        ).lower() in ("y", "yes"):
            self.talk.say(*row_lines(found, False))

    def _why(self, answer: Answer) -> None:
        if condition := self._choose(answer, "Why which?"):
            explanation = self.reasoner.explain(answer.case, condition.id)
            self.talk.say("", *report.why_lines(self.reasoner, answer, explanation))

    def _plan(self, answer: Answer) -> None:
        """The sheet for a candidate; where the case is an emergency or urgent, the go-now sheet and the letter."""
        if _grave(answer):
            soon = f", {SOON[answer.within]}" if answer.within else ""
            self.talk.say("")
            self.talk.paragraph(f"No exercises: {DISPOSITION[answer.disposition]}{soon}. The go-now sheet and the letter:")
            suspects = self._suspects(answer)
            if suspects:
                self._sheet(answer, suspects)
            else:
                self.talk.paragraph("There is no go-now sheet for this suspicion; do what the warning says.")
            self._letter(answer)
            return
        condition = self._choose(answer, "Plan for which?")
        if condition is None:
            return
        if not answer.screening.screened:
            self.talk.say("")
            self.talk.paragraph(f"Before any exercise: {screened_words(answer.screening)}")
        if condition.grave:
            self.talk.paragraph(f"{condition.short_label} is {condition.urgency}: a go-now sheet and no exercises.")
        self._sheet(answer, (condition.id,))

    def _suspects(self, answer: Answer) -> tuple[str, ...]:
        """What a go-now sheet is for: what the most urgent rules suspect, or else the candidate that leads."""
        worst = [trip for trip in answer.screening.escalating if trip.rule.urgency == answer.screening.urgency]
        names = [name for trip in worst for name in trip.rule.suspects] or list(answer.must_exclude)
        return tuple(name for name in dict.fromkeys(names) if self.reasoner.conditions[name].grave)

    def _sheet(self, answer: Answer, conditions: Sequence[str]) -> None:
        kept = settings.load(self.folder)
        case = answer.case
        request = plan.Request(
            conditions=tuple(conditions),
            movements=case.movements,
            side=case.side or "",
            contact=kept.contact,
            emergency_number=kept.emergency_number,
        )
        made = plan.build(self.db, request, record(self.reasoner, answer, date.today()))
        remarks = checker.check(self.db, made)
        if refused := [remark for remark in remarks if remark.level == "refuse"]:
            for remark in refused:
                self.talk.paragraph(f"Not made: {remark.text}.")
            return
        text = sheet_text.render(sheet.sheet(made, remarks))
        self.talk.say("", *text.replace("\f", "").rstrip("\n").split("\n"))
        self.talk.say("")
        for remark in checker.stops(made, remarks):
            self.talk.paragraph(f"Before it prints: {remark.text}.", rest="  ")
        words = " ".join(conditions)
        text = f"To print it, or save it with its pictures: save the case, then decide plan {words} --case FILE --print"
        self.talk.paragraph(f"{text}, or --pdf FILE", rest="  ")

    def _letter(self, answer: Answer) -> None:
        made = letter(self.reasoner, answer, date.today(), contact=settings.load(self.folder).contact)
        self.talk.say("", *letter_text.page(made).rstrip("\n").split("\n"))
        self.talk.say("", f"{made.note_title}:")
        for line in made.note:
            self.talk.paragraph(line)

    def _save(self, answer: Answer) -> None:
        self.talk.say("", "Save the case as JSON. It holds no name. Enter: back.")
        name = self.talk.ask("File name: ")
        if not name or name.lower() == "b":
            return
        if not name.isprintable():
            raise InputError(f"{visible(name)} is no file name; write it without control characters")
        path = _path(name)
        if _exists(path) and self.talk.ask("It is there already. Overwrite it? y or n: ").lower() not in ("y", "yes"):
            self.talk.say("Not saved.")
            return
        write_whole(path, dumps(as_json(answer.case), indent=2) + "\n")
        self.talk.paragraph(f"Saved: {visible(name)}. Later: decide rank {visible(name)}, or decide letter {visible(name)}")

    def _new(self) -> None:
        if self.talk.ask("Drop this case and begin anew? y or n: ").lower() not in ("y", "yes"):
            return
        self.state, self.history, self._part, self._reported = State(), [], "", None
        self.talk.say("New person.")


def _grave(answer: Answer) -> bool:
    """Whether what is known asks for an emergency or urgent referral: then there are no exercises."""
    return answer.disposition in ("emergency", "urgent")


def _standing(answer: Answer) -> str:
    """The leading three with their bands, in one sentence, and how much of what they hang on is answered."""
    urgent = f"{DISPOSITION[answer.disposition]}, {SOON[answer.within]}. " if answer.within else ""
    if not answer.ranking.matched:
        return f"{urgent}No candidate yet."
    texts = [
        f"{number} {one.condition.short_label}, {BAND_TITLES[one.band].lower()}"
        for number, one in enumerate(answer.ranking.leading, 1)
    ]
    return f"{urgent}Leading: {'; '.join(texts) or 'none'}. {answer.ranking.answered} of {answer.ranking.of} answered."


def _path(name: str) -> Path:
    """The path that is meant by a name. No shell stands between, so ~ is read here."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # What cannot even be looked at is for the writing to refuse, with its reason.
        return False


def _numbered(options: Mapping[str, str]) -> list[str]:
    return [line for number, label in enumerate(options.values(), 1) for line in wrap(label, WIDTH, f"{number}. ")]


def _numbered_as(options: Mapping[str, str], name: str) -> list[str]:
    """One option with the number it has among all."""
    return wrap(options[name], WIDTH, f"{list(options).index(name) + 1}. ")


def _one_of(text: str, options: Mapping[str, str]) -> str | None:
    """The option that an answer names: by number, by id, or by its words."""
    if re.fullmatch("[0-9]{1,3}", text):
        return next(iter(_several(text, options)), None)
    wanted = text.lower()
    return next((name for name, label in options.items() if wanted in (name, label.lower())), None)


def _begun_by(text: str, options: Mapping[str, str]) -> str | None:
    """The one option whose id or words begin so ("r" is right, as on the form); None when several do or none does."""
    wanted = text.lower()
    names = [name for name, label in options.items() if name.startswith(wanted) or label.lower().startswith(wanted)]
    return names[0] if len(names) == 1 else None


def _several(text: str, options: Mapping[str, str]) -> list[str]:
    """The options whose numbers an answer names ("1 3" or "1, 3"); nothing when it is not numbers of options alone."""
    if not re.fullmatch("[0-9]{1,3}([ ,;]+[0-9]{1,3})*", text):
        return []
    names = list(options)
    numbers = [int(number) for number in re.findall("[0-9]+", text)]
    if not all(1 <= number <= len(names) for number in numbers):
        return []
    return list(dict.fromkeys(names[number - 1] for number in numbers))
