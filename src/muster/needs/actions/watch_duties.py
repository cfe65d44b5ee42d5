"""Configuring watch duties: what is looked at, where, how often, and who falls in for whom after how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from muster.access.queries import Actor
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import record
from muster.kernel.bulk import insert_rows
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.needs.actions.watch_rounds import lay_out_rounds
from muster.needs.models import MarkedDoor, WatchDuty, WatchRound
from muster.needs.rules.watching import DAY_MIN, MOST_TIMES, WEEK, find_closest_min
from muster.territory.models import Area, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSpec:
    """A watch duty as it is to be.

    Parameters
    ----------
    slug, name_zh, name_en
        What it is reported by, and what people call it.
    look_zh, look_en, how_zh, how_en
        What to look at, and how, in one line each.
    area, level, kind, is_unmanaged_only
        The areas of a level within an area, all or some of them.
    mark
        Where there is no level: the doors with this mark; its slug where none is given.
    times_min, weekdays
        Minutes after local midnight, and ISO days of the week as digits.
    early_min, deputy_after_min, community_after_min
        How long before its time a check counts, and when a round falls to whom.
    starts_on, ends_on
        The first day, and the first day on which it is no longer due.
    """

    slug: str
    name_zh: str
    name_en: str
    area: Area
    level: Level | None
    times_min: tuple[int, ...]
    starts_on: date
    ends_on: date | None = None
    look_zh: str = ""
    look_en: str = ""
    how_zh: str = ""
    how_en: str = ""
    kind: str = ""
    is_unmanaged_only: bool = False
    mark: str = ""
    weekdays: str = WEEK
    early_min: int = 60
    deputy_after_min: int = 60
    community_after_min: int = 120
    is_synthetic: bool = False


def set_watch_duty(*, actor: Actor, now: datetime, emergency: Emergency, spec: WatchSpec) -> WatchDuty:
    """Set a watch duty of an emergency: a new one, or another form of the one with this slug.

    Rounds that have opened stay as they were laid out; those to come are laid out anew.

    Raises
    ------
    RuleError
        If the emergency has ended or does not hold in the area, or the times make no duty.
    """
    _check(emergency, spec)
    values = {name: getattr(spec, name) for name in spec.__dataclass_fields__ if name != "slug"}
    values["times_min"] = list(spec.times_min)
    values["mark"] = "" if spec.level is not None else spec.mark or spec.slug
    with transaction.atomic():
        lock_active(emergency)
        watch, _ = WatchDuty.objects.update_or_create(
            emergency=emergency, slug=spec.slug, defaults={**values, "laid_until_on": None}
        )
        WatchRound.objects.filter(watch=watch, opens_at__gt=now, settled_at=None).delete()
        lay_out_rounds(emergency=emergency, now=now)
        _record(actor, now, watch, {"times": list(spec.times_min), "area": spec.area.code})
    return watch


def end_watch_duty(*, actor: Actor, now: datetime, watch: WatchDuty) -> None:
    """End a watch duty: what is due is not asked for any more, what was seen stays."""
    with transaction.atomic():
        lock_active(watch.emergency)
        WatchRound.objects.filter(watch=watch, opens_at__gt=now, settled_at=None).delete()
        today = now.astimezone(CITY_ZONE).date()
        if WatchDuty.objects.filter(pk=watch.pk, ends_on=None).update(ends_on=max(today, watch.starts_on)):
            _record(actor, now, watch, {"ended": True})
    watch.refresh_from_db()


def mark_doors(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    mark: str,
    doors: Iterable[tuple[Area, str]],
    is_synthetic: bool = False,
) -> int:
    """Mark doors, so that the watch duties of the mark look after them; a door that has the mark keeps it.

    Parameters
    ----------
    actor, now
        Who marks them, by name.
    emergency, mark
        For what.
    doors
        Each with its area and its number, such as ``3-201``.
    is_synthetic
        Whether they are invented.

    Returns
    -------
    int
        How many had no mark until now.
    """
    wanted = {(area.pk, door.strip()): area for area, door in doors if door.strip()}
    with transaction.atomic():
        lock_active(emergency)
        standing = MarkedDoor.objects.filter(
            emergency=emergency, mark=mark, until_at=None, area__in={area_id for area_id, _ in wanted}
        )
        fresh = sorted(wanted.keys() - set(standing.values_list("area_id", "door")))
        same = {"emergency_id": emergency.pk, "mark": mark, "since_at": now, "set_by": actor.audit_name}
        insert_rows(MarkedDoor, ("area_id", "door"), fresh, same={**same, "is_synthetic": is_synthetic})
        if fresh:
            _record_doors(actor, now, mark, {"marked": len(fresh)})
    return len(fresh)


def unmark_door(*, actor: Actor, now: datetime, door: MarkedDoor) -> None:
    """Take the mark off a door; once it is off, nothing happens."""
    with transaction.atomic():
        if MarkedDoor.objects.filter(pk=door.pk, until_at=None).update(until_at=now):
            _record_doors(actor, now, door.mark, {"unmarked": 1})


def _check(emergency: Emergency, spec: WatchSpec) -> None:
    if not (spec.name_zh and spec.name_en and spec.slug):
        raise RuleError("A watch duty has a name.", remedy="Write what people call it.")
    if not spec.area.path.startswith(emergency.area.path):
        raise RuleError("The emergency does not hold there.", where=spec.area.code)
    if not 1 <= len(spec.times_min) <= MOST_TIMES or not all(0 <= one < DAY_MIN for one in spec.times_min):
        raise RuleError("A watch duty has its times of the day.", remedy="Write them such as 08:00 20:00.")
    if not set(spec.weekdays) <= set(WEEK) or not spec.weekdays:
        raise RuleError("A watch duty has its days of the week.", remedy="Choose at least one.")
    if spec.ends_on is not None and spec.ends_on <= spec.starts_on:
        raise RuleError("A watch duty ends after it has begun.", remedy="Give a later day.")
    _check_falls(spec)


def _check_falls(spec: WatchSpec) -> None:
    closest = find_closest_min(spec.times_min)
    if not 0 < spec.deputy_after_min <= spec.community_after_min <= closest:
        raise RuleError(
            "A round falls to the deputy first, then to the community, and both before the next round.",
            remedy=f"Give minutes that grow, up to {closest}.",
        )


def _record(actor: Actor, now: datetime, watch: WatchDuty, detail: dict[str, object]) -> None:
    record(actor=actor, now=now, verb=Verb.WATCHED, subject_kind="watch_duty", subject_id=watch.slug, detail=detail)


def _record_doors(actor: Actor, now: datetime, mark: str, detail: dict[str, object]) -> None:
    record(actor=actor, now=now, verb=Verb.WATCHED, subject_kind="door_mark", subject_id=mark, detail=detail)
