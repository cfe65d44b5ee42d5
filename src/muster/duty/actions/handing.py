"""Handing a place on a shift from one person to another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from muster.duty.actions.duties import assign, cancel_duty
from muster.duty.models import Duty
from muster.kernel.audit import Actor
from muster.people.models import Person


def hand_over(
    *, actor: Actor, now: datetime, duty: Duty, person: Person, reason: str, override_reason: str = ""
) -> Duty:
    """Take a person off a shift and place another on it, both or neither.

    Parameters
    ----------
    actor, now
        Who hands it over, and when.
    duty, person
        The duty that ends, and who takes its place.
    reason
        Why the first person leaves it.
    override_reason
        As in ``assign``.

    Returns
    -------
    Duty
        The second person's duty.

    Raises
    ------
    RuleError
        As from ``cancel_duty`` and ``assign``; then nothing is changed.
    """
    with transaction.atomic():
        cancel_duty(actor=actor, now=now, duty=duty, reason=reason)
        return assign(actor=actor, now=now, shift=duty.shift, person=person, override_reason=override_reason)
