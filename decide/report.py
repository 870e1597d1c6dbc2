"""An answer as JSON values and as lines of plain text: what `rank`, `why` and `redflags` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from decide.answer import Answer, Reasoner
from decide.ranking import BANDS, PLAIN, Candidate, Explanation, Reason
from decide.screening import DISPOSITION, SOON, Asked, Screening, Trip
from decide.text import wrap

WIDTH = 80
BAND_TITLES = {"fits-well": "Fits well", "fits-partly": "Fits partly", "keep-in-mind": "Keep in mind"}
BASES = {
    "study": "study",
    "study, damped": "study, counted by its root",
    "statement": "",
    "site": "site of pain",
    "related": "of the same kind as what is stated",
    "atypical": "not accounted for",
    "profile": "age, sex, onset or course",
    "cluster": "cluster of findings",
    "denied": "expected, but absent",
}


def _weight(value: float) -> float:
    return float(f"{value:.4g}")


def factor(value: float) -> str:
    """A weight as people read it: x2.5."""
    return f"x{value:.3g}"


# --- JSON -----------------------------------------------------------------------------------------------------------


def reason_json(reasoner: Reasoner, condition: str, reason: Reason) -> dict[str, Any]:
    weight = reason.weight
    return {
        "finding": reason.finding,
        "label": reasoner.words(reason.finding),
        "weight": weight.ratio,
        "counted": _weight(weight.counted) if reason.counts else 1.0,
        "counts": reason.counts,
        "basis": weight.basis,
        "strength": weight.strength,
        "row": weight.row,
        "through": reason.through,
        "sources": list(reasoner.sources(condition, reason)),
    }


def explanation_json(reasoner: Reasoner, explanation: Explanation) -> dict[str, Any]:
    """For, against, missing and atypical findings, and apart from them what the case's fields and clusters weigh."""
    name = explanation.condition.id
    findings = reasoner.findings

    def kind_of(text: str) -> str:
        if text.startswith("cluster:"):
            return "cluster"
        return "finding" if text in findings or text.startswith(PLAIN) else "field"

    def rows(reasons: Iterable[Reason], kind: str = "finding") -> list[dict[str, Any]]:
        return [reason_json(reasoner, name, reason) for reason in reasons if kind_of(reason.finding) == kind]

    both = (*explanation.for_, *explanation.against)
    prior = explanation.prior
    return {
        "prior": {
            "class": prior.prior_class if prior else "",
            "odds": explanation.prior_odds,
            "setting": prior.setting if prior else "",
            "share": prior.share if prior else "",
            "among": prior.among if prior else "",
            "note": prior.note if prior else "",
            "sources": [citation.id for citation in prior.citations] if prior else [],
        },
        "for": rows(explanation.for_),
        "against": rows(explanation.against),
        "missing": rows(explanation.missing),
        "atypical": rows(explanation.atypical),
        "profile": rows(both, "field"),
        "clusters": rows(both, "cluster"),
    }


def trip_json(trip: Trip) -> dict[str, Any]:
    rule = trip.rule
    return {
        "id": rule.id,
        "sign": rule.red_flag,
        "label": rule.label,
        "tier": rule.tier,
        "urgency": rule.urgency,
        "urgency_basis": "editorial" if rule.urgency_basis == "reviewer" else "source",
        "suspects": list(rule.suspects),
        "because": list(trip.because),
        "evidence": rule.evidence,
        "action": rule.action,
        "sources": [citation.id for citation in rule.citations],
    }


def asked_json(asked: Asked) -> dict[str, Any]:
    question = asked.question
    return {
        "id": question.id,
        "finding": question.finding,
        "question": question.text,
        "why": question.why,
        "findings": list(question.findings),
        "answer": asked.answer,
    }


def screening_json(screening: Screening) -> dict[str, Any]:
    return {
        "screened": {"asked": screening.asked, "of": screening.of, "complete": screening.screened},
        "red_flags": [trip_json(trip) for trip in screening.trips],
        "questions": [asked_json(asked) for asked in screening.questions],
    }


