"""The commands about one case: find, rank, why, redflags, letter, ask, selftest, method. Imported when one is called."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from db.read import Connection
from decide import report
from decide.answer import Answer, Reasoner
from decide.case import Case, case_from, read_json
from decide.errors import InputError
from decide.text import visible, wrap

DONE, NO = 0, 1


def _out(lines: Iterable[str]) -> None:
    for line in lines:
        print(visible(line))


def _json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def read_case(reasoner: Reasoner, path: str) -> Case:
    """The case in a file, or on standard input for "-". Raises InputError with one line."""
    return case_from(read_json(path, sys.stdin, "case"), reasoner.vocabulary)


def answered(db: Connection, arguments: argparse.Namespace, questions: bool = True) -> tuple[Reasoner, Answer]:
    """The case file (or standard input) of `arguments.case`, answered. Raises InputError with one line."""
    reasoner = Reasoner(db)
    training = getattr(arguments, "training", "clinician")
    return reasoner, reasoner.answer(read_case(reasoner, arguments.case), training, questions)


def _condition(reasoner: Reasoner, name: str) -> str:
    if name not in reasoner.conditions:
        raise InputError(f"unknown condition '{visible(name)}'; see: decide list conditions")
    return name


def find(db: Connection, arguments: argparse.Namespace) -> int:
    """What fits regions, movements and findings named on the command line: the candidates of the desk."""
    reasoner = Reasoner(db)
    given = {
        "regions": arguments.region,
        "movements": arguments.movement,
        "present": arguments.finding,
        "absent": arguments.absent,
    }
    case = case_from(given, reasoner.vocabulary)
    answer = reasoner.answer(case, questions=False)
    said = bool(case.regions or case.movements or case.present)
    candidates = report.shown(reasoner, answer, everything=not said or arguments.all)
    if said:
        candidates = tuple(one for one in candidates if one.support)
    total = sum(one.support > 0 for one in answer.ranking.candidates) if said else len(candidates)
    if arguments.json:
        every = [one for one in answer.ranking.candidates if one.support] if said else candidates
        _json(
            {
                "candidates": [report.found_json(reasoner, answer, one) for one in every],
                "total": total,
                "red_flags": [report.trip_json(trip) for trip in answer.screening.trips],
                "must_exclude": list(answer.must_exclude),
            }
        )
        return DONE if every else NO
    _out(report.screening_lines(reasoner, answer))
    for number, one in enumerate(candidates, 1):
        _out([""] if number == 1 else [])
        _out(report.candidate_lines(reasoner, answer, number, one))
    if not candidates:
        _out(["", "Nothing matches. Choose fewer, or see: decide list conditions"])
        return NO
    if len(candidates) < total:
        _out(["", f"{total - len(candidates)} more; add --all to see them."])
    return DONE


def rank(db: Connection, arguments: argparse.Namespace) -> int:
    reasoner, answer = answered(db, arguments)
    if arguments.json:
        _json(report.rank_json(reasoner, answer, arguments.all))
    else:
        _out(report.rank_lines(reasoner, answer.shown, arguments.all and not answer.notice))
    return DONE


def why(db: Connection, arguments: argparse.Namespace) -> int:
    reasoner, answer = answered(db, arguments, questions=False)
    name = _condition(reasoner, arguments.condition)
    explanation = reasoner.explain(answer.case, name)
    if not arguments.json:
        _out(report.why_lines(reasoner, answer, explanation))
        return DONE
    every = report.shown(reasoner, answer, everything=True)
    place, one = next((n, one) for n, one in enumerate(every, 1) if one.condition.id == name)
    _json(
        {
            "knowledge": {"version": reasoner.about.version, "hash": reasoner.about.hash},
            "condition": name,
            "label": explanation.condition.label,
            "kind": explanation.condition.kind,
            "urgency": explanation.condition.urgency,
            "band": one.band,
            "place": place,
            "listed": name in {other.condition.id for other in answer.ranking.listed},
            "score": explanation.score,
            **report.explanation_json(reasoner, explanation),
            "screened": {"asked": answer.screening.asked, "of": answer.screening.of},
        }
    )
    return DONE


def redflags(db: Connection, arguments: argparse.Namespace) -> int:
    if arguments.case is None:
        return _questions(Reasoner(db), arguments.json)
    reasoner, answer = answered(db, arguments, questions=False)
    if arguments.json:
        _json(
            {
                "knowledge": {"version": reasoner.about.version, "hash": reasoner.about.hash},
                "disposition": answer.disposition,
                "within": answer.within,
                "must_exclude": list(answer.must_exclude),
                **report.screening_json(answer.screening),
                "safety_net": reasoner.about.safety_net,
            }
        )
        return DONE
    _out(report.screening_lines(reasoner, answer))
    _out(["", "Asked", "-----"])
    for asked in answer.screening.questions:
        _out(wrap(f"{asked.question.text} {asked.answer or 'not asked'}", report.WIDTH, "- "))
    _out(["", *wrap(reasoner.about.safety_net, report.WIDTH)])
    return DONE


def ask(db: Connection, arguments: argparse.Namespace) -> int:
    from decide.interview import interview
    from decide.paths import data_dir

    return interview(db, data_dir(arguments.data_dir), arguments.training, sys.stdin, sys.stdout)


def _questions(reasoner: Reasoner, as_json: bool) -> int:
    """The questions of the screen, without a case."""
    questions = reasoner.screen.questions
    if as_json:
        _json(
            {
                "knowledge": {"version": reasoner.about.version, "hash": reasoner.about.hash},
                "questions": [question._asdict() | {"question": question.text} for question in questions],
                "rules": len(reasoner.screen.rules),
            }
        )
        return DONE
    for title, chosen in (
        ("Asked of everyone", [question for question in questions if not question.when]),
        ("Asked where the case calls for it", [question for question in questions if question.when]),
    ):
        _out([title, "-" * len(title)])
        for question in chosen:
            _out(wrap(question.text, report.WIDTH, "- "))
            _out(wrap(f"{question.why} ({question.finding})", report.WIDTH, "    "))
        _out([""])
    _out(wrap("What a case trips: decide redflags CASE.json", report.WIDTH))
    return DONE


def letter(db: Connection, arguments: argparse.Namespace) -> int:
    from decide import letter_text, settings
    from decide.files import write_whole
    from decide.letter import letter as write
    from decide.paths import data_dir

    kept = settings.load(data_dir(arguments.data_dir))
    contact = kept.contact if arguments.contact is None else arguments.contact
    reasoner, answer = answered(db, arguments, questions=False)
    made = write(reasoner, answer, arguments.date or date.today(), arguments.label, contact, arguments.to)
    text = letter_text.render(made)
    if arguments.text:
        write_whole(Path(arguments.text), text)
        print(f"saved: {visible(arguments.text)}", file=sys.stderr)
    if arguments.pdf:
        from decide.letter_pdf import pdf

        write_whole(Path(arguments.pdf), pdf(made, arguments.paper or kept.paper or "a4", large=arguments.large))
        print(f"saved: {visible(arguments.pdf)}", file=sys.stderr)
    if arguments.json:
        _json(
            {
                "disposition": answer.disposition,
                "within": answer.within,
                "screened": {"asked": answer.screening.asked, "of": answer.screening.of},
                "knowledge": {"version": reasoner.about.version, "hash": reasoner.about.hash},
                "letter": letter_text.page(made),
                "note": letter_text.note(made),
            }
        )
    elif not (arguments.text or arguments.pdf):
        print(visible(text.replace("\f", ""), keep="\n"), end="")
    return DONE


def selftest(db: Connection, arguments: argparse.Namespace) -> int:
    from decide import method
    from decide import selftest as test

    reasoner = Reasoner(db)
    if arguments.cases:
        data = read_json(arguments.cases, sys.stdin, "cases file")
        cases = test.vignettes(data, reasoner.vocabulary, reasoner.conditions, f"the cases file {visible(arguments.cases)}")
    else:
        cases = test.bundled(reasoner)
    result = test.run(reasoner, cases)
    if arguments.json:
        _json(_selftest_json(reasoner, result))
        return DONE
    title = f"Vignette recall of knowledge {reasoner.about.version}"
    _out([title, "=" * len(title)])
    for text in method.summary(result):
        _out(wrap(text, report.WIDTH, "- "))
    _out(["", *wrap(method.NOT_ACCURACY, report.WIDTH)])
    if result.missed:
        _out(["", "Missed, and why", "---------------"])
        for outcome in result.missed:
            _out(wrap(method.miss(outcome), report.WIDTH, "- "))
    return DONE


def _selftest_json(reasoner: Reasoner, result: Any) -> dict[str, Any]:
    def rates(clear: bool) -> dict[str, Any]:
        return {
            "cases": len(result.of(clear)),
            "recall_at_1": result.recall(1, clear),
            "recall_at_3": result.recall(3, clear),
            "recall_at_5": result.recall(5, clear),
            "mean_reciprocal_rank": round(result.reciprocal_rank(clear), 4),
        }

    def share(pair: tuple[int, int]) -> dict[str, int]:
        return {"right": pair[0], "of": pair[1]}

    return {
        "title": f"vignette recall of knowledge {reasoner.about.version}",
        "knowledge": {"version": reasoner.about.version, "hash": reasoner.about.hash},
        "all": rates(False),
        "clear": rates(True),
        "red_flags_escalated": share(result.flagged()),
        "benign_not_escalated": share(result.spared(True)),
        "routine_not_escalated": share(result.spared(False)),
        "candidates_shown": round(result.listed, 2),
        "cases": [
            {
                "id": one.vignette.id,
                "expected": one.vignette.expected,
                "place": one.place,
                "rank": one.rank,
                "disposition": one.disposition,
                "right_disposition": one.right_disposition,
                "reason": one.reason,
            }
            for one in result.outcomes
        ],
        "missed": [{"id": one.vignette.id, "reason": one.reason} for one in result.missed],
    }


def method(db: Connection, arguments: argparse.Namespace) -> int:
    from decide import method as page
    from decide import selftest as test

    reasoner = Reasoner(db)
    sections = page.sections(reasoner, test.run(reasoner, test.bundled(reasoner)))
    if arguments.json:
        _json({"title": page.TITLE, "sections": [dataclasses.asdict(section) for section in sections]})
        return DONE
    _out([page.TITLE, "=" * len(page.TITLE)])
    for section in sections:
        _out(["", section.title, "-" * len(section.title)])
        for text in section.texts:
            _out(wrap(text, report.WIDTH, "- "))
    return DONE
