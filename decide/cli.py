"""The command line: the plain twin of the screens.

Every command prints plain text, or one JSON document with --json. Exit status: 0 done, 1 the answer is "no",
2 the input is wrong (one line on stderr).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from db.errors import ContentError
from db.terms import PHASES
from decide import __version__
from decide.errors import InputError
from decide.paths import data_dir
from decide.start import DONE, ended, opened, screens
from decide.text import plural, visible, wrap

if TYPE_CHECKING:
    from db.read import Connection
    from decide.entry import Entry

WIDTH = 80
NO = 1
LIST_KINDS = (
    "regions",
    "movements",
    "conditions",
    "contributors",
    "findings",
    "treatments",
    "exercises",
    "redflags",
    "sources",
)


class _Parser(argparse.ArgumentParser):
    """argparse with one clear line for each mistake and no usage text before it."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see: {self.prog} --help")


def _out(*lines: str) -> None:
    for line in lines:
        print(visible(line, keep="\n\f"))


def _json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _open(arguments: argparse.Namespace) -> Connection:
    return opened(arguments.data_dir)


def _list(arguments: argparse.Namespace) -> int:
    from db import read

    db = _open(arguments)
    kind = arguments.kind
    rows: list[dict[str, Any]] = []
    if kind == "conditions":
        known = read.condition_synonyms(db)
        every = read.conditions(db)
        regions = read.region_links(db, [row.id for row in every])
        for condition in every:
            places = [region.id for region in regions[condition.id]]
            rows.append(condition._asdict() | {"synonyms": known.get(condition.id, []), "regions": places})
    elif kind in ("treatments", "exercises"):
        conditions, cited = read.treatment_conditions(db), read.treatment_sources(db)
        things = read.treatments(db) if kind == "treatments" else read.exercises(db)
        for thing in things:
            ties = {"conditions": conditions.get(thing.id, []), "sources": cited.get(thing.id, [])}
            rows.append(thing._asdict() | ties)
    elif kind == "redflags":
        for flag in read.red_flags(db):
            row = flag._asdict()
            row.pop("citations")
            rows.append(row | {"sources": [citation.id for citation in flag.citations]})
    elif kind == "sources":
        rows = [source._asdict() | {"label": source.title} for source in read.sources(db)]
    else:
        plain: dict[str, Callable[[Connection], Sequence[Any]]] = {
            "regions": read.regions,
            "movements": read.movements,
            "contributors": read.contributors,
            "findings": read.findings,
        }
        rows = [row._asdict() for row in plain[kind](db)]
    if arguments.json:
        _json(rows)
    else:
        for row in rows:
            _out(*wrap(str(row["label"]), WIDTH, f"{row['id']}  ", "    "))
        _out("", plural(len(rows), kind.removesuffix("s"), kind))
    return DONE


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "id": entry.id,
        "label": entry.label,
        "lay_label": entry.lay_label,
        **entry.fields,
        "sections": [
            {
                "title": section.title,
                "items": [
                    {
                        "text": item.text,
                        "mark": item.mark,
                        "id": item.id.partition(":")[2],
                        "sources": [citation.id for citation in item.citations],
                    }
                    for item in section.items
                ],
            }
            for section in entry.sections
        ],
    }


def _show(arguments: argparse.Namespace) -> int:
    from decide.entry import entry, namesakes
    from decide.sheet import full_citation

    db = _open(arguments)
    found = entry(db, arguments.id)
    if arguments.json:
        _json(_entry_json(found))
        return DONE
    _out(*wrap(found.label, WIDTH), "=" * min(WIDTH, len(found.label)))
    if found.lay_label and found.lay_label != found.label:
        _out(*wrap(found.lay_label, WIDTH))
    if others := namesakes(db, found):
        _out(f"The same id names also: {', '.join(others)}")
    cited: dict[str, str] = {}
    for section in found.sections:
        _out("", section.title, "-" * len(section.title))
        for item in section.items:
            mark = f"{item.mark}: " if item.mark else ""
            sources = f" [{', '.join(citation.id for citation in item.citations)}]" if item.citations else ""
            _out(*wrap(mark + item.text + sources, WIDTH, "- "))
            cited |= {c.source.id: full_citation(c._replace(locator="")) for c in item.citations if c.source}
    if cited:
        _out("", "Sources", "-------")
        for name, text in cited.items():
            _out(*wrap(text, WIDTH, f"{name}: ", "    "))
    return DONE


