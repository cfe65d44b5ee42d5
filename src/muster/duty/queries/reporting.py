"""What must be known of duties before reports about them are taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches


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


def read_stands(duty_ids: Iterable[int]) -> dict[int, DutyStand]:
    """Read how duties stand, by number; one that is not there is left out."""
    return {
        number: DutyStand(person_id, starts_at, ends_at, state != DutyState.PLANNED, over_at, path)
        for some in batches(set(duty_ids))
        for number, person_id, starts_at, ends_at, state, over_at, path in Duty.objects.filter(pk__in=some)
        .order_by()
        .values_list(*_COLUMNS)
    }
