"""What a plan changes, as a matrix: a line for each part of its area, a mark for each role that changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from muster.coverage.planning import PlanDifference
from muster.situation.board_plans import group_by_part

MARKS_PER_LINE = 160


@dataclass(frozen=True)
class ChangeMark:
    """A role on an area that would change, or stay without somebody."""

    kind: str
    address: str
    tip: str


@dataclass(frozen=True)
class ChangeLine:
    """A part of the plan's area with its marks; ``more`` counts those that had no room."""

    name: str
    address: str
    marks: Sequence[ChangeMark]
    more: int


def draw_plan(area: Any, difference: PlanDifference, *, has_names: bool) -> list[ChangeLine]:
    """Draw the changes of a plan of coverage or pairings, and the gaps that it leaves.

    Parameters
    ----------
    area
        The area that was planned.
    difference
        What the plan would change, as far as it is listed.
    has_names
        Whether the names of people may be shown.
    """
    marks: dict[str, list[ChangeMark]] = defaultdict(list)
    for code, mark in _list_marks(difference, has_names=has_names):
        marks[code].append(mark)
    lines = []
    for part in group_by_part(area, marks):
        inside = [mark for code in part.codes for mark in marks[code]]
        address = reverse("area", args=[part.area.code])
        lines.append(ChangeLine(part.area.name, address, inside[:MARKS_PER_LINE], max(0, len(inside) - MARKS_PER_LINE)))
    return lines


def _list_marks(difference: PlanDifference, *, has_names: bool) -> Iterable[tuple[str, ChangeMark]]:
    words = {"new": _("new"), "replaced": _("replaced"), "moved": _("moved"), "ended": _("ended")}
    for changes in (difference.new, difference.replaced, difference.moved, difference.ended):
        for change in changes:
            who = change.after.name if change.after and (has_names or change.role == "pairing") else ""
            tip = " · ".join(part for part in (change.area_name, words[change.kind], who) if part)
            yield change.area_code, ChangeMark(change.kind.value, _address(change.area_code), tip)
    for gap in difference.gaps:
        tip = f"{gap.area_name} · {gap.reason.label}"
        yield gap.area_code, ChangeMark("gap", _address(gap.area_code), tip)


def _address(code: str) -> str:
    return reverse("area", args=[code])
