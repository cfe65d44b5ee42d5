"""What a plan of coverage would change of what stands now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.coverage.models import Appointment
from muster.coverage.planning.changes import (
    Change,
    ChangeKind,
    Named,
    PlanDifference,
    PlannedGap,
    compare,
    full_name,
    in_batches,
)
from muster.coverage.planning.keeping import KeptCoverage, open_coverage, role_ids
from muster.coverage.planning.parts import count_parts
from muster.coverage.planning.reasons import REASON_ORDER, ROLE_ORDER
from muster.coverage.planning.tree import Int64s
from muster.emergencies.queries import scope_filter
from muster.people.models import Person
from muster.plans.models import Plan
from muster.territory.models import Area


def read_standing_ids(plan: Plan, area_ids: Int64s) -> tuple[Int64s, Int64s]:
    """Read who holds the roles on areas now.

    Returns
    -------
    people, appointments
        Each of shape ``(2, n_areas)``: numbers of people and of their appointments, -1 for none.
    """
    active = Appointment.objects.filter(
        scope_filter(plan.emergency, plan.area, "area__path"), emergency=plan.emergency, ends_at=None
    )
    people, appointments = np.full((2, 2, len(area_ids)), -1, np.int64)
    order = np.argsort(area_ids, kind="stable")
    for role_at, role in enumerate(ROLE_ORDER):
        of_role = active.filter(role=role).values_list("area_id", "person_id", "pk")
        rows = np.array(list(of_role.iterator(chunk_size=20_000)), np.int64).reshape(-1, 3)
        known = rows[np.isin(rows[:, 0], area_ids)]
        at = order[np.searchsorted(area_ids[order], known[:, 0])]
        people[role_at, at], appointments[role_at, at] = known[:, 1], known[:, 2]
    return people, appointments


def coverage_difference(plan: Plan, *, limit: int | None = 500) -> PlanDifference:
    """Compare a plan of coverage with what stands now.

    Parameters
    ----------
    plan
        A kept plan.
    limit
        How many changes of each kind, and gaps, to list with names; None for all. The counts are exact.
    """
    kept = open_coverage(plan)
    standing, _ = read_standing_ids(plan, kept.area_ids)
    planned = role_ids(kept)
    kinds = compare(standing, planned)
    chosen = {kind: np.argwhere(kinds == kind.value)[:limit] for kind in ChangeKind}
    gap_rows = kept.gaps.row[:limit]
    names = _Names.read(
        area_ids=_numbers(kept.area_ids[[*(at for where in chosen.values() for at in where[:, 1]), *gap_rows]]),
        person_ids=_numbers(
            *(ids[tuple(where.T)] for where in chosen.values() for ids in (standing, planned)),
            np.array(sorted(kept.gaps.person_ids()), np.int64),
        ),
    )
    held = _held_areas(kept, standing, planned[tuple(chosen[ChangeKind.MOVED].T)])
    lists = {
        kind.value: tuple(
            names.change(kind, int(kept.area_ids[at]), role, standing[role, at], planned[role, at], held)
            for role, at in where
        )
        for kind, where in chosen.items()
    }
    counts = {kind.value: int((kinds == kind.value).sum()) for kind in ChangeKind}
    return PlanDifference(
        counts={**counts, "gaps": len(kept.gaps)},
        **lists,
        gaps=tuple(names.gap(kept, at) for at in range(len(gap_rows))),
        gap_reasons=kept.gaps.count_reasons(),
        parts=count_parts(plan.area, kept.area_ids, kinds, kept.gaps.row),
    )


def _numbers(*arrays: Int64s) -> list[int]:
    joined = np.unique(np.concatenate(arrays)) if arrays else np.zeros(0, np.int64)
    return [int(number) for number in joined if number >= 0]


def _held_areas(kept: KeptCoverage, standing: Int64s, people: Int64s) -> dict[int, list[int]]:
    """Return the areas that some people have now."""
    held: dict[int, list[int]] = {}
    for _, at in np.argwhere(np.isin(standing, people) & (standing >= 0)):
        for person in standing[:, at]:
            held.setdefault(int(person), []).append(int(kept.area_ids[at]))
    return held


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of the areas and people in a list."""

    areas: dict[int, Area]
    people: dict[int, Named]

    @classmethod
    def read(cls, area_ids: list[int], person_ids: list[int]) -> _Names:
        areas: dict[int, Area] = {}
        people: dict[int, Named] = {}
        for batch in in_batches(area_ids):
            areas |= {one.pk: one for one in Area.objects.filter(pk__in=batch).select_related("level", "parent")}
        for batch in in_batches(person_ids):
            rows = Person.objects.filter(pk__in=batch).values_list("pk", "code", "name")
            people |= {pk: Named(code, name) for pk, code, name in rows}
        return cls(areas, people)

    def change(
        self, kind: ChangeKind, area_id: int, role: int, before: int, after: int, held: dict[int, list[int]]
    ) -> Change:
        area = self.areas[area_id]
        moved_from = held.get(int(after), []) if kind == ChangeKind.MOVED else []
        return Change(
            kind=kind,
            area_code=area.code,
            area_name=full_name(area),
            level=area.level.slug,
            role=ROLE_ORDER[role],
            before=self.people.get(int(before)),
            after=self.people.get(int(after)),
            moved_from=tuple(full_name(self.areas[one]) for one in moved_from if one in self.areas),
        )

    def gap(self, kept: KeptCoverage, at: int) -> PlannedGap:
        area = self.areas[int(kept.area_ids[kept.gaps.row[at]])]
        return PlannedGap(
            area_code=area.code,
            area_name=full_name(area),
            level=area.level.slug,
            role=ROLE_ORDER[kept.gaps.role[at]],
            reason=REASON_ORDER[kept.gaps.reason[at]],
            detail=kept.gaps.detail(at, {pk: person.code for pk, person in self.people.items()}),
        )
