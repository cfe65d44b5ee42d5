"""Setting clocks: the set that an emergency begins with, and what somebody changes of it."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from django.db import transaction

from muster.clocks.models import ClockLeg, ClockRule, ClockRun
from muster.clocks.queries.clocks import WARDEN, ClockSetting, list_clock_settings, list_office_levels
from muster.clocks.rules.defaults import DEFAULTS
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.territory.models import Level

LONGEST_MIN = 60 * 24 * 30
"""No clock is set to more than a month."""


def lay_out_clocks(emergency: Emergency, now: datetime) -> None:
    """Give an emergency the clocks that it begins with; those that it has stay as they are.

    Parameters
    ----------
    emergency
        Whose clocks, within the caller's transaction.
    now
        Not asked for: whatever follows the beginning of an emergency is told.
    """
    _, is_new = ClockRun.objects.get_or_create(emergency=emergency)
    if not is_new:
        return
    levels = [level.slug for level in list_office_levels(emergency)]
    for kind, (opens_after_min, may_wait, hold_min, warden_min, offices) in DEFAULTS.items():
        minutes = dict(zip(levels, offices, strict=False))
        if warden_min is not None:
            minutes[WARDEN] = warden_min
        _write(emergency, ClockSetting(kind, opens_after_min, may_wait, hold_min, minutes))


def set_clock(*, actor: Actor, now: datetime, emergency: Emergency, setting: ClockSetting) -> None:
    """Set the clock of one kind of gap; gaps that stand open go by it from now on.

    What has been told is not taken back: a gap never moves down because its clock was set anew.

    Parameters
    ----------
    actor, now
        Who sets it, and when.
    emergency
        Whose clock.
    setting
        The clock as it is to be.

    Raises
    ------
    RuleError
        If the emergency has ended, a level has no offices, or a higher one would be told before a lower one.
    """
    with transaction.atomic():
        locked = lock_active(emergency)
        _check(locked, setting)
        ClockRun.objects.get_or_create(emergency=locked)
        before = {each.kind: each for each in list_clock_settings(locked)}.get(setting.kind)
        if before == setting:
            return
        ClockRule.objects.filter(emergency=locked, kind=setting.kind).delete()
        _write(locked, setting)
        record(
            actor=actor,
            now=now,
            verb=Verb.CLOCK_SET,
            subject_kind="emergency",
            subject_id=locked.code,
            detail={"kind": setting.kind, "minutes": dict(setting.minutes), "may_wait": setting.may_wait},
        )


def _write(emergency: Emergency, setting: ClockSetting) -> None:
    rule = ClockRule.objects.create(
        emergency=emergency,
        kind=setting.kind,
        opens_after_min=setting.opens_after_min,
        may_wait=setting.may_wait,
        hold_min=setting.hold_min,
    )
    levels = {level.slug: level for level in Level.objects.filter(slug__in=list(setting.minutes))}
    ClockLeg.objects.bulk_create(
        ClockLeg(rule=rule, level=levels.get(slug), after_min=after_min) for slug, after_min in setting.minutes.items()
    )


def _check(emergency: Emergency, setting: ClockSetting) -> None:
    levels = [WARDEN, *(level.slug for level in list_office_levels(emergency))]
    unknown = set(setting.minutes) - set(levels)
    numbers = [setting.opens_after_min, setting.hold_min, *setting.minutes.values()]
    if unknown or not all(0 <= number <= LONGEST_MIN for number in numbers):
        raise RuleError("A clock counts minutes, up to a month, to levels that have offices.")
    ordered = [setting.minutes[slug] for slug in levels if slug in setting.minutes]
    if any(later < sooner for sooner, later in pairwise([setting.opens_after_min, *ordered])):
        raise RuleError(
            "Nobody is told before a place is a gap, and no office before the one beneath it.",
            remedy="Give minutes that do not fall from the warden up.",
        )
