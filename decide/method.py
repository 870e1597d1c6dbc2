"""The method in plain language: the formula, the weights, where they come from, the limits, and the "
"self-test's result."""

from __future__ import annotations

from dataclasses import dataclass

from decide import weights
from decide.answer import Reasoner
from decide.report import factor
from decide.selftest import Outcome, Result

TITLE = "How the program reasons"


@dataclass(frozen=True)
class Section:
    title: str
    texts: tuple[str, ...]


def sections(reasoner: Reasoner, result: Result) -> list[Section]:
    """The page, with the numbers that the program uses and what its self-test gave."""
    stated = {
        kind: ", ".join(f"{name} {factor(ratio)}" for name, ratio in ratios.items())
        for kind, ratios in weights.STATED.items()
    }
    profile = ", ".join(f"{name} {factor(ratio)}" for name, ratio in weights.PROFILE.items())
    denied = ", ".join(f"{name} {factor(ratio)}" for name, ratio in weights.DENIED.items())
    priors = ", ".join(f"{name.replace('-', ' ')} {odds:g}" for name, odds in weights.PRIOR_ODDS.items())
    atypical = ", ".join(f"{name} {factor(ratio)}" for name, ratio in weights.ATYPICAL.items())
    damped = sorted(reasoner.damped_groups().items())
    return [
        Section(
            "First the danger",
            (
                "Warning rules are read before anything is ranked. A rule is a sign or a combination of signs, with "
                "what is "
                "suspected, how soon, what to do, and its sources. A rule that escalates sets the disposition; one "
                "that "
                "informs is shown and recorded. Where no source states the time, the page says that it is editorial.",
                "The safety set is a short list of questions that cover the rules that escalate. Until all that "
                "apply are "
                "answered yes or no, the case is not screened. No flag is not the same as safe: most serious disease "
                "begins without one.",
                "Without a rule the disposition is the urgency class of the diagnosis that leads, if it fits well. "
                f"One that is urgent or an emergency must lead an ordinary one by a factor {weights.CLEARLY:g}; then it "
                "is seen within days, an emergency the same day. While any rule is tripped, it is never self-care.",
                "Must exclude stands above the list: every condition that a tripped rule names, and the leader if it "
                "is grave.",
            ),
        ),
        Section(
            "The formula",
            (
                "Score = prior odds x one weight for each thing answered. The list is sorted by the score.",
                "Of findings that measure nearly the same thing (a group) only the strongest counts. A published "
                "cluster "
                "replaces its members, and a syndrome replaces the complaints it is made of. A narrower finding counts "
                "as itself, not again as its broader one.",
                "What was not asked, or could not be tested, changes nothing. A no to an expected finding counts a "
                "little, and never against an emergency or urgent condition. A no to a complaint answers no test.",
                "Age, sex, onset and course (these two as one) count as findings do, where a source or our editors say so.",
            ),
        ),
        Section(
            "The weights",
            (
                "A published likelihood ratio is used exactly as its row gives it, where the row is graded "
                "preferred, or is "
                "the best there is for that finding. Alternative rows are never multiplied with the preferred one. "
                "Rows "
                "for another comparison only (nerve against artery) are left out of the ranking.",
                f"A ratio graded caution (small, single, or special population) counts with its root (power "
                f"{weights.DAMPING:g}).",
                f"Where there is only a statement, its strength gives the weight. A complaint that many people with "
                "pain have: "
                f"{stated['complaint']}. A sign or nerve finding: {stated['sign']}. A warning sign: "
                f"{stated['warning']}. Age, "
                f"sex, onset and course: {profile}. An expected finding that is denied: {denied}. These are ours.",
                f"The pain's site, where it is a region of the condition: main {factor(weights.SITE_MAIN)}, other "
                f"{factor(weights.SITE_OTHER)}. A finding of a kind that the condition has in another form: "
                f"{factor(weights.RELATED)}. These are ours.",
                f"A present finding that the condition does not account for, by class: {atypical}; risks and history: "
                "nothing. "
                "These are ours.",
                f"How common, as odds: {priors}. The class follows the published share where there is one; else it is "
                "editorial. The odds lie closer together than the true shares, because those were measured on other "
                "people than the one in the room, and so that the rare danger is not buried.",
                *(
                    f"{reasoner.group_label(group)}: common in people with {reasoner.words(finding).lower()} "
                    f"[{source}], so such a sign counts with its root there, unless the condition explains that pain."
                    for group, (finding, source) in damped
                ),
            ),
        ),
        Section(
            "The bands",
            (
                f"Fits well: within a factor {weights.WELL:g} of the leader. Fits partly: within {weights.PARTLY:g}. "
                "Keep "
                f"in mind: the rest. At most {weights.LISTED} that fit are listed. Bands are an order, not a "
                "probability.",
                "Impairments (tight, weak, stiff, unequal) stand apart: they explain and coexist, they do not "
                "replace a "
                "diagnosis.",
                "N of M answered counts the findings on which the first three diagnoses hang.",
            ),
        ),
        Section(
            "The limits",
            (
                "Most ratios come from surgical or specialist clinics and are approximations in primary care. Many "
                "conditions have none, and are ranked by description. Groups make up for dependence only roughly.",
                "The knowledge is about adults with low-back, hip and leg pain. Under 18 the screens rank nothing.",
                reasoner.about.review_note,
            ),
        ),
        Section(f"Vignette recall of knowledge {reasoner.about.version}", (*summary(result), NOT_ACCURACY)),
    ]


NOT_ACCURACY = (
    "This is recall of bundled vignettes by one version of the knowledge. It is no measure of diagnostic accuracy: the "
    "vignettes were at hand while the rules and weights were made, and real people are not vignettes."
)


def summary(result: Result) -> list[str]:
    """The self-test's figures as sentences."""
    texts = []
    for title, clear in (("All", False), ("Clear (enough is stated, not of the hardest kind)", True)):
        count = len(result.of(clear))
        firsts = ", ".join(f"in the first {n}: {result.recall(n, clear)}" for n in (3, 5))
        texts.append(
            f"{title}: {count} vignettes. Right condition first: {result.recall(1, clear)}, {firsts}. "
            f"Mean reciprocal rank {result.reciprocal_rank(clear):.2f}."
        )
    flagged, dangers = result.flagged()
    benign, look_alikes = result.spared(True)
    routine, others = result.spared(False)
    texts.append(
        f"Red-flag cases with a right disposition: {flagged} of {dangers}. Benign look-alikes not escalated: "
        f"{benign} of "
        f"{look_alikes}. Other routine cases not escalated: {routine} of {others}. Candidates shown: "
        f"{result.listed:.1f} "
        "on average."
    )
    return texts


def miss(outcome: Outcome) -> str:
    """One vignette that was missed, with the reason."""
    return f"{outcome.vignette.id}: {outcome.reason}"
