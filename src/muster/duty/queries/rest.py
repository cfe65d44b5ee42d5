"""Broken rules of rest, counted from the duties that stand and independently of whoever planned them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from muster.duty.kinds import RestRule
from muster.duty.models import Duty
from muster.duty.queries.spans import (
    StandingDuties,
    get_rest_limits,
    planned_duties,
    read_duties,
)
from muster.duty.rules import BrokenRule, list_broken
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.queries import beneath_filter


@dataclass(frozen=True, slots=True)
class RestViolation:
    """One rule of rest that one standing duty breaks.

    Parameters
    ----------
    duty_id
        The duty that is one too many, or too soon.
    person_code, person_name
        Whose it is.
    post_code, post_name, area_code
        Where it is.
    starts_at, ends_at
        When it is.
    rule
        Which rule.
    found, limit
        Minutes of rest, days in a row or minutes in the week: found, and allowed.
    is_overridden
        Whether it stands only because an officer overrode a rule by name, for this duty or for another
        one that makes it one too many.
    override_by, override_reason
        Who overrode it on this duty, and why.
    """

    duty_id: int
    person_code: str
    person_name: str
    post_code: str
    post_name: str
    area_code: str
    starts_at: datetime
    ends_at: datetime
    rule: RestRule
    found: int
    limit: int
    is_overridden: bool
    override_by: str
    override_reason: str


def find_rest_violations(
    emergency: Emergency, area: Area | None = None, *, standing: StandingDuties | None = None
) -> list[RestViolation]:
    """Find every broken rule of rest among the duties that stand.

    A person's duties are looked at wherever they are: an area is told of what befalls at its own posts,
    even when the other duty is elsewhere.

    Parameters
    ----------
    emergency
        Whose duties, and whose limits.
    area
        Only duties at posts in this area and beneath it; everywhere when None.
    standing
        All duties that stand in the emergency, where they are read already.

    Returns
    -------
    list of RestViolation
        In order of start; one duty may break several rules.
    """
    if standing is None:
        standing = read_duties(planned_duties(emergency))
    if not len(standing.duty):
        return []
    limits, own_week_min = get_rest_limits(emergency), read_own_week_limits()
    rules = list_broken(standing.spans, limits, own_week_min)
    if not rules:
        return []
    left = standing.take(~standing.is_overridden)
    # What is still broken once every overridden duty is left out is nobody's decision.
    own = {(int(left.duty[rule.index]), rule.rule) for rule in list_broken(left.spans, limits, own_week_min)}
    duties = Duty.objects.select_related("person", "shift__post__area")
    duties = duties.filter(pk__in={int(standing.duty[rule.index]) for rule in rules})
    if area is not None:
        duties = duties.filter(beneath_filter(area, "shift__post__area__path"))
    rows = {duty.pk: duty for duty in duties}
    told = (
        _tell(rows[number], rule, is_overridden=(number, rule.rule) not in own)
        for rule in rules
        if (number := int(standing.duty[rule.index])) in rows
    )
    return sorted(told, key=lambda row: (row.starts_at, row.duty_id, row.rule))


def count_rest_violations(emergency: Emergency, area: Area | None = None) -> int:
    """Count the broken rules of rest that no officer has overridden."""
    return sum(not row.is_overridden for row in find_rest_violations(emergency, area))


def read_own_week_limits(people: Collection[int] | None = None) -> dict[int, int]:
    """Return the minutes a week of those people who have a limit of their own, by number; of all by default."""
    limited = Person.objects.filter(max_week_min__isnull=False)
    if people is not None:
        limited = limited.filter(pk__in=people)
    return {person: minutes for person, minutes in limited.values_list("pk", "max_week_min") if minutes is not None}


def _tell(duty: Duty, rule: BrokenRule, *, is_overridden: bool) -> RestViolation:
    post = duty.shift.post
    return RestViolation(
        duty_id=duty.pk,
        person_code=duty.person.code,
        person_name=duty.person.name,
        post_code=post.code,
        post_name=post.name,
        area_code=post.area.code,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        rule=rule.rule,
        found=rule.found,
        limit=rule.limit,
        is_overridden=is_overridden,
        override_by=duty.override_by,
        override_reason=duty.override_reason,
    )
