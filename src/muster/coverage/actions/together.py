"""Appointing, replacing, standing in and ending on many areas at once: what can be done is, the rest says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.coverage.actions.appointing import begin_role, end_role, list_holding
from muster.coverage.actions.ledger import follow_change, read_standing
from muster.coverage.kinds import AppointmentRole, GapReason
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.errors import RuleError
from muster.people.models import Person
from muster.territory.models import Area

TOGETHER_LIMIT = 300
"""So many roles are changed at once at most: each is checked, written and audited by itself."""

Wanted = Mapping[AppointmentRole, Person | None]
"""Who is to have which roles on an area; None for nobody. Roles that are not in it stay as they are."""


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """A role on an area that has changed hands: who had it, and who has it."""

    area: Area
    role: AppointmentRole
    before: Person | None
    after: Person | None


@dataclass(frozen=True, slots=True)
class AreaRefused:
    """An area that stays as it was, and why."""

    area: Area
    error: RuleError


@dataclass(frozen=True, slots=True)
class TogetherReport:
    """What was done, and what was refused, in the order in which it was asked for."""

    done: tuple[RoleChanged, ...]
    refused: tuple[AreaRefused, ...]


def change_together(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    wanted: Mapping[Area, Wanted],
    reason: str,
    may_replace: bool = True,
    expected: Mapping[Area, Wanted] | None = None,
) -> TogetherReport:
    """Give roles on many areas to others, or to nobody, in one transaction.

    Parameters
    ----------
    actor, now
        Who changes them, and when; access to the areas and people is the caller's to check.
    emergency, wanted
        Who is to have what, by area. On an area all changes are made or none.
    reason
        Why those who are relieved are.
    may_replace
        Whether a role that somebody else holds changes hands; otherwise the area is refused.
    expected
        Who must have the roles now, for whoever takes a change back; an area that has changed since is refused.

    Raises
    ------
    RuleError
        If the emergency has ended, or too much is asked for at once.
    """

    def change(area: Area, locked: Emergency) -> list[RoleChanged]:
        if expected is not None:
            _refuse_changed(locked, area, expected[area])
        return _change_area(actor, now, locked, area, wanted[area], reason=reason, may_replace=may_replace)

    return _for_each(emergency, list(wanted), now, change)


def stand_in_together(
    *, actor: Actor, now: datetime, emergency: Emergency, areas: Sequence[Area], reason: str
) -> TogetherReport:
    """Let the deputies of many areas take the wardens' places, in one transaction.

    Raises
    ------
    RuleError
        If the emergency has ended, or too much is asked for at once.
    """

    def change(area: Area, locked: Emergency) -> list[RoleChanged]:
        deputies = [one.person for one in list_holding(locked, area) if one.role == AppointmentRole.DEPUTY]
        if not deputies:
            raise RuleError("There is no deputy who could stand in.", where=str(area), remedy="Appoint a warden.")
        wanted = {AppointmentRole.DEPUTY: None, AppointmentRole.WARDEN: deputies[0]}
        return _change_area(actor, now, locked, area, wanted, reason=reason, may_replace=True)

    return _for_each(emergency, areas, now, change)


def _for_each(
    emergency: Emergency, areas: Sequence[Area], now: datetime, change: Callable[[Area, Emergency], list[RoleChanged]]
) -> TogetherReport:
    if len(areas) > TOGETHER_LIMIT:
        raise RuleError(
            f"At most {TOGETHER_LIMIT} areas are changed at once, not {len(areas)}.", remedy="Choose fewer, or plan."
        )
    done: list[RoleChanged] = []
    refused: list[AreaRefused] = []
    with transaction.atomic():
        locked = lock_active(emergency)
        for area in areas:
            before = read_standing(locked, area)
            try:
                with transaction.atomic():
                    changed = change(area, locked)
            except RuleError as error:
                refused.append(AreaRefused(area, error))
                continue
            follow_change(locked, area, before, now, GapReason.ENDED)
            done += changed
    return TogetherReport(tuple(done), tuple(refused))


def _refuse_changed(emergency: Emergency, area: Area, expected: Wanted) -> None:
    holding = {one.role: one.person for one in list_holding(emergency, area)}
    if any(holding.get(role) != person for role, person in expected.items()):
        raise RuleError(
            "Somebody has changed it since.", where=str(area), remedy="Look at the area as it is now, and appoint."
        )


def _change_area(
    actor: Actor, now: datetime, emergency: Emergency, area: Area, wanted: Wanted, *, reason: str, may_replace: bool
) -> list[RoleChanged]:
    """End what is to end on an area before anything begins: a deputy who becomes warden is two people for no moment."""
    holding = {AppointmentRole(one.role): one for one in list_holding(emergency, area)}
    before = {role: holding[role].person if role in holding else None for role in wanted}
    changing = {role: person for role, person in wanted.items() if person != before[role]}
    for role, person in changing.items():
        if role in holding and (may_replace or person is None):
            end_role(actor, now, holding[role], reason)
    for role, person in changing.items():
        if person is not None:
            begin_role(actor, now, emergency, area, person=person, role=role)
    return [RoleChanged(area, role, before[role], person) for role, person in changing.items()]
