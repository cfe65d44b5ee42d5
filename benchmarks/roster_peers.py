"""The shift-scheduling benchmark as one integer program, for CP-SAT and HiGHS as they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from muster.planning.rostering import OFF, RosterPlan, RosterProblem
from muster.planning.rostering.columns import quiet_highs

Terms = list[tuple[int, int]]
NO_END = 10**9


@dataclass
class Program:
    """Columns with whole bounds and costs, rows as terms within bounds."""

    upper: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, int, int]] = field(default_factory=list)
    constant: int = 0

    def column(self, upper: int, cost: int = 0) -> int:
        """Add a column from 0 to `upper`."""
        self.upper.append(upper)
        self.cost.append(cost)
        return len(self.upper) - 1

    def row(self, terms: Terms, low: int, high: int) -> None:
        """Add a row."""
        self.rows.append((terms, low, high))


def build_program(problem: RosterProblem) -> tuple[Program, np.ndarray]:
    """Return the program and the column of each (person, day, shift type)."""
    program = Program()
    shape = (problem.n_people, problem.n_days, problem.n_shifts)
    x = np.array([program.column(int(ok)) for ok in problem.allowed.ravel()]).reshape(shape)
    for wish in problem.requests:
        weight, column = int(wish.weight), int(x[wish.person, wish.day, wish.shift])
        program.cost[column] += -weight if wish.is_on else weight
        program.constant += weight if wish.is_on else 0
    for day in range(problem.n_days):
        for s in range(problem.n_shifts):
            under = program.column(problem.n_people, int(problem.under_weight[day, s]))
            over = program.column(problem.n_people, int(problem.over_weight[day, s]))
            wanted = int(problem.demand[day, s])
            program.row([*((int(c), 1) for c in x[:, day, s]), (under, 1), (over, -1)], wanted, wanted)
    for p in range(problem.n_people):
        _add_person(program, problem, p, x[p])
    return program, x


def _add_person(program: Program, problem: RosterProblem, p: int, x: np.ndarray) -> None:
    person, n_days = problem.people[p], problem.n_days
    names = [shift.name for shift in problem.shifts]
    works: list[Terms] = [[(int(c), 1) for c in x[day]] for day in range(n_days)]
    for day in range(n_days):
        program.row(works[day], 0, 1)
    for earlier, later in problem.forbidden:
        i, j = names.index(earlier), names.index(later)
        for day in range(n_days - 1):
            program.row([(int(x[day, i]), 1), (int(x[day + 1, j]), 1)], 0, 1)
    for name, limit in person.max_of_type.items():
        program.row([(int(c), 1) for c in x[:, names.index(name)]], 0, limit)
    minutes = [(int(x[d, s]), problem.shifts[s].length_min) for d in range(n_days) for s in range(len(names))]
    program.row(minutes, person.min_minutes, person.max_minutes or NO_END)
    _add_runs(program, works, person.max_run_days or n_days, person.min_run_days, person.min_days_off)
    weekends = []
    for day in range(5, n_days - 1, 7):
        weekend = program.column(1)
        weekends.append((weekend, 1))
        program.row([*works[day], (weekend, -1)], -1, 0)
        program.row([*works[day + 1], (weekend, -1)], -1, 0)
    if person.max_weekends is not None:
        program.row(weekends, 0, person.max_weekends)


def _add_runs(program: Program, works: list[Terms], most: int, least: int, least_off: int) -> None:
    n_days = len(works)
    for first in range(n_days - most):
        program.row([term for day in works[first : first + most + 1] for term in day], 0, most)
    for length in range(1, least):
        for before in range(n_days - length - 1):
            inside = [(c, -1) for day in works[before + 1 : before + 1 + length] for c, _ in day]
            program.row([*works[before], *inside, *works[before + 1 + length]], 1 - length, NO_END)
    for length in range(1, least_off):
        for before in range(n_days - length - 1):
            inside = [(c, -1) for day in works[before + 1 : before + 1 + length] for c, _ in day]
            program.row([*works[before], *inside, *works[before + 1 + length]], -NO_END, 1)


def solve_cpsat(problem: RosterProblem, limit_s: float, seed: int) -> tuple[RosterPlan | None, float | None]:
    """Solve by CP-SAT with 8 workers; return roster and bound."""
    from ortools.sat.python import cp_model

    program, x = build_program(problem)
    model = cp_model.CpModel()
    columns = [model.new_int_var(0, upper, "") for upper in program.upper]
    for terms, low, high in program.rows:
        model.add_linear_constraint(sum(columns[c] * a for c, a in terms), low, high)
    model.minimize(sum(columns[c] * cost for c, cost in enumerate(program.cost) if cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit_s
    solver.parameters.num_workers = 8
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    bound = solver.best_objective_bound + program.constant
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, bound
    return _plan(np.array([[[solver.value(columns[c]) for c in day] for day in row] for row in x])), bound


def solve_highs(problem: RosterProblem, limit_s: float, seed: int) -> tuple[RosterPlan | None, float | None]:
    """Solve by HiGHS; return roster and bound."""
    import highspy

    program, x = build_program(problem)
    highs: Any = quiet_highs()
    options = {"solver": "choose", "presolve": "choose", "parallel": "choose", "threads": 2, "mip_rel_gap": 0.0}
    for name, value in {**options, "time_limit": limit_s, "random_seed": seed}.items():
        highs.setOptionValue(name, value)
    n, none = len(program.upper), np.zeros(0, np.int32)
    upper, cost = np.array(program.upper, float), np.array(program.cost, float)
    highs.addCols(n, cost, np.zeros(n), upper, 0, np.zeros(n, np.int32), none, np.zeros(0))
    highs.changeColsIntegrality(n, np.arange(n, dtype=np.int32), np.full(n, highspy.HighsVarType.kInteger))
    starts = np.cumsum([0, *(len(terms) for terms, _, _ in program.rows)])[:-1].astype(np.int32)
    flat = [term for terms, _, _ in program.rows for term in terms]
    low = np.array([low for _, low, _ in program.rows], float)
    high = np.array([high for _, _, high in program.rows], float)
    index, value = np.array([c for c, _ in flat], np.int32), np.array([a for _, a in flat], float)
    highs.addRows(len(low), low, high, len(index), starts, index, value)
    highs.run()
    info = highs.getInfo()
    bound = float(info.mip_dual_bound) + program.constant
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, bound if np.isfinite(bound) else None
    return _plan(np.rint(np.asarray(highs.getSolution().col_value))[x]), bound


def _plan(taken: np.ndarray) -> RosterPlan:
    return RosterPlan(np.where(taken.any(axis=2), taken.argmax(axis=2), OFF).astype(np.int16))
