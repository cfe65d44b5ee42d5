"""What a planned roster would change of what stands now, per person and day, and what stays empty and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from muster.duty.kinds import DutyState
from muster.duty.models import Duty, Shift
from muster.duty.planning.keeping import KeptRoster, open_roster
from muster.duty.planning.reading import planned_shifts
from muster.kernel.clock import CITY_ZONE
from muster.people.models import Person
from muster.plans.models import Plan

NUMBERS_PER_QUERY = 900


class ChangeKind(StrEnum):
    """What becomes of a person's day."""

    KEPT = "kept"
    NEW = "new"
    MOVED = "moved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ShiftName:
    """A shift as a list shows one."""

    shift_id: int
    post_code: str
    post_name: str
    pattern_zh: str
    pattern_en: str
    short_zh: str
    short_en: str
    is_night: bool
    starts_at: datetime
    ends_at: datetime

    @property
    def day(self) -> date:
        """The local day on which it starts."""
        return self.starts_at.astimezone(CITY_ZONE).date()


@dataclass(frozen=True, slots=True)
class DutyChange:
    """What becomes of a person's day: ``was`` and ``becomes`` are None where nothing stood, or would stand."""

    kind: ChangeKind
    person_code: str
    person_name: str
    day: date
    was: ShiftName | None
    becomes: ShiftName | None


@dataclass(frozen=True, slots=True)
class UnfilledShift:
    """A shift that would lack people.

    Parameters
    ----------
    missing, why, by_reason
        How many, the leading reason, and how many people each reason keeps off.
    is_proven
        Whether it is among so many places of its pool as are proven to stay empty in every roster.
    """

    shift: ShiftName
    missing: int
    why: str
    by_reason: Mapping[str, int]
    is_proven: bool


@dataclass(frozen=True, slots=True)
class RosterDifference:
    """A planned roster beside what stands.

    Parameters
    ----------
    kept
        How many duties stay as they are.
    changes
        What changes, by day and name.
    unfilled
        What stays empty, by time.
    """

    kept: int
    changes: Sequence[DutyChange]
    unfilled: Sequence[UnfilledShift]

    def count(self, kind: ChangeKind) -> int:
        """Count the changes of a kind, or the duties that stay."""
        return self.kept if kind is ChangeKind.KEPT else sum(change.kind is kind for change in self.changes)

    @property
    def places_proven(self) -> int:
        """How many places stay empty in every roster that keeps the rules."""
        return sum(shift.missing for shift in self.unfilled if shift.is_proven)

    @property
    def places_unfilled(self) -> int:
        """How many places stay empty."""
        return sum(shift.missing for shift in self.unfilled)


class Held(NamedTuple):
    """A person's place on a shift, by numbers."""

    shift: int
    person: int


def roster_difference(plan: Plan) -> RosterDifference:
    """Return what publishing a planned roster would change now."""
    roster = open_roster(plan)
    planned = {Held(*pair) for pair in zip(roster.shift.tolist(), roster.person.tolist(), strict=True)}
    standing = set(read_standing(plan, roster).values())
    gone, fresh = standing - planned, planned - standing
    names = _shift_names({held.shift for held in gone | fresh} | set(roster.lacking.tolist()))
    people = _person_names({held.person for held in gone | fresh})
    changes = _pair_days(gone, fresh, names)
    reasons = roster.reasons()
    return RosterDifference(
        kept=len(standing & planned),
        changes=[_change(person, was, becomes, people) for person, was, becomes in changes],
        unfilled=sorted(
            (
                UnfilledShift(names[number], missing, why, reasons[number], is_proven)
                for number, missing, why, is_proven in zip(
                    roster.lacking.tolist(),
                    roster.missing.tolist(),
                    roster.why.tolist(),
                    roster.proven.tolist(),
                    strict=True,
                )
                if number in names
            ),
            key=lambda row: (row.shift.starts_at, row.shift.post_code),
        ),
    )


def read_standing(plan: Plan, roster: KeptRoster) -> dict[int, Held]:
    """Read the duties that stand on the shifts of a plan and are the plan's to change, by number."""
    if plan.starts_on is None or plan.ends_on is None:
        return {}
    shifts = planned_shifts(plan.emergency, plan.area, plan.starts_on, plan.ends_on, plan.created_at)
    duties = Duty.objects.filter(shift__in=shifts, state=DutyState.PLANNED)
    kept = set(roster.kept.tolist())
    rows = duties.order_by("pk").values_list("pk", "shift_id", "person_id")
    return {number: Held(shift, person) for number, shift, person in rows if number not in kept}


def _pair_days(
    gone: Iterable[Held], fresh: Iterable[Held], names: Mapping[int, ShiftName]
) -> list[tuple[int, ShiftName | None, ShiftName | None]]:
    """Join what goes and what comes on one person's one day to a move."""
    was = {(held.person, names[held.shift].day): names[held.shift] for held in gone}
    becomes = {(held.person, names[held.shift].day): names[held.shift] for held in fresh}
    days = sorted(was.keys() | becomes.keys(), key=lambda key: (key[1], key[0]))
    return [(person, was.get((person, day)), becomes.get((person, day))) for person, day in days]


def _change(
    person: int, was: ShiftName | None, becomes: ShiftName | None, people: Mapping[int, tuple[str, str]]
) -> DutyChange:
    kind = ChangeKind.NEW if was is None else ChangeKind.DROPPED if becomes is None else ChangeKind.MOVED
    shift = becomes or was
    if shift is None:
        raise ValueError("a change has a shift before or after")
    code, name = people.get(person, ("", ""))
    return DutyChange(kind, code, name, shift.day, was, becomes)


_NAME_FIELDS = (
    "pk",
    "post__code",
    "post__name",
    "pattern__name_zh",
    "pattern__name_en",
    "pattern__short_zh",
    "pattern__short_en",
    "pattern__is_night",
    "starts_at",
    "ends_at",
)
"""In the order of ``ShiftName``."""


def _shift_names(numbers: Iterable[int]) -> dict[int, ShiftName]:
    wanted = sorted(numbers)
    return {
        row[0]: ShiftName(*row)
        for start in range(0, len(wanted), NUMBERS_PER_QUERY)
        for row in Shift.objects.filter(pk__in=wanted[start : start + NUMBERS_PER_QUERY]).values_list(*_NAME_FIELDS)
    }


def _person_names(numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    wanted = sorted(numbers)
    return {
        number: (code, name)
        for start in range(0, len(wanted), NUMBERS_PER_QUERY)
        for number, code, name in Person.objects.filter(pk__in=wanted[start : start + NUMBERS_PER_QUERY]).values_list(
            "pk", "code", "name"
        )
    }
