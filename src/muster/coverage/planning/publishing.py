"""Publishing a plan of coverage: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from django.db import transaction

from muster.coverage.actions.ledger import Reason, Reasons, rebuild_ledger
from muster.coverage.models import Appointment
from muster.coverage.planning.base import read_base
from muster.coverage.planning.changes import PublishReport, in_batches
from muster.coverage.planning.difference import read_standing_ids
from muster.coverage.planning.keeping import KeptCoverage, open_coverage, role_ids
from muster.coverage.planning.reasons import REASON_ORDER, ROLE_ORDER
from muster.coverage.planning.staleness import refuse_stale
from muster.coverage.planning.tree import Int64s
from muster.emergencies.actions import lock_active
from muster.kernel.audit import Actor
from muster.kernel.bulk import insert_rows
from muster.people.models import Person
from muster.plans.actions import check_undecided, mark_published
from muster.plans.models import Plan


def publish_coverage(*, actor: Actor, now: datetime, plan: Plan) -> PublishReport:
    """Publish a plan of coverage: appointments, gaps with their reasons, and tallies.

    Raises
    ------
    StaleBaseError
        If what it was planned from has changed; the message names what.
    RuleError
        If it was published or put aside before, or the emergency has ended.
    """
    with transaction.atomic():
        # Locked first: whatever changes appointments waits, so that what is compared is what is written to.
        locked = lock_active(plan.emergency)
        check_undecided(plan)
        refuse_stale(plan, read_base(locked, plan.area, now))
        kept = open_coverage(plan)
        standing, appointments = read_standing_ids(plan, kept.area_ids)
        planned = role_ids(kept)
        changes = standing != planned
        ended = _end(now, appointments[changes & (standing >= 0)])
        begun = _begin(now, plan, kept, np.where(changes, planned, -1))
        rebuild_ledger(locked, plan.area, now, _reasons(kept))
        mark_published(actor=actor, now=now, plan=plan, detail={"begun": begun, "ended": ended})
    return PublishReport(plan.pk, begun, ended, int((~changes & (planned >= 0)).sum()), len(kept.gaps))


def _end(now: datetime, appointments: Int64s) -> int:
    numbers = appointments.tolist()
    for batch in in_batches(numbers):
        Appointment.objects.filter(pk__in=batch).update(ends_at=now, end_reason="plan")
    return len(numbers)


def _begin(now: datetime, plan: Plan, kept: KeptCoverage, people: Int64s) -> int:
    return sum(
        insert_rows(
            Appointment,
            ("area_id", "person_id"),
            zip(kept.area_ids[chosen >= 0].tolist(), chosen[chosen >= 0].tolist(), strict=True),
            same={"emergency_id": plan.emergency_id, "role": role, "starts_at": now, "plan_id": plan.pk},
        )
        for role, chosen in zip(ROLE_ORDER, people, strict=True)
    )


def _reasons(kept: KeptCoverage) -> Reasons:
    codes = dict(_read_codes(sorted(kept.gaps.person_ids())))
    return {
        (int(kept.area_ids[row]), ROLE_ORDER[role]): Reason(REASON_ORDER[reason], kept.gaps.detail(at, codes))
        for at, (row, role, reason) in enumerate(zip(kept.gaps.row, kept.gaps.role, kept.gaps.reason, strict=True))
    }


def _read_codes(numbers: list[int]) -> Iterator[tuple[int, str]]:
    for batch in in_batches(numbers):
        yield from Person.objects.filter(pk__in=batch).values_list("pk", "code")
