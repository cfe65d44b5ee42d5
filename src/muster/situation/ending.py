"""What would end with an emergency, told before somebody ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.clocks.models import Gap
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment, Pairing
from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.emergencies.models import Emergency
from muster.needs.kinds import SETTLED
from muster.needs.models import Need


@dataclass(frozen=True, slots=True)
class Ending:
    """What stands now and would not, once the emergency has ended.

    Parameters
    ----------
    wardens, deputies, pairings
        Appointments and pairings that end.
    duties_ahead, duties_now
        Duties that are called off, and those under way, which are finished.
    gaps
        Open gaps, which close.
    needs
        What residents asked for and nobody has settled; it stays, and nothing more can be done about it here.
    """

    wardens: int
    deputies: int
    pairings: int
    duties_ahead: int
    duties_now: int
    gaps: int
    needs: int


def read_ending(emergency: Emergency, now: datetime) -> Ending:
    """Read what would end with an emergency."""
    appointed = Appointment.objects.filter(emergency=emergency, ends_at=None)
    duties = Duty.objects.filter(shift__emergency=emergency, state=DutyState.PLANNED)
    return Ending(
        wardens=appointed.filter(role=AppointmentRole.WARDEN).count(),
        deputies=appointed.filter(role=AppointmentRole.DEPUTY).count(),
        pairings=Pairing.objects.filter(emergency=emergency, ends_at=None).count(),
        duties_ahead=duties.filter(starts_at__gt=now).count(),
        duties_now=duties.filter(starts_at__lte=now, ends_at__gt=now).count(),
        gaps=Gap.objects.filter(emergency=emergency, closed_at=None).count(),
        needs=Need.objects.filter(emergency=emergency).exclude(state__in=SETTLED).count(),
    )
