"""The rounds of watch duties as time passes: laid out ahead, fallen to deputies, written down where missed.

A round is one row for all its places, so that a big city's day is a handful of rows. What nobody had seen when a
round fell to the community is written down place by place, and opens a gap there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from muster.clocks.actions import GapSpec, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.queries import read_owners
from muster.emergencies.models import Emergency
from muster.kernel.bulk import insert_rows
from muster.kernel.clock import CITY_ZONE
from muster.kernel.locks import hold_names
from muster.needs.actions.watch_telling import tell_deputies
from muster.needs.actions.watching import LOCK, name_gap
from muster.needs.models import WatchCheck, WatchDuty, WatchMiss, WatchRound
from muster.needs.queries.watch_places import WatchPlace, read_places
from muster.needs.rules.watching import Schedule, list_rounds

AHEAD_DAYS = 2
"""Rounds are laid out for today and tomorrow."""
_LONGEST_SPAN = timedelta(days=1)


def pass_watch_time(*, emergency: Emergency, now: datetime) -> None:
    """Let time pass for the watch duties of an emergency: lay out, tell those to whom it falls, settle.

    Called as often as one likes, by several workers at once: each step is done once, with the moment at which it
    was due, also when nobody was there to do it then.
    """
    lay_out_rounds(emergency=emergency, now=now)
    tell_fallen(emergency=emergency, now=now)
    settle_rounds(emergency=emergency, now=now)


def lay_out_rounds(*, emergency: Emergency, now: datetime) -> int:
    """Lay out the rounds of today and tomorrow, and of every day that has passed since they were last laid out.

    Returns
    -------
    int
        How many were laid out.
    """
    until_on = now.astimezone(CITY_ZONE).date() + timedelta(days=AHEAD_DAYS)
    lacking = Q(laid_until_on=None) | Q(laid_until_on__lt=until_on)
    lacking &= Q(ends_on=None) | Q(ends_on__gt=F("starts_on"), laid_until_on=None) | Q(ends_on__gt=F("laid_until_on"))
    waiting = WatchDuty.objects.filter(lacking, emergency=emergency, starts_on__lt=until_on)
    if not waiting.exists():
        return 0
    with transaction.atomic():
        return sum(_lay_out(watch, now, until_on) for watch in list(waiting.select_for_update().order_by("pk")))


def _lay_out(watch: WatchDuty, now: datetime, until_on: Any) -> int:
    """Lay out the rounds of one duty; one that is set anew begins with the next of its times."""
    from_on = watch.laid_until_on or now.astimezone(CITY_ZONE).date()
    spans = list_rounds(read_schedule(watch), CITY_ZONE, from_on, until_on)
    if watch.laid_until_on is None:
        spans = [span for span in spans if span.starts_at > now]
        if spans:
            # What has opened counts until the first of the new ones opens, and no longer.
            standing = WatchRound.objects.filter(watch=watch, closes_at__gt=spans[0].opens_at)
            standing.filter(starts_at__lt=spans[0].starts_at).update(closes_at=spans[0].opens_at)
    rounds = [WatchRound(watch=watch, **span._asdict()) for span in spans]
    WatchRound.objects.bulk_create(rounds, ignore_conflicts=True)
    WatchDuty.objects.filter(pk=watch.pk).update(laid_until_on=until_on)
    return len(rounds)


def read_schedule(watch: WatchDuty) -> Schedule:
    """Read how often a watch duty is due off its row."""
    return Schedule(
        times_min=tuple(watch.times_min),
        weekdays=watch.weekdays,
        starts_on=watch.starts_on,
        ends_on=watch.ends_on,
        early_min=watch.early_min,
        deputy_after_min=watch.deputy_after_min,
        community_after_min=watch.community_after_min,
    )


def tell_fallen(*, emergency: Emergency, now: datetime) -> int:
    """Tell deputies of the places that have fallen to them; of a round that has gone on to the community no more.

    Returns
    -------
    int
        How many were told.
    """
    told = _list_rounds(emergency).filter(deputies_told_at=None, deputy_at__lte=now)
    waiting = told.filter(starts_at__gt=now - _LONGEST_SPAN)
    return sum(_tell_of(number, now) for number in list(waiting.values_list("pk", flat=True)))


def _tell_of(number: int, now: datetime) -> int:
    with transaction.atomic():
        found = _lock(number)
        if found.deputies_told_at is not None:
            return 0
        WatchRound.objects.filter(pk=number).update(deputies_told_at=now)
        return tell_deputies(found, _list_unseen(found)[0]) if now < found.community_at else 0


def settle_rounds(*, emergency: Emergency, now: datetime) -> int:
    """Write down where rounds were missed that have fallen to the community by now, and open a gap at each place.

    Returns
    -------
    int
        At how many places.
    """
    waiting = _list_rounds(emergency).filter(settled_at=None, community_at__lte=now).order_by("community_at", "pk")
    return sum(_settle(number, now) for number in list(waiting.values_list("pk", flat=True)))


def _settle(number: int, now: datetime) -> int:
    with transaction.atomic():
        found = _lock(number)
        if found.settled_at is not None:
            return 0
        missed, count = _list_unseen(found)
        misses = [(found.pk, place.area_id, place.door) for place in missed]
        insert_rows(WatchMiss, ("round_id", "area_id", "door"), misses)
        _open_gaps(found, missed)
        WatchRound.objects.filter(pk=number).update(settled_at=now, places=count)
    return len(missed)


def _lock(number: int) -> WatchRound:
    """Lock a round, and keep out whoever reports on its duty until it is settled."""
    locked = WatchRound.objects.select_for_update(of=("self",)).select_related("watch__emergency__area", "watch__area")
    found = locked.get(pk=number)
    hold_names(LOCK, [found.watch_id])
    return found


def _list_rounds(emergency: Emergency) -> Any:
    return WatchRound.objects.filter(watch__emergency=emergency)


def _list_unseen(found: WatchRound) -> tuple[list[WatchPlace], int]:
    """Return the places where nobody has looked for a round, and at how many it was due."""
    places = read_places(found.watch)
    seen = _read_seen(found, until=found.closes_at)
    return [place for place in places if (place.area_id, place.door) not in seen], len(places)


def _read_seen(found: WatchRound, *, until: datetime | None) -> set[tuple[int, str]]:
    checks = WatchCheck.objects.filter(watch=found.watch_id, at__gte=found.opens_at)
    if until is not None:
        checks = checks.filter(at__lt=until)
    return set(checks.values_list("area_id", "door"))


def _open_gaps(found: WatchRound, missed: Sequence[WatchPlace]) -> None:
    # Where a later round has been seen to meanwhile, as after a night without a worker, nothing is left to do.
    seen_since = _read_seen(found, until=None)
    owners = read_owners(found.watch.area)
    watch = found.watch
    detail = {"watch": watch.slug, "name_zh": watch.name_zh, "name_en": watch.name_en}
    gaps = (
        GapSpec(
            kind=GapKind.WATCH_MISSED,
            subject=name_gap(watch.pk, place.code, place.door),
            area_id=place.area_id,
            owner_area_id=owners.find(place.path),
            why_detail={**detail, "door": place.door},
        )
        for place in missed
        if (place.area_id, place.door) not in seen_since
    )
    first = next(gaps, None)
    if first is not None:
        open_gaps(emergency=watch.emergency, now=found.community_at, gaps=chain([first], gaps))
