"""What a plan would change of what stands, in plain values: shared by wardens and pairings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.kinds import GapReason
from muster.coverage.planning.tree import Int64s
from muster.territory.models import Area

_NUMBERS_PER_QUERY = 500


class ChangeKind(StrEnum):
    """What becomes of a role on an area."""

    KEPT = "kept"
    NEW = "new"
    REPLACED = "replaced"
    MOVED = "moved"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Named:
    """A person or an organization as a list shows one."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a role on an area: who has it, and who would have it.

    ``role`` is ``warden``, ``deputy`` or ``pairing``; ``moved_from`` names the areas that the new holder has
    now, if any; ``duties`` and ``people`` are those of a pairing.
    """

    kind: ChangeKind
    area_code: str
    area_name: str
    level: str
    role: str
    before: Named | None
    after: Named | None
    moved_from: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    people: int = 0


@dataclass(frozen=True, slots=True)
class PlannedGap:
    """An area that the plan leaves without somebody, and why: figures and remedies are in ``detail``."""

    area_code: str
    area_name: str
    level: str
    role: str
    reason: GapReason
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PartChanges:
    """What a plan would change within one part of its area: exact numbers by kind of change, and of ``gaps``."""

    area_code: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """What a plan would change.

    Parameters
    ----------
    counts
        Exact numbers by kind of change, and of gaps under ``gaps``.
    kept, new, replaced, moved, ended
        The changes, at most as many of each as were asked for.
    gaps
        Areas left without somebody, likewise.
    gap_reasons
        Exact numbers of gaps by reason.
    parts
        The same numbers for each area right beneath the plan's.
    """

    counts: dict[str, int]
    kept: tuple[Change, ...]
    new: tuple[Change, ...]
    replaced: tuple[Change, ...]
    moved: tuple[Change, ...]
    ended: tuple[Change, ...]
    gaps: tuple[PlannedGap, ...]
    gap_reasons: dict[str, int]
    parts: tuple[PartChanges, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing wrote: rows that began and ended, rows left as they were, and gaps that stay open."""

    plan_id: int
    begun: int
    ended: int
    kept: int
    gaps: int


def compare(standing: Int64s, planned: Int64s) -> NDArray[np.str_]:
    """Return the kind of change of each role on each area, empty where nobody was and nobody will be.

    Parameters
    ----------
    standing, planned
        Numbers of people, of any one shape, -1 for nobody.
    """
    serves_now = np.isin(planned, standing[standing >= 0]) & (planned >= 0)
    conditions = [
        (standing < 0) & (planned < 0),
        standing == planned,
        planned < 0,
        serves_now,
        standing < 0,
    ]
    kinds = ["", ChangeKind.KEPT, ChangeKind.ENDED, ChangeKind.MOVED, ChangeKind.NEW]
    return np.select(conditions, [str(kind) for kind in kinds], str(ChangeKind.REPLACED))


def full_name(area: Area) -> str:
    """Return an area's name with that of the one above: a building is a number without it."""
    return f"{area.parent.name} {area.name}" if area.parent else area.name


def in_batches(numbers: list[int]) -> Iterable[list[int]]:
    """Cut a list of numbers into conditions that every database takes."""
    return (numbers[start : start + _NUMBERS_PER_QUERY] for start in range(0, len(numbers), _NUMBERS_PER_QUERY))
