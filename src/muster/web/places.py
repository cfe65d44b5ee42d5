"""Putting somebody on a shift, putting another in their place, and taking them off, from the roster's inspector."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from muster.access.kinds import Right
from muster.access.queries import access_area, access_person
from muster.duty.actions import assign, cancel_duty, hand_over
from muster.duty.planning import plan_cover
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError, RuleError
from muster.situation.board_place import get_duty, get_shift
from muster.web.frame import get_actor, screen
from muster.web.refusals import say_refusal

QUERY_LIMIT = 200
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@screen
@require_POST
def place_person(request: HttpRequest, code: str) -> HttpResponse:
    """Put a person on a shift, in somebody's place if one is named; an override needs a reason."""
    actor = get_actor(request)
    # Breaking a rest is for whoever may publish; everybody else is refused by the rule itself.
    reason = request.POST.get("override", "").strip()
    area = access_area(actor, code, right=Right.PUBLISH if reason else Right.APPOINT)
    person = access_person(actor, request.POST.get("person", ""), Right.APPOINT)
    emergency, now = get_active(area), clock.now()
    replaced = request.POST.get("duty", "")
    try:
        if replaced:
            duty = get_duty(emergency, area, read_number(replaced))
            new = hand_over(actor=actor, now=now, duty=duty, person=person, reason="replaced", override_reason=reason)
        else:
            shift = get_shift(emergency, area, read_number(request.POST.get("shift", "")))
            new = assign(actor=actor, now=now, shift=shift, person=person, override_reason=reason)
    except RuleError as error:
        return _refuse(request, code, error)
    messages.success(request, _("%(person)s is on the roster.") % {"person": person.name})
    return redirect(f"{_roster_address(request, code)}&duty={new.pk}")


@screen
@require_POST
def clear_place(request: HttpRequest, code: str) -> HttpResponse:
    """Take a person off a shift; the empty place is shown at once."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.APPOINT)
    duty = get_duty(get_active(area), area, read_number(request.POST.get("duty", "")))
    try:
        cancel_duty(actor=actor, now=clock.now(), duty=duty, reason=request.POST.get("reason", ""))
    except RuleError as error:
        return _refuse(request, code, error)
    messages.success(request, _("%(person)s is off this shift. The place stands empty.") % {"person": duty.person.name})
    return redirect(f"{_roster_address(request, code)}&shift={duty.shift_id}")


@screen
@require_POST
def cover_absence(request: HttpRequest, code: str) -> HttpResponse:
    """Note that whoever stands on a duty is away, and plan who takes what they leave; the plan is then shown."""
    actor, now = get_actor(request), clock.now()
    area = access_area(actor, code, right=Right.PLAN)
    duty = get_duty(get_active(area), area, read_number(request.POST.get("duty", "")))
    person = access_person(actor, duty.person.code, Right.APPOINT)
    until_on = read_day(request, "until", now.astimezone(clock.CITY_ZONE).date())
    try:
        plan = plan_cover(actor=actor, now=now, emergency=duty.shift.emergency, person=person, until_on=until_on)
    except MusterError as error:
        return _refuse(request, code, error)
    return redirect("plan", plan.pk)


def read_day(request: HttpRequest, name: str, default: date) -> date:
    """Return the day that an address or form names, or another where it names none within reach."""
    try:
        day = date.fromisoformat(request.GET.get(name) or request.POST.get(name) or "")
    except ValueError:
        return default
    # Spans are counted forwards and backwards from it, so the calendar's very ends are out of reach.
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else default


def read_number(typed: str) -> int:
    """Return the number of a row that an address or a form names.

    Raises
    ------
    NotFoundError
        If it is no number.
    """
    if not (typed.isascii() and typed.isdigit() and len(typed) < len(str(2**63))):
        raise NotFoundError("No row is named.")
    return int(typed)


def _refuse(request: HttpRequest, code: str, error: MusterError) -> HttpResponse:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}".strip())
    duty, shift = request.POST.get("duty", ""), request.POST.get("shift", "")
    return redirect(f"{_roster_address(request, code)}&{'duty' if duty else 'shift'}={read_number(duty or shift)}")


def _roster_address(request: HttpRequest, code: str) -> str:
    """Return the address of the roster in the order and from the day that it was looked at."""
    by = "posts" if request.POST.get("by") == "posts" else "people"
    address = f"{reverse('roster', args=[code])}?by={by}"
    from_day = request.POST.get("from", "")
    return f"{address}&from={from_day}" if len(from_day) == len("2020-02-20") and "&" not in from_day else address
