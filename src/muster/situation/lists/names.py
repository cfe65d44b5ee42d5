"""Names for the numbers that stand in a record."""

from __future__ import annotations

from collections.abc import Iterable

from muster.organizations.models import Organization
from muster.situation.lists.people import say_place
from muster.territory.models import Area
from muster.territory.queries import read_names


def name_area_ids(numbers: Iterable[int]) -> dict[int, str]:
    """Return where some areas are, by their number; numbers of no area are left out."""
    areas = Area.objects.filter(pk__in=set(numbers))
    names = read_names(areas)
    return {area.pk: say_place(area, names) for area in areas}


def name_organization_ids(numbers: Iterable[int]) -> dict[int, str]:
    """Return the names of some organizations, by their number; numbers of none are left out."""
    return dict(Organization.objects.filter(pk__in=set(numbers)).values_list("pk", "name"))
