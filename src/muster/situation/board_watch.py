"""The rounds of a day over an area: place by place where one sees them all, part by part above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from muster.coverage.queries.ledger import read_holders
from muster.emergencies.models import Emergency
from muster.kernel.errors import NotFoundError
from muster.needs.actions import need_of_check
from muster.needs.models import Need, WatchCheck, WatchDuty, WatchRound
from muster.needs.queries.watch_counts import WatchCount, count_parts, count_places
from muster.needs.queries.watch_places import WatchPlace
from muster.needs.queries.watching import (
    WatchCell,
    list_rounds_of,
    read_cells,
    read_places_of,
)
from muster.situation.board_names import name_areas
from muster.territory.models import Area
from muster.territory.queries import list_children

MOST_PLACES = 400
"""Of more places than this the parts of an area are counted."""


@dataclass(frozen=True, slots=True)
class WatchColumns:
    """The rounds of one duty that day."""

    watch: WatchDuty
    rounds: tuple[WatchRound, ...]


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One place and how each round stands there; None where it is not due."""

    area_code: str
    door: str
    label: str
    cells: tuple[tuple[WatchRound, WatchCell | None], ...]


@dataclass(frozen=True, slots=True)
class WatchPart:
    """One part of a large area, and how each round stands there; None where it is not due."""

    area: Area
    counts: tuple[tuple[WatchRound, WatchCount | None], ...]


@dataclass(frozen=True, slots=True)
class WatchBoard:
    """How the rounds of a day stand over an area: either its places, or its parts."""

    columns: tuple[WatchColumns, ...]
    lines: tuple[WatchLine, ...] = ()
    parts: tuple[WatchPart, ...] = ()

    @property
    def rounds(self) -> list[WatchRound]:
        """All rounds, in the order of the columns."""
        return [one for column in self.columns for one in column.rounds]


def read_watch_board(emergency: Emergency, area: Area, day: date, now: datetime) -> WatchBoard:
    """Read how the rounds of a local day stand within an area."""
    rounds = list_rounds_of(emergency, area, day)
    columns = tuple(
        WatchColumns(some[0].watch, tuple(some))
        for some in ([*group] for _number, group in groupby(rounds, key=lambda one: one.watch_id))
    )
    firsts = [column.rounds[0] for column in columns]
    if sum(count_places(one, area) for one in firsts) > MOST_PLACES:
        return WatchBoard(columns, parts=_read_parts(area, rounds, now))
    return WatchBoard(columns, lines=_read_lines(area, rounds, now))


def _read_parts(area: Area, rounds: Sequence[WatchRound], now: datetime) -> tuple[WatchPart, ...]:
    counted = [(one, count_parts(one, area, now)) for one in rounds]
    parts = [
        WatchPart(child, tuple((one, counts.get(child.path)) for one, counts in counted))
        for child in list_children(area)
    ]
    return tuple(part for part in parts if any(count for _, count in part.counts))


def _read_lines(area: Area, rounds: Sequence[WatchRound], now: datetime) -> tuple[WatchLine, ...]:
    places = read_places_of(rounds, area)
    cells = read_cells(rounds, places, now)
    shown = sorted({(place.path, place.door, place.area_id, place.code) for some in places.values() for place in some})
    names = name_areas(code for *_, code in shown)
    return tuple(
        WatchLine(
            code,
            door,
            f"{names.get(code, code)} {door}".strip(),
            tuple((one, cells.get((one.pk, area_id, door))) for one in rounds),
        )
        for _path, door, area_id, code in shown
    )


@dataclass(frozen=True, slots=True)
class WatchPlaceView:
    """One round at one place, looked at closely.

    Parameters
    ----------
    round, cell, area, door, label
        Which round, where, and how it stands there.
    warden, deputy
        Names of who answers for the place; empty where nobody does.
    needs
        What was raised from its checks, by number of the check.
    """

    round: WatchRound
    cell: WatchCell
    area: Area
    door: str
    label: str
    warden: str
    deputy: str
    needs: dict[int, Need]

    @property
    def found(self) -> list[tuple[WatchCheck, Need | None]]:
        """The checks that found something, each with the need that was raised from it."""
        return [(check, self.needs.get(check.pk)) for check in self.cell.checks if not check.is_well]


def read_watch_place(emergency: Emergency, one: WatchRound, area: Area, door: str, now: datetime) -> WatchPlaceView:
    """Read how one round stands at one place.

    Raises
    ------
    NotFoundError
        If it is not due there, and was not.
    """
    places = {one.watch_id: [WatchPlace(area.pk, door, area.code, area.path)]}
    due = {(place.area_id, place.door) for some in read_places_of([one], area).values() for place in some}
    cell = read_cells([one], places, now).get((one.pk, area.pk, door))
    if cell is None or ((area.pk, door) not in due and not cell.checks and not cell.was_missed):
        raise NotFoundError("Nothing is due there.", where=area.code)
    holders = read_holders(emergency, [area])[area.pk]
    ids = {need_of_check(check.client_id): check.pk for check in cell.checks if not check.is_well}
    needs = {ids[need.client_id]: need for need in Need.objects.filter(client_id__in=list(ids))}
    label = f"{name_areas([area.code])[area.code]} {door}".strip()
    names = {role: holder.person_name for role, holder in holders.items()}
    return WatchPlaceView(one, cell, area, door, label, names.get("warden", ""), names.get("deputy", ""), needs)