def candidate_json(reasoner: Reasoner, answer: Answer, one: Candidate) -> dict[str, Any]:
    condition = one.condition
    explanation = reasoner.explain(answer.case, condition.id)
    return {
        "condition": condition.id,
        "label": condition.label,
        "kind": condition.kind,
        "urgency": condition.urgency,
        "band": one.band,
        "score": one.score,
        **explanation_json(reasoner, explanation),
    }


def matched_json(reasoner: Reasoner, answer: Answer, condition: str, reason: Reason) -> dict[str, Any]:
    """One match, by the choice behind it: the region, movement or finding that was said."""
    kind, name = said_as(reasoner, answer, reason.finding)
    return {
        "kind": kind,
        "id": name,
        "label": reasoner.words(reason.finding),
        "strength": reason.weight.strength,
        "weight": reason.weight.ratio,
        "counts": reason.counts,
        "sources": list(reasoner.sources(condition, reason)),
    }


def said_as(reasoner: Reasoner, answer: Answer, name: str) -> tuple[str, str]:
    """What was said that a reason's finding stands for: (region, movement, finding or field; its id)."""
    kind, mark, rest = name.partition(":")
    if mark and kind in ("region", "movement"):
        return kind, rest
    words = reasoner.vocabulary
    for movement in answer.case.movements:
        if words.of_movement.get(movement) == name and name not in answer.case.present:
            return "movement", movement
    for region in answer.case.regions:
        if words.of_region.get(region) == name and name not in answer.case.present:
            return "region", region
    return ("finding" if name in reasoner.findings else "field"), name


def found_json(reasoner: Reasoner, answer: Answer, one: Candidate) -> dict[str, Any]:
    """A candidate as `find` gives it: what of what was said it answers to, and what speaks against it."""
    condition = one.condition
    explanation = reasoner.explain(answer.case, condition.id)
    sides = {
        side: [matched_json(reasoner, answer, condition.id, reason) for reason in reasons]
        for side, reasons in (("matched", explanation.for_), ("against", explanation.against))
    }
    return {
        "condition": condition.id,
        "label": condition.label,
        "kind": condition.kind,
        "urgency": condition.urgency,
        "band": one.band,
        "score": one.score,
        **sides,
    }


def shown(reasoner: Reasoner, answer: Answer, everything: bool) -> tuple[Candidate, ...]:
    """The candidates to list: what fits, five at most; or every condition, what nothing speaks of last."""
    if not everything:
        return answer.ranking.listed
    return reasoner.ranker(answer.case).rank_all(answer.ranking)


def rank_json(reasoner: Reasoner, answer: Answer, everything: bool) -> dict[str, Any]:
    ranking = answer.ranking
    value: dict[str, Any] = {
        "knowledge": {"version": reasoner.about.version, "hash": reasoner.about.hash},
        "disposition": answer.disposition,
        "within": answer.within,
        "screened": {"asked": answer.screening.asked, "of": answer.screening.of},
        "must_exclude": list(answer.must_exclude),
        "red_flags": [trip_json(trip) for trip in answer.screening.trips],
        "candidates": [candidate_json(reasoner, answer, one) for one in shown(reasoner, answer, everything)],
        "next": [
            {
                "finding": question.finding.id,
                "question": question.finding.question,
                "label": question.finding.label,
                "way": question.finding.way,
                "training": question.finding.training,
                "separates": list(question.separates),
                "danger": question.danger,
                "yes": question.yes,
                "no": question.no,
            }
            for question in answer.questions
        ],
        "answered": ranking.answered,
        "of": ranking.of,
        "safety_net": reasoner.about.safety_net,
    }
    if answer.notice:
        value["notice"] = answer.notice
    return value


# --- text -----------------------------------------------------------------------------------------------------------


def headline(answer: Answer) -> str:
    """The disposition in words, with how soon and whether the case was screened: never a bare "self-care"."""
    soon = f", {SOON[answer.within]}" if answer.within else ""
    return f"{DISPOSITION[answer.disposition]}{soon}. {screened_words(answer.screening)}"


