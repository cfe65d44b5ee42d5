"""How far a right of an actor reaches: asked of many areas at once, read when it is first asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from muster.access.kinds import RIGHTS, Right
from muster.access.models import Grant
from muster.access.queries import Actor, SystemActor


@dataclass(frozen=True)
class Reach:
    """A right of an actor over areas, to be asked by their paths. Grants over organizations reach no area.

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
        if isinstance(self.actor, SystemActor) or not self.actor.is_active:
            return ()
        roles = [role for role, rights in RIGHTS.items() if self.right in rights]
        grants = Grant.objects.filter(user=self.actor, until_at=None, role__in=roles, area__isnull=False)
        return tuple(grants.order_by().values_list("area__path", flat=True))
