"""Setting the limits of rest of an emergency."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from muster.duty.models import RestRules
from muster.duty.rules import RestLimits
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb

WEEK_MIN = 7 * 24 * 60


def set_rest_rules(*, actor: Actor, now: datetime, emergency: Emergency, limits: RestLimits) -> RestRules:
    """Set the limits of rest that hold in an emergency from now on; duties that stand are left.

    Raises
    ------
    RuleError
        If a limit is no limit: a week longer than a week, no day in a row, a rest that leaves no shift.
    """
    if not (
        0 <= limits.min_rest_min < WEEK_MIN
        and limits.max_days_in_row >= 1
        and 0 < limits.max_week_min <= WEEK_MIN
        and limits.max_nights >= 0
    ):
        raise RuleError(
            f"These are no limits of rest: {limits.min_rest_min} minutes between shifts, "
            f"{limits.max_days_in_row} days in a row, {limits.max_week_min} minutes a week, "
            f"{limits.max_nights} nights in four weeks.",
            where=emergency.code,
            remedy="Give a rest shorter than a week, at least one day in a row, and at most 10,080 minutes a week.",
        )
    with transaction.atomic():
        rules, _ = RestRules.objects.update_or_create(emergency=emergency, defaults=limits._asdict())
        record(
            actor=actor,
            now=now,
            verb=Verb.DUTY_CHANGED,
            subject_kind="rest_rules",
            subject_id=emergency.code,
            detail=limits._asdict(),
        )
    return rules