def _search(arguments: argparse.Namespace) -> int:
    from db.search import search

    hits = search(_open(arguments), " ".join(arguments.text))
    if arguments.json:
        _json([hit._asdict() for hit in hits])
    else:
        for hit in hits:
            _out(*wrap(f"{hit.kind}: {hit.label}", WIDTH, f"{hit.id}  ", "    "))
        if not hits:
            _out("Nothing found.")
    return DONE if hits else NO


def _compare(arguments: argparse.Namespace) -> int:
    from decide.answer import Reasoner
    from decide.case import Case
    from decide.compare import compare
    from decide.compare_report import comparison_json, row_lines, telling_lines

    db = _open(arguments)
    found = compare(db, arguments.conditions)
    ranker = Reasoner(db).ranker(Case())
    if arguments.json:
        _json(comparison_json(found, ranker, arguments.all))
        return DONE
    _out(*telling_lines(found, ranker), *row_lines(found, arguments.all))
    if not arguments.all:
        same = sum(row.same for row in found.rows)
        _out("", f"{plural(same, 'row')} the same for all; add --all to see them.")
    return DONE


def _parse_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--date {visible(text)} is no date; write it as YYYY-MM-DD") from None


def _plan(arguments: argparse.Namespace) -> int:
    from decide.plan_command import plan

    return plan(_open(arguments), data_dir(arguments.data_dir), arguments)


def _of_case(name: str) -> Callable[[argparse.Namespace], int]:
    """A command of `decide.case_commands`, which is imported when it runs."""

    def run(arguments: argparse.Namespace) -> int:
        from decide import case_commands

        if getattr(arguments, "date", None):
            arguments.date = _parse_date(arguments.date)
        status: int = getattr(case_commands, name)(_open(arguments), arguments)
        return status

    return run


def _gaps(arguments: argparse.Namespace) -> int:
    from decide.gaps import gaps

    found = gaps(_open(arguments))
    if arguments.json:
        import dataclasses

        _json(dataclasses.asdict(found))
        return DONE
    _out(f"{found.editorial_claims} of {found.claims} texts are editorial,")
    _out(f"{found.editorial_links} of {found.links} links are editorial,")
    _out(f"{found.weak_claims} texts rest on secondary pages or on what was seen second-hand alone.")
    for gap in found.conditions:
        _out("", *wrap(gap.label, WIDTH), "-" * min(WIDTH, len(gap.label)))
        _out(*wrap(", ".join(gap.missing) or "nothing", WIDTH, "missing: ", "  "))
        _out(f"findings without a figure: {gap.findings_without_figure} of {gap.findings}")
        for mark, names in (("editorial", gap.editorial), ("weak source", gap.weak)):
            for name in names:
                _out(*wrap(name, WIDTH, f"- {mark}: ", "  "))
    if found.alike:
        _out("", "Neighbours that fewer than three findings tell apart", "-" * 52)
        for pair in found.alike:
            _out(*wrap(f"{pair.one} and {pair.other}: {', '.join(pair.differing) or 'nothing'}", WIDTH, "- "))
    return DONE


def _check_knowledge(arguments: argparse.Namespace) -> int:
    from db.check import check
    from db.content import read_content
    from db.library import CONTENT

    root = Path(arguments.dir) if arguments.dir else CONTENT
    try:
        content = read_content(root)
        faults, remarks = check(content)
    except ContentError as error:
        faults, remarks = error.problems, []
    if arguments.json:
        as_rows = [[problem._asdict() for problem in found] for found in (faults, remarks)]
        _json({"ok": not faults, "faults": as_rows[0], "remarks": as_rows[1]})
        return NO if faults else DONE
    for problem in faults:
        _out(str(problem))
    for problem in remarks:
        _out(f"{problem} (remark)")
    _out(f"{plural(len(faults), 'fault')}, {plural(len(remarks), 'remark')} in {root}")
    return NO if faults else DONE


def _about(arguments: argparse.Namespace) -> int:
    from db import library, read
    from decide.knowledge import review_warning

    folder = data_dir(arguments.data_dir)
    db = _open(arguments)
    about = read.about(db)
    warning = review_warning(about, date.today())
    method = (
        "Warning rules first, then a ranking: prior odds times one weight for each thing answered, every weight with its "
        "source. It is an order of fit, no probability. In plain language: decide method"
    )
    values = {
        "program": __version__,
        "knowledge": about._asdict(),
        "method": method,
        "data_dir": str(folder),
        "knowledge_file": str(library.knowledge_path(folder)),
        "review_warning": warning,
    }
    if arguments.json:
        _json(values)
        return DONE
    _out(f"decide {__version__}")
    _out(f"Knowledge: {about.title} ({about.id}) {about.version}")
    _out(f"Content of {about.content_date}, to be reviewed by {about.review_date}")
    _out(f"Hash: {about.hash}", "")
    for text in (about.intended_use, about.not_for, about.review_note, about.safety_net, method):
        _out(*wrap(text, WIDTH))
    if warning:
        _out("", *wrap(warning, WIDTH))
    _out("", f"Your settings are kept in {folder}")
    return DONE


