"""Planning who answers for which area: rows become a problem, and a verified plan becomes rows."""

from muster.coverage.planning.coverage import Progress, is_same_choice, plan_coverage, resolve_coverage
from muster.coverage.planning.difference import (
    Change,
    ChangeKind,
    PersonName,
    PlanDifference,
    PlannedGap,
    coverage_difference,
)
from muster.coverage.planning.publishing import PublishReport, publish_coverage

__all__ = [
    "Change",
    "ChangeKind",
    "PersonName",
    "PlanDifference",
    "PlannedGap",
    "Progress",
    "PublishReport",
    "coverage_difference",
    "is_same_choice",
    "plan_coverage",
    "publish_coverage",
    "resolve_coverage",
]
