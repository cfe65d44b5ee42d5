"""Why an area is left without somebody, and what would close the gap."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from muster.coverage.kinds import AppointmentRole, Exclusion, GapReason, Remedy
from muster.coverage.planning.base import Base
from muster.coverage.planning.candidates import Arcs, gather_crowd
from muster.coverage.planning.solving import Choice
from muster.coverage.planning.tree import Int32s, Int64s
from muster.coverage.rules import EXCLUSION_ORDER

REASON_ORDER = (GapReason.NO_CANDIDATE, GapReason.EXCLUDED, GapReason.ALL_FULL)
ROLE_ORDER = (AppointmentRole.WARDEN, AppointmentRole.DEPUTY)
_NAMES_GIVEN = 3
_ASKABLE = (EXCLUSION_ORDER.index(Exclusion.NOT_SERVING), EXCLUSION_ORDER.index(Exclusion.NO_CONSENT))


@dataclass(frozen=True, eq=False)
class Gaps:
    """Gaps of a plan as arrays: one entry a gap.

    Parameters
    ----------
    row
        Row of the base's areas.
    role
        Place in ``ROLE_ORDER``.
    reason
        Place in ``REASON_ORDER``.
    competing
        Shape ``(n, 4)``: areas that compete for the same people, the places they need, those people, and in
        how many areas these may serve: too few. Zeros where there are no candidates at all.
    excluded
        Shape ``(n, len(EXCLUSION_ORDER))``: people of the community by what excludes them.
    ask, stretch
        Shape ``(n, 3)``, numbers of people who could be asked to serve, and of candidates whose limit could
        be raised; -1 fills up.
    """

    row: Int32s
    role: NDArray[np.int8]
    reason: NDArray[np.int8]
    competing: Int64s
    excluded: Int64s
    ask: Int64s
    stretch: Int64s

    def __len__(self) -> int:
        return len(self.row)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, for keeping."""
        return {f"gap_{one.name}": getattr(self, one.name) for one in fields(self)}

    @classmethod
    def of_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Gaps:
        """Return what was kept."""
        return cls(**{one.name: arrays[f"gap_{one.name}"] for one in fields(cls)})

    def count_reasons(self) -> dict[str, int]:
        """Count the gaps by reason."""
        counts = np.bincount(self.reason, minlength=len(REASON_ORDER))
        return {reason.value: int(count) for reason, count in zip(REASON_ORDER, counts, strict=True) if count}

    def detail(self, at: int, codes: dict[int, str]) -> dict[str, Any]:
        """Return the figures and remedies of one gap in plain values.

        Parameters
        ----------
        at
            Which gap.
        codes
            Codes of people by number.
        """
        excluded = {EXCLUSION_ORDER[k].value: int(n) for k, n in enumerate(self.excluded[at]) if n}
        detail: dict[str, Any] = {"excluded": excluded} if excluded else {}
        if self.competing[at].any():
            detail |= dict(zip(("areas", "wanted", "people", "places"), map(int, self.competing[at]), strict=True))
        return detail | {"remedies": self._remedies(at, codes)}

    def _remedies(self, at: int, codes: dict[int, str]) -> list[dict[str, Any]]:
        named = ((Remedy.ASK, self.ask[at]), (Remedy.RAISE_LIMIT, self.stretch[at]))
        remedies: list[dict[str, Any]] = [
            {"remedy": remedy.value, "people": [codes[int(pk)] for pk in people if int(pk) in codes]}
            for remedy, people in named
            if (people >= 0).any()
        ]
        return remedies or [{"remedy": Remedy.FIND_PEOPLE.value}]

    def person_ids(self) -> set[int]:
        """Return the numbers of all people named."""
        return set(np.unique(np.concatenate([self.ask.ravel(), self.stretch.ravel()])).tolist()) - {-1}


