"""Three watch duties of the demonstration, and what was seen on them before the exercise starts. Both are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

import numpy as np

from muster.access.queries import SystemActor
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.kernel.facts import require_taken
from muster.needs.actions import WatchFact, WatchSpec, mark_doors, pass_watch_time, set_watch_duty, take_watch_checks
from muster.needs.models import WatchDuty, WatchRound
from muster.needs.queries.watch_places import WatchPlace, read_places
from muster.scenarios.chance import open_stream
from muster.scenarios.shape import Shape
from muster.territory.models import Area, Level
from muster.territory.queries import beneath

_DAYS = 1
"""Whole days of rounds before the one on which the exercise starts."""
_SEEN_SHARE, _FOUND_SHARE, _PAPER_SHARE = 0.965, 0.015, 0.15
_DOORS_SHARE = 0.01
_MORNING_MIN, _EVENING_MIN = 6 * 60 + 30, 18 * 60
_NOTES = ("门铃没人应，电话联系上了", "楼道堆了杂物", "单元门关不严", "说药快吃完了", "水管有点漏")


def set_watches(emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor) -> None:
    """Set the watch duties of the demonstration the day before, and let people look as their rounds come.

    What the three are is the place's own choice: these are examples.
    """
    today = shape.exercise_at.astimezone(CITY_ZONE).date()
    first_on = today - timedelta(days=_DAYS)
    began_at = datetime.combine(first_on, datetime.min.time(), tzinfo=CITY_ZONE)
    for spec in _list_specs(emergency.area, first_on):
        set_watch_duty(actor=actor, now=began_at, emergency=emergency, spec=spec)
    _mark_doors(emergency, seed, began_at, actor=actor)
    _look(emergency, shape, seed, actor=actor)


def _list_specs(area: Area, first_on: date) -> Iterator[WatchSpec]:
    yield WatchSpec(
        slug="entrance",
        name_zh="看住单元门",
        name_en="The entrance",
        look_zh="单元门关好没有，楼道通不通，有没有生人登记",
        look_en="Whether the door shuts, the stairs are clear, and strangers are written down",
        how_zh="上下走一遍，有情况写一句",
        how_en="Walk up and down once, and write a line where something is found",
        area=area,
        level=Level.objects.get(slug="unit"),
        times_min=(_MORNING_MIN, _EVENING_MIN),
        deputy_after_min=60,
        community_after_min=120,
        starts_on=first_on,
        is_synthetic=True,
    )
    yield WatchSpec(
        slug="alone",
        name_zh="看住独居老人",
        name_en="Old people who live alone",
        look_zh="敲门问一声：人好不好，缺不缺药和菜",
        look_en="Knock and ask: are they well, do they lack medicine or food",
        how_zh="只记门号，不记姓名；没人应就打电话",
        how_en="Only the door's number is kept; ring them where nobody opens",
        area=area,
        level=None,
        mark="lives-alone",
        times_min=(9 * 60, 16 * 60),
        deputy_after_min=90,
        community_after_min=180,
        starts_on=first_on,
        is_synthetic=True,
    )
    yield WatchSpec(
        slug="unmanaged",
        name_zh="看住无物业小区",
        name_en="Compounds nobody manages",
        look_zh="大门有没有人守，垃圾清没清，水电暖是否正常",
        look_en="Whether the gate is staffed, rubbish is cleared, and water, power and heating run",
        how_zh="绕小区一圈，社区报修电话随身带",
        how_en="Walk around it once, with the community's number for repairs at hand",
        area=area,
        level=Level.objects.get(slug="compound"),
        is_unmanaged_only=True,
        times_min=(8 * 60,),
        deputy_after_min=120,
        community_after_min=240,
        starts_on=first_on,
        is_synthetic=True,
    )


def _mark_doors(emergency: Emergency, seed: int, now: datetime, *, actor: SystemActor) -> None:
    rng = open_stream(seed, "watch doors")
    units = list(beneath(emergency.area).filter(level__slug="unit").order_by("code"))
    drawn = rng.random(len(units)) < _DOORS_SHARE
    doors = [
        (unit, f"{int(rng.integers(1, 7))}0{int(rng.integers(1, 4))}")
        for unit, is_drawn in zip(units, drawn, strict=True)
        if is_drawn
    ]
    mark_doors(actor=actor, now=now, emergency=emergency, mark="lives-alone", doors=doors, is_synthetic=True)


def _look(emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor) -> None:
    """Let people look round by round, and time pass between them."""
    rng = open_stream(seed, "watch")
    places = {watch.pk: read_places(watch) for watch in _list_duties(emergency)}
    for _day in range(_DAYS + 1):
        rounds = WatchRound.objects.filter(watch__emergency=emergency, starts_at__lt=shape.exercise_at, settled_at=None)
        ordered = list(rounds.select_related("watch").order_by("starts_at", "watch__slug"))
        for ends_at, group in groupby(ordered, key=lambda one: min(one.community_at, shape.exercise_at)):
            for one in group:
                facts = list(_invent_checks(rng, one, places[one.watch_id], ends_at))
                for answer in take_watch_checks(actor=actor, now=ends_at, facts=facts):
                    require_taken(answer)
            pass_watch_time(emergency=emergency, now=ends_at)
    pass_watch_time(emergency=emergency, now=shape.exercise_at)


def _list_duties(emergency: Emergency) -> list[WatchDuty]:
    return list(
        WatchDuty.objects.filter(emergency=emergency).select_related("area", "emergency__area").order_by("slug")
    )


def _invent_checks(
    rng: np.random.Generator, one: WatchRound, places: list[WatchPlace], until: datetime
) -> Iterator[WatchFact]:
    """Yield what was seen by a moment: most places soon, a few never."""
    span_s = (one.community_at - one.opens_at).total_seconds()
    for place in places:
        draws = rng.random(5)
        at = one.opens_at + timedelta(seconds=span_s * float(draws[1]) * 0.8)
        client_id = UUID(bytes=rng.bytes(16), version=4)
        if draws[0] > _SEEN_SHARE or at > until:
            continue
        is_found = bool(draws[2] < _FOUND_SHARE)
        yield WatchFact(
            place.code,
            one.watch.slug,
            not is_found,
            _NOTES[int(draws[3] * len(_NOTES))] if is_found else "",
            place.door,
            client_id=client_id,
            at=at,
            is_for_other=bool(draws[4] < _PAPER_SHARE),
            is_synthetic=True,
        )
