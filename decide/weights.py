"""The few numbers of the ranking that are ours: default weights, prior odds and damping. The method page shows them.

A published likelihood ratio is used as it stands where its row is graded *preferred* (or is the best there is). Where
only a statement exists, its strength gives one of these weights. All of them are factors on the odds.
"""

from __future__ import annotations

import math

# What a statement's strength weighs when the finding is present: of a complaint that many people with pain have (its
# site, quality, what brings it on or eases it, history), of a sign or nerve finding, and of a warning sign.
STATED = {
    "complaint": {"hallmark": 3.0, "typical": 2.0, "possible": 1.3, "against": 0.4},
    "sign": {"hallmark": 6.0, "typical": 2.5, "possible": 1.4, "against": 0.4},
    "warning": {"hallmark": 10.0, "typical": 4.0, "possible": 1.6, "against": 0.4},
}
# What age, sex, onset and course weigh, by the same words.
PROFILE = {"hallmark": 3.0, "typical": 1.7, "possible": 1.25, "against": 0.5, "excluded": 0.001}
# What the denial of an expected finding weighs. Never used against an emergency or urgent condition.
DENIED = {"hallmark": 0.45, "typical": 0.7}
# A pain site that the condition's own list of regions holds: its main region, another of them.
SITE_MAIN, SITE_OTHER = 2.2, 1.5
# A statement about a broader finding counts for a narrower one with this power.
BROADER = 0.5
# A finding that no source links to the condition, though it has another one of the same group that a source does.
RELATED = 1.15
# A present finding that nothing in the condition accounts for: a warning sign, a site of pain, another sign, another
# complaint. Risks and history weigh nothing.
ATYPICAL = {"warning": 0.3, "site": 0.5, "sign": 0.7, "complaint": 0.9}
# The prior odds of a class of how common a condition is. Compressed: the published shares differ by far more, but
# are few, and of other people than the one in the room.
PRIOR_ODDS = {"very-common": 0.3, "common": 0.1, "uncommon": 0.05, "rare": 0.025}
# A ratio graded "caution" counts with its square root; so does a sign that is common beside another complaint.
DAMPING = 0.5
# How far behind the leader a candidate still fits well, and fits partly, as a factor on the odds.
WELL, PARTLY = 8.0, 60.0
LISTED = 5
# By which factor an emergency or urgent diagnosis must lead an ordinary one to set the disposition by itself.
CLEARLY = 1.5

# Logarithms are kept as whole millionths: sums of whole numbers are the same in every order and on every machine.
UNIT = 1_000_000


COMPLAINTS = ("pain-region", "radiation", "quality", "aggravator", "reliever", "difficulty", "history", "risk")


# Night, rest and constant pain, severity, course: marked as warnings, but so common that alone they change little.
COMMON_WARNINGS = ("g-rest-night", "g-severity", "g-course")


def class_of(kind: str, red_flag: bool, group: str | None) -> str:
    """The class of a finding by which a statement about it weighs: complaint, sign or warning."""
    if group in COMMON_WARNINGS:
        return "complaint"
    return "warning" if red_flag else "complaint" if kind in COMPLAINTS else "sign"


def atypical(kind: str, red_flag: bool, group: str | None) -> float:
    """What a present finding weighs for a condition that does not account for it."""
    if kind in ("history", "risk"):
        return 1.0
    if kind == "pain-region":
        return ATYPICAL["site"]
    return ATYPICAL["sign" if kind == "radiation" else class_of(kind, red_flag, group)]


def log_of(ratio: float, power: float = 1.0) -> int:
    """The natural logarithm of a ratio (above 0), in millionths, times `power`."""
    return round(math.log(ratio) * power * UNIT)


def odds_of(log: int) -> float:
    """A sum of logarithms as odds, to six digits."""
    return float(f"{math.exp(log / UNIT):.6g}")
