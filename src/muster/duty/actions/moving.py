"""Moving a duty to another person, day or post, as somebody saw it when they took it up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from muster.duty.actions.duties import assign, cancel_duty
from muster.duty.models import Duty, Shift
from muster.emergencies.actions import lock_active
from muster.kernel.audit import Actor
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.people.models import Person


def move_duty(*, actor: Actor, now: datetime, duty: Duty, person: Person, shift: Shift, seen_at: datetime) -> Duty:
    """Move a duty to another person, another shift, or both; or leave everything as it is.

    Parameters
    ----------
    actor, now
        Who moves it, and when.
    duty
        The one that is taken from where it is.
    person, shift
        Who stands where instead.
    seen_at
        When the mover looked at the roster. Whatever changed since for either person or shift may have been the
        reason to move it or not to, so that the move is refused. Moving it back, seen at ``now``, undoes it.

    Returns
    -------
    Duty
        The duty that stands instead.

    Raises
    ------
    RuleError
        If it would stand where it is, something about it changed since it was seen, or as from ``cancel_duty``
        and ``assign``; then nothing is changed.
    """
    where = f"{shift.post.name}, {shift.starts_at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"
    if (duty.person_id, duty.shift_id) == (person.pk, shift.pk):
        raise RuleError("The duty is there already.", where=where)
    with transaction.atomic():
        # Before anything is compared: two who move at once stand in line here.
        lock_active(duty.shift.emergency)
        touched = Q(person__in=(duty.person_id, person.pk)) | Q(shift__in=(duty.shift_id, shift.pk))
        if Duty.objects.filter(touched, changed_at__gt=seen_at).exists():
            raise RuleError(
                "The roster changed meanwhile.", where=where, remedy="Look at it as it is now, then move it again."
            )
        cancel_duty(actor=actor, now=now, duty=duty, reason="moved")
        return assign(actor=actor, now=now, shift=shift, person=person)
