"""Hypothesis strategies for rostering problems small enough to enumerate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from muster.planning.rostering import Fairness, History, Person, Request, RosterProblem, ShiftType

EARLY = ShiftType("early", 7 * 60, 480)
NIGHT = ShiftType("night", 23 * 60, 480, is_night=True)
LONG = ShiftType("long", 8 * 60, 24 * 60, is_night=True)


@st.composite
def histories(draw: st.DrawFn) -> History:
    run_days = draw(st.integers(0, 3))
    return History(
        last_end_min=draw(st.none() | st.integers(-900, 420)),
        run_days=run_days,
        days_off=None if run_days else draw(st.none() | st.integers(1, 2)),
        night_run=draw(st.integers(0, run_days)),
        week_min=draw(st.integers(0, 1500)),
        nights=draw(st.integers(0, 2)),
        weekends=draw(st.integers(0, 2)),
        minutes=draw(st.integers(0, 2000)),
        has_open_start=draw(st.booleans()),
    )


@st.composite
def persons(draw: st.DrawFn, name: str, shift_names: list[str]) -> Person:
    minutes = draw(st.sampled_from([0, 0, 480, 1200]))
    return Person(
        name=name,
        min_minutes=minutes,
        max_minutes=draw(st.none() | st.integers(minutes, minutes + 1440)),
        max_week_minutes=draw(st.none() | st.sampled_from([480, 960, 1500, 2880])),
        max_run_days=draw(st.none() | st.integers(3, 4)),
        min_run_days=draw(st.integers(1, 3)),
        min_days_off=draw(st.integers(1, 3)),
        max_weekends=draw(st.none() | st.integers(0, 2)),
        max_nights=draw(st.none() | st.integers(0, 2)),
        max_night_run=draw(st.none() | st.integers(0, 2)),
        max_of_type=draw(st.dictionaries(st.sampled_from(shift_names), st.integers(0, 2), max_size=2)),
        share=draw(st.sampled_from([1.0, 0.5])),
        history=draw(histories()),
    )


@st.composite
def problems(draw: st.DrawFn, max_people: int = 2, max_days: int = 4) -> RosterProblem:
    shifts = tuple(draw(st.sampled_from([(EARLY,), (EARLY, NIGHT), (NIGHT, LONG), (EARLY, LONG)])))
    n_people, n_days = draw(st.integers(1, max_people)), draw(st.integers(1, max_days))
    seed = draw(st.integers(0, 2**20))
    rng = np.random.default_rng(seed)
    demand = rng.integers(0, n_people + 1, (n_days, len(shifts)))
    pairs = [(a.name, b.name) for a in shifts for b in shifts]
    has_maximum = draw(st.booleans())
    return RosterProblem(
        n_days=n_days,
        shifts=shifts,
        people=tuple(draw(persons(f"p{i}", [shift.name for shift in shifts])) for i in range(n_people)),
        demand=demand,
        under_weight=rng.integers(0, 12, demand.shape).astype(float),
        over_weight=rng.integers(0, 4, demand.shape).astype(float),
        allowed=rng.random((n_people, n_days, len(shifts))) > 0.2,
        max_cover=demand + rng.integers(0, 2, demand.shape) if has_maximum else None,
        first_weekday=draw(st.integers(0, 6)),
        min_rest_min=draw(st.sampled_from([0, 660, 2000])),
        forbidden=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=1))),
        requests=tuple(_requests(rng, n_people, n_days, len(shifts))),
        fairness=Fairness(*draw(st.sampled_from([(0.0, 0.0, 0.0), (2.0, 1.0, 3.0)]))),
    )


@st.composite
def spanned_problems(draw: st.DrawFn) -> RosterProblem:
    """Problems whose limits of nights hold in spans of days, with nights that stand beside the roster."""
    problem = draw(problems())
    people = tuple(
        replace(
            person, history=replace(person.history, night_days=tuple(draw(st.lists(st.integers(-3, 5), max_size=2))))
        )
        for person in problem.people
    )
    return replace(problem, people=people, nights_span_days=draw(st.integers(1, 4)))


def _requests(rng: np.random.Generator, n_people: int, n_days: int, n_shifts: int) -> list[Request]:
    return [
        Request(
            int(rng.integers(n_people)),
            int(rng.integers(n_days)),
            int(rng.integers(n_shifts)),
            float(rng.integers(1, 5)),
            bool(rng.random() < 0.5),
        )
        for _ in range(int(rng.integers(0, 4)))
    ]
