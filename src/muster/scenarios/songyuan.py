"""The scenario ``songyuan-2020``: the whole city in February 2020."""

from __future__ import annotations

from muster.access.queries import SystemActor
from muster.scenarios.building import DEMONSTRATION, Progress, build_scenario
from muster.scenarios.shape import SONGYUAN_2020


def build(*, seed: int = 1, progress: Progress | None = None, actor: SystemActor = DEMONSTRATION) -> None:
    """Build ``songyuan-2020`` into an empty, migrated database (see ``building.build_scenario``)."""
    build_scenario(SONGYUAN_2020, seed=seed, progress=progress, actor=actor)
