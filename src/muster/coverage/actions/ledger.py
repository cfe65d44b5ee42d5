"""Keeping the ledger: gaps and tallies that follow from appointments, for one area or a whole city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import read_owners
from muster.coverage.actions.pairing import end_pairings
from muster.coverage.actions.tallies import rebuild_tallies
from muster.coverage.kinds import AppointmentRole, CoverageState, GapReason
from muster.coverage.models import Appointment, CoverageTally, Pairing
from muster.coverage.rules import coverage_state
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_warden_rules, list_required_areas, scope_filter
from muster.kernel.statistics import take_statistics_after_commit
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths

GAP_KINDS = {
    AppointmentRole.WARDEN: GapKind.AREA_WITHOUT_WARDEN,
    AppointmentRole.DEPUTY: GapKind.AREA_WITHOUT_DEPUTY,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an area has nobody in a role, and what would close the gap."""

    why: GapReason
    detail: dict[str, Any] = field(default_factory=dict)


Reasons = Mapping[tuple[int, AppointmentRole], Reason]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whom an area has."""

    has_warden: bool
    has_deputy: bool

    def tally(self) -> dict[str, int]:
        """Return what the area adds to the tallies above it."""
        state = coverage_state(has_warden=self.has_warden, has_deputy=self.has_deputy)
        return {
            "covered": int(state == CoverageState.COVERED),
            "deputy_only": int(state == CoverageState.DEPUTY_ONLY),
            "with_deputy": int(self.has_warden and self.has_deputy),
        }


def read_standing(emergency: Emergency, area: Area) -> Standing:
    """Read whom an area has at this moment."""
    roles = set(Appointment.objects.filter(emergency=emergency, area=area, ends_at=None).values_list("role", flat=True))
    return Standing(AppointmentRole.WARDEN in roles, AppointmentRole.DEPUTY in roles)


def follow_change(emergency: Emergency, area: Area, before: Standing, now: datetime, why: GapReason) -> None:
    """Bring tallies and gaps up to date after one area's appointments have changed.

    Parameters
    ----------
    emergency, area
        Where they changed, inside the caller's transaction.
    before
        Whom the area had.
    now
        Since when a gap that opens stands open.
    why
        The reason that a gap is given if one opens.
    """
    after = read_standing(emergency, area)
    _shift_tallies(emergency, area, before, after)
    needs_deputy = get_warden_rules(emergency).get(area.level_id, False)
    missing = set()
    if not after.has_warden:
        missing.add(AppointmentRole.WARDEN)
    elif needs_deputy and not after.has_deputy:
        missing.add(AppointmentRole.DEPUTY)
    owner_id = read_owners(area).find(area.path)
    for role, kind in GAP_KINDS.items():
        if role in missing:
            open_gaps(emergency=emergency, now=now, gaps=[GapSpec(kind, area.code, area.pk, owner_id, why)])
        else:
            close_gaps(emergency=emergency, now=now, kind=kind, subjects=[area.code])


def _shift_tallies(emergency: Emergency, area: Area, before: Standing, after: Standing) -> None:
    """Add the difference to the tallies of the area and of all above it, in one statement."""
    old, new = before.tally(), after.tally()
    changes = {name: F(name) + (new[name] - old[name]) for name in new if new[name] != old[name]}
    if changes:
        CoverageTally.objects.filter(
            emergency=emergency, level=area.level_id, area__path__in=ancestor_paths(area.path)
        ).update(**changes)


def rebuild_ledger(emergency: Emergency, area: Area, now: datetime, reasons: Reasons | None = None) -> None:
    """Bring gaps and tallies of all areas within an area up to date, in bulk.

    Parameters
    ----------
    emergency, area
        Where appointments, or the tree itself, have changed.
    now
        Since when gaps that open stand open, and when those that close closed.
    reasons
        Why an area has nobody, by area number and role; a gap that has none here keeps its own.
    """
    with transaction.atomic():
        _close_filled(emergency, area, now)
        open_gaps(emergency=emergency, now=now, gaps=_list_missing(emergency, area, reasons or {}))
        rebuild_tallies(emergency, area)
        take_statistics_after_commit()


def _active(emergency: Emergency, role: AppointmentRole, area_field: str) -> Exists:
    return Exists(Appointment.objects.filter(emergency=emergency, area=OuterRef(area_field), role=role, ends_at=None))


def _close_filled(emergency: Emergency, area: Area, now: datetime) -> None:
    has_warden = Q(_active(emergency, AppointmentRole.WARDEN, "area"))
    has_deputy = Q(_active(emergency, AppointmentRole.DEPUTY, "area"))
    filled = {GapKind.AREA_WITHOUT_WARDEN: has_warden, GapKind.AREA_WITHOUT_DEPUTY: has_deputy | ~has_warden}
    # A condition across a join cannot be part of an update, so the range of the tree is a subquery.
    within = Q(area__in=Area.objects.filter(scope_filter(emergency, area)))
    for kind, is_filled in filled.items():
        close_gaps(emergency=emergency, now=now, kind=kind, where=within & is_filled)


def _list_missing(emergency: Emergency, area: Area, reasons: Reasons) -> Iterator[GapSpec]:
    owners = read_owners(area)
    rules = get_warden_rules(emergency)
    deputy_levels = [level for level, needs_deputy in rules.items() if needs_deputy]
    required = list_required_areas(emergency, area)
    without_warden = required.filter(~_active(emergency, AppointmentRole.WARDEN, "pk"))
    without_deputy = required.filter(
        _active(emergency, AppointmentRole.WARDEN, "pk"),
        ~_active(emergency, AppointmentRole.DEPUTY, "pk"),
        level_id__in=deputy_levels,
    )
    for role, areas in ((AppointmentRole.WARDEN, without_warden), (AppointmentRole.DEPUTY, without_deputy)):
        kind = GAP_KINDS[role]
        if not reasons:
            areas = areas.filter(~_has_open_gap(emergency, kind))  # noqa: PLW2901  # the same areas, fewer
        for pk, code, path in _in_order(areas.values_list("pk", "code", "path")):
            reason = reasons.get((pk, role), Reason(GapReason.NOT_APPOINTED) if not reasons else None)
            why, detail = (reason.why, reason.detail) if reason else ("", {})
            yield GapSpec(kind, code, pk, owners.find(path), why, detail)


def _has_open_gap(emergency: Emergency, kind: GapKind) -> Exists:
    return Exists(Gap.objects.filter(emergency=emergency, kind=kind, subject=OuterRef("code"), closed_at=None))


def _in_order(rows: Iterable[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    # Read to the end before the first gap is written: SQLite reads its own writes while a cursor is open.
    return list(rows)


def begin_ledger(emergency: Emergency, now: datetime) -> None:
    """Open a gap for every area that needs a warden, and lay out the tallies, as an emergency begins."""
    rebuild_ledger(emergency, emergency.area, now)


def end_ledger(emergency: Emergency, now: datetime) -> None:
    """End the appointments and pairings of an emergency and close its gaps, as it ends."""
    Appointment.objects.filter(emergency=emergency, ends_at=None).update(ends_at=now, end_reason="emergency ended")
    end_pairings("", now, list(Pairing.objects.filter(emergency=emergency, ends_at=None)), "emergency ended")
    close_gaps(emergency=emergency, now=now)
