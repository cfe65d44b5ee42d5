"""Placing a person on a shift, taking them off, and swapping two: never against a rule of rest unnoticed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from muster.duty.actions.cover_closing import close_needless
from muster.duty.actions.gaps import match_gaps
from muster.duty.kinds import DutyState, RestRule
from muster.duty.models import Duty, Shift
from muster.duty.queries.fitness import find_rules_broken, find_unfit
from muster.duty.rules import BrokenRule
from muster.emergencies.actions import lock_active
from muster.kernel.audit import Actor, record
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.people.actions import lock_person
from muster.people.models import Person


def assign(*, actor: Actor, now: datetime, shift: Shift, person: Person, override_reason: str = "") -> Duty:
    """Place a person on a shift.

    Parameters
    ----------
    actor, now
        Who places them, and when.
    shift, person
        Where, and whom.
    override_reason
        Why a rule of rest is broken this once. The actor's name and the reason are kept with the duty and
        counted; without a reason no rule is broken.

    Returns
    -------
    Duty
        The new duty.

    Raises
    ------
    RuleError
        If the shift is over, has all its people, the person is not fit for it or is placed already, or a
        rule of rest forbids it and no reason is given.
    """
    with transaction.atomic():
        # The emergency first, as publishing does, then the person, who may be wanted in two emergencies at once.
        lock_active(shift.emergency)
        person = lock_person(person)
        shift = Shift.objects.select_related("post__kind", "pattern", "emergency").get(pk=shift.pk)
        _check_open(shift, now)
        _check_fit(shift, person)
        broken = find_rules_broken(shift.emergency, person, shift)
        if broken and not override_reason:
            raise _refusal(shift, person, broken[0])
        duty = _create(shift, person, now, by=actor.audit_name if broken else "", reason=override_reason)
        match_gaps(emergency=shift.emergency, now=now, shifts=Shift.objects.filter(pk=shift.pk))
        close_needless(actor=actor, now=now, shift=shift)
        detail = {"act": "assigned", "person": person.code, **_place(shift)}
        if broken:
            detail["override"] = override_reason
            detail["broken"] = broken[0].rule.value
        record(actor=actor, now=now, verb=Verb.DUTY_CHANGED, subject_kind="duty", subject_id=duty.pk, detail=detail)
    return duty


def cancel_duty(*, actor: Actor, now: datetime, duty: Duty, reason: str) -> Duty:
    """Take a person off a shift that is not over; the duty is kept as cancelled.

    Raises
    ------
    RuleError
        If the shift is over, or the duty was cancelled before.
    """
    with transaction.atomic():
        lock_active(duty.shift.emergency)
        if duty.ends_at <= now:
            raise RuleError("The shift is over; what happened is not unmade.", where=_where(duty.shift))
        _cancel(duty, now)
        match_gaps(emergency=duty.shift.emergency, now=now, shifts=Shift.objects.filter(pk=duty.shift_id))
        detail = {"act": "cancelled", "person": duty.person.code, "reason": reason, **_place(duty.shift)}
        record(actor=actor, now=now, verb=Verb.DUTY_CHANGED, subject_kind="duty", subject_id=duty.pk, detail=detail)
    return duty


def swap_duties(
    *, actor: Actor, now: datetime, first: Duty, second: Duty, override_reason: str = ""
) -> tuple[Duty, Duty]:
    """Let two people take each other's places.

    Both places are free while the rules look at them, so that two neighboring shifts can be swapped.

    Returns
    -------
    tuple of Duty
        The first person's new duty and the second's.

    Raises
    ------
    RuleError
        As from ``cancel_duty`` and ``assign``; then nothing is changed.
    """
    with transaction.atomic():
        for duty in (first, second):
            cancel_duty(actor=actor, now=now, duty=duty, reason="swap")
        return (
            assign(actor=actor, now=now, shift=second.shift, person=first.person, override_reason=override_reason),
            assign(actor=actor, now=now, shift=first.shift, person=second.person, override_reason=override_reason),
        )


def _check_open(shift: Shift, now: datetime) -> None:
    if shift.ends_at <= now:
        raise RuleError("The shift is over.", where=_where(shift), remedy="Choose a later one.")
    placed = shift.duties.filter(state=DutyState.PLANNED).select_related("person")
    if len(placed) >= shift.needed:
        names = ", ".join(duty.person.name for duty in placed)
        raise RuleError(
            f"The shift has all the people it needs ({names}).",
            where=_where(shift),
            remedy="Take one of them off first, or choose another shift.",
        )


def _check_fit(shift: Shift, person: Person) -> None:
    why = find_unfit(shift, person)
    if why is not None:
        raise RuleError(
            f"{person.name} cannot stand here: {why.label}.", where=_where(shift), remedy="Choose somebody else."
        )


def _refusal(shift: Shift, person: Person, broken: BrokenRule) -> RuleError:
    what = {
        RestRule.REST: f"only {_hours(max(broken.found, 0))} of rest are left, {_hours(broken.limit)} are the least",
        RestRule.DAYS_IN_ROW: f"it would be day {broken.found} in a row, {broken.limit} are the most",
        RestRule.WEEK: f"the week would come to {_hours(broken.found)}, {_hours(broken.limit)} are the most",
        RestRule.NIGHTS: f"it would be night {broken.found} in four weeks, {broken.limit} are the most",
    }[broken.rule]
    return RuleError(
        f"{person.name} needs the rest: {what}.",
        where=_where(shift),
        remedy="Choose somebody rested, leave the place empty, or override by name and with a reason.",
    )


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes % 60 else f"{minutes // 60} h"


def _create(shift: Shift, person: Person, now: datetime, *, by: str, reason: str) -> Duty:
    try:
        with transaction.atomic():
            return Duty.objects.create(
                shift=shift,
                person=person,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                changed_at=now,
                override_by=by,
                override_reason=reason if by else "",
            )
    except IntegrityError as error:
        raise RuleError(
            f"{person.name} is placed on a shift that starts then.",
            where=_where(shift),
            remedy="Take them off that one first.",
        ) from error


def _cancel(duty: Duty, now: datetime) -> None:
    changed = Duty.objects.filter(pk=duty.pk, state=DutyState.PLANNED).update(state=DutyState.CANCELLED, changed_at=now)
    if not changed:
        raise RuleError("The duty was cancelled before.", where=_where(duty.shift))
    duty.state = DutyState.CANCELLED


def _where(shift: Shift) -> str:
    return f"{shift.post.name}, {shift.starts_at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"


def _place(shift: Shift) -> dict[str, str]:
    return {"post": shift.post.code, "starts_at": shift.starts_at.astimezone(CITY_ZONE).isoformat()}
