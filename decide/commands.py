"""Every command of the screens, once: its id, its keys, what it is called and what it does.

Bindings, the line at the foot, the palette, the help page, the key table of the README and `decide keys` are all made
from this table. Keys are written as Textual writes them ("f2", "slash"); `key_name` gives what stands on the keyboard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

EVERYWHERE = "everywhere"

# The parts of the screens that have commands of their own, in the order of the key table, with their titles.
PARTS = {
    EVERYWHERE: "Everywhere",
    "screen": "On every screen but the desk",
    "list": "In every list",
    "form": "The form: who it is, and the safety questions",
    "desk": "The desk, in any of its panes",
    "search": "The search line",
    "body": "The body chart",
    "place": "The line for the name of a place",
    "says": "What the person says",
    "candidates": "The candidates",
    "ask": "Ask next, and why",
    "lines": "Lines with sources",
    "page": "The page of a condition or an exercise",
    "why": "Why a condition stands where it stands",
    "trail": "The trail of answers",
    "compare": "Side by side",
    "plan": "The plan",
    "sheet": "The sheet as it will print",
    "read-back": "Before it prints",
    "letter": "The letter and the note",
    "dialog": "In every small window",
    "question": "A yes or no",
    "started": "A case that was started",
    "reading": "A text to read",
    "fields": "A form with fields",
    "printer": "The printer",
    "which": "One of a few",
    "by-name": "A condition by its name",
    "palette": "The palette",
}

# The parts in which letters and signs are typed, not commands.
TYPED = ("search", "place", "fields", "by-name", "palette")


class Command(NamedTuple):
    """One command. `where`: the parts that have it. `action`: what Textual calls there; `{key}` is the key pressed.

    A `fixed` command has keys that mean themselves (digits, arrows): they cannot be set otherwise.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    where: tuple[str, ...]
    action: str
    foot: bool = False
    fixed: bool = False


def _command(
    name: str, keys: str, title: str, help: str, where: str, action: str = "", *, foot: bool = False, fixed: bool = False
) -> Command:
    """A row of the table; without `action` it is called what the command is called."""
    parts = tuple(where.split())
    return Command(
        name,
        tuple(keys.split()),
        title,
        help,
        parts,
        action or f"{'app' if parts == (EVERYWHERE,) else 'screen'}.{name.replace('-', '_')}",
        foot,
        fixed,
    )