def screened_words(screening: Screening) -> str:
    if screening.screened:
        return f"Safety questions: all {screening.of} answered."
    return f"NOT SCREENED: {screening.asked} of {screening.of} safety questions answered."


def trip_lines(trip: Trip, reasoner: Reasoner) -> list[str]:
    rule = trip.rule
    mark = rule.urgency.upper() if trip.escalates else "note"
    basis = ", the time is editorial" if rule.urgency_basis == "reviewer" and trip.escalates else ""
    lines = wrap(f"{rule.label}.", WIDTH, f"! {mark}{basis}: " if trip.escalates else f"- {mark}: ", "    ")
    lines += wrap(", ".join(map(reasoner.words, trip.because)), WIDTH, "    because: ", "      ")
    if rule.suspects:
        lines += wrap("; ".join(map(reasoner.label, rule.suspects)), WIDTH, "    suspect: ", "      ")
    if trip.escalates:
        lines += wrap(rule.action, WIDTH, "    do: ", "      ")
    lines += wrap(
        f"{rule.evidence} [{', '.join(citation.id for citation in rule.citations)}]", WIDTH, "    evidence: ", "      "
    )
    return lines


def screening_lines(reasoner: Reasoner, answer: Answer) -> list[str]:
    lines = wrap(headline(answer), WIDTH)
    if answer.notice:
        lines += ["", *wrap(answer.notice, WIDTH, "! ")]
    if answer.must_exclude:
        lines += ["", *wrap("; ".join(map(reasoner.label, answer.must_exclude)), WIDTH, "MUST EXCLUDE: ", "  ")]
    for trip in answer.screening.trips:
        lines += ["", *trip_lines(trip, reasoner)]
    return lines


def _brief(reasoner: Reasoner, title: str, reasons: Sequence[Reason]) -> list[str]:
    counted = [reason for reason in reasons if reason.counts] or [r for r in reasons if r.weight.basis != "atypical"]
    texts = [
        f"{reasoner.words(reason.finding)}{' ' + factor(reason.weight.counted) if reason.counts else ''}"
        for reason in counted
    ]
    return wrap("; ".join(texts), WIDTH, f"     {title}: ", "       ") if texts else []


def candidate_lines(reasoner: Reasoner, answer: Answer, number: int, one: Candidate) -> list[str]:
    explanation = reasoner.explain(answer.case, one.condition.id)
    urgency = f" [{one.condition.urgency}]" if one.condition.grave else ""
    lines = wrap(f"{one.condition.label}{urgency}", WIDTH, f"{number:>2}. ", "     ")
    lines += _brief(reasoner, "for", explanation.for_)
    lines += _brief(reasoner, "against", [reason for reason in explanation.against if reason.counts])
    lines += _brief(reasoner, "atypical", [reason for reason in explanation.atypical if reason.counts])
    return lines


def rank_lines(reasoner: Reasoner, answer: Answer, everything: bool) -> list[str]:
    lines = screening_lines(reasoner, answer)
    if not answer.ranking.matched and not answer.notice:
        lines += ["", *wrap("Nothing present speaks of a condition yet: say where it hurts or what brings it on.", WIDTH)]
    candidates = shown(reasoner, answer, everything)
    number = 0
    for kind in ("condition", "impairment"):
        own = [one for one in candidates if one.condition.kind == kind]
        for band in BANDS:
            of_band = [one for one in own if one.band == band]
            if not of_band or not (answer.ranking.matched or everything):
                continue
            title = BAND_TITLES[band]
            title = (
                title if kind == "condition" else f"{title}: parts that are tight, weak or stiff (explain, not diagnose)"
            )
            lines += ["", title, "-" * len(title)]
            for one in of_band:
                number += 1
                lines += candidate_lines(reasoner, answer, number, one)
    if answer.questions:
        lines += ["", "Ask or test next", "----------------"]
        for question in answer.questions:
            lines += question_lines(reasoner, question)
    if answer.ranking.of and answer.ranking.matched:
        lines += [
            "",
            f"{answer.ranking.answered} of {answer.ranking.of} findings answered that the leading candidates hang on.",
        ]
    lines += ["", *wrap(reasoner.about.safety_net, WIDTH)]
    lines += wrap("Bands show the order of fit, no probability. How it is reckoned: decide method", WIDTH)
    return lines