def explain_gaps(base: Base, choice: Choice) -> Gaps:
    """Say of every area that lacks somebody why, with figures and with people who could close the gap."""
    no_warden = np.flatnonzero(choice.warden < 0)
    no_deputy = np.flatnonzero((choice.warden >= 0) & (choice.deputy < 0) & (base.demand > 1))
    row = np.concatenate([no_warden, no_deputy]).astype(np.int32)
    role = np.repeat(np.array([0, 1], np.int8), [len(no_warden), len(no_deputy)])
    excluded, ask = _excluded_nearby(base, row)
    competing = _competing(base, choice, row)
    stretch = _nearest(choice.arcs, row, base)
    has_candidate = stretch[:, 0] >= 0
    reason = np.select([has_candidate, excluded.any(axis=1)], [2, 1], default=0).astype(np.int8)
    return Gaps(row, role, reason, competing * has_candidate[:, None], excluded, ask, stretch)


def _excluded_nearby(base: Base, row: Int32s) -> tuple[Int64s, Int64s]:
    """Count the excluded people of each area's community, and name the first who could be asked."""
    tree, people = base.tree, base.people
    office = tree.office[base.area[row]]
    columns = []
    for kind in range(len(EXCLUSION_ORDER)):
        crowd = gather_crowd(people.home, people.exclusion == kind, len(tree.ids))
        columns.append(crowd.number(office, tree.end[office]))
    askable = gather_crowd(people.home, np.isin(people.exclusion, _ASKABLE), len(tree.ids))
    low, high = askable.before[office], askable.before[tree.end[office]]
    at = low[:, None] + np.arange(_NAMES_GIVEN)
    # One more entry, so that a place past the end can be read before it is struck out.
    padded = np.append(askable.people, np.zeros(_NAMES_GIVEN + 1, np.int32))
    chosen = padded[np.minimum(at, len(askable.people))].astype(np.int64)
    ask = np.where(at < high[:, None], base.person_ids(chosen), -1)
    return np.stack(columns, axis=1), ask


def _nearest(arcs: Arcs, row: Int32s, base: Base) -> Int64s:
    """Return the numbers of the nearest candidates of each area, -1 fills up."""
    wanted = np.isin(arcs.area, row)
    area, person, cost = arcs.area[wanted], arcs.person[wanted], arcs.cost[wanted]
    order = np.lexsort((person, cost, area))
    area, person = area[order], person[order]
    _, first_seen = np.unique(area.astype(np.int64) * (len(base.people.ids) + 1) + person, return_index=True)
    kept = np.sort(first_seen)
    area, person = area[kept], person[kept]
    start = np.searchsorted(area, row)
    at = start[:, None] + np.arange(_NAMES_GIVEN)
    safe = np.minimum(at, max(len(area) - 1, 0))
    if not len(area):
        return np.full((len(row), _NAMES_GIVEN), -1, np.int64)
    return np.where((at < len(area)) & (area[safe] == row[:, None]), base.people.ids[person[safe]], -1)


def _competing(base: Base, choice: Choice, row: Int32s) -> Int64s:
    """Find for each gap the areas and people that no exchange of people leads out of: Hall's deficient set."""
    area, person = _reached_arcs(base, choice, row)
    n_areas, n_people = len(base.area), len(base.people.ids)
    graph = coo_matrix((np.ones(len(area), bool), (area, n_areas + person)), shape=(n_areas + n_people,) * 2)
    _, label = connected_components(graph, directed=False)
    areas, people = np.unique(area), np.unique(person)
    size = int(label.max(initial=0)) + 1
    figures = [
        np.bincount(label[areas], minlength=size),
        np.bincount(label[areas], weights=base.demand[areas], minlength=size),
        np.bincount(label[n_areas + people], minlength=size),
        np.bincount(label[n_areas + people], weights=base.people.room[people], minlength=size),
    ]
    return np.stack([one[label[row]] for one in figures], axis=1).astype(np.int64)


def _reached_arcs(base: Base, choice: Choice, row: Int32s) -> tuple[Int32s, Int32s]:
    """Return the arcs that can be reached from gaps by taking people from each other, in turns."""
    arcs = choice.arcs
    is_area = np.zeros(len(base.area), bool)
    is_area[row] = True
    # One more, never reached, for nobody: -1 reads it.
    is_person = np.zeros(len(base.people.ids) + 1, bool)
    while True:
        is_person[arcs.person[is_area[arcs.area]]] = True
        grown = is_area | is_person[choice.warden] | is_person[choice.deputy]
        if (grown == is_area).all():
            break
        is_area = grown
    reached = is_area[arcs.area]
    return arcs.area[reached], arcs.person[reached]
