"""How a test knows which screen it sees: one text for each, short enough to stand whole in 40 columns.

Tests on a real terminal, golden files and the benchmark of the screens take these texts from here alone.
"""

from __future__ import annotations

SHOWN = {
    "form": "How it began",
    "answered": " questions answered",
    "desk": "What the person says",
    "chosen": "Answered",
    "body": "Space Hurts",
    "candidates": "Candidates",
    "ask": "Ask next",
    "why": "Before any answer",
    "condition": "At a glance",
    "dislikes": "Dislikes, and likes: ",
    "trail": "Trail - ",
    "compare": "Compare: ",
    "plan": "Plan - ",
    "danger": "EMERGENCY, now",
    "go-now": "Go-now sheet",
    "read-back": "Before it prints",
    "sheet": "The sheet as it will print",
    "picture": "Start",
    "letter": "Letter and note",
    "warnings": "Warning signs",
    "about": "Intended use",
    "method": "method",
    "nothing": "Nothing found",
    "found": "(condition)",
    "keys": "Keys that work here",
    "palette": "First letters of a command",
    "started": "A case was started and not finished",
    "left": "Left: ",
    "new": "New person?",
    "which": "which one off the comparison",
    "by-name": "Compare with which condition",
    "print": "print on",
    "printed": "printed on Office",
    "save": "its ending says as what",
    "dose": "How much: ",
    "details": "Details on the ",
    "reading": "Sources",
}
