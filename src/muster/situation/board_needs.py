"""The needs of an area as the desk lists them: where each is in words, whose clock runs, and its ring on the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.needs.kinds import NeedUrgency
from muster.needs.models import Need
from muster.situation.board_map import Position, Ring
from muster.territory.models import Area
from muster.territory.queries import read_names, say_place
from muster.territory.rules import ancestor_paths

MAPPED_LIMIT = 300


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need in the queue.

    Parameters
    ----------
    need
        With its area and whoever carries it.
    place
        Where it is, from beneath the area that is looked at.
    gap
        Its open gap, with the office whose it is by now; None where somebody has taken it up.
    """

    need: Need
    place: str
    gap: Gap | None

    @property
    def urgency(self) -> NeedUrgency:
        """Return how pressing it is."""
        return NeedUrgency(self.need.urgency)

    @property
    def is_unplaced(self) -> bool:
        """Tell whether it came without a door."""
        return not self.need.area.level.needs_warden

    @property
    def carrier_name(self) -> str:
        """Return the name of whoever carries it; a person's is for those who may see people."""
        carrier = self.need.carrier_organization or self.need.carrier_office or self.need.carrier_person
        return carrier.name if carrier is not None else ""


def list_need_lines(needs: Sequence[Need], within: Area) -> list[NeedLine]:
    """List needs with their places said in full and their clocks, in two queries."""
    names = read_names([need.area for need in needs])
    gaps = _read_gaps(needs)
    return [NeedLine(need, _say_place(need.area, names, within), gaps.get(need.code)) for need in needs]


def _say_place(area: Area, names: dict[str, str], within: Area) -> str:
    return area.name if area.path == within.path else say_place(area, names, below=within)


def _read_gaps(needs: Sequence[Need]) -> dict[str, Gap]:
    codes = [need.code for need in needs]
    if not codes:
        return {}
    found = Gap.objects.filter(
        emergency=needs[0].emergency_id, kind=GapKind.NEED_UNANSWERED, subject__in=codes, closed_at=None
    )
    return {gap.subject: gap for gap in found.select_related("owner_area")}


def list_need_rings(needs: Iterable[Need], address: str) -> list[Ring]:
    """List the rings of needs on a map: at their door, or at the nearest place above it whose position is known."""
    rows = list(needs)[:MAPPED_LIMIT]
    positions = _read_positions(need.area for need in rows)
    rings = []
    for need in rows:
        position = next(
            (positions[path] for path in reversed(ancestor_paths(need.area.path)) if path in positions), None
        )
        if position is not None:
            slug = NeedUrgency(need.urgency).slug
            link = f"{address}?{urlencode({'need': need.code})}"
            rings.append(Ring(need.code, need.area.name, position, 0, slug, "", link, need.urgency))
    return rings


def _read_positions(areas: Iterable[Area]) -> dict[str, Position]:
    paths = {path for area in areas for path in ancestor_paths(area.path)}
    found = Area.objects.filter(path__in=paths, lon__isnull=False, lat__isnull=False)
    return {
        path: (lon, lat)
        for path, lon, lat in found.values_list("path", "lon", "lat")
        if lon is not None and lat is not None
    }
