"""The sheet as one self-contained HTML page: both copies, figures inline, nothing fetched and nothing run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape as escaped
from importlib import resources

from db.read import Frame
from decide.sheet import (
    BLANK,
    DIARY_DAYS,
    LABELS,
    SECTIONS,
    SHORT_BLANK,
    Amount,
    GoNow,
    Sheet,
    SheetExercise,
    Signs,
    document_title,
)
from decide.text import visible

LANGUAGE = "en"
# Pixels for a hundredth of a body's height: one scale for every figure of a sheet.
FIGURE_SCALE = 2.1
LIGHT_SIGNS = (
    '<circle cx="12" cy="12" r="11" fill="#1f7a3d"/>'
    '<path d="M6.5 12.5l4 4 7-8" fill="none" stroke="#fff" stroke-width="3"/>',
    '<path d="M12 1.5 23 22H1z" fill="#e8a200" stroke="#000"/><path d="M12 9v6m0 2v3" stroke="#000" stroke-width="2.6"/>',
    '<path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z" fill="#a80f1e"/>'
    '<path d="M5.5 12h13" stroke="#fff" stroke-width="3.4"/>',
)
ARROW = (
    '<svg class="arrow" width="18" height="12" viewBox="0 0 24 16" aria-hidden="true">'
    '<path d="M0 5h13V0l11 8-11 8v-5H0z" fill="#123a5a"/></svg>'
)


def html(sheet: Sheet, *, large: bool = False) -> str:
    """The whole page as text; `large` is 18 pt instead of 14."""
    style = resources.files("decide").joinpath("paper", "sheet.css").read_text(encoding="utf-8")
    patient = _go_now(sheet) if sheet.urgent else _plan(sheet)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{LANGUAGE}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            # Whatever a text might try: nothing is fetched or run.
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{escape(document_title(sheet))}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            f'<body class="{"urgent" if sheet.urgent else "plan"}{" large" if large else ""}">',
            f"<header>{_band(sheet)}</header>",
            f"<main>{''.join(patient)}</main>",
            f"<footer>{_paragraphs(sheet.footer)}</footer>",
            _practitioner(sheet),
            "</body>",
            "</html>",
            "",
        ]
    )


def escape(text: str) -> str:
    """A text as data: no markup, and no character that turns or hides what stands beside it."""
    return escaped(visible(text))


def _blank(text: str) -> str:
    """A text, or a line to write on where there is none."""
    return f"<b>{escape(text)}</b>" if text not in ("", BLANK, SHORT_BLANK) else '<span class="blank"></span>'


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _items(texts: Iterable[str], kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<ul{attribute}>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def _section(name: str, inside: str) -> str:
    return f'<section class="{name}"><h2>{escape(SECTIONS[name])}</h2>{inside}</section>' if inside else ""


def _band(sheet: Sheet) -> str:
    side = f'<p class="side">{escape(sheet.side)}</p>' if sheet.side else ""
    lines = ((LABELS["for"], sheet.label), (LABELS["date"], sheet.day), (LABELS["from"], sheet.contact))
    said = "".join(f"<p>{escape(label)}: {_blank(text)}</p>" for label, text in lines)
    return f'<h1>{escape(sheet.title)}</h1>{side}<div class="who">{said}</div>'


def _frame(frame: Frame, captioned: bool) -> str:
    caption = escape(frame.name.capitalize())
    shown = f'<figcaption aria-hidden="true">{caption}</figcaption>' if captioned else ""
    size = f'width="{frame.wide * FIGURE_SCALE:.0f}" height="{frame.high * FIGURE_SCALE:.0f}"'
    # Ids of one drawing must not meet those of another on the same page; nothing refers to them.
    drawing = re.sub(r' id="[^"]*"', "", frame.svg)
    drawing = drawing.replace("<svg ", f'<svg role="img" aria-label="{caption}: {escape(frame.alt)}" {size} ', 1)
    return f"<figure>{drawing}{shown}</figure>"


def _frames(frames: tuple[Frame, ...]) -> str:
    """Lying figures one above the other, standing ones side by side, an arrow between; one alone needs no caption."""
    if not frames:
        return ""
    lying = " lying" if frames[0].wide > 1.4 * frames[0].high else ""
    return f'<div class="frames{lying}">{ARROW.join(_frame(frame, len(frames) > 1) for frame in frames)}</div>'


def _labelled(name: str, text: str) -> str:
    return f'<p class="{name}"><b>{escape(LABELS[name])}:</b> {escape(text)}</p>' if text else ""


def _dose(parts: Iterable[Amount]) -> str:
    return "".join(f"<div><dt>{escape(part.what)}</dt><dd>{_blank(part.value)}</dd></div>" for part in parts)


def _exercise(one: SheetExercise) -> str:
    side = f'<p class="which">{escape(one.side)}</p>' if one.side else ""
    steps = "".join(f"<li>{escape(step)}</li>" for step in one.steps)
    return (
        f'<article><h3><span class="number">{one.number}</span> {escape(one.name)}</h3>{side}'
        f"{_frames(one.frames)}{_labelled('why', one.why)}{_labelled('need', one.need)}{_labelled('start', one.start)}"
        f"<ol>{steps}</ol><p>{escape(one.feel)}</p>"
        f'<dl class="dose">{_dose(one.dose)}</dl>'
        f"{_labelled('stop', one.stop)}{_labelled('mistake', one.mistake)}"
        f"{_labelled('easier', one.easier)}{_labelled('harder', one.harder)}</article>"
    )


def _lights(sheet: Sheet) -> str:
    rows = "".join(
        f'<li><svg width="30" height="30" viewBox="0 0 24 24" aria-hidden="true">{sign}</svg>'
        f"<p><b>{escape(light.colour)}: {escape(light.title.lower())}.</b> {escape(light.text)}</p></li>"
        for sign, light in zip(LIGHT_SIGNS, sheet.lights, strict=False)
    )
    return f"<ul>{rows}</ul><small>{escape(sheet.lights_note)}</small>" if rows else ""


def _signs(signs: Signs) -> str:
    return f"<p><b>{escape(signs.action)}</b></p>{_items(signs.signs, 'ticks')}"


def _stop_box(sheet: Sheet) -> str:
    number = f'<p class="number">{escape(LABELS["emergency_number"])}: {_blank(sheet.emergency_number)}</p>'
    clinic = "".join(map(_signs, sheet.clinic))
    if clinic:
        clinic = f'<div class="clinic"><p>{escape(LABELS["clinic"])}: {_blank(sheet.contact)}</p>{clinic}</div>'
    return _section("stop", f'<div class="emergency">{number}{_signs(sheet.emergency)}</div>{clinic}')


def _diary(sheet: Sheet) -> str:
    days = "".join(f'<th scope="col">{day}</th>' for day in range(1, DIARY_DAYS + 1))
    rows = [escape(f"{one.number}. {one.name}") for one in sheet.exercises]
    rows += [escape(LABELS["before"]), escape(LABELS["after"]), f"{escape(LABELS['goal'])}: {_blank(sheet.goal)}"]
    body = "".join(f'<tr><th scope="row">{row}</th>{"<td></td>" * DIARY_DAYS}</tr>' for row in rows)
    head = f'<tr><th scope="col">{escape(LABELS["day"])}</th>{days}</tr>'
    return f"<p>{escape(LABELS['diary_note'])}</p><table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _plan(sheet: Sheet) -> Iterable[str]:
    summary = "".join(f"<div><dt>{escape(part.what)}</dt><dd>{escape(part.value)}</dd></div>" for part in sheet.summary)
    number = f"{escape(LABELS['emergency_number'])}: {_blank(sheet.emergency_number)}"
    summary += f'<div class="help"><dt>{escape(SECTIONS["stop"])}</dt><dd>{number}</dd></div>'
    yield _section("summary", f"<dl>{summary}</dl>")
    yield _section("explanation", _paragraphs(sheet.explanation))
    yield _section("exercises", "".join(map(_exercise, sheet.exercises)))
    yield _section("lights", _lights(sheet))
    yield _stop_box(sheet)
    rows = (
        f"<li>{_frames(row.frames)}<p><b>{escape(row.movement)}:</b> {escape(row.text)}</p></li>"
        for row in sheet.workarounds
    )
    listed = "".join(rows)
    yield _section("workarounds", f"<ul>{listed}</ul>" if listed else "")
    yield _section("advice", _items(sheet.advice) if sheet.advice else "")
    for name, texts in (
        ("course", sheet.course),
        ("keep_doing", sheet.keep_doing),
        ("step_up", sheet.step_up),
        ("step_back", sheet.step_back),
    ):
        yield _section(name, _paragraphs(texts))
    if sheet.exercises:
        yield _section("diary", _diary(sheet))


def _go_now(sheet: Sheet) -> Iterable[str]:
    yield from map(_suspected, sheet.go_now)
    yield _paragraphs(sheet.waiting)
    yield _stop_box(sheet)
    blanks = "".join(f"<p>{escape(LABELS[name])}: {_blank('')}</p>" for name in ("written", "sent", "transport"))
    yield f'<div class="who">{blanks}</div>'


def _suspected(one: GoNow) -> str:
    parts = "".join(
        f'<div class="{"where" if part.title == LABELS["where"] else "part"}"><h3>{escape(part.title)}</h3>'
        f"{_items(part.lines) if len(part.lines) > 1 else _paragraphs(part.lines)}</div>"
        for part in one.parts
    )
    return f'<section class="go-now"><h2>{escape(one.condition)}</h2>{parts}</section>'


def _practitioner(sheet: Sheet) -> str:
    charts = "".join(
        f'<div class="chart" role="img" aria-label="{escape(chart.alt)}">{chart.svg}</div>' for chart in sheet.charts
    )
    inside = "".join(
        f"<h3>{escape(part.title)}</h3>{_items(part.lines, 'ticks' if part.title == LABELS['check'] else '')}"
        for part in sheet.practitioner
    )
    title = escape(SECTIONS["practitioner"])
    return f'<aside class="practitioner" aria-label="{title}"><h2>{title}</h2>{charts}{inside}</aside>'
