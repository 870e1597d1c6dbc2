"""Every id, every tie and every figure is in the compiled knowledge, as the tables beside this file say."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
import simple_icd_10_cm
from conftest import CONTENT, table

from db import dose, read
from db.check import check, numbers
from db.content import Content, read_content
from db.read import Connection
from db.readability import grade
from decide.plan import parse_dose

TERMS = {row["term"]: (row["kind"], row["id"]) for row in table("article-terms")}
FIRST_FIVE = ("si-joint-dysfunction", "sciatica", "piriformis-syndrome", "hip-osteoarthritis", "lumbar-stenosis")


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(CONTENT)


def named(row: dict[str, str]) -> dict[str, set[str]]:
    """The conditions, contributors and umbrellas that a tie names, by kind."""
    found: dict[str, set[str]] = {"condition": set(), "contributor": set(), "umbrella": set()}
    for term in row["named"].split("; "):
        if term and term != "general":
            kind, name = TERMS[term]
            found[kind].add(name)
    return found


def landings(db: Connection) -> dict[str, set[str]]:
    families = {row["id"]: row["family"] for row in db.execute("SELECT id, family FROM condition")}
    found: dict[str, set[str]] = {}
    for row in table("umbrella-landings"):
        kind, mark, name = row["lands_on"].partition(":")
        members = found.setdefault(row["umbrella"], set())
        if not mark:
            members.add(row["lands_on"])
        elif kind == "group":
            members |= {condition for condition, family in families.items() if family == name}
    return found


def assert_landed(
    tie: dict[str, str], rest: tuple[str, ...], members: dict[str, set[str]], links: dict[str, set[tuple[str, ...]]]
) -> None:
    """A tie stands with everything it names, and through an umbrella with each of its members."""
    subjects = named(tie)
    for kind, stored in links.items():
        for name in subjects[kind]:
            assert (name, *rest) in stored, tie
    for name in subjects["umbrella"]:
        for condition in members[name] - subjects["condition"]:
            assert (condition, *rest) in links["condition"], (tie, condition)


@pytest.mark.parametrize("kind", ["region", "movement", "condition", "contributor", "finding", "finding_group", "umbrella"])
def test_every_id_of_the_vocabulary_is_there(db: Connection, kind: str) -> None:
    wanted = {row["id"] for row in table("ids") if row["kind"] == kind}
    have = {row["id"] for row in db.execute(f"SELECT id FROM {kind}")}
    assert wanted
    assert wanted <= have


def test_all_treatments_of_the_articles_are_there(db: Connection) -> None:
    wanted = {row["id"] for row in table("treatments")}
    assert len(wanted) == 134
    assert wanted <= {treatment.id for treatment in read.treatments(db)}


def test_every_movement_tie_is_a_link_with_article_line_and_scope(db: Connection) -> None:
    ties = table("movement-ties")
    assert len(ties) == 237
    members = landings(db)
    conditions = {
        tuple(row)
        for row in db.execute("SELECT condition, movement, relation, scope, locator, source FROM condition_movement")
    }
    contributors = {
        tuple(row)
        for row in db.execute("SELECT contributor, movement, relation, scope, locator, source FROM contributor_movement")
    }
    umbrellas = {
        tuple(row)
        for row in db.execute("SELECT umbrella_id, movement, relation, scope, locator, source FROM umbrella_movement")
    }
    general = {tuple(row) for row in db.execute("SELECT movement, relation, locator, source FROM movement_statement")}
    checked = 0
    for tie in ties:
        place = (f"L{tie['line']}", f"article-{tie['article']}")
        rest = (tie["movement"], tie["relation"], tie["scope"], *place)
        subjects = named(tie)
        assert_landed(tie, rest, members, {"condition": conditions, "contributor": contributors, "umbrella": umbrellas})
        if not any(subjects.values()):
            assert (tie["movement"], tie["relation"], *place) in general, tie
        checked += 1
    assert checked == 237


def test_every_treatment_tie_is_a_link_with_article_line_and_scope(db: Connection) -> None:
    ties = table("treatment-ties")
    assert len(ties) == 312
    members = landings(db)
    conditions = {
        tuple(row) for row in db.execute("SELECT condition, treatment, scope, locator, source FROM condition_treatment")
    }
    contributors = {
        tuple(row) for row in db.execute("SELECT contributor, treatment, scope, locator, source FROM contributor_treatment")
    }
    umbrellas = {
        tuple(row) for row in db.execute("SELECT umbrella_id, treatment, scope, locator, source FROM umbrella_treatment")
    }
    general = {tuple(row) for row in db.execute("SELECT treatment, locator, source FROM treatment_statement")}
    for tie in ties:
        place = (f"L{tie['line']}", f"article-{tie['article']}")
        rest = (tie["treatment"], tie["scope"], *place)
        subjects = named(tie)
        assert_landed(tie, rest, members, {"condition": conditions, "contributor": contributors, "umbrella": umbrellas})
        if not any(subjects.values()):
            assert (tie["treatment"], *place) in general, tie


def test_every_symptom_of_the_articles_is_there(content: Content) -> None:
    wanted = Counter((row["article"], row["line"], row["named"]) for row in table("symptom-ties"))
    have = Counter(
        (article.source.id.removeprefix("article-"), str(symptom.line), term)
        for article in content.articles
        for symptom in article.symptoms
        for term in symptom.named
    )
    assert not {key: count for key, count in wanted.items() if have[key] < count}


def test_every_symptom_lands_where_its_term_does(content: Content) -> None:
    for article in content.articles:
        for symptom in article.symptoms:
            for term in symptom.named:
                kind, name = TERMS[term]
                assert name in getattr(symptom, f"{kind}s") or symptom.conditions, (article.source.id, symptom.line, term)


def test_every_warning_sign_of_the_articles_is_there(db: Connection) -> None:
    wanted = Counter((row["article"], row["line"], row["tier"]) for row in table("warning-signs"))
    have = Counter(
        (row["source"].removeprefix("article-"), row["locator"].removeprefix("L"), row["tier"])
        for row in db.execute("SELECT source, locator, tier FROM red_flag_statement")
    )
    assert have == wanted


def test_inferred_ties_are_editorial_and_nothing_else_of_an_article_is(db: Connection) -> None:
    for name in ("condition_movement", "condition_treatment", "contributor_movement", "contributor_treatment"):
        rows = db.execute(f"SELECT scope, editorial, locator FROM {name} WHERE source LIKE 'article-%'").fetchall()
        assert all((row["scope"] == "inferred") == bool(row["editorial"]) for row in rows)
        assert all(re.fullmatch(r"L[1-9]\d*", row["locator"]) for row in rows)


def test_foreign_keys_hold(db: Connection) -> None:
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_urgency_is_milder_than_the_vocabulary_says(db: Connection) -> None:
    order = ("emergency", "urgent", "routine", "self-care")
    for row in table("urgencies"):
        condition = read.condition(db, row["condition"])
        assert condition is not None
        assert order.index(condition.urgency) <= order.index(row["urgency"]), row


def test_bladder_bowel_and_saddle_change_are_emergencies_whatever_an_article_says(db: Connection) -> None:
    flags = read.red_flags(db)
    for name in ("sphincter-dysfunction", "saddle-numbness", "sexual-dysfunction", "bilateral-leg-neuro"):
        rows = [flag for flag in flags if name in flag.findings]
        assert {flag.urgency for flag in rows} == {"emergency"}, name
        assert "emergency" in {flag.stop_box for flag in rows}, name


def test_every_icd_10_cm_code_exists(db: Connection) -> None:
    for condition in read.conditions(db):
        assert simple_icd_10_cm.is_valid_item(condition.icd10cm), (condition.id, condition.icd10cm)


@pytest.mark.parametrize("name", FIRST_FIVE)
def test_the_first_five_are_complete(db: Connection, name: str) -> None:
    condition = read.condition(db, name)
    assert condition is not None
    assert condition.complete
    for topic in ("summary", "patient", "who", "course", "refer", "management", "self_care"):
        assert read.condition_claims(db, name, topic), topic
    assert any(claim.audience == "patient" for claim in read.condition_claims(db, name, "course"))
    relations = {link.relation for link in read.movement_links(db, [name])}
    assert {"aggravates", "relieves", "hinders"} <= relations
    assert len({link.id for link in read.finding_links(db, [name])}) >= 8
    assert read.contributor_links(db, name)
    assert len(read.exercises_for(db, [name])) >= 4
    assert any(claim.stance == "recommended" for claim in read.condition_claims(db, name, "management"))


def test_every_condition_can_be_recognised_explained_and_referred(db: Connection) -> None:
    for condition in read.conditions(db):
        for topic in ("summary", "patient", "refer"):
            assert read.condition_claims(db, condition.id, topic), (condition.id, topic)
        assert len({link.id for link in read.finding_links(db, [condition.id])}) >= 3, condition.id


def test_urgent_conditions_say_where_to_go_and_have_no_exercises(db: Connection) -> None:
    for condition in read.conditions(db):
        if condition.grave:
            roles = {claim.role for claim in read.condition_claims(db, condition.id, "go_now")}
            assert {"suspected", "where", "watch"} <= roles, condition.id
            assert not read.exercises_for(db, [condition.id]), condition.id
        else:
            assert read.condition_claims(db, condition.id, "self_care"), condition.id


def test_at_most_one_claim_in_ten_is_editorial(db: Connection) -> None:
    total, editorial = db.execute("SELECT count(*), sum(editorial) FROM claim").fetchone()
    assert editorial * 10 <= total
    for name in ("condition_finding", "condition_movement", "condition_treatment", "exercise_condition", "treatment_bar"):
        total, editorial = db.execute(f"SELECT count(*), sum(editorial) FROM {name}").fetchone()
        assert editorial * 10 <= total, name


def test_no_emergency_text_is_editorial(db: Connection) -> None:
    assert not db.execute("SELECT id FROM claim WHERE topic = 'go_now' AND editorial = 1").fetchall()


def test_patient_texts_read_at_grade_eight_or_below_and_nearly_all_at_six(db: Connection) -> None:
    texts = [row["text"] for row in db.execute("SELECT text FROM claim WHERE topic IN ('patient', 'self_care', 'go_now')")]
    texts += [treatment.patient for treatment in read.treatments(db) if treatment.patient]
    texts += [flag.lay_label for flag in read.red_flags(db)]
    grades = [grade(text) for text in texts]
    assert max(grades) <= 8
    assert sum(level <= 6 for level in grades) >= 0.9 * len(grades)


def test_every_dose_stands_in_its_sources_row(db: Connection) -> None:
    rows: dict[str, set[str]] = {}
    for row in table("doses"):
        stated = " ; ".join((row["sets"], row["reps"], row["hold"], row["frequency"]))
        rows.setdefault(row["source"], set()).update(numbers(stated), re.findall(r"\d+", stated))
    for exercise in read.exercises(db):
        if exercise.dose_source not in rows:
            assert not any((exercise.sets, exercise.reps, exercise.hold_seconds)), exercise.id
            continue
        for value in (exercise.sets, exercise.reps, exercise.hold_seconds, exercise.times_a_day):
            assert set(re.findall(r"\d+", value)) <= rows[exercise.dose_source], (exercise.id, value)


def test_how_often_in_words_is_what_the_source_says(db: Connection) -> None:
    says = {
        "once": ("once", "week", "daily", "every day"),
        "twice": ("twice a day", "morning and evening"),
        "every day": ("every day", "daily", "minimum once per day"),
    }
    rows: dict[str, str] = {}
    for row in table("doses"):
        rows[row["source"]] = f"{rows.get(row['source'], '')} ; {row['frequency']}"
    seen = set()
    for exercise in read.exercises(db):
        for value in (exercise.times_a_day, exercise.days_a_week):
            if value in says:
                seen.add(value)
                assert exercise.dose_source is not None
                assert any(words in rows[exercise.dose_source] for words in says[value]), (exercise.id, value)
    assert seen == set(says)


def test_a_dose_can_be_typed_back_as_it_is_shown(db: Connection) -> None:
    for exercise in read.exercises(db):
        stated = {name: getattr(exercise, name) for name in dose.FIELDS}
        assert parse_dose(exercise.id, stated) == stated, exercise.id


def test_the_checker_finds_nothing_to_mend(content: Content) -> None:
    faults, remarks = check(content)
    assert [str(fault) for fault in faults] == []
    assert len(remarks) < 60


def test_what_guidelines_reject_is_not_offered(db: Connection) -> None:
    """guidelines.md, section 3: bed rest, opioids for back pain, muscle relaxants by rote, belts."""
    for name in ("passive-treatment-alone", "opioids", "gabapentinoids", "lumbar-belt"):
        treatment = read.treatment(db, name)
        assert treatment is not None
        assert treatment.offer == "no", name
    for name in ("nsaid", "nsaid-otc", "acetaminophen", "abdominal-crunch", "ice", "standing-desk"):
        treatment = read.treatment(db, name)
        assert treatment is not None
        assert treatment.offer != "yes", name


def test_figure_four_is_barred_where_it_harms(db: Connection) -> None:
    for name in ("figure-four-dressing", "piriformis-stretch", "piriformis-stretch-seated"):
        barred = {bar.condition or bar.finding for bar in read.bars(db, [name])}
        assert {"trochanteric-bursitis", "joint-replacement-history"} <= barred, name


def test_both_sides_of_a_contradiction_show(db: Connection) -> None:
    clashes = read.contradictions(db)
    assert len(clashes) >= 29
    for clash in clashes:
        assert clash.one_citations, clash.id
        assert clash.other_citations, clash.id
        assert clash.one != clash.other, clash.id


def test_broader_findings_form_no_circle(db: Connection) -> None:
    above = {finding.id: finding.broader for finding in read.findings(db)}
    for name in above:
        steps = [name]
        while above[steps[-1]]:
            steps.append(str(above[steps[-1]]))
            assert len(steps) < 10, name
        assert all(one != other for one, other in pairwise(steps))


def test_everyday_movements_can_be_found_in_the_patients_words(db: Connection) -> None:
    from db.search import search

    for words, movement in (
        ("socks", "put-on-socks"),
        ("car", "get-in-out-car"),
        ("roll over in bed", "turn-in-bed"),
        ("tie laces", "put-on-shoes"),
        ("lift leg", "lift-leg"),
        ("scoks", "put-on-socks"),
        ("stares up", "stairs-up"),
    ):
        hits = search(db, words, kinds=("movement",))
        assert movement in [hit.id for hit in hits[:3]], (words, hits[:3])


# Stems of words that a person has to look up. What a person may need to say or hear (scan, X-ray, MRI, tendon, artery,
# steroid) is not among them.
JARGON = (
    "abduct|adduct|anaesth|analges|aneurysm|anterior|anticoag|arthropath|bilateral|biops|bisphosph|bursitis|catheter|caudal"
    "|chronic|claudic|contraind|diagnos|distal|dorsi|ectopic|extension|femoral|flexion|gluteal|haemat|iliac|inflamm|ischaem"
    "|lateral|lesion|lumbar|medial|myelopath|neurolog|neuropath|nsaid|oedema|osteoph|plantar|posterior|prognos|proximal"
    "|radicul|sacro|sepsis|spondyl|stenos|symptom|tendinopath|thromb|trochant|unilateral|vertebra"
)


def test_texts_for_people_use_plain_words(db: Connection) -> None:
    query = """
        SELECT text FROM claim WHERE topic IN ('patient', 'self_care', 'go_now', 'pain_rule', 'why', 'feel', 'mistake',
                                               'easier', 'harder', 'stop') OR audience = 'patient'
        UNION SELECT patient FROM treatment UNION SELECT lay_label FROM red_flag UNION SELECT text FROM exercise_step
        UNION SELECT lay_label FROM condition UNION SELECT lay_label FROM movement UNION SELECT lay_label FROM region"""
    texts = [row[0] for row in db.execute(query)]
    assert len(texts) > 1000
    assert [text for text in texts if re.search(rf"\b(?:{JARGON})", text, re.IGNORECASE)] == []