COMMANDS = (
    # Leading keys first: the line at the foot takes them in this order while there is room.
    _command("move", "down up pagedown pageup home end", "Move", "Move in the list", "list", "cursor('{key}')", fixed=True),
    _command("select", "enter", "Choose", "Choose or open the highlighted row", "list", "select"),
    # --- the form ------------------------------------------------------------------------------------------------------
    _command("age", "0 1 2 3 4 5 6 7 8 9", "Age", "On the row Age: the years", "form", "screen.digit('{key}')", fixed=True),
    _command("sex", "f m", "Sex", "On the rows Age and Sex: f woman, m man", "form", "screen.pick('{key}')", fixed=True),
    _command(
        "side", "l r b", "Side", "On the row Side: l left, r right, b both", "form", "screen.pick('{key}')", fixed=True
    ),
    _command(
        "duration",
        "a s c",
        "How long",
        "On the row How long: a under 6 weeks, s 6 to 12, c over 12",
        "form",
        "screen.pick('{key}')",
        fixed=True,
    ),
    _command(
        "onset",
        "g t",
        "How it began",
        "On the row How it began: s suddenly, g gradually, t injury",
        "form",
        "screen.pick('{key}')",
        fixed=True,
    ),
    # --- answering -----------------------------------------------------------------------------------------------------
    _command(
        "yes",
        "y",
        "Yes",
        "The highlighted row is so (on the form: and on to the next)",
        "form says ask compare read-back",
        "screen.reply('yes')",
        foot=True,
    ),
    _command(
        "no", "n", "No", "The highlighted row is not so", "form says ask compare read-back", "screen.reply('no')", foot=True
    ),
    _command(
        "not-able",
        "u",
        "Not able",
        "It cannot be asked or tested",
        "form says ask compare",
        "screen.reply('not able')",
        foot=True,
    ),
    _command(
        "no-to-all",
        "N",
        "No to all",
        "No to every question of this list that is still open",
        "form read-back",
        foot=True,
    ),
    _command(
        "clear",
        "x delete",
        "Clear",
        "Take the answer of the highlighted row back",
        "form says ask compare",
        "screen.reply('')",
    ),
    _command("undo", "z", "Undo", "Take the last answer back", "form desk compare trail", foot=True),
    _command("safety", "tab right", "Safety", "To the first safety question that is open", "form", foot=True),
    _command("rub-out", "backspace", "Rub out", "On the row Age: one digit; elsewhere on to the desk", "form"),
    _command("next-row", "enter", "Next row", "Leave the row as it is; on to the next", "form"),
    _command("desk", "f2", "Desk", "On to what hurts and what brings it on", "form", "screen.back", foot=True),
    # --- the desk ------------------------------------------------------------------------------------------------------
    _command(
        "choose",
        "enter",
        "Choose",
        "Choose the highlighted row or drop it; open what is no choice",
        "search says",
        "screen.choose",
        foot=True,
    ),
    _command("choose-here", "space", "Choose", "The same as Enter", "says", "screen.choose"),
    _command(
        "search-move",
        "up down pageup pagedown",
        "Move",
        "Move in the list under the line",
        "search",
        "screen.move('{key}')",
        fixed=True,
    ),
    _command("open-asked", "enter", "Open", "Read about the highlighted finding", "ask", "select", foot=True),
    _command("ask-sources", "s", "Sources", "Every source of the highlighted reason", "ask", "screen.sources", foot=True),
    _command("mark", "space", "Mark", "Mark the condition for comparing or planning, up to four", "candidates", foot=True),
    _command("compare", "f2 c", "Compare", "Compare the marked conditions, or the first three", "desk", foot=True),
    _command(
        "plan", "f3 p", "Plan", "Plan for the marked conditions, or the highlighted one", "desk page compare", foot=True
    ),
    _command("why", "w", "Why", "What speaks for and against the condition", "desk page compare", foot=True),
    _command("open", "o", "Open", "Read about the highlighted row", "desk", foot=True),
    _command("open-condition", "enter", "Open", "Read about the highlighted condition", "candidates", "select"),
    _command("mark-compare", "c", "Compare", "Mark this condition, and compare the marked ones", "page", foot=True),
    _command(
        "dislikes",
        "d",
        "Dislikes",
        "Every movement that the condition dislikes or likes, by group",
        "candidates page",
        foot=True,
    ),
    _command("all", "a", "All", "Every condition, or those that fit", "candidates", foot=True),
    _command("trail", "t", "Trail", "What was answered, in order, and what each answer changed", "desk", foot=True),
    _command("search", "slash", "Search", "To the search line", "desk"),
    _command("body", "f7", "Body", "To the body chart: point at where it hurts", "desk", foot=True),
    _command(
        "pane",
        "1 2 3 4",
        "Pane",
        "To a pane: 1 what the person says, 2 the body, 3 candidates, 4 ask and why (also on an empty search line)",
        "desk",
        "screen.pane({key})",
        fixed=True,
    ),
    _command(
        "next-pane",
        "tab shift+tab",
        "Next pane",
        "On to the next pane (Shift+Tab: back)",
        "desk",
        "screen.next_pane('{key}')",
        fixed=True,
    ),
    _command(
        "desk-back", "escape backspace", "Search", "Back to the search line; there, Esc empties it", "desk", "screen.back"
    ),
    # --- the body chart ------------------------------------------------------------------------------------------------
    _command(
        "step",
        "up down left right",
        "Move",
        "To the nearest area that way; at the edge from the front to the back",
        "body",
        "step('{key}')",
        fixed=True,
    ),
    _command(
        "hurts", "space enter", "Hurts", "It hurts here; once more takes it back (also a click)", "body", "hurts", foot=True
    ),
    _command("find-place", "slash", "Find", "Type the name of a place to go there", "body", "find_place", foot=True),
    _command("turn", "f", "Turn", "Turn the body round, where one view is shown", "body", "turn", foot=True),
    _command(
        "scroll-words",
        "pageup pagedown",
        "Scroll",
        "Scroll the list of what is chosen",
        "body",
        "scroll_words('{key}')",
        fixed=True,
    ),
    _command(
        "next-place",
        "down up",
        "Next",
        "The next or the last place it may mean",
        "place",
        "next_place('{key}')",
        fixed=True,
    ),
    _command(
        "place-found", "enter escape", "Done", "Back to the picture, at this place", "place", "place_found", foot=True
    ),
    # --- pages ---------------------------------------------------------------------------------------------------------
    _command("sources", "enter s", "Sources", "Every source of the highlighted line", "lines", "select", foot=True),
    _command("open-linked", "o", "Open", "Open what the highlighted line names", "lines", foot=True),
    _command("read", "r", "Read", "Everything about this condition", "why", foot=True),
    _command("picture", "i", "Picture", "The picture and the steps over the whole screen", "page plan", foot=True),
    _command(
        "back-to",
        "enter",
        "Back to here",
        "Back to how it stood after this answer",
        "trail",
        "select",
        foot=True,
    ),
    # --- side by side --------------------------------------------------------------------------------------------------
    _command(
        "whole-row",
        "enter s",
        "Whole row",
        "The row whole: every cell, how to test it, its sources",
        "compare",
        "select",
        foot=True,
    ),
    _command("add", "a plus", "Add", "Compare with one more condition, by its name", "compare", foot=True),
    _command("drop", "minus", "Drop", "Take one condition off the comparison", "compare", foot=True),
    _command("same", "d", "All rows", "Show also what is the same for all, or differences only", "compare", foot=True),
    _command(
        "numbered",
        "1 2 3 4",
        "Read",
        "Read the condition of this number",
        "compare",
        "screen.open_condition({key})",
        fixed=True,
    ),
    # --- the plan ------------------------------------------------------------------------------------------------------
    _command(
        "on-plan",
        "space enter",
        "Choose",
        "Put the highlighted row on the plan, or take it off",
        "plan",
        "select",
        foot=True,
    ),
    _command("print", "p", "Print", "Read it back, ask what is open, then print or save", "plan sheet letter", foot=True),
    _command("view", "v", "View", "The whole sheet as it will print", "plan", foot=True),
    _command("dose", "e", "Dose", "How much of the highlighted exercise", "plan", foot=True),
    _command(
        "details", "f", "Details", "For whom, when to come back, who gets the letter", "plan letter read-back", foot=True
    ),
    _command("plan-side", "l", "Side", "Left, right, both, or not said", "plan", "screen.side", foot=True),
    _command("phase", "t", "Phase", "Settle the pain, build up, or keep what is won", "plan", foot=True),
    _command("move-up", "K shift+up", "Up", "Move the exercise up the sheet", "plan", "screen.move(-1)"),
    _command("move-down", "J shift+down", "Down", "Move the exercise down the sheet", "plan", "screen.move(1)"),
    _command("open-row", "o", "Open", "The whole of the highlighted row", "plan read-back"),
    _command("row-sources", "s", "Sources", "Every source of the highlighted row", "plan", "screen.sources"),
    _command("clinic", "c", "Clinic", "Who you are, the emergency number, paper and type: kept for next time", "plan"),
    _command("save", "w", "Save", "Save it: PDF, HTML or text", "plan read-back letter", foot=True),
    _command("remarks", "r", "Remarks", "All that the checker says of this plan", "plan"),
    _command("cleared", "k", "Cleared", "Who cleared an urgent case, and when", "plan"),
    _command("override", "x", "Override", "Print against the checker, with a reason", "plan"),
    # --- before it prints ----------------------------------------------------------------------------------------------
    _command("take-off", "t", "Take off", "Take off the plan what this person's answers bar", "read-back", foot=True),
    _command("to-printer", "enter p", "Print", "On to the printer", "read-back", "screen.print", foot=True),
    _command("both", "b", "Both", "Save it to a file, then print it", "read-back", foot=True),
    # --- everywhere else -----------------------------------------------------------------------------------------------
    _command("next-part", "right right_square_bracket", "Next part", "The next part of the list", "list", "jump(1)"),
    _command("part-before", "left left_square_bracket", "Part before", "The part before", "list", "jump(-1)"),
    _command("answer-yes", "y", "Yes", "Do it", "question", "screen.answer(True)", foot=True),
    _command("answer-no", "n escape enter backspace", "No", "Leave it", "question", "screen.answer(False)", foot=True),
    _command("number", "1 2 3 4", "Number", "Take the one of this number", "which", "screen.take({key})", fixed=True),
    _command("take-this", "enter", "Take", "Take the highlighted one", "which", foot=True),
    _command("take-named", "enter", "Take", "Take the highlighted one", "by-name", "screen.chosen", foot=True),
    _command("leave-which", "escape backspace", "Leave", "Leave it as it was", "which", "screen.leave", foot=True),
    _command("take", "t enter", "Take", "Go on with this case", "started", "screen.choose('take')", foot=True),
    _command("throw", "X", "Throw away", "Remove it for good", "started", "screen.choose('throw')", foot=True),
    _command("later", "escape l", "Later", "Leave it for the next start", "started", "screen.choose('later')", foot=True),
    _command("close", "escape backspace enter s", "Close", "Back to where you came from", "reading", foot=True),
    _command("next-field", "tab", "Next field", "On to the next field", "fields", "app.focus_next", foot=True),
    _command("keep-fields", "enter", "Keep", "Keep what the fields say", "fields", "screen.submit", foot=True),
    _command("leave", "escape f10", "Leave", "Leave it as it was", "fields palette by-name", foot=True),
    _command("print-here", "enter", "Print", "Print on the highlighted printer", "printer", foot=True),
    _command("cancel-job", "x", "Cancel", "Cancel the job", "printer", foot=True),
    _command("close-printer", "escape backspace", "Close", "Close; the job goes on", "printer", "screen.leave", foot=True),
    _command("run", "enter", "Run", "Run the highlighted command, or open the entry", "palette", foot=True),
    _command(
        "palette-move",
        "up down pageup pagedown",
        "Move",
        "Move in the list",
        "palette by-name",
        "screen.move('{key}')",
        fixed=True,
    ),
    _command("back", "escape backspace", "Back", "Back to where you came from", "screen", foot=True),
    _command("warnings", "f4", "Warnings", "What this case trips, then every warning sign", EVERYWHERE, foot=True),
    _command("person", "f5", "Person", "The form: age, sex, course, the safety questions", EVERYWHERE, foot=True),
    _command("letter", "f6", "Letter", "The referral letter and the note for the record", EVERYWHERE, foot=True),
    _command("new", "f8", "New", "A new person: clear everything, after one question", EVERYWHERE, foot=True),
    _command("palette", "f9 ctrl+p colon", "Commands", "Any command or entry by its first letters", EVERYWHERE, foot=True),
    _command(
        "help", "f1 question_mark", "Keys", "Every key that works here", f"{EVERYWHERE} dialog", "app.help", foot=True
    ),
    _command("about", "", "About", "Versions, intended use, limits", EVERYWHERE),
    _command("method", "", "Method", "How the program reasons, its weights and its limits", EVERYWHERE),
    _command("theme", "f12", "Theme", "The next colours: light, dark, high contrast", EVERYWHERE),
    _command("suspend", "ctrl+z", "Suspend", "Out to the shell; fg comes back", EVERYWHERE, "app.suspend_process"),
    _command("resume", "ctrl+r", "Resume", "Take up the case that was at hand when decide was last left", EVERYWHERE),
    _command("quit", "ctrl+q", "Quit", "Leave decide; a started case can be taken up at the next start", EVERYWHERE),
)

