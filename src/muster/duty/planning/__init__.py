"""Planning rosters: rows become problems, and a verified plan becomes duties.

Data flows one way through the modules:

1. ``reading`` takes all rows that a span and an area are planned from into one ``base``, with a digest of each part.
2. ``pools`` shares people out, ``stance`` tells which standing duties may move, ``blocking`` what the others leave
   open, and ``problems`` makes a problem of each pool.
3. ``roster`` has them solved; ``placing`` turns shift types into shifts at posts; ``mending`` takes off what the rules
   of rest object to and fills what is free; ``explaining`` says why the rest stays empty; ``checking`` checks all.
4. ``archive`` and ``keeping`` keep problems and roster with the plan.
5. ``difference`` shows a kept roster beside what stands, ``publishing`` makes it stand.

``repairing`` goes the same way when somebody drops out; ``parts`` divides a city that is too large for one plan.
"""

from muster.duty.planning.difference import (
    ChangeKind,
    DutyChange,
    RosterDifference,
    ShiftName,
    UnfilledShift,
    roster_difference,
)
from muster.duty.planning.keeping import is_same_choice
from muster.duty.planning.parts import list_parts
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
    "list_parts",
    "plan_cover",
    "plan_roster",
    "publish",
    "publish_roster",
    "resolve_roster",
    "roster_difference",
]
