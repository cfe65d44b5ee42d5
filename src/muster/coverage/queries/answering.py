"""Who answers for many areas at once, for clocks that have to tell them."""

from __future__ import annotations

from collections.abc import Collection

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.territory.rules import ancestor_paths


def find_answering(emergency: Emergency, paths: Collection[str]) -> dict[str, int]:
    """Find who answers for areas: the nearest warden on the way up, or the deputy where an area has no warden.

    Parameters
    ----------
    emergency
        Whose appointments.
    paths
        Of the areas.

    Returns
    -------
    dict[str, int]
        Number of the person, by path; an area that nobody answers for is left out.
    """
    above = {step for path in paths for step in ancestor_paths(path)}
    standing = Appointment.objects.filter(emergency=emergency, ends_at=None)
    answering: dict[str, int] = {}
    for some in batches(above):
        # Deputies first, so that a warden of the same area takes their place.
        rows = standing.filter(area__path__in=some).values_list("role", "area__path", "person_id")
        in_order = sorted(rows, key=lambda row: row[0] == AppointmentRole.WARDEN)
        answering |= {path: person_id for _role, path, person_id in in_order}
    found = {path: _find_nearest(answering, path) for path in paths}
    return {path: person_id for path, person_id in found.items() if person_id is not None}


def _find_nearest(answering: dict[str, int], path: str) -> int | None:
    return next((answering[step] for step in reversed(ancestor_paths(path)) if step in answering), None)
