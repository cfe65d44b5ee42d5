"""Gaps by age and by whose they are to close: what the list of gaps can be narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.clocks.kinds import GapKind
from muster.clocks.queries import Among, OwnerAges, list_owner_ages
from muster.emergencies.models import Emergency
from muster.territory.models import Area

DAY = timedelta(days=1)
OWNERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Age:
    """A span of ages: from the youngest to the oldest, half-open; None is without end."""

    slug: str
    youngest: timedelta | None
    oldest: timedelta | None

    def among(self, now: datetime, kind: GapKind | None = None, owner: Area | None = None) -> Among:
        """Return which gaps are of this age."""
        return Among(
            kind,
            owner,
            opened_from=now - self.oldest if self.oldest else None,
            opened_until=now - self.youngest if self.youngest else None,
        )


AGES = (
    Age("old", 3 * DAY, None),
    Age("days", DAY, 3 * DAY),
    Age("day", timedelta(hours=8), DAY),
    Age("hours", None, timedelta(hours=8)),
)
ANY_AGE = Age("", None, None)


@dataclass(frozen=True, slots=True)
class GapFilters:
    """What the address asks for."""

    kind: GapKind | None
    age: Age
    owner: Area | None

    @property
    def is_narrow(self) -> bool:
        """Tell whether an age or an office is asked for."""
        return self.age is not ANY_AGE or self.owner is not None

    def among(self, now: datetime) -> Among:
        """Return which gaps they leave."""
        return self.age.among(now, self.kind, self.owner)


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """An office, and how many of its gaps are of each age."""

    owner: Area
    cells: Sequence[tuple[str, int]]
    total: int


def list_owner_lines(emergency: Emergency, area: Area, now: datetime, kind: GapKind | None) -> list[OwnerLine]:
    """List the offices with the most open gaps within an area, with how many are of each age."""
    spans = [age.among(now) for age in AGES]
    return [_owner_line(row) for row in list_owner_ages(emergency, area, spans, kind, limit=OWNERS_SHOWN)]


def _owner_line(row: OwnerAges) -> OwnerLine:
    slugs = [age.slug for age in AGES]
    return OwnerLine(row.owner, list(zip(slugs, row.counts, strict=True)), sum(row.counts))
