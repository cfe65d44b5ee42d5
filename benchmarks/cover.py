"""How fast somebody who falls ill is replaced: who can be asked, and the least disturbing new roster.

``MUSTER_DATA=FOLDER muster bench cover``, on any city with a roster that reaches ahead. Nothing in it is changed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from measuring import Row, cpu_s, format_table, write_results

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
django.setup()

from django.db import transaction  # noqa: E402  # after Django is set up
from django.db.models import Count  # noqa: E402

from muster.access.queries import SystemActor  # noqa: E402
from muster.config.environment import data_dir  # noqa: E402
from muster.duty.kinds import DutyState  # noqa: E402
from muster.duty.models import Duty  # noqa: E402
from muster.duty.planning import plan_cover, roster_difference  # noqa: E402
from muster.duty.queries import list_cover  # noqa: E402
from muster.kernel import clock  # noqa: E402
from muster.kernel.errors import MusterError  # noqa: E402
from muster.planning.rostering.warm import warm_up  # noqa: E402
from muster.territory.models import Area  # noqa: E402

AWAY_DAYS = 7
ACTOR = SystemActor("benchmark")


def run(out: Path, pools: int = 3, people: int = 5) -> list[Row]:
    """Measure cover for some people of the largest pools, by their duties ahead, and write the results."""
    warm_up()
    now = clock.now()
    rows = [_measure(duty, now) for area in _list_largest(now, pools) for duty in _list_next(area, now, people)]
    if not rows:
        raise MusterError(
            "No duty lies ahead here.", where=str(data_dir()), remedy="Publish a roster that reaches beyond today."
        )
    print(format_table(rows))
    write_results(out, "cover", rows, away_days=AWAY_DAYS, load=round(os.getloadavg()[0], 1))
    return rows


def _list_largest(now: datetime, pools: int) -> list[Area]:
    ahead = Duty.objects.filter(state=DutyState.PLANNED, starts_at__gt=now)
    counted = ahead.values("shift__post__pool_area").annotate(people=Count("person", distinct=True))
    numbers = [row["shift__post__pool_area"] for row in counted.order_by("-people")[:pools]]
    return [Area.objects.get(pk=number) for number in numbers]


def _list_next(area: Area, now: datetime, people: int) -> list[Duty]:
    """List the next duty of each of some people of a pool."""
    ahead = Duty.objects.filter(state=DutyState.PLANNED, starts_at__gt=now, shift__post__pool_area=area)
    first: dict[int, Duty] = {}
    for duty in ahead.select_related(
        "shift__post__kind", "shift__post__pool_area", "shift__pattern", "person"
    ).order_by("starts_at", "pk")[: 20 * people]:
        first.setdefault(duty.person_id, duty)
    return list(first.values())[:people]


def _measure(duty: Duty, now: datetime) -> Row:
    cover, listed = _time(lambda: list_cover(duty.shift, limit=10_000))
    pool = duty.shift.post.pool_area
    row: Row = {"pool": pool.code, "candidates": len(cover), "ready": sum(one.may_stand for one in cover)}
    with transaction.atomic():
        plan, planned = _time(lambda: _plan(duty, now))
        difference = roster_difference(plan)
        transaction.set_rollback(True)
    away = duty.person.code
    moved = {change.person_code for change in difference.changes if change.person_code != away}
    left = sum(change.person_code == away for change in difference.changes)
    return {
        **row,
        "list_ms": round(1000 * listed["wall_s"], 1),
        "list_cpu_ms": round(1000 * listed["cpu_s"], 1),
        "duties_left": left,
        "others_changed": len(moved),
        "unfilled": difference.places_unfilled,
        "plan_s": round(planned["wall_s"], 2),
        "plan_cpu_s": round(planned["cpu_s"], 2),
    }


def _plan(duty: Duty, now: datetime) -> Any:
    until_on = (now + timedelta(days=AWAY_DAYS)).astimezone(clock.CITY_ZONE).date()
    emergency = duty.shift.emergency
    return plan_cover(actor=ACTOR, now=now, emergency=emergency, person=duty.person, until_on=until_on)


def _time(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    begun_at, cpu_before = time.perf_counter(), cpu_s()
    value = work()
    return value, {"wall_s": time.perf_counter() - begun_at, "cpu_s": cpu_s() - cpu_before}
