"""The map as a picture: rows of the territory drawn into paths, labels and rings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from muster.situation.board_map import Land, MapRows, Place, Ring
from muster.web import map_drawing as drawing
from muster.web.map_labels import Box, Named, Spot, measure, place_names, place_title
from muster.web.words import say_share

NAME_SIZE = 13.0
PLACE_SIZE = 11.0
DOT = 5.5
CROWDED_DOT = 4.0
COUNT_RADIUS = 10.0


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
    spot: Spot | None = None
    dot: float = DOT


@dataclass(frozen=True)
class RingMark:
    """Gaps on the map: one, or as many as would lie on one another."""

    x: float
    y: float
    radius: float
    count: int
    address: str
    tip: str
    kind: str = ""

    @property
    def box(self) -> Box:
        """Return what it covers."""
        reach = self.radius + 2
        return self.x - reach, self.y - reach, self.x + reach, self.y + reach


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
    hulls: str = ""
    dots: str = ""
    rings: list[RingMark] = field(default_factory=list)
    scale: drawing.ScaleBar | None = None
    is_synthetic: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return self.scale is None


def draw_map(rows: MapRows, gaps_address: str = "") -> Picture:
    """Draw the map of an area; where several gaps share a ring, it leads to the list of gaps."""
    lands = [(land, drawing.read_geometry(land.geometry)) for land in rows.lands]
    points = [place.position for place in (*rows.places, *rows.blocks)]
    outline = drawing.read_geometry(rows.outline) if rows.outline else None
    shapes = [geometry for _land, geometry in lands]
    if rows.is_own_outline and outline is not None:
        shapes.append(outline)
    groups = () if rows.blocks else rows.groups
    box = drawing.bounds(shapes, [*points, *(spot for group in groups for spot in group)] or rows.dots)
    if box is None:
        return Picture()
    projection = drawing.fit(box)
    # A building says itself whether somebody is missing in it; a ring would cover its name.
    shown = tuple(ring for ring in rows.rings if ring.is_need or not rows.blocks)
    rings = _merge_rings(shown, projection, gaps_address)
    labeled = _label_lands(lands, rings, projection)
    return Picture(
        lands=labeled,
        places=_label_places(rows, rings, labeled, projection),
        blocks=[_label(block, *projection.place(*block.position)) for block in rows.blocks],
        block=drawing.size_block(projection),
        # Around one neighborhood's buildings the outline of a county would only be a color.
        outline=drawing.draw_land(outline, projection)
        if outline is not None and not rows.blocks and not groups
        else "",
        is_own_outline=rows.is_own_outline,
        hulls="".join(drawing.draw_hull(group, projection) for group in groups),
        dots=drawing.draw_dots(rows.dots, projection),
        rings=rings,
        scale=drawing.scale_bar(projection),
        is_synthetic=rows.is_synthetic,
    )


def _label_position(place: Place, blocks: tuple[Place, ...]) -> tuple[float, float]:
    """Return where a place is named: over its northernmost building, or where it is."""
    inside = [block.position for block in blocks if block.row.area.parent_id == place.row.area.pk]
    return max(inside, key=lambda position: position[1], default=place.position)


def _label_lands(lands: list[tuple[Land, Any]], rings: list[RingMark], projection: drawing.Projection) -> list[Label]:
    """Name the lands where they have most room, beside the rings and beside one another."""
    taken = [ring.box for ring in rings]
    labels = []
    for land, geometry in lands:
        x, y = projection.place(*drawing.label_point(geometry))
        half_width = max(measure(land.row.area.name, NAME_SIZE), 40.0) / 2
        x, y = place_title(x, y, half_width, taken)
        taken.append((x - half_width, y - NAME_SIZE, x + half_width, y + 20))
        labels.append(_label(land, x, y, path=drawing.draw_land(geometry, projection)))
    return labels


def _label_places(
    rows: MapRows, rings: list[RingMark], lands: list[Label], projection: drawing.Projection
) -> list[Label]:
    """Name the places beside their points, a crowd of them at its sides."""
    placed = [projection.place(*_label_position(place, rows.blocks)) for place in rows.places]
    if rows.blocks:
        above = drawing.size_block(projection).height / 2 + 8
        return [
            replace(_label(place, x, y), spot=Spot(round(x, 1), round(y - above, 1), "middle"))
            for place, (x, y) in zip(rows.places, placed, strict=True)
        ]
    named = [
        Named(x, y, DOT, place.row.area.name, PLACE_SIZE, priority=place.row.share.gap)
        for place, (x, y) in zip(rows.places, placed, strict=True)
    ]
    taken = [ring.box for ring in rings]
    for land in lands:
        half_width = max(measure(land.name, NAME_SIZE), 40.0) / 2
        taken.append((land.x - half_width, land.y - NAME_SIZE, land.x + half_width, land.y + 20))
    spots = place_names(named, taken, drawing.WIDTH, drawing.HEIGHT)
    return [
        replace(_label(place, x, y), spot=spot, dot=CROWDED_DOT if spot is None or spot.leader else DOT)
        for place, (x, y), spot in zip(rows.places, placed, spots, strict=True)
    ]


def _label(row: Land | Place, x: float, y: float, *, path: str = "") -> Label:
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
    )


def _tell_gaps(gaps: int) -> str:
    return _("%(count)d without a warden") % {"count": gaps} if gaps else ""


@dataclass
class _RingGroup:
    """Gaps that share a ring."""

    x: float
    y: float
    rings: list[Ring]

    @property
    def households(self) -> int:
        """Return how many households they concern."""
        return sum(ring.households for ring in self.rings)

    @property
    def radius(self) -> float:
        """Return the radius of the ring, large enough for its number."""
        radius = drawing.ring_radius(self.households)
        return max(radius, COUNT_RADIUS) if len(self.rings) > 1 else radius


def _merge_rings(rings: tuple[Ring, ...], projection: drawing.Projection, gaps_address: str) -> list[RingMark]:
    """Draw one ring with a number where several would lie on one another; its size is that of all households."""
    groups: list[_RingGroup] = []
    for ring in sorted(rings, key=lambda each: (each.rank, -each.households, each.code)):
        x, y = projection.place(*ring.position)
        radius = drawing.ring_radius(ring.households)
        near = (group for group in groups if math.hypot(group.x - x, group.y - y) < group.radius + radius + 2)
        group = next(near, None)
        if group is None:
            groups.append(_RingGroup(x, y, [ring]))
        else:
            group.rings.append(ring)
    return [_ring_mark(group, gaps_address) for group in groups]


def _ring_mark(group: _RingGroup, gaps_address: str) -> RingMark:
    first, count = group.rings[0], len(group.rings)
    counted = _("%(count)d needs") if first.is_need else _("%(count)d gaps")
    words = [first.name, counted % {"count": count} if count > 1 else ""]
    if group.households:
        words.append(_("%(count)d households") % {"count": group.households})
    return RingMark(
        x=round(group.x, 1),
        y=round(group.y, 1),
        radius=round(group.radius, 1),
        count=count,
        address=gaps_address if gaps_address and count > 1 else first.address or reverse("area", args=[first.code]),
        kind=first.kind,
        tip=" · ".join(word for word in words if word),
    )
