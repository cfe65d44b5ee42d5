"""Where a duty could be moved: which of some people could take it, on which of some shifts, and why not the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import Count, F, Q

from muster.duty.kinds import DutyState, Unfit
from muster.duty.models import Duty, Shift
from muster.duty.queries.fitness import NEIGHBOR_DAYS
from muster.duty.queries.outline import RosterSpan
from muster.duty.queries.rest import read_own_week_limits
from muster.duty.queries.roster import shifts_within
from muster.duty.queries.spans import StandingDuties, get_rest_limits, minute_of, read_duties, span_of
from muster.duty.rules import BrokenRule, DutySpans, Fitness, IntArray, find_rest_hindrances, find_unfitness
from muster.kernel.clock import CITY_ZONE
from muster.people.models import Absence, Person

PAIRS_AT_ONCE = 6000
SATURDAY = 6
_PLACED = Count("duties", filter=Q(duties__state=DutyState.PLANNED))


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What keeps a person from a shift: that they stand on it, are not fit for it, or need the rest.

    Parameters
    ----------
    unfit, broken
        Why they are not fit, or the first rule of rest that it would break; neither where they stand on it already.
    """

    unfit: Unfit | None = None
    broken: BrokenRule | None = None


class Pair(NamedTuple):
    """A person on a shift, by their numbers."""

    person: int
    shift: int


def list_open_shifts(span: RosterSpan, now: datetime, *, like: Shift | None = None) -> list[Shift]:
    """List the shifts of a roster that lack people and are not over, with what the rules ask of whoever comes.

    Parameters
    ----------
    span
        Which roster.
    now
        What is over by then is left out.
    like
        Only those of its post and pattern.
    """
    shifts = shifts_within(span.emergency, span.area, span.starts_on, span.ends_on)
    if like is not None:
        shifts = shifts.filter(post=like.post_id, pattern=like.pattern_id)
    lacking = shifts.annotate(placed=_PLACED).filter(placed__lt=F("needed"), ends_at__gt=now)
    return list(lacking.select_related("post__kind", "post__area", "pattern").order_by("starts_at", "pk"))


def find_hindrances(duty: Duty, shifts: Sequence[Shift], people: Collection[int]) -> dict[Pair, Hindrance]:
    """Find what would keep people from some shifts once a duty is gone from where it is.

    Parameters
    ----------
    duty
        The one that is to be moved; its own person is looked at without it.
    shifts
        With their post's kind and pattern, all of the duty's emergency.
    people
        Numbers; each is asked about each shift.

    Returns
    -------
    dict
        Only pairs that something keeps apart; whoever is not in it could stand there.
    """
    fit, found = _find_unfit(shifts, people)
    standing = _read_standing(duty, shifts, people)
    for pairs in _batches(fit):
        found.update(_find_unrested(duty, {shift.pk: shift for shift in shifts}, pairs, standing))
    placed = Duty.objects.filter(shift__in=shifts, person__in=people, state=DutyState.PLANNED).exclude(pk=duty.pk)
    found.update({Pair(*row): Hindrance() for row in placed.values_list("person_id", "shift_id")})
    return found


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        yield pairs[start : start + PAIRS_AT_ONCE]


def _find_unfit(shifts: Sequence[Shift], people: Collection[int]) -> tuple[list[Pair], dict[Pair, Hindrance]]:
    """Tell the pairs whose person is fit for the shift from those whose is not, and say why."""
    absences = _read_absences(people)
    asked = Person.objects.filter(pk__in=people).only("abilities", "restrictions", "may_serve", "consented_at")
    fit, unfit = [], {}
    for person in asked.iterator(chunk_size=2000):
        for shift in shifts:
            is_absent = any(_touches(shift, first, back) for first, back in absences.get(person.pk, ()))
            why = _unfitness(shift, person, is_absent=is_absent)
            if why is None:
                fit.append(Pair(person.pk, shift.pk))
            else:
                unfit[Pair(person.pk, shift.pk)] = Hindrance(unfit=why)
    return fit, unfit


def _unfitness(shift: Shift, person: Person, *, is_absent: bool) -> Unfit | None:
    is_serving = person.may_serve and person.consented_at is not None
    return find_unfitness(
        Fitness(is_serving, person.abilities, person.restrictions, is_absent),
        needs=shift.post.kind.abilities,
        barred_by=shift.post.kind.barred_by,
        is_night=shift.pattern.is_night,
        is_weekend=shift.starts_at.astimezone(CITY_ZONE).isoweekday() >= SATURDAY,
    )


def _read_absences(people: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    absences: dict[int, list[tuple[date, date]]] = defaultdict(list)
    found = Absence.objects.filter(person__in=people).values_list("person_id", "starts_on", "ends_on")
    for person, first, back in found:
        absences[person].append((first, back))
    return absences


def _touches(shift: Shift, first: date, back: date) -> bool:
    last = (shift.ends_at - timedelta(minutes=1)).astimezone(CITY_ZONE).date()
    return first <= last and shift.starts_at.astimezone(CITY_ZONE).date() < back


def _read_standing(duty: Duty, shifts: Sequence[Shift], people: Collection[int]) -> StandingDuties:
    """Read the duties of some people around some shifts, by person, without the one that is to be moved."""
    reach = timedelta(days=NEIGHBOR_DAYS)
    moments = [moment for shift in shifts for moment in (shift.starts_at, shift.ends_at)] or [duty.starts_at]
    near = Duty.objects.filter(
        state=DutyState.PLANNED,
        person__in=people,
        starts_at__gt=min(moments) - reach,
        starts_at__lt=max(moments) + reach,
    )
    standing = read_duties(near.exclude(pk=duty.pk))
    return standing.take(np.argsort(standing.spans.person, kind="stable"))


def _find_unrested(
    duty: Duty, shifts: dict[int, Shift], pairs: Sequence[Pair], standing: StandingDuties
) -> dict[Pair, Hindrance]:
    """Find the pairs that a rule of rest forbids: each pair is looked at as a person of its own, all in one pass."""
    person = np.array([pair.person for pair in pairs], np.int64)
    starts, ends = (
        np.array([minute_of(getattr(shifts[pair.shift], name)) for pair in pairs], np.int64)
        for name in ("starts_at", "ends_at")
    )
    number = np.arange(len(pairs), dtype=np.int64)
    own = read_own_week_limits(set(person.tolist()))
    limits = {at: own[one] for at, one in enumerate(person.tolist()) if one in own}
    broken = find_rest_hindrances(
        _copies_for(person, standing.spans),
        span_of(number, starts, ends),
        get_rest_limits(duty.shift.emergency),
        limits,
    )
    return {pairs[at]: Hindrance(broken=rule) for at, rule in broken.items()}


def _copies_for(person: IntArray, spans: DutySpans) -> DutySpans:
    """Return each pair's person's duties under the number of the pair; ``spans`` are in the order of people."""
    first, last = (np.searchsorted(spans.person, person, side=side) for side in ("left", "right"))
    count = last - first
    pair = np.repeat(np.arange(len(person), dtype=np.int64), count)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    copied = spans.take(np.repeat(first, count) + within)
    return DutySpans(pair, copied.start_min, copied.end_min, copied.local_min)
