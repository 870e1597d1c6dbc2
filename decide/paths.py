"""The one folder that the program writes to, unless a command names a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from decide.errors import InputError


def data_dir(named: str | None = None) -> Path:
    """The data folder: `named` (--data-dir), else DECIDE_DATA_DIR, else the system's place for a user's data."""
    if chosen := named or os.environ.get("DECIDE_DATA_DIR"):
        try:
            return Path(chosen).expanduser()
        except RuntimeError as error:
            raise InputError(f"the data folder {chosen} cannot be found: {error}; name another with --data-dir") from error
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "decide"
