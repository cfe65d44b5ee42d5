"""Swaps between people: what actions, screens and phones ask of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db.models import Q, QuerySet

from muster.duty.kinds import OPEN_SWAPS, CoverRefusal, CoverState, DutyState
from muster.duty.models import CoverRequest, Duty, Swap
from muster.duty.queries.crew import list_crew
from muster.duty.queries.fitness import find_rules_broken, find_unfit
from muster.duty.rules import BrokenRule
from muster.emergencies.models import Emergency
from muster.kernel.errors import NotFoundError
from muster.people.models import Person
from muster.people.queries import named
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

_SHOWN_FOR = timedelta(hours=24)
_READ, _CHOICES = 60, 8
"""How many duties are looked at for a swap, and how many of them are offered."""
_DUTY = (
    "person",
    "shift__post__kind",
    "shift__post__area__level",
    "shift__post__pool_area",
    "shift__pattern",
    "shift__emergency",
)
_RELATED = ("person", *(f"{side}__{path}" for side in ("duty", "other_duty") for path in _DUTY))


class SwapHindrance(NamedTuple):
    """What keeps two people from changing their duties: whom, why, and the rule of rest if it is one."""

    person: Person
    refusal: CoverRefusal
    broken: BrokenRule | None


def list_places(swap: Swap) -> list[tuple[Person, Duty, Duty | None]]:
    """List who would stand where after a swap: the person, the duty they take, and the one they give up for it."""
    places = [(swap.person, swap.duty, swap.other_duty)]
    if swap.other_duty is not None:
        places.append((swap.duty.person, swap.other_duty, swap.duty))
    return places


def find_swap_hindrance(swap: Swap) -> SwapHindrance | None:
    """Find the first thing that keeps the two from it: not fit for the post, or not rested."""
    for person, taken, given in list_places(swap):
        if find_unfit(taken.shift, person) is not None:
            return SwapHindrance(person, CoverRefusal.UNFIT, None)
        broken = find_rules_broken(taken.shift.emergency, person, taken.shift, without=given)
        if broken:
            return SwapHindrance(person, CoverRefusal.NEEDS_REST, broken[0])
    return None


def has_open_business(duties: list[Duty]) -> bool:
    """Tell whether one of some duties is in an open swap, on whichever side, or is to be replaced."""
    numbers = [duty.pk for duty in duties]
    either = Q(duty__in=numbers) | Q(other_duty__in=numbers)
    if Swap.objects.filter(either, state__in=OPEN_SWAPS).exists():
        return True
    return CoverRequest.objects.filter(replaces__in=numbers, state=CoverState.OPEN).exists()


def find_swap(number: int) -> Swap | None:
    """Find a swap by its number, with all that its page tells."""
    return _swaps().filter(pk=number).first()


def find_own_swap(person: Person, number: int) -> Swap | None:
    """Find a swap that a person proposed or is asked for."""
    return _swaps().filter(Q(person=person) | Q(duty__person=person), pk=number).first()


def list_own_swaps(person: Person, now: datetime) -> list[Swap]:
    """List the swaps that a person proposed or is asked for: those still open, and those of a duty to come."""
    mine = Q(person=person) | Q(duty__person=person)
    shown = Q(state__in=OPEN_SWAPS) | Q(duty__starts_at__gt=now)
    return list(_swaps().filter(mine, shown).order_by("-proposed_at", "-pk"))


def list_swaps(emergency: Emergency, area: Area, now: datetime) -> list[Swap]:
    """List the swaps of posts in an area and beneath it that are open, or that somebody took a step in within a day."""
    shown = Q(state__in=OPEN_SWAPS) | Q(steps__at__gt=now - _SHOWN_FOR)
    swaps = _swaps().filter(shown, beneath_filter(area, "duty__shift__post__area__path"))
    return list(swaps.filter(duty__shift__emergency=emergency).distinct().order_by("-proposed_at", "-pk"))


def get_swap(emergency: Emergency, area: Area, number: int) -> Swap:
    """Get a swap of a post in an area or beneath it by its number.

    Raises
    ------
    NotFoundError
        If there is none there.
    """
    swaps = _swaps().filter(beneath_filter(area, "duty__shift__post__area__path"), duty__shift__emergency=emergency)
    swap = swaps.filter(pk=number).first()
    if swap is None:
        raise NotFoundError(f"There is no swap {number} here.")
    return swap


def find_colleague(duty: Duty, code: str) -> Person | None:
    """Find, by their code, somebody who may be asked to stand at the posts of a duty's pool."""
    shift = duty.shift
    return list_crew(shift.emergency, [shift.post.pool_area]).filter(named(code)).first()


def find_standing_duty(person: Person, number: int) -> Duty | None:
    """Find a duty that a person has, by its number."""
    return Duty.objects.select_related(*_DUTY).filter(pk=number, person=person, state=DutyState.PLANNED).first()


def list_swap_choices(duty: Duty, now: datetime) -> list[Duty]:
    """List duties of others of the same pool that could be had for one, within a week to either side, nearest first.

    The rules are looked at for both of each pair, so that only what could be agreed on is offered.
    """
    week, shift = timedelta(days=7), duty.shift
    near = Duty.objects.filter(
        shift__emergency=shift.emergency_id,
        shift__post__pool_area=shift.post.pool_area_id,
        state=DutyState.PLANNED,
        starts_at__gt=max(now, shift.starts_at - week),
        starts_at__lt=shift.starts_at + week,
    )
    near = near.exclude(shift=shift).exclude(person=duty.person_id).select_related(*_DUTY).order_by("starts_at", "pk")
    ordered = sorted(near[:_READ], key=lambda other: abs(other.starts_at - duty.starts_at))
    possible = (
        other
        for other in ordered
        if find_swap_hindrance(Swap(duty=duty, person=other.person, other_duty=other)) is None
    )
    return list(islice(possible, _CHOICES))


def _swaps() -> QuerySet[Swap]:
    return Swap.objects.select_related(*_RELATED).prefetch_related("steps")
