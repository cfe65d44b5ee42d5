"""The map as a picture: rows of the territory drawn into paths, labels and rings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from muster.situation.board_map import Land, MapRows, Place, Ring
from muster.web import map_drawing as drawing
from muster.web.words import say_share


@dataclass(frozen=True)
class Label:
    """A child area on the map: its shape or point, its name and share, and where it leads."""

    code: str
    name: str
    state: str
    share: str
    is_short: bool
    x: float
    y: float
    address: str
    tip: str
    path: str = ""
    is_minor: bool = False


@dataclass(frozen=True)
class RingMark:
    """A gap on the map."""

    x: float
    y: float
    radius: float
    address: str
    tip: str


@dataclass(frozen=True)
class Picture:
    """A map ready for the template; empty when nothing has a position."""

    width: int = drawing.WIDTH
    height: int = drawing.HEIGHT
    scale_y: int = drawing.HEIGHT - 14
    lands: list[Label] = field(default_factory=list)
    places: list[Label] = field(default_factory=list)
    blocks: list[Label] = field(default_factory=list)
    block: drawing.Block | None = None
    outline: str = ""
    is_own_outline: bool = False
    dots: str = ""
    rings: list[RingMark] = field(default_factory=list)
    scale: drawing.ScaleBar | None = None
    is_synthetic: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return self.scale is None


MANY_PLACES = 40


def draw_map(rows: MapRows) -> Picture:
    """Draw the map of an area."""
    lands = [(land, drawing.read_geometry(land.geometry)) for land in rows.lands]
    points = [place.position for place in (*rows.places, *rows.blocks)]
    outline = drawing.read_geometry(rows.outline) if rows.outline else None
    shapes = [geometry for _land, geometry in lands]
    box = drawing.bounds(shapes, points or rows.dots)
    if box is None:
        return Picture()
    projection = drawing.fit(box)
    blocks = [_label(block, *projection.place(*block.position), is_minor=True) for block in rows.blocks]
    placed = [projection.place(*_label_position(place, rows.blocks)) for place in rows.places]
    return Picture(
        lands=[_label_land(land, geometry, projection) for land, geometry in lands],
        places=_label_places(rows.places, placed),
        blocks=blocks,
        block=drawing.size_block(projection),
        # Around one neighborhood's buildings the outline of a county would only be a color.
        outline=drawing.draw_land(outline, projection) if outline is not None and not rows.blocks else "",
        is_own_outline=rows.is_own_outline,
        dots=drawing.draw_dots(rows.dots, projection),
        rings=_merge_rings(rows.rings, projection),
        scale=drawing.scale_bar(projection),
        is_synthetic=rows.is_synthetic,
    )


def _label_position(place: Place, blocks: tuple[Place, ...]) -> tuple[float, float]:
    """Return where a place is named: over its northernmost building, or where it is."""
    inside = [block.position for block in blocks if block.row.area.parent_id == place.row.area.pk]
    return max(inside, key=lambda position: position[1], default=place.position)


def _label_land(land: Land, geometry: Any, projection: drawing.Projection) -> Label:
    x, y = projection.place(*drawing.label_point(geometry))
    return _label(land, x, y, path=drawing.draw_land(geometry, projection))


def _label_places(places: tuple[Place, ...], placed: list[tuple[float, float]]) -> list[Label]:
    """Name the places whose names have room; the others keep their point and their tip."""
    taken: list[tuple[float, float]] = []
    labels = []
    for place, (x, y) in zip(places, placed, strict=True):
        has_room = all(abs(x - other_x) > 74 or abs(y - other_y) > 30 for other_x, other_y in taken)
        if has_room:
            taken.append((x, y))
        labels.append(_label(place, x, y, is_minor=not has_room))
    return labels


def _label(row: Land | Place, x: float, y: float, *, path: str = "", is_minor: bool = False) -> Label:
    area, share = row.row.area, row.row.share
    words = say_share(share.covered, share.required) + "%" if share.required else ""
    tip = " · ".join(part for part in (area.name, words, _tell_gaps(share.gap)) if part)
    return Label(
        code=area.code,
        name=area.name,
        state=row.row.state,
        share=words,
        is_short=share.covered < share.required,
        x=round(x, 1),
        y=round(y, 1),
        address=reverse("area", args=[area.code]),
        tip=tip,
        path=path,
        is_minor=is_minor,
    )


def _tell_gaps(gaps: int) -> str:
    return _("%(count)d without a warden") % {"count": gaps} if gaps else ""


def _merge_rings(rings: tuple[Ring, ...], projection: drawing.Projection) -> list[RingMark]:
    """Draw one ring where several gaps would lie on one another; its size is that of all their households."""
    groups: dict[tuple[int, int], list[Ring]] = {}
    for ring in rings:
        x, y = projection.place(*ring.position)
        groups.setdefault((round(x / 12), round(y / 12)), []).append(ring)
    return [_ring_mark(group, projection) for group in groups.values()]


def _ring_mark(group: list[Ring], projection: drawing.Projection) -> RingMark:
    first = group[0]
    x, y = projection.place(*first.position)
    households = sum(ring.households for ring in group)
    words = [first.name, _("%(count)d gaps") % {"count": len(group)} if len(group) > 1 else ""]
    if households:
        words.append(_("%(count)d households") % {"count": households})
    return RingMark(
        x=round(x, 1),
        y=round(y, 1),
        radius=round(drawing.ring_radius(households), 1),
        address=reverse("area", args=[first.code]),
        tip=" · ".join(word for word in words if word),
    )