def question_lines(reasoner: Reasoner, question: Any) -> list[str]:
    names = " from ".join(reasoner.label(name) for name in question.separates[:2])
    why = f"settles a danger: {names}" if question.danger else f"tells {names}"
    lines = wrap(f"{question.finding.label} ({why})", WIDTH, "- ")
    lines += wrap(question.finding.question, WIDTH, "    how: ", "      ")
    lines += wrap(question.yes, WIDTH, "    yes: ", "      ")
    lines += wrap(question.no, WIDTH, "    no: ", "      ")
    return lines


def why_lines(reasoner: Reasoner, answer: Answer, explanation: Explanation) -> list[str]:
    condition = explanation.condition
    lines = [*wrap(condition.label, WIDTH), "=" * min(WIDTH, len(condition.label))]
    lines += wrap(f"Odds {explanation.score:.3g} ({place_words(answer, condition.id)}).", WIDTH)
    prior = explanation.prior
    if prior:
        share = f"; published: {prior.share} of {prior.among}" if prior.share else "; no published figure: editorial"
        lines += wrap(
            f"{prior.prior_class.replace('-', ' ')} in {prior.setting.replace('-', ' ')} (odds {explanation.prior_odds:.3g}"
            f"{share}) [{', '.join(citation.id for citation in prior.citations)}] {prior.note}".rstrip(),
            WIDTH,
            "Before any answer: ",
            "  ",
        )
    for title, reasons in sides(explanation):
        lines += ["", title, "-" * len(title)]
        for reason in reasons:
            lines += reason_lines(reasoner, condition.id, reason, title.startswith("Expected"))
    lines += ["", *wrap(screened_words(answer.screening), WIDTH), *wrap(reasoner.about.safety_net, WIDTH)]
    return lines


def reason_text(reasoner: Reasoner, reason: Reason, expected: bool) -> str:
    """One reason in words: its weight, what it is, and what the weight rests on."""
    weight = reason.weight
    parts = [weight.strength, BASES[weight.basis], f"row {weight.row}" if weight.row else ""]
    if reason.through:
        parts.append(f"through: {reasoner.words(reason.through)}")
    if not reason.counts and not expected:
        parts.append("not counted: a stronger one of its group, or a cluster, counts")
    elif reason.counts and weight.counted != weight.ratio:
        parts.append(f"counted {factor(weight.counted)}")
    detail = ", ".join(filter(None, parts))
    return f"{factor(weight.ratio):<6} {reasoner.words(reason.finding)}" + (f" ({detail})" if detail else "")


def reason_lines(reasoner: Reasoner, condition: str, reason: Reason, expected: bool) -> list[str]:
    """One reason with its weight, what it rests on, and its sources."""
    sources = ", ".join(reasoner.sources(condition, reason))
    return wrap(f"{reason_text(reasoner, reason, expected)} [{sources}]", WIDTH, "- ", "         ")


def place_words(answer: Answer, condition: str) -> str:
    """Where a condition stands: "place 2 of 54, fits well"."""
    if not answer.ranking.matched:
        return "nothing present is known yet, so nothing is ranked"
    for place, one in enumerate(answer.ranking.candidates, 1):
        if one.condition.id == condition:
            return f"place {place} of {len(answer.ranking.candidates)}, {BAND_TITLES[one.band].lower()}"
    return "not listed: nothing present speaks for it"


def sides(explanation: Explanation) -> list[tuple[str, Sequence[Reason]]]:
    """The reasons under their titles, empty ones left out."""
    every: list[tuple[str, Sequence[Reason]]] = [
        ("Speaks for it", explanation.for_),
        ("Speaks against it", explanation.against),
        ("Present, and not accounted for by it", explanation.atypical),
        ("Expected, not asked yet", explanation.missing),
    ]
    return [(title, reasons) for title, reasons in every if reasons]
