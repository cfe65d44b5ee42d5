"""Appointing, replacing, standing in, and ending: one area at a time."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction
from django.utils import timezone

from muster.coverage.actions.ledger import follow_change, read_standing
from muster.coverage.kinds import AppointmentRole, Exclusion, GapReason
from muster.coverage.models import Appointment
from muster.coverage.queries.people import read_facts
from muster.coverage.rules import find_exclusion
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_warden_rules
from muster.kernel.audit import Actor, record
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.people.actions import lock_person
from muster.people.models import Person
from muster.territory.models import Area

_REFUSALS = {
    Exclusion.NOT_SERVING: ("does not serve.", "Ask the person first, and note it in the person's record."),
    Exclusion.NO_CONSENT: ("has not consented to be kept and called.", "Ask the person first."),
    Exclusion.ABSENT: ("is absent on this day.", "Appoint somebody else."),
    Exclusion.FULL: (
        "answers for as many areas as allowed.",
        "End another appointment of the person, or raise the person's limit.",
    ),
}


def appoint(
    *, actor: Actor, now: datetime, emergency: Emergency, area: Area, person: Person, role: AppointmentRole
) -> Appointment:
    """Appoint a person as warden or deputy of an area.

    Parameters
    ----------
    actor, now
        Who appoints, and when; access to the area is the caller's to check.
    emergency, area
        Where: an area of a level that needs wardens in this emergency.
    person, role
        Who, and as what.

    Raises
    ------
    RuleError
        If the role is taken, the area needs no warden, or a rule keeps the person from it; the message names
        who and why.
    """
    with transaction.atomic():
        locked = lock_active(emergency)
        before = read_standing(locked, area)
        appointment = begin_role(actor, now, locked, area, person=person, role=AppointmentRole(role))
        follow_change(locked, area, before, now, GapReason.NOT_APPOINTED)
    return appointment


def replace(*, actor: Actor, now: datetime, appointment: Appointment, person: Person, reason: str) -> Appointment:
    """Replace whoever holds an appointment by another person, in one step.

    Raises
    ------
    RuleError
        If the appointment has ended, or a rule keeps the other person from it.
    """
    with transaction.atomic():
        locked = lock_active(appointment.emergency)
        area = appointment.area
        before = read_standing(locked, area)
        end_role(actor, now, appointment, reason)
        successor = begin_role(actor, now, locked, area, person=person, role=AppointmentRole(appointment.role))
        follow_change(locked, area, before, now, GapReason.ENDED)
    return successor


def stand_in(*, actor: Actor, now: datetime, emergency: Emergency, area: Area, reason: str) -> Appointment:
    """Let the deputy take the warden's place; the warden's appointment, if there still is one, ends.

    Raises
    ------
    RuleError
        If the area has no deputy.
    """
    with transaction.atomic():
        locked = lock_active(emergency)
        before = read_standing(locked, area)
        active = {one.role: one for one in list_holding(locked, area)}
        deputy = active.get(AppointmentRole.DEPUTY)
        if deputy is None:
            raise RuleError("There is no deputy who could stand in.", where=str(area), remedy="Appoint a warden.")
        for appointment in active.values():
            end_role(actor, now, appointment, reason)
        successor = begin_role(actor, now, locked, area, person=deputy.person, role=AppointmentRole.WARDEN)
        follow_change(locked, area, before, now, GapReason.ENDED)
    return successor


def end_appointment(*, actor: Actor, now: datetime, appointment: Appointment, reason: str) -> Appointment:
    """End an appointment; the area's gap opens in the same transaction.

    Raises
    ------
    RuleError
        If it has ended already.
    """
    with transaction.atomic():
        locked = lock_active(appointment.emergency)
        before = read_standing(locked, appointment.area)
        end_role(actor, now, appointment, reason)
        follow_change(locked, appointment.area, before, now, GapReason.ENDED)
    return appointment


def list_holding(emergency: Emergency, area: Area) -> list[Appointment]:
    """List who holds a role on an area at this moment."""
    return list(
        Appointment.objects.filter(emergency=emergency, area=area, ends_at=None).select_related("person", "area")
    )


def begin_role(
    actor: Actor, now: datetime, emergency: Emergency, area: Area, *, person: Person, role: AppointmentRole
) -> Appointment:
    """Appoint within a transaction that has locked the emergency, and follows the change itself.

    Raises
    ------
    RuleError
        As ``appoint``.
    """
    _check_area(emergency, area)
    _check_free(emergency, area, person, role)
    _check_person(person, now)
    try:
        with transaction.atomic():
            appointment = Appointment.objects.create(
                emergency=emergency, area=area, role=role, person=person, starts_at=now
            )
    except IntegrityError:
        _check_free(emergency, area, person, role)
        raise
    _record(actor, now, Verb.APPOINTED, appointment, {"role": role.value})
    return appointment


def _check_area(emergency: Emergency, area: Area) -> None:
    if not area.path.startswith(emergency.area.path):
        raise RuleError(f"The emergency {emergency.code} does not hold here.", where=str(area))
    if area.level_id not in get_warden_rules(emergency):
        raise RuleError(
            "Areas of this level need no warden in this emergency.",
            where=str(area),
            remedy="Choose an area of a level that does.",
        )


def _check_free(emergency: Emergency, area: Area, person: Person, role: AppointmentRole) -> None:
    for standing in list_holding(emergency, area):
        if standing.role == role or standing.person_id == person.pk:
            _refuse_taken(standing)


def _refuse_taken(standing: Appointment) -> NoReturn:
    since = timezone.localtime(standing.starts_at, CITY_ZONE)
    raise RuleError(
        f"{standing.person} is already the {standing.role} here, since {since:%Y-%m-%d %H:%M}.",
        where=str(standing.area),
        remedy="Replace the person, or end that appointment first.",
    )


def _check_person(person: Person, now: datetime) -> None:
    # The row as it is now: the caller may hold an older copy, and the limit must hold at this moment.
    current = lock_person(person)
    exclusion = find_exclusion(read_facts(current, now))
    if exclusion is not None:
        what, remedy = _REFUSALS[exclusion]
        raise RuleError(f"{person} {what}", remedy=remedy)


def end_role(actor: Actor, now: datetime, appointment: Appointment, reason: str) -> None:
    """End within a transaction that has locked the emergency, and follows the change itself.

    Raises
    ------
    RuleError
        If it has ended already.
    """
    ended = Appointment.objects.filter(pk=appointment.pk, ends_at=None).update(ends_at=now, end_reason=reason)
    if not ended:
        raise RuleError(f"The appointment of {appointment.person} has ended already.", where=str(appointment.area))
    appointment.ends_at, appointment.end_reason = now, reason
    _record(actor, now, Verb.APPOINTMENT_ENDED, appointment, {"role": appointment.role, "reason": reason})


def _record(actor: Actor, now: datetime, verb: Verb, appointment: Appointment, detail: dict[str, str]) -> None:
    record(
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="area",
        subject_id=appointment.area.code,
        detail={"emergency": appointment.emergency.code, "person": appointment.person.code, **detail},
    )
