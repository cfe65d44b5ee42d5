"""Whether a person may stand on a shift: fit for it, and rested."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import numpy as np
from django.db.models import Q

from muster.duty.kinds import DutyState, Unfit
from muster.duty.models import Duty, Shift
from muster.duty.queries.rest import read_own_week_limits
from muster.duty.queries.spans import get_rest_limits, minute_of, read_duties, span_of
from muster.duty.rules import BrokenRule, DutySpans, Fitness, find_unfitness, list_newly_broken
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.people.models import Absence, Person

SATURDAY = 6
NEIGHBOR_DAYS = 45
"""How far to either side a person's duties are read: further than any run of days or week reaches."""


def find_unfit(shift: Shift, person: Person) -> Unfit | None:
    """Find why a person cannot stand on a shift, whatever they have done before; None when they can."""
    return unfit_of(shift, person, is_absent=person.pk in list_absent(shift, [person.pk]))


def list_absent(shift: Shift, people: Collection[int]) -> set[int]:
    """Return which of the people, by number, an absence keeps from a day that the shift touches."""
    first_day = shift.starts_at.astimezone(CITY_ZONE).date()
    last_day = (shift.ends_at - timedelta(minutes=1)).astimezone(CITY_ZONE).date()
    absences = Absence.objects.filter(person__in=people, starts_on__lte=last_day, ends_on__gt=first_day)
    return set(absences.values_list("person_id", flat=True))


def unfit_of(shift: Shift, person: Person, *, is_absent: bool) -> Unfit | None:
    """Return why a person cannot stand on a shift, when it is known whether they are absent."""
    is_serving = person.may_serve and person.consented_at is not None
    kind = shift.post.kind
    return find_unfitness(
        Fitness(is_serving, person.abilities, person.restrictions, is_absent),
        needs=kind.abilities,
        barred_by=kind.barred_by,
        is_night=shift.pattern.is_night,
        is_weekend=shift.starts_at.astimezone(CITY_ZONE).isoweekday() >= SATURDAY,
    )


def find_rules_broken(
    emergency: Emergency, person: Person, shift: Shift, *, without: Duty | None = None
) -> list[BrokenRule]:
    """Find the rules of rest that a person's duties would newly break with one more shift.

    Parameters
    ----------
    emergency
        Whose limits hold. Duties of every emergency count: rest knows no borders.
    person, shift
        Whom, and where. It may be placed before others of theirs, which then come too soon.
    without
        A duty that they give up for it.
    """
    reach = timedelta(days=NEIGHBOR_DAYS)
    near = Q(starts_at__gt=shift.starts_at - reach, starts_at__lt=shift.ends_at + reach)
    duties = Duty.objects.filter(near, person=person, state=DutyState.PLANNED)
    standing = read_duties(duties.exclude(pk=without.pk) if without else duties)
    own = read_own_week_limits([person.pk])
    return list_newly_broken(standing.spans, _span_of_shift(person, shift), get_rest_limits(emergency), own)


def _span_of_shift(person: Person, shift: Shift) -> DutySpans:
    return span_of(
        np.array([person.pk], np.int64),
        np.array([minute_of(shift.starts_at)], np.int64),
        np.array([minute_of(shift.ends_at)], np.int64),
    )
