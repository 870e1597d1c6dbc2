"""Keys of one's own: keys.toml in the data folder, a line for each command that is to have others than its usual ones.

    compare = ["F2", "c"]
    search = ["/", "Ctrl+F"]

What stands there must leave every command within reach, and no key with two meanings in one part of a screen.
"""

from __future__ import annotations

import string
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

from decide.commands import EVERYWHERE, TYPED
from decide.errors import InputError
from decide.text import visible

NAME = "keys.toml"
LARGEST_FILE = 100_000


class HasKeys(Protocol):
    """What is asked of a command here. `where`: the parts of the screens that have it."""

    @property
    def id(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def where(self) -> tuple[str, ...]: ...
    @property
    def fixed(self) -> bool: ...


def load(folder: Path, commands: Sequence[HasKeys]) -> dict[str, tuple[str, ...]]:
    """The keys set in the data folder, by command id, as Textual names them; nothing where there is no such file.

    Raises InputError with one line: the file, what is wrong in which line or command, and how to mend it.
    """
    path = folder / NAME
    file = f"the key file {visible(str(path))}"
    chosen: dict[str, tuple[str, ...]] = {}
    known = {command.id: command for command in commands}
    for name, value in _read(path, file).items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else "see: decide keys"
            raise InputError(f"{file} names the unknown command '{visible(name[:40])}'; {hint}")
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            raise InputError(f'{file}: the keys of \'{name}\' must be a list of texts, like {name} = ["F2", "c"]')
        chosen[name] = _keys(known[name], value, file)
    for name, keys in chosen.items():
        _check_clashes(known[name], keys, chosen, commands, file)
    return chosen


def _read(path: Path, file: str) -> Mapping[str, object]:
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}; mend or delete it") from None
    if len(content) > LARGEST_FILE:
        raise InputError(f"{file} is larger than {LARGEST_FILE} bytes; delete it, or write only lines of commands")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"{file} is no UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        reason = visible(str(error)[:120])
        raise InputError(f'{file} is damaged: {reason}; write lines like compare = ["F2", "c"]') from None
    except (RecursionError, ValueError):
        raise InputError(f'{file} is damaged; write lines like compare = ["F2", "c"]') from None


def _keys(command: HasKeys, texts: Sequence[str], file: str) -> tuple[str, ...]:
    """The keys for a command, checked by themselves."""
    if command.fixed:
        raise InputError(f"{file}: the keys of '{command.id}' mean themselves and cannot be others; delete that line")
    if not texts and command.keys:
        usual = ", ".join(f'"{key}"' for key in command.keys)
        raise InputError(f"{file} leaves '{command.id}' without a key; give it one (its usual: [{usual}])")
    keys = []
    for text in texts:
        key = key_of(text)
        if key is None:
            raise InputError(
                f"{file}: '{command.id}' has the unknown key '{visible(text[:20])}'; keys are named like "
                '"c", "/", "F2", "Esc", "Page up", "Ctrl+P", "Shift+Tab"'
            )
        keys.append(key)
    typing = EVERYWHERE in command.where or any(part in TYPED for part in command.where)
    if keys and typing and all(_types(key) for key in keys):
        raise InputError(
            f"{file} gives '{command.id}' only keys that type something, and it is wanted where text is typed; "
            'add one like "F2" or "Ctrl+P"'
        )
    return tuple(dict.fromkeys(keys))


def _check_clashes(
    command: HasKeys,
    keys: Sequence[str],
    chosen: Mapping[str, tuple[str, ...]],
    commands: Sequence[HasKeys],
    file: str,
) -> None:
    for other in commands:
        if other.id == command.id or not _meet(command, other):
            continue
        if shared := [key for key in keys if key in chosen.get(other.id, other.keys)]:
            key = shared[0]
            raise InputError(
                f"{file} gives '{command.id}' the key \"{key}\", which '{other.id}' has in the same part of a screen; "
                f"choose another, or give '{other.id}' another first"
            )


def _meet(one: HasKeys, other: HasKeys) -> bool:
    """Whether both commands are at hand at once."""
    return EVERYWHERE in one.where or EVERYWHERE in other.where or any(part in other.where for part in one.where)


# --- the names of keys ------------------------------------------------------------------------------------------------

# Signs that Textual calls otherwise than Unicode does.
_SIGN_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_OTHER_NAMES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "spacebar": "space",
    "period": "full_stop",
    "dot": "full_stop",
    "hyphen": "minus",
}
_MOVES = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete")
_FUNCTIONS = tuple(f"f{number}" for number in range(1, 25))
_NAMED = ("escape", "enter", "tab", "backspace", "space", *_MOVES, *_FUNCTIONS)
# Terminals send the same for both.
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}


def _sign(character: str) -> str:
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _SIGN_NAMES.get(name, name)


_SIGNS = frozenset(map(_sign, string.punctuation))
_MODIFIED = frozenset(
    [
        *(f"ctrl+{key}" for key in (*string.ascii_lowercase, *_MOVES, *_FUNCTIONS)),
        *(f"alt+{key}" for key in (*string.ascii_letters, *string.digits)),
        *(f"shift+{key}" for key in ("tab", *_MOVES)),
        *(f"ctrl+shift+{key}" for key in _MOVES),
    ]
)


def key_of(text: str) -> str | None:
    """The key that a person means, as Textual names it: "Ctrl+P" is ctrl+p, "/" is slash. None for no key."""
    text = " " if text == " " else text.strip()
    if len(text) == 1:
        if text == " ":
            return "space"
        return text if text.isalnum() else _sign(text) if text.isprintable() and _sign(text) else None
    *modifiers, last = text.split("+") if not text.endswith("++") else [*text[:-2].split("+"), "+"]
    name = last.strip()
    if modifiers:
        held = "+".join(sorted({"control": "ctrl"}.get(each.strip().lower(), each.strip().lower()) for each in modifiers))
        if held == "shift" and len(name) == 1 and name.isalpha():
            return name.upper()
        key = f"{held}+{name if held == 'alt' and len(name) == 1 else _plain_name(name)}"
        return _SAME.get(key, key if key in _MODIFIED else None)
    key = _plain_name(name)
    return key if key in _NAMED or key in _SIGNS else None


def _plain_name(name: str) -> str:
    key = "".join(name.lower().split()) if " " in name else name.lower()
    return _OTHER_NAMES.get(key, key)


def _types(key: str) -> bool:
    """Whether a key puts a character where text is typed."""
    return len(key) == 1 or key == "space" or key in _SIGNS
