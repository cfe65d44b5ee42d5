"""Somebody drops out: their duties to come are covered, and nobody else is disturbed without need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.duty.planning.roster import plan_roster
from muster.duty.queries.spans import local_midnight
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.people.actions import note_absence
from muster.people.models import Person
from muster.plans.models import Plan
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths

UNDISTURBED_WEIGHT = 200.0
"""Cost of each person's day that changes: more than any fairer sharing saves, a fifth of an empty place."""
TIME_LIMIT_S = 2.0


def plan_cover(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    person: Person,
    until_on: date,
    reason: str = "ill",
    time_limit_s: float = TIME_LIMIT_S,
    seed: int = 1,
) -> Plan:
    """Note that a person is away from today, and plan who takes the duties that they leave.

    Parameters
    ----------
    actor, now
        Who plans, and when; a shift that has begun by then is left as it is.
    emergency, person
        Whose duties.
    until_on
        The day on which they are back.
    reason
        Why, as with every absence; never a diagnosis.
    time_limit_s, seed
        As for ``plan_roster``.

    Returns
    -------
    Plan
        To be looked at and published like every roster. It covers the days of the duties left, at the posts of
        the pools concerned.

    Raises
    ------
    RuleError
        If they have no duty to come before they are back.
    MusterError
        If the day back is not after today.
    """
    duties = _list_left(emergency, person, now, until_on)
    if not duties:
        raise RuleError(f"{person.name} has no duty to come before {until_on}.", remedy="Nothing needs cover.")
    today = now.astimezone(CITY_ZONE).date()
    note_absence(actor=actor, now=now, person=person, starts_on=today, ends_on=until_on, reason=reason)
    first, last = (duty.starts_at.astimezone(CITY_ZONE).date() for duty in (duties[0], duties[-1]))
    posts = [duty.shift.post for duty in duties]
    return plan_roster(
        actor=actor,
        now=now,
        emergency=emergency,
        area=_smallest_around([*(post.area for post in posts), *(post.pool_area for post in posts)]),
        starts_on=first,
        days=(last - first).days + 1,
        time_limit_s=time_limit_s,
        seed=seed,
        disturbance_weight=UNDISTURBED_WEIGHT,
    )


def _list_left(emergency: Emergency, person: Person, now: datetime, until_on: date) -> list[Duty]:
    """List a person's duties that begin after now and before a day, in the order of time."""
    left = Duty.objects.filter(
        person=person,
        state=DutyState.PLANNED,
        shift__emergency=emergency,
        starts_at__gt=now,
        starts_at__lt=local_midnight(until_on),
    )
    return list(left.select_related("shift__post__area", "shift__post__pool_area").order_by("starts_at"))


def _smallest_around(areas: Iterable[Area]) -> Area:
    """Return the smallest area that holds all of some areas."""
    shared = set.intersection(*(set(ancestor_paths(area.path)) for area in areas))
    return Area.objects.select_related("level").get(path=max(shared, key=len))
