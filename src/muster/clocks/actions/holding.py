"""What people do with a gap while it stands open: acknowledge it, take it in hand, give it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from muster.access.queries import Actor
from muster.clocks.kinds import GapKind, GapStepKind
from muster.clocks.models import Gap, GapStep
from muster.clocks.queries.clocks import read_clocks, read_emergency_waking
from muster.clocks.queries.gaps import find_clock_owner, find_own_office
from muster.clocks.rules import Clock, Waking, move_start
from muster.emergencies.models import Emergency
from muster.kernel.audit import record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.territory.models import Area

BY_HAND = frozenset({GapKind.MESSAGE_UNDELIVERED})
"""Kinds that nothing in the system tells to be over: somebody says so."""


class GapClosedError(RuleError):
    """The gap has closed before anything could be done to it."""


class GapInHandError(RuleError):
    """Somebody else has the gap in hand."""


def acknowledge(*, actor: Actor, now: datetime, gap: Gap) -> bool:
    """Say by name that a gap is seen; its clock runs on.

    Parameters
    ----------
    actor, now
        Who has seen it, and when.
    gap
        One that the actor may act on, as ``queries.access_gap`` gives it.

    Returns
    -------
    bool
        Whether that is new: whoever said so last need not say it again.

    Raises
    ------
    GapClosedError
        If it has closed meanwhile.
    """
    with transaction.atomic():
        locked = _lock_open(gap)
        last = GapStep.objects.filter(gap=locked).order_by("-pk").first()
        if last is not None and last.kind == GapStepKind.ACKNOWLEDGED and _is_by(actor, last):
            return False
        _write(actor, now, locked, GapStepKind.ACKNOWLEDGED)
    return True


def take_over(*, actor: Actor, now: datetime, gap: Gap) -> bool:
    """Take a gap in hand by name: its clock stands still, and it belongs to the actor's office, if they have one.

    The first to take it has it. Whoever sits in an office above may take it from them.

    Parameters
    ----------
    actor, now
        Who takes it, and when.
    gap
        One that the actor may act on, as ``queries.access_gap`` gives it.

    Returns
    -------
    bool
        Whether the actor did not have it already.

    Raises
    ------
    GapClosedError
        If it has closed meanwhile.
    GapInHandError
        If somebody else has it.
    """
    with transaction.atomic():
        locked = _lock_open(gap)
        office = find_own_office(actor, locked.area)
        if locked.taken_over_at is not None:
            holder = GapStep.objects.filter(gap=locked, kind=GapStepKind.TAKEN_OVER).order_by("-pk").first()
            if holder is None or _is_by(actor, holder):
                return False
            if office is None or not _is_above(office, locked.owner_area):
                raise GapInHandError(
                    f"{holder.by} has it in hand.",
                    remedy="Ask them to give it back, or an office above to take it.",
                )
            _let_run(locked, now)
        locked.taken_over_at = now
        locked.owner_area = office or locked.owner_area
        locked.save(update_fields=["taken_over_at", "clock_from_at", "owner_area"])
        _write(actor, now, locked, GapStepKind.TAKEN_OVER, area=locked.owner_area)
    return True


def give_back(*, actor: Actor, now: datetime, gap: Gap, note: str = "") -> bool:
    """Give a gap back that somebody has in hand: its clock runs on from where it stood, and it is its office's again.

    Parameters
    ----------
    actor, now
        Who gives it back, and when; it may be somebody else than who took it.
    gap
        One that the actor may act on, as ``queries.access_gap`` gives it.
    note
        What whoever has it now should know.

    Returns
    -------
    bool
        Whether anybody had it.

    Raises
    ------
    GapClosedError
        If it has closed meanwhile.
    """
    with transaction.atomic():
        locked = _lock_open(gap)
        if locked.taken_over_at is None:
            return False
        _release(locked, now)
        _write(actor, now, locked, GapStepKind.GIVEN_BACK, area=locked.owner_area, note=note)
    return True


def close_by_hand(*, actor: Actor, now: datetime, gap: Gap, note: str = "") -> None:
    """Say by name that a gap is closed which nothing in the system tells to be.

    Parameters
    ----------
    actor, now
        Who closes it, and when.
    gap
        One that the actor may act on, as ``queries.access_gap`` gives it.
    note
        How it was closed.

    Raises
    ------
    RuleError
        If it closes by itself when the place is filled.
    GapClosedError
        If it has closed meanwhile.
    """
    if gap.kind not in BY_HAND:
        raise RuleError("This gap closes by itself once the place is filled.", remedy="Fill the place.")
    with transaction.atomic():
        locked = _lock_open(gap)
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        _write(actor, now, locked, GapStepKind.CLOSED, note=note)


def let_go(*, emergency: Emergency, clocks: Mapping[str, Clock], waking: Waking, now: datetime) -> int:
    """Let the clocks run again of gaps that somebody has had in hand for too long, and return of how many.

    Parameters
    ----------
    emergency, clocks, waking
        Whose gaps, for how long each kind may be in hand, and when what can wait is heard.
    now
        As of when.
    """
    held = Gap.objects.filter(emergency=emergency, closed_at=None, taken_over_at__isnull=False)
    count = 0
    for kind, clock in clocks.items():
        for number in list(held.filter(kind=kind, taken_over_at__lte=now - clock.hold).values_list("pk", flat=True)):
            with transaction.atomic():
                over = held.filter(pk=number, taken_over_at__lte=now - clock.hold)
                gap = over.select_for_update(of=("self",)).select_related("emergency__area", "area").first()
                if gap is None or gap.taken_over_at is None:
                    continue
                lapsed_at = gap.taken_over_at + clock.hold
                _release(gap, lapsed_at, clock=clock, waking=waking)
                step = GapStep(gap=gap, kind=GapStepKind.LAPSED, area=gap.owner_area, at=lapsed_at, made_at=now)
                step.save()
            count += 1
    return count


def _lock_open(gap: Gap) -> Gap:
    # Alone first: PostgreSQL would look for the owner of before beside a row that it had to wait for, and find none.
    Gap.objects.select_for_update().values_list("pk").get(pk=gap.pk)
    locked = Gap.objects.select_related("emergency__area", "area__level", "owner_area").get(pk=gap.pk)
    if locked.closed_at is not None:
        raise GapClosedError("The gap has closed meanwhile.", remedy="There is nothing left to do.")
    return locked


def _release(gap: Gap, now: datetime, *, clock: Clock | None = None, waking: Waking | None = None) -> None:
    _let_run(gap, now, clock, waking)
    gap.owner_area_id = find_clock_owner(gap)
    gap.save(update_fields=["taken_over_at", "clock_from_at", "owner_area"])


def _let_run(gap: Gap, now: datetime, clock: Clock | None = None, waking: Waking | None = None) -> None:
    """Let the clock of a gap run again from where it stood."""
    clock = clock or read_clocks(gap.emergency).get(gap.kind)
    if gap.taken_over_at is not None and clock is not None:
        gap.clock_from_at = move_start(
            clock,
            waking or read_emergency_waking(gap.emergency),
            counts_from=gap.clock_from_at,
            stood_at=gap.taken_over_at,
            now=now,
        )
    gap.taken_over_at = None


def _is_by(actor: Actor, step: GapStep) -> bool:
    return (step.by_id, step.by) == (actor.audit_id, actor.audit_name)


def _is_above(office: Area, owner: Area) -> bool:
    return owner.path != office.path and owner.path.startswith(office.path)


def _write(
    actor: Actor, now: datetime, gap: Gap, kind: GapStepKind, *, area: Area | None = None, note: str = ""
) -> None:
    """Write a step by name, and the same into the audit trail."""
    GapStep.objects.create(
        gap=gap, kind=kind, area=area, at=now, made_at=now, by=actor.audit_name, by_id=actor.audit_id, note=note
    )
    record(
        actor=actor,
        now=now,
        verb=Verb.GAP_STEP,
        subject_kind="gap",
        subject_id=gap.pk,
        detail={"step": kind, "kind": gap.kind, "subject": gap.subject},
    )
