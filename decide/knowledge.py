"""Opening the knowledge base for a command or the app."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from db import library
from db.read import About, Connection


def open_knowledge(data_dir: Path) -> Connection:
    """A read-only connection to the knowledge base. Raises db.errors.KnowledgeError (ContentError in a checkout)."""
    path = library.knowledge_path(data_dir)
    connection = library.connect(path)
    try:
        connection.execute("SELECT count(*) FROM condition").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise library.damaged(path, error) from error
    return connection


def review_warning(about: About, today: date) -> str:
    """A warning once the review date has passed, else an empty text."""
    if today <= date.fromisoformat(about.review_date):
        return ""
    return f"This knowledge was due for review by {about.review_date}. It may be out of date; look for a newer version."
