"""The changes of a plan counted by the parts of its area, without reading where each of a million areas lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.planning.changes import ChangeKind, PartChanges, in_batches
from muster.coverage.planning.tree import Int64s
from muster.territory.models import Area
from muster.territory.queries import list_children


def count_parts(
    area: Area, area_ids: Int64s, kinds: NDArray[np.str_], gap_rows: NDArray[np.integer[Any]]
) -> tuple[PartChanges, ...]:
    """Count the changes of a plan within each area right beneath its own.

    Parameters
    ----------
    area
        The area that was planned.
    area_ids
        Numbers of the areas in it, in the order of the tree, so that each part is a span of them.
    kinds
        What becomes of them, of shape ``(n_areas,)`` or ``(n_roles, n_areas)``.
    gap_rows
        Places of the areas that are left without somebody.
    """
    children = list(list_children(area))
    starts = _find_starts([child.path for child in children], area_ids)
    ends = [*starts, len(area_ids)][1:]
    counted = []
    for child, start, end in zip(children, starts, ends, strict=True):
        words, numbers = np.unique(kinds[..., start:end], return_counts=True)
        counts = {str(word): int(number) for word, number in zip(words, numbers, strict=True) if word}
        gaps = int(((gap_rows >= start) & (gap_rows < end)).sum())
        complete = {kind.value: counts.get(kind.value, 0) for kind in ChangeKind}
        counted.append(PartChanges(child.code, {**complete, "gaps": gaps}))
    return tuple(counted)


def _find_starts(paths: list[str], area_ids: Int64s) -> list[int]:
    """Find for each path the first area that does not come before it, halving all spans at once."""
    low, high = np.zeros(len(paths), np.int64), np.full(len(paths), len(area_ids), np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        looked = np.minimum(middle, len(area_ids) - 1)
        found = _read_paths(area_ids[looked])
        comes_before = np.array(
            [found.get(int(area_ids[at]), "") < path for at, path in zip(looked, paths, strict=True)]
        )
        is_open = low < high
        low = np.where(is_open & comes_before, middle + 1, low)
        high = np.where(is_open & ~comes_before, middle, high)
    return [int(at) for at in low]


def _read_paths(area_ids: Int64s) -> dict[int, str]:
    paths: dict[int, str] = {}
    for batch in in_batches(np.unique(area_ids).tolist()):
        paths |= dict(Area.objects.filter(pk__in=batch).values_list("pk", "path"))
    return paths
