"""Planning rosters: rows become problems, and a verified plan becomes duties."""

from muster.duty.planning.difference import (
    ChangeKind,
    DutyChange,
    RosterDifference,
    ShiftName,
    UnfilledShift,
    roster_difference,
)
from muster.duty.planning.keeping import is_same_choice
from muster.duty.planning.publishing import PublishReport, publish_roster
from muster.duty.planning.repairing import TIME_LIMIT_S as COVER_LIMIT_S
from muster.duty.planning.repairing import plan_cover
from muster.duty.planning.roster import Progress, plan_roster, resolve_roster

difference = roster_difference
publish = publish_roster

__all__ = [
    "COVER_LIMIT_S",
    "ChangeKind",
    "DutyChange",
    "Progress",
    "PublishReport",
    "RosterDifference",
    "ShiftName",
    "UnfilledShift",
    "difference",
    "is_same_choice",
    "plan_cover",
    "plan_roster",
    "publish",
    "publish_roster",
    "resolve_roster",
    "roster_difference",
]
