"""The program's own colours: light, dark, high contrast, and the terminal's own two where there are no others.

Every text has a contrast of at least 4.5:1 to what it stands on, in every theme and state; tests/test_contrast.py
measures it on the screens. The weakest pairs are dimmed words on the highlighted row, so a highlight is never a middle
tone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

from decide import settings
from decide.errors import InputError

if TYPE_CHECKING:
    from textual.app import App

DARK, LIGHT, HIGH_CONTRAST = "dark", "light", "high-contrast"
# Text consoles, and terminals that want no colour.
TERMINAL = "terminal"


def _coloured(
    name: str, *, highlight: str, on_highlight: str, blurred: str, hover: str, faint: str, **colours: str
) -> Theme:
    """A theme with every derived colour that text stands on or in given, so that none is a blend nobody looked at.

    `highlight` is the highlighted row (`blurred` where another part has the focus), `hover` the row under the mouse,
    `faint` what is beside the point: hints in empty fields.
    """
    text, key = colours["foreground"], colours["accent"]
    variables = {
        "text-muted": faint,
        "text-disabled": faint,
        "foreground-muted": faint,
        "foreground-disabled": faint,
        "block-cursor-background": highlight,
        "block-cursor-foreground": on_highlight,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": blurred,
        "block-cursor-blurred-foreground": text,
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": hover,
        "surface-active": hover,
        "footer-background": colours["panel"],
        "footer-foreground": text,
        "footer-description-foreground": text,
        "footer-key-foreground": key,
        "input-cursor-background": text,
        "input-cursor-foreground": colours["background"],
        "input-selection-background": highlight,
        "input-selection-foreground": on_highlight,
        "screen-selection-background": highlight,
        "screen-selection-foreground": on_highlight,
        "link-color": key,
        "link-color-hover": on_highlight,
        "link-background-hover": highlight,
    }
    return Theme(name=name, dark=name != LIGHT, variables=variables, **colours)  # type: ignore[arg-type]


THEMES: dict[str, Theme] = {
    LIGHT: _coloured(
        LIGHT,
        primary="#0b4a7d",
        secondary="#2f5d3a",
        accent="#0b4a7d",
        foreground="#16191d",
        background="#fbfbf9",
        surface="#f0f1ee",
        panel="#e4e7e4",
        warning="#7a4b00",
        error="#a3122a",
        success="#1d6131",
        highlight="#bcdcf7",
        on_highlight="#000000",
        blurred="#e0e6ec",
        hover="#e9edf0",
        faint="#575c61",
    ),
    DARK: _coloured(
        DARK,
        primary="#0f4a75",
        secondary="#7fb7a4",
        accent="#ffc35c",
        foreground="#e6e8ea",
        background="#111417",
        surface="#1a1f24",
        panel="#232a31",
        warning="#ffc35c",
        error="#ff8b8b",
        success="#83d69a",
        highlight="#0f4a75",
        on_highlight="#ffffff",
        blurred="#262d35",
        hover="#1f252b",
        faint="#a2a9b0",
    ),
    HIGH_CONTRAST: _coloured(
        HIGH_CONTRAST,
        primary="#ffe000",
        secondary="#ffffff",
        accent="#ffe000",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1c1c1c",
        warning="#ffe000",
        error="#ff9d9d",
        success="#8dffa8",
        highlight="#ffe000",
        on_highlight="#000000",
        blurred="#333333",
        hover="#222222",
        faint="#ffffff",
    ),
}

# The terminal's own two colours, with bold, underline and reverse: right on black and on white. Only the highlighted row
# has colours, of which the darkest blue and the usual white are on every console (Textual drops reverse there).
_TWO_COLOURS = Theme(
    name=TERMINAL,
    ansi=True,
    primary="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "text-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "foreground-muted": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_white",
        "block-cursor-background": "ansi_blue",
        "block-cursor-blurred-text-style": "bold underline",
        "footer-key-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "screen-selection-background": "ansi_default",
        "screen-selection-foreground": "ansi_default",
        "link-color": "ansi_default",
        "link-color-hover": "ansi_default",
        "link-background-hover": "ansi_default",
    },
)


def themes_on_offer(plain: bool) -> tuple[str, ...]:
    """The names of the themes to choose from; on a plain terminal there is nothing to choose."""
    return () if plain else tuple(THEMES)


def next_theme(name: str) -> str:
    """The theme after this one, round and round."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


def kept_theme(folder: Path) -> str:
    """The theme kept in the data folder; empty when none is, or when the settings cannot be read."""
    try:
        return settings.load(folder).theme
    except InputError:
        # Whoever changes a setting is told; colours are no reason not to start.
        return ""


def apply_theme(app: App[int], kept: str, plain: bool) -> None:
    """Start with the theme that was `kept` (or none was: empty), and leave no others to choose than ours.

    Call it once, after the app's own `__init__`; later the app's `theme` may be set to any of those on offer.
    """
    others = [name for name in app.available_themes if name not in THEMES]
    for theme in (_TWO_COLOURS,) if plain else THEMES.values():
        app.register_theme(theme)
    app.theme = TERMINAL if plain else kept or DARK
    for name in others:
        app.unregister_theme(name)


class Undimmed(LineFilter):
    """Shows dimmed text as any other: consoles draw it dark grey on black, and high contrast means every word."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [
            Segment(text, style + _NOT_DIM, control) if style is not None and style.dim else Segment(text, style, control)
            for text, style, control in segments
        ]


_NOT_DIM = Style(dim=False)
_UNDIMMED = Undimmed()


def line_filters(theme: str, filters: Sequence[LineFilter]) -> Sequence[LineFilter]:
    """The app's filters, and before them one that leaves no text dim in the themes that have no middle tone."""
    return [_UNDIMMED, *filters] if theme in (TERMINAL, HIGH_CONTRAST) else filters
