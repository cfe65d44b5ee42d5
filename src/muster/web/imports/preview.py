"""The rows of a list as they are previewed: every problem in its cell, with what may have been meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from muster.intake.checking import Check, Sheet, name_places
from muster.intake.drafts import Flaw
from muster.intake.queries import Choice, Import, list_choices, list_columns
from muster.web.frame import get_actor
from muster.web.paging import Page, read_page
from muster.web.refusals import say_sentence
from muster.web.words import is_chinese


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell of the preview.

    Parameters
    ----------
    name
        What it is called in the form.
    label
        What its column means, in the language of the desk.
    text
        What it says now.
    problems
        What is wrong with it, and what to do.
    choices
        What may have been meant.
    is_open
        Whether it can be written in.
    """

    name: str
    label: str
    text: str
    problems: tuple[str, ...]
    choices: Sequence[Choice]
    is_open: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the preview; ``problems`` are those of no cell."""

    index: int
    number: int
    cells: tuple[PreviewCell, ...]
    problems: tuple[str, ...]
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the preview: heads, rows, and which rows are shown."""

    titles: list[tuple[str, str]]
    rows: list[PreviewRow]
    page: Page
    shows_flaws: bool


def say_column(name: str, kind: str) -> str:
    """Say what a column means, in the language of the desk."""
    found = next((each for each in list_columns(kind) if each.name == name), None)
    if found is None:
        return name
    return found.chinese if is_chinese() else found.english


def read_preview(request: HttpRequest, brought: Import, sheet: Sheet, found: Check) -> Preview:
    """Read the page of rows that an address asks for: those with problems first, or all."""
    flawed = sorted({flaw.index for flaw in found.flaws})
    shows_flaws = bool(flawed) and request.GET.get("rows") != "all"
    wanted = flawed if shows_flaws else list(range(len(sheet.rows)))
    page = read_page(request, len(wanted))
    shown = wanted[page.offset : page.end]
    flaws: dict[int, list[Flaw]] = defaultdict(list)
    for flaw in found.flaws:
        if flaw.index in shown:
            flaws[flaw.index].append(flaw)
    choices = list_choices(get_actor(request), brought, sheet, [flaw for some in flaws.values() for flaw in some])
    places = sorted(name_places(brought.columns).items(), key=lambda each: each[1])
    labels = {name: say_column(name, brought.kind) for name, _ in places}
    opened = request.GET.get("edit", "")
    rows = [
        _read_row(sheet, index, places, labels, flaws.get(index, ()), choices, is_open=str(index) == opened)
        for index in shown
    ]
    titles = [(sheet.titles[place] if place < len(sheet.titles) else "", labels[name]) for name, place in places]
    return Preview(titles, rows, page, shows_flaws)


def _read_row(
    sheet: Sheet,
    index: int,
    places: Sequence[tuple[str, int]],
    labels: Mapping[str, str],
    flaws: Sequence[Flaw],
    choices: Mapping[tuple[int, str], Sequence[Choice]],
    *,
    is_open: bool,
) -> PreviewRow:
    problems: dict[str, list[str]] = defaultdict(list)
    shown = {name for name, _ in places}
    for flaw in flaws:
        said = f"{say_sentence(flaw.what)} {say_sentence(flaw.remedy)}".strip()
        problems[flaw.column if flaw.column in shown else ""].append(said)
    cells = tuple(
        PreviewCell(
            name=f"{index}-{name}",
            label=labels[name],
            text=sheet.cell(index, place),
            problems=tuple(problems.get(name, ())),
            choices=choices.get((index, name), ()),
            is_open=is_open or name in problems,
        )
        for name, place in places
    )
    return PreviewRow(index, sheet.rows[index][0], cells, tuple(problems.get("", ())), index in sheet.left_out)


def read_mended(
    request: HttpRequest, brought: Import, sheet: Sheet
) -> tuple[dict[tuple[int, str], str], frozenset[int]]:
    """Read the cells and the rows left out that a form sends; a choice goes before what was typed beside it."""
    known = name_places(brought.columns)
    cells: dict[tuple[int, str], str] = {}
    for kind in ("cell", "pick"):
        for field, text in request.POST.items():
            prefix, _, rest = field.partition("-")
            number, _, name = rest.partition("-")
            is_row = number.isdecimal() and int(number) < len(sheet.rows)
            if prefix == kind and is_row and name in known and (kind == "cell" or text):
                cells[int(number), name] = str(text).strip()
    shown = {int(text) for text in request.POST.getlist("shown") if text.isdecimal()}
    out = {int(text) for text in request.POST.getlist("out") if text.isdecimal() and int(text) < len(sheet.rows)}
    return cells, frozenset((sheet.left_out - shown) | out)
