"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from decide.errors import DeliveryError
from decide.text import visible


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text (as UTF-8) or bytes to `path` through a temporary file beside it: no reader ever sees half a file.

    Raises DeliveryError; what stood at `path` before is then still there.
    """
    temporary: str | None = None
    try:
        path = path.resolve()
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        if path.exists() and not path.is_file():
            raise OSError(22, "it is no ordinary file")
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeliveryError(f"cannot write {visible(str(path))}: {reason}; name another file or free space") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
