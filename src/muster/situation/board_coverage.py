"""The lines that the board shows: areas, each with its share of coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from muster.coverage.kinds import CoverageState
from muster.coverage.queries import Tally, get_area_coverage, list_children_coverage
from muster.emergencies.models import Emergency
from muster.territory.models import Area
from muster.territory.queries import list_children


@dataclass(frozen=True, slots=True)
class SharedArea:
    """An area with its share of coverage, itself and all beneath it."""

    area: Area
    share: Tally
    has_children: bool

    @property
    def state(self) -> str:
        """Return the worst state in it, empty where nothing needs a warden."""
        if not self.share.required:
            return ""
        if self.share.gap:
            return CoverageState.GAP.value
        return CoverageState.DEPUTY_ONLY.value if self.share.deputy_only else CoverageState.COVERED.value


def list_shared(emergency: Emergency | None, areas: Iterable[Area]) -> list[SharedArea]:
    """List some areas with their shares."""
    return [
        SharedArea(area, get_area_coverage(emergency, area).total if emergency else Tally(), has_children=True)
        for area in areas
    ]


def list_children_shared(emergency: Emergency | None, area: Area) -> list[SharedArea]:
    """List the areas beneath one with their shares."""
    children = list_children(area)
    if emergency is None:
        return [SharedArea(child, Tally(), has_children=True) for child in children]
    rows = {row.code: row for row in list_children_coverage(emergency, area)}
    return [SharedArea(child, rows[child.code].tally, rows[child.code].has_children) for child in children]