BY_ID = {command.id: command for command in COMMANDS}

NAMES = {
    "escape": "Esc",
    "pageup": "Page up",
    "pagedown": "Page down",
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "plus": "+",
    "minus": "-",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def key_name(key: str) -> str:
    """What stands on the keyboard for a key: "F2", "Ctrl+P", "/", "y"."""
    *modifiers, last = key.split("+")
    name = NAMES.get(last) or (last if len(last) == 1 else last.capitalize())
    name = name.upper() if modifiers and len(name) == 1 else name
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def commands_of(part: str) -> tuple[Command, ...]:
    """The commands of one part, in the order of the table."""
    return tuple(command for command in COMMANDS if part in command.where)


def keys_of(command: Command, chosen: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys of a command: those that were set for it, or its usual ones."""
    return chosen.get(command.id, command.keys)


def key_names(keys: Iterable[str]) -> str:
    """Keys as a person reads them: "F2, c"; many single ones in a row as a span ("0-9")."""
    names = [key_name(key) for key in keys]
    if len(names) > 3 and all(name.isdigit() for name in names):
        return f"{names[0]}-{names[-1]}"
    return ", ".join(names)


def key_rows(chosen: Mapping[str, tuple[str, ...]]) -> list[tuple[str, list[tuple[str, Command]]]]:
    """The key table: for each part its title and its commands, each with its keys in words."""
    rows = []
    for part, title in PARTS.items():
        own = [(key_names(keys_of(command, chosen)), command) for command in commands_of(part)]
        if own:
            rows.append((title, own))
    return rows


def markdown() -> str:
    """The key table as it stands in the README, with the usual keys."""
    lines = ["| keys | command | what it does |", "|---|---|---|"]
    for title, rows in key_rows({}):
        lines.append(f"| | **{title}** | |")
        lines += [f"| {_code(command)} | {command.title} | {command.help} |" for _, command in rows]
    return "\n".join(lines)


def _code(command: Command) -> str:
    names = key_names(command.keys)
    return ", ".join(f"`{name}`" for name in names.split(", ")) if names else "(by name)"
