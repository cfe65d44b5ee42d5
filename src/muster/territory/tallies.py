"""Counting what lies beneath each area: one pass over the tree, so that screens read a handful of rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from django.db.models import Value
from django.db.models.functions import Coalesce

from muster.kernel.bulk import insert_rows
from muster.kernel.statistics import take_statistics_after_commit
from muster.territory.models import Area, AreaTally, Level

_FIELDS = ("area_id", "level_id", "areas", "households")
_AREA_ROW = np.dtype([("pk", "i8"), ("parent", "i8"), ("level", "i8"), ("households", "i8")])


def rebuild_tallies() -> None:
    """Count anew what lies beneath every area, inside the caller's transaction.

    Reads the tree once into arrays (32 bytes an area) and adds each level into the one above it, from the
    lowest up: a parent's level always stands above its child's.
    """
    levels = list(Level.objects.order_by("-rank").values_list("pk", flat=True))
    areas = _read_areas()
    counts = np.zeros((len(areas), len(levels)), dtype=np.int32)
    households = np.zeros_like(counts)
    parents = np.searchsorted(areas["pk"], areas["parent"])
    for column, level in enumerate(levels):
        rows = np.flatnonzero((areas["level"] == level) & (areas["parent"] != 0))
        above = parents[rows]
        np.add.at(counts, above, counts[rows])
        np.add.at(households, above, households[rows])
        np.add.at(counts[:, column], above, 1)
        np.add.at(households[:, column], above, areas["households"][rows])
    AreaTally.objects.all().delete()
    insert_rows(AreaTally, _FIELDS, _tallies(areas["pk"], levels, counts, households))
    take_statistics_after_commit()


def _read_areas() -> npt.NDArray[np.void]:
    rows = (
        Area.objects.order_by("pk")
        .values_list("pk", Coalesce("parent_id", Value(0)), "level_id", Coalesce("households", Value(0)))
        .iterator(chunk_size=20_000)
    )
    return np.fromiter(rows, dtype=_AREA_ROW)


def _tallies(
    pks: npt.NDArray[np.int64],
    levels: list[int],
    counts: npt.NDArray[np.int32],
    households: npt.NDArray[np.int32],
) -> Iterator[tuple[int, int, int, int]]:
    """Return the values of ``_FIELDS``, one row an area and level beneath it."""
    rows, columns = np.nonzero(counts)
    values = (pks[rows], np.array(levels)[columns], counts[rows, columns], households[rows, columns])
    return zip(*(column.tolist() for column in values), strict=True)
