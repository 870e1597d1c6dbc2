"""What an amount of an exercise may be: a number or a range in digits, or, for how often, the few words that sources use.

A figure must stand in its source, so "every day" and "twice" are kept as the words that they are there, not as 7 and 2.
"""

from __future__ import annotations

import re

FIELDS = ("sets", "reps", "hold_seconds", "duration_minutes", "times_a_day", "days_a_week")
EVERY_DAY = "every day"
WORDS = {"times_a_day": ("once", "twice"), "days_a_week": (EVERY_DAY,)}
_AMOUNT = re.compile(r"(up to )?[0-9]{1,3}|[0-9]{1,3} ?(to|-) ?[0-9]{1,3}")


def is_amount(field: str, value: str) -> bool:
    """Whether `value` says how much for this field of a dose."""
    return value in WORDS.get(field, ()) or _AMOUNT.fullmatch(value) is not None


def wanted(field: str) -> str:
    """What is_amount takes for this field, in words for whoever typed something else."""
    return " or ".join(("a number or a range like 8 to 12", *WORDS.get(field, ())))
