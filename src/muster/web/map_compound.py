"""A compound's own plan: its buildings as blocks where they stand, each unit a door of its block. Pure geometry.

Blocks have the size that a name and the doors need; the ground is stretched until no block lies on another. Where
positions are not known, or lie too near to one another, the blocks stand in rows, in the order of the tree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from muster.situation.board_doors import Block, Door, Matrix
from muster.web.map_drawing import KM_PER_DEGREE, ScaleBar
from muster.web.map_labels import measure

NAME_SIZE = 12.0
DOOR = 12.0
DOOR_STEP = 17.0
ROOF = 26.0
AIR = 14.0
MARGIN = 18.0
WIDEST, HIGHEST = 1000.0, 640.0
BLOCKS_LIMIT = 120
"""More blocks than this are a small town: its matrix is read, not its plan."""
_METERS = (10, 20, 50, 100, 200)
_ROW_WIDTH = 720.0

Spot = tuple[float, float]


@dataclass(frozen=True)
class DoorMark:
    """A unit on the plan: its door, from the block's left upper corner."""

    door: Door
    x: float

    @property
    def middle(self) -> float:
        """Return the middle of the door."""
        return self.x + DOOR / 2


@dataclass(frozen=True)
class BlockMark:
    """A building on the plan."""

    block: Block
    x: float
    y: float
    width: float
    doors: tuple[DoorMark, ...]

    @property
    def area_code(self) -> str:
        """Return the building's code."""
        return self.block.head.area.code

    @property
    def name_at(self) -> float:
        """Return the middle of its name."""
        return self.width / 2


@dataclass(frozen=True)
class CompoundPlan:
    """A plan ready for the template."""

    width: int
    height: int
    blocks: tuple[BlockMark, ...]
    scale: ScaleBar | None
    is_synthetic: bool
    roof: float = ROOF
    door: float = DOOR

    @property
    def scale_start(self) -> float:
        """Return where the bar of the scale begins."""
        return self.width - MARGIN - (self.scale.length if self.scale else 0)

    @property
    def scale_end(self) -> float:
        """Return where it ends."""
        return self.width - MARGIN


def draw_compound(matrix: Matrix) -> CompoundPlan | None:
    """Draw the plan of a compound; None for one of a single block, or of more than can be read."""
    blocks = matrix.blocks
    if not 1 < len(blocks) <= BLOCKS_LIMIT:
        return None
    widths = [_width(block) for block in blocks]
    spots = _list_spots(blocks)
    stretch = _stretch(spots, widths) if spots else None
    if spots is None or stretch is None:
        return _place(blocks, widths, _stand_in_rows(widths), None)
    return _place(blocks, widths, [(x * stretch, y * stretch) for x, y in spots], stretch)


def _width(block: Block) -> float:
    return max(measure(block.head.area.name, NAME_SIZE) + 16, len(block.doors) * DOOR_STEP + 8)


def _list_spots(blocks: Sequence[Block]) -> list[Spot] | None:
    """Return where the buildings stand, in meters east and south of the first; None unless all are known."""
    first = blocks[0].head.area
    spots = []
    for block in blocks:
        area = block.head.area
        if area.lon is None or area.lat is None or first.lon is None or first.lat is None:
            return None
        squeeze = math.cos(math.radians(first.lat))
        east = (area.lon - first.lon) * squeeze * KM_PER_DEGREE * 1000
        spots.append((east, (first.lat - area.lat) * KM_PER_DEGREE * 1000))
    return spots


def _stretch(spots: Sequence[Spot], widths: Sequence[float]) -> float | None:
    """Return the fewest points per meter at which no block touches another; None where the plan would be too large."""
    needed = 0.5
    for (one, wide), (other, broad) in combinations(zip(spots, widths, strict=True), 2):
        across, along = abs(one[0] - other[0]), abs(one[1] - other[1])
        ways = [((wide + broad) / 2 + AIR) / across] if across > 1 else []
        ways += [(ROOF + DOOR + AIR) / along] if along > 1 else []
        if not ways:
            return None
        needed = max(needed, min(ways))
    wide = (max(x for x, _y in spots) - min(x for x, _y in spots)) * needed + max(widths)
    high = (max(y for _x, y in spots) - min(y for _x, y in spots)) * needed + ROOF + DOOR
    return needed if wide <= WIDEST and high <= HIGHEST else None


def _stand_in_rows(widths: Sequence[float]) -> list[Spot]:
    spots: list[Spot] = []
    x, y = 0.0, 0.0
    for width in widths:
        if x and x + width > _ROW_WIDTH:
            x, y = 0.0, y + ROOF + DOOR + 2 * AIR
        spots.append((x + width / 2, y))
        x += width + 2 * AIR
    return spots


def _place(
    blocks: Sequence[Block], widths: Sequence[float], spots: Sequence[Spot], stretch: float | None
) -> CompoundPlan:
    left = min(x - width / 2 for (x, _y), width in zip(spots, widths, strict=True)) - MARGIN
    top = min(y for _x, y in spots) - MARGIN
    marks = tuple(
        BlockMark(block, round(x - width / 2 - left, 1), round(y - top, 1), width, _place_doors(block.doors, width))
        for block, (x, y), width in zip(blocks, spots, widths, strict=True)
    )
    return CompoundPlan(
        width=round(max(mark.x + mark.width for mark in marks) + MARGIN),
        height=round(max(mark.y for mark in marks) + ROOF + DOOR + MARGIN + (20 if stretch else 0)),
        blocks=marks,
        scale=_scale(stretch) if stretch else None,
        is_synthetic=any(block.head.area.is_position_synthetic for block in blocks),
    )


def _place_doors(doors: Sequence[Door], width: float) -> tuple[DoorMark, ...]:
    start = (width - (len(doors) - 1) * DOOR_STEP - DOOR) / 2
    return tuple(DoorMark(door, round(start + at * DOOR_STEP, 1)) for at, door in enumerate(doors))


def _scale(stretch: float) -> ScaleBar:
    meters = max((each for each in _METERS if each * stretch <= 120), default=_METERS[0])
    return ScaleBar(meters * stretch, f"{meters} m")
