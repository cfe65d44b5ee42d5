"""The appointment problem: who may answer for which area, and what each choice costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muster.planning.matching.layout import sort_arcs
from muster.planning.result import ProblemError

#: Largest magnitude a penalty may reach: distances add at most two of them.
_LIMIT = 2**61


@dataclass(frozen=True, eq=False)
class AppointProblem:
    """Areas that each need a warden, and perhaps a deputy who is somebody else.

    Coverage comes strictly before cost: as many wardens as possible, then as many deputies, then the
    least total cost. A constant surcharge on deputies would not change any plan, so there is none.

    Parameters
    ----------
    first
        Shape ``(n_areas + 1,)``, int64: the arcs of area ``i`` are ``first[i]:first[i + 1]``.
    person
        Shape ``(n_arcs,)``, int32: the person of each arc, in an area by rising cost.
    cost
        Shape ``(n_arcs,)``, int64: the cost of each arc; may be negative.
    capacity
        Shape ``(n_persons,)``, int32: in how many areas a person may serve.
    demand
        Shape ``(n_areas,)``, int8: 1 for a warden, 2 for a warden and a deputy.
    second_cost
        What each area of a person beyond the first costs more, at least 0.
    penalty_step
        What a missing deputy costs, and half of what a missing warden does; 0 for a safe value. It must be more
        than twice `path_cost_limit`; kept apart so that prices hold on while a problem changes a little.

    Notes
    -----
    Build it with `build`, which sorts, drops dearer duplicates and validates.
    """

    first: NDArray[np.int64]
    person: NDArray[np.int32]
    cost: NDArray[np.int64]
    capacity: NDArray[np.int32]
    demand: NDArray[np.int8]
    second_cost: int = 0
    penalty_step: int = 0

    @classmethod
    def build(
        cls,
        *,
        n_areas: int,
        area: ArrayLike,
        person: ArrayLike,
        cost: ArrayLike,
        capacity: ArrayLike,
        demand: ArrayLike = 1,
        second_cost: int = 0,
    ) -> AppointProblem:
        """Build a problem from arcs in any order.

        Parameters
        ----------
        n_areas
            Number of areas, at least 0.
        area, person, cost
            One entry an arc. Of several arcs between one area and one person the cheapest is kept.
        capacity
            One entry a person, at least 0.
        demand
            1 or 2, for all areas or one entry an area.
        second_cost
            What each area of a person beyond the first costs more.

        Raises
        ------
        ProblemError
            If a number is out of range; the message names the first offender.
        """
        areas = _as_ints(area, "area", np.int32)
        persons = _as_ints(person, "person", np.int32)
        costs = _as_ints(cost, "cost", np.int64)
        capacities = _as_ints(capacity, "capacity", np.int32)
        demands = np.broadcast_to(_as_ints(demand, "demand", np.int8), (n_areas,))
        _check_lengths(areas, persons, costs)
        _check_range(areas, 0, n_areas, "arc", "area")
        _check_range(persons, 0, len(capacities), "arc", "person")
        _check_range(capacities, 0, 2**31, "person", "capacity")
        _check_range(demands, 1, 3, "area", "demand")
        if second_cost < 0:
            raise ProblemError(f"second_cost is {second_cost}: it must be at least 0.")
        first, sorted_person, sorted_cost = sort_arcs(n_areas, len(capacities), areas, persons, costs)
        problem = cls(first, sorted_person, sorted_cost, capacities, np.ascontiguousarray(demands), second_cost)
        if 16 * problem.path_cost_limit > _LIMIT:
            raise ProblemError(
                f"The costs spread so far (up to {problem.path_cost_limit} along one chain of changes) "
                "that coverage before cost overflows 64 bits: divide all costs by a common factor."
            )
        return problem

    @property
    def n_areas(self) -> int:
        """Return the number of areas."""
        return len(self.first) - 1

    @property
    def n_persons(self) -> int:
        """Return the number of persons."""
        return len(self.capacity)

    @property
    def n_arcs(self) -> int:
        """Return the number of arcs."""
        return len(self.person)

    @cached_property
    def path_cost_limit(self) -> int:
        """Bound the cost of any simple chain of changes.

        A chain starts at one arc and then swaps, area by area, one arc for another of the same area,
        so it costs at most the largest arc, the sum of each area's spread, and once what a second area costs.
        """
        if not self.n_arcs:
            return 1
        has_arcs = self.first[1:] > self.first[:-1]
        dearest = self.cost[self.first[1:][has_arcs] - 1]
        cheapest = self.cost[self.first[:-1][has_arcs]]
        # Summed as floats first: the sum itself may not fit into 64 bits.
        spread = float(np.sum(dearest.astype(np.float64) - cheapest.astype(np.float64)))
        largest = max(abs(int(dearest.max())), abs(int(cheapest.min())))
        return int(spread * (1 + 1e-9)) + largest + self.second_cost + 1

    @property
    def penalties(self) -> tuple[int, int]:
        """Return what a missing warden and a missing deputy cost, large enough for coverage to come first.

        A chain of changes gives up at most one place for another, so steps of more than twice the limit
        of a chain order every two plans as (wardens, deputies, cost) does.
        """
        step = self.penalty_step or 1 << (4 * self.path_cost_limit).bit_length()
        return 2 * step, step


@dataclass(frozen=True, eq=False)
class AppointPlan:
    """A warden and a deputy for each area, and the prices that prove that no plan is better.

    Parameters
    ----------
    warden, deputy
        Shape ``(n_areas,)``, int32: a person, or -1 for nobody. Of two, the warden is the cheaper.
    area_price
        Shape ``(n_areas,)``, int64: what one more place in the area costs.
    person_price
        Shape ``(n_persons,)``, int64: what one more place of the person would save.
    """

    warden: NDArray[np.int32]
    deputy: NDArray[np.int32]
    area_price: NDArray[np.int64]
    person_price: NDArray[np.int64]

    def renumbered(self, area_order: NDArray[np.int32], person_order: NDArray[np.int32]) -> AppointPlan:
        """Return the plan in other numbers.

        Parameters
        ----------
        area_order, person_order
            The new number of each area and person.
        """
        # One more entry, which -1 reads: nobody stays nobody.
        number = np.append(person_order, np.int32(-1))
        return AppointPlan(
            warden=_put(number[self.warden], area_order),
            deputy=_put(number[self.deputy], area_order),
            area_price=_put(self.area_price, area_order),
            person_price=_put(self.person_price, person_order),
        )


def _put(values: NDArray[np.signedinteger], at: NDArray[np.int32]) -> NDArray[np.signedinteger]:
    moved = np.empty_like(values)
    moved[at] = values
    return moved


def _as_ints(values: ArrayLike, name: str, dtype: type[np.signedinteger]) -> NDArray[np.signedinteger]:
    array = np.asarray(values)
    if array.dtype == dtype:
        return array
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ProblemError(f"{name} holds {array.dtype} values: whole numbers are needed.")
    limits = np.iinfo(dtype)
    if array.size and (int(array.max()) > limits.max or int(array.min()) < limits.min):
        raise ProblemError(f"{name} goes from {array.min()} to {array.max()}: too large for {limits.dtype}.")
    return array.astype(dtype)


def _check_lengths(*arrays: NDArray[np.signedinteger]) -> None:
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        raise ProblemError(f"area, person and cost of the arcs have different lengths: {lengths}.")
    if lengths[0] >= 2**31:
        raise ProblemError(f"{lengths[0]} arcs: at most {2**31 - 1} fit; split by connected component.")


def _check_range(values: NDArray[np.signedinteger], low: int, high: int, row: str, name: str) -> None:
    if not values.size or (int(values.min()) >= low and int(values.max()) < high):
        return
    index = int(np.flatnonzero((values < low) | (values >= high))[0])
    raise ProblemError(f"{row} {index} has {name} {values[index]}: it must be from {low} to {high - 1}.")
