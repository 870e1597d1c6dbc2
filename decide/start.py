"""How the program is entered: without a command straight to the screens, with one through the command line's parser.

A start pays for everything that is imported before its first picture, so the parser is built for commands alone.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from db.errors import KnowledgeError
from decide.errors import DeliveryError, InputError
from decide.paths import data_dir
from decide.text import visible

if TYPE_CHECKING:
    from db.read import Connection

DONE, WRONG = 0, 2


def opened(named_dir: str | None) -> Connection:
    """The knowledge base, for a command or the screens; a review that is due is told on stderr."""
    from db import read
    from decide.knowledge import open_knowledge, review_warning

    db = open_knowledge(data_dir(named_dir))
    if warning := review_warning(read.about(db), date.today()):
        print(f"note: {warning}", file=sys.stderr)
    return db


def screens(named_dir: str | None, a11y: bool = False) -> int:
    """The full screens, until they are left. Gives their exit status.

    `named_dir` is the data folder of --data-dir; `a11y` the profile for screen readers and braille lines.
    """
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("the screens need a terminal; here use: decide ask (the interview), or see: decide --help")
    folder = data_dir(named_dir)
    keys = {}
    if (folder / "keys.toml").exists():
        from decide.commands import COMMANDS
        from decide.key_settings import load

        keys = load(folder, COMMANDS)
    db = opened(named_dir)
    # Nothing that is made while the app comes up is garbage: it collects again once it is ready (`DecideApp.on_ready`).
    gc.disable()
    # The program never goes online: without TLS, which nothing here asks for, asyncio is 4 MiB smaller.
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    # The one late import from decide to screens: everything else works without Textual.
    from screens.app import run

    return run(db, folder, a11y or bool(os.environ.get("DECIDE_A11Y")), keys)


def ended(run: Callable[[], int]) -> int:
    """The exit status of a run. No exception leaves it for what a person can mend: that is told in one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        if sys.stdout is None:
            raise InputError("the standard output is closed, so nothing can be shown; run it without >&-")
        status = run()
        sys.stdout.flush()
        return status
    except (InputError, KnowledgeError, DeliveryError) as error:
        message = " ".join(str(error).split())
    except (sqlite3.Error, UnicodeDecodeError) as error:
        message = f"the knowledge base cannot be read ({error}); install decide again"
    except BrokenPipeError:
        # The reader (a pager, head) has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        message = f"the output could not be written: {error.strerror or error}; free space or choose another place"
    except KeyboardInterrupt:
        message = "stopped"
    print(visible(f"decide: {message}"), file=sys.stderr)
    return WRONG


def main() -> int:
    """The program, with the arguments that it was started with; gives its exit status."""
    if len(sys.argv) > 1:
        from decide import cli

        return cli.main()
    return ended(lambda: screens(None))
