"""What becomes of duties as an emergency ends."""

from __future__ import annotations

from datetime import datetime

from muster.duty.actions.passing import end_cover
from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.emergencies.models import Emergency


def end_duties(emergency: Emergency, now: datetime) -> None:
    """Call off the duties of an emergency that have not begun, as it ends; whoever stands on one finishes it.

    Nobody is asked to stand in any more.
    """
    end_cover(emergency, now)
    ahead = Duty.objects.filter(shift__emergency=emergency, starts_at__gt=now, state=DutyState.PLANNED)
    ahead.update(state=DutyState.CANCELLED, changed_at=now)
