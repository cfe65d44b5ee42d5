"""An interior-point method for the master: central duals, which is what pricing wants, and few of them.

The master is ``min cost·x + under·u + over·o`` with ``A x + u - o = wanted`` and one row a person whose columns
add up to one. It always has an interior point, so that every iterate is feasible for it and its dual.
The normal equations are reduced to the cells of cover, because the rows of the people are a diagonal block. After
Mehrotra (1992), and Gondzio, González-Brevis and Munari (2013), who stop early in column generation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Ints, Reals

MOST_STEPS = 80
INSIDE, EDGE = 0.99, 0.02
TINY = 1e-11


class Program(NamedTuple):
    """The master as arrays: N columns, M cells of cover, P people; column j covers cells[starts[j]:starts[j + 1]]."""

    starts: Ints  # N + 1
    cells: Ints
    owner: Ints  # N
    cost: Reals  # N
    wanted: Reals  # M
    under: Reals  # M
    over: Reals  # M


class Point(NamedTuple):
    """An interior solution: columns' values, duals of cells and people, its cost and its dual's."""

    value: Reals
    cover: Reals
    person: Reals
    cost: float
    bound: float


@compiled
def _covered(starts: Ints, cells: Ints, x: Reals, n_cells: int) -> Reals:
    cover = np.zeros(n_cells)
    for j in range(x.shape[0]):
        for i in range(starts[j], starts[j + 1]):
            cover[cells[i]] += x[j]
    return cover


@compiled
def _earned(starts: Ints, cells: Ints, y: Reals) -> Reals:
    earned = np.zeros(starts.shape[0] - 1)
    for j in range(earned.shape[0]):
        for i in range(starts[j], starts[j + 1]):
            earned[j] += y[cells[i]]
    return earned


@compiled
def _weigh(starts: Ints, cells: Ints, owner: Ints, theta: Reals, square: Reals, mixed: Reals) -> None:
    """Add up θ a aᵀ over the columns (upper triangle of a row-major matrix), and θ a by person."""
    for j in range(theta.shape[0]):
        for i in range(starts[j], starts[j + 1]):
            mixed[owner[j], cells[i]] += theta[j]
            for k in range(i, starts[j + 1]):
                square[cells[i], cells[k]] += theta[j]


@compiled
def _factorize(a: Reals) -> None:
    """Overwrite the upper triangle with its Cholesky factor U, a = Uᵀ U, four rows of U at a time."""
    n = a.shape[0]
    for i in range(n):
        k = 0
        while k + 4 <= i:
            f, g, h, e = a[k, i], a[k + 1, i], a[k + 2, i], a[k + 3, i]
            for j in range(i, n):
                a[i, j] -= f * a[k, j] + g * a[k + 1, j] + h * a[k + 2, j] + e * a[k + 3, j]
            k += 4
        while k < i:
            f = a[k, i]
            for j in range(i, n):
                a[i, j] -= f * a[k, j]
            k += 1
        root = np.sqrt(max(a[i, i], TINY))
        for j in range(i, n):
            a[i, j] /= root


@compiled
def _solve_factor(u: Reals, b: Reals) -> Reals:
    """Solve Uᵀ U y = b."""
    n, y = u.shape[0], b.copy()
    for i in range(n):
        y[i] /= u[i, i]
        for j in range(i + 1, n):
            y[j] -= u[i, j] * y[i]
    for i in range(n - 1, -1, -1):
        total = y[i]
        for j in range(i + 1, n):
            total -= u[i, j] * y[j]
        y[i] = total / u[i, i]
    return y


@compiled
def _eliminate_people(square: Reals, mixed: Reals, person: Reals) -> None:
    """Subtract each person's part of the Schur complement from the upper triangle."""
    n = square.shape[0]
    for p in range(mixed.shape[0]):
        for i in range(n):
            factor = mixed[p, i] / person[p]
            if factor != 0.0:
                for j in range(i, n):
                    square[i, j] -= factor * mixed[p, j]


def _by_person(program: Program, x: Reals, n_people: int) -> Reals:
    return np.bincount(program.owner, x, n_people).astype(np.float64)


class _Equations:
    """The normal equations A Θ Aᵀ of one step, factorized."""

    def __init__(self, program: Program, theta: Reals, n_people: int) -> None:
        n, m = len(program.cost), len(program.wanted)
        square, self.mixed = np.zeros((m, m)), np.zeros((n_people, m))
        _weigh(program.starts, program.cells, program.owner, theta[:n], square, self.mixed)
        self.person = _by_person(program, theta[:n], n_people)
        _eliminate_people(square, self.mixed, self.person)
        square[np.diag_indices(m)] += theta[n : n + m] + theta[n + m :]
        _factorize(square)
        self.factor = square

    def solve(self, cells: Reals, people: Reals) -> tuple[Reals, Reals]:
        y = _solve_factor(self.factor, cells - self.mixed.T @ (people / self.person))
        return y, (people - self.mixed @ y) / self.person


