"""What must be known of duties before reports about them are taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.kernel.ready import EXAMPLE, ReadyQuery


class DutyStand(NamedTuple):
    """How a duty stands: whose, where and when, and whether anything is reported of it any more."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    emergency_ends_at: datetime | None
    area_path: str


# Asked for by each duty's own emergency: joined to the few emergencies, SQLite would walk all shifts of them.
_ENDS_AT = Subquery(Emergency.objects.filter(pk=OuterRef("shift__emergency_id")).values("ends_at"))
_COLUMNS = ("pk", "person_id", "starts_at", "ends_at", "state", _ENDS_AT, "shift__post__area__path")


# A phone reports of one duty at a time; an office's batch of five hundred is read at once.
_STAND = ReadyQuery(lambda number: _select_stands([number]), EXAMPLE)


def read_stands(duty_ids: Iterable[int]) -> dict[int, DutyStand]:
    """Read how duties stand, by number; one that is not there is left out."""
    wanted = set(duty_ids)
    if len(wanted) == 1:
        return dict(_tell_stand(*row) for row in _STAND.ask(*wanted))
    return dict(_tell_stand(*row) for some in batches(wanted) for row in _select_stands(some))


def _select_stands(numbers: Collection[int]) -> QuerySet[Duty, tuple[Any, ...]]:
    return Duty.objects.filter(pk__in=numbers).order_by().values_list(*_COLUMNS)


def _tell_stand(
    number: int,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    state: str,
    over_at: datetime | None,
    area_path: str,
) -> tuple[int, DutyStand]:
    return number, DutyStand(person_id, starts_at, ends_at, state != DutyState.PLANNED, over_at, area_path)
