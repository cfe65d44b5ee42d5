"""Where needs stand when a step of them comes, and who may take one: whoever may report there, or carries it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, filter_organizations
from muster.access.reach import Reach
from muster.kernel.batches import batches
from muster.needs.models import Need
from muster.needs.queries.carriers import Spot
from muster.organizations.models import Organization

_FIELDS = ("client_id", "pk", "emergency_id", "area__path", "emergency__ends_at")


@dataclass(frozen=True, slots=True)
class NeedStand:
    """A need as a step finds it.

    Parameters
    ----------
    need_id, spot
        Its number and where it is.
    ended_at
        When its emergency ended, None while it is active.
    person_id, organization_id
        Who carries it.
    """

    need_id: int
    spot: Spot
    ended_at: datetime | None
    person_id: int | None
    organization_id: int | None


def read_stands(needs: Iterable[UUID]) -> dict[UUID, NeedStand]:
    """Read where needs stand, by client's id; those that have not come yet are not in it."""
    return {
        client_id: NeedStand(number, Spot(emergency_id, path), ended_at, person_id, organization_id)
        for some in batches(set(needs))
        for client_id, number, emergency_id, path, ended_at, person_id, organization_id in Need.objects.filter(
            client_id__in=some
        ).values_list(*_FIELDS, "carrier_person_id", "carrier_organization_id")
    }


@dataclass(frozen=True)
class StepReach:
    """Which needs an actor may take further.

    Parameters
    ----------
    actor
        Who asks.
    stands
        The needs in question.
    """

    actor: Actor
    stands: Collection[NeedStand]

    def has(self, stand: NeedStand) -> bool:
        """Tell whether the actor may take a need further."""
        return self.area.has(stand.spot.path) or self.carries(stand)

    def carries(self, stand: NeedStand) -> bool:
        """Tell whether the actor carries a need: as a person, or for an organization."""
        is_own = stand.person_id is not None and stand.person_id == getattr(self.actor, "person_id", None)
        return is_own or stand.organization_id in self._organizations

    @cached_property
    def area(self) -> Reach:
        """Where the actor may report."""
        return Reach(self.actor, Right.REPORT)

    @cached_property
    def _organizations(self) -> frozenset[int]:
        numbers = {stand.organization_id for stand in self.stands if stand.organization_id is not None}
        if not numbers or isinstance(self.actor, SystemActor):
            return frozenset(numbers)
        asked = Organization.objects.filter(pk__in=numbers)
        return frozenset(filter_organizations(self.actor, asked, Right.ANSWER).values_list("pk", flat=True))
