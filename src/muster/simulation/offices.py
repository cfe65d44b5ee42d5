"""Offices: rung by the clocks, they look at what is theirs, take it over, and deal with it."""

from __future__ import annotations

from muster.simulation.exercise import Exercise


def plan_look(exercise: Exercise, code: str) -> None:
    """Put down that an office which was rung looks at its gaps."""
