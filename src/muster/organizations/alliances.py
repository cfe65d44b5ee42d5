"""Seats in alliances, in bulk: what the actions on organizations share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from muster.kernel.batches import batches
from muster.kernel.errors import NotFoundError
from muster.organizations.models import Alliance, AllianceSeat
from muster.territory.models import Area

NAME_ENDING = "联盟"
"""What an alliance is called by default: the area's name, then this."""


def seat_organizations(wanted: Iterable[tuple[int, str]], *, since_on: date, is_synthetic: bool = False) -> set[int]:
    """Seat organizations in the alliances of areas, inside the caller's transaction.

    Parameters
    ----------
    wanted
        Number of an organization and code of an area. Alliances are founded where there is none.
    since_on
        First day of new seats.
    is_synthetic
        Whether new alliances are invented for a demonstration.

    Returns
    -------
    set of int
        Numbers of the organizations that took a seat they did not hold.

    Raises
    ------
    NotFoundError
        If an area is unknown.
    """
    pairs = list(dict.fromkeys(wanted))
    alliances = _find_or_found({code for _, code in pairs}, is_synthetic=is_synthetic)
    held: set[tuple[int, int]] = set()
    for some in batches(sorted({organization_id for organization_id, _ in pairs})):
        seats = AllianceSeat.objects.filter(organization_id__in=some, until_on=None)
        held.update(seats.values_list("organization_id", "alliance_id"))
    new = [
        AllianceSeat(organization_id=organization_id, alliance_id=alliances[code], since_on=since_on)
        for organization_id, code in pairs
        if (organization_id, alliances[code]) not in held
    ]
    AllianceSeat.objects.bulk_create(new, batch_size=2_000)
    return {seat.organization_id for seat in new}


def _find_or_found(area_codes: set[str], *, is_synthetic: bool) -> dict[str, int]:
    """Return the number of each area's alliance, founding those that are not there."""
    alliances: dict[str, int] = {}
    for some in batches(sorted(area_codes)):
        areas = {area.code: area for area in Area.objects.filter(code__in=some)}
        lacking = [code for code in some if code not in areas]
        if lacking:
            raise NotFoundError(f"There is no area with the code {lacking[0]} for an alliance.")
        alliances.update(Alliance.objects.filter(area__code__in=some).values_list("area__code", "pk"))
        new = [
            Alliance(area=areas[code], name=f"{areas[code].name}{NAME_ENDING}"[:120], is_synthetic=is_synthetic)
            for code in some
            if code not in alliances
        ]
        Alliance.objects.bulk_create(new)
        alliances.update((alliance.area.code, alliance.pk) for alliance in new)
    return alliances
