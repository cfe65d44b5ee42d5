"""Taking what people report at their posts: each fact once, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from muster.duty.actions.gaps import close_past_gaps
from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Duty
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb

EARLIEST = timedelta(hours=4)
"""How long before a shift somebody may report at it."""
AHEAD = timedelta(minutes=10)
"""How far the clock of a phone may be ahead of the server's."""
BATCH_ROWS = 500


@dataclass(frozen=True, slots=True)
class CheckInFact:
    """What is reported, with an id made where it was reported.

    Parameters
    ----------
    client_id
        Made once by whoever reports; the same fact sent twice is taken once.
    duty_id
        Which duty.
    kind
        Came or left.
    at
        By the clock of whoever reports.
    is_for_other
        Whether somebody else enters it, from paper or on a person's word.
    """

    client_id: UUID
    duty_id: int
    kind: CheckInKind
    at: datetime
    is_for_other: bool = False
    is_synthetic: bool = False


def check_in(
    *,
    actor: Actor,
    now: datetime,
    client_id: UUID,
    duty: Duty,
    kind: CheckInKind,
    at: datetime,
    is_for_other: bool = False,
) -> CheckIn:
    """Take one report at a post; the same report again returns what was taken the first time.

    Parameters
    ----------
    actor, now
        Who enters it, and when the server takes it.
    client_id, duty, kind, at, is_for_other
        See ``CheckInFact``. An account of somebody else than the person on duty marks it as entered for
        another, whatever is said.

    Raises
    ------
    RuleError
        If the emergency has ended, the duty is cancelled, or the time cannot be right.
    """
    seen = CheckIn.objects.filter(client_id=client_id).first()
    if seen is not None:
        return seen
    entered_by = getattr(actor, "person_id", None)
    is_for_other = is_for_other or entered_by != duty.person_id
    fact = CheckInFact(client_id, duty.pk, kind, at, is_for_other)
    take_check_ins(actor=actor, now=now, emergency=duty.shift.emergency, facts=[fact])
    return CheckIn.objects.get(client_id=client_id)


def take_check_ins(*, actor: Actor, now: datetime, emergency: Emergency, facts: Iterable[CheckInFact]) -> int:
    """Take many reports at once; those taken before are passed by.

    As time has passed, the gaps of shifts that are over are closed with it.

    Returns
    -------
    int
        How many were new.

    Raises
    ------
    RuleError
        If the emergency has ended, or a fact's duty or time cannot be right; then none is taken.
    """
    if emergency.ends_at is not None:
        raise RuleError("The emergency has ended: nobody reports at posts any more.", where=emergency.code)
    wanted = list({fact.client_id: fact for fact in facts}.values())
    with transaction.atomic():
        taken = sum(
            _take(emergency, now, wanted[start : start + BATCH_ROWS]) for start in range(0, len(wanted), BATCH_ROWS)
        )
        close_past_gaps(emergency=emergency, now=now)
        if taken:
            record(
                actor=actor,
                now=now,
                verb=Verb.CHECKED_IN,
                subject_kind="duty" if len(wanted) == 1 else "emergency",
                subject_id=wanted[0].duty_id if len(wanted) == 1 else emergency.code,
                detail={"taken": taken},
            )
    return taken


def _take(emergency: Emergency, now: datetime, facts: Sequence[CheckInFact]) -> int:
    seen = set(
        CheckIn.objects.filter(client_id__in=[fact.client_id for fact in facts]).values_list("client_id", flat=True)
    )
    duties = Duty.objects.filter(shift__emergency=emergency).in_bulk({fact.duty_id for fact in facts})
    rows = []
    for fact in facts:
        if fact.client_id not in seen:
            _check(fact, duties.get(fact.duty_id), now)
            rows.append(
                CheckIn(
                    client_id=fact.client_id,
                    duty_id=fact.duty_id,
                    kind=fact.kind,
                    at=fact.at,
                    recorded_at=now,
                    is_for_other=fact.is_for_other,
                    is_synthetic=fact.is_synthetic,
                )
            )
    # Two requests may bring one fact at the same moment; the database keeps the first.
    CheckIn.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _check(fact: CheckInFact, duty: Duty | None, now: datetime) -> None:
    if duty is None:
        raise RuleError("There is no such duty in this emergency.", where=f"duty {fact.duty_id}")
    if duty.state != DutyState.PLANNED:
        raise RuleError("The duty was cancelled.", where=f"duty {duty.pk}", remedy="Look at the roster again.")
    if fact.at > now + AHEAD:
        raise RuleError("The report is from the future.", where=f"duty {duty.pk}", remedy="Set the phone's clock.")
    if fact.at < duty.starts_at - EARLIEST:
        raise RuleError("The shift is not near yet.", where=f"duty {duty.pk}", remedy="Report again at its start.")
