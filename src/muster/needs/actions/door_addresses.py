"""Giving doors their short addresses: what cards print, and phones open."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction

from muster.kernel.batches import batches
from muster.kernel.bulk import insert_once
from muster.needs.models import DoorAddress
from muster.needs.rules import make_door_code
from muster.territory.models import Area


def give_door_addresses(areas: Iterable[Area]) -> dict[int, str]:
    """Give areas the addresses of their doors; a door that has one keeps it, since it hangs on its card.

    Nothing about anybody is in an address, so that no entry of the audit trail is made of it.

    Parameters
    ----------
    areas
        Any number, of any level; read once, in chunks.

    Returns
    -------
    dict[int, str]
        The address of each, by the area's number.
    """
    given: dict[int, str] = {}
    for some in batches({area.pk for area in areas}):
        with transaction.atomic():
            given |= _give(some)
    return given


def _give(numbers: Collection[int]) -> dict[int, str]:
    missing = set(numbers) - set(_find(numbers))
    if missing:
        rows = list(zip(missing, _make_codes(len(missing)), strict=True))
        insert_once(DoorAddress, ("area_id", "code"), rows, key="area_id")
    # Read again: another may have given some of them an address at the same moment, and the first stays.
    return _find(numbers)


def _find(numbers: Collection[int]) -> dict[int, str]:
    return dict(DoorAddress.objects.filter(area__in=numbers).values_list("area_id", "code"))


def _make_codes(count: int) -> set[str]:
    """Return codes that no door has: among a million, two would be given the same by chance."""
    codes: set[str] = set()
    while len(codes) < count:
        fresh = {make_door_code() for _ in range(count - len(codes))}
        codes |= fresh - set(DoorAddress.objects.filter(code__in=fresh).values_list("code", flat=True))
    return codes
