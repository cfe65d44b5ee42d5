"""Publishing a planned roster: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction

from muster.duty.actions.gaps import Reason, match_gaps
from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.duty.planning.base import Base
from muster.duty.planning.checking import check_joined
from muster.duty.planning.difference import Held, read_standing
from muster.duty.planning.explaining import spans_of_places
from muster.duty.planning.keeping import KeptRoster, open_roster
from muster.duty.planning.reading import planned_shifts, read_base
from muster.duty.queries.spans import minute_of, moment_of
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.bulk import insert_rows
from muster.kernel.errors import RuleError, StaleBaseError
from muster.kernel.statistics import take_statistics_after_commit
from muster.planning.result import VerificationError
from muster.plans.actions import check_undecided, mark_published
from muster.plans.models import Plan
from muster.plans.queries import open_problem

_FIELDS = ("shift_id", "person_id", "starts_at", "ends_at")
NUMBERS_PER_QUERY = 900


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing wrote: duties that came and went, duties left as they were, places that stay empty."""

    plan_id: int
    begun: int
    ended: int
    kept: int
    gaps: int


def publish_roster(*, actor: Actor, now: datetime, plan: Plan) -> PublishReport:
    """Publish a planned roster: duties, and the gaps of what stays empty with their reasons.

    A shift that has begun by now is left as it is.

    Raises
    ------
    StaleBaseError
        If what it was planned from has changed, or so much time has passed that it would break a rest; the
        message names what.
    RuleError
        If it has no roster, was published or put aside before, or the emergency has ended.
    """
    with transaction.atomic():
        locked = lock_active(plan.emergency)
        check_undecided(plan)
        base = _read_base_of(plan, locked)
        _refuse_stale(plan, base)
        roster = open_roster(plan)
        gone, fresh, kept = _split(plan, base, roster, now)
        _check_once_more(plan, base, gone, fresh)
        _cancel(gone, now)
        _create(plan, base, fresh, now)
        lacking = _match_gaps(plan, locked, roster, now)
        mark_published(
            actor=actor, now=now, plan=plan, detail={"begun": len(fresh), "ended": len(gone), "unfilled": lacking}
        )
    return PublishReport(plan.pk, begun=len(fresh), ended=len(gone), kept=kept, gaps=lacking)


def _read_base_of(plan: Plan, emergency: Emergency) -> Base:
    """Read the base as of the moment of planning, so that only changed rows differ and not the passing of time."""
    if plan.starts_on is None or plan.ends_on is None or not plan.plan:
        raise RuleError(f"Plan {plan.pk} has no roster ({plan.status}).", remedy="Plan again, with more time.")
    return read_base(emergency, plan.area, plan.starts_on, plan.ends_on, plan.created_at)


def _refuse_stale(plan: Plan, base: Base) -> None:
    if base.fingerprint == plan.fingerprint:
        return
    kept = {str(name): str(digest) for name, digest in open_problem(plan)["base_parts"]}
    changed = [name for name, digest in sorted(base.parts.items()) if kept.get(name) != digest]
    raise StaleBaseError(
        f"Since plan {plan.pk} was solved, {' and '.join(changed)} changed.",
        where=plan.area.code,
        remedy="Plan again: it takes what changed into account.",
    )


def _split(plan: Plan, base: Base, roster: KeptRoster, now: datetime) -> tuple[list[int], list[Held], int]:
    """Return the numbers of the duties that go, what comes, and how many stay, on shifts yet to begin."""
    upcoming = set(base.shifts.number[base.shifts.start_min > minute_of(now)].tolist())
    pairs = zip(roster.shift.tolist(), roster.person.tolist(), strict=True)
    planned = {Held(*pair) for pair in pairs if pair[0] in upcoming}
    standing = {number: held for number, held in read_standing(plan, roster).items() if held.shift in upcoming}
    gone = [number for number, held in standing.items() if held not in planned]
    fresh = sorted(planned - set(standing.values()))
    return gone, fresh, len(planned) - len(fresh)


def _check_once_more(plan: Plan, base: Base, gone: Collection[int], fresh: Sequence[Held]) -> None:
    places = np.searchsorted(base.shifts.number, np.array([held.shift for held in fresh], np.int64))
    spans = spans_of_places(base, np.array([held.person for held in fresh], np.int64), places)
    stays = base.standing.take(~np.isin(base.standing.duty, np.array(sorted(gone), np.int64)))
    own = {person.number: person.max_week_min for person in base.people if person.max_week_min is not None}
    try:
        check_joined(spans, stays, base.limits, own)
    except VerificationError as error:
        raise StaleBaseError(
            f"Plan {plan.pk} comes too late: beside shifts that have begun it would break a rest ({error}).",
            where=plan.area.code,
            remedy="Plan again from now on.",
        ) from error


def _cancel(numbers: Sequence[int], now: datetime) -> None:
    for start in range(0, len(numbers), NUMBERS_PER_QUERY):
        batch = Duty.objects.filter(pk__in=numbers[start : start + NUMBERS_PER_QUERY])
        batch.update(state=DutyState.CANCELLED, changed_at=now)


def _create(plan: Plan, base: Base, fresh: Iterable[Held], now: datetime) -> None:
    shifts = base.shifts
    spans = zip(shifts.start_min.tolist(), shifts.end_min.tolist(), strict=True)
    span_of = dict(zip(shifts.number.tolist(), spans, strict=True))
    moments = {minute: moment_of(minute) for span in set(span_of.values()) for minute in span}
    rows = ((held.shift, held.person, *(moments[minute] for minute in span_of[held.shift])) for held in fresh)
    insert_rows(Duty, _FIELDS, rows, same={"plan_id": plan.pk, "changed_at": now})
    take_statistics_after_commit()


def _match_gaps(plan: Plan, emergency: Emergency, roster: KeptRoster, now: datetime) -> int:
    if plan.starts_on is None or plan.ends_on is None:
        return 0
    whys = dict(zip(roster.lacking.tolist(), roster.why.tolist(), strict=True))
    proven = set(roster.lacking[roster.proven].tolist())
    reasons = {
        number: Reason(whys[number], {"people": counted, "is_proven": number in proven})
        for number, counted in roster.reasons().items()
    }
    shifts = planned_shifts(emergency, plan.area, plan.starts_on, plan.ends_on, now)
    return match_gaps(emergency=emergency, now=now, shifts=shifts, reasons=reasons)
