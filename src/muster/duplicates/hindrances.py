"""What keeps two records from becoming one: told before, with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from muster.coverage.models import Appointment
from muster.duty.kinds import DutyState, RestRule
from muster.duty.models import Duty
from muster.duty.queries.rest import read_own_week_limits
from muster.duty.queries.spans import StandingDuties, get_rest_limits, minute_of, read_duties
from muster.duty.rules import BrokenRule, RestLimits, list_broken
from muster.emergencies.queries import list_active
from muster.kernel.clock import CITY_ZONE
from muster.kernel.joining import Collision, find_collisions
from muster.organizations.models import Organization
from muster.people.models import Person

ABSORBED = {
    "membership.Membership": "since_on",
    "organizations.AllianceSeat": "since_on",
    "emergencies.Footing": "starts_at",
    "access.Grant": "since_at",
}
"""Models of which two rows can say the same; one of them goes, and the earlier beginning is kept."""
DETACHED = "access.User"
"""An account of the record that goes stays an account, and is nobody's in the list if the other has one."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why two records cannot become one, and what to do about it."""

    what: str
    remedy: str


def list_person_hindrances(kept: Person, other: Person, values: Mapping[str, Any], now: datetime) -> list[Hindrance]:
    """List what keeps two records of a person from becoming one.

    Parameters
    ----------
    kept, other
        The record that would stay, and the one that would go into it.
    values
        What the record that stays would say.
    now
        Duties that begin later must leave the rest that is due.
    """
    found = [_tell(collision) for collision in find_collisions(kept, other) if _is_hindrance(collision)]
    found += _find_too_many(kept, other, int(values["max_appointments"]))
    return found or list(_find_unrested(kept, other, values, now))


def list_organization_hindrances(kept: Organization, other: Organization) -> list[Hindrance]:
    """List what keeps two records of an organization from becoming one."""
    found = [_tell(collision) for collision in find_collisions(kept, other) if _is_hindrance(collision)]
    if _stands_above(kept, other) or _stands_above(other, kept):
        found.append(Hindrance("One of the two stands above the other.", "Keep both, or mend who stands above whom."))
    return found


def _is_hindrance(collision: Collision) -> bool:
    label = collision.other._meta.label
    return label not in ABSORBED and label != DETACHED


def _tell(collision: Collision) -> Hindrance:
    row = collision.other
    if isinstance(row, Appointment):
        return Hindrance(f"Both serve on {row.area.name}.", "End one of the two appointments first.")
    if isinstance(row, Duty):
        return Hindrance(f"Both are on duty {_say_duty(row)}.", "If these are two people, keep them apart.")
    return Hindrance(f"Both have a {row._meta.verbose_name} where only one may be.", "Put one of them in order first.")


def _say_duty(duty: Duty) -> str:
    return f"at {duty.shift.post.name}, {duty.starts_at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"


def _find_too_many(kept: Person, other: Person, most: int) -> list[Hindrance]:
    """Find more appointments than allowed; what was too much for one of the two before is not held against both."""
    active = Appointment.objects.filter(ends_at=None, emergency__ends_at=None)
    counts = {each: active.filter(person=each).count() for each in (kept, other)}
    count = sum(counts.values())
    was_too_many = any(counts[each] == count > each.max_appointments for each in counts)
    if count <= most or was_too_many:
        return []
    what = f"Together they answer for {count} areas, and {most} are the most."
    return [Hindrance(what, "Choose the higher limit, or end an appointment first.")]


def _find_unrested(kept: Person, other: Person, values: Mapping[str, Any], now: datetime) -> Iterator[Hindrance]:
    """Find duties that would lie in one another, ever, and those to come that would break a rest."""
    duties = read_duties(Duty.objects.filter(person__in=[kept, other], state=DutyState.PLANNED))
    if not len(duties.duty):
        return
    for rule in _list_new_rules(duties, kept, values):
        is_overlap = rule.rule is RestRule.REST and rule.found < 0
        is_to_come = duties.spans.start_min[rule.index] > minute_of(now) and not duties.is_overridden[rule.index]
        if not is_overlap and not is_to_come:
            continue
        duty = Duty.objects.select_related("shift__post").get(pk=int(duties.duty[rule.index]))
        if is_overlap:
            yield Hindrance(f"Both are on duty {_say_duty(duty)}.", "If these are two people, keep them apart.")
        else:
            yield Hindrance(f"As one they would lack rest {_say_duty(duty)}.", "Take them off that duty first.")


def _list_new_rules(duties: StandingDuties, kept: Person, values: Mapping[str, Any]) -> list[BrokenRule]:
    own = read_own_week_limits(set(duties.spans.person.tolist()))
    limit = values["max_week_min"]
    joined = replace(duties.spans, person=np.full_like(duties.spans.person, kept.pk))
    found: dict[tuple[int, RestRule], BrokenRule] = {}
    for limits in [get_rest_limits(emergency) for emergency in list_active()] or [RestLimits()]:
        before = {(rule.index, rule.rule) for rule in list_broken(duties.spans, limits, own)}
        after = list_broken(joined, limits, {kept.pk: limit} if limit is not None else {})
        found.update({(rule.index, rule.rule): rule for rule in after if (rule.index, rule.rule) not in before})
    return list(found.values())


def _stands_above(above: Organization, below: Organization) -> bool:
    """Tell whether one organization stands above another, with at least one between them."""
    seen: set[int] = set()
    parent_id = below.parent_id
    if parent_id == above.pk:
        return False
    while parent_id is not None and parent_id not in seen:
        if parent_id == above.pk:
            return True
        seen.add(parent_id)
        parent_id = Organization.objects.filter(pk=parent_id).values_list("parent_id", flat=True).first()
    return False
