"""The matrix of a compound: its buildings, and their units as doors, each with who answers for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from muster.coverage.queries import LedgerRow, list_ledger
from muster.emergencies.models import Emergency
from muster.territory.models import Area
from muster.territory.queries import beneath, list_ancestors, list_levels

DOORS_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Door:
    """An area of the matrix, and how it stands; no row where it needs nobody."""

    area: Area
    row: LedgerRow | None

    @property
    def state(self) -> str:
        """Return its state, empty where it needs nobody."""
        return self.row.state.value if self.row else ""


@dataclass(frozen=True, slots=True)
class Block:
    """A building, and its doors."""

    head: Door
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A compound as blocks of doors."""

    head: Door
    blocks: tuple[Block, ...]

    @property
    def doors_count(self) -> int:
        """Return how many doors it has in all."""
        return sum(len(block.doors) for block in self.blocks)


def find_matrix_area(area: Area, home: Area) -> Area | None:
    """Find the area whose matrix shows an area: the highest that needs a warden, from it upwards within a home."""
    ranks = [level.rank for level in list_levels() if level.needs_warden]
    if not ranks or area.level.rank < min(ranks):
        return None
    line = [each for each in (*list_ancestors(area), area) if each.path.startswith(home.path)]
    return next((each for each in line if each.level.rank >= min(ranks)), None)


def read_matrix(emergency: Emergency | None, compound: Area) -> Matrix:
    """Read a compound's buildings and doors, in the order of the tree; two queries and three of the ledger."""
    inside = list(beneath(compound).select_related("level").order_by("path")[:DOORS_LIMIT])
    rows = {row.area_id: row for row in list_ledger(emergency, compound)} if emergency else {}
    doors = {area.pk: Door(area, rows.get(area.pk)) for area in inside}
    children: dict[int | None, list[Area]] = defaultdict(list)
    for area in inside:
        children[area.parent_id].append(area)
    return Matrix(head=doors[compound.pk], blocks=_list_blocks(compound, children, doors))


def _list_blocks(compound: Area, children: dict[int | None, list[Area]], doors: dict[int, Door]) -> tuple[Block, ...]:
    buildings: Sequence[Area] = children[compound.pk]
    if not buildings and compound.level.rank == max(level.rank for level in list_levels()):
        return (Block(doors[compound.pk], (doors[compound.pk],)),)
    if buildings and not any(children[building.pk] for building in buildings):
        return (Block(doors[compound.pk], tuple(doors[building.pk] for building in buildings)),)
    return tuple(
        Block(doors[building.pk], tuple(doors[unit.pk] for unit in children[building.pk])) for building in buildings
    )
