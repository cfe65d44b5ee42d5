"""How far a right of an actor reaches: asked of many areas at once, read when it is first asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, list_scopes


@dataclass(frozen=True)
class Reach:
    """A right of an actor, to be asked by the paths of areas.

    Parameters
    ----------
    actor, right
        Whose reach, and of which right.
    """

    actor: Actor
    right: Right

    def has(self, path: str) -> bool:
        """Tell whether the right reaches the area with this path."""
        return isinstance(self.actor, SystemActor) or path.startswith(self._tops)

    @cached_property
    def _tops(self) -> tuple[str, ...]:
        return tuple(area.path for area in list_scopes(self.actor, self.right))
