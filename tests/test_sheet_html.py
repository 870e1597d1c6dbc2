"""The sheet as HTML: one file that holds everything, fetches nothing and runs nothing, whatever a person typed."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from test_sheet_pdf import HOSTILE, everything, must_print, sheet_for

from db.read import Connection
from decide.sheet import SECTIONS, Sheet
from decide.sheet_html import html
from decide.text import visible

VOID = {"meta", "br", "img", "hr", "link", "input"}
# What browsers fetch or run.
FETCHING = {"script", "link", "img", "iframe", "object", "embed", "audio", "video", "use", "image", "base", "form"}


class Page(HTMLParser):
    """The page read strictly: every element closed in turn, its text, its headings and its attributes kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.said: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def whole(one: Sheet) -> list[str]:
    """All that the sheet says, the spare things too."""
    wanted = [*must_print(one), *one.explanation, *one.advice, *one.course, *one.keep_doing, *one.step_up, *one.step_back]
    if one.urgent:
        wanted = must_print(one)
    for exercise in one.exercises:
        wanted += [exercise.mistake, exercise.easier, exercise.harder]
    for row in one.workarounds:
        wanted += [row.movement, row.text]
    for section in one.practitioner:
        wanted += [section.title, *section.lines]
    return [text for text in wanted if text != one.version]


def test_every_condition_says_everything_in_sound_html(db: Connection) -> None:
    for condition in everything(db):
        one = sheet_for(db, condition.id)
        page = Page(html(one))
        said = squeezed(page.text)
        for wanted in whole(one):
            wanted = wanted[0].lower() + wanted[1:] if wanted in [light.title for light in one.lights] else wanted
            assert squeezed(wanted) in said, (condition.id, wanted)
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_figures_are_named_and_both_of_an_exercise_are_there(db: Connection) -> None:
    one = sheet_for(db, "gluteal-weakness")
    frames = [frame for exercise in one.exercises for frame in exercise.frames]
    assert len(frames) >= 4
    labels = [names["aria-label"] for tag, names in Page(html(one)).tags if tag == "svg" and names.get("role") == "img"]
    assert [label.partition(": ")[2] for label in labels][: len(frames)] == [frame.alt for frame in frames]
    ids = [names["id"] for _, names in Page(html(one)).tags if "id" in names]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("text", [*HOSTILE, "</style><script>alert(1)</script>", '" onload="x', "<img src=http://e.org/>"])
def test_nothing_is_fetched_or_run(db: Connection, text: str) -> None:
    for name in ("sciatica", "hip-fracture"):
        clean = replace(sheet_for(db, name), label="", contact="", goal="")
        one = replace(clean, label=text, contact=text, goal=text, explanation=(text,), waiting=(text,))
        page = Page(html(one))
        assert not {tag for tag, _ in page.tags} & FETCHING
        for _, names in page.tags:
            assert not any(attribute.startswith("on") or attribute in ("src", "href", "srcset") for attribute in names)
        assert squeezed(visible(text)) in squeezed(page.text)
        assert "url(" not in html(one)
        assert "@import" not in html(one)


def test_the_page_has_language_title_landmarks_and_both_copies(db: Connection) -> None:
    one = sheet_for(db, "hip-osteoarthritis")
    page = Page(html(one))
    assert dict(page.tags)["html"] == {"lang": "en"}
    names = [tag for tag, _ in page.tags]
    for landmark in ("header", "main", "footer", "aside", "title"):
        assert names.count(landmark) == 1, landmark
    assert SECTIONS["practitioner"] in page.text
    patient = squeezed(page.text).split(squeezed(SECTIONS["practitioner"]))[0]
    assert "ICD-10" not in patient
    assert "hash" not in patient


def test_large_is_larger(db: Connection) -> None:
    one = sheet_for(db, "sciatica")
    assert 'class="plan large"' in html(one, large=True)
    assert "large" not in html(one).split("<body")[1].split(">")[0]