class _Iterate:
    """A primal and dual feasible point; `x` holds columns, then what is missing, then what is too much by cell."""

    def __init__(self, program: Program, cover: Reals) -> None:
        owner = program.owner
        self.program = program
        self.n, self.n_people = len(program.cost), int(owner.max()) + 1
        spread = EDGE * (program.under + program.over)
        self.y = np.clip(cover, spread - program.over, program.under - spread)
        value = 1.0 / np.bincount(owner)[owner]
        reduced = program.cost - _earned(program.starts, program.cells, self.y)
        least = np.full(self.n_people, np.inf)
        np.minimum.at(least, owner, reduced)
        self.z = least - max(1.0, float(np.mean(reduced - least[owner])))
        slack = reduced - self.z[owner]
        self.cost = np.concatenate([program.cost, program.under, program.over])
        self.s = np.concatenate([slack, program.under - self.y, program.over + self.y])
        self.x = np.concatenate([value, *self._uncovered(value, float(np.mean(slack * value)))])

    def _uncovered(self, value: Reals, mu: float) -> tuple[Reals, Reals]:
        """Return what is missing and what is too much: near the central path, and feasible with the values."""
        program = self.program
        missing, excess = mu / (program.under - self.y), mu / (program.over + self.y)
        covered = _covered(program.starts, program.cells, value, len(self.y))
        shift = missing - excess + covered - program.wanted
        return missing + np.maximum(-shift, 0), excess + np.maximum(shift, 0)

    def covered(self, x: Reals) -> tuple[Reals, Reals]:
        """Return A x: by cell and by person."""
        n, m = self.n, len(self.program.wanted)
        cells = _covered(self.program.starts, self.program.cells, x[:n], m) + x[n : n + m] - x[n + m :]
        return cells, _by_person(self.program, x[:n], self.n_people)

    def earned(self, y: Reals, z: Reals) -> Reals:
        """Return Aᵀ (y, z)."""
        columns = _earned(self.program.starts, self.program.cells, y) + z[self.program.owner]
        return np.concatenate([columns, y, -y])

    @property
    def gap(self) -> float:
        """What the dual lies below the primal."""
        return float(self.x @ self.s)

    def step(self) -> None:
        """Make one predictor-corrector step."""
        x, s = self.x, self.s
        theta = x / s
        equations = _Equations(self.program, theta, self.n_people)
        mu = self.gap / len(x)
        dx, _, _, ds = self._direction(equations, theta, -x * s)
        reach, dual_reach = _reach(x, dx), _reach(s, ds)
        predicted = float((x + reach * dx) @ (s + dual_reach * ds)) / len(x)
        aim = mu * (predicted / mu) ** 3
        dx, dy, dz, ds = self._direction(equations, theta, aim - x * s - dx * ds)
        reach, dual_reach = INSIDE * _reach(x, dx), INSIDE * _reach(s, ds)
        self.x = x + min(1.0, reach) * dx
        dual_reach = min(1.0, dual_reach)
        self.y, self.z, self.s = (
            self.y + dual_reach * dy,
            self.z + dual_reach * dz,
            s + dual_reach * ds,
        )

    def _direction(self, equations: _Equations, theta: Reals, target: Reals) -> tuple[Reals, Reals, Reals, Reals]:
        pull = target / self.s
        cells, people = self.covered(pull)
        have_cells, have_people = self.covered(self.x)
        dy, dz = equations.solve(self.program.wanted - have_cells - cells, 1.0 - have_people - people)
        rise = self.earned(dy, dz)
        return theta * rise + pull, dy, dz, -rise


def _reach(at: Reals, direction: Reals) -> float:
    falling = direction < 0
    return float(np.min(at[falling] / -direction[falling], initial=1.0 / INSIDE))


def solve_interior(program: Program, cover: Reals, tolerance: float) -> Point:
    """Solve the master until the gap between it and its dual is at most `tolerance`.

    Parameters
    ----------
    program
        The master; everybody has a column.
    cover
        Duals of cover to start from.
    tolerance
        Gap to stop at, in cost.
    """
    point = _Iterate(program, cover)
    for _ in range(MOST_STEPS):
        if point.gap <= tolerance:
            break
        point.step()
    cost = float(point.cost @ point.x)
    return Point(point.x[: point.n], point.y, point.z, cost, cost - point.gap)
