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
    `faint` what is beside the point, "auto" with a share: black or white by what is behind it, also on the highlight.
    """
    text, key = colours["foreground"], colours["accent"]
    variables = {
        "text-muted": faint,
        "text-disabled": faint,
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


# Every colour is one of the 256 that most terminals have, so that those with no more show it unchanged.
THEMES: dict[str, Theme] = {
    LIGHT: _coloured(
        LIGHT,
        primary="#005f87",
        secondary="#005f5f",
        accent="#005f87",
        foreground="#121212",
        background="#ffffff",
        surface="#eeeeee",
        panel="#e4e4e4",
        warning="#875f00",
        error="#af0000",
        success="#005f00",
        highlight="#00005f",
        on_highlight="#ffffff",
        blurred="#e4e4e4",
        hover="#eeeeee",
        faint="auto 70%",
    ),
    DARK: _coloured(
        DARK,
        primary="#005f87",
        secondary="#87d7af",
        accent="#ffd75f",
        foreground="#e4e4e4",
        background="#121212",
        surface="#1c1c1c",
        panel="#262626",
        warning="#ffd75f",
        error="#ff8787",
        success="#87d787",
        highlight="#afd7d7",
        on_highlight="#000000",
        blurred="#303030",
        hover="#262626",
        faint="auto 70%",
    ),
    HIGH_CONTRAST: _coloured(
        HIGH_CONTRAST,
        primary="#ffff00",
        secondary="#ffffff",
        accent="#ffff00",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1c1c1c",
        warning="#ffff00",
        error="#ffafaf",
        success="#87ff87",
        highlight="#ffff00",
        on_highlight="#000000",
        blurred="#303030",
        hover="#262626",
        faint="auto 100%",
    ),
}

# Nothing but the terminal's own two colours, told apart by bold, underline and reverse: right on black and on white.
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
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
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
