"""What a plan changes, on the map: each part filled by what happens there most, with a shape and a number for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from muster.coverage.planning import PlanDifference
from muster.situation.board_map import MapRows
from muster.web.map_picture import Label, Picture, draw_map

GLYPH_STEP = 14
_FILLS = {"new": ("new",), "moved": ("replaced", "moved"), "left": ("ended", "gaps")}
_SHAPES = {"new": "new", "replaced": "replaced", "moved": "moved", "ended": "ended", "gaps": "gap"}


@dataclass(frozen=True)
class Glyph:
    """A kind of change and how often it happens, from the middle of a part's name."""

    kind: str
    count: str
    x: float


@dataclass(frozen=True)
class PartMark:
    """A part of the map, what happens there most, and each kind of change with its number."""

    label: Label
    fill: str
    glyphs: Sequence[Glyph]
    tip: str


@dataclass(frozen=True)
class PlanMap:
    """The map of a plan, ready for the template."""

    picture: Picture
    lands: Sequence[PartMark]
    places: Sequence[PartMark]


def draw_plan_map(rows: MapRows, difference: PlanDifference) -> PlanMap | None:
    """Draw the map of a plan; None where nothing has a position, or no part of the area changes."""
    counts = {part.area_code: part.counts for part in difference.parts}
    if not any(_changes(each) for each in counts.values()):
        return None
    picture = draw_map(rows)
    if picture.is_empty or not (picture.lands or picture.places):
        return None
    return PlanMap(
        picture=picture,
        lands=[_mark(label, counts.get(label.code, {})) for label in picture.lands],
        places=[_mark(label, counts.get(label.code, {}), most=1) for label in picture.places],
    )


def _changes(counts: Mapping[str, int]) -> int:
    return sum(counts.get(kind, 0) for kind in _SHAPES)


def _mark(label: Label, counts: Mapping[str, int], *, most: int = len(_SHAPES)) -> PartMark:
    sums = {fill: sum(counts.get(kind, 0) for kind in kinds) for fill, kinds in _FILLS.items()}
    # What stays or becomes empty presses most: a tenth of what changes is enough to color a part by it.
    fill = "left" if sums["left"] * 10 >= sum(sums.values()) else max(sums, key=lambda each: sums[each])
    told = [kind for kind in _SHAPES if counts.get(kind)]
    words = {
        "new": _("new"),
        "replaced": _("replaced"),
        "moved": _("moved"),
        "ended": _("ended"),
        "gaps": _("left open"),
    }
    tip = " · ".join([label.name, *(f"{words[kind]} {counts[kind]:,}" for kind in told)])
    shown = sorted(told, key=lambda kind: -counts[kind])[:most]
    return PartMark(label, fill if sums[fill] else "", _lay_out(shown, counts), tip)


def _lay_out(kinds: Sequence[str], counts: Mapping[str, int]) -> list[Glyph]:
    """Set shapes and numbers side by side, the whole row in the middle."""
    texts = [f"{counts[kind]:,}" for kind in kinds]
    widths = [GLYPH_STEP + 4 + 7 * len(text) + 8 for text in texts]
    x = -sum(widths) / 2
    glyphs = []
    for kind, text, width in zip(kinds, texts, widths, strict=True):
        glyphs.append(Glyph(_SHAPES[kind], text, round(x, 1)))
        x += width
    return glyphs
