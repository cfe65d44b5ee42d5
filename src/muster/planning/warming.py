"""Compiles the kernels of every planner: ``python -m muster.planning.warming``, once after installing."""

from __future__ import annotations

from muster.planning.assignment.warm import warm_up as warm_up_pair
from muster.planning.matching.solve import warm_up as warm_up_appoint
from muster.planning.rostering.warm import warm_up as warm_up_roster


def warm_up() -> None:
    """Compile what numba has not compiled yet, and keep it on disk."""
    warm_up_appoint()
    warm_up_pair()
    warm_up_roster()


if __name__ == "__main__":
    warm_up()
