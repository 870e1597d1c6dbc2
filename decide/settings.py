"""What the clinic sets once: its contact line, emergency number, printer queue, paper and type; and the screen's theme."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from decide.errors import InputError
from decide.files import write_whole


class Settings(NamedTuple):
    """Every value is a text; a switch is on when its text is not empty."""

    contact: str = ""
    emergency_number: str = ""
    queue: str = ""
    paper: str = ""
    one_sided: str = ""
    large: str = ""
    pain_limit: str = ""
    theme: str = ""


# The settings that may not be just any text.
CHOICES = {
    "paper": ("", "a4", "letter"),
    "pain_limit": ("", *map(str, range(11))),
    "theme": ("", "light", "dark", "high-contrast"),
}


def _path(folder: Path) -> Path:
    return folder / "settings.json"


def load(folder: Path) -> Settings:
    """The settings kept in the data folder, or the defaults. Raises InputError when the file is damaged."""
    path = _path(folder)
    try:
        text = path.read_text(encoding="utf-8")
        # Not every start has settings to read.
        import json

        values = json.loads(text)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"the settings file {path} cannot be read ({error}); mend or delete it") from error
    if not isinstance(values, dict):
        raise InputError(f"the settings file {path} holds no settings; delete it")
    for name, choices in CHOICES.items():
        if (value := values.get(name, "")) not in choices:
            wanted = ", ".join(filter(None, choices))
            raise InputError(f"the settings file {path} says {name} '{value}'; write one of {wanted}, or delete it")
    return Settings(**{n: value for n, value in values.items() if n in Settings._fields and isinstance(value, str)})


def save(folder: Path, **changes: str) -> Settings:
    """Keep these settings in the data folder, beside those already there. Raises InputError or DeliveryError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"cannot make the data folder {folder}: {error.strerror}; choose another with --data-dir"
        ) from error
    import json

    settings = load(folder)._replace(**changes)
    write_whole(_path(folder), json.dumps(settings._asdict(), indent=2, ensure_ascii=False) + "\n")
    return settings
