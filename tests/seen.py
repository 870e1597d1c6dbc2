"""How a test knows which screen it sees: one text for each, short enough to stand whole in 40 columns.

Tests on a real terminal, golden files and the benchmark of the screens take these texts from here alone.
"""

from __future__ import annotations

SHOWN = {
    "form": "How it began",
    "desk": "What the person says",
    "chosen": "Answered",
    "body": "Front",
    "why": "Before any answer",
    "condition": "At a glance",
    "compare": "Compare - ",
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
    "keys": "Keys that work here",
    "palette": "Search for commands",
    "new": "New person?",
    "print": "print on",
    "printed": "printed on Office",
    "save": "its ending says as what",
    "details": "Enter: keep all",
    "reading": "Sources",
}
