"""Errors that a person can mend. Each message is one line: what is wrong, where, and how to mend it."""

from __future__ import annotations


class InputError(Exception):
    """What was asked for is wrong: an argument, an id, a file. Ends a command with exit status 2."""


class DeliveryError(Exception):
    """A plan could not be printed or saved; the plan itself is kept."""
