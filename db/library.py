"""Where the compiled knowledge base is, and how to open it.

An installed program carries `knowledge.sqlite` inside this package and only opens it, read-only. In a checkout the
content beside it is compiled when a content file or the compiler has changed since; nothing else is done on a start.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from db.errors import KnowledgeError

PACKAGE = Path(__file__).parent
CONTENT = PACKAGE / "knowledge"
COMPILED = PACKAGE / "knowledge.sqlite"
# The number of the compiled layout, raised with every change of db/schema.py's tables.
SCHEMA_VERSION = 7
COMPILER = (
    "compile.py",
    "schema.py",
    "content.py",
    "check.py",
    "rows.py",
    "readability.py",
    "library.py",
    "characters.py",
    "terms.py",
    "figure/look.py",
    "figure/pose.py",
    "figure/shapes.py",
    "figure/props.py",
    "figure/drawing.py",
    "figure/content.py",
    "figure/chart.py",
)


def in_checkout() -> bool:
    """Whether this package lies in a source checkout rather than an installation."""
    return (PACKAGE.parent / "pyproject.toml").is_file()


def _fingerprint() -> str:
    """The names, sizes and times of every file that the compiled result depends on. Raises KnowledgeError."""
    try:
        paths = [(name, os.stat(PACKAGE / name)) for name in COMPILER]
        for folder, _, names in os.walk(CONTENT):
            paths += [(f"{folder}/{name}", os.stat(f"{folder}/{name}")) for name in names if name.endswith(".toml")]
    except OSError as error:
        raise KnowledgeError(f"the content {CONTENT} cannot be read: {error}; restore the checkout") from error
    # As it stands: a digest of it would load the library for digests at every start.
    return "".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in sorted(paths, key=lambda pair: pair[0]))


def _stamp(fingerprint: str, target: Path) -> str:
    """What a stamp says: which content was compiled, and which file that gave."""
    stat = target.stat()
    return f"{fingerprint} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}"


def _compile_if_changed(target: Path) -> None:
    stamp = target.with_suffix(".stamp")
    fingerprint = _fingerprint()
    try:
        if stamp.read_text() == _stamp(fingerprint, target):
            return
    except OSError:
        pass
    from db.compile import compile_knowledge

    compile_knowledge(CONTENT, target)
    try:
        stamp.write_text(_stamp(fingerprint, target))
    except OSError as error:
        raise KnowledgeError(f"cannot write {stamp}: {error}; free space there") from error


def knowledge_path(cache: Path) -> Path:
    """The file of the compiled knowledge base, compiled first when a checkout's content has changed.

    `cache` is the folder to compile into when the checkout cannot be written to. The environment variable
    DECIDE_KNOWLEDGE names another compiled file to use instead. Raises ContentError or KnowledgeError.
    """
    if named := os.environ.get("DECIDE_KNOWLEDGE"):
        return Path(named)
    if not in_checkout():
        return COMPILED
    target = COMPILED if os.access(PACKAGE, os.W_OK) else cache / COMPILED.name
    _compile_if_changed(target)
    return target


def connect(path: Path) -> sqlite3.Connection:
    """Open a compiled knowledge base read-only. Raises KnowledgeError when it is missing, damaged or of another layout."""
    if not path.is_file():
        raise KnowledgeError(f"the knowledge base {path} is missing; install decide again")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        connection.row_factory = sqlite3.Row
        # In KiB. The system keeps the file in memory anyway; by itself SQLite would keep 2 MiB of it once more.
        connection.execute("PRAGMA cache_size = -256")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("SELECT value FROM meta WHERE key = 'hash'").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise damaged(path, error) from error
    if version != SCHEMA_VERSION:
        connection.close()
        raise KnowledgeError(
            f"the knowledge base {path} has layout {version}, this program needs {SCHEMA_VERSION}; install decide again"
        )
    return connection


def damaged(path: Path, error: Exception) -> KnowledgeError:
    """The error to raise when reading the knowledge base fails."""
    return KnowledgeError(
        f"the knowledge base {path} cannot be read ({error}); install decide again, or delete the file in a checkout"
    )