def _keys(arguments: argparse.Namespace) -> int:
    from decide.commands import COMMANDS, key_rows, keys_of, markdown
    from decide.key_settings import load

    folder = data_dir(arguments.data_dir)
    chosen = load(folder, COMMANDS)
    if arguments.json:
        _json([command._asdict() | {"keys": keys_of(command, chosen)} for command in COMMANDS])
    elif arguments.markdown:
        _out(markdown())
    else:
        for title, rows in key_rows(chosen):
            _out("", title, "-" * len(title))
            for names, command in rows:
                _out(*wrap(f"{command.title}. {command.help} ({command.id})", WIDTH, f"{names or '(by name)':<18} "))
        _out("", *wrap(f'Other keys: write {folder / "keys.toml"}, a line each: ID = ["KEY", ...]', WIDTH))
    return DONE


def _app(arguments: argparse.Namespace) -> int:
    return screens(arguments.data_dir, arguments.a11y)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="decide",
        description="Offline decision support for low-back, hip and leg pain. Without a command: the screens.",
        epilog="Information for qualified practitioners; it supports their judgement and replaces none of it.",
    )
    parser.add_argument("--version", action="version", version=f"decide {__version__}")
    parser.add_argument("--data-dir", metavar="DIR", help="where settings are kept (else DECIDE_DATA_DIR)")
    parser.add_argument(
        "--a11y",
        action="store_true",
        help="screens for screen readers and braille lines (else DECIDE_A11Y): the cursor follows the focus, one column",
    )
    parser.set_defaults(run=_app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def add(name: str, run: Any, text: str, json_too: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if json_too:
            command.add_argument("--json", action="store_true", help="one JSON document on stdout")
        return command

    command = add("list", _list, "list what there is of one kind")
    command.add_argument("kind", choices=LIST_KINDS, metavar="KIND", help=", ".join(LIST_KINDS))
    command = add("show", _show, "show one entry whole, with its sources")
    command.add_argument("id", metavar="ID", help="an id, or KIND:ID where two kinds share one")
    command = add("search", _search, "search labels, lay words and synonyms")
    command.add_argument("text", nargs="+", metavar="TEXT")
    command = add("find", _of_case("find"), "conditions that fit regions, movements and findings")
    command.add_argument("--region", action="append", default=[], metavar="R")
    command.add_argument("--movement", action="append", default=[], metavar="M")
    command.add_argument("--finding", action="append", default=[], metavar="F")
    command.add_argument("--not", action="append", default=[], metavar="F", dest="absent", help="a finding that is absent")
    command.add_argument("--all", action="store_true", help="every match, not the first five")
    command = add("rank", _of_case("rank"), "what a case could be, dangers first, and what to ask next")
    command.add_argument("case", metavar="CASE.json", help="a case file, or - for standard input")
    command.add_argument("--all", action="store_true", help="every condition, not the first five")
    trainings = ("none", "basic", "clinician")
    command.add_argument("--training", choices=trainings, default="clinician", help="whose hands ask the next question")
    command = add("why", _of_case("why"), "why a condition stands where it stands for a case")
    command.add_argument("case", metavar="CASE.json", help="a case file, or - for standard input")
    command.add_argument("condition", metavar="CONDITION")
    command = add("redflags", _of_case("redflags"), "the safety questions, or what a case trips")
    command.add_argument("case", nargs="?", metavar="CASE.json", help="a case file, or - for standard input")
    command = add("letter", _of_case("letter"), "the referral letter and the note for the record")
    command.add_argument("case", metavar="CASE.json", help="a case file, or - for standard input")
    command.add_argument("--text", metavar="FILE", help="save as plain text")
    command.add_argument("--pdf", metavar="FILE", help="save as PDF")
    command.add_argument("--paper", choices=("a4", "letter"), help="a4 unless set otherwise")
    command.add_argument("--large", action="store_true", help="14 pt in place of 11")
    command.add_argument("--label", default="", metavar="TEXT", help="whose letter it is")
    command.add_argument("--to", default="", metavar="TEXT", help="who gets the letter")
    command.add_argument("--contact", metavar="TEXT", help="who writes, and how to reach them")
    command.add_argument("--date", metavar="YYYY-MM-DD", help="the date on the letter (else today)")
    command = add("selftest", _of_case("selftest"), "how often bundled cases are ranked as reported")
    command.add_argument("--cases", metavar="FILE", help="other cases in the same form, or - for standard input")
    command = add(
        "ask", _of_case("ask"), "the interview, line by line: for screen readers, pipes, serial lines", json_too=False
    )
    command.add_argument("--training", choices=trainings, default="clinician", help="whose hands ask the next question")
    command = add("keys", _keys, "every command of the screens with its keys")
    command.add_argument("--markdown", action="store_true", help="as the table in the README")
    add("method", _of_case("method"), "how the program reasons: the formula, the weights, the limits")
    command = add("compare", _compare, "two to four conditions side by side")
    command.add_argument("conditions", nargs="+", metavar="CONDITION")
    command.add_argument("--all", action="store_true", help="also what is the same")
    command = add("plan", _plan, "build, check and deliver a self-care plan")
    command.add_argument("conditions", nargs="+", metavar="CONDITION")
    command.add_argument("--exercise", action="append", default=[], metavar="ID[:sets=2,reps=10,hold=5]")
    command.add_argument("--workaround", action="append", default=[], metavar="ID")
    command.add_argument("--movement", action="append", default=[], metavar="M", help="what this person finds hard")
    command.add_argument("--case", metavar="CASE.json", help="the case: its side, movements and dangers (- reads stdin)")
    command.add_argument("--phase", choices=PHASES, help="which exercises to start with")
    command.add_argument(
        "--finding", action="append", default=[], metavar="F", help="what this person has (bars exercises)"
    )
    command.add_argument("--not", action="append", default=[], dest="absent", metavar="F", help="what this person has not")
    command.add_argument("--concern", action="append", default=[], metavar="worry|mood|work|expectations|sleep")
    command.add_argument("--text", metavar="FILE", help="save as plain text")
    command.add_argument("--pdf", metavar="FILE", help="save as PDF")
    command.add_argument("--html", metavar="FILE", help="save as one HTML file")
    command.add_argument("--large", action="store_true", help="large print: 18 pt instead of 14")
    command.add_argument("--print", nargs="?", const="", metavar="QUEUE", help="print (on the default queue)")
    command.add_argument("--wait", type=float, default=10.0, metavar="SECONDS", help="how long to follow the print job")
    command.add_argument("--one-sided", action="store_true", help="never print on both sides")
    command.add_argument("--paper", choices=("a4", "letter"), help="a4 unless set otherwise")
    command.add_argument("--side", metavar="left|right|both")
    command.add_argument("--label", default="", metavar="TEXT", help="whose plan it is")
    command.add_argument("--contact", metavar="TEXT", help="who made it, and how to reach them")
    command.add_argument("--emergency-number", metavar="TEXT", help="kept for next time")
    command.add_argument("--follow-up", default="", metavar="TEXT", help="when to come back")
    command.add_argument("--goal", default="", metavar="TEXT", help="what this person wants to do again")
    command.add_argument("--pain-limit", type=int, metavar="0..10", help="the most pain that is all right")
    command.add_argument("--cleared-by", default="", metavar="WHO", help="who cleared an urgent case")
    command.add_argument("--cleared-on", metavar="YYYY-MM-DD", help="and when")
    command.add_argument("--date", metavar="YYYY-MM-DD", help="the date on the sheet (else today)")
    command.add_argument("--override", default="", metavar="REASON", help="print against the checker, with the reason")
    command = add("check-knowledge", _check_knowledge, "check content files: whether they compile")
    command.add_argument("dir", nargs="?", metavar="DIR")
    add("gaps", _gaps, "what the knowledge lacks, by name, and which claims rest on weak sources")
    add("about", _about, "versions, intended use, method, where data is kept")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status. No exception leaves it for what a person can mend."""

    def run() -> int:
        for argument in sys.argv[1:] if arguments is None else arguments:
            if any("\ud800" <= character <= "\udfff" for character in argument):
                raise InputError(f"the argument {argument!a} is no valid text; type it again")
        parsed = _parser().parse_args(arguments)
        status: int = parsed.run(parsed)
        return status

    return ended(run)
