"""Explain a proven plan of appointments: why this person, why nobody, and what would close a gap."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.repair import Change, StandingPlan
from muster.planning.matching.verify import verify_feasible
from muster.planning.result import ProblemError

Int32s = NDArray[np.int32]


class GapKind(StrEnum):
    """Why an area has nobody."""

    NO_CANDIDATE = "no_candidate"
    NO_CAPACITY = "no_capacity"
    DEFICIENT = "deficient"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why an area has nobody, or no deputy.

    Parameters
    ----------
    area
        The area.
    kind
        No candidate at all; candidates, but none of them may serve anywhere; or too few people for the
        areas that compete for them.
    areas, persons
        The areas that compete and the persons whom they compete for: all candidates of these areas are among
        these persons, and all that these persons can do is done in these areas.
    places, wanted
        How many places the persons have in all, and how many the areas want: more.
    closers
        The area's own candidates by rising cost: one more place of any of them closes the gap.
    """

    area: int
    kind: GapKind
    areas: tuple[int, ...]
    persons: tuple[int, ...]
    places: int
    wanted: int
    closers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Why an area has this person: what the best plan without this appointment would be.

    Parameters
    ----------
    area, person
        The appointment.
    next_person
        Who would have the place instead, or -1 for nobody.
    extra_cost
        By how much the whole plan would cost more; less than 0 only where it would cover less.
    fewer_covered
        How many fewer places would be filled.
    displaced
        All the areas that would change, this one included.
    """

    area: int
    person: int
    next_person: int
    extra_cost: int
    fewer_covered: int
    displaced: tuple[Change, ...]


@dataclass(frozen=True, eq=False)
class Explainer:
    """Explains one problem and its proven plan; what it needs for all answers is made once.

    Parameters
    ----------
    problem, plan
        As solved; the plan's prices must prove it.
    """

    problem: AppointProblem
    plan: AppointPlan

    def explain_gap(self, area: int) -> Gap:
        """Explain why a place of an area is empty.

        Raises
        ------
        ProblemError
            If the area lacks nobody.
        """
        held = [holder[area] for holder in (self.plan.warden, self.plan.deputy) if holder[area] >= 0]
        if len(held) == self.problem.demand[area]:
            raise ProblemError(f"area {area} lacks nobody: there is no gap to explain.")
        candidates = self._candidates(area)
        closers = tuple(int(person) for person in candidates if person not in held)
        if not closers:
            return Gap(area, GapKind.NO_CANDIDATE, (area,), (), len(held), int(self.problem.demand[area]), ())
        areas, persons = self._competition(area)
        places = int(self.problem.capacity[list(persons)].sum())
        kind = GapKind.DEFICIENT if places else GapKind.NO_CAPACITY
        wanted = sum(self._wanted_among(member, set(persons)) for member in areas)
        return Gap(area, kind, areas, persons, places, wanted, closers)

    def explain_choice(self, area: int, person: int) -> Choice:
        """Explain why an area has a person: find the best plan in which it has not.

        Raises
        ------
        ProblemError
            If the person does not hold the area.
        """
        if person < 0 or person not in (self.plan.warden[area], self.plan.deputy[area]):
            raise ProblemError(f"person {person} does not hold area {area}: there is no choice to explain.")
        trial = self._standing.copy()
        displaced = tuple(trial.bar(area, person))
        before, after = verify_feasible(self.problem, self.plan), verify_feasible(trial.problem, trial.plan)
        newcomers = [holder for holder in trial.holders(area) if holder >= 0 and holder not in self._holders(area)]
        return Choice(
            area=area,
            person=person,
            next_person=newcomers[0] if newcomers else -1,
            extra_cost=after.objective - before.objective,
            fewer_covered=before.wardens + before.deputies - after.wardens - after.deputies,
            displaced=displaced,
        )

    @cached_property
    def _standing(self) -> StandingPlan:
        return StandingPlan(self.problem, self.plan)

    @cached_property
    def _areas_by_person(self) -> tuple[Int32s, NDArray[np.int64]]:
        """Areas in the order of who holds them, and where each person's begin."""
        holder = np.concatenate((self.plan.warden, self.plan.deputy))
        order = np.argsort(holder, kind="stable")
        start = np.searchsorted(holder[order], np.arange(self.problem.n_persons + 1))
        return (order % max(1, self.problem.n_areas)).astype(np.int32), start

    def _candidates(self, area: int) -> Int32s:
        return self.problem.person[self.problem.first[area] : self.problem.first[area + 1]]

    def _holders(self, area: int) -> tuple[int, int]:
        return int(self.plan.warden[area]), int(self.plan.deputy[area])

    def _competition(self, area: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Follow who could move over for whom, from an area with an empty place."""
        ordered, start = self._areas_by_person
        areas, persons, queue = {area}, set[int](), deque([area])
        while queue:
            at = queue.popleft()
            holders = self._holders(at)
            for person in self._candidates(at).tolist():
                # An area that holds a person cannot take the same one twice.
                if person in persons or person in holders:
                    continue
                persons.add(person)
                for held in ordered[start[person] : start[person + 1]].tolist():
                    if held not in areas:
                        areas.add(held)
                        queue.append(held)
        return tuple(sorted(areas)), tuple(sorted(persons))

    def _wanted_among(self, area: int, persons: set[int]) -> int:
        """Count the places of an area that only these persons could fill."""
        others = sum(1 for holder in self._holders(area) if holder >= 0 and holder not in persons)
        return int(self.problem.demand[area]) - others
