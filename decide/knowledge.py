"""Opening the knowledge base for a command or the app, and taking from it what a person names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from db import library, read
from db.read import About, Condition, Connection
from decide.errors import InputError


def open_knowledge(data_dir: Path) -> Connection:
    """A read-only connection to the knowledge base. Raises db.errors.KnowledgeError (ContentError in a checkout)."""
    path = library.knowledge_path(data_dir)
    connection = library.connect(path)
    try:
        connection.execute("SELECT count(*) FROM condition").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise library.damaged(path, error) from error
    return connection


def named_conditions(db: Connection, names: Iterable[str]) -> tuple[Condition, ...]:
    """The conditions of these ids, in their order. Raises InputError for an unknown one."""
    found = []
    for name in names:
        condition = read.condition(db, name)
        if condition is None:
            raise InputError(f"unknown condition '{name}'; see: decide list conditions")
        found.append(condition)
    return tuple(found)


def review_warning(about: About, today: date) -> str:
    """A warning once the review date has passed, else an empty text."""
    if today <= date.fromisoformat(about.review_date):
        return ""
    return f"This knowledge was due for review by {about.review_date}. It may be out of date; look for a newer version."
