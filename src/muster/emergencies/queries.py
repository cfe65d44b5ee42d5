"""Which emergency holds where, and which areas need a warden in it."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from muster.emergencies.models import Emergency, WardenRule
from muster.kernel.errors import NotFoundError
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths, subtree_range


def list_active() -> QuerySet[Emergency]:
    """List the emergencies that have not ended, newest first."""
    return Emergency.objects.filter(ends_at=None).select_related("area__level").order_by("-starts_at", "-pk")


def find_active(area: Area | None = None) -> Emergency | None:
    """Find the newest active emergency that holds in an area, or the newest of all.

    Parameters
    ----------
    area
        The emergency's own area must contain it or be it.
    """
    active = list_active()
    if area is not None:
        active = active.filter(area__path__in=ancestor_paths(area.path))
    return active.first()


def get_active(area: Area | None = None) -> Emergency:
    """Get what ``find_active`` finds.

    Raises
    ------
    NotFoundError
        If no emergency is active there.
    """
    emergency = find_active(area)
    if emergency is None:
        raise NotFoundError(
            "No emergency is active here.",
            where=area.code if area is not None else "",
            remedy="Activate one first.",
        )
    return emergency


def get_emergency(code: str) -> Emergency:
    """Get an emergency by its code.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    emergency = Emergency.objects.select_related("area__level").filter(code=code).first()
    if emergency is None:
        raise NotFoundError("There is no such emergency.", where=code)
    return emergency


def list_codes() -> frozenset[str]:
    """List the codes of all emergencies that there ever were."""
    return frozenset(Emergency.objects.values_list("code", flat=True))


def get_warden_rules(emergency: Emergency) -> dict[int, bool]:
    """Get, for each level (by number) that needs wardens, whether it needs deputies too."""
    return dict(WardenRule.objects.filter(emergency=emergency).values_list("level_id", "needs_deputy"))


def scope_paths(emergency: Emergency, area: Area) -> tuple[str, str]:
    """Return the half-open range of paths that lies in both the area and the emergency's own area.

    The range is empty where the two do not meet.
    """
    low, high = subtree_range(area.path)
    own_low, own_high = subtree_range(emergency.area.path)
    return max(low, own_low), min(high, own_high)


def scope_filter(emergency: Emergency, area: Area, field: str = "path") -> Q:
    """Return the filter of rows within an area, as far as the emergency holds there.

    Parameters
    ----------
    emergency, area
        Where to look.
    field
        The lookup of the area's path, such as ``area__path``.
    """
    low, high = scope_paths(emergency, area)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def list_required_areas(emergency: Emergency, area: Area) -> QuerySet[Area]:
    """List the areas within an area that need a warden, in the order of the tree."""
    levels = list(get_warden_rules(emergency))
    areas = Area.objects.filter(scope_filter(emergency, area)).order_by("path")
    # A sum, so that the database walks the tree: by the index of levels it would sort a million areas for a page.
    return areas.alias(level_number=F("level_id") + 0).filter(level_number__in=levels)
