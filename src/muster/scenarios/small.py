"""A scenario of one subdistrict, for tests and for trying things out: seconds instead of a minute."""

from __future__ import annotations

from muster.access.queries import SystemActor
from muster.scenarios.building import DEMONSTRATION, Progress, build_scenario
from muster.scenarios.shape import SMALL


def build_small(*, seed: int = 1, progress: Progress | None = None, actor: SystemActor = DEMONSTRATION) -> None:
    """Build ``songyuan-small`` into an empty, migrated database (see ``building.build_scenario``).

    Three communities, about 65 areas that need a warden, about 100 people, 16 organizations and 4 posts, with
    coverage, pairings and a roster of 14 days published, and the exercise clock at 07:30 on 20 February 2020.
    """
    build_scenario(SMALL, seed=seed, progress=progress, actor=actor)
