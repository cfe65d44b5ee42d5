"""The rows that a plan of pairings is made from, and the problem that they make."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.models import Pairing
from muster.coverage.planning.tree import Floats, Int64s
from muster.coverage.queries.needs import Need, read_needs
from muster.coverage.rules import NEED_THRESHOLD, PAIRING_REACH_M, distance_m, people_wanted, score_need
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.organizations.kinds import OrganizationKind
from muster.organizations.models import Organization
from muster.planning.assignment.problem import PairProblem
from muster.plans.rules import fingerprint
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

_M_PER_COST = 100
_UNKNOWN_WAY_M = 20_000
_SHORT_COST = 30
_SKIP_COST = 20_000
_SKIP_COST_PER_NEED = 500
_STANDING_COST = 1_000


@dataclass(frozen=True, eq=False)
class PairingBase:
    """All that a plan of pairings is made from.

    Parameters
    ----------
    needs
        Communities whose need is above the threshold, or that are paired now, in the order of the tree.
    organization_ids, capacity
        Organizations that offer people, and how many they have left for the plan.
    lon, lat
        Points of their seats in degrees, not a number where unknown.
    standing
        For each community the place of the organization it is paired with now, -1 for none.
    """

    needs: list[Need]
    organization_ids: Int64s
    capacity: Int64s
    lon: Floats
    lat: Floats
    standing: Int64s

    @cached_property
    def area_ids(self) -> Int64s:
        """Numbers of the communities."""
        return np.array([need.area_id for need in self.needs], np.int64)

    @cached_property
    def score(self) -> Int64s:
        """How much each community needs a pairing."""
        return np.array([score_need(need.facts) for need in self.needs], np.int64)

    @cached_property
    def wanted(self) -> Int64s:
        """How many people each community should get."""
        return np.array([people_wanted(int(score)) for score in self.score], np.int64)

    @cached_property
    def way_m(self) -> Floats:
        """Return the way from each organization (row) to each community (column), in meters."""
        lon, lat = (
            np.array([np.nan if value is None else value for value in values], np.float64)
            for values in ([need.lon for need in self.needs], [need.lat for need in self.needs])
        )
        way = distance_m(self.lon[:, None], self.lat[:, None], lon[None, :], lat[None, :])
        return np.where(np.isnan(way), _UNKNOWN_WAY_M, way)

    def organizations(self, places: Int64s) -> Int64s:
        """Return the numbers of organizations by their places; -1 stays -1."""
        return np.append(self.organization_ids, -1)[places]

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return everything that, if it changes, makes a plan stale."""
        facts = [(one.facts.households, one.facts.unmanaged, one.facts.has_committee) for one in self.needs]
        return {
            "area_ids": self.area_ids,
            "needs": np.array(facts, np.int64).reshape(-1, 3).T,
            "way": np.rint(self.way_m),
            "organization_ids": self.organization_ids,
            "capacity": self.capacity[None, :],
            "standing": self.organizations(self.standing)[None, :],
        }

    def fingerprint(self) -> str:
        """Return the digest of the parts."""
        return fingerprint(self.parts())

    def build_problem(self) -> PairProblem:
        """Build the problem: near first, as many people as wanted, the neediest never left out for the less so.

        An organization that offers fewer people than are wanted may still come, at a cost for each one short.
        """
        weight = np.minimum(self.wanted[None, :], np.maximum(self.capacity[:, None], 1))
        short = self.wanted[None, :] - weight
        stands = np.arange(len(self.organization_ids))[:, None] == self.standing[None, :]
        return PairProblem.build(
            cost=np.rint(self.way_m / _M_PER_COST).astype(np.int64) + short * _SHORT_COST,
            weight=weight,
            capacity=np.maximum(self.capacity, 0),
            is_allowed=(self.way_m <= PAIRING_REACH_M) | stands,
            skip_penalty=_SKIP_COST + _SKIP_COST_PER_NEED * self.score,
            standing=self.standing,
            stickiness=_STANDING_COST,
        )


def read_pairing_base(emergency: Emergency, area: Area) -> PairingBase:
    """Read the rows that pairings within an area are planned from."""
    standing = dict(
        Pairing.objects.filter(
            scope_filter(emergency, area, "area__path"), emergency=emergency, ends_at=None
        ).values_list("area_id", "organization_id")
    )
    needs = [need for need in read_needs(area) if score_need(need.facts) >= NEED_THRESHOLD or need.area_id in standing]
    planned = [need.area_id for need in needs]
    rows = _read_organizations(area, set(standing.values()))
    ids = np.array([row[0] for row in rows], np.int64)
    used = _count_elsewhere(emergency, set(planned))
    capacity = np.array([row[1] - used[row[0]] for row in rows], np.int64)
    lon, lat = (np.array([np.nan if row[at] is None else row[at] for row in rows], np.float64) for at in (2, 3))
    place = {pk: at for at, pk in enumerate(ids.tolist())}
    paired = np.array([place.get(standing.get(area_id, -1), -1) for area_id in planned], np.int64)
    return PairingBase(needs, ids, capacity, lon, lat, paired)


def _read_organizations(area: Area, standing: set[int]) -> list[tuple[int, int, float | None, float | None]]:
    offering = Organization.objects.filter(beneath_filter(area, "seat_area__path"), people_offered__gt=0).exclude(
        kind=OrganizationKind.COMMITTEE
    )
    serving = Organization.objects.filter(pk__in=standing)
    columns = ("pk", "people_offered", "seat_area__lon", "seat_area__lat")
    return sorted({*offering.values_list(*columns), *serving.values_list(*columns)}, key=lambda row: row[0])


def _count_elsewhere(emergency: Emergency, planned: set[int]) -> Counter[int]:
    """Count the people that each organization sends to areas that are not planned, in any emergency."""
    active = Pairing.objects.filter(ends_at=None, emergency__ends_at=None)
    sent: Counter[int] = Counter()
    for organization, area_id, of_emergency, people in active.values_list(
        "organization_id", "area_id", "emergency_id", "people"
    ):
        if of_emergency != emergency.pk or area_id not in planned:
            sent[organization] += people
    return sent
