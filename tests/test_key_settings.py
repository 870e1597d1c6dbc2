"""keys.toml: keys of one's own, and one clear line for whatever in it would leave a command out of reach."""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path

import pytest
from cases import relaxed
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key, format_key

from decide.commands import COMMANDS, EVERYWHERE, TYPED
from decide.errors import InputError
from decide.key_settings import NAME, key_of, load


@dataclass(frozen=True)
class Known:
    id: str
    keys: tuple[str, ...]
    where: tuple[str, ...]
    fixed: bool = False


KNOWN = (
    Known("help", ("f1", "question_mark"), (EVERYWHERE,)),
    Known("about", (), (EVERYWHERE,)),
    Known("compare", ("f2", "c"), ("desk",)),
    Known("plan", ("f3", "p"), ("desk", "page")),
    Known("mark", ("space",), ("candidates",)),
    Known("pane", ("1", "2"), ("desk",), fixed=True),
    Known("read", ("c",), ("page",)),
    Known("choose", ("enter",), ("search", "says")),
)


def read(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    (folder / NAME).write_text(text, encoding="utf-8")
    return load(folder, KNOWN)


def test_without_a_file_every_command_keeps_its_usual_keys(tmp_path: Path) -> None:
    assert load(tmp_path, KNOWN) == {}
    assert load(tmp_path / "nowhere", KNOWN) == {}
    assert read(tmp_path, "# nothing yet\n") == {}


def test_keys_are_read_as_people_and_as_textual_write_them(tmp_path: Path) -> None:
    text = '\ufeffcompare = ["F4", "/", "f4"]\nplan = ["Ctrl+P", "shift+p"]\nabout = ["f12"]\nmark = ["question_mark"]\n'
    with pytest.raises(InputError, match="which 'help' has"):
        read(tmp_path, text)
    assert read(tmp_path, text.replace("question_mark", "plus")) == {
        "compare": ("f4", "slash"),
        "plan": ("ctrl+p", "P"),
        "about": ("f12",),
        "mark": ("plus",),
    }


@pytest.mark.parametrize(
    ("text", "key"),
    {
        "f1": "f1", "F12": "f12", "Esc": "escape", "ESCAPE": "escape", "Enter": "enter", "Return": "enter",
        "a": "a", "A": "A", "Shift+a": "A", "7": "7", "ö": "ö", " ": "space", "Space": "space", "Page up": "pageup",
        "PgDn": "pagedown", "page down": "pagedown", "Del": "delete", "Backspace": "backspace", "/": "slash",
        "?": "question_mark", "+": "plus", "plus": "plus", "question_mark": "question_mark", ".": "full_stop",
        ",": "comma", "[": "left_square_bracket", "Ctrl+P": "ctrl+p", "control+p": "ctrl+p", "Ctrl+I": "tab",
        "Ctrl+M": "enter", "Ctrl+H": "backspace", "Shift+Tab": "shift+tab", "shift+up": "shift+up",
        "Shift+Ctrl+Left": "ctrl+shift+left", "alt+x": "alt+x", "left": "left",
    }.items(),
)  # fmt: skip
def test_the_names_of_keys(text: str, key: str) -> None:
    assert key_of(text) == key
    assert key_of(key) == key


@pytest.mark.parametrize(
    "text",
    ["", "f0", "f25", "ctrl", "ctrl+", "ctrl+ctrl+a", "super+a", "ctrl+7", "cc", "\t", "\x1b", "\u202e", "a,b", "++"],
)
def test_what_is_no_key(text: str) -> None:
    assert key_of(text) is None


def test_every_sign_has_the_name_that_textual_gives_it() -> None:
    for sign in string.punctuation:
        assert key_of(sign) == _character_to_key(sign)
        assert format_key(str(key_of(sign))) == sign


@pytest.mark.parametrize(
    ("text", "words"),
    {
        'compaer = ["f4"]': ("'compaer'", "did you mean 'compare'"),
        'zzz = ["f4"]': ("'zzz'", "see: decide keys"),
        'compare = ["f99"]': ("'compare'", "unknown key 'f99'", "Ctrl+P"),
        'compare = [""]': ("'compare'", "unknown key ''"),
        "compare = []": ("'compare'", "without a key", '"f2", "c"'),
        'compare = "f4"': ("'compare'", 'compare = ["F2", "c"]'),
        "compare = [4]": ("'compare'", "list of texts"),
        '[keys]\ncompare = ["f4"]': ("'keys'",),
        'compare = ["f3"]': ("'compare'", "'plan'", '"f3"'),
        'compare = ["f9"]\nplan = ["f9"]': ("'compare'", "'plan'", '"f9"'),
        'read = ["p"]': ("'read'", "'plan'"),
        'mark = ["f1"]': ("'mark'", "'help'"),
        'help = ["f3"]': ("'help'", "'plan'"),
        'compare = ["1"]': ("'compare'", "'pane'"),
        'pane = ["3"]': ("'pane'", "mean themselves"),
        'choose = ["k"]': ("'choose'", "type something"),
        'about = ["!"]': ("'about'", "type something"),
        'compare = ["f4"': ("damaged", "end of document"),
        'plan = ["f9"]\ncompare = ["f4"]]': ("damaged", "line 2"),
        'compare = ["f4"]\ncompare = ["f5"]': ("damaged",),
        "compare = " + "[" * 50_000: ("damaged",),
        "#" * 200_000: ("larger than",),
    }.items(),
)
def test_what_cannot_be_is_refused_in_one_line_that_names_it(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    line = str(refused.value)
    assert "\n" not in line
    assert len(line) < 400 + len(str(tmp_path))
    for word in (str(tmp_path / NAME), *words):
        assert word in line


def test_keys_may_change_places_and_be_used_again_elsewhere(tmp_path: Path) -> None:
    assert read(tmp_path, 'compare = ["f3"]\nplan = ["f2"]') == {"compare": ("f3",), "plan": ("f2",)}
    assert read(tmp_path, 'mark = ["c"]') == {"mark": ("c",)}
    assert read(tmp_path, 'choose = ["k", "f7"]') == {"choose": ("k", "f7")}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b'compare = ["\xc3"]'])
def test_a_file_of_odd_bytes_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(InputError, match=NAME):
        load(tmp_path, KNOWN)


def test_a_folder_in_its_place_is_one_line(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path, KNOWN)


@given(st.text(max_size=60))
@relaxed(150)
def test_whatever_stands_in_the_file_never_ends_in_anything_but_a_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    (folder / NAME).write_bytes(text.encode(errors="surrogatepass"))
    try:
        assert set(load(folder, KNOWN)) <= {each.id for each in KNOWN}
    except InputError as error:
        assert str(error).isprintable() or "\n" not in str(error)


def test_the_usual_keys_of_the_program_pass_as_keys_of_ones_own(tmp_path: Path) -> None:
    """What the table itself uses must be what a person may write, command by command."""
    assert {part for command in COMMANDS for part in command.where} >= set(TYPED)
    for command in COMMANDS:
        assert all(key_of(key) == key for key in command.keys), command
        if command.keys and not command.fixed:
            (tmp_path / NAME).write_text(f"{command.id} = {list(command.keys)}".replace("'", '"'))
            assert load(tmp_path, COMMANDS) == {command.id: command.keys}
